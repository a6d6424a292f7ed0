r"""Cells of the third actor's mix in which no solution is, and where the others' mixes may be in the rest.

Definition. A cell is ruled out when

- two entries of what a mix is a multiple of have opposite signs on all of it;
- an equation, or a combination of equations by the inverse of their central slopes, has no zero on it;
- an inequality, times the sign of what the mixes are multiples of, is positive on it, less its linear part
  in the equations or not;
- there are multipliers with which the rows that are to be 0 at some mix of the second, those of the first at
  ``z`` and of the third at what ``x`` is a multiple of, add up to something positive for each of its
  strategies (Farkas); likewise with first and second exchanged.

A share is at least its entry's smallest value beside the largest of the other entries; such bounds from below
leave a smaller simplex of mixes.

Array convention. As in :mod:`sim.solutions.strategic.mixed.third.cells`.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.solutions.strategic.mixed.third.bernstein import central_slope, raising
from sim.solutions.strategic.mixed.third.cells import Rows, ThirdCells
from sim.solutions.strategic.mixed.third.forms import Forms

SINGULAR = 1e-12
"""A determinant of central slopes, beside the product of the rows' lengths, that counts as 0."""
ROUNDED = 1e-12
"""Error of a share, and of a combination of rows beside the sum of its multipliers' sizes."""
RIDGE = 1e-13
"""What is added to the squares of rows that may be dependent; multipliers need not be the best."""


def not_excluded(cells: ThirdCells) -> IntArray:
    """The places of the cells that signs and combinations of equations do not rule out."""
    (first, no_first), (second, no_second) = _sign(cells.first), _sign(cells.second)
    equations = cells.corners.shape[1] - 1
    low, high, error = _range(cells.third)
    apart = ((low > error) | (high < -error))[:equations].any(axis=0)
    both = first * second
    out = no_first | no_second | apart
    out |= _violated(low[equations:], high[equations:], both, error)
    for less, sign in ((cells.first_less, second), (cells.second_less, first)):
        low, high, error = _range(less)
        out |= _violated(low, high, sign, error)
    kept = np.flatnonzero(~out)
    return kept[~_apart_by_newton(cells.third[..., kept], equations, both[kept])]


def _range(forms: Forms) -> tuple[FloatArray, FloatArray, float]:
    values = forms.coefficients
    return np.asarray(values.min(axis=-2)), np.asarray(values.max(axis=-2)), forms.error


def _sign(mixes: Forms) -> tuple[IntArray, BoolArray]:
    """The sign of the first choice's factor, 0 where it is not known; where a choice has both signs."""
    low, high, error = _range(mixes)
    above, below = np.any(low > error, axis=1), np.any(high < -error, axis=1)
    return above[0].astype(np.int64) - below[0], np.asarray((above & below).any(axis=0))


def _violated(low: FloatArray, high: FloatArray, sign: IntArray, error: float) -> BoolArray:
    """Where some row times a sign is positive on the whole cell."""
    return np.asarray((((sign > 0) & (low > error)) | ((sign < 0) & (high < -error))).any(axis=0))


def _apart_by_newton(third: Forms, equations: int, sign: IntArray) -> BoolArray:
    """Where preconditioned equations have no zero, or inequalities less their linear part are violated."""
    rows = third.coefficients
    slopes = np.moveaxis(central_slope(third.corners, third.degree) @ rows, -1, 0)
    jacobian = slopes[:, :equations]
    lengths = np.linalg.norm(jacobian, axis=2).prod(axis=1)
    regular = np.abs(np.linalg.det(jacobian)) > SINGULAR * lengths
    out = np.zeros(len(sign), dtype=np.bool_)
    if not regular.any():
        return out
    stacked, others = np.moveaxis(rows[..., regular], -1, 0), slopes[regular][:, equations:]
    inverse = np.linalg.inv(jacobian[regular])
    equal = inverse @ stacked[:, :equations]
    error = third.error * np.abs(inverse).sum(axis=2)
    apart = ((equal.min(axis=2) > error) | (equal.max(axis=2) < -error)).any(axis=1)
    if others.shape[1]:
        less = stacked[:, equations:] - others @ equal
        error = third.error * (1 + (np.abs(others) @ np.abs(inverse)).sum(axis=2))
        apart |= _violated(
            (less.min(axis=2) - error).T, (less.max(axis=2) + error).T, sign[regular], 0
        )
    out[regular] = apart
    return out


def lowest_shares(mixes: Forms) -> FloatArray:
    """What each share of a mix is at least, shape ``(k, batch)``.

    Examples
    --------
    >>> values = np.array([[[3.0], [3.0]], [[1.0], [2.0]]])[None]
    >>> lowest_shares(Forms(coefficients=values, corners=2, size=3.0, error=0.0)).round(3).tolist()
    [[0.6], [0.25]]
    """
    low, high, error = _range(mixes)
    above, below = np.any(low > error, axis=1), np.any(high < -error, axis=1)
    least = np.where(above[:, None], low, np.where(below[:, None], -high, 0.0)) - error
    most = np.where(above[:, None], high, np.where(below[:, None], -low, 0.0)) + error
    least, most = np.maximum(least, 0.0), np.maximum(most, 0.0)
    others = most.sum(axis=1, keepdims=True) - most
    shares = least / np.where(least > 0, least + others, 1.0)
    return np.asarray(np.maximum(shares.max(axis=0) - ROUNDED, 0.0))


def simplex_above(lowest: FloatArray) -> FloatArray:
    """The corners of all mixes with at least some shares, shape ``(k, k, batch)``.

    Examples
    --------
    >>> simplex_above(np.array([[0.25], [0.5]]))[..., 0]
    array([[0.5 , 0.25],
           [0.5 , 0.75]])
    """
    free = 1 - lowest.sum(axis=0)
    return np.asarray(lowest[:, None] + free * np.eye(len(lowest))[..., None])


def refuted(rows: Rows, cells: ThirdCells) -> BoolArray:
    """Where multipliers show that one of the others has no mix."""
    own, (k, n, m) = cells.system, rows.sizes
    third = rows.third[: m - 1][..., own]
    one, two = rows.first[: k - 1][..., own], rows.second[: n - 1][..., own]
    return _no_mix(one, third.transpose(0, 2, 1, 3), cells.corners, cells.first) | _no_mix(
        two, third, cells.corners, cells.second
    )


def _no_mix(one: FloatArray, two: FloatArray, corners: FloatArray, mixes: Forms) -> BoolArray:
    """Where rows add up to something positive whatever is played, at any of the other mixes.

    ``one`` has shape ``(rows, k, corners, batch)``, ``two`` ``(rows, k, others, batch)``.
    """
    sizes = np.abs(mixes.coefficients).max(axis=(1, 2))
    mix = np.moveaxis(mixes.coefficients, -1, 0)[np.arange(len(sizes[0])), sizes.argmax(axis=0)]
    scale = np.abs(mix).max(axis=(1, 2))
    scale = 1 / np.where(scale > 0, scale, 1.0)
    at_corners = np.einsum("rkcb,cqb->brkq", one, corners)
    linear = at_corners @ raising(mixes.corners, mixes.degree).T
    others = np.moveaxis(two, -1, 0) @ (mix * scale[:, None, None])[:, None]
    every = np.concatenate([linear, others], axis=1)
    central = every.mean(axis=3)
    width = central.shape[2]
    squares = central.transpose(0, 2, 1) @ central + RIDGE * np.eye(width)
    multipliers = central @ np.linalg.solve(squares, np.ones((len(squares), width, 1)))
    least = (multipliers[..., None] * every).sum(axis=1).min(axis=(1, 2))
    size = np.abs(multipliers[..., 0])
    error = ROUNDED * size.sum(axis=1)
    error += size[:, len(one) :].sum(axis=1) * 2 * two.shape[2] * mixes.error * scale
    return np.asarray(least > error)
