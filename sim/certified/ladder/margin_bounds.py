"""The treaty ladder over boxes: guaranteed bounds of its margin, three-valued where undecided.

Definition. Over a box a stance profile is *certainly* or *possibly* an equilibrium. At every point of
the box some possible profile is one, so with ``m(a, s, s0)`` the lowest part of treaty ``a`` under
stances ``s`` against the status quo under ``s0``,

    margin <= max over possible (a, s, s0) of  sup m(a, s, s0)
    margin >= max over a of  max( max over certain s, min over possible s )  of  inf m(a, s, s0)

with the larger of "every certain s0" and "the least favourable possible s0". Upper and lower bounds
of the best treaty up to a rung follow in the same way from the parts up to that rung.

Array convention. Bounds have shape ``(boxes,)``; cell bounds ``(cells, boxes)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray, IntArray
from sim.certified.bounds.box_batch import BoxBatch
from sim.certified.bounds.rows import Bounds
from sim.certified.ladder.parts import Parts
from sim.rules import ladder as rules
from sim.rules import stances
from sim.rules.arithmetic import ARRAYS, Groups, Value
from sim.rules.intervals import INTERVALS, Ends, Interval, IntervalTables
from sim.rules.ladder import TOP


@dataclass(frozen=True, slots=True, eq=False)
class Stances:
    """Which stance profiles are certainly and possibly equilibria, ``(agreements, profiles, boxes)``."""

    certain: BoolArray
    possible: BoolArray


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The cells that are looked at: indices into those of :class:`Parts`, treaty by treaty.

    Parameters
    ----------
    index
        Shape ``(cells,)``, ascending.
    treaty
        Position of each cell's treaty among ``parts.treaties``.
    starts
        Where each treaty's cells begin.
    """

    index: IntArray
    treaty: IntArray
    starts: IntArray

    @property
    def treaties(self) -> IntArray:
        """The treaties that have cells, as positions among ``parts.treaties``."""
        return self.treaty[self.starts]


def cells_of(parts: Parts, index: IntArray | None = None) -> Cells:
    """Some cells of a dispute, all by default."""
    index = np.arange(len(parts.agreement)) if index is None else index
    treaty = index // parts.columns
    starts = np.flatnonzero(np.diff(treaty, prepend=-1))
    return Cells(index, treaty, starts)


def passing(
    parts: Parts, batch: BoxBatch, cells: Cells, rung: int, least: float
) -> tuple[Cells, Bounds]:
    """The treaties whose slacks up to a rung may be ``least`` in some box, with bounds of the lowest.

    What is least to bound is looked at first, and the other constraints at the treaties that are left.
    Of a treaty that is left every cell is.
    """
    cap = Bounds(*np.full((2, len(cells.index), len(batch)), np.inf))
    own = [slack for slack in parts.slacks if 0 < slack.rung <= rung]
    for slack in sorted(own, key=lambda one: sum(len(rows.first) for rows in one.rows)):
        cap = INTERVALS.apply("min", cap, slack.bounds(batch, cells.index))
        left = np.logical_or.reduceat((cap.hi >= least).any(axis=1), cells.starts)
        if left.all():
            continue
        keep = np.repeat(left, np.diff(cells.starts, append=len(cells.index)))
        cells = cells_of(parts, cells.index[keep])
        cap = Bounds(cap.lo[keep], cap.hi[keep])
        if not len(cells.index):
            break
    return cells, cap


def stances_over(parts: Parts, batch: BoxBatch, agreements: IntArray) -> Stances:
    """Stances of some agreements (positions in ``parts.regrets``), shape ``(..., boxes)``."""
    shape = (len(agreements), parts.columns, len(batch))
    if not parts.regrets.rows:
        return Stances(np.ones(shape, np.bool_), np.ones(shape, np.bool_))
    gains = ((0, r, r) for r in parts.regrets.over(batch, agreements))
    found = stances.stable(
        _Answers(ARRAYS), Interval(np.ones(shape, np.bool_), np.bool_(True)), gains
    )
    certain, possible = (np.broadcast_to(end, shape) for end in found)
    maybe_none = ~certain.any(axis=1, keepdims=True)
    if maybe_none.any():
        surely_none = ~possible.any(axis=1, keepdims=True)
        regret = parts.regrets.bounds(batch, agreements)
        least_hi, least_lo = (x.min(axis=1, keepdims=True) for x in (regret.hi, regret.lo))
        possible = possible | (maybe_none & (regret.lo <= least_hi + RELATIVE))
        certain = certain | (surely_none & (regret.hi <= least_lo + RELATIVE))
    return Stances(certain | (possible & (possible.sum(axis=1, keepdims=True) == 1)), possible)


class _Answers(IntervalTables):
    """Third parties' payoffs as what another stance adds to them: all that both share cancels."""

    def over(self, op: str, table: Bounds, axes: Sequence[int]) -> Bounds:
        """The other stance stands for itself."""
        return table

    def apply(self, op: str, *values: Value) -> Ends:
        """Whether another stance adds nothing; truths as ever."""
        return super().apply(op, values[0], 0.0) if op == "le" else super().apply(op, *values)


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """Bounds of the ladder over boxes.

    Parameters
    ----------
    lo, hi
        Of the best treaty, shape ``(boxes,)``.
    treaty_hi
        Upper bound per treaty that has cells, shape ``(treaties, boxes)``.
    """

    lo: FloatArray
    hi: FloatArray
    treaty_hi: FloatArray


class LadderBatch:
    """The ladder of a dispute over a batch of boxes.

    Parameters
    ----------
    parts
        The dispute's gains, slacks and regrets.
    batch
        The boxes.
    cells
        The cells to look at.
    fixed
        Stances of the status quo and all treaties where they depend on no varied parameter.
    """

    def __init__(
        self, parts: Parts, batch: BoxBatch, cells: Cells, fixed: Stances | None = None
    ) -> None:
        self.parts, self.batch, self.cells = parts, batch, cells
        known = np.concatenate([[0], cells.treaties + 1])
        if fixed is None:
            stances = stances_over(parts, batch, known)
        else:
            stances = Stances(fixed.certain[known], fixed.possible[known])
        shape = (len(known), parts.columns, len(batch))
        certain = np.broadcast_to(stances.certain, shape)
        possible = np.broadcast_to(stances.possible, shape)
        self.base_certain, self.base_possible = certain[0], possible[0]
        local = np.cumsum(np.diff(cells.treaty, prepend=-1) > 0)
        column = cells.index % parts.columns
        self.certain, self.possible = certain[local, column], possible[local, column]

    @property
    def bases(self) -> IntArray:
        """Stance profiles of the status quo that are possible in some box."""
        return np.flatnonzero(self.base_possible.any(axis=1))

    def slacks(self, rung: int) -> list[Bounds]:
        """Bounds of the slacks that belong to a rung."""
        index = self.cells.index
        return [s.bounds(self.batch, index) for s in self.parts.slacks if s.rung == rung]

    def gains(self, base: int) -> list[Bounds]:
        """Bounds of every principal's gain against the status quo under a stance profile."""
        return [rows.bounds(self.batch, self.cells.index) for rows in self.parts.gains[base]]

    def top(self, rung: int = TOP) -> Levels:
        """Bounds of the best treaty up to a rung; up to the last one that is the margin."""
        return self.best(self._caps(rung)[rung])

    def tops(self) -> list[Levels]:
        """Bounds of the best treaty up to every rung."""
        out: list[Levels] = []
        caps = self._caps(TOP)
        for k, cap in enumerate(caps):
            out.append(out[-1] if k and cap is caps[k - 1] else self.best(cap))
        return out

    def _caps(self, rung: int) -> list[Bounds]:
        """Per rung the lowest slack up to it; those above a rung are not looked at."""
        return rules.levels(INTERVALS, np.inf, (), {k: self.slacks(k) for k in range(1, rung + 1)})

    def best(self, cap: Bounds) -> Levels:
        """Bounds of the best treaty, its slacks being known."""
        known: dict[tuple[int, ...], Bounds] = {}
        under: list[Bounds] = []
        for s0 in self.bases:
            key = tuple(id(rows) for rows in self.parts.gains[int(s0)])
            if key not in known:
                (level, *_) = rules.levels(INTERVALS, cap, self.gains(int(s0)), {})
                known[key] = self._of_treaties(level)
            under.append(known[key])
        possible = self.base_possible[self.bases]
        best = Interval(
            *(
                np.stack([w.max(axis=0, initial=-np.inf) for w in ends])
                for ends in zip(*under, strict=True)
            )
        )
        found = SOME.best(best, Interval(self.base_certain[self.bases], possible), (0,))
        high = [np.where(p, w.hi, -np.inf) for p, w in zip(possible, under, strict=True)]
        return Levels(found.lo[0], found.hi[0], np.max(high, axis=0))

    def _of_treaties(self, level: Bounds) -> Bounds:
        """Per treaty the best of its stance equilibria, of which there is always one."""
        if self.parts.columns == 1:
            return level
        on = IntervalTables(Groups(self.cells.starts), some=True)
        return on.best(level, Interval(self.certain, self.possible), (0,))


SOME = IntervalTables(ARRAYS, some=True)
"""Of what is looked at something always counts."""
