"""The graph of a conflict: one arrow per improvement, states told apart by stability in shape and colour."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch
from sim.errors import UsageError
from sim.plots.games.conflict_graph import conflict_graph, conflict_graph_data


def graph(n=4, **changes):
    """Actor a improves from every state to the next, b from the last to the first."""
    improvements = np.zeros((2, n, n), dtype=bool)
    improvements[0, np.arange(n - 1), np.arange(1, n)] = True
    improvements[1, n - 1, 0] = True
    values = {
        "title": "A conflict made by hand",
        "actors": ("a", "b"),
        "states": tuple(f"s{k}" for k in range(n)),
        "meanings": tuple(f"a does {k}" for k in range(n)),
        "improvements": improvements,
        "stable": {"gmcr_nash": ("s1",), "seq": ("s1", "s2"), "gmr": ("s1", "s2", "s3")},
    }
    return SimpleNamespace(**(values | changes))


def test_one_arrow_per_improvement():
    data = conflict_graph_data(graph())
    assert data.arrows.tolist() == [[0, 0, 1], [0, 1, 2], [0, 2, 3], [1, 3, 0]]
    arrows = [p for p in conflict_graph(graph()).patches if isinstance(p, FancyArrowPatch)]
    assert len(arrows) == 4
    assert len({(a.get_linestyle(), a.get_edgecolor()) for a in arrows}) == 2


def test_states_lie_on_a_circle_the_first_on_top():
    places = conflict_graph_data(graph()).places
    np.testing.assert_allclose(places, [[0, 1], [1, 0], [0, -1], [-1, 0]], atol=1e-12)


def test_a_state_shows_the_first_concept_that_holds():
    assert conflict_graph_data(graph()).stability == ("", "gmcr_nash", "seq", "gmr")
    shapes = [line.get_marker() for line in conflict_graph(graph()).lines]
    assert len(set(shapes)) == 4


def test_the_legend_names_actors_and_stabilities():
    words = [t.get_text() for t in conflict_graph(graph()).get_legend().get_texts()]
    assert words[:6] == [
        "a",
        "b",
        "Nash",
        "sequentially stable",
        "general metarational",
        "unstable",
    ]


def test_the_legend_says_what_every_state_means():
    words = [t.get_text() for t in conflict_graph(graph()).get_legend().get_texts()]
    assert words[6:] == ["s0: a does 0", "s1: a does 1", "s2: a does 2", "s3: a does 3"]
    bare = conflict_graph(graph(meanings=("",) * 4))
    assert len(bare.get_legend().get_texts()) == 6


@pytest.mark.parametrize("n", [2, 9, 24])
@pytest.mark.parametrize("narrow", [False, True])
def test_no_two_texts_overlap(n, narrow, overlapping, outside):
    ax = Figure(figsize=(3.5, 3.5), layout="constrained").add_subplot() if narrow else None
    ax = conflict_graph(graph(n), ax=ax)
    assert overlapping(ax) == []
    assert outside(ax) == []


def test_texts_of_a_file_are_shown_as_written():
    ax = conflict_graph(
        graph(
            2, title="$x_{$", actors=("$a_{$", "_b"), states=("$s_{$", "_t"), meanings=("$m$", "")
        )
    )
    ax.figure.draw_without_rendering()
    assert not [t for t in [ax.title, *ax.texts] if "$" in t.get_text() and t.get_parse_math()]


def test_too_many_states_are_refused():
    with pytest.raises(UsageError, match="legible up to 40 states"):
        conflict_graph(graph(41))
