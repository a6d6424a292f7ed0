r"""Batches of forms with bounds on their size and on their rounding errors; determinants of them.

Definition. Bernstein coefficients of a product are means of products of coefficients, so that bounds of sizes
multiply; errors follow by the rule for products, and are doubled for the rounding of the operations
themselves, which is far smaller than what the rows are known up to
(:mod:`sim.solutions.strategic.mixed.multilinear_bounds`).

Array convention. As in :mod:`sim.solutions.strategic.mixed.third.bernstein`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from types import EllipsisType

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.solutions.strategic.mixed.third.bernstein import degree_of, exponents, halving, times

ROUNDED = 2.0
"""Errors of products are taken to be this many times as large as the errors of their factors make them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """Coefficients, shape ``(..., coefficients, batch)``, at most ``size`` in size, right up to ``error``."""

    coefficients: FloatArray
    corners: int
    size: float
    error: float

    def __getitem__(self, which: int | slice | tuple[EllipsisType, IntArray | BoolArray]) -> Forms:
        """Some of the forms, by the first axis or by the batch."""
        return self._with(np.asarray(self.coefficients[which]))

    def __neg__(self) -> Forms:
        return self._with(-self.coefficients)

    def __mul__(self, other: Forms) -> Forms:
        error = self.size * other.error + self.error * other.size
        return Forms(
            coefficients=times(self.coefficients, other.coefficients, self.corners),
            corners=self.corners,
            size=self.size * other.size,
            error=ROUNDED * error,
        )

    def _with(self, coefficients: FloatArray) -> Forms:
        return Forms(
            coefficients=coefficients, corners=self.corners, size=self.size, error=self.error
        )

    @property
    def degree(self) -> int:
        """The degree of all of them."""
        return degree_of(self.corners, self.coefficients.shape[-2])

    def halved(self, kept: int, moved: int) -> Forms:
        """The forms on the half of their simplex in which one corner moves to the middle."""
        return self._with(halving(self.corners, self.degree, kept, moved) @ self.coefficients)

    def raised(self, degrees: int) -> Forms:
        """The same polynomials, written as forms of a higher degree."""
        if not degrees:
            return self
        ones = np.ones((len(exponents(self.corners, degrees)), 1))
        return self._with(times(self.coefficients, ones, self.corners))


def total(parts: Sequence[Forms]) -> Forms:
    """The sum of batches of forms of one degree."""
    return Forms(
        coefficients=np.asarray(sum(part.coefficients for part in parts)),
        corners=parts[0].corners,
        size=sum(part.size for part in parts),
        error=sum(part.error for part in parts),
    )


def stacked(parts: Sequence[Forms]) -> Forms:
    """Single forms of one degree as one array, with a new leading axis."""
    return Forms(
        coefficients=np.stack([part.coefficients for part in parts]),
        corners=parts[0].corners,
        size=max(part.size for part in parts),
        error=max(part.error for part in parts),
    )


def determinants(rows: Sequence[Forms]) -> dict[tuple[int, ...], Forms]:
    """The determinants of all square matrices that rows make with as many of their columns, in order.

    Parameters
    ----------
    rows
        Each with the columns as its first axis.
    """
    width = len(rows[0].coefficients)
    found: dict[tuple[int, ...], Forms] = {(c,): rows[0][c] for c in range(width)}
    for count, row in enumerate(rows[1:], 2):
        found = {
            columns: total(
                [
                    row[c] * (found[rest] if (count - 1 - k) % 2 == 0 else -found[rest])
                    for k, c in enumerate(columns)
                    for rest in [columns[:k] + columns[k + 1 :]]
                ]
            )
            for columns in combinations(range(width), count)
        }
    return found


def minors(rows: Sequence[Forms]) -> Forms:
    """What ``d`` equations in ``d + 1`` unknowns determine up to a factor, unknowns as the first axis.

    Examples
    --------
    >>> row = Forms(coefficients=np.array([[[1.0]], [[2.0]]]), corners=1, size=2.0, error=0.0)
    >>> minors([row]).coefficients.ravel()
    array([ 2., -1.])
    """
    whole = tuple(range(len(rows) + 1))
    found = determinants(rows)
    parts = [found[whole[:c] + whole[c + 1 :]] for c in whole]
    return stacked([-part if c % 2 else part for c, part in enumerate(parts)])
