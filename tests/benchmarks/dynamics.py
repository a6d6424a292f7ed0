"""Time in a forecast, as ratios in one run: ``python tests/benchmarks/dynamics.py [DRAWS]``.

Prints what the recursion costs beside its stage games, the box beside the iteration, and stages with many
varied parameters beside those with two.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import process_time
from typing import Any

import numpy as np
import sim
from sim.dynamics.drawing import model_of
from sim.dynamics.period import PeriodCompiler
from sim.dynamics.treaty_values import bargaining_of, undominated
from sim.dynamics.world import world_of
from sim.solutions.markov.equilibrium_box import equilibrium_box
from sim.solutions.markov.perfect import backward, iterate

REPEATS = 3
"""Runs of which the quickest counts."""


def seconds(work: Callable[[], Any]) -> float:
    """Processor seconds of the quickest of a few runs."""
    taken = []
    for _ in range(REPEATS):
        begun = process_time()
        work()
        taken.append(process_time() - begun)
    return min(taken)


def main(draws: int) -> None:
    """Measure and print."""
    world = world_of(sim.load("kuril/horizon"))
    model = model_of(world, world.start, draws)
    drawn = model.values(0, draws)
    course = world.course(drawn, draws)
    period = model.compiler.at(drawn, draws)
    whole = bargaining_of(world, period, course.still[0], drawn)
    game, _ = undominated(whole)
    stages = seconds(lambda: model.compiler.at(drawn, draws))
    years = seconds(lambda: backward(game, 50))
    limit, box = seconds(lambda: iterate(game)), seconds(lambda: equilibrium_box(game))
    two = {path: drawn[path] for path in model.drawn.paths[:2]}
    few = PeriodCompiler(world, tuple(two))
    with_two = seconds(lambda: few.at(two, draws))
    states, agreements = len(world.states), period.flow.shape[1]
    print(
        f"{draws} draws, {states} states, {agreements} agreements, {len(drawn)} varied parameters"
    )
    print(f"stage games            {stages:.2f} s ({stages / draws * 1e3:.1f} ms a draw)")
    print(f"50 years backwards     {years:.2f} s: {years / stages:.0%} of the stages")
    print(f"iteration to its limit {limit:.2f} s; box {box:.2f} s: {box / limit:.1f} times that")
    print(f"{len(drawn)} varied against 2:    {stages / with_two:.2f} times")
    print(f"a game of {states} states and 50 years: {(stages + years) / draws * 1e3:.1f} ms")
    assert np.isfinite(whole.deals).all()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 64)
