"""Weighted sums of terms that are not affine, over boxes, and what an affine row with such a sum lies within.

Array convention. A query is a weighted sum over one box; slopes have shape ``(directions, queries)``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim._kernels.tolerance import FloatArray, IntArray
from sim.certified.bounds.boxes import EPS
from sim.certified.bounds.rows import Bounds

Weight = FloatArray | float


class WeightedTerms:
    """A running sum of weighted terms: values, values in the middle, slopes."""

    def __init__(self, varied: int, size: int) -> None:
        self.lo, self.hi, self.mid_lo, self.mid_hi, self.size = np.zeros((5, size))
        self.slope_lo, self.slope_hi, self.steep = np.zeros((3, varied, size))

    def add(self, here: IntArray, weight: Weight, ends: Sequence[FloatArray]) -> None:
        """Add a weighted term at some places."""
        with np.errstate(invalid="ignore"):
            parts = [weight * end for end in ends]
            pairs = [
                (np.minimum(a, b), np.maximum(a, b))
                for a, b in zip(parts[::2], parts[1::2], strict=True)
            ]
        for total, part in zip(
            (self.lo, self.hi, self.mid_lo, self.mid_hi), (*pairs[0], *pairs[1]), strict=True
        ):
            total[here] += part
        self.size[here] += _magnitude(*pairs[0], *pairs[1])
        self.slope_lo[:, here] += pairs[2][0]
        self.slope_hi[:, here] += pairs[2][1]
        self.steep[:, here] += _magnitude(*pairs[2])


def _magnitude(*ends: FloatArray) -> FloatArray:
    """What rounding scales with; an end that is infinite needs no rounding."""
    return sum((np.where(np.isfinite(e), np.abs(e), 0.0) for e in ends), np.zeros(()))


def enclosed(
    own: FloatArray, mid: FloatArray, flat: FloatArray, rest: WeightedTerms, radius: FloatArray
) -> Bounds:
    """Both enclosures of an affine row plus a rest, the tighter one, rounded outward."""
    with np.errstate(invalid="ignore"):
        slack = 16 * EPS * (rest.steep + np.abs(own))
        low, high = own + rest.slope_lo - slack, own + rest.slope_hi + slack
        steep = np.where(radius > 0, np.maximum(np.abs(low), np.abs(high)) * radius, 0.0)
        straight = (np.abs(own) * radius).sum(axis=0)
        reach = steep.sum(axis=0) * (1 + 4 * len(radius) * EPS) + (flat - straight)
        error = 16 * EPS * (np.abs(mid) + rest.size + straight)
        lo = np.fmax(mid + rest.lo - flat, mid + rest.mid_lo - reach) - error
        hi = np.fmin(mid + rest.hi + flat, mid + rest.mid_hi + reach) + error
    return Bounds(np.where(np.isnan(lo), -np.inf, lo), np.where(np.isnan(hi), np.inf, hi))
