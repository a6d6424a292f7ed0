"""Minimal balanced collections of coalitions, which decide whether a core is empty.

Definition. Weights ``y_S > 0`` on some proper coalitions are *balanced* where they cover every player exactly
once in sum. The core is not empty exactly where ``sum y_S v(S) <= v(N)`` for every minimal balanced
collection [shapley1967]_: finitely many conditions, each affine in the values. Minimal collections are the
vertices of the polytope of balanced weights.

Array convention. Coalitions are bitmasks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, islice

import numpy as np

MAX_PLAYERS = 5
"""With 5 players there are 1,291 collections, with 6 already 200,213."""
LARGEST_DENOMINATOR = 64
"""Weights of up to 5 players are fractions of far smaller denominators (determinants of 0-1 matrices)."""
SURELY_POSITIVE = 1e-6
"""Far below the smallest positive weight, far above rounding."""
CHUNK = 20_000
"""Bases that are solved at once."""

Collection = Mapping[int, Fraction]


@lru_cache(maxsize=MAX_PLAYERS)
def balanced_collections(players: int) -> tuple[Collection, ...]:
    """The weights of every minimal balanced collection but the grand coalition alone.

    Examples
    --------
    >>> [sorted(c) for c in balanced_collections(3)]
    [[1, 2, 4], [1, 6], [2, 5], [3, 4], [3, 5, 6]]
    """
    proper = np.arange(1, (1 << players) - 1)
    member = (proper[:, None] >> np.arange(players) & 1).astype(np.float64)
    found: dict[tuple[int, ...], Collection] = {}
    for bases in _chunks(len(proper), players):
        matrices = member[bases].swapaxes(1, 2)
        regular = np.abs(np.linalg.det(matrices)) > 0.5
        weights = np.linalg.solve(matrices[regular], np.ones((regular.sum(), players, 1)))[..., 0]
        inside = (weights > -SURELY_POSITIVE).all(axis=1)
        for basis, row in zip(bases[regular][inside], weights[inside], strict=True):
            used = row > SURELY_POSITIVE
            key = tuple(int(c) for c in proper[basis[used]])
            if key not in found:
                exact = (
                    Fraction(float(y)).limit_denominator(LARGEST_DENOMINATOR) for y in row[used]
                )
                found[key] = dict(zip(key, exact, strict=True))
    assert all(_covers(collection, players) for collection in found.values())
    return tuple(found[key] for key in sorted(found))


def _chunks(
    coalitions: int, size: int
) -> Iterator[np.ndarray[tuple[int, int], np.dtype[np.int64]]]:
    every = combinations(range(coalitions), size)
    while chunk := list(islice(every, CHUNK)):
        yield np.array(chunk, dtype=np.int64)


def _covers(collection: Collection, players: int) -> bool:
    """Whether exact weights cover every player once."""
    return all(sum(y for c, y in collection.items() if c >> i & 1) == 1 for i in range(players))
