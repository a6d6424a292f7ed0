"""Which stances are an equilibrium among third parties, as a rule.

Definition. A profile of stances is an equilibrium where nobody's best other stance is worth more, at the
least, than its own is at the most: where its regret is not above 0 as far as payoffs are known.
"""

from __future__ import annotations

from collections.abc import Iterable

from sim.rules.arithmetic import Tables, Value


def stable(on: Tables, start: Value, parties: Iterable[tuple[int, Value, Value]]) -> Value:
    """Where a profile is an equilibrium.

    Parameters
    ----------
    on
        An arithmetic of tables, one axis per third party.
    start
        What is true everywhere.
    parties
        Per third party that chooses its axis, and the least and the most that its payoffs may be.
    """
    out = start
    for axis, least, most in parties:
        best = on.over("most", least, (axis,))
        out = on.apply("and", out, on.apply("le", best, most))
    return out
