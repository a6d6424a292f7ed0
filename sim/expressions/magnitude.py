"""The magnitude of an expression: what its value is added up from, in absolute values.

Definition. The magnitude of a number is its absolute value, that of a sum the sum of the magnitudes, that of
a product their product; a function passes on the magnitude of its argument as far as it passes on its
rounding. ``0.1 + 0.2 - 0.3`` has value 0 (nearly) and magnitude 0.6: what rounding, and so a tie, scales
with. Of ``where``, ``min`` and ``max`` only what is chosen counts, wherever the choice is certain.

A parameter counts with the largest absolute value that it may take. What depends on one is *moving*: a
choice that rests on it is not certain.

Array convention: values broadcast as numpy arrays do, batch axis last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from sim.expressions.evaluate import OPERATIONS, FloatArray
from sim.expressions.tree import Node, fold


@dataclass(frozen=True, slots=True, eq=False)
class Magnitude:
    """A value, its magnitude (at least its absolute value), and whether a parameter moves it."""

    value: FloatArray
    size: FloatArray
    moving: bool = False


def magnitude(tree: Node, env: Mapping[str, Magnitude]) -> Magnitude:
    """The magnitude of an expression, given that of every name.

    Examples
    --------
    >>> from sim.expressions import parse
    >>> found = magnitude(parse("0.1 + 0.2 - 0.3 + 1e9*0").tree, {})
    >>> float(found.size.round(12))
    0.6
    """
    with np.errstate(all="ignore"):
        return fold(tree, number=_number, name=lambda key: env[key], apply=_apply)


def _number(value: float) -> Magnitude:
    array = np.asarray(value, dtype=np.float64)
    return Magnitude(array, np.abs(array))


def _apply(symbol: str, parts: list[Magnitude]) -> Magnitude:
    value = np.asarray(OPERATIONS[symbol](*[part.value for part in parts]), dtype=np.float64)
    moving = any(part.moving for part in parts)
    rule = RULES.get(symbol, _truth)
    size = np.fmax(rule(value, parts), np.abs(value))
    return Magnitude(value, np.where(np.isfinite(size), size, 0.0), moving)


def _truth(value: FloatArray, parts: Sequence[Magnitude]) -> FloatArray:
    """0 or 1, and either where a parameter decides."""
    return np.ones_like(value) if any(part.moving for part in parts) else np.abs(value)


def _largest(parts: Sequence[Magnitude]) -> FloatArray:
    return reduce(np.maximum, [part.size for part in parts])


def _chosen(value: FloatArray, parts: Sequence[Magnitude]) -> FloatArray:
    """Of ``min``, ``max`` and ``clip`` the part that is chosen, or the largest where any may be."""
    if any(part.moving for part in parts):
        return _largest(parts)
    return reduce(np.maximum, [np.where(p.value == value, p.size, 0.0) for p in parts])


def _where(value: FloatArray, parts: Sequence[Magnitude]) -> FloatArray:
    condition, yes, no = parts
    if condition.moving:
        return np.maximum(yes.size, no.size)
    return np.where(condition.value != 0, yes.size, no.size)


def _power(value: FloatArray, parts: Sequence[Magnitude]) -> FloatArray:
    base, exponent = parts
    return np.where(exponent.value >= 1, np.power(base.size, exponent.value), np.abs(value))


Rule = Callable[[FloatArray, Sequence[Magnitude]], FloatArray]

RULES: Mapping[str, Rule] = {
    "+": lambda value, p: p[0].size + p[1].size,
    "-": lambda value, p: p[0].size + p[1].size,
    "*": lambda value, p: p[0].size * p[1].size,
    "/": lambda value, p: p[0].size * p[1].size / np.square(p[1].value),
    "**": _power,
    "neg": lambda value, p: p[0].size,
    "abs": lambda value, p: p[0].size,
    "min": _chosen,
    "max": _chosen,
    "clip": _chosen,
    "where": _where,
    "exp": lambda value, p: value * np.maximum(1.0, p[0].size),
    "log": lambda value, p: np.abs(value) + p[0].size / np.abs(p[0].value),
    "sqrt": lambda value, p: np.sqrt(p[0].size),
    "logistic": lambda value, p: value * (1.0 + p[0].size),
}
"""How each operation passes magnitudes on; what is not here is true or false."""
