"""What a game in rounds predicts, for a whole batch of points.

Definition. As in :mod:`sim.feasibility.prediction`, an outcome being an agreement with the round in which it is
signed. With a last round the prediction is the set of all subgame perfect outcomes; without one it is that of
the pure stationary equilibria, of which the limit of ever more rounds is the first: where the box of all
subgame perfect values closes, every equilibrium has it.

Array convention. Every array has shape ``(batch,)``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.feasibility.choice import chosen_of
from sim.feasibility.prediction import Prediction
from sim.feasibility.reached import Kinds, candidates_at, kinds_of
from sim.games.in_time.rounds import RoundGame
from sim.games.outcomes import Outcomes, outcomes_of
from sim.payoffs import Batch
from sim.solutions.markov.equilibrium_box import equilibrium_box
from sim.solutions.markov.perfect import iterate
from sim.solutions.markov.pure_stationary import pure_stationary
from sim.solutions.markov.rounds import Ends, play_rounds
from sim.solutions.markov.turns import Turns, turns_of

MOST_POLICIES = 2_000
"""Most pure policies that are gone through at a point whose equilibrium values are not proved unique."""

NEAR = 1e-8
"""Difference of values, in units of payoff spread, of equilibria that are taken to be one."""


def predict_in_rounds(game: RoundGame, batch: Batch) -> Prediction:
    """The prediction at a chunk of points of the game's dispute.

    Raises
    ------
    UsageError
        If a discount factor is none at a point.
    """
    outcomes = [outcomes_of(kind, batch) for kind in game.kinds]
    factors = game.factors(batch)
    if game.for_ever:
        return _for_ever(game, outcomes, factors)
    ends = play_rounds(game.kinds, outcomes, game.order, with_third(game, outcomes[0], factors))[0]
    first = game.kinds[game.order[0]]
    return prediction_of_ends(outcomes[game.order[0]], kinds_of(first, len(outcomes[0].ratification)), ends)


def with_third(game: RoundGame, outcomes: Outcomes, factors: FloatArray) -> FloatArray:
    """Discount factors of all actors: third parties look at the round alone, so that nothing is lost."""
    principals = game.dispute.scenario.document.principals
    known = dict(zip(principals, factors, strict=True))
    size = factors.shape[1]
    return np.stack([known.get(actor, np.ones(size)) for actor in outcomes.actors])


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
        treaty=(kinds.kept_treaty[ends.row] & alive).any(axis=0),
        chance=np.where(solved, outcomes.ratification[row, points], 0.0),
        payoffs={
            actor: np.where(solved, value[k], np.nan) for k, actor in enumerate(outcomes.actors)
        },
        round=np.where(solved, ends.signed[chosen, points], -1),
    )


def representative(
    outcomes: Outcomes, kinds: Kinds, ends: Ends, allowed: BoolArray
) -> IntArray:
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
        **whole,
        **some,
        count=count,
        chance=chance,
        reneged=np.zeros(size, dtype=np.bool_),
        payoffs=payoffs,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stationary:
    """Pure stationary equilibria of rounds for ever at one point.

    Parameters
    ----------
    values, signs, choices
        Per equilibrium, as in :mod:`sim.solutions.markov.pure_stationary`; the limit of ever more rounds first.
    unique
        Whether every subgame perfect equilibrium is proved to have the values of the first.
    exhaustive
        Whether these are all pure stationary ones.
    """

    values: tuple[FloatArray, ...]
    signs: tuple[BoolArray, ...]
    choices: tuple[IntArray, ...]
    unique: bool
    exhaustive: bool

    def each(self) -> Iterator[tuple[FloatArray, BoolArray, IntArray]]:
        """Values, signatures and choices of every equilibrium."""
        return zip(self.values, self.signs, self.choices, strict=True)


def stationary_at(turns: Turns) -> list[Stationary]:
    """The pure stationary equilibria of every point of a chunk."""
    game = turns.bargaining
    found, box = iterate(game), equilibrium_box(game)
    closed, now = box.closed(game.scales), found.period
    proposes = np.asarray(game.recognition[..., 0] > 0)
    signing = now.signs & proposes[..., None]
    tied = (now.tied & proposes[..., None]).any(axis=(0, 1))
    choice = np.where(signing, now.deal, game.deals.shape[1] + game.arranged)
    out = []
    for k in range(game.batch):
        values: list[FloatArray] = []
        signs: list[BoolArray] = []
        choices: list[IntArray] = []
        if found.settled[k]:
            values, signs, choices = [now.values[..., k]], [signing[..., k]], [choice[..., k]]
        exhaustive = bool(closed[k] and found.settled[k] and not tied[k])
        if not exhaustive:
            listed = pure_stationary(game, k, box, most=MOST_POLICIES)
            exhaustive = listed.exhaustive
            for v, s, c in zip(listed.values, listed.signs, listed.choices, strict=True):
                known = zip(values, signs, strict=True)
                if not any(_alike(v, old, s, sign, game.scales) for old, sign in known):
                    values, signs, choices = [*values, v], [*signs, s], [*choices, c]
        out.append(
            Stationary(
                values=tuple(values),
                signs=tuple(signs),
                choices=tuple(choices),
                unique=bool(closed[k]) and not (turns.several[k] or tied[k]),
                exhaustive=exhaustive and not turns.several[k],
            )
        )
    return out


def _alike(
    one: FloatArray, two: FloatArray, a: BoolArray, b: BoolArray, scales: FloatArray
) -> bool:
    near = np.abs(one - two) <= NEAR * scales[:, None]
    return bool(near.all() and (a == b).all())
