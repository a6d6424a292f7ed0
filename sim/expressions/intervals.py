"""Guaranteed bounds of an expression over boxes of its parameters.

Given for every name an interval ``[lo, hi]`` (or a fixed array), the bounds enclose every value
that the expression takes when each name takes any value of its interval: ``evaluate`` at a point of
the box lies inside, wherever it is defined there. Results are rounded outward [moore1966]_; exact
sums, products with 0, 1 and -1, and whatever depends on fixed arrays only stay exact, and what
underflows to 0 counts as 0. An operation that may be undefined in the box (the divisor may be 0,
the argument of a root or a logarithm negative) has infinite bounds. A truth value is [1, 1] for
certainly, [0, 0] for certainly not, [0, 1] for undecided.

Array convention: ``lo`` and ``hi`` have one shape and broadcast as numpy arrays do, batch (of
boxes) last. Bounds are never NaN.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np

from sim.expressions.evaluate import OPERATIONS, BoolArray, FloatArray, logistic
from sim.expressions.tree import Node, fold

ROUNDING = float(np.finfo(np.float64).eps)
"""At least the distance to the next float, relative to a number's size."""

LIBRARY_ERROR = 8 * ROUNDING
"""More than the relative error of ``exp``, ``log`` and ``power`` in any build of numpy."""

TINY = 1e-300
"""More than the absolute error of those functions where they underflow."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Interval:
    """All numbers from ``lo`` to ``hi``, elementwise.

    Examples
    --------
    >>> Interval(lo=np.array([0.0]), hi=np.array([1.0])).hi
    array([1.])
    """

    lo: FloatArray
    hi: FloatArray


Value = FloatArray | Interval
Rule = Callable[..., Interval]


def interval_bounds(tree: Node, env: Mapping[str, Value]) -> Interval:
    """Bounds of a tree, given an interval or a fixed array for every name.

    Examples
    --------
    >>> from sim.expressions.tree import Name, Number, Operation
    >>> square = Operation("**", (Name("x"), Number(2.0)))
    >>> bounds = interval_bounds(square, {"x": Interval(lo=np.array([-1.0]), hi=np.array([2.0]))})
    >>> bounds.lo, bounds.hi
    (array([0.]), array([4.]))
    """
    with np.errstate(all="ignore"):
        return _interval(fold(tree, number=_number, name=env.__getitem__, apply=_apply))


def _number(value: float) -> Value:
    return np.asarray(value, dtype=np.float64)


def _apply(symbol: str, arguments: list[Value]) -> Value:
    if any(isinstance(argument, Interval) for argument in arguments):
        return RULES[symbol](*map(_interval, arguments))
    return OPERATIONS[symbol](*arguments)


def _interval(value: Value) -> Interval:
    """A value as an interval; a fixed array is one whose ends are the same object."""
    if isinstance(value, Interval):
        return value
    value = np.asarray(value, dtype=np.float64)
    interval = Interval(lo=value, hi=value)
    return _spanning(value, value) if np.isnan(value).any() else interval


def _spanning(lo: FloatArray, hi: FloatArray) -> Interval:
    """The interval with the given ends; an end that is not a number becomes infinite."""
    if lo.shape != hi.shape:
        lo, hi = np.broadcast_arrays(lo, hi)
    if not _ordered(lo, hi):
        lo, hi = np.where(lo != lo, -np.inf, lo), np.where(hi != hi, np.inf, hi)
    return Interval(lo=lo, hi=hi)


def _ordered(lo: FloatArray, hi: FloatArray) -> bool:
    """Whether ends of one shape are numbers, and no lower end is above the upper one."""
    return bool(np.count_nonzero(lo <= hi) == lo.size)


def _down(x: FloatArray, error: FloatArray | float = ROUNDING) -> FloatArray:
    """A number below ``x`` by at least the relative error; 0 stays 0."""
    return x - np.abs(x) * error


def _up(x: FloatArray, error: FloatArray | float = ROUNDING) -> FloatArray:
    return x + np.abs(x) * error


def _ends(a: Interval) -> tuple[FloatArray, ...]:
    return (a.lo,) if a.lo is a.hi else (a.lo, a.hi)


def _sum_error(a: FloatArray, b: FloatArray, total: FloatArray) -> FloatArray:
    """What rounding lost in ``total = a + b``, exactly [knuth1997]_; NaN where it overflowed."""
    part = total - a
    return (a - (total - part)) + (b - part)


def _add(a: Interval, b: Interval) -> Interval:
    lo = a.lo + b.lo
    error = _sum_error(a.lo, b.lo, lo)
    low = _down(lo, _unless(error >= 0))
    if a.lo is a.hi and b.lo is b.hi:
        return _spanning(low, _up(lo, _unless(error <= 0)))
    hi = a.hi + b.hi
    return _spanning(low, _up(hi, _unless(_sum_error(a.hi, b.hi, hi) <= 0)))


def _unless(exact: BoolArray) -> FloatArray:
    """The relative error of sums, 0 where they are exact."""
    return np.where(exact, 0.0, ROUNDING)


def _negate(a: Interval) -> Interval:
    return Interval(lo=-a.hi, hi=-a.lo)


def _subtract(a: Interval, b: Interval) -> Interval:
    return _add(a, _negate(b))


def _rounding(a: Interval) -> FloatArray | float:
    """The relative error of a product with ``a``: none where ``a`` is fixed at 1 or -1."""
    return np.where(np.equal(np.abs(a.lo), 1.0), 0.0, ROUNDING) if a.lo is a.hi else ROUNDING


def _multiply(a: Interval, b: Interval) -> Interval:
    products = [x * y for x in _ends(a) for y in _ends(b)]
    lo, hi = reduce(np.minimum, products), reduce(np.maximum, products)
    both = a.lo is a.hi and b.lo is b.hi
    error = np.minimum(_rounding(a), _rounding(b)) if both else _rounding(a if a.lo is a.hi else b)
    low, high = _down(lo, error), _up(hi, error)
    if _ordered(low, high):
        return Interval(lo=low, hi=high)
    products = [np.where(np.isnan(product), 0.0, product) for product in products]
    lo, hi = reduce(np.minimum, products), reduce(np.maximum, products)
    return _spanning(_down(lo, error), _up(hi, error))


def _divide(a: Interval, b: Interval) -> Interval:
    zero = (b.lo <= 0.0) & (b.hi >= 0.0)
    if zero.any():
        return _divide_near_zero(a, b, zero)
    quotients = [x / y for x in _ends(a) for y in _ends(b)]
    lo, hi = reduce(np.fmin, quotients), reduce(np.fmax, quotients)
    return _spanning(_down(lo, _rounding(b)), _up(hi, _rounding(b)))


def _divide_near_zero(a: Interval, b: Interval, zero: BoolArray) -> Interval:
    """The quotient where some divisors may be 0: one-sided where they only touch it."""
    below, above = (b.lo == 0.0) & (b.hi > 0.0), (b.hi == 0.0) & (b.lo < 0.0)
    positive, negative = (a.lo >= 0.0) & (a.hi > 0.0), (a.hi <= 0.0) & (a.lo < 0.0)
    bounded_below = ~zero | (below & positive) | (above & negative)
    bounded_above = ~zero | (below & negative) | (above & positive)
    divisors = np.where(below, b.hi, b.lo), np.where(above, b.lo, b.hi)
    quotients = [x / y for x in _ends(a) for y in divisors]
    lo, hi = reduce(np.fmin, quotients), reduce(np.fmax, quotients)
    return _spanning(
        np.where(bounded_below, _down(lo), -np.inf), np.where(bounded_above, _up(hi), np.inf)
    )


def _power(a: Interval, b: Interval) -> Interval:
    whole = (b.lo == b.hi) & (np.floor(b.lo) == b.lo)
    even = whole & (np.fmod(b.lo, 2.0) == 0.0)
    known = (a.lo >= 0.0) | even | (whole & ((b.lo > 0.0) | (a.hi < 0.0)))
    size = _absolute(a)
    ends = np.where(even, size.lo, a.lo) + 0.0, np.where(even, size.hi, a.hi) + 0.0
    powers = [np.power(x, y) for x in ends for y in _ends(b)]
    lo = _down(reduce(np.fmin, powers), LIBRARY_ERROR) - TINY
    hi = _up(reduce(np.fmax, powers), LIBRARY_ERROR) + TINY
    lo = np.where(ends[0] >= 0.0, np.maximum(lo, 0.0), lo)
    return _spanning(np.where(known, lo, -np.inf), np.where(known, hi, np.inf))


def _absolute(a: Interval) -> Interval:
    return Interval(lo=np.maximum(np.maximum(a.lo, -a.hi), 0.0), hi=np.maximum(-a.lo, a.hi))


def _exponential(a: Interval) -> Interval:
    lo, hi = np.exp(a.lo), np.exp(a.hi)
    return _spanning(
        np.maximum(_down(lo, LIBRARY_ERROR) - TINY, 0.0), _up(hi, LIBRARY_ERROR) + TINY
    )


def _logarithm(a: Interval) -> Interval:
    lo, hi = np.log(a.lo), np.log(a.hi)
    return _spanning(_down(lo, LIBRARY_ERROR), _up(hi, LIBRARY_ERROR))


def _root(a: Interval) -> Interval:
    lo, hi = np.sqrt(a.lo), np.sqrt(a.hi)
    return _spanning(_down(lo), np.where(a.lo < 0.0, np.inf, _up(hi)))


def _logistic(a: Interval) -> Interval:
    lo, hi = logistic(a.lo), logistic(a.hi)
    return _spanning(
        np.maximum(_down(lo, LIBRARY_ERROR) - TINY, 0.0),
        np.minimum(_up(hi, LIBRARY_ERROR) + TINY, 1.0),
    )


def _minimum(*parts: Interval) -> Interval:
    return _spanning(
        reduce(np.minimum, [p.lo for p in parts]), reduce(np.minimum, [p.hi for p in parts])
    )


def _maximum(*parts: Interval) -> Interval:
    return _spanning(
        reduce(np.maximum, [p.lo for p in parts]), reduce(np.maximum, [p.hi for p in parts])
    )


def _three_valued(certain: BoolArray, impossible: BoolArray) -> Interval:
    lo, hi = np.broadcast_arrays(certain, np.logical_not(impossible))
    return Interval(lo=lo.astype(np.float64), hi=hi.astype(np.float64))


def _less(a: Interval, b: Interval) -> Interval:
    return _three_valued(a.hi < b.lo, a.lo >= b.hi)


def _less_equal(a: Interval, b: Interval) -> Interval:
    return _three_valued(a.hi <= b.lo, a.lo > b.hi)


def _equal(a: Interval, b: Interval) -> Interval:
    same = (a.lo == a.hi) & (b.lo == b.hi) & (a.lo == b.lo)
    return _three_valued(same, (a.hi < b.lo) | (b.hi < a.lo))


def _truth(a: Interval) -> Interval:
    return _three_valued((a.lo > 0.0) | (a.hi < 0.0), (a.lo == 0.0) & (a.hi == 0.0))


def _not(a: Interval) -> Interval:
    return Interval(lo=1.0 - a.hi, hi=1.0 - a.lo)


def _where(condition: Interval, a: Interval, b: Interval) -> Interval:
    surely, never = condition.lo > 0.0, condition.hi <= 0.0
    return _spanning(
        np.where(surely, a.lo, np.where(never, b.lo, np.minimum(a.lo, b.lo))),
        np.where(surely, a.hi, np.where(never, b.hi, np.maximum(a.hi, b.hi))),
    )


RULES: Mapping[str, Rule] = {
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _divide,
    "**": _power,
    "neg": _negate,
    "<": _less,
    "<=": _less_equal,
    ">": lambda a, b: _less(b, a),
    ">=": lambda a, b: _less_equal(b, a),
    "==": _equal,
    "!=": lambda a, b: _not(_equal(a, b)),
    "truth": _truth,
    "and": _minimum,
    "or": _maximum,
    "not": _not,
    "min": _minimum,
    "max": _maximum,
    "abs": _absolute,
    "exp": _exponential,
    "log": _logarithm,
    "sqrt": _root,
    "clip": lambda x, lo, hi: _minimum(_maximum(x, lo), hi),
    "where": _where,
    "logistic": _logistic,
}
"""What each operation does to intervals."""
