"""Bargaining in a Markov world: closed forms, the box against random games, and one-shot deviations."""

from __future__ import annotations

import numpy as np
import pytest
from sim.errors import UsageError
from sim.games.in_time.markov_bargaining import MarkovBargaining
from sim.solutions.markov.equilibrium_box import equilibrium_box
from sim.solutions.markov.perfect import backward, iterate, without_deals
from sim.solutions.markov.pure_stationary import pure_stationary
from sim.solutions.markov.signed import chance_signed

PIE = np.linspace(0.0, 1.0, 4001)
STEP = PIE[1]
TURNS = [[0.0, 1.0], [1.0, 0.0]]


def divided(**kwargs) -> MarkovBargaining:
    """A pie of 1 in four thousand shares."""
    return MarkovBargaining.of(deals=[PIE, 1 - PIE], **kwargs)


class TestClosedForms:
    @pytest.mark.parametrize(
        ("one", "two"), [(0.9, 0.9), (0.95, 0.9), (0.5, 0.8)], ids=["equal", "patient", "hasty"]
    )
    def test_rubinstein(self, one, two):
        """Rubinstein (1982): the first proposer's share is (1 - d2) / (1 - d1 d2)."""
        game = divided(transition=TURNS, recognition=np.eye(2), discount=[one, two])
        value = iterate(game, most=400).period.values[
            0, 0, 0
        ]  # shares of 1/4000 may cycle by a few steps
        assert abs(value - (1 - two) / (1 - one * two)) < 2 * STEP / (1 - one * two)

    def test_stahl_three_rounds(self):
        """Stahl (1972): with three rounds the first proposer gets 1 - d + d^2."""
        game = divided(transition=TURNS, recognition=np.eye(2), discount=[0.9, 0.9])
        assert abs(backward(game, 3).values[0, 0, 0, 0] - 0.91) < 1e-12

    def test_chance_proposer(self):
        """Binmore (1987): with a proposer by chance the value is the chance to propose."""
        found = iterate(divided(recognition=[0.3, 0.7], discount=[0.9, 0.9]))
        assert abs(found.period.values[0, 0, 0] - 0.3) < 1e-9

    def test_one_side_always_proposes(self):
        """Diamond (1971): the side that never proposes gets nothing."""
        found = iterate(divided(recognition=[0, 1], discount=[0.9, 0.9]))
        assert found.period.values[0, 0, 0] == 0.0

    def test_stochastic_cake_waits(self):
        """Merlo and Wilson (1995): they wait for the larger cake when q > (1 - d) / d."""
        for q, waits in ((0.109, False), (0.114, True)):
            game = cake(q)
            signs = iterate(game).period.signs[:, 0, 0]
            assert signs.any() != waits

    def test_stochastic_cake_surplus(self):
        """Merlo and Wilson (1995): the surplus of waiting is 2 d q / (1 - d + d q)."""
        value = iterate(cake(0.15)).period.values[:, 0, 0].sum()
        assert abs(value - 2 * 0.9 * 0.15 / (0.1 + 0.9 * 0.15)) < 1e-9

    def test_constant_hazard(self):
        """An absorbing chain: 1 - (1 - h)^n of the mass is absorbed after n periods."""
        moves = [[0.95, 0.05], [0.0, 1.0]]
        game = MarkovBargaining.of(
            deals=[[1.0], [1.0]],
            open=[[False, True]],
            transition=moves,
            recognition=[0.5, 0.5],
            discount=[0.9, 0.9],
        )
        by, before = chance_signed(game, iterate(game).period.signs, 0, 51)
        assert abs(by[50, 0] - (1 - 0.95**50)) < 1e-12
        assert abs(before[50].sum() + by[49, 0] - 1) < 1e-12


def cake(q: float) -> MarkovBargaining:
    y = np.linspace(0, 1, 4001)
    deals = np.stack([np.stack([y, 2 * y], 1), np.stack([1 - y, 2 * (1 - y)], 1)])
    return MarkovBargaining.of(
        deals=deals, transition=[[1 - q, q], [0, 1]], recognition=[0.5, 0.5], discount=[0.9, 0.9]
    )


class TestIndivisible:
    """Two deals (1, a) and (a, 1), discount d: hand-solved; the cuts are d / (2 - d) and d."""

    @pytest.mark.parametrize(("a", "count"), [(0.80, 2), (0.85, 3), (0.95, 1)])
    def test_pure_stationary_equilibria(self, a, count):
        game = MarkovBargaining.of(
            deals=[[1, a], [a, 1]], recognition=[0.5, 0.5], discount=[0.9, 0.9]
        )
        found = pure_stationary(game)
        assert found.exhaustive
        assert len(found.values) == count

    def test_the_box_stays_open_where_there_are_several(self):
        game = MarkovBargaining.of(
            deals=[[1, 0.85], [0.85, 1]], recognition=[0.5, 0.5], discount=[0.9, 0.9]
        )
        box = equilibrium_box(game)
        assert not box.closed(game.scales)[0]
        for values in pure_stationary(game, box=box).values:
            assert (values >= box.lower[..., 0] - 1e-9).all()
            assert (values <= box.upper[..., 0] + 1e-9).all()

    def test_the_box_closes_where_there_is_one(self):
        game = MarkovBargaining.of(
            deals=[[1, 0.95], [0.95, 1]], recognition=[0.5, 0.5], discount=[0.9, 0.9]
        )
        assert equilibrium_box(game).closed(game.scales)[0]


def random_game(rng: np.random.Generator, batch: int = 1) -> MarkovBargaining:
    states, deals, rows = rng.integers(1, 4), rng.integers(1, 5), rng.integers(1, 3)
    moves = rng.dirichlet(np.ones(states), size=(states, batch)).transpose(0, 2, 1)
    moves = moves / moves.sum(axis=1, keepdims=True)
    chance = rng.uniform(size=batch)
    whole = rng.integers(0, 2)
    values = rng.integers(-2, 7, (2, deals, states, batch)) / 2 if whole else None
    values = rng.normal(0.5, 1.0, (2, deals, states, batch)) if values is None else values
    return MarkovBargaining(
        deals=values,
        open=rng.uniform(size=(deals, states, batch)) < 0.8,
        interim=rng.normal(0, 0.1, (2, rows, states, batch)),
        interim_open=np.ones((rows, states, batch), np.bool_),
        recognition=np.broadcast_to(np.stack([chance, 1 - chance])[:, None], (2, states, batch)),
        transition=moves,
        discount=rng.uniform(0.3, 0.97, (2, batch)),
        scales=np.ones(2),
    )


class TestBox:
    @pytest.mark.parametrize("seed", range(8))
    def test_every_equilibrium_lies_inside(self, seed):
        rng = np.random.default_rng(seed)
        for _ in range(12):
            game = random_game(rng)
            box = equilibrium_box(game)
            ends = [iterate(game, favour=f, most=3000) for f in (True, False)]
            points = [e.period.values[..., 0] for e in ends if e.settled.all()]
            points += list(pure_stationary(game, box=box, most=2000).values)
            for values in points:
                assert (values >= box.lower[..., 0] - 1e-8).all()
                assert (values <= box.upper[..., 0] + 1e-8).all()

    @pytest.mark.parametrize("seed", range(4))
    def test_what_is_sure_is_played_and_what_is_played_is_possible(self, seed):
        game = random_game(np.random.default_rng([1, seed]), batch=60)
        box, found = equilibrium_box(game), iterate(game, most=3000)
        signs = found.period.signs[..., found.settled]
        assert (signs[box.surely[..., found.settled]]).all()
        assert (box.possibly[..., found.settled][signs]).all()


class TestPureStationary:
    @pytest.mark.parametrize("seed", range(6))
    def test_settled_iteration_is_among_them(self, seed):
        rng = np.random.default_rng([2, seed])
        for _ in range(10):
            game = random_game(rng)
            found, end = pure_stationary(game, most=5000), iterate(game, most=3000)
            if end.settled.all() and found.exhaustive:
                near = [np.abs(v - end.period.values[..., 0]).max() for v in found.values]
                assert min(near) < 1e-8

    def test_many_states_of_which_few_are_open(self):
        """Forty states that nothing leads between: three equilibria in one, one in each of the others."""
        deals = np.tile([[[1.0], [0.5]], [[1.0], [0.5]]], 40)
        deals[:, :, 0] = [[1, 0.85], [0.85, 1]]
        game = MarkovBargaining.of(
            deals=deals, recognition=[0.5, 0.5], discount=[0.9, 0.9], transition=np.eye(40)
        )
        found = pure_stationary(game)
        assert found.exhaustive
        assert len({v[:, 0].tobytes() for v in found.values}) == 3

    @pytest.mark.parametrize("seed", range(3))
    def test_a_batch_is_its_games(self, seed):
        game = random_game(np.random.default_rng([3, seed]), batch=5)
        whole = backward(game, 20)
        for b in range(5):
            one = MarkovBargaining(
                **{
                    name: getattr(game, name)[..., b : b + 1]
                    for name in ("deals", "open", "interim", "interim_open", "transition")
                },
                recognition=game.recognition[..., b : b + 1],
                discount=game.discount[:, b : b + 1],
                scales=game.scales,
            )
            assert np.abs(backward(one, 20).values[..., 0] - whole.values[..., b]).max() < 1e-12


class TestStaticGame:
    def test_without_a_future_it_is_the_static_game(self):
        """Discount 0: the proposer takes its best deal that the other prefers to the status quo."""
        rng = np.random.default_rng(5)
        for _ in range(50):
            a = rng.normal(size=(2, 4))
            game = MarkovBargaining.of(deals=a, recognition=[1, 0], discount=[0, 0])
            fine = [k for k in range(4) if a[1, k] >= 0]
            best = max((a[0, k] for k in fine), default=-1.0)
            expected = best if best >= 0 else 0.0
            assert backward(game, 1).values[0, 0, 0, 0] == expected

    def test_no_deal_ever_is_worth_the_flow(self):
        game = MarkovBargaining.of(
            deals=[[1.0], [1.0]], recognition=[0.5, 0.5], discount=[0.9, 0.8], flow=[[0.1], [0.2]]
        )
        assert np.allclose(without_deals(game)[:, 0, 0], [1.0, 1.0])


class TestBadInput:
    def test_chances_must_add_up(self):
        with pytest.raises(UsageError, match="recognition: chances"):
            MarkovBargaining.of(deals=[[1], [1]], recognition=[0.5, 0.6], discount=[0.9, 0.9])

    def test_a_discount_factor_of_one(self):
        with pytest.raises(UsageError, match=r"\[0, 1\)"):
            MarkovBargaining.of(deals=[[1], [1]], recognition=[0.5, 0.5], discount=[1.0, 0.9])
