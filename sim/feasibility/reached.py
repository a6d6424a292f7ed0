"""Which outcomes the subgame perfect equilibria of a game reach, at a chunk of points.

Definition. An *outcome* is an agreement in force under a stance profile, or the same reneged upon; where
ratification surely fails it is the status quo. The representative of all that are reached is the one whose
class comes first in the file's ``outcomes``, one that is kept before one that is reneged upon.

Array convention. Outcomes have shape ``(outcomes, batch)``; records ``(batch,)``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import BoolArray, IntArray
from sim.games.outcomes import Outcomes
from sim.games.stages import StageGame
from sim.scenario import TREATY
from sim.solutions.subgame_perfect import Induction, backward_induction


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
    order
        The outcomes, the class that comes first in the file first.
    classes
        Their outcome classes, as indices into the file's.
    broken
        Whether the agreement is reneged upon.
    kept_treaty
        Whether it is a treaty that is kept.
    """

    order: IntArray
    classes: IntArray
    broken: BoolArray
    kept_treaty: BoolArray


def kinds_of(game: StageGame, count: int) -> Kinds:
    """The kinds of a game's outcomes, of which there are ``count``."""
    dispute = game.dispute
    rows, columns = dispute.shape
    cells = np.arange(count)
    classes = dispute.classes[cells % (rows * columns) // columns]
    names = dispute.scenario.document.classes
    treaty = classes == (names.index(TREATY) if TREATY in names else -1)
    broken = cells >= rows * columns
    return Kinds(np.argsort(classes, kind="stable"), classes, broken, treaty & ~broken)


def reach(game: StageGame, outcomes: Outcomes) -> Reached:
    """What the subgame perfect equilibria in pure strategies reach."""
    leaves = [outcomes.payoffs[axis.actor][outcomes.leaf] for axis in game.axes]
    scales = [game.dispute.scales[axis.actor] for axis in game.axes]
    result = backward_induction(leaves, game.stages, scales)
    present = _present(game, outcomes, result)
    kinds = kinds_of(game, present.shape[1])
    names = game.dispute.scenario.document.classes
    reached = [present[:, kinds.classes == k].any(axis=1) for k in range(len(names))]
    return Reached(
        solved=result.solved,
        chosen=kinds.order[present[:, kinds.order].argmax(axis=1)],
        count=present.sum(axis=1),
        in_every=np.sum(reached, axis=0) == 1,
        treaty=np.asarray(present[:, kinds.kept_treaty].any(axis=1)),
    )


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
