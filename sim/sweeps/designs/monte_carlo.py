"""Independent pseudo-random points, jumped to by index.

Definition. The ``k``-th point takes draws ``k * dims`` to ``(k + 1) * dims - 1`` of one PCG64 stream,
which can be advanced by any number of draws in a few steps.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.tolerance import FloatArray

BLOCK = 256
"""Points that are drawn and turned round together, in the cache."""


def monte_carlo(dims: int, size: int, seed: int, start: int, stop: int) -> FloatArray:
    """Pseudo-random points ``start`` to ``stop - 1``, shape ``(dims, stop - start)``.

    Notes
    -----
    Source: [oneill2014]_ for the generator.

    Examples
    --------
    >>> whole = monte_carlo(3, 100, 7, 0, 100)
    >>> bool((monte_carlo(3, 100, 7, 40, 60) == whole[:, 40:60]).all())
    True
    """
    bits = np.random.PCG64(seed)
    bits.advance(start * dims)
    generator, out = np.random.Generator(bits), np.empty((dims, stop - start))
    for first in range(0, stop - start, BLOCK):
        block = out[:, first : first + BLOCK]
        block[:] = generator.random(block.shape[::-1]).T
    return out
