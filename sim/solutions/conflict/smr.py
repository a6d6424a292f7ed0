"""Symmetric metarationality: every improvement can be punished, and the punishment not escaped.

Definition. State ``s`` is SMR stable for actor ``i`` when every improvement ``t`` in ``R_i+(s)``
has an answer ``u`` in ``R_{N-i}(t)`` with ``u``, and every ``v`` in ``R_i(u)``, not preferred by
``i`` to ``s`` (Howard 1971). It is an equilibrium when it is stable for every actor.

Array convention. As in :mod:`sim.solutions.conflict._stable_states`, one conflict at a time.
"""

from __future__ import annotations

from sim.games.conflict import Conflict
from sim.results import Solution
from sim.solutions.conflict._stable_states import stability_solution


def smr(conflict: Conflict) -> Solution:
    """The symmetric metarational equilibria of a conflict.

    A cautious actor also reckons with its own next move.
    :func:`~sim.solutions.conflict._stable_states.stability_solution` says what the record holds.

    Notes
    -----
    Source: [howard1971]_, in the graph form of [fang1993]_.

    Examples
    --------
    >>> import sim
    >>> dilemma = sim.loads("conflict: {options: {row: [C], column: [C]}, "
    ...                     "preferences: {row: [NY, YY, NN, YN], column: [YN, YY, NN, NY]}}")
    >>> [state.outcome for state in sim.solve(dilemma, "smr")[0].members]
    ['NN', 'YY']
    """
    return stability_solution("smr", conflict)
