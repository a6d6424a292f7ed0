"""Counting on a graphics card: points are drawn, solved and counted there, and only counts come back.

Definition. Points that a card's kernel is not sure of come back as well, are solved here by the definitions
and counted with the others. The tally is that of :mod:`sim.sweeps.reduced.tally`, but for the last bits of
the sums of margins.
"""

from __future__ import annotations

from functools import reduce

import numpy as np

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

    def work(start: int, stop: int) -> Tally:
        theta = points_there(device, design, start, stop)
        values, sure = card.there(theta)
        left = device.here(np.flatnonzero(~sure))
        tally: Tally = {}
        if len(left):
            some = device.here(theta[:, device.there(left)])
            tally = counting.solved(problem, some, "numpy", keep_going=keep_going)
            keep = np.flatnonzero(sure)
            theta = theta[:, keep]
            values = {name: value[keep] for name, value in values.items()}
        if theta.shape[1]:
            good = np.ones_like(theta[0], dtype=np.bool_)
            there = counting.of(problem, theta, good, evaluation_of(problem, values))
            tally = added(tally, {name: device.here(value) for name, value in there.items()})
        return tally

    return reduce(added, card.in_parts(work, *stretch))
