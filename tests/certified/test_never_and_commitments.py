"""Certificates that no treaty is feasible, where the game commits third parties to what they would not do.

A mediator can pay 0.2 of what a treaty costs b; paying costs it 0.1, so that it does not pay afterwards.
"""

from pathlib import Path

import numpy as np
import pytest
from sim.certified import never
from sim.feasibility import evaluate, prepare
from sim.loading import loads

DISPUTES = Path(__file__).parents[1] / "disputes"
PAID = (DISPUTES / "mediator-pays.yaml").read_text()


@pytest.mark.parametrize("game", ["offer_reply", "ultimatum"])
def test_what_a_commitment_may_change_is_said(game):
    """At a cost of 0.05 to 0.15 b signs where the mediator is committed to pay, and never else."""
    found = never(loads(PAID.replace("offer_reply", game)), "shared", vary={"b.cost": (0.05, 0.15)})
    assert found.certified
    assert found.answering
    assert found.gap == pytest.approx(0.05 / 0.2)
    assert found.sentence().endswith(
        "; unless third parties commit themselves to stances that would not answer what is signed."
    )


def test_without_a_game_nobody_is_committed():
    text = PAID[: PAID.index("game:")]
    found = never(loads(text), "shared", vary={"b.cost": (0.05, 0.15)})
    assert (found.certified, found.answering) == (True, False)
    assert "unless" not in found.sentence()


def test_a_certificate_under_any_stances_needs_no_condition():
    """Above 0.25 b loses 0.05 of 0.2 at least, even where it is paid."""
    found = never(loads(PAID), "shared", vary={"b.cost": (0.25, 0.3)})
    assert (found.certified, found.answering) == (True, False)
    assert found.gap == pytest.approx(0.05 / 0.2)
    assert found.weights == {"b.gain": pytest.approx(1)}
    assert found.terms["b.gain"].against == ("cost",)
    assert found.terms["b.gain"].favour == ("grant",)


GAMES = (
    "[washington.stance, {offer: tokyo}, {reply: moscow}, ratify]",
    "[washington.stance, {offer: tokyo}, {reply: moscow}, beijing.stance, ratify]",
    "offer_reply",
    "demand",
)


@pytest.mark.parametrize("seed", range(24))
def test_what_is_certified_without_condition_is_infeasible_whatever_the_game_commits(tables, seed):
    stances = ((2,), (2, 2))[seed % 2 if seed % 4 != 1 else 1]
    game = GAMES[seed % 4] if seed % 4 != 1 or len(stances) == 2 else GAMES[0]
    t = tables(seed, stances=stances, agreements=3, rungs=("home",), game=game)
    scenario = loads(t.text())
    pushes = np.linspace(-3, 3, 25)
    margin = evaluate(prepare(scenario, ["push"]), pushes[None]).ladder.margin
    for lo, hi in ((-3, -2), (-2, 0), (-3, 3), (1, 3)):
        inside = (pushes >= lo) & (pushes <= hi)
        found = [
            never(scenario, f"p{k}", vary={"push": (lo, hi)})
            for k, is_ in enumerate(t.treaties)
            if is_
        ]
        if all(one.certified and not one.answering for one in found):
            assert (margin[inside] < 0).all()
        for one in found:
            assert one.certified or not one.answering
