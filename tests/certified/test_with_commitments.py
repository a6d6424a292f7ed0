"""The smallest change and the verdict along parameters where third parties may commit themselves."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.certified import smallest_change, strips
from sim.explaining import explain
from sim.feasibility import evaluate, prepare
from sim.loading import loads

DISPUTES = Path(__file__).parents[1] / "disputes"
PAID = (DISPUTES / "mediator-pays.yaml").read_text()
PAID = PAID.replace("value: 0.1, range: [0.05", "value: 0.4, range: [0.1")

COERCED = (DISPUTES / "hegemon-coerces.yaml").read_text()


@pytest.mark.parametrize(
    ("text", "start", "breaking", "after"),
    [
        (PAID, 0.4, False, 0.2),
        (PAID, 0.1, True, 0.2),
        (COERCED, 0.1, True, 0.3),
        (COERCED, 0.4, False, 0.3),
    ],
)
def test_one_parameter_by_hand(text, start, breaking, after):
    found = smallest_change(loads(text).with_values({"b.cost": start}), levers=["b.cost"])
    assert found.breaking == breaking
    assert [m.after for m in found.moves] == [pytest.approx(after, abs=1e-8)]
    assert found.status == "complete"
    verdicts = ("feasible", "infeasible")
    (along,) = strips(loads(text).with_values({"b.cost": start}), paths=["b.cost"]).thresholds
    assert along.at == (pytest.approx(after, abs=1e-6),)
    assert tuple(s.verdict for s in along.stretches) == verdicts


def test_where_the_mediator_answers_nothing_is_enough():
    """Once the treaty is signed it keeps its money, so b loses its cost everywhere."""
    late = loads(PAID.replace("offer_reply", "ultimatum"))
    found = smallest_change(late)
    assert not found.found
    assert (found.bound, found.status) == (np.inf, "complete")
    assert "no treaty would be feasible" in found.sentence()
    assert all([s.verdict for s in t.stretches] == ["infeasible"] for t in strips(late).thresholds)


def test_two_parameters_by_hand():
    """cost must come down to aid, 0.2 apart; both ranges are 0.4 wide, so half of one range does it."""
    found = smallest_change(loads(PAID))
    assert found.cost == pytest.approx(0.5, abs=1e-6)
    assert found.bound <= found.cost
    assert "everywhere" not in found.sentence()
    there = loads(PAID).with_values({m.path: m.after for m in found.moves})
    assert explain(there, with_thresholds=False).feasible is not False


def test_a_hegemon_would_have_to_be_weak():
    """With two levers the treaty stands until cost reaches what the punishment takes."""
    text = COERCED.replace("0.3*pressure*(1", "b.harm*pressure*(1").replace(
        "0.5]}}}", "0.5]}, harm: {value: 0.3, range: [0.2, 0.6]}}}"
    )
    found = smallest_change(loads(text))
    assert found.breaking
    assert found.bound <= found.cost <= 0.2 / 0.45 + 1e-6
    there = loads(text).with_values({m.path: m.after for m in found.moves})
    assert explain(there, with_thresholds=False).margin == pytest.approx(0, abs=1e-6)


GAMES = (
    "[washington.stance, {offer: tokyo}, {reply: moscow}]",
    "[washington.stance, {offer: tokyo}, {reply: moscow}, ratify]",
    "[washington.stance, {offer: tokyo}, {reply: moscow}, beijing.stance, ratify]",
    "[{offer: tokyo}, {reply: moscow}, washington.stance, beijing.stance, ratify]",
    "offer_reply",
    "demand",
)


@settings(max_examples=10, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    stances=st.sampled_from([(2,), (3,), (2, 2)]),
    rungs=st.sampled_from([(), ("home",), ("home", "abroad")]),
    game=st.sampled_from(GAMES),
    start=st.sampled_from([-2.5, -1.5, -0.5, 0.5, 1.5]),
)
def test_against_the_verdict_on_a_grid(tables, seed, stances, rungs, game, start):
    """Payoffs are integers, so verdicts change at integers only and halves tell everything."""
    stances = (2, 2) if "beijing" in game else stances
    text = tables(seed, stances=stances, agreements=3, rungs=rungs, game=game).text()
    grid = np.arange(-12, 13) / 4.0
    margin = evaluate(prepare(loads(text), ["push"]), grid[None]).ladder.margin
    scenario = loads(text).with_values({"push": start})
    (along,) = strips(scenario).thresholds
    for s in along.stretches:
        inside = margin[(grid > s.lo + 0.01) & (grid < s.hi - 0.01)]
        assert s.verdict != "feasible" or (inside >= 0).all()
        assert s.verdict != "infeasible" or (inside < 0).all()
    found = smallest_change(scenario)
    assert found.breaking == (margin[grid == start][0] > 0)
    done = margin <= 0 if found.breaking else margin >= 0
    if done[grid == start]:
        return
    nearest = np.abs(grid - start)[done].min(initial=np.inf) / 6
    assert found.bound <= nearest + 1e-9
    assert found.found or found.bound == np.inf or found.status == "partial"
    clearly = margin < 0 if found.breaking else margin > 0
    assert found.cost <= np.abs(grid - start)[clearly].min(initial=np.inf) / 6 + 1e-6
