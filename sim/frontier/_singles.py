"""The cheapest change of each lever alone: certified along its whole range.

A lever is looked at only where bounds of its derivative over all ranges do not rule out that it can do
it alone; then the verdict is certified along its range and the nearest feasible stretch taken.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.frontier._demands import Demands, Table
from sim.frontier._levers import Candidate, Levers, margin_at
from sim.frontier._linear import Steps
from sim.frontier._parts import Parts, Slack, parts_of
from sim.frontier._settle import settle
from sim.frontier._subdivide import FEASIBLE, INFEASIBLE, PLATEAU, divide
from sim.frontier.boxes import Boxes
from sim.payoffs import compile_dispute
from sim.scenario import Scenario

NARROW = 2.0**-36
LIMIT = 4_000


def alone(
    scenario: Scenario, parts: Parts, names: Sequence[str], space: Levers, target: float
) -> list[Candidate]:
    """For every lever that reaches the target alone, its nearest value that does."""
    out = []
    for k in np.flatnonzero(_possible(parts, space, target)).tolist():
        one = parts_of(compile_dispute(scenario, [names[k]]))
        value = _nearest(one, space, k, target, FEASIBLE)
        if value is None:
            continue
        point = space.origin.copy()
        point[k] = value
        _, treaty = margin_at(parts, point)
        out.append(Candidate(point, space.cost(point), treaty))
    return out


def _possible(parts: Parts, space: Levers, target: float) -> BoolArray:
    """Levers that bounds do not rule out, shape ``(varied,)``."""
    steps = Steps.inside(space.origin, space.lo, space.hi, space.costs)
    demands = Demands(parts, space.box(), steps, target)
    out = np.zeros(len(space.origin), dtype=np.bool_)
    for base in demands.bases:
        able = np.ones((len(space.origin), len(demands.cells)), dtype=np.bool_)
        for rows in parts.gains[int(base)]:
            table = demands.table(rows)
            able &= _gain(table, space) + table.value >= target
        for slack in parts.slacks:
            if slack.choices:
                able &= _of_slack(demands, slack, space, target)
        out |= able.any(axis=1)
    return out


def _gain(table: Table, space: Levers) -> FloatArray:
    """The most that each lever alone can add to a row, shape ``(varied, cells)``."""
    out = np.zeros((len(space.origin), len(table.value)))
    some = table.levers
    up = (space.hi - space.origin)[some, None]
    down = (space.origin - space.lo)[some, None]
    with np.errstate(invalid="ignore"):
        rise, fall = (
            np.where(up > 0, table.high * up, 0.0),
            np.where(down > 0, -table.low * down, 0),
        )
    out[some] = np.maximum(np.maximum(rise, fall), 0.0)
    return out


def _of_slack(demands: Demands, slack: Slack, space: Levers, target: float) -> BoolArray:
    some = np.zeros((len(space.origin), len(demands.cells)), dtype=np.bool_)
    for choice in slack.choices:
        able = np.broadcast_to(choice.open[demands.cells], some.shape).copy()
        for rows, level in [(r, target) for r in choice.members] + [
            (r, 0.0) for r in choice.conditions
        ]:
            table = demands.table(rows)
            able &= _gain(table, space) + table.value >= level
        some |= able
    return some | ~slack.applies[demands.cells]


def alone_breaking(
    scenario: Scenario,
    parts: Parts,
    names: Sequence[str],
    space: Levers,
    target: float,
    some: IntArray,
) -> list[Candidate]:
    """For some levers, the nearest value of each from which on the margin is below the target."""
    out = []
    for k in some.tolist():
        one = parts_of(compile_dispute(scenario, [names[k]]))
        value = _nearest(one, space, k, target, INFEASIBLE)
        if value is not None:
            point = space.origin.copy()
            point[k] = value
            settled = settle(parts, space, point, target + PLATEAU, rising=False)
            out += [] if settled is None else [settled]
    return out


def _nearest(one: Parts, space: Levers, k: int, target: float, verdict: int) -> float | None:
    """The value nearest to the present one from which on a verdict holds, to the last digits."""
    whole = Boxes(space.lo[k : k + 1, None], space.hi[k : k + 1, None])
    found = divide(one, whole, tolerance=0.0, narrowest=NARROW, limit=LIMIT, target=target)
    yes = found.verdict == verdict
    if not yes.any():
        return None
    here = float(space.origin[k])
    lo, hi = found.boxes.lo[0, yes], found.boxes.hi[0, yes]
    ends = np.clip(here, lo, hi)
    return float(ends[np.abs(ends - here).argmin()])
