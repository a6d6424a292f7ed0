"""A tree from left to right: ends in order, nodes in the middle of their children, choices thick."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.figure import Figure
from sim.errors import UsageError
from sim.plots.disputes._set_lines import set_lanes
from sim.plots.games.game_tree import game_tree, game_tree_data


def tree(**changes):
    """Chance, then two nodes of b that it cannot tell apart, each with two ends."""
    values = {
        "title": "A game made by hand",
        "actors": ("a", "b"),
        "movers": ("chance", "b", "", "", "b", "", ""),
        "parents": (-1, 0, 1, 1, 0, 4, 4),
        "actions": ("", "fair 0.5", "stay", "go", "foul 0.5", "stay", "go"),
        "payoffs": ((), (), (1.0, 2.0), (0.0, -1.0), (), (1.0, 2.0), (3.0, 1 / 3)),
        "chosen": (False, False, True, False, False, True, False),
        "sets": ((1, 4),),
        "equilibria": 1,
        "beliefs": (),
    }
    return SimpleNamespace(**(values | changes))


def test_ends_stand_in_order_and_nodes_amid_their_children():
    data = game_tree_data(tree())
    assert data.ends == (2, 3, 5, 6)
    np.testing.assert_array_equal(data.places[:, 0], [0, 1, 2, 2, 1, 2, 2])
    np.testing.assert_array_equal(data.places[:, 1], [-1.5, -0.5, 0, -1, -2.5, -2, -3])


def test_choices_are_thick():
    lines = game_tree(tree()).lines
    thick = [line for line in lines if line.get_gid() == "chosen"]
    thin = [line for line in lines if line.get_gid() == "branch"]
    assert (len(thick), len(thin)) == (2, 4)
    assert min(t.get_linewidth() for t in thick) > max(t.get_linewidth() for t in thin)
    assert [t.get_text() for t in game_tree(tree()).texts if t.get_weight() == "bold"] == [
        "stay"
    ] * 2


def test_payoffs_stand_at_the_ends():
    words = [t.get_text() for t in game_tree(tree()).texts]
    assert words.count("1, 2") == 2
    assert "0, \N{MINUS SIGN}1" in words
    assert "3, 0.333" in words


def test_an_information_set_is_joined_and_explained():
    ax = game_tree(tree())
    (joined,) = [line for line in ax.lines if line.get_gid() == "set"]
    assert joined.get_xydata().tolist() == [[1, -0.5], [1, -2.5]]
    words = [t.get_text() for t in ax.get_legend().get_texts()]
    assert words == ["a", "b", "chance", "chosen in equilibrium", "cannot tell apart"]


def test_beliefs_stand_above_the_nodes_of_a_set(overlapping, outside):
    ax = game_tree(tree(beliefs=(None, 0.25, None, None, 0.75, None, None)))
    told = [(t.get_text(), t.xy) for t in ax.texts if t.get_gid() == "belief"]
    assert told == [("0.25", (1.0, -0.5)), ("0.75", (1.0, -2.5))]
    assert "cannot tell apart, with beliefs" in [t.get_text() for t in ax.get_legend().get_texts()]
    assert overlapping(ax) == []
    assert outside(ax) == []


def test_sets_that_would_share_a_line_are_drawn_apart():
    four = tree(
        movers=("chance", *["b", "", ""] * 4),
        parents=(-1, 0, 1, 1, 0, 4, 4, 0, 7, 7, 0, 10, 10),
        actions=("", *["x", "l", "r"] * 4),
        payoffs=((), *[(), (1.0, 2.0), (0.0, 0.0)] * 4),
        chosen=(False,) * 13,
        sets=((1, 7), (4, 10)),
    )
    first, second = (line for line in game_tree(four).lines if line.get_gid() == "set")
    assert set_lanes(game_tree_data(four).places, four.sets) == [1, 2]
    straight = [
        {x for x, _ in line.get_xydata().round(6).tolist() if x < 1} for line in (first, second)
    ]
    assert straight[0].isdisjoint(straight[1])
    assert first.get_xydata()[0].tolist() == game_tree_data(four).places[1].tolist()
    nested = tree(sets=((1, 4),))
    assert set_lanes(game_tree_data(nested).places, nested.sets) == [0]


def test_several_equilibria_are_said():
    words = [t.get_text() for t in game_tree(tree(equilibria=3)).get_legend().get_texts()]
    assert "chosen in the first of 3 equilibria" in words


@pytest.mark.parametrize("narrow", [False, True])
def test_no_two_texts_overlap(narrow, overlapping, outside):
    ax = Figure(figsize=(3.5, 3.0), layout="constrained").add_subplot() if narrow else None
    ax = game_tree(tree(), ax=ax)
    assert overlapping(ax) == []
    assert outside(ax) == []


def test_texts_of_a_file_are_shown_as_written():
    hostile = tree(title="$x_{$", actions=("", "$a_{$", "_b", "c", "d", "e", "f"))
    ax = game_tree(hostile)
    ax.figure.draw_without_rendering()
    assert not [t for t in [ax.title, *ax.texts] if "$" in t.get_text() and t.get_parse_math()]


def test_a_large_tree_is_refused():
    n = 41
    wide = tree(
        movers=("a", *[""] * n),
        parents=(-1, *[0] * n),
        actions=("", *["x"] * n),
        payoffs=((), *[(1.0, 1.0)] * n),
        chosen=(False,) * (n + 1),
        sets=(),
    )
    with pytest.raises(UsageError, match="legible up to 40 ends"):
        game_tree(wide)
