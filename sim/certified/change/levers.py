"""The levers of a change, and changes that were found.

Array convention. Points have shape ``(varied,)``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import ROUNDING, FloatArray, IntArray
from sim.certified.bounds.boxes import Boxes
from sim.certified.ladder.parts import Parts
from sim.feasibility.commitments import open_to, with_commitments
from sim.feasibility.ladder import Ladder, climb


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A point that meets the target, what it costs, and the treaty it was sought for."""

    point: FloatArray
    cost: float
    treaty: int


@dataclass(frozen=True, slots=True, eq=False)
class Proved:
    """The best change found, what any costs at least, and how many boxes were looked at."""

    candidate: Candidate | None
    bound: float
    boxes: int


def cheaper(first: Candidate | None, second: Candidate | None) -> Candidate | None:
    """The cheaper of two changes, where there are two."""
    if first is None or second is None:
        return first or second
    return second if second.cost < first.cost else first


@dataclass(frozen=True, slots=True, eq=False)
class Levers:
    """The parameters that may move: where they are, how far they may go, what a unit costs."""

    origin: FloatArray
    lo: FloatArray
    hi: FloatArray
    costs: FloatArray

    def cost(self, point: FloatArray) -> float:
        """What it costs to move to a point."""
        return float((self.costs * np.abs(point - self.origin)).sum())

    def box(self, budget: float = np.inf) -> Boxes:
        """All points that no lever alone makes dearer than a budget."""
        with np.errstate(invalid="ignore"):
            reach = budget / self.costs * (1 + ROUNDING)
        lo = np.maximum(self.lo, self.origin - reach)
        hi = np.minimum(self.hi, self.origin + reach)
        return Boxes(lo[:, None], hi[:, None])

    def pick(self, some: IntArray) -> Levers:
        """Some of the levers."""
        return Levers(self.origin[some], self.lo[some], self.hi[some], self.costs[some])


def ladder_at(
    parts: Parts, points: FloatArray, level: float | None = None, *, snapped: bool = False
) -> Ladder:
    """The ladder at some points, ``(varied, batch)``, commitments of third parties included.

    With a ``level`` it is right only where the margin reaches that; elsewhere it may be lower. ``snapped``
    as for :func:`sim.feasibility.climb`.
    """
    batch = parts.dispute.at(points)
    ladder = climb(batch, snapped=snapped)
    if parts.game is None or (ladder.margin >= 0).all():
        return ladder
    where = True if level is None else open_to(batch, level)
    return with_commitments(parts.game, batch, ladder, where=where, snapped=snapped)


def margin_at(parts: Parts, point: FloatArray) -> tuple[float, int]:
    """The margin at a point, evaluated by the ladder itself, and the best treaty."""
    ladder = ladder_at(parts, point[:, None])
    return float(ladder.margin[0]), int(ladder.agreement[0])
