"""Nash stability in the graph model: no actor has a unilateral improvement.

Definition. State ``s`` is Nash stable for actor ``i`` when ``R_i+(s)`` is empty.
It is an equilibrium when it is stable for every actor.

Array convention. As in :mod:`sim.solutions.conflict._stable_states`, one conflict at a time.
"""

from __future__ import annotations

from sim.games.conflict import Conflict
from sim.results import Solution
from sim.solutions.conflict._stable_states import stability_solution


def gmcr_nash(conflict: Conflict) -> Solution:
    """The Nash equilibria of a conflict in graph form.

    No actor has a move that it prefers.
    :func:`~sim.solutions.conflict._stable_states.stability_solution` says what the record holds.

    Notes
    -----
    Source: [nash1951]_, in the graph form of [fang1993]_.

    Examples
    --------
    >>> import sim
    >>> dilemma = sim.loads("conflict: {options: {row: [C], column: [C]}, "
    ...                     "preferences: {row: [NY, YY, NN, YN], column: [YN, YY, NN, NY]}}")
    >>> [state.outcome for state in sim.solve(dilemma, "gmcr_nash")[0].members]
    ['NN']
    """
    return stability_solution("gmcr_nash", conflict)
