"""Simultaneous stability: every improvement may be spoilt by others who move at the same moment.

Definition. State ``s`` is SIM stable for actor ``i`` when for every improvement ``t`` in ``R_i+(s)`` one or
more others have improvements of their own from ``s`` such that, all these choices being changed together,
the state that results is not preferred by ``i`` to ``s`` (Fraser & Hipel 1984). Combinations that cannot
happen deter nobody. A state is an equilibrium when it is stable for every actor. The outcome of choices that
are changed together is defined by options (or moves made at once), so a conflict that lists its moves has
none.

Array convention. As in :mod:`sim.games.joint_choices`, one conflict at a time.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim._kernels.graph_model import improvements
from sim._kernels.tolerance import BoolArray
from sim.errors import NotDefinedError
from sim.games.conflict import Conflict
from sim.games.joint_choices import simultaneous_outcomes
from sim.results import Solution
from sim.solutions.conflict._stable_states import equilibria


def simultaneous(conflict: Conflict) -> Solution:
    """The simultaneously stable equilibria of a conflict.

    An actor fears that others move at the same moment, each for its own good.

    Parameters
    ----------
    conflict
        A batch of one whose states are made from options.

    Returns
    -------
    Solution
        Every state that is stable for all, always exhaustive. Payoffs are ranks (1 is an actor's worst);
        ``parameters["stable"]`` lists every actor's stable states, ``sanctions`` of a member what one
        simultaneous change makes of each improvement that an actor has.

    Raises
    ------
    NotDefinedError
        If the conflict lists its moves instead of options.

    Notes
    -----
    Source: [fraser1984]_, in the graph form of [fang1993]_.

    Examples
    --------
    >>> import sim
    >>> dilemma = sim.loads("conflict: {options: {row: [C], column: [C]}, "
    ...                     "preferences: {row: [NY, YY, NN, YN], column: [YN, YY, NN, NY]}}")
    >>> [state.outcome for state in sim.solve(dilemma, "simultaneous")[0].members]
    ['NN', 'YY']
    """
    stable, spoilt = _sanctions(conflict)
    return equilibria(
        "simultaneous",
        conflict,
        dict(zip(conflict.actors, stable, strict=True)),
        lambda found: {int(s): _named(conflict, spoilt, int(s)) for s in found},
    )


def _named(
    conflict: Conflict, spoilt: Mapping[tuple[int, int], Mapping[int, int]], state: int
) -> dict[str, dict[str, str]]:
    """The sanctions at a state, by names; actors without an improvement are left out."""
    return {
        actor: {conflict.states[t]: conflict.states[u] for t, u in spoilt[i, state].items()}
        for i, actor in enumerate(conflict.actors)
        if spoilt[i, state]
    }


def _sanctions(
    conflict: Conflict,
) -> tuple[BoolArray, Mapping[tuple[int, int], Mapping[int, int]]]:
    """Who is content where, ``(actors, states)``; per actor and state the sanctions of improvements."""
    if conflict.state_of is None:
        raise NotDefinedError(
            "simultaneous stability is defined by options: this conflict lists its moves, which do not "
            "say what comes of two moves made at once"
        )
    improving = improvements(conflict.moves, conflict.ranks)[..., 0]
    profile = conflict.profile()
    stable: BoolArray = np.empty(profile.shape, dtype=np.bool_)
    spoilt: dict[tuple[int, int], dict[int, int]] = {}
    for i, s in np.ndindex(profile.shape):
        tempting = np.flatnonzero(improving[i, s])
        found: dict[int, int] = {}
        if tempting.size:
            ends = simultaneous_outcomes(conflict.state_of, improving, i, s)
            ends &= profile[i] <= profile[i, s]
            found = {int(t): int(ends[t].argmax()) for t in tempting if ends[t].any()}
        stable[i, s] = len(found) == tempting.size
        spoilt[i, s] = found
    return stable, spoilt
