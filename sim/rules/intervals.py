"""The rules over boxes: values are bounds of what they are at every point, truths have three values.

Definition. An interval ``(lo, hi)`` holds every value that is taken in a box; of a truth ``lo`` says that it
holds at every point and ``hi`` that it may hold at some. Operations are those of another arithmetic on the
ends, so bounds are arrays, nodes of a graph or lines of text. Sums, differences, products and quotients are
rounded outward [moore1966]_; what underflows to 0 counts as 0.

What is best among what counts is bounded twice: by what certainly counts, and, where something is known to
count, by the least favourable of what may.

Array convention. Ends are values of the other arithmetic; bounds of arrays have the batch of boxes last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np

from sim.rules.arithmetic import ARRAYS, Arithmetic, Tables, Value

EPS = float(np.finfo(np.float64).eps)
"""At least the distance to the next number, relative to a number's size."""


T = TypeVar("T")


class Interval(NamedTuple, Generic[T]):
    """Bounds of a value, or whether a truth certainly and possibly holds."""

    lo: T
    hi: T


Ends = Interval[Any]


class Among(NamedTuple):
    """A table, and where its places count."""

    table: Ends
    alive: Ends


class Intervals:
    """Operations on intervals; what is not one stands for itself.

    Parameters
    ----------
    on
        What the ends are.

    Examples
    --------
    >>> on = Intervals()
    >>> less = on.apply("lt", Interval(0.0, 1.0), 0.5)
    >>> bool(less.lo), bool(less.hi)
    (False, True)
    >>> [float(end) for end in on.apply("where", less, 3.0, Interval(1.0, 2.0))]
    [1.0, 3.0]
    """

    def __init__(self, on: Arithmetic = ARRAYS) -> None:
        self.on = on

    def of(self, value: Value) -> Ends:
        """A value as an interval."""
        return value if isinstance(value, Interval) else Interval(value, value)

    def apply(self, op: str, *values: Value) -> Ends:
        """An operation on intervals."""
        return RULES[op](self.on, *map(self.of, values))

    def fold(self, op: str, values: Iterable[Value]) -> Ends:
        """An operation over several intervals."""
        some = [*map(self.of, values)]
        if op in RISING:
            return Interval(*(self.on.fold(op, ends) for ends in zip(*some, strict=True)))
        return reduce(lambda a, b: self.apply(op, a, b), some)

    def hull(self, values: Iterable[Ends]) -> Ends:
        """What any of several intervals holds."""
        return reduce(
            lambda a, b: Ends(self.on.apply("min", a.lo, b.lo), self.on.apply("max", a.hi, b.hi)),
            values,
        )


class IntervalTables(Intervals):
    """The same on tables.

    Parameters
    ----------
    on
        What the ends are: tables.
    some
        Where, of the places over which a table is reduced, at least one is alive at every point.

    Examples
    --------
    Of two places the second may count and one of them does, so the least is at most 5:

    >>> alive = Interval(np.array([False, False]), np.array([True, True]))
    >>> on = IntervalTables(ARRAYS, some=np.array([True]))
    >>> table = Interval(np.array([1.0, 4.0]), np.array([2.0, 5.0]))
    >>> [float(end[0]) for end in on.over("least", on.held(table, on.barred(alive)), (0,))]
    [1.0, 5.0]
    """

    def __init__(self, on: Tables, some: Value = False) -> None:
        super().__init__(on)
        self.tables, self.some = on, some

    def over(self, op: str, table: Value, axes: Sequence[int]) -> Ends:
        """A reduction, of what counts where that is known."""
        if isinstance(table, Among):
            return self._among(op, table, axes)
        return Interval(*(self.tables.over(op, end, axes) for end in self.of(table)))

    def barred(self, alive: Value) -> Ends:
        """The truths themselves."""
        return self.of(alive)

    def held(self, table: Value, barred: Value) -> Among:
        """A table where it is alive."""
        return Among(self.of(table), barred)

    def best(self, table: Value, alive: Value, axes: Sequence[int]) -> Ends:
        """The best of what is alive."""
        return self._among("most", Among(self.of(table), self.of(alive)), axes)

    def _among(self, op: str, found: Among, axes: Sequence[int]) -> Ends:
        """Of the most the upper end comes from what may count, of the least the lower one."""
        on, (table, alive) = self.tables, found
        other, none = ("least", np.inf) if op == "most" else ("most", -np.inf)
        far, near = (table.hi, table.lo) if op == "most" else (table.lo, table.hi)
        outer = on.over(op, on.apply("where", alive.hi, far, -none), axes)
        inner = on.over(op, on.apply("where", alive.lo, near, -none), axes)
        if self.some is not False:
            worst = on.over(other, on.apply("where", alive.hi, near, none), axes)
            known = worst if self.some is True else on.apply("where", self.some, worst, -none)
            inner = on.apply("max" if op == "most" else "min", inner, known)
        return Interval(inner, outer) if op == "most" else Interval(outer, inner)


Rule = Callable[..., Ends]


def _rising(op: str) -> Rule:
    """An operation that rises with all of its arguments."""
    return lambda on, a, b: Ends(on.apply(op, a.lo, b.lo), on.apply(op, a.hi, b.hi))


def _falling(op: str) -> Rule:
    """An operation of one argument that falls with it."""
    return lambda on, a: Ends(on.apply(op, a.hi), on.apply(op, a.lo))


def _compared(op: str, *, rises: bool) -> Rule:
    """A comparison that rises with one argument and falls with the other."""

    def rule(on: Arithmetic, a: Ends, b: Ends) -> Ends:
        first, second = ((a.lo, a.hi), (b.hi, b.lo)) if rises else ((a.hi, a.lo), (b.lo, b.hi))
        return Interval(on.apply(op, first[0], second[0]), on.apply(op, first[1], second[1]))

    return rule


def _equal(on: Arithmetic, a: Ends, b: Ends) -> Ends:
    low, high = on.apply("ge", a.lo, b.hi), on.apply("le", a.hi, b.lo)
    meet = on.apply("and", on.apply("le", a.lo, b.hi), on.apply("ge", a.hi, b.lo))
    return Interval(on.apply("and", low, high), meet)


def _chosen(on: Arithmetic, where: Ends, yes: Ends, no: Ends) -> Ends:
    """One of two where that is known, both elsewhere."""
    open_ = (on.apply("min", yes.lo, no.lo), on.apply("max", yes.hi, no.hi))
    ends = (
        on.apply("where", where.lo, a, on.apply("where", where.hi, both, b))
        for a, both, b in zip(yes, open_, no, strict=True)
    )
    return Interval(*ends)


def outward(on: Arithmetic, lo: Value, hi: Value, error: Value = EPS) -> Ends:
    """Ends moved apart by a share of their sizes; what is not a number becomes infinite."""
    wide = (on.apply("mul", error, on.apply("abs", end)) for end in (lo, hi))
    low, high = (
        on.apply(op, x, w) for op, x, w in zip(("sub", "add"), (lo, hi), wide, strict=True)
    )
    return Interval(_number(on, low, -np.inf), _number(on, high, np.inf))


def _number(on: Arithmetic, value: Value, other: float) -> Value:
    return on.apply("where", on.apply("eq", value, value), value, other)


def _sum(on: Arithmetic, a: Ends, b: Ends) -> Ends:
    return outward(on, on.apply("add", a.lo, b.lo), on.apply("add", a.hi, b.hi))


def _difference(on: Arithmetic, a: Ends, b: Ends) -> Ends:
    return outward(on, on.apply("sub", a.lo, b.hi), on.apply("sub", a.hi, b.lo))


def _product(on: Arithmetic, a: Ends, b: Ends) -> Ends:
    return _spanned(on, [_times(on, x, y) for x in a for y in b])


def _times(on: Arithmetic, x: Value, y: Value) -> Value:
    """A product; 0 with anything, infinite or not, is 0."""
    return _number(on, on.apply("mul", x, y), 0.0)


def _quotient(on: Arithmetic, a: Ends, b: Ends) -> Ends:
    """Anything where the divisor may be 0."""
    apart = on.apply("or", on.apply("gt", b.lo, 0.0), on.apply("lt", b.hi, 0.0))
    ends = [on.apply("where", apart, y, 1.0) for y in b]
    found = _spanned(on, [_number(on, on.apply("div", x, y), 0.0) for x in a for y in ends])
    low, high = (
        on.apply("where", apart, end, none)
        for end, none in zip(found, (-np.inf, np.inf), strict=True)
    )
    return Interval(low, high)


def _spanned(on: Arithmetic, values: Sequence[Value]) -> Ends:
    return outward(on, on.fold("min", values), on.fold("max", values))


def _size(on: Arithmetic, a: Ends) -> Ends:
    least = on.fold("max", [a.lo, on.apply("neg", a.hi), 0.0])
    return Interval(least, on.apply("max", on.apply("neg", a.lo), a.hi))


RISING = ("min", "max", "and", "or")
"""Operations that rise with all that they are applied to."""

RULES: Mapping[str, Rule] = {op: _rising(op) for op in RISING} | {
    "add": _sum,
    "sub": _difference,
    "mul": _product,
    "div": _quotient,
    "neg": _falling("neg"),
    "abs": _size,
    "lt": _compared("lt", rises=False),
    "le": _compared("le", rises=False),
    "gt": _compared("gt", rises=True),
    "ge": _compared("ge", rises=True),
    "eq": _equal,
    "not": _falling("not"),
    "where": _chosen,
}
"""What each operation of :data:`sim.engine.operations.EXACT` does to intervals."""

INTERVALS = Intervals()
