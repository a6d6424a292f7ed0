"""Bargaining along a curve: one surplus, two actors, utilities that move in opposite directions.

Definition. The first actor's gain ``g_0(x)`` does not fall and the second's ``g_1(x)`` does not
rise in the division ``x``. The individually rational divisions are an interval; equal (normalised)
gains are a root, largest sums and products are maxima found on a grid and then refined.

Array convention. ``x`` is one-dimensional; gains have shape ``(2, len(x))``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from sim._kernels.tolerance import RELATIVE, FloatArray
from sim.games.bargaining import BargainingProblem, Curve
from sim.results import Division, Solution
from sim.solutions.bargaining._gains_over_disagreement import member, solution, unit

LEVEL = 1e-14
"""Heights that differ by less, relative to the highest, are equally high."""


GRID = 4097
"""Divisions at which a criterion is compared before it is refined."""

Criterion = Callable[[FloatArray], FloatArray]


def curve_of(problem: BargainingProblem) -> Curve:
    """The problem's curve."""
    assert problem.curve is not None
    return problem.curve


def curve_gains(problem: BargainingProblem) -> Criterion:
    """Gains over the disagreement point in units of each actor's spread, as a function of ``x``."""
    curve, disagreement = curve_of(problem), problem.disagreement
    size = unit(problem.utilities, disagreement)
    return lambda x: (curve.values(x) - disagreement) / size


def root(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a rising function crosses 0 between ``low`` and ``high``; else the end nearer to 0."""
    from scipy.optimize import brentq

    if function(low) >= 0.0:
        return low
    if function(high) <= 0.0:
        return high
    tiny = 4.0 * np.finfo(np.float64).eps
    return float(brentq(function, low, high, xtol=1e-15 * (high - low), rtol=tiny, maxiter=500))


def rational_interval(problem: BargainingProblem) -> tuple[float, ...]:
    """The divisions at which neither actor loses; empty where there is none."""
    gains, surplus = curve_gains(problem), curve_of(problem).surplus

    def gain(actor: int, x: float) -> float:
        return float(gains(np.array([x]))[actor, 0])

    if gain(0, surplus) < -RELATIVE or gain(1, 0.0) < -RELATIVE:
        return ()
    low = root(lambda x: gain(0, x), 0.0, surplus)
    high = root(lambda x: -gain(1, x), 0.0, surplus)
    if low > high + RELATIVE * surplus:
        return ()
    return (min(low, high), high) if low > high else (low, high)


def equal_division(problem: BargainingProblem, units: FloatArray) -> float:
    """The individually rational division at which gains in the given units are equal.

    Parameters
    ----------
    units
        What one unit of each actor's gain is worth, in units of its spread, shape ``(2,)``,
        positive.
    """
    gains = curve_gains(problem)
    low, high = rational_interval(problem)

    def lead(x: float) -> float:
        first, second = gains(np.array([x]))[:, 0] / units
        return float(first - second)

    return root(lead, low, high)


def best_divisions(criterion: Criterion, low: float, high: float) -> tuple[float, ...]:
    """The divisions of the largest criterion: isolated ones, and both ends of a flat stretch.

    Parameters
    ----------
    criterion
        Function of an array of ``x``; comparisons are within ``RELATIVE`` of its range.

    Examples
    --------
    >>> best_divisions(lambda x: x * (2.0 - x), 0.0, 2.0)
    (1.0,)
    >>> best_divisions(lambda x: 0.0 * x, 0.0, 2.0)
    (0.0, 2.0)
    """
    if high <= low:
        return (low,)
    grid = np.linspace(low, high, GRID)
    values = criterion(grid)
    slack = RELATIVE * max(float(np.abs(values).max()), 1e-300)
    peaks = [_refined(criterion, grid, *stretch) for stretch in _stretches(values, slack)]
    heights = [max(float(criterion(np.array([x]))[0]) for x in peak) for peak in peaks]
    best = max(heights)
    found = [
        x
        for peak, height in zip(peaks, heights, strict=True)
        if height >= best - slack
        for x in peak
    ]
    return tuple(sorted(set(found)))


def _stretches(values: FloatArray, slack: float) -> list[tuple[int, int]]:
    """First and last index of every level stretch of the grid with lower ground on both sides."""
    ends = np.flatnonzero(np.abs(np.diff(values)) > slack)
    first = np.concatenate([[0], ends + 1])
    last = np.concatenate([ends, [len(values) - 1]])
    level = values[first]
    higher_left = np.concatenate([[False], level[:-1] > level[1:]])
    higher_right = np.concatenate([level[1:] > level[:-1], [False]])
    kept = ~higher_left & ~higher_right
    return [(int(a), int(b)) for a, b in zip(first[kept], last[kept], strict=True)]


def _refined(criterion: Criterion, grid: FloatArray, first: int, last: int) -> tuple[float, ...]:
    if last - first > 2:
        return float(grid[first]), float(grid[last])
    low, high = grid[max(first - 1, 0)], grid[min(last + 1, len(grid) - 1)]
    candidates = np.array(
        [grid[first], *_golden(criterion, low, high), *_stationary(criterion, low, high)]
    )
    heights = criterion(candidates)
    near = heights >= heights.max() - LEVEL * abs(heights.max())
    return (float(candidates[np.flatnonzero(near)[-1]]),)


def _golden(criterion: Criterion, low: float, high: float) -> list[float]:
    ratio = (np.sqrt(5.0) - 1.0) / 2.0
    for _ in range(120):
        width = ratio * (high - low)
        left, right = criterion(np.array([high - width, low + width]))
        low, high = (low, low + width) if left >= right else (high - width, high)
    return [0.5 * (low + high)]


def _stationary(criterion: Criterion, low: float, high: float) -> list[float]:
    """Where a five-point derivative crosses 0: sharper than comparing nearly equal heights."""
    width = high - low
    steps = np.array([-2.0, -1.0, 1.0, 2.0]) * width / 16.0
    weights = np.array([1.0, -8.0, 8.0, -1.0])

    def fall(x: float) -> float:
        return -float(weights @ criterion(x + steps))

    inner = (low + width / 8.0, high - width / 8.0)
    if not fall(inner[0]) < 0.0 < fall(inner[1]):
        return []
    return [root(fall, *inner)]


def division(problem: BargainingProblem, x: float) -> Division:
    """A division of the surplus as a member."""
    return member(problem, curve_of(problem).at(x), f"x = {x:.12g}", x=float(x))


def best_along_curve(
    problem: BargainingProblem, name: str, criterion: Criterion, asked: Mapping[str, Any]
) -> Solution:
    """The individually rational divisions of the largest criterion as a solution."""
    interval = rational_interval(problem)
    divisions = best_divisions(criterion, *interval) if interval else ()
    return solution(name, [division(problem, x) for x in divisions], problem, asked)
