"""Which parameters flip a verdict nearest to their values, certified no further than that needs.

Definition. As :mod:`sim.certified.regions.strips`, of which this tells the flips that are nearest, as shares
of ranges. Ranges are divided coarsely first; then always along the line with what is still undecided nearest
to a present value all that is undecided and may be nearer than what is known, until so many flips are certain
that are nearer than anything that is not. What is undecided is divided to less than a hair's breadth, which
is a threshold and no stretch; further only where two flips are so near to each other that their order rests
on it.

Array convention. Points have shape ``(varied,)``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.certified.bounds.boxes import Boxes, box_of, join
from sim.certified.bounds.division import UNDECIDED, Divided
from sim.certified.change.problem import ChangeProblem, problem_of
from sim.certified.change.reach import ends_of, levers_space, reach_of
from sim.certified.change.single_levers import (
    LIMIT,
    NARROW,
    cut_at_turns,
    divided_from,
    verdicts_along,
)
from sim.certified.regions.strips import HAIR, flips, may_flip, over_levels
from sim.scenario import Scenario

COARSE = 2.0**-6
"""Share of a range to which it is divided at first."""
FINE = 2.0**-20
"""Share of a range to which what is undecided is divided then: less than a hair's breadth."""
HALVINGS = 4
"""How often what is undecided is halved at a time."""


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
        found = sorted([*known, *(flip for line in lines for flip in line.nearest)])
        last = found[count - 1][0] if len(found) >= count else np.inf
        open_lines = [line for line in lines if line.least < np.inf and line.least <= last]
        doubtful = [] if open_lines else _too_close(found[: count + 1])
        blunt = [line for line in lines if line.name in doubtful and not line.sharp]
        if open_lines:
            nearest = min(open_lines, key=lambda line: line.least)
            lines[lines.index(nearest)] = nearest.further(last)
        elif blunt:
            lines[lines.index(blunt[0])] = blunt[0].sharpened()
        else:
            return tuple(path for _, path in found[:count])


def _too_close(found: list[tuple[float, str]]) -> set[str]:
    """The parameters whose flips are so near to another one's that their order may be an error."""
    pairs = ((a, b) for a, b in pairwise(found) if b[0] - a[0] <= 2 * HAIR)
    return {path for pair in pairs for _, path in pair}


@dataclass(frozen=True, eq=False)
class _Line:
    """The range of one parameter, divided as far as it is; ``sharp`` if to the end about its nearest flip."""

    one: ChangeProblem
    whole: Boxes
    divided: Divided
    sharp: bool = False

    @classmethod
    def of(cls, scenario: Scenario, path: str) -> _Line:
        """The range, divided coarsely."""
        one = problem_of(scenario, levers_space(scenario, (path,)), (path,))
        whole = box_of(scenario, {path: ends_of(scenario, path)})
        first = cut_at_turns(one, whole)
        if len(first) == 1:  # of the whole it is known that bounds do not tell
            first = _halved(first)
        return cls(one, whole, _divided(one, whole, COARSE, first))

    @property
    def name(self) -> str:
        """The parameter."""
        return self.one.names[0]

    @cached_property
    def open(self) -> BoolArray:
        """Which parts are undecided and can be divided."""
        wide = self.divided.boxes.hi[0] - self.divided.boxes.lo[0] > self.whole.narrow(FINE)[0, 0]
        left = self.divided.examined < LIMIT
        return np.asarray((self.divided.verdict == UNDECIDED) & wide & left)

    @cached_property
    def shares(self) -> FloatArray:
        """How far each part is from the present value, as a share of the range."""
        boxes, here = self.divided.boxes, self.one.levers.origin[0]
        away = np.maximum(np.maximum(boxes.lo[0] - here, here - boxes.hi[0]), 0.0)
        return np.asarray(away / (self.whole.hi[0, 0] - self.whole.lo[0, 0]))

    @cached_property
    def least(self) -> float:
        """Nothing nearer than this is open; a hair's breadth aside, which is no stretch."""
        return float(self.shares[self.open].min(initial=np.inf)) - 2 * HAIR

    @cached_property
    def nearest(self) -> list[tuple[float, str]]:
        """The nearest flip, where it is certain, as a share of the range, with the parameter."""
        low, high = self.whole.lo[0, 0], self.whole.hi[0, 0]
        here = self.one.levers.origin[0]
        shares = [abs(at - here) / (high - low) for at in flips(self.one.parts, self.divided)]
        return [(float(s), self.name) for s in sorted(shares)[:1] if s < self.least]

    def further(self, last: float) -> _Line:
        """The same with all open parts divided that are no further away than ``last``."""
        return replace(self, divided=self._with(self.open & (self.shares <= last), FINE))

    def sharpened(self) -> _Line:
        """The same with what is undecided about the nearest flip divided to the end."""
        ((share, _),) = self.nearest
        about = np.abs(self.shares - share) <= 2 * HAIR
        some = about & (self.divided.verdict == UNDECIDED)
        return replace(
            self, divided=self._with(some, NARROW) if some.any() else self.divided, sharp=True
        )

    def _with(self, some: BoolArray, narrowest: float) -> Divided:
        """The division with some parts divided further."""
        boxes, verdict = self.divided.boxes, self.divided.verdict
        inner = _divided(self.one, self.whole, narrowest, _halved(boxes.pick(some)))
        return Divided(
            join([boxes.pick(~some), inner.boxes], 1),
            np.concatenate([verdict[~some], inner.verdict]),
            self.divided.examined + inner.examined,
            inner.finished,
        )


def _divided(one: ChangeProblem, whole: Boxes, narrowest: float, first: Boxes) -> Divided:
    return divided_from(one, whole, narrowest, first=first, halvings=HALVINGS)


def _halved(boxes: Boxes) -> Boxes:
    """Boxes along one parameter, each halved as often as is done at a time."""
    for _ in range(HALVINGS):
        boxes = boxes.halved(np.zeros(len(boxes), dtype=np.int64))
    return boxes
