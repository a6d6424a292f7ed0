"""Disputes as classical games: bodies as voting games, one ordered issue as a line, side payments.

Expected values are found here by definition, over all orders, coalitions and positions, or by hand.
"""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path

import pytest
import sim
from sim.cli import run
from sim.errors import NotDefinedError
from sim.sweeps import make_design
from sim.sweeps.concept_sweep import concept_sweep

DELAY = """
title: Years before the rules apply
parameters: {cost: {value: 1, range: [0, 3]}, seats: {value: 300, range: [100, 400]}}
issues: {delay: {now: {}, four: {years: 4}, six: {years: 6}, ten: {years: 10}}}
outcomes: {treaty: years > 0}
actors: {north: {role: principal}, south: {role: principal}}
payoffs: {north: {delay: -cost * abs(years - 6)}, south: {delay: -abs(years - 4)}}
domestic:
  north:
    assembly:
      type: ratification
      quota: 2/3
      blocs:
        loyal: {seats: seats, utility: 1}
        doubtful: {seats: 100, utility: 0.5}
        hard: {seats: 50, utility: 0.1}
"""


# --- bodies as voting games -----------------------------------------------------------------------------


def by_orders(weights: dict[str, float], needed: float) -> dict[str, float]:
    """The share of orders in which each voter's votes decide."""
    orders = list(permutations(weights))
    decides = dict.fromkeys(weights, 0)
    for order in orders:
        votes = 0.0
        for name in order:
            votes += weights[name]
            if votes >= needed:
                decides[name] += 1
                break
    return {name: count / len(orders) for name, count in decides.items()}


def by_coalitions(weights: dict[str, float], needed: float) -> dict[str, float]:
    """Each voter's share of all swings."""
    names = list(weights)
    swings = dict.fromkeys(names, 0)
    for mask in range(1 << len(names)):
        inside = [n for k, n in enumerate(names) if mask >> k & 1]
        votes = sum(weights[n] for n in inside)
        for name in set(names) - set(inside):
            swings[name] += votes < needed <= votes + weights[name]
    return {name: count / sum(swings.values()) for name, count in swings.items()}


@pytest.mark.parametrize("seats", [300, 250, 150, 100])
def test_power_of_blocs_by_definition(seats: float) -> None:
    scenario = sim.loads(DELAY).with_values({"seats": seats})
    (body,) = sim.explain(scenario, draws=0, with_thresholds=False).power
    weights = {"loyal": seats, "doubtful": 100, "hard": 50}
    needed = 2 * sum(weights.values()) / 3 - 1e-6
    assert (body.actor, body.constraint) == ("north", "assembly")
    assert body.seats == weights
    assert body.shapley_shubik == pytest.approx(by_orders(weights, needed))
    assert body.banzhaf == pytest.approx(by_coalitions(weights, needed))


def test_power_is_told_by_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """300 of 450 seats are two thirds: the loyal pass everything alone."""
    file = tmp_path / "delay.yaml"
    file.write_text(DELAY)
    assert run(["explain", str(file), "--json"]) == 0
    (body,) = json.loads(capsys.readouterr().out)["verdict"]["power"]
    assert body["blocs"]["loyal"] == {"seats": 300, "shapley_shubik": 1, "banzhaf": 1}
    assert body["blocs"]["hard"]["banzhaf"] == 0
    text = "\n".join(str(part) for part in sim.explain(sim.loads(DELAY), draws=0).parts(full=True))
    assert "Power in north.assembly (quota 0.6667)" in text


def test_a_body_whose_seats_depend_on_the_agreement_has_no_power_of_its_own() -> None:
    scenario = sim.loads(DELAY.replace("seats: 100", "seats: 100 + years"))
    assert sim.explain(scenario, draws=0, with_thresholds=False).power == ()


# --- one ordered issue ----------------------------------------------------------------------------------


def ends(scenario: sim.Scenario, concept: str) -> list[str]:
    (solution,) = sim.solve(scenario, concept)
    return [member.agreement for member in solution.members]


def test_one_ordered_issue_is_a_line() -> None:
    """North likes 0 to 10 as much as now, south 0, 4 and 6: both 0 to 6. Nothing between 4 and 6 is left."""
    scenario = sim.loads(DELAY)
    assert ends(scenario, "veto_winset") == ["0", "6"]
    assert ends(scenario, "veto_core") == ["4", "6"]
    assert ends(scenario, "weighted_mean") == ["5"]
    for proposer, point in (("north", "6"), ("south", "4")):
        other = "south" if proposer == "north" else "north"
        played = sim.loads(DELAY + f"game: [offer: {proposer}, reply: {other}]\n")
        assert ends(played, "agenda_setter") == [point]


def test_bridges_are_swept() -> None:
    """The sum to divide is 8 where a year costs 1; where it costs 3, north is paid for six years."""
    paid = sim.loads(DELAY + "side_payments: true\n")
    found = concept_sweep(paid, make_design(paid, vary={"cost": (1, 3, 2)}), "shapley").to_frame()
    assert found["payoff.north"].tolist() == pytest.approx([-2, -8])
    line = concept_sweep(paid, make_design(paid, vary={"cost": (1, 3, 2)}), "veto_core").to_frame()
    assert line["outcome"].tolist() == ["4", "6", "4", "6"]


def test_what_is_no_line() -> None:
    twice = DELAY.replace("issues: {", "issues: {name: {old: {}, new: {named: 1}}, ")
    with pytest.raises(NotDefinedError, match="can be seen as bargaining"):
        sim.solve(sim.loads(twice), "veto_winset")
    valley = DELAY.replace("-cost * abs(years - 6)", "cost * abs(years - 5)")
    with pytest.raises(NotDefinedError, match="north is not single-peaked along 'years'"):
        sim.solve(sim.loads(valley), "veto_winset")


# --- side payments --------------------------------------------------------------------------------------


def test_side_payments_make_a_coalitional_game() -> None:
    """Now is worth -6 and -4; four or six years are worth -2 together: 8 to divide, 4 for each."""
    paid = sim.loads(DELAY + "side_payments: true\n")
    for concept in ("shapley", "nucleolus", "nash_bargaining", "egalitarian"):
        for member in sim.solve(paid, concept)[0].members:
            assert member.payoffs == pytest.approx({"north": -2, "south": 0})
    (core,) = sim.solve(paid, "core")[0].members
    assert core.extra["bounds"] == {"north": [-6, 2], "south": [-4, 4]}
    dear = paid.with_values({"cost": 3})
    (value,) = sim.solve(dear, "shapley")[0].members
    assert value.payoffs == pytest.approx({"north": -18 + 10, "south": -4 + 10})


def test_without_side_payments_payoffs_do_not_add_up() -> None:
    with pytest.raises(NotDefinedError, match="shapley is defined on coalitional games"):
        sim.solve(sim.loads(DELAY), "shapley")


def test_a_constraint_at_home_keeps_a_treaty_from_the_sum() -> None:
    """A house that wants six years at least leaves six: -0 and -2."""
    text = DELAY.replace("utility: 1}", "utility: years - 6}").replace("quota: 2/3", "quota: 1/2")
    (value,) = sim.solve(sim.loads(text + "side_payments: true\n"), "shapley")[0].members
    assert sum(value.payoffs.values()) == pytest.approx(-2)
    dear = sim.loads(text.replace("abs(years - 4)", "abs(years - 1)") + "side_payments: true\n")
    (value,) = sim.solve(dear, "shapley")[0].members
    assert sum(value.payoffs.values()) == pytest.approx(-5)


def test_the_list_of_concepts_says_where_there_is_no_bridge(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["list", "concepts", "--json"]) == 0
    rows = {row["name"]: row["asked_of"] for row in json.loads(capsys.readouterr().out)}
    assert "no bridge from a dispute" in rows["adjusted_winner"]
    assert "no bridge from a dispute" in rows["baron_ferejohn"]
    assert "side_payments" in rows["shapley"]
    assert "ordered positions" in rows["veto_core"]
