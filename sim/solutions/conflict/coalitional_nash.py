"""Coalitional Nash stability: no coalition has a joint improvement.

Definition. State ``s`` is stable for coalition ``H`` when no legal sequence of its members' moves ends
in a state that every member strictly prefers to ``s`` (Kilgour, Hipel, Fang & Peng 2001). It is an
equilibrium when it is stable for every coalition.

Array convention. As in :mod:`sim.solutions.conflict._coalitions`, one conflict at a time.
"""

from __future__ import annotations

from sim.games.conflict import Conflict
from sim.results import Solution
from sim.solutions.conflict._coalitions import coalitional_solution


def coalitional_nash(conflict: Conflict) -> Solution:
    """The equilibria of a conflict under coalitional Nash stability.

    No actor alone and no group together can leave for something that all its members prefer.
    :func:`~sim.solutions.conflict._coalitions.coalitional_solution` says what the record holds.

    Notes
    -----
    Source: [kilgour2001]_, in the notation of [inohara2008]_.

    Examples
    --------
    >>> import sim
    >>> dilemma = sim.loads("conflict: {options: {row: [C], column: [C]}, "
    ...                     "preferences: {row: [NY, YY, NN, YN], column: [YN, YY, NN, NY]}}")
    >>> [state.outcome for state in sim.solve(dilemma, "coalitional_nash")[0].members]
    []
    """
    return coalitional_solution("coalitional_nash", conflict)
