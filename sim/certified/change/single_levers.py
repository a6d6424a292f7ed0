"""The cheapest change of each lever alone: certified along its whole range.

A lever is looked at only where bounds of the margin along its range do not rule out that it can do it
alone; then the verdict is certified along the range and the nearest stretch on the other side taken. The
margin need not rise or fall all along: what lies between the present value and that stretch is certified
too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from sim._kernels.tolerance import ROUNDING, BoolArray, FloatArray, IntArray
from sim.certified.bounds.boxes import Boxes
from sim.certified.bounds.division import FEASIBLE, INFEASIBLE, Divided
from sim.certified.bounds.shared_batch import shared_batch
from sim.certified.change.levers import Candidate, Levers, Proved
from sim.certified.change.line_search import settle
from sim.certified.change.lines.divided import NARROW, divided, divided_lines
from sim.certified.change.lines.here import Lines
from sim.certified.change.problem import ChangeProblem, parts_by
from sim.certified.change.reach import levers_space
from sim.certified.games.supported_treaty import SupportedTreaty, margin_claim
from sim.certified.ladder.best_treaty import (
    fixed_stances,
    possible_cells,
)
from sim.certified.ladder.margin_bounds import LadderBatch, Levels
from sim.certified.ladder.parts import Parts
from sim.scenario import Scenario

SETTLED = 2.0**-20
"""Share of a lever's range within which its threshold is sought before it is settled."""
NARROWEST = 2.0**-44
"""The same where the lever is the only one, so that nothing else proves a bound."""
ALIKE = 2.0**-30
"""Difference of the distances of two values, as a share of the range, that counts as none."""
BESIDE = 2.0**-20
"""Share of a range within which a place where the margin is 0 belongs to the end of a certified stretch."""
FEWEST, WORK = 12, 1 << 19
"""How many lines are bounded at once: so many, or as many as have so many cells in all."""


def alone(problem: ChangeProblem) -> list[Candidate]:
    """For every lever by which the margin reaches the target alone, its nearest value that does.

    Where only the cheapest change is of interest, a lever that costs at least more than another is left out.
    """
    claim = margin_claim(problem.parts, problem.target)
    if isinstance(claim, SupportedTreaty):
        verdict = np.array(verdicts_along(problem.scenario, problem.names))
        some = np.flatnonzero(verdict != (FEASIBLE if problem.breaking else INFEASIBLE))
    else:
        bounds = along(problem.parts, problem.levers)
        if problem.breaking:
            some = np.flatnonzero(bounds.lo <= problem.target + ROUNDING)
        else:
            some = np.flatnonzero(bounds.hi >= problem.target)
    lines = _lines(problem, some, SETTLED)
    if not problem.others:
        lines.sort(key=lambda line: line.least)
    found: list[Candidate] = []
    for line in lines:
        known = min((c.cost for c in found), default=np.inf)
        if problem.others or line.least <= known:
            found += [c for c in (_settled(problem, line),) if c is not None]
    return found


@lru_cache(maxsize=2)
def verdicts_along(scenario: Scenario, names: tuple[str, ...]) -> tuple[int, ...]:
    """The verdict along the whole range of each of some parameters alone, where one bound tells it.

    Those of the last scenarios are kept: thresholds and the smallest change ask for the same.
    """
    parts, space = parts_by(scenario, names), levers_space(scenario, names)
    claim = margin_claim(parts)
    assert claim is not None
    boxes, scope = lines(space), claim.scope(space.box())
    size = max(FEWEST, WORK // max(1, len(parts.agreement)))
    starts = range(0, len(boxes), size)
    found = [claim.answer(boxes.pick(slice(k, k + size)), scope).verdict for k in starts]
    return tuple(int(code) for part in found for code in part)


def lines(space: Levers) -> Boxes:
    """The range of each lever, the others where they are: a box per lever."""
    line = np.eye(len(space.origin), dtype=np.bool_)
    here = space.origin[:, None]
    lo, hi = (np.where(line, end[:, None], here) for end in (space.lo, space.hi))
    return Boxes(lo, hi, along=np.arange(len(here)))


def along(parts: Parts, space: Levers) -> Levels:
    """Bounds of the margin along the range of each lever, under the stance equilibria: a box per lever."""
    fixed = fixed_stances(parts, space.box())
    batch = shared_batch(parts.dispute.frame, lines(space))
    return LadderBatch(parts, batch, possible_cells(parts, fixed), fixed).top()


def nearest(problem: ChangeProblem, k: int, *, narrowest: float = SETTLED) -> Proved:
    """The nearest value of one lever at which the margin has reached the target, and what less cannot do."""
    (line,) = _lines(problem, np.array([k]), narrowest)
    found = _settled(problem, line)
    bound = line.least if found is None else min(line.least, found.cost)
    return Proved(found, bound, line.boxes)


@dataclass(frozen=True, slots=True)
class _Line:
    """Along one lever: the nearest value from which on it is done, what it costs at least, boxes.

    ``some`` is the problem of some levers of the whole one, ``levers``, of which this is number ``place``;
    ``seen`` are places close to that value at which the margin is seen to be the target.
    """

    some: ChangeProblem
    levers: IntArray
    place: int
    end: float | None
    least: float
    boxes: int
    seen: tuple[float, ...] = ()

    def at(self, value: float) -> FloatArray:
        """The present point with this lever at a value."""
        point = self.some.levers.origin.copy()
        point[self.place] = value
        return point


def _settled(problem: ChangeProblem, line: _Line) -> Candidate | None:
    """The first value of a lever, on its way, at which the margin has reached the target."""
    some, ends = line.some, [line.end]
    if line.end is None and problem.breaking and problem.parts.game is not None:
        space = some.levers
        ends = [float(space.lo[line.place]), float(space.hi[line.place])]
    rising = not problem.breaking
    for place in line.seen:
        near = settle(some.parts, some.levers, line.at(place), problem.level, rising=rising)
        if near is not None:
            return problem.lifted(line.levers, near)
    settled = [
        settle(some.parts, some.levers, line.at(end), problem.level, rising=rising)
        for end in ends
        if end is not None
    ]
    found = min((c for c in settled if c is not None), key=lambda c: c.cost, default=None)
    return None if found is None else problem.lifted(line.levers, found)


def _lines(problem: ChangeProblem, some: IntArray, narrowest: float) -> list[_Line]:
    """What is proved along some levers, each alone.

    Where the same is asked of their ranges as their thresholds answer, it is these that are read.
    """
    if not len(some):
        return []
    fewer, names = problem.only(some), tuple(problem.names[k] for k in some)
    space = fewer.levers
    same = fewer.target == 0 and fewer.parts is parts_by(problem.scenario, names)
    if same and narrowest >= NARROW:
        known = divided_lines(problem.scenario, names)
        if (known.lines.lo == space.lo).all() and (known.lines.hi == space.hi).all():
            certified = [_line(fewer, some, k, one) for k, one in enumerate(known.divided)]
            return [_with_seen(one, known.turns.along(k)) for k, one in enumerate(certified)]
    axes = np.arange(len(some))
    lines = Lines(fewer.parts, space.origin, axes, space.lo, space.hi, fewer.target)
    found = divided(lines, narrowest=narrowest).divided
    return [_line(fewer, some, k, one) for k, one in enumerate(found)]


def _with_seen(line: _Line, turns: FloatArray) -> _Line:
    """The same with the places beside its end at which the margin is seen to be the target."""
    space, k = line.some.levers, line.place
    beside = BESIDE * float(space.hi[k] - space.lo[k])
    near = [x for x in turns.tolist() if line.end is not None and abs(x - line.end) <= beside]
    return replace(line, seen=tuple(near))


def _line(some: ChangeProblem, levers: IntArray, place: int, found: Divided) -> _Line:
    """What the division of one lever's range says."""
    wanted, other = (INFEASIBLE, FEASIBLE) if some.breaking else (FEASIBLE, INFEASIBLE)
    space = some.levers
    here = float(space.origin[place])
    ends = np.clip(here, found.boxes.lo[0], found.boxes.hi[0])
    far = np.abs(ends - here)
    width = float(space.hi[place] - space.lo[place])
    end = _nearest(ends, far, found.verdict == wanted, ALIKE * width)
    least = float(far[found.verdict != other].min(initial=np.inf))
    proved = margin_claim(some.parts, some.target) is not None
    cost = float(space.costs[place]) * least if proved else 0.0
    return _Line(some, levers, place, end, cost, found.examined)


def _nearest(ends: FloatArray, far: FloatArray, some: BoolArray, alike: float) -> float | None:
    """The nearest of some ends; of two that are as near on either side the lower one."""
    if not some.any():
        return None
    return float(ends[some & (far <= far[some].min() + alike)].min())
