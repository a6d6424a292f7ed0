"""Affine functions of parameters over a box, in which what both sides of a difference share cancels.

Definition. Over a box with middle ``c`` and radii ``r`` an affine function ``d_0 + d . x`` lies within
``d_0 + d . c -+ (|d| . r + e)``, with ``e`` more than rounding takes; a function that is 0 is exactly 0. A
choice between two functions stays one until it is bounded, so that a difference of choices is bounded branch
by branch, each exactly.

Array convention. Numbers are values of another arithmetic: arrays with the batch of boxes last, or lines of
a kernel's text.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import NamedTuple

from sim.rules.arithmetic import Arithmetic, Value
from sim.rules.intervals import Ends, Interval, Intervals


class Box(NamedTuple):
    """A box: per parameter its middle and radius, and more than rounding takes from what is bounded."""

    mid: Sequence[Value]
    radius: Sequence[Value]
    error: Value


class Affine(NamedTuple):
    """A constant and a slope per parameter."""

    numbers: tuple[Value, ...]


class Either(NamedTuple):
    """One of two functions, by a truth that may be open."""

    where: Ends
    yes: Affine | Either
    no: Affine | Either


Function = Affine | Either


def centred(on: Arithmetic, numbers: Sequence[Value], box: Box) -> tuple[Value, Value]:
    """The middle of what an affine function takes in a box, and how far it may be from there."""
    constant, *slopes = numbers
    mid, reach = constant, None
    for slope, at, radius in zip(slopes, box.mid, box.radius, strict=True):
        mid = on.apply("add", mid, on.apply("mul", slope, at))
        part = on.apply("mul", on.apply("abs", slope), radius)
        reach = part if reach is None else on.apply("add", reach, part)
    flat = reduce(lambda a, b: on.apply("and", a, b), (on.apply("eq", n, 0.0) for n in numbers))
    error = on.apply("where", flat, 0.0, box.error)
    return mid, error if reach is None else on.apply("add", reach, error)


class Forms(Intervals):
    """Operations on functions over a box; what is neither kept as a function nor cancels is bounded.

    Parameters
    ----------
    on
        What numbers are.
    box
        Where.

    Examples
    --------
    >>> from sim.rules.arithmetic import ARRAYS
    >>> on = Forms(ARRAYS, Box([0.5], [0.5], 0.0))
    >>> one, two = Affine((1.0, 2.0)), Affine((0.0, 2.0))
    >>> [float(end) for end in on.bounded(on.apply("sub", one, two))]
    [1.0, 1.0]
    >>> either = on.apply("where", Interval(False, True), one, two)
    >>> [float(end) for end in on.bounded(on.apply("sub", either, two))]
    [0.0, 1.0]
    """

    def __init__(self, on: Arithmetic, box: Box) -> None:
        super().__init__(on)
        self.box = box

    def apply(self, op: str, *values: Value) -> Value:
        """An operation."""
        kept = [isinstance(v, Affine | Either) for v in values]
        if op == "where" and all(kept[1:]):
            return Either(self.of(values[0]), values[1], values[2])
        if op == "sub" and all(kept):
            return self._less(*values)
        return super().apply(op, *map(self.bounded, values))

    def _less(self, a: Function, b: Function) -> Function:
        if isinstance(a, Either):
            return Either(a.where, self._less(a.yes, b), self._less(a.no, b))
        if isinstance(b, Either):
            return Either(b.where, self._less(a, b.yes), self._less(a, b.no))
        pairs = zip(a.numbers, b.numbers, strict=True)
        return Affine(tuple(self.on.apply("sub", x, y) for x, y in pairs))

    def bounded(self, value: Value) -> Ends:
        """Bounds of a function; anything else as an interval."""
        if isinstance(value, Either):
            ends = map(self.bounded, (value.yes, value.no))
            return super().apply("where", value.where, *ends)
        if not isinstance(value, Affine):
            return self.of(value)
        mid, reach = centred(self.on, value.numbers, self.box)
        return Interval(self.on.apply("sub", mid, reach), self.on.apply("add", mid, reach))
