"""Sums of products as products of matrices, for whoever need not have the graph's own order of operations.

Definition. A node over some axes is a *combination* where its value is

    T_0(place) + sum over k of T_k(place) * c_k

with tables ``T`` and numbers ``c`` per point, which do not range over anything. Written as one matrix of
tables times the numbers of all points, its hundred operations on arrays are one; the last bits of its values
are not those of the operations one after the other.

Array convention. The matrix has shape ``(places, numbers)``, with ``T_0`` as a last column where there is
one; places are the node's axes in their order.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.engine.graph import Axes, Graph, Node
from sim.engine.numpy_run import needed
from sim.engine.operations import COMBINE

OFFSET = -1
"""Stands for the table that no number multiplies."""
MOST_NUMBERS = 64
"""Numbers that a combination may have."""

Combination = dict[int, FloatArray]
"""Tables by the numbers' nodes."""


def combined(graph: Graph, wanted: Sequence[int]) -> Graph:
    """The same graph with combinations in place of their operations.

    Parameters
    ----------
    graph
        Any graph; it is not changed.
    wanted
        The nodes that are asked for.

    Examples
    --------
    >>> graph = Graph({"agreement": 2})
    >>> table = graph.constant(np.array([1.0, 2.0]), ("agreement",))
    >>> gain = graph.apply("add", graph.apply("mul", graph.theta(0), table), graph.theta(1))
    >>> [node.op for node in combined(graph, [gain]).nodes]
    ['constant', 'theta', 'mul', 'theta', 'combine']
    """
    found, tables = graph.copied(), _Tables(graph)
    asked = set(wanted)
    for number in reversed(needed(graph, wanted)):
        node = graph[number]
        if number in asked and node.axes and node.op in SUMS and tables.has(number, node.axes):
            terms = tables.of(number, node.axes)
            if len(terms) <= MOST_NUMBERS:
                found.nodes[number] = node = _node(found, node.axes, terms)
        if number in asked:
            asked.update(node.args)
    return found


def _node(graph: Graph, axes: Axes, terms: Combination) -> Node:
    """One operation in place of many."""
    numbers = tuple(k for k in terms if k != OFFSET)
    places = int(np.prod(graph.shape(axes), dtype=np.int64))
    whole = [*numbers, OFFSET] if OFFSET in terms else numbers
    matrix = np.empty((places, len(whole)))
    for column, k in enumerate(whole):
        matrix[:, column] = terms[k]
    graph.tables.append(matrix)
    return Node(COMBINE, numbers, axes, (len(graph.tables) - 1,), False)


class _Tables:
    """The combinations that nodes are."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.known: dict[tuple[int, Axes], bool] = {}

    def has(self, number: int, axes: Axes) -> bool:
        """Whether a node is a combination over some axes."""
        key = number, axes
        if key not in self.known:
            self.known[key] = self._has(self.graph[number], number, axes)
        return self.known[key]

    def _has(self, node: Node, number: int, axes: Axes) -> bool:
        if node.truth or node.axes not in ((), axes):
            return False
        if node.op == "constant":
            table = self.graph.table(number)
            return table is not None and bool(np.isfinite(table).all())
        if not node.axes:
            return True
        if node.op == "mul" and not any(self.graph[k].op == "constant" for k in node.args):
            return False
        return node.op in SUMS and all(self.has(k, axes) for k in node.args)

    def of(self, number: int, axes: Axes) -> Combination:
        """A node that is a combination."""
        out: Combination = {}
        self._add(out, number, axes, None)
        return out

    def _add(self, out: Combination, number: int, axes: Axes, by: FloatArray | None) -> None:
        """Add a node, times a table, to a combination."""
        node, table = self.graph[number], self.graph.table(number)
        if table is not None or not node.axes:
            key, own = (number, ONE) if table is None else (OFFSET, table.reshape(-1))
            own = own if by is None else own * by
            out[key] = out[key] + own if key in out else own
            return
        one, *rest = node.args
        if node.op == "mul":
            fixed, other = (one, rest[0]) if self.graph[one].op == "constant" else (rest[0], one)
            table = self.graph.table(fixed)
            assert table is not None
            own = table.reshape(-1)
            self._add(out, other, axes, own if by is None else own * by)
            return
        self._add(out, one, axes, (-ONE if by is None else -by) if node.op == "neg" else by)
        for other in rest:
            minus = -ONE if by is None else -by
            self._add(out, other, axes, minus if node.op == "sub" else by)


ONE = np.ones(1)
SUMS = frozenset({"add", "sub", "mul", "neg"})
"""Operations that combinations may consist of."""
