"""Logit quantal response: its definition, closed forms, published branches, limits, peers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.optimize import brentq
from scipy.special import softmax
from sim.errors import UsageError
from sim.games.strategic import StrategicGame, deviation_payoffs, regret
from sim.solutions.strategic.quantal_response import quantal_response, quantal_response_batch

PUBLISHED = json.loads(
    (Path(__file__).parent / "published_strategic.json").read_text(encoding="utf-8")
)["games"]
SHAPES = st.sampled_from([(2, 2), (3, 3), (2, 4), (1, 3), (2, 2, 2), (3, 2, 2), (2, 2, 2, 2)])
SEEDS = st.integers(0, 2**32 - 1)
# Where a mirror image of the game exists, the tabulated point lies on a branch that leaves the
# principal one at a bifurcation (it is not symmetric), so it is not a value of the principal branch.
BESIDE_THE_BRANCH = {("cat_nau2004_sec3", 2), ("gc_sh3", 2)}


def mixes_of(game, member):
    return [
        np.array([member.strategies[actor].get(label, 0.0) for label in menu])
        for actor, menu in zip(game.actors, game.strategies, strict=True)
    ]


def distance_to_logit(game, mixes, precision):
    """Largest violation of the definition, by scipy's softmax."""
    values = deviation_payoffs(game, mixes)
    return max(
        float(np.abs(softmax(precision * v) - m).max()) for v, m in zip(values, mixes, strict=True)
    )


def random_game(seed, shape, *, whole=False):
    rng = np.random.default_rng(seed)
    size = (len(shape), *shape)
    table = rng.integers(-2, 3, size=size) if whole else rng.normal(size=size)
    return StrategicGame.from_tables(list(table))


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS, shape=SHAPES)
def test_at_precision_zero_everybody_plays_uniformly(seed, shape):
    game = random_game(seed, shape)
    solution = quantal_response(game, precision=0.0)
    for mix in mixes_of(game, solution.equilibria[0]):
        assert mix == pytest.approx(np.full(mix.size, 1 / mix.size), abs=1e-15)
    assert solution.status == "complete"


@settings(max_examples=40, deadline=None)
@given(
    seed=SEEDS,
    shape=SHAPES,
    whole=st.booleans(),
    precision=st.sampled_from([0.3, 2.0, 20.0, 150.0]),
)
def test_the_definition_holds(seed, shape, whole, precision):
    game = random_game(seed, shape, whole=whole)
    solution = quantal_response(game, precision=precision)
    (member,) = solution.equilibria
    mixes = mixes_of(game, member)
    assert solution.status == "complete"
    assert member.extra["lambda"] == pytest.approx(precision)
    assert distance_to_logit(game, mixes, precision) < 1e-10
    assert member.extra["residual"] < 1e-10
    assert member.regret == pytest.approx(regret(game, mixes), abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS, shape=SHAPES)
def test_the_limit_is_a_nash_equilibrium(seed, shape):
    game = random_game(seed, shape)
    solution = quantal_response(game)
    assert solution.status == "complete"
    assert regret(game, mixes_of(game, solution.equilibria[0])) < 1e-7


@pytest.mark.parametrize("seed", range(40))
def test_the_limit_of_degenerate_games_is_nash_or_says_that_it_is_not_reached(seed):
    rng = np.random.default_rng(seed)
    shape = [(3, 3), (5, 5), (2, 2, 2), (3, 3, 3)][seed % 4]
    game = StrategicGame.from_tables(list(rng.integers(0, 2, size=(len(shape), *shape))))
    solution = quantal_response(game)
    found = regret(game, mixes_of(game, solution.equilibria[0]))
    assert found < (2e-8 if solution.status == "complete" else 1e-4)
    assert (solution.status == "complete") == (not solution.note.startswith("stopped"))


@pytest.mark.parametrize("precision", [0.1, 0.7, 1.5, 3.0, 12.0])
def test_symmetric_dilemma_solves_its_scalar_equation(precision):
    """In a symmetric 2x2 game p is the fixed point of one logistic function."""
    reward, sucker, temptation, punishment = 3.0, 0.0, 5.0, 1.0

    def gap(p):
        gain = p * (reward - temptation) + (1 - p) * (sucker - punishment)
        return p - 1 / (1 + np.exp(-precision * gain))

    expected = brentq(gap, 0.0, 1.0, xtol=1e-15)
    game = StrategicGame.from_bimatrix(
        [[reward, sucker], [temptation, punishment]], [[reward, temptation], [sucker, punishment]]
    )
    member = quantal_response(game, precision=precision).equilibria[0]
    assert member.strategies["player 1"]["1"] == pytest.approx(expected, abs=1e-12)
    assert member.strategies["player 2"]["1"] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("precision", [0.5, 2.0, 20.0])
def test_stag_hunt_solves_its_scalar_equation(precision):
    """Hare is risk-dominant, so the branch goes to the lowest root."""

    def gap(p):
        return p - 1 / (1 + np.exp(-precision * (4 * p - 3)))

    hunt = StrategicGame.from_bimatrix([[4, 0], [3, 3]], [[4, 3], [0, 3]])
    expected = brentq(gap, 0.0, 0.5, xtol=1e-15)
    member = quantal_response(hunt, precision=precision).equilibria[0]
    assert member.strategies["player 1"]["1"] == pytest.approx(expected, abs=1e-12)
    assert quantal_response(hunt).equilibria[0].strategies["player 1"] == {"2": 1.0}


def branch_by_integration(row, column, lengths):
    """The principal branch as the solution of dx/ds = tangent, x = (row and column logits, lam).

    Written against the definition only: numerical Jacobian, tangent from a singular value
    decomposition, orientation kept by the sign of the closed system's determinant.
    """
    m, n = row.shape

    def violation(x):
        p, q = softmax(x[:m]), softmax(x[m : m + n])
        lam = x[-1]
        left = np.concatenate([x[:m] - lam * row @ q, x[m : m + n] - lam * p @ column])
        return np.concatenate(
            [np.diff(left[:m]), [x[:m].sum()], np.diff(left[m:]), [x[m:-1].sum()]]
        )

    def tangent(_, x):
        steps = np.eye(x.size) * 1e-6
        jacobian = np.array([(violation(x + h) - violation(x - h)) / 2e-6 for h in steps]).T
        direction = np.linalg.svd(jacobian)[2][-1]
        return direction * np.linalg.slogdet(np.vstack([jacobian, direction]))[0] * sign

    sign = 1.0
    start = np.zeros(m + n + 1)
    sign = np.sign(tangent(0.0, start)[-1])
    ends = (0.0, lengths)
    return solve_ivp(
        tangent, ends, start, rtol=1e-9, atol=1e-9, max_step=0.2, dense_output=True
    ).sol


def test_turning_points_are_passed():
    """A branch that goes up to a precision of about 2.4, back to about 0.6, and up again."""
    row = np.array([[7.0, 0.0, 2.0], [5.0, 6.0, 1.0]])
    column = np.array([[8.0, 2.0, 0.0], [2.0, 6.0, 8.0]])
    game = StrategicGame.from_bimatrix(row, column)
    branch = branch_by_integration(row, column, 60.0)
    places = np.linspace(0.0, 60.0, 6001)
    lams = branch(places)[-1]
    top = lams[: np.argmax(np.diff(lams) < 0) + 1].max()
    assert np.diff(lams).min() < 0.0
    assert lams.max() > top + 0.5
    for precision in (0.5, 1.0, top - 0.05, top + 0.05, top + 0.5):
        after = int(np.argmax(lams >= precision))
        at = brentq(lambda s: branch(s)[-1] - precision, places[after - 1], places[after])  # noqa: B023
        mixes = mixes_of(game, quantal_response(game, precision=precision).equilibria[0])
        assert mixes[0] == pytest.approx(softmax(branch(at)[:2]), abs=1e-6)
        assert mixes[1] == pytest.approx(softmax(branch(at)[2:5]), abs=1e-6)


@pytest.mark.parametrize("case", PUBLISHED, ids=[case["name"] for case in PUBLISHED])
def test_published_games(case):
    game = StrategicGame.from_tables(case["payoffs"])
    for place, point in enumerate(case["quantal_response"]):
        member = quantal_response(game, precision=point["precision"]).equilibria[0]
        mixes = mixes_of(game, member)
        assert distance_to_logit(game, mixes, point["precision"]) < 1e-12
        if (case["name"], place) not in BESIDE_THE_BRANCH:
            allowed = 1e-9 + 3 * point["residual"]
            for mix, expected in zip(mixes, point["profile"], strict=True):
                assert mix == pytest.approx(np.array(expected), abs=allowed)
    width = float(np.ptp(game.payoffs.reshape(len(game.actors), -1), axis=1).max())
    limit = quantal_response(game)
    assert limit.status == "complete"
    assert limit.equilibria[0].regret <= 1e-8 * width


def test_a_bifurcation_is_named():
    battle = StrategicGame.from_bimatrix([[3, 0], [0, 2]], [[2, 0], [0, 3]])
    solution = quantal_response(battle)
    assert "other branches leave" in solution.note
    assert solution.equilibria[0].strategies["player 1"]["1"] == pytest.approx(3 / 5, abs=1e-9)


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS, shape=SHAPES, factor=st.sampled_from([1e-9, 1e9]))
def test_rescaling_all_payoffs_rescales_the_precision(seed, shape, factor):
    payoffs = np.random.default_rng(seed).normal(size=(len(shape), *shape, 3))
    scaled = factor * (payoffs + 2.0)
    here = quantal_response_batch(payoffs, 7.0)
    there = quantal_response_batch(scaled, 7.0 / factor)
    for a, b in zip(here.mixes, there.mixes, strict=True):
        assert a == pytest.approx(b, abs=1e-6)
    here, there = quantal_response_batch(payoffs), quantal_response_batch(scaled)
    assert here.ok.all()
    assert there.ok.all()
    for a, b in zip(here.mixes, there.mixes, strict=True):
        assert a == pytest.approx(b, abs=1e-5)


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS, shape=SHAPES)
def test_a_batch_equals_its_games_one_by_one(seed, shape):
    payoffs = np.random.default_rng(seed).normal(size=(len(shape), *shape, 5))
    lams = np.array([0.0, 0.5, 5.0, 50.0, np.inf])
    together = quantal_response_batch(payoffs, lams)
    for b, lam in enumerate(lams):
        alone = quantal_response_batch(payoffs[..., b : b + 1], float(lam))
        assert alone.ok[0] == together.ok[b]
        for many, one in zip(together.mixes, alone.mixes, strict=True):
            assert many[:, b] == pytest.approx(one[:, 0], abs=1e-9)


def test_every_game_of_a_batch_at_high_precision():
    """Damped fixed-point iteration fails on a third to a half of these."""
    payoffs = np.random.default_rng(0).normal(size=(2, 4, 4, 400))
    found = quantal_response_batch(payoffs, 20.0)
    assert found.ok.all()
    assert found.residual.max() < 1e-10


def test_constant_games_stay_uniform():
    solution = quantal_response(StrategicGame.from_tables(np.full((2, 3, 2), 7.0).tolist()))
    (member,) = solution.equilibria
    assert solution.status == "complete"
    assert list(member.strategies["player 1"].values()) == pytest.approx([1 / 3] * 3)
    assert member.regret == 0.0


@pytest.mark.parametrize("precision", [-1.0, float("nan")])
def test_precision_must_be_a_number_of_at_least_zero(precision):
    game = StrategicGame.from_bimatrix([[1]], [[1]])
    with pytest.raises(UsageError, match="precision"):
        quantal_response(game, precision=precision)


@pytest.mark.peers
@pytest.mark.parametrize("shape", [(2, 2), (3, 4), (2, 2, 2), (3, 3, 3)])
def test_equals_gambit_on_generic_games(shape):
    gambit = pytest.importorskip("pygambit")
    payoffs = np.random.default_rng(8).normal(size=(len(shape), *shape, 10))
    precisions = [0.5, 5.0, 25.0]
    ours = [quantal_response_batch(payoffs, lam).mixes for lam in precisions]
    for b in range(10):
        peer = gambit.StrategicGame.from_arrays(*payoffs[..., b])
        points = gambit.qre.logit_solve_lambda(peer, precisions, use_strategic=True)
        for mixes, point in zip(ours, points, strict=True):
            for mix, player in zip(mixes, peer.players, strict=True):
                expected = [point.profile[player][s] for s in peer.get_strategies(player)]
                assert mix[:, b] == pytest.approx(np.array(expected), abs=1e-6)
