"""What the stability concepts of the graph model share: sanctions, equilibria, certificates.

Definition. A state is stable for a group of actors (one actor, or a coalition) when every improvement that it
has from there is *sanctioned*; the concepts differ in what the others may do to sanction (nothing, any legal
sequence of moves, one that cannot be escaped, or one of improvements only). It is an equilibrium when stable
for all groups that the concept looks at.

Array convention. ``moves`` is ``(actors, states, states)``, ``ranks`` is ``(actors, states,
batch)``, and stability masks are boolean ``(groups, states, batch)``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from sim._kernels.graph_model import compose, improvements, joint_moves, not_better
from sim._kernels.tolerance import AnyArray, BoolArray, IntArray
from sim.games.conflict import Conflict
from sim.results import Solution, StableState

Deterrents = Callable[[BoolArray, AnyArray, Sequence[int]], tuple[BoolArray, BoolArray]]
"""``(moves, ranks, members)`` to ``answers`` and ``harm``, both ``(states, states, batch or 1)``:
``answers[t, u]``: those outside the group can go from ``t`` to ``u``; ``harm[s, u]``: ``u`` deters leaving
``s``."""
Sanctions = Mapping[str, Mapping[str, str]]
"""Per group and improvement, by names, the state that deters it."""


def joint_improvements(moves: BoolArray, ranks: AnyArray, members: Sequence[int]) -> BoolArray:
    """The states that a group reaches and all its members prefer: ``(states, states, batch)``.

    Examples
    --------
    >>> moves = np.zeros((2, 3, 3), dtype=bool)
    >>> moves[0, 0, 1] = moves[1, 1, 2] = True
    >>> joint_improvements(moves, np.array([[[1], [0], [2]], [[1], [3], [2]]]), [0, 1])[0, :, 0]
    array([False, False,  True])
    """
    return np.asarray(joint_moves(moves, members)[..., None] & ~not_better_for_all(ranks, members))


def not_better_for_all(ranks: AnyArray, members: Sequence[int]) -> BoolArray:
    """Whether some member does not prefer ``t`` to ``s``."""
    return np.asarray(np.logical_or.reduce([not_better(ranks, i) for i in members]))


def outside(moves: BoolArray, members: Sequence[int]) -> list[int]:
    """The actors that are not in a group."""
    return [k for k in range(moves.shape[0]) if k not in members]


def no_sanctions(
    moves: BoolArray, ranks: AnyArray, members: Sequence[int]
) -> tuple[BoolArray, BoolArray]:
    """Nash: the others do not answer, so nothing deters an improvement."""
    nothing: BoolArray = np.zeros((*moves.shape[1:], 1), dtype=np.bool_)
    return nothing, nothing


def any_sanctions(
    moves: BoolArray, ranks: AnyArray, members: Sequence[int]
) -> tuple[BoolArray, BoolArray]:
    """GMR: the others' legal sequences that leave some member no better off than at the start."""
    answers = joint_moves(moves, outside(moves, members))
    return answers[..., None], not_better_for_all(ranks, members)


def inescapable_sanctions(
    moves: BoolArray, ranks: AnyArray, members: Sequence[int]
) -> tuple[BoolArray, BoolArray]:
    """SMR: sanctions after which no further move of the group alone beats the start for all members."""
    answers, harm = any_sanctions(moves, ranks, members)
    return answers, harm & ~compose(~harm, joint_moves(moves, members).T[..., None])


def credible_sanctions(
    moves: BoolArray, ranks: AnyArray, members: Sequence[int]
) -> tuple[BoolArray, BoolArray]:
    """SEQ: sanctions by legal sequences in which every move improves the mover's own position."""
    answers = joint_moves(improvements(moves, ranks), outside(moves, members))
    return answers, not_better_for_all(ranks, members)


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
    return stable_for(SANCTIONS[concept], moves, ranks, _alone(ranks.shape[0]))


def stable_for(
    deterrents: Deterrents, moves: BoolArray, ranks: AnyArray, groups: Sequence[Sequence[int]]
) -> BoolArray:
    """Which states are stable for which of some groups, ``(groups, states, batch)``."""
    rows = []
    for members in groups:
        answers, harm = deterrents(moves, ranks, members)
        deterred = compose(harm, answers.swapaxes(0, 1))
        rows.append(~(joint_improvements(moves, ranks, members) & ~deterred).any(axis=1))
    return np.stack(rows)


def stability_solution(concept: str, conflict: Conflict) -> Solution:
    """The equilibria of one conflict under a concept of stability for single actors.

    Parameters
    ----------
    concept
        One of ``SANCTIONS``.
    conflict
        A batch of one.

    Returns
    -------
    Solution
        Every state that is stable for all, always exhaustive; see :func:`equilibria`.
    """
    groups = dict(zip(conflict.actors, _alone(len(conflict.actors)), strict=True))
    return sanctioned_solution(concept, conflict, groups, SANCTIONS[concept], "actor")


def sanctioned_solution(
    concept: str,
    conflict: Conflict,
    groups: Mapping[str, tuple[int, ...]],
    deterrents: Deterrents,
    group: str,
) -> Solution:
    """The equilibria of one conflict under a concept that names groups and what may deter them."""
    mask = stable_for(deterrents, conflict.moves, conflict.ranks, list(groups.values()))[..., 0]
    return equilibria(
        concept,
        conflict,
        dict(zip(groups, mask, strict=True)),
        lambda found: _certificates(conflict, found, groups, deterrents),
        group,
    )


def equilibria(
    concept: str,
    conflict: Conflict,
    stable: Mapping[str, BoolArray],
    sanctions: Callable[[IntArray], Mapping[int, Sanctions]],
    group: str = "actor",
) -> Solution:
    """The states that are stable for every group, with what keeps them so.

    Parameters
    ----------
    concept
        Of stability.
    conflict
        A batch of one.
    stable
        Per group whether each state is stable for it.
    sanctions
        From equilibria to their sanctions, one for each improvement that a group has.
    group
        What groups are, for the note.

    Returns
    -------
    Solution
        Always exhaustive. Payoffs are ranks (1 is an actor's worst); ``parameters["stable"]`` lists every
        group's stable states, ``sanctions`` of a member one sanction for each improvement.
    """
    profile = conflict.profile()
    found = np.flatnonzero(np.logical_and.reduce(list(stable.values())))
    known = sanctions(found)
    members = tuple(
        StableState(
            outcome=conflict.states[s],
            payoffs={a: float(profile[i, s]) for i, a in enumerate(conflict.actors)},
            extra={"stable_for": list(stable), "sanctions": known[int(s)]},
        )
        for s in found
    )
    return Solution(
        concept=concept,
        members=members,
        exhaustive=True,
        parameters={
            "stable": {
                name: [conflict.states[s] for s in np.flatnonzero(row)]
                for name, row in stable.items()
            }
        },
        note="" if members else f"no state is stable for every {group}",
    )


def _certificates(
    conflict: Conflict,
    stable: IntArray,
    groups: Mapping[str, Sequence[int]],
    deterrents: Deterrents,
) -> dict[int, dict[str, dict[str, str]]]:
    """Per stable state and group, each improvement with a sanction that deters it."""
    out: dict[int, dict[str, dict[str, str]]] = {int(s): {} for s in stable}
    for name, members in groups.items():
        better = joint_improvements(conflict.moves, conflict.ranks, members)[..., 0]
        if not better[stable].any():
            continue
        answers, harm = deterrents(conflict.moves, conflict.ranks, members)
        for s, known in out.items():
            sanction = (answers[..., 0] & harm[None, s, :, 0]).argmax(axis=1)
            tempting = np.flatnonzero(better[s])
            if tempting.size:
                known[name] = {conflict.states[t]: conflict.states[sanction[t]] for t in tempting}
    return out


def _alone(actors: int) -> list[tuple[int, ...]]:
    return [(k,) for k in range(actors)]
