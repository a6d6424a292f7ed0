"""Marks that several figures share, each with its legend entry: the own point, margin 0, no result."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.plots._cells import edges
from sim.plots._contours import crosses_zero
from sim.plots._style import INK, root_figure
from sim.plots._text import Box, around

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

OWN_SIZE = 7.5


def own_inside(own: tuple[float, float], x: FloatArray, y: FloatArray) -> bool:
    """Whether the scenario's own point lies on the cells of a grid."""
    spans = zip(own, (edges(x), edges(y)), strict=True)
    return all(bool(span.min() <= value <= span.max()) for value, span in spans)


def own_mark(ax: Axes, own: tuple[float, float], on_section: bool) -> None:
    """The scenario's own point; hollow where it lies off the section shown."""
    face = "white" if on_section else "none"
    ax.plot(
        *own,
        ls="",
        marker="D",
        ms=OWN_SIZE,
        mfc=face,
        mec=INK,
        mew=1.5,
        zorder=7,
        scalex=False,
        scaley=False,
        gid="own",
    )


def own_box(ax: Axes, own: tuple[float, float]) -> Box:
    """The pixels that the own point covers."""
    side = 2.0 * OWN_SIZE * root_figure(ax).dpi / 72
    x, y = ax.transData.transform(own)
    return around(float(x), float(y), side, side)


def own_entry(on_section: bool) -> Artist:
    """Legend entry of the own point."""
    from matplotlib.lines import Line2D

    face = "white" if on_section else "none"
    text = "scenario's values" + ("" if on_section else " (off this slice)")
    return Line2D([], [], ls="", marker="D", mfc=face, mec=INK, mew=1.4, ms=6, label=text)


def margin_entries(margin: FloatArray) -> list[Artist]:
    """Legend entry of the thick line, or in words why there is none."""
    from matplotlib.lines import Line2D

    if crosses_zero(margin):
        return [Line2D([], [], color=INK, lw=2.2, label="margin 0")]
    known = margin[np.isfinite(margin)]
    if not known.size:
        return []
    text = "feasible everywhere" if known.min() >= 0 else "feasible nowhere"
    return [Line2D([], [], ls="", label=text)]
