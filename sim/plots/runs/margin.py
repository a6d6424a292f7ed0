"""The margin along one parameter: where a treaty becomes feasible, and what binds on the way.

The margin is the best treaty's lowest gain or slack; a treaty is feasible where it is at least 0. Where
the line crosses 0 between two grid points the threshold is interpolated linearly, and said to be, unless
thresholds are given: ``sim plot margin`` gives those that are certified. Where the margin is 0 on a whole
stretch both of its ends are thresholds. The strip beneath names the binding constraint.

Array convention. Arrays have shape ``(n,)``, in the order of the grid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim._kernels.cells import edges
from sim._kernels.tolerance import ROUNDING, BoolArray, FloatArray
from sim.labels import labels_of
from sim.plots.data import RunLike, axes_of, check_columns, label_of
from sim.plots.drawing.legend import legend_beneath
from sim.plots.drawing.style import GREY, INK, NOT_COMPUTED_HATCH, Style, axes_for, nothing_there
from sim.plots.drawing.text import set_labels, set_title
from sim.plots.runs._labels import run_fills
from sim.plots.runs._margin_labels import label_thresholds
from sim.plots.runs._margin_strip import STRIP, draw_strip, runs_of
from sim.plots.runs._marks import knife_entry, knife_marks, own_entry, own_mark, sparse
from sim.plots.runs._section import Section, section

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

HEIGHT = 3.7
"""Height of a figure of its own, in inches."""
MARGIN_LABEL = "margin (payoff spreads)"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MarginData:
    """The numbers of a margin line.

    Parameters
    ----------
    x, x_label, x_values
        The parameter, with its unit, and its grid values.
    margin, margin_in_every
        In some and in every stance equilibrium, in payoff spreads; ``nan`` where there is none.
    thresholds
        Where the margin crosses 0, ascending, in units of the parameter.
    binding
        Name of the binding constraint at every grid value, an empty text where none.
    fills
        How each of the run's constraints is filled.
    knife_edge
        Shape ``(n,)``: the margin is 0 within tolerance.
    interpolated
        Whether the thresholds are read off between grid points, and not given.
    held
        Grid value of every other varied parameter.
    own, own_margin
        The scenario's own value, and the margin interpolated there; ``nan`` outside the grid.
    on_section
        Whether the parameters not shown are held at the scenario's own values.
    title, note
        The scenario's title; what is held, in words.
    """

    x: str
    x_label: str
    x_values: FloatArray
    margin: FloatArray
    margin_in_every: FloatArray
    thresholds: tuple[float, ...]
    binding: tuple[str, ...]
    fills: Mapping[str, Style]
    knife_edge: BoolArray
    interpolated: bool
    held: Mapping[str, float]
    own: float
    own_margin: float
    on_section: bool
    title: str
    note: str


def crossings(x: FloatArray, values: FloatArray) -> tuple[float, ...]:
    """Where a sampled function changes between ``>= 0`` and ``< 0``, by linear interpolation.

    Examples
    --------
    >>> crossings(np.array([0.0, 1.0, 2.0]), np.array([-1.0, 3.0, np.nan]))
    (0.25,)
    """
    known = np.isfinite(values)
    feasible = values >= 0
    flips = np.flatnonzero((feasible[1:] != feasible[:-1]) & known[1:] & known[:-1])
    a, b = values[flips], values[flips + 1]
    return tuple(float(t) for t in x[flips] + (x[flips + 1] - x[flips]) * a / (a - b))


def margin_data(
    run: RunLike,
    *,
    x: str | None = None,
    at: Mapping[str, float] | None = None,
    thresholds: Sequence[float] | None = None,
) -> MarginData:
    """The numbers behind :func:`margin`, with the same arguments.

    Raises
    ------
    UsageError
        If a parameter was not varied or the run lacks a column.
    """
    (path,) = axes_of(run, "margin", x)
    check_columns(run, ("margin", "binding"), "margin")
    cut = section(run, (path,), at)
    (grid,) = cut.coordinates()
    line = cut.numbers("margin")
    every = cut.numbers("margin_in_every") if "margin_in_every" in run.columns else line
    (own,) = cut.own
    found = crossings(grid, line) if thresholds is None else tuple(sorted(map(float, thresholds)))
    say = labels_of(run).say
    return MarginData(
        x=path,
        x_label=label_of(run, path),
        x_values=grid,
        margin=line,
        margin_in_every=every,
        thresholds=found,
        binding=tuple(say(str(t)) for t in cut.texts("binding")),
        fills={say(name): fill for name, fill in run_fills(run, "binding").items()},
        knife_edge=_knife_edge(cut, line),
        interpolated=thresholds is None,
        held=cut.held,
        own=own,
        own_margin=float(np.interp(own, grid, line, left=np.nan, right=np.nan)),
        on_section=cut.on_section,
        title=run.title,
        note=cut.note,
    )


def _knife_edge(cut: Section, line: FloatArray) -> BoolArray:
    known = np.isfinite(line)
    if "feasible" in cut.run.columns:
        return np.asarray(known & cut.nulls("feasible"))
    return np.asarray(known & (line == 0))


def margin(
    run: RunLike,
    *,
    x: str | None = None,
    at: Mapping[str, float] | None = None,
    thresholds: Sequence[float] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the margin along one parameter, its thresholds, and the binding constraint beneath.

    Parameters
    ----------
    run
        A sweep over at least one parameter.
    x
        Dotted path of a varied parameter; the first varied where absent.
    at
        Values of the other varied parameters, the nearest grid value being taken; the scenario's own
        where absent.
    thresholds
        Values of the parameter at which the margin crosses 0, where known better than the grid tells.
    ax
        Axes to draw on; new ones where absent.

    Returns
    -------
    Axes

    Raises
    ------
    UsageError
        If a parameter was not varied or the run lacks a column.

    Examples
    --------
    >>> from sim.plots.data import GridRun
    >>> run = GridRun(
    ...     title="T", axes={"a": [0, 1]}, values={"a": 0.5},
    ...     table={"margin": [-1, 3], "binding": ["m.gain", "m.gain"]},
    ... )
    >>> from sim.plots.runs.margin import margin_data
    >>> margin_data(run).thresholds
    (0.25,)
    >>> margin(run).get_ylabel()
    'margin (payoff spreads)'
    """
    data = margin_data(run, x=x, at=at, thresholds=thresholds)
    height = None if ax is not None else HEIGHT
    ax = axes_for(ax, 6.0, HEIGHT)
    _draw_line(ax, data)
    _limits(ax, data)
    set_labels(ax, data.x_label, MARGIN_LABEL)
    set_title(ax, [data.title, f"at {data.note}" if data.note else ""])
    handles = _handles(ax, data)
    legend_beneath(ax, handles, height)
    outside = draw_strip(ax, data.x_values, data.binding, data.fills)
    legend_beneath(ax, [*handles, *outside], height)
    label_thresholds(ax, data)
    return ax


def _draw_line(ax: Axes, data: MarginData) -> None:
    ax.axhline(0, color=GREY, lw=2.0, zorder=2)
    ax.plot(data.x_values, data.margin, color=INK, lw=1.6, label="margin", zorder=3)
    differs = ~np.isclose(data.margin, data.margin_in_every, rtol=0, atol=ROUNDING, equal_nan=True)
    if differs.any():
        ax.plot(
            data.x_values,
            data.margin_in_every,
            color=INK,
            lw=1.4,
            ls=(0, (4, 2)),
            zorder=3,
            label="in every stance equilibrium",
        )
    _draw_gaps(ax, data)
    at = sparse(_flat(data)[None])[0]
    if at.any():
        knife_marks(ax, data.x_values[at], data.margin[at])
    name = "threshold, interpolated" if data.interpolated else "threshold"
    for k, t in enumerate(data.thresholds):
        label = name if k == 0 else "_threshold"
        ax.axvline(t, color=GREY, lw=0.9, ls=":", zorder=1, label=label)
    if np.isfinite(data.own_margin):
        own_mark(ax, (data.own, data.own_margin), data.on_section)


def _handles(ax: Axes, data: MarginData) -> list[Artist]:
    handles: list[Artist] = list(ax.get_legend_handles_labels()[0])
    if np.isfinite(data.own_margin):
        handles.append(own_entry(data.on_section))
    if _flat(data).any():
        handles.append(knife_entry())
    return handles


def _flat(data: MarginData) -> BoolArray:
    """The stretches of at least two grid values with margin 0; a single one is a threshold."""
    pair = data.knife_edge[1:] & data.knife_edge[:-1]
    out = np.zeros(len(data.knife_edge), dtype=bool)
    out[1:] |= pair
    out[:-1] |= pair
    return out


def _draw_gaps(ax: Axes, data: MarginData) -> None:
    """Grey hatch where there is no margin."""
    ends = edges(data.x_values)
    missing = np.where(np.isfinite(data.margin), "", "gap").tolist()
    for k, (_, first, last) in enumerate(runs_of(missing)):
        ax.axvspan(
            ends[first],
            ends[last],
            facecolor="none",
            edgecolor=GREY,
            hatch=NOT_COMPUTED_HATCH,
            lw=0,
            label=nothing_there(data.margin) if k == 0 else "_gap",
            zorder=0,
        )


def _limits(ax: Axes, data: MarginData) -> None:
    """Axes limits: the whole grid, 0 in view, and room for the strip at the foot."""
    ends = edges(data.x_values)
    ax.set_xlim(ends[0], ends[-1])
    values = np.concatenate([data.margin, data.margin_in_every, [0.0]])
    values = values[np.isfinite(values)]
    low, high = float(values.min()), float(values.max())
    span = (high - low) or 1.0
    foot = span * (STRIP + 0.06) / (1 - STRIP - 0.18)
    ax.set_ylim(low - foot, high + 0.14 * span)
