"""The numpy back end: a graph's operations one after the other on whole arrays.

Array convention. A node's value has an axis per axis of the graph, of length 1 where the node does not have
it, and the batch axis last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from sim._kernels.tolerance import AnyArray, FloatArray, IntArray
from sim.engine.graph import Graph, Node
from sim.engine.operations import COMBINE, EXACT, EXPRESSION, function_of, reduced

ALONE = 1 << 17
"""Multiplications of a product of matrices that a library of linear algebra does without its threads."""
Step = tuple[int, Node, tuple[int, ...]]


class Plan:
    """The operations that some nodes of a graph need, in order, and when each value is let go.

    Parameters
    ----------
    graph
        The graph.
    wanted
        The nodes that are asked for.
    given
        Nodes whose values are handed over when it runs.
    """

    def __init__(self, graph: Graph, wanted: Sequence[int], given: Iterable[int] = ()) -> None:
        self.graph, self.wanted = graph, frozenset(wanted)
        order = needed(graph, wanted, frozenset(given))
        last = {k: n for n in order for k in graph[n].args} | dict.fromkeys(wanted, -1)
        ends: dict[int, list[int]] = {}
        for node, reader in last.items():
            ends.setdefault(reader, []).append(node)
        self.steps: tuple[Step, ...] = tuple((n, graph[n], tuple(ends.get(n, ()))) for n in order)
        self.reads_theta = any(graph[n].op == "theta" for n in order)

    def run(self, theta: FloatArray) -> dict[int, AnyArray]:
        """The values of the nodes that are asked for, at a batch of points."""
        return self._run(theta, {}, None)

    def at(
        self, places: IntArray, points: IntArray, theta: FloatArray, known: Mapping[int, AnyArray]
    ) -> dict[int, AnyArray]:
        """The values at pairs of a place on the first axis and a point, from nodes known everywhere."""
        given = {n: at_places(value, places, points) for n, value in known.items()}
        return self._run(theta[:, points] if self.reads_theta else theta, given, places)

    def _run(
        self, theta: FloatArray, values: dict[int, AnyArray], places: IntArray | None
    ) -> dict[int, AnyArray]:
        with np.errstate(all="ignore"):
            for number, node, done in self.steps:
                if node.op == "constant":
                    values[number] = self._constant(node, places)
                else:
                    values[number] = self._value(node, values, theta, done)
                for k in done:
                    if k in values and k not in self.wanted:
                        del values[k]
        return {n: values[n] for n in self.wanted}

    def _constant(self, node: Node, places: IntArray | None) -> AnyArray:
        graph, table = self.graph, self.graph.tables[int(node.data[0])]
        shape = [graph.sizes[a] if a in node.axes else 1 for a in graph.sizes]
        first = next(iter(graph.sizes))
        if places is None or first not in node.axes:
            return table.reshape([*shape, 1])
        return np.moveaxis(table[places], 0, -1).reshape([1, *shape[1:], len(places)])

    def _value(
        self,
        node: Node,
        values: Mapping[int, AnyArray],
        theta: FloatArray,
        done: tuple[int, ...],
    ) -> AnyArray:
        graph, op = self.graph, node.op
        if op == "theta":
            row: AnyArray = theta[int(node.data[0])]
            return row.reshape((1,) * len(graph.sizes) + (-1,))
        arguments = [values[k] for k in node.args]
        if op in INTO and node.axes:
            room = self._room(node, arguments, done)
            return np.asarray(INTO[op](*arguments, out=room))
        if op in EXACT or op.startswith(EXPRESSION):
            return np.asarray(function_of(op)(*arguments))
        if op == COMBINE:
            return self._combined(node, arguments)
        if op == "pick":
            axis = [*graph.sizes].index(str(node.data[0]))
            return np.take(arguments[0], [int(node.data[1])], axis=axis)
        places = tuple(k for k, a in enumerate(graph.sizes) if a in node.data)
        return np.expand_dims(reduced(op, arguments[0], places), places)

    def _combined(self, node: Node, numbers: Sequence[AnyArray]) -> AnyArray:
        """Tables times numbers, everywhere."""
        sizes, matrix = self.graph.sizes, self.graph.tables[int(node.data[0])]
        rows = np.ones((matrix.shape[1], max(n.size for n in numbers)))
        for row, number in zip(rows, numbers, strict=False):
            row[:] = number.reshape(-1)
        value = np.empty((len(matrix), rows.shape[1]))
        step = max(1, ALONE // rows.size)
        for start in range(0, len(matrix), step):
            np.dot(matrix[start : start + step], rows, out=value[start : start + step])
        return value.reshape([*(sizes[a] if a in node.axes else 1 for a in sizes), -1])

    def _room(
        self, node: Node, arguments: Sequence[AnyArray], done: tuple[int, ...]
    ) -> AnyArray | None:
        """An argument that nothing reads any more and that has the shape of the result."""
        for k, value in zip(node.args, arguments, strict=True):
            if k in done and self.graph[k].axes == node.axes and self.graph[k].op in INTO:
                return value
        return None


INTO = {op: EXACT[op] for op in ("add", "sub", "mul", "div", "neg", "abs", "min", "max")}
"""Operations on numbers that can write over an argument."""


def needed(graph: Graph, wanted: Iterable[int], given: frozenset[int] = frozenset()) -> list[int]:
    """The nodes that some nodes rest on, themselves included, each after those that it reads."""
    seen: set[int] = set()
    stack = [n for n in wanted if n not in given]
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            stack += [k for k in graph[node].args if k not in given]
    return sorted(seen)


def border(graph: Graph, wanted: Iterable[int], known: Iterable[int]) -> list[int]:
    """The known nodes that some nodes rest on, as far as no other known node lies between."""
    inside, seen = set(known), set[int]()
    out, stack = [], list(wanted)
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        if node in inside and graph[node].op != "constant":
            out.append(node)
        else:
            stack += graph[node].args
    return sorted(out)


def at_places(value: AnyArray, places: IntArray, points: IntArray) -> AnyArray:
    """A value of a node at pairs of a place on the first axis and a point, as a batch of pairs."""
    if value.shape[0] == 1 and value.shape[-1] == 1:
        return value
    rows = places if value.shape[0] > 1 else np.zeros(len(places), dtype=np.int64)
    columns = points if value.shape[-1] > 1 else np.zeros(len(points), dtype=np.int64)
    moved = np.moveaxis(value, -1, 1)[rows, columns]
    return np.moveaxis(moved, 0, -1)[None]
