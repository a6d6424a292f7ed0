"""Pure Nash equilibria: brute force by definition, ties, rescaling, batches, published games."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.errors import UsageError
from sim.games.strategic import StrategicGame
from sim.solutions.strategic.pure_nash import profile_regret, pure_nash, pure_nash_mask

PUBLISHED = json.loads(
    (Path(__file__).parent / "published_strategic.json").read_text(encoding="utf-8")
)["games"]
BIG = (5, 5, 3, 3)


def tied_games(shape, count, seed, values=3):
    """Integer payoffs from a handful of values, so that nearly every comparison has ties."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, values, size=(len(shape), *shape, count)).astype(float)


def by_definition(table):
    """Slow loop over profiles and deviations, on exact integers."""
    shape = table.shape[1:]
    found = []
    for profile in itertools.product(*map(range, shape)):
        stays = True
        for actor, size in enumerate(shape):
            here = table[(actor, *profile)]
            for other in range(size):
                changed = (*profile[:actor], other, *profile[actor + 1 :])
                if table[(actor, *changed)] > here:
                    stays = False
        if stays:
            found.append(profile)
    return found


def game_of(table):
    return StrategicGame.from_tables(list(table))


def positions(game, solution):
    """Members as tuples of positions in the menus."""
    return [
        tuple(
            menu.index(next(iter(member.strategies[actor])))
            for actor, menu in zip(game.actors, game.strategies, strict=True)
        )
        for member in solution.equilibria
    ]


def test_equals_brute_force_on_tied_four_actor_games():
    payoffs = tied_games(BIG, 200, seed=1)
    mask = pure_nash_mask(payoffs)
    counts = []
    for b in range(200):
        expected = by_definition(payoffs[..., b])
        assert list(map(tuple, np.argwhere(mask[..., b]))) == expected
        counts.append(len(expected))
    assert max(counts) > 1


@pytest.mark.parametrize("case", PUBLISHED, ids=[case["name"] for case in PUBLISHED])
def test_published_games(case):
    game = StrategicGame.from_tables(case["payoffs"])
    solution = pure_nash(game)
    assert positions(game, solution) == [tuple(p) for p in case["pure_ne"]]
    assert solution.exhaustive
    assert solution.status == "complete"
    assert bool(solution.note) == (not case["pure_ne"])
    for member in solution.equilibria:
        assert member.regret == 0.0


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    shape=st.lists(st.integers(1, 4), min_size=1, max_size=4),
    factors=st.lists(st.sampled_from([1e-9, 0.1, 3.0, 7e4, 1e9]), min_size=4, max_size=4),
    shifts=st.lists(st.sampled_from([-5.0, 0.0, 0.3, 100.0]), min_size=4, max_size=4),
)
def test_positive_affine_rescaling_changes_nothing(seed, shape, factors, shifts):
    payoffs = tied_games(tuple(shape), 4, seed)
    scaled = payoffs.copy()
    for actor in range(len(shape)):
        scaled[actor] = factors[actor] * (payoffs[actor] + shifts[actor])
    assert np.array_equal(pure_nash_mask(payoffs), pure_nash_mask(scaled))


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), shape=st.sampled_from([(2,), (3, 3), (2, 3, 2), BIG]))
def test_a_batch_equals_its_games_one_by_one(seed, shape):
    payoffs = tied_games(shape, 6, seed)
    mask, regrets = pure_nash_mask(payoffs), profile_regret(payoffs)
    for b in range(6):
        alone = payoffs[..., b : b + 1]
        assert np.array_equal(mask[..., b], pure_nash_mask(alone)[..., 0])
        assert np.array_equal(regrets[..., b], profile_regret(alone)[..., 0])


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_mask_is_where_regret_is_zero(seed):
    payoffs = tied_games((3, 2, 4), 5, seed)
    assert np.array_equal(pure_nash_mask(payoffs), profile_regret(payoffs) == 0.0)


def test_payoffs_and_labels_of_a_member():
    game = StrategicGame.from_tables(
        [[[3, 0], [5, 1]], [[3, 5], [0, 1]]],
        actors=("tokyo", "moscow"),
        strategies=(("concede", "hold"), ("concede", "hold")),
    )
    (member,) = pure_nash(game).equilibria
    assert member.strategies == {"tokyo": {"hold": 1.0}, "moscow": {"hold": 1.0}}
    assert member.payoffs == {"tokyo": 1.0, "moscow": 1.0}


def test_every_profile_of_a_constant_game():
    assert len(pure_nash(game_of(np.zeros((3, 2, 3, 2)))).equilibria) == 12


def test_a_difference_within_tolerance_counts_as_a_tie_and_a_larger_one_does_not():
    near = np.array([[[1.0], [1.0 + 1e-12], [0.0]]])
    far = np.array([[[1.0], [1.0 + 1e-6], [0.0]]])
    assert pure_nash_mask(near)[..., 0].tolist() == [True, True, False]
    assert pure_nash_mask(far)[..., 0].tolist() == [False, True, False]


def test_one_game_is_asked_for():
    two = StrategicGame(
        actors=("a",), strategies=(("x", "y"),), payoffs=np.array([[[0.0, 1.0], [1.0, 0.0]]])
    )
    with pytest.raises(UsageError, match="batch holds 2"):
        pure_nash(two)


@pytest.mark.peers
def test_equals_gambit_on_tied_four_actor_games():
    gambit = pytest.importorskip("pygambit")
    payoffs = tied_games(BIG, 12, seed=2)
    for b in range(12):
        peer = gambit.StrategicGame.from_arrays(*payoffs[..., b].astype(int))
        menus = [(player, list(peer.get_strategies(player))) for player in peer.players]
        found = {
            tuple([equilibrium[player][s] for s in menu].index(1) for player, menu in menus)
            for equilibrium in gambit.nash.enumpure_solve(peer).equilibria
        }
        game = game_of(payoffs[..., b])
        assert set(positions(game, pure_nash(game))) == found
