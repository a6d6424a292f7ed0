"""The frame of a map of numbers over a plane: where cells lie, the bar beside them, marks and their entries.

Array convention. ``values`` has shape ``(ny, nx)``; not finite where there is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.plots.drawing.style import (
    GREY,
    NOT_COMPUTED_HATCH,
    TEXT,
    not_computed_patch,
    nothing_there,
    root_figure,
)
from sim.plots.runs._cells import hatch_cells
from sim.plots.runs._marks import own_entry, own_mark
from sim.plots.runs._plane import Plane
from sim.plots.runs._plausible import plausible_box, plausible_entry

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def frame_cells(ax: Axes, values: FloatArray, xe: FloatArray, ye: FloatArray) -> None:
    """Limits at the outer edges of the cells, and hatching where there is no number."""
    hatch_cells(ax, ~np.isfinite(values), xe, ye, NOT_COMPUTED_HATCH, GREY)
    ax.set_xlim(xe[0], xe[-1])
    ax.set_ylim(ye[0], ye[-1])


def colour_bar(ax: Axes, shown: Any, label: str, ticks: Any = None) -> Axes:
    """A bar of colours beside the axes."""
    bar = ax.inset_axes((1.03, 0.0, 0.045, 1.0))
    root_figure(ax).colorbar(shown, cax=bar, ticks=ticks)
    bar.set_ylabel(label, fontsize=TEXT)
    bar.tick_params(labelsize=TEXT)
    return bar


def mark_plane(ax: Axes, data: Plane) -> None:
    """The plausible box, and the scenario's own point where it lies on the axes."""
    if data.plausible is not None:
        plausible_box(ax, data.plausible)
    if data.own_inside:
        own_mark(ax, data.own, data.on_section)


def plane_entries(data: Plane, values: FloatArray) -> list[Any]:
    """What the legend says of the marks, and of cells without a number."""
    out: list[Any] = []
    if data.own_inside:
        out.append(own_entry(data.on_section))
    if data.plausible is not None:
        out.append(plausible_entry())
    if not np.isfinite(values).all():
        out.append(not_computed_patch(nothing_there(values)))
    return out
