"""Coalitional symmetric metarationality: every joint improvement meets an inescapable answer.

Definition. State ``s`` is stable for coalition ``H`` when after every joint improvement ``t`` the actors
outside ``H`` reach, by some legal sequence of moves, a state from which neither staying nor any legal
sequence of moves of ``H`` is better than ``s`` for all its members (Inohara & Hipel 2008). It is an
equilibrium when it is stable for every coalition.

Array convention. As in :mod:`sim.solutions.conflict._coalitions`, one conflict at a time.
"""

from __future__ import annotations

from sim.games.conflict import Conflict
from sim.results import Solution
from sim.solutions.conflict._coalitions import coalitional_solution


def coalitional_smr(conflict: Conflict) -> Solution:
    """The equilibria of a conflict under coalitional symmetric metarationality.

    A cautious coalition also reckons with its own next moves.
    :func:`~sim.solutions.conflict._coalitions.coalitional_solution` says what the record holds.

    Notes
    -----
    Source: [inohara2008]_.

    Examples
    --------
    >>> import sim
    >>> dilemma = sim.loads("conflict: {options: {row: [C], column: [C]}, "
    ...                     "preferences: {row: [NY, YY, NN, YN], column: [YN, YY, NN, NY]}}")
    >>> [state.outcome for state in sim.solve(dilemma, "coalitional_smr")[0].members]
    ['YY']
    """
    return coalitional_solution("coalitional_smr", conflict)
