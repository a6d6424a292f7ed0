"""The chain of a world and the grid of its states, against the file's own formulas worked out by hand."""

from __future__ import annotations

import numpy as np
import sim
from sim.dynamics import chain_of


def test_chances_span_what_other_factors_make_of_them(small):
    mood, war = chain_of(small(calm=0.15)).factors
    assert (mood.factor, mood.levels, mood.now) == ("mood", ("hostile", "cool", "warm"), 0)
    np.testing.assert_allclose(mood.low, [[0, 0.15, 0], [0.1, 0, 0.075], [0, 0.05, 0]])
    np.testing.assert_allclose(mood.high, [[0, 0.15, 0], [0.1, 0, 0.15], [0, 0.05, 0]])
    np.testing.assert_allclose(war.high, [[0, 0.2], [0, 0]])


def test_a_chance_is_sourced_where_it_reads_parameters_and_all_have_a_source(small):
    mood, war = chain_of(small()).factors
    assert mood.sourced.tolist() == [[False, True, False], [False, False, True], [False] * 3]
    assert not war.sourced.any()
    assumed = chain_of(small(**{"source: counted": "source: assumed"})).factors[0]
    assert not assumed.sourced.any()


def test_the_grid_of_the_static_game_is_what_the_payoffs_say(small):
    """In a hostile mood the house refuses; in a cool one b signs where its price exceeds 0.1, of [0, 0.4]."""
    grid = sim.forecast(small(), draws=64).grid
    assert grid.factors == {"mood": ("hostile", "cool", "warm"), "war": ("on", "over")}
    np.testing.assert_allclose(grid.static, [[0, 0], [0.75, 0.75], [1, 1]])
    assert grid.start == (0, 0)
    assert grid.reached.all()


def test_nobody_who_does_not_look_ahead_waits(small):
    grid = sim.forecast(small(d=0.0), draws=16).grid
    np.testing.assert_allclose(grid.signs, grid.static)


def test_states_that_play_never_comes_to_are_known(small):
    grid = sim.forecast(small(**{"{{on: {{over: 0.2}}}}": "{{}}"}), draws=8).grid
    assert grid.reached[:, 0].all()
