"""The best of many cells by leximin, in one pass over them, and values looked up at a cell.

Definition. Every candidate has *parts*. Candidates are compared by their lowest parts, then by their second
lowest, and so on; where all are equal by a sum of some; where that is equal too the first stands. Two
numbers that are not equal but closer than a *gap* are not told apart here: then the choice is *unsure*.

Array convention. As in :mod:`sim.engine.lanes`; cells are places of the axis by variants, a place's variants
side by side.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from sim.engine.cells import Cells, Chosen
from sim.engine.lanes import Printer
from sim.engine.leximin import better, by_exchanges, counted, first_lowest, keys
from sim.engine.llvm_text import LANES, MASK, VECTOR, splat
from sim.engine.loops import LoopPrinter

Putting = Callable[[str, str, Callable[[], list[str]]], None]
"""Told a variant's number, where it is a candidate, and, if asked, its parts."""


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
    if isinstance(printer, LoopPrinter):
        rows = [cells.masks, *zip(*cells.parts, strict=True)]
        printer.ready_for(rows, [cells.some, cells.level])
        run: _Run = _LoopRun(printer, cells, gap)
    else:
        run = _Run(printer, cells, gap)

    def body(place: str) -> None:
        printer.where_any(run.some(), lambda: inside(place))
        printer.forget()

    def inside(place: str) -> None:
        printer.forget(fresh=True)
        run.compare(printer.new(f"uitofp i64 {place} to double"))

    printer.loop(body)
    return run.found()


class _Run:
    """The best so far: its ordered parts, where it is, and whether that is unsure.

    The variants of a place are written side by side and then compared in a loop, so that the text that
    compares stands once, however many there are.
    """

    def __init__(self, printer: Printer, cells: Cells, gap: float) -> None:
        self.printer, self.cells, self.gap = printer, cells, gap
        self.width, none = len(cells.parts[0]) + 1, splat(-np.inf)
        self.best = [printer.variable(VECTOR, none) for _ in range(self.width)]
        self.cell, self.lowest = (printer.variable(VECTOR, splat(0.0)) for _ in range(2))
        self.unsure = printer.variable(MASK, "zeroinitializer")

    def some(self) -> str:
        """Whether any variant of the present place is a candidate."""
        return self.printer.value(self.cells.some)

    def compare(self, number: str) -> None:
        """Put the variants of a place in, where they are better."""
        printer, cells = self.printer, self.cells
        first = printer.new(f"fmul double {number}, {float(len(cells.masks))}")

        def put(variant: str, here: str, parts: Callable[[], list[str]]) -> None:
            own = printer.new(f"uitofp i64 {variant} to double")
            at = printer.new(f"fadd double {first}, {own}")
            printer.where_any(here, lambda: self._put(here, parts(), at))

        self._every(put)

    def _every(self, put: Putting) -> None:
        """Every variant: its number, whether it is a candidate, its parts."""
        printer, cells = self.printer, self.cells
        self.start = printer.beside(self.width * len(cells.masks))
        masks = [printer.value(n) for n in cells.masks]
        of_some = Counter(n for parts in cells.parts for n in dict.fromkeys(parts))
        for n in (n for n, count in of_some.items() if count > 1):
            printer.value(n)
        for variant, (mask, parts) in enumerate(zip(masks, cells.parts, strict=True)):
            self._keep(printer.number(mask), variant, 0)
            printer.where_any(mask, partial(self._keep_all, parts, variant))
        printer.value(cells.level)

        def one(variant: str) -> None:
            here = printer.new(f"fcmp une {VECTOR} {self._kept(variant, 0)}, zeroinitializer")
            put(variant, here, lambda: [self._kept(variant, k) for k in range(1, self.width)])

        printer.counted(len(cells.masks), one)

    def _keep_all(self, parts: Sequence[int], variant: int) -> None:
        for k, n in enumerate(parts, 1):
            self._keep(self.printer.value(n), variant, k)

    def _keep(self, value: str, variant: int, k: int) -> None:
        self.printer.say(f"store {VECTOR} {value}, ptr {self._where(str(variant), k)}")

    def _where(self, variant: str, k: int) -> str:
        """Where the mask (0) or a part (from 1 on) of a variant is."""
        printer = self.printer
        row = printer.new(f"mul i64 {variant}, {self.width}")
        at = printer.new(f"add i64 {row}, {self.start + k}")
        return printer.address_beside(at, self.start + self.width * len(self.cells.masks) - 1)

    def _kept(self, variant: str, k: int) -> str:
        return self.printer.new(f"load {VECTOR}, ptr {self._where(variant, k)}")

    def _put(self, here: str, parts: list[str], at: str) -> None:
        """Put a variant in, where it is better."""
        printer, cells = self.printer, self.cells
        own = counted(printer, parts, cells.levels, printer.value(cells.level))
        order, first = keys(printer, own, cells.summed, by_exchanges), first_lowest(printer, own)
        known = [printer.new(f"load {VECTOR}, ptr {where}") for where in self.best]
        wins, close = better(printer, order, known, here, self.gap)
        doubt = printer.new(f"load {MASK}, ptr {self.unsure}")
        printer.say(f"store {MASK} {printer.apply('or', doubt, close)}, ptr {self.unsure}")
        places = [*self.best, self.cell, self.lowest]
        for where, value in zip(places, [*order, printer.everywhere(at), first], strict=True):
            _update(printer, where, value, wins)

    def found(self) -> Chosen:
        """What is there at the end."""
        printer = self.printer
        places = (self.cell, self.lowest, self.best[0])
        one, two, three = (printer.new(f"load {VECTOR}, ptr {where}") for where in places)
        doubt = printer.number(printer.new(f"load {MASK}, ptr {self.unsure}"))
        return Chosen(one, two, three, doubt)


class _LoopRun(_Run):
    """The same where the variants of a place are packs."""

    printer: LoopPrinter

    def some(self) -> str:
        """Whether any variant of the present place is a candidate."""
        return self.printer.kept_value(self.cells.some)

    def _every(self, put: Putting) -> None:
        """Every variant: its number, whether it is a candidate, its parts."""
        rows = [self.cells.masks, *zip(*self.cells.parts, strict=True)]
        parts = range(1, len(rows))
        self.printer.every(rows, lambda i, read: put(i, read(0), lambda: [read(k) for k in parts]))


def _update(printer: Printer, where: str, value: str, mask: str) -> None:
    old = printer.new(f"load {VECTOR}, ptr {where}")
    new = printer.new(f"select {MASK} {mask}, {VECTOR} {value}, {VECTOR} {old}")
    printer.say(f"store {VECTOR} {new}, ptr {where}")


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
    place = printer.apply("floor", share)
    place = printer.written("max", [place, splat(0.0)])  # also where it is not a number
    place = printer.written("min", [place, splat(float(printer.size - 1))])
    first = printer.new(f"fmul {VECTOR} {place}, {splat(float(count))}")
    variant = printer.new(f"fsub {VECTOR} {cell}, {first}")
    lanes = []
    for lane in range(LANES):
        number = printer.new(f"extractelement {VECTOR} {place}, i64 {lane}")
        lanes.append(printer.new(f"fptoui double {number} to i64"))
    printer.forget(lanes=lanes)
    if isinstance(printer, LoopPrinter):
        return _looked_up(printer, variant, variants)
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


def _looked_up(printer: LoopPrinter, variant: str, nodes: Sequence[Sequence[int]]) -> list[str]:
    """The same where the variants are packs."""
    out = [printer.variable(VECTOR, splat(0.0)) for _ in nodes]

    def one(i: str, read: Callable[[int], str]) -> None:
        number = printer.everywhere(printer.new(f"uitofp i64 {i} to double"))
        same = printer.apply("eq", variant, number)

        def inside() -> None:
            for k, where in enumerate(out):
                _update(printer, where, read(k), same)

        printer.where_any(same, inside)

    printer.every(nodes, one)
    printer.forget()
    return [printer.new(f"load {VECTOR}, ptr {where}") for where in out]
