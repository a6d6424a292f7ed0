"""The nearest point of a box at which the verdict on the present values turns.

Array convention. Points have shape ``(varied,)``.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.tolerance import IntArray
from sim.frontier._breaking import cheapest_break
from sim.frontier._candidates import PURSUED, cheapest_of
from sim.frontier._levers import Candidate, Levers, margin_at
from sim.frontier._parts import Parts
from sim.frontier._search import promising
from sim.frontier._singles import alone_breaking
from sim.frontier.boxes import Boxes
from sim.payoffs import NotFiniteError
from sim.scenario import Scenario

FEW = 16
MOST_AXES = 3


def turning_point(scenario: Scenario, parts: Parts, whole: Boxes) -> tuple[float, ...]:
    """The nearest point of a box of few parameters at which the verdict turns; empty if none was found.

    Distance is the sum of shares of the box's widths.
    """
    names = parts.dispute.varied
    here = np.array([scenario.values[path] for path in names])
    lo, hi = whole.lo[:, 0], whole.hi[:, 0]
    if not ((lo <= here) & (here <= hi)).all() or not len(parts.treaties) or len(names) > MOST_AXES:
        return ()
    space = Levers(here, lo, hi, 1.0 / (hi - lo))
    try:
        found = _turn(scenario, parts, space)
    except NotFiniteError:
        return ()
    return () if found is None else tuple(found.point.tolist())


def _turn(scenario: Scenario, parts: Parts, space: Levers) -> Candidate | None:
    names = parts.dispute.varied
    if margin_at(parts, space.origin)[0] >= 0:
        single = alone_breaking(scenario, parts, names, space, 0.0, np.arange(len(names)))
        found = min(single, key=lambda c: c.cost, default=None)
        return cheapest_break(parts, space, 0.0, limit=1, known=found).candidate
    return cheapest_of(scenario, names, space, 0.0)


def steepest(parts: Parts, space: Levers, target: float) -> IntArray:
    """All levers where payoffs are affine; otherwise those that pull most on the best treaty's parts."""
    if parts.affine or len(space.origin) <= FEW:
        return np.arange(len(space.origin))
    demands, ranked = promising(parts, space, target)
    chosen = np.zeros(len(space.origin), dtype=np.bool_)
    for _, cell, base in ranked[:PURSUED]:
        ways, _ = demands.ways(cell, base)
        for demand in ways[0].demands if ways else ():
            pull = np.maximum(np.abs(demand.rise), np.abs(demand.fall)) / space.costs
            height = max(demand.value - demand.level, 1e-12)
            close = np.argsort(-pull / height)[:3]
            chosen[close[pull[close] > 0]] = True
    return np.flatnonzero(chosen)
