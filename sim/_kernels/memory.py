"""Keep freed memory for the next chunk.

A sweep frees and allocates the same few megabytes for every chunk. glibc gives them back to the system
and asks for them again, and half of the time goes into page faults. Two of its settings say how much a
process may keep; elsewhere nothing is done. Results do not depend on it.
"""

from __future__ import annotations

import sys
from functools import cache

KEPT = 128 << 20
"""Bytes of freed memory that a process keeps for its next arrays."""
LARGEST = 32 << 20
"""Arrays up to this many bytes come from what is kept."""
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""Numbers of two settings of glibc's ``mallopt``."""


@cache
def keep_memory() -> bool:
    """Let this process keep up to ``KEPT`` bytes of freed memory; whether that could be arranged.

    Examples
    --------
    >>> keep_memory() in (True, False)
    True
    """
    if not sys.platform.startswith("linux"):
        return False
    import ctypes

    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    return bool(mallopt(_TRIM_THRESHOLD, KEPT) and mallopt(_MMAP_THRESHOLD, LARGEST))
