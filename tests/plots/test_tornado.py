"""The tornado: the widest on top, bars from the current margin to the ends of each range."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.ticker import MaxNLocator
from sim.errors import UsageError
from sim.plots.disputes.tornado import tornado, tornado_data


def test_the_widest_swing_is_on_top(make_verdict):
    data = tornado_data(make_verdict())
    assert data.paths == ("talks.open", "moscow.nationalism", "tokyo.minimum")
    np.testing.assert_allclose(data.swing, [0.75, 0.35, 0.2])
    ax = tornado(make_verdict())
    labels = dict(zip(ax.get_yticks(), (t.get_text() for t in ax.get_yticklabels()), strict=True))
    assert labels[max(labels)].splitlines() == ["talks.open", "[0, 2]"]


def test_bars_run_from_the_current_margin_to_both_ends(make_verdict):
    ax = tornado(make_verdict())
    ends = sorted(round(p.get_x() + p.get_width(), 12) for p in ax.patches)
    assert ends == [-0.3, -0.15, -0.1, 0.05, 0.2, 0.6]
    assert all(p.get_x() == -0.15 for p in ax.patches)


def test_ends_on_the_same_side_stand_side_by_side(make_verdict):
    ax = tornado(make_verdict())
    both = [p for p in ax.patches if round(p.get_x() + p.get_width(), 12) in (0.05, 0.2)]
    (a, b) = sorted(both, key=lambda p: p.get_y())
    assert a.get_y() + a.get_height() <= b.get_y() + 0.03


def test_zero_and_the_current_margin_have_their_lines(make_verdict):
    lines = {line.get_gid(): line.get_xdata()[0] for line in tornado(make_verdict()).lines}
    assert lines == {"current": -0.15, "zero": 0}


def test_what_is_left_out_is_counted(make_verdict):
    data = tornado_data(make_verdict(), most=2)
    assert (len(data.paths), data.left_out) == (2, 1)
    assert "1 more moves it less" in tornado(make_verdict(), most=2).get_title()


def test_parameters_that_move_nothing_are_counted_apart(make_verdict):
    flat, flip, wide = make_verdict().thresholds
    still = [SimpleNamespace(**vars(flat) | {"path": f"idle{k}"}) for k in range(3)]
    for record in still:
        record.margin_low = record.margin_high = -0.15
    verdict = make_verdict(thresholds=(flat, flip, wide, *still))
    data = tornado_data(verdict, most=1)
    assert (data.left_out, data.unmoved) == (5, 3)
    assert "2 more move it less, 3 move it not at all" in tornado(verdict, most=1).get_title()
    assert "\n3 move it not at all" in tornado(verdict).get_title()


def test_parameters_without_ranges_are_an_error(make_verdict):
    with pytest.raises(UsageError, match=r"range: \[lo, hi\]"):
        tornado(make_verdict(thresholds=()))


JUMPING = """
title: A promise that is believed only where it is certain
parameters:
  trust: {value: 0.5, range: [0, 1]}
  joy: {value: 0.2, range: [0.1, 0.3]}
issues: {peace: {no: {}, yes: {signed: 1}}}
outcomes: {treaty: signed}
actors: {a: {role: principal}, b: {role: principal}}
payoffs:
  a: {gain: "(where(trust >= 1, 0.4, 0.1*trust) - 0.1)*signed"}
  b: {gain: joy*signed}
"""


@pytest.fixture(name="jumping", scope="module")
def _jumping():
    """One's gain is 0.1 trust - 0.1, which is its whole spread, but 0.3 at a trust of exactly 1."""
    from sim.explaining import explain
    from sim.loading import loads

    return explain(loads(JUMPING))


def test_a_jump_at_the_end_point_alone_is_no_bar(jumping):
    (trust,) = (t for t in jumping.thresholds if t.path == "trust")
    assert trust.margin_high > 0 > trust.margin_inside_high
    data = tornado_data(jumping)
    k = data.paths.index("trust")
    assert data.at_high[k] == trust.margin_inside_high
    assert data.jump_high[k] == trust.margin_high
    assert np.isnan(data.jump_low[k])
    ax = tornado(jumping)
    bars = [p for p in ax.patches if abs(p.get_y() + p.get_height() / 2 + k) < 0.3]
    assert max(p.get_x() + p.get_width() for p in bars) <= max(0, data.middle) + 1e-9
    (ring,) = (line for line in ax.lines if line.get_gid() == "end point")
    assert ring.get_xydata()[0].tolist() == [trust.margin_high, -k]
    words = {t.get_text() for t in ax.get_legend().get_texts()}
    assert "at the very end only, not before" in words


def test_a_steep_margin_is_no_jump(make_verdict):
    verdict = make_verdict()
    for record in verdict.thresholds:
        wide = record.margin_high - record.margin_low
        record.margin_inside_low = record.margin_low + 1e-3 * wide
        record.margin_inside_high = record.margin_high - 1e-3 * wide
    data = tornado_data(verdict)
    assert np.isnan([data.jump_low, data.jump_high]).all()
    np.testing.assert_allclose(data.swing, [0.75, 0.35, 0.2])


def test_ticks_that_would_touch_are_fewer():
    from matplotlib.figure import Figure
    from sim.plots.drawing.text import ticks_apart

    ax = Figure(figsize=(2, 2)).add_subplot()
    ax.set_xlim(-0.048, 0.108)
    ax.xaxis.set_major_locator(MaxNLocator(9))
    before = len(ax.get_xticklabels())
    ticks_apart(ax)
    assert len(ax.get_xticklabels()) < before
