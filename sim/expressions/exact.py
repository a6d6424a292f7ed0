"""The exact value of an expression in rational numbers, where it has one.

Decimals count as written: ``0.1`` is one tenth. Sums, products, quotients, whole powers, ``min``,
``max``, ``abs``, ``clip`` and comparisons of rational numbers are rational; ``exp``, ``log``, ``sqrt``,
``logistic`` and other powers are not, in general, and have no exact value here.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from fractions import Fraction

from sim._kernels.exact_numbers import as_written
from sim.expressions.tree import Node, fold

LARGEST_POWER = 64
"""The largest whole power that is written out."""


class _NotRationalError(Exception):
    """The expression has no exact value."""


def exact_value(tree: Node, values: Mapping[str, float]) -> Fraction | None:
    """The value as a fraction; ``None`` where an operation leaves the rational numbers.

    Examples
    --------
    >>> from sim.expressions import parse
    >>> exact_value(parse("1 / (3 * x)").tree, {"x": 0.1})
    Fraction(10, 3)
    >>> exact_value(parse("sqrt(x)").tree, {"x": 4}) is None
    True
    """
    try:
        return fold(
            tree,
            number=as_written,
            name=lambda key: as_written(float(values[key])),
            apply=_apply,
        )
    except (_NotRationalError, ZeroDivisionError, KeyError, ValueError, OverflowError):
        return None


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator != 1 or abs(exponent) > LARGEST_POWER:
        raise _NotRationalError
    return Fraction(base ** int(exponent))


def _truth(test: Callable[[Fraction, Fraction], bool]) -> Callable[..., Fraction]:
    return lambda a, b: Fraction(int(test(a, b)))


_OPERATIONS: dict[str, Callable[..., Fraction]] = {
    "+": lambda *a: sum(a, Fraction(0)),
    "-": lambda *a: a[0] - a[1] if len(a) == 2 else -a[0],
    "*": operator.mul,
    "/": operator.truediv,
    "**": _power,
    "min": min,
    "max": max,
    "abs": abs,
    "neg": operator.neg,
    "clip": lambda x, low, high: min(max(x, low), high),
    "<": _truth(operator.lt),
    "<=": _truth(operator.le),
    ">": _truth(operator.gt),
    ">=": _truth(operator.ge),
    "==": _truth(operator.eq),
    "!=": _truth(operator.ne),
}


def _apply(symbol: str, arguments: list[Fraction]) -> Fraction:
    operation = _OPERATIONS.get(symbol)
    if operation is None:
        raise _NotRationalError
    return operation(*arguments)


def exact_operation(symbol: str, arguments: list[Fraction]) -> Fraction | None:
    """An operation on fractions; ``None`` where it leaves the rational numbers.

    Examples
    --------
    >>> exact_operation("max", [Fraction(1, 3), Fraction(1, 4)])
    Fraction(1, 3)
    """
    try:
        return _apply(symbol, arguments)
    except (_NotRationalError, ZeroDivisionError, ValueError, OverflowError):
        return None
