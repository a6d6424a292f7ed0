"""NetCDF files piece by piece: the classic format with 64-bit offsets, which every reader knows.

Definition. A header names dimensions, attributes and variables, with the place of each variable's values;
these follow, big-endian, one variable after another, each padded to four bytes. Nothing else is in the file,
so that it can be written from beginning to end without holding a variable in memory [netcdf]_.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim._kernels.tolerance import AnyArray
from sim.errors import UsageError

DIMENSION, VARIABLE, ATTRIBUTE, TEXT = 10, 11, 12, 2
"""The marks of the three lists of a header, and the number of the kind that texts are."""
KINDS = {"i1": 1, "i2": 3, "i4": 4, "f8": 6}
"""The numbers of the kinds of values, by numpy's names."""
LARGEST = 2**32 - 4
"""Bytes that a variable holds at most."""

Attribute = str | float | AnyArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A variable, its values given in pieces, in order, the last dimension running fastest."""

    name: str
    dimensions: tuple[str, ...]
    kind: str
    pieces: Callable[[], Iterable[AnyArray]]
    attributes: Mapping[str, Attribute] = field(default_factory=dict)


def classic_netcdf(
    sizes: Mapping[str, int], variables: Sequence[Variable], attributes: Mapping[str, Attribute]
) -> Iterator[bytes]:
    r"""The content of a file.

    Parameters
    ----------
    sizes
        How long each dimension is.
    variables, attributes
        What it holds, and what is said of all of it.

    Raises
    ------
    UsageError
        If a variable is larger than the format can hold.

    Examples
    --------
    >>> line = Variable(name="x", dimensions=("x",), kind="f8", pieces=lambda: [np.array([1.0, 2.0])])
    >>> content = b"".join(classic_netcdf({"x": 2}, [line], {"title": "two"}))
    >>> content[:4], len(content) % 4, np.frombuffer(content[-16:], ">f8").tolist()
    (b'CDF\x02', 0, [1.0, 2.0])
    """
    spaces = [_space(variable, sizes) for variable in variables]
    length = len(_header(sizes, variables, attributes, spaces, 0))
    yield _header(sizes, variables, attributes, spaces, length)
    for variable, space in zip(variables, spaces, strict=True):
        written = 0
        for piece in variable.pieces():
            content = np.ascontiguousarray(piece, dtype=f">{variable.kind}").tobytes()
            written += len(content)
            yield content
        yield bytes(space - written)


def _space(variable: Variable, sizes: Mapping[str, int]) -> int:
    """The bytes of a variable, padded."""
    size = math.prod(sizes[name] for name in variable.dimensions) * np.dtype(variable.kind).itemsize
    if size > LARGEST:
        raise UsageError(
            f"column '{variable.name}' takes {size:,} bytes, a NetCDF file of this kind {LARGEST:,} at "
            "most; use --to parquet"
        )
    return -(-size // 4) * 4


def _header(
    sizes: Mapping[str, int],
    variables: Sequence[Variable],
    attributes: Mapping[str, Attribute],
    spaces: Sequence[int],
    start: int,
) -> bytes:
    """The header, the values beginning at some place."""
    place = {name: k for k, name in enumerate(sizes)}
    parts = [_name(name) + struct.pack(">i", size) for name, size in sizes.items()]
    lines = []
    for variable, space in zip(variables, spaces, strict=True):
        used = [place[name] for name in variable.dimensions]
        line = _name(variable.name) + struct.pack(f">i{len(used)}i", len(used), *used)
        line += _attributes(variable.attributes)
        lines.append(line + struct.pack(">iIq", KINDS[variable.kind], space, start))
        start += space
    whole = _list(DIMENSION, parts) + _attributes(attributes) + _list(VARIABLE, lines)
    return b"CDF\x02" + struct.pack(">i", 0) + whole


def _list(mark: int, parts: Sequence[bytes]) -> bytes:
    return struct.pack(">ii", mark if parts else 0, len(parts)) + b"".join(parts)


def _name(name: str) -> bytes:
    content = name.encode()
    return struct.pack(">i", len(content)) + _padded(content)


def _padded(content: bytes) -> bytes:
    return content + bytes(-len(content) % 4)


def _attributes(attributes: Mapping[str, Attribute]) -> bytes:
    parts = []
    for name, value in attributes.items():
        if isinstance(value, str):
            content = value.encode()
            kind, number = TEXT, len(content)
        else:
            array: Any = np.atleast_1d(value)
            kind, number = KINDS[array.dtype.str[1:]], len(array)
            content = array.astype(array.dtype.newbyteorder(">")).tobytes()
        parts.append(_name(name) + struct.pack(">ii", kind, number) + _padded(content))
    return _list(ATTRIBUTE, parts)
