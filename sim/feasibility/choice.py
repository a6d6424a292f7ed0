"""Which treaty stands for a rung: the best, by leximin where several tie, never one that is dominated.

Definition. Cells *tie* on a rung where their levels do, up to what their parts are known. Among those that
tie the best is chosen by leximin: the lowest part first, then the second lowest, and so on, of all parts up
to the rung that decides. Among cells that still tie one with the largest sum of gains is chosen, which no
other of them Pareto-dominates for the principals; then the first in the file.

Array convention. Candidates are pairs of a cell and a point, listed point by point; their parts have shape
``(parts, pairs)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray, IntArray
from sim.engine.leximin import counted, keys
from sim.feasibility.levels import View
from sim.feasibility.leximin import first_of
from sim.rules.arithmetic import ARRAYS
from sim.rules.ladder import RUNG_OF


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidates:
    """Pairs of a cell and a point that may be best there, point by point.

    Parameters
    ----------
    point, view, agreement, profile
        Of every pair.
    against
        Stances of the status quo per principal, shape ``(principals, pairs)``.
    parts, errors
        Gains first, then slacks, parts above the rung that decides infinite; up to what they are known.
    """

    point: IntArray
    view: IntArray
    agreement: IntArray
    profile: IntArray
    against: IntArray
    parts: FloatArray
    errors: FloatArray

    def pick(self, which: IntArray | BoolArray) -> Candidates:
        """Some of the pairs."""
        names = self.__slots__
        return Candidates(**{name: getattr(self, name)[..., which] for name in names})

    @property
    def starts(self) -> IntArray:
        """Where the pairs of each point begin."""
        return np.flatnonzero(np.diff(self.point, prepend=-1))

    def near(self) -> BoolArray:
        """Which pairs have a level that ties with the best of their point."""
        return self._largest(
            (self.parts - self.errors).min(axis=0), (self.parts + self.errors).min(axis=0)
        )

    def _largest(self, lo: FloatArray, hi: FloatArray) -> BoolArray:
        """Which pairs are at the top of their point, values lying between two ends."""
        return np.asarray(hi >= _over(np.maximum.reduceat(lo, self.starts), self.starts, len(lo)))


def _over(value: FloatArray, starts: IntArray, size: int) -> FloatArray:
    return np.repeat(value, np.diff(starts, append=size))


def candidates_of(views: Sequence[View], masks: Sequence[BoolArray], rung: IntArray) -> Candidates:
    """The pairs that are marked, shape ``(cells, batch)`` per view, with their parts up to a rung."""
    found = [
        _of_view(number, view, mask, rung)
        for number, (view, mask) in enumerate(zip(views, masks, strict=True))
    ]
    both = {
        name: np.concatenate([getattr(part, name) for part in found], axis=-1)
        for name in Candidates.__slots__
    }
    order = np.lexsort((both["view"], both["profile"], both["agreement"], both["point"]))
    return Candidates(**both).pick(order)


def _of_view(number: int, view: View, mask: BoolArray, rung: IntArray) -> Candidates:
    cell, point = np.nonzero(mask)
    cells, batch = view.cells, view.cells.batch
    agreement, profile = cells.agreement[cell], cells.profile[cell]
    gains = [
        u[cell, point if u.shape[1] > 1 else 0]
        - np.broadcast_to(view.base(k), mask.shape[1])[point]
        for k, u in enumerate(cells.payoffs)
    ]
    errors = view.errors(cell, point)
    parts, noise = [*gains], [*errors]
    for constraint in batch.dispute.constraints:
        value = batch.slack(constraint)
        rows, columns = (
            np.minimum(x, n - 1) for x, n in zip((agreement, profile), value.shape[:2], strict=True)
        )
        slack = value[rows, columns, point if value.shape[2] > 1 else 0]
        parts += counted(ARRAYS, [slack], [RUNG_OF[constraint.rung]], rung[point])
        noise.append(np.full(len(cell), RELATIVE))
    table, error = np.array(parts).reshape(len(parts), -1), np.array(noise).reshape(len(parts), -1)
    return Candidates(
        point=point,
        view=np.full(len(cell), number),
        agreement=agreement,
        profile=profile,
        against=view.against[:, point],
        parts=np.where(np.abs(table) <= error, 0.0, table),
        errors=error,
    )


def chosen_of(found: Candidates, principals: int) -> Candidates:
    """One pair per point: the best."""
    left = found.pick(found.near())
    if len(left.starts) < len(left.point):
        left = _by_leximin(left, principals)
    return left.pick(left.starts)


def _by_leximin(left: Candidates, principals: int) -> Candidates:
    rows = [*zip(left.parts, left.errors, strict=True)]
    order = keys(_Known(), rows, principals, _ascending)
    keep, _ = first_of(order, left.point, 0.0, int(left.point[-1]) + 1)
    return left.pick(np.sort(keep))


class _Known:
    """Values with up to what they are known: both add up."""

    def apply(self, op: str, *values: tuple[FloatArray, FloatArray]) -> tuple[FloatArray, ...]:
        """A sum."""
        return tuple(ARRAYS.apply(op, *ends) for ends in zip(*values, strict=True))


def _ascending(
    on: _Known, rows: Sequence[tuple[FloatArray, FloatArray]]
) -> list[tuple[FloatArray, FloatArray]]:
    """The values from the lowest up, each with up to what it is known."""
    parts, errors = (np.stack(ends) for ends in zip(*rows, strict=True))
    order = parts.argsort(axis=0, kind="stable")
    both = (np.take_along_axis(x, order, axis=0) for x in (parts, errors))
    return [*zip(*both, strict=True)]
