"""The certified frontier of one or two parameters: where a claim holds, and what bounds the region.

Every point of a coloured region has that verdict: it is proved, not sampled. Where payoffs are affine
the outline is exact and each edge carries the name of the gain, constraint or deviation that is 0 along
it. The claim is that a treaty is feasible, or whatever the frontier was made of. The
diamond is the scenario's own point, the arrow leads to the nearest point at which the verdict turns. Where
the margin is 0 on a whole area, that is certified too: the knife-edge, neither yes nor no. Light grey with a
hatch is undecided. A parameter with levels has a band for each of these and nothing between them.
One parameter makes a strip, with its thresholds.

Array convention. Boxes have shape ``(boxes, 4)``: left, bottom, right, top.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.plots.disputes._edge_names import name_edges
from sim.plots.disputes._frontier_data import FrontierData, frontier_data
from sim.plots.drawing.legend import legend_beneath
from sim.plots.drawing.style import (
    INK,
    NO,
    NOT_COMPUTED_HATCH,
    PALE,
    YELLOW,
    YES,
    Style,
    axes_for,
    not_computed_patch,
    patch,
)
from sim.plots.drawing.text import set_labels, set_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.certified import Frontier

FEASIBLE, INFEASIBLE, EDGE = YES, NO, Style(YELLOW, "..")
UNSURE = Style(PALE, NOT_COMPUTED_HATCH)

__all__ = ["FrontierData", "frontier", "frontier_data"]


def frontier(found: Frontier, *, ax: Axes | None = None) -> Axes:
    """Draw where a claim certainly holds over one or two parameters, with the edges named.

    Parameters
    ----------
    found
        A frontier over one or two parameters, as ``sim.frontier`` makes it or ``open_frontier`` reads it.
    ax
        Axes to draw on; new ones where absent.

    Returns
    -------
    Axes

    Raises
    ------
    UsageError
        If more than two parameters were varied.

    Examples
    --------
    >>> from types import SimpleNamespace as Record
    >>> low, high = np.zeros(2), np.ones(2)
    >>> from sim.claims import read_claim
    >>> half = Record(title="T", claim=read_claim("margin"),
    ...     varied=("a", "b"), units=("", ""), low=low, high=high,
    ...     values=np.array([0.2, 0.5]), lo=np.array([[0.0, 0.5], [0.0, 0.0]]),
    ...     hi=np.array([[0.5, 1.0], [1.0, 1.0]]), verdict=np.array([0, 1]),
    ...     shares={"feasible": 0.5, "infeasible": 0.5, "knife-edge": 0.0, "undecided": 0.0}, edges=(),
    ...     turn=(0.5, 0.5), levels=())
    >>> frontier(half).get_xlabel()
    'a'
    """
    data = frontier_data(found)
    own = ax is None
    height = 6.2 if data.y else 2.4
    ax = axes_for(ax, 7.0, height)
    _areas(ax, data)
    for _, start, end in data.edges:
        ax.plot(*zip(start, end, strict=True), color=INK, lw=2.2, solid_capstyle="round", zorder=4)
    _point(ax, data)
    ax.set_xlim(data.box[0], data.box[2])
    ax.set_ylim(data.box[1], data.box[3])
    _level_ticks(ax, data)
    set_labels(ax, data.x_label, data.y_label)
    set_title(ax, [data.title, _shares(data)])
    if not data.y:
        ax.set_yticks([])
    _legend(ax, data, height if own else None)
    name_edges(ax, data.edges, (data.own, data.turn))
    return ax


def _shares(data: FrontierData) -> str:
    yes, no, edge, rest = data.shares
    what = "certified: feasible" if data.is_margin else f"{data.claim}: certified"
    between = f", knife-edge on {edge:.1%}" if data.has_edge else ""
    return f"{what} on {yes:.1%}, not on {no:.1%}{between}, undecided {100 * rest:.3g}%"


def _level_ticks(ax: Axes, data: FrontierData) -> None:
    """A tick for every level of an axis that has levels, and a gap between their bands."""
    lines = (ax.axvline, ax.axhline)
    for levels, axis, line in zip(data.levels, (ax.xaxis, ax.yaxis), lines, strict=True):
        if levels:
            axis.set_ticks(range(len(levels)), [f"{x:g}" for x in levels])
            for k in range(1, len(levels)):
                line(k - 0.5, color="white", lw=5, zorder=5)


def _areas(ax: Axes, data: FrontierData) -> None:
    """One hatched ground for the larger part, so that its hatch runs through; boxes on it."""
    from matplotlib.patches import Rectangle

    left, bottom, right, top = data.box
    ground = Rectangle(
        (left, bottom),
        right - left,
        top - bottom,
        **INFEASIBLE.look,
        zorder=1,
    )
    ax.add_patch(ground)
    _boxes(ax, data.feasible, FEASIBLE, 2)
    if data.has_edge:
        _boxes(ax, data.knife_edge, EDGE, 3)
    if data.is_open:
        _boxes(ax, data.unsure, UNSURE, 3)


def _boxes(ax: Axes, boxes: FloatArray, fill: Style, zorder: int) -> None:
    from matplotlib.collections import PolyCollection

    if not len(boxes):
        return
    x0, y0, x1, y1 = boxes.T
    corners = np.stack([np.stack([x0, x1, x1, x0], 1), np.stack([y0, y0, y1, y1], 1)], axis=2)
    shapes = PolyCollection(
        list(corners),
        facecolor=fill.colour,
        edgecolor=fill.hatch_colour if fill.hatch else fill.colour,
        hatch=fill.hatch,
        lw=0.0 if fill.hatch else 0.4,
        antialiased=False,
        rasterized=len(boxes) > 500,
        zorder=zorder,
    )
    ax.add_collection(shapes, autolim=False)


def _point(ax: Axes, data: FrontierData) -> None:
    if data.own is None:
        return
    if data.turn is not None:
        ax.annotate(
            "",
            xy=data.turn,
            xytext=data.own,
            arrowprops={"arrowstyle": "-|>", "color": INK, "lw": 1.8, "shrinkA": 6, "shrinkB": 0},
            zorder=6,
        )
    ax.plot(
        *data.own, ls="", marker="D", ms=8, mfc="white", mec=INK, mew=1.6, zorder=7, clip_on=False
    )


def _legend(ax: Axes, data: FrontierData, height: float | None) -> None:
    from matplotlib.lines import Line2D

    handles: list[Any] = []
    if len(data.feasible):
        handles.append(patch(FEASIBLE, data.claim))
    if len(data.infeasible):
        alone = "no treaty is feasible" if not len(data.feasible) else "none is"
        handles.append(patch(INFEASIBLE, alone if data.is_margin else "not so"))
    if data.has_edge:
        handles.append(patch(EDGE, "knife-edge: margin 0" if data.is_margin else "knife-edge"))
    if data.is_open:
        handles.append(not_computed_patch("undecided"))
    if data.own is not None:
        look: dict[str, Any] = {
            "ls": "",
            "marker": "D",
            "mfc": "white",
            "mec": INK,
            "mew": 1.4,
            "ms": 6,
        }
        handles.append(Line2D([], [], label="present values", **look))
    if data.turn is not None:
        handles.append(Line2D([], [], color=INK, lw=1.8, marker=">", ms=5, label="nearest turn"))
    legend_beneath(ax, handles, height)
