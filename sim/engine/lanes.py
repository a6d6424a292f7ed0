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

import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import AnyArray, FloatArray
from sim.engine.graph import EXPRESSION, Graph
from sim.engine.numpy_run import needed

LANES = 8
VECTOR, MASK = f"<{LANES} x double>", f"<{LANES} x i1>"
COMPARED = {"lt": "olt", "le": "ole", "gt": "ogt", "ge": "oge", "eq": "oeq"}
PLAIN = {"add": "fadd", "sub": "fsub", "mul": "fmul", "div": "fdiv"}
STARTS = {"most": -np.inf, "least": np.inf, "count": 0.0, "total": 0.0}
REDUCING = frozenset({*STARTS, "any", "pick"})


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A function on blocks of points as text, with what it reads and writes.

    Parameters
    ----------
    text
        In LLVM's language.
    scalars, rows
        Nodes that are inputs: numbers per point, and rows along the axis.
    table, bits
        The constants along the axis, a row per place: numbers, and bytes of truth.
    room
        How many numbers a block keeps.
    outputs
        How many rows are written.
    """

    text: str
    scalars: tuple[int, ...]
    rows: tuple[int, ...]
    table: FloatArray
    bits: AnyArray
    room: int
    outputs: int


def literal(value: float) -> str:
    """A number as LLVM writes it, to the last bit.

    Examples
    --------
    >>> literal(1.0)
    '0x3FF0000000000000'
    """
    return f"0x{struct.unpack('>Q', struct.pack('>d', value))[0]:016X}"


def splat(value: float) -> str:
    """The same number in all lanes."""
    return f"splat (double {literal(value)})"


class Layout:
    """Which nodes are inputs, which level each other one is on, and what is kept between loops.

    Parameters
    ----------
    graph
        Every node ranges over one axis or none.
    axis
        The axis.
    wanted
        The nodes that are read afterwards.
    kept
        Nodes whose values along the axis are read afterwards.
    """

    def __init__(
        self, graph: Graph, axis: str, wanted: Sequence[int], kept: Iterable[int] = ()
    ) -> None:
        self.graph, self.axis = graph, axis
        self.kept = list(dict.fromkeys(kept))
        order = needed(graph, [*wanted, *self.kept])
        numpys = needed(graph, [n for n in order if graph[n].op.startswith(EXPRESSION)])
        before = set(numpys) | {n for n in order if self._by_parameters(n)}
        self.inside = [n for n in order if n not in before and graph[n].op != "constant"]
        used = {k for n in self.inside for k in graph[n].args} | {*wanted, *self.kept}
        inputs = [n for n in order if n in before and n in used and graph[n].op != "constant"]
        self.scalars = tuple(n for n in inputs if not graph[n].axes)
        self.rows = tuple(n for n in inputs if graph[n].axes)
        self.level: dict[int, int] = {}
        for n in self.inside:
            later = 1 if graph[n].op in REDUCING else 0
            self.level[n] = later + max((self.level.get(k, 0) for k in graph[n].args), default=0)
        self.slots = {n: k for k, n in enumerate(self._stored())}

    def _by_parameters(self, node: int) -> bool:
        """Whether a node and all that it rests on have no axes."""
        return all(not self.graph[k].axes for k in needed(self.graph, [node]))

    def _stored(self) -> list[int]:
        """Nodes along the axis that another loop reads than the one that computes them."""
        graph, out = self.graph, dict.fromkeys(n for n in self.kept if n in self.level)
        for n in self.inside:
            place = self.level[n] - (graph[n].op in REDUCING)
            for k in graph[n].args:
                read_later = self.level.get(k, 0) < place or graph[n].op == "pick"
                if k in self.level and graph[k].axes and read_later:
                    out[k] = None
        return [n for n in out if graph[n].axes]


class Printer:
    """Prints the nodes of a layout.

    Parameters
    ----------
    layout
        What is where.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout, self.graph = layout, layout.graph
        self.size = layout.graph.sizes[layout.axis]
        self.entry: list[str] = []
        self.lines: list[str] = []
        self.tables: list[FloatArray] = []
        self.bits: list[AnyArray] = []
        self._columns: dict[int, int] = {}
        self._names: dict[int, str] = {}
        self._here: dict[int, str] = {}
        self._count = 0
        self._fresh = False
        self._lanes: Sequence[str] = ()

    def new(self, code: str) -> str:
        """The name of a new value."""
        self._count += 1
        name = f"%v{self._count}"
        self.lines.append(f"  {name} = {code}")
        return name

    def label(self) -> str:
        """The name of a new block."""
        self._count += 1
        return f"b{self._count}"

    def say(self, code: str) -> None:
        """A line without a value."""
        self.lines.append(f"  {code}")

    def variable(self, kind: str, start: str) -> str:
        """A place for a value that changes, with its first value."""
        self._count += 1
        name = f"%m{self._count}"
        self.entry.append(f"  {name} = alloca {kind}, align 64")
        self.say(f"store {kind} {start}, ptr {name}")
        return name

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
            for n in rows:
                self._here[n] = self._made(n)
                if n in self.layout.slots:
                    self._keep(n, self._here[n], place)
            for n, where in accumulators.items():
                self._accumulate(n, where)

        self.loop(body)
        for n in picks:
            (arg,), place = self.graph[n].args, int(self.graph[n].data[1])
            self.place = str(place)
            self.forget()
            self._names[n] = self.value(arg)
        self.forget()
        for n, where in accumulators.items():
            kind = MASK if self.graph[n].op == "any" else VECTOR
            self._names[n] = self.new(f"load {kind}, ptr {where}")

    def loop(self, body: Callable[[str], None]) -> None:
        """A loop over all places of the axis."""
        head, done = self.label(), self.label()
        counter = self.variable("i64", "0")
        self.say(f"br label %{head}")
        self.lines.append(f"{head}:")
        self.place = self.new(f"load i64, ptr {counter}")
        self._here = {}
        body(self.place)
        after = self.new(f"add i64 {self.place}, 1")
        self.say(f"store i64 {after}, ptr {counter}")
        more = self.new(f"icmp ult i64 {after}, {self.size}")
        self.say(f"br i1 {more}, label %{head}, label %{done}")
        self.lines.append(f"{done}:")
        self.forget()

    def _accumulator(self, n: int) -> str:
        op = self.graph[n].op
        return (
            self.variable(MASK, "zeroinitializer")
            if op == "any"
            else self.variable(VECTOR, splat(STARTS[op]))
        )

    def _accumulate(self, n: int, where: str) -> None:
        op, value = self.graph[n].op, self.value(self.graph[n].args[0])
        kind = MASK if op == "any" else VECTOR
        old = self.new(f"load {kind}, ptr {where}")
        if op == "count":
            value = self.new(f"select {MASK} {value}, {VECTOR} {splat(1.0)}, {VECTOR} {splat(0.0)}")
        name = {"most": "max", "least": "min", "any": "or"}.get(op, "add")
        self.say(f"store {kind} {self.written(name, [old, value])}, ptr {where}")

    def forget(self, *, fresh: bool = False, lanes: Sequence[str] = ()) -> None:
        """Read nothing that was read before, as after a branch.

        With ``fresh``, what follows computes again what is kept, since it seldom runs; with ``lanes``, it is
        at a place that each lane has for itself.
        """
        self._here, self._fresh, self._lanes = {}, fresh or bool(lanes), lanes

    def value(self, n: int) -> str:
        """The value of a node where the text stands."""
        node = self.graph[n]
        if node.op == "constant" and not node.axes:
            number = self.graph.scalar(n)
            assert number is not None
            return f"splat (i1 {'true' if number else 'false'})" if node.truth else splat(number)
        if n in self._here:
            return self._here[n]
        if n in self._names and not node.axes:
            return self._names[n]
        found = self._loaded(n)
        self._here[n] = found
        return found

    def _loaded(self, n: int) -> str:
        node, layout = self.graph[n], self.layout
        if node.op == "constant":
            return self._constant(n)
        if self._fresh and n in layout.level:
            return self._made(n)
        if n in layout.slots:
            return self.kept(n, layout.slots[n], self.place)
        if node.axes:
            value = self._row(layout.rows.index(n) * self.size)
        else:
            where = self.new(f"getelementptr {VECTOR}, ptr %p, i64 {layout.scalars.index(n)}")
            value = self.new(f"load {VECTOR}, ptr {where}")
        return self.new(f"fcmp une {VECTOR} {value}, zeroinitializer") if node.truth else value

    def _row(self, row: int) -> str:
        """An input along the axis."""
        if self._lanes:
            return self._gathered("double", lambda lane, place: self._row_at(place, row, lane))
        return self.new(f"load {VECTOR}, ptr {self._row_at(self.place, row, 0)}, align 8")

    def _row_at(self, place: str, row: int, lane: int) -> str:
        at = self.new(f"add i64 {place}, {row}")
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
        table = self.graph.table(n)
        assert table is not None
        if self.graph[n].truth:
            return self._truth(n, table)
        if n not in self._columns:
            self._columns[n] = len(self.tables)
            self.tables.append(table)
        column = self._columns[n]
        if self._lanes:
            return self._gathered("double", lambda _, place: self._at("double", place, column))
        value = self.new(f"load double, ptr {self._at('double', self.place, column)}")
        first = self.new(f"insertelement {VECTOR} poison, double {value}, i64 0")
        zeros = f"<{LANES} x i32> zeroinitializer"
        return self.new(f"shufflevector {VECTOR} {first}, {VECTOR} poison, {zeros}")

    def _truth(self, n: int, table: AnyArray) -> str:
        """A constant mask: a byte per place, a bit per lane."""
        if n not in self._columns:
            self._columns[n] = len(self.bits)
            self.bits.append(np.where(table, 255, 0).astype(np.uint8))
        column = self._columns[n]
        if self._lanes:
            bytes_ = self._gathered("i8", lambda _, place: self._at("i8", place, column))
            return self.new(f"icmp ne <{LANES} x i8> {bytes_}, zeroinitializer")
        value = self.new(f"load i{LANES}, ptr {self._at('i8', self.place, column)}")
        return self.new(f"bitcast i{LANES} {value} to {MASK}")

    def _at(self, kind: str, place: str, column: int) -> str:
        """Where a constant stands."""
        table, width = ("%table", "%width") if kind == "double" else ("%bits", "%bitwidth")
        row = self.new(f"mul i64 {place}, {width}")
        at = self.new(f"add i64 {row}, {column}")
        return self.new(f"getelementptr {kind}, ptr {table}, i64 {at}")

    def _made(self, n: int) -> str:
        node = self.graph[n]
        arguments = [self.value(k) for k in node.args]
        if node.op == "where" and node.truth:
            return self.new(
                f"select {MASK} {arguments[0]}, {MASK} {arguments[1]}, {MASK} {arguments[2]}"
            )
        return self.written(node.op, arguments)

    def written(self, op: str, a: Sequence[str]) -> str:
        """An elementwise operation."""
        if op in PLAIN:
            return self.new(f"{PLAIN[op]} {VECTOR} {a[0]}, {a[1]}")
        if op in COMPARED:
            return self.new(f"fcmp {COMPARED[op]} {VECTOR} {a[0]}, {a[1]}")
        if op in ("and", "or"):
            return self.new(f"{op} {MASK} {a[0]}, {a[1]}")
        if op in ("min", "max"):
            first = self.new(f"fcmp {'olt' if op == 'min' else 'ogt'} {VECTOR} {a[0]}, {a[1]}")
            return self.new(f"select {MASK} {first}, {VECTOR} {a[0]}, {VECTOR} {a[1]}")
        match op:
            case "not":
                return self.new(f"xor {MASK} {a[0]}, splat (i1 true)")
            case "neg":
                return self.new(f"fneg {VECTOR} {a[0]}")
            case "abs":
                return self.new(f"call {VECTOR} @llvm.fabs.v{LANES}f64({VECTOR} {a[0]})")
            case "where":
                return self.new(f"select {MASK} {a[0]}, {VECTOR} {a[1]}, {VECTOR} {a[2]}")
        return a[0]  # spread

    # --- tables of a block
    def _address(self, slot: int, place: str) -> str:
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

    def number(self, mask: str) -> str:
        """1 where a mask is true and 0 elsewhere."""
        return self.new(f"select {MASK} {mask}, {VECTOR} {splat(1.0)}, {VECTOR} {splat(0.0)}")

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
            allocas="\n".join(self.entry), loads="\n".join(_load(k) for k in range(scalars)),
            body="\n".join(self.lines),
        )  # fmt: skip
        room = max(1, len(self.layout.slots)) * self.size * LANES
        layout = self.layout
        return Source(text, layout.scalars, layout.rows, table, bits, room, len(outputs))


def _load(k: int) -> str:
    return f"""  %s{k}a = mul i64 %n, {k}
  %s{k}b = add i64 %s{k}a, %i
  %s{k}c = getelementptr double, ptr %scalars, i64 %s{k}b
  %s{k}d = load {VECTOR}, ptr %s{k}c, align 8
  %s{k}e = getelementptr {VECTOR}, ptr %p, i64 {k}
  store {VECTOR} %s{k}d, ptr %s{k}e"""


FRAME = """declare {vector} @llvm.fabs.v{lanes}f64({vector})
declare {vector} @llvm.floor.v{lanes}f64({vector})

define void @blocks(ptr noalias readonly %scalars, ptr noalias readonly %rows, ptr noalias readonly %table,
                    ptr noalias readonly %bits, ptr noalias %room, ptr noalias %out, i64 %n) #0 {{
entry:
  %p = alloca [{scalars} x {vector}], align 64
  %width = add i64 0, {width}
  %bitwidth = add i64 0, {bitwidth}
{allocas}
  br label %outer
outer:
  %i = phi i64 [ 0, %entry ], [ %i.next, %inner.end ]
{loads}
{body}
  br label %inner.end
inner.end:
  %i.next = add i64 %i, {lanes}
  %i.more = icmp ult i64 %i.next, %n
  br i1 %i.more, label %outer, label %done
done:
  ret void
}}
attributes #0 = {{ nounwind "min-legal-vector-width"="512" "prefer-vector-width"="512" }}
"""
