"""The Nash bargaining solution.

Definition. Among individually rational payoff vectors of the bargaining problem, maximise the
weighted product of gains over the disagreement point, ``prod_i (u_i - d_i) ** w_i`` with weights
that sum to 1 (Nash 1950; weights: Kalai 1977). An actor that cannot gain from any individually
rational agreement is held to its disagreement payoff and left out of the product. Agreements that
another one Pareto dominates are never chosen. The solution does not depend on the units of any
actor's payoffs.

Array convention. ``utilities`` has shape ``(actors, agreements, batch)``, ``disagreement`` has
shape ``(actors, batch)``, the mask of chosen agreements has shape ``(agreements, batch)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray
from sim.games.bargaining import BargainingProblem, check_weights, undominated
from sim.results import Solution
from sim.solutions.bargaining._along_a_curve import best_along_curve, curve_gains, rational_interval
from sim.solutions.bargaining._best_lotteries import (
    ideal_gains,
    lottery_member,
    nothing_to_gain,
    unit_gains,
)
from sim.solutions.bargaining._gains_over_disagreement import (
    chosen,
    divided_total,
    gains_over,
    maximisers,
    solution,
)
from sim.solutions.bargaining._nash_lottery import CERTIFIED, best_product
from sim.solutions.options import Option

OPTIONS = (
    Option(
        name="weights",
        kind="numbers",
        meaning="Bargaining power of each actor, in their order; the file's, or equal, without it.",
    ),
)

NAME = "nash_bargaining"


def nash_bargaining(
    problem: BargainingProblem, *, weights: Sequence[float] | None = None
) -> Solution:
    """The agreement with the largest weighted product of gains over the disagreement point.

    Parameters
    ----------
    problem
        A batch of one.
    weights
        Bargaining power per actor; without it the problem's own, or equal.

    Returns
    -------
    Solution
        All maximisers among agreements or divisions; the only one among lotteries or with
        transferable payoffs, where the payoffs are unique. Empty, with a note, when nothing is
        individually rational.

    Raises
    ------
    UsageError
        If the weights are not one positive number per actor.

    Notes
    -----
    Source: [nash1950]_; weights: [kalai1977]_.

    Examples
    --------
    >>> table = {"a": (4, 1), "b": (1, 4), "c": (2, 2)}
    >>> problem = BargainingProblem.from_table(table, disagreement=(1, 1))
    >>> [e.agreement for e in nash_bargaining(problem).equilibria]
    ['c']
    """
    problem = replace(problem, weights=tuple(problem.weights if weights is None else weights))
    power = bargaining_power(problem)
    asked = {"weights": {a: float(w) for a, w in zip(problem.actors, power, strict=True)}}
    match problem.mode:
        case "lottery":
            return _over_lotteries(problem, power, asked)
        case "transferable":
            return divided_total(problem, NAME, power[None], asked)
        case "split":
            return _along_curve(problem, power, asked)
    mask = nash_bargaining_mask(problem.utilities, problem.disagreement, power)[:, 0]
    return chosen(problem, mask, NAME, asked)


def bargaining_power(problem: BargainingProblem) -> FloatArray:
    """The problem's weights, summing to 1; equal where it has none."""
    power = np.array(problem.weights or np.ones(len(problem.actors)), dtype=np.float64)
    return np.asarray(power / power.sum())


def nash_bargaining_mask(
    utilities: FloatArray, disagreement: FloatArray, weights: Sequence[float] | FloatArray = ()
) -> BoolArray:
    """Which agreements maximise the weighted product of gains, for a whole batch.

    Parameters
    ----------
    utilities
        Shape ``(actors, agreements, batch)``.
    disagreement
        Shape ``(actors, batch)``.
    weights
        Bargaining power per actor; empty: equal.

    Returns
    -------
    ndarray of bool
        Shape ``(agreements, batch)``; all False where no agreement is individually rational.

    Examples
    --------
    >>> points = np.array([[4.0, 1.0, 2.0], [1.0, 4.0, 2.0]])[..., None]
    >>> nash_bargaining_mask(points, np.array([[1.0], [1.0]]))[:, 0]
    array([False, False,  True])
    """
    check_weights(tuple(weights), len(utilities))
    power = np.asarray(weights if len(weights) else np.ones(len(utilities)), dtype=np.float64)
    gains = gains_over(utilities, disagreement)
    counted = power[:, None] * (gains.ideal > 0.0)
    total = counted.sum(axis=0)
    exponents = counted / np.where(total > 0.0, total, 1.0)
    score = np.ones(gains.rational.shape)
    for exponent, values in zip(exponents, gains.values, strict=True):
        score *= np.maximum(values, 0.0) ** exponent
    return undominated(utilities, maximisers(score, gains.rational, RELATIVE))


def _over_lotteries(
    problem: BargainingProblem, power: FloatArray, asked: Mapping[str, Any]
) -> Solution:
    gains, _ = unit_gains(problem)
    ideal = ideal_gains(gains)
    held = nothing_to_gain(problem, NAME, gains, ideal, asked)
    if held is not None:
        return held
    able = ideal > 0.0
    weights = power[able] / power[able].sum()
    lottery, excess = best_product(gains, gains[able] / ideal[able, None], weights)
    found = lottery_member(problem, lottery, certificate=max(excess, 0.0))
    exact = excess <= CERTIFIED
    note = "" if exact else f"the certificate is exceeded by {excess:.1e}: an approximation"
    return solution(NAME, [found], problem, asked, exhaustive=exact, note=note)


def _along_curve(
    problem: BargainingProblem, power: FloatArray, asked: Mapping[str, Any]
) -> Solution:
    interval = rational_interval(problem)
    gains = curve_gains(problem)
    able = gains(np.array(interval)).max(axis=1, initial=0.0) > RELATIVE
    exponents = np.where(able, power, 0.0)[:, None]

    def product(x: FloatArray) -> FloatArray:
        return np.asarray((np.maximum(gains(x), 0.0) ** exponents).prod(axis=0))

    return best_along_curve(problem, NAME, product, asked)
