"""How far each parameter moves the margin from end to end of its range, widest on top.

Of a verdict, each bar runs from the margin at the low end of a parameter's range to the margin at its high
end, all other parameters at the scenario's values; the thin line is the current margin. Where the margin
jumps at the end point itself, the bar stops before the jump, and a ring stands where that one point lies.

Of a run, it runs between the means over the draws with the parameter's lowest and highest values, all others
as they vary; the thin line is the mean of all draws, and total Sobol indices stand to the right where there
are some.
Whiskers are one standard error of the swing, divided between its ends; bars that chance explains are grey,
beneath the others. The thick line is margin 0: a bar of a verdict that crosses it belongs to a parameter
that can by itself flip it.

Array convention. Arrays have shape ``(bars,)``, the widest swing first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.labels import labels_of
from sim.plots.disputes._tornado_data import MOST_BARS, TornadoData, tornado_data
from sim.plots.drawing.legend import legend_beneath
from sim.plots.drawing.style import BLUE, GREY, INK, NONE, ORANGE, TEXT, Style, axes_for, patch
from sim.plots.drawing.text import (
    row_size,
    rows_that_fit,
    set_labels,
    set_title,
    size_rows,
    ticks_apart,
    wrapped,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.feasibility import Verdict
    from sim.records import Tornado

LOW, HIGH, NOISE = Style(BLUE, ""), Style(ORANGE, "\\\\"), Style(NONE, "")
RING: dict[str, Any] = {"ls": "", "marker": "o", "ms": 5.0, "mec": INK, "mew": 1.0}
LABELS = {"margin": "margin (payoff spreads)", "feasible": "share of points with a feasible treaty"}


__all__ = ["TornadoData", "tornado", "tornado_data"]


def tornado(found: Verdict | Tornado, *, most: int | None = None, ax: Axes | None = None) -> Axes:
    """Draw how far each parameter moves the margin over its range, the widest on top.

    Parameters
    ----------
    found
        What :func:`sim.explain` returns, with its thresholds: one parameter at a time. Or what
        ``sim.sweeps.analyses.tornado_of_run`` returns: means over the draws of a run.
    most
        How many parameters are shown at most; as many as are legible where absent.
    ax
        Axes to draw on; new ones where absent.

    Returns
    -------
    Axes

    Raises
    ------
    UsageError
        If the verdict has no treaty, or no parameter has a range.

    Examples
    --------
    >>> from types import SimpleNamespace as Record
    >>> narrow = Record(path="a", value=0, low=0, high=1, at=(), margin_low=0.1, margin_high=0.2)
    >>> wide = Record(path="b", value=0, low=0, high=1, at=(), margin_low=-1.0, margin_high=1.0)
    >>> verdict = Record(title="T", margin=0.1, thresholds=(narrow, wide))
    >>> from sim.plots.disputes.tornado import tornado_data
    >>> tornado_data(verdict).paths
    ('b', 'a')
    >>> tornado(verdict).get_xlabel()
    'margin (payoff spreads)'
    """
    data = tornado_data(found, most=rows_that_fit(ax, 0.3, MOST_BARS) if most is None else most)
    height = 1.2 + 0.42 * len(data.paths)
    own = ax is None
    ax = axes_for(ax, 6.0, height)
    for k in range(len(data.paths)):
        _bars(ax, data, k)
        _rings(ax, data, k)
    ax.axvline(data.middle, color=GREY, lw=1.2, zorder=3, gid="current")
    if data.column == "margin":
        ax.axvline(0, color=INK, lw=2.2, zorder=4, gid="zero")
    book = labels_of(found)
    names = [
        f"{wrapped(book.parameter(path), 30)}\n[{low:.4g}, {high:.4g}]"
        for path, low, high in zip(data.paths, data.low, data.high, strict=True)
    ]
    ax.set_yticks(range(0, -len(names), -1), names, parse_math=False)
    ax.tick_params(axis="y", labelsize=TEXT, length=0)
    ax.set_ylim(-len(names) + 0.4, 0.6)
    ax.margins(x=0.05)
    _totals(ax, data)
    set_title(ax, [data.title, _subject(data), _rest(data)])
    set_labels(ax, LABELS.get(data.column, data.column))
    ticks_apart(ax)
    _legend(ax, data, height if own else None)
    size_rows(ax, row_size(ax, len(names), 2.0))
    return ax


def _subject(data: TornadoData) -> str:
    """What the bars are, in words."""
    if data.sampled:
        result = "feasibility" if data.column == "feasible" else f"mean {data.column}"
        return f"{result} where each parameter is lowest and highest"
    return "margin over each parameter's range"


def _rest(data: TornadoData) -> str:
    """How many parameters have no bar, in words."""
    less = data.left_out - data.unmoved
    parts = [f"{less} more move it less"] if less else []
    if data.unmoved:
        parts.append(f"{data.unmoved} {'move' if data.unmoved > 1 else 'moves'} it not at all")
    return ", ".join(parts).replace("1 more move it", "1 more moves it")


def _bars(ax: Axes, data: TornadoData, k: int) -> None:
    """From the middle to each end; side by side where both ends lie on the same side."""
    ends = (float(data.at_low[k]), float(data.at_high[k]))
    moves = tuple(end - data.middle for end in ends)
    same = moves[0] * moves[1] > 0
    fills = (NOISE, NOISE) if data.noise[k] else (LOW, HIGH)
    half = data.error[k] / 2
    for move, fill, shift in zip(moves, fills, (0.19, -0.19), strict=True):
        ax.barh(
            -k + (shift if same else 0.0),
            move,
            left=data.middle,
            height=0.36 if same else 0.74,
            **fill.look,
            zorder=2,
            xerr=half if half > 0 and move else None,
            error_kw={"ecolor": INK, "elinewidth": 0.9, "capsize": 2.0, "zorder": 3},
        )


def _rings(ax: Axes, data: TornadoData, k: int) -> None:
    """A ring where the margin is at an end point alone, tied to the bar by a dotted line."""
    for before, end, fill in (
        (data.at_low[k], data.jump_low[k], LOW),
        (data.at_high[k], data.jump_high[k], HIGH),
    ):
        if np.isfinite(end):
            ax.plot([before, end], [-k, -k], color=INK, lw=0.9, ls=":", zorder=3)
            ax.plot(end, -k, **RING, mfc=fill.colour, zorder=5, gid="end point")


def _totals(ax: Axes, data: TornadoData) -> None:
    """The total Sobol indices to the right of the bars, where there are some."""
    if np.isnan(data.total).all():
        return
    told = ["" if np.isnan(total) else f"{total:.2f}" for total in data.total]
    right = ax.secondary_yaxis("right")
    right.set_yticks(range(0, -len(told), -1), told)
    right.tick_params(axis="y", length=0, labelsize=TEXT)
    right.set_ylabel("total Sobol index", fontsize=TEXT)


def _legend(ax: Axes, data: TornadoData, height: float | None) -> None:
    from matplotlib.lines import Line2D

    words = ("at low end of range", "at high end", "current margin")
    if data.sampled:
        words = ("lowest tenth of its values", "highest tenth", "mean of all points")
    handles: list[Any] = [Line2D([], [], color=GREY, lw=1.2, label=words[2])]
    if not data.noise.all():
        handles = [patch(LOW, words[0]), patch(HIGH, words[1]), *handles]
    if np.isfinite([data.jump_low, data.jump_high]).any():
        ring = Line2D([], [], **RING, mfc="white", label="at the very end only, not before")
        handles.append(ring)
    if data.noise.any():
        handles.append(patch(NOISE, "no more than chance explains"))
    if data.column == "margin":
        handles.append(Line2D([], [], color=INK, lw=2.2, label="margin 0"))
    legend_beneath(ax, handles, height)
