"""The largest weighted Nash product over lotteries.

Definition. Maximise ``sum_i w_i log (G p)_i`` over individually rational lotteries ``p``, with
weights that sum to 1. The optimum has prices ``l_i = w_i / (G p)_i`` at which every lottery costs
at most 1: ``l @ G q <= 1`` for every feasible ``q``. That inequality is the certificate.

Method. Columns are feasible lotteries that a linear program finds, priced at the current ``l``;
the master problem over the columns found so far is solved in its dual, ``min -sum_i w_i log l_i``
subject to ``l @ V <= 1``, by a barrier and then by Newton's method on the columns in use.

Array convention. ``gains`` has shape ``(actors, agreements)``; columns ``V`` have shape
``(counted actors, columns)``, non-negative, no row all 0.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.solutions.bargaining._best_lotteries import best_lottery, leximin

USED = 1e-7
"""Share of a column in the rough mixture from which on it is in use."""
BELOW = 1e-12
"""What a share may fall below 0 by, and a Newton step still gain, before it counts."""
LAST_BARRIER = 1e-13
"""Weight of the barrier at which the rough mixture is good enough."""
SHORTEST = 1e-10
"""Length of a step below which none is taken."""


STEPS = 200
"""Limit on the columns that are added."""

CERTIFIED = 1e-11
"""Largest excess of the certificate that counts as none."""


def best_product(
    gains: FloatArray, counted: FloatArray, weights: FloatArray
) -> tuple[FloatArray, float]:
    """The lottery of the largest weighted product of gains, and the excess of its certificate.

    Parameters
    ----------
    gains
        Shape ``(actors, agreements)``.
    counted
        The rows in the product: actors that can gain, in units of their ideal gain.
    weights
        One positive weight per counted row, summing to 1.

    Examples
    --------
    >>> gains = np.array([[0.0, 0.4, 1.0], [1.0, 0.8, 0.0]])
    >>> lottery, excess = best_product(gains, gains, np.array([0.5, 0.5]))
    >>> (gains @ lottery).round(9), excess < 1e-11
    (array([0.5       , 0.66666667]), True)
    """
    columns = [best_lottery(gains, row).lottery for row in counted]
    columns.append(leximin(gains, counted))
    excess = np.inf
    mixed = columns[-1]
    for _ in range(STEPS):
        values = counted @ np.stack(columns, axis=1)
        mix = master(values, weights)
        mixed = np.stack(columns, axis=1) @ mix
        prices = weights / (counted @ mixed)
        entering = best_lottery(gains, prices @ counted)
        excess = entering.value - 1.0
        if excess <= CERTIFIED:
            break
        columns.append(entering.lottery)
    return mixed, excess


def master(values: FloatArray, weights: FloatArray) -> FloatArray:
    """The mixture of columns with the largest weighted product, shape ``(columns,)``.

    Examples
    --------
    >>> master(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([0.7, 0.3])).round(12)
    array([0.7, 0.3])
    """
    prices, rough = _barrier(values, weights)
    used = np.flatnonzero(rough > USED)
    mix = _polish(values[:, used], weights, prices, rough[used])
    while mix.min() < -BELOW and len(used) > 1:
        used = used[mix > mix.min()]
        mix = _polish(values[:, used], weights, prices, rough[used])
    out = np.zeros_like(rough)
    out[used] = np.maximum(mix, 0.0)
    return np.asarray(out / out.sum())


def _barrier(values: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    prices = 0.5 / (len(weights) * values.max(axis=1))
    size = 1.0
    while size > LAST_BARRIER:
        size *= 0.1
        for _ in range(60):
            step, decrease = _newton_step(values, weights, prices, size)
            prices = prices + _length(values, weights, prices, step, decrease, size) * step
            if decrease < BELOW * size:
                break
    return prices, size / (1.0 - prices @ values)


def _newton_step(
    values: FloatArray, weights: FloatArray, prices: FloatArray, size: float
) -> tuple[FloatArray, float]:
    slack = 1.0 - prices @ values
    gradient = -weights / prices + values @ (size / slack)
    curvature = np.diag(weights / prices**2) + (values * (size / slack**2)) @ values.T
    step = np.asarray(-np.linalg.solve(curvature, gradient), dtype=np.float64)
    return step, float(-gradient @ step)


def _length(
    values: FloatArray,
    weights: FloatArray,
    prices: FloatArray,
    step: FloatArray,
    decrease: float,
    size: float,
) -> float:
    def height(at: FloatArray) -> float:
        slack = 1.0 - at @ values
        if at.min() <= 0.0 or slack.min() <= 0.0:
            return np.inf
        return float(-weights @ np.log(at) - size * np.log(slack).sum())

    here, length = height(prices), 1.0
    while height(prices + length * step) > here - 0.1 * length * decrease and length > SHORTEST:
        length *= 0.5
    return length if length > SHORTEST else 0.0


def _polish(
    values: FloatArray, weights: FloatArray, prices: FloatArray, mix: FloatArray
) -> FloatArray:
    count, used = values.shape
    for _ in range(8):
        residual = np.concatenate([values @ mix - weights / prices, prices @ values - 1.0])
        if np.abs(residual).max() < 1e-15:
            break
        jacobian = np.zeros((count + used, count + used))
        jacobian[:count, :count] = np.diag(weights / prices**2)
        jacobian[:count, count:] = values
        jacobian[count:, :count] = values.T
        change = np.linalg.lstsq(jacobian, -residual, rcond=None)[0]
        prices, mix = prices + change[:count], mix + change[count:]
    return mix
