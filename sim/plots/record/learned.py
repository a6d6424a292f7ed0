"""What a record teaches: how far it moves each drawn number, with its error.

A dot is the shift of the believed mean in standard deviations before the record, its line two standard
errors. Coloured dots lie further from zero than chance explains for so many numbers; grey ones do not.

Array convention. Arrays have shape ``(rows,)``, the largest shift first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.errors import UsageError
from sim.plots.drawing.legend import legend_beneath
from sim.plots.drawing.style import BLUE, GREY, TEXT, axes_for
from sim.plots.drawing.text import plain, row_size, rows_that_fit, set_labels, set_title, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from sim.beliefs import Learned

MOST_ROWS = 20
"""Rows of a figure of its own."""
WIDTH = 6.4
"""Inches."""
ROW = 0.24
"""Inches of a row."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LearnedData:
    """The numbers of the figure.

    Parameters
    ----------
    names
        Of the numbers shown, those that moved most first.
    shift, error, moved
        In standard deviations before the record, and whether chance does not explain it.
    all_moved, drawn
        How many moved, and how many there are.
    """

    names: tuple[str, ...]
    shift: FloatArray
    error: FloatArray
    moved: BoolArray
    all_moved: int
    drawn: int


def learned_data(found: Sequence[Learned], *, most: int = MOST_ROWS) -> LearnedData:
    """The numbers behind :func:`learned`.

    Raises
    ------
    UsageError
        If nothing was drawn.
    """
    if not found:
        raise UsageError("figure 'learned' needs beliefs of at least one drawn number")
    shown = sorted(found, key=lambda one: (not one.moved, -abs(one.shift)))[:most]
    return LearnedData(
        names=tuple(
            plain(getattr(one, "label", "") or one.name.replace(".yaml:", ":")) for one in shown
        ),
        shift=np.array([one.shift for one in shown]),
        error=np.array([one.error for one in shown]),
        moved=np.array([one.moved for one in shown]),
        all_moved=sum(one.moved for one in found),
        drawn=len(found),
    )


def learned(found: Sequence[Learned], *, ax: Axes | None = None) -> Axes:
    """Draw how far a record moves the numbers that were drawn.

    Parameters
    ----------
    found
        What :func:`sim.beliefs.learned.learned` returns.
    ax
        Axes to draw on; new ones where absent.

    Returns
    -------
    Axes

    Raises
    ------
    UsageError
        If nothing was drawn.

    Examples
    --------
    >>> from types import SimpleNamespace as Record
    >>> one = Record(name="a.weight", shift=0.4, error=0.05, moved=True)
    >>> learned([one]).get_xlabel()
    'shift by the record, in standard deviations before it'
    """
    data = learned_data(found, most=rows_that_fit(ax, ROW, MOST_ROWS))
    height = 1.3 + ROW * len(data.names)
    own = ax is None
    ax = axes_for(ax, WIDTH, height)
    rows = -np.arange(len(data.names), dtype=np.float64)
    for moved, colour, label in ((True, BLUE, "moved"), (False, GREY, "within chance")):
        at = data.moved == moved
        if at.any():
            ax.errorbar(
                data.shift[at],
                rows[at],
                xerr=2 * data.error[at],
                fmt="o",
                color=colour,
                ms=4,
                lw=1.2,
                label=label,
            )
    ax.axvline(0, color=GREY, lw=0.8, zorder=0)
    ax.set_yticks(rows, [wrapped(name, 34) for name in data.names], parse_math=False)
    ax.tick_params(axis="y", length=0, labelsize=row_size(ax, len(data.names)))
    ax.tick_params(axis="x", labelsize=TEXT)
    ax.set_ylim(-len(data.names) + 0.4, 0.6)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    words = "shift by the record, in standard deviations before it"
    set_labels(ax, words)
    set_title(ax, [f"The record moves {data.all_moved} of {data.drawn} drawn numbers"])
    handles, _ = ax.get_legend_handles_labels()
    legend_beneath(ax, handles, height if own else None)
    return ax
