"""The sets among some that contain none of the others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T", int, str)


def minimal(sets: Iterable[frozenset[T]]) -> list[frozenset[T]]:
    """The sets that contain none of the others, the smallest first.

    Examples
    --------
    >>> [sorted(one) for one in minimal([frozenset("ab"), frozenset("abc"), frozenset("c")])]
    [['c'], ['a', 'b']]
    """
    kept: list[frozenset[T]] = []
    for one in sorted(set(sets), key=lambda s: (len(s), sorted(s))):
        if not any(other <= one for other in kept):
            kept.append(one)
    return kept
