"""Max-min gains over lotteries and along a curve, for Kalai-Smorodinsky and egalitarian solutions.

Definition. Both make the smallest gain over the disagreement point as large as possible; they
differ in the unit of a gain: the actor's ideal gain, or the payoff unit of the file.

Array convention. One problem; gains have shape ``(actors, agreements)``.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.tolerance import RELATIVE
from sim.games.bargaining import BargainingProblem
from sim.results import Solution
from sim.solutions.bargaining._curve import curve_gains, division, equal_division, rational_interval
from sim.solutions.bargaining._gains import solution, unit
from sim.solutions.bargaining._lottery import (
    best_lottery,
    ideal_gains,
    leximin,
    lottery_member,
    unit_gains,
)


def over_lotteries(problem: BargainingProblem, name: str, *, ideal_units: bool) -> Solution:
    """The lottery whose smallest gain is largest, then the next smallest, and so on."""
    gains, size = unit_gains(problem)
    ideal = ideal_gains(gains)
    if not len(ideal):
        return solution(name, (), problem, {})
    able = ideal > 0.0
    if not able.any():
        held = best_lottery(gains, gains.sum(axis=0)).lottery
        return solution(name, [lottery_member(problem, held)], problem, {})
    units = ideal if ideal_units else (ideal * size)[able].max() / size
    lottery = leximin(gains, gains[able] / units[able, None])
    return solution(name, [lottery_member(problem, lottery)], problem, {})


def along_curve(problem: BargainingProblem, name: str, *, ideal_units: bool) -> Solution:
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
