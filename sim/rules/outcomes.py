"""What an outcome of a game is worth, and how outcomes are ordered, as rules.

Definition. As in :mod:`sim.games.outcomes`: an agreement that is in force is worth its own payoff, else the
status quo's; where ratification is a chance the payoff is expected; reneging adds as often as it is in force.
"""

from __future__ import annotations

from sim._kernels.tolerance import RELATIVE
from sim.rules.arithmetic import Arithmetic, Value


def met(on: Arithmetic, lowest: Value) -> Value:
    """Whether the lowest slack of what is required is no less than 0, as far as it is known."""
    return on.apply("ge", lowest, -RELATIVE)


def in_force(on: Arithmetic, chance: Value) -> Value:
    """Whether an agreement may be in force."""
    return on.apply("gt", chance, 0.0)


def certain(on: Arithmetic, force: Value, own: Value, quo: Value) -> Value:
    """A payoff where ratification is certain."""
    return on.apply("where", force, own, quo)


def expected(on: Arithmetic, chance: Value, own: Value, quo: Value) -> Value:
    """A payoff where ratification is a chance."""
    part = on.apply("mul", own, chance)
    return on.apply("add", part, on.apply("mul", on.apply("sub", 1.0, chance), quo))


def reneged(on: Arithmetic, kept: Value, change: Value, chance: Value) -> Value:
    """The payoff of what is reneged upon."""
    return on.apply("add", kept, on.apply("mul", change, chance))


def end(on: Arithmetic, value: Value, error: Value, sign: int) -> Value:
    """A payoff, or the least (-1) or the most (1) that it may be."""
    return value if not sign else on.apply("add" if sign > 0 else "sub", value, error)


def rank(outcome_class: Value, broken: Value) -> Value:
    """The order of kinds of outcomes: of an earlier class first, what is kept before what is not."""
    return 2 * outcome_class + broken
