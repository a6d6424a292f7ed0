"""The cheapest change of each lever alone: certified along its whole range.

A lever is looked at only where bounds of the margin along its range do not rule out that it can do it
alone; then the verdict is certified along the range and the nearest stretch on the other side taken. The
margin need not rise or fall all along: what lies between the present value and that stretch is certified
too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sim._kernels.numbering import ascending
from sim._kernels.tolerance import RELATIVE, ROUNDING, BoolArray, FloatArray, IntArray
from sim.certified.bounds.box_batch import BoxBatch
from sim.certified.bounds.boxes import Boxes, box_of
from sim.certified.bounds.division import FEASIBLE, INFEASIBLE, Divided, divide
from sim.certified.change.levers import Candidate, Levers, Proved, ladder_at
from sim.certified.change.line_search import settle
from sim.certified.change.problem import ChangeProblem, parts_by, problem_of
from sim.certified.change.reach import ends_of, levers_space
from sim.certified.games.supported_treaty import SupportedTreaty, margin_claim
from sim.certified.ladder.best_treaty import (
    BestTreaty,
    fixed_stances,
    possible_cells,
)
from sim.certified.ladder.margin_bounds import LadderBatch, Levels
from sim.certified.ladder.parts import Parts
from sim.scenario import Scenario

NARROW = 2.0**-32
"""Share of a range to which a threshold is narrowed: 2.3e-10."""
SETTLED = 2.0**-20
"""Share of a lever's range within which its threshold is sought before it is settled."""
NARROWEST = 2.0**-44
"""The same where the lever is the only one, so that nothing else proves a bound."""
EVEN, ZOOMS = 33, 12
"""Points along a range at which a change of sign is looked for, and how often between two of them."""
SEEN = 2.0**-44
"""How nearly such a place is sought, as a share of the range."""
ALIKE = 2.0**-30
"""Difference of the distances of two values, as a share of the range, that counts as none."""
BESIDE = 2.0**-20
"""How far from such a place the slope of the margin is measured, as a share of the range."""
AWAY = 2.0 ** -np.array([34.0, 31.0, 29.0, 27.0, 25.0, 17.0, 9.0])
"""How far from such a place a range is cut at first, as shares of the range."""
LIMIT = 4_000
"""Boxes that may be bounded along one lever."""
HALVINGS = 3
"""How often what is undecided along a lever is halved at a time."""
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
    lines = [_line(problem, k, SETTLED) for k in some.tolist()]
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
    batch = BoxBatch(parts.dispute.frame, lines(space))
    return LadderBatch(parts, batch, possible_cells(parts, fixed), fixed).top()


@lru_cache(maxsize=8)
def divided_along(scenario: Scenario, path: str) -> Divided:
    """The range of a parameter divided by the verdict; the last few are kept for the next question."""
    one = problem_of(scenario, levers_space(scenario, (path,)), (path,))
    return divided_from(one, box_of(scenario, {path: ends_of(scenario, path)}), NARROW)


def divided_from(
    one: ChangeProblem,
    whole: Boxes,
    narrowest: float,
    *,
    first: Boxes | None = None,
    halvings: int = HALVINGS,
) -> Divided:
    """The range of one lever, or some ``first`` parts of it, divided by whether the margin is enough."""
    claim = margin_claim(one.parts, one.target)
    return divide(
        BestTreaty(one.parts, target=one.target) if claim is None else claim,
        whole,
        tolerance=0.0,
        narrowest=narrowest,
        limit=LIMIT,
        halvings=halvings,
        first=cut_at_turns(one, whole) if first is None else first,
    )


def cut_at_turns(one: ChangeProblem, whole: Boxes) -> Boxes:
    """The range cut closely around where the margin is seen to pass the target."""
    lo, hi = float(whole.lo[0, 0]), float(whole.hi[0, 0])
    points = np.linspace(lo, hi, EVEN)
    margin = ladder_at(one.parts, points[None]).margin - one.target
    turns = [_turn(one, points[k : k + 2], margin[k : k + 2]) for k in _signs_change(margin)]
    cuts = [at + side * AWAY * (hi - lo) for at in turns for side in (-1, 1)]
    ties = [at for turn in turns for at in _where_ties_end(one, turn, lo, hi)]
    cuts += [at + side * AWAY[:2] * (hi - lo) for at in ties for side in (-1, 1)]
    ends = ascending(np.clip(np.concatenate([[lo, hi], *cuts]), lo, hi))
    return Boxes(ends[None, :-1], ends[None, 1:], whole.levels)


def _turn(one: ChangeProblem, ends: FloatArray, margin: FloatArray) -> float:
    """A place between two points at which the margin passes the target, as nearly as cuts need it."""
    close = SEEN * float(one.levers.hi[0] - one.levers.lo[0])
    for _ in range(ZOOMS):
        low, high = (float(x) for x in ends)
        near = high - low <= close or not low < low + 0.5 * (high - low) < high
        if near or not np.isfinite(margin).all():
            break
        straight = low + (high - low) * margin[0] / (margin[0] - margin[1])
        step = (high - low) * 2.0 ** -np.arange(4.0, 52.0, 4.0)
        around = np.concatenate([np.linspace(low, high, 9), straight - step, straight + step])
        points = ascending(np.clip(around, low, high))
        found = ladder_at(one.parts, points[None]).margin - one.target
        k = int(_signs_change(found)[0])
        ends, margin = points[k : k + 2], found[k : k + 2]
    return float(ends.mean())


def _where_ties_end(one: ChangeProblem, turn: float, lo: float, hi: float) -> list[float]:
    """Where the margin has gone below the target by what still ties with it, on either side of a turn.

    Equilibria of the game that may play a treaty in a tie end there, and not where the margin is 0.
    """
    step = BESIDE * (hi - lo)
    points = np.clip(turn + np.array([-step, step]), lo, hi)
    margin = ladder_at(one.parts, points[None]).margin - one.target
    away = points - turn
    with np.errstate(all="ignore"):
        ends = turn - RELATIVE * away / margin
    return [float(x) for x in ends[(margin < -RELATIVE) & (away != 0)]]


def _signs_change(margin: FloatArray) -> IntArray:
    """After which points the margin passes the target."""
    return np.flatnonzero((margin[:-1] >= 0) != (margin[1:] >= 0))


def nearest(problem: ChangeProblem, k: int, *, narrowest: float = SETTLED) -> Proved:
    """The nearest value of one lever at which the margin has reached the target, and what less cannot do."""
    line = _line(problem, k, narrowest)
    found = _settled(problem, line)
    bound = line.least if found is None else min(line.least, found.cost)
    return Proved(found, bound, line.boxes)


@dataclass(frozen=True, slots=True)
class _Line:
    """Along one lever: the nearest value from which on it is done, what it costs at least, boxes.

    ``one`` is the problem of lever ``k`` alone.
    """

    one: ChangeProblem
    k: int
    end: float | None
    least: float
    boxes: int


def _settled(problem: ChangeProblem, line: _Line) -> Candidate | None:
    """The first value of a lever, on its way, at which the margin has reached the target."""
    one, ends = line.one, [line.end]
    if line.end is None and problem.breaking and problem.parts.game is not None:
        ends = [float(one.levers.lo[0]), float(one.levers.hi[0])]
    rising = not problem.breaking
    some = [
        settle(one.parts, one.levers, np.array([end]), problem.level, rising=rising)
        for end in ends
        if end is not None
    ]
    found = min((c for c in some if c is not None), key=lambda c: c.cost, default=None)
    return None if found is None else problem.lifted(np.array([line.k]), found)


def _line(problem: ChangeProblem, k: int, narrowest: float) -> _Line:
    one = problem.only(np.array([k]))
    here = float(one.levers.origin[0])
    known = None
    if one.target == 0 and one.parts is parts_by(one.scenario, one.names) and narrowest >= NARROW:
        known = divided_along(one.scenario, one.names[0])
    whole = one.levers.box()
    same = known is not None and (known.boxes.lo.min(), known.boxes.hi.max()) == (
        whole.lo,
        whole.hi,
    )
    found = known if known is not None and same else divided_from(one, whole, narrowest)
    wanted, other = (INFEASIBLE, FEASIBLE) if problem.breaking else (FEASIBLE, INFEASIBLE)
    ends = np.clip(here, found.boxes.lo[0], found.boxes.hi[0])
    far = np.abs(ends - here)
    width = float(one.levers.hi[0] - one.levers.lo[0])
    end = _nearest(ends, far, found.verdict == wanted, ALIKE * width)
    least = float(far[found.verdict != other].min(initial=np.inf))
    proved = margin_claim(one.parts, one.target) is not None
    return _Line(one, k, end, float(one.levers.costs[0]) * least if proved else 0.0, found.examined)


def _nearest(ends: FloatArray, far: FloatArray, some: BoolArray, alike: float) -> float | None:
    """The nearest of some ends; of two that are as near on either side the lower one."""
    if not some.any():
        return None
    return float(ends[some & (far <= far[some].min() + alike)].min())
