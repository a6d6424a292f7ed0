"""What ``vary={path: ...}`` means: bounds, or values.

Definition. A tuple ``(lo, hi)`` or ``(lo, hi, points)`` means bounds. A list, an array or a range means these
values. ``None`` stands for what the file says. Nothing else is guessed at.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.errors import UsageError

Bounds = tuple[float, ...]
Axis = Sequence[float] | FloatArray | None
"""What a caller may give for a path."""
HELP = "a tuple (lo, hi) or (lo, hi, points) gives bounds, a list or array values"


def read_axis(path: str, given: Axis) -> Bounds | FloatArray | None:
    """Bounds as a tuple of two or three, values as an ascending array, or ``None``.

    Raises
    ------
    UsageError
        If it is neither, or holds something that is not a number.

    Examples
    --------
    >>> read_axis("p", (0, 1, 3)), read_axis("p", [0, 1, 3])
    ((0.0, 1.0, 3), array([0., 1., 3.]))
    >>> read_axis("p", "0:1:3")
    Traceback (most recent call last):
    sim.errors.UsageError: p: '0:1:3' is neither: a tuple (lo, hi) or (lo, hi, points) gives bounds, ...
    """
    if given is None:
        return None
    if isinstance(given, tuple):
        return _bounds(path, given)
    if isinstance(given, list | range | np.ndarray) or hasattr(given, "to_numpy"):
        return _values(path, given)
    raise UsageError(f"{path}: {_short(given)} is neither: {HELP}")


def _bounds(path: str, given: tuple[Any, ...]) -> Bounds:
    if len(given) not in (2, 3) or not all(_is_number(x) for x in given):
        raise UsageError(f"{path}: {_short(given)} gives no bounds: {HELP}")
    lo, hi = float(given[0]), float(given[1])
    if len(given) == 2:
        return lo, hi
    if not float(given[2]).is_integer():
        raise UsageError(f"{path}: {given[2]:g} is not a number of points")
    return lo, hi, int(given[2])


def _values(path: str, given: Any) -> FloatArray:
    try:
        found = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise UsageError(f"{path}: {_short(given)} holds something that is not a number") from None
    if found.ndim != 1 or not len(found) or not np.isfinite(found).all():
        raise UsageError(f"{path}: {_short(given)} is not a list of finite numbers")
    found = np.sort(found)
    if (np.diff(found) == 0).any():
        raise UsageError(f"{path}: {_short(given)} names a value twice")
    return found


def _is_number(x: object) -> bool:
    if isinstance(x, bool | str):
        return False
    try:
        float(x)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False
    return True


def _short(given: object) -> str:
    text = repr(given)
    return text if len(text) <= 60 else f"{text[:56]} ..."
