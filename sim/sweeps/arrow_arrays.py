"""Arrow arrays from numpy's, and back, without pandas.

``pyarrow.array`` loads pandas before anything else, which takes longer than a sweep of ten thousand points;
an array's buffers need none of it.

Array convention. Arrays have shape ``(rows,)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim._kernels.tolerance import AnyArray, BoolArray


def array_of(values: AnyArray, missing: BoolArray | None = None) -> Any:
    """Numbers or truth values as an Arrow array, null where ``missing``.

    Examples
    --------
    >>> array_of(np.array([1.5, 2.5]), np.array([False, True])).to_pylist()
    [1.5, None]
    >>> array_of(np.array([True, False])).to_pylist()
    [True, False]
    """
    import pyarrow as pa

    data = _bits(values) if values.dtype == np.bool_ else np.ascontiguousarray(values)
    there = None if missing is None or not missing.any() else pa.py_buffer(_bits(~missing))
    kind = pa.from_numpy_dtype(values.dtype)
    return pa.Array.from_buffers(kind, len(values), [there, pa.py_buffer(data)])


def _bits(values: BoolArray) -> AnyArray:
    return np.packbits(values, bitorder="little")


def texts_of(texts: Sequence[str]) -> Any:
    """Texts as an Arrow array.

    Examples
    --------
    >>> texts_of(["two", "", "zwölf"]).to_pylist()
    ['two', '', 'zwölf']
    """
    import pyarrow as pa

    parts = [text.encode() for text in texts]
    ends = np.cumsum([0, *map(len, parts)], dtype=np.int32)
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(b"".join(parts))]
    return pa.Array.from_buffers(pa.string(), len(parts), buffers)


def as_numpy(column: Any) -> AnyArray:
    """A column of a table as an array: nan for a number that is null, ``None`` for what is not a number.

    Examples
    --------
    >>> as_numpy(array_of(np.array([1, 2]), np.array([False, True])))
    array([ 1., nan])
    """
    import pyarrow as pa

    parts = [_plain(part) for part in getattr(column, "chunks", [column])]
    if any(missing is None for _, missing in parts):
        return np.asarray(column.to_numpy(zero_copy_only=False))
    values = np.concatenate(
        [part for part, _ in parts] or [np.empty(0, column.type.to_pandas_dtype())]
    )
    if not column.null_count:
        return values
    number = pa.types.is_floating(column.type) or pa.types.is_integer(column.type)
    values = values.astype(np.float64 if number else object)
    values[np.concatenate([missing for _, missing in parts])] = np.nan if number else None
    return values


def _plain(part: Any) -> tuple[AnyArray, BoolArray | None]:
    """The values of an Arrow array, whatever where they are null, and where they are.

    ``None`` in place of that where the type is none that a sweep stores.
    """
    import pyarrow as pa

    kind, rows = part.type, slice(part.offset, part.offset + len(part))
    if pa.types.is_dictionary(kind):
        codes, missing = _plain(part.indices)
        names = np.array([*part.dictionary.to_pylist(), None], dtype=object)
        return names[codes if missing is None else np.where(missing, -1, codes)], missing
    buffers = part.buffers()
    there = buffers[0]
    missing = np.zeros(len(part), dtype=bool) if there is None else ~_truths(there)[rows]
    if pa.types.is_boolean(kind):
        return _truths(buffers[1])[rows], missing
    if pa.types.is_floating(kind) or pa.types.is_integer(kind):
        return np.frombuffer(buffers[1], dtype=kind.to_pandas_dtype())[rows], missing
    return np.empty(0), None


def _truths(buffer: Any) -> BoolArray:
    bits = np.frombuffer(buffer, dtype=np.uint8)
    return np.unpackbits(bits, bitorder="little").view(np.bool_)
