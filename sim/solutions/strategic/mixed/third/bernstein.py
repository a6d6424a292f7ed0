r"""Polynomials on a simplex by their Bernstein coefficients.

Definition. A form of degree ``d`` in barycentric coordinates ``z`` is a sum of ``b_a * (d!/a!) * z**a`` over
all exponents ``a`` with sum ``d``. Its values on the simplex lie between its least and its largest
coefficient ``b_a``, and ``b`` at a corner is the value there. On the half of the simplex in which corner
``q`` is replaced by the middle between ``p`` and ``q`` the coefficient at ``a`` is the mean of those at
``a + j (p - q)`` with binomial weights [farin1986]_.

Array convention. A batch of forms has shape ``(..., coefficients, batch)``, coefficients in the order of
:func:`exponents`, so that those of a linear form are its values at the corners.
"""

from __future__ import annotations

from functools import cache
from itertools import product
from math import comb, factorial, prod

import numpy as np

from sim._kernels.tolerance import FloatArray, IntArray


@cache
def exponents(corners: int, degree: int) -> tuple[tuple[int, ...], ...]:
    """All exponents of a degree, one number for every corner.

    Examples
    --------
    >>> exponents(2, 2)
    ((2, 0), (1, 1), (0, 2))
    """
    powers = product(range(degree, -1, -1), repeat=corners)
    return tuple(power for power in powers if sum(power) == degree)


@cache
def places(corners: int, degree: int) -> dict[tuple[int, ...], int]:
    """Where each exponent stands."""
    return {power: k for k, power in enumerate(exponents(corners, degree))}


@cache
def degree_of(corners: int, coefficients: int) -> int:
    """The degree of forms with so many coefficients.

    Examples
    --------
    >>> degree_of(3, 10)
    3
    """
    degree = 0
    while comb(degree + corners - 1, degree) < coefficients:
        degree += 1
    return degree


def times(one: FloatArray, two: FloatArray, corners: int) -> FloatArray:
    """Products of forms; it is quicker if the first has the fewer coefficients.

    Examples
    --------
    >>> line, square = np.array([[1.0], [3.0]]), np.array([[1.0], [3.0], [9.0]])
    >>> times(line, line, 2)[:, 0], times(line, square, 2)[:, 0]
    (array([1., 3., 9.]), array([ 1.,  3.,  9., 27.]))
    """
    degrees = degree_of(corners, one.shape[-2]), degree_of(corners, two.shape[-2])
    lead = np.broadcast_shapes(one.shape[:-2], two.shape[:-2])
    out = np.zeros((*lead, len(exponents(corners, sum(degrees))), one.shape[-1]))
    where, weights = _products(corners, *degrees)
    for k, (rows, shares) in enumerate(zip(where, weights, strict=True)):
        out[..., rows, :] += one[..., k, None, :] * (shares[:, None] * two)
    return out


@cache
def _products(corners: int, one: int, two: int) -> tuple[IntArray, FloatArray]:
    """Where the product of two coefficients is added, and with which weight."""
    at = places(corners, one + two)
    sums = [
        [tuple(map(sum, zip(a, b, strict=True))) for b in exponents(corners, two)]
        for a in exponents(corners, one)
    ]
    where = np.array([[at[power] for power in line] for line in sums])
    whole = _multinomials(corners, one + two)
    parts = _multinomials(corners, one)[:, None] * _multinomials(corners, two)
    return where, parts / whole[where]


@cache
def _multinomials(corners: int, degree: int) -> FloatArray:
    """How many words have each exponent as the numbers of their letters."""
    powers = exponents(corners, degree)
    return np.array([float(factorial(degree) // prod(map(factorial, power))) for power in powers])


@cache
def halving(corners: int, degree: int, kept: int, moved: int) -> FloatArray:
    """The matrix that takes coefficients to those on the half in which one corner moves to the middle.

    Examples
    --------
    >>> halving(2, 1, 0, 1)
    array([[1. , 0. ],
           [0.5, 0.5]])
    """
    at = places(corners, degree)
    out = np.zeros((len(at), len(at)))
    for power, row in at.items():
        for j in range(power[moved] + 1):
            source = list(power)
            source[kept] += j
            source[moved] -= j
            out[row, at[tuple(source)]] = comb(power[moved], j) / 2 ** power[moved]
    return out


@cache
def central_slope(corners: int, degree: int) -> FloatArray:
    """The matrix from coefficients to derivatives at the middle, along the edges from corner 0.

    Examples
    --------
    >>> central_slope(2, 1)
    array([[-1.,  1.]])
    """
    at = places(corners, degree)
    out = np.zeros((corners - 1, len(at)))
    shares = _multinomials(corners, degree - 1) * degree / corners ** (degree - 1)
    for power, share in zip(exponents(corners, degree - 1), shares, strict=True):
        up = [tuple(e + (c == corner) for c, e in enumerate(power)) for corner in range(corners)]
        out[:, at[up[0]]] -= share
        for corner in range(1, corners):
            out[corner - 1, at[up[corner]]] += share
    return out


@cache
def raising(corners: int, degree: int) -> FloatArray:
    """The matrix that takes values of a linear form at the corners to its coefficients in a degree.

    Examples
    --------
    >>> raising(2, 2)
    array([[1. , 0. ],
           [0.5, 0.5],
           [0. , 1. ]])
    """
    return np.array(exponents(corners, degree)) / degree
