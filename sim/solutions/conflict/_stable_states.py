"""What the four stability concepts of the graph model share: sanctions, equilibria, certificates.

Definition. A state is stable for an actor when every unilateral improvement from it is
*sanctioned*; the concepts differ in what the others may do to sanction (nothing, any legal
sequence of moves, one that cannot be escaped, or one of improvements only). It is an equilibrium
when stable for all.

Array convention. ``moves`` is ``(actors, states, states)``, ``ranks`` is ``(actors, states,
batch)``, and stability masks are boolean ``(actors, states, batch)``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from sim._kernels.graph_model import compose, improvements, joint_moves, not_better
from sim._kernels.tolerance import AnyArray, BoolArray
from sim.games.conflict import Conflict
from sim.results import Solution, StableState

Deterrents = Callable[[BoolArray, AnyArray, int], tuple[BoolArray, BoolArray]]
"""``(moves, ranks, actor)`` to ``answers`` and ``harm``, both ``(states, states, batch or 1)``:
``answers[t, u]``: the others can go from ``t`` to ``u``; ``harm[s, u]``: ``u`` deters leaving
``s``."""


def no_sanctions(moves: BoolArray, ranks: AnyArray, actor: int) -> tuple[BoolArray, BoolArray]:
    """Nash: the others do not answer, so nothing deters an improvement."""
    nothing: BoolArray = np.zeros((*moves.shape[1:], 1), dtype=np.bool_)
    return nothing, nothing


def any_sanctions(moves: BoolArray, ranks: AnyArray, actor: int) -> tuple[BoolArray, BoolArray]:
    """GMR: the others' legal sequences that leave the actor no better off than at the start."""
    return joint_moves(moves, _others(moves, actor))[..., None], not_better(ranks, actor)


def inescapable_sanctions(
    moves: BoolArray, ranks: AnyArray, actor: int
) -> tuple[BoolArray, BoolArray]:
    """SMR: sanctions after which no further move of the actor alone beats the start."""
    answers, harm = any_sanctions(moves, ranks, actor)
    return answers, harm & ~compose(~harm, moves[actor].T[..., None])


def credible_sanctions(
    moves: BoolArray, ranks: AnyArray, actor: int
) -> tuple[BoolArray, BoolArray]:
    """SEQ: sanctions by legal sequences in which every move improves the mover's own position."""
    answers = joint_moves(improvements(moves, ranks), _others(moves, actor))
    return answers, not_better(ranks, actor)


SANCTIONS: Mapping[str, Deterrents] = {
    "gmcr_nash": no_sanctions,
    "gmr": any_sanctions,
    "smr": inescapable_sanctions,
    "seq": credible_sanctions,
}
"""What the others may do to sanction, by concept of stability."""


def stable_states(concept: str, moves: BoolArray, ranks: AnyArray) -> BoolArray:
    """Which states are stable for whom, for a whole batch of preference profiles.

    Parameters
    ----------
    concept
        One of ``SANCTIONS``.
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
    >>> moves = np.array([[[False, True], [True, False]]])
    >>> stable_states("seq", moves, np.array([[[1, 1], [2, 1]]]))[0]
    array([[False,  True],
           [ True,  True]])
    """
    better = improvements(moves, ranks)
    out: BoolArray = np.empty(ranks.shape, dtype=np.bool_)
    for actor in range(ranks.shape[0]):
        answers, harm = SANCTIONS[concept](moves, ranks, actor)
        deterred = compose(harm, answers.swapaxes(0, 1))
        out[actor] = ~(better[actor] & ~deterred).any(axis=1)
    return out


def stability_solution(concept: str, conflict: Conflict) -> Solution:
    """The equilibria of one conflict under a concept of stability.

    Parameters
    ----------
    concept
        One of ``SANCTIONS``.
    conflict
        A batch of one.

    Returns
    -------
    Solution
        Every state that is stable for all, always exhaustive. Payoffs are ranks (1 is an actor's worst);
        ``parameters["stable"]`` lists every actor's stable states, ``sanctions`` of a member one sanction
        for each improvement that an actor has.
    """
    profile = conflict.profile()
    mask = stable_states(concept, conflict.moves, conflict.ranks)[..., 0]
    found = np.flatnonzero(mask.all(axis=0))
    per_actor = {
        actor: [conflict.states[s] for s in np.flatnonzero(mask[i])]
        for i, actor in enumerate(conflict.actors)
    }
    members = tuple(
        StableState(
            outcome=conflict.states[s],
            payoffs={a: float(profile[i, s]) for i, a in enumerate(conflict.actors)},
            extra={
                "stable_for": list(conflict.actors),
                "sanctions": _certificate(conflict, int(s), SANCTIONS[concept]),
            },
        )
        for s in found
    )
    return Solution(
        concept=concept,
        members=members,
        exhaustive=True,
        parameters={"stable": per_actor},
        note="" if members else "no state is stable for every actor",
    )


def _certificate(
    conflict: Conflict, state: int, deterrents: Deterrents
) -> Mapping[str, Mapping[str, str]]:
    """Per actor, each improvement from a stable state with a sanction that deters it."""
    better = improvements(conflict.moves, conflict.ranks)[:, state, :, 0]
    out = {}
    for i, actor in enumerate(conflict.actors):
        tempting = np.flatnonzero(better[i])
        if tempting.size:
            answers, harm = deterrents(conflict.moves, conflict.ranks, i)
            sanction = (answers[..., 0] & harm[None, state, :, 0]).argmax(axis=1)
            out[actor] = {conflict.states[t]: conflict.states[sanction[t]] for t in tempting}
    return out


def _others(moves: BoolArray, actor: int) -> list[int]:
    return [k for k in range(moves.shape[0]) if k != actor]
