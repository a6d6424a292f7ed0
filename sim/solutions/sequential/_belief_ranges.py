"""How far beliefs off the path can move while every strategy of an equilibrium stays best.

Definition. At an information set that an equilibrium does not come to, what its actor believes of a node can
be anything from a lowest to a highest probability, all strategies unchanged, such that whoever weighs the
same deviations believes the same. Nodes are told where each needs a deviation of its own: then its
probability is free, and nothing but these conditions binds it.

Array convention. As :mod:`sim.solutions.sequential._rational_beliefs`.
"""

from __future__ import annotations

from fractions import Fraction

from sim.games.tree import Number
from sim.solutions.sequential._beliefs_off_path import Setting, sets_alike, units_of
from sim.solutions.sequential._rational_beliefs import conditions, most


def belief_ranges(setting: Setting) -> dict[int, dict[int, tuple[Number, Number]]]:
    """Per information set off the path and node the lowest and the highest probability.

    Raises
    ------
    Undecided
        Beyond the limit of pivots.
    """
    out: dict[int, dict[int, tuple[Number, Number]]] = {}
    alike = sets_alike(setting)
    for h in range(len(setting.tree.sets)):
        units = {d: units_of(setting, d) for d in alike[h]}
        if len(units[h]) < 2 or any(len(unit) > 1 for unit in units[h]):
            continue
        totals = [sum(unit.values(), Fraction(0)) for unit in units[h]]
        rows = [
            [x / t for x, t in zip(row, totals, strict=True)]
            for row in conditions(setting, units)[0]
        ]
        nodes = [next(iter(unit)) for unit in units[h]]
        spans = {k: _span(rows, n, len(nodes)) for n, k in enumerate(nodes)}
        if any(low < high for low, high in spans.values()):
            out[h] = spans
    return out


def _span(rows: list[list[Number]], node: int, count: int) -> tuple[Number, Number]:
    """The lowest and the highest share of one node where shares add up to 1 and keep all rows."""
    one = [Fraction(int(n == node)) for n in range(count)]
    rest = [1 - x for x in one]
    high = _best(rows, one)
    return 1 - _best(rows, rest), high


def _best(rows: list[list[Number]], target: list[Fraction]) -> Fraction:
    point = most(rows, target)
    if point is None:
        return Fraction(0)
    return sum((x * t for x, t in zip(point, target, strict=True)), Fraction(0))
