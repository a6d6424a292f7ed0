"""The rows of a stored run as one data frame, filled chunk by chunk.

Definition. Every column is one array of its final type, made once: labels are categories in the order in
which they come first, with codes as small as they allow; whole numbers with a null among them are floats;
truth values with a null are objects. So the peak is little more than the frame itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.tolerance import AnyArray

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


def frame_of(tables: Iterable[pa.Table], rows: int) -> pd.DataFrame:
    """A data frame of tables that follow one another.

    Parameters
    ----------
    tables
        At least one, of the same columns.
    rows
        How many they have together.

    Examples
    --------
    >>> import pyarrow as pa
    >>> parts = [pa.table({"a": [1, 2]}), pa.table({"a": [3, None]})]
    >>> frame_of(parts, 4)["a"].tolist()
    [1.0, 2.0, 3.0, nan]
    """
    import pandas as pd

    columns: dict[str, _Column] = {}
    start = 0
    for table in tables:
        for name in table.column_names:
            if name not in columns:
                columns[name] = _made(table.schema.field(name).type, rows)
            columns[name].fill(start, table.column(name).combine_chunks())
        start += len(table)
    return pd.DataFrame({name: column.whole() for name, column in columns.items()}, copy=False)


class _Column:
    """A column that is filled from its start: numbers, truth values, or anything else."""

    def __init__(self, rows: int, kind: Any, with_null: Any) -> None:
        self.values: AnyArray = np.empty(rows, dtype=kind)
        self.with_null = with_null

    def fill(self, start: int, part: Any) -> None:
        """Put a piece in its place."""
        if part.null_count and self.values.dtype != self.with_null:
            self.values = self.values.astype(self.with_null)
        self.values[start : start + len(part)] = part.to_pandas().to_numpy()

    def whole(self) -> Any:
        """All of it."""
        return self.values


class _Labels(_Column):
    """A column of labels, as codes."""

    def __init__(self, rows: int) -> None:
        super().__init__(rows, np.int8, np.int8)
        self.codes: dict[Any, int] = {}

    def fill(self, start: int, part: Any) -> None:
        """Put the codes of a piece in their place."""
        names = part.dictionary.to_pylist()
        known = np.array([self.codes.setdefault(n, len(self.codes)) for n in names] + [-1])
        if len(self.codes) > np.iinfo(self.values.dtype).max:
            self.values = self.values.astype(np.int16 if len(self.codes) < 1 << 15 else np.int32)
        codes = part.indices.fill_null(len(names)).to_numpy(zero_copy_only=False)
        self.values[start : start + len(part)] = known[codes]

    def whole(self) -> Any:
        """Categories, in the order in which they came."""
        import pandas as pd

        return pd.Categorical.from_codes(self.values, categories=list(self.codes))


def _made(kind: Any, rows: int) -> _Column:
    """The array that a column of a type is put in."""
    import pyarrow as pa

    if pa.types.is_dictionary(kind):
        return _Labels(rows)
    if pa.types.is_floating(kind) or pa.types.is_integer(kind):
        return _Column(rows, kind.to_pandas_dtype(), np.dtype(np.float64))
    if pa.types.is_boolean(kind):
        return _Column(rows, np.bool_, np.dtype(object))
    return _Column(rows, object, np.dtype(object))
