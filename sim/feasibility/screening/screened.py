"""Screened points: answers by the numpy or the compiled back end, and where they are sure.

Definition. As in :mod:`sim.feasibility.screening.screen`. Both back ends run the same operations in the same
order, so their numbers are equal to the last bit, and equal to those of
:func:`sim.feasibility.evaluate.evaluate` wherever they are sure.

Array convention. ``theta`` has shape ``(varied, batch)``; results have shape ``(batch,)``.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.engine.emit import AGREEMENT
from sim.engine.layout import REDUCING
from sim.engine.numpy_run import Plan, border, needed
from sim.feasibility.ladder import Ladder, ladder_labels
from sim.feasibility.leximin import best_of
from sim.feasibility.prediction import Prediction
from sim.feasibility.screening.screen import Screen
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
        graph, cells = screen.graph, screen.cells
        wanted = [*screen.outputs.values(), cells.some, cells.level]
        looked = [n for nodes in screen.looked.values() for n in nodes]
        under = needed(graph, [*cells.nodes, *looked])
        wanted += [n for n in under if graph[n].op in REDUCING]
        known = needed(graph, wanted)
        self.at_cells, self.at_end = (border(graph, n, known) for n in (cells.nodes, looked))
        everything = [*wanted, *self.at_cells, *self.at_end]
        self.plan = Plan(graph, list(dict.fromkeys(everything)))
        self.cells_plan = Plan(graph, list(dict.fromkeys(cells.nodes)), self.at_cells)
        self.end_plan = Plan(graph, list(dict.fromkeys(looked)), self.at_end)

    def run(self, theta: FloatArray) -> tuple[Values, BoolArray]:
        """Values by name, and at which points they are sure."""
        size, screen = theta.shape[1], self.screen
        found = self.plan.run(theta)
        values = {
            name: np.broadcast_to(found[n].reshape(-1), (size,)).astype(np.float64)
            for name, n in screen.outputs.items()
        }
        some = found[screen.cells.some][:, 0]
        place, point = np.nonzero(np.broadcast_to(some, (len(some), size)))
        here = self.cells_plan.at(place, point, theta, {n: found[n] for n in self.at_cells})
        best = best_of(screen.cells, place, point, here, screen.gap, size)
        values |= {"cell": best.cell, "binding": best.lowest, "slack": best.value}
        if screen.looked:
            rows, variants = screen.graph.sizes[AGREEMENT], screen.variants
            place, variant = np.divmod(whole(values["first"]) % (rows * variants), variants)
            known = {n: found[n] for n in self.at_end}
            end = self.end_plan.at(place, np.arange(size), theta, known)
            for name, nodes in screen.looked.items():
                table = [np.broadcast_to(end[n].reshape(-1), size) for n in nodes]
                values[name] = np.choose(variant, table)
        return values, (values["unsure"] == 0) & ~best.doubt


def ladder_of(dispute: Dispute, values: Values) -> Ladder:
    """The ladder, right where values are sure."""
    columns, size = dispute.shape[1], len(values["margin"])
    base, cell = whole(values["base"]), whole(values["cell"])
    return Ladder(
        margin=values["margin"],
        margin_in_every=values["every"],
        rung=whole(values["rung"]),
        agreement=cell // columns,
        profile=cell % columns,
        base_profile=base,
        against={name: base.copy() for name in dispute.scenario.document.principals},
        height=values["margin"].copy(),
        rests=np.zeros(size, dtype=np.bool_),
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
    cell, classes = first % (rows * variants), first // (rows * variants) // 2
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
    return np.where(np.isfinite(values), values, 0.0).astype(np.int64)
