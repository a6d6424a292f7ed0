"""Scenarios side by side: every gain and slack of the best treaty of each, on one scale about 0.

A marker to the right of 0 is satisfied, to the left it is not. A row that a scenario does not know, or that
its treaty does not engage, has no marker of it. The legend says each verdict with its share of draws.

Array convention. Values have shape ``(rows, sides)``, not a number where a side has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.errors import UsageError
from sim.labels import labels_of
from sim.plots.drawing.legend import legend_beneath
from sim.plots.drawing.style import GREY, INK, PALETTE, TEXT, axes_for
from sim.plots.drawing.text import percent, row_size, set_labels, set_title, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.views.side_by_side import Comparison, Side

MARKERS = ("o", "s", "D", "^", "v", "P", "X", "*")
DODGE = 0.13
"""By how much the markers of one row are set apart."""
ANSWERS = {True: "feasible", False: "not feasible", None: "knife-edge"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ComparisonData:
    """The numbers of a comparison figure.

    Parameters
    ----------
    sides
        What each side is called.
    said
        Its verdict with its share.
    rows, names
        Every gain and slack that some side engages: ``actor.constraint``, and what people read.
    slack
        Shape ``(rows, sides)``.
    """

    sides: tuple[str, ...]
    said: tuple[str, ...]
    rows: tuple[str, ...]
    names: tuple[str, ...]
    slack: FloatArray


def comparison_data(comparison: Comparison) -> ComparisonData:
    """The numbers behind :func:`comparison`.

    Raises
    ------
    UsageError
        If no side has a treaty.
    """
    sides = comparison.sides
    every = dict.fromkeys(row for side in sides for row in side.slacks)
    values = np.array([[side.slacks.get(row, np.nan) for side in sides] for row in every])
    values = values.reshape(len(every), len(sides))
    values[~np.isfinite(values)] = np.nan
    kept = ~np.isnan(values).all(axis=1)
    if not kept.any():
        raise UsageError("figure 'comparison' shows the best treaties, and no file has one")
    rows = tuple(row for row, keep in zip(every, kept, strict=True) if keep)
    return ComparisonData(
        sides=tuple(side.name for side in sides),
        said=tuple(_said(side) for side in sides),
        rows=rows,
        names=tuple(_name(sides, row) for row in rows),
        slack=values[kept],
    )


def _name(sides: Sequence[Side], row: str) -> str:
    told = (labels_of(side).say(row, short=True) for side in sides)
    return next((words for words in told if words != row), row.replace(".", ": ", 1))


def _said(side: Side) -> str:
    """Name, verdict and share in one line."""
    share = getattr(side.verdict, "share", None)
    if side.verdict.margin is None:
        return f"{side.name}: no treaty in the file"
    answer = ANSWERS[side.verdict.feasible]
    if share is None or share.value is None:
        return f"{side.name}: {answer}"
    return f"{side.name}: {answer} at its values; feasible in {percent(share.value)} of draws"


def comparison(comparison: Comparison, *, ax: Axes | None = None, title: str = "") -> Axes:
    """Draw every gain and slack of the best treaty of each scenario, a marker per scenario.

    Parameters
    ----------
    comparison
        What :func:`sim.compare` returns.
    ax
        Axes to draw on; new ones where absent.
    title
        Above the axes.

    Returns
    -------
    Axes

    Raises
    ------
    UsageError
        If no side has a treaty.

    Examples
    --------
    >>> from types import SimpleNamespace as Record
    >>> sides = [
    ...     Record(name="then", verdict=Record(feasible=False, margin=-0.1), slacks={"a.gain": -0.1}),
    ...     Record(name="now", verdict=Record(feasible=True, margin=0.2), slacks={"a.gain": 0.2}),
    ... ]
    >>> [text.get_text() for text in comparison(Record(sides=sides)).get_yticklabels()]
    ['a: gain']
    """
    data = comparison_data(comparison)
    height = 1.3 + 0.3 * len(data.rows)
    own = ax is None
    ax = axes_for(ax, 6.0, height)
    heights = -np.arange(len(data.rows), dtype=np.float64)
    ax.set_yticks(heights, [wrapped(name, 32) for name in data.names], parse_math=False)
    ax.set_ylim(heights[-1] - 0.6, 0.6)
    ax.tick_params(axis="y", length=0, labelsize=row_size(ax, len(data.rows) + 1))
    for y in heights[:-1]:
        ax.axhline(y - 0.5, color=GREY, lw=0.4, alpha=0.5, zorder=0)
    ax.axvline(0, color=INK, lw=2.0, zorder=2)
    ax.margins(x=0.06)
    set_title(ax, [title or "gains and slacks of the best treaty of each"])
    set_labels(ax, "gain or slack (each in units of its own scale)")
    legend_beneath(ax, _marks(ax, data, heights), height if own else None)
    return ax


def _marks(ax: Axes, data: ComparisonData, heights: FloatArray) -> list[Any]:
    """The markers of every side, and its entry of the legend."""
    from matplotlib.lines import Line2D

    out = []
    for k, said in enumerate(data.said):
        style: dict[str, Any] = {
            "marker": MARKERS[k % len(MARKERS)],
            "color": PALETTE[k % len(PALETTE)],
            "markeredgecolor": INK,
            "markeredgewidth": 0.6,
            "markersize": TEXT * 0.75,
            "linestyle": "none",
        }
        lift = DODGE * ((len(data.said) - 1) / 2 - k)
        ax.plot(data.slack[:, k], heights + lift, zorder=3, **style)
        out.append(Line2D([], [], label=wrapped(said, 60), **style))
    return out
