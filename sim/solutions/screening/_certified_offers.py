"""Where the best offer to a continuum of types can lie, for laws with a density: by subdivision, with bounds.

Definition. Within a piece of offers in which the order of answers stays the same, the expected payoff is
``W(x) = sum_i E[u_i(x, c); t_i(x) < c < t_i+1(x)]`` with cuts ``t`` affine in the offer, and its slope
``W'(x) = sum_i m_i P(t_i < c < t_i+1) + sum_i f(t_i) t_i'(x) (u_i-1 - u_i)(x, t_i)``, with ``m_i`` the slope
of the proposer's payoff in the offer.

Method. An interval of offers is dropped if bounds of its slope exclude 0 (then one of its ends is better:
it is kept if it is an end of the piece), or if its best is below what some offer is worth. What is left is
halved. Where the hazard of the law is monotone one interval is left, elsewhere all that may hold a best
offer. Bounds take the errors of distribution functions into account, so that intervals do not shrink below
what these decide.

Array convention. Ends of intervals have shape ``(intervals,)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.games.private.screening import ScreeningGame
from sim.games.private.smooth_laws import Function, SmoothLaw

HALVINGS = 44
"""How often a piece is halved at most, to about 1e-13 of its length."""
MOST_LEFT = 512
"""Intervals at which halving stops: what is left is decided too closely for the digits there are."""
ROOM = 1e-14
"""Relative room for rounding in sums of a few terms."""

Interval = tuple[FloatArray, FloatArray]


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Offers at which answers follow one another in the same order along the private number.

    Parameters
    ----------
    low, high
        From and to which offer.
    order
        Answers along the private number.
    cuts
        Where one gives way to the next, per cut: constant and slope in the offer.
    """

    low: float
    high: float
    order: tuple[int, ...]
    cuts: FloatArray


def worth(game: ScreeningGame, piece: Piece, a: FloatArray, b: FloatArray) -> Interval:
    """Bounds of the proposer's expected payoff of all offers from ``a`` to ``b``.

    Summed by cuts: what every type brings under the last answer, and what types below each cut change.
    """
    law = _law(game)
    own = game.payoffs[0]
    last = own[piece.order[-1]]
    mean = law.low + float(law.mean_up_to(np.array(law.high)))
    base, step = last[0] + last[2] * mean, last[1]
    total = _add((np.full_like(a, base), np.full_like(a, base)), _times((a, b), step))
    scale = float(np.abs(own).sum()) * max(1.0, abs(law.low), abs(law.high), *map(abs, game.span))
    for k, (constant, slope) in enumerate(piece.cuts):
        change = own[piece.order[k]] - own[piece.order[k + 1]]
        at = _cut(law, constant, slope, a, b)
        chance = _monotone(law.chance, at, law.error)
        beyond = _monotone(law.mean_up_to, at, law.error * (law.high - law.low))
        level = _add(_times((a, b), change[1]), _same(a, change[0] + change[2] * law.low))
        total = _add(total, _product(level, chance), _times(beyond, change[2]))
    return _wider(total, scale * (law.error + ROOM))


def slope(game: ScreeningGame, piece: Piece, a: FloatArray, b: FloatArray) -> Interval:
    """Bounds of the slope of the expected payoff between offers ``a`` and ``b``."""
    law = _law(game)
    own = game.payoffs[0]
    total = _same(a, own[piece.order[-1], 1])
    for k, (constant, by_offer) in enumerate(piece.cuts):
        change = own[piece.order[k]] - own[piece.order[k + 1]]
        at = _cut(law, constant, by_offer, a, b)
        chance = _monotone(law.chance, at, law.error)
        lo, hi = law.densities(*at)
        density = np.maximum(lo, 0.0), hi
        # with the cut put in, what the change is worth is affine in the offer alone
        jump = _add(
            _times((a, b), change[1] + change[2] * by_offer),
            _same(a, change[0] + change[2] * constant),
        )
        total = _add(total, _times(chance, change[1]), _product(_times(density, by_offer), jump))
    return _wider(total, float(np.abs(own).sum()) * (law.error + ROOM))


def _law(game: ScreeningGame) -> SmoothLaw:
    assert game.number.law is not None
    return game.number.law


def _cut(law: SmoothLaw, constant: float, slope: float, a: FloatArray, b: FloatArray) -> Interval:
    lo, hi = _add(_times((a, b), slope), _same(a, constant))
    return np.clip(lo, law.low, law.high), np.clip(hi, law.low, law.high)


def _same(like: FloatArray, value: float) -> Interval:
    both = np.full_like(like, value)
    return both, both


def _add(*parts: Interval) -> Interval:
    return (
        np.asarray(sum(part[0] for part in parts)),
        np.asarray(sum(part[1] for part in parts)),
    )


def _times(part: Interval, factor: float) -> Interval:
    lo, hi = part
    return (lo * factor, hi * factor) if factor >= 0 else (hi * factor, lo * factor)


def _product(p: Interval, q: Interval) -> Interval:
    ends = np.stack([x * y for x in p for y in q])
    return ends.min(axis=0), ends.max(axis=0)


def _monotone(rising: Function, at: Interval, error: float) -> Interval:
    return rising(at[0]) - error, rising(at[1]) + error


def _wider(part: Interval, room: float) -> Interval:
    return part[0] - room, part[1] + room


@dataclass(frozen=True, slots=True)
class Candidate:
    """Offers that may be best.

    Parameters
    ----------
    low, high
        From and to which.
    piece
        Index of the piece that they lie in.
    least, most
        Bounds of what the best of them is worth.
    """

    low: float
    high: float
    piece: int
    least: float
    most: float


def candidates(game: ScreeningGame, pieces: Sequence[Piece]) -> tuple[list[Candidate], bool]:
    """All intervals in which a best offer can lie, and whether halving ended before digits did."""
    boxes = [(np.array([p.low]), np.array([p.high])) for p in pieces]
    least = -np.inf
    stopped = False
    for _ in range(HALVINGS):
        kept: list[Interval] = []
        for piece, (a, b) in zip(pieces, boxes, strict=True):
            if len(a) > MOST_LEFT:
                stopped = True
                kept.append((a, b))
                continue
            middle = (a + b) / 2
            if len(a):
                least = max(least, float(worth(game, piece, middle, middle)[0].max()))
            kept.append(_halved(game, piece, a, b))
        boxes = []
        for piece, (a, b) in zip(pieces, kept, strict=True):
            keep = worth(game, piece, a, b)[1] >= least if len(a) else np.zeros(0, np.bool_)
            boxes.append((a[keep], b[keep]))
    found = [
        _candidate(game, piece, index, low, high)
        for index, (piece, (a, b)) in enumerate(zip(pieces, boxes, strict=True))
        for low, high in _joined(a, b)
    ]
    best = max(c.least for c in found)
    return [c for c in found if c.most >= best], stopped


def _halved(game: ScreeningGame, piece: Piece, a: FloatArray, b: FloatArray) -> Interval:
    """Halves of intervals that may hold a best offer of the piece; ends of the piece as intervals of one."""
    middle = (a + b) / 2
    parted = (a < middle) & (middle < b)
    low = np.concatenate([a[parted], middle[parted], a[~parted]])
    high = np.concatenate([middle[parted], b[parted], b[~parted]])
    down, up = slope(game, piece, low, high)
    level = (down <= 0) & (up >= 0) | (low == high)
    first = (up < 0) & (low == piece.low) & (low < high)
    last = (down > 0) & (high == piece.high) & (low < high)
    ends = np.concatenate([low[first], high[last]])
    low, high = np.concatenate([low[level], ends]), np.concatenate([high[level], ends])
    order = np.lexsort((high, low))
    return low[order], high[order]


def _joined(a: FloatArray, b: FloatArray) -> list[tuple[float, float]]:
    """Intervals that touch become one."""
    out: list[tuple[float, float]] = []
    for low, high in zip(a.tolist(), b.tolist(), strict=True):
        if out and low <= out[-1][1]:
            out[-1] = (out[-1][0], max(high, out[-1][1]))
        else:
            out.append((low, high))
    return out


def _candidate(game: ScreeningGame, piece: Piece, index: int, low: float, high: float) -> Candidate:
    ends = np.array([low]), np.array([high])
    middle = (ends[0] + ends[1]) / 2
    least = float(worth(game, piece, middle, middle)[0][0])
    return Candidate(low, high, index, least, float(worth(game, piece, *ends)[1][0]))
