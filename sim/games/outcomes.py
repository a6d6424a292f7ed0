"""Payoffs at the leaves of a stage game, with ratification and reneging folded in.

Definition. Let ``a`` be the agreement at a leaf and ``s`` the stance profile. Without
ratification actor ``i`` receives ``U_i(a, s)``. With certain ratification it receives that when
the lowest home slack of ``(a, s)`` is >= 0 and ``U_i(status quo, s)`` otherwise. With noise
``sigma`` the agreement is ratified with probability ``Phi(slack / sigma)`` and payoffs are
expectations. An agreement that was reneged upon adds the file's ``reneging`` amounts.

Array convention. An *outcome* is a row ``(agreement, profile)`` or, further down, the same
reneged upon; outcome payoffs have shape ``(outcomes, batch)`` and leaves index their rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import RELATIVE, FloatArray, IntArray
from sim.errors import UsageError
from sim.games.stages import StageGame
from sim.payoffs import Batch
from sim.payoffs.dispute import InWords
from sim.payoffs.not_finite import require_finite


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """Payoffs of every outcome at a chunk of points.

    Parameters
    ----------
    payoffs
        Per actor, shape ``(outcomes, batch)``.
    ratification
        Probability that the agreement of an outcome enters into force, shape ``(outcomes, batch)``.
    leaf
        Outcome of every leaf, shape ``(*moves,)``.
    """

    payoffs: dict[str, FloatArray]
    ratification: FloatArray
    leaf: IntArray


def outcomes_of(game: StageGame, batch: Batch, actors: Sequence[str] = ()) -> Outcomes:
    """Outcome payoffs of a stage game at a chunk of points.

    Parameters
    ----------
    game
        A stage game.
    batch
        The game's dispute at some points.
    actors
        Whose payoffs are needed; all by default.
    """
    dispute = game.dispute
    chance = _ratification(game, batch)
    payoffs = {actor: _payoff(game, actor, batch, chance) for actor in actors or dispute.payoffs}
    rows, columns = dispute.shape
    leaf = game.leaf_agreement * columns + game.leaf_profile
    leaf = leaf + np.where(game.leaf_reneged, rows * columns, 0)
    probability = chance.reshape(rows * columns, -1)
    if game.reneging:
        probability = np.concatenate([probability, probability])
    return Outcomes(payoffs, probability, leaf)


def home_slack(batch: Batch) -> FloatArray:
    """The lowest slack at home of every agreement, shape ``(agreements, profiles, batch)``."""
    lowest = np.full((*batch.dispute.shape, batch.size), np.inf)
    for constraint in batch.dispute.constraints:
        if constraint.rung == "home":
            np.minimum(lowest, batch.slack(constraint), out=lowest)
    return lowest


def _ratification(game: StageGame, batch: Batch) -> FloatArray:
    """Probability of ratification, shape ``(agreements, profiles, batch)``."""
    dispute = game.dispute
    if not game.ratified:
        return np.ones((*dispute.shape, batch.size))
    slack = home_slack(batch)
    if game.noise is None:
        return (slack >= -RELATIVE).astype(np.float64)
    sigma = np.broadcast_to(game.noise.evaluate(dispute.frame.env(batch.theta)), slack.shape)
    if not ((sigma > 0) & np.isfinite(sigma)).all():
        message = "the noise of 'ratify' must be positive and finite"
        raise UsageError(str(dispute.scenario.problem("game", message)))
    from scipy.special import ndtr

    with np.errstate(over="ignore"):
        return np.asarray(ndtr(slack / sigma))


def _payoff(game: StageGame, actor: str, batch: Batch, chance: FloatArray) -> FloatArray:
    dispute = game.dispute
    shape = (*dispute.shape, batch.size)
    value = np.broadcast_to(batch.payoff(actor), shape)
    if game.ratified:
        value = _mix(value, chance, certain=game.noise is None)
    flat = np.ascontiguousarray(value).reshape(-1, batch.size)
    if not game.reneging:
        return flat
    reneged = value + np.broadcast_to(_change(game, actor, batch), shape) * chance
    return np.concatenate([flat, reneged.reshape(-1, batch.size)])


def _change(game: StageGame, actor: str, batch: Batch) -> FloatArray:
    """What reneging adds to an actor's payoff, broadcast against ``(agreements, profiles, batch)``."""
    if actor not in game.reneging:
        return np.zeros((1, 1, 1))
    dispute, expression = game.dispute, game.reneging[actor]
    value = expression.evaluate(dispute.frame.env(batch.theta))
    with InWords(dispute, batch.theta):
        return require_finite(
            value, f"game.reneging.{actor}", f"'{expression.text}'", expression.names
        )


def _mix(value: FloatArray, chance: FloatArray, *, certain: bool) -> FloatArray:
    """The agreement's payoff with its chance of ratification, the status quo's otherwise."""
    if certain:
        out = np.array(value)
        np.copyto(out, np.broadcast_to(value[:1], value.shape), where=chance == 0)
        return out
    return chance * value + (1 - chance) * value[:1]
