"""The smallest change that breaks a feasible treaty: how robust the verdict is.

Definition. The search keeps a list of inequalities (:mod:`sim.certified.change.ways_to_break`); the linear
program over them gives the cheapest point of a box that meets them all. If a treaty still stands there, one
of the inequalities by which it may break is added, each in turn. Lists are taken cheapest first, so what
the list at hand costs is the least that breaking costs anywhere in the box, and a point at which nothing
stands is the cheapest. Where payoffs are affine this ends with one box. Otherwise the linear inequalities
hold over the box but are not exact: it is divided until the bound meets the best change known, which comes
from the same lists linearised at their own solutions.

Array convention. Points have shape ``(varied,)``.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

import numpy as np

from sim._kernels.tolerance import RELATIVE, ROUNDING, FloatArray
from sim.certified.bounds.box_batch import BoxBatch
from sim.certified.bounds.boxes import Boxes
from sim.certified.change.least_cost import CLOSE, of_stances, split
from sim.certified.change.levers import Candidate, Proved, cheaper, ladder_at
from sim.certified.change.line_search import settle
from sim.certified.change.problem import ChangeProblem
from sim.certified.change.programs.linear_program import Demand, Steps, cheapest, loosest, shifted
from sim.certified.change.random_restarts import scattered
from sim.certified.change.ways_to_break import Cut, Window, ways_to_break
from sim.certified.ladder.best_treaty import fixed_stances, possible_cells
from sim.certified.ladder.margin_bounds import LadderBatch

BEFORE = 1e-6
"""Share of the way by which a point stands before the treaty breaks."""
ROUNDS = 8
"""Linear programs after one another from one start."""
LISTS = 400
"""Combinations of ways to break treaties that are tried in the whole box of an affine dispute."""
FIRST = 60
"""The same where payoffs are not affine, and at the first look."""
EACH = 24
"""The same in each part of a box."""

Cuts = tuple[Cut, ...]
Solved = tuple[float, FloatArray] | None
Solve = Callable[[Cuts, FloatArray], Solved]


@dataclass(frozen=True, slots=True, eq=False)
class _Lists:
    """Where a search over lists ended: its bound, a change found, and the list that was at hand."""

    bound: float
    candidate: Candidate | None
    cuts: Cuts = ()
    point: FloatArray | None = None


def cheapest_break(problem: ChangeProblem, *, limit: int, known: Candidate | None = None) -> Proved:
    """The cheapest change that brings the margin down to the target, with a bound that is proved.

    Parameters
    ----------
    problem
        A change that brings the margin down; it is above the target now.
    limit
        How many boxes may be looked at.
    known
        A change that is known to do it.
    """
    search = _Search(problem, known)
    if not problem.parts.affine:
        found = search.lists(search.linearised, ((), problem.levers.origin), FIRST, patient=True)
        search.keep(found.candidate)
    bound, boxes = search.prove(limit)
    if bound < search.budget * (1 - CLOSE) or search.best is None:
        search.scatter()
    return Proved(search.best, min(bound, search.budget), boxes)


@dataclass(frozen=True, slots=True, eq=False)
class _Node:
    box: Boxes
    bound: float
    along: int


class _Search:
    """One problem and the best change known so far."""

    def __init__(self, problem: ChangeProblem, known: Candidate | None) -> None:
        levers, parts = problem.levers, problem.parts
        self.parts, self.levers, self.level, self.best = parts, levers, problem.level, known
        self.home = Steps.inside(levers.origin, levers.lo, levers.hi, levers.costs)
        whole = levers.box()
        self.fixed = fixed_stances(parts, whole)
        self.cells = possible_cells(parts, self.fixed)

    @property
    def budget(self) -> float:
        """What the best change known costs."""
        return np.inf if self.best is None else self.best.cost

    def keep(self, candidate: Candidate | None) -> None:
        """Remember a change that is cheaper than the best so far."""
        self.best = cheaper(self.best, candidate)

    def prove(self, limit: int) -> tuple[float, int]:
        """Branch and bound on cost: a lower bound, and how many boxes were looked at."""
        order = count()
        lists = LISTS if self.parts.affine else FIRST
        first = self._look(self.levers.box(self.budget), lists)
        heap = [(first.bound, next(order), first)]
        done = 1
        while heap and done < limit and heap[0][0] < self.budget * (1 - CLOSE):
            if heap[0][2].along < 0:
                break
            low, _, node = heapq.heappop(heap)
            halves = split(self.levers, node.box, node.along)
            for k in range(len(halves)):
                child = self._look(halves.pick(np.array([k])), EACH)
                done += 1
                heapq.heappush(heap, (max(low, child.bound), next(order), child))
        return min(heap[0][0] if heap else np.inf, self.budget), done

    def _look(self, box: Boxes, lists: int) -> _Node:
        """The least that breaking costs in a box, and where to divide it; better changes are kept."""
        levers = self.levers
        steps = Steps.inside(levers.origin, box.lo[:, 0], box.hi[:, 0], levers.costs)
        if steps.offset >= self.budget or self._stands(box):
            return _Node(box, np.inf, -1)
        window = Window(self.parts, steps.start, box)

        def relaxed(cuts: Cuts, _: FloatArray) -> Solved:
            demands = [window.demand(cut) for cut in cuts]
            known = [d for d in demands if d is not None]
            if len(known) < len(cuts):
                return None
            step = cheapest(known, steps)
            return step.bound, np.clip(steps.start + step.change, box.lo[:, 0], box.hi[:, 0])

        found = self.lists(relaxed, ((), steps.start), lists, window=window, offset=steps.offset)
        self.keep(found.candidate)
        if found.point is None or found.bound >= self.budget * (1 - CLOSE):
            return _Node(box, found.bound, -1)
        self._descend(found)
        demands = [d for d in map(window.demand, found.cuts) if d is not None]
        return _Node(box, found.bound, self._where(demands, steps, found.point))

    def scatter(self) -> None:
        """Look for a cheaper change from random points."""
        found = scattered(self.parts, self.levers, self.level, self.best, rising=False)
        if found is not None:
            self.keep(found)
            cuts = self._met(found.point)
            solved = self.linearised(cuts, found.point)
            if solved is not None:
                start = (cuts, solved[1])
                self.keep(self.lists(self.linearised, start, EACH, patient=True).candidate)

    def _met(self, point: FloatArray) -> Cuts:
        """The inequalities that a point at which the treaty has just broken meets."""
        origin = self.levers.origin
        before = origin + (point - origin) * (1 - BEFORE)
        here = Window(self.parts, point)
        ways = [c[0] for c in self._next((), before, None) or ()]
        met = [(cut, here.demand(cut)) for cut in ways]
        return tuple(cut for cut, d in met if d is not None and d.value >= d.level - RELATIVE)

    def _stands(self, box: Boxes) -> bool:
        """Whether a treaty certainly stands in all of a box."""
        batch = BoxBatch(self.parts.dispute.frame, box)
        top = LadderBatch(self.parts, batch, self.cells, self.fixed).top()
        return bool(top.lo[0] > self.level)

    def _descend(self, found: _Lists) -> None:
        """A change nearby that meets the list at hand."""
        assert found.point is not None
        solved = self.linearised(found.cuts, found.point) if found.cuts else None
        if solved is not None and solved[0] < self.budget:
            self.keep(settle(self.parts, self.levers, solved[1], self.level, rising=False))

    def _where(self, demands: list[Demand], steps: Steps, point: FloatArray) -> int:
        along = loosest(demands, steps, point - steps.start)
        if along < 0:
            along = of_stances(self.parts, steps)
        if along < 0 and not self.parts.affine:
            along = int(((steps.up + steps.down) * steps.costs).argmax())
        return along

    def lists(
        self,
        solve: Solve,
        start: tuple[Cuts, FloatArray],
        limit: int,
        *,
        window: Window | None = None,
        offset: float = 0.0,
        patient: bool = False,
    ) -> _Lists:
        """Lists of inequalities, cheapest first, until nothing stands at the point of one.

        A list whose inequalities hold at a point where the treaty stands nevertheless ends the search,
        since the linear program is not exact there; a ``patient`` search goes on with the next.
        """
        order = count()
        heap: list[tuple[float, int, Cuts, FloatArray]] = [(offset, next(order), *start)]
        found = _Lists(offset, None)
        for _ in range(limit):
            if not heap or heap[0][0] >= self.budget:
                return _Lists(np.inf, found.candidate)
            cost, _, cuts, point = heapq.heappop(heap)
            found = _Lists(cost, found.candidate, cuts, point)
            more = self._next(cuts, point, window)
            if more is None:
                broken = settle(self.parts, self.levers, point, self.level, rising=False)
                found = _Lists(cost, broken or found.candidate, cuts, point)
                if not patient or broken is not None:
                    return found
                continue
            for child in more:
                solved = solve(child, point)
                if solved is not None and solved[0] < self.budget:
                    heapq.heappush(heap, (max(cost, solved[0]), next(order), child, solved[1]))
        return _Lists(heap[0][0] if heap else np.inf, found.candidate, found.cuts, found.point)

    def _next(self, cuts: Cuts, point: FloatArray, window: Window | None) -> list[Cuts] | None:
        """The lists that follow; ``None`` where nothing stands, or what stands should not."""
        ladder = ladder_at(self.parts, point[:, None])
        if float(ladder.margin[0]) <= self.level:
            return None
        cell = int(np.searchsorted(self.parts.treaties, ladder.agreement[0]))
        cell = cell * self.parts.columns + int(ladder.profile[0])
        here = Window(self.parts, point)
        base = int(ladder.base_profile[0])
        known = {cut.key for cut in cuts}
        ways = list(ways_to_break(self.parts, here, window or here, cell, base, self.level))
        if any(way.cut is None or way.cut.key in known for way in ways):
            return None
        return [(*cuts, way.cut) for way in ways if way.cut is not None]

    def linearised(self, cuts: Cuts, point: FloatArray) -> Solved:
        """The cheapest point that meets a list, linearised again until it rests."""
        levers = self.levers
        for _ in range(ROUNDS):
            window = Window(self.parts, point)
            demands = [shifted(d, levers.origin - point) for d in map(window.demand, cuts) if d]
            step = cheapest(demands, self.home)
            if not np.isfinite(step.cost):
                return None
            there = np.clip(levers.origin + step.change, levers.lo, levers.hi)
            moved = float((levers.costs * np.abs(there - point)).max(initial=0.0))
            point = there
            if self.parts.affine or moved <= ROUNDING:
                break
        return levers.cost(point), point
