"""Fictitious play: convergence where it is a theorem, failure where it is one, seeds, ties."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from sim.errors import NotDefinedError, UsageError
from sim.games.strategic import StrategicGame
from sim.solutions.strategic.fictitious_play import fictitious_play

PENNIES = StrategicGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
# Shapley (1964), Some Topics in Two-Person Games: frequencies cycle for ever.
SHAPLEY = StrategicGame.from_bimatrix(
    [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [[0, 1, 0], [0, 0, 1], [1, 0, 0]]
)


def value_of(matrix):
    """The value of a zero-sum game by linear programming."""
    rows, columns = matrix.shape
    answer = linprog(
        np.r_[np.zeros(rows), -1.0],
        A_ub=np.hstack([-matrix.T, np.ones((columns, 1))]),
        b_ub=np.zeros(columns),
        A_eq=np.r_[np.ones(rows), 0.0][None],
        b_eq=[1.0],
        bounds=[(0, None)] * rows + [(None, None)],
    )
    return -answer.fun


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), shape=st.sampled_from([(2, 2), (3, 2), (3, 3)]))
def test_zero_sum_play_converges_to_the_value(seed, shape):
    """Robinson (1951)."""
    matrix = np.random.default_rng(seed).integers(-3, 4, size=shape)
    game = StrategicGame.from_bimatrix(matrix, -matrix)
    solution = fictitious_play(game, iterations=4000)
    (member,) = solution.equilibria
    assert member.regret < 0.35
    assert member.payoffs["player 1"] == pytest.approx(value_of(matrix), abs=0.35)
    early = fictitious_play(game, iterations=1).equilibria[0]
    assert member.regret <= early.regret + 0.35
    assert solution.status == "partial"
    assert not solution.exhaustive


def test_matching_pennies():
    mix = fictitious_play(PENNIES, iterations=20_000).equilibria[0].strategies["player 1"]
    assert mix["1"] == pytest.approx(0.5, abs=0.02)


def test_shapleys_game_does_not_converge_and_says_so_by_its_regret():
    runs = [fictitious_play(SHAPLEY, iterations=n, rng=1) for n in (2_000, 4_000, 8_000, 16_000)]
    regrets = [run.equilibria[0].regret for run in runs]
    assert min(regrets) > 0.05
    assert all(not run.exhaustive and "regret" in run.note for run in runs)


def test_frequencies_are_counts_over_rounds():
    for actor_mix in fictitious_play(SHAPLEY, iterations=37).equilibria[0].strategies.values():
        counts = [37 * p for p in actor_mix.values()]
        assert counts == pytest.approx([round(c) for c in counts], abs=1e-9)
        assert sum(counts) == pytest.approx(37)


def test_a_dominant_strategy_is_played_from_the_second_round_on():
    dilemma = StrategicGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    for seed in range(8):
        member = fictitious_play(dilemma, iterations=50, rng=seed).equilibria[0]
        assert all(mix["2"] >= 49 / 50 for mix in member.strategies.values())


def test_every_seed_counts_and_zero_is_one():
    np.random.seed(5)  # noqa: NPY002
    first = fictitious_play(SHAPLEY, iterations=30, rng=0)
    np.random.seed(6)  # noqa: NPY002
    assert fictitious_play(SHAPLEY, iterations=30, rng=0) == first
    found = {str(fictitious_play(SHAPLEY, iterations=30, rng=s).equilibria) for s in range(12)}
    assert len(found) > 1


def test_the_global_generator_is_left_as_it_was():
    np.random.seed(11)  # noqa: NPY002
    expected = np.random.random(3)  # noqa: NPY002
    np.random.seed(11)  # noqa: NPY002
    fictitious_play(PENNIES, iterations=10)
    assert np.random.random(3).tolist() == expected.tolist()  # noqa: NPY002


def test_fractions_that_floats_cannot_hold_tie_exactly():
    """Thirds and sevenths: the same play as with their whole multiples."""
    whole = np.array([[7, 3, 0], [0, 7, 3], [3, 0, 7]])
    part = [[Fraction(int(v), 21) for v in row] for row in whole]
    here = StrategicGame.from_bimatrix(whole, (-whole).tolist())
    there = StrategicGame.from_bimatrix(part, [[-v for v in row] for row in part])
    for seed in range(4):
        plays = [fictitious_play(g, iterations=500, rng=seed).equilibria[0] for g in (here, there)]
        assert plays[0].strategies == plays[1].strategies


@pytest.mark.parametrize("factor", [1e-9, 1e9])
def test_rescaling_payoffs_changes_nothing_but_units(factor):
    here = fictitious_play(SHAPLEY, iterations=200, rng=3).equilibria[0]
    scaled = StrategicGame(
        actors=SHAPLEY.actors, strategies=SHAPLEY.strategies, payoffs=SHAPLEY.payoffs * factor
    )
    there = fictitious_play(scaled, iterations=200, rng=3).equilibria[0]
    assert here.strategies == there.strategies
    assert there.regret == pytest.approx(here.regret * factor)


def test_three_actors_are_refused_with_concepts_that_take_them():
    game = StrategicGame.from_tables(np.zeros((3, 2, 2, 2), dtype=int).tolist())
    with pytest.raises(NotDefinedError, match=r"the game has 3; ask for quantal_response"):
        fictitious_play(game)


def test_at_least_one_round():
    with pytest.raises(UsageError, match="iterations must be at least 1"):
        fictitious_play(PENNIES, iterations=0)
