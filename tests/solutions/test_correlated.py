"""Correlated equilibria: obedience by definition, published bounds, Nash inside, rescaling."""

from __future__ import annotations

import json
from pathlib import Path

import nashpy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.errors import TooLargeError, UsageError
from sim.games.strategic import StrategicGame, profiles
from sim.solutions.strategic._mediated_play import regret_of
from sim.solutions.strategic.correlated import MEDIATION, correlated

PUBLISHED = json.loads(
    (Path(__file__).parent / "published_strategic.json").read_text(encoding="utf-8")
)["games"]
SHAPES = st.sampled_from([(2, 2), (3, 3), (2, 4), (2, 2, 2), (3, 2, 2), (1, 3)])
SEEDS = st.integers(0, 2**32 - 1)


def tied_game(seed, shape):
    rng = np.random.default_rng(seed)
    return StrategicGame.from_tables(list(rng.integers(-2, 3, size=(len(shape), *shape))))


def joint_of(game, member):
    keys = [
        "(" + ", ".join(m[k] for m, k in zip(game.strategies, s, strict=True)) + ")"
        for s in profiles(game.shape)
    ]
    assert set(member.agreement) <= set(keys)
    return dict(
        zip(profiles(game.shape), (member.agreement.get(k, 0.0) for k in keys), strict=True)
    )


def disobedience(game, joint):
    """Slow loops over the definition: one actor's largest gain, told its part, from any plan."""
    table, worst = game.table(), 0.0
    for actor, size in enumerate(game.shape):
        total = 0.0
        for told in range(size):
            values = []
            for plays in range(size):
                gain = 0.0
                for s, probability in joint.items():
                    if s[actor] == told:
                        t = (*s[:actor], plays, *s[actor + 1 :])
                        gain += probability * (table[(actor, *t)] - table[(actor, *s)])
                values.append(gain)
            total += max(values)
        worst = max(worst, total)
    return worst


def by_objective(solution):
    return {member.extra["objective"]: member for member in solution.equilibria}


@pytest.mark.parametrize("case", PUBLISHED, ids=[case["name"] for case in PUBLISHED])
def test_published_games(case):
    game = StrategicGame.from_tables(case["payoffs"])
    solution = correlated(game)
    found = by_objective(solution)
    lowest, highest = case["correlated_welfare"]
    assert found["welfare min"].extra["value"] == pytest.approx(lowest, abs=1e-9)
    assert found["welfare max"].extra["value"] == pytest.approx(highest, abs=1e-9)
    assert solution.status == "complete"
    for member in solution.equilibria:
        joint = joint_of(game, member)
        assert sum(joint.values()) == pytest.approx(1.0, abs=1e-12)
        assert disobedience(game, joint) < 1e-9
        assert member.regret == pytest.approx(disobedience(game, joint), abs=1e-12)


@pytest.mark.parametrize("case", PUBLISHED, ids=[case["name"] for case in PUBLISHED])
def test_published_nash_equilibria_lie_inside(case):
    game = StrategicGame.from_tables(case["payoffs"])
    found = by_objective(correlated(game))
    for equilibrium in case["equilibria"]:
        mixes = [np.array([number(p) for p in mix]) for mix in equilibrium]
        assert_inside(game, found, mixes)


def number(text):
    top, _, bottom = str(text).partition("/")
    return float(top) / float(bottom or 1)


def assert_inside(game, found, mixes):
    product = mixes[0]
    for mix in mixes[1:]:
        product = np.multiply.outer(product, mix)
    assert regret_of(game, MEDIATION, product.ravel()) < 1e-9
    payoffs = game.table().reshape(len(game.actors), -1) @ product.ravel()
    assert found["welfare min"].extra["value"] <= payoffs.sum() + 1e-9
    assert found["welfare max"].extra["value"] >= payoffs.sum() - 1e-9
    for actor, payoff in zip(game.actors, payoffs, strict=True):
        assert found[actor].extra["value"] >= payoff - 1e-9


@settings(max_examples=30, deadline=None)
@given(seed=SEEDS, shape=st.sampled_from([(2, 2), (3, 3), (2, 4)]))
def test_nash_equilibria_of_random_games_lie_inside(seed, shape):
    table = np.random.default_rng(seed).normal(size=(2, *shape))
    game = StrategicGame.from_tables(list(table))
    found = by_objective(correlated(game))
    equilibria = list(nashpy.Game(*table).vertex_enumeration())
    assert equilibria
    for mixes in equilibria:
        assert_inside(game, found, list(mixes))


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS, shape=SHAPES)
def test_members_obey_and_their_payoffs_are_expectations(seed, shape):
    game = tied_game(seed, shape)
    for member in correlated(game).equilibria:
        joint = joint_of(game, member)
        assert disobedience(game, joint) < 1e-9
        for actor, name in enumerate(game.actors):
            expected = sum(p * game.table()[(actor, *s)] for s, p in joint.items())
            assert member.payoffs[name] == pytest.approx(expected, abs=1e-9)


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS)
def test_no_obedient_mixture_of_tied_profiles_beats_the_best(seed):
    """A random search inside the polytope never leaves the bounds."""
    game = tied_game(seed, (2, 2))
    found = by_objective(correlated(game))
    rng = np.random.default_rng(seed)
    for weights in rng.dirichlet(np.full(4, 0.5), size=200):
        if regret_of(game, MEDIATION, weights) <= 0.0:
            welfare = float((game.table().reshape(2, -1) @ weights).sum())
            assert found["welfare min"].extra["value"] - 1e-9 <= welfare
            assert welfare <= found["welfare max"].extra["value"] + 1e-9


def test_chicken_of_aumann():
    """Aumann (1974): the mediator does better than every mixture of Nash equilibria."""
    chicken = StrategicGame.from_bimatrix([[6, 2], [7, 0]], [[6, 7], [2, 0]])
    found = by_objective(correlated(chicken))
    assert found["welfare max"].agreement == pytest.approx(
        {"(1, 1)": 0.5, "(1, 2)": 0.25, "(2, 1)": 0.25}
    )
    assert found["welfare max"].extra["value"] == pytest.approx(10.5)
    assert found["player 1"].payoffs["player 1"] == pytest.approx(7.0)


@settings(max_examples=15, deadline=None)
@given(
    seed=SEEDS,
    shape=SHAPES,
    factor=st.sampled_from([1e-9, 1e9]),
    shift=st.sampled_from([0.0, -3.0]),
)
def test_rescaling_all_payoffs_rescales_the_bounds(seed, shape, factor, shift):
    game = tied_game(seed, shape)
    scaled = StrategicGame(
        actors=game.actors, strategies=game.strategies, payoffs=factor * (game.payoffs + shift)
    )
    for here, there in zip(correlated(game).equilibria, correlated(scaled).equilibria, strict=True):
        count = len(game.actors) if here.extra["objective"].startswith("welfare") else 1
        expected = here.extra["value"] + count * shift
        assert there.extra["value"] / factor == pytest.approx(expected, abs=1e-8)
        assert there.regret / factor < 1e-9


def test_one_objective_at_a_time_gives_the_same_members():
    game = tied_game(3, (3, 2, 2))
    for member in correlated(game).equilibria:
        (alone,) = correlated(game, objective=member.extra["objective"]).equilibria
        assert alone == member


def test_an_unknown_objective_is_refused_with_the_legal_ones():
    game = StrategicGame.from_bimatrix([[1]], [[1]])
    with pytest.raises(UsageError, match="did you mean 'welfare max'"):
        correlated(game, objective="welfare maximum")


def test_a_game_too_large_says_so():
    shape = (10,) * 5 + (2,)
    game = StrategicGame(
        actors=tuple("abcdef"),
        strategies=tuple(tuple(map(str, range(size))) for size in shape),
        payoffs=np.zeros((6, *shape, 1)),
    )
    with pytest.raises(TooLargeError, match="200000 profiles, the limit is 100000"):
        correlated(game)


def test_constant_games_give_their_only_value():
    game = StrategicGame.from_tables(np.full((2, 2, 3), 4).tolist())
    assert [m.extra["value"] for m in correlated(game).equilibria] == [8.0, 8.0, 4.0, 4.0]


def test_every_profile_of_a_dominance_solvable_game_but_one_has_probability_zero():
    dilemma = StrategicGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    for member in correlated(dilemma).equilibria:
        assert member.agreement == {"(2, 2)": 1.0}


def test_a_linear_program_out_of_time_says_so_and_what_to_ask_instead(monkeypatch):
    monkeypatch.setattr("sim.solutions.strategic._mediated_play.MOST_SECONDS", 0.0)
    solution = correlated(StrategicGame.from_bimatrix([[6, 2], [7, 0]], [[6, 7], [2, 0]]))
    assert (solution.equilibria, solution.status, solution.exhaustive) == (
        (),
        "limit reached",
        False,
    )
    assert "4 profiles" in solution.note
    assert "ask for pure_nash" in solution.note
