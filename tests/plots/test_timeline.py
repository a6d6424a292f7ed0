"""The timeline: points at the margins, episodes in order, futures behind a line, what binds beneath."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.figure import Figure
from sim.errors import UsageError
from sim.plots.record.timeline import timeline, timeline_data


def said(margin, rung="ratifiable at home", actor="tokyo", constraint="diet", share=None):
    binding = SimpleNamespace(rung=rung, actor=actor, constraint=constraint, slack=margin)
    return SimpleNamespace(title="T", margin=margin, rung=rung, binding=binding, share=share)


EPISODES = {
    "future-postwar": said(0.1, "feasible and predicted", "moscow", "gain"),
    "1956": said(-0.2),
    "1992": said(-0.5, "mutual gain", "moscow", "gain"),
    "future-$x_{$": said(0.05, "predicted"),
}


def test_futures_come_last_and_order_is_kept_otherwise():
    data = timeline_data(EPISODES)
    assert data.names == ("1956", "1992", "postwar", "$x_{$")
    assert data.margin.tolist() == [-0.2, -0.5, 0.1, 0.05]
    assert data.future.tolist() == [False, False, True, True]
    assert data.binding[0] == "tokyo: diet"


def test_the_share_of_draws_stands_beneath_every_point():
    drawn = {
        "future": said(0.02, share=SimpleNamespace(value=0.03, error=0.004)),
        "1956": said(-0.2, share=SimpleNamespace(value=0.0, error=0.0)),
        "none": said(-0.2, share=SimpleNamespace(value=None, error=None)),
    }
    data = timeline_data(drawn)
    np.testing.assert_array_equal(data.share, [0.0, np.nan, 0.03])
    np.testing.assert_array_equal(data.error, [0.0, np.nan, 0.004])
    ticks = [label.get_text() for label in timeline(drawn).get_xticklabels()]
    assert "feasible in no draw" in ticks[0]
    assert "draw" not in ticks[1]
    assert "feasible in 3.0 % ± 0.4" in ticks[2]


def points(ax):
    found = [(x, y) for line in ax.lines if line.get_marker() not in ("None", "", None)
             for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)]  # fmt: skip
    return sorted(found)


def test_points_are_the_margins():
    assert points(timeline(EPISODES)) == [(0, -0.2), (1, -0.5), (2, 0.1), (3, 0.05)]


def test_rungs_differ_in_shape_and_are_named():
    ax = timeline(EPISODES)
    shapes = [line.get_marker() for line in ax.lines if line.get_linestyle() == "None"]
    assert len(set(shapes[:2])) == 2
    words = [t.get_text() for t in ax.get_legend().get_texts()]
    assert {
        "fails at: ratifiable at home",
        "fails at: mutual gain",
        "feasible and predicted",
    } <= set(words)


def test_a_border_stands_between_episodes_and_futures():
    dashed = [line for line in timeline(EPISODES).lines if line.get_linestyle() == "--"]
    assert [line.get_xdata()[0] for line in dashed] == [1.5]
    only = {name: v for name, v in EPISODES.items() if name.startswith("future")}
    assert not [line for line in timeline(only).lines if line.get_linestyle() == "--"]


def test_an_episode_without_a_treaty_leaves_a_gap():
    none = SimpleNamespace(title="T", margin=None, rung="mutual gain", binding=None, share=None)
    data = timeline_data({"1956": none, "1960": said(-0.1)})
    assert np.isnan(data.margin[0])
    timeline({"1956": none, "1960": said(-0.1)}).figure.draw_without_rendering()


@pytest.mark.parametrize("count", [1, 3, 13])
@pytest.mark.parametrize("narrow", [False, True])
def test_no_two_texts_overlap(count, narrow, overlapping, outside):
    told = {f"{1950 + k}": said(-k / 10, constraint="recognition") for k in range(count)}
    ax = Figure(figsize=(3.5, 3.5), layout="constrained").add_subplot() if narrow else None
    ax = timeline(told, ax=ax, title="A dispute made by hand: margin of the best treaty")
    assert overlapping(ax) == []
    assert outside(ax) == []


def test_texts_of_a_file_are_shown_as_written():
    ax = timeline(EPISODES, title="$x_{$")
    ax.figure.draw_without_rendering()
    texts = [ax.title, *ax.get_xticklabels()]
    assert not [t.get_text() for t in texts if "$" in t.get_text() and t.get_parse_math()]


def test_no_verdict_is_refused():
    with pytest.raises(UsageError, match="at least one episode"):
        timeline({})
