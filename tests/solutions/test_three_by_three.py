"""Games of at most three by three: closed formulas and doubles say what a walk over all vertices says."""

import pickle
import time
from dataclasses import replace
from fractions import Fraction
from importlib import import_module
from itertools import product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sim._kernels.exact_numbers import whole_bits, whole_decimals
from sim.games.strategic import StrategicGame, as_fractions
from sim.solutions.strategic.mixed import closed_solution
from sim.solutions.strategic.mixed.components import components
from sim.solutions.strategic.mixed.doubles_first import decided
from sim.solutions.strategic.mixed.three_by_three import extreme_pairs
from sim.solutions.strategic.mixed.vertices import two_actor_extreme
from sim.solutions.strategic.mixed_nash import mixed_nash

KINDS = ("integers", "tenths", "random", "almost", "opposed")


def tables(kind, rng):
    """Payoffs of a random game: ties are common in whole numbers and tenths, and none are in random ones."""
    m, n = rng.integers(1, 4, 2)
    if kind == "integers":
        return rng.integers(-2, 3, (2, m, n)).astype(float)
    if kind == "tenths":
        return rng.integers(-3, 4, (2, m, n)) / 10
    if kind == "random":
        return rng.random((2, m, n)) * 10.0 ** rng.integers(-3, 4)
    if kind == "almost":
        return rng.integers(-1, 2, (2, m, n)) / 10 + 1e-15 * rng.integers(0, 2, (2, m, n))
    whole = rng.integers(0, 9, (m, n))
    return np.stack([whole / 10, (20 - 2 * whole) / 10])


def shares(game, member):
    """The probabilities of a member as fractions."""
    return tuple(
        tuple(Fraction(member.extra["exact"][actor].get(label, 0)) for label in labels)
        for actor, labels in zip(game.actors, game.strategies, strict=True)
    )


def agrees(payoffs):
    """One game by the fast way and by vertex enumeration in fractions, member by member."""
    game = StrategicGame.from_tables(payoffs.tolist())
    solution = mixed_nash(game)
    exact = as_fractions(payoffs.tolist())
    pairs = two_actor_extreme(exact).pairs
    assert [shares(game, member) for member in solution.members] == list(pairs)
    assert (solution.status, solution.exhaustive) == ("complete", True)
    for number, group in enumerate(components(pairs), 1):
        for k in group.members:
            member, (x, y) = solution.members[k], map(np.array, pairs[k])
            assert member.extra["component"] == number
            assert member.extra["dimension"] == group.dimension
            assert list(member.payoffs.values()) == [float(x @ own @ y) for own in exact]
            for actor, labels, mix in zip(game.actors, game.strategies, pairs[k], strict=True):
                played = {label: float(p) for label, p in zip(labels, mix, strict=True) if p}
                assert member.strategies[actor] == played


@pytest.mark.parametrize("kind", KINDS)
def test_games_have_the_equilibria_that_vertices_have(kind):
    rng = np.random.default_rng(12)
    for _ in range(25):
        agrees(tables(kind, rng))


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_thousands_of_games_have_the_equilibria_that_vertices_have(kind):
    rng = np.random.default_rng(13)
    for _ in range(3000):
        agrees(tables(kind, rng))


@pytest.mark.parametrize("unit", [1, 0.1, 1e-9])
def test_every_pattern_of_signs_of_two_by_two(unit):
    """Four gaps, each positive, 0 or negative, of sizes of their own, beside payoffs of their own."""
    rng = np.random.default_rng(3)
    for signs in product((-1, 0, 1), repeat=4):
        base, (a, b, c, d) = rng.integers(-3, 4, 4), np.array(signs) * rng.integers(1, 4, 4)
        row = [[base[0] + a, base[1] + b], [base[0], base[1]]]
        column = [[base[2] + c, base[2]], [base[3] + d, base[3]]]
        agrees(np.array([row, column]) * unit)


@pytest.mark.parametrize("factor", [-2, -0.5, 0.5])
def test_opposed_interests_are_seen_in_whichever_order_payoffs_stand(factor):
    rng = np.random.default_rng(4)
    for _ in range(20):
        row = rng.integers(-2, 3, (2, 2))
        note = mixed_nash(StrategicGame.from_bimatrix(row, 3 + factor * row)).note
        assert ("of constant sum" in note) == (factor < 0 and np.ptp(row) > 0)


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 3), st.integers(1, 3), st.data())
def test_whole_numbers_however_long(m, n, data):
    entry = st.one_of(st.integers(-2, 2), st.integers(-(10**30), 10**30))
    drawn = data.draw(st.lists(entry, min_size=2 * m * n, max_size=2 * m * n))
    payoffs = np.array(drawn, dtype=object).reshape(2, m, n)
    found = {
        tuple(tuple(Fraction(weight, sum(mix)) for weight in mix) for mix in pair)
        for pair in extreme_pairs(*payoffs.tolist())
    }
    assert found == set(two_actor_extreme(payoffs).pairs)


def test_a_tie_of_decimals_that_doubles_do_not_see_is_a_tie():
    """At (1/2, 1/2) the columns pay 0.4, 0.4 and (0.7 + 0.1) / 2: decimals tie, doubles do not."""
    assert 0.7 + 0.1 != 0.8
    column = [[0.8, 0.0, 0.7], [0.0, 0.8, 0.1]]
    game = StrategicGame.from_bimatrix([[0.5, 0.0, 0.3], [0.0, 0.5, 0.2]], column)
    assert decided(game.payoffs.ravel().tolist(), 3, whole_decimals) is None
    agrees(game.table())
    mixes = [member.strategies["player 1"] for member in mixed_nash(game).members]
    assert {"1": 0.5, "2": 0.5} in mixes


def test_doubles_decide_games_without_ties_and_no_others():
    rng = np.random.default_rng(2)
    numbers = [rng.random(18).tolist() for _ in range(200)]
    assert all(decided(game, 3, whole_decimals) is not None for game in numbers)
    tied = [tables("integers", rng) for _ in range(200)]
    for game in tied:
        found = decided(game.ravel().tolist(), game.shape[2], whole_decimals)
        if found is not None:
            assert len(found) == len(two_actor_extreme(as_fractions(game)).pairs)


@given(st.lists(st.floats(-1e15, 1e15), min_size=1, max_size=8))
@example([0.1, 1e-7])
@example([1e22, 0.5])
@example([-0.0, 0.5])
def test_numbers_made_whole_are_the_numbers(values):
    bits, unit = whole_bits(values)
    assert [Fraction(whole, unit) for whole in bits] == list(map(Fraction, values))
    found = whole_decimals(values)
    if found is not None:
        assert [Fraction(whole, found[1]) for whole in found[0]] == [
            Fraction(repr(value)) for value in values
        ]
    else:
        assert any("e" in repr(value) for value in values)


def test_a_game_of_plain_numbers_knows_its_exact_payoffs_when_asked():
    game = StrategicGame.from_tables([[[0.1, 2]], [[3, -0.0]]])
    assert game.exact.tolist() == [[[Fraction(1, 10), 2]], [[3, 0]]]
    large = StrategicGame.from_tables([[[2**60 + 1, 0.5]], [[1, 1]]])
    assert large.exact[0, 0, 0] == 2**60 + 1
    for other in (pickle.loads(pickle.dumps(game)), replace(game, title="the same")):
        assert other.exact.tolist() == game.exact.tolist()
    with pytest.raises(AttributeError, match="has no 'payoff'"):
        _ = game.payoff


def test_it_is_several_times_as_fast_as_the_walk(monkeypatch):
    """A third of what `tests/benchmarks/concepts.py` prints, the best of several turns in one run."""
    module = import_module("sim.solutions.strategic.mixed_nash")
    games = np.random.default_rng(3).random((20, 2, 3, 3)).tolist()

    def seconds():
        begun = time.process_time()
        for game in games:
            mixed_nash(StrategicGame.from_tables(game))
        return time.process_time() - begun

    fast, slow = [], []
    for _ in range(5):
        fast.append(seconds())
        with monkeypatch.context() as patch:
            patch.setattr(module, "has_closed_form", lambda game: False)
            slow.append(seconds())
    assert min(slow) > 3.3 * min(fast)


def test_a_third_actor_is_not_left_out():
    assert not closed_solution.has_closed_form(
        StrategicGame.from_tables(np.zeros((3, 2, 2, 2)).tolist())
    )
