"""Counting on a graphics card: points are drawn, solved and counted there, and only counts come back.

Definition. Points that a card's kernel is not sure of come back as well, are solved here by the definitions,
those of a stretch together, and counted with the others. The tally is that of
:mod:`sim.sweeps.reduced.tally`, but for the last bits of the sums of margins.
"""

from __future__ import annotations

from functools import reduce

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.feasibility.evaluate import Problem, evaluation_of
from sim.sweeps.designs import Design
from sim.sweeps.designs.there import points_there
from sim.sweeps.reduced.tally import Counting, Tally, added


def on_card(
    problem: Problem,
    design: Design,
    stretch: tuple[int, int],
    counting: Counting,
    *,
    keep_going: bool,
) -> Tally:
    """The tally of a stretch of a design's points.

    Parameters
    ----------
    problem
        A compiled scenario that a screen can be made of.
    design, stretch
        Where the points come from, and the first index and the one after the last.
    counting
        What to count.
    keep_going
        Whether points without an answer are counted instead of ending the sweep.

    Raises
    ------
    SimError
        If a point has no answer and such points are not to be counted.
    """
    card = problem.backends.card
    device = card.device

    def work(start: int, stop: int) -> tuple[Tally, FloatArray]:
        theta = points_there(device, design, start, stop)
        values, sure = card.there(theta)
        left = device.here(np.flatnonzero(~sure))
        some: FloatArray = device.here(theta[:, device.there(left)])
        if len(left):
            keep = np.flatnonzero(sure)
            theta = theta[:, keep]
            values = {name: value[keep] for name, value in values.items()}
        if not theta.shape[1]:
            return {}, some
        good = np.ones_like(theta[0], dtype=np.bool_)
        there = counting.of(problem, theta, good, evaluation_of(problem, values))
        return {name: device.here(value) for name, value in there.items()}, some

    parts = card.in_parts(work, *stretch)
    tallies = [tally for tally, _ in parts if tally]
    left = np.concatenate([some for _, some in parts], axis=1)
    if left.shape[1]:
        tallies.append(counting.solved(problem, left, "definitions", keep_going=keep_going))
    return reduce(added, tallies)
