"""The cheapest change of each lever alone: certified along its whole range.

A lever is looked at only where bounds of the margin along its range do not rule out that it can do it
alone; then the verdict is certified along the range and the nearest stretch on the other side taken.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim._kernels.tolerance import FloatArray, IntArray
from sim.certified.bounds.box_batch import BoxBatch
from sim.certified.bounds.boxes import Boxes
from sim.certified.bounds.division import FEASIBLE, INFEASIBLE, divide
from sim.certified.change.levers import Candidate, Levers
from sim.certified.change.line_search import settle
from sim.certified.ladder.best_treaty import PLATEAU, BestTreaty, fixed_stances, possible_cells
from sim.certified.ladder.margin_bounds import LadderBatch, Levels
from sim.certified.ladder.parts import Parts, parts_of
from sim.payoffs import compile_dispute
from sim.scenario import Scenario

NARROW = 2.0**-20
LIMIT = 4_000


def alone(
    scenario: Scenario, parts: Parts, names: Sequence[str], space: Levers, target: float
) -> list[Candidate]:
    """For every lever that brings the margin up to the target alone, its nearest value that does."""
    some = np.flatnonzero(along(parts, space).hi >= target)
    return _settled(scenario, parts, names, space, target, some, rising=True)


def alone_breaking(
    scenario: Scenario, parts: Parts, names: Sequence[str], space: Levers, target: float
) -> list[Candidate]:
    """For every lever that brings the margin down to the target alone, its nearest value that does."""
    some = np.flatnonzero(along(parts, space).lo <= target + PLATEAU)
    return _settled(scenario, parts, names, space, target, some, rising=False)


def _settled(
    scenario: Scenario,
    parts: Parts,
    names: Sequence[str],
    space: Levers,
    target: float,
    some: IntArray,
    *,
    rising: bool,
) -> list[Candidate]:
    """For some levers, the nearest value of each at which the margin has reached the target."""
    verdict, level = (FEASIBLE, target - PLATEAU) if rising else (INFEASIBLE, target + PLATEAU)
    points = (_nearest(scenario, names, space, k, target, verdict) for k in some.tolist())
    found = (settle(parts, space, p, level, rising=rising) for p in points if p is not None)
    return [candidate for candidate in found if candidate is not None]


def along(parts: Parts, space: Levers) -> Levels:
    """Bounds of the margin along the range of each lever, the others where they are: a box per lever."""
    line = np.eye(len(space.origin), dtype=np.bool_)
    here = space.origin[:, None]
    lo, hi = (np.where(line, end[:, None], here) for end in (space.lo, space.hi))
    fixed = fixed_stances(parts, space.box())
    batch = BoxBatch(parts.dispute.frame, Boxes(lo, hi))
    return LadderBatch(parts, batch, possible_cells(parts, fixed), fixed).top()


def _nearest(
    scenario: Scenario, names: Sequence[str], space: Levers, k: int, target: float, verdict: int
) -> FloatArray | None:
    """The point nearest to the present one along a lever from which on a verdict holds."""
    one = parts_of(compile_dispute(scenario, [names[k]]))
    whole = Boxes(space.lo[k : k + 1, None], space.hi[k : k + 1, None])
    found = divide(
        BestTreaty(one, target=target), whole, tolerance=0.0, narrowest=NARROW, limit=LIMIT
    )
    yes = found.verdict == verdict
    if not yes.any():
        return None
    ends = np.clip(space.origin[k], found.boxes.lo[0, yes], found.boxes.hi[0, yes])
    point = space.origin.copy()
    point[k] = ends[np.abs(ends - space.origin[k]).argmin()]
    return point
