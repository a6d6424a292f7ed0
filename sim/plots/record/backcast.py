"""The scoreboard of a backcast: observed against predicted, and how much of it rests on exact numbers.

One row per dispute. The bar is its robust share: the share of the parameter ranges that gives what was
observed, in the colour of the predicted class. Beside it stand the observed and the predicted class, each
with the actor that blocked or binds, and whether both agree.

Array convention. Arrays have shape ``(rows,)``, in the order of the scoreboard.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.errors import UsageError
from sim.plots.drawing.legend import legend_beneath
from sim.plots.drawing.style import (
    BLUE,
    INK,
    TEXT,
    VERMILLION,
    Style,
    axes_for,
    patch,
    root_figure,
    styles,
)
from sim.plots.drawing.text import (
    frame_of,
    plain,
    row_size,
    set_labels,
    set_title,
    size_rows,
    wrapped,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

OBSERVED, PREDICTED, MARK, RIGHT_END = 1.28, 1.76, 2.14, 2.28
"""Where the columns stand, and where the table ends, in widths of the first column."""
WIDE = 0.44
"""Width of a cell, in the same unit."""
LETTERS = 11
"""Letters of a name that a cell has room for."""


class RowLike(Protocol):
    """One dispute of a backcast."""

    @property
    def name(self) -> str:
        """The file."""

    @property
    def observed(self) -> str:
        """The class that was observed."""

    @property
    def predicted(self) -> str:
        """The class that was predicted."""

    @property
    def observed_binding(self) -> str | None:
        """The actor that blocked it."""

    @property
    def lifting(self) -> str:
        """What blocks: ``only A``, ``either`` and the like, or ``nothing``."""

    @property
    def right(self) -> bool:
        """Whether the model says what was observed."""

    @property
    def singled(self) -> bool | None:
        """Whether the model singles out who blocked; ``None`` where that is no question."""

    @property
    def robust_share(self) -> float:
        """Share of the parameter ranges that gives what was observed."""


class BoardLike(Protocol):
    """The part of a scoreboard that this figure reads."""

    @property
    def rows(self) -> Sequence[RowLike]:
        """One per dispute."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BackcastData:
    """The numbers of a scoreboard.

    Parameters
    ----------
    names
        Files without their ending.
    observed, predicted
        Per row the class, and the actor or an empty text.
    right, several
        Whether a row is right, and whether so but for one of several that block, ``(rows,)``.
    robust
        Robust share, shape ``(rows,)``, between 0 and 1.
    """

    names: tuple[str, ...]
    observed: tuple[tuple[str, str], ...]
    predicted: tuple[tuple[str, str], ...]
    right: BoolArray
    several: BoolArray
    robust: FloatArray


def backcast_data(board: BoardLike) -> BackcastData:
    """The numbers behind :func:`backcast`.

    Raises
    ------
    UsageError
        If the scoreboard has no row.
    """
    if not board.rows:
        raise UsageError("figure 'backcast' needs scenarios with an observed outcome")
    rows = board.rows
    return BackcastData(
        names=tuple(plain(row.name.removesuffix(".yaml")) for row in rows),
        observed=tuple((plain(row.observed), plain(row.observed_binding or "")) for row in rows),
        predicted=tuple((plain(row.predicted), plain(_blocks(row))) for row in rows),
        right=np.array([row.right for row in rows], dtype=np.bool_),
        several=np.array([row.right and _several(row) for row in rows], dtype=np.bool_),
        robust=np.array([row.robust_share for row in rows], dtype=np.float64),
    )


def _several(row: RowLike) -> bool:
    """Whether lifting what another actor needs would be as good."""
    return getattr(row, "singled", None) is False


def _blocks(row: RowLike) -> str:
    """Who blocks, briefly."""
    return "" if row.lifting == "nothing" else row.lifting.removeprefix("only ")


def backcast(board: BoardLike, *, ax: Axes | None = None) -> Axes:
    """Draw the scoreboard of a backcast: robust share, observed and predicted, right or wrong.

    Parameters
    ----------
    board
        What :func:`sim.backcast` returns.
    ax
        Axes to draw on; new ones where absent.

    Returns
    -------
    Axes

    Raises
    ------
    UsageError
        If the scoreboard has no row.

    Examples
    --------
    >>> from types import SimpleNamespace as Record
    >>> row = Record(name="1956.yaml", observed="interim", predicted="interim",
    ...              observed_binding="tokyo", lifting="only tokyo", right=True, robust_share=0.8)
    >>> backcast(Record(rows=[row])).get_xlabel()
    'robust share'
    """
    data = backcast_data(board)
    height = 0.9 + 0.36 * len(data.names)
    own = ax is None
    ax = axes_for(ax, 6.4, height)
    fills = styles(sorted({label for label, _ in (*data.observed, *data.predicted)}))
    _frame(ax, data)
    size_rows(ax, row_size(ax, len(data.names), 2.0))
    set_labels(ax, "robust share")
    more = int(data.several.sum())
    title = [f"Backcast: {int(data.right.sum()) - more} of {len(data.names)} right"]
    if more:
        title.append(f"in brackets, {more} more: the class, and one of several that block")
    set_title(ax, title)
    ax.xaxis.label.set_x(0.5 / RIGHT_END)
    handles: list[Any] = [patch(style, plain(label)) for label, style in fills.items()]
    legend_beneath(ax, handles, height if own else None)
    size = min(row_size(ax, len(data.names) + 0.7, 2.3), _cell_width(ax) / (0.64 * LETTERS))
    for k in range(len(data.names)):
        _row(ax, data, k, fills, size)
    for x, word in ((OBSERVED, "observed"), (PREDICTED, "predicted")):
        ax.text(x, 0.55, word, ha="center", va="bottom", fontsize=size)
    return ax


def _frame(ax: Axes, data: BackcastData) -> None:
    ax.set_yticks(
        range(0, -len(data.names), -1), [wrapped(name, 24) for name in data.names], parse_math=False
    )
    ax.tick_params(axis="y", length=0, labelsize=TEXT)
    ax.set_xticks([0, 0.5, 1], ["0 %", "50 %", "100 %"], fontsize=TEXT)
    ax.set_xlim(0, RIGHT_END)
    ax.set_ylim(-len(data.names) + 0.45, 1.05)
    ax.vlines([0.5, 1.0], -len(data.names) + 0.45, 0.5, color="#CCCCCC", lw=0.7, zorder=0)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)


def _row(ax: Axes, data: BackcastData, k: int, fills: dict[str, Style], size: float) -> None:
    """A bar, two cells and a mark."""
    fill, share = fills[data.predicted[k][0]], float(data.robust[k])
    ax.barh(-k, share, height=0.62, zorder=2, **fill.look)
    inside = share > 0.35
    ax.text(
        share - 0.02 if inside else share + 0.02,
        -k,
        f"{share:.0%}",
        ha="right" if inside else "left",
        va="center",
        fontsize=size,
        bbox={"boxstyle": "round,pad=0.1", "fc": "white", "alpha": 0.85, "lw": 0},
        zorder=4,
    )
    for x, (label, actor) in ((OBSERVED, data.observed[k]), (PREDICTED, data.predicted[k])):
        _cell(ax, x, -k, fills[label], (label, actor), size)
    mark, colour = ("\N{CHECK MARK}", BLUE) if data.right[k] else ("\N{BALLOT X}", VERMILLION)
    mark = f"({mark})" if data.several[k] else mark
    ax.text(
        MARK, -k, mark, color=colour, ha="center", va="center", weight="bold", fontsize=1.4 * size
    )


def _cell(ax: Axes, x: float, y: float, fill: Style, words: tuple[str, str], size: float) -> None:
    """A class in its colour, with the actor beneath."""
    from matplotlib.patches import Rectangle

    box = Rectangle((x - WIDE / 2, y - 0.42), WIDE, 0.84, facecolor=fill.colour, lw=0, zorder=1)
    ax.add_patch(box)
    lines = [
        w if len(w) <= LETTERS else w[: LETTERS - 1] + "\N{HORIZONTAL ELLIPSIS}" for w in words
    ]
    ax.text(
        x,
        y,
        "\n".join(line for line in lines if line),
        color=_ink(fill.colour),
        ha="center",
        va="center",
        fontsize=size,
        linespacing=1.1,
        parse_math=False,
        zorder=3,
    )


def _cell_width(ax: Axes) -> float:
    """Of a cell, in points."""
    x0, _, x1, _ = frame_of(ax)
    return float((x1 - x0) * 72 / root_figure(ax).dpi * WIDE / RIGHT_END)


def _ink(colour: str) -> str:
    """Black or white letters, whichever reads better on a colour."""
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return INK if 0.299 * red + 0.587 * green + 0.114 * blue > 125 else "#FFFFFF"
