"""Payoffs and quantities of a dispute over boxes of its varied parameters.

Definition. A *row* is ``(q[i] - q[j]) / scale`` for a quantity ``q`` at two cells (agreement, stance
profile), or ``q[i] / scale`` alone. Its affine part is bounded exactly: with difference row ``d``, mid
point ``c`` and radius ``r`` of the box, ``d_0 + d . c -+ |d| . r``; parameters that both cells share
cancel before any bound is taken. Terms that are not affine are bounded by interval arithmetic and by
the mean value theorem, whichever is tighter (:mod:`sim.certified.bounds.slopes`). All bounds are rounded
outward.

Array convention. Bounds of rows have shape ``(rows, boxes)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim._kernels.numbering import different_rows, occurring
from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.certified.bounds.box_batch import BoxBatch
from sim.certified.bounds.boxes import EPS
from sim.certified.bounds.rest import Rest, difference
from sim.payoffs.quantities import Quantity
from sim.rules.intervals import Interval

if TYPE_CHECKING:
    Bounds = Interval[FloatArray]
else:  # calling what has parameters takes four times as long
    Bounds = Interval
MANY = 16
"""With more columns than this it costs more to find equal rows than to compute them twice."""


@dataclass(frozen=True, slots=True, eq=False)
class Steep:
    """Bounds of derivatives in the parameters ``levers``, shape ``(levers, rows, boxes)``."""

    levers: IntArray
    low: FloatArray
    high: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows of one quantity, equal ones stored once.

    Parameters
    ----------
    quantity
        Whose values they are.
    agreement, profile
        Cells of the first term, shape ``(rows,)`` each.
    against
        ``(agreements, profiles)`` of the cells that are subtracted, or ``None``.
    scale
        What the difference is divided by.
    matrix
        Affine parts of the different rows, shape ``(kinds, 1 + varied)``, unscaled.
    size
        Sum of the magnitudes that each was subtracted from, same shape: what rounding scales with.
    kind
        Which of them each row has, shape ``(rows,)``.
    first
        A row of each kind, shape ``(kinds,)``.
    """

    quantity: Quantity
    agreement: IntArray
    profile: IntArray
    against: tuple[IntArray, IntArray] | None
    scale: float
    matrix: FloatArray
    size: FloatArray
    kind: IntArray
    first: IntArray

    @property
    def constant(self) -> bool:
        """Whether no row depends on a varied parameter."""
        return not self.quantity.rest and not self.matrix[:, 1:].any()

    def bounds(self, batch: BoxBatch, rows: IntArray | slice = slice(None)) -> Bounds:
        """Guaranteed bounds of some rows over a batch of boxes, shape ``(rows, boxes)``."""
        part, column = batch.moved_by(self.quantity.moving)
        if column is not None:
            found = self.bounds(part, rows)
            return Bounds(found.lo[:, column], found.hi[:, column])
        some, place = occurring(self.kind[rows], len(self.first))
        key = id(self), some.tobytes()
        if key not in batch.kept:
            lo, hi = self._curved(batch, some) if self.quantity.rest else self.flat(batch, some)
            batch.kept[key] = self, lo / self.scale, hi / self.scale
        _, lo, hi = batch.kept[key]
        return Bounds(lo[place], hi[place])

    def flat(self, batch: BoxBatch, kinds: IntArray) -> tuple[FloatArray, FloatArray]:
        """Bounds of the affine parts of some kinds, unscaled, shape ``(kinds, boxes)``."""
        affine = self.matrix[kinds]
        mid = affine[:, :1] + affine[:, 1:] @ batch.mid
        reach = np.abs(affine[:, 1:]) @ batch.radius
        reach = reach + self._rounding(batch, kinds)
        return mid - reach, mid + reach

    def _rounding(self, batch: BoxBatch, kinds: IntArray) -> FloatArray:
        total = self.size[kinds, :1] + self.size[kinds, 1:] @ batch.size
        return np.asarray(2 * (self.matrix.shape[1] + 3) * EPS * total)

    def _curved(self, batch: BoxBatch, kinds: IntArray) -> tuple[FloatArray, FloatArray]:
        """Bounds of some kinds with terms that are not affine, unscaled, shape ``(kinds, boxes)``."""
        rest = self._rest(batch, kinds)
        affine = self.matrix[kinds]
        mid = affine[:, :1] + affine[:, 1:] @ batch.mid
        error = self._rounding(batch, kinds) + 4 * EPS * (np.abs(mid) + np.abs(rest.mid_lo))
        own = batch.along(affine[:, 1:].T[:, :, None])
        flat = np.abs(affine[:, 1:]) @ batch.radius
        own, radius = own[rest.levers], batch.reach[rest.levers, None]
        low, high = _steepest(own, rest)
        many = 4 * len(batch.radius) * EPS
        with np.errstate(invalid="ignore"):
            steep = np.where(radius > 0, np.maximum(np.abs(low), np.abs(high)) * radius, 0.0)
            straight = flat - np.einsum("kab,kb->ab", np.abs(own), batch.reach[rest.levers])
            reach = (steep.sum(axis=0) + straight) * (1 + many) + many * flat
            lo = np.fmax(mid + rest.lo - flat, mid + rest.mid_lo - reach) - error
            hi = np.fmin(mid + rest.hi + flat, mid + rest.mid_hi + reach) + error
        lo, hi = np.where(np.isnan(lo), -np.inf, lo), np.where(np.isnan(hi), np.inf, hi)
        return lo, hi

    def _cells(self, batch: BoxBatch, kinds: IntArray) -> tuple[IntArray, ...]:
        rows = self.first[kinds]
        first = (batch.local(self.agreement[rows]), self.profile[rows])
        if self.against is None:
            return first
        return (*first, batch.local(self.against[0][rows]), self.against[1][rows])

    def _rest(self, batch: BoxBatch, kinds: IntArray) -> Rest:
        """The terms of some kinds that are not affine."""
        key = id(self), kinds.tobytes()
        if key not in batch.differences:
            rest = difference(batch.rest(self.quantity), *self._cells(batch, kinds))
            batch.differences[key] = self, rest
        return batch.differences[key][1]

    def slopes(self, batch: BoxBatch, rows: IntArray) -> tuple[FloatArray, FloatArray]:
        """Bounds of the derivatives of some rows, shape ``(varied, rows, boxes)``."""
        some, place = occurring(self.kind[rows], len(self.first))
        found = self.steep(batch, some)
        low, high = (np.zeros((self.matrix.shape[1] - 1, len(place), len(batch))) for _ in "lh")
        low[found.levers], high[found.levers] = found.low[:, place], found.high[:, place]
        return low, high

    def steep(self, batch: BoxBatch, kinds: IntArray) -> Steep:
        """Bounds of the derivatives of some kinds of rows in what may move them."""
        moving: BoolArray = np.asarray(self.matrix[kinds, 1:].any(axis=0))
        if not self.quantity.rest:
            levers = np.flatnonzero(moving)
            low = np.repeat(self.matrix[kinds][:, levers + 1].T[:, :, None], len(batch), axis=2)
            low = low / self.scale
            return Steep(levers, low, low)
        rest = self._rest(batch, kinds)
        moving[rest.levers] = True
        levers = np.flatnonzero(moving)
        affine = self.matrix[kinds][:, levers + 1].T[:, :, None]
        low = np.repeat(affine, len(batch), axis=2)
        high, at = low.copy(), np.searchsorted(levers, rest.levers)
        low[at], high[at] = _steepest(affine[at], rest)
        return Steep(levers, low / self.scale, high / self.scale)


def _steepest(own: FloatArray, rest: Rest) -> tuple[FloatArray, FloatArray]:
    """Slopes of affine parts ``(levers, rows, boxes or 1)`` and a rest together, rounded outward."""
    error = 4 * EPS * (np.abs(own) + np.maximum(np.abs(rest.slope_lo), np.abs(rest.slope_hi)))
    with np.errstate(invalid="ignore"):
        return own + rest.slope_lo - error, own + rest.slope_hi + error


def rows_of(
    quantity: Quantity,
    agreement: IntArray,
    profile: IntArray,
    against: tuple[IntArray, IntArray] | None = None,
    scale: float = 1.0,
    less: FloatArray | float = 0.0,
) -> Rows:
    """Rows of a quantity at some cells, less its values at other cells where given, less a constant each."""
    kind, first = _distinct(quantity, agreement, profile, against, less)
    cells = agreement[first], profile[first]
    matrix = quantity.matrix[_flat_index(quantity.shape, *cells)]
    size = np.abs(matrix)
    if against is not None:
        second = quantity.matrix[_flat_index(quantity.shape, *(x[first] for x in against))]
        matrix, size = matrix - second, size + np.abs(second)
        matrix[:, 0] -= np.broadcast_to(less, kind.shape)[first]
    if not quantity.rest and matrix.shape[1] <= MANY:
        again, same = different_rows(matrix)
        matrix = matrix[again]
        largest = np.zeros_like(matrix)
        np.maximum.at(largest, same, size)
        kind, first, size = same[kind], first[again], largest
    size[~matrix.any(axis=1)] = 0.0
    return Rows(quantity, agreement, profile, against, scale, matrix, size, kind, first)


def _distinct(
    quantity: Quantity,
    agreement: IntArray,
    profile: IntArray,
    against: tuple[IntArray, IntArray] | None,
    less: FloatArray | float,
) -> tuple[IntArray, IntArray]:
    """Rows that are the same because their cells differ in nothing that is read: number, first of each."""
    key = _flat_index(quantity.extent, agreement, profile)
    if against is not None:
        key = key * quantity.extent[0] * quantity.extent[1]
        key = key + _flat_index(quantity.extent, *against)
    if np.ndim(less):
        values, code = np.unique(less, return_inverse=True)
        key = key * len(values) + code.reshape(-1)
    _, first, kind = np.unique(key, return_index=True, return_inverse=True)
    return kind.reshape(-1), first


def _flat_index(extent: tuple[int, int], agreement: IntArray, profile: IntArray) -> IntArray:
    rows, columns = extent
    out: IntArray = np.minimum(agreement, rows - 1) * columns + np.minimum(profile, columns - 1)
    return out
