"""The intermediate form: operations on arrays over a few named axes, one value per point.

Definition. A *node* is an operation on other nodes. Its value at a point is an array over *axes* (the
agreements, say); a node without axes is a number per point. Equal nodes are one node, what depends on no
parameter is computed when it is made, and the order of operations is that of the graph, so that every
back end that follows it gives the same numbers to the last bit.

Array convention. A table has an axis per axis of its node, in the order in which the graph declares them;
at many points the batch axis is last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from sim._kernels.tolerance import AnyArray
from sim.engine.operations import ABSORBING, NEUTRAL, TRUTH, function_of, reduced

Axes = tuple[str, ...]


class Node(NamedTuple):
    """One operation.

    Parameters
    ----------
    op
        ``constant``, ``theta``, a key of ``EXACT``, an operation of the expression language after
        ``EXPRESSION``, or one of the reductions and selections of :class:`Graph`.
    args
        Numbers of the nodes that it reads.
    axes
        What its value ranges over.
    data
        A constant's number in :attr:`Graph.tables`, a parameter's row, the axes of a reduction, ...
    truth
        Whether its values are true or false.
    """

    op: str
    args: tuple[int, ...]
    axes: Axes
    data: tuple[int | str, ...]
    truth: bool


@dataclass(eq=False)
class Graph:
    """Nodes, each made once.

    Parameters
    ----------
    sizes
        Length of every axis, in the order in which tables have them.
    """

    sizes: dict[str, int]
    nodes: list[Node] = field(default_factory=list)
    tables: list[AnyArray] = field(default_factory=list)
    _known: dict[Node, int] = field(default_factory=dict)
    _contents: dict[tuple[object, ...], int] = field(default_factory=dict)
    _numbers: dict[float, int] = field(default_factory=dict)
    _applied: dict[tuple[object, ...], int] = field(default_factory=dict)

    def copied(self) -> Graph:
        """The same nodes, to which others can be added without a reader of this graph noticing."""
        return Graph(self.sizes, [*self.nodes], [*self.tables], {**self._known}, {**self._contents})

    def __getitem__(self, node: int) -> Node:
        return self.nodes[node]

    def _add(self, node: Node) -> int:
        number = self._known.setdefault(node, len(self.nodes))
        if number == len(self.nodes):
            self.nodes.append(node)
        return number

    def ordered(self, axes: Sequence[str]) -> Axes:
        """Axes in the order of the graph, each once."""
        return tuple(a for a in self.sizes if a in axes)

    def _together(self, nodes: Sequence[Node]) -> Axes:
        """The axes that some nodes range over."""
        axes: Axes = ()
        for node in nodes:
            if node.axes and node.axes != axes:
                if axes:
                    return self.ordered([a for n in nodes for a in n.axes])
                axes = node.axes
        return axes

    def shape(self, axes: Axes) -> tuple[int, ...]:
        """Lengths of some axes."""
        return tuple(self.sizes[a] for a in axes)

    def constant(self, value: object, axes: Axes = ()) -> int:
        """A table over some axes; an axis along which it does not change is left out."""
        if type(value) is not float:
            return self._constant(value, axes)
        if value not in self._numbers:
            self._numbers[value] = self._constant(value, axes)
        return self._numbers[value]

    def _constant(self, value: object, axes: Axes) -> int:
        table = np.asarray(value)
        truth = table.dtype == np.bool_
        table = table.astype(np.bool_ if truth else np.float64, order="C")
        for k in reversed(range(len(axes))):
            first = table[(slice(None),) * k + (slice(1),)]
            if (table == first).all():
                table, axes = first.squeeze(k), (*axes[:k], *axes[k + 1 :])
        if not truth:
            table = table + 0.0  # of the two zeros the positive one
        key = (table.tobytes(), truth, axes)
        if key not in self._contents:
            self._contents[key] = len(self.tables)
            self.tables.append(np.array(table, order="C"))
        return self._add(Node("constant", (), axes, (self._contents[key],), truth))

    def theta(self, row: int) -> int:
        """A varied parameter."""
        return self._add(Node("theta", (), (), (row,), False))

    def table(self, node: int) -> AnyArray | None:
        """The values of a constant; ``None`` for other nodes."""
        found = self.nodes[node]
        return self.tables[int(found.data[0])] if found.op == "constant" else None

    def scalar(self, node: int) -> float | None:
        """The value of a constant without axes."""
        found = self.nodes[node]
        if found.op != "constant" or found.axes:
            return None
        return float(self.tables[int(found.data[0])])

    def spread(self, node: int, axes: Axes) -> AnyArray:
        """A constant's table with a length of 1 along the axes that it does not have."""
        table, own = self.table(node), self.nodes[node].axes
        assert table is not None
        return table.reshape([self.sizes[a] if a in own else 1 for a in axes])

    def apply(self, op: str, *args: int) -> int:
        """An elementwise operation; computed at once where nothing in it varies."""
        key = (op, *args)
        found = self._applied.get(key)
        if found is None:
            found = self._applied[key] = self._apply(op, args)
        return found

    def _apply(self, op: str, args: tuple[int, ...]) -> int:
        nodes = [self.nodes[k] for k in args]
        axes = self._together(nodes)
        fixed = [n for n in nodes if n.op == "constant"]
        if len(fixed) == len(nodes):
            with np.errstate(all="ignore"):
                value = function_of(op)(*(self.spread(k, axes) for k in args))
            return self.constant(np.broadcast_to(value, self.shape(axes)), axes)
        shorter = self._shorter(op, args) if fixed or len(set(args)) < len(args) else None
        if shorter is not None:
            return shorter
        if op != "where" or self.nodes[args[0]].op == "where":
            outside = self._outside(op, args)
            if outside is not None:
                return outside
        truth = op in TRUTH or (op == "where" and self.nodes[args[1]].truth)
        return self._add(Node(op, args, axes, (), truth))

    def _outside(self, op: str, args: tuple[int, ...]) -> int | None:
        """An operation on choices by one condition as a choice between operations.

        Where the second branches do not range over anything their operation costs next to nothing.
        """
        nodes = [self.nodes[k] for k in args]
        choices = [n for n in nodes if n.op == "where" and n.axes]
        if not choices or len({n.args[0] for n in choices}) > 1:
            return None
        if any(n.axes and n.op != "where" for n in nodes):
            return None
        if any(self.nodes[n.args[2]].axes for n in choices):
            return None
        first = [n.args[1] if n in choices else k for n, k in zip(nodes, args, strict=True)]
        second = [n.args[2] if n in choices else k for n, k in zip(nodes, args, strict=True)]
        return self.apply(
            "where", choices[0].args[0], self.apply(op, *first), self.apply(op, *second)
        )

    def _bounded(self, condition: int, yes: int, no: int) -> int | None:
        """A choice by a table against an infinite value, as the lower or higher of two."""
        table, other = self.table(condition), self.scalar(no)
        if table is None or other is None or not np.isinf(other) or self.nodes[yes].truth:
            return None
        bound = self.constant(np.where(table, -other, other), self.nodes[condition].axes)
        return self.apply("min" if other < 0 else "max", yes, bound)

    def _shorter(self, op: str, args: tuple[int, ...]) -> int | None:
        """A node of the same value that is there already."""
        values = [self.scalar(k) for k in args]
        if op == "where":
            if values[0] is not None:
                return args[1] if values[0] else args[2]
            return args[1] if args[1] == args[2] else self._bounded(*args)
        if len(args) != 2:
            return None
        if args[0] == args[1] and op in ("min", "max", "and", "or"):
            return args[0]
        for k in (0, 1):
            value = values[k]
            if value is None:
                continue
            if (op, value) in NEUTRAL and not (op in ("sub", "div") and k == 0):
                return args[1 - k]
            if (op, value) in ABSORBING:
                return args[k]
        return None

    def at_least(self, high: int, low: int) -> bool:
        """Whether one value is no lower than another wherever both are numbers, as far as their making tells.

        Examples
        --------
        >>> graph = Graph({})
        >>> u, error = graph.theta(0), graph.constant(0.5)
        >>> graph.at_least(graph.apply("add", u, error), graph.apply("sub", u, error))
        True
        """
        if high == low:
            return True
        one, two = self.nodes[high], self.nodes[low]
        if one.op == two.op == "pick" and one.data == two.data:
            return self.at_least(one.args[0], two.args[0])
        if one.op == two.op == "where" and one.args[0] == two.args[0]:
            return all(map(self.at_least, one.args[1:], two.args[1:]))
        if one.op == "add" and self._no_less_than_0(one.args[1]):
            return self.at_least(one.args[0], low)
        if two.op == "sub" and self._no_less_than_0(two.args[1]):
            return self.at_least(high, two.args[0])
        return False

    def _no_less_than_0(self, node: int) -> bool:
        table = self.table(node)
        return table is not None and bool((table >= 0).all())

    def reduce(self, op: str, arg: int, axes: Sequence[str]) -> int:
        """``most``, ``least``, ``total``, ``any``, ``count`` or ``first`` over some axes.

        Totals are of whole numbers, so that their order does not matter.

        ``first`` is the place of the first true value, counted over the axes in the graph's order.
        """
        node = self.nodes[arg]
        over = tuple(a for a in node.axes if a in axes)
        if op == "first":
            over = self.ordered(axes)
            arg = self._along(arg, over)
            node = self.nodes[arg]
        elif op in ("count", "total"):
            copies = int(np.prod([self.sizes[a] for a in axes if a not in over], dtype=np.int64))
            if copies > 1:
                counted = self.reduce(op, arg, over) if over else self._number(arg, op)
                return self.apply("mul", self.constant(float(copies)), counted)
            if not over:
                return self._number(arg, op)
        elif not over:
            return arg
        rest = tuple(a for a in node.axes if a not in over)
        if node.op == "constant":
            places = tuple(node.axes.index(a) for a in over)
            table = self.tables[int(node.data[0])]
            return self.constant(reduced(op, table, places), rest)
        return self._add(Node(op, (arg,), rest, over, op == "any"))

    def _number(self, arg: int, op: str) -> int:
        if op == "total":
            return arg
        return self.apply("where", arg, self.constant(1.0), self.constant(0.0))

    def _along(self, arg: int, axes: Axes) -> int:
        """A true-or-false node that has all of some axes."""
        missing = [a for a in axes if a not in self.nodes[arg].axes]
        if not missing:
            return arg
        whole = self.ordered([*self.nodes[arg].axes, *missing])
        return self._add(Node("spread", (arg,), whole, (), True))

    def pick(self, arg: int, axis: str, place: int) -> int:
        """The value at one place of an axis."""
        node = self.nodes[arg]
        if axis not in node.axes:
            return arg
        rest = tuple(a for a in node.axes if a != axis)
        if node.op == "constant":
            return self.constant(
                np.take(self.tables[int(node.data[0])], place, node.axes.index(axis)), rest
            )
        return self._add(Node("pick", (arg,), rest, (axis, place), node.truth))
