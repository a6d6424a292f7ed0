"""What is not affine in a quantity, over boxes: bounds of it, in the middle, and of its slopes.

Array convention. Arrays have shape ``(agreements, profiles, boxes)``; slopes have the levers first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import FloatArray, IntArray
from sim.certified.bounds.boxes import EPS


@dataclass(frozen=True, slots=True, eq=False)
class Rest:
    """Bounds of the terms of a quantity that are not affine, shape ``(agreements, profiles, boxes)``.

    ``mid_*`` bound the value in the middle of the box, ``slope_*`` the derivatives along the directions
    ``levers`` that occur (:attr:`BoxBatch.directions`), shape ``(levers, agreements, profiles, boxes)``.
    """

    levers: IntArray
    lo: FloatArray
    hi: FloatArray
    mid_lo: FloatArray
    mid_hi: FloatArray
    slope_lo: FloatArray
    slope_hi: FloatArray

    def with_boxes(self, some: IntArray, other: Rest) -> Rest:
        """The same with some of the boxes as another has them, whose levers are the same."""
        ends = []
        for name in Rest.__slots__[1:]:
            mine, new = getattr(self, name), getattr(other, name)
            shape = np.broadcast_shapes(mine.shape[:-1], new.shape[:-1])
            out = np.array(np.broadcast_to(mine, (*shape, mine.shape[-1])))
            out[..., some] = new
            ends.append(out)
        return Rest(self.levers, *ends)


def total(parts: list[Rest]) -> Rest:
    """The sum of several terms, rounded outward."""
    levers = np.array(sorted({k for p in parts for k in p.levers.tolist()}), dtype=np.int64)
    lows, highs = [], []
    for p in parts:
        at = np.searchsorted(levers, p.levers)
        low = np.zeros((len(levers), *p.slope_lo.shape[1:]))
        high = np.zeros_like(low)
        low[at], high[at] = p.slope_lo, p.slope_hi
        lows.append(low)
        highs.append(high)
    return Rest(
        levers,
        _add([p.lo for p in parts], -1),
        _add([p.hi for p in parts], 1),
        _add([p.mid_lo for p in parts], -1),
        _add([p.mid_hi for p in parts], 1),
        _add(lows, -1),
        _add(highs, 1),
    )


def _add(arrays: list[FloatArray], direction: int) -> FloatArray:
    """A sum, rounded outward."""
    total, size = arrays[0], np.abs(arrays[0])
    with np.errstate(invalid="ignore"):
        for array in arrays[1:]:
            total, size = total + array, size + np.abs(array)
        total = total + direction * len(arrays) * EPS * size
    return np.where(np.isnan(total), direction * np.inf, total)


def difference(
    rest: Rest, a: IntArray, s: IntArray, b: IntArray | None = None, t: IntArray | None = None
) -> Rest:
    """The rest at cells ``(a, s)``, less that at cells ``(b, t)``; shapes ``(rows, boxes)``."""
    names = Rest.__slots__[1:]
    first = Rest(rest.levers, *(_at(getattr(rest, name), a, s) for name in names))
    if b is None or t is None:
        return first
    second = Rest(rest.levers, *(_at(getattr(rest, name), b, t) for name in names))
    return Rest(
        rest.levers,
        _add([first.lo, -second.hi], -1),
        _add([first.hi, -second.lo], 1),
        _add([first.mid_lo, -second.mid_hi], -1),
        _add([first.mid_hi, -second.mid_lo], 1),
        _add([first.slope_lo, -second.slope_hi], -1),
        _add([first.slope_hi, -second.slope_lo], 1),
    )


def _at(array: FloatArray, a: IntArray, s: IntArray) -> FloatArray:
    rows, columns = array.shape[-3:-1]
    out: FloatArray = array[..., np.minimum(a, rows - 1), np.minimum(s, columns - 1), :]
    return out
