"""What waiting is worth against each deal, in one state of the world.

A deal is a row; each principal has a mark at the median over the draws of its gain of signing now over
waiting, and a bar over the middle half. Right of the line it signs, left of it it waits; a deal is signed in
the draws in which nobody is left of it.

Array convention. ``quantiles`` has shape ``(3, principals, deals)``: lower quarter, median, upper quarter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.labels import labels_of
from sim.plots.drawing.legend import labels_and_legend
from sim.plots.drawing.style import GREY, INK, PALETTE, TEXT, axes_for, root_figure
from sim.plots.drawing.text import (
    fitted,
    frame_of,
    percent,
    plain,
    renderer_of,
    set_labels,
    set_title,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.dynamics.waiting import Waiting

WIDTH, ROW = 7.0, 0.5
"""Width of a figure of its own and height of a row, in inches."""
QUARTERS = (0.25, 0.5, 0.75)
"""Quantiles that a bar and its mark show."""
MARKS = ("o", "s", "D", "^", "v", "P", "X")
NAMES = 0.38
"""Share of the width that names of deals may take."""
LEFT = 0.8
"""Share of the height of axes that were given which title and legend leave."""
SIZES = (8.0, 7.0, 6.0, 5.0)
"""Sizes of the letters of names that are tried, in points; smaller ones are not legible."""
LINE = 1.3
"""Height of a line as a multiple of its letters'."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WaitingData:
    """The numbers of a waiting figure.

    Parameters
    ----------
    title, state
        Of the scenario, and the state that is looked at.
    principals, deals
        Who compares what.
    quantiles
        Of the gain of signing now over waiting, in payoff spreads.
    all_gain
        Share of the draws in which nobody loses by signing the deal, could it enter into force.
    open
        Share of the draws in which it could.
    signs
        Mean chance that something is signed there.
    """

    title: str
    state: str
    principals: tuple[str, ...]
    deals: tuple[str, ...]
    quantiles: FloatArray
    all_gain: FloatArray
    open: FloatArray
    signs: float


def waiting_data(found: Waiting) -> WaitingData:
    """The numbers behind :func:`waiting`."""
    book = labels_of(found)
    return WaitingData(
        title=found.title,
        state=book.say(found.state),
        principals=tuple(map(book.say, found.principals)),
        deals=tuple(map(book.say, found.deals)),
        quantiles=np.quantile(found.gains, QUARTERS, axis=2),
        all_gain=np.asarray((found.gains >= 0).all(axis=0).mean(axis=1)),
        open=found.open,
        signs=found.signs,
    )


def waiting(found: Waiting, *, ax: Axes | None = None) -> Axes:
    """Draw what signing is worth over waiting, deal by deal.

    Parameters
    ----------
    found
        What ``sim.dynamics.waiting.waiting_of`` returns.
    ax
        Axes to draw on; new ones where absent.

    Returns
    -------
    Axes

    Examples
    --------
    >>> from types import SimpleNamespace as Record
    >>> found = Record(title="T", state="open", principals=("a", "b"), deals=("peace",), signs=0.5,
    ...     gains=np.array([[[0.1, 0.2]], [[-0.1, 0.3]]]), open=np.ones(1))
    >>> waiting_data(found).all_gain
    array([0.5])
    >>> waiting(found).get_xlabel()
    'gain of signing now over waiting, in payoff spreads'
    """
    every = waiting_data(found)
    height = 1.6 + ROW * max(len(every.deals), 1)
    own = ax is None
    ax = axes_for(ax, WIDTH, height)
    room = _room(ax)
    data, names, size = _that_fit(ax, every, 1.0 if own else LEFT, room)
    count = len(data.principals)
    ax.axvline(0, color=INK, lw=1.4, zorder=2)
    handles = [_marks(ax, data, i, (i - (count - 1) / 2) * 0.5 / count) for i in range(count)]
    for y in range(1, len(data.deals)):
        ax.axhline(y - 0.5, color=GREY, lw=0.3, zorder=0)
    _name_rows(ax, names, size)
    ax.tick_params(axis="x", labelsize=TEXT)
    ax.margins(x=0.06)
    labels = ("gain of signing now over waiting, in payoff spreads", "")
    set_labels(ax, *labels)
    labels_and_legend(ax, labels, handles, height if own else None)
    _entitle(ax, every, len(names))
    for _ in range(len(names)):  # title and legend may have left less height than was thought
        fitting, names, size = _that_fit(ax, data, 1.0, room)
        if len(fitting.deals) == len(data.deals):
            break
        data = fitting
        _name_rows(ax, names, size)
        _entitle(ax, every, len(names))
    _name_rows(ax, names, size)
    return ax


def _name_rows(ax: Axes, names: list[str], size: float) -> None:
    """The rows of the first deals, with their names."""
    ax.set_ylim(max(len(names), 1) - 0.5, -0.5)
    ax.set_yticks(range(len(names)), names, parse_math=False)
    ax.tick_params(axis="y", length=0, labelsize=size)


def _entitle(ax: Axes, data: WaitingData, rows: int) -> None:
    """A title that says how many deals are left out."""
    caption = f"{data.state}: something is signed there with a chance of {percent(data.signs)}"
    left = len(data.deals) - rows
    shown = f"; {left} more deals do not fit" if left > 1 else "; one more deal does not fit" * left
    set_title(ax, [data.title, caption, f"medians and middle halves of the draws{shown}"])


def _room(ax: Axes) -> float:
    """Pixels across that names may take: a share of the width that axes have without names."""
    renderer_of(ax)
    x0, _, x1, _ = frame_of(ax)
    return NAMES * (x1 - x0)


def _that_fit(
    ax: Axes, data: WaitingData, share: float, room: float
) -> tuple[WaitingData, list[str], float]:
    """The first deals whose names fit, the names, and the size of their letters.

    They are to fit into so much of the height of the axes as is left beside title and legend, and across
    into ``room`` pixels.
    """
    renderer_of(ax)
    _, y0, _, y1 = frame_of(ax)
    points = share * (y1 - y0) * 72 / root_figure(ax).dpi
    for rows in range(len(data.deals), 0, -1):
        for size in SIZES:
            names = _names(ax, data, rows, size, room)
            lines = max(name.count("\n") + 1 for name in names)
            if (rows, size) == (1, SIZES[-1]) or LINE * size * lines * rows <= points:
                return _first(data, rows), names, size
    return data, [], float(TEXT)


def _first(data: WaitingData, rows: int) -> WaitingData:
    return replace(
        data,
        deals=data.deals[:rows],
        quantiles=data.quantiles[:, :, :rows],
        all_gain=data.all_gain[:rows],
        open=data.open[:rows],
    )


def _names(ax: Axes, data: WaitingData, rows: int, size: float, room: float) -> list[str]:
    """The first deals with their shares, broken so that they fit across."""
    renderer = renderer_of(ax)
    shares = zip(data.deals[:rows], data.all_gain, data.open, strict=False)
    texts = [
        (deal, f"nobody loses: {_percent(share)}; possible: {_percent(can)}")
        for deal, share, can in shares
    ]
    return ["\n".join(fitted(ax, text, size, room, renderer) for text in pair) for pair in texts]


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _marks(ax: Axes, data: WaitingData, i: int, shift: float) -> Any:
    """The marks of one principal."""
    low, middle, high = data.quantiles[:, i]
    look: Any = {"color": PALETTE[i % len(PALETTE)], "zorder": 3}
    y = np.arange(len(data.deals)) + shift
    ax.hlines(y, low, high, lw=2.2, alpha=0.55, **look)
    label = plain(data.principals[i])
    (made,) = ax.plot(middle, y, MARKS[i % len(MARKS)], ms=5, mec=INK, mew=0.5, label=label, **look)
    return made
