"""Points read from a table: one column per varied parameter, one row per point."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.errors import UsageError
from sim.scenario import Scenario
from sim.sweeps.designs.base import PROBES


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Listed:
    """A list of points.

    Parameters
    ----------
    varied
        Paths of the varied parameters.
    size
        Number of points.
    values
        The points from index ``offset`` on, shape ``(varied, points)``.
    source
        The file they came from, for the record.
    digest
        SHA-256 of all values.
    offset
        Index of the first of ``values``.
    """

    varied: tuple[str, ...]
    size: int
    values: FloatArray
    source: str
    digest: str
    offset: int = 0

    @property
    def shape(self) -> tuple[int, ...]:
        """``(size,)``."""
        return (self.size,)

    def points(self, start: int, stop: int) -> FloatArray:
        """The points with indices ``start`` to ``stop - 1``, shape ``(varied, stop - start)``."""
        return self.values[:, start - self.offset : stop - self.offset]

    def part(self, start: int, stop: int) -> Listed:
        """These points only."""
        return replace(self, values=np.array(self.points(start, stop)), offset=start)

    def probes(self) -> FloatArray:
        """Points spread over the list."""
        return self.values[:, np.linspace(0, self.size - 1, min(self.size, PROBES)).astype(int)]

    def to_dict(self) -> dict[str, Any]:
        """The design as plain data for a manifest."""
        ends = zip(self.values.min(axis=1).tolist(), self.values.max(axis=1).tolist(), strict=True)
        return {
            "kind": "listed",
            "points": self.size,
            "file": self.source,
            "sha256": self.digest,
            "parameters": {
                path: {"lo": lo, "hi": hi} for path, (lo, hi) in zip(self.varied, ends, strict=True)
            },
        }


def listed(scenario: Scenario, file: str | Path) -> Listed:
    """The points of a CSV or Parquet file whose columns are parameter paths.

    Raises
    ------
    UsageError
        If it cannot be read, a column is no parameter, or a value is no finite number.
    """
    path = Path(file)
    names, table = _read(path)
    try:
        for name in names:
            scenario.require(name)
    except UsageError as error:
        raise UsageError(f"{path}, first line (the paths of parameters): {error}") from None
    values = np.empty((len(names), table.num_rows))
    for k, name in enumerate(names):
        values[k] = _numbers(path, name, table.column(k))
    if not values.size:
        raise UsageError(f"{path}: no points in it")
    digest = hashlib.sha256(values.tobytes()).hexdigest()
    return Listed(
        varied=tuple(names), size=values.shape[1], values=values, source=str(path), digest=digest
    )


def _read(path: Path) -> tuple[list[str], Any]:
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    if path.suffix.lower() not in (".csv", ".parquet"):
        raise UsageError(f"{path}: a .csv or .parquet file is needed")
    read = pa.csv.read_csv if path.suffix.lower() == ".csv" else pa.parquet.read_table
    try:
        table = read(path)
    except (OSError, pa.ArrowException) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise UsageError(f"{path} cannot be read: {reason}") from None
    names = [name.strip() for name in table.column_names]
    if len(set(names)) < len(names):
        raise UsageError(f"{path}: a column occurs twice")
    return names, table


def _numbers(path: Path, name: str, column: Any) -> FloatArray:
    import pyarrow as pa

    try:
        values = column.cast(pa.float64()).to_numpy()
    except pa.ArrowException:
        raise UsageError(f"{path}: column '{name}' holds something that is no number") from None
    bad = np.flatnonzero(~np.isfinite(values))
    if bad.size:
        raise UsageError(f"{path}: '{name}' has no finite value in row {bad[0] + 1}")
    return np.asarray(values, dtype=np.float64)
