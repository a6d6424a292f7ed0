"""Numbers as fractions: the one place where a decimal becomes exact.

Definition. A number that a person writes is the decimal that it is written as: ``0.1`` is one tenth, also
where it has passed through a double, whose shortest text is taken. A number that a method *computed* is
what its bits say; it is made exact by ``Fraction(float)``, or by a fraction of small denominator near it,
in the method that knows which.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

MOST_DIGITS = 400
"""Longest text of a number: longer ones are not numbers that a double can hold, and slow to read."""

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
