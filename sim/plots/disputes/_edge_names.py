"""Names beside the edges of an outline, where they hide neither it nor one another.

Array convention. Ends of an edge have shape ``(2, 2)``, points on the outline ``(points, 2)``, in pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.tolerance import FloatArray
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

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Edge = tuple[str, tuple[float, float], tuple[float, float]]


def name_edges(
    ax: Axes, edges: Sequence[Edge], keep_clear: Sequence[tuple[float, float] | None]
) -> None:
    """The name of each edge beside its middle, longest edges first, where there is room.

    ``edges`` are ``(name, start, end)``; no name is put on one of the points to ``keep_clear``.
    """
    renderer = renderer_of(ax)
    frame = frame_of(ax)
    taken: list[Box] = []
    for place in keep_clear:
        if place is not None:
            x, y = ax.transData.transform(place)
            taken.append(around(float(x), float(y), 24, 24))
    pieces = [(name, ax.transData.transform(np.array([a, b]))) for name, a, b in edges]
    steps = np.linspace(0, 1, 101)[:, None]
    line = np.vstack([ends[0] + steps * (ends[1] - ends[0]) for _, ends in pieces] or [[]])
    for name, ends in sorted(pieces, key=lambda p: -float(np.hypot(*(p[1][1] - p[1][0])))):
        _name(ax, name, ends, taken, line, frame, renderer)


def _name(
    ax: Axes,
    name: str,
    ends: FloatArray,
    taken: list[Box],
    line: FloatArray,
    frame: Box,
    renderer: Any,
) -> None:
    along = ends[1] - ends[0]
    length = float(np.hypot(*along))
    width, height = text_size(ax, name, TEXT, renderer)
    if length < 0.45 * width:
        return
    outward = np.array([along[1], -along[0]]) / length
    for share in (0.5, 0.3, 0.7):
        for side in (1.0, -1.0):
            reach = 0.5 * (abs(outward[0]) * width + abs(outward[1]) * height) + 3
            x, y = ends[0] + share * along + side * reach * outward
            box = around(float(x), float(y), width, height)
            if inside(box, frame) and not overlaps(box, taken) and not _covers(box, line):
                taken.append(box)
                spot = ax.transData.inverted().transform((x, y))
                ax.text(
                    spot[0], spot[1], name, fontsize=TEXT, ha="center", va="center", bbox=PLATE, zorder=8,
                    parse_math=False,
                )  # fmt: skip
                return


def _covers(box: Box, line: FloatArray) -> bool:
    """Whether a text would hide a part of the outline, given by points on it."""
    left, bottom, right, top = box
    x, y = line.T
    return bool(((x > left) & (x < right) & (y > bottom) & (y < top)).any())
