"""Treaties that are handed over later, where chances to move change from year to year.

Definition. What is signed in period ``t`` and promises something for ``k`` periods later is worth what is
received until then, under the chances of those years, and then what the treaty, or bargaining anew after a
breach, is worth in period ``t + k``: so values of later periods are kept while earlier ones are played.
After the last reported period the game is that of :mod:`sim.dynamics.promises`.

Array convention. Draws last; ``signs`` and its like ``(periods, proposers, states, draws)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.dynamics.by_year.backwards import backwards
from sim.dynamics.outcome import Played, ever_open, numbers_of, signed_deals, static_signs
from sim.dynamics.period import PeriodCompiler, PeriodGame
from sim.dynamics.promises import Promises
from sim.dynamics.treaty_values import bargaining_of
from sim.dynamics.world import Course
from sim.solutions.markov.perfect import play_period


def promised_by_year(
    compiler: PeriodCompiler, period: PeriodGame, course: Course, drawn: Mapping[str, FloatArray]
) -> Played:
    """Play a chunk of draws of a game of one offer with its replies."""
    world = compiler.world
    hand_over, periods = world.dynamics.treaty.hand_over, world.dynamics.periods
    assert hand_over is not None
    end, under = course.at(periods), course.at(periods, signed=True)
    whole = bargaining_of(world, period, end, drawn, under=under)
    some = ever_open(whole)
    after = Promises(world, period, whole, drawn, some, moves=(under,)).iterate()
    worth: dict[int, FloatArray] = {}
    lasting: dict[int, FloatArray] = {}
    values = after.period.values
    signs: list[BoolArray] = []
    kept: list[FloatArray] = []
    later: list[BoolArray] = []
    tied = np.zeros(whole.batch, dtype=np.bool_)
    for t, game in backwards(world, period, whole, course):
        due = t + hand_over.after
        moves = [course.at(k, signed=True) for k in range(t, due)]
        then = lasting.get(due, whole.deals)
        promises = Promises(world, period, game, drawn, some, moves=moves, then=then)
        deals, keeps = promises.worth(worth.get(due, after.period.values))
        now = play_period(replace(promises.game, deals=deals), values)
        values = worth[t] = now.values
        lasting[t] = game.deals
        chance = promises.chance_kept(keeps)
        signs.insert(0, now.signs)
        kept.insert(0, np.take_along_axis(chance, now.deal, axis=0))
        later.insert(0, promises.later[now.deal])
        tied |= now.tied.any(axis=(0, 1))
    every = Promises(world, period, game, drawn, moves=moves, then=then)
    nothing = np.zeros((periods, *now.signs.shape), dtype=np.bool_)
    return Played(
        game=replace(game, deals=every.worth(worth.get(due, after.period.values))[0]),
        course=course,
        values=values,
        signs=np.stack(signs),
        static=static_signs(world, period, whole, drawn),
        sure=nothing,
        may=~nothing,
        deal=signed_deals(now.signs, now.deal, numbers_of(some, whole)),
        bounded=False,
        settled=after.settled,
        closed=np.zeros(whole.batch, dtype=np.bool_),
        tied=tied,
        several=np.full(whole.batch, -1, dtype=np.int64),
        kept=np.stack(kept),
        later=np.stack(later),
    )
