"""Payoff terms: why each principal prefers the status quo or the best agreement.

A principal's payoff is a sum of named terms. Each bar stacks them, what speaks for to the right of 0 and
what speaks against to the left, for the status quo and for the best agreement; the diamond is their sum.
Payoffs of different actors do not compare, so by default each is in units of its own payoff spread: the
distance between an actor's two diamonds is then its gain on the ladder.

Array convention. Terms of an actor have shape ``(2, terms)``: row 0 the status quo, row 1 the agreement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.errors import UsageError, suggest
from sim.labels import Labels, labels_of
from sim.plots.drawing.legend import legend_beneath
from sim.plots.drawing.style import INK, TEXT, Style, axes_for, patch, styles
from sim.plots.drawing.text import row_size, set_labels, set_title, signed, size_rows, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.feasibility import Verdict

MOST_TERMS = 7
"""Terms of an actor that are shown at most; the rest are added up."""
NEGLIGIBLE = 1e-12
"""Terms below this are none, but for rounding."""
FAINT = 0.001
"""Share of the axis below which a bar cannot be seen."""
_STATES = ("status quo", "best agreement")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ActorTerms:
    """The terms of one actor.

    Parameters
    ----------
    actor
        Its name.
    names
        Terms shown, the largest first; small ones are grouped as ``other (n)``.
    values
        Shape ``(2, terms)``: status quo, best agreement.
    net
        Shape ``(2,)``: the actor's payoffs.
    grouped
        How many terms the last one stands for, 0 where it is one of the file's own.
    """

    actor: str
    names: tuple[str, ...]
    values: FloatArray
    net: FloatArray
    grouped: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TermsData:
    """The numbers of a terms figure: one record per principal, and the unit they are in."""

    actors: tuple[ActorTerms, ...]
    agreement: str
    unit: str
    title: str


def terms_data(verdict: Verdict, *, actor: str | None = None, per_spread: bool = True) -> TermsData:
    """The numbers behind :func:`terms`, with the same arguments.

    Raises
    ------
    UsageError
        If the verdict has no treaty to compare, or the actor is not a principal.
    """
    if verdict.best_agreement is None or not verdict.terms:
        raise UsageError("figure 'terms' compares the best treaty, and this file has no treaty")
    if actor is not None and actor not in verdict.terms:
        raise UsageError(f"'{actor}' is not a principal{suggest(actor, verdict.terms)}")
    names, book = list(verdict.terms) if actor is None else [actor], labels_of(verdict)
    parts = tuple(
        _actor_terms(name, verdict.terms[name], verdict.scales[name] if per_spread else 1.0, book)
        for name in names
    )
    unit = "payoff (in units of the actor's payoff spread)" if per_spread else "payoff"
    treaty = book.say(verdict.best_agreement)
    return TermsData(actors=parts, agreement=treaty, unit=unit, title=verdict.title)


def _actor_terms(
    actor: str, found: Mapping[str, tuple[float, float]], scale: float, book: Labels
) -> ActorTerms:
    all_values = np.array([found[name] for name in found], dtype=np.float64).reshape(-1, 2) / scale
    size = np.abs(all_values).max(axis=1, initial=0.0)
    kept = [k for k in np.argsort(-size, kind="stable") if size[k] > NEGLIGIBLE]
    shown, rest = (
        (kept, []) if len(kept) <= MOST_TERMS else (kept[: MOST_TERMS - 1], kept[MOST_TERMS - 1 :])
    )
    names = [book.term(actor, list(found)[k]) for k in shown]
    rows = [all_values[k] for k in shown]
    if rest:
        names.append(f"other ({len(rest)})")
        rows.append(all_values[rest].sum(axis=0))
    return ActorTerms(
        actor=book.actor(actor),
        names=tuple(names),
        values=np.array(rows, dtype=np.float64).reshape(-1, 2).T,
        net=all_values.sum(axis=0),
        grouped=len(rest),
    )


def terms(
    verdict: Verdict,
    *,
    actor: str | None = None,
    per_spread: bool = True,
    ax: Axes | None = None,
) -> Axes:
    """Draw each principal's payoff terms under the status quo and under the best agreement.

    Parameters
    ----------
    verdict
        What :func:`sim.explain` returns.
    actor
        Only this principal; all of them where absent.
    per_spread
        Whether payoffs are divided by the actor's payoff spread.
    ax
        Axes to draw on; new ones where absent.

    Returns
    -------
    Axes

    Raises
    ------
    UsageError
        If the verdict has no treaty to compare, or the actor is not a principal.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> verdict = SimpleNamespace(
    ...     title="T", best_agreement="two", scales={"tokyo": 2.0},
    ...     terms={"tokyo": {"land": (0.0, 1.0), "principle": (0.0, -3.0), "trade": (0.0, 0.0)}},
    ... )
    >>> from sim.plots.disputes.terms import terms_data
    >>> part = terms_data(verdict).actors[0]
    >>> part.names, part.values[1]
    (('principle', 'land'), array([-1.5,  0.5]))
    >>> len(terms(verdict).get_yticklabels())
    2
    """
    data = terms_data(verdict, actor=actor, per_spread=per_spread)
    height = 1.3 + 0.85 * len(data.actors)
    own = ax is None
    ax = axes_for(ax, 6.0, height)
    fills = _fills(terms_data(verdict))
    rows = _rows(data)
    for part, ys in zip(data.actors, rows, strict=True):
        for state, y in enumerate(ys):
            _stack(ax, part, state, y, fills)
    ax.axvline(0, color=INK, lw=1.6, zorder=3)
    _axis(ax, data, rows)
    set_title(ax, [data.title, f"best agreement: {data.agreement}"])
    set_labels(ax, data.unit)
    _legend(ax, data, fills, height if own else None)
    size = row_size(ax, ax.get_ylim()[1] - ax.get_ylim()[0], 1.6)
    size_rows(ax, size)
    return ax


def _fills(data: TermsData) -> dict[str, Style]:
    """One fill per term name of any actor, the largest first; groups of small ones are grey."""
    sizes: dict[str, float] = {}
    for part in data.actors:
        for name, size in zip(part.names, np.abs(part.values).max(axis=0), strict=True):
            sizes[name] = max(float(size), sizes.get(name, 0.0))
    named = [name for name in sizes if name not in _groups(data)]
    found = styles(sorted(named, key=lambda name: (-sizes[name], name)))
    return found | {name: styles(["other"])["other"] for name in _groups(data)}


def _visible(part: ActorTerms, ax: Axes) -> list[str]:
    """The terms whose bars are wide enough to be seen."""
    low, high = ax.get_xlim()
    size = np.abs(part.values).max(axis=0, initial=0.0)
    return [name for name, s in zip(part.names, size, strict=True) if s > FAINT * (high - low)]


def _groups(data: TermsData) -> set[str]:
    return {part.names[-1] for part in data.actors if part.grouped}


def _rows(data: TermsData) -> list[tuple[float, float]]:
    """Heights of the two bars of every actor, the first actor on top."""
    return [(-2.6 * k, -2.6 * k - 1.0) for k in range(len(data.actors))]


def _stack(ax: Axes, part: ActorTerms, state: int, y: float, fills: Mapping[str, Style]) -> None:
    """One bar: gains stacked to the right of 0, costs to the left, the sum as a diamond."""
    ends = {True: 0.0, False: 0.0}
    for name, value in zip(part.names, part.values[state], strict=True):
        if abs(value) <= NEGLIGIBLE:
            continue
        fill, side = fills[name], value > 0
        ax.barh(
            y,
            value,
            left=ends[side],
            height=0.78,
            **fill.look,
            zorder=2,
        )
        ax.barh(
            y,
            value,
            left=ends[side],
            height=0.78,
            facecolor="none",
            edgecolor="white",
            linewidth=0.8,
            zorder=2,
        )
        ends[side] += value
    net = float(part.net[state])
    ax.plot(net, y, ls="", marker="D", ms=6, mfc="white", mec=INK, mew=1.3, zorder=5)
    text = signed(net if abs(net) > NEGLIGIBLE else 0.0)
    ax.text(
        1.015, y, text, transform=ax.get_yaxis_transform(), fontsize=TEXT, ha="left", va="center"
    )


def _axis(ax: Axes, data: TermsData, rows: list[tuple[float, float]]) -> None:
    ticks = [y for pair in rows for y in pair]
    labels = [
        f"{wrapped(part.actor, 16)}\n{state}" if state == _STATES[0] else state
        for part in data.actors
        for state in _STATES
    ]
    ax.set_yticks(ticks, labels, parse_math=False)
    ax.tick_params(axis="y", labelsize=TEXT)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(rows[-1][1] - 0.7, rows[0][0] + 0.7)
    ax.margins(x=0.06)
    ax.grid(axis="x", color="#DDDDDD", lw=0.6, zorder=0)
    ax.set_axisbelow(True)


def _legend(ax: Axes, data: TermsData, fills: Mapping[str, Style], height: float | None) -> None:
    from matplotlib.lines import Line2D

    names = dict.fromkeys(name for part in data.actors for name in _visible(part, ax))
    net = Line2D([], [], ls="", marker="D", mfc="white", mec=INK, mew=1.2, ms=5, label="sum")
    legend_beneath(ax, [net, *(patch(fills[name], wrapped(name, 32)) for name in names)], height)
