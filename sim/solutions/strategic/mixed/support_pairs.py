r"""Pairs of supports of two-actor games: which could carry an equilibrium, and which one they carry.

Definition. In a nondegenerate game both supports ``(I, J)`` of an equilibrium have the same size, and
the equilibrium is the one solution of: ``x`` on ``I`` makes all of ``J`` pay the second actor the
same, ``y`` on ``J`` all of ``I`` the first. A pair cannot carry an equilibrium when a strategy of
``I`` is strictly dominated given that the other plays in ``J``, or one of ``J`` given ``I``
[porter2008]_; with supports of one strategy that leaves the pure equilibria.

A pair is *doubtful* when it carries an equilibrium to within tolerance, but a probability in its
support or the loss of a strategy outside it is not clearly positive, or its equations are singular.
Every degenerate game that has an equilibrium which is not isolated, or whose supports differ in size,
has a doubtful pair: let ``|I| < |J|`` and ``y`` be extreme; then ``y`` has at least ``|J|`` best
replies, ``I`` among them, and ``J`` with ``|J|`` such replies around ``I`` is a pair that passes.

Array convention. Payoffs of shape ``(2, m, n, batch)``, each actor's between 0 and 1; candidates are
parallel vectors ``pair`` and ``game``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import combinations
from math import factorial

import numpy as np

from sim._kernels.tolerance import RELATIVE, AnyArray, BoolArray, FloatArray, IntArray

ROUNDING = 1e-14
"""Relative error of a determinant, per product in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportPairs:
    """Pairs of supports of equal size as bit sets, and per size the first pair and the strategies."""

    rows: IntArray
    columns: IntArray
    sizes: IntArray
    members: tuple[tuple[int, IntArray, IntArray], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """Candidates that carry an equilibrium; ``doubtful`` says which of them not clearly.

    ``rows`` has shape ``(m, count)``, ``columns`` ``(n, count)``; ``index`` is the index of the
    equilibrium, +1 or -1.
    """

    pair: IntArray
    game: IntArray
    rows: FloatArray
    columns: FloatArray
    index: IntArray
    doubtful: BoolArray


@cache
def support_pairs(m: int, n: int) -> SupportPairs:
    """All pairs of supports of equal size, the smallest first.

    Examples
    --------
    >>> len(support_pairs(2, 2).rows), len(support_pairs(5, 5).rows)
    (5, 251)
    """
    rows: list[IntArray] = []
    columns: list[IntArray] = []
    sizes: list[IntArray] = []
    members: list[tuple[int, IntArray, IntArray]] = []
    for k in range(1, min(m, n) + 1):
        sets = [(i, j) for i in combinations(range(m), k) for j in combinations(range(n), k)]
        left, right = (np.array([pair[side] for pair in sets]) for side in (0, 1))
        members.append((sum(len(part) for part in sizes), left, right))
        rows.append((1 << left).sum(axis=1))
        columns.append((1 << right).sum(axis=1))
        sizes.append(np.full(len(sets), k))
    return SupportPairs(
        rows=np.concatenate(rows),
        columns=np.concatenate(columns),
        sizes=np.concatenate(sizes),
        members=tuple(members),
    )


def possible(payoffs: FloatArray) -> BoolArray:
    """Which pairs survive iterated strict dominance, and strict dominance given the pair.

    Returns
    -------
    ndarray of bool
        Shape ``(pairs, batch)``.

    Examples
    --------
    >>> dilemma = np.array([[[0.6, 0], [1, 0.2]], [[0.6, 1], [0, 0.2]]])[..., None]
    >>> pairs = support_pairs(2, 2)
    >>> pairs.rows[possible(dilemma)[:, 0]], pairs.columns[possible(dilemma)[:, 0]]
    (array([2]), array([2]))
    """
    pairs = support_pairs(*payoffs.shape[1:3])
    lost_rows = _dominated(payoffs[0])
    lost_columns = _dominated(payoffs[1].swapaxes(0, 1))
    rows, columns = _survivors(lost_rows, lost_columns)
    own = pairs.rows.astype(lost_rows.dtype)[:, None]
    other = pairs.columns.astype(lost_columns.dtype)[:, None]
    bad = own & (lost_rows[pairs.columns] | ~rows)
    return np.asarray((bad == 0) & (other & (lost_columns[pairs.rows] | ~columns) == 0))


def _dominated(own: AnyArray) -> AnyArray:
    """Per set of the other's strategies, the bit set of own strategies strictly dominated given it."""
    size, others, batch = own.shape
    bits = np.uint16(1) << np.arange(others, dtype=np.uint16)
    sets = np.arange(1 << others, dtype=np.uint16)[:, None]
    out = np.zeros((1 << others, batch), dtype=np.uint16)
    for one in range(size):
        hit = np.zeros((1 << others, batch), dtype=np.bool_)
        for rival in range(size):
            if rival != one:
                better = bits @ (own[rival] - own[one] > RELATIVE).astype(np.uint16)
                hit |= (sets & ~better) == 0
        out |= hit.astype(np.uint16) << np.uint16(one)
    return out


def _survivors(lost_rows: AnyArray, lost_columns: AnyArray) -> tuple[AnyArray, AnyArray]:
    """Bit sets of the strategies that survive iterated strict dominance by pure strategies."""
    games = np.arange(lost_rows.shape[1])
    rows = np.full(len(games), len(lost_columns) - 1, dtype=np.uint16)
    columns = np.full(len(games), len(lost_rows) - 1, dtype=np.uint16)
    while True:
        new_rows = rows & ~lost_rows[columns, games]
        new_columns = columns & ~lost_columns[new_rows, games]
        if (new_rows == rows).all() and (new_columns == columns).all():
            return rows, columns
        rows, columns = new_rows, new_columns


def carried(payoffs: FloatArray, pair: IntArray, game: IntArray) -> Carried:
    """Which candidates carry an equilibrium, and which.

    Examples
    --------
    >>> pennies = np.array([[[1.0, 0], [0, 1]], [[0.0, 1], [1, 0]]])[..., None]
    >>> found = carried(pennies, np.array([0, 4]), np.array([0, 0]))
    >>> found.pair, found.rows[:, 0], found.index
    (array([4]), array([0.5, 0.5]), array([1]))
    """
    m, n = payoffs.shape[1:3]
    pairs = support_pairs(m, n)
    parts = []
    for start, rows, columns in pairs.members:
        mine = (pair >= start) & (pair < start + len(rows))
        if mine.any():
            chosen = pair[mine] - start
            parts.append(_of_size(payoffs, pair[mine], game[mine], rows[chosen], columns[chosen]))
    if not parts:
        return _of_size(payoffs, pair, game, *(np.zeros((0, 1), dtype=np.int64),) * 2)
    return Carried(
        **{
            name: np.concatenate([getattr(part, name) for part in parts], axis=-1)
            for name in Carried.__slots__
        }
    )


def _of_size(
    payoffs: FloatArray, pair: IntArray, game: IntArray, rows: IntArray, columns: IntArray
) -> Carried:
    first, second = np.ascontiguousarray(np.moveaxis(payoffs, -1, 1))
    x, det_x, clear_x, may_x = _mix(second[game], rows, columns)
    kept = np.flatnonzero(may_x)
    y, det_y, clear_y, may_y = _mix(first[game[kept]].swapaxes(1, 2), columns[kept], rows[kept])
    both, kept = np.flatnonzero(may_y), kept[may_y]
    odd = rows.shape[1] % 2 == 1
    index = np.sign(det_x[kept] * det_y[both]).astype(np.int64) * (1 if odd else -1)
    return Carried(
        pair=pair[kept],
        game=game[kept],
        rows=x[kept].T,
        columns=y[both].T,
        index=index,
        doubtful=~(clear_x[kept] & clear_y[both]),
    )


def _mix(
    other: FloatArray, own: IntArray, replies: IntArray
) -> tuple[FloatArray, FloatArray, BoolArray, BoolArray]:
    """Mixes on ``own`` that make ``replies`` pay alike: mix, determinant, clearly best, perhaps best.

    ``other`` holds the payoffs of the one who replies, shape ``(count, own menu, replies' menu)``.
    """
    count, size = own.shape
    each = np.arange(count)
    inner = other[each[:, None, None], own[:, None, :], replies[:, :, None]]
    system = inner - inner[:, :1]
    system[:, 0] = 1.0
    det = np.linalg.det(system)
    singular = np.abs(det) <= RELATIVE
    system[singular] = np.eye(size)
    right = np.zeros((count, size, 1))
    right[:, 0] = 1.0
    part = np.linalg.solve(system, right)[..., 0]
    mix = np.zeros(other.shape[:2])
    mix[each[:, None], own] = part
    gains = (mix[:, None, :] @ other)[:, 0]
    best = gains[each[:, None], replies].max(axis=1)
    gains[each[:, None], replies] = -np.inf
    margin = np.minimum(part.min(axis=1), best - gains.max(axis=1))
    slack = RELATIVE + ROUNDING * factorial(size) / np.maximum(np.abs(det), RELATIVE)
    return mix, det, ~singular & (margin > slack), singular | (margin >= -slack)
