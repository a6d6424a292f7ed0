"""Text that does not overlap: measured in pixels, placed where there is room, legends beneath the axes.

Array convention. Boxes are ``(x0, y0, x1, y1)`` in display pixels.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sim.plots.drawing.layout import lay_out
from sim.plots.drawing.style import TEXT, root_figure

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

Box = tuple[float, float, float, float]
SETTLING = 4
"""Rounds of layout after which texts stay where they are."""
LETTERS = (TEXT, 7.0, 6.0, 5.0)
SHARE = 0.3  # of a figure's height that a legend beneath may take
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
    """What measures text on this figure; lays the figure out first, until the axes keep their place."""
    figure = root_figure(ax)
    renderer = figure._get_renderer()
    for _ in range(SETTLING):
        before = frame_of(ax)
        lay_out(figure, renderer)
        if max(abs(a - b) for a, b in zip(before, frame_of(ax), strict=True)) < 0.5:
            break
    return renderer


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
    renderer = renderer_of(ax)
    x0, _, x1, _ = frame_of(ax)
    whole = ax.get_tightbbox(renderer)
    left, right = (x0, x1) if whole is None else (min(x0, whole.x0), max(x1, whole.x1))
    wide = right - left > 1.25 * (x1 - x0)
    middle = ((left + right) / 2 - x0) / (x1 - x0) if wide else 0.5
    centre, page = x0 + middle * (x1 - x0), root_figure(ax).bbox
    length = min(right - left, 1.96 * min(centre - page.x0, page.x1 - centre))
    text = fitted_lines(ax, lines, length, renderer)
    ax.set_title(text, fontsize=TEXT, x=middle, parse_math=False)


def set_labels(ax: Axes, x: str, y: str = "") -> None:
    """Axis labels broken to the lengths of their axes."""
    renderer = renderer_of(ax)
    x0, y0, x1, y1 = frame_of(ax)
    text = fitted_lines(ax, [x], x1 - x0, renderer)
    ax.set_xlabel(text, fontsize=TEXT, parse_math=False)
    if y:
        text = fitted_lines(ax, [y], 0.95 * (y1 - y0), renderer)
        ax.set_ylabel(text, fontsize=TEXT, parse_math=False)


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


def legend_beneath(
    ax: Axes,
    handles: Sequence[Artist],
    height: float | None = None,
    room: float | None = None,
    letters: Sequence[float] = LETTERS,
) -> bool:
    """A legend under the axis label, in as many columns as fit the width of the axes.

    ``height`` is that of the figure without its legend, in inches: the figure grows by the legend's.
    Where it is ``None`` the figure is somebody's and keeps its size, and a legend that would leave little
    of it to the axes gets smaller letters. A legend that would be taller than ``room``, in pixels, in the
    smallest of ``letters`` is not drawn, and the answer is false.
    """
    old = ax.get_legend()
    if old is not None:
        old.remove()
    if not handles:
        return True
    renderer = renderer_of(ax)
    most = float("inf") if height is not None else _slot(ax) if room is None else room
    for size in letters:
        tall = _legend(ax, handles, size, renderer)
        if tall <= most:
            break
    if room is not None and tall > room:
        drawn = ax.get_legend()
        if drawn is not None:
            drawn.remove()
        return False
    if height is not None:
        figure = root_figure(ax)
        figure.set_figheight(height + tall / figure.dpi)
    return True


def ticks_apart(ax: Axes) -> None:
    """Fewer ticks along the horizontal axis where the numbers of neighbours would touch."""
    renderer = renderer_of(ax)
    for count in range(6, 1, -1):
        x0, _, x1, _ = frame_of(ax)
        low, high = ax.get_xlim()
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


def labels_and_legend(
    ax: Axes, labels: Sequence[str], handles: Sequence[Artist], height: float | None = None
) -> None:
    """Axis labels and the legend under them; labels that need another line then push the legend down."""
    set_labels(ax, *labels)
    for _ in range(SETTLING):
        before = ax.get_xlabel()
        legend_beneath(ax, handles, height)
        set_labels(ax, *labels)
        if ax.get_xlabel().count("\n") == before.count("\n"):
            return


def _slot(ax: Axes) -> float:
    """How tall a legend may be beneath axes that were given: a share of their part of the figure."""
    place = ax.get_subplotspec()
    rows = 1 if place is None else place.get_gridspec().nrows
    return float(SHARE * root_figure(ax).bbox.height / rows)


def _legend(ax: Axes, handles: Sequence[Artist], size: float, renderer: Any) -> float:
    """Draw a legend, instead of one that is there, and say how tall it is in pixels."""
    place, columns = _legend_place(ax, handles, size, renderer)
    legend = ax.legend(
        handles=list(handles),
        loc="upper center",
        bbox_to_anchor=(0.5, 0.0),
        bbox_transform=place,
        ncols=columns,
        fontsize=size,
        **_LEGEND,
    )
    for text in legend.get_texts():
        text.set_parse_math(False)
    return float(legend.get_window_extent(renderer).height)


def _legend_place(
    ax: Axes, handles: Sequence[Artist], size: float, renderer: Any
) -> tuple[Any, int]:
    """Where the legend hangs, a fixed distance below the axes, and how many columns it has."""
    from matplotlib.transforms import ScaledTranslation

    figure = root_figure(ax)
    below = ax.xaxis.get_tightbbox(renderer)
    x0, y0, x1, _ = frame_of(ax)
    drop = (y0 - (below.y0 if below is not None else y0)) / figure.dpi + 0.05
    em = text_size(ax, "M", size, renderer)[1] / 1.3
    widths = [text_size(ax, str(h.get_label()), size, renderer)[0] + 4.4 * em for h in handles]
    full = ax.get_position(original=True).width * figure.bbox.width
    place = ax.transAxes + ScaledTranslation(0, -drop, figure.dpi_scale_trans)
    return place, _columns(widths, max(x1 - x0, full) + 4 * em)


def _columns(widths: Sequence[float], room: float) -> int:
    """How many columns of entries, filled one after the other, fit side by side."""
    import numpy as np

    for columns in range(len(widths), 1, -1):
        if sum(float(part.max()) for part in np.array_split(np.array(widths), columns)) <= room:
            return columns
    return 1
