"""Arrow arrays made from buffers and read from them, against what pyarrow and pandas make of the same."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pyarrow as pa
import pytest
from sim.sweeps.arrow_arrays import array_of, as_numpy, texts_of

MISSING = np.arange(19) % 3 == 1
VALUES = [
    np.linspace(-1, 1, 19),
    np.arange(19),
    np.arange(19, dtype=np.int32)[::-1],
    np.arange(19) % 2 == 0,
]


@pytest.mark.parametrize("values", VALUES, ids=lambda v: str(v.dtype))
@pytest.mark.parametrize("missing", [None, MISSING, ~MISSING, np.ones(19, dtype=bool)])
def test_arrays_are_pyarrows(values, missing):
    made, wanted = array_of(values, missing), pa.array(values, mask=missing)
    made.validate(full=True)
    assert made.equals(wanted)
    assert made.type == wanted.type


def test_texts_are_pyarrows():
    texts = ["", "two islands", "Кунашир", "択捉"]
    texts_of(texts).validate(full=True)
    assert texts_of(texts).equals(pa.array(texts))
    assert texts_of([]).equals(pa.array([], pa.string()))


def columns():
    for values in VALUES:
        for missing in (None, MISSING, np.ones(19, dtype=bool)):
            yield pa.array(values, mask=missing)
    texts = np.array(["a", "b", "a", "ü"] * 5, dtype=object)[:19]
    for missing in (None, MISSING, np.ones(19, dtype=bool)):
        yield pa.array(texts, mask=missing)
        yield pa.array(texts, mask=missing).dictionary_encode()


@pytest.mark.parametrize("column", list(columns()), ids=lambda c: f"{c.type}-{c.null_count}")
@pytest.mark.parametrize("cut", [slice(0, 19), slice(3, 12), slice(5, 5)], ids=str)
@pytest.mark.parametrize("parts", [1, 2])
def test_columns_are_read_as_they_are(column, cut, parts):
    chunk = column[cut]
    whole = pa.chunked_array([chunk] * parts)
    number = pa.types.is_floating(column.type) or pa.types.is_integer(column.type)
    for source in (whole, chunk) if parts == 1 else (whole,):
        found = as_numpy(source)
        assert len(found) == len(source)
        for value, wanted in zip(found.tolist(), source.to_pylist(), strict=True):
            if wanted is None and number:
                assert np.isnan(value)
            else:
                assert value == wanted
        if number and not source.null_count and len(source):
            assert found.dtype == column.type.to_pandas_dtype()


def test_a_sweep_is_made_and_read_without_pandas():
    code = (
        "import sys, sim; s = sim.loads("
        "'{parameters: {p: {value: 1, range: [0, 2]}}, issues: {peace: {no: {}, yes: {signed: 1}}},'"
        "' outcomes: {treaty: signed}, actors: {a: {role: principal}, b: {role: principal}},'"
        "' payoffs: {a: {x: (p-1)*signed}, b: {x: signed}}}');"
        "r = sim.sweep(s, vary={'p': (0.0, 2.0, 5)}, engine='numpy');"
        "[r.array(c) for c in r.columns];"
        "assert 'pandas' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
