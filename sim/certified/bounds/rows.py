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

import numpy as np

from sim._kernels.tolerance import FloatArray, IntArray
from sim.certified.bounds.box_batch import BoxBatch, Rest, difference
from sim.certified.bounds.boxes import EPS
from sim.payoffs.quantities import Quantity

MANY = 16
"""With more columns than this it costs more to find equal rows than to compute them twice."""


@dataclass(frozen=True, slots=True, eq=False)
class Bounds:
    """Lower and upper bounds, one shape."""

    lo: FloatArray
    hi: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows of one quantity, equal affine parts stored once.

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
        Different affine parts, shape ``(kinds, 1 + varied)``, unscaled.
    size
        Sum of the magnitudes that each was subtracted from, same shape: what rounding scales with.
    kind
        Which of them each row has, shape ``(rows,)``.
    """

    quantity: Quantity
    agreement: IntArray
    profile: IntArray
    against: tuple[IntArray, IntArray] | None
    scale: float
    matrix: FloatArray
    size: FloatArray
    kind: IntArray

    @property
    def constant(self) -> bool:
        """Whether no row depends on a varied parameter."""
        return not self.quantity.rest and not self.matrix[:, 1:].any()

    def bounds(self, batch: BoxBatch, rows: IntArray | slice = slice(None)) -> Bounds:
        """Guaranteed bounds of some rows over a batch of boxes, shape ``(rows, boxes)``."""
        kind = self.kind[rows]
        if self.quantity.rest:
            lo, hi = self._curved(batch, kind, rows)
        else:
            lo, hi = (end[kind] for end in self.flat(batch))
        return Bounds(lo / self.scale, hi / self.scale) if self.scale != 1.0 else Bounds(lo, hi)

    def flat(self, batch: BoxBatch) -> tuple[FloatArray, FloatArray]:
        """Bounds of the affine parts, unscaled, shape ``(kinds, boxes)``."""
        mid = self.matrix[:, :1] + self.matrix[:, 1:] @ batch.mid
        reach = np.abs(self.matrix[:, 1:]) @ batch.radius
        reach = reach + self._rounding(batch)
        return mid - reach, mid + reach

    def _rounding(self, batch: BoxBatch) -> FloatArray:
        total = self.size[:, :1] + self.size[:, 1:] @ batch.size
        return np.asarray(2 * (self.matrix.shape[1] + 3) * EPS * total)

    def _curved(
        self, batch: BoxBatch, kind: IntArray, rows: IntArray | slice
    ) -> tuple[FloatArray, FloatArray]:
        rest = difference(batch.rest(self.quantity), *self._cells(batch, rows))
        affine = self.matrix[kind]
        mid = affine[:, :1] + affine[:, 1:] @ batch.mid
        error = self._rounding(batch)[kind] + 4 * EPS * (np.abs(mid) + np.abs(rest.mid_lo))
        flat = np.abs(affine[:, 1:]) @ batch.radius
        slopes = affine[:, 1:]
        low, high = _steepest(slopes[:, rest.levers], rest)
        radius = batch.radius[rest.levers, None]
        with np.errstate(invalid="ignore"):
            steep = np.where(radius > 0, np.maximum(np.abs(low), np.abs(high)) * radius, 0.0)
            straight = flat - np.abs(slopes[:, rest.levers]) @ batch.radius[rest.levers]
            reach = (steep.sum(axis=0) + straight) * (1 + 4 * len(batch.radius) * EPS)
            reach += 4 * len(batch.radius) * EPS * flat
            lo = np.fmax(mid + rest.lo - flat, mid + rest.mid_lo - reach) - error
            hi = np.fmin(mid + rest.hi + flat, mid + rest.mid_hi + reach) + error
        lo, hi = np.where(np.isnan(lo), -np.inf, lo), np.where(np.isnan(hi), np.inf, hi)
        return lo, hi

    def _cells(self, batch: BoxBatch, rows: IntArray | slice) -> tuple[IntArray, ...]:
        first = (batch.local(self.agreement[rows]), self.profile[rows])
        if self.against is None:
            return first
        return (*first, batch.local(self.against[0][rows]), self.against[1][rows])

    def slopes(self, batch: BoxBatch, rows: IntArray) -> tuple[FloatArray, FloatArray]:
        """Bounds of the derivatives of some rows, shape ``(varied, rows, boxes)``."""
        affine = self.matrix[self.kind[rows], 1:]
        if not self.quantity.rest:
            flat = np.broadcast_to(affine.T[:, :, None], (*affine.T.shape, len(batch)))
            return flat / self.scale, flat / self.scale
        rest = difference(batch.rest(self.quantity), *self._cells(batch, rows))
        low = np.repeat(affine.T[:, :, None], len(batch), axis=2)
        high = low.copy()
        low[rest.levers], high[rest.levers] = _steepest(affine[:, rest.levers], rest)
        return low / self.scale, high / self.scale


def _steepest(affine: FloatArray, rest: Rest) -> tuple[FloatArray, FloatArray]:
    own = affine.T[:, :, None]
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
    first = quantity.matrix[_flat_index(quantity, agreement, profile)]
    size = np.abs(first)
    if against is not None:
        second = quantity.matrix[_flat_index(quantity, *against)]
        first, size = first - second, size + np.abs(second)
        first[:, 0] -= less
    if first.shape[1] > MANY:
        matrix, kind, largest = first, np.arange(len(first)), size
    else:
        matrix, kind = np.unique(first, axis=0, return_inverse=True)
        kind, largest = kind.reshape(-1), np.zeros_like(matrix)
        np.maximum.at(largest, kind, size)
    largest[~matrix.any(axis=1)] = 0.0
    return Rows(quantity, agreement, profile, against, scale, matrix, largest, kind)


def _flat_index(quantity: Quantity, agreement: IntArray, profile: IntArray) -> IntArray:
    rows, columns = quantity.shape
    out: IntArray = np.minimum(agreement, rows - 1) * columns + np.minimum(profile, columns - 1)
    return out
