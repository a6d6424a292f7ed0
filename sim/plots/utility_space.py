"""The utility space of two actors: agreements, Pareto frontiers, disagreement point, bargaining solutions.

Each point is an agreement. Filled points pass every constraint, open ones do not. The thick line joins the
efficient agreements among those that pass, the dashed one those of all: the distance between the two is
what the constraints cost. The shaded quadrant holds what both prefer to disagreement. Solutions that
coincide are open markers of different size around the same point.

Array convention. Utilities have shape ``(2, agreements)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.plots._style import DENSE, GREY, INK, SMALL, axes_for, styles
from sim.plots._text import legend_beneath, plain, set_labels, set_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_POINTS = {"treaty": "o", "interim": "s", "none": "^"}
_SHAPES = ("o", "s", "D", "^", "v", "P", "X")


class UtilitySpaceLike(Protocol):
    """The part of :class:`sim.views.UtilitySpace` that this figure reads."""

    @property
    def title(self) -> str:
        """Of the scenario."""

    @property
    def unit(self) -> str:
        """Of the payoffs."""

    @property
    def actors(self) -> tuple[str, str]:
        """The two."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Outcome class of every agreement."""

    @property
    def utilities(self) -> FloatArray:
        """Shape ``(2, agreements)``."""

    @property
    def allowed(self) -> BoolArray:
        """Which agreements every constraint lets through."""

    @property
    def frontier(self) -> BoolArray:
        """Which agreements no other one dominates."""

    @property
    def efficient(self) -> BoolArray:
        """Which of those allowed no other allowed one dominates."""

    @property
    def disagreement(self) -> FloatArray:
        """Shape ``(2,)``."""

    @property
    def solutions(self) -> Mapping[str, tuple[FloatArray, ...]]:
        """Per concept the payoffs that it picks."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UtilitySpaceData:
    """The numbers of a utility space.

    Parameters
    ----------
    groups
        Per outcome class and whether it passes: points of shape ``(2, n)``.
    efficient, frontier
        Efficient points among those that pass and among all, shape ``(2, n)``, from left to right.
    disagreement
        Shape ``(2,)``.
    solutions
        Per concept its points, shape ``(2, n)``.
    labels, title
        Of the axes and of the figure.
    """

    groups: Mapping[tuple[str, bool], FloatArray]
    efficient: FloatArray
    frontier: FloatArray
    disagreement: FloatArray
    solutions: Mapping[str, FloatArray]
    labels: tuple[str, str]
    title: str


def utility_space_data(space: UtilitySpaceLike) -> UtilitySpaceData:
    """The numbers behind :func:`utility_space`."""
    kinds = [*zip(space.classes, (bool(a) for a in space.allowed), strict=True)]
    groups = {
        kind: space.utilities[:, [k == kind for k in kinds]]
        for kind in sorted(set(kinds), key=lambda kind: (kind[1], kind[0]))
    }
    return UtilitySpaceData(
        groups=groups,
        efficient=_ordered(space.utilities[:, space.efficient]),
        frontier=_ordered(space.utilities[:, space.frontier]),
        disagreement=np.asarray(space.disagreement, dtype=np.float64),
        solutions={n: np.array(p).reshape(-1, 2).T for n, p in space.solutions.items() if len(p)},
        labels=(
            f"{plain(space.actors[0])}: {space.unit}",
            f"{plain(space.actors[1])}: {space.unit}",
        ),
        title=space.title,
    )


def _ordered(points: FloatArray) -> FloatArray:
    return np.asarray(points[:, np.lexsort((-points[1], points[0]))])


def utility_space(space: UtilitySpaceLike, *, ax: Axes | None = None) -> Axes:
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
    ...     title="T", unit="payoff", actors=("a", "b"), classes=("", ""), allowed=yes,
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
    if data.frontier.shape != data.efficient.shape or (data.frontier != data.efficient).any():
        ax.plot(*data.frontier, color=GREY, lw=1.2, ls="--", zorder=2, gid="frontier")
    ax.plot(*data.efficient, color=INK, lw=2.2, zorder=3, gid="efficient")
    for kind, points in data.groups.items():
        ax.plot(*points, **_point(kind), zorder=4, rasterized=points.shape[1] > DENSE)
    for k, points in enumerate(data.solutions.values()):
        ax.plot(*points, **_ring(k), zorder=6)
    ax.plot(*data.disagreement, **_CROSS, zorder=7, gid="disagreement")
    ax.tick_params(labelsize=SMALL)
    set_labels(ax, *data.labels)
    set_title(ax, [data.title])
    legend_beneath(ax, _entries(data), height if own else None)
    set_labels(ax, *data.labels)
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


def _point(kind: tuple[str, bool]) -> dict[str, Any]:
    name, passes = kind
    colour = styles([name])[name].colour if name else GREY
    face = colour if passes else "none"
    return {
        "ls": "",
        "marker": _POINTS.get(name, "o"),
        "ms": 5,
        "mfc": face,
        "mec": colour,
        "mew": 1.0,
    }


def _ring(k: int) -> dict[str, Any]:
    shape = _SHAPES[k % len(_SHAPES)]
    return {"ls": "", "marker": shape, "ms": 9 + 4 * k, "mfc": "none", "mec": INK, "mew": 1.3}


def _entries(data: UtilitySpaceData) -> list[Any]:
    from matplotlib.lines import Line2D

    out = [
        Line2D([], [], **_point((name, True)), label=plain(name or "agreement"))
        for name in dict.fromkeys(name for name, _ in data.groups)
    ]
    if not all(passes for _, passes in data.groups):
        hollow = _point(("", False)) | {"mec": INK}
        out.append(Line2D([], [], **hollow, label="open: blocked"))
    out.append(Line2D([], [], color=INK, lw=2.2, label="efficient"))
    if data.frontier.shape != data.efficient.shape or (data.frontier != data.efficient).any():
        out.append(Line2D([], [], color=GREY, lw=1.2, ls="--", label="without constraints"))
    out.append(Line2D([], [], **(_CROSS | {"ms": 8}), label="disagreement"))
    for k, name in enumerate(data.solutions):
        out.append(Line2D([], [], **(_ring(k) | {"ms": 5 + k}), label=name.replace("_", " ")))
    return out
