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
    actors
        Whose payoffs they are.
    table
        The payoffs, shape ``(actors, outcomes, batch)``.
    ratification
        Probability that the agreement of an outcome enters into force, shape ``(outcomes, batch)``.
    leaf
        Outcome of every leaf, shape ``(*moves,)``.
    """

    actors: tuple[str, ...]
    table: FloatArray
    ratification: FloatArray
    leaf: IntArray

    @property
    def payoffs(self) -> dict[str, FloatArray]:
        """Per actor, shape ``(outcomes, batch)``."""
        return dict(zip(self.actors, self.table, strict=True))


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
    rows, columns = game.dispute.shape
    names = tuple(actors or game.dispute.payoffs)
    chance = _ratification(game, batch)
    table = np.empty((len(names), 2 if game.reneging else 1, rows, columns, batch.size))
    for actor, part in zip(names, table, strict=True):
        part[0] = batch.payoff(actor)
    if game.ratified:
        _fold_ratification(table[:, 0], chance, certain=game.noise is None)
    if game.reneging:
        for actor, part in zip(names, table, strict=True):
            part[1] = part[0] + _change(game, actor, batch) * chance
        chance = np.stack([chance, chance])
    leaf = game.leaf_agreement * columns + game.leaf_profile
    leaf = leaf + np.where(game.leaf_reneged, rows * columns, 0)
    flat = table.reshape(len(names), -1, batch.size)
    return Outcomes(names, flat, chance.reshape(-1, batch.size), leaf)


def home_slack(batch: Batch) -> FloatArray:
    """The lowest slack at home of every agreement, shape ``(agreements, profiles, batch)``."""
    lowest = batch.lowest("home")
    shape = (*batch.dispute.shape, batch.size)
    return np.full(shape, np.inf) if lowest is None else np.broadcast_to(lowest, shape)


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


def _fold_ratification(table: FloatArray, chance: FloatArray, *, certain: bool) -> None:
    """Each agreement's payoffs with its chance of ratification, the status quo's otherwise, in place."""
    status_quo = table[:, :1].copy()
    if certain:
        np.copyto(table, status_quo, where=chance == 0)
    else:
        table *= chance
        table += (1 - chance) * status_quo
