"""The legend of a landscape: its marks, and the areas too small to bear their names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.tolerance import BoolArray
from sim.plots.drawing.style import INK, KNIFE_EDGE, Style, not_computed_patch, nothing_there, patch
from sim.plots.drawing.text import percent, wrapped
from sim.plots.runs._contours import levels_of
from sim.plots.runs._marks import knife_entry, margin_entries, own_entry, sparse
from sim.plots.runs._plausible import plausible_entry

if TYPE_CHECKING:
    from matplotlib.artist import Artist

    from sim.plots.runs._landscape_data import LandscapeData

MOST_ENTRIES = 8
"""Areas that the legend names at most."""
MANY = 100
"""Marks beyond which only every so many is drawn."""


def handles_of(
    data: LandscapeData, outside: Sequence[int], most: int, more: Sequence[Artist] = ()
) -> list[Artist]:
    """Legend entries: what the marks mean and what lies over them, then the areas without a name inside."""
    certified = any("certified" in str(entry.get_label()) for entry in more)
    marks = _marks(data, zero=not certified)
    return [*marks, *more, *_areas(data.names, data.fills, outside, most)]


def _areas(
    labels: Sequence[str], fills: Sequence[Style], outside: Sequence[int], most: int
) -> list[Artist]:
    from matplotlib.patches import Patch

    out: list[Artist] = [patch(fills[k], wrapped(labels[k], 40)) for k in outside[:most]]
    if len(outside) > most:
        out.append(Patch(facecolor="none", lw=0, label=f"and {len(outside) - most} more areas"))
    return out


def mostly(mask: BoolArray) -> bool:
    """Whether something holds at most of the plane, so that a mark would only cover it."""
    return bool(mask.mean() > 0.5)


def _marks(data: LandscapeData, *, zero: bool) -> list[Artist]:
    out: list[Artist] = margin_entries(data.margin, levels_of(data.margin))
    out = out if zero else out[1:]
    if data.own_inside:
        out.append(own_entry(data.on_section))
    if data.plausible is not None:
        out.append(plausible_entry())
    if data.knife_edge.any() and KNIFE_EDGE not in data.labels:
        out.append(_knife_edge(int(sparse(data.knife_edge).sum())))
    if data.several.any():
        out.append(_several(data))
    if data.alone.any():
        out.append(_alone(int(data.alone.sum())))
    blank = data.codes == -1
    if data.predicted and (blank & np.isfinite(data.margin)).any():
        out.append(not_computed_patch("no prediction"))
    elif blank.any():
        out.append(not_computed_patch(nothing_there(data.margin)))
    return out


def _several(data: LandscapeData) -> Artist:
    """What the dots mean, or in words where they would cover most of the plane."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    what = "class" if data.column == "predicted_class" else "outcome"
    if not mostly(data.several):
        word = f"equilibria differ in {what}"
        return Patch(facecolor="white", edgecolor=INK, hatch="ooo", lw=0.6, label=word)
    share = percent(float(data.several.mean()))
    text = f"at {share} of the cells equilibria differ in {what}; one is shown"
    return Line2D([], [], ls="", label=wrapped(text, 40))


def _alone(count: int) -> Artist:
    from matplotlib.lines import Line2D

    look: Any = {"marker": "o", "ms": 3.0, "mfc": "white", "mec": INK, "mew": 0.6}
    return Line2D([], [], ls="", label=f"area narrower than a cell ({count})", **look)


def _knife_edge(marks: int) -> Artist:
    from matplotlib.patches import Patch

    if marks > MANY:
        return Patch(facecolor="none", edgecolor=INK, hatch="**", lw=0, label="knife-edge")
    return knife_entry()
