"""The kinds of a row as demands read them: values at the start of a change, slopes over a box.

Array convention. Slopes have shape ``(levers, kinds)``, values ``(kinds,)``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import FloatArray, IntArray

OfKinds = tuple[FloatArray, IntArray, FloatArray, FloatArray]
"""Values at the start, levers, and both ends of their slopes over the box, of the kinds of a row."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The kinds of a row: values at the start and slopes over the box, and which kind each cell has.

    ``value`` has shape ``(kinds,)``, ``place`` ``(cells,)``; ``levers`` are those that move any kind, ``low``
    and ``high`` have shape ``(levers, kinds)``.
    """

    value: FloatArray
    levers: IntArray
    low: FloatArray
    high: FloatArray
    place: IntArray

    def spread(self, slopes: FloatArray, cell: int, size: int) -> FloatArray:
        """The slopes of all levers at one cell, shape ``(size,)``."""
        out = np.zeros(size)
        out[self.levers] = slopes[:, self.place[cell]]
        return out


def turned(table: Table) -> Table:
    """The same row with its sign turned; regrets must not exceed a level."""
    return Table(-table.value, table.levers, -table.high, -table.low, table.place)
