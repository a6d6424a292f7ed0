"""Changes found among random points: a guard against searches along slopes that miss or get stuck.

Points are drawn from all that may be cheaper than the best change, then ever closer to it.

Array convention. Points have shape ``(varied, points)``.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.certified.bounds.boxes import Boxes
from sim.certified.change.levers import Candidate, Levers, cheaper, ladder_at
from sim.certified.change.line_search import settle
from sim.certified.ladder.parts import Parts

MOST_LEVERS = 6
"""With more levers random points are too thin to help."""
WIDE = 12
"""Rounds of points within the first window, which is kept though they find nothing."""
NEAR = 24
"""Rounds after them, in windows that are halved where a round finds nothing."""
RADIUS = 0.1
"""Radius of a window around the best so far, as a share of the ranges."""
POINTS = 2048
"""Points of a round."""


def scattered(
    parts: Parts, levers: Levers, level: float, known: Candidate | None, *, rising: bool
) -> Candidate | None:
    """A change cheaper than the best known, with its margin at a level; with many levers none is sought.

    ``rising`` says whether the margin is to be at least the level, or at most.
    """
    if len(levers.origin) > MOST_LEVERS:
        return None
    rng = np.random.default_rng(0)
    best, radius = known, np.inf
    for k in range(WIDE + NEAR):
        box = _window(levers, best, radius)
        points = box.lo + rng.random((len(box.lo), POINTS)) * (box.hi - box.lo)
        found = _cheapest(parts, levers, points, level, best, rising=rising)
        if found is None and k >= WIDE:
            radius /= 2
        elif k == WIDE - 1:
            radius = RADIUS
        best = cheaper(best, found)
    return None if best is known else best


def _window(levers: Levers, best: Candidate | None, radius: float) -> Boxes:
    """All that may be cheaper than the best change, within a radius of it."""
    if best is None:
        return levers.box()
    box, reach = levers.box(best.cost), (radius / levers.costs)[:, None]
    point = best.point[:, None]
    return Boxes(np.maximum(box.lo, point - reach), np.minimum(box.hi, point + reach))


def _cheapest(
    parts: Parts,
    levers: Levers,
    points: FloatArray,
    level: float,
    best: Candidate | None,
    *,
    rising: bool,
) -> Candidate | None:
    """The cheapest of some points at which the margin has reached the level, settled; if it is cheaper."""
    budget = np.inf if best is None else best.cost
    costs = levers.costs @ np.abs(points - levers.origin[:, None])
    margin = ladder_at(parts, points, level).margin
    reached = (margin >= level if rising else margin <= level) & (costs < budget)
    if not reached.any():
        return None
    cheapest = points[:, np.where(reached, costs, np.inf).argmin()]
    return settle(parts, levers, cheapest, level, rising=rising)
