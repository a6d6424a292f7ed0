"""The graphics card: a kernel compiled by CUDA and run through CuPy, which the extra ``gpu`` brings.

Array convention. As in :mod:`sim.engine.cuda.kernel`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

import numpy as np

from sim._kernels.tolerance import AnyArray
from sim.engine.cuda.c_text import Kernel

THREADS, BLOCKS = 128, 1 << 16
"""Threads of a block, and most blocks of one launch."""
LEAST = 1024
"""Fewer points than this are not tried where a card has no room."""
OPTIONS = ("--fmad=false",)
"""Nothing is fused but what a kernel says, so that a node has one value wherever it is computed."""
REGISTERS, SPILLED = (128, 255), 256
"""Registers of a thread: half of what is to be had, and all where more bytes than this lie elsewhere."""
Part = TypeVar("Part")
EXTRA = "it needs the extra 'gpu': pip install 'treatysim[gpu]'"

Call = Callable[[AnyArray], AnyArray]


class Device(Protocol):
    """What can run a kernel, with arrays of its own on which numpy's functions work."""

    def there(self, array: AnyArray) -> AnyArray:
        """The device's copy of an array."""

    def here(self, array: AnyArray) -> AnyArray:
        """The copy on this side of an array of the device."""

    def count(self, start: int, stop: int) -> AnyArray:
        """The whole numbers from ``start`` to ``stop - 1`` there."""

    def function(self, kernel: Kernel) -> Call:
        """The kernel as a function from points to outputs, both there.

        Shapes are ``(varied, batch)`` and ``(outputs, batch)``; without room it raises ``MemoryError``.
        """


class Card:
    """The first graphics card of this machine.

    Parameters
    ----------
    registers
        How many a thread may have: with fewer, more threads run side by side. The first that are enough.
    """

    def __init__(self, registers: Sequence[int] = REGISTERS) -> None:
        self.registers = registers

    def there(self, array: AnyArray) -> AnyArray:
        """The card's copy of an array."""
        import cupy

        found: AnyArray = cupy.asarray(array)
        return found

    def here(self, array: AnyArray) -> AnyArray:
        """The copy on this side of an array of the card."""
        import cupy

        found: AnyArray = cupy.asnumpy(array)
        return found

    def count(self, start: int, stop: int) -> AnyArray:
        """The whole numbers from ``start`` to ``stop - 1`` on the card."""
        import cupy

        found: AnyArray = cupy.arange(start, stop)
        return found

    def compiled(self, kernel: Kernel) -> Any:
        """CuPy's kernel."""
        import cupy

        for registers in self.registers:
            options = (*OPTIONS, f"--maxrregcount={registers}")
            found = cupy.RawModule(code=kernel.text, options=options).get_function("points")
            if found.local_size_bytes <= SPILLED:
                break
        return found

    def function(self, kernel: Kernel) -> Call:
        """The kernel as a function from points to outputs, both on the card."""
        import cupy

        points = self.compiled(kernel)
        table, bits = cupy.asarray(kernel.table), cupy.asarray(kernel.bits)

        def call(theta: AnyArray) -> AnyArray:
            size = theta.shape[1]
            out: AnyArray = cupy.empty((kernel.outputs, size))
            blocks = min(BLOCKS, -(-size // THREADS))
            arrays = (cupy.ascontiguousarray(theta), table, bits, out)
            points((blocks,), (THREADS,), (*arrays, np.int64(size)))
            return out

        return call


def missing() -> str:
    """What a kernel cannot be run for want of, in a line; empty where nothing is missing."""
    try:
        import cupy
    except ImportError:
        return EXTRA
    try:
        count = cupy.cuda.runtime.getDeviceCount()
    except Exception as error:  # a driver that is missing or too old, in CuPy's own classes
        return f"no graphics card can be used ({error})"
    return "" if count else "this machine has no graphics card"


def in_parts(
    work: Callable[[int, int], Part], start: int, stop: int, size: int
) -> tuple[list[Part], int]:
    """Some work on a stretch of points, ever fewer at a time where there is no room.

    Parameters
    ----------
    work
        What is done with the points from one index up to another.
    start, stop
        Of the whole stretch.
    size
        How many points to try at a time.

    Returns
    -------
    parts, size
        What the work gave, part by part, and how many points at a time there was room for.

    Raises
    ------
    MemoryError
        If there is not even room for ``LEAST`` points.

    Examples
    --------
    >>> in_parts(lambda start, stop: stop - start, 0, 5, 2)
    ([2, 2, 1], 2)
    """
    parts: list[Part] = []
    while start < stop:
        try:
            parts.append(work(start, min(start + size, stop)))
        except MemoryError:
            if size <= LEAST:
                raise
            size = max(LEAST, size // 2)
            continue
        start += size
    return parts, size
