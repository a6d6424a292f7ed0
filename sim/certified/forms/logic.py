"""Claims as statements on the signs of conditions: what is certain of them, and where they hold exactly.

Definition. A statement is a sign (a condition is ``>= 0`` or ``> 0``), all of some statements, one of some,
or so many of some. Over a box a sign is certain, impossible or open, and so is a statement made of
signs. Written out as alternatives, each a list of signs, a statement of affine conditions holds on a union
of convex polytopes.

Array convention. Truth values have shape ``(boxes,)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product

import numpy as np

from sim._kernels.tolerance import BoolArray
from sim.certified.bounds.conditions import Signs


@dataclass(frozen=True, slots=True)
class Sign:
    """A condition (or, ``flipped``, its negative) is at least 0, or above 0 where ``strict``."""

    row: int
    strict: bool = False
    flipped: bool = False


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; true where there are none."""

    parts: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one part holds; false where there are none."""

    parts: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """At least ``low`` and at most ``high`` parts hold."""

    low: int
    high: int
    parts: tuple[Statement, ...]


Statement = Sign | All | Some | Count


def at_least(number: int, parts: Sequence[Statement]) -> Count:
    """At least so many of some statements hold."""
    return Count(number, len(parts), tuple(parts))


def negated(statement: Statement) -> Statement:
    """What holds where a statement does not.

    Examples
    --------
    >>> negated(All((Sign(0), Sign(1, strict=True))))
    Some(parts=(Sign(row=0, strict=True, flipped=True), Sign(row=1, strict=False, flipped=True)))
    """
    match statement:
        case Sign(row, strict, flipped):
            return Sign(row, not strict, not flipped)
        case All(parts):
            return Some(tuple(map(negated, parts)))
        case Some(parts):
            return All(tuple(map(negated, parts)))
        case Count(low, high, parts):
            return Some((Count(0, low - 1, parts), Count(high + 1, len(parts), parts)))


def truth(statement: Statement, signs: Signs) -> tuple[BoolArray, BoolArray]:
    """Where a statement is certain, and where it is possible.

    Examples
    --------
    >>> signs = Signs(np.array([[0.0, -1.0]]), np.array([[1.0, 1.0]]))
    >>> truth(Sign(0), signs)
    (array([ True, False]), array([ True,  True]))
    """
    match statement:
        case Sign(row, strict, flipped):
            lo, hi = (-signs.hi[row], -signs.lo[row]) if flipped else (signs.lo[row], signs.hi[row])
            return (lo > 0, hi > 0) if strict else (lo >= 0, hi >= 0)
        case All(parts):
            found = _truths(parts, signs)
            return found[0].all(axis=0), found[1].all(axis=0)
        case Some(parts):
            found = _truths(parts, signs)
            return found[0].any(axis=0), found[1].any(axis=0)
        case Count(low, high, parts):
            certain, possible = _truths(parts, signs).sum(axis=1)
            return (certain >= low) & (possible <= high), (possible >= low) & (certain <= high)


def _truths(parts: Sequence[Statement], signs: Signs) -> BoolArray:
    """What is certain and what is possible of every part, shape ``(2, parts, boxes)``."""
    out = np.zeros((2, len(parts), len(signs)), dtype=np.bool_)
    for k, part in enumerate(parts):
        out[0, k], out[1, k] = truth(part, signs)
    return out


def ways(statement: Statement, most: int) -> list[tuple[Sign, ...]] | None:
    """The alternatives of a statement, each a list of signs; ``None`` where they are too many.

    Examples
    --------
    >>> ways(All((Some((Sign(0), Sign(1))), Sign(2))), 8)
    [(Sign(row=0, ...), Sign(row=2, ...)), (Sign(row=1, ...), Sign(row=2, ...))]
    """
    match statement:
        case Sign():
            return [(statement,)]
        case Some(parts):
            inner = [ways(part, most) for part in parts]
            if any(part is None for part in inner):
                return None
            out = [way for part in inner for way in part or ()]
            return out if len(out) <= most else None
        case All(parts):
            inner = [ways(part, most) for part in parts]
            if any(part is None for part in inner):
                return None
            chosen = islice(product(*(part or () for part in inner)), most + 1)
            joined = [tuple(sign for way in one for sign in way) for one in chosen]
            return joined if len(joined) <= most else None
        case Count(low, high, parts):
            return ways(_spelled_out(low, high, parts, most), most)


def _spelled_out(low: int, high: int, parts: tuple[Statement, ...], most: int) -> Statement:
    """A count as one of all choices of the parts that hold, and of those that do not."""
    size = len(parts)
    if high >= size:
        chosen = combinations(range(size), max(low, 0))
        return Some(tuple(All(tuple(parts[k] for k in some)) for some in islice(chosen, most + 1)))
    sizes = range(max(low, 0), high + 1)
    every = (some for number in sizes for some in combinations(range(size), number))
    return Some(
        tuple(
            All(tuple(p if k in some else negated(p) for k, p in enumerate(parts)))
            for some in islice(every, most + 1)
        )
    )
