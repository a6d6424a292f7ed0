"""Search for the cheapest change that makes a treaty feasible: linear programs, repeated.

Definition. At a point the demands of a treaty are linearised and the cheapest change that meets them is
taken, again from the new point until it no longer moves (for affine payoffs: once). What is found is
evaluated; that nothing cheaper exists is proved elsewhere (:mod:`sim.frontier._prove`).

Array convention. Points have shape ``(varied,)``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import RELATIVE, FloatArray, IntArray
from sim.feasibility.ladder import climb
from sim.frontier._demands import Demands, Scope
from sim.frontier._linear import Demand, Steps, Way, cheapest_way
from sim.frontier._parts import Parts
from sim.frontier.boxes import Boxes

ROUNDS = 12
ACTIVE = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A point that meets the target, what it costs, and the treaty it was sought for."""

    point: FloatArray
    cost: float
    treaty: int


@dataclass(frozen=True, slots=True, eq=False)
class Levers:
    """The parameters that may move: where they are, how far they may go, what a unit costs."""

    origin: FloatArray
    lo: FloatArray
    hi: FloatArray
    costs: FloatArray

    def cost(self, point: FloatArray) -> float:
        """What it costs to move to a point."""
        return float((self.costs * np.abs(point - self.origin)).sum())

    def box(self, budget: float = np.inf) -> Boxes:
        """All points that no lever alone makes dearer than a budget."""
        with np.errstate(invalid="ignore"):
            reach = budget / self.costs * (1 + 1e-12)
        lo = np.maximum(self.lo, self.origin - reach)
        hi = np.minimum(self.hi, self.origin + reach)
        return Boxes(lo[:, None], hi[:, None])

    def pick(self, some: IntArray) -> Levers:
        """Some of the levers."""
        return Levers(self.origin[some], self.lo[some], self.hi[some], self.costs[some])


def margin_at(parts: Parts, point: FloatArray) -> tuple[float, int]:
    """The margin at a point, evaluated by the ladder itself, and the best treaty."""
    ladder = climb(parts.dispute.at(point[:, None]))
    return float(ladder.margin[0]), int(ladder.agreement[0])


def promising(
    parts: Parts, levers: Levers, target: float
) -> tuple[Demands, list[tuple[float, int, int]]]:
    """Cells by the least that each costs when linearised: ``(cost, position, base)``, cheapest first."""
    steps = Steps.inside(levers.origin, levers.lo, levers.hi, levers.costs)
    demands = Demands(parts, levers.box(), steps, target, point=True)
    ranked = [
        (float(cost), cell, int(base))
        for base in demands.bases
        for cell, cost in enumerate(demands.of_cells(int(base)))
        if np.isfinite(cost)
    ]
    return demands, sorted(ranked)


def pursue(
    parts: Parts, levers: Levers, target: float, only: tuple[int, int], worse: float
) -> Candidate | None:
    """The cheapest change by which one cell meets the target, by repeated linear programs.

    ``only`` is a cell of ``parts`` and a stance profile of the status quo; a search that becomes dearer
    than ``worse`` is given up.
    """
    point = levers.origin
    home = Steps.inside(levers.origin, levers.lo, levers.hi, levers.costs)
    for _ in range(ROUNDS):
        ways, _ = _around(parts, levers, point, target, only).ways(0, only[1])
        moved_home = [Way(0.0, _from_origin(way.demands, levers, point)) for way in ways]
        found = cheapest_way(moved_home, home, worse)
        if found is None:
            return None
        there = np.clip(levers.origin + found[0].change, levers.lo, levers.hi)
        moved = float((levers.costs * np.abs(there - point)).max(initial=0.0))
        point = there
        if parts.affine or moved <= 1e-12:
            break
    point = _polish(parts, levers, point, target, only)
    margin, treaty = margin_at(parts, point)
    if margin < target - RELATIVE:
        return None
    return Candidate(point, levers.cost(point), treaty)


def _around(
    parts: Parts, levers: Levers, point: FloatArray, target: float, only: tuple[int, int]
) -> Demands:
    steps = Steps.inside(point, levers.lo, levers.hi, levers.costs)
    scope = Scope.one(*only, len(parts.treaties) + 1)
    return Demands(parts, levers.box(), steps, target, point=True, scope=scope)


def _from_origin(demands: list[Demand], levers: Levers, point: FloatArray) -> list[Demand]:
    """Demands linearised at a point, as functions of the change from the origin."""
    shift = levers.origin - point
    return [Demand(d.value + float(d.rise @ shift), d.rise, d.fall, d.level) for d in demands]


def _polish(
    parts: Parts, levers: Levers, point: FloatArray, target: float, only: tuple[int, int]
) -> FloatArray:
    """Newton's steps on the demands that bind, in the levers that moved: rid of solver tolerances."""
    free = (np.abs(point - levers.origin) > 1e-9 * (levers.hi - levers.lo)) & (
        (point > levers.lo) & (point < levers.hi)
    )
    for _ in range(4):
        if not free.any():
            break
        ways, _ = _around(parts, levers, point, target, only).ways(0, only[1])
        best = max(ways, key=lambda w: min((d.value - d.level for d in w.demands), default=np.inf))
        tight = [d for d in best.demands if abs(d.value - d.level) <= ACTIVE and d.rise[free].any()]
        if not tight:
            break
        matrix = np.array([d.rise[free] for d in tight])
        gap = np.array([d.level - d.value for d in tight])
        move = np.linalg.lstsq(matrix, gap, rcond=None)[0]
        point = point.copy()
        point[free] = np.clip(point[free] + move, levers.lo[free], levers.hi[free])
    return point
