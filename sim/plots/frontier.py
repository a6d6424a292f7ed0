"""The certified frontier of two parameters: where a claim holds, and what bounds the region.

Every point of a coloured region has that verdict: it is proved, not sampled. Where payoffs are affine
the outline is exact and each edge carries the name of the gain, constraint or deviation that is 0 along
it. The claim is that a treaty is feasible, or whatever the frontier was made of. The
diamond is the scenario's own point, the arrow leads to the nearest point at which the verdict turns. Light
grey with a hatch is not certified.

Array convention. Boxes have shape ``(boxes, 4)``: left, bottom, right, top.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.errors import UsageError
from sim.plots._edge_names import name_edges
from sim.plots._style import (
    BLUE,
    GREY,
    INK,
    NOT_COMPUTED_HATCH,
    PALE,
    VERMILLION,
    Style,
    axes_for,
    not_computed_patch,
    patch,
)
from sim.plots._text import legend_beneath, set_labels, set_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.certified import Frontier

FEASIBLE, INFEASIBLE = Style(BLUE, ""), Style(VERMILLION, "xx")
HOLDS, FAILS = 0, 1
HIDDEN = 2e-3
"""Share of the box that may be uncertain under an exact outline without being drawn."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FrontierData:
    """The numbers of a frontier figure.

    Parameters
    ----------
    title, claim, x, y, x_label, y_label
        The scenario, what was decided in words, and the two parameters with their units.
    box
        Left, bottom, right and top of the whole.
    feasible, infeasible, unsure
        Boxes on which the claim holds, fails, or is undecided or a knife-edge, shape ``(boxes, 4)``.
    shares
        Of the whole, in the order of the verdicts: holds, fails, knife-edge, undecided.
    is_margin
        Whether the claim is that a treaty is feasible.
    edges
        ``(name, start, end)`` of the exact outline, empty where it is not known.
    own, turn
        The scenario's point and where the verdict turns; ``None`` where outside or unknown.
    """

    title: str
    claim: str
    x: str
    y: str
    x_label: str
    y_label: str
    box: tuple[float, float, float, float]
    feasible: FloatArray
    infeasible: FloatArray
    unsure: FloatArray
    shares: tuple[float, ...]
    is_margin: bool
    edges: tuple[tuple[str, tuple[float, float], tuple[float, float]], ...]
    own: tuple[float, float] | None
    turn: tuple[float, float] | None

    @property
    def is_open(self) -> bool:
        """Whether more is uncertain than an exact outline hides, where there is one."""
        return len(self.unsure) > 0 and (not self.edges or sum(self.shares[2:]) > HIDDEN)


def frontier_data(found: Frontier) -> FrontierData:
    """The numbers behind :func:`frontier`.

    Raises
    ------
    UsageError
        If not exactly two parameters were varied.
    """
    if len(found.varied) != 2:
        raise UsageError(f"figure 'frontier' needs two varied parameters, not {len(found.varied)}")
    boxes = np.stack([found.lo[0], found.lo[1], found.hi[0], found.hi[1]], axis=1)
    labels = [f"{p} ({u})" if u else p for p, u in zip(found.varied, found.units, strict=True)]
    own = (float(found.values[0]), float(found.values[1]))
    held = all(lo <= v <= hi for lo, v, hi in zip(found.low, own, found.high, strict=True))
    return FrontierData(
        title=found.title,
        claim=found.sentence,
        x=found.varied[0],
        y=found.varied[1],
        x_label=labels[0],
        y_label=labels[1],
        box=(*map(float, found.low), *map(float, found.high)),  # type: ignore[arg-type]
        feasible=boxes[found.verdict == HOLDS],
        infeasible=boxes[found.verdict == FAILS],
        unsure=boxes[found.verdict > FAILS],
        shares=tuple(found.shares.values()),
        is_margin=found.of == "margin",
        edges=tuple((e.name, e.start, e.end) for e in found.edges),
        own=own if held else None,
        turn=(found.turn[0], found.turn[1]) if held and len(found.turn) == 2 else None,
    )


def frontier(found: Frontier, *, ax: Axes | None = None) -> Axes:
    """Draw where a claim certainly holds over two parameters, with the edges named.

    Parameters
    ----------
    found
        A frontier over two parameters, as ``sim.frontier`` makes it or ``open_frontier`` reads it.
    ax
        Axes to draw on; new ones where absent.

    Returns
    -------
    Axes

    Raises
    ------
    UsageError
        If not exactly two parameters were varied.

    Examples
    --------
    >>> from types import SimpleNamespace as Record
    >>> low, high = np.zeros(2), np.ones(2)
    >>> half = Record(title="T", of="margin", sentence="a treaty is feasible",
    ...     varied=("a", "b"), units=("", ""), low=low, high=high,
    ...     values=np.array([0.2, 0.5]), lo=np.array([[0.0, 0.5], [0.0, 0.0]]),
    ...     hi=np.array([[0.5, 1.0], [1.0, 1.0]]), verdict=np.array([0, 1]),
    ...     shares={"feasible": 0.5, "infeasible": 0.5, "knife-edge": 0.0, "undecided": 0.0}, edges=(),
    ...     turn=(0.5, 0.5))
    >>> frontier(half).get_xlabel()
    'a'
    """
    data = frontier_data(found)
    own = ax is None
    ax = axes_for(ax, 7.0, 6.2)
    _areas(ax, data)
    for _, start, end in data.edges:
        ax.plot(*zip(start, end, strict=True), color=INK, lw=2.2, solid_capstyle="round", zorder=4)
    _point(ax, data)
    ax.set_xlim(data.box[0], data.box[2])
    ax.set_ylim(data.box[1], data.box[3])
    set_labels(ax, data.x_label, data.y_label)
    set_title(ax, [data.title, _shares(data)])
    _legend(ax, data, 6.2 if own else None)
    name_edges(ax, data.edges, (data.own, data.turn))
    return ax


def _shares(data: FrontierData) -> str:
    yes, no, _, rest = data.shares
    what = "certified: feasible" if data.is_margin else f"{data.claim}: certified"
    return f"{what} on {yes:.1%}, not on {no:.1%}, undecided {100 * rest:.3g}%"


def _areas(ax: Axes, data: FrontierData) -> None:
    """One hatched ground for the larger part, so that its hatch runs through; boxes on it."""
    from matplotlib.patches import Rectangle

    left, bottom, right, top = data.box
    ground = Rectangle(
        (left, bottom),
        right - left,
        top - bottom,
        facecolor=INFEASIBLE.colour,
        hatch=INFEASIBLE.hatch,
        edgecolor=INFEASIBLE.hatch_colour,
        lw=0,
        zorder=1,
    )
    ax.add_patch(ground)
    _boxes(ax, data.feasible, FEASIBLE.colour, "", 2)
    if data.is_open:
        _boxes(ax, data.unsure, PALE, NOT_COMPUTED_HATCH, 3)


def _boxes(ax: Axes, boxes: FloatArray, colour: str, hatch: str, zorder: int) -> None:
    from matplotlib.collections import PolyCollection

    if not len(boxes):
        return
    x0, y0, x1, y1 = boxes.T
    corners = np.stack([np.stack([x0, x1, x1, x0], 1), np.stack([y0, y0, y1, y1], 1)], axis=2)
    shapes = PolyCollection(
        list(corners),
        facecolor=colour,
        edgecolor=GREY if hatch else colour,
        hatch=hatch,
        lw=0.0 if hatch else 0.4,
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
        handles.append(patch(INFEASIBLE, "none is" if data.is_margin else "not so"))
    if data.is_open:
        handles.append(not_computed_patch("not certified"))
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
