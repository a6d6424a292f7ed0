"""Changes found among random points, ever closer to the origin: a guard against local searches that miss.

Array convention. Points have shape ``(varied, points)``.
"""

from __future__ import annotations

import numpy as np

from sim.feasibility.ladder import climb
from sim.frontier._levers import Candidate, Levers
from sim.frontier._parts import Parts
from sim.frontier._settle import settle

MOST_LEVERS = 6
ROUNDS = 12
POINTS = 2048


def scattered(
    parts: Parts, levers: Levers, level: float, known: Candidate | None, *, rising: bool
) -> Candidate | None:
    """A change cheaper than the best known, with its margin at a level; with many levers none is sought.

    ``rising`` says whether the margin is to be at least the level, or at most.
    """
    if len(levers.origin) > MOST_LEVERS:
        return None
    rng = np.random.default_rng(0)
    best = known
    for _ in range(ROUNDS):
        budget = np.inf if best is None else best.cost
        box = levers.box(budget)
        points = box.lo + rng.random((len(box.lo), POINTS)) * (box.hi - box.lo)
        costs = levers.costs @ np.abs(points - levers.origin[:, None])
        margin = climb(parts.dispute.at(points)).margin
        reached = (margin >= level if rising else margin <= level) & (costs < budget)
        if reached.any():
            cheapest = points[:, np.where(reached, costs, np.inf).argmin()]
            best = settle(parts, levers, cheapest, level, rising=rising) or best
    return None if best is known else best
