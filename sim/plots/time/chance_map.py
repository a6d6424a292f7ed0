"""The chance of a treaty by a year over two parameters: a map in one hue, with lines of equal chance.

The thick line is where the chance crosses the level that was asked for; beside it the map is finest. The
chance is the mean over draws of all other numbers, or, in a stored run, that of the file's own values: the
title says which, and how far the mean may err.

Array convention. Arrays have shape ``(ny, nx)``, rows along ``y``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.cells import edges
from sim._kernels.tolerance import RELATIVE, FloatArray
from sim.plots.data import RunLike, axes_of
from sim.plots.drawing.legend import labels_and_legend
from sim.plots.drawing.style import (
    BLUE,
    INK,
    PALE,
    TEXT,
    VERMILLION,
    axes_for,
)
from sim.plots.drawing.text import PLATE, set_labels, set_title
from sim.plots.runs._map_frame import colour_bar, frame_cells, mark_plane, plane_entries
from sim.plots.runs._plane import Plane, plane_of
from sim.plots.runs._section import section

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMN = "forecast"
"""The column that is drawn."""
HEIGHT = 4.3
"""Height of a figure of its own, in inches."""
STEPS = (0.02, 0.05, 0.1, 0.2)
"""Distances of lines of equal chance, the finest that leaves few of them is taken."""
MOST_LINES = 6
"""Most lines of equal chance."""
TENTH = 0.1
"""The scale of colours ends at a multiple of it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChanceMapData(Plane):
    """The numbers of a map of chances, beside those of its plane.

    Parameters
    ----------
    chance
        Shape ``(ny, nx)``; ``nan`` where there is none.
    said
        What the chance is of, with its year.
    level
        The chance that was asked for; ``nan`` where none was.
    lines
        Where lines of equal chance are drawn, that of ``level`` left out.
    mean_of
        Over what it is a mean, and how far that may err.
    """

    chance: FloatArray
    said: str
    level: float
    lines: tuple[float, ...]
    mean_of: str


def chance_map_data(
    run: RunLike,
    *,
    x: str | None = None,
    y: str | None = None,
    at: Mapping[str, float] | None = None,
) -> ChanceMapData:
    """The numbers behind :func:`chance_map`, with the same arguments.

    Raises
    ------
    UsageError
        If a parameter was not varied or the run has no chance of a treaty by a year.
    """
    from sim.errors import UsageError

    across, up = axes_of(run, "chance_map", x, y)
    if COLUMN not in run.columns:
        raise UsageError(
            "figure 'chance_map' needs the chance of a treaty by a year, which this run lacks; sweep again "
            "with --of forecast:YEAR"
        )
    cut = section(run, (up, across), at)
    chance = cut.numbers(COLUMN)
    asked = run.manifest.get("sampled", {})
    level = float(asked.get("level", np.nan))
    return ChanceMapData(
        **plane_of(cut),
        chance=chance,
        said=run.unit(COLUMN),
        level=level,
        lines=tuple(k for k in round_levels(chance) if k != level),
        mean_of=_mean_of(run, asked),
    )


def _mean_of(run: RunLike, asked: Mapping[str, Any]) -> str:
    """Over what the chance is a mean."""
    if not asked:
        return "all other numbers at the file's own values"
    fit = ", which fit the record" if asked["fitted"] else ""
    error = np.asarray(getattr(run, "error", np.nan), dtype=np.float64)
    most = 2 * float(np.nanmax(error)) if np.isfinite(error).any() else 0.0
    return f"mean of {asked['draws']} draws of all other numbers{fit}; two standard errors at most {most:.2f}"


def round_levels(chance: FloatArray) -> tuple[float, ...]:
    """Round chances strictly between the least and the most, a few of them.

    Examples
    --------
    >>> round_levels(np.array([0.12, 0.31])), round_levels(np.array([0.0, 0.9]))
    ((0.15, 0.2, 0.25, 0.3), (0.2, 0.4, 0.6, 0.8))
    """
    known = chance[np.isfinite(chance)]
    if not known.size:
        return ()
    low, high = float(known.min()), float(known.max())
    for step in STEPS:
        found = [round(k * step, 4) for k in range(1, round(1 / step))]
        inside = tuple(k for k in found if low < k < high)
        if len(inside) <= MOST_LINES:
            return inside
    return inside


def chance_map(
    run: RunLike,
    *,
    x: str | None = None,
    y: str | None = None,
    at: Mapping[str, float] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the chance of a treaty by a year over two parameters.

    Parameters
    ----------
    run
        What :func:`sim.forecast_over` returns of two parameters, or a sweep on a grid ``--of forecast:YEAR``.
    x, y
        Dotted paths of varied parameters; the first two varied where absent.
    at
        Values of the other varied parameters of a sweep, the nearest grid value being taken.
    ax
        Axes to draw on; new ones where absent. The colour bar stands beside them.

    Returns
    -------
    Axes

    Raises
    ------
    UsageError
        If a parameter was not varied or the run has no chance of a treaty by a year.

    Examples
    --------
    >>> from sim.plots.data import GridRun
    >>> run = GridRun(title="T", axes={"a": [0, 1], "b": [0, 1]}, values={},
    ...     table={"forecast": [[0, 0.2], [0.3, 0.6]]},
    ...     units={"forecast": "chance of a treaty by the end of 2050"})
    >>> chance_map(run).get_title().splitlines()[0]
    'T'
    """
    data = chance_map_data(run, x=x, y=y, at=at)
    height = None if ax is not None else HEIGHT
    ax = axes_for(ax, 5.8, HEIGHT)
    xe, ye = edges(data.x_values), edges(data.y_values)
    _colours(ax, data, xe, ye)
    frame_cells(ax, data.chance, xe, ye)
    _lines(ax, data)
    set_labels(ax, data.x_label, data.y_label)
    note = f"at {data.note}" if data.note else ""
    told = [data.title, note, f"{data.said}: sampled, not proved", data.mean_of, data.drawn]
    set_title(ax, told)
    mark_plane(ax, data)
    labels_and_legend(ax, (data.x_label, data.y_label), _entries(data), height)
    return ax


def _colours(ax: Axes, data: ChanceMapData, xe: FloatArray, ye: FloatArray) -> None:
    """Cells in shades of one hue from 0 to the next tenth, and the bar beside the axes."""
    from matplotlib.colors import LinearSegmentedColormap

    known = data.chance[np.isfinite(data.chance)]
    top = float(known.max()) if known.size else 1.0
    top = min(1.0, max(TENTH, float(np.ceil(top / TENTH * (1 - RELATIVE))) * TENTH))
    shades = LinearSegmentedColormap.from_list("chance", ["#F4F7FA", BLUE])
    ax.set_facecolor(PALE)
    shown = ax.pcolormesh(
        xe, ye, np.ma.masked_invalid(data.chance), cmap=shades, vmin=0.0, vmax=top, rasterized=True
    )
    bar = colour_bar(ax, shown, data.said)
    if 0 < data.level < top:
        bar.axhline(data.level, color=VERMILLION, lw=2.0)


def _lines(ax: Axes, data: ChanceMapData) -> None:
    """Thin lines of equal chance with their numbers, and the thick one of the level that was asked for."""
    if min(data.chance.shape) < 2:
        return
    table = np.ma.masked_invalid(data.chance)
    if data.lines:
        thin: Any = {"colors": INK, "linewidths": 0.7}
        found = ax.contour(data.x_values, data.y_values, table, levels=list(data.lines), **thin)
        texts = ax.clabel(found, fmt=lambda level: f"{level:.3g}", fontsize=TEXT, colors=INK)
        for text in texts:
            text.set_bbox(PLATE)
    if _crossed(data):
        thick: Any = {"colors": VERMILLION, "linewidths": 2.0, "zorder": 4}
        ax.contour(data.x_values, data.y_values, table, levels=[data.level], **thick)


def _crossed(data: ChanceMapData) -> bool:
    known = data.chance[np.isfinite(data.chance)]
    return bool(known.size and known.min() < data.level < known.max())


def _entries(data: ChanceMapData) -> list[Any]:
    from matplotlib.lines import Line2D

    out: list[Any] = []
    if _crossed(data):
        out.append(Line2D([], [], color=VERMILLION, lw=2.0, label=f"chance {data.level:.3g}"))
    if data.lines:
        out.append(Line2D([], [], color=INK, lw=0.7, label="lines of equal chance"))
    return [*out, *plane_entries(data, data.chance)]
