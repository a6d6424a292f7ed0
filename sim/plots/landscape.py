"""The outcome landscape: which outcome two parameters lead to, and where a treaty is feasible.

Each cell of a run's grid is coloured by a column of labels (the predicted outcome class, the best
agreement, the binding constraint). The margin is drawn over it as thin contours, and the region where it
is at least 0, where a treaty is feasible, is outlined thick. Cells on the knife-edge (margin 0 within
tolerance) and cells with several equilibrium outcomes are marked, and so is the scenario's own point.

Array convention. Arrays have shape ``(ny, nx)``, rows along ``y``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.errors import UsageError
from sim.plots._cells import draw_codes, edges, hatch_cells
from sim.plots._contours import label_lines, levels_of, near_zero, thin_lines, zero_line
from sim.plots._labels import coded, run_fills, without_common
from sim.plots._landscape_legend import MANY, MOST, handles_of
from sim.plots._marks import knife_marks, own_box, own_inside, own_mark, sparse
from sim.plots._names import place_names
from sim.plots._section import section
from sim.plots._style import INK, Style, axes_for
from sim.plots._text import Box, legend_beneath, renderer_of, set_labels, set_title
from sim.plots.data import RunLike, axes_of, check_columns, label_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEIGHT = 4.7
LEGEND_SHARE = 0.4
AGREEMENTS = ("best_agreement", "predicted_agreement")
COLUMNS = {
    "predicted_class": "predicted outcome class",
    "predicted_agreement": "predicted agreement",
    "best_agreement": "best treaty",
    "binding": "binding constraint",
    "rung": "first rung that fails",
    "feasible": "treaty feasible",
    "in_every_equilibrium": "same class in every equilibrium",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LandscapeData:
    """The numbers of a landscape.

    Parameters
    ----------
    x, y
        Dotted paths on the axes.
    x_label, y_label
        The same with their units.
    x_values, y_values
        Grid values, shapes ``(nx,)`` and ``(ny,)``.
    column
        The column that colours the cells.
    labels, fills
        The categories present, and how each is filled.
    names, common
        The categories as written in the figure: without what all of them share, which is ``common``.
    codes
        Shape ``(ny, nx)``: index into ``labels``, -1 where the column has no value.
    margin
        Shape ``(ny, nx)``, in payoff spreads; ``nan`` where there is none.
    knife_edge, several
        Shape ``(ny, nx)``: margin 0 within tolerance; more than one equilibrium outcome.
    own
        The scenario's own ``(x, y)``.
    on_section
        Whether the parameters not shown are held at the scenario's own values.
    title, note
        The scenario's title; what is held, in words.
    """

    x: str
    y: str
    x_label: str
    y_label: str
    x_values: FloatArray
    y_values: FloatArray
    column: str
    labels: tuple[str, ...]
    names: tuple[str, ...]
    common: str
    fills: tuple[Style, ...]
    codes: IntArray
    margin: FloatArray
    knife_edge: BoolArray
    several: BoolArray
    own: tuple[float, float]
    on_section: bool
    title: str
    note: str

    @property
    def own_inside(self) -> bool:
        """Whether the scenario's own point lies on the axes."""
        return own_inside(self.own, self.x_values, self.y_values)

    @property
    def predicted(self) -> bool:
        """Whether the cells show the game's prediction."""
        return self.column in ("predicted_class", "predicted_agreement", "in_every_equilibrium")


def landscape_data(
    run: RunLike,
    *,
    x: str | None = None,
    y: str | None = None,
    color_by: str | None = None,
    at: Mapping[str, float] | None = None,
) -> LandscapeData:
    """The numbers behind :func:`landscape`, with the same arguments.

    Raises
    ------
    UsageError
        If a parameter was not varied or the run lacks a column.
    """
    across, up = axes_of(run, "landscape", x, y)
    column = color_by or (
        "predicted_class" if "predicted_class" in run.columns else "best_agreement"
    )
    check_columns(run, (column, "margin"), "landscape")
    if column not in COLUMNS:
        raise UsageError(f"column '{column}' holds no labels; colour by {', '.join(COLUMNS)}")
    cut = section(run, (up, across), at)
    y_values, x_values = cut.coordinates()
    labels, codes = coded(cut.texts(column))
    names, common = without_common(labels) if column in AGREEMENTS else (labels, "")
    fills = run_fills(run, column)
    margin = cut.numbers("margin")
    known = np.isfinite(margin)
    blank = (
        cut.nulls("feasible") if "feasible" in run.columns else np.zeros(known.shape, dtype=bool)
    )
    count = cut.numbers("equilibria") if "equilibria" in run.columns else np.zeros(known.shape)
    return LandscapeData(
        x=across,
        y=up,
        x_label=label_of(run, across),
        y_label=label_of(run, up),
        x_values=x_values,
        y_values=y_values,
        column=column,
        labels=labels,
        names=names,
        common=common,
        fills=tuple(fills[name] for name in labels),
        codes=codes,
        margin=margin,
        knife_edge=blank & known,
        several=count > 1,
        own=(cut.own[1], cut.own[0]),
        on_section=cut.on_section,
        title=run.title,
        note=cut.note,
    )


def landscape(
    run: RunLike,
    *,
    x: str | None = None,
    y: str | None = None,
    color_by: str | None = None,
    at: Mapping[str, float] | None = None,
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
    ax
        Axes to draw on; new ones where absent.

    Returns
    -------
    Axes

    Raises
    ------
    UsageError
        If a parameter was not varied or the run lacks a column.

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
    >>> landscape_data(run, x="b", y="a").codes
    array([[0, 0, 1],
           [0, 0, 1]])
    >>> landscape(run, x="b", y="a").get_xlabel()
    'b'
    """
    data = landscape_data(run, x=x, y=y, color_by=color_by, at=at)
    return _compose(data, axes_for(ax, 5.6, HEIGHT), None if ax is not None else HEIGHT)


def _compose(data: LandscapeData, ax: Axes, height: float | None) -> Axes:
    """The whole figure; ``height`` is that of a figure of its own."""
    lines = _draw(ax, data)
    set_labels(ax, data.x_label, data.y_label)
    set_title(ax, _title(data))
    taken = _write_names(ax, data, height)
    label_lines(ax, lines, taken, renderer_of(ax))
    return ax


def _title(data: LandscapeData) -> list[str]:
    shown = COLUMNS[data.column] + (f" (all with {data.common})" if data.common else "")
    return [data.title, shown, f"at {data.note}" if data.note else ""]


def _draw(ax: Axes, data: LandscapeData) -> Any:
    """Everything but texts; the thin contours, which are still to be labelled."""
    x, y = data.x_values, data.y_values
    draw_codes(ax, data.codes, x, y, data.fills)
    hatch_cells(ax, data.several, edges(x), edges(y), "oo", INK)
    lines = thin_lines(ax, x, y, data.margin, levels_of(data.margin))
    zero_line(ax, x, y, data.margin)
    _draw_marks(ax, data)
    return lines


def _draw_marks(ax: Axes, data: LandscapeData) -> None:
    """Knife-edge cells and the scenario's own point."""
    rows, columns = np.nonzero(sparse(data.knife_edge))
    if len(rows) > MANY:
        hatch_cells(ax, data.knife_edge, edges(data.x_values), edges(data.y_values), "**", INK)
    elif len(rows):
        knife_marks(ax, data.x_values[columns], data.y_values[rows])
    if data.own_inside:
        own_mark(ax, data.own, data.on_section)


def _write_names(ax: Axes, data: LandscapeData, height: float | None) -> list[Box]:
    """Names inside their areas; those that find no room join the legend, which changes the layout."""
    room = None if height is not None else LEGEND_SHARE * ax.get_window_extent().height
    outside: set[int] = set()
    for _ in range(4):
        _legend(ax, data, outside, height, room)
        renderer = renderer_of(ax)
        own = [own_box(ax, data.own)] if data.own_inside else []
        placed, left = place_names(
            ax, data.codes, data.names, taken=own, avoid=_lines(data), renderer=renderer
        )
        if outside.issuperset(left):
            break
        outside.update(left)
    shown = [name for code, name in placed.items() if code not in outside]
    for name in shown:
        name.draw(ax)
    return [*own, *(name.box for name in shown)]


def _lines(data: LandscapeData) -> BoolArray:
    """Cells that names should not hide: along the line of margin 0 and on the knife-edge."""
    return near_zero(data.margin) | data.knife_edge


def _legend(
    ax: Axes, data: LandscapeData, outside: set[int], height: float | None, room: float | None
) -> None:
    """The legend, the largest areas first, with as many as its room allows."""
    sizes = np.bincount(data.codes[data.codes >= 0], minlength=len(data.labels))
    order = sorted(outside, key=lambda code: (-int(sizes[code]), code))
    for most in range(MOST, -1, -1):
        if legend_beneath(ax, handles_of(data, order, most), height, room):
            return
