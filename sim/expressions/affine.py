"""The affine form of an expression in some of its parameters.

An expression is affine in the varied parameters ``theta`` when it equals
``constant + sum_k coefficient_k * theta_k`` with a constant and coefficients that do not depend on
``theta``. The form is read off the tree: sums, products with a constant, quotients by a constant
and ``where`` on a constant condition keep it; everything else of a varied argument loses it. The
test is one of form: ``x*x - x*x`` does not count as affine in ``x``.

Array convention: the constant and every coefficient are arrays over the moves and the batch that
broadcast with each other, batch axis last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.expressions.evaluate import OPERATIONS, FloatArray
from sim.expressions.tree import Node, fold


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Affine:
    """``constant + sum_k coefficients[k] * theta_k``.

    Parameters
    ----------
    constant
        The value where every varied parameter is 0.
    coefficients
        Per varied parameter that occurs, its coefficient; broadcasts with ``constant``.

    Examples
    --------
    >>> form = Affine(constant=np.array([1.0, 2.0]), coefficients={"x": np.array([0.5, 0.0])})
    >>> form.at({"x": 4.0})
    array([3., 2.])
    """

    constant: FloatArray
    coefficients: Mapping[str, FloatArray]

    def at(self, theta: Mapping[str, FloatArray | float]) -> FloatArray:
        """The value at given values of the varied parameters."""
        value = np.asarray(self.constant, dtype=np.float64)
        for key, coefficient in self.coefficients.items():
            value = value + coefficient * np.asarray(theta[key], dtype=np.float64)
        return value


Value = FloatArray | Affine | None
ZERO = np.zeros(())
ONE = np.ones(())


def affine_form(
    tree: Node, env: Mapping[str, FloatArray | Affine | None], varied: frozenset[str]
) -> Affine | None:
    """The affine form of a tree in the varied parameters, or ``None`` where it has none.

    Parameters
    ----------
    tree
        The expression's tree.
    env
        Per name that is not varied an array, an affine form (a derived attribute), or ``None`` for
        a name that is known not to be affine.
    varied
        The parameters that vary.

    Examples
    --------
    >>> from sim.expressions.tree import Chain, Name, Number
    >>> tree = Chain(Name("x"), (("+", Name("k")), ("-", Number(1.0))))
    >>> form = affine_form(tree, {"k": np.array([2.0, 3.0])}, frozenset({"x"}))
    >>> form.constant, form.coefficients
    (array([1., 2.]), {'x': array(1.)})
    """

    def name(key: str) -> Value:
        return Affine(constant=ZERO, coefficients={key: ONE}) if key in varied else env[key]

    with np.errstate(all="ignore"):
        value = fold(tree, number=np.asarray, name=name, apply=_apply)
    if value is None or isinstance(value, Affine):
        return value
    return Affine(constant=np.asarray(value), coefficients={})


def _apply(symbol: str, arguments: list[Value]) -> Value:
    if any(argument is None for argument in arguments):
        return None
    if not any(isinstance(argument, Affine) for argument in arguments):
        return np.asarray(OPERATIONS[symbol](*arguments))
    match symbol, arguments:
        case (("+" | "-"), [a, b]):
            return _combine(symbol, _form(a), _form(b))
        case "neg", [Affine() as a]:
            return _scale("*", a, -ONE)
        case "*", [Affine() as a, np.ndarray() as b]:
            return _scale("*", a, b)
        case "*", [np.ndarray() as a, Affine() as b]:
            return _scale("*", b, a)
        case "/", [Affine() as a, np.ndarray() as b]:
            return _scale("/", a, b)
        case "**", [Affine() as a, np.ndarray() as b]:
            return _power(a, b)
        case "where", [np.ndarray() as condition, a, b]:
            return _choose(condition, _form(a), _form(b))
    return None


def _form(value: Value) -> Affine:
    if isinstance(value, Affine):
        return value
    return Affine(constant=np.asarray(value, dtype=np.float64), coefficients={})


def _combine(symbol: str, a: Affine, b: Affine) -> Affine:
    operation = OPERATIONS[symbol]
    keys = dict.fromkeys([*a.coefficients, *b.coefficients])
    return Affine(
        constant=np.asarray(operation(a.constant, b.constant)),
        coefficients={
            k: np.asarray(operation(a.coefficients.get(k, ZERO), b.coefficients.get(k, ZERO)))
            for k in keys
        },
    )


def _scale(symbol: str, a: Affine, factor: FloatArray) -> Affine:
    operation = OPERATIONS[symbol]
    return Affine(
        constant=np.asarray(operation(a.constant, factor)),
        coefficients={k: np.asarray(operation(c, factor)) for k, c in a.coefficients.items()},
    )


def _power(a: Affine, exponent: FloatArray) -> Affine | None:
    if np.all(exponent == 1.0):
        return a
    if np.all(exponent == 0.0):
        return Affine(constant=ONE, coefficients={})
    return None


def _choose(condition: FloatArray, a: Affine, b: Affine) -> Affine:
    choose = OPERATIONS["where"]
    keys = dict.fromkeys([*a.coefficients, *b.coefficients])
    return Affine(
        constant=np.asarray(choose(condition, a.constant, b.constant)),
        coefficients={
            k: np.asarray(
                choose(condition, a.coefficients.get(k, ZERO), b.coefficients.get(k, ZERO))
            )
            for k in keys
        },
    )
