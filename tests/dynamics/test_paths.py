"""The two ways to play a period against each other and against brute force over Markov strategies."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import sim
from sim.dynamics import period as period_module
from sim.dynamics.period import PeriodCompiler
from sim.dynamics.stage_path import StageWorld, stage_backward, stage_iterate
from sim.dynamics.traps import _hopes
from sim.dynamics.treaty_values import bargaining_of
from sim.dynamics.world import world_of
from sim.errors import UsageError
from sim.solutions.markov.perfect import backward, without_deals

WORLDS, PERIODS = 25, 2
NAMES = ("a0", "a1", "a2", "b0", "b1", "b2")


def random_world(rng: np.random.Generator, game: str = "[{offer: a}, {reply: b}]") -> sim.Scenario:
    """Two states, two treaties and a status quo, all payoffs and chances drawn."""
    levels = [
        ", ".join(f"{name}: {x:.6f}" for name, x in zip(NAMES, rng.normal(0, 1, 6), strict=True))
        for _ in range(2)
    ]
    up, down = rng.uniform(0.05, 0.95, 2)
    d = rng.uniform(0.2, 0.97, 2)
    return sim.loads(
        "issues: {deal: {no: {}, one: {one: 1}, two: {two: 1}}}\n"
        "outcomes: {treaty: one + two}\n"
        "actors: {a: {role: principal}, b: {role: principal}}\n"
        f"parameters: {{{', '.join(f'{name}: 0' for name in NAMES)}}}\n"
        "payoffs:\n"
        "  a: {x: a0*(1 - one - two) + a1*one + a2*two}\n"
        "  b: {x: b0*(1 - one - two) + b1*one + b2*two}\n"
        f"game: {game}\n"
        f"dynamics:\n  ends: {PERIODS - 1}\n  report: {PERIODS}\n"
        f"  discount: {{a: {d[0]:.6f}, b: {d[1]:.6f}}}\n"
        f"  world: {{w: {{now: l, levels: {{l: {{{levels[0]}}}, h: {{{levels[1]}}}}},"
        f" moves: {{l: {{h: {up:.6f}}}, h: {{l: {down:.6f}}}}}}}}}\n"
    )


def both_paths(scenario: sim.Scenario):
    """The bargaining game, values by offers, and values stage by stage, ``(periods, principals, states)``."""
    world = world_of(scenario)
    compiler = PeriodCompiler(world, ())
    period = compiler.at({}, 1)
    moves, _ = world.transition({}, 1)
    game = bargaining_of(world, period, moves, {})
    stages = stage_backward(StageWorld(compiler, {}, 1, period, game), PERIODS)
    return game, backward(game, PERIODS), stages


def brute_force(game) -> list[np.ndarray]:
    """Values in the first period of every pure Markov perfect equilibrium, over all strategy profiles.

    A strategy of the proposer names nothing or a deal in every period and state, one of the replier the set
    of deals it accepts; a profile is kept when nobody gains by any other strategy in any subgame.
    """
    deals, flow = game.deals[..., 0], game.refuse[..., 0]
    moves, d = game.transition[..., 0], game.discount[:, 0]
    nodes = list(product(range(PERIODS), range(2)))
    offers = np.array(list(product(range(3), repeat=len(nodes))))  # 0 is nothing
    sets = np.array(list(product(product((False, True), repeat=2), repeat=len(nodes))))
    end = without_deals(game)[..., 0]
    later = np.broadcast_to(end[:, :, None, None], (2, 2, len(offers), len(sets)))
    perfect = np.ones((len(offers), len(sets)), bool)
    for t in reversed(range(PERIODS)):
        wait = flow[:, :, None, None] + d[:, None, None, None] * np.einsum(
            "st,itoc->isoc", moves, later
        )
        now = np.empty_like(wait)
        for s in range(2):
            k = nodes.index((t, s))
            after = {}  # the subgame that begins with a reply to an offer
            for deal in (1, 2):
                yes = sets[:, k, deal - 1][None, :]
                after[deal] = np.where(yes, deals[:, deal - 1, s][:, None, None], wait[:, s])
                perfect &= after[deal][1] >= after[deal][1].max(axis=1, keepdims=True) - 1e-12
            offer = offers[:, k][:, None]
            now[:, s] = np.where(offer == 1, after[1], np.where(offer == 2, after[2], wait[:, s]))
            perfect &= now[0, s] >= now[0, s].max(axis=0, keepdims=True) - 1e-12
            perfect &= now[1, s] >= now[1, s].max(axis=1, keepdims=True) - 1e-12
        later = now
    found = np.unique(later[:, :, perfect].reshape(4, -1).round(9), axis=1)
    return [column.reshape(2, 2) for column in found.T]


class TestBruteForce:
    @pytest.mark.parametrize(
        "seed", [0, *(pytest.param(k, marks=pytest.mark.slow) for k in range(1, 12))]
    )
    def test_both_paths_are_the_equilibrium(self, seed):
        """Three hundred worlds in all, 25 of them every day."""
        rng = np.random.default_rng([14, seed])
        for _ in range(WORLDS):
            game, offers, stages = both_paths(random_world(rng))
            values = brute_force(game)
            assert len(values) == 1
            assert np.abs(values[0] - offers.values[0, ..., 0]).max() < 1e-8
            for t in range(PERIODS):
                assert np.abs(offers.values[t] - stages[t].values).max() < 1e-12
                assert (offers.signs[t, 0] == (stages[t].signs > 0)).all()


class TestOtherStages:
    @pytest.mark.parametrize("seed", range(3))
    def test_two_rounds_in_a_period_by_hand(self, seed):
        """Offer and counter-offer within a period: plain backward induction over the four stages."""
        rng = np.random.default_rng([15, seed])
        rounds = "[{offer: a}, {reply: b}, {offer: b}, {reply: a}]"
        for _ in range(6):
            game, _, stages = both_paths(random_world(rng, rounds))
            deals, flow, end = game.deals[..., 0], game.refuse[..., 0], without_deals(game)[..., 0]
            moves, d = game.transition[..., 0], game.discount[:, 0]
            for t in reversed(range(PERIODS)):
                wait = flow + d[:, None] * (end @ moves.T)
                end = np.stack([two_rounds(deals[:, :, s], wait[:, s]) for s in range(2)], axis=1)
                assert np.abs(end - stages[t].values[..., 0]).max() < 1e-12

    def test_demands_sign_what_both_want(self):
        """Where both name the treaty at once, they may agree on any that both prefer to waiting."""
        rng = np.random.default_rng(16)
        for _ in range(10):
            game, _, stages = both_paths(random_world(rng, "[[a.demand, b.demand]]"))
            end = without_deals(game)[..., 0]
            wait = game.refuse[..., 0] + game.discount * (end @ game.transition[..., 0].T)
            good = (game.deals[..., 0] >= wait[:, None]).all(axis=0).any(axis=0)
            assert (good == (stages[-1].signs[:, 0] > 0)).all()

    def test_ratified_by_chance(self):
        """A treaty that both want and that is ratified with chance p comes at 1 - (1 - p)^n."""
        from scipy.special import ndtr

        text = (
            "{issues: {peace: {no: {}, yes: {signed: 1}}}, outcomes: {treaty: signed},"
            " actors: {a: {role: principal}, b: {role: principal}},"
            " payoffs: {a: {x: signed}, b: {x: signed}},"
            " domestic: {a: {house: {type: veto_player, utility: 0.3}}},"
            " game: [{offer: a}, {reply: b}, {ratify: {noise: 1}}],"
            " dynamics: {report: 6, discount: {a: 0.9, b: 0.9}, requires: [home]}}"
        )
        p = ndtr(0.3)
        found = sim.forecast(sim.loads(text), draws=1)
        assert np.abs(found.by[:, 0] - (1 - (1 - p) ** np.arange(1, 7))).max() < 1e-12

    def test_shipped_dispute_both_ways(self, monkeypatch, small):
        scenario = small(**{"proposer: {a: 0.5, b: 0.5}": "proposer: a"})
        plain = sim.forecast(scenario, draws=32)
        monkeypatch.setattr(period_module, "plain_offer", lambda world: False)
        staged = sim.forecast(scenario, draws=32)
        assert np.abs(plain.by - staged.by).max() < 1e-12
        assert (plain.static == staged.static).all()
        assert not staged.bounded
        assert plain.bounded

    def test_a_proposer_that_the_stages_do_not_name(self):
        scenario = random_world(np.random.default_rng(1), "[[a.demand, b.demand]]")
        text = scenario.resolved.replace("ends:", "proposer: b\n  ends:")
        with pytest.raises(UsageError, match="say who proposes, 'a' first"):
            sim.forecast(sim.loads(text), draws=2)


def two_rounds(deals: np.ndarray, wait: np.ndarray) -> np.ndarray:
    """a offers, b replies; b offers, a replies; nothing after that."""
    last = wait
    for k in range(deals.shape[1]):
        if deals[0, k] >= wait[0] and deals[1, k] >= last[1]:
            last = deals[:, k]
    best = last
    for k in range(deals.shape[1]):
        if deals[1, k] >= last[1] and deals[0, k] >= best[0]:
            best = deals[:, k]
    return best


STAGED = (
    "[[a.demand, b.demand]]",
    "[{offer: a}, {reply: b}, {offer: b}, {reply: a}]",
    "[c.stance, {offer: a}, {reply: b}]",
    "{rounds: [{offer: a}, {reply: b}, {offer: b}, {reply: a}], discount: {a: 0.8, b: 0.7}}",
)


def helped(rng: np.random.Generator, game: str) -> sim.Scenario:
    """A random world with a third party whose aid is worth something to b under a treaty."""
    worth, own = rng.normal(0, 2), rng.normal(0, 1)
    text = random_world(rng).resolved
    for old, new in (
        ("  b: {role: principal}\n", "  b: {role: principal}\n  c: {role: third party, stances: "
         "{none: {}, aid: {aided: 1}}}\n"),
        ("b1*one + b2*two}", f"b1*one + b2*two + ({worth:.6f})*aided*(one + two)}}\n"
         f"  c: {{x: ({own:.6f})*aided*(one - 0.5)}}"),
        ("game:\n- {offer: a}\n- {reply: b}\n", f"game: {game}\n"),
    ):  # fmt: skip
        assert old in text
        text = text.replace(old, new)
    return sim.loads(text)


@pytest.mark.parametrize("game", STAGED)
def test_where_something_is_signed_there_was_hope(game):
    """What traps rest on: no state without hope signs anything, in 25 random worlds of each kind of game."""
    rng, signing, hopeless = np.random.default_rng(11), 0, 0
    for _ in range(WORLDS):
        world = world_of(helped(rng, game) if "c.stance" in game else random_world(rng, game))
        compiler = PeriodCompiler(world, ())
        course = world.course({}, 1)
        hopes = _hopes(compiler, course, {}, 1)
        period = compiler.at({}, 1)
        bargaining = bargaining_of(world, period, course.still[0], {}, under=course.under[0])
        played, _ = stage_iterate(StageWorld(compiler, {}, 1, period, bargaining))
        signs = played.signs[:, 0] > 0
        assert not (signs & ~hopes).any()
        signing, hopeless = signing + signs.sum(), hopeless + (~hopes).sum()
    assert signing > 5
    assert hopeless > 5
