r"""Equilibria of two-actor games with many strategies: vertices in floats, what they say in fractions.

Definition. As in :mod:`sim.solutions.strategic.mixed.vertices`. The vertices of both best-response polytopes
are found in floats by Quickhull [barber1996]_. They are all of them where

- every one is clearly a vertex: the constraints that are tight there determine it, all others hold by far
  more than rounding, and
- every edge that leaves one of them ends in another: a set of constraints less one is shared by two vertices
  exactly. The graph of a polytope is connected, so no vertex is left out.

A polytope with ties (a vertex with more tight constraints than dimensions) passes neither test and is left to
the walk in integers. Each completely labelled pair is then solved in fractions.

Array convention. Constraints are numbered, first the variables (``>= 0``), then the rows (``<= 1``); sets of
them are bit masks.
"""

from __future__ import annotations

from fractions import Fraction
from math import comb

import numpy as np

from sim._kernels.tolerance import FloatArray, IntArray

Ints = list[list[int]]
Mix = tuple[Fraction, ...]

CLEAR = 1e-10
"""By how much a constraint must hold where it is not tight; variables and rows are about 1 in size."""
SETTLED = 1e-13
"""What one more step of refinement may change in a vertex."""
CHUNK = 20_000
"""Vertices that are solved for at a time."""
LARGEST = 62
"""Constraints that fit into a mask."""


def most_vertices(dimensions: int, constraints: int) -> int:
    """How many vertices a polytope can have (McMullen's upper bound).

    Examples
    --------
    >>> most_vertices(2, 5), most_vertices(3, 6)
    (5, 8)
    """
    half, up = dimensions // 2, (dimensions + 1) // 2
    lower = comb(constraints - (dimensions + 2) // 2, (dimensions - 1) // 2)
    return comb(constraints - up, half) + lower


def labelled_pairs(row: Ints, column: Ints) -> list[tuple[Mix, Mix]] | None:
    """All extreme equilibria of a game without ties, ``None`` where it has some or rounding leaves doubts.

    Parameters
    ----------
    row, column
        Payoffs of the two actors as positive integers, ``m`` lists of ``n``.

    Examples
    --------
    >>> pairs = labelled_pairs([[2, 1], [1, 2]], [[1, 2], [2, 1]])
    >>> [[[str(p) for p in mix] for mix in pair] for pair in pairs]
    [[['1/2', '1/2'], ['1/2', '1/2']]]
    >>> labelled_pairs([[1, 1], [1, 2]], [[1, 1], [1, 2]]) is None
    True
    """
    m, n = len(row), len(row[0])
    if m + n > LARGEST:
        return None
    in_p, in_q = _masks([list(line) for line in zip(*column, strict=True)]), _masks(row)
    if in_p is None or in_q is None:
        return None
    rotated = (in_q % 2**n) << m | in_q >> n
    full = 2 ** (m + n) - 1
    pairs = []
    for mask in in_p[np.isin(full ^ in_p, rotated)].tolist():
        if mask != 2**m - 1:
            found = _exactly(row, column, mask)
            if found is None:
                return None
            pairs.append(found)
    return pairs


def _masks(matrix: Ints) -> IntArray | None:
    """The sets of tight constraints of all vertices of ``{z >= 0 : M z <= 1}``, if these are sure."""
    rows = _in_floats(matrix)
    count, dimensions = rows.shape
    normals = np.vstack([-np.eye(dimensions), rows])
    level = np.concatenate([np.zeros(dimensions), np.ones(count)])
    tight = _by_quickhull(normals, level)
    if tight is None or not _are_vertices(normals, level, tight):
        return None
    bits = np.left_shift(1, tight)
    masks: IntArray = bits.sum(axis=1)
    _, shared = np.unique(masks[:, None] ^ bits, return_counts=True)
    return masks if (shared == 2).all() else None


def _in_floats(matrix: Ints) -> FloatArray:
    """The rows between 1 and 2: such a map of payoffs changes no vertex's tight constraints."""
    low, high = min(map(min, matrix)), max(map(max, matrix))
    width = max(high - low, 1)
    return np.array([[1.0 + float(Fraction(v - low, width)) for v in line] for line in matrix])


def _by_quickhull(normals: FloatArray, level: FloatArray) -> IntArray | None:
    """The tight constraints of every vertex, shape ``(vertices, dimensions)``."""
    from scipy.spatial import HalfspaceIntersection, QhullError

    dimensions = normals.shape[1]
    inside = np.full(dimensions, 1.0 / (4.0 * dimensions))
    try:
        found = HalfspaceIntersection(np.column_stack([normals, -level]), inside)
    except QhullError:
        return None
    if any(len(facet) != dimensions for facet in found.dual_facets):
        return None
    tight = np.unique(np.sort(np.array(found.dual_facets, dtype=np.int64), axis=1), axis=0)
    return np.asarray(tight)


def _are_vertices(normals: FloatArray, level: FloatArray, tight: IntArray) -> bool:
    """Whether every set of constraints determines a point at which all others hold by far."""
    for start in range(0, len(tight), CHUNK):
        some = tight[start : start + CHUNK]
        system, right = normals[some], level[some][..., None]
        try:
            point = np.linalg.solve(system, right)
            change = np.linalg.solve(system, right - system @ point)
        except np.linalg.LinAlgError:
            return False
        spare = level - point[..., 0] @ normals.T
        np.put_along_axis(spare, some, np.inf, axis=1)
        if np.abs(change).max() > SETTLED or spare.min() <= CLEAR:
            return False
    return True


def _exactly(row: Ints, column: Ints, mask: int) -> tuple[Mix, Mix] | None:
    """The equilibrium of a completely labelled pair in fractions, if it is one."""
    m, n = len(row), len(row[0])
    first = [i for i in range(m) if not mask >> i & 1]
    second = [j for j in range(n) if mask >> m + j & 1]
    across = [[column[i][j] for i in range(m)] for j in range(n)]
    x, y = _mix(across, first, second), _mix(row, second, first)
    return None if x is None or y is None else (x, y)


def _mix(payoffs: Ints, own: list[int], replies: list[int]) -> Mix | None:
    """The mix on ``own`` to which exactly ``replies`` are the best replies; ``payoffs`` per reply."""
    system = [[Fraction(payoffs[r][k]) for k in own] + [Fraction(1)] for r in replies]
    part = _solved(system)
    if part is None or min(part) <= 0:
        return None
    for other in range(len(payoffs)):
        if other not in replies:
            gains = sum(
                (payoffs[other][k] * p for k, p in zip(own, part, strict=True)), Fraction(0)
            )
            if gains >= 1:
                return None
    total = sum(part, Fraction(0))
    mix = [Fraction(0)] * len(payoffs[0])
    for k, p in zip(own, part, strict=True):
        mix[k] = p / total
    return tuple(mix)


def _solved(system: list[list[Fraction]]) -> list[Fraction] | None:
    """The one solution of equations, each with its right-hand side behind; ``None`` without one."""
    size = len(system)
    if any(len(line) != size + 1 for line in system):
        return None
    for k in range(size):
        place = next((r for r in range(k, size) if system[r][k]), None)
        if place is None:
            return None
        system[k], system[place] = system[place], system[k]
        lead = system[k][k]
        system[k] = [v / lead for v in system[k]]
        for r in range(size):
            if r != k and system[r][k]:
                factor = system[r][k]
                system[r] = [v - factor * s for v, s in zip(system[r], system[k], strict=True)]
    return [line[-1] for line in system]
