"""Coarse correlated equilibria: the definition, published bounds, correlated ones inside."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.games.strategic import StrategicGame, profiles
from sim.solutions.strategic import coarse_correlated as module
from sim.solutions.strategic._mediated_play import regret_of
from sim.solutions.strategic.coarse_correlated import MEDIATION, coarse_correlated
from sim.solutions.strategic.correlated import correlated

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


def opting_out(game, joint):
    """Slow loops over the definition: the best gain of one actor from one strategy throughout."""
    table, worst = game.table(), 0.0
    for actor, size in enumerate(game.shape):
        for plays in range(size):
            gain = 0.0
            for s, probability in joint.items():
                t = (*s[:actor], plays, *s[actor + 1 :])
                gain += probability * (table[(actor, *t)] - table[(actor, *s)])
            worst = max(worst, gain)
    return worst


def by_objective(solution):
    return {member.extra["objective"]: member for member in solution.equilibria}


@pytest.mark.parametrize("case", PUBLISHED, ids=[case["name"] for case in PUBLISHED])
def test_published_games(case):
    game = StrategicGame.from_tables(case["payoffs"])
    solution = coarse_correlated(game)
    found = by_objective(solution)
    lowest, highest = case["coarse_correlated_welfare"]
    assert found["welfare min"].extra["value"] == pytest.approx(lowest, abs=1e-9)
    assert found["welfare max"].extra["value"] == pytest.approx(highest, abs=1e-9)
    assert solution.status == "complete"
    for member in solution.equilibria:
        joint = joint_of(game, member)
        assert opting_out(game, joint) < 1e-9
        assert member.regret == pytest.approx(opting_out(game, joint), abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS, shape=SHAPES)
def test_correlated_equilibria_are_coarse_correlated(seed, shape):
    game = tied_game(seed, shape)
    inner, outer = correlated(game), by_objective(coarse_correlated(game))
    for member in inner.equilibria:
        joint = joint_of(game, member)
        assert opting_out(game, joint) < 1e-9
        assert regret_of(game, MEDIATION, np.array(list(joint.values()))) < 1e-9
        goal, value = member.extra["objective"], member.extra["value"]
        sign = -1.0 if goal == "welfare min" else 1.0
        assert sign * outer[goal].extra["value"] >= sign * value - 1e-9


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS, shape=SHAPES)
def test_members_satisfy_the_definition(seed, shape):
    game = tied_game(seed, shape)
    for member in coarse_correlated(game).equilibria:
        joint = joint_of(game, member)
        assert sum(joint.values()) == pytest.approx(1.0, abs=1e-12)
        assert opting_out(game, joint) < 1e-9
        for actor, name in enumerate(game.actors):
            expected = sum(p * game.table()[(actor, *s)] for s, p in joint.items())
            assert member.payoffs[name] == pytest.approx(expected, abs=1e-9)


def test_binding_at_the_outset_can_beat_every_correlated_equilibrium():
    """Rock, paper, scissors where a tie hurts both a little: win 1, lose -1, tie -1/2.

    With probability 1/6 on each untied profile welfare is 0, and nobody gains by opting out: any
    one strategy ties in a third of the draws. But told its part, an actor knows that one reply wins or
    ties with equal chances, and deviates: no correlated equilibrium has a welfare of 0.
    """
    row = [["-1/2", -1, 1], [1, "-1/2", -1], [-1, 1, "-1/2"]]
    column = [["-1/2", 1, -1], [-1, "-1/2", 1], [1, -1, "-1/2"]]
    game = StrategicGame.from_tables([row, column])
    sixth = {s: (0.0 if s[0] == s[1] else 1 / 6) for s in profiles((3, 3))}
    assert opting_out(game, sixth) <= 0.0
    outer = by_objective(coarse_correlated(game))["welfare max"]
    assert outer.extra["value"] == pytest.approx(0.0, abs=1e-12)
    assert by_objective(correlated(game))["welfare max"].extra["value"] < -0.1


def test_dominated_play_can_be_bound():
    """Yamamoto's game: coarse correlation spans far lower welfare than correlation does."""
    case = next(c for c in PUBLISHED if c["name"] == "gc_yamamoto")
    game = StrategicGame.from_tables(case["payoffs"])
    inner = by_objective(correlated(game))["welfare min"].extra["value"]
    outer = by_objective(coarse_correlated(game))["welfare min"].extra["value"]
    assert inner == pytest.approx(0.0, abs=1e-9)
    assert outer == pytest.approx(-97 / 15, abs=1e-9)


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS, shape=SHAPES, factor=st.sampled_from([1e-9, 1e9]))
def test_rescaling_all_payoffs_rescales_the_bounds(seed, shape, factor):
    game = tied_game(seed, shape)
    scaled = StrategicGame(
        actors=game.actors, strategies=game.strategies, payoffs=factor * game.payoffs
    )
    for here, there in zip(
        coarse_correlated(game).equilibria, coarse_correlated(scaled).equilibria, strict=True
    ):
        assert there.extra["value"] / factor == pytest.approx(here.extra["value"], abs=1e-8)
        assert there.regret / factor < 1e-9


def test_the_documented_example_names_the_concept():
    game = StrategicGame.from_bimatrix([[1]], [[1]])
    solution = module.coarse_correlated(game, objective="player 2")
    assert solution.concept == "coarse_correlated"
    assert solution.parameters == {"objective": "player 2"}
    assert solution.equilibria[0].agreement == {"(1, 1)": 1.0}
