"""Proof that no change is cheaper: branch and bound on cost.

Definition. Any change cheaper than the best one known moves every lever by less than its whole cost allows,
so it lies in a box around the present values. Over that box the linear program of a treaty's demands,
with bounds of derivatives in place of derivatives, costs no more than any change that meets them
(:mod:`sim.certified.change.programs.demands`). The box is divided where this bound is lower than the
best change.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from itertools import count

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.certified.bounds.boxes import Boxes
from sim.certified.change.levers import Candidate, Levers, Proved, cheaper
from sim.certified.change.line_search import reaching, settle
from sim.certified.change.problem import ChangeProblem
from sim.certified.change.programs.demands import Demands, Scope
from sim.certified.change.programs.linear_program import (
    NARROW,
    Step,
    Steps,
    Way,
    cheapest,
    least_by_prices,
    loosest,
)
from sim.certified.change.random_restarts import scattered
from sim.certified.change.repeated_programs import descend, pursue
from sim.certified.ladder.parts import Parts

CLOSE = 1e-6
"""Share of a cost that is not an improvement."""
REMEMBERED = 4
"""Prices of linear programs that are tried first on the next box."""


def least_cost(problem: ChangeProblem, known: Candidate | None, *, limit: int) -> Proved:
    """A proved lower bound on the cost of every change that meets the target, and the best change.

    Parameters
    ----------
    problem
        A change that brings the margin up.
    known
        The best change known, if any; cheaper ones that are met on the way replace it.
    limit
        How many boxes may be looked at.
    """
    order, levers = count(), problem.levers
    budget = np.inf if known is None else known.cost
    first = _look(problem, budget, levers.box(budget), None)
    heap = [(first.least, next(order), first)]
    best = _better(problem, known, first)
    done = 1
    while heap and done < limit:
        budget = np.inf if best is None else best.cost
        if heap[0][0] >= budget * (1 - CLOSE) or heap[0][2].along < 0:
            break
        low, _, node = heapq.heappop(heap)
        halves = split(levers, node.box, node.along)
        for k in range(len(halves)):
            child = _look(problem, budget, halves.pick(np.array([k])), node.scope)
            done += 1
            heapq.heappush(heap, (max(low, child.least), next(order), child))
            best = _better(problem, best, child)
    bound = min(heap[0][0] if heap else np.inf, np.inf if best is None else best.cost)
    if best is None or bound < best.cost * (1 - CLOSE):
        best = cheaper(best, _from_scattered(problem, best))
    return Proved(best, bound if best is None else min(bound, best.cost), done)


def _better(problem: ChangeProblem, best: Candidate | None, node: _Node) -> Candidate | None:
    """The best change, or a cheaper one in the box of a node or near it."""
    budget = np.inf if best is None else best.cost
    if node.least >= budget * (1 - CLOSE) or node.point is None or node.only is None:
        return best
    found, asked = best, (problem.parts, problem.levers)
    points = [node.point, node.box.mid[:, 0]]
    for point in reaching(*asked, points, problem.level, rising=True):
        found = cheaper(found, settle(*asked, point, problem.level, rising=True))
    if found is None or found is not best:
        found = cheaper(found, pursue(problem, node.only, budget, node.point))
    return found


def _from_scattered(problem: ChangeProblem, best: Candidate | None) -> Candidate | None:
    """A cheaper change that starts from random points, if there is one."""
    found = scattered(problem.parts, problem.levers, problem.level, best, rising=True)
    if found is None:
        return None
    return descend(problem, found)


@dataclass(frozen=True, slots=True, eq=False)
class _Node:
    """A box: the least that a change into it costs, the cells that may do it, and where to divide.

    ``point`` is where the linear program of one of them, ``only``, leads.
    """

    box: Boxes
    least: float
    scope: Scope | None
    along: int
    point: FloatArray | None = None
    only: tuple[int, int] | None = None


def split(levers: Levers, box: Boxes, along: int) -> Boxes:
    """Two halves; a lever that can still go both ways is cut at its present value."""
    lo, hi = float(box.lo[along, 0]), float(box.hi[along, 0])
    here = float(levers.origin[along])
    at = here if lo < here < hi else lo + 0.5 * (hi - lo)
    below, above = box.hi.copy(), box.lo.copy()
    below[along], above[along] = at, at
    return Boxes(np.hstack([box.lo, above]), np.hstack([below, box.hi]))


def _look(problem: ChangeProblem, budget: float, box: Boxes, scope: Scope | None) -> _Node:
    """The least cost of a change into a box.

    Ways of meeting the target are tried from the one that costs least at first sight; the first that
    cannot be ruled out decides where to divide.
    """
    parts, levers = problem.parts, problem.levers
    steps = Steps.inside(levers.origin, box.lo[:, 0], box.hi[:, 0], levers.costs)
    if steps.offset >= budget:
        return _Node(box, steps.offset, scope, -1)
    known = scope if parts.regrets.constant else None
    demands = Demands(parts, box, steps, problem.target, scope=known)
    floors = {int(base): demands.of_cells(int(base)) + steps.offset for base in demands.bases}
    ranked = sorted(
        (float(cost), cell, base)
        for base, costs in floors.items()
        for cell, cost in enumerate(costs)
        if cost < budget
    )
    gone: set[int] = set()
    for place, (floor, cell, base) in enumerate(ranked):
        bound, way = _of_cell(demands, cell, base, floor, budget)
        if way is None:
            if len(demands.bases) == 1:
                gone.add(cell)
            continue
        after = ranked[place + 1][0] if place + 1 < len(ranked) else np.inf
        left = {cell for _, cell, _ in ranked} - gone
        kept = Scope(demands.cells[sorted(left)], demands.bases, demands.strict)
        step, met = way
        point = np.clip(steps.start + step.change, box.lo[:, 0], box.hi[:, 0])
        along = loosest(met.demands, steps, step.change)
        along = of_stances(parts, steps) if along < 0 else along
        only = (int(demands.cells[cell]), base)
        return _Node(box, min(bound, after), kept, along, point, only)
    return _Node(box, np.inf, scope, -1)


def _too_dear(demands: Demands, way: Way, budget: float) -> bool:
    """Whether prices that told the cost of other ways rule this one out without a program of its own."""
    return any(
        least_by_prices(way.demands, demands.steps, prices) >= budget * (1 - CLOSE)
        for prices in demands.prices
    )


def of_stances(parts: Parts, steps: Steps) -> int:
    """The widest lever that moves what third parties gain by other stances; -1 where none does."""
    moved = np.zeros(len(steps.start), dtype=np.bool_)
    for rows in parts.regrets.rows:
        moved |= rows.matrix[:, 1:].any(axis=0)
        names = {name for term in rows.quantity.rest for name in term.expression.names}
        moved |= [path in names for path in parts.dispute.varied] if names else False
    reach = np.where(moved, (steps.up + steps.down) * steps.costs, 0.0)
    return int(reach.argmax()) if reach.max(initial=0.0) > NARROW else -1


def _of_cell(
    demands: Demands, cell: int, base: int, floor: float, budget: float
) -> tuple[float, tuple[Step, Way] | None]:
    """The least cost of a cell up to the first way that stays below the budget, and that way."""
    ways, every = demands.ways(cell, base)
    for place, way in enumerate(ways):
        if demands.steps.offset + way.floor >= budget:
            break
        if _too_dear(demands, way, budget):
            continue
        step = cheapest(way.demands, demands.steps)
        if step.prices.any():
            demands.prices[:] = [step.prices, *demands.prices[: REMEMBERED - 1]]
        if step.bound < budget * (1 - CLOSE):
            after = (
                ways[place + 1].floor + demands.steps.offset if place + 1 < len(ways) else np.inf
            )
            least = max(floor, min(step.bound, after))
            return (least if every else floor), (step, way)
    if every or not ways:
        return np.inf, None
    return floor, (cheapest(ways[0].demands, demands.steps), ways[0])
