"""Win-sets: what each principal could bring home, and where the win-sets overlap.

One row per position of an issue, one column per principal. A cell holds the best that any treaty with that
position does for that principal: the lowest of its gain and its slacks at home. The column ``all at once``
asks that of one and the same treaty for every principal: the overlap of the win-sets. The last column adds
what must hold abroad. A value of 0 within tolerance is the knife-edge: neither inside nor outside.

Array convention. Values have shape ``(positions, columns)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.tolerance import RELATIVE, FloatArray
from sim.errors import UsageError, suggest
from sim.labels import labels_of
from sim.plots.drawing.legend import legend_beneath
from sim.plots.drawing.style import (
    INK,
    KNIFE_EDGE,
    NO,
    PALE,
    TEXT,
    YES,
    Style,
    axes_for,
    patch,
    root_figure,
    styles,
)
from sim.plots.drawing.text import (
    frame_of,
    plain,
    renderer_of,
    row_size,
    set_labels,
    set_title,
    signed,
    text_size,
    wrapped,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.views import WinSets

INSIDE, OUTSIDE = YES, NO
EDGE = styles([KNIFE_EDGE])[KNIFE_EDGE]
OVERLAP, ABROAD = "all at once", "and abroad"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WinSetsData:
    """The numbers of a win-set figure.

    Parameters
    ----------
    issue, positions
        The issue, and those of its positions that a treaty takes.
    columns
        The principals, the overlap, and what must hold abroad.
    values
        Shape ``(positions, columns)``, in units of payoff spread or of a constraint's own scale.
    title
        The scenario's title, and which stances of third parties are meant.
    """

    issue: str
    positions: tuple[str, ...]
    columns: tuple[str, ...]
    values: FloatArray
    title: str


def win_sets_data(sets: WinSets, *, issue: str | None = None) -> WinSetsData:
    """The numbers behind :func:`win_sets`, with the same arguments.

    Raises
    ------
    UsageError
        If the file has no treaty, or the issue is unknown.
    """
    treaties = np.flatnonzero(sets.treaties)
    if not treaties.size:
        raise UsageError("figure 'win_sets' shows treaties, and this file has no treaty")
    names = list(sets.issues)
    if issue is not None and issue not in names:
        raise UsageError(f"'{issue}' is not an issue of this file{suggest(issue, names)}")
    taken = sets.positions[treaties]
    spread = [len(np.unique(taken[:, k])) for k in range(len(names))]
    column = int(np.argmax(spread)) if issue is None else names.index(issue)
    lowest = np.vstack([sets.home, sets.home.min(axis=0)])
    lowest = np.vstack([lowest, np.minimum(lowest[-1], sets.abroad)])[:, treaties]
    present = np.unique(taken[:, column])
    book, issue = labels_of(sets), names[column]
    return WinSetsData(
        issue=plain(book.at(f"issues.{issue}") or issue),
        positions=tuple(
            plain(book.at(f"issues.{issue}.{p}", short=True) or p)
            for p in (sets.issues[issue][int(k)] for k in present)
        ),
        columns=(*(plain(book.actor(p)) for p in sets.principals), OVERLAP, ABROAD),
        values=np.stack([lowest[:, taken[:, column] == p].max(axis=1) for p in present]),
        title="\n".join(filter(None, [sets.title, book.prose(sets.stances)])),
    )


def win_sets(sets: WinSets, *, issue: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw which positions of an issue each principal could bring home, and where that overlaps.

    Parameters
    ----------
    sets
        What :func:`sim.views.win_sets` returns.
    issue
        The issue whose positions are the rows; the one with most positions where absent.
    ax
        Axes to draw on; new ones where absent.

    Returns
    -------
    Axes

    Raises
    ------
    UsageError
        If the file has no treaty, or the issue is unknown.

    Notes
    -----
    Source: [putnam1988]_.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> sets = SimpleNamespace(
    ...     title="T", stances="", principals=("east", "west"), issues={"land": ("none", "some", "all")},
    ...     positions=np.array([[0], [1], [2]]), treaties=np.array([False, True, True]),
    ...     home=np.array([[0, 0.1, 0.4], [0, 0.2, -0.3]]), abroad=np.array([np.inf] * 3),
    ... )
    >>> from sim.plots.disputes.win_sets import win_sets_data
    >>> win_sets_data(sets).values[:, 2]
    array([ 0.1, -0.3])
    >>> win_sets(sets).get_ylabel()
    'land'
    """
    data = win_sets_data(sets, issue=issue)
    rows, columns = data.values.shape
    height = 1.2 + 0.36 * rows
    own = ax is None
    ax = axes_for(ax, 2.0 + 0.95 * columns, height)
    ax.set_xlim(-0.5, columns - 0.5)
    ax.set_ylim(rows - 0.5, -0.5)
    ax.set_yticks(
        range(rows), [wrapped(name, 20) for name in data.positions], fontsize=TEXT, parse_math=False
    )
    _columns(ax, data)
    ax.tick_params(length=0)
    _cells(ax, data)
    set_labels(ax, "best treaty: lowest gain or slack", data.issue)
    set_title(ax, data.title.split("\n"))
    met = {_fill(float(value)) for value in data.values.ravel()}
    words = {INSIDE: "in the win-set", OUTSIDE: "outside", EDGE: f"{KNIFE_EDGE}: neither"}
    handles: list[Any] = [patch(fill, word) for fill, word in words.items() if fill in met]
    legend_beneath(ax, handles, height if own else None)
    _sizes(ax, rows, columns)
    return ax


def _fill(value: float) -> Style:
    if abs(value) <= RELATIVE:
        return EDGE
    return INSIDE if value > 0 else OUTSIDE


def _columns(ax: Axes, data: WinSetsData) -> None:
    """Names beneath the columns, upright where they would meet one another."""
    names = [wrapped(name, 12) for name in data.columns]
    ax.set_xticks(range(len(names)), names, fontsize=TEXT, parse_math=False)
    x0, _, x1, _ = frame_of(ax)
    renderer = renderer_of(ax)
    widest = max(text_size(ax, name, TEXT, renderer)[0] for name in names)
    if widest > (x1 - x0) / len(names):
        ax.set_xticks(range(len(names)), data.columns, fontsize=TEXT, rotation=90, parse_math=False)


def _cells(ax: Axes, data: WinSetsData) -> None:
    from matplotlib.patches import Rectangle

    for (row, column), value in np.ndenumerate(data.values):
        fill = _fill(float(value))
        ax.add_patch(Rectangle((column - 0.47, row - 0.44), 0.94, 0.88, **fill.look))
        text = "any" if np.isinf(value) else "0" if fill == EDGE else signed(value)
        box = {"boxstyle": "round,pad=0.12", "fc": "white", "alpha": 0.88, "lw": 0}
        ax.text(column, row, text, ha="center", va="center", fontsize=TEXT, bbox=box, color=INK)
    ax.axvline(len(data.columns) - 2.5, color=INK, lw=1.6)
    ax.set_facecolor(PALE)


def _sizes(ax: Axes, rows: int, columns: int) -> None:
    """Letters that fit the rows and the columns."""
    size = row_size(ax, rows, 1.3)
    x0, _, x1, _ = frame_of(ax)
    room = (x1 - x0) * 72 / root_figure(ax).dpi / columns
    ax.tick_params(axis="y", labelsize=size)
    for text in ax.texts:
        text.set_fontsize(max(3.5, min(size, room / 3.6)))
