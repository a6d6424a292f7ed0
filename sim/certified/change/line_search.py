"""The point on the way to a change at which the margin has just reached a level.

Array convention. Points have shape ``(varied,)``; points on the way ``(varied, steps)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim._kernels.numbering import ascending
from sim._kernels.tolerance import BoolArray, FloatArray
from sim.certified.change.levers import Candidate, Levers, ladder_at
from sim.certified.ladder.parts import Parts

FURTHER = 1.0 + np.array([0.0, 1e-15, 1e-13, 1e-11, 1e-9, 1e-8, 1e-7, 1e-6])
JUST_BEFORE = 1.0 - np.array([1e-9, 1e-11, 1e-13, 1e-15])
"""Shares of the way just before the point itself, which mostly is where the level is reached."""
EVEN = np.linspace(0.0, 1.0, 10)[1:-1]
"""Points between the ends of a stretch, as shares of it."""
AROUND = np.array([sign * 10.0**-k for k in (1, 2, 3, 5, 7, 9, 12, 15) for sign in (-1, 1)])
"""Points around where a straight line would meet the level, as shares of the stretch."""
CLEAR = 1e-9
"""Step beyond a turning point, relative, at which a jump of the margin shows."""
ROUNDS = 60
"""More than how often a stretch that holds a turn can be narrowed ninefold."""


def settle(
    parts: Parts, levers: Levers, point: FloatArray, level: float, *, rising: bool
) -> Candidate | None:
    """The first point found on the straight way from the origin at which the margin has reached a level.

    ``rising`` says whether it is to be at least the level there, or at most. ``None`` where it is not at
    the point itself and right behind. Where the margin is continuous it is the level there, to the last
    digits; where it jumps, the point is on the far side of the jump, by a billionth of the way.
    """
    way = point - levers.origin
    looks = np.concatenate([[0.0], EVEN, JUST_BEFORE, FURTHER])
    margin = _margins(parts, levers, way, looks, level)
    shares, margin, before = FURTHER, margin[-len(FURTHER) :], margin[: -len(FURTHER)]
    if not _meets(margin, level, rising).any():
        return None
    if _meets(margin, level, rising)[0]:
        shares, margin = looks[: len(before) + 1], np.append(before, margin[0])
    bracket = _narrowed(shares, margin, level, rising)
    for _ in range(ROUNDS):
        if not bracket.before < bracket.middle < bracket.after:
            break
        shares = bracket.shares(level)
        margin = _margins(parts, levers, way, shares, level)
        bracket = _narrowed(
            np.array([bracket.before, *shares, bracket.after]),
            np.array([bracket.low, *margin, bracket.high]),
            level,
            rising,
        )
    after = bracket.after
    both = _on(levers, way, np.array([after, after * (1 + CLEAR)]))
    ladder = ladder_at(parts, both)
    jumps = abs(ladder.margin[0] - level) > CLEAR
    beyond = int(jumps and _meets(ladder.margin[1], level, rising))
    return Candidate(both[:, beyond], levers.cost(both[:, beyond]), int(ladder.agreement[beyond]))


def _meets(margin: FloatArray, level: float, rising: bool) -> BoolArray:
    return np.asarray(margin >= level if rising else margin <= level)


def _on(levers: Levers, way: FloatArray, shares: FloatArray) -> FloatArray:
    """Points on the way, within the ranges."""
    points = levers.origin[:, None] + way[:, None] * shares
    return np.asarray(np.clip(points, levers.lo[:, None], levers.hi[:, None]))


def _margins(
    parts: Parts, levers: Levers, way: FloatArray, shares: FloatArray, level: float
) -> FloatArray:
    return ladder_at(parts, _on(levers, way, shares), level).margin


def reaching(
    parts: Parts, levers: Levers, points: Sequence[FloatArray], level: float, *, rising: bool
) -> list[FloatArray]:
    """Those of some points at which, or right behind which, the margin has reached a level."""
    ways = [point - levers.origin for point in points]
    places = np.hstack([_on(levers, way, FURTHER) for way in ways])
    met = _meets(ladder_at(parts, places, level).margin, level, rising)
    some = np.flatnonzero(met.reshape(len(points), len(FURTHER)).any(axis=1))
    return [points[k] for k in some.tolist()]


@dataclass(frozen=True, slots=True)
class _Bracket:
    """A stretch of the way whose far end is the first point known to have reached the level."""

    before: float
    after: float
    low: float
    high: float

    @property
    def middle(self) -> float:
        return self.before + 0.5 * (self.after - self.before)

    def shares(self, level: float) -> FloatArray:
        """Points between: some evenly, and many around where a straight line would reach the level."""
        width, rise = self.after - self.before, self.high - self.low
        even = self.before + width * EVEN
        straight = (level - self.low) / rise if rise else 0.5
        root = self.before + width * (straight if 0.0 <= straight <= 1.0 else 0.5)
        points = np.concatenate([even, root + width * AROUND])
        return ascending(np.clip(points, self.before, self.after))


def _narrowed(shares: FloatArray, margin: FloatArray, level: float, rising: bool) -> _Bracket:
    """The stretch up to the first point that has reached the level."""
    first = int(_meets(margin, level, rising)[1:].argmax()) + 1
    return _Bracket(
        float(shares[first - 1]),
        float(shares[first]),
        float(margin[first - 1]),
        float(margin[first]),
    )
