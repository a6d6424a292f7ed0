"""The best of many cells by leximin, in one pass over them, and values looked up at a cell.

Definition. Every candidate has *parts*. Candidates are compared by their lowest parts, then by their second
lowest, and so on; where all are equal by a sum of some; where that is equal too the first stands. Two
numbers that are not equal but closer than a *gap* are not told apart here: then the choice is *unsure*.

Array convention. As in :mod:`sim.engine.lanes`; cells are places of the axis by variants, a place's variants
side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from sim.engine.lanes import Printer
from sim.engine.llvm_text import LANES, MASK, VECTOR, splat

MOST_PARTS = 64
"""With more parts than this the code that sorts them would be long."""


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Candidates: the variants of every place.

    Parameters
    ----------
    some
        Whether any variant of a place is a candidate.
    masks
        Per variant whether it is one.
    parts
        Per variant its parts.
    levels
        The level of every part.
    level
        Up to which level parts count; a number per point.
    summed
        How many of the first parts are added for what decides where all parts are equal.
    bests, error
        Per level the best variants of every place, from whose tops on candidates lie within twice this error
        (:func:`sim.rules.ladder.bar`).
    tied
        Whether a place is as good as the top of the level that decides.
    """

    some: int
    masks: tuple[int, ...]
    parts: tuple[tuple[int, ...], ...]
    levels: tuple[int, ...]
    level: int
    summed: int
    bests: tuple[tuple[int, ...], ...]
    error: float
    tied: int

    @property
    def nodes(self) -> list[int]:
        """All nodes that are read at candidates."""
        return [*self.masks, *(n for part in self.parts for n in part), self.level]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Names of values: the chosen cell, which part is lowest, that part, and whether that is unsure."""

    cell: str
    lowest: str
    value: str
    unsure: str


def print_choice(printer: Printer, cells: Cells, gap: float) -> Chosen:
    """Print the pass over all cells.

    Parameters
    ----------
    printer
        That has printed all levels and keeps whether some variant is a candidate.
    cells
        What is compared.
    gap
        What is too close to be told apart.
    """
    run = _Run(printer, cells, gap)

    def body(place: str) -> None:
        bits = printer.new(f"bitcast {MASK} {printer.value(cells.some)} to i{LANES}")
        some = printer.new(f"icmp ne i{LANES} {bits}, 0")
        inside, after = printer.label(), printer.label()
        printer.say(f"br i1 {some}, label %{inside}, label %{after}")
        printer.lines.append(f"{inside}:")
        printer.forget(fresh=True)
        number = printer.new(f"uitofp i64 {place} to double")
        for variant in range(len(cells.masks)):
            run.compare(variant, number)
        printer.say(f"br label %{after}")
        printer.lines.append(f"{after}:")
        printer.forget()

    printer.loop(body)
    return run.found()


class _Run:
    """The best so far: its ordered parts, where it is, and whether that is unsure."""

    def __init__(self, printer: Printer, cells: Cells, gap: float) -> None:
        self.printer, self.cells, self.gap = printer, cells, gap
        count, none = len(cells.parts[0]), splat(-np.inf)
        self.best = [printer.variable(VECTOR, none) for _ in range(count + 1)]
        self.cell, self.lowest = (printer.variable(VECTOR, splat(0.0)) for _ in range(2))
        self.unsure = printer.variable(MASK, "zeroinitializer")

    def compare(self, variant: int, number: str) -> None:
        """Put a variant of a place in, where it is better."""
        printer, cells = self.printer, self.cells
        here, level = printer.value(cells.masks[variant]), printer.value(cells.level)
        mine = [
            _counted(printer, printer.value(n), at, level)
            for n, at in zip(cells.parts[variant], cells.levels, strict=True)
        ]
        first, order = _first_lowest(printer, mine), _sorted(printer, mine)
        order.append(reduce(lambda a, b: printer.written("add", [a, b]), mine[: cells.summed]))
        better = _better(printer, order, self.best, here, self.unsure, self.gap)
        at = printer.new(f"fmul double {number}, {float(len(cells.masks))}")
        at = _everywhere(printer, printer.new(f"fadd double {at}, {float(variant)}"))
        places = [*self.best, self.cell, self.lowest]
        for where, value in zip(places, [*order, at, first], strict=True):
            _update(printer, where, value, better)

    def found(self) -> Chosen:
        """What is there at the end."""
        printer = self.printer
        places = (self.cell, self.lowest, self.best[0])
        one, two, three = (printer.new(f"load {VECTOR}, ptr {where}") for where in places)
        doubt = printer.number(printer.new(f"load {MASK}, ptr {self.unsure}"))
        return Chosen(one, two, three, doubt)


def _counted(printer: Printer, part: str, level: int, most: str) -> str:
    """A part, infinite where parts of its level do not count."""
    if level == 0:
        return part
    counts = printer.new(f"fcmp oge {VECTOR} {most}, {splat(float(level))}")
    return printer.new(f"select {MASK} {counts}, {VECTOR} {part}, {VECTOR} {splat(np.inf)}")


def _everywhere(printer: Printer, number: str) -> str:
    first = printer.new(f"insertelement {VECTOR} poison, double {number}, i64 0")
    zeros = f"<{LANES} x i32> zeroinitializer"
    return printer.new(f"shufflevector {VECTOR} {first}, {VECTOR} poison, {zeros}")


def _update(printer: Printer, where: str, value: str, mask: str) -> None:
    old = printer.new(f"load {VECTOR}, ptr {where}")
    new = printer.new(f"select {MASK} {mask}, {VECTOR} {value}, {VECTOR} {old}")
    printer.say(f"store {VECTOR} {new}, ptr {where}")


def _first_lowest(printer: Printer, parts: Sequence[str]) -> str:
    """Which part is the first of the lowest."""
    low, which = parts[0], splat(0.0)
    for k, part in enumerate(parts[1:], 1):
        less = printer.new(f"fcmp olt {VECTOR} {part}, {low}")
        low = printer.new(f"select {MASK} {less}, {VECTOR} {part}, {VECTOR} {low}")
        which = printer.new(f"select {MASK} {less}, {VECTOR} {splat(k)}, {VECTOR} {which}")
    return which


def _sorted(printer: Printer, parts: Sequence[str]) -> list[str]:
    """The parts in ascending order, by exchanging pairs."""
    out = list(parts)
    for a, b in exchanges(len(out)):
        less = printer.new(f"fcmp olt {VECTOR} {out[a]}, {out[b]}")
        low = printer.new(f"select {MASK} {less}, {VECTOR} {out[a]}, {VECTOR} {out[b]}")
        high = printer.new(f"select {MASK} {less}, {VECTOR} {out[b]}, {VECTOR} {out[a]}")
        out[a], out[b] = low, high
    return out


def exchanges(size: int) -> list[tuple[int, int]]:
    """Pairs of places to exchange, in order, that sort any list: Batcher's merging of odd and even ones.

    Examples
    --------
    >>> exchanges(4)
    [(0, 1), (2, 3), (0, 2), (1, 3), (1, 2)]
    """
    out = []
    step = 1
    while step < size:
        near = step
        while near >= 1:
            for start in range(near % step, size - near, 2 * near):
                for k in range(min(near, size - start - near)):
                    low, high = start + k, start + k + near
                    if low // (2 * step) == high // (2 * step):
                        out.append((low, high))
            near //= 2
        step *= 2
    return out


def _better(
    printer: Printer, mine: Sequence[str], best: Sequence[str], here: str, unsure: str, gap: float
) -> str:
    """Where a cell beats the best so far; marks where that is unsure."""
    open_, better = here, "zeroinitializer"
    for value, where in zip(mine, best, strict=True):
        other = printer.new(f"load {VECTOR}, ptr {where}")
        equal = printer.new(f"fcmp oeq {VECTOR} {value}, {other}")
        more = printer.new(f"fcmp ogt {VECTOR} {value}, {other}")
        one = printer.new(f"fadd {VECTOR} {other}, {splat(gap)}")
        two = printer.new(f"fadd {VECTOR} {value}, {splat(gap)}")
        above = printer.new(f"fcmp ogt {VECTOR} {value}, {one}")
        below = printer.new(f"fcmp ogt {VECTOR} {other}, {two}")
        wins = printer.new(f"and {MASK} {open_}, {more}")
        better = printer.new(f"or {MASK} {better}, {wins}")
        told = printer.new(f"or {MASK} {above}, {below}")
        told = printer.new(f"or {MASK} {told}, {equal}")
        close = printer.new(f"xor {MASK} {told}, splat (i1 true)")
        close = printer.new(f"and {MASK} {close}, {open_}")
        old = printer.new(f"load {MASK}, ptr {unsure}")
        printer.say(f"store {MASK} {printer.new(f'or {MASK} {old}, {close}')}, ptr {unsure}")
        differs = printer.new(f"xor {MASK} {equal}, splat (i1 true)")
        differs = printer.new(f"and {MASK} {open_}, {differs}")
        open_ = printer.new(f"xor {MASK} {open_}, {differs}")
    return better


def print_at(printer: Printer, cell: str, variants: Sequence[Sequence[int]]) -> list[str]:
    """Values at a cell that each lane has for itself.

    Parameters
    ----------
    printer
        That has printed all levels.
    cell
        The cells, numbers: places times variants plus the variant. What is not a place is taken for the first
        or the last one, so that nothing else can be read.
    variants
        Per value its node for every variant.
    """
    count = len(variants[0])
    share = printer.new(f"fdiv {VECTOR} {cell}, {splat(float(count))}")
    place = printer.new(f"call {VECTOR} @llvm.floor.v{LANES}f64({VECTOR} {share})")
    place = printer.written("max", [place, splat(0.0)])  # also where it is not a number
    place = printer.written("min", [place, splat(float(printer.size - 1))])
    first = printer.new(f"fmul {VECTOR} {place}, {splat(float(count))}")
    variant = printer.new(f"fsub {VECTOR} {cell}, {first}")
    lanes = []
    for lane in range(LANES):
        number = printer.new(f"extractelement {VECTOR} {place}, i64 {lane}")
        lanes.append(printer.new(f"fptoui double {number} to i64"))
    printer.forget(lanes=lanes)
    same = [printer.new(f"fcmp oeq {VECTOR} {variant}, {splat(float(k))}") for k in range(count)]
    out = []
    for nodes in variants:
        value = printer.value(nodes[-1])
        for k in reversed(range(count - 1)):
            other = printer.value(nodes[k])
            value = printer.new(f"select {MASK} {same[k]}, {VECTOR} {other}, {VECTOR} {value}")
        out.append(value)
    printer.forget()
    return out
