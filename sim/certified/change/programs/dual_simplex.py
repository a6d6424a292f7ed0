"""The cheapest way to meet a few inequalities: the dual simplex method for variables with bounds.

Definition. ``min sum x`` subject to ``A x >= b`` and ``0 <= x <= limits``. At ``x = 0`` no price is wrong,
only inequalities may be broken; the one that is broken most enters at the least rise of the cost, until none
is [lemke1954]_. There are a dozen inequalities here and some hundred variables, so a table is kept whole.
What numbers cannot settle is left to a solver for large programs.

Array convention. ``A`` has shape ``(demands, variables)``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import FloatArray, IntArray

MOST_PIVOTS = 400
"""Exchanges after which the search is given up: some ten suffice."""
CLOSE = 1e-11
"""Share of what is needed by which a demand may be missed."""
SMALL = 1e-9
"""Pivots smaller than this are not taken."""


@dataclass(frozen=True, slots=True, eq=False)
class Optimum:
    """Values of the variables, or nothing where none meet all demands, and prices of the demands.

    Prices of a program without a solution prove that: they need more than any values give.
    """

    values: FloatArray | None
    prices: FloatArray


def dual_simplex(matrix: FloatArray, needed: FloatArray, limits: FloatArray) -> Optimum | None:
    """The cheapest values, ``None`` where they were not found for sure.

    Parameters
    ----------
    matrix, needed, limits
        ``A``, ``b`` and what variables are at most.

    Examples
    --------
    >>> found = dual_simplex(np.array([[1.0, 2.0]]), np.array([3.0]), np.array([5.0, 1.0]))
    >>> found.values, found.prices
    (array([1., 1.]), array([1.]))
    >>> dual_simplex(np.array([[1.0]]), np.array([3.0]), np.array([2.0])).values is None
    True
    """
    table = _Table(matrix, needed, limits)
    for _ in range(MOST_PIVOTS):
        basic = table.basic_values()
        over = basic - table.top[table.basis]
        broken = np.maximum(-basic, over) / table.size
        row = int(broken.argmax())
        if broken[row] <= CLOSE:
            values = table.values(basic)
            return Optimum(np.clip(values, 0.0, limits), table.prices())
        rising = bool(-basic[row] >= over[row])
        column = table.entering(row, rising)
        if column is None:
            prices = table.proof(row, rising)
            lacks = prices @ needed - np.maximum(prices @ matrix, 0.0) @ limits
            return Optimum(None, prices) if lacks > SMALL * np.abs(prices @ needed) else None
        table.pivot(row, column, at_top=not rising)
    return None


class _Table:
    """Basic variables as functions of the others: ``basic = constant - rates @ others``.

    Variables are numbered, first those of the program, then what every demand has to spare.
    """

    def __init__(self, matrix: FloatArray, needed: FloatArray, limits: FloatArray) -> None:
        demands, count = matrix.shape
        self.count = count
        self.rates, self.constant = -matrix, -needed
        self.costs = np.ones(count)
        self.basis: IntArray = np.arange(count, count + demands)
        self.others: IntArray = np.arange(count)
        self.top = np.concatenate([limits, np.full(demands, np.inf)])
        self.at_top = np.zeros(count, dtype=np.bool_)
        self.size = np.maximum(1.0, np.abs(needed))

    def _held(self) -> FloatArray:
        return np.where(self.at_top, np.where(self.at_top, self.top[self.others], 0.0), 0.0)

    def basic_values(self) -> FloatArray:
        """What the basic variables are."""
        return np.asarray(self.constant - self.rates @ self._held())

    def values(self, basic: FloatArray) -> FloatArray:
        """What the variables of the program are."""
        every = np.zeros(len(self.top))
        every[self.others], every[self.basis] = self._held(), basic
        return every[: self.count]

    def entering(self, row: int, rising: bool) -> int | None:
        """The variable by which a basic one is mended at the least rise of the cost."""
        pull = np.where(self.at_top, self.rates[row], -self.rates[row])
        pull = pull if rising else -pull
        able = np.flatnonzero(pull > SMALL)
        if not len(able):
            return None
        ratio = np.abs(self.costs[able]) / pull[able]
        near = able[ratio <= ratio.min() * (1 + CLOSE) + 1e-300]
        return int(near[::-1][pull[near][::-1].argmax()])  # of equals the last

    def pivot(self, row: int, column: int, *, at_top: bool) -> None:
        """Exchange a basic variable and another; the one that leaves stays at its bound."""
        pivot = self.rates[row, column]
        line, constant = self.rates[row] / pivot, self.constant[row] / pivot
        line[column] = 1.0 / pivot
        factor = self.rates[:, column].copy()
        self.rates -= np.outer(factor, line)
        self.rates[:, column] = -factor / pivot
        self.rates[row] = line
        self.constant -= factor * constant
        self.constant[row] = constant
        price = self.costs[column]
        self.costs -= price * line
        self.costs[column] = -price / pivot
        entered = self.others[column]
        self.others[column], self.basis[row] = self.basis[row], entered
        self.at_top[column] = at_top

    def prices(self) -> FloatArray:
        """What one unit more of each demand costs."""
        out = np.zeros(len(self.basis))
        spare = self.others >= self.count
        out[self.others[spare] - self.count] = np.maximum(self.costs[spare], 0.0)
        return out

    def proof(self, row: int, rising: bool) -> FloatArray:
        """Weights of the demands by which no values meet all of them."""
        sign = 1.0 if rising else -1.0
        out = np.zeros(len(self.basis))
        spare = self.others >= self.count
        out[self.others[spare] - self.count] = np.maximum(sign * self.rates[row, spare], 0.0)
        if self.basis[row] >= self.count:
            out[self.basis[row] - self.count] = max(sign, 0.0)
        return out
