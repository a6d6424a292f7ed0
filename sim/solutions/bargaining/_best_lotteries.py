"""Bargaining over lotteries: linear programs over chance mixtures of agreements.

Definition. A lottery ``p`` over the agreements gives every actor the expected gain ``G p``. It is
feasible when ``p >= 0``, ``sum p = 1`` and ``G p >= 0``: individually rational in expectation.

Array convention. ``gains`` has shape ``(actors, agreements)``, in units of each actor's spread. All
programs are solved by HiGHS, whose answers are vertices.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim._kernels.linear_program import SHARP
from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray
from sim.games.bargaining import BargainingProblem, pareto_mask
from sim.results import Division, Solution
from sim.solutions.bargaining._gains_over_disagreement import member, solution, unit

NEGLIGIBLE = 1e-12
"""Chance that counts as none."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BestLottery:
    """A best lottery, and which agreements and actors the face of all best lotteries leaves free.

    Parameters
    ----------
    lottery
        Shape ``(agreements,)``; empty when no lottery is feasible.
    value
        The objective's value.
    loose
        Agreements that some best lottery may use, shape ``(agreements,)``.
    prices
        Per row of the program, what one unit of its floor costs; positive: binds in every best one.
    """

    lottery: FloatArray
    value: float
    loose: BoolArray
    prices: FloatArray

    @property
    def feasible(self) -> bool:
        """Whether any lottery satisfies the floors."""
        return len(self.lottery) > 0


def linear_program(
    objective: FloatArray, rows: FloatArray, floors: FloatArray, face: BestLottery | None = None
) -> BestLottery:
    """The lottery that maximises ``objective @ p`` subject to ``rows @ p >= floors``.

    Parameters
    ----------
    objective
        Shape ``(columns,)``; columns beyond those of a lottery are not summed to 1.
    rows, floors
        Shapes ``(rows, columns)`` and ``(rows,)``.
    face
        Keep to the best lotteries of an earlier program with the same rows and floors.
    """
    from scipy.optimize import linprog

    binding = np.zeros(len(rows), dtype=np.bool_) if face is None else face.prices > RELATIVE
    loose = np.ones(len(objective), dtype=np.bool_) if face is None else face.loose
    result = linprog(
        -objective,
        A_ub=-rows,
        b_ub=-floors,
        A_eq=np.vstack([np.ones(len(objective)), rows[binding]]),
        b_eq=np.concatenate([[1.0], floors[binding]]),
        bounds=[(0.0, None if free else 0.0) for free in loose],
        method="highs",
        options=SHARP,
    )
    if result.x is None:
        empty = np.empty(0)
        return BestLottery(lottery=empty, value=-np.inf, loose=empty.astype(np.bool_), prices=empty)
    lottery = np.clip(result.x, 0.0, None)
    lottery /= lottery.sum()
    return BestLottery(
        lottery=lottery,
        value=float(objective @ lottery),
        loose=result.lower.marginals <= RELATIVE,
        prices=-result.ineqlin.marginals,
    )


def best_lottery(
    gains: FloatArray, objective: FloatArray, face: BestLottery | None = None
) -> BestLottery:
    """The individually rational lottery of the largest expected ``objective``.

    Examples
    --------
    >>> gains = np.array([[1.0, -0.5], [-0.5, 1.0]])
    >>> best_lottery(gains, gains[0]).lottery.round(6)
    array([0.666667, 0.333333])
    """
    return linear_program(objective, gains, np.zeros(len(gains)), face)


def ideal_gains(gains: FloatArray) -> FloatArray:
    """Each actor's largest gain from an individually rational lottery; empty where there is none.

    Examples
    --------
    >>> ideal_gains(np.array([[1.0, 0.0], [0.0, 0.5]]))
    array([1. , 0.5])
    """
    best = [best_lottery(gains, row) for row in gains]
    if not best[0].feasible:
        return np.empty(0)
    values = np.array([optimum.value for optimum in best])
    values[np.abs(values) <= RELATIVE] = 0.0
    return values


def leximin(gains: FloatArray, rows: FloatArray) -> FloatArray:
    """The individually rational lottery that lifts the smallest row value first, then the next.


    Parameters
    ----------
    gains
        Shape ``(actors, agreements)``.
    rows
        The values compared, one row per counted actor, shape ``(counted, agreements)``.

    Examples
    --------
    >>> gains = np.array([[1.0, 0.0], [0.0, 0.5]])
    >>> leximin(gains, gains).round(6)
    array([0.333333, 0.666667])
    """
    size = len(rows)
    level = np.zeros(size)
    free = np.ones(size, dtype=np.bool_)
    lottery = np.empty(0)
    while free.any():
        lottery, value, prices = _raise_least(gains, rows, level, free)
        binding = free & ((prices > RELATIVE) | (prices >= np.where(free, prices, 0.0).max()))
        level[binding] = value
        free &= ~binding
    return lottery


def _raise_least(
    gains: FloatArray, rows: FloatArray, level: FloatArray, free: BoolArray
) -> tuple[FloatArray, float, FloatArray]:
    from scipy.optimize import linprog

    count = gains.shape[1]
    above = np.vstack([rows, gains])
    raised = np.concatenate([free, np.zeros(len(gains))]).astype(np.float64)[:, None]
    floors = np.concatenate([np.where(free, 0.0, level), np.zeros(len(gains))])
    result = linprog(
        np.append(np.zeros(count), -1.0),
        A_ub=np.hstack([-above, raised]),
        b_ub=-floors,
        A_eq=np.append(np.ones(count), 0.0)[None],
        b_eq=[1.0],
        bounds=[(0.0, None)] * count + [(None, None)],
        method="highs",
        options=SHARP,
    )
    if result.x is None:
        raise ArithmeticError(f"leximin program failed: {result.message}")
    lottery = np.clip(result.x[:count], 0.0, None)
    return lottery / lottery.sum(), float(result.x[count]), -result.ineqlin.marginals[: len(rows)]


def unit_gains(problem: BargainingProblem) -> tuple[FloatArray, FloatArray]:
    """Gains of one problem in units of each actor's spread, and those units.

    A dominated agreement is not part of any solution; its gains are cut below the smallest that
    count, which keeps it dominated and the linear programs well scaled.
    """
    efficient = pareto_mask(problem.utilities)
    size = unit(problem.utilities, problem.disagreement, efficient)[:, 0]
    utilities, disagreement = problem.one()
    gains = (utilities - disagreement[:, None]) / size[:, None]
    least = gains[:, efficient[:, 0]].min(axis=1, keepdims=True)
    return np.maximum(gains, np.minimum(least, 0.0) - 1.0), size


def lottery_member(problem: BargainingProblem, lottery: FloatArray, **extra: float) -> Division:
    """A lottery as a member; chances that are rounding errors are left out."""
    kept = np.where(lottery > NEGLIGIBLE, lottery, 0.0)
    kept /= kept.sum()
    weights = {problem.agreements[k]: float(kept[k]) for k in np.flatnonzero(kept)}
    return member(problem, problem.one()[0] @ kept, weights, **extra)


def nothing_to_gain(
    problem: BargainingProblem,
    name: str,
    gains: FloatArray,
    ideal: FloatArray,
    asked: Mapping[str, Any],
) -> Solution | None:
    """The solution where no lottery is individually rational, or nobody gains by one; else ``None``."""
    if not len(ideal):
        return solution(name, (), problem, asked)
    if (ideal > 0.0).any():
        return None
    held = best_lottery(gains, gains.sum(axis=0)).lottery
    return solution(name, [lottery_member(problem, held)], problem, asked)
