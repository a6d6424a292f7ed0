"""A game in extensive form: from the root on the left to the ends on the right.

A circle is an actor's node, in the actor's colour; a diamond is chance. The thick lines are what the
equilibrium takes, on its path and off it. A dotted line in the actor's colour joins nodes among which
it cannot tell; beside the nodes where it would pass those of another set. Above each of them stands in that
colour how likely the actor holds it to be. At the ends stand the payoffs, in the order of the actors.

Array convention. Places have shape ``(nodes, 2)``: depth, and height in rows of ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.errors import UsageError
from sim.plots.disputes._set_lines import set_lanes, set_line
from sim.plots.drawing.legend import legend_beneath
from sim.plots.drawing.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PINK,
    SKY,
    VERMILLION,
    axes_for,
    root_figure,
)
from sim.plots.drawing.text import frame_of, plain, row_size, set_labels, set_title, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.views import TreeView

MOST_ENDS = 40
"""Most ends that are legible."""
MOST_LINES = 3
"""Most lines on which an action is written."""
EASY = 6.0
"""Points of letters that are read without effort: actions are broken on to more lines below that."""
SLACK = 4
"""Letters by which a line of an action may be longer than its share, since it is broken at spaces."""
CHANCE = "chance"
_COLOURS = (BLUE, ORANGE, GREEN, PINK, SKY, VERMILLION)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TreeData:
    """The numbers of a tree.

    Parameters
    ----------
    places
        Shape ``(nodes, 2)``: depth, and minus the row of ends; a node lies in the middle of its children.
    ends
        Numbers of the ends, from top to bottom.
    """

    places: FloatArray
    ends: tuple[int, ...]


def game_tree_data(tree: TreeView) -> TreeData:
    """The numbers behind :func:`game_tree`.

    Raises
    ------
    UsageError
        If the tree has more ends than are legible.
    """
    n = len(tree.parents)
    children: list[list[int]] = [[] for _ in range(n)]
    depth = np.zeros(n)
    for k, parent in enumerate(tree.parents):
        if parent >= 0:
            children[parent].append(k)
            depth[k] = depth[parent] + 1
    ends = tuple(k for k in _downwards(children) if not children[k])
    if len(ends) > MOST_ENDS:
        raise UsageError(
            f"figure 'game_tree' is legible up to {MOST_ENDS} ends; this one has {len(ends)}"
        )
    height = np.zeros(n)
    height[list(ends)] = -np.arange(len(ends))
    for k in reversed(range(n)):
        if children[k]:
            height[k] = (height[children[k][0]] + height[children[k][-1]]) / 2
    return TreeData(places=np.stack([depth, height], axis=1), ends=ends)


def _downwards(children: Sequence[Sequence[int]]) -> list[int]:
    """Nodes in the order of a walk that goes down first."""
    waiting, out = [0], []
    while waiting:
        k = waiting.pop()
        out.append(k)
        waiting.extend(reversed(children[k]))
    return out


def game_tree(tree: TreeView, *, ax: Axes | None = None) -> Axes:
    """Draw a game in extensive form with the choices of an equilibrium.

    Parameters
    ----------
    tree
        What :func:`sim.views.game_tree` returns.
    ax
        Axes to draw on; new ones where absent.

    Returns
    -------
    Axes

    Raises
    ------
    UsageError
        If the tree has more ends than are legible.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> tree = SimpleNamespace(
    ...     title="T", actors=("a",), movers=("a", "", ""), parents=(-1, 0, 0), sets=(), beliefs=(),
    ...     equilibria=1,
    ...     actions=("", "left", "right"), payoffs=((), (1.0,), (2.0,)), chosen=(False, False, True),
    ... )
    >>> from sim.plots.games.game_tree import game_tree_data
    >>> game_tree_data(tree).places[:, 1]
    array([-0.5,  0. , -1. ])
    >>> game_tree(tree).get_title()
    'T'
    """
    data = game_tree_data(tree)
    rows, depth = len(data.ends), float(data.places[:, 0].max())
    height = 1.0 + 0.32 * rows
    own = ax is None
    ax = axes_for(ax, 1.8 + 1.35 * max(depth, 1), height)
    ax.set_xlim(-0.15, depth + 0.75)
    ax.set_ylim(-rows + 0.4, 0.6)
    ax.set_xticks([])
    ax.set_yticks([])
    for side in ax.spines.values():
        side.set_visible(False)
    set_labels(ax, f"payoffs: {', '.join(map(plain, tree.actors))}")
    set_title(ax, [tree.title])
    legend_beneath(ax, _entries(tree), height if own else None)
    size = row_size(ax, rows, 1.15)
    words, texts = _room(ax, tree, depth, rows)
    words = min(size, 8.0, words)
    for k in range(1, len(tree.parents)):
        _branch(ax, tree, data, k, texts[k], words)
    for nodes, lane in zip(tree.sets, set_lanes(data.places, tree.sets), strict=True):
        line = set_line(data.places[list(nodes)], lane)
        ax.plot(*line.T, ls=":", color=_colour(tree, nodes), lw=1.6, zorder=2, gid="set")
    for k, place in enumerate(data.places):
        _node(ax, tree, k, place, min(size, 1.4 * words))
        _belief(ax, tree, k, place, min(size, 7.5))
    return ax


def _colour(tree: TreeView, nodes: Sequence[int]) -> str:
    """The colour of the actor that cannot tell the nodes apart."""
    mover = tree.movers[nodes[0]]
    return _COLOURS[tree.actors.index(mover) % len(_COLOURS)] if mover in tree.actors else GREY


def _room(ax: Axes, tree: TreeView, depth: float, rows: int) -> tuple[float, list[str]]:
    """Points of letters with which every action fits between two nodes, and actions broken to fit so."""
    x0, y0, x1, y1 = frame_of(ax)
    points = 72 / root_figure(ax).dpi
    step, high = (x1 - x0) * points / (depth + 0.9), (y1 - y0) * points / rows
    found = []
    names = list(map(plain, tree.actions))
    most = max(map(len, names), default=1)
    for lines in range(1, MOST_LINES + 1):
        width = most if lines == 1 else -(-most // lines) + SLACK
        texts = [wrapped(name, width) if len(name) > width else name for name in names]
        longest = max((len(line) for text in texts for line in text.split("\n")), default=1)
        found.append(((0.66 * step - 5) / (0.62 * max(longest, 1)), texts))
        if found[-1][0] >= EASY or (lines + 1) * EASY * 1.2 > high:
            break
    size, texts = max(found, key=lambda one: one[0])
    return float(max(3.5, size)), texts


def _branch(ax: Axes, tree: TreeView, data: TreeData, k: int, text: str, size: float) -> None:
    """The line to a node, with the name of its action."""
    start, end = data.places[tree.parents[k]], data.places[k]
    thick = tree.chosen[k]
    bend = start[0] + 0.3
    ax.plot(
        [start[0], bend, end[0]],
        [start[1], end[1], end[1]],
        color=INK if thick else GREY,
        lw=2.4 if thick else 0.9,
        zorder=1,
        gid="chosen" if thick else "branch",
    )
    ax.text(
        bend + 0.04,
        end[1],
        text,
        fontsize=size,
        linespacing=1.0,
        weight="bold" if thick else "normal",
        ha="left",
        va="center",
        bbox={"boxstyle": "round,pad=0.08", "fc": "white", "lw": 0},
        parse_math=False,
        zorder=3,
    )


def _node(ax: Axes, tree: TreeView, k: int, place: FloatArray, size: float) -> None:
    mover = tree.movers[k]
    if not mover:
        text = ", ".join(f"{value:.3g}".replace("-", "\N{MINUS SIGN}") for value in tree.payoffs[k])
        ax.text(place[0] + 0.05, place[1], text, fontsize=size, ha="left", va="center", zorder=4)
        return
    ax.plot(*place, ls="", **_marker(tree, mover), zorder=4)


def _belief(ax: Axes, tree: TreeView, k: int, place: FloatArray, size: float) -> None:
    """How likely an actor holds a node to be, above it."""
    held = tree.beliefs[k] if k < len(tree.beliefs) else None
    if held is not None:
        ax.annotate(
            f"{held:.3g}",
            tuple(place),
            xytext=(1, 7),
            textcoords="offset points",
            fontsize=size,
            color=_colour(tree, [k]),
            weight="bold",
            ha="right",
            bbox={"boxstyle": "round,pad=0.08", "fc": "white", "lw": 0},
            va="bottom",
            gid="belief",
            zorder=5,
        )


def _marker(tree: TreeView, mover: str) -> dict[str, Any]:
    if mover == CHANCE and mover not in tree.actors:
        return {"marker": "D", "ms": 7, "mfc": "white", "mec": INK, "mew": 1.2}
    colour = _COLOURS[tree.actors.index(mover) % len(_COLOURS)]
    shape = "osv^<>"[tree.actors.index(mover) % 6]
    return {"marker": shape, "ms": 8, "mfc": colour, "mec": INK, "mew": 1.0}


def _entries(tree: TreeView) -> list[Any]:
    from matplotlib.lines import Line2D

    shown = [*tree.actors, *([CHANCE] if CHANCE in tree.movers else [])]
    out = [Line2D([], [], ls="", **_marker(tree, one), label=plain(one)) for one in shown]
    if any(tree.chosen):
        several = f"the first of {tree.equilibria} equilibria"
        word = several if tree.equilibria > 1 else "equilibrium"
        out.append(Line2D([], [], color=INK, lw=2.4, label=f"chosen in {word}"))
    if tree.sets:
        held = any(p is not None for p in tree.beliefs)
        word = "cannot tell apart, with beliefs" if held else "cannot tell apart"
        out.append(Line2D([], [], color=GREY, lw=1.6, ls=":", label=word))
    return out
