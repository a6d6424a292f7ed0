"""Offers in turn with a last round: every subgame perfect equilibrium outcome, by backward induction on sets.

Definition. As in :mod:`sim.games.in_time.rounds`. What may follow a round that ends without an agreement is
the *set* of equilibrium outcomes of the rounds after it, of which any may follow any refusal: a leaf of the
round that goes on is taken once with each of them, and backward induction on sets
(:mod:`sim.rules.backward_induction`) holds whoever deviates to the worst of them. So all outcomes are kept,
ties and all. Only pure play is looked at; where a simultaneous stage has no pure equilibrium nothing is said
of the point.

Array convention. An *end* is an outcome of what is left of the game: the agreement and stances in the end,
the round in which it is signed, and what it is worth. Ends have shape ``(ends, batch)``, padded, what they
are worth ``(actors, ends, batch)``; leaves of a round with what follows ``(*moves, ends, batch)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.errors import TooLargeError
from sim.games.outcomes import Outcomes
from sim.games.stages import StageGame
from sim.rules.backward_induction import backward_induction

MOST_ENDS = 256
"""Most equilibrium outcomes of the rounds to come that are kept at a point."""
MOST_CELLS = 20_000_000
"""Leaves times ends times points that are held at once."""
ALIKE = 1e-11
"""Difference of what two ends with the same agreement in the same round are worth, in units of payoff spread,
that counts as none."""


class CrowdedError(TooLargeError):
    """So many points at once, each with many ends, that they do not fit; fewer would."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ends:
    """What the equilibria of the rounds from one on lead to.

    Parameters
    ----------
    alive
        Where there is an end at all, ``(ends, batch)``.
    row
        Its outcome, as :mod:`sim.games.outcomes` counts them; the status quo's where nothing is signed.
    signed
        The round in which it is signed, from 0; -1 where nothing is.
    worth
        The value of it, the least and the most that it may be, ``(3, actors, ends, batch)``.
    leaf, after
        A leaf of this round that leads there, and which end of the next round it goes on with (-1: none).
    solved
        Whether every simultaneous stage had a pure equilibrium, ``(batch,)``.
    regret
        Largest shortfall of a mover at the leaf, ``(ends, batch)``.
    """

    alive: BoolArray
    row: IntArray
    signed: IntArray
    worth: FloatArray
    leaf: IntArray
    after: IntArray
    solved: BoolArray
    regret: FloatArray

    @property
    def value(self) -> FloatArray:
        """What every end is worth, ``(actors, ends, batch)``."""
        return np.asarray(self.worth[0])


def play_rounds(
    kinds: Sequence[StageGame],
    outcomes: Sequence[Outcomes],
    order: Sequence[int],
    factors: FloatArray,
    *,
    certificate: bool = False,
) -> list[Ends]:
    """Backward induction over rounds; the first round first.

    Parameters
    ----------
    kinds, outcomes
        The stage games that are played, and the payoffs of each.
    order
        Which of them is played in every round.
    factors
        By actor of the outcomes what a payoff counts that comes a round later, ``(actors, batch)``; 1 for
        those that look at the round alone.
    certificate
        Whether to compute ``regret``.

    Raises
    ------
    TooLargeError
        If some point has more than ``MOST_ENDS`` equilibrium outcomes.
    CrowdedError
        If points with many are too many at once.

    Notes
    -----
    Source: [stahl1972]_, [selten1975]_.
    """
    tables = [_Tables.of(game, one) for game, one in zip(kinds, outcomes, strict=True)]
    found: list[Ends] = []
    for number in reversed(range(len(order))):
        later = found[-1] if found else None
        found.append(_round(tables[order[number]], number, factors, later, certificate=certificate))
    return found[::-1]


@dataclass(frozen=True, slots=True, eq=False)
class _Tables:
    """Payoffs of a round's outcomes and how its leaves lead to them."""

    game: StageGame
    outcomes: Outcomes
    worth: FloatArray
    stays: BoolArray
    quo: IntArray

    @classmethod
    def of(cls, game: StageGame, outcomes: Outcomes) -> _Tables:
        """``stays``: which outcomes leave the status quo, ``(outcomes, batch)``; ``quo``: that outcome."""
        rows, columns = game.dispute.shape
        worth = np.stack([outcomes.filled(sign) for sign in (0, -1, 1)])
        stays = np.asarray(outcomes.ratification == 0)
        stays[:columns] = True
        return cls(game, outcomes, worth, stays, np.arange(rows * columns) % columns)


def of_all(actors: Sequence[str], principals: Sequence[str], factors: FloatArray) -> FloatArray:
    """Discount factors of all actors, ``(actors, batch)``: third parties look at the round alone, at 1."""
    known = dict(zip(principals, factors, strict=True))
    return np.stack([known.get(actor, np.ones(factors.shape[1])) for actor in actors])


class _Leaves(Sequence[FloatArray]):
    """Per move what its mover has at every leaf, with what follows; made when it is asked for."""

    def __init__(self, tables: _Tables, which: int, factors: FloatArray, later: Ends) -> None:
        self._tables, self._which, self._factors, self._later = tables, which, factors, later
        self._actors = [tables.outcomes.actors.index(axis.actor) for axis in tables.game.axes]

    def __len__(self) -> int:
        return len(self._actors)

    def __getitem__(self, axis: Any) -> Any:
        actor, tables = self._actors[axis], self._tables
        now = tables.worth[self._which, actor][tables.outcomes.leaf][..., None, :]
        third = tables.game.axes[axis].kind == "stance"
        if third:
            return np.broadcast_to(now, (*now.shape[:-2], len(self._later.alive), now.shape[-1]))
        ahead = self._later.worth[self._which, actor]
        goes = tables.stays[tables.outcomes.leaf][..., None, :]
        return np.where(goes, _delayed(self._factors[actor], now, ahead), now)


def _delayed(factor: FloatArray, now: FloatArray, ahead: FloatArray) -> FloatArray:
    """A round of the status quo, then what comes after."""
    return np.asarray((1 - factor) * now + factor * ahead)


def _round(
    tables: _Tables, number: int, factors: FloatArray, later: Ends | None, *, certificate: bool
) -> Ends:
    """The ends of a round when those of the next are ``later``."""
    game, leaf = tables.game, tables.outcomes.leaf
    goes = tables.stays[leaf]
    if later is None:
        least, most = tables.outcomes.leaves(game)
        result = backward_induction(least, game.stages, (), most=most, certificate=certificate)
        alive, regret = result.survivors[..., None, :], result.regret[..., None, :]
        solved = result.solved
    else:
        _check_room(leaf.size, later.alive)
        first = (np.arange(len(later.alive)) == 0)[:, None]
        start = np.where(goes[..., None, :], later.alive, first)
        least_of, most_of = (_Leaves(tables, which, factors, later) for which in (1, 2))
        result = backward_induction(
            least_of, game.stages, (), most=most_of, certificate=certificate, alive=start
        )
        alive, regret, solved = result.survivors, result.regret, result.solved & later.solved
    found = _distinct(tables, alive, later is not None)
    if not certificate:
        regret = np.zeros((1, 1))
    return _ends(tables, number, factors, later, found, solved, regret)


def _check_room(leaves: int, alive: BoolArray) -> None:
    if alive.shape[1] > 1 and leaves * alive.size > MOST_CELLS:
        raise CrowdedError(
            f"{alive.shape[1]} points with up to {len(alive)} equilibrium outcomes of the rounds to come are "
            f"too many at once for {leaves} leaves; play fewer rounds, or narrow what may be offered"
        )


def _distinct(tables: _Tables, alive: BoolArray, goes_on: bool) -> tuple[IntArray, ...]:
    """Points, outcomes, what follows (-1: nothing) and a leaf of every different survivor, point by point."""
    flat = alive.reshape(-1, *alive.shape[-2:])
    leaf, after, point = np.nonzero(flat)
    row = tables.outcomes.leaf.reshape(-1)[leaf]
    stays = tables.stays[row, point]
    row = np.where(stays, tables.quo[row % len(tables.quo)], row)
    after = np.where(stays & goes_on, after, -1)
    key = (point * (alive.shape[-2] + 1) + after + 1) * len(tables.stays) + row
    _, first = np.unique(key, return_index=True)
    return point[first], row[first], after[first], leaf[first]


def _ends(
    tables: _Tables,
    number: int,
    factors: FloatArray,
    later: Ends | None,
    found: tuple[IntArray, ...],
    solved: BoolArray,
    regret: FloatArray,
) -> Ends:
    point, row, after, leaf = found
    goes = after >= 0
    worth = tables.worth[:, :, row, point]
    signed = np.where(tables.stays[row, point], -1, number)
    final = row
    own = regret.reshape(-1, regret.shape[-1])
    own = own[leaf if len(own) > 1 else 0, point if own.shape[1] > 1 else 0] + np.zeros(len(leaf))
    if later is not None:
        ahead = later.worth[:, :, after, point]
        worth = np.where(goes, _delayed(factors[:, point], worth, ahead), worth)
        signed = np.where(goes, later.signed[after, point], signed)
        final = np.where(goes, later.row[after, point], row)
        own = np.where(goes, np.maximum(own, later.regret[after, point]), own)
    scales = [tables.game.dispute.scales[actor] for actor in tables.outcomes.actors]
    keep = _merged(point, final, signed, worth[0] / np.array(scales)[:, None])
    keep = keep[solved[point[keep]]]
    return _padded(
        point[keep],
        solved,
        {
            "row": final[keep],
            "signed": signed[keep],
            "leaf": leaf[keep],
            "after": after[keep],
            "regret": own[keep],
            "worth": worth[:, :, keep],
        },
    )


def _merged(point: IntArray, row: IntArray, signed: IntArray, value: FloatArray) -> IntArray:
    """One of all ends that have the same agreement in the same round and are worth the same to everybody."""
    table = np.stack([point, row, signed, *np.round(value / ALIKE)], axis=1)
    _, first = np.unique(table, axis=0, return_index=True)
    return np.sort(first)


def _padded(point: IntArray, solved: BoolArray, parts: dict[str, Any]) -> Ends:
    """Ends listed point by point as arrays with an axis of ends."""
    size = len(solved)
    counts = np.bincount(point, minlength=size)
    most = max(1, int(counts.max(initial=0)))
    if most > MOST_ENDS:
        raise TooLargeError(
            f"the rounds have {most} equilibrium outcomes at a point, the limit is {MOST_ENDS}; ties leave "
            "so many: play fewer rounds, or narrow what may be offered (menu: EXPRESSION)"
        )
    place = np.arange(len(point)) - np.repeat(np.cumsum(counts) - counts, counts)

    def put(value: np.ndarray, empty: int = 0) -> np.ndarray:
        out = np.full((*value.shape[:-1], most, size), empty, dtype=value.dtype)
        out[..., place, point] = value
        return out

    alive = np.zeros((most, size), dtype=np.bool_)
    alive[place, point] = True
    alive[0, ~solved] = (
        True  # a stand-in, so that nothing is empty; ``solved`` says that it is none
    )
    return Ends(alive=alive, solved=solved, **{name: put(value) for name, value in parts.items()})
