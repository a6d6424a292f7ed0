"""A claim on a classical game over boxes: conditions on its amounts, and how their signs decide it.

Array convention. Boxes have shape ``(varied, boxes)``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.certified.bounds.boxes import Boxes
from sim.certified.bounds.conditions import Conditions, Signs
from sim.certified.bounds.division import FEASIBLE, INFEASIBLE, UNDECIDED, Further, steepest
from sim.certified.forms.logic import Statement, truth

EVEN = 0.05
"""How much a parameter's width counts beside what it moves, so that none that matters is left out."""
WORK = 1 << 18
"""Numbers that are held at once: conditions times boxes."""

Decide = Callable[[Signs], tuple[BoolArray, BoolArray]]
"""Where a claim is certain and where it is possible, from the signs of its conditions."""


@dataclass(frozen=True, slots=True, eq=False)
class FormClaim:
    """A claim on a classical game.

    Parameters
    ----------
    conditions
        What it rests on.
    statement
        The claim as a statement on their signs, where it is written as one.
    decide
        How the signs decide it, where it is not.
    names
        Per condition what it stands for, for the edges of regions.
    """

    conditions: Conditions
    statement: Statement | None = None
    decide: Decide | None = None
    names: Mapping[int, str] | None = None

    @property
    def varied(self) -> tuple[str, ...]:
        """Paths of the varied parameters."""
        return self.conditions.varied

    @property
    def affine(self) -> bool:
        """Whether bounds are exact."""
        return self.conditions.affine

    @property
    def labels(self) -> Mapping[str, tuple[str, ...]]:
        """No part of a classical game has a rung, a treaty or a binding constraint."""
        return {"rung": (), "agreement": (), "binding": ()}

    def scope(self, whole: Boxes) -> None:
        """Every condition is looked at in every box."""

    def answer(self, boxes: Boxes, scope: None) -> FormAnswer:
        """The verdicts on some boxes."""
        return FormAnswer(self, boxes, self.conditions.signs(boxes))

    def settled(self, signs: Signs) -> tuple[BoolArray, BoolArray]:
        """Where the claim is certain, and where it is possible."""
        if self.decide is not None:
            return self.decide(signs)
        assert self.statement is not None
        return truth(self.statement, signs)

    def ties(self) -> tuple[FloatArray, FloatArray]:
        """Along one parameter, where conditions are 0; no tolerance moves that."""
        roots = self.conditions.roots()
        return roots, np.zeros(len(roots))

    def unbounded(self, boxes: Boxes) -> list[str]:
        """A sentence per condition that has no finite bounds over some of the boxes."""
        return self.conditions.unbounded(boxes)


@dataclass(frozen=True, slots=True, eq=False)
class FormAnswer:
    """A claim over some boxes."""

    claim: FormClaim
    boxes: Boxes
    signs: Signs

    @property
    def verdict(self) -> IntArray:
        """The verdict on each box."""
        certain, possible = self.claim.settled(self.signs)
        out = np.full(len(self.boxes), UNDECIDED)
        out[certain] = FEASIBLE
        out[~possible] = INFEASIBLE
        return out

    def further(self, cut: BoolArray, floor: FloatArray) -> Further:
        """Cut where the conditions whose sign is open move most."""
        boxes = self.boxes.pick(cut)
        lo, hi = self.signs.lo[:, cut], self.signs.hi[:, cut]
        span = hi - lo
        share = np.where(
            (lo < 0) & (hi > 0) & np.isfinite(span), 1 / np.where(span > 0, span, 1), 0
        )
        steep = self.claim.conditions.steepness(boxes)
        weight = (steep * share).sum(axis=1)
        along = steepest(weight, boxes, floor, EVEN)
        return Further(along, None, max(1, WORK // max(1, len(self.claim.conditions))))
