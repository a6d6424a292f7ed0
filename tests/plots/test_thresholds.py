"""Strips of verdicts: alternating at every crossing, the easiest lever on top."""

from __future__ import annotations

import numpy as np
import pytest
from sim.plots.disputes.thresholds import thresholds, thresholds_data


def test_the_nearest_flip_is_on_top(make_verdict):
    strips = thresholds_data(make_verdict()).strips
    assert [s.path for s in strips] == ["moscow.nationalism", "talks.open", "tokyo.minimum"]


def test_verdicts_alternate_at_every_crossing(make_verdict):
    flip, once, never = thresholds_data(make_verdict()).strips
    assert (flip.bounds.tolist(), flip.feasible.tolist()) == (
        [0.5, 0.6, 0.8, 0.9], [True, False, True],
    )  # fmt: skip
    assert once.feasible.tolist() == [False, True]
    assert never.feasible.tolist() == [False]


def test_the_last_stretch_agrees_with_the_margin_at_the_high_end(ladder_scenario):
    from sim.explaining import explain

    verdict = explain(ladder_scenario)
    (strip,) = thresholds_data(verdict).strips
    assert strip.path == "principle"
    np.testing.assert_allclose(strip.bounds, [0, 27 / 93, 1], atol=1e-9)
    assert strip.feasible.tolist() == [True, False]


def test_strips_are_drawn_over_shares_of_the_range(make_verdict):
    ax = thresholds(make_verdict())
    top = [p for p in ax.patches if p.get_y() > -0.5]
    np.testing.assert_allclose(
        sorted((p.get_x(), p.get_width()) for p in top), [(0, 0.25), (0.25, 0.5), (0.75, 0.25)]
    )
    diamonds = [line.get_xydata()[0] for line in ax.lines if line.get_marker() == "D"]
    np.testing.assert_allclose(diamonds[0], [(0.77 - 0.5) / 0.4, 0])


def test_values_are_written_in_the_parameters_own_units(make_verdict):
    texts = {t.get_text() for t in thresholds(make_verdict()).texts}
    assert {"0.6", "0.8", "0.5", "0.9", "1.5", "2"} <= texts


@pytest.mark.parametrize(
    ("most", "words"),
    [(2, "1 more parameter: it does not flip it alone"), (1, "1 of them flip it")],
)
def test_what_is_left_out_is_said(most, words, make_verdict):
    assert words in thresholds(make_verdict(), most=most).get_title()


def test_close_crossings_do_not_overlap(make_verdict, overlapping):
    verdict = make_verdict()
    verdict.thresholds[1].at = tuple(np.linspace(0.6, 0.64, 9))
    assert overlapping(thresholds(verdict)) == []


def test_a_parameter_that_changes_nothing_is_left_out(make_verdict):
    verdict = make_verdict()
    verdict.thresholds[0].margin_high = verdict.thresholds[0].margin_low
    data = thresholds_data(verdict)
    assert [s.path for s in data.strips] == ["moscow.nationalism", "talks.open"]
    assert (data.left_out, data.left_out_flips) == (1, 0)


def test_a_crossing_next_to_an_end_stands_beside_the_end(make_verdict, overlapping):
    verdict = make_verdict()
    verdict.thresholds[1].at = (0.504,)
    ax = thresholds(verdict)
    texts = {t.get_text(): t for t in ax.texts if t.get_position()[1] > 0}
    assert {"0.5", "0.504", "0.9"} <= set(texts)
    assert texts["0.5"].get_position()[0] < texts["0.504"].get_position()[0]
    assert texts["0.504"].get_weight() == "bold"
    assert overlapping(ax) == []
