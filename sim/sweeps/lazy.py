"""Columns of a stored run as lazy arrays: what is indexed is read, and nothing else.

Definition. The point with index ``k`` lies in the chunk ``k // chunk``, at row ``k % chunk``. A selection
of an array is turned into the indices of its points, and these into the rows of the chunks that hold them.
Where a chunk is not finished yet the value is null (nan, or ``None`` among labels).

Array convention. A column has the run's shape, one axis per varied parameter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from xarray.backends import BackendArray
from xarray.core import indexing

from sim._kernels.tolerance import AnyArray
from sim.sweeps.store import read_chunk


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
        axes = [np.arange(n)[k] for n, k in zip(self.shape, key, strict=True)]
        sizes = tuple(axis.size for axis in axes if axis.ndim)
        index = np.ravel_multi_index(
            np.ix_(*(np.atleast_1d(axis) for axis in axes)), self.shape
        ).ravel()
        return self._at(index).reshape(sizes)

    def _at(self, index: AnyArray) -> AnyArray:
        """The values at some points, chunk by chunk."""
        out = np.full(index.shape, None if self.dtype == object else 0, dtype=self.dtype)
        if self.dtype.kind == "f":
            out[:] = np.nan
        number = index // self.chunk
        for wanted in np.unique(number):
            file = self.files.get(int(wanted))
            if file is not None:
                at = number == wanted
                values = read_chunk(file, [self.name]).column(0).to_pandas().to_numpy()
                out[at] = values[index[at] % self.chunk]
        return out


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
    types = _types(files.values(), complete)
    return {
        name: indexing.LazilyIndexedArray(StoredColumn(name, shape, types[name], files, chunk))
        for name in names
    }


def _types(files: Iterable[Path], complete: bool) -> dict[str, np.dtype[Any]]:
    """Column types that can hold the nulls of a run; only the ends of files are read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    heads = [pq.ParquetFile(file) for file in files]
    nulls = dict.fromkeys(heads[0].schema_arrow.names, not complete)
    for head in heads:
        for group in range(head.metadata.num_row_groups):
            for k in range(head.metadata.num_columns):
                column = head.metadata.row_group(group).column(k)
                known = column.statistics is not None and column.statistics.has_null_count
                missing = column.statistics.null_count if known else 1
                nulls[column.path_in_schema] |= missing > 0
    out: dict[str, np.dtype[Any]] = {}
    for field in heads[0].schema_arrow:
        if pa.types.is_floating(field.type) or (
            pa.types.is_integer(field.type) and nulls[field.name]
        ):
            out[field.name] = np.dtype(np.float64)
        elif pa.types.is_dictionary(field.type) or nulls[field.name]:
            out[field.name] = np.dtype(object)
        else:
            out[field.name] = np.dtype(field.type.to_pandas_dtype())
    return out
