"""The legend of a landscape: its marks, and the areas too small to bear their names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.plots._marks import margin_entries, own_entry
from sim.plots._style import INK, Style, not_computed_patch, patch
from sim.plots._text import wrapped

if TYPE_CHECKING:
    from matplotlib.artist import Artist

    from sim.plots.landscape import LandscapeData

MOST = 8
MANY = 300


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

    out: list[Artist] = margin_entries(data.margin)
    if data.own_inside:
        out.append(own_entry(data.on_section))
    if data.knife_edge.any():
        out.append(_knife_edge(int(data.knife_edge.sum())))
    if data.several.any():
        out.append(
            Patch(facecolor="none", edgecolor=INK, hatch="oo", lw=0, label="several equilibria")
        )
    if (data.codes == -1).any():
        out.append(not_computed_patch("no prediction" if data.predicted else "no treaty exists"))
    return out


def _knife_edge(cells: int) -> Artist:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    if cells > MANY:
        return Patch(facecolor="none", edgecolor=INK, hatch="**", lw=0, label="knife-edge")
    return Line2D(
        [], [], ls="", marker="X", mfc="white", mec=INK, mew=0.7, ms=5, label="knife-edge"
    )
