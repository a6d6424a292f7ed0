"""How the world of a forecast moves: per factor its levels, and the chances to go from one to another.

Every factor is a row. Arrows above lead onwards in the order of the file, arrows beneath lead back. A chance
that reads other factors is a span, from its least to its greatest value. Solid arrows rest on sources, dashed
ones are assumed. The level at the start is filled.

Array convention. Matrices have shape ``(levels, levels)``, from row to column.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.labels import labels_of
from sim.plots.drawing.legend import legend_beneath
from sim.plots.drawing.style import BLUE, INK, PALE, SKY, TEXT, axes_for
from sim.plots.drawing.text import frame_of, plain, renderer_of, set_labels, set_title, text_size
from sim.plots.time._years import unit_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.dynamics import Chain

WIDTH, ROW = 7.0, 1.05
"""Width of a figure of its own and height of a row, in inches."""
LEAST = 4.0
"""Smallest text that is legible, in points."""
LIFT, NEAR, FAR = 0.14, 0.3, 0.7
"""Where arrows begin, and control points of those to the next level and beyond it, in rows."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arrow:
    """A move of a factor.

    Parameters
    ----------
    factor, start, end
        Numbers of the factor and of the levels.
    low, high
        Its least and its greatest chance in a period.
    sourced
        Whether it rests on sources.
    """

    factor: int
    start: int
    end: int
    low: float
    high: float
    sourced: bool

    @property
    def words(self) -> str:
        """The chance in percent, or its span."""
        ends = [f"{100 * end:.3g}" for end in (self.low, self.high)]
        return f"{ends[0]} %" if ends[0] == ends[1] else f"{ends[0]}\N{EN DASH}{ends[1]} %"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChainData:
    """The numbers of a chain figure: factors with levels and that at the start, and the moves."""

    title: str
    period_years: float
    unit: str
    factors: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    now: tuple[int, ...]
    arrows: tuple[Arrow, ...]


def chain_data(found: Chain) -> ChainData:
    """The numbers behind :func:`chain`."""
    book = labels_of(found)
    return ChainData(
        title=found.title,
        period_years=found.period_years,
        unit=unit_of(found),
        factors=tuple(book.at(f"dynamics.world.{m.factor}") or m.factor for m in found.factors),
        levels=tuple(
            tuple(book.at(f"dynamics.world.{m.factor}.levels.{k}") or k for k in m.levels)
            for m in found.factors
        ),
        now=tuple(moves.now for moves in found.factors),
        arrows=tuple(
            Arrow(
                factor=k,
                start=int(a),
                end=int(b),
                low=float(moves.low[a, b]),
                high=float(moves.high[a, b]),
                sourced=bool(moves.sourced[a, b]),
            )
            for k, moves in enumerate(found.factors)
            for a, b in np.argwhere(moves.high > 0)
        ),
    )


def chain(found: Chain, *, ax: Axes | None = None) -> Axes:
    r"""Draw how every factor of a world moves between its levels.

    Parameters
    ----------
    found
        What ``sim.dynamics.chain_of`` returns.
    ax
        Axes to draw on; new ones where absent.

    Returns
    -------
    Axes

    Examples
    --------
    >>> from types import SimpleNamespace as Record
    >>> moves = Record(factor="war", levels=("on", "over"), now=0, low=np.array([[0, 0.1], [0, 0]]),
    ...     high=np.array([[0, 0.2], [0, 0]]), sourced=np.zeros((2, 2), dtype=bool))
    >>> found = Record(title="T", period_years=1.0, factors=(moves,))
    >>> chain_data(found).arrows[0].words
    '10–20 %'
    >>> chain(found).get_title()
    'T\nchances to move in a year, at the values of the file'
    """
    data = chain_data(found)
    n = len(data.factors)
    height = 1.0 + ROW * n
    own = ax is None
    ax = axes_for(ax, WIDTH, height)
    ax.set_xlim(-0.06, 1.06)
    ax.set_ylim(-n + 0.4, 0.6)
    ax.set_xticks([])
    ax.set_yticks([-k for k in range(n)], [plain(name) for name in data.factors], parse_math=False)
    ax.tick_params(axis="y", length=0, labelsize=TEXT)
    ax.spines[:].set_visible(False)
    set_title(ax, [data.title, f"chances to move in {_period(data)}, at the values of the file"])
    spans = any(arrow.words.count("\N{EN DASH}") for arrow in data.arrows)
    set_labels(ax, "spans: what the levels of other factors make of a chance" if spans else "")
    legend_beneath(ax, _entries(data), height if own else None)
    size = _size(ax, data)
    for k, levels in enumerate(data.levels):
        for j, name in enumerate(levels):
            _level(ax, _x(data, k, j), -k, plain(name), size, now=j == data.now[k])
    for arrow in data.arrows:
        _arrow(ax, data, arrow, size)
    return ax


def _period(data: ChainData) -> str:
    years = data.period_years
    return f"a {data.unit}" if years == 1 else f"a period of {years:g} years"


def _x(data: ChainData, factor: int, level: int) -> float:
    """Where a level lies across: in the middle of its share of the row."""
    return (level + 0.5) / len(data.levels[factor])


def _size(ax: Axes, data: ChainData) -> float:
    """Points of letters with which every level fits between its neighbours, and a chance between two."""
    renderer = renderer_of(ax)
    x0, _, x1, _ = frame_of(ax)
    whole = (x1 - x0) / 1.12
    found = TEXT
    for levels in data.levels:
        widest = max(text_size(ax, plain(name), TEXT, renderer)[0] for name in levels)
        found = min(found, TEXT * 0.62 * whole / len(levels) / widest)
    return max(LEAST, found)


def _level(ax: Axes, x: float, y: float, name: str, size: float, *, now: bool) -> None:
    box = {"boxstyle": "round,pad=0.35", "fc": SKY if now else PALE, "ec": INK, "lw": 1.0}
    ax.text(x, y, name, fontsize=size, ha="center", va="center", bbox=box, zorder=3,
            parse_math=False, gid="now" if now else "level")  # fmt: skip


def _curve(data: ChainData, arrow: Arrow) -> FloatArray:
    """Start, control point and end of an arrow: above where it leads onwards, beneath where back."""
    a, b = (_x(data, arrow.factor, level) for level in (arrow.start, arrow.end))
    steps = abs(arrow.end - arrow.start)
    onwards = np.sign(arrow.end - arrow.start)
    aside = onwards * (0.12 if steps == 1 else 0.05) / len(data.levels[arrow.factor])
    top = onwards * (NEAR if steps == 1 else FAR + 0.04 * (min(steps, 4) - 2))
    y, side = -float(arrow.factor), LIFT * onwards
    return np.array([[a + aside, y + side], [(a + b) / 2, y + top], [b - aside, y + side]])


def _arrow(ax: Axes, data: ChainData, arrow: Arrow, size: float) -> None:
    """A curve with a head, and its chance at the top of it."""
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path

    points = _curve(data, arrow)
    line = Path(points, [Path.MOVETO, Path.CURVE3, Path.CURVE3])
    head: Any = {"arrowstyle": "-|>", "mutation_scale": 9, "color": BLUE, "lw": 1.3}
    ls = "-" if arrow.sourced else (0, (3, 1.6))
    ax.add_patch(FancyArrowPatch(path=line, ls=ls, zorder=2, gid="move", **head))
    top = points[0] / 4 + points[1] / 2 + points[2] / 4
    plate = {"boxstyle": "round,pad=0.1", "fc": "white", "lw": 0}
    place = (float(top[0]), float(top[1]))
    ax.text(*place, arrow.words, fontsize=size, ha="center", va="center", bbox=plate, zorder=2.5,
            gid="chance")  # fmt: skip


def _entries(data: ChainData) -> list[Any]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    made: list[Any] = [Patch(facecolor=SKY, edgecolor=INK, lw=1.0, label="at the start")]
    sourced = {arrow.sourced for arrow in data.arrows}
    if True in sourced:
        made.append(Line2D([], [], color=BLUE, lw=1.3, label="rests on sources"))
    if False in sourced:
        made.append(Line2D([], [], color=BLUE, lw=1.3, ls=(0, (3, 1.6)), label="assumed"))
    return made
