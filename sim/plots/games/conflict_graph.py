"""A conflict in graph form: states on a circle, improvements as arrows by actor, stable states filled.

An arrow leads from a state to one that its actor can reach alone and ranks higher; other moves are left
out. Colour and shape of a state say under which concept it is stable, the first of: Nash, sequential,
symmetric metarational, general metarational. Beneath stands what each state means: the options taken in it.

Array convention. Places have shape ``(states, 2)``, arrows ``(arrows, 3)``: actor, from, to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.tolerance import FloatArray, IntArray
from sim.errors import UsageError
from sim.plots.drawing.legend import legend_beneath
from sim.plots.drawing.style import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PALE,
    PINK,
    SKY,
    TEXT,
    VERMILLION,
    axes_for,
    root_figure,
)
from sim.plots.drawing.text import frame_of, plain, renderer_of, set_labels, set_title, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.views import ConflictGraph

MOST_STATES = 40
"""Most states that are legible."""
KEY_SHARE = 0.6
"""Share of the axes' height that the key to the states may take."""
_LINES = ("-", "--", ":", "-.")
_COLOURS = (BLUE, VERMILLION, GREEN, PINK, ORANGE, SKY)
_FILLS = {
    "gmcr_nash": ("Nash", BLUE, "s"),
    "seq": ("sequentially stable", ORANGE, "D"),
    "smr": ("symmetric metarational", GREEN, "h"),
    "gmr": ("general metarational", SKY, "p"),
    "": ("unstable", PALE, "o"),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ConflictGraphData:
    """The numbers of a conflict graph.

    Parameters
    ----------
    actors, states, title
        Names.
    meanings
        Per state the options taken in it, or an empty text.
    places
        Shape ``(states, 2)``, on the unit circle, the first on top, clockwise.
    arrows
        Shape ``(arrows, 3)``: actor, from, to.
    stability
        Per state the first of the concepts under which it is stable, or an empty text.
    """

    actors: tuple[str, ...]
    states: tuple[str, ...]
    meanings: tuple[str, ...]
    places: FloatArray
    arrows: IntArray
    stability: tuple[str, ...]
    title: str


def conflict_graph_data(graph: ConflictGraph) -> ConflictGraphData:
    """The numbers behind :func:`conflict_graph`.

    Raises
    ------
    UsageError
        If there are more states than are legible.
    """
    n = len(graph.states)
    if n > MOST_STATES:
        raise UsageError(
            f"figure 'conflict_graph' is legible up to {MOST_STATES} states; this one has {n}"
        )
    angle = np.pi / 2 - 2 * np.pi * np.arange(n) / n
    return ConflictGraphData(
        actors=tuple(map(plain, graph.actors)),
        states=tuple(map(plain, graph.states)),
        meanings=tuple(map(plain, graph.meanings)),
        places=np.stack([np.cos(angle), np.sin(angle)], axis=1),
        arrows=np.argwhere(graph.improvements),
        stability=tuple(
            next((c for c in _FILLS if state in graph.stable.get(c, ())), "")
            for state in graph.states
        ),
        title=graph.title,
    )


def conflict_graph(graph: ConflictGraph, *, ax: Axes | None = None) -> Axes:
    """Draw the states of a conflict, who can improve from where, and which states are stable.

    Parameters
    ----------
    graph
        What :func:`sim.views.conflict_graph` returns.
    ax
        Axes to draw on; new ones where absent.

    Returns
    -------
    Axes

    Raises
    ------
    UsageError
        If there are more states than are legible.

    Notes
    -----
    Source: [fang1993]_.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> graph = SimpleNamespace(
    ...     title="T", actors=("a",), states=("war", "peace"), meanings=("a arm", ""),
    ...     improvements=np.array([[[False, True], [False, False]]]), stable={"gmcr_nash": ("peace",)},
    ... )
    >>> from sim.plots.games.conflict_graph import conflict_graph_data
    >>> conflict_graph_data(graph).arrows.tolist()
    [[0, 0, 1]]
    >>> conflict_graph(graph).get_title()
    'T'
    """
    data = conflict_graph_data(graph)
    height = 4.6
    own = ax is None
    ax = axes_for(ax, 6.0, height)
    ax.set_xlim(-1.3, 1.3)
    ax.set_ylim(-1.25, 1.25)
    ax.set_aspect("equal", adjustable="box")
    ax.set_xticks([])
    ax.set_yticks([])
    for side in ax.spines.values():
        side.set_visible(False)
    set_labels(ax, "an arrow is a move that its actor gains by")
    set_title(ax, [data.title])
    _legend(ax, data, height if own else None)
    size = _size(ax, data)
    for actor, start, end in data.arrows:
        _arrow(ax, data, int(actor), int(start), int(end), size)
    for k, state in enumerate(data.states):
        _state(ax, data.places[k], state, data.stability[k], size)
    return ax


def _size(ax: Axes, data: ConflictGraphData) -> float:
    """Radius of a state in points: as large as neighbours allow."""
    renderer_of(ax)
    x0, y0, x1, y1 = frame_of(ax)
    inches = min(x1 - x0, y1 - y0) / root_figure(ax).dpi
    apart = 2 * np.sin(np.pi / max(len(data.states), 3)) * inches / 2.6
    return float(min(15.0, 72 * apart * 0.36))


def _arrow(
    ax: Axes, data: ConflictGraphData, actor: int, start: int, end: int, size: float
) -> None:
    from matplotlib.patches import FancyArrowPatch

    arrow = FancyArrowPatch(
        tuple(data.places[start]),
        tuple(data.places[end]),
        arrowstyle="-|>",
        mutation_scale=max(6.0, 0.7 * size),
        connectionstyle=f"arc3,rad={0.08 + 0.06 * actor}",
        shrinkA=size + 1,
        shrinkB=size + 1,
        color=_COLOURS[actor % len(_COLOURS)],
        linestyle=_LINES[actor % len(_LINES)],
        lw=1.3,
        zorder=2,
    )
    ax.add_patch(arrow)


def _state(ax: Axes, place: FloatArray, name: str, stability: str, size: float) -> None:
    _, colour, shape = _FILLS[stability]
    look: Any = {
        "marker": shape,
        "ms": (1.6 if shape in "sD" else 2) * size,
        "mec": INK,
        "mew": 2.2 if stability else 0.8,
    }
    ax.plot(*place, ls="", mfc=colour, zorder=3, **look)
    inside = len(name) <= 3
    x, y = place if inside else place * (1 + 0.03 * size / 4)
    ax.text(
        x,
        y,
        name,
        fontsize=TEXT if inside else min(TEXT, size),
        ha="center" if inside or abs(x) < 0.3 else ("left" if x > 0 else "right"),
        va="center" if inside or abs(y) < 0.5 else ("bottom" if y > 0 else "top"),
        bbox={"boxstyle": "round,pad=0.1", "fc": "white", "alpha": 0.85, "lw": 0},
        parse_math=False,
        zorder=4,
    )


def _legend(ax: Axes, data: ConflictGraphData, height: float | None) -> None:
    """The legend with what each state means; without that on axes that have no room for it."""
    if height is not None:
        legend_beneath(ax, [*_entries(data), *_key(data)], height)
        return
    _, y0, _, y1 = frame_of(ax)
    whole = [*_entries(data), *_key(data)]
    if not legend_beneath(ax, whole, None, KEY_SHARE * (y1 - y0), (TEXT,)):
        legend_beneath(ax, _entries(data))


def _key(data: ConflictGraphData) -> list[Any]:
    """What each state means, in the shape and colour of the state."""
    from matplotlib.lines import Line2D

    out: list[Any] = []
    for state, meaning, stability in zip(data.states, data.meanings, data.stability, strict=True):
        _, colour, shape = _FILLS[stability]
        look: Any = {"marker": shape, "ms": 7, "mfc": colour, "mec": INK, "mew": 0.8}
        if meaning:
            out.append(Line2D([], [], ls="", label=wrapped(f"{state}: {meaning}", 44), **look))
    return out


def _entries(data: ConflictGraphData) -> list[Any]:
    from matplotlib.lines import Line2D

    out: list[Any] = [
        Line2D([], [], color=_COLOURS[k % len(_COLOURS)], ls=_LINES[k % len(_LINES)], label=actor)
        for k, actor in enumerate(data.actors)
    ]
    for concept, (word, colour, shape) in _FILLS.items():
        if concept in data.stability:
            out.append(Line2D([], [], ls="", marker=shape, ms=7, mfc=colour, mec=INK, label=word))
    return out
