"""How far each parameter alone moves the margin from end to end of its range, widest on top.

Each bar runs from the margin at the low end of a parameter's range to the margin at its high end, all
other parameters at the scenario's values. The thin line is the current margin, the thick one 0: a bar
that crosses it belongs to a parameter that can by itself flip the verdict.

Array convention. Arrays have shape ``(bars,)``, the widest swing first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.errors import UsageError
from sim.plots._style import BLUE, GREY, INK, ORANGE, SMALL, Style, axes_for, patch
from sim.plots._text import legend_beneath, row_size, rows_that_fit, set_labels, set_title, wrapped
from sim.plots.data import ThresholdLike, VerdictLike

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LOW, HIGH = Style(BLUE, ""), Style(ORANGE, "\\\\")
MOST = 15
FAINT = 0.01
STILL = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TornadoData:
    """The numbers of a tornado.

    Parameters
    ----------
    paths
        Parameters, the widest swing first.
    low, high
        Ends of their ranges.
    margin_low, margin_high
        The margin there, in payoff spreads.
    margin
        The margin at the scenario's values.
    left_out
        How many parameters are not shown: more than asked for, or under a hundredth of the widest.
    unmoved
        How many of these move the margin not at all.
    title
        The scenario's title.
    """

    paths: tuple[str, ...]
    low: FloatArray
    high: FloatArray
    margin_low: FloatArray
    margin_high: FloatArray
    margin: float
    left_out: int
    unmoved: int
    title: str

    @property
    def swing(self) -> FloatArray:
        """How far the margin reaches, the current margin included."""
        ends = np.stack([self.margin_low, self.margin_high, np.full(len(self.paths), self.margin)])
        return np.asarray(np.ptp(ends, axis=0))


def parameters_of(verdict: VerdictLike, figure: str) -> Sequence[ThresholdLike]:
    """The per-parameter records of a verdict.

    Raises
    ------
    UsageError
        If it has none.
    """
    if verdict.margin is None:
        raise UsageError(f"figure '{figure}' shows the margin, and this file has no treaty")
    if not verdict.thresholds:
        raise UsageError(
            f"figure '{figure}' needs parameters with a range: write 'range: [lo, hi]' in the file, "
            "and explain it with its thresholds"
        )
    return verdict.thresholds


def tornado_data(verdict: VerdictLike, *, most: int = MOST) -> TornadoData:
    """The numbers behind :func:`tornado`, with the same arguments.

    Raises
    ------
    UsageError
        If the verdict has no treaty, or no parameter has a range.
    """
    found = parameters_of(verdict, "tornado")
    current = float(verdict.margin or 0.0)
    known = [t for t in found if np.isfinite([t.margin_low, t.margin_high]).all()]
    known.sort(key=lambda t: (-_reach(t, current), t.path))
    widest = _reach(known[0], current) if known else 0.0
    shown = [t for t in known if _reach(t, current) >= FAINT * widest][: max(1, most)]
    return TornadoData(
        paths=tuple(t.path for t in shown),
        low=_array(t.low for t in shown),
        high=_array(t.high for t in shown),
        margin_low=_array(t.margin_low for t in shown),
        margin_high=_array(t.margin_high for t in shown),
        margin=current,
        left_out=len(found) - len(shown),
        unmoved=sum(t not in shown and _reach(t, current) <= STILL for t in known),
        title=verdict.title,
    )


def _reach(t: ThresholdLike, current: float) -> float:
    ends = (t.margin_low, t.margin_high, current)
    return max(ends) - min(ends)


def _array(values: Iterable[float]) -> FloatArray:
    return np.array(list(values), dtype=np.float64)


def tornado(verdict: VerdictLike, *, most: int | None = None, ax: Axes | None = None) -> Axes:
    """Draw how far each parameter alone moves the margin over its range, the widest on top.

    Parameters
    ----------
    verdict
        What :func:`sim.explain` returns, with its thresholds.
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
        If the verdict has no treaty, or no parameter has a range.

    Examples
    --------
    >>> from types import SimpleNamespace as Record
    >>> narrow = Record(path="a", value=0, low=0, high=1, at=(), margin_low=0.1, margin_high=0.2)
    >>> wide = Record(path="b", value=0, low=0, high=1, at=(), margin_low=-1.0, margin_high=1.0)
    >>> verdict = Record(title="T", margin=0.1, thresholds=(narrow, wide))
    >>> from sim.plots.tornado import tornado_data
    >>> tornado_data(verdict).paths
    ('b', 'a')
    >>> tornado(verdict).get_xlabel()
    'margin (payoff spreads)'
    """
    data = tornado_data(verdict, most=rows_that_fit(ax, 0.3, MOST) if most is None else most)
    height = 1.2 + 0.42 * len(data.paths)
    own = ax is None
    ax = axes_for(ax, 6.0, height)
    for k in range(len(data.paths)):
        _bars(ax, data, k)
    ax.axvline(data.margin, color=GREY, lw=1.2, zorder=3, gid="current")
    ax.axvline(0, color=INK, lw=2.2, zorder=4, gid="zero")
    names = [
        f"{wrapped(path, 30)}\n[{low:.4g}, {high:.4g}]"
        for path, low, high in zip(data.paths, data.low, data.high, strict=True)
    ]
    ax.set_yticks(range(0, -len(names), -1), names, parse_math=False)
    ax.tick_params(axis="y", labelsize=SMALL)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(-len(names) + 0.4, 0.6)
    ax.margins(x=0.05)
    set_title(ax, [data.title, "margin over each parameter's range", _rest(data)])
    set_labels(ax, "margin (payoff spreads)")
    _legend(ax, height if own else None)
    ax.tick_params(axis="y", labelsize=row_size(ax, len(names), 2.0))
    return ax


def _rest(data: TornadoData) -> str:
    """How many parameters have no bar, in words."""
    less = data.left_out - data.unmoved
    parts = [f"{less} more move it less"] if less else []
    if data.unmoved:
        parts.append(f"{data.unmoved} {'move' if data.unmoved > 1 else 'moves'} it not at all")
    return ", ".join(parts).replace("1 more move it", "1 more moves it")


def _bars(ax: Axes, data: TornadoData, k: int) -> None:
    """From the current margin to each end; side by side where both ends lie on the same side."""
    ends = (float(data.margin_low[k]), float(data.margin_high[k]))
    moves = tuple(end - data.margin for end in ends)
    same = moves[0] * moves[1] > 0
    for move, fill, shift in zip(moves, (LOW, HIGH), (0.19, -0.19), strict=True):
        ax.barh(
            -k + (shift if same else 0.0),
            move,
            left=data.margin,
            height=0.36 if same else 0.74,
            color=fill.colour,
            hatch=fill.hatch,
            edgecolor=fill.hatch_colour,
            linewidth=0,
            zorder=2,
        )


def _legend(ax: Axes, height: float | None) -> None:
    from matplotlib.lines import Line2D

    legend_beneath(
        ax,
        [
            patch(LOW, "at low end of range"),
            patch(HIGH, "at high end"),
            Line2D([], [], color=GREY, lw=1.2, label="current margin"),
            Line2D([], [], color=INK, lw=2.2, label="margin 0"),
        ],
        height,
    )
