"""What a game in rounds predicts, for a whole batch of points.

Definition. As in :mod:`sim.feasibility.prediction`, an outcome being an agreement with the round in which it
is signed. With a last round the prediction is the set of all subgame perfect outcomes; without one it is that
of the pure stationary equilibria, of which the limit of ever more rounds is the first: where the box of all
subgame perfect values closes, every equilibrium has it.

Array convention. Every array has shape ``(batch,)``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.feasibility.choice import chosen_of
from sim.feasibility.ladder import Ladder
from sim.feasibility.prediction import Prediction, joined
from sim.feasibility.reached import Kinds, candidates_at, kinds_of
from sim.games.in_time.rounds import RoundGame
from sim.games.outcomes import Outcomes, outcomes_of
from sim.payoffs import Batch
from sim.rules.ladder import RUNGS
from sim.solutions.markov.rounds import CrowdedError, Ends, of_all, play_rounds
from sim.solutions.markov.stationary_turns import stationary_at
from sim.solutions.markov.turns import turns_of


def predict_in_rounds(game: RoundGame, batch: Batch) -> Prediction:
    """The prediction at a chunk of points of the game's dispute.

    Raises
    ------
    UsageError
        If a discount factor is none at a point.
    """
    try:
        return _predict(game, batch)
    except CrowdedError:
        middle, points = batch.size // 2, np.arange(batch.size)
        halves = (points[:middle], points[middle:])
        return joined([predict_in_rounds(game, batch.pick(half)) for half in halves])


def _predict(game: RoundGame, batch: Batch) -> Prediction:
    outcomes = [outcomes_of(kind, batch) for kind in game.kinds]
    factors = game.factors(batch)
    if game.for_ever:
        return _for_ever(game, outcomes, factors)
    everybody = of_all(outcomes[0].actors, game.dispute.scenario.document.principals, factors)
    ends = play_rounds(game.kinds, outcomes, game.order, everybody)[0]
    first = game.order[0]
    kinds = kinds_of(game.kinds[first], len(outcomes[0].ratification))
    return prediction_of_ends(outcomes[first], kinds, ends)


def in_round(game: RoundGame, prediction: Prediction) -> dict[str, Any]:
    """When the predicted agreement is signed at the first point, and what each principal loses by waiting."""
    dispute = game.dispute
    number = -1 if prediction.round is None else int(prediction.round[0])
    found: dict[str, Any] = {
        "round": number + 1 if number >= 0 else None,
        "rounds": None if game.for_ever else len(game.order),
    }
    if number > 0:
        batch = dispute.at(dispute.point())
        a, s = int(prediction.agreement[0]), int(prediction.profile[0])
        found["delay_costs"] = {
            actor: float(np.broadcast_to(batch.payoff(actor), (*dispute.shape, 1))[a, s, 0])
            - float(prediction.payoffs[actor][0])
            for actor in dispute.scenario.document.principals
        }
    return found


def difference_in_rounds(game: RoundGame, ladder: Ladder, prediction: Prediction) -> str:
    """Why verdict and prediction differ at one point, in a sentence; empty where they do not."""
    feasible, treaty = bool(ladder.margin[0] >= 0), bool(prediction.treaty[0])
    if feasible == treaty or prediction.agreement[0] < 0 or not np.isfinite(ladder.margin[0]):
        return ""
    label = game.dispute.space.label
    if not feasible:
        rung = RUNGS[min(int(ladder.rung[0]), len(RUNGS) - 1)]
        return (
            f"the rounds do not play '{rung}', or third parties answer a refusal otherwise than the ladder "
            "takes it"
        )
    best, ends = int(ladder.agreement[0]), label(int(prediction.agreement[0]))
    offers = [axis for kind in game.rounds for axis in kind.axes if axis.kind == "offer"]
    if all(best not in axis.options for axis in offers):
        return f"nobody may offer {label(best)} in any round"
    return (
        f"round by round the best offers and replies end in {ends}: somebody prefers that, or waiting, to "
        f"{label(best)}"
    )


def prediction_of_ends(outcomes: Outcomes, kinds: Kinds, ends: Ends) -> Prediction:
    """The prediction that the ends of the first round are."""
    columns = outcomes.game.dispute.shape[1]
    alive = ends.alive & ends.solved
    points = np.arange(len(ends.solved))
    chosen = representative(outcomes, kinds, ends, alive)
    row = ends.row[chosen, points]
    rank = kinds.classes[ends.row]
    earliest = np.where(alive, rank, len(kinds.rank)).min(axis=0)
    latest = np.where(alive, rank, -1).max(axis=0)
    solved = ends.solved
    value = ends.value[:, chosen, points]
    return Prediction(
        agreement=np.where(solved, row // columns, -1),
        profile=np.where(solved, row % columns, -1),
        outcome_class=np.where(solved, kinds.classes[row], -1),
        count=_different(ends, alive),
        reneged=np.zeros(len(solved), dtype=np.bool_),
        in_every=(earliest == latest) & solved,
        treaty=np.asarray((kinds.kept_treaty[ends.row] & alive).any(axis=0)),
        chance=np.where(solved, outcomes.ratification[row, points], 0.0),
        payoffs={
            actor: np.where(solved, value[k], np.nan) for k, actor in enumerate(outcomes.actors)
        },
        round=np.where(solved, ends.signed[chosen, points], -1),
    )


def representative(outcomes: Outcomes, kinds: Kinds, ends: Ends, allowed: BoolArray) -> IntArray:
    """The end that stands for those allowed: of the first class, then the best by leximin, then the first."""
    rank = np.where(allowed, kinds.rank[ends.row], np.iinfo(np.int64).max)
    end, point = np.nonzero((rank == rank.min(axis=0)) & allowed)
    chosen = np.zeros(len(ends.solved), dtype=np.int64)
    if not len(point):
        return chosen
    order = np.lexsort((end, point))
    end, point = end[order], point[order]
    principals = outcomes.game.dispute.scenario.document.principals
    rows = [outcomes.actors.index(actor) for actor in principals]
    worth = ends.worth[:, rows][:, :, end, point]
    found = candidates_at(
        outcomes,
        view=end,
        cell=ends.row[end, point],
        point=point,
        payoffs=worth[0],
        errors=(worth[2] - worth[1]) / 2,
    )
    one = chosen_of(found, len(principals))
    chosen[one.point] = one.view
    return chosen


def _different(ends: Ends, alive: BoolArray) -> IntArray:
    """How many outcomes differ in what is agreed or when."""
    end, point = np.nonzero(alive)
    table = np.stack([point, ends.row[end, point], ends.signed[end, point]], axis=1)
    return np.bincount(np.unique(table, axis=0)[:, 0], minlength=alive.shape[1])


def _for_ever(game: RoundGame, outcomes: list[Outcomes], factors: FloatArray) -> Prediction:
    """The prediction of rounds without a last one."""
    principals = game.dispute.scenario.document.principals
    per_turn = [outcomes[k] for k in game.order]
    turns = turns_of(game.rounds, per_turn, principals, factors)
    kinds = kinds_of(game.rounds[0], len(outcomes[0].ratification))
    size = factors.shape[1]
    whole = {name: np.full(size, -1) for name in ("agreement", "profile", "outcome_class", "round")}
    some = {name: np.zeros(size, dtype=np.bool_) for name in ("in_every", "treaty")}
    count, chance = np.zeros(size, dtype=np.int64), np.zeros(size)
    payoffs = {actor: np.full(size, np.nan) for actor in outcomes[0].actors}
    for point, found in enumerate(stationary_at(turns)):
        ends = [turns.signed(signs, choices, point) for _, signs, choices in found.each()]
        if not ends or not turns.solved[point]:
            continue
        cells = [end.cell for end in ends]
        k = int(np.argmin(kinds.rank[cells]))
        classes = {int(kinds.classes[cell]) for cell in cells}
        end, columns = ends[k], game.dispute.shape[1]
        whole["agreement"][point], whole["profile"][point] = divmod(end.cell, columns)
        whole["outcome_class"][point] = kinds.classes[end.cell]
        whole["round"][point] = end.round
        some["in_every"][point] = len(classes) == 1 and found.unique
        some["treaty"][point] = any(kinds.kept_treaty[cell] for cell in cells)
        count[point] = len({(one.cell, one.round) for one in ends})
        chance[point] = outcomes[0].ratification[end.cell, point]
        for i, actor in enumerate(outcomes[0].actors):
            mine = principals.index(actor) if actor in principals else -1
            own = found.values[k][mine, 0] if mine >= 0 else outcomes[0].table[i, end.cell, point]
            payoffs[actor][point] = own
    return Prediction(
        agreement=whole["agreement"],
        profile=whole["profile"],
        outcome_class=whole["outcome_class"],
        round=whole["round"],
        in_every=some["in_every"],
        treaty=some["treaty"],
        count=count,
        chance=chance,
        reneged=np.zeros(size, dtype=np.bool_),
        payoffs=payoffs,
    )
