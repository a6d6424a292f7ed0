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

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np

from sim._kernels.graph_model import joint_moves
from sim._kernels.tolerance import AnyArray, BoolArray
from sim.errors import TooLargeError
from sim.games.conflict import Conflict
from sim.results import Solution
from sim.solutions.conflict._stable_states import (
    Deterrents,
    any_sanctions,
    inescapable_sanctions,
    joint_improvements,
    no_sanctions,
    not_better_for_all,
    outside,
    sanctioned_solution,
    stable_for,
)

MAX_ACTORS = 6
"""Most actors whose coalitions are all looked at."""


def coalitions(actors: Sequence[int]) -> list[tuple[int, ...]]:
    """All coalitions of some actors, the smallest first.

    Examples
    --------
    >>> coalitions([0, 1])
    [(0,), (1,), (0, 1)]
    """
    return [h for size in range(1, len(actors) + 1) for h in combinations(actors, size)]


def _credible(
    moves: BoolArray, ranks: AnyArray, members: Sequence[int]
) -> tuple[BoolArray, BoolArray]:
    groups = coalitions(outside(moves, members))
    harm = not_better_for_all(ranks, members)
    if not groups:
        return np.zeros_like(harm), harm
    steps = np.stack([joint_improvements(moves, ranks, group) for group in groups])
    return joint_moves(steps, range(len(groups))), harm


SANCTIONS: Mapping[str, Deterrents] = {
    "coalitional_nash": no_sanctions,
    "coalitional_gmr": any_sanctions,
    "coalitional_smr": inescapable_sanctions,
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
    return stable_for(SANCTIONS[concept], moves, ranks, _all_coalitions(ranks.shape[0]))


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
    named = {
        " + ".join(conflict.actors[i] for i in members): members
        for members in _all_coalitions(len(conflict.actors))
    }
    return sanctioned_solution(concept, conflict, named, SANCTIONS[concept], "coalition")


def _all_coalitions(actors: int) -> list[tuple[int, ...]]:
    if actors > MAX_ACTORS:
        raise TooLargeError(
            f"{actors} actors make {2**actors - 1:,} coalitions; the limit for "
            f"coalitional stability is {MAX_ACTORS} actors"
        )
    return coalitions(range(actors))
