"""Columns of a stored run as lazy arrays: what is indexed is read, and nothing else.

Definition. The point with index ``k`` lies in the chunk ``k // chunk``, at row ``k % chunk``. A selection
of an array is turned into the indices of its points, and these into the rows of the chunks that hold them;
large selections piece by piece, so that little more than their values is held in memory. Where a chunk is
not finished yet the value is null (nan, or ``None`` among labels).

Array convention. A column has the run's shape, one axis per varied parameter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from xarray.backends import BackendArray
from xarray.core import indexing

from sim._kernels.tolerance import AnyArray, IntArray
from sim.sweeps.arrow_arrays import as_numpy
from sim.sweeps.store import read_chunk, unreadable

PIECE = 1 << 20
"""Points of a grid that are indexed at once."""


class StoredColumn(BackendArray):
    """One column of a stored run; xarray asks for what it needs.

    Parameters
    ----------
    name, shape, dtype
        Of the column.
    files
        The finished chunks by number.
    chunk
        Points per chunk.
    """

    def __init__(
        self,
        name: str,
        shape: tuple[int, ...],
        dtype: np.dtype[Any],
        files: Mapping[int, Path],
        chunk: int,
    ) -> None:
        self.name, self.shape, self.dtype = name, shape, dtype
        self.files, self.chunk = files, chunk

    def __getitem__(self, key: Any) -> Any:
        """The values of a selection."""
        level = indexing.IndexingSupport.OUTER
        return indexing.explicit_indexing_adapter(key, self.shape, level, self._select)

    def _select(self, key: tuple[Any, ...]) -> AnyArray:
        axes = [_axis(n, k) for n, k in zip(self.shape, key, strict=True)]
        null = {"f": np.nan, "O": None}.get(self.dtype.kind, 0)
        out = np.full(prod(len(axis) for axis in axes), null, dtype=self.dtype)
        for start, index in _indices(axes, self.shape, max(PIECE, self.chunk)):
            self._fill(out[start : start + index.size], index)
        kept = (len(axis) for axis, k in zip(axes, key, strict=True) if not np.isscalar(k))
        return out.reshape(tuple(kept))

    def _fill(self, out: AnyArray, index: IntArray) -> None:
        """Read the values at some points, every chunk once."""
        number = index // self.chunk
        order = np.argsort(number, kind="stable")
        for at in np.split(order, np.flatnonzero(np.diff(number[order])) + 1):
            file = self.files.get(int(number[at[0]]))
            if file is not None:
                values = as_numpy(read_chunk(file, [self.name]).column(0))
                out[at] = values[index[at] % self.chunk]


Places = range | IntArray


def _axis(size: int, key: Any) -> Places:
    """What is selected along one axis; a stretch is not written out."""
    if isinstance(key, slice):
        return range(size)[key]
    places: IntArray = np.atleast_1d(key) % size
    return places


def _indices(
    axes: list[Places], shape: tuple[int, ...], piece: int
) -> Iterator[tuple[int, IntArray]]:
    """The indices of the points of a selection, in pieces, each with the place where it begins."""
    sizes = tuple(len(axis) for axis in axes)
    for start in range(0, prod(sizes), piece):
        place = np.unravel_index(np.arange(start, min(start + piece, prod(sizes))), sizes)
        along = [
            axis.start + p * axis.step if isinstance(axis, range) else axis[p]
            for axis, p in zip(axes, place, strict=True)
        ]
        yield start, np.ravel_multi_index(along, shape)


def stored_columns(
    names: Iterable[str],
    shape: tuple[int, ...],
    files: Mapping[int, Path],
    chunk: int,
    *,
    complete: bool,
) -> dict[str, Any]:
    """Lazy arrays of some columns of a stored run.

    Parameters
    ----------
    names
        Of the columns.
    shape
        The run's.
    files
        The finished chunks by number; at least one.
    chunk
        Points per chunk.
    complete
        Whether these are all chunks.
    """
    types = _types([*files.values()], complete)
    return {
        name: indexing.LazilyIndexedArray(StoredColumn(name, shape, types[name], files, chunk))
        for name in names
    }


def _types(files: list[Path], complete: bool) -> dict[str, np.dtype[Any]]:
    """Column types that can hold the nulls of a run; only the ends of files are read, one at a time."""
    import pyarrow as pa

    schema = _head(files[0]).schema.to_arrow_schema()
    nulls = set().union(*(_with_nulls(file) for file in files)) if complete else {*schema.names}
    out: dict[str, np.dtype[Any]] = {}
    for field in schema:
        missing = field.name in nulls
        if pa.types.is_floating(field.type) or (pa.types.is_integer(field.type) and missing):
            out[field.name] = np.dtype(np.float64)
        elif pa.types.is_dictionary(field.type) or missing:
            out[field.name] = np.dtype(object)
        else:
            out[field.name] = np.dtype(field.type.to_pandas_dtype())
    return out


def _head(file: Path) -> Any:
    """The metadata of a chunk; the file is closed again, since a run may have thousands."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.read_metadata(file)
    except (OSError, pa.ArrowException) as error:
        raise unreadable(file, error) from None


def _with_nulls(file: Path) -> set[str]:
    """Names of the columns of a chunk that hold a null, or may."""
    head = _head(file)
    columns = (
        head.row_group(group).column(k)
        for group in range(head.num_row_groups)
        for k in range(head.num_columns)
    )
    return {
        column.path_in_schema
        for column in columns
        if not (column.statistics and column.statistics.has_null_count)
        or column.statistics.null_count
    }
