"""The claim that some treaty passes a rung where the scenario's game commits third parties, over boxes.

Definition. As :mod:`sim.feasibility.commitments`, three-valued. Where the claim fails under the stance
equilibria alone, treaties count too under commitments that an equilibrium of the game plays, and on its
paths. No equilibrium supports more than a treaty under any stances, against the least favourable status quo
of every principal: where even that fails, so does the claim. Elsewhere backward induction over the box says
which commitments are possibly and certainly played, and whether a treaty is possibly and certainly brought
into force and kept; such a treaty passes every rung that the game plays.

Array convention. Boxes have shape ``(varied, boxes)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.certified.bounds.about_dispute import AboutDispute
from sim.certified.bounds.box_batch import BoxBatch
from sim.certified.bounds.boxes import Boxes
from sim.certified.bounds.division import FEASIBLE, INFEASIBLE, UNDECIDED, Further
from sim.certified.bounds.rows import Bounds
from sim.certified.bounds.shared_batch import shared_batch
from sim.certified.games.equilibrium_outcome import EquilibriumOutcome, OutcomeAnswer
from sim.certified.games.game_payoffs import GamePayoffs
from sim.certified.ladder.best_treaty import BestTreaty, BestTreatyAnswer
from sim.certified.ladder.margin_bounds import cells_of, passing
from sim.certified.ladder.parts import Parts
from sim.feasibility.stances import profiles_by
from sim.games.stages import StageGame
from sim.payoffs import Dispute
from sim.payoffs.quantities import Quantity
from sim.rules import ladder as rules
from sim.rules.intervals import INTERVALS, Interval
from sim.rules.ladder import RUNG_OF


@dataclass(frozen=True, eq=False)
class SupportedTreaty(AboutDispute):
    """The claim that some treaty passes the rungs up to one, commitments of third parties included.

    Parameters
    ----------
    alone
        The same under the stance equilibria alone.
    game
        The scenario's game.
    """

    alone: BestTreaty
    game: StageGame

    @cached_property
    def outcome(self) -> EquilibriumOutcome:
        """The claim that the game ends in a treaty that is kept."""
        treaties = self.game.dispute.treaties
        return EquilibriumOutcome(GamePayoffs(self.game), treaties, False)

    @property
    def parts(self) -> Parts:
        """What the ladder reads."""
        return self.alone.parts

    @property
    def dispute(self) -> Dispute:
        """The dispute that it is about."""
        return self.alone.dispute

    @property
    def affine(self) -> bool:
        """Whether bounds are exact."""
        return self.alone.affine and self.outcome.affine

    @property
    def quantities(self) -> Sequence[Quantity]:
        """What is bounded."""
        return (*self.alone.quantities, *self.outcome.quantities)

    @property
    def plays(self) -> bool:
        """Whether a treaty that the game brings into force passes all rungs up to the claim's."""
        needed = {rung for rung, k in RUNG_OF.items() if k <= self.alone.rung}
        constrained = {c.rung for c in self.dispute.constraints}
        moves = self.game.moves
        last = max((n for kind, _, n in moves if kind in ("reply", "demand")), default=-1)
        first = min((n for kind, _, n in moves if kind in ("offer", "demand")), default=-1)
        between = any(kind == "stance" and first < n <= last for kind, _, n in moves)
        return needed & constrained <= set(self.game.enforced) and not between

    def scope(self, whole: Boxes) -> Any:
        """What is known of the stances and of the survivors of every stage, and that both are looked at."""
        return self.alone.scope(whole), (), True

    def answer(self, boxes: Boxes, scope: Any) -> SupportedAnswer:
        """The verdicts on some boxes."""
        return SupportedAnswer(self, boxes, scope)

    def ties(self) -> tuple[FloatArray, FloatArray]:
        """Where rows change sign along one parameter, and how far that may be off."""
        found = [self.alone.ties(), self.outcome.ties()]
        roots, reach = (np.concatenate([pair[k] for pair in found]) for k in (0, 1))
        order = np.argsort(roots, kind="stable")
        return roots[order], reach[order]


@lru_cache(maxsize=8)
def margin_claim(parts: Parts, target: float = 0.0) -> BestTreaty | SupportedTreaty | None:
    """The claim that the margin is at least a target, with the game where that may count.

    ``None`` where it may count and the target is not 0, of which the game says nothing.
    The last few are kept.
    """
    best = BestTreaty(parts, target=target)
    if parts.game is None:
        return best
    return None if target else SupportedTreaty(best, parts.game)


class SupportedAnswer:
    """The ladder over some boxes, under the stance equilibria first and, where that fails, with the game."""

    def __init__(self, claim: SupportedTreaty, boxes: Boxes, scope: Any) -> None:
        self.claim, self.boxes = claim, boxes
        self.before = scope
        self.alone: BestTreatyAnswer = claim.alone.answer(boxes, scope[0])
        self.verdict: IntArray = self.alone.verdict.copy()
        self.induced: OutcomeAnswer | None = None
        self.asked = self._where_more_may_pass()
        if len(self.asked):
            self.induced = claim.outcome.answer(boxes.pick(self.asked), scope[1])
            self.verdict[self.asked] = self._with_the_game(self.induced)

    def _where_more_may_pass(self) -> IntArray:
        """Boxes on which the claim fails alone, but not under stances that were all open.

        Where that told nothing of the stretches of lines around them, it is not worked out again.
        """
        failing = np.flatnonzero(self.verdict == INFEASIBLE)
        if not len(failing) or not self.before[2]:
            return failing
        profiles = np.arange(self.claim.parts.columns)
        if 2 * len(failing) >= len(self.boxes):  # what was bounded already is read again
            levels = _Levels(self.claim.alone, self.alone.batch)
            return failing[levels.against(profiles, profiles).hi[failing] >= 0]
        levels = _Levels(self.claim.alone, self._batch(failing))
        return failing[levels.against(profiles, profiles).hi >= 0]

    def _batch(self, some: IntArray) -> BoxBatch:
        return shared_batch(self.claim.dispute.frame, self.boxes.pick(some))

    def _with_the_game(self, found: OutcomeAnswer) -> IntArray:
        """Verdicts from what the game possibly and certainly plays."""
        claim, kept = self.claim, found.verdict
        out = np.full(len(kept), INFEASIBLE)
        out[kept != INFEASIBLE] = UNDECIDED
        early = claim.game.fixed_for()
        if early:
            played, surely = self._played(found)
            levels = _Levels(claim.alone, self._batch(self.asked))
            for own in profiles_by(claim.dispute, early):
                bounds = levels.against(
                    own, own, sure=len(early) == claim.dispute.profiles.shape[1]
                )
                out[played[own].any(axis=0) & (bounds.hi >= 0) & (out == INFEASIBLE)] = UNDECIDED
                out[surely[own].any(axis=0) & (bounds.lo > 0)] = FEASIBLE
        if claim.plays:
            out[kept == FEASIBLE] = FEASIBLE
        return out

    def _played(self, found: OutcomeAnswer) -> tuple[BoolArray, BoolArray]:
        """Stance profiles that are possibly, and certainly, on a path, shape ``(profiles, boxes)``."""
        profile = self.claim.game.leaf_profile.reshape(-1)
        alive, columns = found.induced.reached, self.claim.parts.columns
        masks = (alive.possible & found.induced.solvable, alive.certain & found.induced.solved)
        played, surely = (
            np.stack([mask[profile == s].any(axis=0) for s in range(columns)]) for mask in masks
        )
        return played, surely

    def further(self, cut: BoolArray, floor: FloatArray) -> Further:
        """Cut where the ladder is open, or else where the game is."""
        found = self.alone.further(cut, floor)
        along, known = found.along.copy(), self.before[1]
        many = len(self.claim.dispute.varied) > 1 and self.boxes.along is None
        if self.induced is not None and many:
            inside = np.flatnonzero(cut[self.asked])
            places = np.searchsorted(np.flatnonzero(cut), self.asked[inside])
            here = self.induced.batch.where_to_cut(self.induced.induced.left, floor)
            along[places] = here[inside]
        size = found.size // (8 if self.boxes.along is None else 2)
        told = len(self.asked) < np.count_nonzero(self.alone.verdict == INFEASIBLE)
        again = self.boxes.along is None or told  # of wide boxes it tells less than of their parts
        return Further(along, (found.scope, known, self.before[2] and again), max(1, size))


class _Levels:
    """Bounds of the lowest part of every treaty under any stances, over some boxes."""

    def __init__(self, claim: BestTreaty, batch: BoxBatch) -> None:
        self.parts, self.batch = claim.parts, batch
        every = cells_of(claim.parts)
        cells, self.cap = passing(self.parts, batch, every, claim.rung, -self.parts.error)
        self.index = cells.index

    def against(self, stances: IntArray, bases: IntArray, *, sure: bool = False) -> Bounds:
        """The best treaty under some stances, every principal against the worst of some for it.

        ``sure`` says that the stances and the bases are what is played, so that the lower bound counts.
        """
        some = np.flatnonzero(np.isin(self.parts.profile[self.index], stances))
        gains = (
            INTERVALS.hull(
                rows.bounds(self.batch, self.index[some])
                for rows in self.parts.gains_against(bases.tolist(), k)
            )
            for k in range(len(self.parts.gains[0]))
        )
        start = Interval(self.cap.lo[some], self.cap.hi[some])
        (level, *_) = rules.levels(INTERVALS, start, gains, {})
        best = level.lo.max(axis=0, initial=-np.inf) if sure else np.full(len(self.batch), -np.inf)
        return Bounds(best, level.hi.max(axis=0, initial=-np.inf) + self.parts.error)
