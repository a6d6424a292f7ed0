"""Histories that chance drew, side by side: how each factor of the world moves, and when a treaty is signed.

A history is a lane of thin strips, one per factor, in shades by level: light for the first of the file, dark
for the last. A star is a signature; from there on the lane is framed.

Array convention. Levels have shape ``(factors, years, histories)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.percent import percent
from sim._kernels.tolerance import FloatArray, IntArray
from sim.labels import labels_of
from sim.plots.drawing.legend import labels_and_legend
from sim.plots.drawing.style import BLUE, GREEN, INK, ORANGE, PINK, VERMILLION, axes_for
from sim.plots.drawing.text import plain, row_size, set_labels, set_title
from sim.plots.time._years import unit_of, year_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.dynamics.histories import Histories

WIDTH, LANE = 7.0, 0.3
"""Width of a figure of its own and height of a lane, in inches."""
LANES = 12
"""Histories that are drawn: the first ones."""
HUES = (BLUE, ORANGE, GREEN, PINK, VERMILLION)
LIGHT, FILLED = 0.12, 0.8
"""Depth of the shade of a first level, and the part of a lane's height that strips fill."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PathsData:
    """The numbers of a paths figure.

    Parameters
    ----------
    title, years, unit
        Of the scenario, the year with which each period ends, and whether years are counted or periods.
    factors, names
        Names of the factors, and of their levels.
    levels
        Per factor the number of its level, ``(factors, years, histories)``.
    signed
        The year of a signature, nan where there is none.
    share, count
        Share of all histories that end with a treaty, and how many there are.
    """

    title: str
    years: FloatArray
    unit: str
    factors: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]
    levels: IntArray
    signed: FloatArray
    share: float
    count: int


def paths_data(found: Histories) -> PathsData:
    """The numbers behind :func:`paths`."""
    book, shown = labels_of(found), slice(0, LANES)
    years = np.array(found.years, dtype=np.float64)
    return PathsData(
        title=found.title,
        years=years,
        unit=unit_of(found),
        factors=tuple(book.at(f"dynamics.world.{f}") or f for f in found.factors),
        names=tuple(
            tuple(book.at(f"dynamics.world.{f}.levels.{k}") or k for k in levels)
            for f, levels in found.factors.items()
        ),
        levels=np.stack([found.levels[f][:, shown] for f in found.factors])
        if found.factors
        else np.zeros((0, len(years), len(found.signed[shown])), dtype=np.int64),
        signed=np.where(found.signed >= 0, years[found.signed], np.nan)[shown],
        share=float((found.signed >= 0).mean()),
        count=len(found.signed),
    )


def paths(found: Histories, *, ax: Axes | None = None) -> Axes:
    """Draw histories of the world as lanes.

    Parameters
    ----------
    found
        What ``Forecast.simulate`` returns.
    ax
        Axes to draw on; new ones where absent.

    Returns
    -------
    Axes

    Examples
    --------
    >>> from types import SimpleNamespace as Record
    >>> found = Record(title="T", years=(2030, 2031), factors={"war": ("on", "over")},
    ...     levels={"war": np.array([[0, 0], [1, 0]])}, signed=np.array([1, -1]))
    >>> paths_data(found).signed
    array([2031.,   nan])
    >>> paths(found).get_xlabel()
    'year'
    """
    data = paths_data(found)
    lanes = len(data.signed)
    height = 1.3 + LANE * lanes
    own = ax is None
    ax = axes_for(ax, WIDTH, height)
    for k in range(len(data.factors)):
        _strips(ax, data, k)
    _signatures(ax, data)
    year_axis(ax, data.years)
    ax.set_xlim(data.years[0] - 0.5, data.years[-1] + 0.5)
    ax.set_ylim(lanes - 0.5, -0.5)
    ax.set_yticks(range(lanes), [str(k + 1) for k in range(lanes)])
    ax.tick_params(axis="y", length=0, labelsize=row_size(ax, lanes))
    labels = (data.unit, "history")
    set_labels(ax, *labels)
    labels_and_legend(ax, labels, _entries(data), height if own else None)
    whole = f"{lanes} of {data.count:,} histories" if data.count > lanes else f"{lanes} histories"
    caption = f"{whole}; a treaty in {percent(data.share)} of all"
    set_title(ax, [data.title, caption])
    return ax


def _shade(factor: int, level: int, levels: int) -> Any:
    """A colour between white and the factor's own, the deeper the later the level."""
    from matplotlib.colors import to_rgb

    depth = 1.0 if levels == 1 else LIGHT + (1 - LIGHT) * level / (levels - 1)
    return tuple(1 - depth * (1 - np.array(to_rgb(HUES[factor % len(HUES)]))))


def _strips(ax: Axes, data: PathsData, k: int) -> None:
    """One factor's strip in every lane: a bar for every stretch of years at one level."""
    each = FILLED / len(data.factors)
    for lane in range(len(data.signed)):
        level = data.levels[k, :, lane]
        cuts = [0, *(np.flatnonzero(np.diff(level)) + 1), len(level)]
        spans = [(data.years[a] - 0.5, data.years[b - 1] - data.years[a] + 1)
                 for a, b in pairwise(cuts)]  # fmt: skip
        colours = [_shade(k, int(level[a]), len(data.names[k])) for a in cuts[:-1]]
        bottom = lane - FILLED / 2 + k * each
        ax.broken_barh(spans, (bottom, each), facecolors=colours, lw=0, zorder=1)


def _signatures(ax: Axes, data: PathsData) -> None:
    from matplotlib.patches import Rectangle

    for lane, year in enumerate(data.signed):
        if np.isfinite(year):
            width = data.years[-1] + 0.5 - year
            frame = Rectangle((year, lane - FILLED / 2), width, FILLED, fill=False, ec=INK, lw=1.2)
            ax.add_patch(frame)
    signed = np.isfinite(data.signed)
    ax.plot(data.signed[signed], np.flatnonzero(signed), "*", ms=11, color="white", mec=INK, mew=0.9,
            zorder=4, gid="signature")  # fmt: skip


def _entries(data: PathsData) -> list[Any]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    star: Any = {"ls": "", "marker": "*", "ms": 9, "color": "white", "mec": INK}
    made: list[Any] = [Line2D([], [], label="a treaty is signed", **star)]
    for k, (factor, names) in enumerate(zip(data.factors, data.names, strict=True)):
        for j, name in enumerate(names):
            look: Any = {"facecolor": _shade(k, j, len(names)), "edgecolor": INK, "lw": 0.4}
            made.append(Patch(label=plain(f"{factor}: {name}"), **look))
    return made
