"""The utilitarian bargaining solution.

Definition. Among individually rational payoff vectors, maximise the sum ``sum_i u_i`` of payoffs,
compared across actors in the units of the file. The disagreement point enters only through
individual rationality. Over lotteries and with transferable payoffs the maximisers may form a
continuum, of which extreme points are reported: all of them with two actors; with more, those that
are best or worst for some actor.

Array convention. ``utilities`` has shape ``(actors, agreements, batch)``, ``disagreement`` has
shape ``(actors, batch)``, the mask of chosen agreements has shape ``(agreements, batch)``.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray
from sim.games.bargaining import BargainingProblem, undominated
from sim.results import Division, Solution
from sim.solutions.bargaining._along_a_curve import best_along_curve, curve_gains
from sim.solutions.bargaining._best_lotteries import best_lottery, lottery_member, unit_gains
from sim.solutions.bargaining._gains_over_disagreement import (
    chosen,
    divided_total,
    gains_over,
    maximisers,
    solution,
    unit,
)

NAME = "utilitarian"


def utilitarian(problem: BargainingProblem) -> Solution:
    """The individually rational agreement with the largest sum of payoffs.

    Parameters
    ----------
    problem
        A batch of one. Payoffs must be comparable across actors: the solution changes when one
        actor's payoffs are rescaled.

    Returns
    -------
    Solution
        All maximisers of a finite set; extreme points of a continuum. Empty, with a note, when
        nothing is individually rational.

    Notes
    -----
    Source: [harsanyi1955]_.

    Examples
    --------
    >>> table = {"p": (0, 10), "q": (4, 8), "r": (10, 0)}
    >>> problem = BargainingProblem.from_table(table, disagreement=(0, 0))
    >>> [e.payoffs for e in utilitarian(problem).equilibria]
    [{'actor 1': 4.0, 'actor 2': 8.0}]
    """
    match problem.mode:
        case "lottery":
            return _over_lotteries(problem)
        case "transferable":
            return divided_total(problem, NAME, np.eye(len(problem.actors)), {})
        case "split":
            return _along_curve(problem)
    mask = utilitarian_mask(problem.utilities, problem.disagreement)[:, 0]
    return chosen(problem, mask, NAME, {})


def utilitarian_mask(utilities: FloatArray, disagreement: FloatArray) -> BoolArray:
    """Which individually rational agreements maximise the sum of payoffs, for a whole batch.

    Parameters
    ----------
    utilities
        Shape ``(actors, agreements, batch)``.
    disagreement
        Shape ``(actors, batch)``.

    Returns
    -------
    ndarray of bool
        Shape ``(agreements, batch)``; all False where no agreement is individually rational.

    Examples
    --------
    >>> points = np.array([[0.0, 4.0, 9.0], [10.0, 8.0, -1.0]])[..., None]
    >>> utilitarian_mask(points, np.zeros((2, 1)))[:, 0]
    array([False,  True, False])
    """
    gains = gains_over(utilities, disagreement)
    size = gains.size
    total = (gains.values * size[:, None]).sum(axis=0)
    best = maximisers(total, gains.rational, RELATIVE * size.sum(axis=0))
    return undominated(utilities, best)


def _over_lotteries(problem: BargainingProblem) -> Solution:
    gains, size = unit_gains(problem)
    best = best_lottery(gains, (size / size.max()) @ gains)
    if not best.feasible:
        return solution(NAME, (), problem, {})
    ends = [best_lottery(gains, sign * row, best).lottery for row in gains for sign in (1.0, -1.0)]
    members = _distinct(
        [lottery_member(problem, lottery) for lottery in ends if len(lottery)], size
    )
    exhaustive = len(members) == 1 or len(problem.actors) == 2
    note = "" if exhaustive else "a continuum: these are its best and worst points for each actor"
    return solution(NAME, members, problem, {}, exhaustive=exhaustive, note=note)


def _distinct(members: list[Division], size: FloatArray) -> list[Division]:
    kept: list[Division] = []
    for found in members:
        here = np.array(list(found.payoffs.values()))
        there = (np.array(list(other.payoffs.values())) for other in kept)
        if not any((np.abs(here - point) <= RELATIVE * size).all() for point in there):
            kept.append(found)
    return kept


def _along_curve(problem: BargainingProblem) -> Solution:
    gains = curve_gains(problem)
    size = unit(problem.utilities, problem.disagreement)

    def total(x: FloatArray) -> FloatArray:
        return np.asarray((gains(x) * size).sum(axis=0))

    return best_along_curve(problem, NAME, total, {})
