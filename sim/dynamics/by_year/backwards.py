"""The bargaining game of every reported period, the last one first, where chances to move change.

Definition. Up to the last reported period the chances to move are those of its year; from there on they stay
as they are. A treaty that is in force from period ``t`` on is worth, without what counts once,

    L_t(a) = (1 - d) flow(a) + d Q_t L_(t+1)(a),

``Q_t`` being the chances under a treaty.

Array convention. As in :mod:`sim.games.in_time.markov_bargaining`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.dynamics.period import PeriodGame, signable
from sim.dynamics.world import Course, World
from sim.games.in_time.markov_bargaining import MarkovBargaining
from sim.solutions.markov.perfect import continuation


def backwards(
    world: World, period: PeriodGame, whole: MarkovBargaining, course: Course
) -> Iterator[tuple[int, MarkovBargaining]]:
    """The game of every reported period, the last one first."""
    treaty = signable(period.dispute)
    factors = whole.discount[:, None, None, :]
    flow, once = (1 - factors) * period.flow[:, treaty], period.once[:, treaty]
    lasting = whole.deals - once
    for t in reversed(range(world.dynamics.periods)):
        lasting = flow + factors * _moved(course.at(t, signed=True), lasting)
        yield t, replace(whole, deals=lasting + once, transition=course.at(t))


def nothing_signed(game: MarkovBargaining, later: FloatArray) -> FloatArray:
    """Values at the start of a period in which nothing can be signed any more."""
    chance = np.broadcast_to(game.recognition, game.refuse.shape)
    return np.asarray(np.einsum("psb,pisb->isb", chance, game.wait) + continuation(game, later))


def _moved(moves: FloatArray, amounts: FloatArray) -> FloatArray:
    """Expectation of ``(principals, treaties, states, draws)`` over the next state."""
    if moves.shape[2] == 1:
        return np.asarray(np.einsum("st,iatd->iasd", moves[..., 0], amounts))
    return np.asarray(np.einsum("std,iatd->iasd", moves, amounts))
