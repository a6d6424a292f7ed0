"""Which rules tell feasible points from the others: a tree, its leaves measured.

The tree runs from left to right. On every branch stands the parameter and the values that go there; the
thicker a branch, the more points it carries. At its end a bar says which share of the leaf's points is of
interest (density), and two numbers how many of these points (coverage) and of all points (mass) it holds.

Array convention. Arrays have shape ``(leaves,)``, from top to bottom.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.errors import UsageError
from sim.labels import Labels, labels_of
from sim.plots.drawing.style import BLUE, GREY, INK, PALE, axes_for
from sim.plots.drawing.text import (
    frame_of,
    renderer_of,
    row_size,
    set_labels,
    set_title,
    text_size,
    wrapped,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.records import Cart

LETTER, LEAST, ROW = 0.072, 1.3, 0.44  # inches: of a letter, a level and a leaf
LARGEST = 8.0  # points
TABLE = 1.6  # width of the table, in levels
BAR, NUMBERS = (0.08, 0.72), (1.13, 1.55)  # where its bars and its numbers lie
HEAD = 12  # letters of a line of its head
WIDEST, LINE = 26, 0.14  # letters of a line of a name, inches of another one


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A branch: its level and height, where it comes from, what it says and how many points it carries."""

    level: int
    y: float
    parent: float
    name: str
    values: str
    mass: float
    leaf: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CartData:
    """The numbers of the figure.

    Parameters
    ----------
    target, words, explained
        Which points are of interest, the same in words, and the share of the variance that the tree
        foretells.
    branches
        All of them, from the root on.
    depth
        Levels of the tree.
    density, coverage, mass
        Of every leaf.
    units
        Per parameter that has one.
    """

    target: str
    words: str
    explained: float
    branches: tuple[Branch, ...]
    depth: int
    density: FloatArray
    coverage: FloatArray
    mass: FloatArray
    units: dict[str, str]


def cart_data(found: Cart) -> CartData:
    """The numbers behind :func:`cart`.

    Raises
    ------
    UsageError
        If there is no split.
    """
    if isinstance(found.root, int):
        raise UsageError(f"there is no tree to draw: {found.note}")
    mass = [leaf.mass for leaf in found.leaves]
    book = labels_of(found)
    branches = tuple(_branches(found.root, 0, mass, book))
    splits = list(_splits(found.root))
    return CartData(
        target=found.target,
        words=book.prose(found.words),
        explained=found.explained,
        branches=branches,
        depth=max(branch.level for branch in branches),
        density=np.array([leaf.density for leaf in found.leaves]),
        coverage=np.array([leaf.coverage for leaf in found.leaves]),
        mass=np.array(mass),
        units={book.parameter(split.path): split.unit for split in splits if split.unit},
    )


def _splits(node: Any) -> Iterator[Any]:
    if not isinstance(node, int):
        yield node
        yield from _splits(node.low)
        yield from _splits(node.high)


def _leaves(node: Any) -> list[int]:
    return [node] if isinstance(node, int) else _leaves(node.low) + _leaves(node.high)


def _height(node: Any) -> float:
    """A leaf's row, downwards; a split lies between its sides."""
    return -float(node) if isinstance(node, int) else (_height(node.low) + _height(node.high)) / 2


def _values(node: Any, sign: str) -> str:
    """The values that go to one side of a split."""
    if node.level is None:
        return f"{sign} {node.at:.4g}"
    return f"{'≠' if sign == '≤' else '='} {node.level:g}"


def _branches(node: Any, level: int, mass: Sequence[float], book: Labels) -> Iterator[Branch]:
    for side, sign in ((node.low, "≤"), (node.high, ">")):
        leaf = isinstance(side, int)
        yield Branch(
            level=level + 1,
            y=_height(side),
            parent=_height(node),
            name=wrapped(book.parameter(node.path, short=True), WIDEST),
            values=_values(node, sign),
            mass=sum(mass[k] for k in _leaves(side)),
            leaf=leaf,
        )
        if not leaf:
            yield from _branches(side, level + 1, mass, book)


def cart(found: Cart, *, title: str = "", ax: Axes | None = None) -> Axes:
    """Draw the tree of rules, from left to right, with what its leaves hold.

    Parameters
    ----------
    found
        What ``sim.sweeps.analyses.cart_of_run`` returns.
    title
        The scenario's title.
    ax
        Axes to draw on; new ones where absent.

    Returns
    -------
    Axes

    Raises
    ------
    UsageError
        If there is no split.

    Examples
    --------
    >>> from types import SimpleNamespace as Record
    >>> few = Record(coverage=0.1, density=0.05, mass=0.6)
    >>> many = Record(coverage=0.9, density=0.7, mass=0.4)
    >>> root = Record(path="a", unit="share", at=0.6, low=0, high=1, level=None)
    >>> found = Record(target="feasible", words="a treaty is feasible", explained=0.5,
    ...     leaves=(few, many), root=root, note="")
    >>> [branch.values for branch in cart_data(found).branches]
    ['≤ 0.6', '> 0.6']
    >>> cart(found).get_xlabel()
    'units: a (share)'
    """
    data = cart_data(found)
    rows = len(data.density)
    names = [branch.name for branch in data.branches]
    level = max(LEAST, LETTER * max(len(line) for name in names for line in name.split("\n")))
    row = ROW + LINE * max(name.count("\n") for name in names)
    ax = axes_for(ax, level * (data.depth + TABLE), 1.3 + row * rows)
    ax.set_xlim(-0.05, data.depth + TABLE)
    ax.set_ylim(-rows + 0.4, 1.2)
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    explains = f"the tree explains {data.explained:.0%} of the variance at points unseen"
    set_title(ax, [title, f"rules that tell where {data.words}", explains])
    units = ", ".join(f"{path} ({unit})" for path, unit in data.units.items())
    set_labels(ax, f"units: {units}" if units else "")
    size = _size(ax, data)
    for branch in data.branches:
        _branch(ax, branch, data.depth, size)
    _table(ax, data, size)
    return ax


def _size(ax: Axes, data: CartData) -> float:
    """Points of letters with which two lines fit into a row, the longest name into a level, and the table."""
    more = max(branch.name.count("\n") for branch in data.branches)
    size = min(row_size(ax, len(data.density) + 1.4, 2.6 + more), LARGEST)
    longest = max((line for b in data.branches for line in b.name.split("\n")), key=len)
    x0, _, x1, _ = frame_of(ax)
    level = 0.93 * (x1 - x0) / (data.depth + TABLE + 0.05)
    renderer = renderer_of(ax)
    rooms = (
        (longest, 1.0),
        (wrapped(data.target, HEAD), BAR[1] - BAR[0]),
        (" 100%", NUMBERS[0] - BAR[1]),
        (" 100%", NUMBERS[1] - NUMBERS[0]),
    )
    fits = [room * level / text_size(ax, text, size, renderer)[0] for text, room in rooms]
    return max(3.5, size * min(1.0, *fits))


def _branch(ax: Axes, branch: Branch, depth: int, size: float) -> None:
    """A branch with its parameter above it and its values below."""
    start = branch.level - 1
    end = depth if branch.leaf else branch.level
    thick = 0.8 + 5 * branch.mass
    ax.plot([start, start], [branch.parent, branch.y], color=GREY, lw=0.8, zorder=1)
    ax.plot([start, end], [branch.y] * 2, color=GREY, lw=thick, zorder=1, solid_capstyle="butt")
    shared: dict[str, Any] = {"fontsize": size, "parse_math": False, "annotation_clip": False}
    off = 1.5 + thick / 2
    for words, shift, side in ((branch.name, off, "bottom"), (branch.values, -off, "top")):
        ax.annotate(
            words, (start + 0.04, branch.y), (0, shift), textcoords="offset points", va=side, **shared
        )  # fmt: skip


def _table(ax: Axes, data: CartData, size: float) -> None:
    """Per leaf a bar of its density, and its coverage and mass."""
    left, right = (data.depth + x for x in BAR)
    columns = [data.depth + x for x in NUMBERS]
    rows = -np.arange(len(data.density), dtype=np.float64)
    ax.barh(rows, right - left, 0.56, left, color=PALE, edgecolor=GREY, linewidth=0.6, zorder=2)
    ax.barh(rows, (right - left) * data.density, 0.56, left, color=BLUE, zorder=3, gid="density")
    for y, density, coverage, mass in zip(
        rows, data.density, data.coverage, data.mass, strict=True
    ):
        dark = density > 0.4
        at = (left + 0.03, "left") if dark else (right - 0.03, "right")
        ax.text(
            at[0], y, f"{density:.0%}", ha=at[1], va="center", fontsize=size, zorder=4,
            color="white" if dark else INK,
        )  # fmt: skip
        for x, share in zip(columns, (coverage, mass), strict=True):
            ax.text(x, y, f"{share:.0%}", ha="right", va="center", fontsize=size)
    heads = ((left, wrapped(data.target, HEAD), "left"), (columns[0], "of\nthem", "right"))
    for x, head, side in (*heads, (columns[1], "of\nall", "right")):
        ax.text(x, 0.45, head, ha=side, va="bottom", fontsize=size)
