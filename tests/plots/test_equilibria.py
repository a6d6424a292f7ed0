"""Equilibria along a parameter: bands cut in proportion, several and none marked, names or legend."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure
from sim.plots.games.equilibria import BAND, equilibria, equilibria_data
from sim.views import EquilibriaAlong


def along(**changes):
    values = {
        "title": "A dispute made by hand",
        "concept": "mixed_nash",
        "path": "moscow.nationalism",
        "unit": "share opposed",
        "values": np.array([0.0, 0.5, 1.0]),
        "own": 0.77,
        "strategies": {"tokyo": ("accept", "reject"), "moscow": ("offer",)},
        "played": {
            "tokyo": np.array([[1.0, 0.25, 0.0], [0.0, 0.75, 0.0]]),
            "moscow": np.array([[1.0, 1.0, 0.0]]),
        },
        "count": np.array([1, 3, 0]),
    }
    return EquilibriaAlong(**(values | changes))


def test_cells_lie_around_the_values():
    assert equilibria_data(along()).edges.tolist() == [-0.25, 0.25, 0.75, 1.25]


def test_bands_are_cut_in_proportion():
    ax = equilibria(along())
    accept = ax.collections[0].get_paths()
    tops = np.concatenate([path.vertices for path in accept])
    low = -0.5 - BAND / 2
    first = tops[(tops[:, 0] > -0.25) & (tops[:, 0] <= 0.25)]
    assert first[:, 1].max() == pytest.approx(low + BAND)
    middle = tops[(tops[:, 0] > 0.25) & (tops[:, 0] <= 0.75)]
    assert middle[:, 1].max() == pytest.approx(low + 0.25 * BAND)


def test_several_and_none_are_said():
    words = [t.get_text() for t in equilibria(along()).get_legend().get_texts()]
    assert "several equilibria: the first is drawn" in words
    assert "no equilibrium found" in words
    sure = along(count=np.array([1, 1, 1]))
    words = [t.get_text() for t in equilibria(sure).get_legend().get_texts()]
    assert words[-1] == "scenario's value"
    assert "no equilibrium found" not in words


def test_the_own_value_is_marked_where_it_is_shown():
    gids = [line.get_gid() for line in equilibria(along()).lines]
    assert "own" in gids
    assert "own" not in [line.get_gid() for line in equilibria(along(own=9.0)).lines]


def test_every_strategy_is_named_inside_or_in_the_legend():
    long = "islands=two_plus, peace=treaty, bases=excluded, economy=package, framing=delimitation"
    data = along(strategies={"tokyo": ("accept", long), "moscow": ("offer",)})
    ax = equilibria(data)
    words = " ".join([t.get_text() for t in (*ax.texts, *ax.get_legend().get_texts())])
    for name in ("accept", "offer", long):
        assert name in " ".join(words.split())


@pytest.mark.parametrize("narrow", [False, True])
def test_no_two_texts_overlap(narrow, overlapping, outside):
    ax = Figure(figsize=(3.5, 3.5), layout="constrained").add_subplot() if narrow else None
    ax = equilibria(along(), ax=ax)
    assert overlapping(ax) == []
    assert outside(ax) == []


def test_texts_of_a_file_are_shown_as_written():
    played = along().played
    ax = equilibria(
        along(
            title="$x_{$",
            unit="$",
            strategies={"$a_{$": ("$s_{$", "t"), "moscow": ("_o",)},
            played={"$a_{$": played["tokyo"], "moscow": played["moscow"]},
        )
    )
    ax.figure.draw_without_rendering()
    assert ax.get_title().startswith("$x_{$")
    texts = [*ax.texts, *ax.get_yticklabels()]
    assert not [t.get_text() for t in texts if "$" in t.get_text() and t.get_parse_math()]


def test_what_is_everywhere_is_said_so():
    words = [
        t.get_text() for t in equilibria(along(count=np.array([2, 3, 2]))).get_legend().get_texts()
    ]
    assert "several equilibria everywhere: the first is drawn" in words


def test_different_strategies_of_different_actors_differ_in_their_fill():
    names = {f"actor {k}": (f"plan {k}", "accept") for k in range(3)}
    half = np.full((2, 3), 0.5)
    ax = equilibria(
        along(strategies=names, played=dict.fromkeys(names, half), count=np.ones(3, dtype=int))
    )
    looks = [(tuple(band.get_facecolor()[0]), band.get_hatch()) for band in ax.collections[:6]]
    own, shared = looks[::2], looks[1::2]
    assert len(set(shared)) == 1
    assert len(set(own) | set(shared)) == 4
