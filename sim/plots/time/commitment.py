"""What becomes of a promise: signed, handed over, broken, or not yet due, year by year.

The areas add up to the chance that a treaty has been signed; the dashed line is the static game's, in which
nobody asks what becomes of a promise.

Array convention. ``shares`` has shape ``(3, years)``: handed over, not yet due, broken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.percent import percent
from sim._kernels.tolerance import FloatArray
from sim.plots.drawing.legend import labels_and_legend
from sim.plots.drawing.style import GREEN, INK, NONE, VERMILLION, axes_for
from sim.plots.drawing.text import set_labels, set_title
from sim.plots.time._years import unit_of, year_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.dynamics import Forecast

WIDTH, HEIGHT = 7.0, 3.6
"""Size of a figure of its own, in inches."""
PARTS = (
    ("handed over", GREEN, ""),
    ("signed, not yet due", NONE, ".."),
    ("broken", VERMILLION, "xx"),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CommitmentData:
    """The numbers of a commitment figure.

    Parameters
    ----------
    title, years, unit
        Of the scenario, the years, and whether years are counted or periods.
    promised
        Whether treaties promise something for later.
    shares
        Chances that the first treaty has been handed over, is not yet due, or has been broken.
    static
        Chance of a signature if the static game were played each year.
    """

    title: str
    years: FloatArray
    unit: str
    promised: bool
    shares: FloatArray
    static: FloatArray


def commitment_data(found: Forecast) -> CommitmentData:
    """The numbers behind :func:`commitment`."""
    kept, broken, by = (np.asarray(x).mean(axis=1) for x in (found.kept, found.broken, found.by))
    waiting = np.maximum(by - kept - broken, 0.0)
    return CommitmentData(
        title=found.title,
        years=np.array(found.years, dtype=np.float64),
        unit=unit_of(found),
        promised=found.promised,
        shares=np.stack([kept, waiting, broken]),
        static=found.static.mean(axis=1),
    )


def commitment(found: Forecast, *, ax: Axes | None = None) -> Axes:
    """Draw what becomes of what was signed.

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
    >>> by = np.array([[0.2], [0.6]])
    >>> found = Record(title="T", years=(2030, 2031), by=by, static=by, promised=True,
    ...     kept=np.array([[0.0], [0.1]]), broken=np.array([[0.0], [0.2]]))
    >>> commitment_data(found).shares[:, 1].round(2)
    array([0.1, 0.3, 0.2])
    >>> commitment(found).get_xlabel()
    'year'
    """
    data = commitment_data(found)
    own = ax is None
    ax = axes_for(ax, WIDTH, HEIGHT)
    tops = np.cumsum(data.shares, axis=0)
    handles: list[Any] = []
    for (name, color, hatch), low, high in zip(PARTS, tops - data.shares, tops, strict=True):
        look: Any = {"facecolor": color, "hatch": hatch, "edgecolor": INK, "lw": 0.4}
        handles.append(ax.fill_between(data.years, low, high, label=name, gid=name, **look))
    words = "signed, if nobody looked ahead"
    handles += ax.plot(data.years, data.static, color=INK, ls=(0, (4, 2)), lw=1.2, label=words)
    year_axis(ax, data.years)
    ax.set_ylim(0, 1)
    labels = (data.unit, f"chance by the end of the {data.unit}")
    set_labels(ax, *labels)
    kept, _, broken = data.shares[:, -1]
    caption = (
        f"signed {percent(float(tops[-1, -1]))}, handed over {percent(float(kept))}, broken "
        f"{percent(float(broken))} by {'period ' * (data.unit == 'period')}{data.years[-1]:.0f}"
        if data.promised
        else "nothing is promised for later: what is signed is handed over"
    )
    labels_and_legend(ax, labels, handles, HEIGHT if own else None)
    set_title(ax, [data.title, caption])
    return ax
