r"""Two by two games: which extreme equilibria there are follows from four signs.

Definition. Against either strategy of the other, an actor's first strategy pays more than its second, the
same, or less. A vertex of either best-response polytope of a game of two by two is a corner, or the inner
point at which the two gaps of the other actor, of opposite signs, cancel. Its labels are those of strategies
that are not used or pay most, so that they depend on these signs alone; so do the extreme equilibria, their
order and their components. The gaps' sizes say where an inner point lies.

Method. For each of the 81 combinations of signs the game with payoffs 1, 0 and -1 that has them is solved
once (:mod:`sim.solutions.strategic.mixed.three_by_three`) and kept. Payoffs compare as what they stand for,
doubles or whole numbers, so that nothing is rounded.

Array convention. Plain numbers; a place is 0 or 1 for a corner, 2 for the inner point.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from sim.solutions.strategic.mixed.components import Component, joined
from sim.solutions.strategic.mixed.three_by_three import CORNERS, Weights, extreme_pairs

INNER = 2
"""The place of the point at which both strategies are used; those of the corners are 0 and 1."""


class Pattern(NamedTuple):
    """The places of both actors in every extreme equilibrium, in order, and the components."""

    places: tuple[tuple[int, int], ...]
    groups: tuple[Component, ...]
    mixed: bool


def pattern_of(numbers: Sequence[float]) -> Pattern:
    """The extreme equilibria of the game with eight payoffs, those of the actor of the rows first.

    Examples
    --------
    >>> pattern_of([1, 0, 0, 1, 0, 1, 1, 0]).places, pattern_of([3, 0, 5, 1, 3, 5, 0, 1]).places
    (((2, 2),), ((1, 1),))
    """
    a, b, c, d, e, f, g, h = numbers
    return _pattern((a > c) - (a < c), (b > d) - (b < d), (e > f) - (e < f), (g > h) - (g < h))


@cache
def _pattern(left: int, right: int, upper: int, lower: int) -> Pattern:
    """The pattern of four signs: of the first actor's gaps by column, of the second's by row."""
    pairs = extreme_pairs([[left, right], [0, 0]], [[upper, 0], [lower, 0]])
    places = tuple([(_place(x), _place(y)) for x, y in pairs])
    groups = joined(pairs, lambda xs, ys: min(len(xs), 2) + min(len(ys), 2) - 2)
    return Pattern(places, groups, any(INNER in pair for pair in places))


def _place(weights: Weights) -> int:
    return CORNERS[2].index(weights) if weights in CORNERS[2] else INNER


def inner_mixes(numbers: Sequence[int]) -> tuple[Weights, Weights]:
    """The inner points of both actors, as whole weights, from payoffs in whole numbers.

    Examples
    --------
    >>> inner_mixes([3, 0, 0, 1, 1, 0, 0, 2])
    ((2, 1), (1, 3))
    """
    a, b, c, d, e, f, g, h = numbers
    return (abs(g - h), abs(e - f)), (abs(b - d), abs(a - c))
