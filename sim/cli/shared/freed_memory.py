"""Memory that a command frees is kept for what it allocates next.

The C library of Linux hands every freed array of more than 128 KiB back to the system, and the system clears
the pages of the next one, which costs as much as computing it. A command does that thousands of times with
arrays of one size.
"""

from __future__ import annotations

TRIM, MAP, PAD = -1, -3, -2
"""What the C library calls the three numbers (``malloc.h``)."""
KEPT, MAPPED, AHEAD = 1 << 26, 1 << 22, 1 << 21
"""Bytes free at the end that are kept; from which on an array is handed back alone; asked for ahead."""


def keep_freed_memory() -> None:
    """Let the C library keep what is freed; nothing happens where it has no such setting."""
    try:
        from ctypes import CDLL

        settings = CDLL(None).mallopt
    except (ImportError, OSError, TypeError, AttributeError):
        return
    for name, value in ((TRIM, KEPT), (MAP, MAPPED), (PAD, AHEAD)):
        settings(name, value)
