"""A graph as the text of a kernel: every thread computes one point after another, alone.

Definition. A reduction over the axis is a loop; what a loop needs along the axis is computed in it, again
where several loops need it, since a card computes sooner than it remembers. Nodes are put in *levels*, a
reduction one level after its argument, and a level is straight code on numbers and then one loop. Nothing is
left to numpy: parameters go in, answers come out.

Array convention. ``theta`` has a row per varied parameter, the result a row per output, the batch axis last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import AnyArray, FloatArray
from sim.engine.cuda.c_text import FRAME, PRELUDE, Writer, literal
from sim.engine.graph import Graph
from sim.engine.layout import REDUCING
from sim.engine.numpy_run import needed

STARTS: dict[str, float | bool] = {
    "most": -np.inf, "least": np.inf, "count": 0.0, "total": 0.0, "any": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Kernel:
    """A kernel as text, with the tables that it reads.

    Parameters
    ----------
    text
        CUDA C.
    table, bits
        The constants along the axis, a row per place: numbers, and bytes of truth.
    outputs
        How many rows it writes.
    """

    text: str
    table: FloatArray
    bits: AnyArray
    outputs: int


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
    """

    def __init__(self, graph: Graph, axis: str, wanted: Sequence[int]) -> None:
        super().__init__()
        self.graph, self.size = graph, graph.sizes[axis]
        self.place = ""
        self.tables: list[FloatArray] = []
        self.bits: list[AnyArray] = []
        self._columns: dict[int, int] = {}
        self._names: dict[int, str] = {}
        self._here: dict[int, str] = {}
        self._levels(needed(graph, wanted))

    def _levels(self, order: Sequence[int]) -> None:
        graph, level = self.graph, dict[int, int]()
        for n in order:
            later = 1 if graph[n].op in REDUCING else 0
            level[n] = later + max((level[k] for k in graph[n].args), default=0)
        for k in range(max(level.values(), default=0) + 1):
            for n in order:
                if level[n] == k and not graph[n].axes and graph[n].op not in REDUCING:
                    self.value(n)
            self._reductions([n for n in order if level[n] == k + 1 and graph[n].op in REDUCING])

    def _reductions(self, nodes: Sequence[int]) -> None:
        """Values at places, and one loop for everything that goes over all places."""
        graph = self.graph
        picks = [n for n in nodes if graph[n].op == "pick"]
        for n in picks:
            with self.at(str(graph[n].data[1])):
                self._names[n] = self.value(graph[n].args[0])
        rest = [n for n in nodes if n not in picks]
        if not rest:
            return
        into = {n: self.variable(STARTS[graph[n].op]) for n in rest}

        def body() -> None:
            for n, where in into.items():
                self.say(f"{where} = {self._taken(n, where)};")

        self.loop(body)
        self._names |= into

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
        with self.at("a"):
            body()
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
        node = self.graph[n]
        if node.op == "constant" and not node.axes:
            number = self.graph.scalar(n)
            assert number is not None
            return ("true" if number else "false") if node.truth else literal(number)
        known = self._here if node.axes else self._names
        if n not in known:
            known[n] = self._made(n)
        return known[n]

    def _made(self, n: int) -> str:
        node = self.graph[n]
        if node.op == "constant":
            return self._constant(n)
        if node.op == "theta":
            return self.new(f"theta[{node.data[0]} * n + i]")
        return self.written(node.op, [self.value(k) for k in node.args], truth=node.truth)

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
        table = np.stack(self.tables, axis=1) if self.tables else np.zeros((self.size, 1))
        bits = np.stack(self.bits, axis=1) if self.bits else np.zeros((self.size, 1))
        widths = f"#define WIDTH {table.shape[1]}\n#define BITS {bits.shape[1]}\n"
        text = FRAME.format(prelude=widths + PRELUDE, body="\n".join(self.lines))
        return Kernel(text, np.ascontiguousarray(table), bits.astype(np.uint8), len(outputs))
