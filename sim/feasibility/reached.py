"""Which outcomes the subgame perfect equilibria of a game reach, at a chunk of points.

Definition. An *outcome* is an agreement in force under a stance profile, or the same reneged upon; where
an agreement is not in force it is the status quo. The representative of all that are reached is of the class
that comes first in the file's ``outcomes``, one that is kept before one that is reneged upon; among those the
best by leximin over gains and slacks (:mod:`sim.feasibility.choice`), gains being measured against the
status quo under everybody's first stance.

Array convention. Outcomes have shape ``(outcomes, batch)``; records ``(batch,)``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray, IntArray
from sim.feasibility.choice import Candidates, chosen_of
from sim.games.in_time.offer_by_offer import reached_by_offers
from sim.games.outcomes import Outcomes
from sim.games.stages import StageGame
from sim.rules import outcomes as rules
from sim.rules.backward_induction import backward_induction
from sim.scenario import TREATY


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reached:
    """What the equilibria of a batch of points reach; every array has shape ``(batch,)``.

    Parameters
    ----------
    solved
        Whether every simultaneous stage had a pure equilibrium; where not, nothing is reached.
    chosen
        The representative outcome.
    count
        Number of outcomes that are reached.
    in_every
        Whether all of them are of one class.
    treaty
        Whether a treaty that nobody reneges upon is among them.
    """

    solved: BoolArray
    chosen: IntArray
    count: IntArray
    in_every: BoolArray
    treaty: BoolArray


@dataclass(frozen=True, slots=True, eq=False)
class Kinds:
    """What kind every outcome of a game is; shape ``(outcomes,)`` each.

    Parameters
    ----------
    rank
        Lower for a class that comes earlier in the file, and for what is kept.
    classes
        Their outcome classes, as indices into the file's.
    broken
        Whether the agreement is reneged upon.
    kept_treaty
        Whether it is a treaty that is kept.
    """

    rank: IntArray
    classes: IntArray
    broken: BoolArray
    kept_treaty: BoolArray


def kinds_of(game: StageGame, count: int) -> Kinds:
    """The kinds of a game's outcomes, of which there are ``count``."""
    dispute = game.dispute
    rows, columns = dispute.shape
    cells = np.arange(count)
    classes = dispute.classes[cells % (rows * columns) // columns]
    treaty = classes == dispute.scenario.document.class_of(TREATY)
    broken = cells >= rows * columns
    return Kinds(rules.rank(classes, broken), classes, broken, treaty & ~broken)


def reach(game: StageGame, outcomes: Outcomes) -> tuple[BoolArray, BoolArray]:
    """Which outcomes some equilibrium in pure strategies reaches, ``(outcomes, batch)``, and where solved."""
    if game.leaves.by_offers:
        return reached_by_offers(game, outcomes)
    least, most = outcomes.leaves(game)
    result = backward_induction(least, game.stages, (), most=most)
    batch = result.solved.size
    leaf, point = np.nonzero(result.survivors.reshape(-1, batch))
    row = outcomes.leaf.reshape(-1)[leaf]
    status_quo = game.leaf_profile.reshape(-1)[leaf]
    present = np.zeros((len(outcomes.ratification), batch), dtype=np.bool_)
    present[np.where(outcomes.ratification[row, point] == 0, status_quo, row), point] = True
    present[:, ~result.solved] = False
    return present, result.solved


def summary(game: StageGame, outcomes: Outcomes, present: BoolArray, solved: BoolArray) -> Reached:
    """What can be said of the outcomes that are reached."""
    kinds = kinds_of(game, len(present))
    outcome, point = np.nonzero(present)
    size = present.shape[1]
    classes = len(game.dispute.scenario.document.classes)
    table = np.zeros((classes, size), dtype=np.bool_)
    table[kinds.classes[outcome], point] = True
    treaty = np.zeros(size, dtype=np.bool_)
    treaty[point[kinds.kept_treaty[outcome]]] = True
    return Reached(
        solved=solved,
        chosen=_representative(game, outcomes, kinds, outcome, point),
        count=np.bincount(point, minlength=size),
        in_every=table.sum(axis=0) == 1,
        treaty=treaty,
    )


def _representative(
    game: StageGame, outcomes: Outcomes, kinds: Kinds, outcome: IntArray, point: IntArray
) -> IntArray:
    """The outcome that stands for all, from pairs of an outcome and a point where it is reached."""
    size = outcomes.batch.size
    first = np.full(size, 2 * len(game.dispute.scenario.document.classes) + 2)
    np.minimum.at(first, point, kinds.rank[outcome])
    best = kinds.rank[outcome] == first[point]
    outcome, point = outcome[best], point[best]
    chosen = np.zeros(size, dtype=np.int64)
    chosen[point] = outcome
    several = np.bincount(point, minlength=size)[point] > 1
    if several.any():
        order = np.lexsort((outcome[several], point[several]))
        found = _candidates(outcomes, outcome[several][order], point[several][order])
        one = chosen_of(found, len(game.dispute.scenario.document.principals))
        chosen[one.point] = one.view
    return chosen


def _candidates(outcomes: Outcomes, outcome: IntArray, point: IntArray) -> Candidates:
    """Outcomes at some points with their gains and slacks; ``view`` is the number of the outcome."""
    dispute = outcomes.game.dispute
    rows, columns = dispute.shape
    cell = outcome % (rows * columns)
    principals = dispute.scenario.document.principals
    payoffs = outcomes.at(outcome, point)
    errors = [dispute.error(actor)[..., 0].reshape(-1)[cell] for actor in principals]
    return candidates_at(
        outcomes,
        view=outcome,
        cell=cell,
        point=point,
        payoffs=np.array([payoffs[actor] for actor in principals]),
        errors=np.array(errors),
    )


def candidates_at(
    outcomes: Outcomes,
    *,
    view: IntArray,
    cell: IntArray,
    point: IntArray,
    payoffs: FloatArray,
    errors: FloatArray,
) -> Candidates:
    """What may stand for a prediction, with its gains and slacks.

    Parameters
    ----------
    outcomes
        Of the game.
    view, cell, point
        The number of each, its agreement and stances, and where it is.
    payoffs, errors
        What principals have of it and up to what that is known, ``(principals, candidates)``.
    """
    batch, dispute = outcomes.batch, outcomes.game.dispute
    rows, columns = dispute.shape
    agreement, profile = np.divmod(cell, columns)
    parts, noise = [], []
    principals = dispute.scenario.document.principals
    for actor, payoff, error in zip(principals, payoffs, errors, strict=True):
        base = batch.payoff(actor)[0, 0]
        gain = payoff - np.broadcast_to(base, (batch.size,))[point]
        parts.append(gain / dispute.scales[actor])
        noise.append((error + dispute.error(actor)[0, 0, 0]) / dispute.scales[actor])
    for constraint in dispute.constraints:
        slack = np.broadcast_to(batch.slack(constraint), (rows, columns, batch.size))
        parts.append(slack[agreement, profile, point])
        noise.append(np.full(len(point), RELATIVE))
    against = np.zeros((len(principals), len(point)), dtype=np.int64)
    return Candidates(
        point=point,
        view=view,
        agreement=agreement,
        profile=profile,
        against=against,
        parts=np.array(parts),
        errors=np.array(noise),
    )
