"""Frames of stored runs: what Arrow would make of the rows, without a second copy of them."""

import tracemalloc

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from sim.sweeps.stored.frame import frame_of


def pieces(count, size, *, seed=0, nulls=True):
    rng = np.random.default_rng(seed)
    for k in range(count):
        names = rng.choice([f"label {j}" for j in range(2 + 60 * k)], size)
        gaps = rng.random(size) < 0.1 if nulls and k else np.zeros(size, dtype=bool)
        yield pa.table(
            {
                "x": pa.array(rng.random(size), mask=gaps),
                "count": pa.array(rng.integers(0, 9, size, dtype=np.int32), mask=gaps),
                "whole": rng.integers(0, 9, size, dtype=np.int32),
                "yes": pa.array(rng.random(size) < 0.5, mask=gaps),
                "sure": rng.random(size) < 0.5,
                "label": pa.array(names, mask=gaps).dictionary_encode(),
            }
        )


@pytest.mark.parametrize("nulls", [True, False])
def test_a_frame_is_what_arrow_makes_of_all_rows(nulls):
    parts = list(pieces(4, 50, nulls=nulls))
    expected = pa.concat_tables(parts).to_pandas()
    pd.testing.assert_frame_equal(frame_of(parts, 200), expected)


def test_labels_take_a_byte_each_and_nothing_is_held_twice():
    rows = 200_000
    parts = list(pieces(2, rows // 2, nulls=False))
    tracemalloc.start()
    frame = frame_of(iter(parts), rows)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert frame["label"].cat.codes.dtype == np.int8
    own = frame.memory_usage(index=False).sum()
    assert own <= rows * (8 + 4 + 4 + 1 + 1 + 1) + 10_000
    assert peak < 1.7 * own  # a piece of half of all rows is in hand besides
