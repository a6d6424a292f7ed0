"""Numbers as fractions: the one place where a decimal becomes exact.

Definition. A number that a person writes is the decimal that it is written as: ``0.1`` is one tenth, also
where it has passed through a double, whose shortest text is taken. A number that a method *computed* is
what its bits say; it is made exact by ``Fraction(float)``, or by a fraction of small denominator near it,
in the method that knows which.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from operator import mul

import numpy as np

MOST_DIGITS = 400
"""Longest text of a number: longer ones are not numbers that a double can hold, and slow to read."""

PLAIN = 1e15
"""Doubles below this in size are written without an exponent if they are whole."""

Number = int | float | Fraction | str


def as_written(value: Number | np.generic) -> Fraction:
    """A number as the fraction that its decimal text says.

    Raises
    ------
    ValueError, ZeroDivisionError
        If a text is not a number.

    Examples
    --------
    >>> as_written(0.1), as_written("1/3"), as_written(np.float64(2.5))
    (Fraction(1, 10), Fraction(1, 3), Fraction(5, 2))
    """
    number = value.item() if isinstance(value, np.generic) else value
    return Fraction(repr(number)) if isinstance(number, float) else Fraction(number)


def whole_decimals(values: Sequence[float]) -> tuple[list[int], int] | None:
    """Doubles as written, in one unit in which all are whole, and how many units make 1.

    ``None`` where a text has an exponent: such numbers may need a very small unit.

    Examples
    --------
    >>> whole_decimals([0.5, -1.25, 3.0]), whole_decimals([2.0, -7.0]), whole_decimals([1e-9])
    (([50, -125, 300], 100), ([2, -7], 1), None)
    """
    if all(map(float.is_integer, values)) and max(map(abs, values)) < PLAIN:
        return list(map(int, values)), 1
    texts = list(map(repr, values))
    digits = [len(text) - text.find(".") for text in texts]
    most = max(digits)
    powers = [10 ** (most - size) for size in digits]
    try:
        whole = [int(text.replace(".", "")) for text in texts]
    except ValueError:
        return None
    return list(map(mul, whole, powers)), 10 ** (most - 1)


def whole_bits(values: Sequence[float]) -> tuple[list[int], int]:
    """Doubles at the value of their bits, in one unit in which all are whole, and how many units make 1.

    Examples
    --------
    >>> whole_bits([0.5, -1.25, 3.0])
    ([2, -5, 12], 4)
    """
    ratios = [value.as_integer_ratio() for value in values]
    unit = max([below for _, below in ratios])
    return [above * (unit // below) for above, below in ratios], unit


def read_exact(value: object) -> Fraction | None:
    """The number that a text or a number is, exactly; ``None`` if it is none that a double can hold.

    Examples
    --------
    >>> read_exact("1/3"), read_exact(0.1), read_exact("1e999"), read_exact("1/0")
    (Fraction(1, 3), Fraction(1, 10), None, None)
    """
    text = str(value)
    try:
        number = Fraction(text) if len(text) <= MOST_DIGITS else None
        if number is not None:
            float(number)
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    return number
