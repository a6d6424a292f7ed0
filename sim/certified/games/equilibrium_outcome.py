"""The claim that an agreement, or an outcome of a class, is an equilibrium outcome, over boxes.

Definition. The equilibrium outcomes of a stage game are those of backward induction on sets (with one
simultaneous stage: pure equilibria). A claim names some agreements; an outcome is *wanted* when one of
them enters into force and nobody reneges. The claim in *some* equilibrium holds where a wanted outcome
certainly survives (or where the game is certainly solved and every outcome that may survive is wanted)
and fails where none can; in *every* equilibrium it holds where the game is certainly solved and every
outcome that may survive is wanted, and fails where an unwanted one certainly survives or no wanted one
can. Where a simultaneous stage has no pure equilibrium nothing is an outcome, as for the point-wise
solver, so both fail.

Array convention. Boxes have shape ``(varied, boxes)``; masks ``(leaves, boxes)``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.certified.bounds.boxes import Boxes
from sim.certified.bounds.division import FEASIBLE, INFEASIBLE, UNDECIDED, Further
from sim.certified.games.comparisons import Step, steps_of
from sim.certified.games.game_batch import GameBatch
from sim.certified.games.game_payoffs import GamePayoffs, OnPayoffs
from sim.certified.games.induction import Induced, Survivors, induce
from sim.rules import outcomes as rules
from sim.rules.intervals import INTERVALS, Interval

MOST_BOXES = 256
"""Boxes that are looked at together."""
WORK = 1 << 17
"""Leaves times boxes that are held at once."""


@dataclass(frozen=True, slots=True, eq=False)
class EquilibriumOutcome(OnPayoffs):
    """The claim that one of some agreements is an equilibrium outcome.

    Parameters
    ----------
    payoffs
        Of the game.
    wanted
        Which agreements count, shape ``(agreements,)``.
    every
        Whether every equilibrium outcome must be one of them, and not just some.
    """

    payoffs: GamePayoffs
    wanted: BoolArray
    every: bool
    steps: tuple[tuple[Step, ...], ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "steps", steps_of(self.payoffs))

    def scope(self, whole: Boxes) -> tuple[Survivors, ...]:
        """What is known of the survivors of every stage: nothing yet."""
        return ()

    def answer(self, boxes: Boxes, scope: tuple[Survivors, ...]) -> OutcomeAnswer:
        """The verdicts on some boxes."""
        batch = GameBatch(self.payoffs, boxes)
        return OutcomeAnswer(self, batch, induce(batch, self.steps, scope))

    def wanted_leaves(
        self, batch: GameBatch, lapsed: BoolArray | bool = True
    ) -> tuple[BoolArray, BoolArray]:
        """Leaves whose outcome is certainly, and possibly, wanted, shape ``(leaves, boxes)``.

        ``lapsed`` says where an agreement may not enter into force, where bounds leave that open.
        """
        game, wanted = self.payoffs.game, self.wanted
        kept = (wanted[game.leaf_agreement] & ~game.leaf_reneged).reshape(-1)[:, None]
        force = rules.in_force(INTERVALS, batch.chance)
        surely, maybe = (end[self.payoffs.leaf] for end in force)
        known = Interval(surely | (maybe & ~np.asarray(lapsed)), maybe)
        found = INTERVALS.apply("where", known, kept, bool(wanted[0]))
        return found.lo, found.hi


@dataclass(frozen=True, slots=True, eq=False)
class OutcomeAnswer:
    """Backward induction over some boxes, read for one claim."""

    claim: EquilibriumOutcome
    batch: GameBatch
    induced: Induced

    @property
    def verdict(self) -> IntArray:
        """The verdict on each box."""
        found, alive = self.induced, self.induced.reached
        surely, maybe = self.claim.wanted_leaves(self.batch, found.lapsed)
        all_wanted = found.solved & (surely | ~alive.possible).all(axis=0)
        some = (alive.certain & surely).any(axis=0) & found.solved
        none = ~(alive.possible & maybe).any(axis=0) | ~found.solvable
        out = np.full(len(self.batch), UNDECIDED)
        if self.claim.every:
            out[none | (alive.certain & ~maybe).any(axis=0)] = INFEASIBLE
            out[all_wanted] = FEASIBLE
        else:
            out[none] = INFEASIBLE
            out[some | all_wanted] = FEASIBLE
        return out

    def further(self, cut: BoolArray, floor: FloatArray) -> Further:
        """Cut where the open comparisons move most; what is settled in all boxes stays so."""
        along = self.batch.where_to_cut(self.induced.left, floor)[cut]
        size = max(1, min(MOST_BOXES, WORK // len(self.claim.payoffs.leaf)))
        known = tuple(stage.common(cut) for stage in self.induced.stages)
        return Further(along, known, size if self.claim.affine else max(1, size // 8))
