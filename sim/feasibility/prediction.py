"""What a scenario's game predicts, for a whole batch of points.

Definition. The prediction is the set of subgame perfect equilibrium outcomes. Its representative
is of the class that comes first in the file's ``outcomes`` (a treaty, if any equilibrium ends in one), one
that is kept before one that is reneged upon, the best of those by leximin (:mod:`sim.feasibility.reached`);
``in_every`` says whether every equilibrium outcome has that class, ``count`` how many outcomes there are.

Array convention. Every array has shape ``(batch,)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.feasibility.reached import kinds_of, reach, summary
from sim.games.outcomes import outcomes_of
from sim.games.stages import StageGame
from sim.payoffs import Batch


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
    round
        Of a game in rounds the one in which the representative agreement is signed, from 0, -1 for none;
        payoffs are then what it is worth at the start.
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
    round: IntArray | None = None


def joined(parts: Sequence[Prediction]) -> Prediction:
    """Predictions of points one after the other."""
    whole: dict[str, Any] = {}
    for field in fields(Prediction):
        values = [getattr(part, field.name) for part in parts]
        if isinstance(values[0], np.ndarray):
            whole[field.name] = np.concatenate(values)
    actors = parts[0].payoffs
    payoffs = {actor: np.concatenate([part.payoffs[actor] for part in parts]) for actor in actors}
    return Prediction(**whole, payoffs=payoffs)


def predict(game: StageGame, batch: Batch) -> Prediction:
    """The prediction at a chunk of points of the game's dispute."""
    outcomes = outcomes_of(game, batch)
    found = summary(game, outcomes, *reach(game, outcomes))
    kinds = kinds_of(game, len(outcomes.ratification))
    rows, columns = game.dispute.shape
    chosen, points, solved = found.chosen, np.arange(batch.size), found.solved
    return Prediction(
        agreement=np.where(solved, chosen % (rows * columns) // columns, -1),
        profile=np.where(solved, chosen % columns, -1),
        outcome_class=np.where(solved, kinds.classes[chosen], -1),
        count=found.count,
        reneged=kinds.broken[chosen] & solved,
        in_every=found.in_every & solved,
        treaty=found.treaty & solved,
        chance=outcomes.ratification[chosen, points],
        payoffs={
            actor: np.where(solved, value, np.nan)
            for actor, value in outcomes.at(chosen, points).items()
        },
    )
