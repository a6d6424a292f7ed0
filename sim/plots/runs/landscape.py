"""The outcome landscape: which outcome two parameters lead to, and where a treaty is feasible.

Each cell of a run's grid is coloured by a column of labels (the predicted outcome class, the best
agreement, the binding constraint). The margin is drawn over it as thin contours, and the region where it
is above 0, where a treaty is feasible, is outlined thick and hatched on its inner side. Marked are cells on
the knife-edge (margin 0 within tolerance), cells where equilibria differ in what is shown (a footnote says
so where most do), areas narrower than a cell of the grid, the scenario's own point, and the *plausible
box*: the ranges that the file declares for the two parameters. The title says which share of the grid, and
which share of that box, is feasible.

Array convention. Arrays have shape ``(ny, nx)``, rows along ``y``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.cells import edges
from sim._kernels.tolerance import BoolArray
from sim.plots.data import RunLike
from sim.plots.drawing.layout import unmoved
from sim.plots.drawing.legend import legend_beneath
from sim.plots.drawing.style import INK, axes_for, root_figure
from sim.plots.drawing.text import Box, percent, renderer_of, set_labels, set_title
from sim.plots.runs._cells import draw_codes, hatch_cells
from sim.plots.runs._contours import label_lines, levels_of, near_zero, thin_lines, zero_line
from sim.plots.runs._landscape_data import COLUMNS, LandscapeData, landscape_data
from sim.plots.runs._landscape_layers import (
    Layers,
    Tag,
    boxes_of,
    certified_line,
    draw_tags,
    entries,
    feasible_hatch,
    fog,
    layers_of,
    tags,
)
from sim.plots.runs._landscape_legend import MANY, MOST_ENTRIES, handles_of, mostly
from sim.plots.runs._lone_cells import lone_marks, without_alone
from sim.plots.runs._marks import knife_marks, own_box, own_mark, sparse
from sim.plots.runs._names import place_names
from sim.plots.runs._plausible import held, plausible_box

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from sim.beliefs.over_plane import PlaneShare
    from sim.certified import Frontier

__all__ = ["LandscapeData", "landscape", "landscape_data"]

HEIGHT = 4.7
"""Height of a figure of its own, in inches."""
LEGEND_SHARE = 0.4
"""Share of the axes' height that the legend may take beneath somebody's axes."""


def landscape(
    run: RunLike,
    *,
    x: str | None = None,
    y: str | None = None,
    color_by: str | None = None,
    at: Mapping[str, float] | None = None,
    episodes: Mapping[str, Mapping[str, float]] | None = None,
    beliefs: PlaneShare | None = None,
    outline: Frontier | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the outcome over two parameters, with the margin's contours and the feasible region.

    Parameters
    ----------
    run
        A sweep over at least two parameters.
    x, y
        Dotted paths of varied parameters; the first two varied where absent.
    color_by
        A column of labels: ``predicted_class`` (where the run has one), ``best_agreement``,
        ``predicted_agreement``, ``binding``, ``rung``, ``feasible`` or ``in_every_equilibrium``.
    at
        Values of the other varied parameters, the nearest grid value being taken; the scenario's own
        where absent.
    episodes
        Episodes of a record by name, each with its values by path: a point where it falls.
    beliefs
        Where draws differ in whether a treaty is feasible (:mod:`sim.beliefs.over_plane`): a cloud.
    outline
        A certified frontier over ``x`` and ``y``, drawn instead of the sampled line of margin 0.
    ax
        Axes to draw on; new ones where absent.

    Raises
    ------
    UsageError
        If a parameter was not varied, the run lacks a column, or what lies over it is of other parameters.

    Notes
    -----
    Colours: [okabe2008]_.

    Examples
    --------
    >>> from sim.plots.data import GridRun
    >>> run = GridRun(
    ...     title="T", axes={"a": [0, 1], "b": [0, 1, 2]}, values={"a": 0, "b": 2},
    ...     table={"margin": [[-1, 0, 1], [0, 1, 2]], "best_agreement": [["p", "p", "q"]] * 2},
    ... )
    >>> landscape(run, x="b", y="a").get_xlabel()
    'b'
    """
    data = landscape_data(run, x=x, y=y, color_by=color_by, at=at)
    layers = layers_of(data, episodes, beliefs, outline)
    return _compose(data, layers, axes_for(ax, 5.6, HEIGHT), None if ax is not None else HEIGHT)


def _compose(data: LandscapeData, layers: Layers, ax: Axes, height: float | None) -> Axes:
    """The whole figure; ``height`` is that of a figure of its own."""
    lines = _draw(ax, data, layers)
    set_labels(ax, data.x_label, data.y_label)
    set_title(ax, _title(data))
    taken = _write_names(ax, data, layers, height)
    label_lines(ax, lines, taken, renderer_of(ax))
    return ax


def _title(data: LandscapeData) -> list[str]:
    shown = COLUMNS[data.column] + (f" (all with {data.common})" if data.common else "")
    held = f"at {data.note}" if data.note else ""
    return [data.title, shown, held, _shares(data), data.drawn]


def _shares(data: LandscapeData) -> str:
    """Where a treaty is feasible: a share of the grid, whose ends are somebody's choice, and of the box."""
    if not np.isfinite(data.feasible):
        return ""
    box = data.plausible_feasible
    tail = f", {percent(box)} of the plausible box" if np.isfinite(box) else ""
    return f"a treaty is feasible at {percent(data.feasible)} of this grid{tail}"


def _draw(ax: Axes, data: LandscapeData, layers: Layers) -> Any:
    """Everything but texts; the thin contours, which are still to be labelled."""
    x, y = data.x_values, data.y_values
    draw_codes(ax, without_alone(data.codes, data.alone), x, y, data.fills)
    if not mostly(data.several):
        hatch_cells(ax, data.several, edges(x), edges(y), "oo", INK)
    lines = thin_lines(ax, x, y, data.margin, levels_of(data.margin))
    feasible_hatch(ax, data)
    if layers.beliefs is not None:
        fog(ax, layers.beliefs)
    if layers.outline is not None:
        certified_line(ax, layers.outline)
    else:
        zero_line(ax, x, y, data.margin)
    _draw_marks(ax, data)
    return lines


def _draw_marks(ax: Axes, data: LandscapeData) -> None:
    """Lone cells, knife-edge cells, the plausible box and the scenario's own point."""
    lone_marks(ax, data)
    rows, columns = np.nonzero(sparse(data.knife_edge))
    if len(rows) > MANY:
        hatch_cells(ax, data.knife_edge, edges(data.x_values), edges(data.y_values), "**", INK)
    elif len(rows):
        knife_marks(ax, data.x_values[columns], data.y_values[rows])
    if data.plausible is not None:
        plausible_box(ax, data.plausible)
    if data.own_inside:
        own_mark(ax, data.own, data.on_section)


def _write_names(ax: Axes, data: LandscapeData, layers: Layers, height: float | None) -> list[Box]:
    """Names inside their areas; those that find no room join the legend, which changes the layout."""
    room = None if height is not None else LEGEND_SHARE * ax.get_window_extent().height
    outside: set[int] = set()
    episodes: list[Tag] = []
    for _ in range(4):
        _legend(ax, data, outside, height, room, entries(layers, episodes))
        set_labels(ax, data.x_label, data.y_label)
        set_title(ax, _title(data))
        renderer = renderer_of(ax)
        own = [own_box(ax, data.own)] if data.own_inside else []
        before, episodes = episodes, tags(ax, layers, own, renderer)
        own += boxes_of(ax, episodes)
        placed, left = place_names(
            ax, data.codes, data.names, taken=own, avoid=_lines(data), renderer=renderer
        )
        if outside.issuperset(left) and len(before) == len(episodes):
            break
        outside.update(left)
    draw_tags(ax, episodes, data.own if data.own_inside else None)
    shown = [name for code, name in placed.items() if code not in outside]
    with unmoved(root_figure(ax)):
        for name in shown:
            name.draw(ax)
    return [*own, *(name.box for name in shown)]


def _lines(data: LandscapeData) -> BoolArray:
    """Cells that names should not hide: along the line of margin 0, knife-edge, rim of the box."""
    return near_zero(data.margin) | data.knife_edge | data.alone | _rim_of_box(data)


def _rim_of_box(data: LandscapeData) -> BoolArray:
    """Cells that the outline of the plausible box runs through."""
    if data.plausible is None:
        return np.zeros(data.codes.shape, dtype=np.bool_)
    wide, tall = (
        held(values, ends)
        for values, ends in zip((data.x_values, data.y_values), data.plausible, strict=True)
    )
    across, up = np.flatnonzero(wide), np.flatnonzero(tall)
    out = np.zeros(data.codes.shape, dtype=np.bool_)
    if across.size and up.size:
        out[np.ix_(up, across[[0, -1]])] = True
        out[np.ix_(up[[0, -1]], across)] = True
    return out


def _legend(
    ax: Axes,
    data: LandscapeData,
    outside: set[int],
    height: float | None,
    room: float | None,
    more: Sequence[Artist],
) -> None:
    """The legend, the largest areas first, with as many as its room allows."""
    sizes = np.bincount(data.codes[data.codes >= 0], minlength=len(data.labels))
    order = sorted(outside, key=lambda code: (-int(sizes[code]), code))
    for most in range(MOST_ENTRIES, -1, -1):
        if legend_beneath(ax, handles_of(data, order, most, more), height, room):
            return
