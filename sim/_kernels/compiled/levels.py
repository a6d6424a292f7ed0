"""Levels of treaties and the best of them, compiled; see :mod:`sim.feasibility.levels`.

Array convention. Cells are agreements by stance profiles, the agreement moving slowest; values have shape
``(cells, batch)``. A block of points has one row per rung for levels, and one per cell for mutual gains.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.compiled import BLOCK, compiled
from sim._kernels.tolerance import BoolArray, FloatArray, IntArray

RUNGS = 4
Slacks = tuple[FloatArray, FloatArray, FloatArray]
Values = tuple[FloatArray, FloatArray, Slacks, BoolArray]
Heights = tuple[FloatArray, FloatArray, IntArray, IntArray, BoolArray]


@compiled
def heights(values: Values, tolerance: float) -> Heights:
    """Margin, margin in every equilibrium, first failing rung, best cell, and which agreements tie.

    Parameters
    ----------
    values
        Payoffs of the principals in their units, shape ``(principals, cells, batch)``; those of the status
        quo, ``(principals, batch)``; the lowest slacks at home, abroad and of enforcement, each of shape
        ``(agreements, profiles or 1, batch)`` and without agreements where there is none; and which cells
        are candidates, ``(agreements, profiles, batch)``.
    tolerance
        What counts as equal.
    """
    agreements, profiles, batch = values[3].shape
    margin, every = np.empty(batch), np.full(batch, -np.inf)
    rung, place = np.full(batch, RUNGS), np.zeros(batch, dtype=np.int64)
    tied = np.zeros((agreements, batch), dtype=np.bool_)
    level, tops = np.empty((RUNGS, BLOCK)), np.empty((RUNGS, BLOCK))
    mutual = np.empty((agreements * profiles, BLOCK))
    for start in range(0, batch, BLOCK):
        stop = min(start + BLOCK, batch)
        _climb(values, start, stop, level, tops, every[start:stop])
        for b in range(start, stop):
            margin[b] = tops[RUNGS - 1, b - start]
        _fail(tops, tolerance, rung[start:stop])
        _compare(values, start, stop, level, tops, rung[start:stop], tolerance, mutual, tied)
        _first(mutual, tolerance, place[start:stop])
    return margin, every, rung, place, tied


@compiled
def _fill(values: Values, a: int, s: int, start: int, stop: int, level: FloatArray) -> None:
    """The levels of one cell on every rung, ``-inf`` where it is no candidate, for a block of points."""
    payoffs, base, slacks, allowed = values
    size, mutual = stop - start, level[0]
    candidate = allowed[a, s, start:stop]
    for b in range(size):
        mutual[b] = np.inf if candidate[b] else -np.inf
    for i in range(payoffs.shape[0]):
        own, below = payoffs[i, a * allowed.shape[1] + s, start:stop], base[i, start:stop]
        for b in range(size):
            gain = own[b] - below[b]
            mutual[b] = gain if gain < mutual[b] else mutual[b]
    for k in range(1, RUNGS):
        lower, here, slack = level[k - 1], level[k], slacks[k - 1]
        if slack.shape[0] == 0:
            for b in range(size):
                here[b] = lower[b]
        else:
            mine = slack[a, s if slack.shape[1] > 1 else 0, start:stop]
            for b in range(size):
                here[b] = mine[b] if mine[b] < lower[b] else lower[b]


@compiled
def _climb(
    values: Values, start: int, stop: int, level: FloatArray, tops: FloatArray, every: FloatArray
) -> None:
    """The highest level on every rung, and the highest of treaties at their least favourable stances."""
    allowed = values[3]
    agreements, profiles, _ = allowed.shape
    size = stop - start
    least = np.empty(BLOCK)
    tops[:] = -np.inf
    for a in range(agreements):
        least[:] = np.inf
        for s in range(profiles):
            _fill(values, a, s, start, stop, level)
            for k in range(RUNGS):
                here, top = level[k], tops[k]
                for b in range(size):
                    top[b] = here[b] if here[b] > top[b] else top[b]
            here, candidate = level[RUNGS - 1], allowed[a, s, start:stop]
            for b in range(size):
                value = here[b] if candidate[b] else np.inf
                least[b] = value if value < least[b] else least[b]
        for b in range(size):
            value = least[b] if least[b] < np.inf else _where_all(allowed, a, start + b)
            every[b] = value if value > every[b] else every[b]


@compiled
def _where_all(allowed: BoolArray, a: int, point: int) -> float:
    """The level of a treaty whose candidates all have an infinite one, or that has none."""
    for s in range(allowed.shape[1]):
        if allowed[a, s, point]:
            return np.inf
    return -np.inf


@compiled
def _fail(tops: FloatArray, tolerance: float, rung: IntArray) -> None:
    """The first rung that no treaty reaches; ``RUNGS``, which stands there, where none fails."""
    for k in range(RUNGS - 1, -1, -1):
        top = tops[k]
        for b in range(len(rung)):
            rung[b] = k if top[b] < -tolerance else rung[b]


@compiled
def _compare(
    values: Values,
    start: int,
    stop: int,
    level: FloatArray,
    tops: FloatArray,
    rung: IntArray,
    tolerance: float,
    mutual: FloatArray,
    tied: BoolArray,
) -> None:
    """Cells at the top of the rung that decides: their mutual gains (others ``-inf``), and which tie."""
    agreements, profiles, _ = values[3].shape
    size = stop - start
    bar = np.empty(BLOCK)
    for k in range(RUNGS):
        top = tops[k]
        for b in range(size):
            bar[b] = top[b] - tolerance if rung[b] >= k else bar[b]
    for a in range(agreements):
        ties = tied[a, start:stop]
        for s in range(profiles):
            _fill(values, a, s, start, stop, level)
            for k in range(RUNGS - 1):
                lower, here = level[k], level[k + 1]
                for b in range(size):
                    here[b] = here[b] if rung[b] > k else lower[b]
            gain, here, row = level[0], level[RUNGS - 1], mutual[a * profiles + s]
            for b in range(size):
                row[b] = gain[b] if here[b] >= bar[b] else -np.inf
                ties[b] |= here[b] >= bar[b]


@compiled
def _first(mutual: FloatArray, tolerance: float, place: IntArray) -> None:
    """The first of the cells with the largest mutual gain."""
    size = len(place)
    bar = np.full(BLOCK, -np.inf)
    for cell in range(len(mutual)):
        row = mutual[cell]
        for b in range(size):
            bar[b] = row[b] if row[b] > bar[b] else bar[b]
    for b in range(size):
        bar[b] -= tolerance
    for cell in range(len(mutual) - 1, -1, -1):
        row = mutual[cell]
        for b in range(size):
            place[b] = cell if row[b] >= bar[b] else place[b]
