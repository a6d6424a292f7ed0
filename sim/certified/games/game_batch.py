"""Payoff differences between the outcomes of a game, over boxes.

Definition. The payoff of an outcome is that of its cell where the agreement enters into force and the
status quo's under the same stances otherwise, with the probabilities of :mod:`sim.certified.games.chances`.
The difference of two outcomes is multilinear in the two probabilities, so its range is spanned by their
ends; at each pair of ends it is one row, in which everything that both outcomes share cancels before any
bound is taken, exact where affine. A term that is not affine cancels between cells whose attributes in it
are equal.

Array convention. Queries are arrays of equal shape: first outcome, second outcome, box.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.certified.bounds.boxes import EPS, Boxes
from sim.certified.bounds.division import EVEN, steepest
from sim.certified.bounds.rows import Bounds
from sim.certified.bounds.shared_batch import shared_batch
from sim.certified.games.game_payoffs import GamePayoffs, OutcomePayoffs
from sim.certified.games.weighted_terms import Weight, WeightedTerms, enclosed
from sim.payoffs.quantities import Term
from sim.rules import outcomes as rules
from sim.rules.affine import Box, centred
from sim.rules.arithmetic import ARRAYS
from sim.rules.intervals import INTERVALS, Interval

Query = tuple[str, IntArray, IntArray, IntArray]
"""Differences of payoffs: actor, first outcomes, second outcomes, boxes."""


class GameBatch:
    """The payoffs of a game over a batch of boxes."""

    def __init__(self, payoffs: GamePayoffs, boxes: Boxes) -> None:
        self.of, self.boxes = payoffs, boxes
        self.batch = shared_batch(payoffs.dispute.frame, boxes)
        chance = payoffs.chances.bounds(self.batch)
        copies = payoffs.outcomes // len(chance.lo)
        self.chance = Bounds(np.tile(chance.lo, (copies, 1)), np.tile(chance.hi, (copies, 1)))
        self._rests: dict[str, tuple[FloatArray, ...]] = {}
        self._errors: dict[str, FloatArray] = {}
        self._along: dict[str, tuple[FloatArray, FloatArray, IntArray]] = {}

    def __len__(self) -> int:
        return len(self.boxes)

    def differences(self, actor: str, first: IntArray, second: IntArray, box: IntArray) -> Bounds:
        """Bounds of what an actor gains from the first to the second outcome, in payoff units."""
        ends = [(self.chance.lo[o, box], self.chance.hi[o, box]) for o in (first, second)]
        open_ = np.logical_or.reduce([(lo != hi) | ((lo != 0) & (lo != 1)) for lo, hi in ends])
        open_ &= first != second
        settled = [
            rules.certain(ARRAYS, rules.in_force(ARRAYS, lo), o, self.of.fallback(o))
            for o, (lo, _) in zip((first, second), ends, strict=True)
        ]
        out = self._combined(actor, [settled[1], settled[0]], [1.0, -1.0], box)
        if open_.any():
            some = [(lo[open_], hi[open_]) for lo, hi in ends]
            mixed = self._mixed(actor, first[open_], second[open_], box[open_], some)
            out.lo[open_], out.hi[open_] = mixed.lo, mixed.hi
        return out

    def better(
        self, actor: str, first: IntArray, second: IntArray, box: IntArray
    ) -> Interval[BoolArray]:
        """Where second outcomes are certainly, and possibly, worth more to an actor, beyond what ties."""
        printed = self.of.printed(actor, len(box))
        if printed is not None:
            forces = [self._forces.take(o * len(self) + box) for o in (first, second)]
            return Interval(*printed.run((first, second), forces, self._box(actor, box)))
        gain = self.differences(actor, first, second, box)
        return INTERVALS.apply("gt", gain, self._ties(actor, first, second, box))

    @cached_property
    def _forces(self) -> FloatArray:
        """2 where an outcome's agreement certainly enters into force, 1 where it may, 0 where not."""
        low, high = self.chance.lo > 0, self.chance.hi > 0
        return np.add(low, high, dtype=np.float64)

    def _box(self, actor: str, box: IntArray) -> Box:
        """The box of each query, with what rounding may take from an actor's payoffs."""
        batch = self.batch
        mid, radius = (side.take(box, axis=1) for side in (batch.mid, batch.radius))
        return Box([*mid], [*radius], self._rounding(actor).take(box))

    def _ties(self, actor: str, first: IntArray, second: IntArray, box: IntArray) -> Bounds:
        """By how much two outcomes of an actor may differ and tie all the same: the least and the most."""
        error = self.of.payoffs[actor].error
        sure = Bounds(self.chance.lo == 1, self.chance.hi > 0)
        parts = (
            rules.certain(
                INTERVALS,
                Interval(sure.lo[o, box], sure.hi[o, box]),
                error[o],
                error[self.of.fallback(o)],
            )
            for o in (first, second)
        )
        return INTERVALS.apply("add", *parts)

    def _mixed(
        self,
        actor: str,
        first: IntArray,
        second: IntArray,
        box: IntArray,
        ends: Sequence[tuple[FloatArray, FloatArray]],
    ) -> Bounds:
        """Differences where an agreement may or may not enter into force."""
        others = self.of.fallback(first), self.of.fallback(second)
        lo, hi = np.full(len(box), np.inf), np.full(len(box), -np.inf)
        for p in ends[0]:
            for q in ends[1]:
                if self.of.game.noise is None:
                    cells = [
                        rules.certain(ARRAYS, rules.in_force(ARRAYS, end), own, quo)
                        for end, own, quo in ((q, second, others[1]), (p, first, others[0]))
                    ]
                    part = self._combined(actor, cells, [1.0, -1.0], box)
                else:
                    cells, weights = [second, others[1], first, others[0]], [q, 1 - q, -p, p - 1]
                    part = self._combined(actor, cells, weights, box)
                lo, hi = np.minimum(lo, part.lo), np.maximum(hi, part.hi)
        return Bounds(lo, hi)

    def _combined(
        self, actor: str, cells: Sequence[IntArray], weights: Sequence[Weight], box: IntArray
    ) -> Bounds:
        """Bounds of a weighted sum of payoffs, rounded outward."""
        payoffs = self.of.payoffs[actor]
        if len(self.batch.directions) == 1 and len(cells) == 2:
            own, mid, reach = self._along_lines(actor, cells, weights, box)
        else:
            row = _weighted(payoffs.matrix, cells, weights)
            mid, reach = centred(ARRAYS, [*row], self._box(actor, box))
            own = self._own(row[1:], box)
        if not payoffs.curves:
            return Bounds(mid - reach, mid + reach)
        rest = self._curves(payoffs, cells, weights, box)
        return enclosed(own, mid, reach, rest, self.batch.reach[:, box])

    def _own(self, rows: FloatArray, box: IntArray) -> FloatArray:
        """Rows of slopes ``(varied, queries)`` along the directions of each query's box."""
        along = self.boxes.along
        return rows if along is None else rows[along[box], np.arange(len(box))][None]

    def _along_lines(
        self, actor: str, cells: Sequence[IntArray], weights: Sequence[Weight], box: IntArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Of differences over boxes that are lines: slopes along them, middles, and how far off ends are.

        Every outcome's value in the middle of every box is worked out once. What rounding takes from both is
        within :meth:`_rounding`, which counts the largest numbers; what is the same is exactly 0.
        """
        values, slopes, kind = self._tables(actor)
        first, second = (cell * len(self) + box for cell in cells)
        mid = weights[0] * values.take(first) + weights[1] * values.take(second)
        own = weights[0] * slopes.take(first) + weights[1] * slopes.take(second)
        same = kind[cells[0]] == kind[cells[1]]
        error = np.where(same, 0.0, self._rounding(actor).take(box))
        reach = np.abs(own) * self.batch.reach[0].take(box) + error
        return own[None], np.where(same, 0.0, mid), reach

    def _tables(self, actor: str) -> tuple[FloatArray, FloatArray, IntArray]:
        """Per outcome and line the affine part in the middle and its slope; which outcomes share them."""
        if actor not in self._along:
            matrix = self.of.payoffs[actor].matrix
            values = matrix[0, :, None] + matrix[1:].T @ self.batch.mid
            along = self.boxes.along
            slopes = matrix[1:][np.zeros(len(self), np.int64) if along is None else along].T
            self._along[actor] = values, np.ascontiguousarray(slopes), self.of.kinds(actor)
        return self._along[actor]

    def _rounding(self, actor: str) -> FloatArray:
        """More than what rounding may take from a difference of an actor's payoffs, shape ``(boxes,)``."""
        if actor not in self._errors:
            largest = np.abs(self.of.payoffs[actor].matrix).max(axis=1)
            total = 2 * (largest[0] + largest[1:] @ self.batch.size)
            self._errors[actor] = np.asarray(2 * (len(largest) + 4) * EPS * total)
        return self._errors[actor]

    def _curves(
        self,
        payoffs: OutcomePayoffs,
        cells: Sequence[IntArray],
        weights: Sequence[Weight],
        box: IntArray,
    ) -> WeightedTerms:
        """The weighted sum of the terms that are not affine."""
        out = WeightedTerms(len(self.batch.directions), len(box))
        for curve in payoffs.curves:
            kinds = [curve.kind[c] for c in cells]
            cancel = kinds[0] == kinds[1] if len(cells) == 2 else np.zeros(len(box), np.bool_)
            for cell, kind, weight in zip(cells, kinds, weights, strict=True):
                here = np.flatnonzero((kind >= 0) & ~cancel)
                if len(here):
                    factor = weight[here] if isinstance(weight, np.ndarray) else weight
                    out.add(here, factor, self._at(curve.term, cell[here], box[here]))
        return out

    def _at(self, term: Term, cell: IntArray, box: IntArray) -> tuple[FloatArray, ...]:
        """Value, value in the middle and slopes of a term at some cells: lower and upper ends."""
        a, s = self._places(cell)
        return tuple(
            x[..., np.minimum(a, x.shape[-3] - 1), np.minimum(s, x.shape[-2] - 1), box]
            for x in self._everywhere(term)
        )

    def _everywhere(self, term: Term) -> tuple[FloatArray, ...]:
        """The same at all agreements and profiles."""
        if term.path not in self._rests:
            rest = self.batch.over(term)
            size = len(self.batch.directions)
            low, high = np.zeros((2, size, *rest.slope_lo.shape[1:]))
            low[rest.levers], high[rest.levers] = rest.slope_lo, rest.slope_hi
            self._rests[term.path] = (rest.lo, rest.hi, rest.mid_lo, rest.mid_hi, low, high)
        return self._rests[term.path]

    def _places(self, cell: IntArray) -> tuple[IntArray, IntArray]:
        """Agreements and profiles of outcomes."""
        return np.divmod(cell % (self.of.rows * self.of.columns), self.of.columns)

    def middle(self, actor: str, outcomes: IntArray) -> FloatArray:
        """About what an actor receives in the middle of each box, shape ``(outcomes, boxes)``."""
        payoffs = self.of.payoffs[actor]
        value = payoffs.matrix[0, :, None] + payoffs.matrix[1:].T @ self.batch.mid
        for curve in payoffs.curves:
            cells = np.flatnonzero(curve.kind >= 0)
            ends = self._everywhere(curve.term)
            a, s = self._places(cells)
            for end in ends[2:4]:
                rows, columns = (
                    np.minimum(x, n - 1) for x, n in zip((a, s), end.shape, strict=False)
                )
                value[cells] += 0.5 * end[rows, columns]
        own, other = value[outcomes], value[self.of.fallback(outcomes)]
        chance = (0.5 * (self.chance.lo + self.chance.hi))[outcomes]
        with np.errstate(invalid="ignore"):
            value = rules.expected(ARRAYS, chance, own, other)
        return np.where(np.isfinite(value), value, 0.0)

    def where_to_cut(self, left: Sequence[Query], floor: FloatArray) -> IntArray:
        """Per box the parameter that moves most of what is open.

        It counts the less the narrower the box is along it already, so that differences which stay open
        but do not matter cannot keep a parameter from being cut.
        """
        groups = [self.of.chances.weight(self.batch), np.zeros_like(self.boxes.lo)]
        for query in left:
            groups[1] += self._weight(*query)
        totals = [g.sum(axis=0) for g in groups]
        weight = sum(g / np.where(t > 0, t, 1.0) for g, t in zip(groups, totals, strict=True))
        share = (self.boxes.hi - self.boxes.lo) / floor.clip(1e-300)
        return steepest(
            weight * np.sqrt(share / share.max(axis=0).clip(1e-300)), self.boxes, floor, EVEN
        )

    def _clear(
        self, first: IntArray, second: IntArray, box: IntArray
    ) -> tuple[IntArray, IntArray, IntArray]:
        """The queries at which ratification is settled (all of them where it is a matter of chance)."""
        if self.of.game.noise is not None:
            return first, second, box
        lo, hi = self.chance.lo, self.chance.hi
        some = (lo[first, box] == hi[first, box]) & (lo[second, box] == hi[second, box])
        first, second, box = first[some], second[some], box[some]
        one, two = (np.where(lo[o, box] == 0, self.of.fallback(o), o) for o in (first, second))
        return one, two, box

    def _weight(self, actor: str, first: IntArray, second: IntArray, box: IntArray) -> FloatArray:
        """How much each parameter moves some open differences, shape ``(varied, boxes)``."""
        payoffs = self.of.payoffs[actor]
        first, second, box = self._clear(first, second, box)
        cells: list[IntArray] = [second, first]
        row = _weighted(payoffs.matrix, cells, [1.0, -1.0])
        rest = self._curves(payoffs, cells, [1.0, -1.0], box)
        steep = np.maximum(np.abs(row[1:] + rest.slope_lo), np.abs(row[1:] + rest.slope_hi))
        steep = np.where(np.isfinite(steep), steep, 1.0) * self.batch.radius[:, box]
        width = steep.sum(axis=0)
        steep = steep / np.where(width > 0, width, 1.0)
        return np.stack([np.bincount(box, row, minlength=len(self)) for row in steep])


def _weighted(
    matrix: FloatArray, cells: Sequence[IntArray], weights: Sequence[Weight]
) -> FloatArray:
    """Weighted sums of columns, shape ``(1 + varied, queries)``."""
    if len(cells) == 2:
        return np.asarray(matrix[:, cells[0]] * weights[0] + matrix[:, cells[1]] * weights[1])
    return sum(
        (matrix[:, c] * w for c, w in zip(cells, weights, strict=True)), np.zeros(len(cells[0]))
    )
