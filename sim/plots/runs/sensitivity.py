"""Which parameters a result's variance comes from: Sobol indices with their intervals.

Per parameter two marks: its first-order index (what fixing it alone would take away of the variance) and
its total index (what it does together with others too). The lines through them are intervals; their
distance is interaction.

Array convention. Arrays have shape ``(parameters,)``, the largest total index first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.errors import UsageError
from sim.labels import labels_of
from sim.plots.drawing.legend import legend_beneath
from sim.plots.drawing.style import BLUE, GREY, ORANGE, TEXT, axes_for
from sim.plots.drawing.text import (
    row_size,
    rows_that_fit,
    set_labels,
    set_title,
    size_rows,
    wrapped,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.records import SobolIndices

MOST_BARS = 15
"""Parameters that are shown at most, the largest total index first."""
LABEL = "share of the variance"
FAINT = "#A0A0A0"
UNSURE = "may be 0"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SensitivityData:
    """The numbers of the figure.

    Parameters
    ----------
    column
        The result.
    paths
        Parameters, the largest total index first.
    first, first_low, first_high, total, total_low, total_high
        Their indices and the ends of the intervals.
    left_out
        How many parameters are not shown.
    """

    column: str
    paths: tuple[str, ...]
    first: FloatArray
    first_low: FloatArray
    first_high: FloatArray
    total: FloatArray
    total_low: FloatArray
    total_high: FloatArray
    left_out: int

    @property
    def noise(self) -> BoolArray:
        """Whether the interval of the total index holds 0."""
        return np.asarray(~(self.total_low > 0))


def sensitivity_data(found: SobolIndices, *, most: int = MOST_BARS) -> SensitivityData:
    """The numbers behind :func:`sensitivity`, with the same arguments.

    Raises
    ------
    UsageError
        If no index is a number, since the result is the same at every point.
    """
    known = [i for i in found.indices if np.isfinite([i.first, i.total]).all()]
    if not known:
        raise UsageError(f"'{found.column}' is the same at every point: there is nothing to draw")
    known.sort(key=lambda i: (-i.total, i.path))
    shown = known[: max(1, most)]
    names = ("first", "first_low", "first_high", "total", "total_low", "total_high")
    columns = {
        name: np.array([getattr(i, name) for i in shown], dtype=np.float64) for name in names
    }
    return SensitivityData(
        column=found.column,
        paths=tuple(i.path for i in shown),
        left_out=len(found.indices) - len(shown),
        **columns,
    )


def sensitivity(
    found: SobolIndices, *, title: str = "", most: int | None = None, ax: Axes | None = None
) -> Axes:
    """Draw the Sobol indices of a result with their intervals, the largest total index on top.

    Parameters
    ----------
    found
        What ``sim.sweeps.analyses.sobol_indices_of_run`` returns.
    title
        The scenario's title.
    most
        How many parameters are shown at most; as many as are legible where absent.
    ax
        Axes to draw on; new ones where absent.

    Returns
    -------
    Axes

    Raises
    ------
    UsageError
        If no index is a number, since the result is the same at every point.

    Examples
    --------
    >>> from types import SimpleNamespace as Record
    >>> one = Record(path="a", first=0.2, first_low=0.1, first_high=0.3,
    ...              total=0.5, total_low=0.4, total_high=0.6)
    >>> sensitivity(Record(column="margin", indices=(one,))).get_xlabel()
    'share of the variance'
    """
    data = sensitivity_data(found, most=rows_that_fit(ax, 0.3, MOST_BARS) if most is None else most)
    height = 1.3 + 0.38 * len(data.paths)
    own = ax is None
    ax = axes_for(ax, 6.0, height)
    y = -np.arange(len(data.paths), dtype=np.float64)
    ax.axvline(0, color=GREY, lw=0.8)
    ends = (data.first, data.first_low, data.first_high)
    sure, name = ~data.noise, labels_of(found).parameter
    handles = _marks(ax, y + 0.14, ends, ORANGE, "s", "alone (first order)", sure)
    ends = (data.total, data.total_low, data.total_high)
    handles += _marks(ax, y - 0.14, ends, BLUE, "o", "with others (total)", sure)
    ax.set_yticks(y, [wrapped(name(path), 30) for path in data.paths], parse_math=False)
    ax.tick_params(axis="y", labelsize=TEXT, length=0)
    ax.set_ylim(-len(y) + 0.4, 0.6)
    rest = f"{data.left_out} more parameters matter less" if data.left_out else ""
    subject = "feasibility" if data.column == "feasible" else data.column
    set_title(ax, [title, f"where the variance of {subject} comes from", rest])
    set_labels(ax, LABEL)
    legend_beneath(ax, handles, height if own else None)
    size_rows(ax, row_size(ax, len(y), 2.0))
    return ax


def _marks(
    ax: Axes,
    y: FloatArray,
    ends: tuple[FloatArray, ...],
    colour: str,
    mark: str,
    label: str,
    sure: BoolArray,
) -> list[Any]:
    """Marks with their intervals, which may lie to one side of them, and their legend entries.

    They are grey where nothing shows an effect.
    """
    middle, low, high = ends
    reach = np.stack([np.maximum(middle - low, 0), np.maximum(high - middle, 0)])
    look: dict[str, Any] = {"fmt": mark, "ms": 5, "lw": 1.6, "capsize": 2.5}
    made = []
    for some, fill, words in ((sure, colour, label), (~sure, FAINT, f"{label}, {UNSURE}")):
        if some.any():
            marks: Any = {"xerr": reach[:, some], "color": fill, "label": words, **look}
            made.append(ax.errorbar(middle[some], y[some], **marks))
    return made
