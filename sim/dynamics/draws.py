"""Which numbers are drawn, and one chunk of draws solved: the work of a forecast.

Array convention. A chunk holds draws on the last axis.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.dynamics.drawing import Model
from sim.dynamics.obstacles import obstacle_labels, obstacles
from sim.dynamics.outcome import AtDraws, Played, at_draws
from sim.dynamics.period import PeriodCompiler, PeriodGame
from sim.dynamics.played import play_world
from sim.dynamics.world import World
from sim.games.in_time.markov_bargaining import MarkovBargaining
from sim.solutions.markov.signed import chance_signed


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chunk:
    """What a chunk of draws gives; draws last.

    Parameters
    ----------
    by, static, certain, possible
        Chance of a treaty by the end of each period, ``(periods, draws)``: in equilibrium; when the static
        game is played each period; in every and in some subgame perfect equilibrium.
    window, still
        Chance to sign in a state, ``(states, draws)``: in equilibrium, and in the static game.
    deal
        The treaty that the recognised principals sign there, an index among the treaties, or -1.
    spent
        Expected periods in each state before a treaty, ``(states, draws)``.
    blocked
        Per period the weight of each obstacle, ``(periods, obstacles)``, summed over draws.
    answered, settled, closed, tied
        Per draw: whether its rates are chances; whether play repeats; whether the box of all equilibria
        closes; whether somebody is indifferent.
    several
        Per draw the number of pure Markov perfect equilibria where the box stays open, -1 where not counted.
    bounded
        Per draw whether ``certain`` and ``possible`` were computed.
    values
        The principals' values at the start, ``(principals, states, draws)``.
    kept, broken
        Chance that the first treaty has been handed over, or broken, by the end of each period, ``(periods,
        draws)``; without promises for later what is signed is handed over.
    """

    by: FloatArray
    static: FloatArray
    certain: FloatArray
    possible: FloatArray
    window: FloatArray
    still: FloatArray
    deal: IntArray
    spent: FloatArray
    blocked: FloatArray
    answered: BoolArray
    settled: BoolArray
    closed: BoolArray
    tied: BoolArray
    several: IntArray
    bounded: BoolArray
    values: FloatArray
    kept: FloatArray
    broken: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Solved:
    """A chunk of draws solved: its period games, what is played, and for which draws rates are chances."""

    period: PeriodGame
    found: Played
    legal: BoolArray


def solved(
    compiler: PeriodCompiler,
    world: World,
    drawn: Mapping[str, FloatArray],
    draws: int,
    *,
    thorough: bool = True,
) -> Solved:
    """Solve a chunk of draws, whatever the state in which the world starts.

    Bounds on all equilibria are computed, and these counted, only where ``thorough``.
    """
    course = world.course(drawn, draws)
    period = compiler.at(drawn, draws)
    found = play_world(compiler, period, course, drawn, draws, thorough=thorough)
    return Solved(period=period, found=found, legal=course.legal)


def solve_chunk(
    compiler: PeriodCompiler, world: World, drawn: Mapping[str, FloatArray], draws: int, start: int
) -> Chunk:
    """Solve one chunk of draws, the world starting in state ``start``."""
    whole = solved(compiler, world, drawn, draws)
    found, period, legal = whole.found, whole.period, whole.legal
    game, periods = found.game, world.dynamics.periods
    moves = found.course.still

    def by_year(signs: FloatArray | BoolArray) -> tuple[FloatArray, FloatArray]:
        return chance_signed(game, signs, start, periods, moves)

    by, before = by_year(found.signs)
    first = found.signs if found.signs.ndim == 3 else found.signs[0]
    labels = obstacle_labels(world, period.dispute)
    codes = obstacles(world, period, game, found.values, first > 0, found.static > 0)
    kept, broken = _handed_over(world, found, before, by)
    return Chunk(
        by=by,
        static=by_year(found.static)[0],
        certain=by_year(found.sure)[0],
        possible=by_year(found.may)[0],
        window=np.asarray((game.recognition * first).sum(axis=0)),
        still=np.asarray((game.recognition * found.static).sum(axis=0)),
        deal=found.deal,
        spent=before.sum(axis=0),
        blocked=_weights(game, codes, before, len(labels), legal),
        answered=legal & period.answered,
        settled=found.settled,
        closed=found.closed,
        tied=found.tied,
        several=found.several,
        bounded=np.full(draws, found.bounded),
        values=found.values,
        kept=kept,
        broken=broken,
    )


def played_at(model: Model, draws: IntArray) -> AtDraws:
    """What is played at some draws, in ascending order; nothing is said of other equilibria."""
    drawn = model.values_of(draws)
    return at_draws(solved(model.compiler, model.world, drawn, len(draws), thorough=False).found)


def chances(model: Model, first: int, last: int) -> tuple[FloatArray, BoolArray]:
    """Chances of a treaty by the end of each period, ``(periods, draws)``, and which draws have an answer.

    Of the stretch of draws from ``first`` to ``last``; nothing else is computed.
    """
    whole = solved(
        model.compiler, model.world, model.values(first, last), last - first, thorough=False
    )
    found, periods = whole.found, model.world.dynamics.periods
    moves = found.course.still
    by, _ = chance_signed(found.game, found.signs, model.start, periods, moves)
    return by, whole.legal & whole.period.answered


def _weights(
    game: MarkovBargaining, codes: IntArray, before: FloatArray, labels: int, legal: BoolArray
) -> FloatArray:
    """Per period how much of the mass without a treaty meets each obstacle, ``(periods, labels)``."""
    out = np.zeros((len(before), labels))
    chance = np.broadcast_to(game.recognition, codes.shape)
    for k in range(labels):
        share = (chance * (codes == k)).sum(axis=0)
        out[:, k] = ((before * share).sum(axis=1) * legal).sum(axis=1)
    return out


def _handed_over(
    world: World, found: Played, before: FloatArray, by: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Chances that what was signed first has been handed over, and broken, by the end of each period."""
    promise = world.dynamics.treaty.hand_over
    if promise is None or found.kept is None or found.later is None:
        return by, np.zeros_like(by)
    signed = before[:, None] * found.game.recognition * found.signs
    at_once = (signed * ~found.later).sum(axis=(1, 2))
    good = (signed * found.later * found.kept).sum(axis=(1, 2))
    bad = (signed * found.later * (1 - found.kept)).sum(axis=(1, 2))
    wait = np.zeros((min(promise.after, len(by)), by.shape[1]))
    good, bad = (np.concatenate([wait, x])[: len(by)] for x in (good, bad))
    return np.cumsum(at_once + good, axis=0), np.cumsum(bad, axis=0)
