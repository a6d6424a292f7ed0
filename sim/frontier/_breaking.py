"""The smallest change that breaks a feasible treaty: how robust the verdict is.

Definition. A treaty is broken when one of its parts falls to the target (a gain, every alternative of a
slack, or the stances that it rests on). The search keeps a list of parts to bring down; the linear program
over them gives the cheapest point; if a treaty is still feasible there, the search branches on the part
of that treaty to bring down next. Lists are taken cheapest first, so the first point at which nothing
is feasible is the cheapest (for affine payoffs; otherwise the program is linearised again at its own
solution).

Array convention. Points have shape ``(varied,)``.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, islice, product

import numpy as np

from sim._kernels.tolerance import RELATIVE, FloatArray
from sim.feasibility.ladder import climb
from sim.frontier._demands import Demands, Scope
from sim.frontier._enclose import Rows
from sim.frontier._linear import Demand, Steps, cheapest
from sim.frontier._parts import Choice, Parts, Slack
from sim.frontier._search import Candidate, Levers

ROUNDS = 8
MOST_OPTIONS = 64
CLOSE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """One inequality that helps to break a treaty: ``sign * row[index] >= level``."""

    rows: Rows
    index: int
    sign: int
    level: float


@dataclass(frozen=True, slots=True, eq=False)
class Broken:
    """What was found, and whether lists of parts were left untried."""

    candidate: Candidate | None
    every: bool


def cheapest_break(parts: Parts, levers: Levers, target: float, *, limit: int) -> Broken:
    """The cheapest point at which the margin has fallen to the target.

    Parameters
    ----------
    parts, levers, target
        The problem.
    limit
        How many lists of parts may be tried.
    """
    order = count()
    heap: list[tuple[float, int, list[Cut], FloatArray]] = [(0.0, next(order), [], levers.origin)]
    for _ in range(limit):
        if not heap:
            return Broken(None, True)
        _, _, cuts, point = heapq.heappop(heap)
        ladder = climb(parts.dispute.at(point[:, None]))
        if float(ladder.margin[0]) <= target + CLOSE:
            treaty = int(ladder.agreement[0])
            return Broken(Candidate(point, levers.cost(point), treaty), True)
        cell = _cell(parts, int(ladder.agreement[0]), int(ladder.profile[0]))
        for option in options(parts, cell, int(ladder.base_profile[0]), target):
            found = _cheapest(parts, levers, [*cuts, *option])
            if found is not None:
                heapq.heappush(heap, (levers.cost(found), next(order), [*cuts, *option], found))
    return Broken(None, False)


def _cell(parts: Parts, agreement: int, profile: int) -> int:
    return int(np.searchsorted(parts.treaties, agreement)) * parts.columns + profile


def options(parts: Parts, cell: int, base: int, target: float) -> list[list[Cut]]:
    """The ways to break one cell against the status quo under base stances."""
    out = [[Cut(rows, cell, -1, -target)] for rows in parts.gains[base]]
    for slack in parts.slacks:
        out += _of_slack(slack, cell, target)
    for rows in parts.regrets.rows:
        out.append([Cut(rows, cell + parts.columns, 1, 2 * RELATIVE)])
        out.append([Cut(rows, base, 1, 2 * RELATIVE)])
    return out


def _of_slack(slack: Slack, cell: int, target: float) -> list[list[Cut]]:
    if not slack.choices or not slack.applies[cell]:
        return []
    ways = [_of_choice(c, cell, target) for c in slack.choices if c.open[cell]]
    return [list(way) for way in islice(product(*ways), MOST_OPTIONS)]


def _of_choice(choice: Choice, cell: int, target: float) -> list[Cut]:
    """Any member down to the target, or any condition violated; none where it is worth ``+inf``."""
    members = [Cut(rows, cell, -1, -target) for rows in choice.members]
    return members + [Cut(rows, cell, -1, 0.0) for rows in choice.conditions]


def _cheapest(parts: Parts, levers: Levers, cuts: Sequence[Cut]) -> FloatArray | None:
    """The cheapest point that all inequalities allow, linearised again until it rests."""
    point = levers.origin
    home = Steps.inside(levers.origin, levers.lo, levers.hi, levers.costs)
    for _ in range(ROUNDS):
        step = cheapest(_linear(parts, levers, cuts, point), home)
        if not np.isfinite(step.cost):
            return None
        there = np.clip(levers.origin + step.change, levers.lo, levers.hi)
        moved = float((levers.costs * np.abs(there - point)).max(initial=0.0))
        point = there
        if parts.affine or moved <= 1e-12:
            break
    return point


def _linear(parts: Parts, levers: Levers, cuts: Sequence[Cut], point: FloatArray) -> list[Demand]:
    """The inequalities linearised at a point, as functions of the change from the origin."""
    shift = levers.origin - point
    steps = Steps.inside(point, levers.lo, levers.hi, levers.costs)
    every = Scope(
        np.arange(len(parts.agreement)),
        np.arange(parts.columns),
        np.ones(len(parts.treaties) + 1, dtype=np.bool_),
    )
    demands = Demands(parts, levers.box(), steps, 0.0, point=True, scope=every)
    out = []
    for cut in cuts:
        value, slope = demands.value_and_slope(cut.rows, cut.index)
        value, slope = cut.sign * value, cut.sign * slope
        out.append(Demand(value + float(slope @ shift), slope, -slope, cut.level))
    return out


def least_break(parts: Parts, levers: Levers, target: float, budget: float) -> float:
    """What breaking costs at least: the dearest of the treaties that are feasible now, each alone.

    Every change cheaper than ``budget`` lies in a box; over it the derivative of each part is bounded, so
    bringing the part down by its slack costs at least slack over steepest derivative per cost.
    """
    ladder = climb(parts.dispute.at(levers.origin[:, None]))
    cell = _cell(parts, int(ladder.agreement[0]), int(ladder.profile[0]))
    box = levers.box(budget)
    steps = Steps.inside(levers.origin, box.lo[:, 0], box.hi[:, 0], levers.costs)
    some = Scope.one(cell, int(ladder.base_profile[0]), len(parts.treaties) + 1)
    demands = Demands(parts, box, steps, target, scope=some)
    if not ladder.exact[0] or any(not s.choices and s.quantities for s in parts.slacks):
        return 0.0
    costs = [
        max(demands.least(cut.rows, cut.index, cut.sign, cut.level) for cut in option)
        for option in options(parts, cell, int(ladder.base_profile[0]), target)
        if option
    ]
    return min(min(costs, default=np.inf), budget)
