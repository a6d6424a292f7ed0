"""What may lie over a landscape: the record's episodes, what is believed, and the certified outline.

Each is drawn as it is given; nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.errors import UsageError
from sim.plots.disputes._frontier_data import FrontierData, frontier_data
from sim.plots.drawing.style import INK, TEXT, root_figure
from sim.plots.drawing.text import (
    PLATE,
    Box,
    around,
    frame_of,
    inside,
    overlaps,
    plain,
    text_size,
    wrapped,
)
from sim.plots.runs._contours import RIM

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from sim.beliefs.over_plane import PlaneShare
    from sim.certified import Frontier
    from sim.plots.runs._landscape_data import LandscapeData

Point = tuple[float, float]
FOG = ((0.1, 0.25, 0.09), (0.25, 0.75, 0.2), (0.75, 0.9, 0.09))
"""Between which shares of the draws, and how dark."""
SIZE = 5.5
"""Size of the mark of an episode, in points."""
_TURNS = tuple(np.linspace(0, 2 * np.pi, 16, endpoint=False))
_FIXED: dict[str, Any] = {"scalex": False, "scaley": False}
_EPISODE: dict[str, Any] = {"marker": "o", "mfc": "white", "mec": INK, "mew": 1.1, "ms": SIZE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """What lies over a landscape.

    Parameters
    ----------
    episodes
        Where each of a record's episodes lies on the plane, by name; those in one place share a name.
    beliefs
        The share of draws in which a treaty is feasible.
    outline
        The numbers of the certified line.
    """

    episodes: Mapping[str, Point] = field(default_factory=dict)
    beliefs: PlaneShare | None = None
    outline: FrontierData | None = None


def layers_of(
    data: LandscapeData,
    episodes: Mapping[str, Mapping[str, float]] | None,
    beliefs: PlaneShare | None,
    outline: Frontier | None,
) -> Layers:
    """What lies over a landscape, checked to be of its two parameters.

    Raises
    ------
    UsageError
        If something is of other parameters.
    """
    axes = (data.x, data.y)
    if beliefs is not None and (beliefs.x, beliefs.y) != axes:
        raise UsageError(
            f"the beliefs are over {beliefs.x} and {beliefs.y}, not {' and '.join(axes)}"
        )
    found = None if outline is None else frontier_data(outline)
    if found is not None and ((found.x, found.y) != axes or any(found.levels)):
        raise UsageError(
            f"the outline is of {found.x} and {found.y or 'nothing else'}; a frontier over "
            f"{' and '.join(axes)}, in this order, is needed"
        )
    return Layers(episodes=_placed(data, episodes or {}), beliefs=beliefs, outline=found)


def _placed(data: LandscapeData, episodes: Mapping[str, Mapping[str, float]]) -> dict[str, Point]:
    places: dict[Point, list[str]] = {}
    for name, values in episodes.items():
        if data.x in values and data.y in values:
            places.setdefault((values[data.x], values[data.y]), []).append(name)
    return {", ".join(names): point for point, names in places.items()}


def feasible_hatch(ax: Axes, data: LandscapeData) -> None:
    """White lines over the feasible side, across the hatch that a class may have of its own."""
    margin = np.ma.masked_invalid(data.margin)
    if min(margin.shape) < 2 or not (margin > 0).any():
        return
    top = float(margin.max())
    area: Any = ax.contourf(
        data.x_values, data.y_values, margin, levels=[0.0, 2 * top], colors="none", hatches=["//"]
    )
    area.set_edgecolor((1, 1, 1, 0.6))
    area.set_linewidth(0.0)


def fog(ax: Axes, beliefs: PlaneShare) -> None:
    """Where draws differ in whether a treaty is feasible, the darker the more they do."""
    if min(beliefs.share.shape) < 2:
        return
    for low, high, dark in FOG:
        ax.contourf(
            beliefs.x_values,
            beliefs.y_values,
            beliefs.share,
            levels=[low, high],
            colors=[(0, 0, 0, dark)],
            antialiased=False,
            zorder=2.5,
        )


def certified_line(ax: Axes, outline: FrontierData) -> None:
    """The proved line of margin 0: exact edges where there are, and what is undecided as a band."""
    from matplotlib.collections import LineCollection, PolyCollection
    from matplotlib.patheffects import withStroke

    if outline.edges:
        lines: Any = [(start, end) for _, start, end in outline.edges]
        made = LineCollection(lines, colors=INK, linewidths=RIM, capstyle="round", zorder=4)
        made.set_path_effects([withStroke(linewidth=RIM + 1.4, foreground="white")])
        made.set_gid("certified")
        ax.add_collection(made, autolim=False)
    elif len(outline.unsure):
        band = PolyCollection(_corners(outline.unsure), facecolor=INK, edgecolor=INK, zorder=4)
        band.set_linewidth(0.8)
        band.set_gid("certified")
        ax.add_collection(band, autolim=False)


def _corners(boxes: FloatArray) -> list[Any]:
    x0, y0, x1, y1 = boxes.T
    return list(np.stack([np.stack([x0, x1, x1, x0], 1), np.stack([y0, y0, y1, y1], 1)], axis=2))


@dataclass(frozen=True, slots=True)
class Tag:
    """An episode's name and where it is written; ``None`` where it found no room."""

    name: str
    point: Point
    box: Box | None


def tags(ax: Axes, layers: Layers, taken: Sequence[Box], renderer: Any) -> list[Tag]:
    """A place beside its point for every episode's name, clear of points, names and what is taken."""
    frame = frame_of(ax)
    where = {name: ax.transData.transform(point) for name, point in layers.episodes.items()}
    side = 1.4 * SIZE * root_figure(ax).dpi / 72
    dots = {name: around(float(x), float(y), side, side) for name, (x, y) in where.items()}
    seen = [name for name, (x, y) in where.items() if inside((x, y, x, y), frame)]
    busy = [*taken, *(dots[name] for name in seen)]
    out: list[Tag] = []
    for name in seen:
        width, height = text_size(ax, name, TEXT, renderer)
        box = _free(where[name], width, height, side, busy, frame)
        busy += [] if box is None else [box]
        out.append(Tag(name, layers.episodes[name], box))
    return out


def _free(
    at: Any, width: float, height: float, side: float, busy: Sequence[Box], frame: Box
) -> Box | None:
    """The nearest box of a size beside a point that meets nothing."""
    for far in (0.6, 1.2, 2.2, 3.4):
        for turn in _TURNS:
            x = float(at[0]) + np.cos(turn) * (width / 2 + far * side)
            y = float(at[1]) + np.sin(turn) * (height / 2 + far * side)
            box = around(x, y, width, height)
            if inside(box, frame) and not overlaps(box, busy):
                return box
    return None


def boxes_of(ax: Axes, found: Sequence[Tag]) -> list[Box]:
    """The pixels that points and names cover."""
    side = 1.4 * SIZE * root_figure(ax).dpi / 72
    places = [ax.transData.transform(tag.point) for tag in found]
    dots = [around(float(x), float(y), side, side) for x, y in places]
    return [*dots, *(tag.box for tag in found if tag.box is not None)]


def draw_tags(ax: Axes, found: Sequence[Tag], own: Point | None) -> None:
    """Points and names; the scenario's own point has its mark already."""
    back = ax.transData.inverted()
    for tag in found:
        if own is None or not np.allclose(tag.point, own):
            ax.plot(
                *tag.point, ls="", zorder=6.5, gid="episode", clip_on=False, **_FIXED, **_EPISODE
            )
        if tag.box is None:
            continue
        x0, y0, x1, y1 = tag.box
        x, y = back.transform(((x0 + x1) / 2, (y0 + y1) / 2))
        ax.plot([tag.point[0], x], [tag.point[1], y], color=INK, lw=0.5, zorder=6, **_FIXED)
        look: Any = {"fontsize": TEXT, "ha": "center", "va": "center", "bbox": PLATE, "zorder": 6.6}
        ax.text(x, y, plain(tag.name), parse_math=False, **look)


def entries(layers: Layers, found: Sequence[Tag]) -> list[Artist]:
    """Legend entries of what lies over a landscape."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    out: list[Artist] = []
    if found:
        nameless = [tag.name for tag in found if tag.box is None]
        more = f" (no room for {', '.join(nameless)})" if nameless else ""
        out.append(
            Line2D([], [], ls="", label=wrapped(f"episodes of the record{more}", 40), **_EPISODE)
        )
    if layers.beliefs is not None:
        what = "that fit the record" if layers.beliefs.fitted else "over the file's ranges"
        label = f"feasible in 10 to 90 % of draws {what}, darker: 25 to 75 %"
        out.append(Patch(facecolor=(0, 0, 0, FOG[1][2]), lw=0, label=wrapped(label, 40)))
    if layers.outline is not None and (layers.outline.edges or len(layers.outline.unsure)):
        label = "margin 0, certified; white lines: feasible"
        out.append(Line2D([], [], color=INK, lw=RIM, label=label))
    return out
