r"""Connected components of the equilibria of a two-actor game.

Definition. Two extreme equilibria ``(x, y)`` and ``(x, y')`` are joined by a segment of equilibria.
In the bipartite graph whose edges are the extreme equilibria, a maximal complete subgraph
``X x Y`` is a maximal Nash subset: every point of ``conv X x conv Y`` is an equilibrium. The set of
equilibria is the union of the maximal Nash subsets, and its connected components are those of the
graph [avis2010]_.

Array convention. Plain tuples of fractions; a component is a number counted from 1.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import TypeVar

Mix = tuple[Fraction, ...]
Point = TypeVar("Point", bound=Hashable)
SUBSET_LIMIT = 2_000
"""Maximal subsets of equilibria that are listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """Positions of its extreme equilibria in the list asked about, and its dimension."""

    members: tuple[int, ...]
    dimension: int


def components(pairs: Sequence[tuple[Mix, Mix]]) -> tuple[Component, ...]:
    """The connected components that extreme equilibria span, by their first members.

    Parameters
    ----------
    pairs
        All extreme equilibria of one game.

    Returns
    -------
    tuple of Component
        The dimension is the largest of the component's maximal Nash subsets (a lower bound when a
        game has more than ``SUBSET_LIMIT`` of them).

    Examples
    --------
    >>> one, zero, half = Fraction(1), Fraction(0), Fraction(1, 2)
    >>> corner, middle = (one, zero), (half, half)
    >>> [c.members for c in components([(corner, corner), (corner, middle), (middle, (zero, one))])]
    [(0, 1), (2,)]
    """
    return joined(pairs, lambda xs, ys: affine_dimension(sorted(xs)) + affine_dimension(sorted(ys)))


def joined(
    pairs: Sequence[tuple[Point, Point]],
    dimension: Callable[[Collection[Point], Collection[Point]], int],
) -> tuple[Component, ...]:
    """Components of pairs of mixes, or of whatever stands for mixes.

    Parameters
    ----------
    pairs
        All extreme equilibria of one game.
    dimension
        The dimension of the product of what some mixes of either actor span.
    """
    left, right, number = {x for x, _ in pairs}, {y for _, y in pairs}, len(pairs)
    if len(left) == number == len(right):
        return _apart(number)
    if len(left) * len(right) == number:
        return (Component(members=tuple(range(number)), dimension=dimension(left, right)),)
    by_x: dict[Point, list[int]] = {}
    by_y: dict[Point, list[int]] = {}
    for k, (x, y) in enumerate(pairs):
        group, other = by_x.get(x), by_y.get(y)
        if group is None:
            group = [] if other is None else other
        elif other is not None and other is not group:
            group += other
            for member in other:
                by_x[pairs[member][0]] = by_y[pairs[member][1]] = group
        group.append(k)
        by_x[x] = by_y[y] = group
    groups = {id(group): sorted(group) for group in by_x.values()}
    return tuple(
        Component(members=tuple(group), dimension=_largest([pairs[k] for k in group], dimension))
        for group in sorted(groups.values())
    )


@cache
def _apart(number: int) -> tuple[Component, ...]:
    """Equilibria that have nothing to do with each other."""
    return tuple([Component(members=(k,), dimension=0) for k in range(number)])


def in_words(equilibria: int, groups: Sequence[Component]) -> str:
    """How many extreme equilibria there are, in how many components.

    Examples
    --------
    >>> in_words(2, [Component(members=(0, 1), dimension=1)])
    '2 extreme equilibria in 1 component, 1 of positive dimension'
    """
    return _words(equilibria, len(groups), sum([c.dimension > 0 for c in groups]))


@cache
def _words(equilibria: int, groups: int, wide: int) -> str:
    many = "1 extreme equilibrium" if equilibria == 1 else f"{equilibria} extreme equilibria"
    parts = "1 component" if groups == 1 else f"{groups} components"
    return f"{many} in {parts}, {wide} of positive dimension"


def maximal_nash_subsets(
    pairs: Sequence[tuple[Point, Point]],
) -> list[tuple[frozenset[Point], frozenset[Point]]]:
    """The maximal complete subgraphs ``(X, Y)`` of the graph whose edges are ``pairs``.

    Examples
    --------
    >>> a, b = (Fraction(1), Fraction(0)), (Fraction(0), Fraction(1))
    >>> len(maximal_nash_subsets([(a, a), (a, b), (b, b)]))
    2
    """
    near: dict[Point, set[Point]] = {}
    for x, y in pairs:
        near.setdefault(x, set()).add(y)
    closed: set[frozenset[Point]] = set()
    for ys in map(frozenset, near.values()):
        closed |= {ys} | {ys & other for other in closed if ys & other}
        if len(closed) > SUBSET_LIMIT:
            break
    return [(frozenset(x for x, all_y in near.items() if ys <= all_y), ys) for ys in closed]


def _largest(
    pairs: Sequence[tuple[Point, Point]],
    dimension: Callable[[Collection[Point], Collection[Point]], int],
) -> int:
    if len(pairs) == 1:
        return 0
    left, right = {x for x, _ in pairs}, {y for _, y in pairs}
    if len(pairs) == len(left) * len(right):
        return dimension(left, right)
    return max([dimension(xs, ys) for xs, ys in maximal_nash_subsets(pairs)])


def affine_dimension(points: Sequence[Mix]) -> int:
    """The dimension of the affine hull of exact points.

    Examples
    --------
    >>> affine_dimension([(Fraction(1), Fraction(0)), (Fraction(1, 2), Fraction(1, 2))])
    1
    """
    rows = [[a - b for a, b in zip(point, points[0], strict=True)] for point in points[1:]]
    rank = 0
    for column in range(len(points[0])):
        lead = next((r for r in rows[rank:] if r[column]), None)
        if lead is None:
            continue
        rows.remove(lead)
        rows.insert(rank, lead)
        rank += 1
        for row in rows[rank:]:
            factor = row[column] / lead[column]
            row[:] = [v - factor * w for v, w in zip(row, lead, strict=True)]
    return rank
