"""What a sweep will take, estimated before it starts by doing a little of it.

Definition. A few stretches of the design are drawn, solved and written as chunks are, of a length for which
a fraction of a second is enough. Time grows with the points. A file takes some bytes whatever it holds,
and some for every row: both are read off the sizes of one stretch and of all of them together.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.sweeps.arrow_arrays import array_of
from sim.sweeps.designs import Design
from sim.sweeps.store import as_parquet, drawn_in

if TYPE_CHECKING:
    import pyarrow as pa

STRETCHES, LENGTH = 4, 256
"""Stretches of a design that are timed, and how many points each has."""
SHORTEST = 1e-6
"""Seconds below which a clock says nothing."""
BUDGET = 0.3
"""Seconds that timing may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a sweep will take: points, chunks, megabytes on disk, seconds of one worker.

    ``left`` says what its engine leaves to others.
    """

    points: int
    chunks: int
    megabytes: float
    seconds: float
    left: tuple[str, ...] = ()


def estimate(design: Design, chunk: int, solve: Callable[[FloatArray], pa.Table]) -> Estimate:
    """What a sweep will take.

    Parameters
    ----------
    design
        Which points.
    chunk
        Points per file.
    solve
        The answers at some points, one row per point.
    """
    some = -(-min(design.size, STRETCHES * LENGTH) // STRETCHES)
    solve(design.points(0, some))
    begun = perf_counter()
    solve(design.points(0, some))
    affordable = int(some * BUDGET / STRETCHES / max(perf_counter() - begun, SHORTEST))
    length = min(max(some, affordable), chunk, -(-design.size // STRETCHES))
    begun = perf_counter()
    stretches = _stretches(design, length, solve)
    drawn = drawn_in(design.to_dict())
    together = _sizes(stretches, drawn)
    seconds = (perf_counter() - begun) / together[0]
    fixed, each = _line(_sizes(stretches[:1], drawn), together)
    chunks = -(-design.size // chunk)
    return Estimate(
        points=design.size,
        chunks=chunks,
        megabytes=(fixed * chunks + each * design.size) / 1e6,
        seconds=seconds * design.size,
    )


def _stretches(
    design: Design, length: int, solve: Callable[[FloatArray], pa.Table]
) -> list[pa.Table]:
    """Tables of a few stretches of neighbouring points, spread over the design and apart."""
    starts = np.linspace(0, design.size - length, min(STRETCHES, design.size // length)).astype(int)
    tables = []
    for start in starts.tolist():
        theta = design.points(start, start + length)
        table = solve(theta)
        for path, values in zip(design.varied, theta, strict=True):
            table = table.append_column(path, array_of(values))
        tables.append(table)
    return tables


def _sizes(tables: list[pa.Table], drawn: Collection[str]) -> tuple[int, int]:
    """Rows and bytes of tables written to one file."""
    import pyarrow as pa

    table = pa.concat_tables(tables)
    return table.num_rows, len(as_parquet(table, drawn))


def _line(one: tuple[int, int], all_: tuple[int, int]) -> tuple[float, float]:
    """Bytes of a file without rows, and of a row, from two sizes."""
    if one[0] == all_[0]:
        return 0.0, all_[1] / all_[0]
    each = max(0.0, (all_[1] - one[1]) / (all_[0] - one[0]))
    return max(0.0, one[1] - each * one[0]), each
