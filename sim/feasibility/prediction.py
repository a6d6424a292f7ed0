"""What a scenario's game predicts, for a whole batch of points.

Definition. The prediction is the set of subgame perfect equilibrium outcomes. Its representative
is the outcome whose class comes first in the file's ``outcomes`` (a treaty, if any equilibrium
ends in one), one that is kept before one that is reneged upon; ``in_every`` says whether every
equilibrium outcome has that class, ``count`` how many outcomes there are.

Array convention. Every array has shape ``(batch,)``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.games.outcomes import Outcomes, outcomes_of
from sim.games.stages import StageGame
from sim.payoffs import Batch
from sim.scenario import TREATY
from sim.solutions.subgame_perfect import Induction, backward_induction


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prediction:
    """Equilibrium outcomes of a batch of points.

    Parameters
    ----------
    agreement, profile, outcome_class
        Of the representative outcome; -1 where a simultaneous stage has no pure equilibrium.
    count
        Number of distinct equilibrium outcomes; 0 where not solved.
    reneged
        Whether the representative agreement is reneged upon.
    in_every
        Whether all of them are of the representative's class.
    treaty
        Whether a treaty that nobody reneges upon is among them.
    chance
        Probability that the representative agreement is ratified.
    payoffs
        Per actor its payoff at the representative outcome; nan where not solved.
    """

    agreement: IntArray
    profile: IntArray
    outcome_class: IntArray
    count: IntArray
    reneged: BoolArray
    in_every: BoolArray
    treaty: BoolArray
    chance: FloatArray
    payoffs: dict[str, FloatArray]


def predict(game: StageGame, batch: Batch) -> Prediction:
    """The prediction at a chunk of points of the game's dispute."""
    outcomes = outcomes_of(game, batch)
    leaves = [outcomes.payoffs[axis.actor][outcomes.leaf] for axis in game.axes]
    scales = [game.dispute.scales[axis.actor] for axis in game.axes]
    result = backward_induction(leaves, game.stages, scales)
    present = _present(game, outcomes, result)
    return _summary(game, outcomes, result, present)


def _present(game: StageGame, outcomes: Outcomes, result: Induction) -> BoolArray:
    """Which outcomes some equilibrium reaches, shape ``(batch, outcomes)``."""
    batch = result.solved.size
    leaf, point = np.nonzero(result.survivors.reshape(-1, batch))
    row = outcomes.leaf.reshape(-1)[leaf]
    status_quo = game.leaf_profile.reshape(-1)[leaf]
    present = np.zeros((batch, len(outcomes.ratification)), dtype=np.bool_)
    present[point, np.where(outcomes.ratification[row, point] == 0, status_quo, row)] = True
    present[~result.solved] = False
    return present


def _summary(
    game: StageGame, outcomes: Outcomes, result: Induction, present: BoolArray
) -> Prediction:
    dispute = game.dispute
    rows, columns = dispute.shape
    batch = result.solved.size
    cells = np.arange(present.shape[1])
    broken = cells >= rows * columns
    class_of = dispute.classes[cells % (rows * columns) // columns]
    order = np.argsort(class_of, kind="stable")
    chosen = order[present[:, order].argmax(axis=1)]
    points = np.arange(batch)
    reached = np.stack(
        [
            present[:, class_of == k].any(axis=1)
            for k in range(len(dispute.scenario.document.classes))
        ]
    )
    classes = dispute.scenario.document.classes
    kept = class_of == (classes.index(TREATY) if TREATY in classes else -1)
    treaty = present[:, kept & ~broken].any(axis=1)
    unsolved = ~result.solved
    payoffs = {
        actor: np.where(unsolved, np.nan, value[chosen, points])
        for actor, value in outcomes.payoffs.items()
    }
    return Prediction(
        agreement=np.where(unsolved, -1, chosen % (rows * columns) // columns),
        profile=np.where(unsolved, -1, chosen % columns),
        outcome_class=np.where(unsolved, -1, class_of[chosen]),
        count=present.sum(axis=1),
        reneged=broken[chosen] & ~unsolved,
        in_every=(reached.sum(axis=0) == 1) & ~unsolved,
        treaty=treaty & ~unsolved,
        chance=outcomes.ratification[chosen, points],
        payoffs=payoffs,
    )
