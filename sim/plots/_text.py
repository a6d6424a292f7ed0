"""Text that does not overlap: measured in pixels, placed where there is room, legends beneath the axes.

Array convention. Boxes are ``(x0, y0, x1, y1)`` in display pixels.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sim.plots._style import TINY, root_figure

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

Box = tuple[float, float, float, float]
PLATE = {"boxstyle": "round,pad=0.12", "facecolor": "white", "alpha": 0.82, "linewidth": 0}


def renderer_of(ax: Axes) -> Any:
    """What measures text on this figure; lays the figure out first."""
    figure = root_figure(ax)
    figure.draw_without_rendering()
    return figure._get_renderer()


def text_size(ax: Axes, text: str, size: str | float, renderer: Any) -> tuple[float, float]:
    """Width and height of a text in pixels, with the padding of its plate."""
    artist = ax.text(0, 0, text, fontsize=size)
    box = artist.get_window_extent(renderer)
    pad = 0.16 * float(artist.get_fontsize()) * root_figure(ax).dpi / 72
    artist.remove()
    return box.width + 2 * pad, box.height + 2 * pad


def around(x: float, y: float, width: float, height: float) -> Box:
    """The box of a size centred at a point."""
    return (x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def overlaps(box: Box, others: Iterable[Box]) -> bool:
    """Whether a box meets any of the others."""
    return any(box[0] < o[2] and o[0] < box[2] and box[1] < o[3] and o[1] < box[3] for o in others)


def inside(box: Box, frame: Box) -> bool:
    """Whether a box lies within a frame."""
    return box[0] >= frame[0] and box[1] >= frame[1] and box[2] <= frame[2] and box[3] <= frame[3]


def frame_of(ax: Axes) -> Box:
    """The axes' own rectangle in pixels."""
    box = ax.get_window_extent()
    return (box.x0, box.y0, box.x1, box.y1)


def wrapped(text: str, width: int) -> str:
    """A text broken at spaces so that no line is longer than ``width`` where that can be."""
    return "\n".join(textwrap.wrap(text, width, break_long_words=False) or [text])


def set_title(ax: Axes, lines: Sequence[str]) -> None:
    """A title broken to the width of the axes."""
    renderer = renderer_of(ax)
    unit, _ = text_size(ax, "x" * 40, "medium", renderer)
    x0, _, x1, _ = frame_of(ax)
    columns = max(16, int(40 * (x1 - x0) / unit * 1.1))
    text = "\n".join(wrapped(line, columns) for line in lines if line)
    ax.set_title(text, fontsize="medium")


def legend_beneath(ax: Axes, handles: Sequence[Artist], height: float | None = None) -> None:
    """A legend under the axis label, in as many columns as fit the width of the axes.

    ``height`` is that of the figure without its legend, in inches: the figure grows by the legend's.
    Where it is ``None`` the figure is somebody's and keeps its size.
    """
    old = ax.get_legend()
    if old is not None:
        old.remove()
    if not handles:
        return
    from matplotlib.transforms import ScaledTranslation

    renderer = renderer_of(ax)
    dpi = root_figure(ax).dpi
    below = ax.xaxis.get_tightbbox(renderer)
    x0, y0, x1, _ = frame_of(ax)
    drop = (y0 - (below.y0 if below is not None else y0)) / dpi + 0.05
    place = ax.transAxes + ScaledTranslation(0, -drop, root_figure(ax).dpi_scale_trans)
    em = text_size(ax, "M", TINY, renderer)[1] / 1.3
    widest = max(text_size(ax, str(h.get_label()), TINY, renderer)[0] for h in handles) + 3.4 * em
    columns = max(1, min(len(handles), int((x1 - x0 + 4 * em) / widest)))
    rows = -(-len(handles) // columns)
    ax.legend(
        handles=list(handles),
        loc="upper center",
        bbox_to_anchor=(0.5, 0.0),
        bbox_transform=place,
        ncols=-(-len(handles) // rows),
        fontsize=TINY,
        frameon=False,
        borderaxespad=0.2,
        handlelength=2.0,
        columnspacing=1.2,
        handletextpad=0.5,
    )
    if height is not None:
        figure = root_figure(ax)
        legend = ax.get_legend()
        assert legend is not None
        figure.set_figheight(height + legend.get_window_extent(renderer_of(ax)).height / dpi)
