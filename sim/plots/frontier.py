"""The certified frontier of two parameters: where a claim holds, and what bounds the region.

Every point of a coloured region has that verdict: it is proved, not sampled. Where payoffs are affine
the outline is exact and each edge carries the name of the gain, constraint or deviation that is 0 along
it. The claim is that a treaty is feasible, or whatever the frontier was made of. The
diamond is the scenario's own point, the arrow leads to the nearest point at which the verdict turns. Where
the margin is 0 on a whole area, that is certified too: the knife-edge, neither yes nor no. Light grey with a
hatch is undecided. A parameter with levels has a band for each of these and nothing between them.

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
    INK,
    NOT_COMPUTED_HATCH,
    PALE,
    VERMILLION,
    YELLOW,
    Style,
    axes_for,
    not_computed_patch,
    patch,
)
from sim.plots._text import legend_beneath, set_labels, set_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.certified import Frontier

FEASIBLE, INFEASIBLE, EDGE = Style(BLUE, ""), Style(VERMILLION, "xx"), Style(YELLOW, "..")
HOLDS, FAILS, KNIFE_EDGE, UNDECIDED = range(4)
UNSURE = Style(PALE, NOT_COMPUTED_HATCH)
HIDDEN = 2e-3
"""Share of the box that may be uncertain under an exact outline without being drawn."""
SEEN = 1e-5
"""Share of the box from which on a knife-edge is an area, and not a line."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FrontierData:
    """The numbers of a frontier figure.

    Parameters
    ----------
    title, claim, x, y, x_label, y_label
        The scenario, what was decided in words, and the two parameters with their units.
    box
        Left, bottom, right and top of the whole.
    feasible, infeasible, knife_edge, unsure
        Boxes on which the claim holds, fails, is a knife-edge or undecided, shape ``(boxes, 4)``.
    shares
        Of the whole, in the order of the verdicts: holds, fails, knife-edge, undecided.
    is_margin
        Whether the claim is that a treaty is feasible.
    edges
        ``(name, start, end)`` of the exact outline, empty where it is not known.
    own, turn
        The scenario's point and where the verdict turns; ``None`` where outside or unknown.
    levels
        Per axis its levels, drawn at 0, 1, 2, ...; empty where it is a scale.
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
    knife_edge: FloatArray
    unsure: FloatArray
    shares: tuple[float, ...]
    is_margin: bool
    edges: tuple[tuple[str, tuple[float, float], tuple[float, float]], ...]
    own: tuple[float, float] | None
    turn: tuple[float, float] | None
    levels: tuple[tuple[float, ...], ...] = ((), ())

    @property
    def is_open(self) -> bool:
        """Whether more is uncertain than an exact outline hides, where there is one."""
        return len(self.unsure) > 0 and (not self.edges or self.shares[UNDECIDED] > HIDDEN)

    @property
    def has_edge(self) -> bool:
        """Whether the margin is 0 on an area."""
        return len(self.knife_edge) > 0 and self.shares[KNIFE_EDGE] > SEEN


def frontier_data(found: Frontier) -> FrontierData:
    """The numbers behind :func:`frontier`.

    Raises
    ------
    UsageError
        If not exactly two parameters were varied.
    """
    if len(found.varied) != 2:
        raise UsageError(f"figure 'frontier' needs two varied parameters, not {len(found.varied)}")
    levels = found.levels or ((), ())
    sides = [_side(found, k, levels[k]) for k in range(2)]
    boxes = np.stack([sides[0][0], sides[1][0], sides[0][1], sides[1][1]], axis=1)
    whole = [
        (-0.5, len(x) - 0.5) if x else ends for x, ends in zip(levels, _ends(found), strict=True)
    ]
    labels = [f"{p} ({u})" if u else p for p, u in zip(found.varied, found.units, strict=True)]
    own = _own(found, levels)
    return FrontierData(
        title=found.title,
        claim=found.sentence,
        x=found.varied[0],
        y=found.varied[1],
        x_label=labels[0],
        y_label=labels[1],
        box=(whole[0][0], whole[1][0], whole[0][1], whole[1][1]),
        feasible=boxes[found.verdict == HOLDS],
        infeasible=boxes[found.verdict == FAILS],
        knife_edge=boxes[found.verdict == KNIFE_EDGE],
        unsure=boxes[found.verdict == UNDECIDED],
        shares=tuple(found.shares.values()),
        is_margin=found.of == "margin",
        edges=tuple((e.name, e.start, e.end) for e in found.edges),
        own=own,
        turn=_turn(found, own),
        levels=levels,
    )


def _turn(found: Frontier, own: tuple[float, float] | None) -> tuple[float, float] | None:
    """Where the verdict turns; ``None`` where that is not known, or at the scenario's own point."""
    if own is None or len(found.turn) != 2 or tuple(found.turn) == own:
        return None
    return found.turn[0], found.turn[1]


def _ends(found: Frontier) -> list[tuple[float, float]]:
    return [(float(lo), float(hi)) for lo, hi in zip(found.low, found.high, strict=True)]


def _side(found: Frontier, k: int, levels: tuple[float, ...]) -> tuple[FloatArray, FloatArray]:
    """The ends of all boxes along an axis; half a band beyond a level where it has levels."""
    if not levels:
        return found.lo[k], found.hi[k]
    known = np.array(levels)
    first, last = (
        np.searchsorted(known, end[k]).astype(np.float64) for end in (found.lo, found.hi)
    )
    return first - 0.5, last + 0.5


def _own(found: Frontier, levels: tuple[tuple[float, ...], ...]) -> tuple[float, float] | None:
    """Where the scenario's own point lies on the axes; ``None`` where it lies outside."""
    out = []
    for value, (lo, hi), known in zip(found.values, _ends(found), levels, strict=True):
        if (known and value not in known) or not lo <= value <= hi:
            return None
        out.append(float(known.index(value)) if known else float(value))
    return out[0], out[1]


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
    ...     turn=(0.5, 0.5), levels=())
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
    _level_ticks(ax, data)
    set_labels(ax, data.x_label, data.y_label)
    set_title(ax, [data.title, _shares(data)])
    _legend(ax, data, 6.2 if own else None)
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
        facecolor=INFEASIBLE.colour,
        hatch=INFEASIBLE.hatch,
        edgecolor=INFEASIBLE.hatch_colour,
        lw=0,
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
        handles.append(patch(INFEASIBLE, "none is" if data.is_margin else "not so"))
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
