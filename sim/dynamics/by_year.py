"""Play where chances to move change from year to year: backward induction from where they no longer do.

Definition. Up to the last reported period the chances to move are those of its year; from there on they stay
as they are, so that what follows is a stationary game (or nothing, after a last year). From its equilibrium
values, and from bounds on those of all subgame perfect equilibria, the periods before it are played
backwards, a treaty being worth what the years to come make of it:

    L_t(a) = (1 - d) flow(a) + d Q_t L_(t+1)(a).

Array convention. As in :mod:`sim.games.in_time.markov_bargaining`; periods first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.dynamics.outcome import Played, last_period, signed_deals, static_signs
from sim.dynamics.period import PeriodCompiler, PeriodGame, signable
from sim.dynamics.treaty_values import bargaining_of, undominated
from sim.dynamics.world import Course, World
from sim.errors import UsageError
from sim.games.in_time.markov_bargaining import MarkovBargaining
from sim.solutions.markov.equilibrium_box import equilibrium_box, tighten
from sim.solutions.markov.perfect import continuation, iterate, play_period, without_deals


def play_by_year(
    compiler: PeriodCompiler, period: PeriodGame, course: Course, drawn: Mapping[str, FloatArray]
) -> Played:
    """Play a chunk of draws in a world whose chances to move change.

    Raises
    ------
    UsageError
        If the game is not one offer with its replies, or treaties promise something for later.
    """
    world = compiler.world
    _check(world, plain=compiler.plain)
    last, periods = last_period(world), world.dynamics.periods
    end = course.at(periods)
    whole = bargaining_of(world, period, end, drawn, under=course.at(periods, signed=True))
    values, low, high, settled = _afterwards(whole, ends=last is not None)
    tied = np.zeros(whole.batch, dtype=np.bool_)
    signs: list[BoolArray] = []
    sure: list[BoolArray] = []
    may: list[BoolArray] = []
    none = np.zeros(values.shape, dtype=np.bool_)
    for t, now_whole in _backwards(world, period, whole, course):
        if last is not None and t >= last:
            values = low = high = _nothing_signed(now_whole, values)
            signs, sure, may = [none, *signs], [none, *sure], [none, *may]
            continue
        game, which = undominated(now_whole)
        now = play_period(game, values)
        low, high, (surely, possibly, _, _) = tighten(game, low, high, free=False)
        values = now.values
        tied |= now.tied.any(axis=(0, 1))
        signs, sure, may = [now.signs, *signs], [surely, *sure], [possibly, *may]
    return Played(
        game=now_whole,
        course=course,
        values=values,
        signs=np.stack(signs),
        static=static_signs(world, period, whole, drawn),
        sure=np.stack(sure),
        may=np.stack(may),
        deal=signed_deals(now.signs, now.deal, which),
        bounded=True,
        settled=settled,
        closed=_same(sure, may),
        tied=tied,
        several=np.full(whole.batch, -1, dtype=np.int64),
    )


def _check(world: World, *, plain: bool) -> None:
    """Refuse chances that change in games of other stages, and beside promises."""
    if world.dynamics.treaty.hand_over is not None or not plain:
        raise UsageError(
            f"{world.scenario.origin}: dynamics.world: chances to move that read the year need a game of one "
            "offer with its replies, then stances and certain ratification, and no 'hand_over'"
        )


def _afterwards(
    whole: MarkovBargaining, *, ends: bool
) -> tuple[FloatArray, FloatArray, FloatArray, BoolArray]:
    """Values after the last reported period, bounds on those of all equilibria, and where play settles."""
    if ends:
        values = without_deals(whole)
        return values, values, values, np.ones(whole.batch, dtype=np.bool_)
    game, _ = undominated(whole)
    found, box = iterate(game), equilibrium_box(game)
    return found.period.values, box.lower, box.upper, found.settled


def _backwards(
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


def _nothing_signed(game: MarkovBargaining, later: FloatArray) -> FloatArray:
    """Values at the start of a period in which nothing can be signed any more."""
    chance = np.broadcast_to(game.recognition, game.refuse.shape)
    return np.asarray(np.einsum("psb,pisb->isb", chance, game.wait) + continuation(game, later))


def _moved(moves: FloatArray, amounts: FloatArray) -> FloatArray:
    """Expectation of ``(principals, treaties, states, draws)`` over the next state."""
    if moves.shape[2] == 1:
        return np.asarray(np.einsum("st,iatd->iasd", moves[..., 0], amounts))
    return np.asarray(np.einsum("std,iatd->iasd", moves, amounts))


def _same(sure: list[BoolArray], may: list[BoolArray]) -> BoolArray:
    """Where what is signed is the same in every equilibrium, ``(draws,)``."""
    return np.asarray((np.stack(sure) == np.stack(may)).all(axis=(0, 1, 2)))
