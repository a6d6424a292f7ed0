"""Nash stability in the graph model: no actor has a unilateral improvement.

Definition. State ``s`` is Nash stable for actor ``i`` when ``R_i+(s)`` is empty.
It is an equilibrium when it is stable for every actor.

Array convention. ``moves`` is ``(actors, states, states)``, ``ranks`` and masks are
``(actors, states, batch)``: a sweep solves many preference profiles on one graph at once.
"""

from __future__ import annotations

from sim._kernels.tolerance import AnyArray, BoolArray
from sim.games.conflict import Conflict
from sim.results import Solution
from sim.solutions.conflict._stability import no_sanctions, stability_solution, stable


def gmcr_nash(conflict: Conflict) -> Solution:
    """The Nash equilibria of a conflict in graph form.

    Parameters
    ----------
    conflict
        A batch of one.

    Returns
    -------
    Solution
        Every stable state; no actor has a move that it prefers.
        Always exhaustive. Payoffs are ranks (1 is an actor's worst); ``parameters["stable"]`` lists
        every actor's stable states; ``extra["sanctions"]`` names a sanction for each improvement.

    Notes
    -----
    Source: [nash1951]_, in the graph form of [fang1993]_.

    Examples
    --------
    >>> row, column = [[2], [3], [0], [1]], [[1], [0], [3], [2]]
    >>> dilemma = Conflict.from_lists(
    ...     ["row", "column"], ["CC", "CD", "DC", "DD"],
    ...     [[[k in to for k in range(4)] for to in actor] for actor in (row, column)],
    ...     [["DC", "CC", "DD", "CD"], ["CD", "CC", "DD", "DC"]],
    ... )
    >>> [e.outcome for e in gmcr_nash(dilemma).equilibria]
    ['DD']
    """
    return stability_solution("gmcr_nash", conflict, no_sanctions)


def gmcr_nash_mask(moves: BoolArray, ranks: AnyArray) -> BoolArray:
    """Which states are stable for whom, for a whole batch of preference profiles.

    Parameters
    ----------
    moves
        Boolean, shape ``(actors, states, states)``.
    ranks
        Shape ``(actors, states, batch)``; higher is better, ties are indifferent.

    Returns
    -------
    ndarray of bool
        Shape ``(actors, states, batch)``.

    Examples
    --------
    >>> import numpy as np
    >>> moves = np.array([[[False, True], [True, False]]])
    >>> gmcr_nash_mask(moves, np.array([[[1, 1], [2, 1]]]))[0]
    array([[False,  True],
           [ True,  True]])
    """
    return stable(moves, ranks, no_sanctions)
