"""Payoffs at the leaves of a stage game, with ratification and reneging folded in.

Definition. Let ``a`` be the agreement at a leaf and ``s`` the stance profile. The agreement is in force where
every condition that the game enforces has a slack >= 0 at ``(a, s)``: those at home where they are ratified
for certain, and those that it requires (:mod:`sim.games.requirements`). Actor ``i`` then receives ``U_i(a,
s)``, and ``U_i(status quo, s)`` otherwise. With noise ``sigma`` on ratification an agreement that meets what
is required is in force with probability ``Phi(home slack / sigma)`` and payoffs are expectations. An
agreement that was reneged upon adds the file's ``reneging`` amounts.

Array convention. An *outcome* is a row ``(agreement, profile)`` or, further down, the same
reneged upon; outcome payoffs have shape ``(outcomes, batch)`` and leaves index their rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

import numpy as np

from sim._kernels.tolerance import RELATIVE, FloatArray, IntArray
from sim.constraints import Rung
from sim.errors import UsageError
from sim.games.stages import StageGame
from sim.payoffs import Batch
from sim.payoffs.not_finite import require_finite
from sim.payoffs.not_finite_words import InWords
from sim.rules import outcomes as rules
from sim.rules.arithmetic import ARRAYS


class Leaves(Sequence[FloatArray]):
    """Per move the payoffs of its mover at every leaf, ``(*moves, batch)``; room for one at a time."""

    def __init__(self, table: FloatArray, leaf: IntArray, rows: Sequence[int]) -> None:
        self._table, self._leaf, self._rows = table, leaf, rows
        self._room = np.empty((*leaf.shape, table.shape[-1]))

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, axis: Any) -> Any:
        return np.take(
            self._table[self._rows[axis]], self._leaf, axis=0, out=self._room, mode="clip"
        )


@dataclass(frozen=True, eq=False)
class Outcomes:
    """Payoffs of every outcome at a chunk of points.

    Parameters
    ----------
    game, batch
        A stage game, and its dispute at some points.
    actors
        Whose payoffs they are.
    ratification
        Probability that the agreement of an outcome enters into force, shape ``(outcomes, batch)``.
    """

    game: StageGame
    batch: Batch
    actors: tuple[str, ...]
    ratification: FloatArray

    @cached_property
    def leaf(self) -> IntArray:
        """Outcome of every leaf, shape ``(*moves,)``."""
        return outcome_of_leaves(self.game)

    @cached_property
    def table(self) -> FloatArray:
        """The payoffs, shape ``(actors, outcomes, batch)``."""
        return self.filled(0)

    @property
    def payoffs(self) -> dict[str, FloatArray]:
        """Per actor, shape ``(outcomes, batch)``."""
        return dict(zip(self.actors, self.table, strict=True))

    @property
    def magnitudes(self) -> dict[str, FloatArray]:
        """Per actor what its payoffs are added up from, shape ``(outcomes, batch)``: ties rest on it."""
        width = (self.filled(1) - self.filled(-1)) / (2.0 * RELATIVE)
        return dict(zip(self.actors, width, strict=True))

    def leaves(self, game: StageGame) -> tuple[Leaves, Leaves]:
        """Per move the least and the most that its mover may have at every leaf."""
        rows = [self.actors.index(axis.actor) for axis in game.axes]
        return Leaves(self.filled(-1), self.leaf, rows), Leaves(self.filled(1), self.leaf, rows)

    def at(self, outcome: IntArray, point: IntArray) -> dict[str, FloatArray]:
        """Per actor the payoffs of some outcomes, each at a point."""
        if self.game.noise is not None or self.game.reneging:
            return {actor: value[outcome, point] for actor, value in self.payoffs.items()}
        agreement, profile = np.divmod(outcome, self.game.dispute.shape[1])
        agreement = np.where(self.ratification[outcome, point] == 0, 0, agreement)
        out = {}
        for actor in self.actors:
            value = self.batch.payoff(actor)
            rows, stances = (
                np.minimum(x, n - 1)
                for x, n in zip((agreement, profile), value.shape[:2], strict=True)
            )
            out[actor] = value[rows, stances, point if value.shape[2] > 1 else 0]
        return out

    def filled(self, sign: int) -> FloatArray:
        """The payoffs, or the least (-1) or the most (1) that they may be, as far as they are known."""
        game, batch = self.game, self.batch
        chance = self.ratification.reshape(-1, *game.dispute.shape, batch.size)[0]
        shape = (len(self.actors), 2 if game.reneging else 1, *chance.shape)
        table = np.empty(shape)
        for actor, part in zip(self.actors, table, strict=True):
            part[0] = rules.end(ARRAYS, batch.payoff(actor), game.dispute.error(actor), sign)
        if chance.min(initial=1.0) < 1:
            _fold_chance(table[:, 0], chance, certain=game.noise is None)
        if game.reneging:
            for actor, part in zip(self.actors, table, strict=True):
                change = _change(game, actor, batch)
                if actor in game.reneging:
                    change = rules.end(ARRAYS, change, game.reneging_error[actor], sign)
                part[1] = rules.reneged(ARRAYS, part[0], change, chance)
        return table.reshape(len(self.actors), -1, batch.size)


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
    chance = _chance(game, batch)
    copies = np.stack([chance, chance]) if game.reneging else chance
    names = tuple(actors or game.dispute.payoffs)
    return Outcomes(game, batch, names, copies.reshape(-1, batch.size))


def outcome_of_leaves(game: StageGame) -> IntArray:
    """The outcome of every leaf of a game, shape ``(*moves,)``."""
    rows, columns = game.dispute.shape
    leaf = game.leaf_agreement * columns + game.leaf_profile
    return leaf + np.where(game.leaf_reneged, rows * columns, 0)


def lowest_slack(batch: Batch, rungs: Sequence[Rung]) -> FloatArray:
    """The lowest slack of some rungs, shape ``(agreements, profiles, batch)``."""
    found = [slack for slack in map(batch.lowest, rungs) if slack is not None]
    lowest = reduce(np.minimum, found, np.full((1, 1, 1), np.inf))
    return np.broadcast_to(lowest, (*batch.dispute.shape, batch.size))


def _chance(game: StageGame, batch: Batch) -> FloatArray:
    """Probability that each agreement is in force once it is signed, ``(agreements, profiles, batch)``."""
    dispute = game.dispute
    met = np.asarray(rules.met(ARRAYS, lowest_slack(batch, game.enforced)), dtype=np.float64)
    if game.noise is None:
        return met
    slack = lowest_slack(batch, ("home",))
    sigma = np.broadcast_to(game.noise.evaluate(dispute.frame.env(batch.theta)), slack.shape)
    if not ((sigma > 0) & np.isfinite(sigma)).all():
        message = "the noise of 'ratify' must be positive and finite"
        raise UsageError(str(dispute.scenario.problem("game", message)))
    from scipy.special import ndtr

    with np.errstate(over="ignore"):
        return np.asarray(ndtr(slack / sigma) * met)


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


def _fold_chance(table: FloatArray, chance: FloatArray, *, certain: bool) -> None:
    """Each agreement's payoffs with its chance to be in force, the status quo's otherwise, in place."""
    force = rules.in_force(ARRAYS, chance)
    for part in table:
        quo = part[:1].copy()
        if certain:
            part[...] = rules.certain(ARRAYS, force, part, quo)
        else:
            part[...] = rules.expected(ARRAYS, chance, part, quo)
