"""Linear programs in exact rational arithmetic, for the few decisions that floats cannot make.

Definition. Maximise ``gain @ x`` subject to ``matrix @ x <= bound``, ``x >= 0``, with
``bound >= 0``, so that ``x = 0`` is feasible. The simplex method with Bland's rule [bland1977]_
visits no basis twice and therefore ends.

Array convention. ``matrix`` has shape ``(conditions, variables)``; all entries are
:class:`fractions.Fraction` in object arrays.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from sim._kernels.tolerance import AnyArray


def maximum(matrix: AnyArray, bound: AnyArray, gain: AnyArray, pivots: int) -> Fraction | None:
    """The largest value of a bounded program; ``None`` when the limit of pivots came first.

    Examples
    --------
    >>> one, half = Fraction(1), Fraction(1, 2)
    >>> matrix = np.array([[one, one], [one, 0 * one]])
    >>> maximum(matrix, np.array([one, half]), np.array([2 * one, one]), 10)
    Fraction(3, 2)
    """
    found = maximiser(matrix, bound, gain, pivots)
    return None if found is None else found[0]


def maximiser(
    matrix: AnyArray, bound: AnyArray, gain: AnyArray, pivots: int
) -> tuple[Fraction, tuple[Fraction, ...]] | None:
    """The largest value and a point that has it; ``None`` when the limit of pivots came first.

    Examples
    --------
    >>> one, half = Fraction(1), Fraction(1, 2)
    >>> matrix = np.array([[one, one], [one, 0 * one]])
    >>> maximiser(matrix, np.array([one, half]), np.array([2 * one, one]), 10)[1]
    (Fraction(1, 2), Fraction(1, 2))
    """
    rows, columns = matrix.shape
    table = np.full((rows + 1, columns + rows + 1), Fraction(0), dtype=object)
    table[:rows, :columns] = matrix
    table[np.arange(rows), columns + np.arange(rows)] = Fraction(1)
    table[:rows, -1] = bound
    table[rows, :columns] = -gain
    basis = list(range(columns, columns + rows))
    for _ in range(pivots):
        entering = next((k for k in range(columns + rows) if table[rows, k] < 0), None)
        if entering is None:
            point = [Fraction(0)] * (columns + rows)
            for row, k in enumerate(basis):
                point[k] = Fraction(table[row, -1])
            return Fraction(table[rows, -1]), tuple(point[:columns])
        leaving = _leaving(table, basis, entering)
        _pivot(table, leaving, entering)
        basis[leaving] = entering
    return None


def _leaving(table: AnyArray, basis: list[int], entering: int) -> int:
    """The row of the smallest ratio; among equal ones that of the first basic variable."""
    ratios = [
        (table[row, -1] / table[row, entering], basis[row], row)
        for row in range(len(basis))
        if table[row, entering] > 0
    ]
    return min(ratios)[2]


def _pivot(table: AnyArray, row: int, column: int) -> None:
    table[row] = table[row] / table[row, column]
    for other in range(len(table)):
        if other != row and table[other, column] != 0:
            table[other] = table[other] - table[other, column] * table[row]
