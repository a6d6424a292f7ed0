"""Which of two cells is better by leximin, as lines of whatever text code is printed in.

Definition. As in :mod:`sim.engine.choosing`: the keys of a cell are its parts in ascending order and then the
sum of some of them; of two cells the one with the first larger key is better. Keys that are not equal but
closer than a gap are not told apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Protocol

import numpy as np


class Lines(Protocol):
    """What prints operations, one value a line; numbers and truths stand for themselves."""

    def apply(self, op: str, *values: str | float | bool) -> str:
        """The name of an operation's value."""


def keys(
    on: Lines, parts: Sequence[str], levels: Sequence[int], level: str, summed: int
) -> tuple[list[str], str]:
    """The keys of a cell, parts above a level being infinite, and which part is the first of the lowest."""
    mine = [
        on.apply("where", on.apply("ge", level, float(at)), part, np.inf) if at else part
        for part, at in zip(parts, levels, strict=True)
    ]
    total = reduce(lambda a, b: on.apply("add", a, b), mine[:summed])
    return [*_ascending(on, mine), total], _first_lowest(on, mine)


def _first_lowest(on: Lines, parts: Sequence[str]) -> str:
    low, which = parts[0], on.apply("where", True, 0.0, 0.0)
    for k, part in enumerate(parts[1:], 1):
        less = on.apply("lt", part, low)
        low = on.apply("where", less, part, low)
        which = on.apply("where", less, float(k), which)
    return which


def _ascending(on: Lines, parts: Sequence[str]) -> list[str]:
    """The parts in ascending order, by exchanging pairs."""
    out = list(parts)
    for a, b in exchanges(len(out)):
        less = on.apply("lt", out[a], out[b])
        out[a], out[b] = (on.apply("where", less, out[x], out[y]) for x, y in ((a, b), (b, a)))
    return out


def exchanges(size: int) -> list[tuple[int, int]]:
    """Pairs of places to exchange, in order, that sort any list: Batcher's merging of odd and even ones.

    Examples
    --------
    >>> exchanges(4)
    [(0, 1), (2, 3), (0, 2), (1, 3), (1, 2)]
    """
    out = []
    step = 1
    while step < size:
        near = step
        while near >= 1:
            for start in range(near % step, size - near, 2 * near):
                for k in range(min(near, size - start - near)):
                    low, high = start + k, start + k + near
                    if low // (2 * step) == high // (2 * step):
                        out.append((low, high))
            near //= 2
        step *= 2
    return out


def better(
    on: Lines, mine: Sequence[str], best: Sequence[str], here: str | bool, gap: float
) -> tuple[str, str]:
    """Where a cell beats the best so far, and where the two are too close to be told apart.

    ``here`` is where it is a candidate.
    """
    open_: str | bool = here
    wins: str | bool = False
    close: str | bool = False
    for value, other in zip(mine, best, strict=True):
        equal = on.apply("eq", value, other)
        ahead = on.apply("gt", value, on.apply("add", other, gap))
        behind = on.apply("gt", other, on.apply("add", value, gap))
        told = on.apply("or", on.apply("or", ahead, behind), equal)
        close = on.apply("or", close, on.apply("and", open_, on.apply("not", told)))
        wins = on.apply("or", wins, on.apply("and", open_, on.apply("gt", value, other)))
        open_ = on.apply("and", open_, equal)
    return str(wins), str(close)


def cell_of(on: Lines, key: str, count: int) -> str:
    """The cell of an outcome from its place in the order of classes; the first where there is none."""
    known = on.apply("where", on.apply("lt", key, np.inf), key, 0.0)
    whole = on.apply("floor", on.apply("div", known, float(count)))
    return on.apply("sub", known, on.apply("mul", whole, float(count)))
