"""The ladder and the prediction from compiled functions: the same answers as numpy's, sooner.

Array convention. As in the functions that these stand in for: ``(agreements, profiles, batch)``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim._kernels.compiled import induction, levels, stances
from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray
from sim.feasibility.kernels import Kernels
from sim.feasibility.levels import Heights, Values
from sim.feasibility.reached import Reached, kinds_of
from sim.feasibility.stances import stance_equilibria as stances_by_numpy
from sim.games.outcomes import Outcomes
from sim.games.stages import StageGame
from sim.payoffs import Batch


def stance_equilibria(batch: Batch) -> tuple[BoolArray, BoolArray]:
    """As :func:`sim.feasibility.stances.stance_equilibria`."""
    dispute = batch.dispute
    payoffs = [batch.payoff(actor) for actor in dispute.scenario.document.third_parties]
    if all(payoff.shape[1] == 1 or payoff.shape[2] == 1 for payoff in payoffs):
        return stances_by_numpy(batch)  # the same at every point
    document = dispute.scenario.document
    sizes = [len(document.actors[name].stances) for name in document.third_parties]
    worst = np.zeros((*dispute.shape, batch.size))
    for axis, (actor, payoff) in enumerate(zip(document.third_parties, payoffs, strict=True)):
        if payoff.shape[1] > 1:
            step = int(np.prod(sizes[axis + 1 :], dtype=np.int64))
            whole = _over(payoff, payoff.shape[0], payoff.shape[1], batch.size)
            stances.raise_regrets(worst, whole, dispute.scales[actor], sizes[axis], step)
    return stances.settle(worst, RELATIVE)


def heights(values: Values, base: Sequence[FloatArray], allowed: BoolArray) -> Heights:
    """As :func:`sim.feasibility.levels.heights`."""
    agreements, profiles, batch = allowed.shape
    payoffs = np.empty((len(base), agreements, profiles, batch))
    below = np.empty((len(base), batch))
    for k, (u, at) in enumerate(zip(values.payoffs, base, strict=True)):
        payoffs[k], below[k] = u, at
    home, abroad, kept = (_slack(values.lowest[k], agreements, batch) for k in (1, 2, 3))
    flat: FloatArray = payoffs.reshape(len(base), -1, batch)
    margin, every, rung, cell, tied = levels.heights(
        (flat, below, (home, abroad, kept), allowed), RELATIVE
    )
    agreement, profile = np.divmod(cell, profiles)
    return Heights(
        margin=margin, every=every, rung=rung, agreement=agreement, profile=profile, tied=tied
    )


def _slack(slack: FloatArray | None, agreements: int, batch: int) -> FloatArray:
    """The lowest slack of a rung over all agreements; empty where the rung has none."""
    if slack is None:
        return np.empty((0, 1, batch))
    return _over(slack, agreements, slack.shape[1], batch)


def _over(value: FloatArray, *shape: int) -> FloatArray:
    """A value spread over a shape; copied where it is not that already."""
    return np.require(np.broadcast_to(value, shape), requirements=["C", "W"])


def reach(game: StageGame, outcomes: Outcomes) -> Reached:
    """As :func:`sim.feasibility.reached.reach`."""
    actors, scales = outcomes.actors, game.dispute.scales
    moves = (
        np.array(game.shape),
        np.array([actors.index(axis.actor) for axis in game.axes]),
        np.array([axis.stage for axis in game.axes]),
        np.array([RELATIVE * scales[axis.actor] for axis in game.axes]),
    )
    kinds = kinds_of(game, len(outcomes.ratification))
    solved, chosen, count, in_every, treaty = induction.reach(
        outcomes.table,
        outcomes.ratification,
        (outcomes.leaf.reshape(-1), game.leaf_profile.reshape(-1)),
        moves,
        (kinds.order, kinds.classes, kinds.kept_treaty),
    )
    return Reached(solved=solved, chosen=chosen, count=count, in_every=in_every, treaty=treaty)


FAST = Kernels(name="fast", stances=stance_equilibria, heights=heights, reach=reach, cells=1 << 18)
