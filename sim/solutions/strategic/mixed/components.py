r"""Connected components of the equilibria of a two-actor game.

Definition. Two extreme equilibria ``(x, y)`` and ``(x, y')`` are joined by a segment of equilibria.
In the bipartite graph whose edges are the extreme equilibria, a maximal complete subgraph
``X x Y`` is a maximal Nash subset: every point of ``conv X x conv Y`` is an equilibrium. The set of
equilibria is the union of the maximal Nash subsets, and its connected components are those of the
graph [avis2010]_.

Array convention. Plain tuples of fractions; a component is a number counted from 1.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from fractions import Fraction

Mix = tuple[Fraction, ...]
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
    if len({x for x, _ in pairs}) == len(pairs) == len({y for _, y in pairs}):
        return tuple(Component(members=(k,), dimension=0) for k in range(len(pairs)))
    parent: dict[Hashable, Hashable] = {}
    for x, y in pairs:
        parent[_root(parent, ("x", x))] = _root(parent, ("y", y))
    groups: dict[Hashable, list[int]] = {}
    for k, (x, _) in enumerate(pairs):
        groups.setdefault(_root(parent, ("x", x)), []).append(k)
    return tuple(
        Component(members=tuple(group), dimension=_dimension([pairs[k] for k in group]))
        for group in groups.values()
    )


def maximal_nash_subsets(
    pairs: Sequence[tuple[Mix, Mix]],
) -> list[tuple[frozenset[Mix], frozenset[Mix]]]:
    """The maximal complete subgraphs ``(X, Y)`` of the graph whose edges are ``pairs``.

    Examples
    --------
    >>> a, b = (Fraction(1), Fraction(0)), (Fraction(0), Fraction(1))
    >>> len(maximal_nash_subsets([(a, a), (a, b), (b, b)]))
    2
    """
    near: dict[Mix, set[Mix]] = {}
    for x, y in pairs:
        near.setdefault(x, set()).add(y)
    closed: set[frozenset[Mix]] = set()
    for ys in map(frozenset, near.values()):
        closed |= {ys} | {ys & other for other in closed if ys & other}
        if len(closed) > SUBSET_LIMIT:
            break
    return [(frozenset(x for x, all_y in near.items() if ys <= all_y), ys) for ys in closed]


def _root(parent: dict[Hashable, Hashable], node: Hashable) -> Hashable:
    parent.setdefault(node, node)
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


def _dimension(pairs: Sequence[tuple[Mix, Mix]]) -> int:
    return max(
        affine_dimension(sorted(xs)) + affine_dimension(sorted(ys))
        for xs, ys in maximal_nash_subsets(pairs)
    )


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
