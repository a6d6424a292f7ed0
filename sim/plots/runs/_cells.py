"""Cells of a grid: their exact edges, their outlines, and areas filled with a hatch.

Array convention. Codes and masks have shape ``(ny, nx)``, row 0 at the lowest ``y``; edges of cells are
those of :mod:`sim._kernels.cells`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.cells import edges
from sim._kernels.tolerance import AnyArray, BoolArray, FloatArray, IntArray
from sim.plots.drawing.style import DENSE, GREY, NOT_COMPUTED_HATCH, PALE, Style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

EVEN = 1e-6
"""Relative difference of steps below which a grid is drawn as even."""


def draw_codes(
    ax: Axes, codes: IntArray, x: FloatArray, y: FloatArray, fills: Sequence[Style]
) -> None:
    """Cells in the colour and hatch of their category; code -1 is grey hatch."""
    from matplotlib.colors import ListedColormap

    xe, ye = edges(x), edges(y)
    colours = ListedColormap([PALE, *(fill.colour for fill in fills)])
    span: Any = {"cmap": colours, "vmin": -1.5, "vmax": len(fills) - 0.5}
    if _even(xe) and _even(ye):
        box = (xe[0], xe[-1], ye[0], ye[-1])
        ax.imshow(codes, interpolation="nearest", origin="lower", aspect="auto", extent=box, **span)
    else:
        ax.pcolormesh(xe, ye, codes, rasterized=codes.size > DENSE, **span)
    for code, fill in enumerate(fills):
        if fill.hatch:
            hatch_cells(ax, codes == code, xe, ye, fill.hatch, fill.hatch_colour)
    hatch_cells(ax, codes == -1, xe, ye, NOT_COMPUTED_HATCH, GREY)
    outline(ax, codes, xe, ye)
    ax.set_xlim(xe[0], xe[-1])
    ax.set_ylim(ye[0], ye[-1])


def _even(values: FloatArray) -> bool:
    steps = np.diff(values)
    return bool(np.allclose(steps, steps[0], rtol=EVEN, atol=0.0))


def rectangles(mask: BoolArray) -> list[tuple[int, int, int, int]]:
    """Disjoint rectangles ``(row0, column0, row1, column1)`` that cover exactly the cells of a mask.

    Examples
    --------
    >>> rectangles(np.array([[True, True, False], [True, True, True]]))
    [(0, 0, 1, 2), (1, 0, 2, 3)]
    """
    done: list[tuple[int, int, int, int]] = []
    going: dict[tuple[int, int], int] = {}
    for row, line in enumerate(np.vstack([mask, np.zeros(mask.shape[1], dtype=bool)])):
        steps = np.flatnonzero(np.diff(np.concatenate([[0], line.astype(np.int8), [0]])))
        runs = {(int(a), int(b)) for a, b in zip(steps[::2], steps[1::2], strict=True)}
        ended = [run for run in going if run not in runs]
        done.extend((going.pop(run), run[0], row, run[1]) for run in ended)
        for run in runs:
            going.setdefault(run, row)
    return sorted(done)


def hatch_cells(
    ax: Axes, mask: BoolArray, xe: FloatArray, ye: FloatArray, hatch: str, colour: str
) -> None:
    """Hatch exactly the cells of a mask."""
    parts = rectangles(mask)
    if not parts:
        return
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    r0, c0, r1, c1 = np.array(parts).T
    corners = np.array(
        [[xe[c0], xe[c1], xe[c1], xe[c0], xe[c0]], [ye[r0], ye[r0], ye[r1], ye[r1], ye[r0]]]
    )
    codes = np.tile([Path.MOVETO, *[Path.LINETO] * 3, Path.CLOSEPOLY], len(parts))
    path = Path(corners.T.reshape(-1, 2), codes)
    area = PathPatch(path, facecolor="none", edgecolor=colour, hatch=hatch, linewidth=0)
    area.set_rasterized(len(parts) > DENSE)
    ax.add_patch(area)


def borders(codes: AnyArray, xe: FloatArray, ye: FloatArray) -> list[FloatArray]:
    """Segments along the cell edges between different codes, straight runs joined.

    Examples
    --------
    >>> [s.tolist() for s in borders(np.array([[0, 1]]), np.array([0.0, 1, 2]), np.array([0.0, 1]))]
    [[[1.0, 0.0], [1.0, 1.0]]]
    """
    upright = codes[:, 1:] != codes[:, :-1]
    level = codes[1:] != codes[:-1]
    out = []
    for r0, c, r1, _ in _stretches(upright.T, flip=True):
        out.append(np.array([[xe[c + 1], ye[r0]], [xe[c + 1], ye[r1]]]))
    for r, c0, _, c1 in _stretches(level, flip=False):
        out.append(np.array([[xe[c0], ye[r + 1]], [xe[c1], ye[r + 1]]]))
    return out


def _stretches(mask: BoolArray, *, flip: bool) -> list[tuple[int, int, int, int]]:
    """Runs of true cells along every row, as rectangles one cell high."""
    rows, columns = np.nonzero(np.diff(mask.astype(np.int8), axis=1, prepend=0, append=0))
    runs = zip(rows[::2], columns[::2], columns[1::2], strict=True)
    if flip:
        return [(int(a), int(r), int(b), int(r) + 1) for r, a, b in runs]
    return [(int(r), int(a), int(r) + 1, int(b)) for r, a, b in runs]


def outline(ax: Axes, codes: IntArray, xe: FloatArray, ye: FloatArray) -> None:
    """Thin lines between categories, along cell edges."""
    from matplotlib.collections import LineCollection

    lines: Any = borders(codes, xe, ye)
    if not lines:
        return
    collection = LineCollection(lines, colors="black", linewidths=0.5, capstyle="projecting")
    collection.set_rasterized(len(lines) > DENSE)
    ax.add_collection(collection, autolim=False)
