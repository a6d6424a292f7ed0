"""The chance of a treaty by year: whether there is a window at all, and when, if there is one, apart.

The bar at the side is the first question: in which share of the draws some state of the world that can be
reached opens a window. The bands are the second: between the draws that have one, the middle half and the
middle nine tenths of the chance that a treaty is in force by the end of a year. Lines are means over all
draws: in equilibrium, and of the static game played each period. The hatched band holds the mean in every
subgame perfect equilibrium; the dashed line is a reference class, which knows nothing of the dispute.

Array convention. ``quantiles`` has shape ``(levels, years)``, all else ``(years,)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.percent import percent
from sim._kernels.tolerance import FloatArray
from sim.plots.drawing.legend import legend_beneath
from sim.plots.drawing.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    NOT_COMPUTED_HATCH,
    PALE,
    SKY,
    TEXT,
    VERMILLION,
    axes_for,
)
from sim.plots.drawing.text import frame_of, renderer_of, set_labels, set_title, text_size
from sim.plots.time._years import unit_of, year_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.dynamics import Forecast

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles between which the bands lie."""
WIDTH, HEIGHT = 7.0, 4.0
"""Size of a figure of its own, in inches."""
BAR = 0.05
"""Width of the bar at the side, as a share of the axes."""
SHADES = ("#BBDDF3", SKY)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ForecastData:
    """The numbers of a forecast figure.

    Parameters
    ----------
    title
        Of the scenario.
    years, unit
        By whose end the chances are, and whether years are counted or periods.
    window
        Share of the draws that have a window.
    quantiles
        Of the chance between the draws that have one, at ``LEVELS``; nan where none has.
    mean, static
        Means over all draws: in equilibrium, and of the static game.
    certain, possible
        Means over all draws of the least and the greatest chance in any subgame perfect equilibrium; nan
        where they were not computed.
    outside, outside_class
        Chance of a reference class, and its name.
    sourced, rates
        How many of the transition rates rest on a source, and how many there are.
    draws
        Number of draws.
    """

    title: str
    years: FloatArray
    unit: str
    window: float
    quantiles: FloatArray
    mean: FloatArray
    static: FloatArray
    certain: FloatArray
    possible: FloatArray
    outside: FloatArray
    outside_class: str
    sourced: int
    rates: int
    draws: int


def forecast_data(found: Forecast) -> ForecastData:
    """The numbers behind :func:`forecast`."""
    with_window = found.by[:, found.window]
    unknown = np.full(len(found.years), np.nan)
    return ForecastData(
        title=found.title,
        years=np.array(found.years, dtype=np.float64),
        unit=unit_of(found),
        window=float(found.window.mean()),
        quantiles=np.quantile(with_window, LEVELS, axis=1)
        if with_window.size
        else np.tile(unknown, (len(LEVELS), 1)),
        mean=found.by.mean(axis=1),
        static=found.static.mean(axis=1),
        certain=found.certain.mean(axis=1) if found.bounded else unknown,
        possible=found.possible.mean(axis=1) if found.bounded else unknown,
        outside=np.array([found.outside.get(year, np.nan) for year in found.years]),
        outside_class=found.outside_class,
        sourced=found.sourced,
        rates=found.rates,
        draws=found.by.shape[1],
    )


def forecast(found: Forecast, *, ax: Axes | None = None) -> Axes:
    """Draw the chance of a treaty by year, the share of draws without a window apart.

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
    >>> by = np.array([[0.0, 0.25, 0.75], [0.0, 0.5, 1.0]])
    >>> found = Record(title="T", years=(2030, 2031), by=by, static=by, certain=by, possible=by,
    ...     bounded=True, window=np.array([False, True, True]), outside={2030: 0.1, 2031: 0.2},
    ...     outside_class="claims", sourced=1, rates=3)
    >>> forecast_data(found).quantiles[2]
    array([0.5 , 0.75])
    >>> forecast(found).get_ylabel()
    'chance of a treaty by the end of the year'
    """
    data = forecast_data(found)
    own = ax is None
    ax = axes_for(ax, WIDTH, HEIGHT)
    handles = [*_bands(ax, data), *_lines(ax, data)]
    year_axis(ax, data.years)
    ax.set_ylim(0, 1)
    caption = (
        f"{data.sourced} of {data.rates} transition rates are sourced, the rest are assumed"
        if data.rates
        else "the world does not move",
        f"a window in {percent(data.window)} of {data.draws:,} draws",
    )
    _window_bar(ax, data)
    labels = (data.unit, f"chance of a treaty by the end of the {data.unit}")
    set_labels(ax, *labels)
    legend_beneath(ax, handles, HEIGHT if own else None)
    _name_bar(ax, data)
    for _ in range(
        2
    ):  # the legend may have left the axes lower, which breaks labels, which narrows them
        set_labels(ax, *labels)
        set_title(ax, [data.title, *caption])
    return ax


def _bands(ax: Axes, data: ForecastData) -> list[Any]:
    """Where the draws that have a window lie, the middle half on the middle nine tenths."""
    if np.isnan(data.quantiles).all():
        return []
    made = []
    for low, high, shade, words in ((0, 4, SHADES[0], "nine tenths"), (1, 3, SHADES[1], "half")):
        ends = (data.quantiles[low], data.quantiles[high])
        label = f"middle {words} of the draws with a window"
        made.append(ax.fill_between(data.years, *ends, color=shade, lw=0, zorder=1, label=label))
    middle: Any = {"color": BLUE, "lw": 1.2, "zorder": 2, "label": "their median"}
    return [*made, *ax.plot(data.years, data.quantiles[2], **middle)]


def _lines(ax: Axes, data: ForecastData) -> list[Any]:
    """Means over all draws, with their certified band, and the outside view."""
    mean: Any = {"color": INK, "lw": 2.2, "zorder": 5, "label": "mean of all draws"}
    made: list[Any] = ax.plot(data.years, data.mean, **mean)
    if np.isfinite(data.certain).any():
        look: Any = {"facecolor": "none", "edgecolor": INK, "hatch": "||||", "lw": 0.6}
        words = "the mean in every subgame perfect equilibrium"
        made.append(
            ax.fill_between(data.years, data.certain, data.possible, zorder=4, label=words, **look)
        )
    still: Any = {"color": VERMILLION, "lw": 1.6, "ls": "-.", "zorder": 4}
    made += ax.plot(data.years, data.static, label="mean, if nobody looked ahead", **still)
    if np.isfinite(data.outside).any():
        words = f"outside view: {data.outside_class}"
        made += ax.plot(data.years, data.outside, color=GREEN, lw=1.6, ls="--", label=words)
    return made


def _window_bar(ax: Axes, data: ForecastData) -> None:
    """A bar at the side, divided into draws with a window and without."""
    side = ax.inset_axes((1.03, 0.0, BAR, 1.0))
    side.set(xlim=(0, 1), ylim=(0, 1), xticks=[], yticks=[])
    side.set_gid("window")
    side.bar(0.5, data.window, 1.0, color=SKY, linewidth=0)
    look: Any = {"facecolor": PALE, "edgecolor": GREY, "hatch": NOT_COMPUTED_HATCH}
    side.bar(0.5, 1 - data.window, 1.0, bottom=data.window, linewidth=0, **look)


def _name_bar(ax: Axes, data: ForecastData) -> None:
    """What the parts of the bar are, upwards beside it."""
    renderer = renderer_of(ax)
    _, y0, _, y1 = frame_of(ax)
    parts = ((data.window, 0.0, "a window"), (1 - data.window, data.window, "no window"))
    for share, base, words in parts:
        texts = (f"{words}: {percent(share)}", percent(share))
        room = share * (y1 - y0)
        for text in texts:
            if text_size(ax, text, TEXT, renderer)[0] <= room:
                ax.text(
                    1.045 + BAR,
                    base + share / 2,
                    text,
                    transform=ax.transAxes,
                    rotation=90,
                    ha="left",
                    va="center",
                    fontsize=TEXT,
                    parse_math=False,
                )
                break
