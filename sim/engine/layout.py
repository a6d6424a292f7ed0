"""Which nodes of a graph are computed where, for code that goes along one axis in loops.

Definition. As in :mod:`sim.engine.lanes`.

Array convention. As in :mod:`sim.engine.graph`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy

from sim.engine.graph import Graph
from sim.engine.numpy_run import needed
from sim.engine.operations import EXPRESSION

REDUCING = frozenset({"most", "least", "count", "total", "any", "pick"})
"""Operations along the axis whose value is a number."""


REMEMBERED = 1 << 14
"""Numbers per point that are kept between loops: more leave the cache, and are sooner computed again."""


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
        before = set(numpys)
        for n in order:  # numbers that rest on numbers alone
            if not graph[n].axes and all(k in before and not graph[k].axes for k in graph[n].args):
                before.add(n)
        self.inside = [n for n in order if n not in before and graph[n].op != "constant"]
        used = {k for n in self.inside for k in graph[n].args} | {*wanted, *self.kept}
        inputs = [n for n in order if n in before and n in used and graph[n].op != "constant"]
        self.scalars = tuple(n for n in inputs if not graph[n].axes)
        self.rows = tuple(n for n in inputs if graph[n].axes)
        self.level: dict[int, int] = {}
        for n in self.inside:
            later = 1 if graph[n].op in REDUCING else 0
            self.level[n] = later + max((self.level.get(k, 0) for k in graph[n].args), default=0)
        stored = self._stored()
        self.remembers = len(stored) * graph.sizes[axis] <= REMEMBERED
        self.slots = {n: k for k, n in enumerate(stored if self.remembers else ())}

    def forgetting(self) -> Layout:
        """The same, but only what is read afterwards is kept, where there is room."""
        out = copy(self)
        kept = [n for n in self.kept if n in self.level and self.graph[n].axes]
        out.remembers = False
        fits = len(kept) * self.graph.sizes[self.axis] <= REMEMBERED
        out.slots = {n: k for k, n in enumerate(kept if fits else ())}
        return out

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
