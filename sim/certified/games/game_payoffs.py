"""The payoffs of a game's outcomes as functions of the varied parameters.

Definition. An *outcome* is a cell (agreement, stance profile), kept or reneged upon. Its payoff, once the
agreement is in force, is an affine function of the varied parameters and a sum of other terms.

Array convention. Outcomes are numbered ``agreement * profiles + profile``, those reneged upon after the
others; matrices have shape ``(1 + varied, outcomes)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim._kernels.numbering import ascending, different_rows
from sim._kernels.tolerance import RELATIVE, FloatArray, IntArray
from sim.certified.bounds.about_dispute import AboutDispute
from sim.certified.games.chances import Chances, chances_of
from sim.games.stages import StageGame
from sim.payoffs import Dispute
from sim.payoffs.quantities import Quantity, Term, fold

if TYPE_CHECKING:
    from sim.certified.games.printed_comparisons import PrintedComparisons

PAYS = 1 << 17
"""Comparisons of a game after which compiling code for the rest pays."""
MOST_TIES = 2_000
"""Outcomes beyond which it is not worked out where every two tie."""


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A term that is not affine: where it counts, and which outcomes have the same attributes in it.

    ``kind`` is -1 at outcomes where the term does not count.
    """

    term: Term
    kind: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class OutcomePayoffs:
    """An actor's payoff at every outcome that enters into force.

    Parameters
    ----------
    matrix
        Affine parts, shape ``(1 + varied, outcomes)``.
    curves
        The other terms.
    quantities
        What it was made from.
    error
        Up to what each is known, shape ``(outcomes,)``; two tie where they differ by no more than both
        together.
    """

    matrix: FloatArray
    curves: tuple[Curve, ...]
    quantities: tuple[Quantity, ...]
    error: FloatArray


class GamePayoffs:
    """The payoffs of a stage game as functions of its varied parameters.

    Parameters
    ----------
    game
        A stage game whose dispute is compiled for the varied parameters.
    """

    def __init__(self, game: StageGame) -> None:
        self.game, self.dispute = game, game.dispute
        self.rows, self.columns = self.dispute.shape
        cells = self.rows * self.columns
        self.outcomes = cells * (2 if game.reneging else 1)
        leaf = game.leaf_agreement * self.columns + game.leaf_profile
        leaf = leaf + np.where(game.leaf_reneged & bool(game.reneging), cells, 0)
        self.leaf: IntArray = leaf.reshape(-1)
        self.chances: Chances = chances_of(game)
        self.payoffs = {a: _payoffs(game, a) for a in dict.fromkeys(x.actor for x in game.axes)}
        self._printed: dict[str, PrintedComparisons | None] = {}
        self._compared = 0
        self._kinds: dict[str, IntArray] = {}

    @property
    def affine(self) -> bool:
        """Whether the game turns where affine rows do."""
        return self.chances.affine and not any(p.curves for p in self.payoffs.values())

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """Everything that is bounded."""
        found = [q for p in self.payoffs.values() for q in p.quantities]
        return (*found, *(rows.quantity for rows in self.chances.rows))

    def ties(self) -> tuple[FloatArray, FloatArray]:
        """Along one parameter, where two outcomes or a slack tie, and how far the tolerance moves that.

        Empty where that is not known: payoffs are not affine, or there are too many outcomes.
        """
        used = ascending(np.concatenate([self.leaf, self.fallback(self.leaf)]))
        if not self.affine or len(used) > MOST_TIES:
            return np.zeros(0), np.zeros(0)
        rows = [np.zeros((0, 3))]
        for payoffs in self.payoffs.values():
            table = payoffs.matrix[:, used].T
            which, place = different_rows(table)
            some, error = table[which], np.zeros(len(which))
            np.maximum.at(error, place, payoffs.error[used])
            first, second = np.triu_indices(len(some), 1)
            step = some[first] - some[second]
            rows.append(np.column_stack([step, error[first] + error[second]]))
        rows += [
            np.column_stack([part.matrix, np.full(len(part.matrix), RELATIVE)])
            for part in self.chances.rows
        ]
        constant, slope, level = np.concatenate(rows).T
        moving = slope != 0
        roots, place = np.unique(-constant[moving] / slope[moving], return_inverse=True)
        reach = np.zeros(len(roots))
        np.maximum.at(reach, place.reshape(-1), 2 * level[moving] / np.abs(slope[moving]))
        return roots, reach

    def printed(self, actor: str, count: int) -> PrintedComparisons | None:
        """Compiled comparisons of an actor's outcomes, once so many were made that it pays.

        There are none where payoffs are not affine, or ratification is a chance. ``count`` says how many
        are to be made.
        """
        self._compared += count
        payoffs = self.payoffs[actor]
        if self._compared < PAYS or payoffs.curves or self.game.noise is not None:
            return None
        if actor not in self._printed:
            from sim.certified.games.printed_comparisons import printed_comparisons

            fallback = self.fallback(np.arange(self.outcomes))
            self._printed[actor] = printed_comparisons(payoffs.matrix, payoffs.error, fallback)
        return self._printed[actor]

    def kinds(self, actor: str) -> IntArray:
        """Numbers of the outcomes, the same where the affine parts of an actor's payoffs are the same."""
        if actor not in self._kinds:
            self._kinds[actor] = different_rows(self.payoffs[actor].matrix.T)[1]
        return self._kinds[actor]

    def fallback(self, outcome: IntArray) -> IntArray:
        """What holds where an outcome's agreement does not enter into force."""
        return outcome % self.columns


def _payoffs(game: StageGame, actor: str) -> OutcomePayoffs:
    dispute, columns = game.dispute, game.dispute.shape[1]
    blocks = [dispute.payoffs[actor]]
    if game.reneging:
        terms = list(dispute.terms_of[actor])
        if actor in game.reneging:
            terms.append(Term(f"game.reneging.{actor}", game.reneging[actor]))
        blocks.append(fold(terms, dispute.frame, f"payoffs.{actor}"))
    matrix = np.concatenate([_spread(q, *dispute.shape) for q in blocks], axis=1)
    cells = dispute.shape[0] * columns
    curves = []
    for term in blocks[-1].rest:
        counts = [any(t.path == term.path for t in q.rest) for q in blocks]
        kind = _kinds(dispute, term)
        parts = [kind if here else np.full(cells, -1) for here in counts]
        curves.append(Curve(term, np.concatenate(parts)))
    kept = dispute.error(actor)
    errors = [kept] if len(blocks) == 1 else [kept, kept + game.reneging_error.get(actor, 0.0)]
    error = np.concatenate([np.broadcast_to(e, kept.shape).reshape(-1) for e in errors])
    return OutcomePayoffs(matrix, tuple(curves), tuple(blocks), error)


def _spread(quantity: Quantity, rows: int, columns: int) -> FloatArray:
    """The affine part of a quantity at every cell, shape ``(1 + varied, cells)``."""
    table = quantity.matrix.T.reshape(-1, *quantity.shape)
    return np.broadcast_to(table, (len(table), rows, columns)).reshape(-1, rows * columns)


def _kinds(dispute: Dispute, term: Term) -> IntArray:
    """Cells with equal attributes in a term have equal numbers."""
    shape = dispute.shape
    columns = [np.broadcast_to(x[..., 0], shape).reshape(-1) for x in _attributes(dispute, term)]
    table = np.stack([np.zeros(shape[0] * shape[1]), *columns], axis=1)
    return different_rows(table)[1]


def _attributes(dispute: Dispute, term: Term) -> list[FloatArray]:
    """The arrays over agreements and stances that a term reads, through derived attributes too."""
    seen: set[str] = set()
    stack, derived = list(term.expression.names), dispute.scenario.document.attributes
    while stack:
        name = stack.pop()
        if name not in seen:
            seen.add(name)
            stack += derived[name].names if name in derived else []
    fixed = dispute.frame.fixed
    found = [fixed[n] for n in sorted(seen) if n in fixed and fixed[n].ndim >= 3]
    return found if term.mask is None else [*found, term.mask]


class OnPayoffs(AboutDispute):
    """Mixin of claims that rest on the payoffs of a game."""

    __slots__ = ()

    payoffs: GamePayoffs

    @property
    def dispute(self) -> Dispute:
        """The game's dispute."""
        return self.payoffs.dispute

    @property
    def affine(self) -> bool:
        """Whether bounds are exact."""
        return self.payoffs.affine

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """What is bounded."""
        return self.payoffs.quantities

    def ties(self) -> tuple[FloatArray, FloatArray]:
        """Where payoffs of two outcomes tie along one parameter, and how far the tolerance moves it."""
        return self.payoffs.ties()
