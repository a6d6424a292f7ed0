"""The tornado: the widest on top, bars from the current margin to the ends of each range."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from sim.errors import UsageError
from sim.plots.tornado import tornado, tornado_data


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
