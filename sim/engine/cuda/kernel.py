"""A graph as the text of a kernel: every thread computes one point after another, alone.

Definition. A reduction over the axis is a loop; what a loop needs along the axis is computed in it, again
where several loops need it, since a card computes sooner than it remembers. Nodes are put in *levels*, a
reduction one level after its argument, and a level is straight code on numbers and then one loop. Nothing is
left to numpy: parameters go in, answers come out. A product that is added to something is one fused
operation, and a division by a constant a product: numbers are those of numpy but for the last bits, and the
same wherever a node is computed again.

Array convention. ``theta`` has a row per varied parameter, the result a row per output, the batch axis last.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import reduce

import numpy as np

from sim._kernels.tolerance import AnyArray, FloatArray
from sim.engine.cells import Cells
from sim.engine.cuda.c_text import FRAME, PRELUDE, Kernel, Writer, literal
from sim.engine.cuda.remembered import shared_truths
from sim.engine.depth_first import depth_first
from sim.engine.graph import Graph, Node
from sim.engine.layout import REDUCING
from sim.engine.numpy_run import needed

LOOPS = REDUCING - {"pick"}
"""Operations that go over all places."""
STARTS: dict[str, float | bool] = {
    "most": -np.inf, "least": np.inf, "count": 0.0, "total": 0.0, "any": False,
}  # fmt: skip


class KernelPrinter(Writer):
    """Prints the nodes of a graph over one axis.

    Parameters
    ----------
    graph
        The graph.
    axis
        Its axis.
    wanted
        Nodes that are read when all levels are printed; of those along the axis, what they need.
    cells
        Candidates: places that may be among them are marked on the way, for :meth:`loop_marked`.
    """

    def __init__(
        self, graph: Graph, axis: str, wanted: Sequence[int], cells: Cells | None = None
    ) -> None:
        super().__init__()
        self.graph, self.axis, self.size = graph, axis, graph.sizes[axis]
        self.place = ""
        self.tables: list[FloatArray] = []
        self.bits: list[AnyArray] = []
        self._columns: dict[int, int] = {}
        self._names: dict[int, str] = {}
        self._here: dict[int, str] = {}
        self._places: dict[int, dict[int, str]] = {}
        self._remembered: dict[int, str] = {}
        self._bests = [] if cells is None else [*dict.fromkeys(cells.bests)]
        self._cells = cells
        more = {n for best in self._bests for n in best}
        if cells is not None:
            self.say(f"unsigned marks[{self._words}] = {{0}};")
            self.say("int " + ", ".join(f"from{k} = 0" for k in range(len(self._bests))) + ";")
        self._levels(needed(graph, [*wanted, *more]), more)

    def _levels(self, order: Sequence[int], more: Collection[int]) -> None:
        graph, level = self.graph, dict[int, int]()
        for n in order:
            later = 1 if graph[n].op in LOOPS else 0
            level[n] = later + max((level[k] for k in graph[n].args), default=0)
        first = max((level[n] for n in more), default=-1)
        loops = [
            (k == first, [n for n in order if level[n] == k + 1 and graph[n].op in LOOPS])
            for k in range(max(level.values(), default=0) + 1)
        ]
        read = [
            {graph[n].args[0] for n in over} | {*(more if mark else ())} for mark, over in loops
        ]
        shared = shared_truths(graph, read)
        for k, (mark, over) in enumerate(loops):
            for n in order:
                if level[n] == k and not graph[n].axes and graph[n].op not in LOOPS:
                    self.value(n)
            self._reductions(over, mark, shared[k])

    @property
    def _words(self) -> int:
        """Words of 32 marks."""
        return -(-self.size // 32)

    def _reductions(self, nodes: Sequence[int], mark: bool, truths: Sequence[int]) -> None:
        """One loop for everything that goes over all places."""
        if not nodes and not mark:
            return
        into = {n: self.variable(STARTS[self.graph[n].op]) for n in nodes}

        words = {n: f"bits{len(self._remembered) + k}" for k, n in enumerate(truths)}
        for name in words.values():
            self.say(f"unsigned {name}[{self._words}] = {{0}};")

        def body() -> None:
            for n, name in words.items():
                self.say(f"{name}[a >> 5] |= {self.value(n)} ? 1u << (a & 31) : 0u;")
            if mark:
                self._mark(into)
            for n, where in into.items():
                self.say(f"{where} = {self._taken(n, where)};")
                self.operations += self.weight

        self.loop(body)
        self._names |= into
        self._remembered |= words

    def _mark(self, tops: Mapping[int, str]) -> None:
        """Mark a place that is as good as the best so far, and note where one is clearly better."""
        assert self._cells is not None
        near, error = [], literal(2.0 * self._cells.error)
        for k, best in enumerate(self._bests):
            over = [self.graph.reduce("most", n, (self.axis,)) for n in best]
            value, top = (
                self._most(names)
                for names in (
                    [self.value(n) for n in best],
                    [tops[n] if n in tops else self.value(n) for n in over],
                )
            )
            ahead = self.new(f"{value} - {top}", operations=1)
            gap = self.new(f"fma({error}, fabs({top}), {error})", operations=2)
            near.append(self.new(f"{ahead} >= -{gap}", truth=True, operations=1))
            self.say(f"if ({ahead} > 2.0 * {gap}) from{k} = a;")
            self.operations += 2 * self.weight
        self.say(f"marks[a >> 5] |= {' || '.join(near)} ? 1u << (a & 31) : 0u;")

    def _most(self, names: Sequence[str]) -> str:
        """The highest of some numbers."""
        return reduce(lambda a, b: self.written("max", [a, b]), names)

    def _taken(self, n: int, where: str) -> str:
        """A reduction's value so far and one more."""
        value = self.value(self.graph[n].args[0])
        match self.graph[n].op:
            case "any":
                return f"{where} || {value}"
            case "count":
                return f"{where} + ({value} ? 1.0 : 0.0)"
            case "total":
                return f"{where} + {value}"
            case "most":
                return f"{where} > {value} ? {where} : {value}"
        return f"{where} < {value} ? {where} : {value}"

    def loop(self, body: Callable[[], None]) -> None:
        """A loop over all places of the axis."""
        self.say(f"for (int a = 0; a < {self.size}; ++a) {{")
        self.weight = self.size
        with self.at("a"):
            body()
        self.weight = 1
        self.say("}")

    def loop_marked(self, body: Callable[[], None]) -> None:
        """A loop over the places that are marked, mostly few; its operations are not counted."""
        assert self._cells is not None
        level, first = self.value(self._cells.level), ""
        for k, best in enumerate(self._cells.bests[:-1]):
            first += f"{level} <= {float(k)} ? from{self._bests.index(best)} : "
        first += f"from{self._bests.index(self._cells.bests[-1])}"
        self.say(f"const int first = {first};")
        self.say(f"for (int w = first >> 5; w < {self._words}; ++w)")
        self.say("for (unsigned left = marks[w]; left; left &= left - 1) {")
        self.say("const int a = w * 32 + __ffs(left) - 1;")
        self.say("if (a < first) continue;")
        self.weight = 0
        with self.at("a"):
            body()
        self.weight = 1
        self.say("}")

    @contextmanager
    def at(self, place: str) -> Iterator[None]:
        """What depends on the axis is, for a while, at this place of it."""
        before = self.place, self._here
        self.place, self._here = place, {}
        yield
        self.place, self._here = before

    def value(self, n: int) -> str:
        """The value of a node where the text stands; along the axis, at the present place."""
        for k in depth_first(n, self._missing):
            if self._known(k) is None:
                (self._here if self.graph[k].axes else self._names)[k] = self._made(k)
        found = self._known(n)
        assert found is not None
        return found

    def _known(self, n: int) -> str | None:
        """The name of a value that stands in the text already, or needs no line."""
        node = self.graph[n]
        if node.op == "constant" and not node.axes:
            number = self.graph.scalar(n)
            assert number is not None
            return ("true" if number else "false") if node.truth else literal(number)
        return (self._here if node.axes else self._names).get(n)

    def _missing(self, n: int) -> list[int]:
        """What has to be printed before a node's value is."""
        node = self.graph[n]
        if self._known(n) is not None or n in self._remembered or node.op == "pick":
            return []
        product = self._product(node)
        read: Sequence[int] = node.args
        if product is not None:
            read = (*self.graph[node.args[product]].args, node.args[1 - product])
        return [k for k in read if self._known(k) is None]

    def _made(self, n: int) -> str:
        node = self.graph[n]
        if n in self._remembered:
            code = f"({self._remembered[n]}[{self.place} >> 5] >> ({self.place} & 31) & 1u) != 0"
            return self.new(code, truth=True)
        if node.op == "constant":
            return self._constant(n)
        if node.op == "theta":
            return self.new(f"theta[{node.data[0]} * n + i]")
        if node.op == "pick":
            return self._picked(node.args[0], int(node.data[1]))
        if (product := self._product(node)) is not None:
            return self.new(self._fused(node, product), operations=2)
        share = self.graph.scalar(node.args[1]) if node.op == "div" else None
        if share:
            return self.new(f"{self.value(node.args[0])} * {literal(1 / share)}", operations=1)
        return self.written(node.op, [self.value(k) for k in node.args], truth=node.truth)

    def _picked(self, n: int, place: int) -> str:
        """A value at one place of the axis."""
        with self.at(str(place)):
            self._here = self._places.setdefault(place, {})
            return self.value(n)

    def _product(self, node: Node) -> int | None:
        """Which part of a sum or difference is a product, so that both are one operation."""
        if node.op not in ("add", "sub"):
            return None
        return next((k for k in (1, 0) if self.graph[node.args[k]].op == "mul"), None)

    def _fused(self, node: Node, product: int) -> str:
        """A sum or difference with a product as one operation."""
        a, b = (self.value(k) for k in self.graph[node.args[product]].args)
        other = self.value(node.args[1 - product])
        if node.op == "sub":
            a, other = (f"-{a}", other) if product == 1 else (a, f"-{other}")
        return f"fma({a}, {b}, {other})"

    def _constant(self, n: int) -> str:
        """A constant at the present place."""
        table, truth = self.graph.table(n), self.graph[n].truth
        assert table is not None
        if n not in self._columns:
            self._columns[n] = len(self.bits if truth else self.tables)
            (self.bits if truth else self.tables).append(table)
        name, width = ("bits", "BITS") if truth else ("table", "WIDTH")
        code = f"{name}[{self.place} * {width} + {self._columns[n]}]"
        return self.new(code + (" != 0" if truth else ""), truth=truth)

    def kernel(self, outputs: Sequence[str]) -> Kernel:
        """The kernel that writes some values, once everything is printed."""
        for k, value in enumerate(outputs):
            self.say(f"out[{k} * n + i] = {value};")
        padding = [np.zeros(self.size)] * (-len(self.tables) % 2 or 2 * (not self.tables))
        table = np.stack([*self.tables, *padding], axis=1)
        bits = np.stack(self.bits, axis=1) if self.bits else np.zeros((self.size, 1))
        widths = f"#define WIDTH {table.shape[1]}\n#define BITS {bits.shape[1]}\n"
        text = FRAME.format(prelude=widths + PRELUDE, body="\n".join(self.lines))
        return Kernel(
            text, np.ascontiguousarray(table), bits.astype(np.uint8), len(outputs), self.operations
        )
