"""A run: the results of a sweep, on disk or in memory, labelled by dotted paths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.shown import Part, Shown
from sim._kernels.tolerance import FloatArray, IntArray
from sim.errors import UsageError, suggest
from sim.labels import Labels
from sim.scenario.provenance import in_language
from sim.sweeps import run_parts
from sim.sweeps.arrow_arrays import as_numpy
from sim.sweeps.designs import stored_grid
from sim.sweeps.run_summary import counts_of, summary_of
from sim.sweeps.store import (
    chunk_files,
    read_chunk,
    read_chunks,
    read_failures,
    read_manifest,
    unreadable,
)

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    import pyarrow.dataset as ds
    import xarray as xr


REDUCED, SUMMARY = "reduce", "summary"
"""What a manifest calls what was kept instead of points, and what was counted."""


@dataclass(frozen=True, slots=True, eq=False)
class Run(Shown):
    """The results of a sweep.

    Parameters
    ----------
    manifest
        What was computed: scenario, values, version, command, design, columns.
    folder
        Where it is stored, or ``None`` for a run in memory.
    table
        The rows of a run in memory.
    held
        The finished chunks that it keeps to; where absent, all there are when they are asked for.
    """

    manifest: Mapping[str, Any]
    folder: Path | None = None
    table: pa.Table | None = None
    held: Mapping[int, Path] | None = None

    @property
    def title(self) -> str:
        """The scenario's title."""
        return str(self.manifest["scenario"]["title"])

    @property
    def labelled(self) -> Labels:
        """What people read in place of the file's names."""
        return Labels.from_data(self.manifest["scenario"].get("labels"))

    def speaking(self, lang: str) -> Run:
        """The same run with labels in another language, which some label must have."""
        spoken = in_language(self.manifest["scenario"], lang)
        return replace(self, manifest={**self.manifest, "scenario": spoken})

    @property
    def design(self) -> str:
        """The kind of design: ``grid``, ``sobol``, ..."""
        return str(self.manifest["design"]["kind"])

    @property
    def is_grid(self) -> bool:
        """Whether the points form a grid; otherwise they are a list."""
        return self.design == "grid"

    @property
    def varied(self) -> tuple[str, ...]:
        """Paths of the varied parameters."""
        return tuple(self.manifest["design"]["axes" if self.is_grid else "parameters"])

    @property
    def swept(self) -> tuple[str, ...]:
        """Paths of all parameters that were varied; of a raster more than its two sides."""
        design = self.manifest.get("of", self.manifest)["design"]
        return tuple(design["axes" if design["kind"] == "grid" else "parameters"])

    @property
    def shape(self) -> tuple[int, ...]:
        """Points along every axis of a grid; ``(points,)`` of other designs."""
        if not self.is_grid:
            return (int(self.manifest["points"]),)
        return tuple(int(axis[2]) for axis in self.manifest["design"]["axes"].values())

    @property
    def complete(self) -> bool:
        """Whether every chunk is there."""
        if self.folder is None or SUMMARY in self.manifest:
            return True
        chunks = -(-int(self.manifest["points"]) // int(self.manifest["chunk"]))
        return len(self._files()) == chunks

    def snapshot(self) -> Run:
        """The run as it stands now: chunks that are finished later are not seen."""
        return self if self.folder is None else replace(self, held=self._files())

    def _files(self) -> Mapping[int, Path]:
        """The files of the finished chunks by number, in order."""
        assert self.folder is not None
        return chunk_files(self.folder) if self.held is None else self.held

    def index(self) -> IntArray:
        """The indices of the rows in the design, ascending, shape ``(rows,)``; all of a finished run's."""
        points = int(self.manifest["points"])
        if self.folder is None:
            return np.arange(points)
        size = int(self.manifest["chunk"])
        starts = [number * size for number in self._files()]
        return np.concatenate(
            [np.arange(k, min(k + size, points)) for k in starts] or [np.arange(0)]
        )  # fmt: skip

    @property
    def values(self) -> dict[str, float]:
        """The scenario's own parameter values, at which the sweep's point is marked."""
        return dict(self.manifest["values"])

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of all columns."""
        return tuple(self.manifest["columns"])

    def unit(self, column: str) -> str:
        """The unit of a column: a varied parameter's, or what a result is measured in; may be empty."""
        return str(self.manifest["units"].get(column, ""))

    def coordinates(self, path: str) -> FloatArray:
        """The values of a varied parameter along its axis; at every point where there is no grid."""
        self._varied(path)
        if not self.is_grid:
            return np.asarray(self.array(path), dtype=np.float64)
        return stored_grid(self.manifest["design"]).coordinates()[path]

    def _varied(self, path: str) -> str:
        if path not in self.varied:
            raise UsageError(f"'{path}' was not varied in this run{suggest(path, self.varied)}")
        return path

    def to_arrow(self, columns: list[str] | None = None) -> pa.Table:
        """The rows as an Arrow table, optionally only some columns.

        Raises
        ------
        UsageError
            If a column does not exist in this run.
        """
        self._require(columns)
        if self.table is not None:
            return self.table if columns is None else self.table.select(columns)
        assert self.folder is not None
        return read_chunks(self.folder, columns, self._files())

    def _require(self, columns: list[str] | None) -> None:
        """Refuse columns that there are not."""
        self.require_points()
        for name in columns or ():
            if name not in self.columns:
                raise UsageError(f"this run has no column '{name}'{suggest(name, self.columns)}")

    def require_points(self) -> None:
        """Refuse to say anything of single points where none was kept."""
        if self.manifest.get(REDUCED) == "share":
            raise UsageError(
                "this sweep kept counts and no point; with --reduce raster, or without --reduce, it "
                "can be drawn"
            )

    def to_dataset(self) -> ds.Dataset:
        """What is finished so far as an Arrow dataset, which reads only what a query needs."""
        import pyarrow as pa
        import pyarrow.dataset as ds

        self.require_points()
        if self.folder is None:
            return ds.dataset(self.table)
        files = self.finished()
        try:
            return ds.dataset([str(file) for file in files.values()])
        except (OSError, pa.ArrowException) as error:
            raise unreadable(next(iter(files.values())), error) from None

    def to_frame(self, columns: list[str] | None = None) -> pd.DataFrame:
        """The rows as a pandas data frame; labels are categories."""
        if self.folder is None:
            frame: pd.DataFrame = self.to_arrow(columns).to_pandas()
            return frame
        from sim.sweeps.stored.frame import frame_of

        self._require(columns)
        here = self.snapshot()
        here.finished()
        return frame_of(here.tables(columns), len(here.index()))

    def part(self, column: str, index: tuple[int | slice, ...]) -> np.ndarray[Any, np.dtype[Any]]:
        """Part of a column in the run's shape; of a stored run only the chunks that hold it are read."""
        if self.folder is None or not self.complete:
            return np.asarray(self.array(column)[index])
        return np.asarray(self.to_xarray()[column].variable[index].values)

    def array(self, column: str) -> np.ndarray[Any, np.dtype[Any]]:
        """One column in the run's shape: numbers (nan for null), or labels (``None``)."""
        values = as_numpy(self.to_arrow([column]).column(column))
        size = int(np.prod(self.shape))
        if len(values) < size:
            raise UsageError(f"the run is not finished: {len(values):,} of {size:,} points so far")
        return np.asarray(values).reshape(self.shape)

    def to_xarray(self) -> xr.Dataset:
        """The run as a labelled dataset.

        Dimensions of a grid are named by dotted paths. Other designs have the dimension ``point``, and
        the varied parameters are coordinates along it. A stored run is read when its values are asked
        for; points that are not finished yet are null.
        """
        from sim.sweeps.stored.labelled import labelled

        return labelled(self)

    def finished(self) -> Mapping[int, Path]:
        """The files of the finished chunks, of which there must be one."""
        files = self._files()
        if not files:
            raise UsageError(f"{self.folder} holds no finished chunk yet")
        return files

    def tables(self, columns: list[str] | None = None) -> Iterator[pa.Table]:
        """Some columns of the rows, chunk by chunk."""
        if self.folder is None:
            yield self.to_arrow(columns)
            return
        for file in self._files().values():
            yield read_chunk(file, columns)

    def counts(self, column: str) -> Mapping[Any, int]:
        """How often every value of a column comes, counted chunk by chunk; ``None`` is null."""
        return counts_of(self, [column])[column]

    def failures(self) -> list[dict[str, Any]]:
        """Points without an answer: their index, values and reason."""
        return [] if self.folder is None else list(read_failures(self.folder))

    def summary(self) -> dict[str, Any]:
        """Shares of the points that have an answer: feasible, by predicted class, by binding constraint.

        ``plausible`` has the share that is feasible among the points within the ranges that the file
        declares of the varied parameters, where it declares any. A sweep that kept counts alone says these,
        of all points, and the ``standard_error`` of the feasible share (none of a grid).
        """
        found: dict[str, Any] | None = self.manifest.get(SUMMARY)
        return summary_of(self) if found is None else found

    def __repr__(self) -> str:
        return f"<Run {self.title!r}: {self.manifest['points']:,} points, {self.design}>"

    def parts(self) -> Iterator[Part]:
        """What ``sim sweep`` prints of it, after the verdict."""
        return run_parts.parts(self)

    def _repr_html_(self) -> str:
        """What was swept and what was found, for a notebook."""
        return run_parts.as_html(self)


def open_run(folder: str | Path) -> Run:
    """A stored run.

    Raises
    ------
    UsageError
        If the folder holds no run of a sweep.
    """
    path = Path(folder)
    manifest = read_manifest(path)
    kind = manifest.get("kind", "result")
    if "design" not in manifest or kind == "concept":
        hints = {k: f"; sim.open_{k} opens it" for k in ("forecast", "frontier")}
        hints["forecast"] += f", and {path / 'forecast.csv'} is its table"
        hints["concept"] = " of a dispute"
        raise UsageError(f"{path} holds a {kind}, not a sweep{hints.get(kind, '')}")
    return Run(manifest=manifest, folder=path)
