"""A game of any stages where chances to move change: backward induction from where they no longer do.

Definition. As in :mod:`sim.dynamics.by_year.offers`, each period played by :mod:`sim.dynamics.stage_path`.
Bounds are known where there is a last year: both ways of settling ties are then played to the end.

Array convention. Draws last; ``signs`` and its like ``(periods, proposers, states, draws)``.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.dynamics.by_year.backwards import backwards, nothing_signed
from sim.dynamics.outcome import Played, last_period
from sim.dynamics.period import PeriodCompiler, PeriodGame
from sim.dynamics.stage_path import StagePeriod, StageWorld, stage_iterate
from sim.dynamics.treaty_values import bargaining_of
from sim.dynamics.world import Course
from sim.games.in_time.markov_bargaining import MarkovBargaining
from sim.solutions.markov.perfect import without_deals


def stages_by_year(
    compiler: PeriodCompiler,
    period: PeriodGame,
    course: Course,
    drawn: Mapping[str, FloatArray],
    draws: int,
) -> Played:
    """Play a chunk of draws, stage by stage."""
    world = compiler.world
    last, periods = last_period(world), world.dynamics.periods
    end, under = course.at(periods), course.at(periods, signed=True)
    whole = bargaining_of(world, period, end, drawn, under=under)
    after = StageWorld(compiler, drawn, draws, period, whole)
    games = dict(backwards(world, period, whole, course))

    def played(favour: bool) -> tuple[list[StagePeriod | None], FloatArray, BoolArray]:
        values, errors, settled = _afterwards(after, ends=last is not None, favour=favour)
        out: list[StagePeriod | None] = []
        for t, game in games.items():
            if last is not None and t >= last:
                values, errors = nothing_signed(game, values), np.zeros_like(values)
                out.insert(0, None)
                continue
            now = StageWorld(compiler, drawn, draws, period, game).play(
                values, errors, favour=favour
            )
            values, errors = now.values, now.errors
            settled = settled & now.solved.all(axis=0)
            out.insert(0, now)
        return out, values, settled

    kind, values, settled = played(True)
    signs = _signs(whole, kind)
    least = signs if last is None else _signs(whole, played(False)[0])
    sure = np.minimum(signs, least) if last is not None else np.zeros_like(signs)
    may = np.maximum(signs, least) if last is not None else np.ones_like(signs)
    first = next(now for now in kind if now is not None)
    zero = np.zeros((whole.principals, 1))
    still = bargaining_of(world, period, end, drawn, discount=zero, under=under)
    nothing = np.zeros(whole.refuse.shape)
    static = StageWorld(compiler, drawn, draws, period, still).play(nothing, nothing)
    tied = [now.several.any(axis=0) for now in kind if now is not None]
    return Played(
        game=games[0],
        course=course,
        values=values,
        signs=signs,
        static=_signs(whole, [static])[0],
        sure=sure,
        may=may,
        deal=first.deal,
        bounded=last is not None,
        settled=settled,
        closed=np.asarray((sure == may).all(axis=(0, 1, 2))),
        tied=np.asarray(np.any(tied, axis=0)),
        several=np.full(whole.batch, -1, dtype=np.int64),
    )


def _afterwards(
    after: StageWorld, *, ends: bool, favour: bool
) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Values after the last reported period, up to what they are known, and where play settles."""
    if not ends:
        now, settled = stage_iterate(after, favour=favour)
        return now.values, now.errors, settled
    values = without_deals(after.bargaining)
    return values, np.zeros_like(values), np.ones(after.shape[1], dtype=np.bool_)


def _signs(game: MarkovBargaining, played: list[StagePeriod | None]) -> FloatArray:
    """Chances of a signature by the principal that is recognised first, period by period."""
    chance = (np.asarray(game.recognition) > 0).astype(float)
    none = np.zeros((game.states, game.batch))
    each = [none if now is None else now.signs for now in played]
    shape = (game.principals, game.states, game.batch)
    return np.stack([np.broadcast_to(chance * x, shape) for x in each])
