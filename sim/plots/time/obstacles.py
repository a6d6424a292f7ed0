"""What stands in the way of a treaty, year by year: shares of the chance that there is none yet.

At each year the shares add up to 1. *Somebody waits* is where the static game would sign. *Only a* is where
setting a's own gain and constraints aside would make a treaty possible, and nobody else's would.

Array convention. ``shares`` has shape ``(obstacles, years)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.labels import labels_of
from sim.plots.drawing.legend import labels_and_legend
from sim.plots.drawing.style import TEXT, Style, axes_for, patch, styles
from sim.plots.drawing.text import (
    PLATE,
    frame_of,
    plain,
    renderer_of,
    set_labels,
    set_title,
    text_size,
)
from sim.plots.time._years import unit_of, year_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.dynamics import Forecast

WIDTH, HEIGHT = 7.0, 3.6
"""Size of a figure of its own, in inches."""
SEEN = 0.005
"""A share that an obstacle reaches in some year to be shown by itself."""
OTHER = "all others"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ObstaclesData:
    """The numbers of an obstacles figure.

    Parameters
    ----------
    title, years, unit
        Of the scenario, the years, and whether years are counted or periods.
    names
        Obstacles, the largest at the bottom; those that are never seen are together at the end.
    shares
        Of the chance that there is no treaty at the year.
    """

    title: str
    years: FloatArray
    unit: str
    names: tuple[str, ...]
    shares: FloatArray


def obstacles_data(found: Forecast) -> ObstaclesData:
    """The numbers behind :func:`obstacles`."""
    known = {name: np.asarray(share, dtype=np.float64) for name, share in found.obstacles.items()}
    seen = [name for name, share in known.items() if share.max(initial=0) >= SEEN]
    seen.sort(key=lambda name: -float(known[name].mean()))
    rest = [share for name, share in known.items() if name not in seen and share.any()]
    rows = [known[name] for name in seen] + ([np.sum(rest, axis=0)] if rest else [])
    return ObstaclesData(
        title=found.title,
        years=np.array(found.years, dtype=np.float64),
        unit=unit_of(found),
        names=(*map(labels_of(found).say, seen), *([OTHER] if rest else [])),
        shares=np.stack(rows) if rows else np.zeros((0, len(found.years))),
    )


def obstacles(found: Forecast, *, ax: Axes | None = None) -> Axes:
    """Draw what stands in the way of a treaty, stacked by year.

    Parameters
    ----------
    found
        What :func:`sim.forecast` returns.
    ax
        Axes to draw on; new ones where absent.

    Returns
    -------
    Axes

    Examples
    --------
    >>> from types import SimpleNamespace as Record
    >>> shares = {"only a": np.array([1.0, 0.4]), "somebody waits": np.array([0.0, 0.6])}
    >>> found = Record(title="T", years=(2030, 2031), obstacles=shares)
    >>> obstacles_data(found).names
    ('only a', 'somebody waits')
    >>> obstacles(found).get_xlabel()
    'year'
    """
    data = obstacles_data(found)
    own = ax is None
    ax = axes_for(ax, WIDTH, HEIGHT)
    fills = styles(data.names)
    tops = np.cumsum(data.shares, axis=0)
    bottoms = tops - data.shares
    for name, low, high in zip(data.names, bottoms, tops, strict=True):
        ax.fill_between(data.years, low, high, gid=f"part {name}", **fills[name].look)
    year_axis(ax, data.years)
    ax.set_ylim(0, 1)
    labels = (data.unit, "share of what has no treaty yet")
    set_labels(ax, *labels)
    set_title(ax, [data.title, "what stands in the way where there is no treaty yet"])
    left = _names(ax, data, bottoms, tops, fills)
    labels_and_legend(ax, labels, left, HEIGHT if own else None)
    return ax


def _names(
    ax: Axes, data: ObstaclesData, bottoms: FloatArray, tops: FloatArray, fills: dict[str, Style]
) -> list[Any]:
    """Names written where a part is highest, if there is room; the others as legend entries."""
    renderer = renderer_of(ax)
    x0, y0, x1, y1 = frame_of(ax)
    left: list[Any] = []
    for name, low, high in zip(data.names, bottoms, tops, strict=True):
        text = plain(name)
        width, height = text_size(ax, text, TEXT, renderer)
        place = _place(data.years, low, high, width / (x1 - x0), 1.6 * height / (y1 - y0))
        if place is None:
            left.append(patch(fills[name], text))
            continue
        ax.text(*place, text, fontsize=TEXT, ha="center", va="center", bbox=PLATE, parse_math=False)
    return left


def _place(
    years: FloatArray, low: FloatArray, high: FloatArray, wide: float, tall: float
) -> tuple[float, float] | None:
    """Where a text of a size, in shares of the axes, lies within a part; ``None`` where nowhere."""
    half = wide * (years[-1] - years[0]) / 2
    best: tuple[float, tuple[float, float]] | None = None
    for x in years:
        if x - half < years[0] or x + half > years[-1]:
            continue
        near = (years >= x - half) & (years <= x + half)
        bottom, top = float(low[near].max()), float(high[near].min())
        if top - bottom >= tall and (best is None or top - bottom > best[0]):
            best = (top - bottom, (float(x), (bottom + top) / 2))
    return None if best is None else best[1]
