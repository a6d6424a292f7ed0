"""The verdict along every parameter alone, certified over its whole range.

Definition. All other parameters stay where they are. A parameter along whose range bounds of the margin have
one sign cannot flip the verdict alone; along the others the range is divided until the verdict is certain on
both sides of every threshold (:mod:`sim.certified.regions.frontier`).

Array convention. Points have shape ``(varied,)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.certified.bounds.division import FEASIBLE, INFEASIBLE, VERDICTS
from sim.certified.change.single_levers import along
from sim.certified.change.smallest_change import levers_of, levers_space
from sim.certified.ladder.best_treaty import verdicts
from sim.certified.ladder.parts import Parts, parts_of
from sim.certified.regions.frontier import frontier
from sim.certified.regions.record import Frontier, Segment
from sim.feasibility.ladder import climb
from sim.payoffs import compile_dispute
from sim.scenario import Scenario

HAIR = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Along:
    """The verdict along one parameter.

    Parameters
    ----------
    path, value, low, high
        The parameter, its present value and its range.
    at
        Where the verdict flips.
    margin_low, margin_high
        The margin at both ends of the range.
    stretches
        From ``low`` to ``high``, each with its certain verdict, ``knife-edge`` or ``undecided``.
    """

    path: str
    value: float
    low: float
    high: float
    at: tuple[float, ...]
    margin_low: float
    margin_high: float
    stretches: tuple[Segment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Strips:
    """The verdict along every parameter that has a range, as ``sim.plots.thresholds`` draws it."""

    title: str
    margin: float | None
    thresholds: tuple[Along, ...]


@np.errstate(all="ignore")
def strips(scenario: Scenario, *, paths: Sequence[str] | None = None) -> Strips:
    """Certified stretches of one verdict along every parameter alone.

    Parameters
    ----------
    scenario
        A dispute.
    paths
        The parameters; by default all that have a range, but for those that decide which agreements
        exist or that only take fixed levels.

    Raises
    ------
    UsageError
        If the file is a classical game, or a path is unknown, structural or has no range.

    Examples
    --------
    >>> from sim.loading import loads
    >>> s = loads('''
    ... parameters: {cost: {value: 0.5, range: [0, 1]}, joy: {value: 0.2, range: [0.1, 0.3]}}
    ... issues: {peace: {no: {}, yes: {signed: 1}}}
    ... outcomes: {treaty: signed}
    ... actors: {a: {role: principal}, b: {role: principal}}
    ... payoffs: {a: {gain: (0.3 - cost)*signed}, b: {gain: joy*signed}}
    ... ''')
    >>> [(t.path, [(x.verdict, round(x.hi, 6)) for x in t.stretches]) for t in strips(s).thresholds]
    [('cost', [('feasible', 0.3), ('infeasible', 1.0)]), ('joy', [('infeasible', 0.3)])]
    """
    names = levers_of(scenario, paths)
    parts = parts_of(compile_dispute(scenario, names))
    if not names or not len(parts.treaties):
        return Strips(title=scenario.title, margin=None, thresholds=())
    space = levers_space(scenario, names, None)
    verdict = verdicts(along(parts, space))
    ends = [scenario.range_of(path) or (0.0, 0.0) for path in names]
    low, high = (np.array([float(end[side]) for end in ends]) for side in (0, 1))
    found = [
        (Segment(lo=float(low[k]), hi=float(high[k]), verdict=VERDICTS[verdict[k]]),)
        if verdict[k] in (FEASIBLE, INFEASIBLE)
        else _stretches(frontier(scenario, vary={path: None}, unlabelled=1.0))
        for k, path in enumerate(names)
    ]
    margins = [_margins(parts, space.origin, side) for side in (low, high)]
    here = climb(parts.dispute.at(space.origin[:, None]))
    records = tuple(
        Along(
            path=path,
            value=float(space.origin[k]),
            low=float(low[k]),
            high=float(high[k]),
            at=tuple(s.lo for s in found[k][1:]),
            margin_low=float(margins[0][k]),
            margin_high=float(margins[1][k]),
            stretches=found[k],
        )
        for k, path in enumerate(names)
    )
    return Strips(title=scenario.title, margin=float(here.margin[0]), thresholds=records)


def _margins(parts: Parts, origin: FloatArray, ends: FloatArray) -> FloatArray:
    """The margin with each parameter in turn at its end, shape ``(varied,)``."""
    points = np.where(np.eye(len(origin), dtype=np.bool_), ends[:, None], origin[:, None])
    return climb(parts.dispute.at(points)).margin


def _stretches(found: Frontier) -> tuple[Segment, ...]:
    """Stretches of one verdict; where it flips within a hair's breadth, the threshold divides them."""
    hair = HAIR * float(found.high[0] - found.low[0])
    wide = [s for s in found.segments if s.hi - s.lo > hair]
    inner = [_between(found, a, b) for a, b in pairwise(wide)]
    ends = [float(found.low[0]), *inner, float(found.high[0])]
    return tuple(Segment(lo=ends[k], hi=ends[k + 1], verdict=s.verdict) for k, s in enumerate(wide))


def _between(found: Frontier, before: Segment, after: Segment) -> float:
    """The threshold between two stretches, exact where it is known."""
    known = [c.at for c in found.crossings if before.hi <= c.at <= after.lo]
    return known[0] if known else 0.5 * (before.hi + after.lo)
