"""Text that does not overlap: measured in pixels, placed where there is room, legends beneath the axes.

Array convention. Boxes are ``(x0, y0, x1, y1)`` in display pixels.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sim.plots._style import SMALL, TINY, root_figure

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

Box = tuple[float, float, float, float]
_LEGEND: dict[str, Any] = {
    "frameon": False,
    "borderaxespad": 0.2,
    "handlelength": 2.6,
    "handleheight": 1.1,
    "columnspacing": 1.2,
    "handletextpad": 0.5,
}
PLATE = {"boxstyle": "round,pad=0.12", "facecolor": "white", "alpha": 0.82, "linewidth": 0}


def renderer_of(ax: Axes) -> Any:
    """What measures text on this figure; lays the figure out first."""
    figure = root_figure(ax)
    figure.draw_without_rendering()
    return figure._get_renderer()


def text_size(ax: Axes, text: str, size: str | float, renderer: Any) -> tuple[float, float]:
    """Width and height of a text in pixels, with the padding of its plate."""
    artist = ax.text(0, 0, text, fontsize=size, parse_math=False)
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


def plain(text: str) -> str:
    """A text from a file on one line; a legend would hide one that begins with an underscore.

    Examples
    --------
    >>> plain("two   islands")
    'two islands'
    """
    shown = " ".join(text.split())
    return " " + shown if shown.startswith("_") else shown


def wrapped(text: str, width: int) -> str:
    """A text from a file broken at spaces, no line longer than ``width`` where that can be."""
    return _broken(plain(text), width)


def _broken(text: str, width: int) -> str:
    lines = textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines or [text])


def fitted(ax: Axes, text: str, size: str | float, length: float, renderer: Any) -> str:
    """A text broken so that no line is longer than ``length`` pixels where that can be."""
    text = plain(text)
    width, _ = text_size(ax, text, size, renderer)
    if width <= length or not text:
        return text
    return _broken(text, max(12, int(0.97 * len(text) * length / width)))


def fitted_lines(ax: Axes, lines: Sequence[str], length: float, renderer: Any) -> tuple[str, str]:
    """Lines in medium letters where all fit a length, else broken and small; and the size."""
    size = "medium"
    texts = [fitted(ax, line, size, length, renderer) for line in lines if line]
    if any("\n" in text for text in texts):
        size = SMALL
        texts = [fitted(ax, line, size, length, renderer) for line in lines if line]
    return "\n".join(texts), size


def set_title(ax: Axes, lines: Sequence[str]) -> None:
    """A title broken to the width of the axes and their labels, smaller where it must be broken."""
    renderer = renderer_of(ax)
    x0, _, x1, _ = frame_of(ax)
    whole = ax.get_tightbbox(renderer)
    left, right = (x0, x1) if whole is None else (min(x0, whole.x0), max(x1, whole.x1))
    wide = right - left > 1.25 * (x1 - x0)
    middle = ((left + right) / 2 - x0) / (x1 - x0) if wide else 0.5
    text, size = fitted_lines(ax, lines, right - left, renderer)
    ax.set_title(text, fontsize=size, x=middle, parse_math=False)


def set_labels(ax: Axes, x: str, y: str = "") -> None:
    """Axis labels broken to the lengths of their axes, smaller where they must be broken."""
    renderer = renderer_of(ax)
    x0, y0, x1, y1 = frame_of(ax)
    text, size = fitted_lines(ax, [x], x1 - x0, renderer)
    ax.set_xlabel(text, fontsize=size, parse_math=False)
    if y:
        text, size = fitted_lines(ax, [y], 0.9 * (y1 - y0), renderer)
        ax.set_ylabel(text, fontsize=size, parse_math=False)


def row_size(ax: Axes, rows: float, lines: float = 1.0) -> float:
    """Points of letters with which ``lines`` of text fit into each of so many rows of the axes."""
    from matplotlib.font_manager import FontProperties

    renderer_of(ax)
    _, y0, _, y1 = frame_of(ax)
    points = (y1 - y0) * 72 / root_figure(ax).dpi
    largest = FontProperties(size=SMALL).get_size_in_points()
    return float(max(4.0, min(largest, points / rows / (1.3 * lines))))


def rows_that_fit(ax: Axes | None, inches: float, most: int) -> int:
    """How many rows of a height fit on axes that were given, beside a title and a legend."""
    if ax is None:
        return most
    renderer_of(ax)
    _, y0, _, y1 = frame_of(ax)
    return max(3, min(most, int(0.62 * (y1 - y0) / root_figure(ax).dpi / inches)))


def legend_beneath(
    ax: Axes,
    handles: Sequence[Artist],
    height: float | None = None,
    room: float | None = None,
) -> bool:
    """A legend under the axis label, in as many columns as fit the width of the axes.

    ``height`` is that of the figure without its legend, in inches: the figure grows by the legend's.
    Where it is ``None`` the figure is somebody's and keeps its size. A legend that would be taller than
    ``room``, in pixels, is not drawn, and the answer is false.
    """
    old = ax.get_legend()
    if old is not None:
        old.remove()
    if not handles:
        return True
    renderer = renderer_of(ax)
    place, columns = _legend_place(ax, handles, renderer)
    legend = ax.legend(
        handles=list(handles),
        loc="upper center",
        bbox_to_anchor=(0.5, 0.0),
        bbox_transform=place,
        ncols=columns,
        fontsize=TINY,
        **_LEGEND,
    )
    for text in legend.get_texts():
        text.set_parse_math(False)
    tall = legend.get_window_extent(renderer).height
    if room is not None and tall > room:
        legend.remove()
        return False
    if height is not None:
        figure = root_figure(ax)
        figure.set_figheight(height + tall / figure.dpi)
    return True


def _legend_place(ax: Axes, handles: Sequence[Artist], renderer: Any) -> tuple[Any, int]:
    """Where the legend hangs, a fixed distance below the axes, and how many columns it has."""
    from matplotlib.transforms import ScaledTranslation

    figure = root_figure(ax)
    below = ax.xaxis.get_tightbbox(renderer)
    x0, y0, x1, _ = frame_of(ax)
    drop = (y0 - (below.y0 if below is not None else y0)) / figure.dpi + 0.05
    em = text_size(ax, "M", TINY, renderer)[1] / 1.3
    widest = max(text_size(ax, str(h.get_label()), TINY, renderer)[0] for h in handles) + 4.0 * em
    columns = max(1, min(len(handles), int((x1 - x0 + 4 * em) / widest)))
    rows = -(-len(handles) // columns)
    place = ax.transAxes + ScaledTranslation(0, -drop, figure.dpi_scale_trans)
    return place, -(-len(handles) // rows)
