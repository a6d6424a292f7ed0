"""The claim that some treaty passes a rung of the ladder, over boxes.

Definition. A treaty passes the rungs up to ``rung`` where all its gains, and its slacks up to there, are
at least ``target``. The claim holds on a box when the lower bound of the best treaty's lowest part is
above the target, fails when the upper bound is below, and is a knife-edge when both equal it, all three
up to rounding. Treaties that cannot reach the target anywhere in a box are not looked at in its parts.

Array convention. Boxes have shape ``(varied, boxes)``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim._kernels.numbering import ascending
from sim._kernels.tolerance import ROUNDING, BoolArray, FloatArray, IntArray
from sim.certified.bounds.about_dispute import AboutDispute
from sim.certified.bounds.box_batch import BoxBatch
from sim.certified.bounds.boxes import Boxes
from sim.certified.bounds.division import (
    EVEN,
    FEASIBLE,
    INFEASIBLE,
    KNIFE_EDGE,
    UNDECIDED,
    Further,
    steepest,
)
from sim.certified.bounds.rows import Rows
from sim.certified.bounds.shared_batch import shared_batch
from sim.certified.ladder.margin_bounds import (
    Cells,
    LadderBatch,
    Levels,
    Stances,
    cells_of,
    passing,
    stances_over,
)
from sim.certified.ladder.parts import Parts
from sim.payoffs import Dispute
from sim.payoffs.quantities import Quantity
from sim.rules.ladder import RUNGS

MOST_BOXES = 512
"""Boxes that are looked at together."""
WORK = 1 << 17
"""Cells times boxes that are held at once."""
TOP = len(RUNGS) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """The cells that may count, and the stances where no varied parameter moves them."""

    cells: Cells
    fixed: Stances | None


@dataclass(frozen=True, slots=True, eq=False)
class BestTreaty(AboutDispute):
    """The claim that some treaty passes the rungs up to one; the last by default, which is the margin.

    Parameters
    ----------
    parts
        What the ladder reads.
    rung
        Index into ``RUNGS``.
    target
        What the lowest part of the treaty must reach.
    """

    parts: Parts
    rung: int = TOP
    target: float = 0.0

    @property
    def dispute(self) -> Dispute:
        """The dispute that it is about."""
        return self.parts.dispute

    @property
    def affine(self) -> bool:
        """Whether bounds are exact."""
        return self.parts.affine

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """What is bounded."""
        return tuple(rows.quantity for rows in self.parts.rows)

    def scope(self, whole: Boxes) -> Scope:
        """All cells whose stances can be an equilibrium at all."""
        fixed = fixed_stances(self.parts, whole)
        return Scope(possible_cells(self.parts, fixed), fixed)

    def answer(self, boxes: Boxes, scope: Scope) -> BestTreatyAnswer:
        """The verdicts on some boxes."""
        batch, least = shared_batch(self.parts.dispute.frame, boxes), self.target - ROUNDING
        cells, cap = scope.cells, None
        if len(cells.index):
            cells, cap = passing(self.parts, batch, cells, self.rung, least)
        if cap is None or not len(cells.index):
            none = np.full(len(boxes), -np.inf)
            levels = Levels(none, none, np.zeros((0, len(boxes))))
        else:
            levels = LadderBatch(self.parts, batch, cells, scope.fixed).best(cap)
        return BestTreatyAnswer(self, batch, Scope(cells, scope.fixed), levels)

    def ties(self) -> tuple[FloatArray, FloatArray]:
        """Where affine rows change sign along one parameter, and how far that may be off."""
        if not self.affine:
            return np.zeros(0), np.zeros(0)
        found = [np.zeros(0)]
        for rows in self.parts.rows:
            constant, slope = rows.matrix[:, 0], rows.matrix[:, 1]
            moving = slope != 0
            found.append(-constant[moving] / slope[moving])
        roots = ascending(np.concatenate(found))
        return roots, np.zeros_like(roots)


@dataclass(frozen=True, slots=True, eq=False)
class BestTreatyAnswer:
    """Bounds of the best treaty over some boxes, of the treaties of a scope that may reach the target."""

    claim: BestTreaty
    batch: BoxBatch
    scope: Scope
    levels: Levels

    @property
    def verdict(self) -> IntArray:
        """The verdict on each box from the bounds."""
        return verdicts(self.levels, self.claim.target)

    def further(self, cut: BoolArray, floor: FloatArray) -> Further:
        """Cut where the undecided rows move most; only treaties that may reach the target go on."""
        parts, before = self.claim.parts, self.scope.cells
        alive = (self.levels.treaty_hi[:, cut] >= self.claim.target).any(axis=1)
        keep = np.repeat(alive, np.diff(before.starts, append=len(before.index)))
        cells = cells_of(parts, before.index[keep])
        lines = self.batch.boxes.along
        along = np.zeros(int(cut.sum()), dtype=np.int64) if lines is None else lines[cut]
        if len(parts.dispute.varied) > 1 and lines is None:
            weight = _weight(self.claim, self.batch, cells)
            along = steepest(weight, self.batch.boxes, floor, EVEN)[cut]
        size = max(1, min(MOST_BOXES, WORK // max(1, len(cells.index))))
        if not parts.affine and lines is None:
            size = max(1, size // 8)
        return Further(along, Scope(cells, self.scope.fixed), size)


def verdicts(levels: Levels, target: float = 0.0) -> IntArray:
    """The verdict on each box from bounds of its best treaty."""
    out = np.full(len(levels.lo), UNDECIDED)
    out[(levels.hi <= target + ROUNDING) & (levels.lo >= target - ROUNDING)] = KNIFE_EDGE
    out[levels.lo > target + ROUNDING] = FEASIBLE
    out[levels.hi < target - ROUNDING] = INFEASIBLE
    return out


def fixed_stances(parts: Parts, whole: Boxes) -> Stances | None:
    """Stances of the status quo and all treaties where no varied parameter moves them."""
    if not parts.regrets.constant:
        return None
    batch = shared_batch(parts.dispute.frame, Boxes(whole.mid, whole.mid))
    return stances_over(parts, batch, np.arange(len(parts.treaties) + 1))


def possible_cells(parts: Parts, fixed: Stances | None) -> Cells:
    """The cells whose stances can be an equilibrium at all."""
    if fixed is None:
        return cells_of(parts)
    return cells_of(parts, np.flatnonzero(fixed.possible[1:].reshape(-1)))


def _weight(claim: BestTreaty, batch: BoxBatch, cells: Cells) -> FloatArray:
    """How much each parameter moves the rows whose sign is open, shape ``(varied, boxes)``."""
    parts = claim.parts
    weight = np.zeros((len(parts.dispute.varied), len(batch)))
    bases = (
        parts.gains.values() if not parts.regrets.constant else [next(iter(parts.gains.values()))]
    )
    groups = [rows for base in bases for rows in base]
    groups += [rows for slack in parts.slacks if slack.rung <= claim.rung for rows in slack.rows]
    for rows in groups:
        weight += pull(rows, batch, cells.index, claim.target)
    if not parts.regrets.constant:
        for rows in parts.regrets.rows:
            weight += pull(rows, batch, np.arange(len(rows.kind)), 0.0)
    return weight


def pull(rows: Rows, batch: BoxBatch, index: IntArray, level: float | None) -> FloatArray:
    """How much each parameter contributes to rows that are open, shape ``(varied, boxes)``.

    Open are rows that may lie on either side of ``level``; all rows where that is ``None``.
    """
    if rows.constant:
        return np.zeros((len(batch.mid), len(batch)))
    if not rows.quantity.rest:
        kinds = ascending(rows.kind[index])
        lo, hi = rows.flat(batch, kinds)
        width = np.where(_open(lo, hi, level), hi - lo, np.inf)
        return np.asarray(np.abs(rows.matrix[kinds, 1:]).T @ (1 / width)) * batch.radius
    kinds, count = np.unique(rows.kind[index], return_counts=True)
    part, found = rows.bounds(batch, rows.first[kinds]), rows.steep(batch, kinds)
    steep = np.maximum(np.abs(found.low), np.abs(found.high)) * batch.radius[found.levers, None]
    steep = np.where(np.isfinite(steep), steep, 1.0)
    width = np.where(
        _open(part.lo, part.hi, level),
        np.where(np.isfinite(part.hi - part.lo), part.hi - part.lo, 1.0),
        np.inf,
    )
    weight = np.zeros((len(batch.mid), len(batch)))
    weight[found.levers] = (steep * (count[:, None] / width)).sum(axis=1)
    return weight


def _open(lo: FloatArray, hi: FloatArray, level: float | None) -> BoolArray:
    return np.asarray((lo < hi) if level is None else (lo < level) & (hi > level))
