"""What rules are written in: operations on values that are arrays, or nodes of a graph.

Array convention. A table ranges over some leading axes (moves, stances); arrays have the batch axis last,
nodes are an array of numbers of nodes, each of which may range over agreements.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Any, Protocol

import numpy as np

from sim._kernels.tolerance import AnyArray, BoolArray, IntArray
from sim.engine.graph import Graph
from sim.engine.operations import EXACT, reduced

Value = Any


class Arithmetic(Protocol):
    """Operations on values one by one; numbers and truths stand for themselves."""

    def apply(self, op: str, *values: Value) -> Value:
        """An operation that :data:`sim.engine.operations.EXACT` names."""

    def fold(self, op: str, values: Iterable[Value]) -> Value:
        """An operation of two values over several, from the left."""


class Tables(Arithmetic, Protocol):
    """The same on tables, with reductions over their axes; lengths of 1 stay."""

    def over(self, op: str, table: Value, axes: Sequence[int]) -> Value:
        """``most``, ``least`` or ``any`` over some axes."""

    def barred(self, alive: Value) -> Value:
        """What :meth:`held` takes; made once for several tables."""

    def held(self, table: Value, barred: Value) -> Value:
        """A table where it is alive, infinity elsewhere."""

    def best(self, table: Value, alive: Value, axes: Sequence[int]) -> Value:
        """The most over some axes of what is alive; minus infinity where nothing is."""


class Arrays:
    """Values are numpy arrays; ``lead`` says at which of their axes a table's own begin."""

    def __init__(self, lead: int = 0) -> None:
        self.lead = lead

    def apply(self, op: str, *values: Value) -> AnyArray:
        """An operation on arrays that broadcast."""
        return np.asarray(EXACT[op](*values))

    def fold(self, op: str, values: Iterable[Value]) -> AnyArray:
        """An operation over several arrays; it takes room for one."""
        rest = iter(values)
        first = next(rest)
        second = next(rest, None)
        if second is None:
            return np.asarray(first)
        out = self.apply(op, first, second)
        for value in rest:
            out = np.asarray(EXACT[op](out, value, out=out if np.ndim(out) else None))
        return out

    def over(self, op: str, table: AnyArray, axes: Sequence[int]) -> AnyArray:
        """A reduction over axes of the table."""
        places = tuple(axis + self.lead for axis in axes)
        return np.expand_dims(reduced(op, table, places), places)

    def barred(self, alive: BoolArray) -> AnyArray:
        """0 where something is alive and infinity elsewhere, six times as fast as a choice does it."""
        with np.errstate(divide="ignore"):
            return np.divide(1.0, alive) - 1.0

    def held(self, table: AnyArray, barred: AnyArray) -> AnyArray:
        """A table where it is alive, infinity elsewhere."""
        return table + barred

    def best(self, table: AnyArray, alive: BoolArray, axes: Sequence[int]) -> AnyArray:
        """The most over some axes of what is alive."""
        return self.over("most", np.where(alive, table, -np.inf), axes)


ARRAYS = Arrays()


class Groups(Arrays):
    """Values are arrays whose first axis is reduced group by group.

    Parameters
    ----------
    starts
        Where each group begins.

    Examples
    --------
    >>> Groups(np.array([0, 2])).over("most", np.array([1.0, 3.0, 2.0]), (0,))
    array([3., 2.])
    """

    def __init__(self, starts: IntArray) -> None:
        super().__init__()
        self.starts = starts

    def over(self, op: str, table: AnyArray, axes: Sequence[int]) -> AnyArray:
        """A reduction of each group."""
        return np.asarray(IN_GROUPS[op].reduceat(table, self.starts, axis=0))


IN_GROUPS = {"most": np.maximum, "least": np.minimum, "any": np.logical_or}
"""Reductions as functions of two arrays."""


class Printing(Protocol):
    """What prints operations, one value a line."""

    def apply(self, op: str, *values: str | float | bool) -> str:
        """The name of an operation's value."""


class Texts:
    """Values are names in a text; operations on numbers and truths alone are done at once.

    Parameters
    ----------
    printer
        What prints the others.
    """

    def __init__(self, printer: Printing) -> None:
        self.printer = printer

    def apply(self, op: str, *values: Value) -> Value:
        """An operation as a line."""
        if not any(isinstance(v, str) for v in values):
            return np.asarray(EXACT[op](*values)).item()
        return self.printer.apply(op, *values)

    def fold(self, op: str, values: Iterable[Value]) -> Value:
        """An operation over several names."""
        return reduce(lambda a, b: self.apply(op, a, b), values)


class Nodes:
    """Values are nodes of a graph.

    Examples
    --------
    >>> graph = Graph({})
    >>> on = Nodes(graph)
    >>> graph[on.apply("max", graph.theta(0), 0.0)].op
    'max'
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def node(self, value: Value) -> int:
        """The node of a value; a number or a truth is a constant."""
        if isinstance(value, bool | float | np.bool_):
            return self.graph.constant(np.array(value))
        return int(value)

    def apply(self, op: str, *values: Value) -> Value:
        """An operation as a node."""
        return self.graph.apply(op, *map(self.node, values))

    def fold(self, op: str, values: Iterable[Value]) -> Value:
        """An operation over several nodes."""
        return reduce(lambda a, b: self.apply(op, a, b), values)


BETWEEN = {"most": "max", "least": "min", "any": "or"}
"""Reductions as operations of two values."""


class NodeTables(Nodes):
    """Values are arrays of nodes.

    Parameters
    ----------
    graph
        Where the nodes are.
    along
        The axis of the tables, of length 1, along which nodes range over an axis of the graph themselves.
    name, wanted
        That axis of the graph, and the node that is true at the places of it that count; what is held there
        and what is alive is so at these places only.
    """

    def __init__(
        self, graph: Graph, along: int | None = None, name: str = "", wanted: int = 0
    ) -> None:
        super().__init__(graph)
        self.along, self.name, self.wanted = along, name, wanted

    def apply(self, op: str, *values: Value) -> AnyArray:
        """An operation on arrays of nodes that broadcast."""
        nodes = [np.asarray(v if isinstance(v, np.ndarray) else self.node(v)) for v in values]
        one = np.frompyfunc(lambda *n: self._one(op, *map(int, n)), len(nodes), 1)
        return np.asarray(one(*nodes), dtype=np.int64)

    def _one(self, op: str, *nodes: int) -> int:
        """An operation; a comparison that can only be true is not made, since values here are finite numbers.

        So what an offer leads to once somebody has refused it is the same whatever others reply.
        """
        if op == "ge" and self.graph.at_least(*nodes):
            return self.graph.constant(np.array(True))
        return self.graph.apply(op, *nodes)

    def over(self, op: str, table: AnyArray, axes: Sequence[int]) -> AnyArray:
        """A reduction over axes of the table, the graph's included.

        The last move first: behind most earlier ones it changes nothing, so that few nodes differ.
        """
        if self.along in axes:
            if op == "most":
                table = self.apply("where", self.wanted, table, -np.inf)
            one = np.frompyfunc(lambda n: self.graph.reduce(op, int(n), (self.name,)), 1, 1)
            table = np.asarray(one(table), dtype=np.int64)
        for axis in sorted(axes, reverse=True):
            parts = [table.take([k], axis=axis) for k in range(table.shape[axis])]
            table = reduce(lambda a, b: self.apply(BETWEEN[op], a, b), parts)
        return table

    def barred(self, alive: AnyArray) -> AnyArray:
        """The truths themselves."""
        return alive

    def held(self, table: AnyArray, barred: AnyArray) -> AnyArray:
        """A table where it is alive, infinity elsewhere."""
        return self.apply("where", barred, table, np.inf)

    def best(self, table: AnyArray, alive: AnyArray, axes: Sequence[int]) -> AnyArray:
        """The most over some axes of what is alive."""
        return self.over("most", self.apply("where", alive, table, -np.inf), axes)
