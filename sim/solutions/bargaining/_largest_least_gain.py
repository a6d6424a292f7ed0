"""The largest least gain: what the Kalai-Smorodinsky and the egalitarian solution share.

Definition. Both make the smallest gain over the disagreement point as large as possible; they
differ in the unit of a gain: the actor's ideal gain, or the payoff unit of the file. Actors that
cannot gain leave the comparison, and agreements that another one Pareto dominates are never chosen.

Array convention. One problem: gains have shape ``(actors, agreements)``. For a batch ``utilities`` has
shape ``(actors, agreements, batch)``, ``disagreement`` has shape ``(actors, batch)``, the mask of chosen
agreements has shape ``(agreements, batch)``.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray
from sim.games.bargaining import BargainingProblem, undominated
from sim.results import Solution
from sim.solutions.bargaining._along_a_curve import (
    curve_gains,
    division,
    equal_division,
    rational_interval,
)
from sim.solutions.bargaining._best_lotteries import (
    ideal_gains,
    leximin,
    lottery_member,
    nothing_to_gain,
    unit_gains,
)
from sim.solutions.bargaining._gains_over_disagreement import (
    chosen,
    divided_total,
    gains_over,
    least,
    maximisers,
    solution,
    unit,
)


def largest_least_gain(problem: BargainingProblem, name: str, *, ideal_units: bool) -> Solution:
    """The agreements at which the smallest gain is largest, whatever actors can agree on.

    Parameters
    ----------
    problem
        A batch of one.
    name
        Of the concept.
    ideal_units
        Whether gains are measured by each actor's ideal gain; otherwise in the units of the file.
    """
    match problem.mode:
        case "lottery":
            return _over_lotteries(problem, name, ideal_units=ideal_units)
        case "transferable":
            size = len(problem.actors)
            return divided_total(problem, name, np.full((1, size), 1.0 / size), {})
        case "split":
            return _along_curve(problem, name, ideal_units=ideal_units)
    mask = least_gain_mask(problem.utilities, problem.disagreement, ideal_units=ideal_units)
    return chosen(problem, mask[:, 0], name, {}, measured=ideal_units)


def least_gain_mask(
    utilities: FloatArray, disagreement: FloatArray, *, ideal_units: bool
) -> BoolArray:
    """Which agreements maximise the smallest gain, for a whole batch.

    Returns
    -------
    ndarray of bool
        Shape ``(agreements, batch)``; all False where no agreement is individually rational.

    Examples
    --------
    >>> points = np.array([[0.0, 5.0, 10.0], [10.0, 6.0, 0.0]])[..., None]
    >>> least_gain_mask(points, np.zeros((2, 1)), ideal_units=True)[:, 0]
    array([False,  True, False])
    """
    gains = gains_over(utilities, disagreement)
    able, size = gains.ideal > 0.0, gains.size
    units = 1.0 / np.where(able, gains.ideal, 1.0) if ideal_units else size
    slack = RELATIVE if ideal_units else RELATIVE * size.max(axis=0)
    smallest = least(gains.values * units[:, None], able)
    return undominated(utilities, maximisers(smallest, gains.rational, slack))


def _over_lotteries(problem: BargainingProblem, name: str, *, ideal_units: bool) -> Solution:
    """The lottery whose smallest gain is largest, then the next smallest, and so on."""
    gains, size = unit_gains(problem)
    ideal = ideal_gains(gains)
    held = nothing_to_gain(problem, name, gains, ideal, {})
    if held is not None:
        return held
    able = ideal > 0.0
    units = ideal if ideal_units else (ideal * size)[able].max() / size
    lottery = leximin(gains, gains[able] / units[able, None])
    return solution(name, [lottery_member(problem, lottery)], problem, {})


def _along_curve(problem: BargainingProblem, name: str, *, ideal_units: bool) -> Solution:
    """The division at which both gains are equal, or as nearly so as the curve allows."""
    interval = rational_interval(problem)
    if not interval:
        return solution(name, (), problem, {})
    low, high = interval
    ends = curve_gains(problem)(np.array([low, high]))
    ideal = np.array([ends[0, 1], ends[1, 0]])
    if ideal.min() <= RELATIVE:
        x = high if ideal[0] > ideal[1] else low
    else:
        size = unit(problem.utilities, problem.disagreement)[:, 0]
        x = equal_division(problem, ideal if ideal_units else 1.0 / size)
    return solution(name, [division(problem, x)], problem, {})
