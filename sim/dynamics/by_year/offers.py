"""One offer with its replies where chances to move change: backward induction from where they no longer do.

Definition. What follows the last reported period is a stationary game (or nothing, after a last year). From
its equilibrium values, and from bounds on those of all subgame perfect equilibria, the periods before it are
played backwards, a treaty being worth what the years to come make of it
(:mod:`sim.dynamics.by_year.backwards`).

Array convention. As in :mod:`sim.games.in_time.markov_bargaining`; periods first.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.dynamics.by_year.backwards import backwards, nothing_signed
from sim.dynamics.outcome import Played, last_period, signed_deals, static_signs
from sim.dynamics.period import PeriodCompiler, PeriodGame
from sim.dynamics.treaty_values import bargaining_of, undominated
from sim.dynamics.world import Course
from sim.games.in_time.markov_bargaining import MarkovBargaining
from sim.solutions.markov.equilibrium_box import equilibrium_box, tighten
from sim.solutions.markov.perfect import iterate, play_period, without_deals


def offers_by_year(
    compiler: PeriodCompiler, period: PeriodGame, course: Course, drawn: Mapping[str, FloatArray]
) -> Played:
    """Play a chunk of draws of a game of one offer with its replies, treaties in force at once."""
    world = compiler.world
    last, periods = last_period(world), world.dynamics.periods
    end = course.at(periods)
    whole = bargaining_of(world, period, end, drawn, under=course.at(periods, signed=True))
    values, low, high, settled = _afterwards(whole, ends=last is not None)
    tied = np.zeros(whole.batch, dtype=np.bool_)
    signs: list[BoolArray] = []
    sure: list[BoolArray] = []
    may: list[BoolArray] = []
    none = np.zeros(values.shape, dtype=np.bool_)
    for t, now_whole in backwards(world, period, whole, course):
        if last is not None and t >= last:
            values = low = high = nothing_signed(now_whole, values)
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


def _same(sure: list[BoolArray], may: list[BoolArray]) -> BoolArray:
    """Where what is signed is the same in every equilibrium, ``(draws,)``."""
    return np.asarray((np.stack(sure) == np.stack(may)).all(axis=(0, 1, 2)))
