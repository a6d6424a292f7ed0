"""The margin over two parameters: a diverging map centred at 0, the line of margin 0 thick.

Blue is feasible, red is not; levels are symmetric about 0, so equal strength of colour is equal distance
from feasibility. Where a file has no treaty there is grey hatch.

Array convention. Arrays have shape ``(ny, nx)``, rows along ``y``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.cells import edges
from sim._kernels.tolerance import RELATIVE, FloatArray
from sim.plots.data import RunLike, axes_of, check_columns
from sim.plots.drawing.layout import unmoved
from sim.plots.drawing.legend import labels_and_legend
from sim.plots.drawing.style import INK, PALE, axes_for, root_figure
from sim.plots.drawing.text import renderer_of, set_labels, set_title
from sim.plots.runs._contours import label_lines, thin_lines, zero_line
from sim.plots.runs._map_frame import colour_bar, frame_cells, mark_plane, plane_entries
from sim.plots.runs._marks import (
    margin_entries,
    own_box,
)
from sim.plots.runs._plane import Plane, plane_of
from sim.plots.runs._section import section
from sim.plots.runs.margin import MARGIN_LABEL

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BANDS = 7
"""Bands of one sign of the margin."""
HEIGHT = 4.3
"""Height of a figure of its own, in inches."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MarginMapData(Plane):
    """The numbers of a margin map, beside those of its plane.

    Parameters
    ----------
    margin
        Shape ``(ny, nx)``, in payoff spreads; ``nan`` where there is no treaty.
    levels
        Limits of the colour bands, symmetric about 0.
    """

    margin: FloatArray
    levels: FloatArray


def margin_map_data(
    run: RunLike,
    *,
    x: str | None = None,
    y: str | None = None,
    at: Mapping[str, float] | None = None,
) -> MarginMapData:
    """The numbers behind :func:`margin_map`, with the same arguments.

    Raises
    ------
    UsageError
        If a parameter was not varied or the run lacks the margin.
    """
    across, up = axes_of(run, "margin_map", x, y)
    check_columns(run, ("margin",), "margin_map")
    cut = section(run, (up, across), at)
    values = cut.numbers("margin")
    return MarginMapData(**plane_of(cut), margin=values, levels=symmetric_levels(values))


def symmetric_levels(values: FloatArray, bands: int = BANDS) -> FloatArray:
    """Round limits of colour bands, symmetric about 0 and wide enough for every value.

    Examples
    --------
    >>> symmetric_levels(np.array([-0.3, 0.1]), 3)
    array([-0.3, -0.2, -0.1,  0. ,  0.1,  0.2,  0.3])
    """
    known = np.abs(values[np.isfinite(values)])
    largest = float(known.max()) if known.size and known.max() > 0 else 1.0
    power = 10.0 ** np.floor(np.log10(largest / bands))
    sizes = (1.0, 2.0, 2.5, 5.0, 10.0)
    step = next(s * power for s in sizes if s * power * bands >= largest * (1 - RELATIVE))
    count = int(np.ceil(largest / step * (1 - RELATIVE)))
    return np.array([float(f"{k * step:.12g}") for k in range(-count, count + 1)])


def margin_map(
    run: RunLike,
    *,
    x: str | None = None,
    y: str | None = None,
    at: Mapping[str, float] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the margin over two parameters, centred at 0, with the line of margin 0 thick.

    Parameters
    ----------
    run
        A sweep over at least two parameters.
    x, y
        Dotted paths of varied parameters; the first two varied where absent.
    at
        Values of the other varied parameters, the nearest grid value being taken; the scenario's own
        where absent.
    ax
        Axes to draw on; new ones where absent. The colour bar stands beside them.

    Returns
    -------
    Axes

    Raises
    ------
    UsageError
        If a parameter was not varied or the run lacks the margin.

    Examples
    --------
    >>> from sim.plots.data import GridRun
    >>> run = GridRun(
    ...     title="T", axes={"a": [0, 1], "b": [0, 1]}, values={}, table={"margin": [[-1, 0], [0, 1]]}
    ... )
    >>> margin_map(run).get_title()
    'T'
    """
    data = margin_map_data(run, x=x, y=y, at=at)
    height = None if ax is not None else HEIGHT
    ax = axes_for(ax, 5.8, HEIGHT)
    xe, ye = edges(data.x_values), edges(data.y_values)
    _draw_map(ax, data, xe, ye)
    frame_cells(ax, data.margin, xe, ye)
    lines = thin_lines(ax, data.x_values, data.y_values, data.margin, _drawn(data))
    zero_line(ax, data.x_values, data.y_values, data.margin)
    set_labels(ax, data.x_label, data.y_label)
    set_title(ax, [data.title, f"at {data.note}" if data.note else "", data.drawn])
    with unmoved(root_figure(ax)):
        mark_plane(ax, data)
    labels_and_legend(ax, (data.x_label, data.y_label), _handles(data), height)
    label_lines(ax, lines, [own_box(ax, data.own)] if data.own_inside else [], renderer_of(ax))
    return ax


def _draw_map(ax: Axes, data: MarginMapData, xe: FloatArray, ye: FloatArray) -> None:
    """Cells in bands of colour, and the bar beside the axes."""
    from matplotlib import colormaps
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import BoundaryNorm

    colours = colormaps["RdBu"].resampled(len(data.levels) - 1)
    norm: Any = BoundaryNorm(data.levels, colours.N)
    ax.set_facecolor(PALE)
    ax.pcolormesh(
        xe,
        ye,
        np.ma.masked_invalid(data.margin),
        cmap=colours,
        norm=norm,
        rasterized=True,
    )
    ticks = data.levels[_every(len(data.levels))]
    bar = colour_bar(ax, ScalarMappable(norm, colours), MARGIN_LABEL, ticks)
    bar.axhline(0, color=INK, lw=2.0)


def _drawn(data: MarginMapData) -> list[float]:
    """The band limits, 0 left out, that lie inside the margin's span."""
    known = data.margin[np.isfinite(data.margin)]
    low, high = (known.min(), known.max()) if known.size else (0.0, 0.0)
    levels = data.levels[_every(len(data.levels))]
    return [float(v) for v in levels if low < v < high and v != 0]


def _every(count: int) -> slice:
    """Every or every second level, 0 always among them."""
    step = 1 if count <= 11 else 2
    return slice((count // 2) % step, None, step)


def _handles(data: MarginMapData) -> list[Any]:
    return [*margin_entries(data.margin, _drawn(data)), *plane_entries(data, data.margin)]
