"""The polynomial that an expression is in some of its parameters, with exact coefficients.

Definition. With every other name at its value as it is written, an expression that is made by sums,
products, quotients by a number and whole powers is a polynomial with rational coefficients. Equal terms
cancel, so ``p*q - q*p + 1`` is 1 here, and an affine polynomial is known whatever its text looks like.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from sim._kernels.exact_numbers import as_written
from sim.expressions.exact import exact_operation
from sim.expressions.tree import Node, fold

MOST_TERMS = 256
"""Terms beyond which a polynomial is not written out: nothing is gained over the expression itself."""
LARGEST_POWER = 16
"""The largest power of a varied parameter that is written out."""

Monomial = tuple[str, ...]
"""The parameters of a term, in order, each as often as it is a factor."""
Polynomial = Mapping[Monomial, Fraction]


class _NotPolynomialError(Exception):
    """The expression is not a polynomial, or one with too many terms."""


def polynomial(
    tree: Node, values: Mapping[str, float], varied: frozenset[str]
) -> Polynomial | None:
    """The polynomial of a tree in the varied parameters; ``None`` where it is none.

    Examples
    --------
    >>> from sim.expressions import parse
    >>> polynomial(parse("x * (y - 0.1) + c").tree, {"c": 2}, frozenset({"x", "y"}))
    {('x', 'y'): Fraction(1, 1), ('x',): Fraction(-1, 10), (): Fraction(2, 1)}
    """

    def name(key: str) -> Polynomial:
        return {(key,): Fraction(1)} if key in varied else _constant(as_written(float(values[key])))

    try:
        return fold(tree, number=lambda x: _constant(as_written(x)), name=name, apply=_apply)
    except (_NotPolynomialError, ZeroDivisionError, KeyError, ValueError, OverflowError):
        return None


def affine_row(
    tree: Node, values: Mapping[str, float], varied: tuple[str, ...]
) -> tuple[Fraction, ...] | None:
    """Constant and coefficients of an expression that is affine in the varied parameters, exactly.

    Examples
    --------
    >>> from sim.expressions import parse
    >>> affine_row(parse("(1 - p) / 3 + p*p - p**2").tree, {}, ("p",))
    (Fraction(1, 3), Fraction(-1, 3))
    """
    found = polynomial(tree, values, frozenset(varied))
    if found is None or any(len(monomial) > 1 for monomial in found):
        return None
    zero = Fraction(0)
    return (found.get((), zero), *(found.get((name,), zero) for name in varied))


def _constant(number: Fraction) -> Polynomial:
    return {(): number} if number else {}


def _apply(symbol: str, arguments: list[Polynomial]) -> Polynomial:
    match symbol, arguments:
        case "+", [a, b]:
            return _sum(a, b, Fraction(1))
        case "-", [a, b]:
            return _sum(a, b, Fraction(-1))
        case "neg", [a]:
            return _sum({}, a, Fraction(-1))
        case "*", [a, b]:
            return _product(a, b)
        case "/", [a, b] if _is_constant(b):
            return _product(a, _constant(1 / b.get((), Fraction(0))))
        case "**", [a, b] if not _is_constant(a) and _is_constant(b):
            return _power(a, b.get((), Fraction(0)))
    if not all(map(_is_constant, arguments)):
        raise _NotPolynomialError
    value = exact_operation(symbol, [a.get((), Fraction(0)) for a in arguments])
    if value is None:
        raise _NotPolynomialError
    return _constant(value)


def _is_constant(a: Polynomial) -> bool:
    return not any(a)


def _sum(a: Polynomial, b: Polynomial, factor: Fraction) -> Polynomial:
    out = dict(a)
    for monomial, coefficient in b.items():
        out[monomial] = out.get(monomial, Fraction(0)) + factor * coefficient
    return _short({monomial: c for monomial, c in out.items() if c})


def _product(a: Polynomial, b: Polynomial) -> Polynomial:
    out: dict[Monomial, Fraction] = {}
    for first, c in a.items():
        for second, d in b.items():
            monomial = tuple(sorted(first + second))
            out[monomial] = out.get(monomial, Fraction(0)) + c * d
    return _short({monomial: c for monomial, c in out.items() if c})


def _power(a: Polynomial, exponent: Fraction) -> Polynomial:
    if exponent.denominator != 1 or not 0 <= exponent <= LARGEST_POWER:
        raise _NotPolynomialError
    out = _constant(Fraction(1))
    for _ in range(int(exponent)):
        out = _product(out, a)
    return out


def _short(found: Polynomial) -> Polynomial:
    if len(found) > MOST_TERMS:
        raise _NotPolynomialError
    return found
