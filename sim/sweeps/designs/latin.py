"""Latin hypercubes.

Definition. With ``n`` points every parameter's range is cut into ``n`` strata of equal probability and
each stratum is hit exactly once (McKay, Beckman and Conover 1979).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.errors import TooLargeError

MAX_VALUES = 10_000_000


def latin(dims: int, size: int, seed: int, start: int, stop: int) -> FloatArray:
    """Points ``start`` to ``stop - 1`` of a Latin hypercube, shape ``(dims, stop - start)``.

    Raises
    ------
    TooLargeError
        If the whole hypercube, which has to be drawn at once, is too large for memory.

    Notes
    -----
    Source: [mckay1979]_.

    Examples
    --------
    >>> np.sort(np.floor(latin(1, 4, 0, 0, 4) * 4)).astype(int).tolist()
    [[0, 1, 2, 3]]
    """
    if dims * size > MAX_VALUES:
        raise TooLargeError(
            f"a Latin hypercube of {size:,} points in {dims} parameters is drawn as a whole, and "
            f"{MAX_VALUES:,} values are the limit; use the design 'sobol'"
        )
    return _whole(dims, size, seed)[:, start:stop]


@lru_cache(maxsize=2)
def _whole(dims: int, size: int, seed: int) -> FloatArray:
    from scipy.stats import qmc

    drawn = qmc.LatinHypercube(dims, rng=np.random.default_rng(seed)).random(size)
    return np.ascontiguousarray(drawn.T)
