"""Search for the cheapest change that makes a treaty feasible: linear programs, repeated.

Definition. At a point the demands of a treaty are linearised and the cheapest change that meets them is
taken, again from the new point until it no longer moves (for affine payoffs: once). What is found is
evaluated; that nothing cheaper exists is proved elsewhere (:mod:`sim.certified.change.least_cost`).

Array convention. Points have shape ``(varied,)``.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.tolerance import RELATIVE, ROUNDING, FloatArray
from sim.certified.change.levers import Candidate, ladder_at, margin_at
from sim.certified.change.line_search import settle
from sim.certified.change.problem import ChangeProblem
from sim.certified.change.programs.demands import Demands, Scope
from sim.certified.change.programs.linear_program import NARROW, Steps, Way, cheapest_way, shifted

ROUNDS = 12
"""Linear programs after one another, each at the solution of the last."""
ACTIVE = 1e-6
"""Demands within this of their level bind."""
NEAR = 1e-7
"""A step by less ends the rounds."""
RESTS = 1e-14
"""Gaps this small are none."""
CLOSE = 1e-10
"""Margins this near to the target have reached it."""
RADIUS = 0.25
"""First radius within which a linearisation is trusted, as a share of the ranges."""
DESCENTS = 32
"""Rounds of descent along what binds."""
GAIN = 1e-7
"""Share of a cost that a descent must save to go on."""


def promising(problem: ChangeProblem) -> tuple[Demands, list[tuple[float, int, int]]]:
    """Cells by the least that each costs when linearised: ``(cost, position, base)``, cheapest first."""
    parts, levers, target = problem.parts, problem.levers, problem.target
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
    problem: ChangeProblem,
    only: tuple[int, int],
    worse: float,
    start: FloatArray | None = None,
) -> Candidate | None:
    """The cheapest change by which one cell meets the target, by repeated linear programs.

    ``only`` is a cell of ``parts`` and a stance profile of the status quo; a search that becomes dearer
    than ``worse`` is given up. The first program is linearised at ``start``, by default at the origin.
    """
    parts, levers = problem.parts, problem.levers
    point = levers.origin if start is None else start
    home = Steps.inside(levers.origin, levers.lo, levers.hi, levers.costs)
    for _ in range(ROUNDS):
        ways, _ = _around(problem, point, only).ways(0, only[1])
        moved_home = [
            Way(0.0, [shifted(d, levers.origin - point) for d in way.demands]) for way in ways
        ]
        found = cheapest_way(moved_home, home, worse)
        if found is None:
            return None
        there = np.clip(levers.origin + found[0].change, levers.lo, levers.hi)
        moved = float((levers.costs * np.abs(there - point)).max(initial=0.0))
        point = there
        if parts.affine or moved <= NEAR:
            break
    return _checked(problem, _polish(problem, point, only))


def descend(problem: ChangeProblem, best: Candidate) -> Candidate:
    """A cheaper change near one that reaches the target: linear programs within a radius that shrinks."""
    levers = problem.levers
    radius = RADIUS
    for _ in range(DESCENTS):
        if radius <= NARROW:
            break
        reach = radius / levers.costs
        lo = np.maximum(levers.lo, best.point - reach)
        hi = np.minimum(levers.hi, best.point + reach)
        steps = Steps.inside(levers.origin, lo, hi, levers.costs)
        found = _within(problem, best, steps)
        if found is not None and found.cost < best.cost * (1 - GAIN):
            best = found
        else:
            radius /= 4
    return best


def _within(problem: ChangeProblem, best: Candidate, steps: Steps) -> Candidate | None:
    """One linear program around a change for the treaty that stands there, and what it leads to."""
    parts = problem.parts
    ladder = ladder_at(parts, best.point[:, None])
    cell = int(np.searchsorted(parts.treaties, ladder.agreement[0])) * parts.columns
    base = int(ladder.base_profile[0])
    only = (
        cell + int(ladder.profile[0]),
        base if base in parts.gains else next(iter(parts.gains)),
    )
    ways, _ = _around(problem, best.point, only).ways(0, only[1])
    shift = steps.start - best.point
    moved = [Way(0.0, [shifted(d, shift) for d in way.demands]) for way in ways]
    found = cheapest_way(moved, steps, best.cost)
    return None if found is None else _checked(problem, steps.start + found[0].change)


def _checked(problem: ChangeProblem, point: FloatArray) -> Candidate | None:
    """The point, or the one next to it at which the margin has just reached the target."""
    parts, levers, target = problem.parts, problem.levers, problem.target
    margin, treaty = margin_at(parts, point)
    here = Candidate(point, levers.cost(point), treaty) if margin >= target - RELATIVE else None
    if abs(margin - target) <= CLOSE:
        return here
    return settle(parts, levers, point, target - ROUNDING, rising=True) or here


def _around(problem: ChangeProblem, point: FloatArray, only: tuple[int, int]) -> Demands:
    parts, levers = problem.parts, problem.levers
    steps = Steps.inside(point, levers.lo, levers.hi, levers.costs)
    scope = Scope.one(*only, len(parts.treaties) + 1)
    return Demands(parts, levers.box(), steps, problem.target, point=True, scope=scope)


def _polish(problem: ChangeProblem, point: FloatArray, only: tuple[int, int]) -> FloatArray:
    """Newton's steps on the demands that bind, in the levers that moved: rid of solver tolerances."""
    levers = problem.levers
    free = (np.abs(point - levers.origin) > RELATIVE * (levers.hi - levers.lo)) & (
        (point > levers.lo) & (point < levers.hi)
    )
    for _ in range(4):
        if not free.any():
            break
        ways, _ = _around(problem, point, only).ways(0, only[1])
        best = max(ways, key=lambda w: min((d.value - d.level for d in w.demands), default=np.inf))
        tight = [d for d in best.demands if abs(d.value - d.level) <= ACTIVE and d.rise[free].any()]
        if not tight:
            break
        matrix = np.array([d.rise[free] for d in tight])
        gap = np.array([d.level - d.value for d in tight])
        if np.abs(gap).max() <= RESTS:
            break
        move = np.linalg.lstsq(matrix, gap, rcond=None)[0]
        point = point.copy()
        point[free] = np.clip(point[free] + move, levers.lo[free], levers.hi[free])
    return point
