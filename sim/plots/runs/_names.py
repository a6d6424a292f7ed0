"""Names of areas, written inside their largest connected part where there is room.

Definition. The area of a category is resampled to a raster over the axes. A name fits at a point when the
whole rectangle of its text lies in the largest connected part of its area and meets no other text or
marker; of all such points it takes the one deepest inside the part, less ``PULL`` times its distance from
the middle. A name that fits nowhere, on one line
or several, is left for the legend.

Array convention. Rasters have shape ``(RASTER, RASTER)``, row 0 at the bottom of the axes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.tolerance import AnyArray, BoolArray, IntArray
from sim.plots.drawing.style import TEXT
from sim.plots.drawing.text import PLATE, Box, around, frame_of, text_size, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

RASTER = 160
"""Cells along each side of the raster on which places for names are sought."""
PULL = 0.05
"""How much the distance from the middle counts against depth inside an area."""


@dataclass(frozen=True, slots=True)
class Name:
    """A text with its place in pixels."""

    text: str
    box: Box

    def draw(self, ax: Axes) -> None:
        """Write it on a white plate, at a place fixed in data coordinates."""
        x0, y0, x1, y1 = self.box
        x, y = ax.transData.inverted().transform(((x0 + x1) / 2, (y0 + y1) / 2))
        ax.text(
            x,
            y,
            self.text,
            fontsize=TEXT,
            ha="center",
            va="center",
            bbox=PLATE,
            zorder=6,
            clip_on=True,
            parse_math=False,
        )


def resampled(values: AnyArray) -> AnyArray:
    """A grid seen through the raster, each raster point taking the cell that it falls in."""
    rows, columns = (
        (np.arange(RASTER) + 0.5) * n // RASTER for n in (values.shape[0], values.shape[1])
    )
    return np.asarray(values[np.ix_(rows.astype(int), columns.astype(int))])


def place_names(
    ax: Axes,
    codes: IntArray,
    names: Sequence[str],
    *,
    taken: Sequence[Box],
    avoid: BoolArray,
    renderer: Any,
) -> tuple[dict[int, Name], list[int]]:
    """Where each category's name goes, largest area first, and the codes that find no room.

    Parameters
    ----------
    codes
        Shape ``(ny, nx)``; -1 is nobody's.
    names
        Per code.
    taken
        Boxes that no name may meet.
    avoid
        Cells, shape ``(ny, nx)``, that names keep clear of where they can.
    """
    seen, soft = resampled(codes), resampled(avoid)
    free = _without(np.ones(seen.shape, dtype=bool), taken, frame_of(ax))
    placed: dict[int, Name] = {}
    left: list[int] = []
    sizes = np.bincount(codes[codes >= 0].ravel(), minlength=len(names))
    for code in (int(k) for k in np.argsort(-sizes, kind="stable") if sizes[k]):
        name = _place(ax, names[code], seen == code, free, soft, renderer)
        if name is None:
            left.append(code)
            continue
        placed[code] = name
        free = _without(free, [name.box], frame_of(ax))
    return placed, left


def _place(
    ax: Axes, text: str, area: BoolArray, free: BoolArray, soft: BoolArray, renderer: Any
) -> Name | None:
    part = _largest_part(area)
    for room in (part & free & ~soft, part & free):
        for lines in _variants(text):
            width, height = text_size(ax, lines, TEXT, renderer)
            box = _deepest(room, width, height, frame_of(ax))
            if box is not None:
                return Name(lines, box)
    return None


def _variants(text: str) -> Iterator[str]:
    """The text on one line or on several."""
    return iter(dict.fromkeys(wrapped(text, width) for width in (40, 26, 18, 12, 8)))


def _largest_part(area: BoolArray) -> BoolArray:
    from scipy.ndimage import label

    parts, count = label(area)
    if count <= 1:
        return area
    return np.asarray(parts == 1 + np.bincount(parts.ravel())[1:].argmax())


def _deepest(room: BoolArray, width: float, height: float, frame: Box) -> Box | None:
    """The box of a size that lies inside the room, as far from its rim as can be."""
    from scipy.ndimage import distance_transform_edt

    cell_x, cell_y = (frame[2] - frame[0]) / RASTER, (frame[3] - frame[1]) / RASTER
    nx, ny = int(np.ceil(width / cell_x)), int(np.ceil(height / cell_y))
    if nx > RASTER or ny > RASTER:
        return None
    sums = np.pad(room.astype(np.int64).cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    inside = sums[ny:, nx:] - sums[:-ny, nx:] - sums[ny:, :-nx] + sums[:-ny, :-nx] == nx * ny
    if not inside.any():
        return None
    depth = distance_transform_edt(np.pad(room, 1), sampling=(cell_y, cell_x))[1:-1, 1:-1]
    centre = depth[ny // 2 : ny // 2 + inside.shape[0], nx // 2 : nx // 2 + inside.shape[1]]
    middle_y, middle_x = (float(k.mean()) for k in np.nonzero(room))
    rows, columns = np.indices(inside.shape)
    away = np.hypot((rows + ny / 2 - middle_y) * cell_y, (columns + nx / 2 - middle_x) * cell_x)
    score = np.where(inside, centre - PULL * away, -np.inf)
    row, column = np.unravel_index(score.argmax(), inside.shape)
    x, y = frame[0] + (column + nx / 2) * cell_x, frame[1] + (row + ny / 2) * cell_y
    return around(float(x), float(y), width, height)


def _without(free: BoolArray, boxes: Sequence[Box], frame: Box) -> BoolArray:
    """The raster points that no box touches."""
    out = free.copy()
    width, height = frame[2] - frame[0], frame[3] - frame[1]
    for x0, y0, x1, y1 in boxes:
        columns = _span(x0 - frame[0], x1 - frame[0], width)
        rows = _span(y0 - frame[1], y1 - frame[1], height)
        out[rows, columns] = False
    return out


def _span(low: float, high: float, length: float) -> slice:
    first = int(np.floor(low / length * RASTER))
    last = int(np.ceil(high / length * RASTER))
    return slice(max(first, 0), max(last, 0))
