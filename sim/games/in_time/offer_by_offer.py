"""Games of offers one after the other, solved from the last offer back.

Definition. Where each offer is answered before the next is made, and everything else comes after the last
answer, what follows an offer that is refused, or that is none, is the same whatever it was: the next one. Of
its equilibrium outcomes any may follow any refusal, so that a leaf of an offer's own game that goes on is
taken once with each of them, and backward induction on sets (:mod:`sim.rules.backward_induction`) says what
the equilibria from this offer on reach. The outcomes are those of backward induction over all leaves of the
game, of which there are as many as the product of all offers' leaves.

Array convention. Outcomes as in :mod:`sim.games.outcomes`; what follows has shape ``(ends, batch)``, padded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.errors import TooLargeError
from sim.games.outcomes import Outcomes, outcome_of_leaves
from sim.games.stages import StageGame
from sim.rules.backward_induction import Induction, backward_induction

MOST_VALUES = 20_000_000
"""Leaves times what may follow times points that are held at once."""


def offers_alone(game: StageGame) -> list[StageGame]:
    """The game of each offer: it, its replies, and what comes after the last answer of all."""
    return [replace(game, axes=part.axes, leaves=part) for part in game.leaves.by_offers]


def reached_by_offers(game: StageGame, outcomes: Outcomes) -> tuple[BoolArray, BoolArray]:
    """Which outcomes some equilibrium in pure strategies reaches, ``(outcomes, batch)``, and where solved.

    Raises
    ------
    TooLargeError
        If so many outcomes tie at some point that they would not fit.
    """
    tables = _Tables(
        outcomes.actors, outcomes.ratification, outcomes.filled(-1), outcomes.filled(1)
    )
    return _reached(offers_alone(game), tables)


@dataclass(frozen=True, eq=False)
class _Tables:
    """Of every outcome how likely its agreement is in force, and the least and most that each has of it."""

    actors: tuple[str, ...]
    chance: FloatArray
    least: FloatArray
    most: FloatArray

    def halves(self) -> list[_Tables]:
        """The first and the second half of the points."""
        middle = self.chance.shape[1] // 2
        return [
            _Tables(self.actors, self.chance[:, s], self.least[..., s], self.most[..., s])
            for s in (slice(middle), slice(middle, None))
        ]


class _Payoffs(Sequence[FloatArray]):
    """Per move the payoffs of its mover at every leaf, with what follows; made when asked for."""

    def __init__(self, table: FloatArray, rows: Sequence[int], outcome: IntArray) -> None:
        self._table, self._rows, self._outcome = table, rows, outcome

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, axis: Any) -> Any:
        points = np.arange(self._outcome.shape[-1])
        return self._table[self._rows[axis]][self._outcome, points]


def _reached(games: Sequence[StageGame], tables: _Tables) -> tuple[BoolArray, BoolArray]:
    """What equilibria reach, at once or in halves of the points."""
    size = tables.chance.shape[1]
    present, solved = np.zeros((0, size), dtype=np.bool_), np.ones(size, dtype=np.bool_)
    for game in reversed(games):
        after = _ends(present)
        if game.leaves.count * after.size > MOST_VALUES:
            if size == 1:
                raise TooLargeError("more outcomes tie at a point than can be looked at together")
            parts = [_reached(games, half) for half in tables.halves()]
            return (
                np.concatenate([part[0] for part in parts], axis=1),
                np.concatenate([part[1] for part in parts]),
            )
        outcome, found = _from(game, tables, after)
        present = np.zeros(tables.chance.shape, dtype=np.bool_)
        *_, point = np.nonzero(found.survivors)
        present[outcome[found.survivors], point] = True
        solved &= found.solved
        present[:, ~solved] = False
        present[0, ~solved] = True
    present[:, ~solved] = False
    return present, solved


def _ends(present: BoolArray) -> IntArray:
    """What may follow, ``(ends, batch)``: the outcomes that are present, padded with -1."""
    most = int(present.sum(axis=0).max(initial=1))
    order = np.argsort(~present, axis=0, kind="stable")[:most]
    if not len(order):
        return np.full((1, present.shape[1]), -1)
    return np.where(np.take_along_axis(present, order, axis=0), order, -1)


def _from(game: StageGame, tables: _Tables, after: IntArray) -> tuple[IntArray, Induction]:
    """The outcome of every leaf of an offer's own game, ``(*moves, ends, batch)``, and which survive."""
    leaf, quo = outcome_of_leaves(game)[..., None], game.leaf_profile[..., None]
    outcome = np.where(tables.chance[leaf[..., 0]] == 0, quo, leaf)[..., None, :]
    first = (np.arange(len(after)) == 0)[:, None]
    goes = (game.leaf_agreement == 0)[..., None, None] & (after >= 0).any()
    alive = np.where(goes, after >= 0, first)
    outcome = np.broadcast_to(np.where(goes, np.maximum(after, 0), outcome), alive.shape)
    rows = [tables.actors.index(axis.actor) for axis in game.axes]
    least, most = (_Payoffs(table, rows, outcome) for table in (tables.least, tables.most))
    return outcome, backward_induction(least, game.stages, (), most=most, alive=alive)
