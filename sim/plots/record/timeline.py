"""The margin through a dispute's episodes and into its futures.

One column per episode, in order. The point is the margin: above 0 a treaty is feasible, below it is not,
and the shape says which rung of the ladder fails first. Beneath stand the actor and the constraint that
bind, and the share of draws over the file's own ranges in which a treaty is feasible, with its standard
error: a point near the line says little without it. Futures follow the episodes behind a dashed line: they
are not a forecast but what would follow.

Array convention. Arrays have shape ``(episodes,)``, in the order given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.percent import percent
from sim._kernels.tolerance import BoolArray, FloatArray
from sim.errors import UsageError
from sim.plots.drawing.legend import legend_beneath
from sim.plots.drawing.style import GREY, INK, TEXT, VERMILLION, axes_for, root_figure, styles
from sim.plots.drawing.text import fitted_lines, frame_of, plain, renderer_of, set_labels, text_size

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.feasibility import Verdict

FUTURE = "future"
LINE = 1.25
"""Distance of two lines of text, in their size."""
_MARKERS = {
    "mutual gain": "v",
    "ratifiable at home": "s",
    "accepted abroad": "D",
    "self-enforcing": "P",
    "predicted": "o",
    "feasible and predicted": "o",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TimelineData:
    """The numbers of a timeline.

    Parameters
    ----------
    names
        Of the episodes, then of the futures.
    margin
        Shape ``(episodes,)``; ``nan`` where a file has no treaty.
    rung
        The first that fails.
    binding
        ``actor: constraint``, or an empty text.
    share, error
        Of the draws over the file's own ranges in which a treaty is feasible, and its standard error; ``nan``
        where nothing was drawn.
    future
        Shape ``(episodes,)``.
    title
        Shown above the figure.
    """

    names: tuple[str, ...]
    margin: FloatArray
    rung: tuple[str, ...]
    binding: tuple[str, ...]
    share: FloatArray
    error: FloatArray
    future: BoolArray
    title: str


def timeline_data(
    verdicts: Mapping[str, Verdict], *, title: str = "Margin through the episodes"
) -> TimelineData:
    """The numbers behind :func:`timeline`, with the same arguments.

    Raises
    ------
    UsageError
        If there is no verdict.
    """
    if not verdicts:
        raise UsageError("figure 'timeline' needs the verdicts of at least one episode")
    ordered = sorted(verdicts.items(), key=lambda item: item[0].startswith(FUTURE))
    return TimelineData(
        names=tuple(plain(name.removeprefix(f"{FUTURE}-")) for name, _ in ordered),
        margin=np.array([np.nan if v.margin is None else v.margin for _, v in ordered]),
        rung=tuple(v.rung for _, v in ordered),
        binding=tuple(_binding(v) for _, v in ordered),
        share=np.array([_number(None if v.share is None else v.share.value) for _, v in ordered]),
        error=np.array([_number(None if v.share is None else v.share.error) for _, v in ordered]),
        future=np.array([name.startswith(FUTURE) for name, _ in ordered], dtype=np.bool_),
        title=title,
    )


def _number(value: float | None) -> float:
    return np.nan if value is None else value


def _binding(verdict: Verdict) -> str:
    b = verdict.binding
    return "" if b is None else plain(f"{b.actor}: {b.constraint}")


def timeline(
    verdicts: Mapping[str, Verdict],
    *,
    title: str = "Margin through the episodes",
    ax: Axes | None = None,
) -> Axes:
    """Draw the margin of every episode in order, with what binds, and the futures behind them.

    Parameters
    ----------
    verdicts
        Per name, in order, what :func:`sim.explain` returns; a name that begins with ``future`` comes last.
    title
        Shown above the figure.
    ax
        Axes to draw on; new ones where absent.

    Returns
    -------
    Axes

    Raises
    ------
    UsageError
        If there is no verdict.

    Examples
    --------
    >>> from types import SimpleNamespace as Record
    >>> said = Record(title="T", margin=-0.2, rung="mutual gain", binding=None, share=None)
    >>> timeline({"1956": said, "2018": said}).get_ylabel()
    'margin (payoff spreads)'
    """
    data = timeline_data(verdicts, title=title)
    n = len(data.names)
    height = 4.2
    own = ax is None
    ax = axes_for(ax, max(4.0, 0.52 * n + 1.2), height)
    x = np.arange(n)
    _ground(ax, data)
    ax.vlines(x, 0, data.margin, color=GREY, lw=1.2, zorder=2)
    for rung in dict.fromkeys(data.rung):
        at = np.array([r == rung for r in data.rung])
        ax.plot(x[at], data.margin[at], **_marker(rung), zorder=4)
    _names(ax, data)
    drawn = ", and how often a treaty is feasible" if np.isfinite(data.share).any() else ""
    set_labels(ax, f"episode, what binds there{drawn}", "margin (payoff spreads)")
    _title(ax, data.title)
    legend_beneath(ax, _entries(data), height if own else None)
    return ax


def _ground(ax: Axes, data: TimelineData) -> None:
    """Limits, the line of margin 0, and the border between episodes and futures."""
    n = len(data.names)
    known = data.margin[np.isfinite(data.margin)]
    low, high = min(0.0, *known, -0.05), max(0.0, *known, 0.05)
    room = 0.08 * (high - low)
    ax.set_ylim(low - room, high + room)
    ax.set_xlim(-0.6, n - 0.4)
    ax.axhline(0, color=INK, lw=2.0, zorder=3)
    ax.axhspan(0, high + room, color="#E8F1F8", lw=0, zorder=0)
    ax.tick_params(axis="y", labelsize=TEXT)
    if data.future.any() and not data.future.all():
        ax.axvline(int((~data.future).sum()) - 0.5, color=GREY, lw=1.0, ls="--", zorder=1)


def _names(ax: Axes, data: TimelineData) -> None:
    """Names beneath the columns: on two lines where a column is wide enough, else on one."""
    n = len(data.names)
    ax.set_xticks(
        range(n), [_tick(data, k) for k in range(n)], rotation=90, fontsize=TEXT, parse_math=False
    )
    renderer_of(ax)
    x0, _, x1, _ = frame_of(ax)
    room = (x1 - x0) * 72 / root_figure(ax).dpi / (n + 0.2)
    lines = max(label.get_text().count("\n") for label in ax.get_xticklabels()) + 1
    if room < LINE * TEXT * lines:
        short = [" \N{MIDDLE DOT} ".join(_tick(data, k).split("\n")) for k in range(n)]
        size = max(4.0, min(TEXT, room / LINE, _fitting(ax, short)))
        ax.set_xticks(range(n), short, rotation=90, fontsize=size, parse_math=False)


def _fitting(ax: Axes, names: Sequence[str]) -> float:
    """Points of letters with which upright names take at most two fifths of the figure's height."""
    renderer = renderer_of(ax)
    longest = max(text_size(ax, name, TEXT, renderer)[0] for name in names)
    return float(TEXT * 0.4 * root_figure(ax).bbox.height / longest)


def _title(ax: Axes, title: str) -> None:
    """The title, broken to the width of the axes."""
    renderer = renderer_of(ax)
    x0, _, x1, _ = frame_of(ax)
    ax.set_title(fitted_lines(ax, [title], x1 - x0, renderer), fontsize=TEXT, parse_math=False)


def _marker(rung: str) -> dict[str, Any]:
    fill = styles([rung])[rung]
    return {
        "ls": "",
        "marker": _MARKERS.get(rung, "X"),
        "ms": 7,
        "mfc": fill.colour if rung in _MARKERS else VERMILLION,
        "mec": INK,
        "mew": 0.9,
    }


def _tick(data: TimelineData, k: int) -> str:
    return "\n".join(part for part in (data.names[k], data.binding[k], _share(data, k)) if part)


def _share(data: TimelineData, k: int) -> str:
    if np.isnan(data.share[k]):
        return ""
    if data.share[k] == 0:
        return "feasible in no draw"
    return f"feasible in {percent(data.share[k])} ± {100 * data.error[k]:.1f}"


def _entries(data: TimelineData) -> list[Any]:
    from matplotlib.lines import Line2D

    out = []
    for rung in dict.fromkeys(data.rung):
        word = rung if rung == "feasible and predicted" else f"fails at: {rung}"
        out.append(Line2D([], [], **(_marker(rung) | {"ms": 6}), label=word))
    return out
