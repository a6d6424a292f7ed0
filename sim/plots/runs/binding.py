"""Which constraint blocks a treaty along one parameter: shares of the points, stacked.

Each column is one bin of the parameter's values. Its coloured parts are the shares of its points at which a
treaty is feasible (at the bottom) and at which each constraint binds; they fill it. A bin without points is
grey.

Array convention. Shares have shape ``(bins,)``, ``edges`` ``(bins + 1,)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.labels import labels_of
from sim.plots.drawing.legend import legend_beneath
from sim.plots.drawing.style import (
    GREY,
    INK,
    KNIFE_EDGE,
    NOT_COMPUTED_HATCH,
    PALE,
    Style,
    axes_for,
    not_computed_patch,
    patch,
    styles,
)
from sim.plots.drawing.text import plain, set_labels, set_title

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from sim.records import BindingAlong

MOST_LAYERS = 6
"""Constraints that are shown at most, the most frequent first."""
EDGE = "on the knife-edge"
FEASIBLE, OTHER = "a treaty is feasible", "other constraints"
HEIGHT = 4.2
"""Height of a figure of its own, in inches."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BindingData:
    """The numbers of the figure.

    Parameters
    ----------
    title, label, value
        The scenario's title, the axis label and the scenario's own value.
    edges
        Of the bins.
    parts
        Per name its share in every bin, from the bottom up; nan in an empty bin.
    """

    title: str
    label: str
    value: float
    edges: FloatArray
    parts: Mapping[str, FloatArray]


def binding_data(found: BindingAlong, *, most: int = MOST_LAYERS) -> BindingData:
    """The numbers behind :func:`binding`, with the same arguments."""
    names, book = list(found.shares), labels_of(found)
    parts = {FEASIBLE: found.feasible}
    parts |= {book.say(name, short=True): found.shares[name] for name in names[:most]}
    if names[most:]:
        parts[OTHER] = np.sum([found.shares[name] for name in names[most:]], axis=0)
    return BindingData(
        title=found.title,
        label=book.parameter(found.path) + (f" ({found.unit})" if found.unit else ""),
        value=float(found.value),
        edges=found.edges,
        parts=parts,
    )


def binding(found: BindingAlong, *, most: int = MOST_LAYERS, ax: Axes | None = None) -> Axes:
    """Draw the shares of points per binding constraint along a parameter.

    Parameters
    ----------
    found
        What ``sim.sweeps.analyses.binding_along_of_run`` returns.
    most
        How many constraints are told apart; the rest is one part.
    ax
        Axes to draw on; new ones where absent.

    Returns
    -------
    Axes

    Examples
    --------
    >>> from types import SimpleNamespace as Record
    >>> shares = {"moscow.duma": np.array([0.25, 1.0])}
    >>> found = Record(title="T", path="a", unit="", value=0.5, edges=np.array([0, 1, 2]),
    ...                feasible=np.array([0.75, 0.0]), shares=shares)
    >>> binding(found).get_ylabel()
    'share of points'
    """
    data = binding_data(found, most=most)
    own = ax is None
    ax = axes_for(ax, 6.2, HEIGHT)
    handles = _stack(ax, data)
    low, high = data.edges[0], data.edges[-1]
    if low <= data.value <= high:
        line = ax.axvline(data.value, color=INK, lw=1.2, ls="--", gid="own")
        line.set_label("the file's value")
        handles.append(line)
    ax.set_xlim(low, high)
    ax.set_ylim(0, 1)
    set_title(ax, [data.title, "what blocks a treaty, share of the points"])
    set_labels(ax, data.label, "share of points")
    legend_beneath(ax, handles, HEIGHT if own else None)
    return ax


def _stack(ax: Axes, data: BindingData) -> list[Artist]:
    """The parts on top of each other, and their legend entries."""
    fills = _fills(data)
    width, left = np.diff(data.edges), data.edges[:-1]
    bottom = np.zeros(len(width))
    handles: list[Artist] = []
    for name, share in data.parts.items():
        height = np.nan_to_num(share)
        if not height.any():
            continue
        fill = fills[name]
        ax.bar(
            left, height, width, bottom, align="edge", **fill.look, gid=f"part {name}",
        )  # fmt: skip
        bottom += height
        handles.append(patch(fill, plain(name)))
    empty = np.isnan(data.parts[FEASIBLE])
    if empty.any():
        ax.bar(
            left[empty], 1.0, width[empty], align="edge", color=PALE, hatch=NOT_COMPUTED_HATCH,
            edgecolor=GREY, linewidth=0,
        )  # fmt: skip
        handles.append(not_computed_patch("no points"))
    return handles


def _fills(data: BindingData) -> dict[str, Style]:
    named = {FEASIBLE: "treaty", OTHER: "other", EDGE: KNIFE_EDGE}
    fills = styles(named.get(name, name) for name in data.parts)
    return {name: fills[named.get(name, name)] for name in data.parts}
