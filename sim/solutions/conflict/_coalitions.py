"""What the four coalitional stabilities share: joint improvements, sanctions by those outside.

Definition. A coalition ``H`` improves from ``s`` to ``t`` when its members reach ``t`` by a legal sequence of
their moves and every member strictly prefers ``t`` (Kilgour, Hipel, Fang & Peng 2001). A state is stable for
``H`` when every such improvement meets a *sanction* by the actors outside: a state that some member does
not prefer to ``s``. The concepts differ in what the others may do: nothing, any legal sequence of their
moves, one after which no move of ``H`` is better for all its members, or a legal sequence of improvements
of coalitions among the others, in which no coalition moves twice in a row (Inohara & Hipel 2008). A state
is an equilibrium when it is stable for every coalition, those of one actor among them.

For a coalition of one this is the individual concept, but for ``coalitional_seq`` with three or more
actors: there the others may also sanction together, so a state may be stable that is not SEQ stable.

Array convention. ``moves`` is ``(actors, states, states)``, ``ranks`` is ``(actors, states, batch)``, and
stability masks are boolean ``(coalitions, states, batch)``, the coalitions in the order of
:func:`coalitions`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

import numpy as np

from sim._kernels.graph_model import compose, joint_moves, not_better
from sim._kernels.tolerance import AnyArray, BoolArray
from sim.errors import TooLargeError
from sim.games.conflict import Conflict
from sim.results import Solution, StableState

MAX_ACTORS = 6
"""Most actors whose coalitions are all looked at."""

Deterrents = Callable[[BoolArray, AnyArray, Sequence[int]], tuple[BoolArray, BoolArray]]
"""``(moves, ranks, members)`` to ``answers`` and ``harm``, both ``(states, states, batch or 1)``:
``answers[t, u]``: those outside can go from ``t`` to ``u``; ``harm[s, u]``: ``u`` deters leaving ``s``."""


def coalitions(actors: Sequence[int]) -> list[tuple[int, ...]]:
    """All coalitions of some actors, the smallest first.

    Examples
    --------
    >>> coalitions([0, 1])
    [(0,), (1,), (0, 1)]
    """
    return [h for size in range(1, len(actors) + 1) for h in combinations(actors, size)]


def joint_improvements(moves: BoolArray, ranks: AnyArray, members: Sequence[int]) -> BoolArray:
    """The states that a coalition reaches and all its members prefer: ``(states, states, batch)``.

    Examples
    --------
    >>> moves = np.zeros((2, 3, 3), dtype=bool)
    >>> moves[0, 0, 1] = moves[1, 1, 2] = True
    >>> joint_improvements(moves, np.array([[[1], [0], [2]], [[1], [3], [2]]]), [0, 1])[0, :, 0]
    array([False, False,  True])
    """
    return np.asarray(joint_moves(moves, members)[..., None] & ~_not_better_for_all(ranks, members))


def _not_better_for_all(ranks: AnyArray, members: Sequence[int]) -> BoolArray:
    """Whether some member does not prefer ``t`` to ``s``."""
    return np.asarray(np.logical_or.reduce([not_better(ranks, i) for i in members]))


def _outside(moves: BoolArray, members: Sequence[int]) -> list[int]:
    return [k for k in range(moves.shape[0]) if k not in members]


def _none(moves: BoolArray, ranks: AnyArray, members: Sequence[int]) -> tuple[BoolArray, BoolArray]:
    nothing: BoolArray = np.zeros((*moves.shape[1:], 1), dtype=np.bool_)
    return nothing, nothing


def _any(moves: BoolArray, ranks: AnyArray, members: Sequence[int]) -> tuple[BoolArray, BoolArray]:
    answers = joint_moves(moves, _outside(moves, members))
    return answers[..., None], _not_better_for_all(ranks, members)


def _inescapable(
    moves: BoolArray, ranks: AnyArray, members: Sequence[int]
) -> tuple[BoolArray, BoolArray]:
    answers, harm = _any(moves, ranks, members)
    return answers, harm & ~compose(~harm, joint_moves(moves, members).T[..., None])


def _credible(
    moves: BoolArray, ranks: AnyArray, members: Sequence[int]
) -> tuple[BoolArray, BoolArray]:
    groups = coalitions(_outside(moves, members))
    harm = _not_better_for_all(ranks, members)
    if not groups:
        return np.zeros_like(harm), harm
    steps = np.stack([joint_improvements(moves, ranks, group) for group in groups])
    return joint_moves(steps, range(len(groups))), harm


SANCTIONS: Mapping[str, Deterrents] = {
    "coalitional_nash": _none,
    "coalitional_gmr": _any,
    "coalitional_smr": _inescapable,
    "coalitional_seq": _credible,
}
"""What those outside a coalition may do to sanction, by concept of stability."""


def coalitionally_stable(concept: str, moves: BoolArray, ranks: AnyArray) -> BoolArray:
    """Which states are stable for which coalition, for a whole batch of preference profiles.

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
        Shape ``(coalitions, states, batch)``.

    Raises
    ------
    TooLargeError
        Beyond ``MAX_ACTORS`` actors.

    Examples
    --------
    >>> moves = np.zeros((2, 3, 3), dtype=bool)
    >>> moves[0, 0, 1] = moves[1, 1, 2] = True
    >>> ranks = np.array([[[1], [0], [2]], [[1], [0], [2]]])
    >>> coalitionally_stable("coalitional_nash", moves, ranks)[:, 0, 0]
    array([ True,  True, False])
    """
    if ranks.shape[0] > MAX_ACTORS:
        raise TooLargeError(
            f"{ranks.shape[0]} actors make {2 ** ranks.shape[0] - 1:,} coalitions; the limit for "
            f"coalitional stability is {MAX_ACTORS} actors"
        )
    rows = []
    for members in coalitions(range(ranks.shape[0])):
        answers, harm = SANCTIONS[concept](moves, ranks, members)
        deterred = compose(harm, answers.swapaxes(0, 1))
        rows.append(~(joint_improvements(moves, ranks, members) & ~deterred).any(axis=1))
    return np.stack(rows)


def coalitional_solution(concept: str, conflict: Conflict) -> Solution:
    """The equilibria of one conflict under a concept of coalitional stability.

    Parameters
    ----------
    concept
        One of ``SANCTIONS``.
    conflict
        A batch of one.

    Returns
    -------
    Solution
        Every state that is stable for all coalitions, always exhaustive. Payoffs are ranks (1 is an actor's
        worst); ``parameters["stable"]`` lists every coalition's stable states, ``sanctions`` of a member one
        sanction for each improvement that a coalition has. A coalition is named by its members with plus
        signs between.
    """
    profile = conflict.profile()
    mask = coalitionally_stable(concept, conflict.moves, conflict.ranks)[..., 0]
    named = {
        " + ".join(conflict.actors[i] for i in members): members
        for members in coalitions(range(len(conflict.actors)))
    }
    found = np.flatnonzero(mask.all(axis=0))
    sanctions = _certificates(conflict, found, named, SANCTIONS[concept])
    members = tuple(
        StableState(
            outcome=conflict.states[s],
            payoffs={a: float(profile[i, s]) for i, a in enumerate(conflict.actors)},
            extra={"stable_for": list(named), "sanctions": sanctions[int(s)]},
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
                for name, row in zip(named, mask, strict=True)
            }
        },
        note="" if members else "no state is stable for every coalition",
    )


def _certificates(
    conflict: Conflict,
    stable: AnyArray,
    named: Mapping[str, tuple[int, ...]],
    deterrents: Deterrents,
) -> dict[int, dict[str, dict[str, str]]]:
    """Per stable state and coalition, each improvement with a sanction that deters it."""
    out: dict[int, dict[str, dict[str, str]]] = {int(s): {} for s in stable}
    for name, members in named.items():
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
