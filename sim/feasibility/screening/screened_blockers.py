"""The margin and what blocks, of points at which nothing ties; see :mod:`sim.feasibility.blockers`.

Definition. From the screen's gains, slacks and cells: which parts fail where, how many parts and how many
actors of each cell do, and what lifting one of them would do. A point is *unsure* where the margin is, or
where a gain of a cell that counts lies below 0 by no more than it is known. Neither the best treaty nor the
prediction is looked at, which is most of a screen's work.

Array convention. ``theta`` has shape ``(varied, batch)``; results have the batch last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from sim._kernels.tolerance import AnyArray, BoolArray, FloatArray, IntArray
from sim.engine.combining import combined
from sim.engine.emit import AGREEMENT
from sim.engine.graph import Graph
from sim.engine.numpy_run import Plan
from sim.feasibility.screening.screen import Screen
from sim.feasibility.screening.screened import Values
from sim.rules.arithmetic import Nodes
from sim.rules.ladder import part_fails

TOLD_APART = 3
"""How many failing actors are told apart: none, one, two, more."""


@dataclass(frozen=True, slots=True, eq=False)
class FoundBlocking:
    """Margins and what blocks at some points.

    Parameters
    ----------
    margin, sure
        Shape ``(batch,)``.
    fewest
        How many actors must be lifted, ``TOLD_APART`` for as many or more, shape ``(batch,)``.
    single, alone
        Whether lifting one actor alone, or one part alone, does it; shapes ``(actors, batch)`` and
        ``(parts, batch)``.
    """

    margin: FloatArray
    sure: BoolArray
    fewest: IntArray
    single: BoolArray
    alone: BoolArray


class BlockingScreen:
    """What blocks, on numpy arrays.

    Parameters
    ----------
    screen
        The graph, which is not added to.
    owners
        Whose gain or constraint each part is.
    """

    def __init__(self, screen: Screen, owners: Sequence[str]) -> None:
        self.graph = screen.graph.copied()
        self.screen, self.owners = screen, tuple(owners)
        self.margin = screen.outputs["margin"]
        self._write()

    @cached_property
    def plan(self) -> Plan:
        """The operations that margins and what blocks need."""
        wanted = [self.margin, self.unsure, *self.fewest, *self.single, *self.alone]
        asked = list(dict.fromkeys(wanted))
        return Plan(combined(self.graph, asked), asked)

    @cached_property
    def told(self) -> Screen:
        """The whole screen with what blocks among its values, for whoever asks for both."""
        graph, outputs = self.graph, self.screen.outputs
        one, zero = graph.constant(1.0), graph.constant(0.0)
        told = {
            f"{name} {k}": graph.apply("where", node, one, zero)
            for name, nodes in (
                ("fewest", self.fewest),
                ("single", self.single),
                ("alone", self.alone),
            )
            for k, node in enumerate(nodes)
        }
        unsure = graph.apply("where", self.unsure, one, outputs["unsure"])
        return replace(self.screen, graph=graph, outputs={**outputs, **told, "unsure": unsure})

    def run(self, theta: FloatArray) -> FoundBlocking:
        """Margins and what blocks at a batch of points."""
        found, size = self.plan.run(theta), theta.shape[1]

        def of(node: int) -> FloatArray:
            return np.broadcast_to(found[node].reshape(-1), (size,))

        return _found(
            of(self.margin).astype(np.float64),
            ~of(self.unsure).astype(np.bool_),
            [of(n) for n in self.fewest],
            [of(n) for n in self.single],
            [of(n) for n in self.alone],
        )

    def read(self, values: Values, sure: BoolArray) -> FoundBlocking:
        """The same from the values of ``told``."""
        fewest, single, alone = (
            [values[f"{name} {k}"] for k in range(len(nodes))]
            for name, nodes in (
                ("fewest", self.fewest),
                ("single", self.single),
                ("alone", self.alone),
            )
        )
        return _found(values["margin"], sure, fewest, single, alone)

    def _write(self) -> None:
        """The nodes of what blocks."""
        graph, blocking = self.graph, self.screen.blocking
        no = graph.constant(np.array(False))
        actors = list(dict.fromkeys(self.owners))
        self.unsure = blocking.unsure
        numbers = [no] * TOLD_APART
        single, alone = [_Anywhere(graph) for _ in actors], [_Anywhere(graph) for _ in self.owners]
        for here, parts in zip(blocking.counted, self.screen.cells.parts, strict=True):
            fails = [self._fails(k, node, here) for k, node in enumerate(parts)]
            whose = [
                self._any_of([f for f, o in zip(fails, self.owners, strict=True) if o == actor])
                for actor in actors
            ]
            many, few = _at_least(graph, whose, TOLD_APART), _at_least(graph, fails, 2)
            below = [graph.apply("not", n) for n in many]
            exactly = [below[0], *(graph.apply("and", many[k], below[k + 1]) for k in (0, 1))]
            for k, node in enumerate(exactly):
                numbers[k] = graph.apply("or", numbers[k], graph.apply("and", here, node))
            one = graph.apply("and", here, below[1])
            for place, node in zip(single, whose, strict=True):
                place.add(node, one)
            one = graph.apply("and", here, graph.apply("not", few[1]))
            for place, node in zip(alone, fails, strict=True):
                place.add(node, one)
        self.fewest = [graph.reduce("any", n, (AGREEMENT,)) for n in numbers]
        self.single, self.alone = [p.node() for p in single], [p.node() for p in alone]

    def _fails(self, part: int, value: int, here: int) -> int:
        """Where a part fails; unsure where it is a gain that may tie with 0."""
        graph, blocking = self.graph, self.screen.blocking
        rung = self.screen.cells.levels[part]
        fails: int = part_fails(Nodes(graph), value, rung)
        if rung:
            return fails
        near = graph.apply("ge", value, graph.constant(-blocking.error))
        doubt = graph.apply("and", here, graph.apply("and", fails, near))
        self.unsure = graph.apply("or", self.unsure, graph.reduce("any", doubt, (AGREEMENT,)))
        return fails

    def _any_of(self, nodes: Sequence[int]) -> int:
        out = nodes[0]
        for node in nodes[1:]:
            out = self.graph.apply("or", out, node)
        return out


def _found(
    margin: FloatArray,
    sure: BoolArray,
    numbers: Sequence[AnyArray],
    single: Sequence[AnyArray],
    alone: Sequence[AnyArray],
) -> FoundBlocking:
    """What blocks, from truth values at every point."""
    size = len(margin)
    fewest = np.full(size, TOLD_APART)
    for number in reversed(range(TOLD_APART)):
        fewest[numbers[number].astype(np.bool_)] = number
    return FoundBlocking(
        margin=margin,
        sure=sure,
        fewest=fewest,
        single=np.array(single, dtype=np.bool_).reshape(-1, size),
        alone=np.array(alone, dtype=np.bool_).reshape(-1, size),
    )


class _Anywhere:
    """Whether something fails in a cell of some kind; what fails under many stances alike is asked once."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.where: dict[int, int] = {}

    def add(self, fails: int, here: int) -> None:
        """One more cell per agreement: what fails there, and where it is of the kind."""
        known = self.where.get(fails)
        self.where[fails] = here if known is None else self.graph.apply("or", known, here)

    def node(self) -> int:
        """Whether there is such a cell."""
        graph, out = self.graph, self.graph.constant(np.array(False))
        for fails, here in self.where.items():
            both = graph.reduce("any", graph.apply("and", fails, here), (AGREEMENT,))
            out = graph.apply("or", out, both)
        return out


def _at_least(graph: Graph, nodes: Sequence[int], most: int) -> list[int]:
    """Where at least one, two, ... of some are true."""
    out = [graph.constant(np.array(False))] * most
    for node in nodes:
        for k in reversed(range(1, most)):
            out[k] = graph.apply("or", out[k], graph.apply("and", out[k - 1], node))
        out[0] = graph.apply("or", out[0], node)
    return out
