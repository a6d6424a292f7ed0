"""The outcome that stands for several of the best kind, as candidates of a choice by leximin.

Definition. As in :mod:`sim.feasibility.reached`: gains are measured against the status quo under everybody's
first stance, and all slacks count. Where a game hardly ever reaches several outcomes of one kind, no choice
is written out, and such points are left to the definitions.

Array convention. One node per variant of an agreement: stance profiles of what is kept, then of what is
reneged upon.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.engine.cells import Cells
from sim.feasibility.screening.screened_ladder import Nodes, ScreenedLadder
from sim.feasibility.screening.status_quos import at_status_quo
from sim.games.stages import StageGame
from sim.payoffs.program import unit_of


def may_be_several(ladder: ScreenedLadder, game: StageGame) -> bool:
    """Whether a game may reach several outcomes of one kind though nothing ties.

    Demands may be equilibria in many ways, and so may moves that principals make at the same time; and the
    status quo may be reached under several stances.
    """
    if any(axis.kind == "demand" for axis in game.axes) or ladder.quos > 1:
        return True
    third = ladder.document.third_parties
    together = [[game.axes[n].actor for n in stage] for stage in game.stages if len(stage) > 1]
    return any(actor not in third for stage in together for actor in stage)


def leave_several(ladder: ScreenedLadder, counts: Nodes, kinds: int) -> None:
    """Leave points at which several outcomes of the best kind are reached.

    ``counts`` is how many are reached of every class, what is kept and what is reneged upon one after the
    other where there are two ``kinds``.
    """
    graph, first = ladder.graph, ladder.outputs["first"]
    cells = float(ladder.dispute.shape[0] * len(ladder.profiles) * kinds)
    for k, count in enumerate(counts):
        rank = k if kinds == 2 else 2 * k
        low, high = graph.constant(rank * cells), graph.constant((rank + 1) * cells)
        mine = graph.apply("and", graph.apply("ge", first, low), graph.apply("lt", first, high))
        several = graph.apply("gt", count, graph.constant(1.0))
        ladder.leave_beside(graph.apply("and", mine, several))


def ends_of(
    ladder: ScreenedLadder,
    inside: Nodes,
    quos: Nodes,
    worth: Sequence[Nodes],
    starts: Sequence[np.ndarray],
) -> Cells:
    """The outcomes of the best kind as candidates.

    Parameters
    ----------
    ladder
        The ladder, with the first outcome in the order of kinds among its outputs.
    inside, quos
        Which agreements are reached in force, per variant, and whether the status quo is, per profile.
    worth
        Per principal its payoffs, per variant.
    starts
        Per variant where every agreement, and its kind with it, begins in the order of kinds.
    """
    graph, rows = ladder.graph, ladder.dispute.shape[0]
    first, zero = ladder.outputs["first"], graph.constant(0.0)
    nothing, no = ladder.along(ladder.numbers == 0), graph.constant(np.array(False))
    cells = float(rows * len(inside))
    masks = []
    for v, node in enumerate(inside):
        quo = graph.apply("and", nothing, quos[v]) if v < len(quos) else no
        kind = starts[v] // cells * cells
        low, high = ladder.along(kind), ladder.along(kind + cells)
        mine = graph.apply("and", graph.apply("ge", first, low), graph.apply("lt", first, high))
        masks.append(graph.apply("and", graph.apply("or", node, quo), mine))
    columns = len(ladder.profiles)
    parts = []
    for v in range(len(inside)):
        gains = [
            _gain(ladder, actor, own[v])
            for actor, own in zip(ladder.document.principals, worth, strict=True)
        ]
        parts.append((*gains, *(nodes[v % columns] for _, nodes in ladder.slacks)))
    levels, principals = (0,) * len(parts[0]), len(worth)
    some = ladder.all_of("or", masks)
    return Cells(some, tuple(masks), tuple(parts), levels, zero, principals, (), ladder.error, no)


def _gain(ladder: ScreenedLadder, actor: str, worth: int) -> int:
    """What a principal gains over the status quo under everybody's first stance."""
    graph = ladder.graph
    (quo,) = at_status_quo(graph, ladder.payoffs[actor][:1])
    return graph.apply("div", graph.apply("sub", worth, quo), unit_of(graph, ladder.dispute, actor))
