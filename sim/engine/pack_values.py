"""Lines of LLVM's language for what a loop reads at one place of a pack.

Array convention. As in :mod:`sim.engine.lanes`. What a loop keeps of a pack lies in the block's room: a
vector per node, or a byte per node where they are true or false, a bit per lane.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sim.engine.lanes import Printer
from sim.engine.layout import Layout
from sim.engine.llvm_text import LANES, MASK, VECTOR, literal
from sim.engine.packs import Pack, Packs

HERE = "here"
"""Where values along the axis are read: at the present place, else at the place of that number."""
Memo = dict[tuple[str, Pack, str], str]
"""What was printed of packs: where they are read, the pack, which of its nodes."""


class PackPrinter(Printer):
    """Prints the nodes of packs.

    Parameters
    ----------
    layout
        What is where; of a graph that may be added to.
    """

    def __init__(self, layout: Layout) -> None:
        super().__init__(layout)
        self.packs = Packs(layout)
        self.place, self._outside = "0", True
        self._bases: dict[tuple[str, Pack], int] = {}
        self._members: dict[int, tuple[Pack, int]] = {}
        self._picked: dict[str, dict[int, str]] = {}
        self._tables: dict[str, str] = {}

    def element(self, at: str, pack: Pack, i: str, memo: Memo) -> str:
        """A node of a pack, along the axis at a place."""
        at = at if pack.along else ""
        if (at, pack, i) not in memo:
            memo[at, pack, i] = self._element(at, pack, i, memo)
        return memo[at, pack, i]

    def _element(self, at: str, pack: Pack, i: str, memo: Memo) -> str:
        if (at, pack) in self._bases:
            return self._laid(pack, self._bases[at, pack], i)
        match pack.kind:
            case "same":
                return self.value_at(at, pack.nodes[0])
            case "numbers":
                return self._number(pack, i)
            case "columns":
                with self._while_at(at):
                    return self._column(pack, i)
            case "scalars":
                return self._scalar_input(pack, i)
            case "rows":
                with self._while_at(at):
                    return self._row_input(pack, i)
            case "repeated":
                return self.element(at, pack.parts[0], self._index(pack.index, i), memo)
            case "pick":
                place = str(self.graph[pack.nodes[0]].data[1])
                return self.element(place, pack.parts[0], i, memo)
        values = [self.element(at, part, i, memo) for part in pack.parts]
        return self.operation(pack.kind, values, truth=pack.truth)

    def value_at(self, at: str, n: int) -> str:
        """A single node, along the axis at a place."""
        with self._while_at(at):
            return self.value(n)

    @contextmanager
    def _while_at(self, at: str) -> Iterator[None]:
        """What depends on the axis is, for a while, at some place of it."""
        if at in ("", HERE):
            yield
            return
        before = self.place, self._here, self._lanes
        known = self._picked.setdefault(at, {})
        self.place, self._lanes = at, ()
        self._here = known if self._outside else {**known}
        yield
        self.place, self._here, self._lanes = before

    def _index(self, places: Sequence[int], i: str) -> str:
        """The number that stands at a place of a list."""
        first = places[0]
        if all(place == first for place in places):
            return str(first)
        if [*places] == [*range(first, first + len(places))]:
            return i if not first else self.new(f"add i64 {i}, {first}")
        return self.new(f"load i64, ptr {self._entry('i64', [str(k) for k in places], i)}")

    def _entry(self, kind: str, values: Sequence[str], i: str) -> str:
        """Where an entry of a table of the text stands."""
        content = f"[{len(values)} x {kind}] [{', '.join(f'{kind} {v}' for v in values)}]"
        if content not in self._tables:
            name = f"@t{len(self._tables)}"
            self._tables[content] = name
            self.globals.append(f"{name} = private unnamed_addr constant {content}")
        return self.new(f"getelementptr {kind}, ptr {self._tables[content]}, i64 {i}")

    def _number(self, pack: Pack, i: str) -> str:
        """A constant without the axis."""
        numbers = [self.graph.scalar(n) or 0.0 for n in pack.nodes]
        if pack.truth:
            at = self._entry("i8", ["-1" if number else "0" for number in numbers], i)
            return self.new(f"bitcast i{LANES} {self.new(f'load i{LANES}, ptr {at}')} to {MASK}")
        at = self._entry("double", [literal(number) for number in numbers], i)
        return self.everywhere(self.new(f"load double, ptr {at}"))

    def _column(self, pack: Pack, i: str) -> str:
        """A constant along the axis."""
        columns = [self.column_of(n) for n in pack.nodes]
        column = self._index(columns, i)
        return self.constant_at(column, max(columns), truth=pack.truth)

    def _scalar_input(self, pack: Pack, i: str) -> str:
        self.reached("scalars", max(pack.index))
        at = self.new(f"getelementptr {VECTOR}, ptr %p, i64 {self._index(pack.index, i)}")
        return self._truly(pack, self.new(f"load {VECTOR}, ptr {at}"))

    def _row_input(self, pack: Pack, i: str) -> str:
        row, last = self._index(pack.index, i), max(pack.index)
        if self._lanes:
            value = self._gathered("double", lambda k, at: self._row_at(at, row, k, last))
        else:
            at = self._row_at(self.place, row, 0, last)
            value = self.new(f"load {VECTOR}, ptr {at}, align 8")
        return self._truly(pack, value)

    def _truly(self, pack: Pack, value: str) -> str:
        if not pack.truth:
            return value
        return self.new(f"fcmp une {VECTOR} {value}, zeroinitializer")

    def lay_room(self, pack: Pack) -> int:
        """Room for a pack; where it begins."""
        size = len(pack.nodes)
        return self.beside(-(-size // (8 * LANES)) if pack.truth else size)

    def _spot(self, pack: Pack, base: int, i: str) -> str:
        """Where a node of a pack is laid."""
        last = len(pack.nodes) - 1
        if not pack.truth:
            return self.address_beside(self.new(f"add i64 {i}, {base}"), base + last)
        start = (len(self.layout.slots) * self.size + base) * LANES
        self.reached("room", start + last // 8)
        at = self.new(f"add i64 {i}, {start * 8}")
        return self.new(f"getelementptr i8, ptr %room, i64 {at}")

    def _laid(self, pack: Pack, base: int, i: str) -> str:
        """What is laid of a node."""
        at = self._spot(pack, base, i)
        if not pack.truth:
            return self.new(f"load {VECTOR}, ptr {at}")
        return self.new(f"bitcast i{LANES} {self.new(f'load i{LANES}, ptr {at}')} to {MASK}")

    def lay(self, pack: Pack, base: int, i: str, value: str) -> None:
        """Lay a node's value."""
        at = self._spot(pack, base, i)
        if pack.truth:
            bits = self.new(f"bitcast {MASK} {value} to i{LANES}")
            self.say(f"store i{LANES} {bits}, ptr {at}")
        else:
            self.say(f"store {VECTOR} {value}, ptr {at}")

    def _note(self, n: int, name: str) -> None:
        lasting = self._outside and not self.graph[n].axes
        (self._names if lasting else self._here)[n] = name

    def _missing(self, n: int) -> list[int]:
        read = self.graph[n].op not in ("pick", "most", "least", "count", "total", "any")
        return super()._missing(n) if read else []

    def _loaded(self, n: int) -> str:
        node = self.graph[n]
        if n in self._members:
            pack, k = self._members[n]
            return self._laid(pack, self._bases["", pack], str(k))
        if node.op == "pick" and n in self.layout.level:
            return self.value_at(str(node.data[1]), node.args[0])
        return super()._loaded(n)
