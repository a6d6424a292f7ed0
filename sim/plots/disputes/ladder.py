"""The treaty ladder as bars: every gain and slack of the best agreement, rung by rung.

A bar to the right of 0 is satisfied, to the left it is not; a value of 0 within tolerance is the knife-edge,
neither of the two. The binding one, the lowest, is outlined and in bold. An infinite slack means that the
agreement does not engage the constraint.

Array convention. Steps are listed in the order of the ladder, mutual gain first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray
from sim.errors import UsageError
from sim.labels import labels_of
from sim.plots.drawing.layout import renderer_for, unmoved
from sim.plots.drawing.legend import legend_beneath
from sim.plots.drawing.style import (
    GREY,
    INK,
    KNIFE_EDGE,
    NO,
    TEXT,
    YES,
    axes_for,
    patch,
    root_figure,
)
from sim.plots.drawing.text import (
    frame_of,
    renderer_of,
    row_size,
    set_labels,
    set_title,
    signed,
    size_rows,
    wrapped,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Annotation

    from sim.feasibility import Step, Verdict

SATISFIED, VIOLATED = YES, NO
WIDEST = 26
"""Letters of a line of a name."""
ANOTHER = 0.9
"""Room of a name's further line, in rows."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LadderData:
    """The numbers of a ladder figure.

    Parameters
    ----------
    names
        ``actor: constraint`` of every step.
    rungs
        Its rung.
    slack
        Shape ``(steps,)``, each in units of its own scale; infinite where not engaged.
    binding
        Shape ``(steps,)``: the binding step.
    failing
        The first rung that fails.
    agreement, title
        The best treaty; the scenario's title.
    """

    names: tuple[str, ...]
    rungs: tuple[str, ...]
    slack: FloatArray
    binding: BoolArray
    failing: str
    agreement: str
    title: str


def ladder_data(verdict: Verdict) -> LadderData:
    """The numbers behind :func:`ladder`.

    Raises
    ------
    UsageError
        If the verdict has no treaty.
    """
    if verdict.best_agreement is None or not verdict.steps:
        raise UsageError("figure 'ladder' shows the best treaty, and this file has no treaty")
    low, book = verdict.binding, labels_of(verdict)
    same = [low is not None and _key(step) == _key(low) for step in verdict.steps]
    return LadderData(
        names=tuple(
            f"{book.actor(s.actor)}: {book.constraint(s.actor, s.constraint)}"
            for s in verdict.steps
        ),
        rungs=tuple(s.rung for s in verdict.steps),
        slack=np.array([s.slack for s in verdict.steps], dtype=np.float64),
        binding=np.array(same, dtype=bool),
        failing=verdict.rung,
        agreement=book.say(verdict.best_agreement),
        title=verdict.title,
    )


def _key(step: Step) -> tuple[str, str, str]:
    return step.rung, step.actor, step.constraint


def ladder(verdict: Verdict, *, ax: Axes | None = None) -> Axes:
    """Draw every gain and slack of the best agreement, grouped by rung, the binding one outlined.

    Parameters
    ----------
    verdict
        What :func:`sim.explain` returns.
    ax
        Axes to draw on; new ones where absent.

    Returns
    -------
    Axes

    Raises
    ------
    UsageError
        If the verdict has no treaty.

    Examples
    --------
    >>> from types import SimpleNamespace as Record
    >>> step = Record(rung="mutual gain", actor="tokyo", constraint="gain", slack=-0.1)
    >>> verdict = Record(
    ...     title="T", best_agreement="two", rung="mutual gain", steps=(step,), binding=step
    ... )
    >>> from sim.plots.disputes.ladder import ladder_data
    >>> ladder_data(verdict).binding
    array([ True])
    >>> ladder(verdict).get_yticklabels()[0].get_text()
    'tokyo: gain'
    """
    data = ladder_data(verdict)
    names = [wrapped(name, WIDEST) for name in data.names]
    more = [ANOTHER * name.count("\n") for name in names]
    heights, headings = _layout(data.rungs, more)
    height = 1.2 + 0.26 * (len(heights) + len(headings) + sum(more))
    own = ax is None
    ax = axes_for(ax, 6.0, height)
    _axis(ax, names, heights, headings)
    set_title(ax, [data.title, f"best agreement: {data.agreement}"])
    set_labels(ax, "gain or slack (each in units of its own scale)")
    _legend(ax, data, height if own else None)
    size = row_size(ax, ax.get_ylim()[1] - ax.get_ylim()[0])
    size_rows(ax, size)
    renderer_of(ax)
    wide = frame_of(ax)[2] - frame_of(ax)[0]  # texts inside will not narrow the axes
    with unmoved(root_figure(ax)):
        for rung, y in headings.items():
            _heading(ax, rung, y, size, rung == data.failing)
        texts = [_bar(ax, data, k, y, size) for k, y in enumerate(heights)]
        _make_room(ax, data, texts, wide)
    return ax


def _axis(
    ax: Axes, names: Sequence[str], heights: Sequence[float], headings: Mapping[str, float]
) -> None:
    ax.set_yticks(heights, names, parse_math=False)
    ax.tick_params(axis="y", labelsize=TEXT)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(min(heights) - 0.7, max(headings.values()) + 0.6)
    ax.axvline(0, color=INK, lw=2.0, zorder=4)


def _layout(rungs: Sequence[str], more: Sequence[float]) -> tuple[list[float], dict[str, float]]:
    """Height of every bar, and of the heading above each rung's first bar; ``more`` is room beyond 1."""
    y, heights = 0.0, []
    headings: dict[str, float] = {}
    for rung, room in zip(rungs, more, strict=True):
        if rung not in headings:
            y -= 0.35
            headings[rung] = y
            y -= 0.95
        y -= room / 2
        heights.append(y)
        y -= 1.0 + room / 2
    return heights, headings


def _bar(ax: Axes, data: LadderData, k: int, y: float, size: float) -> Annotation:
    """One bar with its value beside it."""
    value, binding = float(data.slack[k]), bool(data.binding[k])
    if not np.isfinite(value):
        return ax.annotate(
            "not engaged",
            (0, y),
            xytext=(5, 0),
            textcoords="offset points",
            fontsize=size,
            color=GREY,
            va="center",
            style="italic",
        )
    fill = SATISFIED if value > 0 else VIOLATED
    ax.barh(
        y,
        value,
        height=0.72,
        **fill.look,
        zorder=2,
    )
    if binding:
        ax.barh(y, value, height=0.72, facecolor="none", edgecolor=INK, linewidth=2.2, zorder=3)
    text = KNIFE_EDGE if abs(value) <= RELATIVE else signed(value)
    return ax.annotate(
        text,
        (value, y),
        xytext=(5 if value >= 0 else -5, 0),
        textcoords="offset points",
        fontsize=size,
        ha="left" if value >= 0 else "right",
        va="center",
        zorder=5,
        weight="bold" if binding else "normal",
    )


def _make_room(ax: Axes, data: LadderData, texts: Sequence[Annotation], length: float) -> None:
    """Widen the axis until the value beside every bar lies inside the axes, ``length`` pixels wide."""
    finite = data.slack[np.isfinite(data.slack)]
    low, high = float(finite.min(initial=0.0)), float(finite.max(initial=0.0))
    if low == high:
        high = 1.0
    ax.get_xlim()  # texts outside would have no extent
    renderer = renderer_for(root_figure(ax))
    gap = 10 * root_figure(ax).dpi / 72
    wide = [(t.xy[0] < 0, t.get_window_extent(renderer).width + gap) for t in texts]
    left, right = (
        min(
            0.4,
            max((w for side, w in wide if side == negative), default=gap) / length,
        )
        for negative in (True, False)
    )
    span = (high - low) / (1 - left - right)
    ax.set_xlim(low - left * span, high + right * span)


def _heading(ax: Axes, rung: str, y: float, size: float, failing: bool) -> None:
    text = f"{rung} (fails)" if failing else rung
    ax.text(
        0.01,
        y,
        text,
        transform=ax.get_yaxis_transform(),
        fontsize=size,
        weight="bold",
        va="center",
        ha="left",
        zorder=5,
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.8},
    )
    ax.axhline(y + 0.5, color="#BBBBBB", lw=0.6, zorder=1)


def _legend(ax: Axes, data: LadderData, height: float | None) -> None:
    from matplotlib.patches import Patch

    finite = data.slack[np.isfinite(data.slack)]
    handles = []
    if (finite > RELATIVE).any():
        handles.append(patch(SATISFIED, "satisfied"))
    if (finite < -RELATIVE).any():
        handles.append(patch(VIOLATED, "not satisfied"))
    if data.binding.any():
        handles.append(Patch(facecolor="none", edgecolor=INK, lw=2.0, label="binding"))
    legend_beneath(ax, handles, height)
