"""Pure equilibria of affine games from deviation gains, compiled; see :mod:`sim.sweeps.affine_games`.

Definition. Gains are computed in single precision first. Where of every actor's strategies, whatever the
others play, one is better than all others by more than the tolerance *and* all that single precision may
have lost, the game is decided. The other games, those with a tie or nearly one, keep the profiles that may
be equilibria, and these are decided in double precision. So single precision saves work and decides no tie.

Array convention. ``rows`` has shape ``(actors, profiles, terms)``: per actor its difference rows, its own
strategy moving slowest, those of the first strategy (0) included; ``terms`` are the constant and the
parameters, filled up with zeros to a multiple of four. ``theta`` has shape ``(parameters, points)``.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.compiled import compiled, screening
from sim._kernels.tolerance import AnyArray, FloatArray, IntArray

POINTS = 512
"""Points whose deviation gains are held at once."""
LINE = 64
"""Bytes of a line of the cache; a row that begins within one takes half as long again."""
SINGLE = float(np.finfo(np.float32).eps)
TINY = float(np.finfo(np.float32).tiny)
LARGE = 1e30
"""Numbers beyond this leave single precision: nothing is said of their comparison."""
Game = tuple[FloatArray, IntArray, FloatArray, FloatArray]


def lost(rows: FloatArray, slack: FloatArray, theta: FloatArray) -> FloatArray:
    """What a comparison of two gains can be wrong by in single precision, tolerance included, per actor.

    Coefficients, parameters, products and sums are each rounded once; twice the sum of what that can
    amount to is allowed for, with the largest parameters of all points. Where one of them lies beyond
    ``LARGE``, nothing can be said.
    """
    reach = np.zeros(rows.shape[2])
    reach[0] = 1.0
    ends = theta.max(axis=1, initial=0.0), -theta.min(axis=1, initial=0.0)
    reach[1 : 1 + len(theta)] = np.maximum(*ends)
    size = np.abs(rows)
    most, largest = (size @ reach).max(axis=1, initial=0.0), size.max(axis=(1, 2), initial=0.0)
    rounded = SINGLE * most + TINY * (1 + largest + reach.max())
    lost = slack + 2 * (rows.shape[2] + 4) * rounded
    return np.asarray(np.where(np.maximum(largest, reach.max()) < LARGE, lost, np.inf))


@compiled
def count_range(
    game: Game, theta: FloatArray, start: int, stop: int, count: IntArray, first: IntArray
) -> None:
    """The number of pure equilibria at some points and the first of them, written into place.

    Parameters
    ----------
    game
        Rows, number of strategies per actor, and per actor what counts as equal in double precision and
        in single precision (:func:`lost`).
    theta, start, stop
        Points, and which of them.
    count, first
        Shape ``(points,)``.
    """
    rows, moves, _, lost = game
    actors, size, terms = rows.shape
    single, place = rows.astype(np.float32), _places(moves, size)
    point, narrow, gain = np.zeros((POINTS, terms)), _rows(terms), _rows(moves.max())
    left, close = _room(size), _room(2)
    for begin in range(start, stop, POINTS):
        width = min(POINTS, stop - begin)
        _take(theta, begin, width, point, narrow, left, close[0])
        for i in range(actors):
            if lost[i] >= LARGE:
                close[0] = 1
            elif moves[i] > 1:
                _screen(single[i], narrow, moves, i, np.float32(lost[i]), gain, left, close)
        for p in range(size):
            words = left[p].view(np.uint64)
            for w in range(POINTS // 8):
                if words[w] == 0:
                    continue
                for b in range(8 * w, 8 * w + 8):
                    if left[p, b] != 0 and (close[0, b] == 0 or _holds(game, place, point, b, p)):
                        if count[begin + b] == 0:
                            first[begin + b] = p
                        count[begin + b] += 1


@compiled
def _room(count: int) -> AnyArray:
    """Rows of zeros, one byte per point, that begin with a line of the cache."""
    room = np.zeros(count * POINTS + LINE, np.uint8)
    start = -room.ctypes.data % LINE
    return room[start : start + count * POINTS].reshape(count, POINTS)


@compiled
def _rows(count: int) -> AnyArray:
    """The same in single precision."""
    return _room(4 * count).reshape(-1).view(np.float32).reshape(count, POINTS)


@compiled
def _places(moves: IntArray, size: int) -> IntArray:
    """Per actor and profile its strategy, and the row of its first one; shape ``(2, actors, size)``."""
    out = np.empty((2, len(moves), size), dtype=np.int64)
    for i in range(len(moves)):
        stride = 1
        for j in range(i + 1, len(moves)):
            stride *= moves[j]
        for p in range(size):
            out[0, i, p] = p // stride % moves[i]
            out[1, i, p] = p // (stride * moves[i]) * stride + p % stride
    return out


@compiled
def _take(
    theta: FloatArray,
    begin: int,
    width: int,
    point: FloatArray,
    narrow: AnyArray,
    left: AnyArray,
    close: AnyArray,
) -> None:
    """The points of a block with their constants, in double and single precision; nothing is decided."""
    for k in range(theta.shape[0]):
        for b in range(width):
            point[b, k + 1] = theta[k, begin + b]
            narrow[k + 1, b] = theta[k, begin + b]
    for b in range(POINTS):
        point[b, 0] = 1.0
        narrow[0, b] = 1.0
        close[b] = 0
    for p in range(left.shape[0]):
        for b in range(POINTS):
            left[p, b] = 1 if b < width else 0


@screening
def _screen(
    rows: AnyArray,
    point: AnyArray,
    moves: IntArray,
    actor: int,
    lost: np.float32,
    gain: AnyArray,
    left: AnyArray,
    marks: AnyArray,
) -> None:
    """Drop the profiles at which an actor surely gains by another strategy, and mark points with near ties.

    ``lost`` is by how much a gain may be exceeded and its strategy be kept; ``marks`` are the points with
    near ties, and room; ``gain`` is room.
    """
    strategies, stride = moves[actor], 1
    for i in range(actor + 1, len(moves)):
        stride *= moves[i]
    others = rows.shape[0] // strategies
    best, close, best_replies = gain[0], marks[0], marks[1]
    for o in range(others):
        for b in range(POINTS):
            best[b] = 0.0
        for t in range(1, strategies):
            _gains(rows[t * others + o], point, gain[t], best)
        profile = o // stride * strategies * stride + o % stride
        for b in range(POINTS):
            best[b] -= lost
            kept = np.uint8(best[b] <= 0.0)
            left[profile, b] &= kept
            best_replies[b] = kept
        for t in range(1, strategies):
            mine, still = gain[t], left[profile + t * stride]
            for b in range(POINTS):
                kept = np.uint8(mine[b] >= best[b])
                still[b] &= kept
                best_replies[b] += kept
        for b in range(POINTS):
            close[b] |= np.uint8(best_replies[b] > 1)


@screening
def _gains(c: AnyArray, x: AnyArray, out: AnyArray, best: AnyArray) -> None:
    """One row at all points of a block, and the best of it and of the rows before.

    Twelve terms at once, other numbers of them four at a time. Coefficients are read before the loop over
    points, since inside it each of them might have been written to.
    """
    if len(c) != 12:
        for b in range(POINTS):
            out[b] = 0.0
        for k in range(0, len(c), 4):
            c0, c1, c2, c3 = c[k], c[k + 1], c[k + 2], c[k + 3]
            for b in range(POINTS):
                one, two = c0 * x[k, b] + c1 * x[k + 1, b], c2 * x[k + 2, b] + c3 * x[k + 3, b]
                out[b] += one + two
        for b in range(POINTS):
            best[b] = out[b] if out[b] > best[b] else best[b]
        return
    c0, c1, c2, c3, c4, c5 = c[0], c[1], c[2], c[3], c[4], c[5]
    c6, c7, c8, c9, ca, cb = c[6], c[7], c[8], c[9], c[10], c[11]
    for b in range(POINTS):
        one = c0 * x[0, b] + c1 * x[1, b] + c2 * x[2, b]
        two = c3 * x[3, b] + c4 * x[4, b] + c5 * x[5, b]
        six = c6 * x[6, b] + c7 * x[7, b] + c8 * x[8, b]
        ten = c9 * x[9, b] + ca * x[10, b] + cb * x[11, b]
        value = (one + two) + (six + ten)
        out[b] = value
        best[b] = value if value > best[b] else best[b]


@compiled
def _holds(game: Game, place: IntArray, point: FloatArray, b: int, profile: int) -> bool:
    """Whether a profile is an equilibrium at a point: no actor gains more than its tolerance."""
    rows, moves, slack, _ = game
    for i in range(len(moves)):
        own, row, step = place[0, i, profile], place[1, i, profile], rows.shape[1] // moves[i]
        here = _gain(rows, i, row + own * step, point, b) if own > 0 else 0.0
        if here < -slack[i]:
            return False
        for t in range(1, moves[i]):
            if t != own and here < _gain(rows, i, row + t * step, point, b) - slack[i]:
                return False
    return True


@compiled
def _gain(rows: FloatArray, i: int, r: int, point: FloatArray, b: int) -> float:
    """A difference row at a point; four sums side by side, since one would wait for itself."""
    one = two = six = ten = 0.0
    for k in range(0, rows.shape[2], 4):
        one += rows[i, r, k] * point[b, k]
        two += rows[i, r, k + 1] * point[b, k + 1]
        six += rows[i, r, k + 2] * point[b, k + 2]
        ten += rows[i, r, k + 3] * point[b, k + 3]
    return (one + two) + (six + ten)
