"""General metarationality: every improvement can be punished by the others.

Definition. State ``s`` is GMR stable for actor ``i`` when every improvement ``t`` in ``R_i+(s)``
has an answer ``u`` in ``R_{N-i}(t)`` with ``u`` not preferred by ``i`` to ``s`` (Howard 1971).
The others answer by any legal sequence of moves, also to their own cost. It is an equilibrium
when it is stable for every actor.

Array convention. ``moves`` is ``(actors, states, states)``, ``ranks`` and masks are
``(actors, states, batch)``: a sweep solves many preference profiles on one graph at once.
"""

from __future__ import annotations

from sim._kernels.tolerance import AnyArray, BoolArray
from sim.games.conflict import Conflict
from sim.results import Solution
from sim.solutions.conflict._stability import any_sanctions, stability_solution, stable


def gmr(conflict: Conflict) -> Solution:
    """The general metarational equilibria of a conflict.

    Parameters
    ----------
    conflict
        A batch of one.

    Returns
    -------
    Solution
        A cautious actor that fears any answer; ties count as no improvement.
        Always exhaustive. Payoffs are ranks (1 is an actor's worst); ``parameters["stable"]`` lists
        every actor's stable states; ``extra["sanctions"]`` names a sanction for each improvement.

    Notes
    -----
    Source: [howard1971]_, in the graph form of [fang1993]_.

    Examples
    --------
    >>> row, column = [[2], [3], [0], [1]], [[1], [0], [3], [2]]
    >>> dilemma = Conflict.from_lists(
    ...     ["row", "column"], ["CC", "CD", "DC", "DD"],
    ...     [[[k in to for k in range(4)] for to in actor] for actor in (row, column)],
    ...     [["DC", "CC", "DD", "CD"], ["CD", "CC", "DD", "DC"]],
    ... )
    >>> [e.outcome for e in gmr(dilemma).equilibria]
    ['CC', 'DD']
    """
    return stability_solution("gmr", conflict, any_sanctions)


def gmr_mask(moves: BoolArray, ranks: AnyArray) -> BoolArray:
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
    >>> gmr_mask(moves, np.array([[[1, 1], [2, 1]]]))[0]
    array([[False,  True],
           [ True,  True]])
    """
    return stable(moves, ranks, any_sanctions)
