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

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.games.bargaining import BargainingProblem
from sim.results import Solution
from sim.solutions.bargaining._largest_least_gain import largest_least_gain, least_gain_mask


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
    return largest_least_gain(problem, "egalitarian", ideal_units=False)


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
    >>> import numpy as np
    >>> points = np.array([[0.0, 5.0, 10.0], [10.0, 6.0, 0.0]])[..., None]
    >>> egalitarian_mask(points, np.zeros((2, 1)))[:, 0]
    array([False,  True, False])
    """
    return least_gain_mask(utilities, disagreement, ideal_units=False)
