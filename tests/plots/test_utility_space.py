"""The utility space: every agreement a point, frontiers in order, coinciding solutions of different size."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.figure import Figure
from sim.plots.disputes.utility_space import utility_space, utility_space_data


def space(**changes):
    values = {
        "title": "A dispute made by hand",
        "stances": "",
        "unit": "gain (payoff spreads)",
        "actors": ("tokyo", "moscow"),
        "parties": ("tokyo", "moscow"),
        "classes": ("none", "treaty", "treaty", "interim"),
        "utilities": np.array([[0.0, 0.4, 0.1, 0.3], [0.0, 0.1, 0.5, -0.2]]),
        "allowed": np.array([True, True, False, True]),
        "knife_edge": np.zeros(4, dtype=bool),
        "frontier": np.array([False, True, True, False]),
        "efficient": np.array([False, True, False, False]),
        "disagreement": np.zeros(2),
        "solutions": {
            "nash_bargaining": (np.array([0.4, 0.1]),),
            "egalitarian": (np.array([0.4, 0.1]),),
        },
    }
    return SimpleNamespace(**(values | changes))


def lines(ax, gid):
    return [line for line in ax.lines if line.get_gid() == gid]


def test_every_agreement_is_in_one_group():
    groups = utility_space_data(space()).groups
    assert set(groups) == {
        ("none", "passes"),
        ("treaty", "passes"),
        ("treaty", "blocked"),
        ("interim", "passes"),
    }
    assert sum(points.shape[1] for points in groups.values()) == 4
    assert groups["treaty", "blocked"].tolist() == [[0.1], [0.5]]


def test_frontiers_run_from_left_to_right():
    (frontier,) = lines(utility_space(space()), "frontier")
    assert frontier.get_xydata().tolist() == [[0.1, 0.5], [0.4, 0.1]]
    (efficient,) = lines(utility_space(space()), "efficient")
    assert efficient.get_xydata().tolist() == [[0.4, 0.1]]
    assert efficient.get_linewidth() > frontier.get_linewidth()


def test_with_three_principals_what_is_efficient_is_ringed_and_not_joined():
    three = space(parties=("tokyo", "moscow", "washington"))
    ax = utility_space(three)
    for gid in ("efficient", "frontier"):
        (points,) = lines(ax, gid)
        assert points.get_linestyle() == "None"
        assert points.get_marker() == "o"
        assert points.get_markerfacecolor() == "none"
    assert "not shown: what washington gains" in ax.get_title()
    words = [t.get_text() for t in ax.get_legend().get_texts()]
    assert "efficient for all" in words


def test_what_passes_with_nothing_to_spare_is_half_filled():
    ax = utility_space(space(knife_edge=np.array([False, True, False, False])))
    half = [line for line in ax.lines if line.get_fillstyle() == "left"]
    assert [line.get_xydata().tolist() for line in half] == [[[0.4, 0.1]]]
    assert "half: knife-edge" in [t.get_text() for t in ax.get_legend().get_texts()]


def test_one_frontier_is_drawn_where_both_are_the_same():
    same = space(allowed=np.ones(4, dtype=bool), efficient=np.array([False, True, True, False]))
    assert lines(utility_space(same), "frontier") == []


def test_what_is_blocked_is_open():
    ax = utility_space(space())
    at = {tuple(map(float, line.get_xydata()[0])): line for line in ax.lines if line.get_marker() == "o"
          and len(line.get_xydata()) == 1}  # fmt: skip
    assert at[0.1, 0.5].get_markerfacecolor() == "none"
    words = [t.get_text() for t in ax.get_legend().get_texts()]
    assert "open: blocked" in words


def test_coinciding_solutions_differ_in_size_and_shape():
    ax = utility_space(space())
    rings = [line for line in ax.lines if line.get_markersize() >= 9 and line.get_gid() is None]
    assert len(rings) == 2
    assert len({(r.get_markersize(), r.get_marker()) for r in rings}) == 2
    assert {r.get_markerfacecolor() for r in rings} == {"none"}


def test_the_quadrant_begins_at_the_disagreement_point():
    ax = utility_space(space(disagreement=np.array([0.1, -0.1])))
    (cross,) = lines(ax, "disagreement")
    assert cross.get_xydata().tolist() == [[0.1, -0.1]]
    box = ax.collections[0].get_paths()[0].get_extents()
    assert (box.x0, box.y0) == (0.1, -0.1)


@pytest.mark.parametrize("narrow", [False, True])
def test_no_two_texts_overlap(narrow, overlapping, outside):
    ax = Figure(figsize=(3.5, 3.5), layout="constrained").add_subplot() if narrow else None
    ax = utility_space(space(), ax=ax)
    assert overlapping(ax) == []
    assert outside(ax) == []


def test_texts_of_a_file_are_shown_as_written():
    ax = utility_space(space(title="$x_{$", actors=("$a_{$", "_b"), parties=("$a_{$", "_b")))
    ax.figure.draw_without_rendering()
    assert ax.get_title() == "$x_{$"
    assert not ax.xaxis.label.get_parse_math()


def test_a_single_point_is_drawn():
    one = space(
        classes=("",),
        utilities=np.zeros((2, 1)),
        allowed=np.array([True]),
        knife_edge=np.array([False]),
        frontier=np.array([True]),
        efficient=np.array([True]),
        solutions={},
    )
    utility_space(one).figure.draw_without_rendering()
