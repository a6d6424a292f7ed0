"""Text that does not overlap: measured in pixels, placed where there is room.

Array convention. Boxes are ``(x0, y0, x1, y1)`` in display pixels.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sim.plots.drawing.layout import above_and_beneath, lay_out, reach, renderer_for, unmoved
from sim.plots.drawing.style import TEXT, root_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Box = tuple[float, float, float, float]
SETTLING = 4
"""Rounds of layout after which texts stay where they are."""
PLATE = {"boxstyle": "round,pad=0.12", "facecolor": "white", "alpha": 0.82, "linewidth": 0}


def renderer_of(ax: Axes, *, height: bool = True) -> Any:
    """What measures text on this figure; lays the figure out first, until the axes keep their place.

    Without ``height`` only from where to where they reach from left to right need be right.
    """
    figure = root_figure(ax)
    renderer = renderer_for(figure)
    for _ in range(SETTLING):
        before = frame_of(ax)
        if lay_out(figure, renderer, height=height):
            break
        if max(abs(a - b) for a, b in zip(before, frame_of(ax), strict=True)) < 0.5:
            break
    return renderer


def text_size(ax: Axes, text: str, size: str | float, renderer: Any) -> tuple[float, float]:
    """Width and height of a text in pixels, with the padding of its plate."""
    from matplotlib.text import Text

    figure = root_figure(ax)
    artist = Text(0, 0, text, fontsize=size, parse_math=False)
    artist.set_figure(figure)
    box = artist.get_window_extent(renderer)
    pad = 0.16 * float(artist.get_fontsize()) * figure.dpi / 72
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


def percent(share: float) -> str:
    """A share in words that do not round something to nothing, nor nearly all to all.

    Examples
    --------
    >>> percent(0.446), percent(0.0), percent(0.0002), percent(0.9999)
    ('44.6 %', '0 %', 'under 0.1 %', 'over 99.9 %')
    """
    if share in (0.0, 1.0):
        return f"{share:.0%}".replace("%", " %")
    if min(share, 1 - share) < 0.001:
        return "under 0.1 %" if share < 0.5 else "over 99.9 %"
    return f"{100 * share:.1f} %"


def signed(value: float) -> str:
    """A number with its sign: two decimals, more where they would hide it; nothing is a plain 0.

    Examples
    --------
    >>> signed(0.5), signed(0.0), signed(0.0042), signed(-1.256)
    ('+0.50', '0', '+0.004', '\u22121.26')
    """
    if value == 0:
        return "0"
    text = f"{value:+.2f}" if abs(value) >= 0.005 else f"{value:+.1g}"
    return text.replace("-", "\N{MINUS SIGN}")


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


def fitted_lines(ax: Axes, lines: Sequence[str], length: float, renderer: Any) -> str:
    """Lines broken to a length in pixels; empty ones are left out."""
    return "\n".join(fitted(ax, line, TEXT, length, renderer) for line in lines if line)


def set_title(ax: Axes, lines: Sequence[str]) -> None:
    """A title broken to the width of the axes and their labels."""
    renderer = renderer_of(ax, height=False)
    x0, _, x1, _ = frame_of(ax)
    left, right = reach(ax, renderer)
    wide = right - left > 1.25 * (x1 - x0)
    middle = ((left + right) / 2 - x0) / (x1 - x0) if wide else 0.5
    centre, page = x0 + middle * (x1 - x0), root_figure(ax).bbox
    length = min(right - left, 1.96 * min(centre - page.x0, page.x1 - centre))
    text = fitted_lines(ax, lines, length, renderer)
    with above_and_beneath(root_figure(ax)):
        ax.set_title(text, fontsize=TEXT, x=middle, parse_math=False)


def set_labels(ax: Axes, x: str, y: str = "") -> None:
    """Axis labels broken to the lengths of their axes."""
    renderer = renderer_of(ax, height=bool(y))
    x0, y0, x1, y1 = frame_of(ax)
    text = fitted_lines(ax, [x], x1 - x0, renderer)
    if text != ax.get_xlabel():
        with above_and_beneath(root_figure(ax)):
            ax.set_xlabel(text, fontsize=TEXT, parse_math=False)
    text = fitted_lines(ax, [y], 0.95 * (y1 - y0), renderer) if y else ""
    if text != ax.get_ylabel() and y:
        ax.set_ylabel(text, fontsize=TEXT, parse_math=False)


def size_rows(ax: Axes, size: float) -> None:
    """Names of rows in letters of a size, which have the size of all texts so far."""
    if size != TEXT:
        ax.tick_params(axis="y", labelsize=size)


def row_size(ax: Axes, rows: float, lines: float = 1.0) -> float:
    """Points of letters with which ``lines`` of text fit into each of so many rows of the axes."""
    renderer_of(ax)
    _, y0, _, y1 = frame_of(ax)
    points = (y1 - y0) * 72 / root_figure(ax).dpi
    return float(max(4.0, min(TEXT, points / rows / (1.3 * lines))))


def rows_that_fit(ax: Axes | None, inches: float, most: int) -> int:
    """How many rows of a height fit on axes that were given, beside a title and a legend."""
    if ax is None:
        return most
    renderer_of(ax)
    _, y0, _, y1 = frame_of(ax)
    return max(3, min(most, int(0.62 * (y1 - y0) / root_figure(ax).dpi / inches)))


def ticks_apart(ax: Axes) -> None:
    """Fewer ticks along the horizontal axis where the numbers of neighbours would touch."""
    renderer = renderer_of(ax, height=False)
    for count in range(6, 1, -1):
        x0, _, x1, _ = frame_of(ax)
        low, high = ax.get_xlim()
        with unmoved(root_figure(ax)):
            shown = [
                label
                for label in ax.get_xticklabels()
                if label.get_text() and low <= label.get_position()[0] <= high
            ]
        taken = sum(
            1.25 * text_size(ax, t.get_text(), t.get_fontsize(), renderer)[0] for t in shown
        )
        if taken <= x1 - x0:
            return
        ax.locator_params(axis="x", nbins=count)
