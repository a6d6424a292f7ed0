"""Operations of a graph's nodes as numpy computes them.

Array convention. Elementwise operations broadcast; reductions are told over which axes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from sim._kernels.tolerance import AnyArray
from sim.expressions.evaluate import OPERATIONS

EXACT: Mapping[str, Callable[..., AnyArray]] = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.divide,
    "neg": np.negative,
    "abs": np.absolute,
    "min": np.minimum,
    "max": np.maximum,
    "lt": np.less,
    "le": np.less_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
    "eq": np.equal,
    "and": np.logical_and,
    "or": np.logical_or,
    "not": np.logical_not,
    "where": np.where,
}
"""Elementwise operations that are the same on every machine: a back end may write them itself."""

TRUTH = frozenset({"lt", "le", "gt", "ge", "eq", "and", "or", "not", "any"})
"""Operations whose values are true or false."""

NORMAL = "normal"
"""The distribution function of the standard normal law, as ``EXPRESSION`` operations are named."""

EXPRESSION = "expression "
"""What the name of an operation of the expression language begins with that only numpy computes."""

COMBINE = "combine"
"""A sum of products as one product of matrices (:mod:`sim.engine.combining`)."""

NEUTRAL = {
    ("add", 0.0), ("sub", 0.0), ("mul", 1.0), ("div", 1.0),
    ("min", np.inf), ("max", -np.inf), ("and", 1.0), ("or", 0.0),
}  # fmt: skip
"""Operations with the number that changes nothing in them."""
ABSORBING = {("min", -np.inf), ("max", np.inf), ("and", 0.0), ("or", 1.0), ("mul", 0.0)}
"""Operations with the number that is their value whatever the other one is."""


def normal(x: AnyArray) -> AnyArray:
    """The distribution function of the standard normal law.

    Examples
    --------
    >>> float(normal(np.array(0.0)))
    0.5
    """
    from scipy.special import ndtr

    return np.asarray(ndtr(x))


def function_of(op: str) -> Callable[..., AnyArray]:
    """The numpy function of an elementwise operation."""
    if op == EXPRESSION + NORMAL:
        return normal
    if op.startswith(EXPRESSION):
        return OPERATIONS[op.removeprefix(EXPRESSION)]
    return EXACT[op]


def reduced(op: str, table: AnyArray, places: tuple[int, ...]) -> AnyArray:
    """A reduction of an array over some of its axes."""
    match op:
        case "most":
            return np.asarray(table.max(axis=places))
        case "least":
            return np.asarray(table.min(axis=places))
        case "any":
            return np.asarray(table.any(axis=places))
        case "count" | "total":
            return np.asarray(table.sum(axis=places, dtype=np.float64))
    moved = np.moveaxis(table, places, range(len(places)))
    flat = moved.reshape(-1, *moved.shape[len(places) :])
    return np.asarray(flat.argmax(axis=0), dtype=np.float64)
