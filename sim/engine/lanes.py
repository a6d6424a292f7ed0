"""A graph as a program on vectors: some points side by side, one instruction for all of them.

Definition. What depends on parameters alone is computed by numpy beforehand, and so is what only numpy
computes (:data:`sim.engine.graph.EXPRESSION`); both are *inputs*. The rest is one function over blocks of
``LANES`` points. Its nodes are put in *levels*: a reduction over the axis can be read one level after its
argument. A level is straight code on numbers and then one loop over the axis; what a later loop reads again
is kept in a table of the block. No operation is reassociated or contracted, so every number is numpy's.

Array convention. Inputs and outputs have a row per node, the batch axis last; an input with the axis has a
row per place on it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from sim._kernels.tolerance import AnyArray, FloatArray
from sim.engine.depth_first import depth_first
from sim.engine.layout import REDUCING, Layout
from sim.engine.llvm_text import FRAME, LANES, MASK, VECTOR, Source, Writer, load_input, splat

REDUCED = {"most": "max", "least": "min", "any": "or"}
STARTS = {"most": -np.inf, "least": np.inf, "count": 0.0, "total": 0.0}


class Printer(Writer):
    """Prints the nodes of a layout.

    Parameters
    ----------
    layout
        What is where.
    """

    def __init__(self, layout: Layout) -> None:
        super().__init__()
        self.layout, self.graph = layout, layout.graph
        self.size = layout.graph.sizes[layout.axis]
        self.tables: list[FloatArray] = []
        self.bits: list[AnyArray] = []
        self._columns: dict[int, int] = {}
        self._names: dict[int, str] = {}
        self._here: dict[int, str] = {}
        self._fresh = not layout.remembers
        self._lanes: Sequence[str] = ()
        self._beside = 0

    def print_levels(self) -> None:
        """Every level: numbers first, then the loop."""
        graph, layout = self.graph, self.layout
        top = max(layout.level.values(), default=0)
        for level in range(top + 1):
            mine = [n for n in layout.inside if layout.level[n] == level]
            for n in mine:
                if not graph[n].axes and graph[n].op not in REDUCING:
                    self._names[n] = self._made(n)
            rows = [n for n in mine if graph[n].axes]
            reductions = [
                n for n in layout.inside if graph[n].op in REDUCING and layout.level[n] == level + 1
            ]
            if rows or reductions:
                self._loop_over(rows, reductions)

    def _loop_over(self, rows: Sequence[int], reductions: Sequence[int]) -> None:
        picks = [n for n in reductions if self.graph[n].op == "pick"]
        accumulators = {n: self._accumulator(n) for n in reductions if n not in picks}

        def body(place: str) -> None:
            for n in rows if self.layout.remembers else ():
                self._here[n] = self._made(n)
                if n in self.layout.slots:
                    self._keep(n, self._here[n], place)
            for n, where in accumulators.items():
                self._accumulate(n, where)

        self.loop(body)
        self._pick(picks)
        self.forget()
        for n, where in accumulators.items():
            kind = MASK if self.graph[n].op == "any" else VECTOR
            self._names[n] = self.new(f"load {kind}, ptr {where}")

    def _pick(self, picks: Sequence[int]) -> None:
        """Values at single places; what several of one place read is computed once."""
        at = {n: int(self.graph[n].data[1]) for n in picks}
        for place in dict.fromkeys(at.values()):
            self.forget()
            self.place = str(place)
            for n in (n for n in picks if at[n] == place):
                self._names[n] = self.value(self.graph[n].args[0])

    def loop(self, body: Callable[[str], None]) -> None:
        """A loop over all places of the axis."""

        def at(place: str) -> None:
            self.place, self._here = place, {}
            body(place)

        self.counted(self.size, at)
        self.forget()

    def where_any(self, mask: str, body: Callable[[], None]) -> None:
        """What is done where a mask is true in some lane; what it reads is not known afterwards."""
        before = {**self._here}
        super().where_any(mask, body)
        self._here = before

    def beside(self, vectors: int) -> int:
        """Room for some more vectors of a block; where it begins."""
        self._beside += vectors
        return self._beside - vectors

    def address_beside(self, vector: str, last: int) -> str:
        """Where one of them is, ``last`` being the largest number that it can have."""
        start = len(self.layout.slots) * self.size
        self.reached("room", (start + last) * LANES + LANES - 1)
        at = self.new(f"add i64 {vector}, {start}")
        return self.new(f"getelementptr {VECTOR}, ptr %room, i64 {at}")

    def _accumulator(self, n: int) -> str:
        op = self.graph[n].op
        if op == "any":
            return self.variable(MASK, "zeroinitializer")
        return self.variable(VECTOR, splat(STARTS[op]))

    def _accumulate(self, n: int, where: str) -> None:
        op, value = self.graph[n].op, self.value(self.graph[n].args[0])
        kind = MASK if op == "any" else VECTOR
        old = self.new(f"load {kind}, ptr {where}")
        self.say(f"store {kind} {self.taken(op, old, value)}, ptr {where}")

    def taken(self, op: str, old: str, value: str) -> str:
        """What a reduction is once a value is taken into it."""
        value = self.number(value) if op == "count" else value
        return self.written(REDUCED.get(op, "add"), [old, value])

    def last(self, place: str) -> int:
        """The largest place that a value can be: itself where it is written out, else the axis's last."""
        return int(place) if place.isdigit() else self.size - 1

    def forget(self, *, fresh: bool = False, lanes: Sequence[str] = ()) -> None:
        """Read nothing that was read before, as after a branch.

        With ``fresh``, what follows computes again what is kept, since it seldom runs; with ``lanes``, it is
        at a place that each lane has for itself.
        """
        fresh = fresh or bool(lanes) or not self.layout.remembers
        self._here, self._fresh, self._lanes = {}, fresh, lanes

    def value(self, n: int) -> str:
        """The value of a node where the text stands."""
        for k in depth_first(n, self._missing):
            if self._known(k) is None:
                self._note(k, self._loaded(k))
        found = self._known(n)
        assert found is not None
        return found

    def _note(self, n: int, name: str) -> None:
        self._here[n] = name

    def _missing(self, n: int) -> list[int]:
        """What has to be printed before a node's value is."""
        made = self._fresh and n in self.layout.level and self._known(n) is None
        return [k for k in self.graph[n].args if self._known(k) is None] if made else []

    def _known(self, n: int) -> str | None:
        """The name of a value that stands in the text already, or needs no line."""
        node = self.graph[n]
        if node.op == "constant" and not node.axes:
            number = self.graph.scalar(n)
            assert number is not None
            return f"splat (i1 {'true' if number else 'false'})" if node.truth else splat(number)
        if n in self._here or node.axes:
            return self._here.get(n)
        return self._names.get(n)

    def _loaded(self, n: int) -> str:
        node, layout = self.graph[n], self.layout
        if node.op == "constant":
            return self._constant(n)
        if self._fresh and n in layout.level:
            return self._made(n)
        if n in layout.slots:
            return self.kept(n, layout.slots[n], self.place)
        if node.axes:
            value = self._row(layout.rows.index(n))
        else:
            scalar = layout.scalars.index(n)
            self.reached("scalars", scalar)
            where = self.new(f"getelementptr {VECTOR}, ptr %p, i64 {scalar}")
            value = self.new(f"load {VECTOR}, ptr {where}")
        return self.new(f"fcmp une {VECTOR} {value}, zeroinitializer") if node.truth else value

    def _row(self, row: int) -> str:
        """An input along the axis."""
        if self._lanes:
            return self._gathered("double", lambda k, at: self._row_at(at, str(row), k, row))
        return self.new(f"load {VECTOR}, ptr {self._row_at(self.place, str(row), 0, row)}, align 8")

    def _row_at(self, place: str, row: str, lane: int, last: int) -> str:
        """Where a number of an input stands, ``last`` being the largest number of a row that it can be."""
        self.reached("rows", last, self.last(place))
        first = self.new(f"mul i64 {row}, {self.size}")
        at = self.new(f"add i64 {place}, {first}")
        start = self.new(f"mul i64 {at}, %n")
        first = self.new(f"add i64 {start}, %i")
        mine = self.new(f"add i64 {first}, {lane}")
        return self.new(f"getelementptr double, ptr %rows, i64 {mine}")

    def _gathered(self, kind: str, address: Callable[[int, str], str]) -> str:
        """What each lane finds at its own address."""
        out = "poison"
        for lane, place in enumerate(self._lanes):
            one = self.new(f"load {kind}, ptr {address(lane, place)}")
            out = self.new(f"insertelement <{LANES} x {kind}> {out}, {kind} {one}, i64 {lane}")
        return out

    def _constant(self, n: int) -> str:
        column = self.column_of(n)
        return self.constant_at(str(column), column, truth=self.graph[n].truth)

    def column_of(self, n: int) -> int:
        """The column of a constant along the axis; a mask is a byte per place there, a bit per lane."""
        if n not in self._columns:
            table = np.broadcast_to(np.asarray(self.graph.table(n)), (self.size,))
            if self.graph[n].truth:
                self._columns[n] = len(self.bits)
                self.bits.append(np.where(table, 255, 0).astype(np.uint8))
            else:
                self._columns[n] = len(self.tables)
                self.tables.append(table)
        return self._columns[n]

    def constant_at(self, column: str, last: int, *, truth: bool) -> str:
        """What stands in a column at the present place, ``last`` being the largest that the column can be."""
        kind = f"i{LANES}" if truth else "double"
        if self._lanes:
            found = self._gathered(kind, lambda _, place: self._at(kind, place, column, last))
            return self.new(f"icmp ne <{LANES} x i8> {found}, zeroinitializer") if truth else found
        value = self.new(f"load {kind}, ptr {self._at(kind, self.place, column, last)}")
        return self.new(f"bitcast i{LANES} {value} to {MASK}") if truth else self.everywhere(value)

    def _at(self, kind: str, place: str, column: str, last: int) -> str:
        """Where a constant stands."""
        table, width = ("%table", "%width") if kind == "double" else ("%bits", "%bitwidth")
        self.reached(table[1:], self.last(place), last)
        row = self.new(f"mul i64 {place}, {width}")
        at = self.new(f"add i64 {row}, {column}")
        return self.new(f"getelementptr {kind}, ptr {table}, i64 {at}")

    def _made(self, n: int) -> str:
        node = self.graph[n]
        return self.operation(node.op, [self.value(k) for k in node.args], truth=node.truth)

    def operation(self, op: str, a: Sequence[str], *, truth: bool) -> str:
        """An elementwise operation whose values are numbers or truths."""
        if op == "where" and truth:
            return self.new(f"select {MASK} {a[0]}, {MASK} {a[1]}, {MASK} {a[2]}")
        return self.written(op, a)

    def _address(self, slot: int, place: str) -> str:
        self.reached("room", (slot * self.size + self.last(place)) * LANES + LANES - 1)
        at = self.new(f"add i64 {place}, {slot * self.size}")
        return self.new(f"getelementptr {VECTOR}, ptr %room, i64 {at}")

    def _keep(self, n: int, value: str, place: str) -> None:
        if self.graph[n].truth:
            value = self.number(value)
        self.say(f"store {VECTOR} {value}, ptr {self._address(self.layout.slots[n], place)}")

    def kept(self, n: int, slot: int, place: str) -> str:
        """A kept value of a node at a place."""
        value = self.new(f"load {VECTOR}, ptr {self._address(slot, place)}")
        if self.graph[n].truth:
            return self.new(f"fcmp une {VECTOR} {value}, zeroinitializer")
        return value

    def source(self, outputs: Sequence[str]) -> Source:
        """The function that writes some values, once everything is printed."""
        for k, value in enumerate(outputs):
            row = self.new(f"mul i64 %n, {k}")
            at = self.new(f"add i64 {row}, %i")
            where = self.new(f"getelementptr double, ptr %out, i64 {at}")
            self.say(f"store {VECTOR} {value}, ptr {where}, align 8")
        table = np.stack(self.tables, axis=1) if self.tables else np.zeros((self.size, 1))
        bits = np.stack(self.bits, axis=1) if self.bits else np.zeros((self.size, 1), np.uint8)
        scalars = len(self.layout.scalars)
        text = FRAME.format(
            vector=VECTOR, lanes=LANES, scalars=max(1, scalars), width=table.shape[1], bitwidth=bits.shape[1],
            allocas="\n".join(self.entry), loads="\n".join(load_input(k) for k in range(scalars)),
            body="\n".join(self.lines), globals="\n".join(self.globals),
        )  # fmt: skip
        room = max(1, len(self.layout.slots) * self.size + self._beside) * LANES
        layout = self.layout
        inputs = layout.scalars, layout.rows
        return Source(text, *inputs, table, bits, room, len(outputs), self.size, self.reach)
