"""The margin map: levels symmetric about 0, every value inside them, its sign by its colour."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.collections import QuadMesh
from sim.plots.runs.margin_map import margin_map, margin_map_data, symmetric_levels


@settings(deadline=None, max_examples=80)
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=6), st.floats(1e-9, 1e9))
def test_levels_are_symmetric_even_and_hold_every_value(values, scale):
    levels = symmetric_levels(np.array(values) * scale)
    np.testing.assert_array_equal(levels, -levels[::-1])
    assert levels[len(levels) // 2] == 0
    np.testing.assert_allclose(np.diff(levels), np.diff(levels)[0], rtol=1e-9)
    assert levels[-1] >= np.abs(np.array(values) * scale).max() * (1 - 1e-8)
    assert 3 <= len(levels) <= 15


def test_the_numbers_have_rows_along_y(make_run):
    data = margin_map_data(make_run(n=3, m=2), x="moscow.pressure", y="tokyo.patience")
    np.testing.assert_allclose(data.margin, [[0.4, -0.1, -0.6]] * 2)


def test_feasible_cells_are_blue_and_others_red(make_run):
    ax = margin_map(make_run(n=11, m=4))
    (mesh,) = [c for c in ax.collections if isinstance(c, QuadMesh)]
    shown = mesh.to_rgba(mesh.get_array())
    values = np.asarray(mesh.get_array())
    red, blue = shown[..., 0], shown[..., 2]
    assert (blue > red)[values > 1e-9].all()
    assert (red > blue)[values < -1e-9].all()


def test_the_zero_line_is_thick_and_where_the_margin_is_zero(make_run):
    ax = margin_map(make_run())
    (zero,) = [c for c in ax.collections if list(getattr(c, "levels", ())) == [0.0]]
    np.testing.assert_allclose(np.concatenate(zero.allsegs[0])[:, 0], 0.4, atol=1e-12)
    assert max(zero.get_linewidths()) >= 2


def test_the_bar_bears_the_unit_and_the_axes_keep_their_place(make_run):
    from matplotlib.figure import Figure

    ax = Figure(figsize=(6, 4)).add_subplot()
    before = ax.get_position().bounds
    margin_map(make_run(), ax=ax)
    assert ax.get_position().bounds == before
    (bar,) = ax.child_axes
    assert bar.get_ylabel() == "margin (payoff spreads)"


@pytest.mark.parametrize("n", [5, 120])
def test_cells_are_a_picture_in_vector_files_so_that_no_seams_show(n, make_run):
    ax = margin_map(make_run(n=n, m=n))
    (mesh,) = [c for c in ax.collections if isinstance(c, QuadMesh)]
    assert mesh.get_rasterized()


def test_colours_change_on_cell_edges_and_contours_run_through_cell_centres(make_run):
    ax = margin_map(make_run(n=11, m=4))
    (mesh,) = [c for c in ax.collections if isinstance(c, QuadMesh)]
    columns = mesh.get_coordinates()[0, :, 0]
    np.testing.assert_allclose(columns, np.linspace(-0.05, 1.05, 12))
    values = np.asarray(mesh.get_array())[0]
    middle = (columns[1:] + columns[:-1]) / 2
    np.testing.assert_allclose(values, 0.4 - middle, atol=1e-12)
    (lines,) = [c for c in ax.collections if len(getattr(c, "levels", ())) > 1]
    for level, parts in zip(lines.levels, lines.allsegs, strict=True):
        np.testing.assert_allclose(np.concatenate(parts)[:, 0], 0.4 - level, atol=1e-12)


def test_the_legend_stands_under_a_label_that_takes_a_second_line(make_run):
    """At the width of a column the colour bar leaves the axes so narrow that the label is broken."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(3.0, 3.2), layout="constrained")
    ax = margin_map(make_run(), ax=figure.add_subplot())
    figure.draw_without_rendering()
    label = ax.xaxis.label.get_window_extent()
    assert ax.get_legend().get_window_extent().y1 <= label.y0 + 1
