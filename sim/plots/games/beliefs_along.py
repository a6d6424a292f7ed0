"""Beliefs along a parameter: what each message makes others believe as a number moves, and what comes of it.

A mark for every equilibrium outcome at every value: what is believed of the sender's first type after each
message that is sent, filled, and after one that is not, open; the chance of a treaty as crosses. Several
marks of a kind at one value are several equilibria. The dotted line is what is believed before.

Array convention. Marks are pairs of arrays of one length.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.plots.drawing.legend import legend_beneath
from sim.plots.drawing.style import INK, TEXT, axes_for, styles
from sim.plots.drawing.text import plain, set_labels, set_title, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from matplotlib.axes import Axes

SHAPES = "osD^v<>p"
"""Markers of messages, in their order."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BeliefsAlongData:
    """The numbers of a figure of beliefs along a parameter.

    Parameters
    ----------
    title, path, unit
        Of the scenario; the parameter.
    who
        Whose type is believed in, and which.
    at
        Per message the values at which something is believed, with ``belief`` and whether it is ``sent``.
    belief, sent
        As above.
    treaty_at, treaty
        The chance of a treaty in every outcome.
    values, before
        All values, and what is believed before.
    here
        The scenario's own value.
    """

    title: str
    path: str
    unit: str
    who: str
    at: Mapping[str, FloatArray]
    belief: Mapping[str, FloatArray]
    sent: Mapping[str, BoolArray]
    treaty_at: FloatArray
    treaty: FloatArray
    values: FloatArray
    before: FloatArray
    here: float


def beliefs_along_data(along: Any) -> BeliefsAlongData:
    """The numbers behind :func:`beliefs_along`."""
    sender, kind = _first_type(along)
    rows: dict[str, list[tuple[float, float, bool]]] = {}
    treaties: list[tuple[float, float]] = []
    before = np.full(len(along.values), np.nan)
    for k, (value, found) in enumerate(zip(along.values, along.found, strict=True)):
        for outcome in found.outcomes:
            treaties.append((value, outcome.treaty))
            before[k] = sum(a.chance * a.beliefs.get(kind, 0.0) for a in outcome.after
                            if a.sender == sender)  # fmt: skip
            for after in outcome.after:
                if after.sender == sender and after.beliefs:
                    row = (value, after.beliefs.get(kind, 0.0), after.chance > 0)
                    rows.setdefault(after.message, []).append(row)
    table = np.array(treaties, dtype=np.float64).reshape(-1, 2)
    return BeliefsAlongData(
        title=plain(along.title),
        path=along.path,
        unit=along.unit,
        who=plain(f"{sender} is {kind}" if kind else ""),
        at={m: np.array([r[0] for r in own]) for m, own in rows.items()},
        belief={m: np.array([r[1] for r in own]) for m, own in rows.items()},
        sent={m: np.array([r[2] for r in own], dtype=np.bool_) for m, own in rows.items()},
        treaty_at=table[:, 0],
        treaty=table[:, 1],
        values=along.values,
        before=before,
        here=along.here,
    )


def _first_type(along: Any) -> tuple[str, str]:
    """The first sender with types, and its first type."""
    for found in along.found:
        for outcome in found.outcomes:
            for actor, rows in outcome.messages.items():
                if name := next(filter(None, rows), ""):
                    return actor, name
    return "", ""


def beliefs_along(along: Any, *, ax: Axes | None = None) -> Axes:
    """Draw what messages make others believe as one parameter moves.

    Parameters
    ----------
    along
        What :func:`sim.views.along_range` returns.
    ax
        Axes to draw on; new ones where absent.

    Returns
    -------
    Axes

    Examples
    --------
    >>> from types import SimpleNamespace as Record
    >>> after = Record(sender="a", message="vow", chance=0.5, beliefs={"hard": 0.75})
    >>> outcome = Record(treaty=0.5, messages={"a": {"hard": {"vow": 1.0}}}, after=(after,))
    >>> along = Record(title="T", path="p", unit="", values=np.array([0.5]), here=0.5,
    ...                found=(Record(outcomes=(outcome,)),))
    >>> beliefs_along(along).get_xlabel()
    'p'
    """
    data = beliefs_along_data(along)
    own = ax is None
    ax = axes_for(ax, 6.0, 3.6)
    ax.set_ylim(-0.04, 1.04)
    fills = styles(data.at)
    for shape, message in zip(SHAPES * len(data.at), data.at, strict=False):
        for sent, face in ((True, fills[message].colour), (False, "none")):
            which = data.sent[message] == sent
            ax.plot(data.at[message][which], data.belief[message][which], shape, ms=4.5, ls="",
                    color=fills[message].colour, markerfacecolor=face, gid=message)  # fmt: skip
    ax.plot(data.treaty_at, data.treaty, "x", ms=4, color=INK, ls="", gid="treaty")
    if data.who:
        ax.plot(data.values, data.before, ":", color=INK, lw=1.0, gid="before")
    if len(data.values) and data.values.min() <= data.here <= data.values.max():
        ax.axvline(data.here, color=INK, lw=0.8, ls="--", gid="own")
    ax.tick_params(labelsize=TEXT)
    set_labels(ax, f"{data.path} ({data.unit})" if data.unit else data.path, "probability")
    what = f"what is believed: {data.who}" if data.who else "what comes of it"
    set_title(ax, [data.title, what])
    legend_beneath(ax, [*_entries(data, fills)], 3.6 if own else None)
    return ax


def _entries(data: BeliefsAlongData, fills: Any) -> Iterator[Any]:
    from matplotlib.lines import Line2D

    for shape, message in zip(SHAPES * len(data.at), data.at, strict=False):
        colour = fills[message].colour
        label = wrapped(f"after '{plain(message)}'", 30)
        yield Line2D([], [], marker=shape, ls="", color=colour, ms=4.5, label=label)
    if any(not sent.all() for sent in data.sent.values()):
        yield Line2D([], [], marker="o", ls="", color=INK, markerfacecolor="none", ms=4.5,
                     label="open: never sent")  # fmt: skip
    yield Line2D([], [], marker="x", ls="", color=INK, ms=4, label="chance of a treaty")
    if data.who:
        yield Line2D([], [], ls=":", color=INK, lw=1.0, label="before any message")
    yield Line2D([], [], ls="--", color=INK, lw=0.8, label="scenario's value")
