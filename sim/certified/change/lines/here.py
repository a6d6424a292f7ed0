"""Lines along some parameters through the point where all of them are now.

Array convention. Lines are numbered; places on them have shape ``(places,)``, with the number of the line of
each beside them. Points have shape ``(varied, points)``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import FloatArray, IntArray
from sim.certified.bounds.boxes import Boxes
from sim.certified.change.levers import ladder_at
from sim.certified.ladder.parts import Parts


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Lines through one point, each along one varied parameter.

    Parameters
    ----------
    parts
        What the ladder reads.
    origin
        The point, shape ``(varied,)``.
    axes
        Which parameter each line runs along, shape ``(lines,)``; no two along one.
    lo, hi
        Its ends, shape ``(lines,)``.
    target
        The margin that counts as enough.
    """

    parts: Parts
    origin: FloatArray
    axes: IntArray
    lo: FloatArray
    hi: FloatArray
    target: float = 0.0

    @property
    def width(self) -> FloatArray:
        """The length of every line."""
        return np.asarray(self.hi - self.lo)

    @property
    def whole(self) -> Boxes:
        """A box that holds all lines."""
        lo, hi = self.origin.copy(), self.origin.copy()
        lo[self.axes], hi[self.axes] = self.lo, self.hi
        return Boxes(lo[:, None], hi[:, None])

    def only(self, line: int) -> Lines:
        """One of the lines."""
        some = np.array([line])
        return Lines(
            self.parts, self.origin, self.axes[some], self.lo[some], self.hi[some], self.target
        )

    def points(self, line: IntArray, places: FloatArray) -> FloatArray:
        """Some places as points."""
        out = np.repeat(self.origin[:, None], len(places), axis=1)
        out[self.axes[line], np.arange(len(places))] = places
        return out

    def over(self, line: IntArray, places: FloatArray) -> FloatArray:
        """By how much the margin is above the target at some places."""
        return np.asarray(ladder_at(self.parts, self.points(line, places)).margin - self.target)

    def stretches(self, line: IntArray, lo: FloatArray, hi: FloatArray) -> Boxes:
        """Stretches of the lines, from one place to another, as boxes."""
        return Boxes(self.points(line, lo), self.points(line, hi), along=self.axes[line])
