"""Mixed equilibria of many two-actor games at once: against one game at a time, sweeps, ties."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.errors import TooLargeError, UsageError
from sim.games.strategic import StrategicGame, regret
from sim.solutions.strategic.mixed_nash import mixed_nash, mixed_nash_batch

PENNIES = [[1, -1], [-1, 1]], [[-1, 1], [1, -1]]
SHAPES = [(2, 2), (1, 4), (3, 2), (3, 3), (4, 5), (5, 5)]


def one_game(payoffs, k):
    return StrategicGame.from_bimatrix(payoffs[0, ..., k].tolist(), payoffs[1, ..., k].tolist())


def of_game(found, k):
    """The batch's equilibria of one game, as vectors of both mixes, in order."""
    mixes = np.concatenate([found.rows, found.columns])[:, found.game == k].T
    return mixes[np.lexsort(mixes.round(6).T)] if len(mixes) else mixes


def singly(payoffs, k):
    """The same from exact enumeration; whether every component is a point."""
    game = one_game(payoffs, k)
    solution = mixed_nash(game)
    assert solution.exhaustive
    menus = list(zip(game.actors, game.strategies, strict=True))
    mixes = np.array(
        [
            [e.strategies[actor].get(label, 0) for actor, menu in menus for label in menu]
            for e in solution.equilibria
        ]
    )
    return mixes[np.lexsort(mixes.round(6).T)], not any(
        e.extra["dimension"] for e in solution.equilibria
    )


@pytest.mark.parametrize("shape", SHAPES)
def test_each_game_of_a_batch_has_the_equilibria_that_exact_enumeration_finds(shape):
    payoffs = np.random.default_rng(shape).normal(size=(2, *shape, 25))
    found = mixed_nash_batch(payoffs)
    assert (found.status == "complete").all()
    for k in range(25):
        expected, isolated = singly(payoffs, k)
        assert isolated
        assert of_game(found, k) == pytest.approx(expected, abs=1e-9)


@settings(deadline=None, max_examples=60)
@given(
    m=st.integers(1, 4),
    n=st.integers(1, 4),
    seed=st.integers(0, 10**6),
)
def test_tied_games_are_settled_only_with_all_their_equilibria(m, n, seed):
    payoffs = np.random.default_rng(seed).integers(-2, 3, (2, m, n, 4)).astype(float)
    found = mixed_nash_batch(payoffs)
    for k in range(4):
        expected, isolated = singly(payoffs, k)
        if found.status[k] == "unsettled":
            assert not (found.game == k).any()
            continue
        assert isolated
        assert of_game(found, k) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        pytest.param([[1, 1], [1, 1]], [[1, 1], [1, 1]], id="nothing matters"),
        pytest.param([[0, 0], [1, 0]], [[0, 0], [0, 1]], id="rejecting anything gives the same"),
        pytest.param([[3, 3], [4, 2]], [[3, 3], [1, 0]], id="a threat that costs nothing unused"),
        pytest.param([[1, -1], [-1, 1], [1, -1]], [[-1, 1], [1, -1], [-1, 1]], id="a copy"),
        pytest.param(
            [[2, 0, 1], [0, 2, 1]], [[1, 0, 0.5], [0, 1, 0.5]], id="three replies to one mix"
        ),
    ],
)
def test_degenerate_games_are_left_to_exact_enumeration(row, column):
    payoffs = np.array([row, column], dtype=float)[..., None]
    assert mixed_nash_batch(payoffs).unsettled.tolist() == [0]


def test_a_degenerate_game_does_not_touch_its_neighbours():
    payoffs = np.array([*PENNIES], dtype=float)[..., None].repeat(3, axis=-1)
    payoffs[0, ..., 1] = 0
    found = mixed_nash_batch(payoffs)
    assert found.status.tolist() == ["complete", "unsettled", "complete"]
    assert found.counts.tolist() == [1, 0, 1]
    assert found.rows.T.tolist() == [[0.5, 0.5]] * 2


def sweep(count, seed=3, size=5):
    """Games on a straight line between two random ones."""
    ends = np.random.default_rng(seed).random((2, 2, size, size, 1))
    return ends[0] + (ends[1] - ends[0]) * np.linspace(0, 1, count)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("stride", [2, 7, 32])
def test_carried_supports_give_what_enumeration_gives_along_a_sweep(seed, stride):
    payoffs = sweep(600, seed)
    whole, along = mixed_nash_batch(payoffs), mixed_nash_batch(payoffs, stride=stride)
    assert set(whole.status) == {"complete"}
    assert (along.status == "carried").mean() > 0.3
    assert along.game.tolist() == whole.game.tolist()
    assert along.rows == pytest.approx(whole.rows, abs=1e-12)
    assert along.columns == pytest.approx(whole.columns, abs=1e-12)
    assert len({tuple(column) for column in (whole.rows > 0).T}) > 3


def test_games_where_a_support_dies_between_two_enumerated_ones_are_enumerated():
    payoffs = np.array([*PENNIES], dtype=float)[..., None].repeat(9, axis=-1)
    payoffs[0, 0, :, 4] += 3
    found = mixed_nash_batch(payoffs, stride=8)
    assert found.status.tolist() == [
        "complete",
        *["carried"] * 3,
        "complete",
        *["carried"] * 3,
        "complete",
    ]
    assert found.rows[:, 4].tolist() == [1, 0]


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10**6), factor=st.sampled_from([1e-9, 1e9]), shift=st.integers(-3, 3))
def test_units_change_nothing_and_every_member_has_no_regret(seed, factor, shift):
    payoffs = np.random.default_rng(seed).normal(size=(2, 3, 4, 5))
    plain = mixed_nash_batch(payoffs)
    scaled = mixed_nash_batch(payoffs * factor + shift * factor)
    assert scaled.status.tolist() == plain.status.tolist()
    assert scaled.rows == pytest.approx(plain.rows, abs=1e-9)
    assert np.bincount(plain.game, weights=plain.index).tolist() == [1] * 5
    for k, game in enumerate(plain.game):
        mixes = [plain.rows[:, k], plain.columns[:, k]]
        own = regret(one_game(payoffs, game), mixes)
        assert own < 1e-12
        assert plain.regret[k] == pytest.approx(own, abs=1e-12)


@pytest.mark.parametrize(
    ("shape", "stride", "error", "words"),
    [
        ((3, 2, 2, 1), 1, UsageError, r"\(2, m, n, batch\) is needed"),
        ((2, 2, 2), 1, UsageError, r"\(2, m, n, batch\) is needed"),
        ((2, 2, 2, 1), 0, UsageError, "stride of at least 1"),
        ((2, 9, 2, 1), 1, TooLargeError, "9 by 2, the limit for a batch is 8.*mixed_nash"),
    ],
)
def test_what_cannot_be_solved_is_said(shape, stride, error, words):
    with pytest.raises(error, match=words):
        mixed_nash_batch(np.zeros(shape), stride=stride)


def test_a_payoff_that_is_not_finite_is_refused():
    with pytest.raises(UsageError, match="not finite"):
        mixed_nash_batch(np.full((2, 2, 2, 1), np.nan))
