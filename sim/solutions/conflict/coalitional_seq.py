"""Coalitional sequential stability: every joint improvement meets a credible answer.

Definition. State ``s`` is stable for coalition ``H`` when after every joint improvement ``t`` the actors
outside ``H`` reach a state that some member of ``H`` does not prefer to ``s``, by a legal sequence in
which every step is a joint improvement of some coalition among them and no coalition steps twice in a
row (Inohara & Hipel 2008). It is an equilibrium when it is stable for every coalition.

Array convention. As in :mod:`sim.solutions.conflict._coalitions`, one conflict at a time.
"""

from __future__ import annotations

from sim.games.conflict import Conflict
from sim.results import Solution
from sim.solutions.conflict._coalitions import coalitional_solution


def coalitional_seq(conflict: Conflict) -> Solution:
    """The equilibria of a conflict under coalitional sequential stability.

    A coalition fears only answers that are in the interest of those who give them, alone or together.
    :func:`~sim.solutions.conflict._coalitions.coalitional_solution` says what the record holds.

    Notes
    -----
    Source: [inohara2008]_.

    Examples
    --------
    >>> import sim
    >>> dilemma = sim.loads("conflict: {options: {row: [C], column: [C]}, "
    ...                     "preferences: {row: [NY, YY, NN, YN], column: [YN, YY, NN, NY]}}")
    >>> [state.outcome for state in sim.solve(dilemma, "coalitional_seq")[0].members]
    ['YY']
    """
    return coalitional_solution("coalitional_seq", conflict)
