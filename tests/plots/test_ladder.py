"""The ladder: one bar per step, the binding one outlined, values beside the bars and inside the axes."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from matplotlib.figure import Figure
from sim.plots.disputes.ladder import ladder, ladder_data


def test_steps_keep_the_order_of_the_ladder(make_verdict):
    data = ladder_data(make_verdict())
    assert data.names == (
        "tokyo: gain", "moscow: gain", "moscow: duma", "moscow: constitution", "moscow: waiting",
    )  # fmt: skip
    np.testing.assert_array_equal(data.slack, [0.2, 0.1, -0.15, np.inf, 0.3])
    assert data.binding.tolist() == [False, False, True, False, False]


def test_bars_go_down_the_ladder_and_end_at_the_slack(make_verdict):
    ax = ladder(make_verdict())
    bars = [p for p in ax.patches if p.get_facecolor()[3] > 0]
    assert [p.get_width() for p in bars] == [0.2, 0.1, -0.15, 0.3]
    heights = [p.get_y() for p in bars]
    assert heights == sorted(heights, reverse=True)
    (outlined,) = [p for p in ax.patches if p.get_facecolor()[3] == 0]
    assert outlined.get_width() == -0.15


def test_what_is_not_engaged_is_said_in_words(make_verdict):
    texts = [t.get_text() for t in ladder(make_verdict()).texts]
    assert texts.count("not engaged") == 1
    assert "\N{MINUS SIGN}0.15" in texts
    (low,) = [t for t in ladder(make_verdict()).texts if t.get_text() == "\N{MINUS SIGN}0.15"]
    assert low.get_weight() == "bold"
    assert "ratifiable at home (fails)" in texts
    assert "mutual gain" in texts


@pytest.mark.parametrize("narrow", [False, True])
def test_values_lie_inside_the_axes(narrow, make_verdict, column_axes):
    ax = ladder(make_verdict(), ax=column_axes if narrow else None)
    ax.figure.draw_without_rendering()
    frame, renderer = ax.get_window_extent(), ax.figure._get_renderer()
    for text in ax.texts:
        box = text.get_window_extent(renderer)
        assert frame.x0 - 1 <= box.x0
        assert box.x1 <= frame.x1 + 1


def test_zero_is_thick(make_verdict):
    zero = [line for line in ladder(make_verdict()).lines if list(line.get_xdata()) == [0, 0]]
    assert [line.get_linewidth() for line in zero] == [2.0]


@pytest.mark.parametrize("slacks", [(0.0, 0.0), (np.inf, np.inf), (-1e-9, 1e9)])
def test_extreme_slacks_are_drawn(slacks, make_verdict):
    verdict = make_verdict()
    verdict.steps = verdict.steps[:2]
    for step, slack in zip(verdict.steps, slacks, strict=True):
        step.slack = slack
    verdict.binding = verdict.steps[0]
    ax = ladder(verdict)
    low, high = ax.get_xlim()
    assert low <= 0 < high


def test_names_of_two_lines_have_the_room_of_two():
    """At the width of a column, and with names that lie side by side."""
    from types import SimpleNamespace as Record

    steps = tuple(
        Record(rung="ratifiable at home", actor="washington", constraint=f"{word} on foreign bases",
               slack=0.1)
        for word in ("a guarantee", "a coalition", "an objection")
    )  # fmt: skip
    verdict = Record(title="T", best_agreement="two", rung="none", steps=steps, binding=steps[0])
    ax = ladder(verdict, ax=Figure(figsize=(3.5, 3.0), layout="constrained").add_subplot())
    ax.figure.draw_without_rendering()
    boxes = [label.get_window_extent() for label in ax.get_yticklabels()]
    assert all("\n" in label.get_text() for label in ax.get_yticklabels())
    assert all(above.y0 >= below.y1 for above, below in pairwise(boxes))
