"""What stands in the way of a signature, state by state, without comparing units.

Definition. Where nothing is signed in a state, an actor is *lifted* when its constraints and its own gain
are set aside. If the static game would sign, somebody **waits**. Otherwise the obstacle is *only A* when
lifting A alone makes some treaty possible and lifting nobody else does; *either of several* when several
would each do; *several at once* when no single one does.

Array convention. Codes have shape ``(proposers, states, draws)``: indices into ``labels``.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray, IntArray
from sim.dynamics.period import PeriodGame, needed, signable
from sim.dynamics.world import World
from sim.games.in_time.markov_bargaining import MarkovBargaining
from sim.payoffs import Dispute
from sim.solutions.markov.perfect import continuation

SIGNED, WAITS, EITHER, SEVERAL = "signed", "somebody waits", "either of several", "several at once"


def obstacle_labels(world: World, dispute: Dispute) -> tuple[str, ...]:
    """What the codes mean."""
    owners = dict.fromkeys(
        [*world.scenario.document.principals, *(c.actor for c in dispute.constraints)]
    )
    return (SIGNED, WAITS, EITHER, SEVERAL, *(f"only {actor}" for actor in owners))


def obstacles(
    world: World,
    period: PeriodGame,
    game: MarkovBargaining,
    values: FloatArray,
    signs: BoolArray,
    static: BoolArray,
) -> IntArray:
    """What stands in the way, by proposer, state and draw.

    Parameters
    ----------
    world, period, game
        The model at a chunk of draws.
    values
        Equilibrium values, ``(principals, states, draws)``.
    signs, static
        Whether a treaty is signed in equilibrium, and in the static game.
    """
    labels = obstacle_labels(world, period.dispute)
    ahead = continuation(game, values)
    out = np.full(signs.shape, labels.index(SEVERAL), dtype=np.int64)
    for p in range(game.principals):
        possible = np.stack(
            [_lifted(world, period, game, ahead, p, word[5:]) for word in labels[4:]]
        )
        count = possible.sum(axis=0)
        out[p] = np.where(count == 1, 4 + possible.argmax(axis=0), out[p])
        out[p] = np.where(count > 1, labels.index(EITHER), out[p])
    out = np.where(static, labels.index(WAITS), out)
    return np.where(signs, labels.index(SIGNED), out)


def _lifted(
    world: World,
    period: PeriodGame,
    game: MarkovBargaining,
    ahead: FloatArray,
    p: int,
    actor: str,
) -> BoolArray:
    """Where some treaty could be signed if one actor's constraints and gain were set aside."""
    fine = np.ones(game.open.shape, dtype=np.bool_)
    treaty = signable(period.dispute)
    for constraint in period.dispute.constraints:
        if constraint.actor != actor and constraint.rung in needed(world):
            fine &= period.met[constraint.label][treaty]
    for r, name in enumerate(world.scenario.document.principals):
        if name == actor:
            continue
        reserve = (game.wait[p, p] if r == p else game.refuse[r]) + ahead[r]
        fine &= game.deals[r] >= reserve - RELATIVE * game.scales[r]
    return np.asarray(fine.any(axis=0))
