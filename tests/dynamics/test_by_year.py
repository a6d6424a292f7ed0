"""Chances to move that read the year or a treaty in force, and leaders who count only their own years."""

from __future__ import annotations

import numpy as np
import pytest
import sim
from sim.dynamics.period import PeriodCompiler
from sim.dynamics.treaty_values import bargaining_of
from sim.dynamics.world import world_of

RATE = "hostile: {cool: calm}"
YEARLY = "hostile: {cool: 'where(year < 2034, 0.02, 0.3) + 0*calm'}"


def by_hand(scenario: sim.Scenario, periods: int = 20) -> np.ndarray:
    """Chances by year from plain loops: values of the last year's world first, then year by year."""
    world = world_of(scenario)
    period = PeriodCompiler(world, ()).at({}, 1)
    flow, fine = period.flow[..., 0], period.required[..., 0]
    moves = [world.transition({}, 1, t)[0][..., 0] for t in range(periods)]
    worth = np.linalg.solve(np.eye(6) - 0.9 * moves[-1], 0.1 * flow[:, 1:].reshape(-1, 6).T)
    worth = worth.T.reshape(2, 2, 6)
    values = np.zeros((2, 6))
    for _ in range(400):
        values, _ = offers(worth, values, moves[-1], fine)
    signs = []
    for t in reversed(range(periods)):
        worth = 0.1 * flow[:, 1:] + 0.9 * worth @ moves[t].T
        values, signed = offers(worth, values, moves[t], fine)
        signs.insert(0, signed)
    at, by, total = np.eye(6)[world.start], [], 0.0
    for t in range(periods):
        total += (at * signs[t]).sum()
        by.append(total)
        at = (at * (1 - signs[t])) @ moves[t]
    return np.array(by)


def offers(worth, later, moves, fine):
    """One period: either side proposes by the toss of a coin."""
    wait = 0.9 * later @ moves.T
    values, signed = np.zeros_like(wait), np.zeros(6)
    for p in range(2):
        for s in range(6):
            legal = [k for k in (0, 1) if fine[1 + k, s] and worth[1 - p, k, s] >= wait[1 - p, s]]
            best = max(legal, key=lambda k, p=p, s=s: worth[p, k, s], default=None)
            if best is not None and worth[p, best, s] >= wait[p, s]:
                values[:, s] += worth[:, best, s] / 2
                signed[s] += 0.5
            else:
                values[:, s] += wait[:, s] / 2
    return values, signed


class TestYear:
    def test_against_plain_loops(self, small):
        scenario = small(**{RATE: YEARLY})
        found = sim.forecast(scenario, draws=1)
        assert np.abs(found.by[:, 0] - by_hand(scenario)).max() < 1e-12
        assert found.by[4, 0] < sim.forecast(small(), draws=1).by[4, 0]

    def test_the_same_in_every_year_is_the_steady_world(self, small):
        steady = sim.forecast(small(), draws=8)
        yearly = sim.forecast(small(**{RATE: "hostile: {cool: calm + 0*year}"}), draws=8)
        assert np.abs(steady.by - yearly.by).max() < 1e-12
        assert (yearly.certain <= yearly.by + 1e-12).all()
        assert (yearly.by <= yearly.possible + 1e-12).all()

    def test_a_last_year_ends_it(self, small):
        found = sim.forecast(
            small(**{RATE: YEARLY, "report: 20": "report: 20\n  ends: 2034"}), draws=4
        )
        assert (found.by[5:] == found.by[4]).all()

    def test_a_rate_that_leaves_its_bounds_in_some_year(self, small):
        with pytest.raises(sim.SimError, match=r"in 2046.* the chances to move are .*in \[0, 1\]"):
            sim.forecast(small(**{RATE: "hostile: {cool: '(year - 2030)/15'}"}), draws=2)


TWO = {
    "{reply: b}, ratify": "{reply: b}, {offer: b}, {reply: a}, ratify",
    "  proposer: {a: 0.5, b: 0.5}\n": "",
}
"""Two offers a period: a game of stages of its own."""
PROMISE = {
    "  peace: {no: {}, bare: {signed: 1}, paid: {signed: 1, paid: 1}}": (
        "  peace: {no: {}, bare: {signed: 1}}\n  extra: {none: {}, paid: {paid: 1}}\n"
        "rule_out: [paid and not signed]"
    ),
    "  world:\n": (
        "  treaty:\n    hand_over: {after: 3, until_then_without: [extra]}\n"
        "    break: {a: {ratified_again: true, cost: price/10, then: {mood: hostile}}}\n  world:\n"
    ),
}
"""Payment promised for three periods on."""
CLOCK = (
    "    clock: {now: y0, levels: {y0: {}, y1: {}, y2: {}, y3: {}, y4: {}},\n"
    "      moves: {y0: {y1: 1}, y1: {y2: 1}, y2: {y3: 1}, y3: {y4: 1}}}\n    mood:\n"
)
"""The year as a factor of a steady world: y4 from 2034 on."""
TICKING = {"    mood:\n": CLOCK, RATE: "hostile: {cool: 'where(clock.y4, 0.3, 0.02) + 0*calm'}"}


class TestEveryForm:
    """Other stages, and promises, where chances read the year: the same as in a world with a clock."""

    @pytest.mark.parametrize("form", [{}, TWO, PROMISE], ids=["offers", "stages", "promises"])
    def test_the_year_is_a_clock(self, small, form):
        yearly = sim.forecast(small(**(form | {RATE: YEARLY})), draws=4)
        clock = sim.forecast(small(**(form | TICKING)), draws=4)
        for name in ("by", "kept", "broken"):
            assert np.abs(getattr(yearly, name) - getattr(clock, name)).max() < 1e-9, name
        assert yearly.by[-1].max() > yearly.by[4].max() > 0
        assert (yearly.settled, clock.settled) == (1, 1)

    def test_promises_are_broken_in_some(self, small):
        found = sim.forecast(small(**(PROMISE | {RATE: YEARLY})), draws=16)
        assert found.kept[-1].max() > 0
        assert (found.kept + found.broken <= found.by + 1e-12).all()

    def test_stages_with_a_last_year(self, small):
        ends = {"report: 20": "report: 20\n  ends: 2036"}
        yearly = sim.forecast(small(**(TWO | ends | {RATE: YEARLY})), draws=4)
        clock = sim.forecast(small(**(TWO | ends | TICKING)), draws=4)
        for name in ("by", "certain", "possible"):
            assert np.abs(getattr(yearly, name) - getattr(clock, name)).max() < 1e-9, name

    def test_what_is_promised_lies_in_a_world_under_a_treaty(self, small):
        """Until the hand-over the world moves as under a treaty: warm stays warm, so nothing is broken."""
        stays = {"warm: {cool: 0.05}": "warm: {cool: '0.05*(1 - signed)'}"}
        steady = sim.forecast(small(**(PROMISE | stays)), draws=8)
        assert steady.by[-1].max() > 0
        assert np.abs(steady.broken).max() < 1e-12
        yearly = {RATE: "hostile: {cool: calm + 0*year}"}
        again = sim.forecast(small(**(PROMISE | stays | yearly)), draws=8)
        assert np.abs(steady.kept - again.kept).max() < 1e-9


class TestSigned:
    def test_a_treaty_that_changes_the_world(self, small):
        """Under a treaty a warm mood stays: its worth by summing 3,000 periods of those chances."""
        world = world_of(small(**{"warm: {cool: 0.05}": "warm: {cool: '0.05*(1 - signed)'}"}))
        period = PeriodCompiler(world, ()).at({}, 1)
        course = world.course({}, 1)
        still, under = course.still[0], course.under[0]
        warm = [s for s, (mood, _) in enumerate(world.states) if mood == "warm"]
        assert (still[warm][:, :, 0].sum(axis=1) == 1).all()
        assert under[np.ix_(warm, warm)][..., 0].sum() == pytest.approx(len(warm))
        game = bargaining_of(world, period, still, {}, under=under)
        total, ahead = np.zeros((2, 2, 6)), 0.1 * period.flow[:, 1:, :, 0]
        for _ in range(3000):
            total += ahead
            ahead = 0.9 * ahead @ under[..., 0].T
        assert np.abs(game.deals[..., 0] - total).max() < 1e-9
        assert (game.transition == still).all()


class TestLeader:
    def test_leaving_is_part_of_the_discount(self, small):
        leader = "  horizon: leader\n  leaves: {a: 0.5, b: 0.5}\n  proposer: {a: 0.5, b: 0.5}"
        one = sim.forecast(small(**{"  proposer: {a: 0.5, b: 0.5}": leader}), draws=8)
        two = sim.forecast(small(d=0.45), draws=8)
        assert np.abs(one.by - two.by).max() < 1e-12
        assert "its leader" in str(one)

    def test_nobody_says_who_leaves(self, small):
        with pytest.raises(sim.SimError, match="say under 'leaves'"):
            small(**{"report: 20": "report: 20\n  horizon: leader"})

    def test_no_chance(self, small):
        text = {"report: 20": "report: 20\n  horizon: leader\n  leaves: {a: 1.5}"}
        with pytest.raises(sim.SimError, match=r"dynamics.leaves.a: 1.5 is not a probability"):
            sim.forecast(small(**text), draws=2)
