"""Coalitional general metarationality: every joint improvement can be punished.

Definition. State ``s`` is stable for coalition ``H`` when after every joint improvement ``t`` the actors
outside ``H`` reach, by some legal sequence of moves, a state that some member of ``H`` does not prefer
to ``s`` (Inohara & Hipel 2008). It is an equilibrium when it is stable for every coalition.

Array convention. As in :mod:`sim.solutions.conflict._coalitions`, one conflict at a time.
"""

from __future__ import annotations

from sim.games.conflict import Conflict
from sim.results import Solution
from sim.solutions.conflict._coalitions import coalitional_solution


def coalitional_gmr(conflict: Conflict) -> Solution:
    """The equilibria of a conflict under coalitional general metarationality.

    A coalition fears everything that the others could do, in their interest or not.
    :func:`~sim.solutions.conflict._coalitions.coalitional_solution` says what the record holds.

    Notes
    -----
    Source: [inohara2008]_.

    Examples
    --------
    >>> import sim
    >>> dilemma = sim.loads("conflict: {options: {row: [C], column: [C]}, "
    ...                     "preferences: {row: [NY, YY, NN, YN], column: [YN, YY, NN, NY]}}")
    >>> [state.outcome for state in sim.solve(dilemma, "coalitional_gmr")[0].members]
    ['YY']
    """
    return coalitional_solution("coalitional_gmr", conflict)
