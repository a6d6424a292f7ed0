"""Boxes of parameters: where bounds hold, how they are divided, and how much they measure.

Definition. A box is the product of the intervals ``[lo_k, hi_k]`` of the varied parameters. Volumes
are shares of the box that was asked about, so the volumes of its parts add up to 1.

Array convention. ``lo`` and ``hi`` have shape ``(varied, boxes)``, the boxes last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.errors import UsageError
from sim.scenario import Scenario

EPS = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, slots=True, eq=False)
class Boxes:
    """Some boxes.

    Parameters
    ----------
    lo, hi
        Ends, shape ``(varied, boxes)``.

    Examples
    --------
    >>> halves = Boxes(np.zeros((1, 1)), np.ones((1, 1))).halved(np.array([0]))
    >>> halves.lo, halves.hi
    (array([[0. , 0.5]]), array([[0.5, 1. ]]))
    """

    lo: FloatArray
    hi: FloatArray

    def __len__(self) -> int:
        return int(self.lo.shape[1])

    @property
    def mid(self) -> FloatArray:
        """A point in the middle of each box."""
        return np.asarray(self.lo + 0.5 * (self.hi - self.lo))

    @property
    def radius(self) -> FloatArray:
        """At least the distance from the middle to either end."""
        mid = self.mid
        return np.asarray(np.maximum(self.hi - mid, mid - self.lo) * (1 + 2 * EPS))

    def volumes(self, whole: Boxes) -> FloatArray:
        """Shares of the one box ``whole``; directions in which it has no width do not count."""
        width = (whole.hi - whole.lo)[:, 0]
        wide = width > 0
        return np.asarray(np.prod((self.hi - self.lo)[wide] / width[wide, None], axis=0))

    def pick(self, which: BoolArray | IntArray | slice) -> Boxes:
        """Some of the boxes."""
        return Boxes(self.lo[:, which], self.hi[:, which])

    def halved(self, along: IntArray) -> Boxes:
        """Each box cut in two along its parameter ``along``: all lower halves, then all upper."""
        columns = np.arange(len(self))
        cut = self.mid[along, columns]
        below, above = self.hi.copy(), self.lo.copy()
        below[along, columns] = cut
        above[along, columns] = cut
        return Boxes(np.hstack([self.lo, above]), np.hstack([below, self.hi]))


def join(parts: Sequence[Boxes], varied: int) -> Boxes:
    """All boxes of several lists in one."""
    empty = [np.zeros((varied, 0))]
    return Boxes(
        np.hstack([*(p.lo for p in parts), *empty]), np.hstack([*(p.hi for p in parts), *empty])
    )


def box_of(scenario: Scenario, vary: Mapping[str, Sequence[float] | None]) -> Boxes:
    """The box that a request spans: per path ``(lo, hi)``, or ``None`` for the range in the file.

    Raises
    ------
    UsageError
        If the file is a classical game, nothing is varied, a path is unknown, has no range where none
        is given, or the ends are no numbers with ``lo < hi``.
    """
    if scenario.document.form != "dispute":
        raise UsageError(f"{scenario.origin}: a classical game has no treaty ladder")
    if not vary:
        raise UsageError("nothing is varied; give --vary PATH=LO:HI")
    ends = [_ends(scenario, path, given) for path, given in vary.items()]
    table = np.array(ends, dtype=np.float64)
    return Boxes(table[:, :1], table[:, 1:])


def _ends(scenario: Scenario, path: str, given: Sequence[float] | None) -> tuple[float, float]:
    scenario.require(path)
    ends = scenario.range_of(path) if given is None else given
    if ends is None:
        raise UsageError(f"{path} has no range in the file; give one: {path}=LO:HI")
    lo, hi = float(ends[0]), float(ends[1])
    if not (np.isfinite(lo) and np.isfinite(hi)):
        raise UsageError(f"{path}: bounds must be finite numbers")
    if lo >= hi:
        raise UsageError(f"{path} runs from {lo:g} to {hi:g}; lo < hi is needed")
    return lo, hi
