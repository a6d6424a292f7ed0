"""Scrambled Sobol sequences.

Definition. A low-discrepancy sequence in base 2 (Sobol 1967) with a random linear scramble and digital
shift: every point is uniform on the unit cube, and any ``2^m`` first points fill it evenly. In Gray code
order, the digits of point ``k`` are the exclusive or of the shift and of the direction numbers that belong
to the ones among the binary digits of ``k ^ (k >> 1)``, so any point is reached at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from sim._kernels.tolerance import FloatArray, IntArray

USUAL_BITS = 30
"""Bits of the points of a sequence, where its length does not need more."""
DIGITS = 11
"""Binary digits that are looked up together: the tables stay small."""
BLOCK = 1 << DIGITS
"""Points in a row of which all but the first binary digits are the same."""


def sobol(dims: int, size: int, seed: int, start: int, stop: int) -> FloatArray:
    """Points ``start`` to ``stop - 1`` of a scrambled Sobol sequence, shape ``(dims, stop - start)``.

    Parameters
    ----------
    dims, size, seed
        Of the whole design; every chunk of it uses the same scramble.
    start, stop
        Indices.

    Notes
    -----
    Source: [sobol1967]_; jumping ahead: [antonov1979]_.

    Examples
    --------
    >>> whole = sobol(2, 8, 0, 0, 8)
    >>> bool((sobol(2, 8, 0, 3, 5) == whole[:, 3:5]).all())
    True
    """
    stop = max(start, stop)
    parts, bits = tables(dims, size, seed)
    out = np.empty((dims, stop - start))
    asked = min(BLOCK, 1 << max(0, stop - 1).bit_length())
    for low in range(start - start % BLOCK, stop, BLOCK):
        first, last = max(low, start), min(low + BLOCK, stop)
        digits = _first_points(dims, bits, seed, asked)[:, first - low : last - low]
        above = low ^ (low >> 1)
        for k, part in enumerate(parts):
            column = part[:, (above >> (k * DIGITS)) % part.shape[1]]
            digits = digits ^ (column if k else column ^ part[:, 0])[:, None]
        np.multiply(digits, 2.0**-bits, out=out[:, first - start : last - start])
    return out


def tables(dims: int, size: int, seed: int) -> tuple[list[IntArray], int]:
    """What :func:`sobol_at` reads of a sequence, and the bits of its points.

    For every stretch of ``DIGITS`` binary digits of a point's number the exclusive or of the direction
    numbers that belong to the ones in it, shape ``(dims, 2**DIGITS)``; the shift is in the first.
    """
    bits = max(USUAL_BITS, int(size).bit_length())
    return _tables(dims, bits, seed), bits


@lru_cache(maxsize=4)
def _tables(dims: int, bits: int, seed: int) -> list[IntArray]:
    own, shift = _scrambled(dims, bits, seed)
    out = []
    for start in range(0, bits, DIGITS):
        table = np.zeros((dims, 1), dtype=np.int64)
        for column in own[:, start : start + DIGITS].T:
            table = np.concatenate([table, table ^ column[:, None]], axis=1)
        out.append(table)
    out[0] ^= shift[:, None]
    return out


def sobol_at(index: IntArray, parts: Sequence[IntArray], bits: int) -> FloatArray:
    """Points of a sequence by their numbers, shape ``(dims, batch)``; ``parts`` as :func:`tables` gives them.

    Examples
    --------
    >>> found = sobol_at(np.arange(3, 5), *tables(2, 8, 0))
    >>> bool((found == sobol(2, 8, 0, 3, 5)).all())
    True
    """
    gray = index ^ (index >> 1)
    digits = parts[0][:, gray % parts[0].shape[1]]
    for k, part in enumerate(parts[1:], 1):
        digits = digits ^ part[:, (gray >> (k * DIGITS)) % part.shape[1]]
    return np.multiply(digits, 2.0**-bits, dtype=np.float64)


@lru_cache(maxsize=2)
def _first_points(dims: int, bits: int, seed: int, count: int) -> IntArray:
    """The digits of the first points of a sequence: a later block of them differs by one exclusive or."""
    part = _tables(dims, bits, seed)[0]
    index = np.arange(count)
    gray = index ^ (index >> 1)
    return np.ascontiguousarray(part[:, gray % part.shape[1]])


def _scrambled(dims: int, bits: int, seed: int) -> tuple[IntArray, IntArray]:
    """Direction numbers, shape ``(dims, bits)``, after a linear scramble, and the shift of every dimension.

    As in SciPy, whose numbers these are, but without importing its statistics, which takes longer than most
    samples: the generator is asked for the same bits in the same order.
    """
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed).spawn(1)[0]))
    kind = np.uint32 if bits <= 32 else np.uint64
    weights = 1 << np.arange(bits, dtype=np.int64)
    shift = rng.integers(2, size=(dims, bits), dtype=kind).astype(np.int64) @ weights
    lower = np.tril(rng.integers(2, size=(dims, bits, bits), dtype=kind)).astype(np.float32)
    lower[:, range(bits), range(bits)] = 1
    own = direction_numbers(dims, bits)
    digits = (own[:, None, :] >> np.arange(bits)[::-1, None]) & 1
    mixed = (lower @ digits.astype(np.float32)).astype(np.int64) & 1
    return np.einsum("dpj,p->dj", mixed, weights[::-1]), shift


def direction_numbers(dims: int, bits: int) -> IntArray:
    """Direction numbers of a Sobol sequence before it is scrambled, shape ``(dims, bits)`` [joe2008]_."""
    try:
        polynomials, first = _joe_kuo()
    except (OSError, KeyError):  # a SciPy that keeps them elsewhere
        return _numbers_of_scipy(dims, bits)
    if dims > len(polynomials):
        raise ValueError(f"{dims} dimensions: a Sobol sequence has at most {len(polynomials)}")
    out = np.ones((dims, bits), dtype=np.int64)
    degrees = np.array([int(p).bit_length() - 1 for p in polynomials[:dims]])
    for degree in np.unique(degrees[1:]):
        rows = 1 + np.flatnonzero(degrees[1:] == degree)
        out[rows, : min(degree, bits)] = first[rows, : min(degree, bits)]
        taps = (polynomials[rows, None] >> (degree - 1 - np.arange(degree))) & 1
        for j in range(degree, bits):
            steps = (taps * out[rows, j - degree : j][:, ::-1]) << np.arange(1, degree + 1)
            out[rows, j] = out[rows, j - degree] ^ np.bitwise_xor.reduce(steps, axis=1)
    return out << np.arange(bits)[::-1]


@lru_cache(maxsize=1)
def _joe_kuo() -> tuple[IntArray, IntArray]:
    """Primitive polynomials and first direction numbers of all dimensions, from SciPy's table."""
    from importlib.resources import as_file, files

    with as_file(files("scipy").joinpath("stats", "_sobol_direction_numbers.npz")) as path:
        table = np.load(path)
        return table["poly"].astype(np.int64), table["vinit"].astype(np.int64)


def _numbers_of_scipy(dims: int, bits: int) -> IntArray:
    from scipy.stats import qmc

    numbers: IntArray = qmc.Sobol(dims, scramble=False, bits=bits)._sv.astype(np.int64)
    return numbers
