"""The thresholds' values, written beside their lines where there is room.

Array convention. Boxes are ``(x0, y0, x1, y1)`` in display pixels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.plots.drawing.style import TEXT
from sim.plots.drawing.text import (
    PLATE,
    Box,
    around,
    frame_of,
    inside,
    overlaps,
    renderer_of,
    text_size,
)
from sim.plots.runs._marks import own_box

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.plots.runs.margin import MarginData


def label_thresholds(ax: Axes, data: MarginData) -> None:
    """Each threshold's value beside its line, at the first height where there is room."""
    renderer = renderer_of(ax)
    frame = frame_of(ax)
    taken = _line_boxes(ax, data)
    for t in data.thresholds:
        text = f"{t:.4g}"
        width, height = text_size(ax, text, TEXT, renderer)
        for share in (0.95, 0.88, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2):
            px, _ = ax.transData.transform((t, 0.0))
            py = frame[1] + share * (frame[3] - frame[1])
            spots = [around(px + side * (width / 2 + 3), py, width, height) for side in (1, -1)]
            box = next((b for b in spots if inside(b, frame) and not overlaps(b, taken)), None)
            if box is not None:
                _write(ax, text, box)
                taken.append(box)
                break


def _write(ax: Axes, text: str, box: Box) -> None:
    middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    x, y = ax.transData.inverted().transform(middle)
    ax.text(x, y, text, fontsize=TEXT, ha="center", va="center", bbox=PLATE, zorder=6)


def _line_boxes(ax: Axes, data: MarginData) -> list[Box]:
    """Small boxes along the line and at the marker, which labels keep clear of."""
    known = np.isfinite(data.margin)
    if not known.any():
        return []
    x = np.linspace(data.x_values[0], data.x_values[-1], 80)
    y = np.interp(x, data.x_values[known], data.margin[known])
    points = ax.transData.transform(np.column_stack([x, y]))
    boxes = [around(float(px), float(py), 8, 8) for px, py in points]
    if np.isfinite(data.own_margin):
        boxes.append(own_box(ax, (data.own, data.own_margin)))
    return boxes
