"""Sequential stability: every improvement meets a credible answer.

Definition. State ``s`` is SEQ stable for actor ``i`` when every improvement ``t`` in ``R_i+(s)``
has an answer ``u`` in ``R_{N-i}+(t)`` with ``u`` not preferred by ``i`` to ``s``: a legal
sequence in which every move is an improvement for whoever makes it (Fraser & Hipel 1984). It is
an equilibrium when it is stable for every actor.

Array convention. As in :mod:`sim.solutions.conflict._stable_states`, one conflict at a time.
"""

from __future__ import annotations

from sim.games.conflict import Conflict
from sim.results import Solution
from sim.solutions.conflict._stable_states import stability_solution


def seq(conflict: Conflict) -> Solution:
    """The sequentially stable equilibria of a conflict.

    An actor fears only answers that are in the interest of those who give them.
    :func:`~sim.solutions.conflict._stable_states.stability_solution` says what the record holds.

    Notes
    -----
    Source: [fraser1984]_, in the graph form of [fang1993]_.

    Examples
    --------
    >>> import sim
    >>> dilemma = sim.loads("conflict: {options: {row: [C], column: [C]}, "
    ...                     "preferences: {row: [NY, YY, NN, YN], column: [YN, YY, NN, NY]}}")
    >>> [state.outcome for state in sim.solve(dilemma, "seq")[0].members]
    ['NN', 'YY']
    """
    return stability_solution("seq", conflict)
