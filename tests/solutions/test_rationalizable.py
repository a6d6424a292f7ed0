"""Rationalizable strategies: never best replies by definition, published sizes, order, ties."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import nashpy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from sim._kernels.exact_lp import maximum
from sim.errors import TooLargeError
from sim.games.strategic import StrategicGame
from sim.solutions.strategic.correlated import correlated
from sim.solutions.strategic.pure_nash import pure_nash
from sim.solutions.strategic.rationalizable import rationalizable

PUBLISHED = json.loads(
    (Path(__file__).parent / "published_strategic.json").read_text(encoding="utf-8")
)["games"]
SHAPES = st.sampled_from([(3, 2), (3, 3), (4, 3), (3, 2, 2), (2, 2, 2), (1, 4)])
SEEDS = st.integers(0, 2**32 - 1)
DILEMMA = StrategicGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])


def tied_game(seed, shape, values=4):
    rng = np.random.default_rng(seed)
    return StrategicGame.from_tables(list(rng.integers(0, values, size=(len(shape), *shape))))


def survivors(game, solution):
    """Survivors as positions, per actor."""
    return [
        [menu.index(label) for label in solution.equilibria[0].extra["survivors"][actor]]
        for actor, menu in zip(game.actors, game.strategies, strict=True)
    ]


def own_rows(game, actor, menus):
    cut = game.table()[actor][np.ix_(*menus)]
    return np.moveaxis(cut, actor, 0).reshape(len(menus[actor]), -1)


def ever_best(rows, j):
    """Whether some belief makes row ``j`` a best reply: a feasibility program."""
    size, profiles = rows.shape
    answer = linprog(
        np.r_[np.zeros(profiles), 1.0],
        A_ub=np.hstack([rows - rows[j], -np.ones((size, 1))]),
        b_ub=np.zeros(size),
        A_eq=np.r_[np.ones(profiles), 0.0][None],
        b_eq=[1.0],
        bounds=[(0, None)] * profiles + [(0, None)],
    )
    return answer.fun < 1e-7


def by_never_best_replies(game):
    menus = [list(range(size)) for size in game.shape]
    while True:
        kept = []
        for actor, menu in enumerate(menus):
            rows = own_rows(game, actor, menus)
            kept.append([k for place, k in enumerate(menu) if ever_best(rows, place)])
        if kept == menus:
            return menus
        menus = kept


@pytest.mark.parametrize("case", PUBLISHED, ids=[case["name"] for case in PUBLISHED])
def test_published_games(case):
    game = StrategicGame.from_tables(case["payoffs"])
    solution = rationalizable(game)
    kept = survivors(game, solution)
    assert kept == case["survivors"]
    assert solution.exhaustive
    for equilibrium in case["equilibria"]:
        for menu, mix in zip(kept, equilibrium, strict=True):
            played = {k for k, p in enumerate(mix) if p not in (0, "0") and Fraction(p) > 1e-9}
            assert played <= set(menu)


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS, shape=SHAPES)
def test_survivors_are_the_strategies_that_are_ever_best_replies(seed, shape):
    game = tied_game(seed, shape)
    assert survivors(game, rationalizable(game)) == by_never_best_replies(game)


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS, rows=st.integers(3, 5))
def test_against_two_columns_pairs_of_strategies_decide_exactly(seed, rows):
    """With two columns a dominating mix needs at most two strategies: exact, no program."""
    table = np.random.default_rng(seed).integers(0, 7, size=(rows, 2))
    game = StrategicGame.from_tables([table, np.zeros((rows, 2), dtype=int)])

    def dominated(j):
        gains = [
            [Fraction(int(v - w)) for v, w in zip(row, table[j], strict=True)] for row in table
        ]
        if any(min(g) > 0 for g in gains):
            return True
        for a, b in combinations(gains, 2):
            for up, down in ((a, b), (b, a)):
                if up[0] > 0 >= up[1] and down[1] > 0 >= down[0]:
                    least = -down[0] / (up[0] - down[0])
                    most = down[1] / (down[1] - up[1])
                    if least < most:
                        return True
        return False

    expected = [j for j in range(rows) if not dominated(j)]
    assert survivors(game, rationalizable(game)) == [expected, [0, 1]]


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS, shape=SHAPES)
def test_equilibrium_supports_survive(seed, shape):
    game = tied_game(seed, shape, values=3)
    kept = rationalizable(game).equilibria[0].extra["survivors"]
    for member in pure_nash(game).equilibria:
        for actor, mix in member.strategies.items():
            assert set(mix) <= set(kept[actor])
    for member in correlated(game).equilibria:
        for key in member.agreement:
            for actor, label in zip(game.actors, key.strip("()").split(", "), strict=True):
                assert label in kept[actor]


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS, shape=st.sampled_from([(3, 3), (4, 3), (2, 4)]))
def test_mixed_equilibrium_supports_survive(seed, shape):
    tables = np.random.default_rng(seed).normal(size=(2, *shape))
    game = StrategicGame.from_tables(list(tables))
    kept = survivors(game, rationalizable(game))
    for mixes in nashpy.Game(*tables).vertex_enumeration():
        for menu, mix in zip(kept, mixes, strict=True):
            assert set(np.flatnonzero(mix > 1e-9)) <= set(menu)


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS, shape=SHAPES)
def test_every_removal_carries_a_mix_that_proves_it(seed, shape):
    game = tied_game(seed, shape)
    removed = rationalizable(game).equilibria[0].extra["removed"]
    menus = [list(range(size)) for size in game.shape]
    for number in sorted({entry["round"] for entry in removed}):
        this = [entry for entry in removed if entry["round"] == number]
        for entry in this:
            actor = game.actors.index(entry["actor"])
            labels = game.strategies[actor]
            rows = own_rows(game, actor, menus)
            weights = np.array([entry["dominated_by"].get(labels[k], 0.0) for k in menus[actor]])
            assert weights.sum() == pytest.approx(1.0)
            place = menus[actor].index(labels.index(entry["strategy"]))
            assert (weights @ rows - rows[place]).min() > 0.0
        for entry in this:
            actor = game.actors.index(entry["actor"])
            menus[actor].remove(game.strategies[actor].index(entry["strategy"]))
    assert menus == survivors(game, rationalizable(game))


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS, shape=SHAPES, factors=st.tuples(*[st.sampled_from([1e-9, 1.0, 1e9])] * 3))
def test_positive_affine_rescaling_changes_nothing(seed, shape, factors):
    game = tied_game(seed, shape)
    payoffs = game.payoffs.copy()
    for actor in range(len(shape)):
        payoffs[actor] = factors[actor] * (payoffs[actor] - 1.5)
    scaled = StrategicGame(actors=game.actors, strategies=game.strategies, payoffs=payoffs)
    here, there = (rationalizable(g).equilibria[0].extra for g in (game, scaled))
    assert here["survivors"] == there["survivors"]
    assert here["weak"] == there["weak"]


@pytest.mark.parametrize(
    ("third", "kept"),
    [
        (("3/2", "3/2"), 3),
        ((1.5 - 1e-12, 1.5 - 1e-12), 3),
        ((1.5 - 1e-8, 1.5 - 1e-8), 2),
        ((1.5 - 1e-6, 1.5 - 1e-6), 2),
    ],
)
def test_a_mix_that_only_equals_a_strategy_does_not_dominate_it(third, kept):
    game = StrategicGame.from_tables([[[3, 0], [0, 3], third], [[0, 0], [0, 0], [0, 0]]])
    assert len(survivors(game, rationalizable(game))[0]) == kept


def test_a_tie_that_floats_cannot_represent():
    """One third of the first and two thirds of the second equal the third strategy exactly."""
    game = StrategicGame.from_tables(
        [[["7/10", "1/10"], ["1/10", "7/10"], ["3/10", "1/2"]], [[0, 0], [0, 0], [0, 0]]]
    )
    assert survivors(game, rationalizable(game))[0] == [0, 1, 2]
    assert not rationalizable(game).equilibria[0].extra["weak"]["order_dependent"]


def test_order_dependence_of_weak_dominance():
    """Osborne and Rubinstein (1994), A Course in Game Theory, section 4.3, figure 63.1."""
    game = StrategicGame.from_tables(
        [[[1, 0], [1, 2], [0, 2]], [[1, 0], [1, 1], [0, 1]]],
        strategies=(("T", "M", "B"), ("L", "R")),
    )
    solution = rationalizable(game)
    weak = solution.equilibria[0].extra["weak"]
    assert solution.equilibria[0].extra["removed"] == []
    assert weak["order_dependent"]
    assert weak["every_order"]
    payoffs = set()
    for result in weak["one at a time"]:
        rows = [("T", "M", "B").index(s) for s in result["player 1"]]
        columns = [("L", "R").index(s) for s in result["player 2"]]
        payoffs |= {tuple(game.table()[:, r, c]) for r in rows for c in columns}
    assert payoffs == {(1.0, 1.0), (2.0, 1.0)}
    assert "order" in solution.note


@settings(max_examples=30, deadline=None)
@given(seed=SEEDS, shape=st.sampled_from([(2, 2), (3, 2), (2, 2, 2)]))
def test_pure_weak_dominance_ends_by_definition(seed, shape):
    """No end of any order leaves a strategy that another weakly dominates; each is inside."""
    game = tied_game(seed, shape, values=2)
    extra = rationalizable(game).equilibria[0].extra
    assert extra["weak"]["every_order"]
    for result in [extra["weak"]["at once"], *extra["weak"]["one at a time"]]:
        menus = [
            [labels.index(s) for s in result[actor]]
            for actor, labels in zip(game.actors, game.strategies, strict=True)
        ]
        for actor in range(len(shape)):
            assert set(result[game.actors[actor]]) <= set(extra["survivors"][game.actors[actor]])
            rows = own_rows(game, actor, menus)
            for a in rows:
                for b in rows:
                    assert not ((a >= b).all() and (a > b).any())


def test_an_order_limit_is_told():
    game = tied_game(0, (6, 6), values=2)
    solution = rationalizable(game, orders=1)
    assert not solution.equilibria[0].extra["weak"]["every_order"]
    assert "raise orders" in solution.note


def test_a_single_survivor_is_given_as_a_profile():
    (member,) = rationalizable(DILEMMA).equilibria
    assert member.strategies == {"player 1": {"2": 1.0}, "player 2": {"2": 1.0}}
    assert member.payoffs == {"player 1": 1.0, "player 2": 1.0}
    assert member.regret == 0.0
    assert member.extra["removed"][0] == {
        "actor": "player 1",
        "strategy": "1",
        "round": 1,
        "dominated_by": {"2": 1.0},
    }


def test_a_large_game_says_so():
    shape = (10,) * 4 + (6,)
    game = StrategicGame(
        actors=tuple("abcde"),
        strategies=tuple(tuple(map(str, range(size))) for size in shape),
        payoffs=np.zeros((5, *shape, 1)),
    )
    with pytest.raises(TooLargeError, match="60000 profiles, the limit is 50000"):
        rationalizable(game)


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS, rows=st.integers(1, 5), columns=st.integers(1, 5))
def test_rational_programs_equal_floating_point_ones(seed, rows, columns):
    rng = np.random.default_rng(seed)
    matrix = np.vstack([rng.integers(-3, 4, size=(rows, columns)), np.ones(columns, dtype=int)])
    bound = np.append(rng.integers(0, 3, size=rows), 5)
    gain = rng.integers(-2, 5, size=columns)

    def rational(array):
        return np.array([Fraction(int(v)) for v in array.ravel()], dtype=object).reshape(
            array.shape
        )

    exact = maximum(rational(matrix), rational(bound), rational(gain), 500)
    assert float(exact) == pytest.approx(-linprog(-gain, A_ub=matrix, b_ub=bound).fun, abs=1e-9)
    assert maximum(rational(matrix), rational(bound), rational(gain), 0) is None
