"""The margin line: thresholds, the own point, the binding strip; and crossings of any line."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.plots.drawing.style import nothing_there
from sim.plots.runs.margin import crossings, margin, margin_data


def legend_texts(ax):
    return [t.get_text() for t in ax.get_legend().get_texts()]


def test_the_threshold_of_a_straight_line_is_exact(make_run):
    data = margin_data(make_run(n=8), x="moscow.pressure")
    assert data.thresholds == pytest.approx((0.4,), abs=1e-12)
    assert data.own_margin == pytest.approx(0.4 - 0.3, abs=1e-12)


def test_the_hand_solved_threshold_of_the_ladder(ladder_run):
    data = margin_data(ladder_run, x="principle", at={"value": 1.0})
    assert data.thresholds == pytest.approx((27 / 93,), abs=1e-12)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(-5, 5).filter(bool), min_size=2, max_size=12))
def test_every_change_of_sign_is_found_once_and_where_the_line_is_zero(values):
    x, y = np.arange(len(values), dtype=float), np.array(values, dtype=float)
    found = crossings(x, y)
    assert len(found) == sum(a * b < 0 for a, b in pairwise(values))
    np.testing.assert_allclose(np.interp(found, x, y), 0, atol=1e-12)


def test_a_gap_hides_a_crossing():
    x = np.arange(4.0)
    assert crossings(x, np.array([-1.0, np.nan, 1.0, 3.0])) == ()


def test_zero_thick_and_every_threshold_has_its_line_and_value(make_run):
    ax = margin(make_run())
    zero = [line for line in ax.lines if np.allclose(line.get_ydata(), 0)]
    assert max(line.get_linewidth() for line in zero) >= 2
    upright = [line for line in ax.lines if np.allclose(line.get_xdata(), 0.4, atol=1e-12)]
    assert len(upright) == 1
    assert "0.4" in {t.get_text() for t in ax.texts}


def test_given_thresholds_stand_instead_of_interpolated_ones(make_run):
    assert margin_data(make_run(), thresholds=[0.7, 0.2]).thresholds == (0.2, 0.7)


def test_the_strip_covers_the_axis_with_the_binding_constraints(make_run):
    run = make_run(n=11)
    ax = margin(run)
    blocks = [
        (p.get_x(), p.get_width()) for p in ax.patches if p.get_transform() != ax.transData
        and hasattr(p, "get_width")
    ]  # fmt: skip
    assert sum(width for _, width in blocks) == pytest.approx(1.1)
    assert {"binding: tokyo.gain", "binding: moscow.duma"} <= {t.get_text() for t in ax.texts}


def test_a_name_too_long_for_its_stretch_goes_to_the_legend(make_run):
    run = make_run(n=101)
    binding = np.full(run.shape, "a", dtype=object)
    binding[50] = "a constraint with a long name"
    run.table["binding"] = binding
    assert "binding: a constraint with a long name" in legend_texts(margin(run))


def test_in_every_equilibrium_is_drawn_only_where_it_differs(make_run):
    run = make_run()
    assert "in every stance equilibrium" not in legend_texts(margin(run))
    run.table["margin_in_every"] = run.table["margin"] - 0.1
    assert "in every stance equilibrium" in legend_texts(margin(run))


def test_where_points_have_no_answer_there_is_no_line(make_run):
    """Which treaties exist does not depend on the point, so a gap among margins is a point that failed."""
    run = make_run()
    run.table["margin"][:5] = np.nan
    data = margin_data(run)
    assert np.isnan(data.margin[:5]).all()
    assert np.isfinite(data.margin[5:]).all()
    assert "no answer" in legend_texts(margin(run))
    assert nothing_there(np.full(3, np.nan)) == "no treaty exists"


def test_the_own_point_outside_the_grid_is_not_drawn(make_run):
    run = make_run(own=(1.7, 0.6))
    assert np.isnan(margin_data(run).own_margin)
    assert "scenario's values" not in legend_texts(margin(run))


def test_the_title_says_what_is_held(make_run):
    assert "tokyo.patience = 0.6 share of voters" in margin(make_run()).get_title()
    title = margin(make_run(), at={"tokyo.patience": 0.11}).get_title()
    assert "tokyo.patience = 0.1 share of voters" in title


def test_many_thresholds_do_not_overlap(make_run, overlapping, column_axes):
    run = make_run(n=101)
    run.table["margin"] = np.sin(30 * np.linspace(0, 1, 101))[:, None] * np.ones(31)
    assert len(margin_data(run).thresholds) >= 9
    assert overlapping(margin(run, ax=column_axes)) == []


def test_every_stretch_without_a_name_is_in_the_legend_also_where_its_name_fits_elsewhere(make_run):
    run = make_run(n=101)
    binding = np.full(run.shape, "tokyo.gain", dtype=object)
    binding[50:] = "moscow.duma"
    binding[99:] = "tokyo.gain"
    run.table["binding"] = binding
    ax = margin(run)
    assert "binding: tokyo.gain" in {t.get_text() for t in ax.texts}
    assert "binding: tokyo.gain" in legend_texts(ax)
    assert "binding: moscow.duma" not in legend_texts(ax)


def test_the_line_has_no_colour_of_the_strip(make_run):
    ax = margin(make_run())
    (line,) = [line for line in ax.lines if line.get_label() == "margin"]
    assert line.get_color() not in {fill.colour for fill in margin_data(make_run()).fills.values()}
    assert line.get_color() == "#000000"


def test_a_stretch_of_margin_zero_is_marked_and_a_single_crossing_is_not(make_run):
    run = make_run(n=21)
    assert "knife-edge" not in legend_texts(margin(run))
    run.table["margin"][4:9] = 0.0
    run.table["feasible"] = np.where(run.table["margin"] == 0, None, run.table["margin"] > 0)
    ax = margin(run)
    (marks,) = [line for line in ax.lines if line.get_gid() == "knife-edge"]
    np.testing.assert_allclose(marks.get_xdata(), np.linspace(0.2, 0.4, 5))
    assert "knife-edge" in legend_texts(ax)
