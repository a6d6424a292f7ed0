"""Pure equilibria of affine games against the concept's own solver, game by game."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim._kernels.tolerance import RELATIVE
from sim.errors import UsageError
from sim.loading import loads
from sim.solutions.strategic.pure_nash import profile_regret
from sim.solving import solve
from sim.sweeps.affine_games import (
    CHUNK,
    affine_games,
    affine_games_of,
    count_equilibria,
    equilibria_at,
)

SHAPES = [(2, 2), (3, 2, 4), (5, 5, 3, 3), (1, 3), (2, 1, 2)]


def family(moves, parameters, seed, levels):
    """Integer coefficients of few levels, so that games are full of ties."""
    rng = np.random.default_rng(seed)
    shape = (len(moves), *moves, 1 + parameters)
    return rng.integers(-levels, levels + 1, shape).astype(float), rng


@given(
    moves=st.sampled_from(SHAPES),
    parameters=st.integers(0, 4),
    seed=st.integers(0, 10**6),
    levels=st.sampled_from([1, 3, 50]),
)
@settings(max_examples=60, deadline=None)
def test_equilibria_are_those_of_the_games_written_out(moves, parameters, seed, levels):
    coefficients, rng = family(moves, parameters, seed, levels)
    theta = rng.integers(-2, 3, (parameters, 9)).astype(float)
    payoffs = coefficients[..., :1] + coefficients[..., 1:] @ theta
    mask = equilibria_at(affine_games(coefficients, np.ones(len(moves))), theta)
    assert np.array_equal(mask, profile_regret(payoffs) <= RELATIVE)


@given(seed=st.integers(0, 10**6), factor=st.sampled_from([1e-9, 1.0, 1e9]))
@settings(max_examples=20, deadline=None)
def test_rescaling_payoffs_with_their_unit_changes_nothing(seed, factor):
    coefficients, rng = family((4, 3, 2), 3, seed, 3)
    theta = rng.random((3, 20))
    one = equilibria_at(affine_games(coefficients, np.ones(3)), theta)
    other = equilibria_at(affine_games(coefficients * factor, np.full(3, factor)), theta)
    assert np.array_equal(one, other)


def test_structural_ties_are_exact():
    """Two strategies with the same coefficients are both best replies, at any parameters."""
    rng = np.random.default_rng(0)
    coefficients = rng.normal(size=(2, 3, 2, 6)) * 1e6
    coefficients[:, 2] = coefficients[:, 1]
    games = affine_games(coefficients, np.zeros(2))
    mask = equilibria_at(games, rng.normal(size=(5, 500)))
    assert np.array_equal(mask[1], mask[2])
    assert mask.any()


def test_counts_and_first_profiles_over_many_points():
    coefficients, rng = family((3, 3), 2, 1, 3)
    theta = rng.random((2, 2 * CHUNK + 5))
    games = affine_games(coefficients, np.ones(2))
    count, first = count_equilibria(games, theta)
    for k in range(0, theta.shape[1], 17):
        found = np.flatnonzero(equilibria_at(games, theta[:, k : k + 1])[..., 0])
        assert count[k] == len(found)
        assert first[k] == (found[0] if len(found) else -1)


def test_another_engine_and_no_threads_are_refused():
    games = affine_games(np.zeros((2, 2, 2, 1)), np.ones(2))
    for options in ({"engine": "Fast"}, {"engine": "fast", "jobs": 0}):
        with pytest.raises(UsageError, match="is needed"):
            count_equilibria(games, np.zeros((0, 3)), **options)


def test_what_is_no_family_is_refused():
    with pytest.raises(UsageError, match="shape"):
        affine_games(np.zeros((2, 2, 2)), np.ones(2))
    with pytest.raises(UsageError, match="not finite"):
        affine_games(np.full((2, 2, 2, 1), np.nan), np.ones(2))


def strategic(tables, seed):
    """A strategic dispute with third parties, one parameter in a principal's and a third party's payoff."""
    text = tables(seed, stances=(3, 2), rungs=(), game="strategic", agreements=3).text()
    moved = "  washington:\n    moved: push*washington.s1\n    on_p0"
    return loads(text.replace("  washington:\n    on_p0", moved))


@pytest.mark.parametrize("seed", range(5))
def test_the_family_of_a_file_has_the_equilibria_of_the_file(tables, seed):
    scenario = strategic(tables, seed)
    pushes = [-2.0, -1.0, 0.0, 0.5, 3.0]
    count, first = count_equilibria(affine_games_of(scenario, ["push"]), np.array([pushes]))
    for k, push in enumerate(pushes):
        (solution,) = solve(scenario.with_values({"push": push}), ["pure_nash"])
        assert count[k] == len(solution.equilibria)
        assert (first[k] >= 0) == bool(solution.equilibria)


@pytest.mark.parametrize(
    ("game", "term", "word"),
    [
        ("ultimatum", "push", "made at once"),
        ("", "push", "made at once"),
        ("strategic", "push**2", "not affine"),
    ],
)
def test_no_family_of_another_game(tables, game, term, word):
    text = tables(1, rungs=(), game=game).text().replace("push: push *", f"push: {term} *")
    with pytest.raises(UsageError, match=word):
        affine_games_of(loads(text), ["push"])


# --- compiled ---------------------------------------------------------------------------------------------


@given(
    moves=st.sampled_from(SHAPES),
    parameters=st.integers(0, 15),
    seed=st.integers(0, 10**6),
    levels=st.sampled_from([1, 3, 50]),
)
@settings(max_examples=60, deadline=None)
def test_compiled_counts_of_integers_are_the_same(moves, parameters, seed, levels):
    """Integers are exact in double precision: every tie is a tie for both."""
    pytest.importorskip("numba")
    coefficients, rng = family(moves, parameters, seed, levels)
    theta = rng.integers(-2, 3, (parameters, 30)).astype(float)
    games = affine_games(coefficients, np.ones(len(moves)))
    expected = count_equilibria(games, theta)
    assert np.array_equal(count_equilibria(games, theta, engine="fast"), expected)


@pytest.mark.parametrize("scale", [1e-300, 1e-9, 1.0, 1e9, 1e200])
def test_compiled_counts_hold_at_every_magnitude(scale):
    """Gains that single precision cannot hold, or that it rounds to 0, are decided in double precision."""
    pytest.importorskip("numba")
    coefficients, rng = family((4, 3, 2), 3, 7, 3)
    theta = rng.random((3, 2000))
    games = affine_games(coefficients * scale, np.full(3, scale))
    expected = count_equilibria(affine_games(coefficients, np.ones(3)), theta)
    assert np.array_equal(count_equilibria(games, theta, engine="fast"), expected)


@pytest.mark.parametrize("scale", [1e-44, 1e-42, 1e-39, 1e30, 1e36, 1e39])
def test_compiled_counts_hold_where_parameters_make_up_for_coefficients(scale):
    """Either may leave the range of single precision while gains are of ordinary size."""
    pytest.importorskip("numba")
    for seed in range(10):
        coefficients, rng = family((3, 3), 2, 3, seed)
        coefficients[..., 0] = 0
        coefficients[..., 1:] *= rng.uniform(0.5, 1, coefficients[..., 1:].shape)
        games = affine_games(coefficients * scale, np.ones(2))
        theta = rng.uniform(-1, 1, (2, 200)) / scale
        expected = count_equilibria(games, theta)
        assert np.array_equal(count_equilibria(games, theta, engine="fast"), expected)


@pytest.mark.parametrize("gap", [0.5, 1.5])
def test_compiled_counts_keep_the_tolerance(gap):
    """Two strategies that differ by less than the tolerance tie; single precision sees no difference."""
    pytest.importorskip("numba")
    coefficients = np.full((2, 2, 1, 1), 3.0)
    coefficients[0, 1] += gap * RELATIVE
    games = affine_games(coefficients, np.ones(2))
    count, _ = count_equilibria(games, np.zeros((0, 700)), engine="fast")
    assert set(count.tolist()) == {2 if gap < 1 else 1}


def test_compiled_counts_by_threads_are_those_by_one():
    pytest.importorskip("numba")
    coefficients, rng = family((5, 5, 3, 3), 10, 3, 20)
    theta = rng.random((10, 3001))
    games = affine_games(coefficients, np.ones(4))
    one, two = (count_equilibria(games, theta, engine="fast", jobs=jobs) for jobs in (1, 2))
    assert np.array_equal(one, two)
    assert np.array_equal(one, count_equilibria(games, theta))
