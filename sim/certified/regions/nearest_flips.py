"""Which parameters flip a verdict nearest to their values, certified no further than that needs.

Definition. As :mod:`sim.certified.regions.strips`, of which this tells the flips that are nearest, as shares
of ranges. Ranges are divided coarsely first; then always what is still undecided nearest to a present value
is divided to the end, until so many flips are certain that are nearer than anything that is not.

Array convention. Points have shape ``(varied,)``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.certified.bounds.boxes import Boxes, box_of, join
from sim.certified.bounds.division import UNDECIDED, Divided
from sim.certified.change.problem import ChangeProblem, problem_of
from sim.certified.change.reach import ends_of, levers_space, reach_of
from sim.certified.change.single_levers import LIMIT, NARROW, divided_from, verdicts_along
from sim.certified.regions.strips import HAIR, flips, may_flip, over_levels
from sim.scenario import Scenario

COARSE = 2.0**-6
"""Share of a range to which it is divided at first."""


@np.errstate(all="ignore")
def nearest_flips(scenario: Scenario, count: int) -> tuple[str, ...]:
    """At most so many parameters whose flip is nearest to their value as a share of the range, in order.

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
    >>> nearest_flips(s, 3)
    ('cost',)
    """
    reach = reach_of(scenario, None)
    levels = [over_levels(scenario, path) for path in reach.levels]
    known = [
        (abs(t.nearest - t.value) / (t.high - t.low), t.path)
        for t in levels
        if t.nearest is not None
    ]
    sure = verdicts_along(scenario, reach.scales) if reach.scales else ()
    lines = [
        _Line.of(scenario, path)
        for path, code in zip(reach.scales, sure, strict=True)
        if may_flip(code)
    ]
    while True:
        found = sorted([*known, *(flip for line in lines for flip in line.nearest())])[:count]
        last = found[-1][0] if len(found) == count else np.inf
        open_lines = [line for line in lines if line.least < np.inf and line.least <= last]
        if not open_lines:
            return tuple(path for _, path in found)
        nearest = min(open_lines, key=lambda line: line.least)
        lines[lines.index(nearest)] = nearest.further()


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    """The range of one parameter, divided as far as it is."""

    one: ChangeProblem
    whole: Boxes
    divided: Divided

    @classmethod
    def of(cls, scenario: Scenario, path: str) -> _Line:
        """The range, divided coarsely."""
        one = problem_of(scenario, levers_space(scenario, (path,)), (path,))
        whole = box_of(scenario, {path: ends_of(scenario, path)})
        return cls(one, whole, divided_from(one, whole, COARSE))

    @property
    def open(self) -> BoolArray:
        """Which parts are undecided and can be divided."""
        wide = self.divided.boxes.hi[0] - self.divided.boxes.lo[0] > self.whole.narrow(NARROW)[0, 0]
        left = self.divided.examined < LIMIT
        return np.asarray((self.divided.verdict == UNDECIDED) & wide & left)

    @property
    def shares(self) -> FloatArray:
        """How far each part is from the present value, as a share of the range."""
        boxes, here = self.divided.boxes, self.one.levers.origin[0]
        away = np.maximum(np.maximum(boxes.lo[0] - here, here - boxes.hi[0]), 0.0)
        return np.asarray(away / (self.whole.hi[0, 0] - self.whole.lo[0, 0]))

    @property
    def least(self) -> float:
        """Nothing nearer than this is open; a hair's breadth aside, which is no stretch."""
        return float(self.shares[self.open].min(initial=np.inf)) - 2 * HAIR

    def nearest(self) -> list[tuple[float, str]]:
        """The nearest flip, where it is certain, as a share of the range, with the parameter."""
        low, high = self.whole.lo[0, 0], self.whole.hi[0, 0]
        here = self.one.levers.origin[0]
        shares = [abs(at - here) / (high - low) for at in flips(self.one.parts, self.divided)]
        return [(float(s), self.one.names[0]) for s in sorted(shares)[:1] if s < self.least]

    def further(self) -> _Line:
        """The same with the nearest open part divided to the end."""
        some = self.open & (self.shares <= self.shares[self.open].min())
        boxes, verdict = self.divided.boxes, self.divided.verdict
        inner = divided_from(self.one, self.whole, NARROW, first=boxes.pick(some))
        return _Line(
            self.one,
            self.whole,
            Divided(
                join([boxes.pick(~some), inner.boxes], 1),
                np.concatenate([verdict[~some], inner.verdict]),
                self.divided.examined + inner.examined,
                inner.finished,
            ),
        )
