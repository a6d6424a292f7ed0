"""How far one part of a treaty exceeds another over boxes, or the same part of other treaties.

Definition. A part is a gain or a slack: the best of alternatives, each the lowest of its members. So a part
``v`` exceeds a part ``w`` by at least

    min over alternatives c of w   max over alternatives d of v   min over x in d   max over y in c   x - y

with every ``c`` that may count, and every ``d`` that certainly counts, or counts wherever ``c`` does since it
is the same alternative under the same conditions. Parameters that ``x`` and ``y`` share cancel before
a bound is taken, so what is affine is compared exactly, and a part that does not read the agreement exceeds
itself by 0 everywhere.

Array convention. Bounds have shape ``(cells, boxes)``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.certified.bounds.box_batch import BoxBatch
from sim.certified.bounds.boxes import EPS
from sim.certified.bounds.rows import Rows, rows_of
from sim.certified.ladder.parts import Choice, Slack

MOST_PAIRS = 64
"""Pairs of members of two parts up to which each is compared with each; of more, each with itself alone."""

Leads = dict[tuple[int, ...], Rows]
"""Differences of rows between one cell and all others, by rows, agreement and profile."""


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """A gain or a slack to be compared.

    Parameters
    ----------
    choices
        Its alternatives; none where it is computed otherwise.
    rows
        Every row that it rests on.
    applies
        Cells at which it is not ``+inf``, or ``None`` for all.
    """

    choices: tuple[Choice, ...]
    rows: tuple[Rows, ...]
    applies: BoolArray | None = None

    @property
    def members(self) -> int:
        """How many members its alternatives have."""
        return sum(len(choice.members) for choice in self.choices)


def compared_gain(rows: Rows) -> Compared:
    """A gain: one alternative with one member."""
    everywhere = np.ones(len(rows.kind), dtype=np.bool_)
    return Compared((Choice((rows,), (), everywhere),), (rows,))


def compared_slack(slack: Slack) -> Compared:
    """A slack: its alternatives where they are written out."""
    return Compared(slack.choices, slack.rows, slack.applies)


class Comparison:
    """Parts over a batch of boxes, seen from one cell.

    Parameters
    ----------
    batch
        The boxes.
    agreement, profile
        Of all cells.
    index
        The cells that are looked at.
    own
        The position in ``index`` of the cell whose parts are the larger ones.
    known
        Differences that several batches share.
    """

    def __init__(
        self,
        batch: BoxBatch,
        agreement: IntArray,
        profile: IntArray,
        index: IntArray,
        own: int,
        known: Leads,
    ) -> None:
        self.batch, self.known = batch, known
        self.cells = agreement[index], profile[index]
        self.index, self.own, self.all = index, own, np.arange(len(index))

    def ahead(self, part: Compared) -> FloatArray:
        """Lower bound of a part at the own cell less the same part at every cell."""
        return np.where(self._alike(part)[:, None], 0.0, self._above(part, part, self.all))

    def gap(self, high: Compared, low: Compared) -> FloatArray:
        """Lower bound of one part less another, both at the own cell, shape ``(boxes,)``."""
        return np.asarray(self._above(high, low, np.array([self.own]))[0])

    def _alike(self, part: Compared) -> BoolArray:
        """Cells at which a part is what it is at the own cell, since it reads nothing that differs."""
        cell, same = self.index[self.own], np.ones(len(self.index), dtype=np.bool_)
        for rows in part.rows:
            same &= rows.kind[self.index] == rows.kind[cell]
        masks = [choice.open for choice in part.choices]
        for mask in masks if part.applies is None else [*masks, part.applies]:
            same &= mask[self.index] == mask[cell]
        return same

    def _above(self, high: Compared, low: Compared, some: IntArray) -> FloatArray:
        """Lower bound of a part at the own cell less another, or the same, at some cells."""
        out = np.full((len(some), len(self.batch)), np.inf if low.choices else -np.inf)
        few = high.members * low.members <= MOST_PAIRS
        for c in low.choices:
            may = self._may_count(c, some)
            if not may.any():
                continue
            best = np.full(out.shape, -np.inf)
            for d in high.choices if few else [d for d in high.choices if d is c]:
                surely = self._counts(d) | (self._together(c, some) if d is c else False)
                if np.any(surely):
                    lead = self._over(d, c, some, few)
                    best = np.where(surely, np.maximum(best, lead), best)
            out = np.where(may, np.minimum(out, best), out)
        if low.applies is not None:
            out[~low.applies[self.index[some]]] = -np.inf
        return out

    def _may_count(self, c: Choice, some: IntArray) -> BoolArray:
        cells = self.index[some]
        may = np.repeat(c.open[cells][:, None], len(self.batch), axis=1)
        for condition in c.conditions:
            may &= condition.bounds(self.batch, cells).hi >= 0
        return may

    def _counts(self, d: Choice) -> BoolArray:
        """The boxes in which an alternative certainly counts at the own cell."""
        cell = self.index[self.own]
        counts = np.full(len(self.batch), d.open[cell])
        for condition in d.conditions:
            counts &= condition.bounds(self.batch, np.array([cell])).lo[0] >= 0
        return counts

    def _together(self, c: Choice, some: IntArray) -> BoolArray:
        """Where an alternative counts at the own cell if it counts at another."""
        cell = self.index[self.own]
        together = np.full((len(some), len(self.batch)), c.open[cell])
        for condition in c.conditions:
            same = condition.kind[self.index[some]] == condition.kind[cell]
            together &= same[:, None] | (self._difference(condition, condition, some) >= 0)
        return together

    def _over(self, d: Choice, c: Choice, some: IntArray, few: bool) -> FloatArray:
        """Lower bound of an alternative at the own cell less another at some cells."""
        lowest = np.full((len(some), len(self.batch)), np.inf)
        for x in d.members:
            highest = np.full(lowest.shape, -np.inf)
            for y in c.members if few else (x,):
                highest = np.maximum(highest, self._difference(x, y, some))
            lowest = np.minimum(lowest, highest)
        return lowest

    def _difference(self, x: Rows, y: Rows, some: IntArray) -> FloatArray:
        """Lower bound of a row at the own cell less another row at some cells."""
        if x is y:
            return self._lead(x).bounds(self.batch, some).lo
        cells, own = self.index[some], self.index[self.own]
        if x.quantity.rest or y.quantity.rest:
            above = x.bounds(self.batch, np.array([own])).lo
            return np.asarray(above - y.bounds(self.batch, cells).hi)
        kinds, place = np.unique(y.kind[cells], return_inverse=True)
        first, second = x.matrix[x.kind[own]] / x.scale, y.matrix[kinds] / y.scale
        row, size = first - second, np.abs(first) + np.abs(second)
        mid = row[:, :1] + row[:, 1:] @ self.batch.mid
        error = 4 * (row.shape[1] + 3) * EPS * (size[:, :1] + size[:, 1:] @ self.batch.size)
        return np.asarray((mid - np.abs(row[:, 1:]) @ self.batch.radius - error)[place])

    def _lead(self, rows: Rows) -> Rows:
        """How far a row at the own cell exceeds the same row at every cell."""
        a, s = self.cells
        key = (id(rows), int(a[self.own]), int(s[self.own]))
        if key not in self.known:
            own = np.full_like(a, a[self.own]), np.full_like(s, s[self.own])
            self.known[key] = rows_of(rows.quantity, *own, (a, s), rows.scale)
        return self.known[key]
