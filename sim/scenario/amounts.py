"""Amounts: numbers in the files of classical games, exact, or expressions in the file's parameters.

``1/3`` and ``0.1`` are taken exactly. Anything else is an expression; its value is exact too where it
stays among the rational numbers (:mod:`sim.expressions.exact`).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any

import numpy as np
from numpy.typing import ArrayLike
from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from sim._kernels.exact_numbers import as_written, read_exact
from sim.errors import ExpressionError, UsageError
from sim.expressions import Expression, parse
from sim.expressions.exact import exact_value


def read_amount(value: Any) -> Fraction | Expression:
    """An exact number where the text is one, an expression otherwise.

    Examples
    --------
    >>> read_amount("1/3"), read_amount("2 * cost").text
    (Fraction(1, 3), '2 * cost')
    """
    if isinstance(value, Fraction | Expression):
        return value
    exact = None if isinstance(value, bool) else read_exact(value)
    if exact is not None:
        return exact
    if not isinstance(value, str):
        raise _not_finite(value)
    try:
        found = parse(value)
    except ExpressionError as error:
        context = {"message": error.message.replace("{", "("), "offset": error.offset}
        raise PydanticCustomError("expression", "{message}", context) from None
    if not found.names and not np.isfinite(found.evaluate({})):
        raise _not_finite(value)
    return found


def _not_finite(value: Any) -> PydanticCustomError:
    words = "'{value}' is not a finite number, a fraction such as 1/3, or an expression"
    return PydanticCustomError("amount", "{text}", {"text": words.replace("{value}", str(value))})


Amount = Annotated[
    Any,
    BeforeValidator(read_amount),
    PlainSerializer(str),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "number"}]}),
]


def exact_amount(amount: Any, values: Mapping[str, float], path: str) -> Fraction:
    """An amount as a fraction: exact where it is rational, else its double as it is written.

    Raises
    ------
    UsageError
        If an expression has no finite value there; the message has the path.
    """
    if not isinstance(amount, Expression):
        return Fraction(amount)
    found = exact_value(amount.tree, values)
    return as_written(float(evaluated(amount, values, path))) if found is None else found


def is_rational(amount: Any, values: Mapping[str, float]) -> bool:
    """Whether an amount has an exact value at these parameters."""
    return not isinstance(amount, Expression) or exact_value(amount.tree, values) is not None


def evaluated(
    amount: Any, values: Mapping[str, ArrayLike], path: str
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """An amount in double precision, on numbers or on whole arrays of them.

    Raises
    ------
    UsageError
        If an expression has no finite value somewhere; the message has the path.
    """
    if not isinstance(amount, Expression):
        return np.asarray(float(amount))
    try:
        value = np.asarray(amount.evaluate(values), dtype=np.float64)
    except ExpressionError as error:
        raise UsageError(f"{path}: {error.message}") from None
    if not np.isfinite(value).all():
        raise UsageError(f"{path}: '{amount.text}' is not finite")
    return value
