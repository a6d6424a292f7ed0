"""The strip at the foot of a margin line that names the binding constraint.

Array convention. Names have shape ``(n,)``, one per grid value; an empty text means no constraint.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sim._kernels.cells import edges
from sim._kernels.tolerance import FloatArray
from sim.plots.drawing.style import TEXT, Style, patch
from sim.plots.drawing.text import PLATE, frame_of, plain, renderer_of, text_size, wrapped

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

STRIP = 0.075
"""Height of the strip, as a share of the axes."""


def runs_of(names: Sequence[str]) -> list[tuple[str, int, int]]:
    """Stretches of equal names, ``(name, first, last + 1)``; empty names are left out.

    Examples
    --------
    >>> runs_of(["a", "a", "", "b"])
    [('a', 0, 2), ('b', 3, 4)]
    """
    out: list[tuple[str, int, int]] = []
    start = 0
    for k in range(1, len(names) + 1):
        if k == len(names) or names[k] != names[start]:
            if names[start]:
                out.append((names[start], start, k))
            start = k
    return out


def draw_strip(
    ax: Axes, x: FloatArray, names: Sequence[str], fills: Mapping[str, Style]
) -> list[Artist]:
    """Draw the strip; the legend entries of constraints whose name does not fit on every stretch."""
    ends = edges(x)
    stretches = runs_of(list(names))
    for name, first, last in stretches:
        _block(ax, float(ends[first]), float(ends[last]), fills[name])
    renderer = renderer_of(ax)
    frame = frame_of(ax)
    scale = (frame[2] - frame[0]) / (ends[-1] - ends[0])
    left: dict[str, Artist] = {}
    for name, first, last in stretches:
        room = (ends[last] - ends[first]) * scale
        for text in (f"binding: {name}", plain(name)):
            width, height = text_size(ax, text, TEXT, renderer)
            if height <= 1.3 * STRIP * (frame[3] - frame[1]) and width <= room:
                _name(ax, text, float(ends[first] + ends[last]) / 2)
                break
        else:
            left[name] = patch(fills[name], wrapped(f"binding: {name}", 48))
    return list(left.values())


def _block(ax: Axes, low: float, high: float, fill: Style) -> None:
    from matplotlib.patches import Rectangle

    place = ax.get_xaxis_transform()
    ax.add_patch(
        Rectangle(
            (low, 0.0),
            high - low,
            STRIP,
            transform=place,
            **fill.look,
            zorder=3,
        )
    )
    ax.plot(
        [low, low],
        [0, STRIP],
        color="white",
        lw=0.8,
        transform=place,
        zorder=3.5,
        scalex=False,
        scaley=False,
    )


def _name(ax: Axes, name: str, x: float) -> None:
    ax.text(
        x,
        STRIP / 2,
        plain(name),
        transform=ax.get_xaxis_transform(),
        fontsize=TEXT,
        ha="center",
        va="center",
        bbox=PLATE | {"boxstyle": "square,pad=0.05"},
        zorder=4,
        parse_math=False,
    )
