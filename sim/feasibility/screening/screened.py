"""Screened points: answers by the numpy or the compiled back end, and where they are sure.

Definition. As in :mod:`sim.feasibility.screening.screen`. Both back ends run the same operations in the same
order, so their numbers are equal to the last bit, and equal to those of
:func:`sim.feasibility.evaluate.evaluate` wherever they are sure.

Array convention. ``theta`` has shape ``(varied, batch)``; results have shape ``(batch,)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sim._kernels.tolerance import AnyArray, BoolArray, FloatArray, IntArray
from sim.engine.cells import Cells
from sim.engine.emit import AGREEMENT
from sim.engine.graph import Graph
from sim.engine.layout import REDUCING
from sim.engine.numpy_run import Plan, border, needed
from sim.feasibility.ladder import Ladder, ladder_labels
from sim.feasibility.leximin import Best, best_of
from sim.feasibility.prediction import Prediction
from sim.feasibility.screening.screen import Screen
from sim.feasibility.screening.screened_ladder import Nodes
from sim.games.stages import StageGame
from sim.payoffs import Dispute

Values = dict[str, FloatArray]


class NumpyScreen:
    """A screen on numpy arrays.

    Parameters
    ----------
    screen
        The graph.
    """

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        graph = screen.graph
        choices = [screen.cells] if screen.ends is None else [screen.cells, screen.ends]
        wanted = [*screen.outputs.values(), *(n for c in choices for n in (c.some, c.level))]
        looked, at_best = (
            [n for nodes in names.values() for n in nodes]
            for names in (screen.looked, screen.at_best)
        )
        under = needed(graph, [*(n for c in choices for n in c.nodes), *looked, *at_best])
        wanted += [n for n in under if graph[n].op in REDUCING]
        known = needed(graph, wanted)
        self.choices = [_Choice(graph, cells, screen.gap, known) for cells in choices]
        self.at_end = _Lookup(graph, screen.looked, looked, known)
        self.at_best = _Lookup(graph, screen.at_best, at_best, known)
        lookups = (self.at_end, self.at_best)
        everything = [*wanted, *(n for choice in self.choices for n in choice.known)]
        everything += [n for lookup in lookups for n in lookup.known]
        self.plan = Plan(graph, list(dict.fromkeys(everything)))

    def run(self, theta: FloatArray) -> tuple[Values, BoolArray]:
        """Values by name, and at which points they are sure."""
        size, screen = theta.shape[1], self.screen
        found = self.plan.run(theta)
        values = {
            name: np.broadcast_to(found[n].reshape(-1), (size,)).astype(np.float64)
            for name, n in screen.outputs.items()
        }
        best, *ends = (choice.at(theta, found) for choice in self.choices)
        sure = ~best.doubt
        values |= {"cell": best.cell, "binding": best.lowest, "slack": best.value}
        values |= self.at_best.at(whole(best.cell), theta, found)
        for end in ends:
            values["end"], sure = end.cell, sure & ~end.doubt
        if screen.looked:
            cells = screen.graph.sizes[AGREEMENT] * screen.variants
            values |= self.at_end.at(end_of(values, cells), theta, found)
        return values, sure_of(values) & sure


class _Choice:
    """The best of some candidates at every point."""

    def __init__(self, graph: Graph, cells: Cells, gap: float, known: Sequence[int]) -> None:
        self.cells, self.gap = cells, gap
        self.known = border(graph, cells.nodes, known)
        self.plan = Plan(graph, list(dict.fromkeys(cells.nodes)), self.known)

    def at(self, theta: FloatArray, found: Mapping[int, AnyArray]) -> Best:
        """The best ones, from nodes that are known everywhere."""
        size, some = theta.shape[1], found[self.cells.some][:, 0]
        place, point = np.nonzero(np.broadcast_to(some, (len(some), size)))
        here = self.plan.at(place, point, theta, {n: found[n] for n in self.known})
        return best_of(self.cells, place, point, here, self.gap, size)


class _Lookup:
    """Values that are asked for at one cell of every point."""

    def __init__(
        self, graph: Graph, names: Mapping[str, Nodes], nodes: Sequence[int], known: Sequence[int]
    ) -> None:
        self.names, self.variants = names, len(next(iter(names.values()), ()))
        self.known = border(graph, nodes, known)
        self.plan = Plan(graph, list(dict.fromkeys(nodes)), self.known)

    def at(self, cell: IntArray, theta: FloatArray, found: Mapping[int, AnyArray]) -> Values:
        """The values by name; cells are places times variants plus the variant."""
        if not self.names:
            return {}
        points = np.arange(len(cell))
        place, variant = np.divmod(cell, self.variants)
        end = self.plan.at(place, points, theta, {n: found[n] for n in self.known})
        out = {}
        for name, nodes in self.names.items():
            table = [np.broadcast_to(end[n].reshape(-1), points.shape) for n in nodes]
            out[name] = np.stack(table)[variant, points].astype(np.float64)
        return out


def end_of(values: Values, cells: int) -> IntArray:
    """The agreement and variant of the outcome that stands for all, as one number."""
    return whole(values["end"]) if "end" in values else whole(values["first"]) % cells


def sure_of(values: Values) -> BoolArray:
    """Where values are right, as far as the graph itself can say."""
    sure: BoolArray = values["unsure"] == 0
    return sure & (values["lost"] == 0) if "lost" in values else sure


def ladder_of(dispute: Dispute, values: Values, views: int) -> Ladder:
    """The ladder, right where values are sure; ``views`` is how many of them every profile has."""
    columns, size = dispute.shape[1], len(values["margin"])
    base, cell = whole(values["base"]), whole(values["cell"]) // views
    names = dispute.scenario.document.principals
    return Ladder(
        margin=values["margin"],
        margin_in_every=values["every"],
        rung=whole(values["rung"]),
        agreement=cell // columns,
        profile=cell % columns,
        base_profile=base,
        against={name: whole(values.get(f"against {name}", values["base"])) for name in names},
        height=values["margin"].copy(),
        rests=values["rests"] != 0 if "rests" in values else np.zeros(size, dtype=np.bool_),
        binding=whole(values["binding"]),
        binding_slack=values["slack"],
        ties=whole(values["ties"]),
        exact=np.ones(size, dtype=np.bool_),
        labels=ladder_labels(dispute),
    )


def prediction_of(dispute: Dispute, game: StageGame | None, values: Values) -> Prediction | None:
    """The prediction, right where values are sure."""
    if game is None:
        return None
    rows, columns = dispute.shape
    variants = columns * (2 if game.reneging else 1)
    first, last = (whole(values[name]) for name in ("first", "last"))
    cell, classes = end_of(values, rows * variants), first // (rows * variants) // 2
    return Prediction(
        agreement=cell // variants,
        profile=cell % columns,
        outcome_class=classes,
        count=whole(values["count"]),
        reneged=cell % variants >= columns,
        in_every=classes == last // (rows * variants) // 2,
        treaty=values["treaty"] != 0,
        chance=values["chance"],
        payoffs={actor: values[f"payoff {actor}"] for actor in dispute.payoffs},
    )


def whole(values: FloatArray) -> IntArray:
    """Whole numbers; 0 where there is none."""
    known = np.isfinite(values)
    return (values if known.all() else np.where(known, values, 0.0)).astype(np.int64)
