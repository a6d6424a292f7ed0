"""Solutions along one parameter: what a concept says as a number moves.

Where members have strategies, one band per actor, cut into the strategies of the first equilibrium in
proportion to their probabilities; a band of one colour is a pure strategy. Where a point has several
equilibria the strip on top is black, where it has none the bands are grey and hatched. Where members are
stable states or agreements, one band for each of them, filled where it is a member. Other members are drawn
as lines (:mod:`sim.plots.drawing.lines_along`).

Array convention. Probabilities of an actor's strategies have shape ``(strategies, points)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.cells import edges
from sim._kernels.tolerance import FloatArray, IntArray
from sim.plots.drawing.legend import legend_beneath
from sim.plots.drawing.lines_along import lines_along
from sim.plots.drawing.style import (
    GREY,
    INK,
    NOT_COMPUTED_HATCH,
    PALE,
    TEXT,
    Style,
    axes_for,
    not_computed_patch,
    patch,
    styles,
)
from sim.plots.drawing.text import (
    PLATE,
    plain,
    renderer_of,
    set_labels,
    set_title,
    text_size,
    wrapped,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.views import EquilibriaAlong

BAND, STRIP = 0.82, 0.16
"""Heights of an actor's band and of the strip above, in rows."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EquilibriaData:
    """The numbers of a figure of equilibria.

    Parameters
    ----------
    actors, strategies
        Names; per actor its labels. Where members are stable states or agreements these are the rows, with
        no labels.
    played
        Per actor, shape ``(strategies, points)``.
    at
        The parameter's values, shape ``(points,)``.
    edges
        Of the cells around the parameter's values, shape ``(points + 1,)``.
    count
        Number of equilibria per point.
    """

    actors: tuple[str, ...]
    strategies: tuple[tuple[str, ...], ...]
    played: tuple[FloatArray, ...]
    at: FloatArray
    edges: FloatArray
    count: IntArray


def equilibria_data(along: EquilibriaAlong) -> EquilibriaData:
    """The numbers behind :func:`equilibria`."""
    menus, played = along.strategies, along.played
    if not menus:
        menus = dict.fromkeys(along.outcomes, ("",))
        played = {name: held[None].astype(np.float64) for name, held in along.outcomes.items()}
    return EquilibriaData(
        actors=tuple(map(plain, menus)),
        strategies=tuple(tuple(map(plain, names)) for names in menus.values()),
        played=tuple(played[name] for name in menus),
        at=np.asarray(along.values, dtype=np.float64),
        edges=edges(np.asarray(along.values, dtype=np.float64)),
        count=along.count,
    )


def equilibria(along: EquilibriaAlong, *, ax: Axes | None = None) -> Axes:
    """Draw what a concept says as one parameter moves.

    Parameters
    ----------
    along
        What :func:`sim.views.equilibria_along` returns.
    ax
        Axes to draw on; new ones where absent.

    Returns
    -------
    Axes

    Examples
    --------
    >>> from sim.views import EquilibriaAlong
    >>> along = EquilibriaAlong(
    ...     title="T", concept="mixed_nash", path="p", unit="", values=np.array([0.0, 1.0]), own=0.5,
    ...     strategies={"a": ("x", "y")}, played={"a": np.array([[1.0, 0.25], [0.0, 0.75]])},
    ...     count=np.array([1, 1]),
    ... )
    >>> equilibria(along).get_xlabel()
    'p'
    """
    if not along.strategies and not along.outcomes:
        return lines_along(along, ax)
    data = equilibria_data(along)
    n = len(data.actors)
    height = 1.3 + 0.75 * n
    own = ax is None
    ax = axes_for(ax, 6.0, height)
    ax.set_xlim(*_span(data))
    ax.set_ylim(-n + 0.02, 0.12 + STRIP)
    ax.set_yticks(
        [-k - 0.5 for k in range(n)], [wrapped(a, 14) for a in data.actors], parse_math=False
    )
    ax.tick_params(labelsize=TEXT)
    ax.tick_params(axis="y", length=0)
    fills = _fills(data)
    for k in range(n):
        _band(ax, data, k, fills[k])
    if along.strategies:
        _counts(ax, data)
    if data.edges[0] <= along.own <= data.edges[-1]:
        ax.axvline(along.own, color=INK, lw=1.2, ls=":", zorder=4, gid="own")
    set_labels(ax, f"{along.path} ({along.unit})" if along.unit else along.path)
    shown = "what each actor plays" if along.strategies else "where each is a solution"
    set_title(ax, [along.title, f"{along.concept.replace('_', ' ')}: {shown}"])
    left = [one for k in range(n) for one in _name(ax, data, k, fills[k])]
    legend_beneath(ax, [*left, *_entries(data, along.own)], height if own else None)
    return ax


def _span(data: EquilibriaData) -> tuple[float, float]:
    """What was computed, from the first value to the last, without the outer halves of their cells."""
    ends = (data.at[0], data.at[-1]) if len(data.at) > 1 else data.edges[[0, -1]]
    return float(ends[0]), float(ends[1])


def _fills(data: EquilibriaData) -> list[list[Style]]:
    """Per actor the fills of its strategies: what two actors call by one name has one fill, and only that."""
    found = styles(name for names in data.strategies for name in names)
    if not any(found):
        found = styles(data.actors)
        return [[found[name]] for name in data.actors]
    return [[found[name] for name in names] for names in data.strategies]


def _band(ax: Axes, data: EquilibriaData, actor: int, fills: list[Style]) -> None:
    """The strategies stacked, steps at the edges of the cells."""
    base = np.full(len(data.count), -float(actor) - 0.5 - BAND / 2)
    x = np.repeat(data.edges, 2)[1:-1]
    for fill, chance in zip(fills, data.played[actor], strict=True):
        top = base + BAND * chance
        some = np.repeat(chance > 0, 2)
        low, high = np.repeat(base, 2), np.repeat(top, 2)
        ax.fill_between(x, low, high, where=some, zorder=2, **fill.look)
        base = top
    empty = np.repeat(data.count == 0, 2)
    if empty.any():
        bottom = -float(actor) - 0.5 - BAND / 2
        grey: Any = {"facecolor": PALE, "hatch": NOT_COMPUTED_HATCH, "edgecolor": GREY}
        ax.fill_between(x, bottom, bottom + BAND, where=empty, lw=0, zorder=2, **grey)


def _counts(ax: Axes, data: EquilibriaData) -> None:
    """The strip on top: black where there are several equilibria."""
    x = np.repeat(data.edges, 2)[1:-1]
    several = np.repeat(data.count > 1, 2)
    ax.fill_between(x, 0.04, 0.04 + STRIP, where=several, color=INK, lw=0, zorder=3, gid="several")


def _name(ax: Axes, data: EquilibriaData, actor: int, fills: list[Style]) -> list[Any]:
    """Names written where there is room; the others as legend entries."""
    left: list[Any] = []
    renderer = renderer_of(ax)
    for k, name in enumerate(filter(None, data.strategies[actor])):
        x, width = _widest(data, actor, k)
        pixels = ax.transData.transform([[x - width / 2, 0], [x + width / 2, 0]])
        room = pixels[1, 0] - pixels[0, 0]
        variants = (name, *(wrapped(name, width) for width in (44, 34, 26, 18, 12)))
        fitting = (t for t in variants if text_size(ax, t, TEXT, renderer)[0] < room)
        text = next((t for t in fitting if t.count("\n") <= 2), None)
        if text is None:
            left.append(patch(fills[k], wrapped(f"{data.actors[actor]}: {name}", 40)))
            continue
        ax.text(x, -actor - 0.5, text, fontsize=TEXT, ha="center", va="center", bbox=PLATE,
                parse_math=False, zorder=6)  # fmt: skip
    return left


def _widest(data: EquilibriaData, actor: int, strategy: int) -> tuple[float, float]:
    """Middle and width of the longest run of points where a strategy has most of the probability."""
    most = np.concatenate([[False], data.played[actor][strategy] > 0.75, [False]])
    steps = np.flatnonzero(np.diff(most.astype(np.int8)))
    if not steps.size:
        return float(data.edges[0]), 0.0
    shown = np.clip(data.edges, *_span(data))
    starts, ends = shown[steps[::2]], shown[steps[1::2]]
    k = int((ends - starts).argmax())
    return float((starts[k] + ends[k]) / 2), float(ends[k] - starts[k])


def _entries(data: EquilibriaData, own: float) -> list[Any]:
    from matplotlib.lines import Line2D

    out: list[Any] = []
    if (data.count > 1).any() and any(any(names) for names in data.strategies):
        out.append(patch(Style(INK, ""), _several(data.count)))
    if (data.count == 0).any():
        out.append(not_computed_patch("no equilibrium found"))
    if data.edges[0] <= own <= data.edges[-1]:
        out.append(Line2D([], [], color=INK, lw=1.2, ls=":", label="scenario's value"))
    return out


def _several(count: IntArray) -> str:
    """How often there are several equilibria."""
    where = "" if (count > 1).sum() < len(count) else " everywhere"
    return f"several equilibria{where}: the first is drawn"
