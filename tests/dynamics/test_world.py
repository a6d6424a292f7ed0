"""States of the world, how they move, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
import sim
from sim.dynamics.world import world_of
from sim.errors import ScenarioError, UsageError


class TestTransitions:
    def test_factors_move_at_once_and_independently(self, small):
        world = world_of(small())
        moves, legal = world.transition({}, 1)
        assert legal.all()
        names = [dict(zip(world.factors, s, strict=True)) for s in world.states]
        start = names.index({"mood": "cool", "war": "on"})
        chances = {
            (n["mood"], n["war"]): moves[start, k, 0]
            for k, n in enumerate(names)
            if moves[start, k, 0]
        }
        stay, up, down = 1 - 0.1 - 0.075, 0.075, 0.1  # the war still on halves the way up
        expected = {
            ("cool", "on"): stay * 0.8,
            ("cool", "over"): stay * 0.2,
            ("warm", "on"): up * 0.8,
            ("warm", "over"): up * 0.2,
            ("hostile", "on"): down * 0.8,
            ("hostile", "over"): down * 0.2,
        }
        assert chances.keys() == expected.keys()
        assert all(abs(chances[k] - expected[k]) < 1e-15 for k in expected)

    def test_rows_add_up_for_every_draw(self, small):
        world = world_of(small())
        moves, _ = world.transition({"calm": np.linspace(0.05, 0.3, 7)}, 7)
        assert np.abs(moves.sum(axis=1) - 1).max() < 1e-12

    def test_levels_set_parameters(self, small):
        world = world_of(small())
        values = world.values({}, 2)
        for s, levels in enumerate(world.states):
            assert values["mood"][s, 0] == {"hostile": -1, "cool": -0.1, "warm": 0.4}[levels[0]]
            assert values["gain"][s, 1] == {"on": 0.6, "over": 1.2}[levels[1]]

    def test_a_draw_whose_rates_are_no_chances_has_no_answer(self, small):
        world = world_of(small())
        _, legal = world.transition({"calm": np.array([0.1, 0.95, -0.2])}, 3)
        assert legal.tolist() == [True, False, False]


BAD = {
    "unknown level": ("now: hostile", "now: furious", "'furious' is not one of its levels"),
    "row above 1": (
        "hostile: {cool: calm}",
        "hostile: {cool: calm, warm: 0.9}",
        "add up to more than 1",
    ),
    "rate below 0": ("hostile: {cool: calm}", "hostile: {cool: calm - 1}", "must lie in"),
    "unknown name": ("calm/2", "kalm/2", "unknown name 'kalm'; did you mean 'calm'?"),
    "two factors": ("over: {gain: 1.2}", "over: {gain: 1.2, mood: 0}", "is set by the factors"),
    "left open": ("over: {gain: 1.2}", "over: {}", "is set by other levels"),
    "unreachable": ("moves: {on: {over: 0.2}}", "moves: {}", "can never be reached"),
    "unknown parameter": ("{gain: 0.6}", "{gian: 0.6}", "unknown parameter 'gian'"),
    "discount of 1": ("{a: 0.9, b: 0.9}", "{a: 1, b: 0.9}", "discount"),
    "missing discount": ("{a: 0.9, b: 0.9}", "{a: 0.9}", "the discount factor of 'b' is missing"),
    "stranger": ("proposer: {a: 0.5, b: 0.5}", "proposer: carl", "'carl' is not a principal"),
    "once": ("  world:\n", "  treaty: {once: [a.piece]}\n  world:\n", "did you mean 'a.peace'"),
    "itself": ("hostile: {cool: calm}", "hostile: {hostile: calm, cool: 0.1}", "moves to itself"),
    "too many": ("report: 20", "report: 20000", "less than or equal to 1000"),
}


class TestBadInput:
    @pytest.mark.parametrize("case", BAD.values(), ids=list(BAD))
    def test_a_sentence(self, small, case):
        old, new, words = case
        with pytest.raises((ScenarioError, UsageError)) as error:
            sim.forecast(small(**{old: new}), draws=4)
        assert words in str(error.value)

    def test_a_file_without_dynamics(self):
        text = (
            "{issues: {peace: {no: {}, yes: {signed: 1}}}, outcomes: {treaty: signed},"
            " actors: {a: {role: principal}, b: {role: principal}},"
            " payoffs: {a: {x: signed}, b: {x: signed}}}"
        )
        with pytest.raises(UsageError, match="no 'dynamics' section"):
            sim.forecast(sim.loads(text))

    def test_unknown_start(self, small):
        with pytest.raises(UsageError, match="unknown level 'hot'"):
            sim.forecast(small(), draws=4, state={"mood": "hot"})
        with pytest.raises(UsageError, match="unknown factor 'moon'"):
            sim.forecast(small(), draws=4, state={"moon": "hot"})

    def test_too_many_states(self, small):
        levels = ", ".join(f"l{k}: {{gain: {k}}}" for k in range(200))
        moves = ", ".join(f"l{k}: {{l{k + 1}: 0.1}}" for k in range(199))
        new = f"now: l0\n      levels: {{{levels}}}\n      moves: {{{moves}}}"
        old = "now: on\n      levels: {on: {gain: 0.6}, over: {gain: 1.2}}\n      moves: {on: {over: 0.2}}"
        text = {old: new, "war.on": "war.l0"}
        with pytest.raises(ScenarioError, match="600 world states, the limit is 512"):
            small(**text)
