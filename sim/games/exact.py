"""Trees in exact arithmetic: doubles taken at the simple fraction that they stand for.

Definition. A double that comes from an expression stands for the fraction with a small denominator that
it is the rounding of, up to a few units in the last place; otherwise for the shortest decimal that is read
back as the same double. Ties that rounding has broken are ties again.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from sim.games.tree import CHANCE, GameNode, Number, Tree

SIMPLE = 1_000_000
"""Largest denominator of a simple fraction."""
ULPS = 2.0**-50
"""Relative distance between a double and the simple fraction that it may be the rounding of."""


def simple_fraction(value: Number) -> Fraction:
    """The fraction that a number stands for.

    Examples
    --------
    >>> simple_fraction(0.1 + 0.2), simple_fraction(1 / 3), simple_fraction(Fraction(2, 7))
    (Fraction(3, 10), Fraction(1, 3), Fraction(2, 7))
    """
    if isinstance(value, Fraction):
        return value
    exact = Fraction(value)
    near = exact.limit_denominator(SIMPLE)
    if abs(near - exact) <= ULPS * abs(exact):
        return near
    return Fraction(repr(float(value)))


def in_fractions(tree: Tree) -> Tree:
    """The tree with every number as a fraction; probabilities of a node add up to exactly 1."""
    if tree.exact:
        return tree
    return replace(tree, nodes=tuple(map(_exact, tree.nodes)), exact=True)


def _exact(node: GameNode) -> GameNode:
    amounts = tuple(map(simple_fraction, node.amounts))
    if node.mover == CHANCE:
        amounts = tuple(p / sum(amounts) for p in amounts)
    return replace(node, amounts=amounts)
