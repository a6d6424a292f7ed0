"""What is played in every state of a chunk of draws, whichever form the period game has.

Definition. A game that is one offer with its replies has a path of its own, on arrays of deals
(:mod:`sim.solutions.markov`), and bounds on every subgame perfect equilibrium. Any other game is played stage
by stage (:mod:`sim.dynamics.stage_path`); bounds are then known only where there is a last year.

Array convention. Draws last; ``signs`` and its like ``(proposers, states, draws)``, with the period first
where there is a last year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.dynamics.by_year.play import play_by_year
from sim.dynamics.outcome import (
    Played,
    ever_open,
    last_period,
    numbers_of,
    signed_deals,
    static_signs,
)
from sim.dynamics.period import PeriodCompiler, PeriodGame
from sim.dynamics.promises import Promises, check_promises
from sim.dynamics.stage_path import StageWorld, stage_backward, stage_iterate
from sim.dynamics.treaty_values import bargaining_of, undominated
from sim.dynamics.world import Course, World
from sim.games.in_time.markov_bargaining import MarkovBargaining
from sim.solutions.markov.equilibrium_box import equilibrium_box
from sim.solutions.markov.perfect import Horizon, backward, iterate
from sim.solutions.markov.pure_stationary import pure_stationary

COUNTED, MOST_POLICIES = 25, 3_000
"""Draws whose equilibria are counted, and most pure policies that are gone through for each."""


def play_world(
    compiler: PeriodCompiler,
    period: PeriodGame,
    course: Course,
    drawn: Mapping[str, FloatArray],
    draws: int,
    *,
    thorough: bool = True,
) -> Played:
    """Play a chunk of draws; only where ``thorough`` with bounds on all equilibria."""
    world = compiler.world
    check_promises(world, compiler.plain)
    if not course.steady:
        return play_by_year(compiler, period, course, drawn, draws)
    transition, under = course.still[0], course.under[0]
    whole = bargaining_of(world, period, transition, drawn, under=under)
    if world.dynamics.treaty.hand_over is not None:
        return _by_promises(world, period, course, whole, drawn)
    if compiler.plain:
        return _by_offers(world, period, course, whole, drawn, thorough=thorough)
    zero = np.zeros((whole.principals, 1))
    still = bargaining_of(world, period, transition, drawn, discount=zero, under=under)
    ahead = StageWorld(compiler, drawn, draws, period, whole)
    return _by_stages(world, course, ahead, StageWorld(compiler, drawn, draws, period, still))


def _by_offers(
    world: World,
    period: PeriodGame,
    course: Course,
    whole: MarkovBargaining,
    drawn: Mapping[str, FloatArray],
    *,
    thorough: bool,
) -> Played:
    game, which = undominated(whole)
    draws, last = whole.batch, last_period(world)
    if last is None:
        found = iterate(game)
        values, signs, deal = found.period.values, found.period.signs, found.period.deal
        settled, tied = found.settled, np.asarray(found.period.tied.any(axis=(0, 1)))
        sure, may, closed, several = _bounds(game, signs, thorough=thorough)
    else:
        kind, strict = backward(game, last), backward(game, last, favour=False)
        values, deal = kind.values[0], kind.deal[0]
        signs, sure, may = (_cut(x, world.dynamics.periods) for x in _selections(kind, strict))
        settled = np.ones(draws, dtype=np.bool_)
        tied = kind.ties > 0
        closed = (kind.signs == strict.signs).all(axis=(0, 1, 2))
        several = np.full(draws, -1, dtype=np.int64)
    first = signs if signs.ndim == 3 else signs[0]
    return Played(
        game=whole,
        course=course,
        values=values,
        signs=signs,
        static=static_signs(world, period, whole, drawn),
        sure=sure,
        may=may,
        deal=signed_deals(first, deal, which),
        bounded=thorough or last is not None,
        settled=settled,
        closed=closed,
        tied=tied,
        several=several,
    )


def _by_promises(
    world: World,
    period: PeriodGame,
    course: Course,
    whole: MarkovBargaining,
    drawn: Mapping[str, FloatArray],
) -> Played:
    """Treaties that are handed over later: what they are worth depends on what follows a breach."""
    some = ever_open(whole)
    found = Promises(world, period, whole, drawn, some, moves=(course.under[0],)).iterate()
    now = found.period
    named = np.take_along_axis(found.kept, now.deal, axis=0)
    nothing = np.zeros(now.signs.shape, dtype=np.bool_)
    return Played(
        game=_with_promises(world, period, course, whole, drawn, now.values),
        course=course,
        values=now.values,
        signs=now.signs,
        static=static_signs(world, period, whole, drawn),
        sure=nothing,
        may=~nothing,
        deal=signed_deals(now.signs, now.deal, numbers_of(some, whole)),
        bounded=False,
        settled=found.settled,
        closed=np.zeros(whole.batch, dtype=np.bool_),
        tied=np.asarray(now.tied.any(axis=(0, 1))),
        several=np.full(whole.batch, -1, dtype=np.int64),
        kept=named,
        later=found.later[now.deal],
    )


def game_played(
    compiler: PeriodCompiler,
    period: PeriodGame,
    course: Course,
    drawn: Mapping[str, FloatArray],
    values: FloatArray,
) -> MarkovBargaining:
    """The game of :func:`play_world` where values are known, in a world whose chances do not change."""
    world = compiler.world
    whole = bargaining_of(world, period, course.still[0], drawn, under=course.under[0])
    if world.dynamics.treaty.hand_over is None:
        return whole
    return _with_promises(world, period, course, whole, drawn, values)


def _with_promises(
    world: World,
    period: PeriodGame,
    course: Course,
    whole: MarkovBargaining,
    drawn: Mapping[str, FloatArray],
    values: FloatArray,
) -> MarkovBargaining:
    """The game in which treaties are worth what is made of their promises."""
    promises = Promises(world, period, whole, drawn, moves=(course.under[0],))
    return replace(whole, deals=promises.worth(values)[0])


def _selections(kind: Horizon, strict: Horizon) -> tuple[BoolArray, BoolArray, BoolArray]:
    return kind.signs, kind.signs & strict.signs, kind.signs | strict.signs


def _cut(signs: np.ndarray, periods: int) -> np.ndarray:
    """Signatures of the reported periods: none after the last one."""
    if len(signs) >= periods:
        return signs[:periods]
    none = np.zeros((periods - len(signs), *signs.shape[1:]), dtype=signs.dtype)
    return np.concatenate([signs, none])


def _bounds(
    game: MarkovBargaining, signs: BoolArray, *, thorough: bool
) -> tuple[BoolArray, BoolArray, BoolArray, IntArray]:
    """What is surely and possibly signed, where the box closes, and how many pure equilibria there are.

    They are counted in the first draws whose box stays open; where not ``thorough`` nothing is known.
    """
    several = np.full(game.batch, -1, dtype=np.int64)
    if not thorough:
        nothing = np.zeros(signs.shape, dtype=np.bool_)
        return nothing, ~nothing, np.zeros(game.batch, dtype=np.bool_), several
    box = equilibrium_box(game)
    closed = box.closed(game.scales)
    for draw in np.flatnonzero(~closed)[:COUNTED]:
        found = pure_stationary(game, int(draw), box, most=MOST_POLICIES)
        if found.exhaustive:
            several[draw] = len(found.values)
    return box.surely, box.possibly, closed, several


def _by_stages(world: World, course: Course, stages: StageWorld, still: StageWorld) -> Played:
    """The same for a game of any stages; who proposes is the first principal that is recognised."""
    game, last = stages.bargaining, last_period(world)
    nothing = np.zeros(game.refuse.shape)
    chance = (np.asarray(game.recognition) > 0).astype(float)

    def by_proposer(signs: FloatArray) -> FloatArray:
        return np.broadcast_to(chance * signs, (game.principals, *signs.shape))

    static = by_proposer(still.play(nothing, nothing).signs)
    if last is None:
        now, settled = stage_iterate(stages)
        signs = by_proposer(now.signs)
        sure, may = np.zeros_like(signs), np.ones_like(signs)
        tied = np.asarray(now.several.any(axis=0))
        closed = np.zeros(game.batch, dtype=np.bool_)
    else:
        kind, strict = stage_backward(stages, last), stage_backward(stages, last, favour=False)
        now = kind[0]
        signs, least = (
            _cut(np.stack([by_proposer(x.signs) for x in c]), world.dynamics.periods)
            for c in (kind, strict)
        )
        sure, may = np.minimum(signs, least), np.maximum(signs, least)
        settled = np.asarray(np.stack([x.solved.all(axis=0) for x in kind]).all(axis=0))
        tied = np.asarray(np.stack([x.several.any(axis=0) for x in kind]).any(axis=0))
        closed = (signs == least).all(axis=(0, 1, 2))
    return Played(
        game=game,
        course=course,
        values=now.values,
        signs=signs,
        static=static,
        sure=sure,
        may=may,
        deal=now.deal,
        bounded=last is not None,
        settled=settled,
        closed=closed,
        tied=tied,
        several=np.full(game.batch, -1, dtype=np.int64),
    )
