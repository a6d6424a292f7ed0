"""A run over a grid as NetCDF variables: numbers as they are, labels as categories.

Definition. The labels of a column, and ``true`` and ``false``, are whole numbers that the attributes
``flag_values`` and ``flag_meanings`` explain, by the Climate and Forecast conventions [cf]_; there a meaning
is one word, so ``labels`` has the texts as they are, one a line. What is null is ``_FillValue``, or not a
number.

Values are read chunk by chunk, each column by itself, so that memory does not grow with the run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.tolerance import AnyArray
from sim.exporting.classic_netcdf import Attribute, Variable

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.sweeps import Run

CONVENTIONS = "CF-1.11"
"""What readers are told about the meaning of attributes."""
NO_WORD = re.compile(r"[^A-Za-z0-9_.+@-]+")
"""What a meaning, which is one word, may not have in it."""
NULL = -1
"""The code of what is null."""


def grid_variables(run: Run, columns: Sequence[str]) -> list[Variable]:
    """The axes of a grid, and columns over it, as variables.

    Parameters
    ----------
    run
        As it is at one moment (:meth:`sim.sweeps.Run.snapshot`).
    columns
        Names of columns that are not varied.
    """
    axes = [_axis(run, path) for path in run.varied]
    return axes + [_column(run, name) for name in columns]


def _axis(run: Run, path: str) -> Variable:
    values = run.coordinates(path)
    return Variable(
        name=path,
        dimensions=(path,),
        kind="f8",
        pieces=lambda: [values],
        attributes={"units": run.unit(path)} if run.unit(path) else {},
    )


def _column(run: Run, name: str) -> Variable:
    """A column by the kind of its values, which are looked through once for labels and nulls."""
    import pyarrow as pa

    kind = next(iter(run.tables([name]))).column(name).type
    attributes: dict[str, Attribute] = {"units": run.unit(name)} if run.unit(name) else {}
    if pa.types.is_floating(kind) or (pa.types.is_integer(kind) and _has_nulls(run, name)):
        return _variable(run, name, "f8", _numbers, attributes | {"_FillValue": np.float64(np.nan)})
    if pa.types.is_integer(kind):
        return _variable(run, name, "i4", _numbers, attributes)
    labels = ("false", "true") if pa.types.is_boolean(kind) else _labels(run, name)
    code = next(c for c in ("i1", "i2", "i4") if len(labels) <= np.iinfo(c).max)
    attributes |= {
        "_FillValue": np.array(NULL, dtype=code),
        "flag_values": np.arange(len(labels), dtype=code),
        "flag_meanings": _meanings(labels),
        "labels": "\n".join(label.replace("\n", " ") for label in labels),
    }
    return _variable(run, name, code, partial(_codes, labels), attributes)


def _variable(
    run: Run, name: str, kind: str, convert: Any, attributes: dict[str, Attribute]
) -> Variable:
    def pieces() -> Iterator[AnyArray]:
        for part in _in_order(run, name):
            yield (
                np.full(part, NULL if kind[0] == "i" else np.nan)
                if isinstance(part, int)
                else convert(part)
            )

    return Variable(
        name=name, dimensions=run.varied, kind=kind, pieces=pieces, attributes=attributes
    )


def _in_order(run: Run, name: str) -> Iterator[pa.ChunkedArray | int]:
    """A column chunk by chunk, and how many points are missing where they are not finished."""
    place, size = 0, int(run.manifest["chunk"]) if run.held is not None else 0
    starts = [0] if run.held is None else [number * size for number in run.held]
    for start, table in zip(starts, run.tables([name]), strict=True):
        if start > place:
            yield start - place
        yield table.column(name)
        place = start + len(table)
    missing = int(run.manifest["points"]) - place
    if missing:
        yield missing


def _has_nulls(run: Run, name: str) -> bool:
    return any(isinstance(part, int) or part.null_count for part in _in_order(run, name))


def _numbers(part: pa.ChunkedArray) -> AnyArray:
    return np.asarray(part.to_numpy())


def _labels(run: Run, name: str) -> tuple[str, ...]:
    """All labels that a column has in any chunk, in the order of the lists that the chunks have."""
    found: dict[str, None] = {}
    for table in run.tables([name]):
        for piece in table.column(name).unify_dictionaries().chunks:
            found |= dict.fromkeys(map(str, _listed(piece).dictionary.to_pylist()))
    return tuple(found)


def _meanings(labels: Sequence[str]) -> str:
    """Labels as words, each another.

    Examples
    --------
    >>> _meanings(["two islands", "two, islands", "none"])
    'two_islands two_islands_2 none'
    """
    words: dict[str, None] = {}
    for label in labels:
        word = plain = NO_WORD.sub("_", label) or "_"
        number = 1
        while word in words:
            number += 1
            word = f"{plain}_{number}"
        words[word] = None
    return " ".join(words)


def _listed(piece: Any) -> Any:
    """Labels as codes into a list."""
    return piece if hasattr(piece, "dictionary") else piece.dictionary_encode()


def _codes(labels: Sequence[str], part: pa.ChunkedArray) -> AnyArray:
    """Codes of the labels of a part, ``NULL`` where there is none."""
    place = {label: k for k, label in enumerate(labels)}
    pieces = []
    for piece in part.chunks:
        coded = _listed(piece) if piece.type != "bool" else piece.cast("string").dictionary_encode()
        own = [place[str(label)] for label in coded.dictionary.to_pylist()]
        codes = coded.indices.fill_null(len(own)).to_numpy(zero_copy_only=False)
        pieces.append(np.array([*own, NULL])[codes])
    return np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.int64)
