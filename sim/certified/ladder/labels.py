"""What is certain over a whole box besides the verdict: rung, a best treaty, the binding constraint.

Definition. The ladder is climbed in the middle of a box; what it finds there is certified for the box
where bounds prove it: the rung by the bounds of the best treaty up to each rung; a treaty ``a`` as best
when for every other cell ``b`` each part of ``a`` exceeds the same part of ``b``, or the lowest part of
``b`` (then no treaty does better anywhere in the box; others may tie); a part as binding when no other
part of ``a`` can be lower. What is not proved is -1.

Array convention. Codes have shape ``(boxes,)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sim._kernels.tolerance import ROUNDING, BoolArray, FloatArray, IntArray
from sim.certified.bounds.box_batch import BoxBatch
from sim.certified.bounds.boxes import Boxes
from sim.certified.bounds.division import FEASIBLE, INFEASIBLE
from sim.certified.ladder.best_treaty import possible_cells
from sim.certified.ladder.leads import Comparison, Leads, compared_gain, compared_slack
from sim.certified.ladder.margin_bounds import LadderBatch, Stances
from sim.certified.ladder.parts import Parts
from sim.feasibility.evaluate import Problem, evaluate_all
from sim.feasibility.ladder import RUNGS
from sim.payoffs import NotFiniteError
from sim.rules import ladder as rules
from sim.rules.intervals import INTERVALS, Interval
from sim.sweeps.failures import failures

CHUNK = 512
"""Parts that are labelled at once."""


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """Certain labels of boxes, -1 where nothing is certain.

    ``rung`` indexes the ladder's rungs (their number where none fails), ``agreement`` the agreements,
    ``binding`` the ladder's labels.
    """

    rung: IntArray
    agreement: IntArray
    binding: IntArray


def label(
    parts: Parts,
    boxes: Boxes,
    verdict: IntArray,
    fixed: Stances | None,
    known: Leads | None = None,
) -> Labels:
    """Labels of boxes whose verdict is known; ``known`` keeps what several calls share."""
    out = Labels(*(np.full(len(boxes), -1) for _ in range(3)))
    which = np.flatnonzero((verdict == FEASIBLE) | (verdict == INFEASIBLE))
    if not len(parts.treaties):
        out.rung[which] = 0
        return out
    keys = np.full((5, len(boxes)), -1)
    for some in _chunks(which):
        keys[:, some] = _in_the_middle(parts, boxes.pick(some), verdict[some], fixed)
    out.rung[:] = keys[0]
    known = {} if known is None else known
    for key in np.unique(keys[:4, keys[0] >= 0], axis=1).T:
        group = np.flatnonzero((keys[:4] == key[:, None]).all(axis=0))
        for some in _chunks(group):
            claim = _Claim(parts, boxes.pick(some), key, keys[4, some], fixed, known)
            best, binding = claim.holds()
            out.agreement[some] = np.where(best, key[1], -1)
            out.binding[some] = np.where(best & binding, keys[4, some], -1)
    return out


def _chunks(which: IntArray) -> list[IntArray]:
    return [which[k : k + CHUNK] for k in range(0, len(which), CHUNK)]


def _in_the_middle(
    parts: Parts, boxes: Boxes, verdict: IntArray, fixed: Stances | None
) -> IntArray:
    """Rung (-1 where it is not certain), treaty, stances, base stances and binding part.

    All are -1 where a term has no finite value in the middle of a box.
    """
    try:
        middle = evaluate_all(_points_of(parts), boxes.mid).ladder
    except NotFiniteError:
        failed = list(failures(_points_of(parts), boxes.mid))
        good = np.setdiff1d(np.arange(len(boxes)), failed)
        keys = np.full((5, len(boxes)), -1)
        if len(good):
            keys[:, good] = _in_the_middle(parts, boxes.pick(good), verdict[good], fixed)
        return keys
    rung = np.where(verdict == FEASIBLE, len(RUNGS), middle.rung)
    blocked = np.flatnonzero(verdict == INFEASIBLE)
    if len(blocked):
        sure = _rung_is_sure(parts, boxes.pick(blocked), rung[blocked], fixed)
        rung[blocked[~sure]] = -1
    return np.stack([rung, middle.agreement, middle.profile, middle.base_profile, middle.binding])


@lru_cache(maxsize=4)
def _points_of(parts: Parts) -> Problem:
    """The ladder's points, with the engines that compute many; the last few are kept."""
    return Problem(parts.dispute, None)


def _rung_is_sure(parts: Parts, boxes: Boxes, rung: IntArray, fixed: Stances | None) -> BoolArray:
    """Where the rung found in the middle is the first that fails in all of the box."""
    ladder = LadderBatch(
        parts, BoxBatch(parts.dispute.frame, boxes), possible_cells(parts, fixed), fixed
    )
    tops = [
        rules.snapped(INTERVALS, Interval(top.lo, top.hi), parts.error) for top in ladder.tops()
    ]
    found = rules.first_failing(INTERVALS, tops)
    return np.asarray((found.lo == rung) & (found.hi == rung))


class _Claim:
    """The claim that one treaty is best, and one part binding, in all of some boxes."""

    def __init__(
        self,
        parts: Parts,
        boxes: Boxes,
        key: IntArray,
        binding: IntArray,
        fixed: Stances | None,
        known: Leads,
    ) -> None:
        self.parts, self.binding, self.known = parts, binding, known
        rung, self.agreement, self.profile, self.base = (int(k) for k in key)
        self.batch = BoxBatch(parts.dispute.frame, boxes)
        self.ladder = LadderBatch(parts, self.batch, possible_cells(parts, fixed), fixed)
        self.index = self.ladder.cells.index
        slacks = [s for s in parts.slacks if s.rung <= rung]
        self.compared = [*map(compared_gain, parts.gains[self.base]), *map(compared_slack, slacks)]
        first = len(parts.gains[self.base])
        chosen = [first + k for k, s in enumerate(parts.slacks) if s.rung <= rung]
        self.labels = np.array([*range(first), *chosen])
        self.values = [
            *self.ladder.gains(self.base), *(s.bounds(self.batch, self.index) for s in slacks)
        ]  # fmt: skip

    def holds(self) -> tuple[BoolArray, BoolArray]:
        """Where the treaty is certainly best, and where the part certainly binds it."""
        mine = (self.parts.agreement[self.index] == self.agreement) & (
            self.parts.profile[self.index] == self.profile
        )
        if not mine.any():
            none = np.zeros(len(self.batch), dtype=np.bool_)
            return none, none
        own = int(np.flatnonzero(mine)[0])
        ladder = self.ladder
        others = ladder.base_possible[~self._alike()].any(axis=0)
        best = ladder.base_possible[self.base] & ~others & ladder.certain[own]
        cells = self.parts.agreement, self.parts.profile
        seen = Comparison(self.batch, *cells, self.index, own, self.known)
        best &= ((self._ahead(seen) >= -ROUNDING) | ~ladder.possible).all(axis=0)
        return best, self._binds(seen)

    def _alike(self) -> BoolArray:
        """Stances under which the status quo is worth the same to every principal, all over the boxes."""
        profiles = np.arange(self.parts.columns)
        alike = np.ones(len(profiles), dtype=np.bool_)
        for rows in self.parts.gains[self.base]:
            quantity = rows.quantity
            worth = quantity.matrix[np.minimum(profiles, quantity.shape[1] - 1)]
            alike &= (worth == worth[self.base]).all(axis=1)
            if quantity.rest and self.batch.rest(quantity).lo.shape[1] > 1:
                alike &= profiles == self.base
        return alike

    def _ahead(self, seen: Comparison) -> FloatArray:
        """Lower bound of the treaty's lowest part less that of every cell."""
        level = np.minimum.reduce([v.hi for v in self.values])
        ahead = np.full(level.shape, np.inf)
        for value, part in zip(self.values, self.compared, strict=True):
            lead = np.fmax(value.lo[seen.own] - level, seen.ahead(part))
            ahead = np.minimum(ahead, np.where(np.isposinf(value.lo[seen.own]), np.inf, lead))
        return ahead

    def _binds(self, seen: Comparison) -> BoolArray:
        """Where no other part of the treaty is lower than the one that binds in the middle."""
        lo = np.stack([v.lo[seen.own] for v in self.values])
        hi = np.stack([v.hi[seen.own] for v in self.values])
        mine = self.labels[:, None] == self.binding
        gap = np.where(mine, np.inf, lo - np.where(mine, hi, -np.inf).max(axis=0))
        for k in np.unique(self.binding):
            lowest = int(np.flatnonzero(self.labels == k)[0])
            columns = self.binding == k
            for other in (i for i in range(len(self.labels)) if i != lowest):
                lead = seen.gap(self.compared[other], self.compared[lowest])[columns]
                gap[other, columns] = np.fmax(gap[other, columns], lead)
        return np.asarray((gap >= -ROUNDING).all(axis=0))
