"""Legends beneath the axes, in as many columns as fit, and the labels that they hang under."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.plots.drawing.layout import above_and_beneath
from sim.plots.drawing.style import TEXT, root_figure
from sim.plots.drawing.text import SETTLING, frame_of, renderer_of, set_labels, text_size

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

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
    figure = root_figure(ax)
    old = ax.get_legend()
    if old is not None:
        with above_and_beneath(figure):
            old.remove()
    if not handles:
        return True
    renderer = renderer_of(ax, height=False)
    with above_and_beneath(figure):
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
            figure.set_figheight(height + tall / figure.dpi)
    return True


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
