"""The legend of a landscape: its marks, and the areas too small to bear their names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.plots._contours import levels_of
from sim.plots._marks import knife_entry, margin_entries, own_entry, sparse
from sim.plots._style import INK, Style, not_computed_patch, nothing_there, patch
from sim.plots._text import wrapped

if TYPE_CHECKING:
    from matplotlib.artist import Artist

    from sim.plots.landscape import LandscapeData

MOST = 8
MANY = 100


def handles_of(data: LandscapeData, outside: Sequence[int], most: int) -> list[Artist]:
    """Legend entries: what the marks mean, then the areas without a name inside."""
    return [*_marks(data), *_areas(data.names, data.fills, outside, most)]


def _areas(
    labels: Sequence[str], fills: Sequence[Style], outside: Sequence[int], most: int
) -> list[Artist]:
    from matplotlib.patches import Patch

    out: list[Artist] = [patch(fills[k], wrapped(labels[k], 40)) for k in outside[:most]]
    if len(outside) > most:
        out.append(Patch(facecolor="none", lw=0, label=f"and {len(outside) - most} more areas"))
    return out


def _marks(data: LandscapeData) -> list[Artist]:
    from matplotlib.patches import Patch

    out: list[Artist] = margin_entries(data.margin, _side(data), levels_of(data.margin))
    if data.own_inside:
        out.append(own_entry(data.on_section))
    if data.knife_edge.any():
        out.append(_knife_edge(int(sparse(data.knife_edge).sum())))
    if data.several.any():
        out.append(
            Patch(facecolor="white", edgecolor=INK, hatch="ooo", lw=0.6, label="several equilibria")
        )
    blank = data.codes == -1
    if data.predicted and (blank & np.isfinite(data.margin)).any():
        out.append(not_computed_patch("no prediction"))
    elif blank.any():
        out.append(not_computed_patch(nothing_there(data.margin)))
    return out


def _side(data: LandscapeData) -> str:
    """The side of the line on which a treaty is feasible, by the colour where only that is treaty."""
    feasible = data.codes[data.margin > 0]
    only = {data.labels[k] for k in feasible if k >= 0}
    return "treaty" if only == {"treaty"} else "positive"


def _knife_edge(marks: int) -> Artist:
    from matplotlib.patches import Patch

    if marks > MANY:
        return Patch(facecolor="none", edgecolor=INK, hatch="**", lw=0, label="knife-edge")
    return knife_entry()
