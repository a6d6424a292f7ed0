"""A dispute in strategic form as a conflict in graph form.

Definition. Where all moves of a game are made at once, a *state* is a profile of moves, named by their
labels. Every actor moves alone along its own axis, from any of its choices to any other, and prefers
states by its payoffs there, payoffs within the tolerance being equal (Fang, Hipel & Kilgour 1993).

Array convention. Moves have shape ``(actors, states, states)``, ranks ``(actors, states, batch)``.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np

from sim._kernels.graph_model import ordinal_ranks
from sim._kernels.tolerance import BoolArray
from sim.errors import NotDefinedError, TooLargeError, UsageError, suggest
from sim.games.conflict import Conflict
from sim.games.outcomes import outcomes_of
from sim.games.stages import StageGame
from sim.payoffs import Batch

MAX_STATES = 400
"""States that a dispute seen as a conflict may have."""


def conflict_of_stages(game: StageGame, batch: Batch) -> Conflict:
    """The conflict that a strategic dispute is at a chunk of points, one preference profile each.

    Parameters
    ----------
    game
        A stage game of one simultaneous stage in which every actor moves once.
    batch
        The game's dispute at some points.

    Raises
    ------
    NotDefinedError
        If the game has several stages, or an actor moves twice.
    TooLargeError
        Beyond ``MAX_STATES`` states.
    """
    require_graph(game)
    count = game.leaf_agreement.size
    if count > MAX_STATES:
        raise TooLargeError(
            f"the conflict has {count:,} states, the limit is {MAX_STATES}; narrow the menu of a demand"
        )
    actors = tuple(axis.actor for axis in game.axes)
    outcomes = outcomes_of(game, batch, actors)
    payoffs = np.stack([outcomes.payoffs[a][outcomes.leaf.reshape(-1)] for a in actors])
    sizes = np.stack([outcomes.magnitudes[a][outcomes.leaf.reshape(-1)] for a in actors])
    payoffs, sizes = (np.broadcast_to(x, (*x.shape[:2], batch.size)) for x in (payoffs, sizes))
    return Conflict(
        actors=actors,
        states=tuple(state_names(game)),
        moves=_moves(game.shape),
        ranks=ordinal_ranks(payoffs, sizes),
        title=game.dispute.scenario.title,
        state_of=np.arange(count).reshape(game.shape),
    )


def require_graph(game: StageGame) -> None:
    """Refuse a game that is not a conflict in graph form."""
    actors = [axis.actor for axis in game.axes]
    if not game.simultaneous or len(set(actors)) < len(actors):
        raise NotDefinedError(
            "stability of states is defined where all moves are made at once and every actor moves "
            "once; 'game: strategic' makes all moves at once"
        )


def state_names(game: StageGame) -> Iterator[str]:
    """The names of all states in the order of the leaves: labels of moves, with commas between."""
    return (", ".join(labels) for labels in product(*(axis.labels for axis in game.axes)))


def state_of(game: StageGame, name: str) -> int:
    """Number of the state that a text names.

    Raises
    ------
    NotDefinedError
        If the game is not a conflict in graph form.
    UsageError
        If there is no such state.
    """
    require_graph(game)
    wanted = "".join(name.split())
    for number, known in enumerate(state_names(game)):
        if "".join(known.split()) == wanted:
            return number
    quoted = [f"'{known}'" for known in state_names(game)]
    near = suggest(name, [known.strip("'") for known in quoted])
    if "did you mean" not in near:
        near = f"; legal: {'; '.join(quoted[:12])}" + ("; ..." if len(quoted) > 12 else "")
    raise UsageError(f"no state '{name}'{near}")


def _moves(shape: tuple[int, ...]) -> BoolArray:
    """From every state to those that differ in one actor's choice alone."""
    choice = np.stack(np.unravel_index(np.arange(int(np.prod(shape))), shape))
    same = choice[:, :, None] == choice[:, None, :]
    others = [np.delete(same, k, axis=0).all(axis=0) for k in range(len(shape))]
    return np.asarray(np.stack(others) & ~same)
