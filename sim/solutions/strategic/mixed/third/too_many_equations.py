r"""Supports of three actors in which one has more equations than the other two have unknowns.

Definition. Let the actors use 2, ``k`` and at least ``k + 2`` strategies. What makes the last one indifferent
are equations ``M(p) y = 0`` that are linear in the second's mix ``y`` and in the first's share ``p``. At a
solution all ``k`` by ``k`` determinants of ``M(p)`` are 0. They are polynomials of degree ``k`` in ``p``, of
which ``k + 1`` rows have ``k + 1``, in general independent: then some combination of them is 1, and there is
no solution. That is decided by the Bernstein coefficients of the combination, beside what they are known up
to.

Array convention. ``rows`` of shape ``(rows, k_0, k_1, k_2, batch)``, equations first.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.solutions.strategic.mixed.multilinear_bounds import MARGIN
from sim.solutions.strategic.mixed.third.forms import Forms, determinants, stacked

RIDGE = 1e-15
"""What is added to squares that may be dependent; the combination need not be the best."""


def has_too_many(sizes: Sequence[int]) -> bool:
    """Whether sizes, sorted, are those of such a support.

    Examples
    --------
    >>> has_too_many([2, 2, 4]), has_too_many([2, 2, 3]), has_too_many([3, 3, 5])
    (True, False, False)
    """
    return len(sizes) == 3 and sizes[0] == 2 and sizes[2] - sizes[1] > 1


def without_solution(rows: FloatArray) -> BoolArray:
    """Which systems have clearly no solution.

    Parameters
    ----------
    rows
        With sizes for which :func:`has_too_many` holds.

    Examples
    --------
    >>> p, q = np.meshgrid([0, 1], [0, 1], indexing="ij")
    >>> equations = np.stack([p - q, p + q - 1, p + 2 * q - 1.2])[..., None] / 2
    >>> rows = np.concatenate([np.zeros((2, 2, 2, 4)), equations + np.zeros(4)])[..., None]
    >>> without_solution(rows)
    array([ True])
    """
    sizes = rows.shape[1:-1]
    share, middle, large = sorted(range(3), key=lambda actor: sizes[actor])
    start, width = sum(sizes[:large]) - large, sizes[middle]
    ordered = rows[start : start + width + 1].transpose(0, 1 + middle, 1 + share, 1 + large, 4)
    forms = Forms(coefficients=ordered[:, :, :, 0], corners=2, size=1.0, error=MARGIN)
    every = [
        determinants([forms[r] for r in some])[tuple(range(width))]
        for some in combinations(range(width + 1), width)
    ]
    found = stacked(every)
    matrices = np.moveaxis(found.coefficients, -1, 0)
    count = matrices.shape[2]
    squares = matrices.transpose(0, 2, 1) @ matrices + RIDGE * np.eye(count)
    factors = matrices @ np.linalg.solve(squares, np.ones((len(squares), count, 1)))
    least = (factors * matrices).sum(axis=1).min(axis=1)
    return np.asarray(least > 2 * found.error * np.abs(factors).sum(axis=(1, 2)))
