"""Win-sets as cells: the best treaty per position and principal, the overlap, inside or outside."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.figure import Figure
from sim.errors import UsageError
from sim.plots.disputes.win_sets import EDGE, INSIDE, OUTSIDE, win_sets, win_sets_data


def sets(**changes):
    """Four treaties: two with some land, two with all of it; the first agreement is not a treaty."""
    values = {
        "title": "A dispute made by hand",
        "stances": "",
        "principals": ("tokyo", "moscow"),
        "issues": {"land": ("none", "some", "all"), "bases": ("open", "shut")},
        "positions": np.array([[0, 0], [1, 0], [1, 1], [2, 0], [2, 1]]),
        "treaties": np.array([False, True, True, True, True]),
        "home": np.array([[0.0, 0.3, -0.2, 0.5, 0.4], [0.0, -0.4, 0.1, -0.6, 0.2]]),
        "abroad": np.array([np.inf, np.inf, np.inf, np.inf, -0.3]),
    }
    return SimpleNamespace(**(values | changes))


def test_values_are_the_best_over_treaties_and_the_overlap_is_of_one_treaty():
    data = win_sets_data(sets())
    assert data.issue == "land"
    assert data.positions == ("some", "all")
    assert data.columns == ("tokyo", "moscow", "all at once", "and abroad")
    # some: tokyo 0.3 with open bases, moscow 0.1 with shut ones, never both: max(min) = -0.2
    np.testing.assert_allclose(data.values, [[0.3, 0.1, -0.2, -0.2], [0.5, 0.2, 0.2, -0.3]])


def test_another_issue_can_be_asked_for():
    data = win_sets_data(sets(), issue="bases")
    np.testing.assert_allclose(data.values[:, 2], [-0.4, 0.2])


def test_cells_are_inside_where_the_value_is_not_negative():
    ax = win_sets(sets())
    fills = [patch.get_hatch() for patch in ax.patches]
    inside, outside = INSIDE.hatch or None, OUTSIDE.hatch or None
    assert [f or None for f in fills] == [
        inside, inside, outside, outside, inside, inside, inside, outside,
    ]  # fmt: skip


def test_a_knife_edge_is_neither_inside_nor_outside():
    home = np.array([[0.0, 0.3, -0.2, 0.0, 1e-12], [0.0, 0.4, 0.1, 0.6, 0.2]])
    ax = win_sets(sets(home=home, abroad=np.full(5, np.inf)))
    row_all = ax.patches[4:8]
    assert [patch.get_hatch() or "" for patch in row_all] == [
        EDGE.hatch,
        INSIDE.hatch,
        EDGE.hatch,
        EDGE.hatch,
    ]
    assert [t.get_text() for t in ax.texts][4:8] == ["0", "+0.60", "0", "0"]
    words = [t.get_text() for t in ax.get_legend().get_texts()]
    assert words == ["in the win-set", "knife-edge: neither"]


def test_small_values_are_not_rounded_to_nothing():
    home = np.full((2, 5), 0.004)
    assert {t.get_text() for t in win_sets(sets(home=home)).texts} >= {"+0.004"}


def test_what_engages_nothing_is_said_in_words():
    free = sets(home=np.full((2, 5), np.inf), abroad=np.full(5, np.inf))
    assert {t.get_text() for t in win_sets(free).texts} == {"any"}


@pytest.mark.parametrize("narrow", [False, True])
def test_no_two_texts_overlap(narrow, overlapping, outside):
    ax = Figure(figsize=(3.5, 3.5), layout="constrained").add_subplot() if narrow else None
    ax = win_sets(sets(), ax=ax)
    assert overlapping(ax) == []
    assert outside(ax) == []


def test_texts_of_a_file_are_shown_as_written():
    issues = {"$l_{$": ("none", "$s_{$", "_all"), "bases": ("open", "shut")}
    ax = win_sets(sets(title="$x_{$", principals=("$a_{$", "_b"), issues=issues))
    ax.figure.draw_without_rendering()
    texts = [ax.title, *ax.get_xticklabels(), *ax.get_yticklabels()]
    assert not [t.get_text() for t in texts if "$" in t.get_text() and t.get_parse_math()]


def test_no_treaty_and_an_unknown_issue_are_refused():
    with pytest.raises(UsageError, match="no treaty"):
        win_sets(sets(treaties=np.zeros(5, dtype=bool)))
    with pytest.raises(UsageError, match="did you mean 'land'"):
        win_sets(sets(), issue="lnd")


def test_which_stances_are_meant_is_said():
    assert win_sets(sets(stances="stances that answer")).get_title().endswith("stances that answer")
