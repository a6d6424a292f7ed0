"""The value of a formula in a section of a file, named by its path where it has none."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from sim._kernels.tolerance import FloatArray
from sim.errors import ExpressionError, UsageError
from sim.expressions import Expression


def finite(formula: Expression, values: Mapping[str, ArrayLike], path: str) -> FloatArray:
    """The value of a formula.

    Parameters
    ----------
    formula, values
        What is evaluated, and the values of the names in it.
    path
        Where the file has it.

    Raises
    ------
    UsageError
        If it cannot be evaluated, or is not finite somewhere.

    Examples
    --------
    >>> from sim.expressions import parse
    >>> float(finite(parse("1 / x"), {"x": 4.0}, "spatial.scale"))
    0.25
    >>> finite(parse("1 / x"), {"x": 0.0}, "spatial.scale")
    Traceback (most recent call last):
    sim.errors.UsageError: spatial.scale: '1 / x' is not finite
    """
    try:
        value = formula.evaluate(values)
    except ExpressionError as error:
        raise UsageError(f"{path}: {error.message}") from None
    if not np.isfinite(value).all():
        raise UsageError(f"{path}: '{formula.text}' is not finite")
    return value
