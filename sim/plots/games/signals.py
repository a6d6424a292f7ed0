"""Signals: which type sends what, and what each message makes the others believe.

Above, a bar per type of a sender, cut into the messages that it sends. Below, a bar of what the others
believe before any message, and one for every message, cut into the sender's types; a message that nobody
sends is hatched on grey, its beliefs being those of the equilibrium that is drawn. Of several equilibrium
outcomes the one with the likeliest treaty is drawn, and the title says so.

Array convention. Shares have shape ``(rows, parts)``; every row adds up to 1, or to 0 where nothing is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.percent import percent
from sim._kernels.tolerance import BoolArray, FloatArray
from sim.plots.drawing.legend import legend_beneath
from sim.plots.drawing.style import (
    GREY,
    INK,
    NOT_COMPUTED_HATCH,
    PALE,
    TEXT,
    Style,
    axes_for,
    patch,
    styles,
)
from sim.plots.drawing.text import PLATE, plain, set_labels, set_title, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

BAR = 0.62
"""Height of a bar, in rows."""
WRITTEN = 0.08
"""Share from which on a part of a bar bears its number."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SignalsData:
    """The numbers of a figure of signals.

    Parameters
    ----------
    title, subtitle
        Of the scenario; which equilibrium is drawn.
    rows
        What stands beside every bar, from the top.
    parts
        Per row the names of its parts.
    shares
        Per row the shares of its parts.
    sent
        Per row whether it happens at all.
    split
        The number of rows that say who sends what.
    messages
        All messages in the order of the file, sent or not: by it they are coloured, in every figure alike.
    """

    title: str
    subtitle: str
    rows: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...]
    shares: tuple[FloatArray, ...]
    sent: BoolArray
    split: int
    messages: tuple[str, ...]


def signals_data(private: Any) -> SignalsData:
    """The numbers behind :func:`signals`."""
    outcomes = private.prediction.outcomes
    first = outcomes[0]
    said, believed = [*_said(private, first)], [*_believed(private, first)]
    rows = [*said, *believed]
    many = "" if len(outcomes) == 1 else f" (1 of {len(outcomes)} outcomes)"
    kind = f"{first.kind}: " if first.kind else ""
    return SignalsData(
        title=plain(private.title),
        subtitle=f"{kind}treaty {percent(first.treaty)}{many}",
        rows=tuple(name for name, _, _ in rows),
        parts=tuple(tuple(map(plain, shares)) for _, shares, _ in rows),
        shares=tuple(np.array(list(shares.values()), dtype=np.float64) for _, shares, _ in rows),
        sent=np.array([sent for _, _, sent in rows], dtype=np.bool_),
        split=len(said),
        messages=tuple(plain(after.message) for after in first.after),
    )


Row = tuple[str, dict[str, float], bool]


def _said(private: Any, outcome: Any) -> Iterator[Row]:
    """A bar per sender and type."""
    for actor, rows in outcome.messages.items():
        for name, shares in rows.items():
            who = private.labelled.actor(actor)
            yield plain(f"{who}, {name}" if name else who), dict(shares), True


def _believed(private: Any, outcome: Any) -> Iterator[Row]:
    """A bar for what is believed before, and one for every message."""
    for actor, rows in outcome.messages.items():
        before: dict[str, float] = dict.fromkeys(filter(None, rows), 0.0)
        for one in private.types:
            name = one.profile.types.get(actor, "")
            if name:
                before[name] = before.get(name, 0.0) + one.profile.chance
        if before:
            yield plain(f"believed of {private.labelled.actor(actor)} before"), before, True
        for after in outcome.after:
            if after.sender == actor:
                often = percent(after.chance) if after.chance else "never sent"
                label = plain(f"after '{after.message}' ({often})")
                yield label, dict(after.beliefs), bool(after.chance)


def signals(private: Any, *, ax: Axes | None = None) -> Axes:
    """Draw which type sends what, and what each message makes the others believe.

    Parameters
    ----------
    private
        The private information of a dispute: ``sim.explain(scenario).private``.
    ax
        Axes to draw on; new ones where absent.

    Returns
    -------
    Axes

    Examples
    --------
    >>> from types import SimpleNamespace as Record
    >>> from sim.labels import NO_LABELS
    >>> after = Record(sender="a", message="vow", chance=0.5, beliefs={"hard": 1.0}, answers={})
    >>> outcome = Record(kind="pooling", treaty=0.5, messages={"a": {"hard": {"vow": 1.0}}}, after=(after,))
    >>> types = (Record(profile=Record(types={"a": "hard"}, chance=1.0)),)
    >>> found = Record(
    ...     title="T", types=types, prediction=Record(outcomes=(outcome,)), labelled=NO_LABELS
    ... )
    >>> signals(found).get_xlabel()
    'probability'
    """
    data = signals_data(private)
    n = len(data.rows)
    height = 1.5 + 0.42 * n
    own = ax is None
    ax = axes_for(ax, 6.0, height)
    shown = dict.fromkeys(name for names in data.parts for name in names)
    fills = {name: fill for name, fill in styles([*data.messages, *shown]).items() if name in shown}
    ax.set_xlim(0, 1)
    ax.set_ylim(-n + 0.35, 0.65)
    for k in range(n):
        _bar(ax, data, k, fills)
    if data.split < n:
        ax.axhline(-data.split + 0.5, color=INK, lw=0.8, gid="split")
    ax.set_yticks([-float(k) for k in range(n)], [wrapped(r, 26) for r in data.rows],
                  parse_math=False)  # fmt: skip
    ax.tick_params(labelsize=TEXT)
    ax.tick_params(axis="y", length=0)
    set_labels(ax, "probability")
    set_title(ax, [data.title, data.subtitle])
    legend_beneath(ax, [*_entries(data, fills)], height if own else None)
    return ax


def _bar(ax: Axes, data: SignalsData, row: int, fills: dict[str, Style]) -> None:
    """One bar, its parts with their numbers."""
    if not data.sent[row]:
        grey: Any = {"facecolor": PALE, "hatch": NOT_COMPUTED_HATCH, "edgecolor": GREY}
        ax.barh(-row, 1.0, BAR, linewidth=0, zorder=1, **grey)
    left = 0.0
    thin = BAR if data.sent[row] else BAR / 2
    for name, share in zip(data.parts[row], data.shares[row], strict=True):
        ax.barh(-row, share, thin, left=left, zorder=2, **fills[name].look)
        if share >= WRITTEN:
            ax.text(left + share / 2, -row, percent(float(share)), fontsize=TEXT, ha="center",
                    va="center", bbox=PLATE, zorder=4)  # fmt: skip
        left += float(share)


def _entries(data: SignalsData, fills: dict[str, Style]) -> Iterator[Any]:
    for name, fill in fills.items():
        yield patch(fill, wrapped(name, 30))
    if not data.sent.all():
        yield patch(Style(PALE, NOT_COMPUTED_HATCH), "never sent")
