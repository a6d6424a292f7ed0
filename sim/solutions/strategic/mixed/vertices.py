r"""Extreme equilibria of two-actor games, by exact vertex enumeration.

Definition. Let ``A`` and ``B`` be the payoff matrices (``m`` by ``n``), made positive integers by a
positive affine map of each actor's payoffs. The best-response polytopes are
``P = {x >= 0 : B'x <= 1}`` and ``Q = {y >= 0 : A y <= 1}``. A vertex carries the label ``i < m``
when ``x_i = 0`` (in ``P``) or row ``i`` of ``A y <= 1`` is tight (in ``Q``), and the label
``m + j`` when column ``j`` is a best response (in ``P``) or ``y_j = 0`` (in ``Q``). The extreme
equilibria are the pairs of vertices that together carry all labels, without the pair of origins,
each vertex scaled to probabilities [avis2010]_.

Method. The right-hand sides are perturbed lexicographically, which makes each polytope simple, so
that its graph is connected and every vertex of the unperturbed polytope belongs to at least one
lexicographically feasible basis. A walk over all these bases is therefore complete, ties or not.
Pivots are fraction-free in Python integers: nothing is ever rounded.

Array convention. Tableaux are lists of integer rows ``[variables | slacks | right-hand side]``, all
over one positive common denominator; label sets are integers used as bit masks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from sim._kernels.tolerance import AnyArray
from sim.solutions.strategic.mixed.hull import labelled_pairs, most_vertices

Ints = tuple[int, ...]
Matrix = list[list[int]]

CHEAP = 600
"""Entries of a tableau, weighted by their length, up to which a vertex counts as one."""
IN_FLOATS, TIMES = 18, 20
"""Strategies of both actors from which on floats are tried first, and how many more vertices those may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tableau:
    """A basis of ``M z + s = 1`` with its integer rows over the common denominator ``det``."""

    rows: Matrix
    basis: Ints
    det: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Extremes:
    """Completely labelled pairs ``(x, y)`` as probabilities, and whether these are all of them."""

    pairs: tuple[tuple[tuple[Fraction, ...], tuple[Fraction, ...]], ...]
    complete: bool


def two_actor_extreme(payoffs: AnyArray, *, vertex_limit: int = 20_000) -> Extremes:
    """All extreme equilibria of a two-actor game given by exact payoffs.

    Parameters
    ----------
    payoffs
        Fractions or integers, shape ``(2, m, n)``.
    vertex_limit
        The most bases visited on either polytope, fewer in proportion where one costs more; beyond it
        ``complete`` is false. Large games without ties are done in floats first, and then proved
        (:mod:`sim.solutions.strategic.mixed.hull`), if they cannot have 20 times as many vertices.

    Returns
    -------
    Extremes
        Sorted: mixes that put more on earlier strategies come first.

    Examples
    --------
    >>> from sim.games.strategic import as_fractions
    >>> found = two_actor_extreme(as_fractions([[[1, 1], [0, 2]], [[1, 1], [0, 2]]]))
    >>> [[list(map(str, mix)) for mix in pair] for pair in found.pairs]
    [[['1', '0'], ['1', '0']], [['1', '0'], ['1/2', '1/2']], [['0', '1'], ['0', '1']]]
    """
    m, n = payoffs.shape[1:]
    row, column = positive_integers(payoffs[0]), positive_integers(payoffs[1])
    most = max(most_vertices(m, m + n), most_vertices(n, m + n))
    if m + n >= IN_FLOATS and most <= TIMES * vertex_limit:
        known = labelled_pairs(row, column)
        if known is not None:
            return Extremes(pairs=tuple(sorted(known, reverse=True)), complete=True)
    in_p, all_p = vertices([list(c) for c in zip(*column, strict=True)], vertex_limit)
    in_q, all_q = vertices(row, vertex_limit)
    rotated = {(mask % 2**n) << m | mask >> n: ray for mask, ray in in_q.items()}
    pairs = [
        (_probabilities(in_p[label_x]), _probabilities(rotated[label_y]))
        for label_x, label_y in completely_labelled(list(in_p), list(rotated), m + n)
        if any(in_p[label_x])
    ]
    return Extremes(pairs=tuple(sorted(pairs, reverse=True)), complete=all_p and all_q)


def limit_words(m: int, n: int, vertex_limit: int) -> str:
    """The limit on vertices, and which is surely enough for a game without ties that floats can do.

    Examples
    --------
    >>> limit_words(16, 16, 20_000), limit_words(3, 3, 1)
    ('vertex_limit 20000; 49032 is enough without ties', 'vertex_limit 1')
    """
    words = f"vertex_limit {vertex_limit}"
    enough = math.ceil(max(most_vertices(m, m + n), most_vertices(n, m + n)) / TIMES)
    if m + n < IN_FLOATS or enough <= vertex_limit:
        return words
    return f"{words}; {enough} is enough without ties"


def completely_labelled(
    first: Sequence[int], second: Sequence[int], labels: int
) -> list[tuple[int, int]]:
    """The pairs of label masks that together carry all labels.

    Examples
    --------
    >>> completely_labelled([0b01, 0b11], [0b10, 0b00], 2)
    [(1, 2), (3, 2), (3, 0)]
    """
    masks = np.array(second, dtype=np.int64 if labels < 63 else object)
    full = 2**labels - 1
    return [(a, second[int(k)]) for a in first for k in np.flatnonzero((masks | a) == full)]


def positive_integers(payoffs: AnyArray) -> Matrix:
    """One actor's payoffs under the positive affine map to the smallest integers from 1 up.

    Examples
    --------
    >>> from sim.games.strategic import as_fractions
    >>> positive_integers(as_fractions([[-1, "1/2"], [0.5, 2]]))
    [[1, 2], [2, 3]]
    """
    low = min(payoffs.flat)
    shifted = [[Fraction(v - low) for v in line] for line in payoffs]
    scale = math.lcm(*(v.denominator for line in shifted for v in line))
    whole = [[int(v * scale) for v in line] for line in shifted]
    unit = math.gcd(*(v for line in whole for v in line)) or 1
    return [[v // unit + 1 for v in line] for line in whole]


def vertices(matrix: Matrix, limit: int) -> tuple[dict[int, Ints], bool]:
    """The vertices of ``{z >= 0 : M z <= 1}`` with positive ``M``, by their tight constraints.

    Returns
    -------
    tuple
        A mapping from the mask of tight constraints (``z`` first, then the rows of ``M``) to the
        vertex as integers up to a positive factor, and whether the enumeration is complete.

    Examples
    --------
    >>> sorted(vertices([[1, 1]], 100)[0].items())
    [(3, (0, 0)), (5, (0, 1)), (6, (1, 0))]
    """
    start = slack_basis(matrix)
    limit = min(limit, max(1, limit * CHEAP // pivot_cost(start)))
    found: dict[int, Ints] = {}
    seen = {frozenset(start.basis)}
    waiting: list[tuple[Tableau, int | None, int]] = [(start, None, 0)]
    while waiting and len(seen) <= limit:
        parent, leaving, entering = waiting.pop()
        tableau = parent if leaving is None else pivot(parent, leaving, entering)
        mask, vertex = _tight(tableau)
        found[mask] = vertex
        for column in set(range(len(tableau.rows[0]) - 1)).difference(tableau.basis):
            out = leaving_row(tableau, column)
            basis = frozenset(tableau.basis) - {tableau.basis[out]} | {column}
            if basis not in seen:
                seen.add(basis)
                waiting.append((tableau, out, column))
    return found, not waiting


def slack_basis(matrix: Matrix) -> Tableau:
    """The tableau of the origin: every slack is basic."""
    height, width = len(matrix), len(matrix[0])
    rows = [
        line + [int(k == r) for k in range(height)] + [1]
        for r, line in enumerate(map(list, matrix))
    ]
    return Tableau(rows=rows, basis=tuple(range(width, width + height)), det=1)


def pivot_cost(start: Tableau) -> int:
    """Entries of a tableau, weighted by the length to which its integers can grow."""
    height, width = len(start.rows), len(start.rows[0])
    bits = max(v.bit_length() for row in start.rows for v in row)
    return height * width * (1 + bits * min(height, width - height - 1) // 512)


def leaving_row(tableau: Tableau, entering: int) -> int:
    """The row that blocks ``entering`` first, by the lexicographic minimum ratio."""
    rows = tableau.rows
    rivals = [r for r, row in enumerate(rows) if row[entering] > 0]
    last = len(rows[0]) - 1
    columns = iter((last, *range(last - len(rows), last)))
    while len(rivals) > 1:
        column, best = next(columns), rivals[:1]
        for r in rivals[1:]:
            old, new = rows[best[0]], rows[r]
            gap = new[column] * old[entering] - old[column] * new[entering]
            if gap <= 0:
                best = [*best, r] if gap == 0 else [r]
        rivals = best
    return rivals[0]


def pivot(tableau: Tableau, leaving: int, entering: int) -> Tableau:
    """The tableau after one exchange; integers stay integers since ``det`` divides exactly."""
    source, old = tableau.rows[leaving], tableau.det
    new = source[entering]
    rows = []
    for r, row in enumerate(tableau.rows):
        factor = row[entering]
        if r == leaving:
            rows.append(row)
        elif factor:
            rows.append([(v * new - factor * s) // old for v, s in zip(row, source, strict=True)])
        else:
            rows.append([v * new // old for v in row] if new != old else row)
    basis = (*tableau.basis[:leaving], entering, *tableau.basis[leaving + 1 :])
    return Tableau(rows=rows, basis=basis, det=new)


def solution_of(tableau: Tableau) -> Ints:
    """The values of the variables ``z`` at a basis, as integers over ``det``."""
    values = [0] * (len(tableau.rows[0]) - 1)
    for variable, row in zip(tableau.basis, tableau.rows, strict=True):
        values[variable] = row[-1]
    return tuple(values[: len(values) - len(tableau.rows)])


def _tight(tableau: Tableau) -> tuple[int, Ints]:
    mask = 2 ** (len(tableau.rows[0]) - 1) - 1
    for variable, row in zip(tableau.basis, tableau.rows, strict=True):
        if row[-1]:
            mask &= ~(1 << variable)
    return mask, solution_of(tableau)


def _probabilities(ray: Sequence[int]) -> tuple[Fraction, ...]:
    total = sum(ray)
    return tuple(Fraction(v, total) for v in ray)
