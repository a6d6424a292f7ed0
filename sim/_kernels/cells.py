"""Cells of a grid: their edges, and how much of each lies inside a box.

Array convention. Coordinates have shape ``(n,)``, edges one entry more: halfway between neighbours and half
a step beyond the ends.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.tolerance import FloatArray


def edges(values: FloatArray) -> FloatArray:
    """Edges of cells centred on grid values.

    Examples
    --------
    >>> edges(np.array([0.0, 1.0, 2.0]))
    array([-0.5,  0.5,  1.5,  2.5])
    """
    if len(values) == 1:
        half = 0.5 * (abs(values[0]) or 1.0)
        return np.array([values[0] - half, values[0] + half])
    middle = (values[1:] + values[:-1]) / 2
    first, last = 2 * values[0] - middle[0], 2 * values[-1] - middle[-1]
    return np.concatenate([[first], middle, [last]])


def share_inside(values: FloatArray, low: float, high: float) -> FloatArray:
    """Which share of the interval from ``low`` to ``high`` lies in each cell of a grid, shape ``(n,)``.

    The shares add up to 1 where the grid covers the interval, to less where part of it lies beyond. An
    interval of no length lies in the cell that holds its point, in equal parts if that is an edge.

    Examples
    --------
    >>> share_inside(np.array([0.0, 1.0, 2.0]), 0.25, 1.25)
    array([0.25, 0.75, 0.  ])
    >>> share_inside(np.array([0.0, 1.0]), 0.2, 0.2)
    array([1., 0.])
    """
    ends = edges(values)
    left, right = np.minimum(ends[1:], ends[:-1]), np.maximum(ends[1:], ends[:-1])
    if low == high:
        holds = (left <= low) & (low <= right)
        return holds / max(int(holds.sum()), 1)
    shared = np.minimum(right, high) - np.maximum(left, low)
    return np.asarray(np.maximum(shared, 0.0) / (high - low))
