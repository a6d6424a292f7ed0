"""Leximin, once for all: which parts of a cell count, its keys, and which of two keys is larger.

Definition. Parts above the level that decides are infinite. The keys of a cell are its parts in ascending
order and then the sum of some of them; of two cells the one with the first larger key is better. Keys that
are not equal but closer than a gap are not told apart.

The definitions (:mod:`sim.feasibility.choice`) and the numpy back end read this with arrays, kernels with
lines of text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any, Protocol

import numpy as np

Value = Any


class Lines(Protocol):
    """What does operations on values one by one; numbers and truths stand for themselves."""

    def apply(self, op: str, *values: Any) -> Any:
        """An operation: its value, or the name of the line that has it."""


Sorting = Callable[[Any, Sequence[Value]], Sequence[Value]]


def counted(on: Lines, parts: Sequence[Value], levels: Sequence[int], level: Value) -> list[Value]:
    """The parts up to a level; those above are infinite."""
    return [
        on.apply("where", on.apply("ge", level, float(at)), part, np.inf) if at else part
        for part, at in zip(parts, levels, strict=True)
    ]


def keys(on: Lines, parts: Sequence[Value], summed: int, ascending: Sorting) -> list[Value]:
    """The keys of a cell: its parts from the lowest up, then the sum of the first ones."""
    total = reduce(lambda a, b: on.apply("add", a, b), parts[:summed])
    return [*ascending(on, parts), total]


def compared(on: Lines, value: Value, other: Value, gap: float) -> tuple[Value, Value, Value]:
    """Of two keys: whether the first is larger, they are equal, and they are not told apart."""
    equal = on.apply("eq", value, other)
    ahead = on.apply("gt", value, on.apply("add", other, gap))
    behind = on.apply("gt", other, on.apply("add", value, gap))
    told = on.apply("or", on.apply("or", ahead, behind), equal)
    return on.apply("gt", value, other), equal, on.apply("not", told)


def first_lowest(on: Lines, parts: Sequence[Value]) -> Value:
    """Which part is the first of the lowest."""
    low, which = parts[0], on.apply("where", True, 0.0, 0.0)
    for k, part in enumerate(parts[1:], 1):
        less = on.apply("lt", part, low)
        low = on.apply("where", less, part, low)
        which = on.apply("where", less, float(k), which)
    return which


def by_exchanges(on: Lines, parts: Sequence[Value]) -> list[Value]:
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
    on: Lines, mine: Sequence[Value], best: Sequence[Value], here: Value, gap: float
) -> tuple[Value, Value]:
    """Where a cell beats the best so far, and where the two are too close to be told apart.

    ``here`` is where it is a candidate.
    """
    open_, wins, close = here, False, False
    for value, other in zip(mine, best, strict=True):
        larger, equal, near = compared(on, value, other, gap)
        close = on.apply("or", close, on.apply("and", open_, near))
        wins = on.apply("or", wins, on.apply("and", open_, larger))
        open_ = on.apply("and", open_, equal)
    return wins, close


def cell_of(on: Lines, key: str, count: int) -> Value:
    """The cell of an outcome from its place in the order of classes; the first where there is none."""
    known = on.apply("where", on.apply("lt", key, np.inf), key, 0.0)
    whole = on.apply("floor", on.apply("div", known, float(count)))
    return on.apply("sub", known, on.apply("mul", whole, float(count)))
