"""The nearest point of a box at which the verdict on the present values turns.

Array convention. Points have shape ``(varied,)``.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.certified.bounds.boxes import Boxes
from sim.certified.change.candidates import cheapest_of
from sim.certified.change.cheapest_break import cheapest_break
from sim.certified.change.levers import Candidate, Levers
from sim.certified.change.problem import ChangeProblem
from sim.certified.change.single_levers import alone
from sim.certified.ladder.parts import Parts
from sim.payoffs import NotFiniteError
from sim.scenario import Scenario

MOST_AXES = 3
"""Most parameters for which the nearest turn is sought."""


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
        found = _turn(ChangeProblem(scenario, parts, space))
    except NotFiniteError:
        return ()
    return () if found is None else tuple(found.point.tolist())


def _turn(problem: ChangeProblem) -> Candidate | None:
    if problem.margin(problem.levers.origin) < 0:
        if problem.parts.game is None:
            return cheapest_of(problem)
        some = [c for c in (cheapest_of(problem), *alone(problem)) if c is not None]
        return min(some, key=lambda c: c.cost, default=None)
    problem = replace(problem, breaking=True)
    found = min(alone(problem), key=lambda c: c.cost, default=None)
    if problem.parts.game is not None:
        return found
    return cheapest_break(problem, limit=1, known=found).candidate
