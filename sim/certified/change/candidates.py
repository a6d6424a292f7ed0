"""Changes that make a treaty feasible: found by linear programs, not yet proved to be the cheapest.

Array convention. Points have shape ``(varied,)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from sim._kernels.tolerance import FloatArray, IntArray
from sim.certified.change.cheapest_break import cheapest_break
from sim.certified.change.demands import Demands
from sim.certified.change.least_cost import CLOSE, least_cost
from sim.certified.change.levers import Candidate, Levers
from sim.certified.change.linear_program import cheapest_way
from sim.certified.change.repeated_programs import promising, pursue
from sim.certified.ladder.parts import Parts, parts_of
from sim.payoffs import compile_dispute
from sim.scenario import Scenario

TRIED = 24
PURSUED = 6
WIDER = 1.25
BOXES = 20


def candidates(
    scenario: Scenario, parts: Parts, names: Sequence[str], space: Levers, target: float
) -> list[Candidate]:
    """Changes that reach the target, each for the treaty that looked cheapest when linearised."""
    demands, ranked = promising(parts, space, target)
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
    chosen = _different(parts, demands, tried)
    some = _useful(space, demands, chosen)
    if not len(some):
        return []
    fewer = parts_of(compile_dispute(scenario, [names[k] for k in some]))
    out: list[Candidate] = []
    for cost, cell, base, _ in chosen:
        best_so_far = min((c.cost for c in out), default=np.inf)
        if cost > 2 * best_so_far:
            break
        only = (int(demands.cells[cell]), base)
        found = pursue(fewer, space.pick(some), target, only, np.inf)
        if found is not None:
            point = space.origin.copy()
            point[some] = found.point
            out.append(Candidate(point, found.cost, found.treaty))
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
        moved |= np.abs(change) > 1e-12
        ways, _ = demands.ways(cell, base)
        for demand in (d for w in ways[:1] for d in w.demands if d.value < d.level):
            pull = np.maximum(demand.rise, demand.fall) / space.costs
            moved[np.argsort(-pull)[:3]] = True
    return np.flatnonzero(moved)


def cheapest_of(
    scenario: Scenario, names: Sequence[str], space: Levers, target: float
) -> Candidate | None:
    """The cheapest candidate among the most promising cells, with some parameters as levers."""
    parts = parts_of(compile_dispute(scenario, names))
    demands, ranked = promising(parts, space, target)
    best: Candidate | None = None
    for cost, cell, base in ranked[:PURSUED]:
        worse = np.inf if best is None else best.cost
        if cost >= worse:
            break
        found = pursue(parts, space, target, (int(demands.cells[cell]), base), worse)
        if found is not None and (best is None or found.cost < best.cost):
            best = found
    return best


def of_pairs(
    scenario: Scenario,
    parts: Parts,
    names: Sequence[str],
    space: Levers,
    target: float,
    breaking: bool,
    *,
    most: int,
) -> list[Candidate]:
    """The cheapest change of every two of the levers that count most."""
    out: list[Candidate] = []
    for pair in combinations(_strongest(parts, space, target, most), 2):
        some = np.array(pair)
        two, both = [names[k] for k in pair], space.pick(some)
        fewer = parts_of(compile_dispute(scenario, two))
        if breaking:
            found = cheapest_break(fewer, both, target, limit=BOXES).candidate
        else:
            known = cheapest_of(scenario, two, both, target)
            found = least_cost(fewer, both, target, known, limit=BOXES).candidate
        if found is not None:
            point = space.origin.copy()
            point[some] = found.point
            out.append(Candidate(point, found.cost, found.treaty))
    return out


def _strongest(parts: Parts, space: Levers, target: float, most: int) -> list[int]:
    """The levers that pull most on what the most promising treaties lack, or have to spare."""
    demands, ranked = promising(parts, space, target)
    pull = np.zeros(len(space.origin))
    for _, cell, base in ranked[:PURSUED]:
        ways, _ = demands.ways(cell, base)
        for demand in (d for w in ways[:1] for d in w.demands):
            steep = np.maximum(np.abs(demand.rise), np.abs(demand.fall)) / space.costs
            lack = max(abs(demand.value - demand.level), CLOSE)
            pull = np.maximum(pull, np.where(np.isfinite(steep), steep, 0.0) / lack)
    strong = np.argsort(-pull, kind="stable")[:most]
    return sorted(int(k) for k in strong if pull[k] > 0)
