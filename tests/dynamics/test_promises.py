"""Promises for later: kept or broken, against closed forms and a recursion of their own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import sim
from sim.dynamics.period import PeriodCompiler
from sim.dynamics.promises import Promises, until_then
from sim.dynamics.treaty_values import bargaining_of
from sim.dynamics.world import world_of
from sim.errors import ScenarioError, UsageError

CLASSIC = Path(__file__).parents[2] / "scenarios" / "classics" / "promised-transfer.yaml"


@pytest.fixture
def promised(small):
    """The small world, payment promised for three periods on."""

    def make(after: int = 3, again: str = "true", **replaced: str) -> sim.Scenario:
        peace = "  peace: {no: {}, bare: {signed: 1}, paid: {signed: 1, paid: 1}}"
        parts = (
            "  peace: {no: {}, bare: {signed: 1}}\n  extra: {none: {}, paid: {paid: 1}}\n"
            "rule_out: [paid and not signed]"
        )
        promise = (
            f"  treaty:\n    hand_over: {{after: {after}, until_then_without: [extra]}}\n"
            f"    break: {{a: {{ratified_again: {again}, cost: price/10, then: {{mood: hostile}}}}}}\n"
            "  world:\n"
        )
        return small(**{peace: parts, "  world:\n": promise, **replaced})

    return make


def parts_of(scenario):
    world = world_of(scenario)
    period = PeriodCompiler(world, ()).at({}, 1)
    moves, _ = world.transition({}, 1)
    game = bargaining_of(world, period, moves, {})
    return world, period, game, Promises(world, period, game, {})


class TestClosedForm:
    """Owner and claimant, one state: kept if and only if breach >= loss (1 - d^k); d = 0.9, k = 3."""

    @pytest.mark.parametrize(("breach", "kept"), [(0.2, 0), (0.2167, 0), (0.2169, 1), (0.5, 1)])
    def test_promised_transfer(self, breach, kept):
        found = sim.forecast(sim.load(CLASSIC).with_values({"breach": breach}), draws=1)
        assert found.by[0, 0] == 1
        assert found.settled == 1
        assert found.kept[:, 0].tolist() == [0.0] * 3 + [float(kept)] * 17
        assert found.broken[:, 0].tolist() == [0.0] * 3 + [1.0 - kept] * 17

    def test_what_a_broken_promise_is_worth(self):
        """Signed and broken again and again the owner has 1 - d^k breach / (1 - d^k)."""
        _, _, _, promises = parts_of(sim.load(CLASSIC))
        values = promises.iterate().period.values
        assert abs(values[0, 0, 0] - (1 - 0.729 * 0.1 / 0.271)) < 1e-8


class TestRecursion:
    @pytest.mark.parametrize(("after", "again"), [(1, "false"), (3, "true"), (5, "false")])
    def test_year_by_year(self, promised, after, again):
        """Promises carried back year by year in plain loops, then one period of offers: values repeat."""
        world, period, game, promises = parts_of(promised(after, again))
        found = promises.iterate()
        assert found.settled.all()
        first, later = until_then(world, period)
        moves, d = game.transition[..., 0], 0.9
        once, whole = promises.once[..., 0], game.deals[..., 0] - promises.once[..., 0]
        flow, values = period.flow[..., 0][:, first], found.period.values[..., 0]
        hostile = [world.states.index(("hostile", war)) for _, war in world.states]
        comply = whole[0] >= values[0, hostile] - 0.02 - 1e-12
        if again == "true":
            comply &= period.required[1:, :, 0]
        due = np.where(comply, whole, (values[:, hostile] - np.array([[0.02], [0]]))[:, None])
        for _ in range(after):
            due = (1 - d) * flow + d * due @ moves.T
        signed = np.where(later[:, None], once + due, game.deals[..., 0])
        wait, new = d * values @ moves.T, np.zeros_like(values)
        for p, r in ((0, 1), (1, 0)):
            for s in range(len(world.states)):
                fine = [
                    signed[:, k, s]
                    for k in range(len(later))
                    if period.required[1 + k, s, 0] and signed[r, k, s] >= wait[r, s] - 1e-12
                ]
                best = max([wait[:, s], *fine], key=lambda worth, p=p: worth[p])
                new[:, s] += 0.5 * best
        assert np.abs(new - values).max() < 1e-8

    def test_shares_add_up(self, promised):
        found = sim.forecast(promised(), draws=32)
        assert (found.kept + found.broken <= found.by + 1e-12).all()
        short = found.by[:-3] - (found.kept + found.broken)[3:]
        assert (short <= 1e-9).all()  # what was signed three years ago has been decided
        assert "handed over" in str(found)
        assert found.to_dict()["by"]["2049"]["handed_over"] == found.kept[-1].mean()

    def test_enforcement_is_not_counted_twice(self, promised):
        keeps = "{type: enforcement, delta: 0.5, temptation: 1, punishment: 0}"
        house = "    house: {type: veto_player, utility: mood + 0.5}\n"
        one = parts_of(promised())[1].required
        two = parts_of(promised(**{house: f"{house}    word: {keeps}\n"}))[1].required
        assert (one == two).all()
        assert one.any()


BAD = {
    "unknown issue": ("[extra]", "[extras]", "unknown issue 'extras'; did you mean 'extra'?"),
    "no promise": (
        "    hand_over: {after: 3, until_then_without: [extra]}\n",
        "",
        "nothing is handed over",
    ),
    "unknown factor": ("{mood: hostile}", "{moon: hostile}", "unknown factor 'moon'"),
    "unknown level": ("{mood: hostile}", "{mood: furious}", "'furious' is not a level of 'mood'"),
    "cost": ("price/10", "prize/10", "unknown name 'prize'; did you mean 'price'?"),
    "stranger": ("break: {a:", "break: {carl:", "'carl' is not a principal"),
    "no treaty": ("paid and not signed", "paid", "no treaty settles 'extra'"),
    "no rest": ("paid and not signed", "paid != signed", "is not an agreement of this file"),
    "a last year": ("report: 20", "report: 20\n  ends: 2040", "remove 'ends'"),
    "after nothing": ("after: 3", "after: 0", "greater than or equal to 1"),
}


class TestBadInput:
    @pytest.mark.parametrize("case", BAD.values(), ids=list(BAD))
    def test_a_sentence(self, promised, case):
        old, new, words = case
        with pytest.raises((ScenarioError, UsageError)) as error:
            sim.forecast(promised(**{old: new}), draws=2)
        assert words in str(error.value)

    def test_another_game(self, promised):
        with pytest.raises(UsageError, match="a promise needs a game of one offer"):
            sim.forecast(
                promised(
                    **{
                        "{reply: b}, ratify": "{reply: b}, {offer: b}, {reply: a}, ratify",
                        "  proposer: {a: 0.5, b: 0.5}\n": "",
                    }
                ),
                draws=2,
            )
