"""Changes that make a treaty feasible: found by linear programs, not yet proved to be the cheapest.

Array convention. Points have shape ``(varied,)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from sim._kernels.tolerance import ROUNDING, FloatArray, IntArray
from sim.certified.change.least_cost import CLOSE, least_cost
from sim.certified.change.levers import Candidate, Levers
from sim.certified.change.problem import ChangeProblem
from sim.certified.change.programs.demands import Demands
from sim.certified.change.programs.linear_program import cheapest_way
from sim.certified.change.repeated_programs import promising, pursue
from sim.certified.ladder.parts import Parts

TRIED = 24
"""Cells, those with the lowest floor first, from which a candidate is sought."""
PURSUED = 6
"""Treaties that are pursued after the first look."""
WIDER = 1.25
"""Candidates that cost up to so many times the best are looked at too."""
BOXES = 20
"""Boxes of a proof while candidates are compared."""


def candidates(problem: ChangeProblem, known: Candidate | None = None) -> list[Candidate]:
    """Changes that reach the target, each for the treaty that looked cheapest when linearised.

    Where dearer changes are of no interest, those that look dearer than ``known`` are given up.
    """
    demands, ranked = promising(problem)
    tried: list[Tried] = []
    most = np.inf
    for floor, cell, base in ranked[:TRIED]:
        if floor >= most:
            break
        ways, _ = demands.ways(cell, base)
        best = cheapest_way(ways, demands.steps, most)
        if best is not None:
            tried.append((best[0].cost, cell, base, best[0].change))
            most = min(most, WIDER * best[0].cost)
    tried.sort(key=lambda t: t[:3])
    chosen = _different(problem.parts, demands, tried)
    some = _useful(problem.levers, demands, chosen)
    if not len(some):
        return []
    fewer = problem.only(some)
    out: list[Candidate] = []
    for cost, cell, base, _ in chosen:
        best_so_far = min((c.cost for c in out), default=np.inf)
        worse = np.inf
        if not problem.others:
            worse = WIDER * min(best_so_far, np.inf if known is None else known.cost)
        if cost > min(2 * best_so_far, worse):
            break
        only = (int(demands.cells[cell]), base)
        found = pursue(fewer, only, worse)
        if found is not None:
            out.append(problem.lifted(some, found))
    return out


Tried = tuple[float, int, int, FloatArray]


def _different(parts: Parts, demands: Demands, tried: Sequence[Tried]) -> list[Tried]:
    """The cheapest of each treaty, a few."""
    seen: set[int] = set()
    out: list[Tried] = []
    for item in tried:
        treaty = int(demands.cells[item[1]]) // parts.columns
        if treaty not in seen and len(out) < PURSUED:
            seen.add(treaty)
            out.append(item)
    return out


def _useful(space: Levers, demands: Demands, chosen: Sequence[Tried]) -> IntArray:
    """Levers that some linearised change moves, and a few that pull most on what it lacks."""
    moved = np.zeros(len(space.origin), dtype=np.bool_)
    for _, cell, base, change in chosen:
        moved |= np.abs(change) > ROUNDING
        ways, _ = demands.ways(cell, base)
        for demand in (d for w in ways[:1] for d in w.demands if d.value < d.level):
            pull = np.maximum(demand.rise, demand.fall) / space.costs
            moved[np.argsort(-pull)[:3]] = True
    return np.flatnonzero(moved)


def cheapest_of(problem: ChangeProblem) -> Candidate | None:
    """The cheapest candidate among the most promising cells."""
    demands, ranked = promising(problem)
    best: Candidate | None = None
    for cost, cell, base in ranked[:PURSUED]:
        worse = np.inf if best is None else best.cost
        if cost >= worse:
            break
        found = pursue(problem, (int(demands.cells[cell]), base), worse)
        if found is not None and (best is None or found.cost < best.cost):
            best = found
    return best


def of_pairs(problem: ChangeProblem, *, most: int) -> list[Candidate]:
    """The cheapest change of every two of the levers that count most."""
    out: list[Candidate] = []
    for pair in combinations(_strongest(problem, most), 2):
        some = np.array(pair)
        fewer = problem.only(some)
        if problem.breaking:
            from sim.certified.change.cheapest_break import cheapest_break

            found = cheapest_break(fewer, limit=BOXES).candidate
        else:
            found = least_cost(fewer, cheapest_of(fewer), limit=BOXES).candidate
        if found is not None:
            out.append(problem.lifted(some, found))
    return out


def _strongest(problem: ChangeProblem, most: int) -> list[int]:
    """The levers that pull most on what the most promising treaties lack, or have to spare."""
    space = problem.levers
    demands, ranked = promising(problem)
    pull = np.zeros(len(space.origin))
    for _, cell, base in ranked[:PURSUED]:
        ways, _ = demands.ways(cell, base)
        for demand in (d for w in ways[:1] for d in w.demands):
            steep = np.maximum(np.abs(demand.rise), np.abs(demand.fall)) / space.costs
            lack = max(abs(demand.value - demand.level), CLOSE)
            pull = np.maximum(pull, np.where(np.isfinite(steep), steep, 0.0) / lack)
    strong = np.argsort(-pull, kind="stable")[:most]
    return sorted(int(k) for k in strong if pull[k] > 0)
