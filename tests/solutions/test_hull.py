"""Large two-actor games: vertices in floats against the walk in integers; what has ties is refused."""

import re

import numpy as np
import pytest
from sim.games.strategic import StrategicGame, as_fractions
from sim.solutions.strategic.mixed import vertices
from sim.solutions.strategic.mixed.hull import labelled_pairs, most_vertices
from sim.solutions.strategic.mixed.vertices import positive_integers, two_actor_extreme
from sim.solutions.strategic.mixed_nash import mixed_nash


@pytest.mark.parametrize("seed", range(12))
def test_the_same_equilibria_as_the_walk_in_integers(seed):
    rng = np.random.default_rng(seed)
    table = as_fractions(rng.normal(size=(2, *rng.integers(2, 8, size=2))).tolist())
    found = labelled_pairs(*map(positive_integers, table))
    walked = two_actor_extreme(table)  # fewer strategies than floats are tried for
    assert walked.complete
    assert tuple(sorted(found, reverse=True)) == walked.pairs


@pytest.mark.parametrize(
    "table",
    [
        [[[1, 1], [0, 2]], [[1, 1], [0, 2]]],
        [[[1, 1, 1]] * 3, [[1, 1, 1]] * 3],
        [[[0, -1, 1], [1, 0, -1], [-1, 1, 0], [0, -1, 1]], [[1, 2, 3]] * 4],
    ],
)
def test_ties_are_left_to_integers(table):
    assert labelled_pairs(*map(positive_integers, as_fractions(table))) is None


@pytest.mark.parametrize("seed", range(3))
def test_integers_small_enough_to_tie_never_lose_an_equilibrium(seed, monkeypatch):
    table = as_fractions(np.random.default_rng(seed).integers(-3, 4, size=(2, 5, 5)).tolist())
    walked = two_actor_extreme(table)
    monkeypatch.setattr(vertices, "IN_FLOATS", 0)
    assert two_actor_extreme(table) == walked


def test_ten_by_ten_is_complete_at_once():
    rng = np.random.default_rng(10)
    game = StrategicGame.from_bimatrix(*rng.normal(size=(2, 10, 10)).tolist())
    found = mixed_nash(game)
    assert found.exhaustive
    assert len(found.members) % 2 == 1  # no ties: an odd number [wilson1971]
    assert max(member.regret for member in found.members) < 1e-15


def test_the_limit_can_be_raised():
    rng = np.random.default_rng(0)
    table = np.round(4 * rng.normal(size=(2, 9, 9)))  # ties, so integers have to walk
    game = StrategicGame.from_bimatrix(*table.tolist())
    short, long = (mixed_nash(game, vertex_limit=limit) for limit in (50, 100_000))
    assert not short.exhaustive
    assert "raise vertex_limit" in short.note
    assert long.exhaustive
    assert len(long.members) >= len(short.members)


def test_upper_bounds_of_vertices():
    """McMullen's bound is met by cyclic polytopes: polygons, and 2n - 4 facets of their duals in space."""
    assert [most_vertices(2, n) for n in (3, 4, 7)] == [3, 4, 7]
    assert [most_vertices(3, n) for n in (4, 5, 8)] == [4, 6, 12]
    assert [most_vertices(4, n) for n in (5, 6, 8)] == [5, 9, 20]


def test_the_limit_that_is_said_to_be_enough_is_enough():
    tables = np.random.default_rng(10).random((2, 10, 10)).tolist()
    game = StrategicGame.from_tables(tables)
    short = mixed_nash(game, vertex_limit=20)
    said = re.search(r"vertex_limit 20; (\d+) is enough without ties", short.note)
    assert said
    whole = mixed_nash(game, vertex_limit=int(said[1]))
    assert (whole.status, whole.exhaustive) == ("complete", True)
    assert {str(m.strategies) for m in short.members} <= {str(m.strategies) for m in whole.members}
