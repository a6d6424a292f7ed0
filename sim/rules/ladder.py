"""The ladder as rules: rungs, levels, the rung that fails, what holds in every equilibrium, who may be best.

Definition. As in :mod:`sim.feasibility.ladder`. A value ranges over whatever its arithmetic says: candidates
at many points, or agreements as an axis of a graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from sim._kernels.tolerance import RELATIVE
from sim.constraints import Rung
from sim.rules.arithmetic import Arithmetic, Value

RUNGS = ("mutual gain", "ratifiable at home", "accepted abroad", "self-enforcing")
RUNG_OF: dict[Rung, int] = {"home": 1, "abroad": 2, "enforcement": 3}
TOP = len(RUNGS) - 1


def levels(
    on: Arithmetic, start: Value, gains: Iterable[Value], slacks: Mapping[int, Sequence[Value]]
) -> list[Value]:
    """Per rung the lowest part up to it: gains count on every rung, slacks from their own on.

    Examples
    --------
    >>> from sim.rules.arithmetic import ARRAYS
    >>> [float(level) for level in levels(ARRAYS, np.inf, [3.0, 2.0], {2: [1.0]})]
    [2.0, 2.0, 1.0, 1.0]
    """
    out = [on.fold("min", [start, *gains])]
    for rung in range(1, len(RUNGS)):
        own = slacks.get(rung, ())
        out.append(on.fold("min", [out[-1], *own]) if own else out[-1])
    return out


def first_failing(on: Arithmetic, tops: Sequence[Value]) -> Value:
    """The first rung that no treaty reaches, ``len(RUNGS)`` where none fails; as a number.

    Examples
    --------
    >>> from sim.rules.arithmetic import ARRAYS
    >>> float(first_failing(ARRAYS, [0.5, -0.1, -0.2, -0.2]))
    1.0
    """
    rung: Value = float(len(RUNGS))
    for k in reversed(range(len(RUNGS))):
        rung = on.apply("where", on.apply("lt", tops[k], 0.0), float(k), rung)
    return rung


def at_rung(on: Arithmetic, values: Sequence[Value], rung: Value) -> Value:
    """Of a value per rung the one of the rung that fails, the last one's where none does."""
    out = values[TOP]
    for k in reversed(range(TOP)):
        out = on.apply("where", on.apply("le", rung, float(k)), values[k], out)
    return out


def least_favourable(on: Arithmetic, worst: Value, some: Value) -> Value:
    """What a treaty is worth at its least favourable stances; one without any is not a candidate."""
    return on.apply("where", some, worst, -np.inf)


def bar(on: Arithmetic, top: Value, error: float) -> Value:
    """From which level on a cell may be as good as the best one, levels being known up to an error."""
    size = on.apply("max", 1.0, on.apply("abs", top))
    return on.apply("sub", top, on.apply("mul", 2 * error, size))


def near_zero(on: Arithmetic, value: Value, error: Value) -> Value:
    """Where a value ties with 0 as far as it is known."""
    return on.apply("le", on.apply("abs", value), error)


def snapped(on: Arithmetic, value: Value, error: Value) -> Value:
    """A value, exactly 0 where it ties with 0.

    Examples
    --------
    Over a box on which a value may tie with 0 and may be less:

    >>> from sim.rules.intervals import INTERVALS, Interval
    >>> [float(end) for end in snapped(INTERVALS, Interval(-1.0, -1e-10), 1e-9)]
    [-1.0, 0.0]
    """
    return on.apply("where", near_zero(on, value, error), 0.0, value)


def part_fails(on: Arithmetic, part: Value, rung: int) -> Value:
    """Whether a part is below 0: a gain as it is, a slack by more than it is known."""
    return on.apply("lt", part, -RELATIVE if rung else 0.0)


def known_to(errors: Iterable[float]) -> float:
    """Up to what every part is known: slacks to ``RELATIVE``, gains to what two payoffs are."""
    return max(RELATIVE, *(2 * error for error in errors))
