"""Functions on arrays that numba compiles; imported only where the extra ``fast`` is asked for.

They release the interpreter's lock, so that threads can share out what is compiled as a whole (deviation
gains), and they are compiled once and kept on disk. The batch axis is last; a block of points at a time goes
through all of a function, so that what is computed on the way stays in the cache.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """A function compiled when first called, kept on disk where there is a place for it."""
    return _compile(function, fastmath=False)


def screening(function: F) -> F:
    """The same for a function that decides nothing by itself: products may be fused with sums."""
    return _compile(function, fastmath={"contract", "nsz"})


def _compile(function: F, **options: Any) -> F:
    options |= {"nogil": True, "error_model": "numpy"}
    try:
        return cast(F, numba.njit(cache=True, **options)(function))
    except RuntimeError:  # there is no place for it
        return cast(F, numba.njit(**options)(function))
