"""Scrambled Sobol sequences.

Definition. A low-discrepancy sequence in base 2 (Sobol 1967) with a random linear scramble and digital
shift: every point is uniform on the unit cube, and any ``2^m`` first points fill it evenly. In Gray code
order, the digits of point ``k`` are the exclusive or of the shift and of the direction numbers that belong
to the ones among the binary digits of ``k ^ (k >> 1)``, so any point is reached at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from functools import lru_cache
from typing import Any

import numpy as np

from sim._kernels.tolerance import FloatArray, IntArray

USUAL_BITS = 30
"""Bits of the points of a sequence, where its length does not need more."""
DIGITS = 11
"""Binary digits that are looked up together: the tables stay small."""


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
    sequence = copy(_scrambled(dims, max(USUAL_BITS, int(size).bit_length()), seed))
    if start > 0:
        _jump(sequence, start)
        return np.ascontiguousarray(sequence.random(stop - start).T)
    sequence.reset()
    first = sequence.random(min(1, stop))
    return np.concatenate([first, sequence.random(max(stop - 1, 0))]).T.copy()


def tables(dims: int, size: int, seed: int) -> tuple[list[IntArray], int]:
    """What :func:`sobol_at` reads of a sequence, and the bits of its points.

    For every stretch of ``DIGITS`` binary digits of a point's number the exclusive or of the direction
    numbers that belong to the ones in it, shape ``(dims, 2**DIGITS)``; the shift is in the first.
    """
    bits = max(USUAL_BITS, int(size).bit_length())
    sequence = _scrambled(dims, bits, seed)
    own = sequence._sv.astype(np.int64)
    out = []
    for start in range(0, bits, DIGITS):
        table = np.zeros((dims, 1), dtype=np.int64)
        for column in own[:, start : start + DIGITS].T:
            table = np.concatenate([table, table ^ column[:, None]], axis=1)
        out.append(table)
    out[0] ^= sequence._shift.astype(np.int64)[:, None]
    return out, bits


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


@lru_cache(maxsize=4)
def _scrambled(dims: int, bits: int, seed: int) -> Any:
    from scipy.stats import qmc

    return qmc.Sobol(dims, scramble=True, bits=bits, rng=np.random.default_rng(seed))


def _jump(sequence: Any, start: int) -> None:
    """Place a sequence before point ``start``: as ``fast_forward``, which steps through all points before."""
    gray = (start - 1) ^ ((start - 1) >> 1)
    ones = [k for k in range(gray.bit_length()) if gray >> k & 1]
    sequence._quasi = np.bitwise_xor.reduce(sequence._sv[:, ones], axis=1, initial=0)
    sequence._quasi = (sequence._quasi ^ sequence._shift).astype(sequence._sv.dtype)
    sequence.num_generated = start
