"""The utility space of two actors: agreements, Pareto frontiers, disagreement point, bargaining solutions.

Each point is an agreement. Filled points pass every constraint, open ones do not; those on the knife-edge,
with nothing to spare, are half filled. The thick line joins the efficient agreements among those that pass,
the dashed one those of all: the distance between the two is what the constraints cost. Where more than two
bargain, what is efficient among all of them is not a line in the plane of two: then it is ringed. The shaded
quadrant holds what both prefer to disagreement. Solutions that coincide are open markers of different size
around the same point.

Array convention. Utilities have shape ``(2, agreements)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.labels import labels_of
from sim.plots.drawing.legend import labels_and_legend
from sim.plots.drawing.style import DENSE, GREY, INK, axes_for, styles
from sim.plots.drawing.text import plain, set_labels, set_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.views import UtilitySpace

PASSES, BLOCKED, EDGE = "passes", "blocked", "knife-edge"
_LEVELS = (BLOCKED, EDGE, PASSES)
_POINTS = {"treaty": "o", "interim": "s", "none": "^"}
_SHAPES = ("h", "s", "D", "^", "v", "P", "X")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UtilitySpaceData:
    """The numbers of a utility space.

    Parameters
    ----------
    groups
        Per outcome class and whether it passes, is blocked or lies on the knife-edge: points of shape
        ``(2, n)``.
    efficient, frontier
        Efficient points among those that pass and among all, shape ``(2, n)``, from left to right.
    lines
        Whether they are joined: where just two bargain.
    disagreement
        Shape ``(2,)``.
    solutions
        Per concept its points, shape ``(2, n)``.
    labels, title
        Of the axes and of the figure.
    """

    groups: Mapping[tuple[str, str], FloatArray]
    efficient: FloatArray
    frontier: FloatArray
    lines: bool
    disagreement: FloatArray
    solutions: Mapping[str, FloatArray]
    labels: tuple[str, str]
    title: str


def utility_space_data(space: UtilitySpace) -> UtilitySpaceData:
    """The numbers behind :func:`utility_space`."""
    passes = np.where(space.knife_edge, EDGE, np.where(space.allowed, PASSES, BLOCKED))
    kinds = [*zip(space.classes, map(str, passes), strict=True)]
    groups = {
        kind: space.utilities[:, [k == kind for k in kinds]]
        for kind in sorted(set(kinds), key=lambda kind: (_LEVELS.index(kind[1]), kind[0]))
    }
    return UtilitySpaceData(
        groups=groups,
        efficient=_ordered(space.utilities[:, space.efficient]),
        frontier=_ordered(space.utilities[:, space.frontier]),
        lines=len(space.parties) == 2,
        disagreement=np.asarray(space.disagreement, dtype=np.float64),
        solutions={n: np.array(p).reshape(-1, 2).T for n, p in space.solutions.items() if len(p)},
        labels=(
            f"{plain(labels_of(space).actor(space.actors[0]))}: {space.unit}",
            f"{plain(labels_of(space).actor(space.actors[1]))}: {space.unit}",
        ),
        title="\n".join(filter(None, [space.title + _others(space), space.stances])),
    )


def _others(space: UtilitySpace) -> str:
    """Who else bargains, whose payoffs the plane does not show."""
    rest = [actor for actor in space.parties if actor not in space.actors]
    return f"\nnot shown: what {' and '.join(rest)} gain{'s' * (len(rest) == 1)}" if rest else ""


def _ordered(points: FloatArray) -> FloatArray:
    return np.asarray(points[:, np.lexsort((-points[1], points[0]))])


def utility_space(space: UtilitySpace, *, ax: Axes | None = None) -> Axes:
    """Draw what every agreement gives two actors, the frontiers, and what bargaining solutions pick.

    Parameters
    ----------
    space
        What :func:`sim.views.utility_space` returns.
    ax
        Axes to draw on; new ones where absent.

    Returns
    -------
    Axes

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> yes = np.array([True, True])
    >>> space = SimpleNamespace(
    ...     title="T", stances="", unit="payoff", actors=("a", "b"), parties=("a", "b"), classes=("", ""),
    ...     allowed=yes, knife_edge=~yes,
    ...     utilities=np.array([[1.0, 2.0], [2.0, 1.0]]), frontier=yes, efficient=yes,
    ...     disagreement=np.zeros(2), solutions={"utilitarian": (np.array([1.0, 2.0]),)},
    ... )
    >>> utility_space(space).get_xlabel()
    'a: payoff'
    """
    data = utility_space_data(space)
    height = 4.2
    own = ax is None
    ax = axes_for(ax, 5.2, height)
    _quadrant(ax, data)
    if _apart(data):
        ax.plot(*data.frontier, **_drawn(data, _FRONTIER), gid="frontier")
    ax.plot(*data.efficient, **_drawn(data, _EFFICIENT), gid="efficient")
    for kind, points in data.groups.items():
        ax.plot(*points, **_point(kind), zorder=4, rasterized=points.shape[1] > DENSE)
    for k, points in enumerate(data.solutions.values()):
        ax.plot(*points, **_ring(k), zorder=6)
    ax.plot(*data.disagreement, **_CROSS, zorder=7, gid="disagreement")
    set_labels(ax, *data.labels)
    set_title(ax, data.title.split("\n"))
    labels_and_legend(ax, data.labels, _entries(data), height if own else None)
    return ax


def _quadrant(ax: Axes, data: UtilitySpaceData) -> None:
    """Limits around all points, and what both prefer to disagreement."""
    everything = np.hstack([data.disagreement[:, None], *data.groups.values()])
    low, high = everything.min(axis=1), everything.max(axis=1)
    room = 0.08 * np.where(high > low, high - low, 1.0)
    (x0, y0), (x1, y1) = low - room, high + room
    ax.set_xlim(x0, x1)
    ax.set_ylim(y0, y1)
    x, y = data.disagreement
    ax.fill_between([x, x1], y, y1, color="#E8F1F8", lw=0, zorder=0)
    ax.axvline(x, color=GREY, lw=0.8, zorder=1)
    ax.axhline(y, color=GREY, lw=0.8, zorder=1)


_CROSS: dict[str, Any] = {"ls": "", "marker": "+", "ms": 13, "mec": INK, "mew": 2.2}
_EFFICIENT: dict[str, Any] = {"color": INK, "lw": 2.2, "zorder": 3}
_FRONTIER: dict[str, Any] = {"color": GREY, "lw": 1.2, "ls": "--", "zorder": 2}


def _apart(data: UtilitySpaceData) -> bool:
    """Whether constraints cost something: the two frontiers differ."""
    return not np.array_equal(data.frontier, data.efficient)


def _drawn(data: UtilitySpaceData, line: dict[str, Any]) -> dict[str, Any]:
    """A frontier as a line, or its points ringed where it is none."""
    if data.lines:
        return line
    first = line is _EFFICIENT
    look: dict[str, Any] = {"ls": "", "marker": "o", "mfc": "none", "zorder": line["zorder"] + 2}
    return look | {"ms": 8.5, "mec": line["color"], "mew": 1.8 if first else 0.8}


def _point(kind: tuple[str, str]) -> dict[str, Any]:
    name, passes = kind
    colour = styles([name])[name].colour if name else GREY
    look: dict[str, Any] = {
        "ls": "",
        "marker": _POINTS.get(name, "o"),
        "ms": 5,
        "mec": colour,
        "mew": 1.0,
    }
    if passes == EDGE:
        return look | {"mfc": colour, "mfcalt": "white", "fillstyle": "left"}
    return look | {"mfc": colour if passes == PASSES else "none"}


def _ring(k: int) -> dict[str, Any]:
    shape = _SHAPES[k % len(_SHAPES)]
    return {"ls": "", "marker": shape, "ms": 9 + 3 * k, "mfc": "none", "mec": INK, "mew": 1.1}


def _entries(data: UtilitySpaceData) -> list[Any]:
    from matplotlib.lines import Line2D

    out = [
        Line2D([], [], **_point((name, PASSES)), label=plain(name or "agreement"))
        for name in dict.fromkeys(name for name, _ in data.groups)
    ]
    words = {BLOCKED: "open: blocked", EDGE: "half: knife-edge"}
    for level, word in words.items():
        if any(passes == level for _, passes in data.groups):
            look = _point(("", level)) | {"mec": INK}
            out.append(Line2D([], [], **look, label=word))
    efficient = "efficient" if data.lines else "efficient for all"
    out.append(Line2D([], [], **_drawn(data, _EFFICIENT), label=efficient))
    if _apart(data):
        out.append(Line2D([], [], **_drawn(data, _FRONTIER), label="without constraints"))
    out.append(Line2D([], [], **(_CROSS | {"ms": 8}), label="disagreement"))
    for k, name in enumerate(data.solutions):
        out.append(Line2D([], [], **(_ring(k) | {"ms": 5 + k}), label=name.replace("_", " ")))
    return out
