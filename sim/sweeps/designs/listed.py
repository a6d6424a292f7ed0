"""Points read from a table: one column per varied parameter, one row per point.

A column that names no parameter and holds texts (or is called ``id`` or the like) labels the points: it is
kept beside the results. Any other column that names no parameter is an error.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.errors import UsageError
from sim.scenario import Scenario
from sim.sweeps.designs.base import PROBES

LABELS = frozenset(
    {"id", "name", "label", "case", "scenario", "point", "run", "row", "index", "no", "nr"}
)
"""Names of columns that label points, whatever they hold."""


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
        SHA-256 of all values and labels.
    offset
        Index of the first of ``values``.
    labels
        Per column that names no parameter its texts, one for every point from index ``offset`` on.
    """

    varied: tuple[str, ...]
    size: int
    values: FloatArray
    source: str
    digest: str
    offset: int = 0
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def shape(self) -> tuple[int, ...]:
        """``(size,)``."""
        return (self.size,)

    def points(self, start: int, stop: int) -> FloatArray:
        """The points with indices ``start`` to ``stop - 1``, shape ``(varied, stop - start)``."""
        return self.values[:, start - self.offset : stop - self.offset]

    def part(self, start: int, stop: int) -> Listed:
        """These points only."""
        return replace(self, values=np.array(self.points(start, stop)), offset=start, labels={})

    def labels_of(self, start: int, stop: int) -> dict[str, tuple[str, ...]]:
        """The labels of these points."""
        a, b = start - self.offset, stop - self.offset
        return {name: texts[a:b] for name, texts in self.labels.items()}

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
            "labels": list(self.labels),
            "parameters": {
                path: {"lo": lo, "hi": hi} for path, (lo, hi) in zip(self.varied, ends, strict=True)
            },
        }


def listed(scenario: Scenario, file: str | Path) -> Listed:
    """The points of a CSV or Parquet file whose columns are parameter paths.

    Raises
    ------
    UsageError
        If it cannot be read, a column is not a parameter, or a value is not a finite number.
    """
    path = Path(file)
    columns, table = _read(path)
    labels = {
        name: _texts(table.column(k))
        for k, name in enumerate(columns)
        if name not in scenario.document.parameters and _is_label(name, table.column(k))
    }
    kept = [k for k, name in enumerate(columns) if name not in labels]
    names = [columns[k] for k in kept]
    try:
        for name in names:
            scenario.require(name)
    except UsageError as error:
        raise UsageError(f"{path}, first line (the paths of parameters): {error}") from None
    values = np.empty((len(names), table.num_rows))
    for row, name in enumerate(names):
        values[row] = _numbers(path, name, table.column(kept[row]))
    if not values.size:
        raise UsageError(f"{path}: no points in it")
    digest = hashlib.sha256(values.tobytes())
    for texts in labels.values():
        digest.update("\0".join(texts).encode())
    return Listed(
        varied=tuple(names), size=values.shape[1], values=values, source=str(path),
        digest=digest.hexdigest(), labels=labels,
    )  # fmt: skip


def _is_label(name: str, column: Any) -> bool:
    """Whether a column that is not a parameter names the points, and is not a parameter misspelt."""
    import pyarrow as pa

    if name.lower() in LABELS:
        return True
    texts = column.cast(pa.string()).drop_null().to_pylist()
    return bool(texts) and not any(_looks_like_a_number(text) for text in texts)


def _looks_like_a_number(text: str) -> bool:
    try:
        float(text.replace(",", ".", 1))
    except ValueError:
        return False
    return True


def _texts(column: Any) -> tuple[str, ...]:
    import pyarrow as pa

    return tuple(text or "" for text in column.cast(pa.string()).to_pylist())


def _read(path: Path) -> tuple[list[str], Any]:
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    if path.suffix.lower() not in (".csv", ".parquet"):
        raise UsageError(f"{path}: a .csv or .parquet file is needed")
    if path.exists() and not path.is_file():
        raise UsageError(f"{path}: an ordinary file is needed")
    if path.suffix.lower() == ".csv":
        _check_separators(path)
    read = pa.csv.read_csv if path.suffix.lower() == ".csv" else pa.parquet.read_table
    try:
        table = read(path)
    except (OSError, pa.ArrowException) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise UsageError(f"{path} cannot be read: {reason}") from None
    names = [name.strip() or "index" for name in table.column_names]
    if len(set(names)) < len(names):
        raise UsageError(f"{path}: a column occurs twice")
    return names, table


def _check_separators(path: Path) -> None:
    """Refuse a table whose columns are separated by something else than commas."""
    try:
        with path.open("rb") as file:
            head = file.readline(10_000)
    except OSError:
        return
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UsageError(f"{path}: it is UTF-16 text; save it as UTF-8")
    if b"," not in head and (b";" in head or b"\t" in head):
        what = "semicolons" if b";" in head else "tabs"
        raise UsageError(
            f"{path}: its columns are separated by {what}; separate by commas, decimals by points"
        )


def _numbers(path: Path, name: str, column: Any) -> FloatArray:
    import pyarrow as pa

    try:
        values = column.cast(pa.float64()).to_numpy()
    except pa.ArrowException:
        texts = column.cast(pa.string()).drop_null().to_pylist()
        bad = next((t for t in texts if not _looks_like_a_number(t) or "," in t), "")
        hint = "; write decimals by points" if _looks_like_a_number(bad) else ""
        raise UsageError(
            f"{path}: column '{name}' holds '{bad[:40]}', which is not a number{hint}"
        ) from None
    bad = np.flatnonzero(~np.isfinite(values))
    if bad.size:
        raise UsageError(f"{path}: '{name}' has no finite value in row {bad[0] + 1}")
    return np.asarray(values, dtype=np.float64)
