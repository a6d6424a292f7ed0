"""The egalitarian bargaining solution.

Definition. Make the smallest gain ``min_i (u_i - d_i)`` over the disagreement point as large as it
can be, gains being compared across actors in the units of the file (Kalai 1977: equal gains).
Where equal gains would leave one actor less than another agreement gives it at nobody's cost, the
solution is the lexicographic extension (Imai 1983): gains above the smallest are raised in turn,
so that the outcome is Pareto efficient. On a finite set of agreements all max-min agreements that
are not Pareto dominated are reported. Actors that cannot gain leave the comparison.

Array convention. ``utilities`` has shape ``(actors, agreements, batch)``, ``disagreement`` has
shape ``(actors, batch)``, the mask of chosen agreements has shape ``(agreements, batch)``.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray
from sim.games.bargaining import BargainingProblem, undominated
from sim.results import Solution
from sim.solutions.bargaining._gains import chosen, divided_total, gains_over, least, maximisers
from sim.solutions.bargaining._maxmin import along_curve, over_lotteries

NAME = "egalitarian"


def egalitarian(problem: BargainingProblem) -> Solution:
    """The agreement at which the smallest gain over the disagreement point is largest.

    Parameters
    ----------
    problem
        A batch of one. Payoffs must be comparable across actors: the solution changes when one
        actor's payoffs are rescaled.

    Returns
    -------
    Solution
        All max-min agreements of a finite set; one member otherwise. Empty, with a note, when
        nothing is individually rational.

    Notes
    -----
    Source: [kalai1977proportional]_; lexicographic extension: [imai1983]_.

    Examples
    --------
    >>> table = {"p": (0, 1), "q": (0.75, 0.75), "r": (1, 0)}
    >>> problem = BargainingProblem.from_table(table, disagreement=(0, 0))
    >>> [e.agreement for e in egalitarian(problem).equilibria]
    ['q']
    """
    match problem.mode:
        case "lottery":
            return over_lotteries(problem, NAME, ideal_units=False)
        case "transferable":
            size = len(problem.actors)
            return divided_total(problem, NAME, np.full((1, size), 1.0 / size), {})
        case "split":
            return along_curve(problem, NAME, ideal_units=False)
    mask = egalitarian_mask(problem.utilities, problem.disagreement)[:, 0]
    return chosen(problem, mask, NAME, {})


def egalitarian_mask(utilities: FloatArray, disagreement: FloatArray) -> BoolArray:
    """Which agreements maximise the smallest gain, for a whole batch.

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
    >>> points = np.array([[0.0, 5.0, 10.0], [10.0, 6.0, 0.0]])[..., None]
    >>> egalitarian_mask(points, np.zeros((2, 1)))[:, 0]
    array([False,  True, False])
    """
    gains = gains_over(utilities, disagreement)
    size = gains.size
    smallest = least(gains.values * size[:, None], gains.ideal > 0.0)
    best = maximisers(smallest, gains.rational, RELATIVE * size.max(axis=0))
    return undominated(utilities, best)
