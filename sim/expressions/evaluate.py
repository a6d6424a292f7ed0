"""The value of an expression on whole arrays.

A tree is translated once into a list of instructions on numbered registers: names first, then
constants, then one register per operation. Equal subexpressions share a register, and what depends
on no name is computed at translation.

An operation that is undefined at a point (division by zero, the root of a negative number) gives
NaN there, silently. NaN spreads to everything that uses it, through comparisons, ``min`` and
``clip`` too, so that a caller who checks the result for finiteness misses nothing; only ``where``,
``and`` and ``or`` pass over a value that they do not use (``and`` and ``or`` read from the left).
Overflow gives infinity, and ``log(0)`` minus infinity.

Array convention: values broadcast as numpy arrays do, batch axis last; each operation works on the
smallest shape that its own arguments need. Truth is 1.0, falsehood 0.0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.expressions.tree import Node, fold

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Function = Callable[..., FloatArray]


def divide(a: FloatArray, b: FloatArray) -> FloatArray:
    """The quotient; NaN where ``b`` is 0.

    Examples
    --------
    >>> with np.errstate(all="ignore"):
    ...     divide(np.array([1.0, 0.0, 3.0]), np.array([0.0, 0.0, 2.0]))
    array([nan, nan, 1.5])
    """
    quotient = np.divide(a, b)
    if np.all(b):
        return quotient
    return np.where(np.equal(b, 0.0), np.nan, quotient)


def power(a: FloatArray, b: FloatArray) -> FloatArray:
    """``a`` to the power ``b``; NaN where it divides by zero or is not real.

    Examples
    --------
    >>> with np.errstate(all="ignore"):
    ...     power(np.array([3.0, 0.0, -8.0]), np.array([2.0, -1.0, 1 / 3]))
    array([ 9., nan, nan])
    """
    if np.ndim(b) == 0 and b == 2.0:
        return np.square(a)
    value = np.power(a, b)
    if not np.any(np.less(b, 0.0)):
        return value
    return np.where(np.equal(a, 0.0) & np.less(b, 0.0), np.nan, value)


def logistic(x: FloatArray) -> FloatArray:
    """``1 / (1 + exp(-x))``, 0 and 1 in the limits.

    Examples
    --------
    >>> with np.errstate(all="ignore"):
    ...     logistic(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    return np.divide(1.0, np.add(1.0, np.exp(np.negative(x))))


def _undefined_kept(value: FloatArray, *sources: FloatArray) -> FloatArray:
    for source in sources:
        undefined = np.isnan(source)
        if undefined.any():
            value = np.where(undefined, np.nan, value)
    return value


def _comparison(compare: Callable[[FloatArray, FloatArray], BoolArray]) -> Function:
    def compared(a: FloatArray, b: FloatArray) -> FloatArray:
        return _undefined_kept(compare(a, b).astype(np.float64), a, b)

    return compared


def _truth(x: FloatArray) -> FloatArray:
    return _undefined_kept(np.not_equal(x, 0.0).astype(np.float64), x)


def _and(*links: FloatArray) -> FloatArray:
    return reduce(lambda a, b: np.where(np.equal(a, 1.0), b, a), links)


def _or(*links: FloatArray) -> FloatArray:
    return reduce(lambda a, b: np.where(np.equal(a, 0.0), b, a), links)


def _where(condition: FloatArray, a: FloatArray, b: FloatArray) -> FloatArray:
    return _undefined_kept(np.where(np.not_equal(condition, 0.0), a, b), condition)


OPERATIONS: Mapping[str, Function] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": divide,
    "**": power,
    "neg": np.negative,
    "<": _comparison(np.less),
    "<=": _comparison(np.less_equal),
    ">": _comparison(np.greater),
    ">=": _comparison(np.greater_equal),
    "==": _comparison(np.equal),
    "!=": _comparison(np.not_equal),
    "truth": _truth,
    "and": _and,
    "or": _or,
    "not": lambda x: np.subtract(1.0, x),
    "min": lambda *x: reduce(np.minimum, x),
    "max": lambda *x: reduce(np.maximum, x),
    "abs": np.absolute,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "clip": lambda x, lo, hi: np.minimum(np.maximum(x, lo), hi),
    "where": _where,
    "logistic": logistic,
}
"""What each operation does to arrays."""


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """An expression as instructions on registers; made by :func:`translate`.

    Parameters
    ----------
    names
        The names whose values fill the first registers.
    constants
        The values of the registers that follow.
    instructions
        Per operation its function, the registers of its arguments, and those that nothing reads
        after it, whose arrays are let go; the result is a new register.
    result
        The register of the expression's value.
    """

    names: tuple[str, ...]
    constants: tuple[np.float64, ...]
    instructions: tuple[tuple[Function, tuple[int, ...], tuple[int, ...]], ...]
    result: int

    def run(self, env: Mapping[str, FloatArray]) -> FloatArray:
        """The value, given a float array for every name.

        Returns
        -------
        ndarray
            A new array of the broadcast shape of the names that occur.
        """
        registers: list[Any] = [*(env[name] for name in self.names), *self.constants]
        with np.errstate(all="ignore"):
            for function, arguments, last in self.instructions:
                registers.append(function(*[registers[k] for k in arguments]))
                for k in last:
                    registers[k] = None
        value = registers[self.result]
        return np.array(value) if self.result < len(self.names) else np.asarray(value)


def translate(tree: Node) -> Program:
    """The instructions of a tree.

    Examples
    --------
    >>> from sim.expressions.tree import Chain, Name, Number
    >>> program = translate(Chain(Name("x"), (("*", Number(2.0)), ("/", Name("x")))))
    >>> program.run({"x": np.array([3.0, 0.0])})
    array([ 2., nan])
    """
    order: dict[object, int] = {}
    leaves: dict[int, str | np.float64] = {}
    steps: list[tuple[str, tuple[int, ...], int]] = []

    def leaf(value: str | np.float64) -> int:
        key = (type(value), value, value == 0.0 and np.signbit(value))
        register = order.setdefault(key, len(order))
        leaves.setdefault(register, value)
        return register

    def apply(symbol: str, arguments: list[int]) -> int:
        known = [leaves.get(k) for k in arguments]
        if all(isinstance(value, np.float64) for value in known):
            with np.errstate(all="ignore"):
                return leaf(np.float64(OPERATIONS[symbol](*known)))
        key = (symbol, tuple(arguments))
        if key not in order:
            order[key] = len(order)
            steps.append((*key, order[key]))
        return order[key]

    result = fold(tree, number=lambda v: leaf(np.float64(v)), name=leaf, apply=apply)
    return _numbered(leaves, steps, result)


def _numbered(
    leaves: Mapping[int, str | np.float64],
    steps: list[tuple[str, tuple[int, ...], int]],
    result: int,
) -> Program:
    names = [(k, leaf) for k, leaf in leaves.items() if isinstance(leaf, str)]
    used = {k for _, arguments, _ in steps for k in arguments} | {result}
    constants = [(k, v) for k, v in leaves.items() if isinstance(v, np.float64) and k in used]
    old = [k for k, _ in names] + [k for k, _ in constants] + [k for _, _, k in steps]
    new = {k: position for position, k in enumerate(old)}
    reads = [(OPERATIONS[symbol], tuple(new[k] for k in a)) for symbol, a, _ in steps]
    final = {k: position for position, (_, a) in enumerate(reads) for k in a}
    return Program(
        names=tuple(name for _, name in names),
        constants=tuple(value for _, value in constants),
        instructions=tuple(
            (function, a, tuple(k for k in set(a) if final[k] == position))
            for position, (function, a) in enumerate(reads)
        ),
        result=new[result],
    )
