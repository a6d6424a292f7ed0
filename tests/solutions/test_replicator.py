"""Replicator dynamics: closed forms, a constant of motion, attraction, seeds, rescaling."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.errors import NotDefinedError, UsageError
from sim.games.strategic import StrategicGame
from sim.solutions.strategic.pure_nash import pure_nash
from sim.solutions.strategic.replicator import replicator

PENNIES = StrategicGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
DILEMMA = StrategicGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])


@pytest.mark.parametrize("time", [0.0, 0.5, 3.0, 7.3])
def test_a_constant_advantage_grows_logistically(time):
    """One opponent strategy: d p / dt = p (1 - p), a logistic curve."""
    game = StrategicGame.from_bimatrix([[0], [4]], [[1], [1]])
    member = replicator(game, duration=time, start=[[0.9, 0.1], [1.0]]).equilibria[0]
    expected = 0.1 * np.exp(time) / (0.9 + 0.1 * np.exp(time))
    assert member.strategies["player 1"]["2"] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("time", [1.0, 5.0, 20.0, 60.0])
def test_matching_pennies_keeps_its_constant_of_motion(time):
    """Zero-sum with an interior equilibrium: the product of all four shares never changes."""
    start = [[0.3, 0.7], [0.55, 0.45]]
    mixes = replicator(PENNIES, duration=time, start=start).equilibria[0].strategies
    shares = [p for mix in mixes.values() for p in mix.values()]
    assert np.prod(shares) == pytest.approx(0.3 * 0.7 * 0.55 * 0.45, rel=1e-4)
    assert shares[:2] != pytest.approx(start[0], abs=1e-3)


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_strict_equilibria_attract(seed):
    rng = np.random.default_rng(seed)
    payoffs = rng.uniform(0.0, 1.0, size=(2, 3, 3))
    payoffs[0, 1, 2] = payoffs[1, 1, 2] = 1.6
    game = StrategicGame.from_tables(list(payoffs))
    near = [[0.05, 0.9, 0.05], [0.05, 0.05, 0.9]]
    member = replicator(game, duration=400.0, start=near).equilibria[0]
    assert member.strategies == {"player 1": {"2": 1.0}, "player 2": {"3": 1.0}}
    assert member.regret == 0.0
    assert member.strategies in [e.strategies for e in pure_nash(game).equilibria]


def test_dominated_strategies_die_out_from_every_start():
    for seed in range(5):
        member = replicator(DILEMMA, rng=seed).equilibria[0]
        assert member.strategies == {"player 1": {"2": 1.0}, "player 2": {"2": 1.0}}


def test_pure_states_rest_even_when_they_are_no_equilibrium():
    solution = replicator(DILEMMA, start=[[1.0, 0.0], [1.0, 0.0]])
    (member,) = solution.equilibria
    assert member.strategies == {"player 1": {"1": 1.0}, "player 2": {"1": 1.0}}
    assert member.regret == 2.0
    assert solution.status == "partial"
    assert not solution.exhaustive
    assert "regret" in solution.note


def test_a_long_stay_near_a_corner_keeps_shares_on_the_simplex():
    """Rock, paper, scissors whose winner gets less than the loser pays: play spirals outward."""
    row = [[0, -2, 1], [1, 0, -2], [-2, 1, 0]]
    column = np.transpose(row).tolist()
    member = replicator(
        StrategicGame.from_bimatrix(row, column), duration=1500.0, rng=4
    ).equilibria[0]
    for mix in member.strategies.values():
        assert sum(mix.values()) == pytest.approx(1.0)
        assert min(mix.values()) > 0.0


def test_seeds():
    runs = [replicator(PENNIES, duration=5.0, rng=seed).equilibria for seed in (0, 0, 1)]
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]


@pytest.mark.parametrize("factor", [1e-9, 1e9])
def test_rescaling_payoffs_changes_nothing_but_units(factor):
    scaled = StrategicGame(
        actors=PENNIES.actors, strategies=PENNIES.strategies, payoffs=factor * (PENNIES.payoffs + 3)
    )
    here, there = (replicator(g, duration=4.0).equilibria[0] for g in (PENNIES, scaled))
    for actor, mix in here.strategies.items():
        assert there.strategies[actor] == pytest.approx(mix, abs=1e-6)
    assert there.regret == pytest.approx(here.regret * factor, rel=1e-4)


@pytest.mark.parametrize(
    "options",
    [
        {"duration": -1.0},
        {"duration": float("nan")},
        {"duration": 1e9},
        {"start": [[1.0], [1.0]]},
        {"start": [[0.5, 0.6], [0.5, 0.5]]},
        {"start": [[1.5, -0.5], [0.5, 0.5]]},
    ],
)
def test_bad_options_are_refused(options):
    with pytest.raises(UsageError, match=r"duration must be|start must be"):
        replicator(PENNIES, **options)


def test_three_actors_are_refused():
    game = StrategicGame.from_tables(np.zeros((3, 2, 2, 2), dtype=int).tolist())
    with pytest.raises(NotDefinedError, match="defined on two actors"):
        replicator(game)
