r"""Supports on which three actors mix, one of them over two strategies: roots of a polynomial in its share.

Definition. The first actor plays its second strategy with probability ``p``; the others mix over ``k`` and
``l`` strategies, ``y`` and ``z``. Given ``p``, what makes the third actor indifferent is linear in ``y``
(``l - 1`` equations), and what makes the second indifferent linear in ``z`` (``k - 1`` equations).

- ``l = k``: these determine ``y`` and ``z`` up to a factor, by minors, polynomials of degree ``k - 1`` in
  ``p``. What makes the first actor indifferent, ``y'Fz = 0``, is a polynomial of degree ``2k - 2``.
- ``l = k + 1``: the equations in ``y`` have a solution where their determinant, of degree ``k``, is 0; there
  the first and second actor's equations determine ``z``.

A system is settled when it is clear (:mod:`sim.solutions.strategic.mixed.few_mixing`): the polynomial is
clearly not 0, and every root of it near ``[0, 1]`` is real and simple and clearly inside the face with all
inequalities met, or clearly not. Roots of the interpolant at Chebyshev points are eigenvalues of its
colleague matrix, which is stable on the interval.

Array convention. ``rows`` of shape ``(rows, *sizes, batch)``; what goes to ``numpy.linalg`` has candidates
first.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.polynomial import chebyshev

from sim._kernels.tolerance import AnyArray, BoolArray, FloatArray, IntArray

NEAR = 1e-2
"""Roots at most this far from ``[0, 1]`` in the complex plane are looked at."""
CLEAR = 1e-3
"""Shares and rows further than this from 0 have a certain sign."""
STEEP = 1e-3
"""Least size of coefficients, of a slope beside them, and of vectors, that can be divided by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Clear roots: the system of each and the mixes of who mixes, shapes ``(sizes[i], count)``."""

    system: IntArray
    mixes: tuple[FloatArray, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Equations:
    """The first actor's coefficients, ``(batch, k, l)``, the others', ``(batch, rows, 2, unknowns)``."""

    first: FloatArray
    second: FloatArray
    third: FloatArray

    def at(self, share: FloatArray, system: IntArray) -> tuple[FloatArray, FloatArray]:
        """The second's equations in ``z`` and the third's in ``y``, at shares of some systems."""
        p = share[:, None, None]
        second, third = self.second[system], self.third[system]
        return (
            second[:, :, 0] + p * (second[:, :, 1] - second[:, :, 0]),
            third[:, :, 0] + p * (third[:, :, 1] - third[:, :, 0]),
        )


def has_one_share(sizes: list[int]) -> bool:
    """Whether sizes, sorted, are those of such a support."""
    return len(sizes) == 3 and sizes[0] == 2 and sizes[2] - sizes[1] in (0, 1) and sizes[2] <= 4


def by_one_share(rows: FloatArray) -> tuple[Candidates, BoolArray]:
    """The clear roots of systems of three actors, and which systems are settled.

    Parameters
    ----------
    rows
        Shape ``(rows, k_0, k_1, k_2, batch)``, equations first, with sizes for which
        :func:`has_one_share` holds.

    Examples
    --------
    >>> p, q, r = np.meshgrid([0, 1], [0, 1], [0, 1], indexing="ij")
    >>> rows = np.stack([q + r - 1, p + r - 1.2, p + q - 0.9])[..., None]
    >>> found, settled = by_one_share(rows)
    >>> [mix[1, 0].round(9).item() for mix in found.mixes], settled
    ([0.55, 0.35, 0.65], array([ True]))
    """
    sizes = rows.shape[1:-1]
    order = sorted(range(3), key=lambda actor: sizes[actor])
    system = _equations(rows, order)
    k = sizes[order[1]]
    degree = 2 * k - 2 if k == sizes[order[2]] else k
    coefficients = _interpolant(system, degree, rows.shape[-1])
    settled = np.abs(coefficients).max(axis=0) > STEEP
    places, shares, simple = _near_roots(coefficients, settled)
    y, z, good = _others(system, shares, places)
    (y, y_sure, y_out), (z, z_sure, z_out) = _signed(y, good), _signed(z, good)
    mixes: list[FloatArray] = [np.empty(0)] * 3
    for actor, mix in zip(order, (np.stack([1 - shares, shares]), y, z), strict=True):
        mixes[actor] = mix
    less = np.einsum("rijkb,ib,jb,kb->rb", rows[sum(sizes) - 3 :, ..., places], *mixes)
    most = less.max(axis=0, initial=-1.0)
    whole = y_sure & z_sure
    inside = whole & simple & (shares > CLEAR) & (shares < 1 - CLEAR) & (most < -CLEAR)
    out = y_out | z_out | (whole & (most > CLEAR) & simple)
    settled[places[~(inside | out)]] = False
    return Candidates(system=places[inside], mixes=tuple(mix[:, inside] for mix in mixes)), settled


def _equations(rows: FloatArray, order: list[int]) -> Equations:
    """The coefficients by actor, the one with two strategies first."""
    sizes = rows.shape[1:-1]
    parts = []
    for place, actor in enumerate(order):
        start = sum(sizes[:actor]) - actor
        block = rows[start : start + sizes[actor] - 1].transpose(4, 0, *(1 + a for a in order))
        parts.append(np.asarray(np.take(block, 0, axis=2 + place)))
    first, second, third = parts
    return Equations(first=first[:, 0], second=second, third=third)


def _interpolant(system: Equations, degree: int, batch: int) -> FloatArray:
    """Coefficients of Chebyshev polynomials on ``[0, 1]``, shape ``(degree + 1, batch)``."""
    nodes, inverse = _nodes(degree)
    shares, places = np.repeat(nodes, batch), np.tile(np.arange(batch), len(nodes))
    second, third = system.at(shares, places)
    if third.shape[1] == third.shape[2]:
        values = np.linalg.det(third)
    else:
        values = np.einsum("nk,nkl,nl->n", minors(third), system.first[places], minors(second))
    return np.asarray(inverse @ values.reshape(len(nodes), batch))


@cache
def _nodes(degree: int) -> tuple[FloatArray, FloatArray]:
    """Chebyshev points on ``[0, 1]``, and the matrix from values there to coefficients."""
    points = chebyshev.chebpts1(degree + 1)
    inverse = np.asarray(np.linalg.inv(chebyshev.chebvander(points, degree)), dtype=np.float64)
    return (points + 1) / 2, inverse


def minors(matrices: FloatArray) -> FloatArray:
    """What ``d`` equations in ``d + 1`` unknowns determine up to a factor, shape ``(count, d + 1)``.

    Examples
    --------
    >>> minors(np.array([[[1.0, 2.0]], [[0.0, 3.0]]]))
    array([[ 2., -1.],
           [ 3., -0.]])
    """
    width = matrices.shape[2]
    kept = [[c for c in range(width) if c != left] for left in range(width)]
    parts = np.linalg.det(matrices[:, :, kept].transpose(0, 2, 1, 3))
    return np.asarray(parts * (-1.0) ** np.arange(width))


def _near_roots(
    coefficients: FloatArray, usable: BoolArray
) -> tuple[IntArray, FloatArray, BoolArray]:
    """Roots near the interval: their systems, their real parts, and which are real and simple."""
    places, shares, simple = [], [], []
    for k in np.flatnonzero(usable):
        own = coefficients[:, k]
        roots: AnyArray = (chebyshev.chebroots(own) + 1) / 2
        near = (roots.real > -NEAR) & (roots.real < 1 + NEAR) & (np.abs(roots.imag) < NEAR)
        if near.any():
            slope = chebyshev.chebval(2 * roots[near].real - 1, chebyshev.chebder(own))
            places.append(np.full(int(near.sum()), k))
            shares.append(roots[near].real)
            simple.append((roots[near].imag == 0) & (np.abs(slope) > STEEP))
    if not places:
        return np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0, dtype=np.bool_)
    return np.concatenate(places), np.concatenate(shares), np.concatenate(simple)


def _others(
    system: Equations, shares: FloatArray, places: IntArray
) -> tuple[FloatArray, FloatArray, BoolArray]:
    """What the other two play at some roots, up to factors, and where that is determined."""
    second, third = system.at(shares, places)
    if third.shape[1] < third.shape[2]:
        return minors(third), minors(second), np.ones(len(shares), dtype=np.bool_)
    _, sizes, directions = np.linalg.svd(third)
    y = directions[:, -1]
    own = np.einsum("nk,nkl->nl", y, system.first[places])[:, None]
    return y, minors(np.concatenate([own, second], axis=1)), sizes[:, -2] > STEEP


def _signed(vectors: FloatArray, good: BoolArray) -> tuple[FloatArray, BoolArray, BoolArray]:
    """Mixes of shape ``(size, count)``, which are clearly inside, and which clearly have both signs."""
    size = np.abs(vectors).max(axis=1, initial=0.0)
    good = good & (size > STEEP)
    unit = vectors / np.where(size > 0, size, 1.0)[:, None]
    low, high = unit.min(axis=1, initial=1.0), unit.max(axis=1, initial=-1.0)
    inside = good & ((low > CLEAR) | (high < -CLEAR))
    total = np.where(inside, unit.sum(axis=1), 1.0)
    return (unit / total[:, None]).T, inside, good & (low < -CLEAR) & (high > CLEAR)
