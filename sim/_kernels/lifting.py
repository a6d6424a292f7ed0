"""Linear systems with whole numbers, solved exactly and fast.

Definition. ``M z = b`` with a square matrix of integers that is regular modulo a prime ``p``. The
inverse modulo ``p`` is computed once; the digits of ``z`` in base ``p`` follow one product each,
and fractions are read off as many digits as Hadamard's bound on determinants asks for
[dixon1982]_.

Array convention. ``matrix`` has shape ``(n, n)``; entries are Python integers in object arrays, or
int64 where they fit.
"""

from __future__ import annotations

from math import gcd, isqrt, log2

import numpy as np

from sim._kernels.tolerance import AnyArray, IntArray

PRIME = 2**31 - 1
"""A prime whose products fit into 63 bits."""
SMALL = 2**20
"""Entries below this leave room for sums of products with digits in int64."""


def independent_rows(matrix: AnyArray) -> list[int]:
    """The first rows, in order, that are linearly independent modulo the prime.

    Examples
    --------
    >>> independent_rows(np.array([[1, 2], [2, 4], [0, 1]], dtype=object))
    [0, 2]
    """
    left = _residues(matrix)
    chosen: list[int] = []
    for k in range(len(left)):
        row = left[k]
        if not row.any():
            continue
        column = int(np.flatnonzero(row)[0])
        row = row * _inverse(int(row[column])) % PRIME
        rest = left[k + 1 :]
        left[k + 1 :] = (rest - rest[:, column, None] * row % PRIME) % PRIME
        chosen.append(k)
        if len(chosen) == left.shape[1]:
            break
    return chosen


def solve_exactly(matrix: AnyArray, right: list[int]) -> tuple[list[int], int] | None:
    """The solution as numerators over one positive denominator; ``None`` if singular modulo the prime.

    Examples
    --------
    >>> solve_exactly(np.array([[2, 1], [1, 3]], dtype=object), [1, 0])
    ([3, -1], 5)
    """
    inverse = _inverse_matrix(_residues(matrix))
    if inverse is None:
        return None
    digits = 1 + _digits_needed(matrix, right)
    small = max((abs(int(v)) for v in matrix.flat), default=0) < SMALL // max(1, len(right) // 256)
    whole: AnyArray = matrix.astype(np.int64 if small else object)
    rest: AnyArray = np.array(right, dtype=object)
    total: AnyArray = np.zeros(len(right), dtype=object)
    power = 1
    for _ in range(digits):
        residue = np.array([int(v) % PRIME for v in rest], dtype=np.int64)
        digit = (inverse * residue % PRIME).sum(axis=1) % PRIME
        rest = (rest - (whole @ digit.astype(whole.dtype)).astype(object)) // PRIME
        total = total + digit.astype(object) * power
        power *= PRIME
    return _read_fractions([int(v) for v in total], power)


def _residues(matrix: AnyArray) -> IntArray:
    return np.array([[int(v) % PRIME for v in row] for row in matrix], dtype=np.int64)


def _inverse(value: int) -> int:
    return pow(value, PRIME - 2, PRIME)


def _inverse_matrix(residues: IntArray) -> IntArray | None:
    """The inverse modulo the prime, by Gauss and Jordan; ``None`` if singular."""
    size = len(residues)
    table = np.hstack([residues, np.eye(size, dtype=np.int64)])
    for k in range(size):
        place = k + int(np.argmax(table[k:, k] != 0))
        if table[place, k] == 0:
            return None
        table[[k, place]] = table[[place, k]]
        table[k] = table[k] * _inverse(int(table[k, k])) % PRIME
        factors = table[:, k].copy()
        factors[k] = 0
        table = (table - factors[:, None] * table[k] % PRIME) % PRIME
    return table[:, size:]


def _digits_needed(matrix: AnyArray, right: list[int]) -> int:
    """Digits in base ``PRIME`` that determine numerators and denominator, by Hadamard's bound."""
    bits = 0.0
    for row, b in zip(matrix, right, strict=True):
        length = isqrt(sum(int(v) ** 2 for v in row) + int(b) ** 2) + 1
        bits += log2(length)
    return int((2 * bits + 2) / log2(PRIME)) + 1


def _read_fractions(values: list[int], modulus: int) -> tuple[list[int], int]:
    """Fractions congruent to the values, over a common denominator found one by one."""
    bound = isqrt(modulus // 2)
    common = 1
    for value in values:
        numerator = value * common % modulus
        if numerator > modulus // 2:
            numerator -= modulus
        if abs(numerator) > bound:
            common *= _denominator(numerator % modulus, modulus, bound)
    out = []
    for value in values:
        numerator = value * common % modulus
        out.append(numerator - modulus if numerator > modulus // 2 else numerator)
    shared = gcd(common, *out)
    return [v // shared for v in out], common // shared


def _denominator(value: int, modulus: int, bound: int) -> int:
    """The smallest denominator with which a residue is a fraction of a small numerator."""
    r0, r1, t0, t1 = modulus, value, 0, 1
    while r1 > bound:
        quotient = r0 // r1
        r0, r1, t0, t1 = r1, r0 - quotient * r1, t1, t0 - quotient * t1
    return abs(t1) or 1
