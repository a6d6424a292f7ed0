"""Latin hypercubes.

Definition. With ``n`` points every parameter's range is cut into ``n`` strata of equal probability and
each stratum is hit exactly once (McKay, Beckman and Conover 1979). A hypercube that fits into memory is
drawn as a whole. Of a larger one point ``k`` lies in stratum ``pi(k)``, with ``pi`` for every parameter a
pseudo-random permutation that is computed where it is asked for: a Feistel network (Luby and Rackoff 1988) on
``k = left * 2**digits + right``, ``left`` below the least ``rows`` with ``rows * 2**digits >= n``, repeated
until it falls below ``n`` (Black and Rogaway 2002). Two to the ``digits`` is at most the root of ``n``, so
few numbers do not fall below ``n`` at once.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim._kernels.tolerance import FloatArray
from sim.engine.permuting import strata_by_code
from sim.sweeps.designs.monte_carlo import monte_carlo

IN_MEMORY = 10_000_000
"""Numbers up to which permutations are held in memory; larger ones are computed point by point."""
FEW = 256
"""Points up to which it does not matter what computes them."""
ROUNDS = 8
"""Rounds of the cipher that permutes large numbers."""

Words = NDArray[np.uint64]


def latin(dims: int, size: int, seed: int, start: int, stop: int) -> FloatArray:
    """Points ``start`` to ``stop - 1`` of a Latin hypercube, shape ``(dims, stop - start)``.

    Notes
    -----
    Source: [mckay1979]_; permutations by index: [luby1988]_, [black2002]_.

    Examples
    --------
    >>> np.sort(np.floor(latin(1, 4, 0, 0, 4) * 4)).astype(int).tolist()
    [[0, 1, 2, 3]]
    """
    if dims * size <= IN_MEMORY:
        return _whole(dims, size, seed)[:, start:stop]
    words = np.random.SeedSequence((seed, dims)).generate_state(dims * ROUNDS, np.uint64)
    keys = words.astype(np.uint64).reshape(dims, ROUNDS)
    out = monte_carlo(dims, size, seed, start, stop)
    for row, key in zip(out, keys, strict=True):
        in_strata(row, start, size, key)
    return out


@lru_cache(maxsize=2)
def _whole(dims: int, size: int, seed: int) -> FloatArray:
    from scipy.stats import qmc

    drawn = qmc.LatinHypercube(dims, rng=np.random.default_rng(seed)).random(size)
    return np.ascontiguousarray(drawn.T)


def in_strata(inside: FloatArray, start: int, size: int, keys: Words) -> None:
    """Put points from ``start`` on, given where from 0 to 1 they lie in their strata, into them."""
    digits, rows = cut(size)
    done = len(inside) >= FEW and strata_by_code(inside, start, size, digits, rows, keys)
    if not done:
        inside += permuted(np.arange(start, start + len(inside), dtype=np.uint64), size, keys)
        inside /= size


def cut(size: int) -> tuple[int, int]:
    """Binary digits of what stands right in the network, and how many values stand left of it."""
    digits = int(size - 1).bit_length() // 2
    return digits, ((size - 1) >> digits) + 1


def permuted(index: Words, size: int, keys: Words) -> Words:
    """Where a pseudo-random permutation of ``0 .. size - 1`` takes some indices, by numpy.

    Examples
    --------
    >>> sorted(permuted(np.arange(5, dtype=np.uint64), 5, np.arange(8, dtype=np.uint64)).tolist())
    [0, 1, 2, 3, 4]
    """
    digits, rows = cut(size)
    out = _feistel(index, digits, rows, keys)
    while (outside := out >= size).any():
        out[outside] = _feistel(out[outside], digits, rows, keys)
    return out


def _feistel(words: Words, digits: int, rows: int, keys: Words) -> Words:
    """A permutation of ``0 .. rows * 2**digits - 1``: what is left and what is right are moved in turns."""
    width, half, count = np.uint64(digits), np.uint64(32), np.uint64(rows)
    mask = np.uint64((1 << digits) - 1)
    left, right = words >> width, words & mask
    for k, key in enumerate(keys):
        if k % 2:
            right = right ^ (_mixed(left ^ key) & mask)
        else:
            left = left + ((_mixed(right ^ key) >> half) * count >> half)
            left = np.where(left >= count, left - count, left)
    return (left << width) | right


def _mixed(words: Words) -> Words:
    """Words of 64 bits of which every bit depends on every bit: the finaliser of SplitMix64 [steele2014]_."""
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))
