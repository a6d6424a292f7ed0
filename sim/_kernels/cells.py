"""Cells of a grid: their edges.

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
