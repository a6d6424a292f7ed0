"""The graphics card: a kernel compiled by CUDA and run through CuPy, which the extra ``gpu`` brings.

Array convention. As in :mod:`sim.engine.cuda.kernel`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.engine.cuda.kernel import Kernel

THREADS, BLOCKS = 128, 1 << 16
"""Threads of a block, and most blocks of one launch."""
LEAST = 1024
"""Fewer points than this are not tried where a card has no room."""
OPTIONS = ("--fmad=false",)
"""Nothing is contracted, so that a card's sums and products are those of numpy."""
EXTRA = "it needs the extra 'gpu': pip install 'treatysim[gpu]'"

Call = Callable[[FloatArray], FloatArray]


class Device(Protocol):
    """What can run a kernel."""

    def function(self, kernel: Kernel) -> Call:
        """The kernel as a function from points to outputs; it raises ``MemoryError`` where it has no room."""


class Card:
    """The first graphics card of this machine."""

    def function(self, kernel: Kernel) -> Call:
        """The kernel as a function from points, shape ``(varied, batch)``, to ``(outputs, batch)``."""
        import cupy

        points = cupy.RawModule(code=kernel.text, options=OPTIONS).get_function("points")
        table, bits = cupy.asarray(kernel.table), cupy.asarray(kernel.bits)

        def call(theta: FloatArray) -> FloatArray:
            size = theta.shape[1]
            out = cupy.empty((kernel.outputs, size))
            blocks = min(BLOCKS, -(-size // THREADS))
            arrays = (cupy.asarray(theta), table, bits, out)
            points((blocks,), (THREADS,), (*arrays, np.int64(size)))
            found: FloatArray = cupy.asnumpy(out)
            return found

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


def in_pieces(call: Call, theta: FloatArray, size: int) -> tuple[FloatArray, int]:
    """The outputs at any number of points, ever fewer at a time where there is no room.

    Parameters
    ----------
    call
        What runs a kernel.
    theta
        Shape ``(varied, batch)``.
    size
        How many points to try at a time.

    Returns
    -------
    out, size
        Outputs, shape ``(outputs, batch)``, and how many points at a time there was room for.

    Raises
    ------
    MemoryError
        If there is not even room for ``LEAST`` points.

    Examples
    --------
    >>> in_pieces(lambda theta: 2 * theta, np.arange(3.0)[None], 2)
    (array([[0., 2., 4.]]), 2)
    """
    parts: list[FloatArray] = []
    start, count = 0, theta.shape[1]
    while start < count or not parts:
        try:
            parts.append(call(np.ascontiguousarray(theta[:, start : start + size])))
        except MemoryError:
            if size <= LEAST:
                raise
            size = max(LEAST, size // 2)
            continue
        start += size
    return np.concatenate(parts, axis=1), size
