"""Functions on arrays that numba compiles; imported only where the extra ``fast`` is asked for.

They release the interpreter's lock, so that threads serve as workers, and they are compiled once and kept
on disk. The batch axis is last; a block of points at a time goes through all of a function, so that what is
computed on the way stays in the cache.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])

BLOCK = 64
"""Points that go through a function together."""


def compiled(function: F) -> F:
    """A function compiled when first called, kept on disk where there is a place for it."""
    try:
        return cast(F, numba.njit(nogil=True, cache=True)(function))
    except RuntimeError:  # nowhere to keep it
        return cast(F, numba.njit(nogil=True)(function))
