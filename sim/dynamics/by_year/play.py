"""Which way a period is played where chances to move change: by offers, by promises, or by stages."""

from __future__ import annotations

from collections.abc import Mapping

from sim._kernels.tolerance import FloatArray
from sim.dynamics.by_year.offers import offers_by_year
from sim.dynamics.by_year.promised import promised_by_year
from sim.dynamics.by_year.stages import stages_by_year
from sim.dynamics.outcome import Played
from sim.dynamics.period import PeriodCompiler, PeriodGame
from sim.dynamics.world import Course


def play_by_year(
    compiler: PeriodCompiler,
    period: PeriodGame,
    course: Course,
    drawn: Mapping[str, FloatArray],
    draws: int,
) -> Played:
    """Play a chunk of draws in a world whose chances to move change."""
    if compiler.world.dynamics.treaty.hand_over is not None:
        return promised_by_year(compiler, period, course, drawn)
    if compiler.plain:
        return offers_by_year(compiler, period, course, drawn)
    return stages_by_year(compiler, period, course, drawn, draws)
