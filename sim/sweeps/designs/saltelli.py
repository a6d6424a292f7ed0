"""The design from which Sobol indices are estimated.

Definition. With ``d`` parameters, the ``j``-th block has ``d + 2`` points: ``A_j`` and ``B_j``, the two
halves of a point of a Sobol sequence in ``2d`` dimensions, and for every parameter ``i`` the point
``AB_ij``, which is ``A_j`` with its ``i``-th coordinate taken from ``B_j``.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.sweeps.designs.sobol import sobol


def saltelli(dims: int, size: int, seed: int, start: int, stop: int) -> FloatArray:
    """Points ``start`` to ``stop - 1`` of the design, shape ``(dims, stop - start)``.

    Notes
    -----
    Source: [saltelli2010]_.

    Examples
    --------
    >>> a, b, ab1, ab2 = saltelli(2, 4, 0, 0, 4).T
    >>> bool((ab1 == [b[0], a[1]]).all() and (ab2 == [a[0], b[1]]).all())
    True
    """
    block = dims + 2
    first, last = start // block, -(-stop // block)
    both = sobol(2 * dims, size // block, seed, first, last)
    a, b = both[:dims], both[dims:]
    points = np.repeat(a[:, :, None], block, axis=2)
    points[:, :, 1] = b
    for k in range(dims):
        points[k, :, k + 2] = b[k]
    return points.reshape(dims, -1)[:, start - first * block : stop - first * block]
