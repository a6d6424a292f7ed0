"""Cells: edges, rectangles that cover a mask exactly, borders along every change of category."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from sim._kernels.cells import edges
from sim.plots.runs._cells import borders, rectangles

MASKS = arrays(bool, array_shapes(min_dims=2, max_dims=2, max_side=8))
CODES = arrays(
    np.int64, array_shapes(min_dims=2, max_dims=2, max_side=8), elements=st.integers(0, 2)
)


@settings(deadline=None, max_examples=100)
@given(MASKS)
def test_rectangles_cover_every_cell_of_the_mask_once_and_no_other(mask):
    covered = np.zeros(mask.shape, dtype=int)
    for r0, c0, r1, c1 in rectangles(mask):
        covered[r0:r1, c0:c1] += 1
    np.testing.assert_array_equal(covered, mask.astype(int))


@settings(deadline=None, max_examples=100)
@given(CODES)
def test_borders_are_as_long_as_the_edges_between_categories(codes):
    rows, columns = codes.shape
    lines = borders(codes, np.arange(columns + 1.0), np.arange(rows + 1.0))
    length = sum(np.abs(line[1] - line[0]).sum() for line in lines)
    assert length == (codes[1:] != codes[:-1]).sum() + (codes[:, 1:] != codes[:, :-1]).sum()


@settings(deadline=None, max_examples=50)
@given(st.lists(st.floats(0.1, 10), min_size=1, max_size=8), st.floats(-5, 5))
def test_edges_lie_halfway_and_half_a_step_beyond(steps, start):
    values = start + np.cumsum([0.0, *steps])
    found = edges(values)
    assert len(found) == len(values) + 1
    np.testing.assert_allclose(found[1:-1], (values[1:] + values[:-1]) / 2, atol=1e-12)
    ends = [found[0] + found[1], found[-1] + found[-2]]
    np.testing.assert_allclose(ends, 2 * values[[0, -1]], atol=1e-12)


def test_a_single_value_has_a_cell_of_its_own():
    assert edges(np.array([3.0])).tolist() == [1.5, 4.5]
    assert edges(np.array([0.0])).tolist() == [-0.5, 0.5]
