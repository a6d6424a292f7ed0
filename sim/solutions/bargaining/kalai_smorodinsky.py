"""The Kalai-Smorodinsky bargaining solution.

Definition. Actor ``i``'s ideal gain ``a_i`` is the largest that any individually rational
agreement gives it. The solution makes the smallest normalised gain ``min_i (u_i - d_i) / a_i`` as
large as it can be: where the Pareto frontier meets the line from the disagreement point to the
ideal point (Kalai and Smorodinsky 1975). On a finite set of agreements that line may meet nothing,
and the max-min of normalised gains is the definition; agreements that another one Pareto dominates
are never chosen. Over lotteries, gains above the smallest are raised in turn (the lexicographic
extension, Imai 1983), which matters with three or more actors only. Actors that cannot gain leave
the comparison. The solution does not depend on the units of any actor's payoffs.

Array convention. ``utilities`` has shape ``(actors, agreements, batch)``, ``disagreement`` has
shape ``(actors, batch)``, the mask of chosen agreements has shape ``(agreements, batch)``.
"""

from __future__ import annotations

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.games.bargaining import BargainingProblem
from sim.results import Solution
from sim.solutions.bargaining._largest_least_gain import largest_least_gain, least_gain_mask


def kalai_smorodinsky(problem: BargainingProblem) -> Solution:
    """The agreement at which the smallest share of an actor's ideal gain is largest.

    Parameters
    ----------
    problem
        A batch of one.

    Returns
    -------
    Solution
        All max-min agreements of a finite set; one member otherwise. ``extra`` holds the gains. Of a finite
        set every bargaining solution has the ideal point and the opposition among its ``parameters``
        ([baarslag2013]_), and this one shows them.
        Empty, with a note, when nothing is individually rational.

    Notes
    -----
    Source: [kalai1975]_; more than two actors: [imai1983]_.

    Examples
    --------
    >>> table = {"p": (0, 10), "q": (4, 8), "r": (10, 0)}
    >>> problem = BargainingProblem.from_table(table, disagreement=(0, 0), mode="lottery")
    >>> round(kalai_smorodinsky(problem).equilibria[0].payoffs["actor 1"], 9)
    5.714285714
    """
    return largest_least_gain(problem, "kalai_smorodinsky", ideal_units=True)


def kalai_smorodinsky_mask(utilities: FloatArray, disagreement: FloatArray) -> BoolArray:
    """Which agreements maximise the smallest normalised gain, for a whole batch.

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
    >>> import numpy as np
    >>> points = np.array([[0.0, 4.0, 10.0], [10.0, 8.0, 0.0]])[..., None]
    >>> kalai_smorodinsky_mask(points, np.zeros((2, 1)))[:, 0]
    array([False,  True, False])
    """
    return least_gain_mask(utilities, disagreement, ideal_units=True)
