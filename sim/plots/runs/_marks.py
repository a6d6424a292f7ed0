"""Marks that several figures share, each with its legend entry: the own point, margin 0, the knife-edge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.cells import edges
from sim._kernels.tolerance import BoolArray, FloatArray
from sim.plots.drawing.style import INK, root_figure
from sim.plots.drawing.text import Box, around
from sim.plots.runs._contours import RIM, crosses_zero, rim

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

OWN_SIZE = 7.5
"""Size of the diamond at the own point, in points."""
EVERY = 25
"""Parts of each axis of which one mark each is drawn."""


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


def margin_entries(margin: FloatArray, levels: Sequence[float] = ()) -> list[Artist]:
    """Legend entries of the thick line, or in words why there is none, and of the thin contours."""
    return [*_zero_entry(margin), *_contour_entry(levels)]


def _zero_entry(margin: FloatArray) -> list[Artist]:
    from matplotlib.lines import Line2D

    if crosses_zero(margin):
        word = "margin 0, ticks on the feasible side"
        return [Line2D([], [], color=INK, lw=RIM, path_effects=rim(), label=word)]
    known = margin[np.isfinite(margin)]
    if not known.size:
        return []
    text = "feasible everywhere" if known.min() > 0 else "feasible nowhere"
    if known.max() > 0 >= known.min():
        text = "feasible wherever it is not on the knife-edge"
    return [Line2D([], [], ls="", label=text)]


def _contour_entry(levels: Sequence[float]) -> list[Artist]:
    from matplotlib.lines import Line2D

    if not levels:
        return []
    dashed = min(levels) < 0
    text = "margin contours" + (", dashed: below 0" if dashed else "")
    return [Line2D([], [], color="#222222", lw=0.8, ls="--" if dashed else "-", label=text)]


def sparse(mask: BoolArray) -> BoolArray:
    """The cells of a mask that are marked: at most one in each of ``EVERY`` by ``EVERY`` parts.

    Examples
    --------
    >>> int(sparse(np.ones((1, 100), dtype=bool)).sum())
    25
    """
    rows, columns = np.nonzero(mask)
    parts = [k * EVERY // max(n, EVERY) for k, n in zip((rows, columns), mask.shape, strict=True)]
    _, first = np.unique(np.stack(parts), axis=1, return_index=True)
    out = np.zeros(mask.shape, dtype=bool)
    out[rows[first], columns[first]] = True
    return out


_KNIFE: dict[str, Any] = {"marker": "X", "markerfacecolor": "white", "markeredgecolor": INK}


def knife_marks(ax: Axes, x: FloatArray, y: FloatArray) -> None:
    """Small crosses on the knife-edge, clipped to the axes, no wider than the lines they lie on."""
    size: Any = {"markersize": 3.6, "markeredgewidth": 0.5, "scalex": False, "scaley": False}
    ax.plot(x, y, ls="", zorder=4.5, gid="knife-edge", **_KNIFE, **size)


def knife_entry() -> Artist:
    """Legend entry of the knife-edge."""
    from matplotlib.lines import Line2D

    return Line2D([], [], ls="", markersize=4.5, markeredgewidth=0.6, label="knife-edge", **_KNIFE)
