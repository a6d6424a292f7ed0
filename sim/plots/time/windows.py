"""In which states of the world a treaty is signed: a grid of the factors, with foresight and without.

Every cell is a state. Its left half says in which share of the draws the static game signs there, its right
half how often those sign who know how the world may move: where the right half is paler, waiting kills deals.
The ring marks the state at the start; states to which play never comes are hatched.

Array convention. ``static`` and ``signs`` have shape ``(rows, columns)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.labels import labels_of
from sim.plots.drawing.legend import legend_beneath
from sim.plots.drawing.style import BLUE, GREY, INK, NOT_COMPUTED_HATCH, TEXT, VERMILLION, axes_for
from sim.plots.drawing.text import (
    frame_of,
    plain,
    renderer_of,
    row_size,
    set_labels,
    set_title,
    size_rows,
    text_size,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.dynamics import Forecast

WIDTH = 7.0
"""Width of a figure of its own, in inches."""
LEAST = 4.0
"""Smallest text that is legible, in points."""
DARK = 0.55
"""Share from which on a cell is dark and its text white."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WindowsData:
    """The numbers of a windows figure.

    Parameters
    ----------
    title
        Of the scenario.
    down, across
        Factors that tell rows apart, and columns.
    rows, columns
        Their levels, one combination each, the last factor fastest.
    static, signs
        Mean chance over draws that a treaty is signed: in the static game, and in equilibrium.
    reached
        Whether play comes to the state in some draw before a treaty is signed.
    start
        Row and column of the state at the start.
    """

    title: str
    down: tuple[str, ...]
    across: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    columns: tuple[tuple[str, ...], ...]
    static: FloatArray
    signs: FloatArray
    reached: BoolArray
    start: tuple[int, int]


def windows_data(found: Forecast) -> WindowsData:
    """The numbers behind :func:`windows`."""
    grid = found.grid
    names, levels = tuple(grid.factors), tuple(grid.factors.values())
    sizes = [len(known) for known in levels]
    book = labels_of(found)
    said = [
        [book.at(f"dynamics.world.{name}.levels.{level}") or level for level in known]
        for name, known in grid.factors.items()
    ]
    cut = (len(names) + 1) // 2
    shape = (prod(sizes[:cut]), prod(sizes[cut:]))
    at = int(np.ravel_multi_index(grid.start, sizes))
    return WindowsData(
        title=found.title,
        down=tuple(book.at(f"dynamics.world.{name}") or name for name in names[:cut]),
        across=tuple(book.at(f"dynamics.world.{name}") or name for name in names[cut:]),
        rows=tuple(product(*said[:cut])),
        columns=tuple(product(*said[cut:])),
        static=grid.static.reshape(shape),
        signs=grid.signs.reshape(shape),
        reached=grid.reached.reshape(shape),
        start=divmod(at, shape[1]),
    )


def windows(found: Forecast, *, ax: Axes | None = None) -> Axes:
    """Draw in which states a treaty is signed, without foresight and with it.

    Parameters
    ----------
    found
        What :func:`sim.forecast` returns.
    ax
        Axes to draw on; new ones where absent.

    Returns
    -------
    Axes

    Examples
    --------
    >>> from types import SimpleNamespace as Record
    >>> grid = Record(factors={"ruler": ("old", "new"), "war": ("on", "over")}, start=(0, 0),
    ...     signs=np.array([[0.0, 0.1], [0.2, 0.3]]), static=np.array([[0.0, 0.1], [0.2, 0.6]]),
    ...     reached=np.ones((2, 2), dtype=bool))
    >>> windows_data(Record(title="T", grid=grid)).rows
    (('old',), ('new',))
    >>> windows(Record(title="T", grid=grid)).get_xlabel()
    'war'
    """
    data = windows_data(found)
    rows, columns = data.signs.shape
    height = 1.5 + 0.3 * rows
    own = ax is None
    ax = axes_for(ax, WIDTH, height)
    _cells(ax, data)
    ax.set_xlim(0, columns)
    ax.set_ylim(rows, 0)
    ax.set_yticks(np.arange(rows) + 0.5, [plain(", ".join(r)) for r in data.rows], parse_math=False)
    ax.tick_params(length=0, labelsize=TEXT)
    _columns(ax, data)
    set_labels(ax, ", ".join(data.across), ", ".join(data.down))
    legend_beneath(ax, _entries(data), height if own else None)
    set_title(
        ax,
        [
            data.title,
            "percent of draws that sign, by state of the world",
            "left: if nobody looked ahead; right: in equilibrium",
        ],
    )
    size_rows(ax, row_size(ax, rows))
    _numbers(ax, data)
    return ax


def _cells(ax: Axes, data: WindowsData) -> None:
    """Two halves a cell, white lines between the cells, a ring at the start."""
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.patches import Rectangle

    rows, columns = data.signs.shape
    both = np.stack([data.static, data.signs], axis=2).reshape(rows, 2 * columns)
    shades = LinearSegmentedColormap.from_list("chance", ["#F4F7FA", BLUE])
    look: Any = {"cmap": shades, "vmin": 0.0, "vmax": 1.0, "aspect": "auto"}
    ax.imshow(both, interpolation="nearest", extent=(0, columns, rows, 0), zorder=1, **look)
    for x in range(1, columns):
        ax.axvline(x, color="white", lw=3.0, zorder=2)
    for y in range(1, rows):
        ax.axhline(y, color="white", lw=1.5, zorder=2)
    for y, x in np.argwhere(~data.reached):
        cell = Rectangle((x, y), 1, 1, fill=False, ec=GREY, lw=0, hatch=NOT_COMPUTED_HATCH)
        cell.set(zorder=3, gid="never")
        ax.add_patch(cell)
    y, x = data.start
    ax.add_patch(
        Rectangle((x + 0.03, y + 0.08), 0.94, 0.84, fill=False, ec=VERMILLION, lw=1.8, zorder=4)
    )


def _columns(ax: Axes, data: WindowsData) -> None:
    """Levels beneath the columns, one factor a line, upright where they do not fit side by side."""
    texts = ["\n".join(map(plain, column)) for column in data.columns]
    ax.set_xticks(np.arange(len(texts)) + 0.5, texts, parse_math=False)
    renderer = renderer_of(ax)
    x0, _, x1, _ = frame_of(ax)
    room = (x1 - x0) / len(texts)
    if max(text_size(ax, text, TEXT, renderer)[0] for text in texts) > room:
        ax.tick_params(axis="x", rotation=90)


def _numbers(ax: Axes, data: WindowsData) -> None:
    """Percentages in the halves, where all of them fit."""
    rows, columns = data.signs.shape
    renderer = renderer_of(ax)
    x0, _, x1, _ = frame_of(ax)
    width, _ = text_size(ax, "100", TEXT, renderer)
    size = min(row_size(ax, rows), TEXT * (x1 - x0) / (2 * columns) / width)
    if size < LEAST:
        return
    for shift, shares in ((0.25, data.static), (0.75, data.signs)):
        for (y, x), share in np.ndenumerate(shares):
            ax.text(
                x + shift,
                y + 0.5,
                _percent(share),
                ha="center",
                va="center",
                fontsize=size,
                color="white" if share > DARK else INK if share > 0 else GREY,
                zorder=5,
            )


def _percent(share: float) -> str:
    """A whole percentage that does not round something to nothing, nor nearly all to all.

    Examples
    --------
    >>> [_percent(x) for x in (0.0, 0.002, 0.154, 0.999, 1.0)]
    ['0', '<1', '15', '>99', '100']
    """
    if 0 < share < 0.005:
        return "<1"
    return ">99" if 0.995 <= share < 1 else f"{100 * share:.0f}"


def _entries(data: WindowsData) -> list[Any]:
    from matplotlib.patches import Patch

    made = [Patch(facecolor="none", edgecolor=VERMILLION, lw=1.8, label="the state at the start")]
    if not data.reached.all():
        look: Any = {"facecolor": "none", "edgecolor": GREY, "lw": 0, "hatch": NOT_COMPUTED_HATCH}
        made.append(Patch(label="play never comes there", **look))
    return made
