"""Power in weighted voting: swings by coalition size, power indices, the pivotal voter.

Definition. Voters ``i = 0..n-1`` have weights ``w_i >= 0``; a coalition wins when its weight is at
least the quota ``q``. Voter ``i`` swings a coalition ``S`` (not holding ``i``) when ``S`` loses
and ``S + i`` wins: ``q - w_i <= w(S) < q``. The Banzhaf index counts swings; the Shapley-Shubik
index weighs a swing of ``|S| = k`` by ``k! (n-k-1)! / n!``, the share of orders in which ``i`` is
pivotal.

Method. ``c_k(s)``, the number of coalitions of ``k`` voters and weight ``s``, is the coefficient
of ``z^k x^s`` in ``prod_i (1 + z x^w_i)`` (Mann & Shapley 1962). Each ``c_k`` is one Python
integer with a fixed number of bytes per coefficient, so that adding a voter is a shift and an
addition. With the prefix sums ``C_k(m) = sum_{s<m} c_k(s)``, leaving voter ``i`` out gives the
recurrence ``D_k(m) = C_k(m) - D_{k-1}(m - w_i)``, and its swings of size ``k`` are ``D_k(q) -
D_k(q - w_i)``. All counts are exact. Array convention: voters first, batch last.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, factorial, gcd, lcm

import numpy as np

from sim._kernels.exact_numbers import Number, as_written
from sim._kernels.tolerance import ROUNDING, BoolArray, FloatArray, IntArray
from sim.errors import TooLargeError, UsageError

MEMORY_LIMIT = 1 << 29
"""Largest table of coalition counts, in bytes."""


def swings_by_size(weights: Sequence[Number], quota: Number) -> tuple[tuple[int, ...], ...]:
    """How many coalitions of each size every voter turns from losing to winning.

    Parameters
    ----------
    weights
        One non-negative number per voter; decimals are taken as written, ``"1/3"`` is allowed.
    quota
        Weight needed to win (at least), above 0 and at most the sum of the weights.

    Returns
    -------
    tuple of tuple of int
        ``[i][k]``: swings of voter ``i`` in coalitions of ``k`` other voters.

    Raises
    ------
    UsageError
        If a weight is negative or the quota cannot be met or is not positive.
    TooLargeError
        If the table of counts would exceed ``MEMORY_LIMIT`` bytes.

    Notes
    -----
    Source: [mann1962]_.

    Examples
    --------
    >>> swings_by_size([3, 2, 1], 4)
    ((0, 2, 1), (0, 1, 0), (0, 1, 0))
    """
    whole, threshold = _integers(weights, quota)
    low = min(threshold, sum(whole) - threshold + 1)
    table, width = _prefix_counts(whole, low)
    by_weight = {w: _swings_of(table, width, low, w) for w in set(whole)}
    counts = [by_weight[w] for w in whole]
    if low != threshold:
        counts = [sizes[::-1] for sizes in counts]
    return tuple(counts)


def swings_of_listed(wins: BoolArray) -> tuple[tuple[int, ...], ...]:
    """The same from a list of all coalitions by bitmask, shape ``(2**voters,)``: whether each wins.

    Examples
    --------
    >>> swings_of_listed(np.array([0, 0, 0, 1, 0, 1, 0, 1], dtype=bool))
    ((0, 2, 1), (0, 1, 0), (0, 1, 0))
    """
    voters = len(wins).bit_length() - 1
    sizes = np.array([mask.bit_count() for mask in range(len(wins))])
    out = []
    for i in range(voters):
        without, beside = np.moveaxis(wins.reshape(-1, 2, 1 << i), 1, 0)
        turned = sizes.reshape(-1, 2, 1 << i)[:, 0][beside & ~without]
        out.append(tuple(map(int, np.bincount(turned, minlength=voters))))
    return tuple(out)


def swings(weights: Sequence[Number], quota: Number) -> tuple[int, ...]:
    """How many coalitions every voter turns from losing to winning (raw Banzhaf counts).

    Examples
    --------
    >>> swings([4, 4, 4, 2, 2, 1], 12)
    (10, 10, 10, 6, 6, 0)
    """
    return tuple(map(sum, swings_by_size(weights, quota)))


def banzhaf_index(weights: Sequence[Number], quota: Number) -> tuple[Fraction, ...]:
    """The normalised Banzhaf index: each voter's share of all swings [banzhaf1965]_.

    Examples
    --------
    >>> [str(x) for x in banzhaf_index([50, 49, 1], 51)]
    ['3/5', '1/5', '1/5']
    """
    counts = swings(weights, quota)
    return tuple(Fraction(count, sum(counts)) for count in counts)


def shapley_shubik(weights: Sequence[Number], quota: Number) -> tuple[Fraction, ...]:
    """The Shapley-Shubik index: the share of orders in which each voter is pivotal [shapley1954]_.

    Examples
    --------
    >>> [str(x) for x in shapley_shubik([50, 49, 1], 51)]
    ['2/3', '1/6', '1/6']
    """
    return order_shares(swings_by_size(weights, quota))


def order_shares(counts: Sequence[Sequence[int]]) -> tuple[Fraction, ...]:
    """The share of orders in which each voter is pivotal, from its swings by size.

    Examples
    --------
    >>> [str(x) for x in order_shares(((0, 2, 1), (0, 1, 0), (0, 1, 0)))]
    ['2/3', '1/6', '1/6']
    """
    n = len(counts)
    orders = [factorial(k) * factorial(n - k - 1) for k in range(n)]
    total = factorial(n)
    return tuple(
        Fraction(sum(o * c for o, c in zip(orders, sizes, strict=True)), total) for sizes in counts
    )


def power(weights: Sequence[Number], quota: Number) -> FloatArray:
    """Shapley-Shubik and normalised Banzhaf indices as numbers, shape ``(2, voters)``.

    Examples
    --------
    >>> power([3, 2, 1], 4).round(4)
    array([[0.6667, 0.1667, 0.1667],
           [0.6   , 0.2   , 0.2   ]])
    """
    rows = shapley_shubik(weights, quota), banzhaf_index(weights, quota)
    return np.array([[float(x) for x in row] for row in rows])


def pivotal(weights: FloatArray, support: FloatArray, quota: float) -> IntArray:
    """The voter who decides when voters join in falling order of their support.

    Parameters
    ----------
    weights
        Shape ``(voters,)``.
    support
        Each voter's utility from the proposal, shape ``(voters, batch)``; ties in voter order.
    quota
        Weight needed to win (at least).

    Returns
    -------
    ndarray of int
        Index of the voter whose joining reaches the quota, shape ``(batch,)``.

    Raises
    ------
    UsageError
        If the quota exceeds the sum of the weights.

    Examples
    --------
    >>> pivotal(np.array([40.0, 35.0, 25.0]), np.array([[0.1], [-0.2], [0.9]]), 51.0)
    array([0])
    """
    if quota > weights.sum() * (1 + ROUNDING):
        raise UsageError(f"the quota {quota:g} exceeds the total weight {weights.sum():g}")
    order = np.argsort(-support, axis=0, kind="stable")
    joined = np.cumsum(weights[order], axis=0)
    place = np.argmax(joined >= quota * (1 - ROUNDING), axis=0)
    return np.asarray(np.take_along_axis(order, place[None], axis=0)[0])


def _integers(weights: Sequence[Number], quota: Number) -> tuple[tuple[int, ...], int]:
    """The same voting body with whole weights of greatest common divisor 1."""
    parts, threshold = [as_written(w) for w in weights], as_written(quota)
    if any(w < 0 for w in parts):
        raise UsageError("a voting weight is negative")
    if not 0 < threshold <= sum(parts):
        raise UsageError(f"the quota {quota} must be above 0 and at most the sum of the weights")
    scale = lcm(*(w.denominator for w in parts))
    whole = [int(w * scale) for w in parts]
    unit = gcd(*whole)
    return tuple(w // unit for w in whole), ceil(threshold * scale / unit)


def _prefix_counts(weights: Sequence[int], limit: int) -> tuple[list[bytes], int]:
    """Per size ``k`` the packed ``C_k(1..limit)``, and the bytes per number."""
    n = len(weights)
    width = (n + 8) // 8
    if limit * width * (n + 1) > MEMORY_LIMIT:
        raise TooLargeError(
            f"{n} voters with whole weights summing to {sum(weights):,} need a table of "
            f"{limit * width * (n + 1):,} bytes (limit {MEMORY_LIMIT:,}); round the weights"
        )
    bits = 8 * width
    mask = (1 << bits * limit) - 1
    counts = [1] + [0] * n
    for voters, weight in enumerate(weights, start=1):
        for k in range(voters, 0, -1):
            counts[k] = (counts[k] + (counts[k - 1] << bits * min(weight, limit))) & mask
    return [
        _accumulate(c, bits, limit, mask).to_bytes(width * limit, "little") for c in counts
    ], width


def _accumulate(packed: int, bits: int, limit: int, mask: int) -> int:
    """Prefix sums of packed numbers, by doubling the span summed."""
    span = 1
    while span < limit:
        packed = (packed + (packed << bits * span)) & mask
        span *= 2
    return packed


def _swings_of(table: Sequence[bytes], width: int, quota: int, weight: int) -> tuple[int, ...]:
    """Swings by size of a voter with the given weight, by leaving it out of the counts."""
    n = len(table) - 1
    if weight == 0:
        return (0,) * n
    points = range(quota, 0, -weight)[: n + 1]
    without = [0] * (len(points) + 1)
    out = []
    for k in range(n):
        packed = table[k]
        shifted = without[1:]
        without = [
            int.from_bytes(packed[(m - 1) * width : m * width], "little") - less
            for m, less in zip(points, shifted, strict=True)
        ]
        without.append(0)
        out.append(without[0] - without[1])
    return tuple(out)
