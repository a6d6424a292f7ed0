"""Nodes that are made alike, so that a loop can compute them instead of a line for each.

Definition. A *pack* is a sequence of nodes of the same make: the same operation, whose arguments are packs
again, the same node everywhere, constants, or nodes at different places of one array. A node of another make
among them is written as the operation that leaves it as it is, and ``a - b`` as ``a + (-1) * b`` where the
others are sums: both give the same number. Nodes that have nothing in common are *apart*. A *chain* is one
operation over a pack: the most, the least, the sum, all, any of its nodes, or the first that a condition
chooses.

Array convention. As in :mod:`sim.engine.graph`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sim.engine.graph import Node
from sim.engine.layout import REDUCING, Layout

LEAST = 16
"""Fewer nodes than this are not worth a loop."""
DEEPEST = 100
"""Packs of packs of packs; what lies deeper is not looked at."""
FOLDED = frozenset({"max", "min", "and", "or", "add"})
"""Operations that are taken over many nodes from the left."""
ITSELF = frozenset({"max", "min", "and", "or"})
"""Operations on two equal arguments whose value these are."""
NEUTRAL = {"add": 0.0, "sub": 0.0, "mul": 1.0, "div": 1.0}
"""Second arguments that change nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """Nodes of one make.

    Parameters
    ----------
    kind
        The operation of all; or ``same``, ``numbers`` and ``columns`` (constants), ``scalars`` and ``rows``
        (inputs), ``repeated`` (some nodes, each several times), ``apart``.
    nodes
        The nodes in order.
    parts
        The packs of their arguments; of what is repeated the pack of its different nodes.
    index
        Places of nodes: among the inputs, or among what is repeated.
    along, truth
        Whether some node has the axis; whether they are true or false.
    """

    kind: str
    nodes: tuple[int, ...]
    parts: tuple[Pack, ...]
    index: tuple[int, ...]
    along: bool
    truth: bool


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """An operation over a pack, after the rest where there is one.

    Of a choice the pack of conditions comes first, and the rest is what is left where none holds.
    """

    op: str
    parts: tuple[Pack, ...]
    rest: int | None = None


class Packs:
    """Finds packs and chains, each once.

    Parameters
    ----------
    layout
        Of a graph that may be added to.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout, self.graph = layout, layout.graph
        self._known: dict[tuple[int, ...], Pack] = {}
        self._chains: dict[int, Chain | None] = {}
        self._uses = Counter(k for n in layout.inside for k in self.graph[n].args)
        self._depth = 0
        self._scalars = {n: k for k, n in enumerate(layout.scalars)}
        self._rows = {n: k for k, n in enumerate(layout.rows)}

    def of(self, nodes: Iterable[int]) -> Pack:
        """The pack of some nodes."""
        key = tuple(nodes)
        if key not in self._known:
            self._depth += 1
            self._known[key] = self._made(key)
            self._depth -= 1
        return self._known[key]

    def _made(self, nodes: tuple[int, ...]) -> Pack:
        graph, different = self.graph, tuple(dict.fromkeys(nodes))
        if len(different) == 1:
            return self._pack("same", nodes)
        made = [graph[n] for n in different]
        if all(m.op == "constant" for m in made):
            return self._pack("columns" if any(m.axes for m in made) else "numbers", nodes)
        for kind, places in (("scalars", self._scalars), ("rows", self._rows)):
            if all(n in places for n in nodes):
                return self._pack(kind, nodes, index=tuple(places[n] for n in nodes))
        if 4 * len(different) <= 3 * len(nodes):
            place = {n: k for k, n in enumerate(different)}
            index = tuple(place[n] for n in nodes)
            return self._pack("repeated", nodes, (self.of(different),), index)
        if len(nodes) < LEAST or self._depth > DEEPEST:
            return self._pack("apart", nodes)
        return self._alike(nodes) or self._pack("apart", nodes)

    def _pack(
        self,
        kind: str,
        nodes: tuple[int, ...],
        parts: Sequence[Pack] = (),
        index: tuple[int, ...] = (),
    ) -> Pack:
        along = any(self.graph[n].axes for n in nodes)
        return Pack(kind, nodes, tuple(parts), index, bool(along), self.graph[nodes[0]].truth)

    def _alike(self, nodes: tuple[int, ...]) -> Pack | None:
        """The pack of an operation; ``None`` where too many nodes are of another one."""
        graph, made = self.graph, [self.graph[n] for n in nodes]
        inside = Counter(m.op for n, m in zip(nodes, made, strict=True) if n in self.layout.level)
        if not inside:
            return None
        op, count = inside.most_common(1)[0]
        if 2 * count < len(nodes):
            return None
        if op in REDUCING:
            levels = {self.layout.level.get(n) for n in nodes}
            if count < len(nodes) or len({m.data for m in made}) > 1 or len(levels) > 1:
                return None
            return self._pack(op, nodes, [self.of(m.args[0] for m in made)])
        weighted = [graph[m.args[0]].op == "constant" for m in made if m.op == op]
        first = op in ("add", "mul") and 2 * sum(weighted) > len(weighted)
        rows = [self._written(op, n, first) for n in nodes]
        if not all(rows) or len({*map(len, rows)}) > 1:
            return None
        columns = [*zip(*rows, strict=True)]
        if any(len({*column} & {*nodes}) * 2 > len(nodes) and op != "where" for column in columns):
            return None  # each rests on the one before it
        return self._pack(op, nodes, [self.of(column) for column in columns])

    def _written(self, op: str, n: int, first: bool) -> tuple[int, ...]:
        """What an operation is applied to so that it gives a node; nothing where it does not give it.

        With ``first``, a constant comes first.
        """
        node, graph = self.graph[n], self.graph
        foreign = first and op == "mul" and node.op == op and graph[node.args[0]].op != "constant"
        if node.op == op and n in self.layout.level and not foreign:
            return node.args
        if {node.op, op} == {"add", "sub"} and n in self.layout.level:
            return node.args[0], self._less(node.args[1])
        if op in ITSELF:
            return n, n
        if op == "where":
            return graph.constant(True), n, n
        if op not in NEUTRAL:
            return ()
        neutral = graph.constant(NEUTRAL[op])
        return (neutral, n) if first else (n, neutral)

    def _less(self, n: int) -> int:
        """A node times -1."""
        graph = self.graph
        minus, table = graph.constant(-1.0), graph.table(n)
        if table is not None:
            return graph.constant(-table, graph[n].axes)
        made = graph._add(Node("mul", (minus, n), graph[n].axes, (), False))
        if n in self.layout.level:
            self.layout.level.setdefault(made, self.layout.level[n])
        return made

    def chain(self, n: int) -> Chain | None:
        """The chain that a node is; ``None`` where it is none that is worth a loop."""
        if n not in self._chains:
            self._chains[n] = self._found(n) if n in self.layout.level else None
        return self._chains[n]

    def _found(self, n: int) -> Chain | None:
        op, graph = self.graph[n].op, self.graph
        if op in FOLDED:
            nodes, rest = self._spine(n, 0)
            inside = [graph[k].args[1] for k in reversed(nodes)]
            usual = self._make(inside[len(inside) // 2])
            if self._make(inside[-1]) != usual:
                return None  # what it reads may be one
            whole = self._make(rest) == usual
            pack = self.of([rest, *inside] if whole else inside)
            return None if _loose(pack) else Chain(op, (pack,), None if whole else rest)
        if op != "where":
            return None
        nodes, rest = self._spine(n, 2)
        parts = tuple(self.of(graph[k].args[j] for k in nodes) for j in (0, 1))
        return None if any(map(_loose, parts)) else Chain(op, parts, rest)

    def _make(self, n: int) -> tuple[str, ...]:
        """Of what make a node is, at a glance."""
        return self.graph[n].op, *(self.graph[k].op for k in self.graph[n].args)

    def _spine(self, n: int, place: int) -> tuple[list[int], int]:
        """Nodes of one operation each of which alone reads the next one, and what the last one reads."""
        graph, out = self.graph, [n]
        while True:
            below = graph[out[-1]].args[place]
            alike = graph[below].op == graph[n].op and below in self.layout.level
            if not alike or self._uses[below] > 1 or graph[below].axes != graph[n].axes:
                return out, below
            out.append(below)


def _loose(pack: Pack) -> bool:
    """Whether a pack is not worth a loop."""
    return len(pack.nodes) < LEAST or pack.kind == "apart"
