"""Parts of a raster and how deep its points lie inside them, without loading an image library for that.

Array convention. A raster is a boolean array of shape ``(rows, columns)``.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray


def largest_part(area: BoolArray) -> BoolArray:
    """The largest part of an area whose points are joined side by side; the first of several as large.

    The points of a row that follow one another are one stretch; stretches of neighbouring rows that share a
    column are one part.

    Examples
    --------
    >>> largest_part(np.array([[True, False, True], [False, False, True]])).astype(int).tolist()
    [[0, 0, 1], [0, 0, 1]]
    """
    rows, starts, stops = _stretches(area)
    if not len(rows):
        return area
    leader = _joined(rows.tolist(), starts.tolist(), stops.tolist())
    sizes = np.bincount(leader, weights=stops - starts)
    out = np.zeros_like(area)
    for k in np.flatnonzero(np.equal(leader, sizes.argmax())):
        out[rows[k], starts[k] : stops[k]] = True
    return out


def _stretches(area: BoolArray) -> tuple[IntArray, IntArray, IntArray]:
    """Row, first column and the column after the last of every stretch, in reading order."""
    steps = np.diff(np.pad(area, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, starts = np.nonzero(steps == 1)
    return rows, starts, np.nonzero(steps == -1)[1]


def _joined(rows: list[int], starts: list[int], stops: list[int]) -> list[int]:
    """For every stretch the first one of its part."""
    leader = list(range(len(rows)))

    def first(k: int) -> int:
        while leader[k] != k:
            leader[k] = leader[leader[k]]
            k = leader[k]
        return k

    above = 0
    for k, row in enumerate(rows):
        while rows[above] < row - 1 or (rows[above] == row - 1 and stops[above] <= starts[k]):
            above += 1
        other = above
        while rows[other] == row - 1 and starts[other] < stops[k]:
            a, b = sorted((first(other), first(k)))
            leader[b] = a
            other += 1
    return [first(k) for k in range(len(rows))]


def depths(area: BoolArray, tall: float, wide: float) -> FloatArray:
    """How far each point of an area is from the nearest point outside it; beyond the raster is outside.

    Parameters
    ----------
    area
        The raster.
    tall, wide
        How far two points above one another, and side by side, lie apart.

    Examples
    --------
    >>> depths(np.ones((3, 5), dtype=bool), 1.0, 1.0)[1].tolist()
    [1.0, 2.0, 2.0, 2.0, 1.0]
    """
    columns = np.arange(area.shape[1])
    upwards = (tall * _to_the_rim(area)) ** 2
    out = np.minimum(upwards, (wide * np.minimum(columns + 1, columns[::-1] + 1)) ** 2)
    for step in columns[1:].tolist():
        far = (wide * step) ** 2
        if far >= out.max():
            break
        np.minimum(out[:, step:], upwards[:, :-step] + far, out=out[:, step:])
        np.minimum(out[:, :-step], upwards[:, step:] + far, out=out[:, :-step])
    return np.asarray(np.sqrt(out))


def _to_the_rim(area: BoolArray) -> FloatArray:
    """Points to go up or down from each point of an area until it ends; 0 outside it."""
    out = np.zeros((2, *area.shape))
    for k, rows in enumerate((area, area[::-1])):
        count = np.zeros(area.shape[1])
        for row, inside in enumerate(rows):
            count = (count + 1) * inside
            out[k, row] = count
    return np.asarray(np.minimum(out[0], out[1, ::-1]))
