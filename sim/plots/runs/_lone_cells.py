"""Areas narrower than a cell of the grid: drawn as dots, not as specks.

A strip that is thinner than the distance of two grid points is met by some of them and missed by others:
what is left of it are lone cells. Each is drawn as a dot in the colour of its category upon the fill of the
cells around it, and the legend says what dots are; a finer grid would show the strip.

Array convention. Codes and masks have shape ``(ny, nx)``.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from sim._kernels.tolerance import BoolArray, IntArray
from sim.plots.drawing.style import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.plots.runs._landscape_data import LandscapeData

SIZE = 3.0
"""Size of the mark of a cell that stands alone, in points."""


def without_alone(codes: IntArray, alone: BoolArray) -> IntArray:
    """Codes with every lone cell given to the category that most of its neighbours have.

    Examples
    --------
    >>> codes = np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]])
    >>> without_alone(codes, codes == 1).max()
    np.int64(0)
    """
    out = codes.copy()
    ny, nx = codes.shape
    for row, column in np.argwhere(alone):
        beside = ((row, column - 1), (row, column + 1), (row - 1, column), (row + 1, column))
        seen = [int(codes[r, c]) for r, c in beside if 0 <= r < ny and 0 <= c < nx]
        out[row, column] = Counter(seen).most_common(1)[0][0]
    return out


def lone_marks(ax: Axes, data: LandscapeData) -> None:
    """A dot on every lone cell."""
    for code in np.unique(data.codes[data.alone]):
        rows, columns = np.nonzero(data.alone & (data.codes == code))
        ax.plot(
            data.x_values[columns],
            data.y_values[rows],
            ls="",
            marker="o",
            ms=SIZE,
            mfc=data.fills[int(code)].colour,
            mec=INK,
            mew=0.4,
            zorder=3.5,
            scalex=False,
            scaley=False,
            gid=f"alone {data.labels[int(code)]}",
        )
