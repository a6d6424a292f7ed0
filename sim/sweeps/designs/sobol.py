"""Scrambled Sobol sequences.

Definition. A low-discrepancy sequence in base 2 (Sobol 1967) with a random linear scramble and digital
shift: every point is uniform on the unit cube, and any ``2^m`` first points fill it evenly.
"""

from __future__ import annotations

import warnings

import numpy as np

from sim._kernels.tolerance import FloatArray


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
    Source: [sobol1967]_.

    Examples
    --------
    >>> whole = sobol(2, 8, 0, 0, 8)
    >>> bool((sobol(2, 8, 0, 3, 5) == whole[:, 3:5]).all())
    True
    """
    from scipy.stats import qmc

    bits = max(30, int(size).bit_length())
    sequence = qmc.Sobol(dims, scramble=True, bits=bits, rng=np.random.default_rng(seed))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The balance properties")
        if start:
            sequence.fast_forward(start)
        return np.ascontiguousarray(sequence.random(stop - start).T)
