"""The point on the way to a change at which the margin has just reached a level.

Array convention. Points have shape ``(varied,)``; points on the way ``(varied, steps)``.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.certified.change.levers import Candidate, Levers, ladder_at
from sim.certified.ladder.parts import Parts

FURTHER = 1.0 + np.array([0.0, 1e-15, 1e-13, 1e-11, 1e-9, 1e-8, 1e-7, 1e-6])
STEPS = 24
"""Points along a line at which the margin is looked at first."""
CLEAR = 1e-9
"""Step beyond a turning point, relative, at which a jump of the margin shows."""
ROUNDS = 13
"""Narrowings of the stretch that holds a turn, by the number of points each."""


def settle(
    parts: Parts, levers: Levers, point: FloatArray, level: float, *, rising: bool
) -> Candidate | None:
    """The first point found on the straight way from the origin at which the margin has reached a level.

    ``rising`` says whether it is to be at least the level there, or at most. ``None`` where it is not at
    the point itself and right behind. Where the margin is continuous it is the level there, to the last
    digits; where it jumps, the point is on the far side of the jump, by a billionth of the way.
    """
    way = point - levers.origin
    reached = _reached(parts, levers, way, FURTHER, level, rising)
    if not reached.any():
        return None
    first = int(reached.argmax())
    before, after = (FURTHER[first - 1] if first else 0.0), float(FURTHER[first])
    for _ in range(ROUNDS):
        shares = np.linspace(before, after, STEPS)
        reached = _reached(parts, levers, way, shares, level, rising)
        reached[-1] = True
        first = int(reached.argmax())
        before, after = float(shares[max(first - 1, 0)]), float(shares[first])
        if not before < before + 0.5 * (after - before) < after:
            break
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


def _reached(
    parts: Parts,
    levers: Levers,
    way: FloatArray,
    shares: FloatArray,
    level: float,
    rising: bool,
) -> BoolArray:
    return _meets(ladder_at(parts, _on(levers, way, shares), level).margin, level, rising)
