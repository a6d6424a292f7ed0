"""The patterns of scenarios/README give what it says of them; the visit of 2010 tells."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sim
from sim.certified import separation
from sim.feasibility.private.by_type import private_information

README = (Path(__file__).parents[2] / "scenarios" / "README.md").read_text(encoding="utf-8")
SECTION = README.partition("## Private information: three patterns")[2].partition("\n## ")[0]
BLOCKS = {
    text.partition("\n")[0].removeprefix("title: "): text
    for text in re.findall(r"```yaml\n(.*?)```", SECTION, flags=re.S)
}


def test_a_vow_that_may_be_a_bluff():
    """By hand: y is indifferent between all, 0.2, and half, 0.5 unless x is hard, at 0.6."""
    scenario = sim.loads(BLOCKS["A vow that may be a bluff"])
    (outcome,) = private_information(scenario).prediction.outcomes
    vow = outcome.after[1]
    assert vow.beliefs["hard"] == pytest.approx(0.6)
    assert vow.answers["y"]["all"] == pytest.approx(0.2 / 0.7)
    assert outcome.messages["x"]["soft"]["vow"] == pytest.approx(0.3 * 0.4 / (0.6 * 0.7))
    assert separation(scenario, "hard").thresholds == (pytest.approx(0.6, abs=1e-12),)


def test_a_gesture_that_reassures():
    found = private_information(sim.loads(BLOCKS["A gesture that reassures"]))
    first, second = found.prediction.outcomes
    assert first.messages["a"]["bad"]["gesture"] == pytest.approx(0.5)
    assert first.offers["b"]["given"] == pytest.approx(0.75 * 20 / 21)
    assert (second.kind, second.treaty) == ("pooling", 0.0)


def test_an_offer_that_only_the_soft_accept():
    scenario = sim.loads(BLOCKS["An offer that only the soft accept"])
    (outcome,) = private_information(scenario).prediction.outcomes
    assert outcome.offers == {"a": {"risky": 1.0}}
    assert "  a offers risky." in sim.explain(scenario).private.sentences()
    assert separation(scenario, "tough").thresholds == (pytest.approx(0.3 / 0.499, abs=1e-12),)


def test_the_visit_of_2010_changes_what_tokyo_believes():
    scenario = sim.load("kuril/2010-visit")
    (outcome,) = private_information(scenario).prediction.outcomes
    away, visit = outcome.after
    assert outcome.kind == "separating"
    assert visit.chance == pytest.approx(0.4)
    assert visit.beliefs["resolute"] == pytest.approx(1)
    assert away.beliefs.get("resolute", 0.0) == pytest.approx(0)
    assert visit.answers["tokyo"] == {"status quo": 1.0}
    assert outcome.by_type["open"]["treaty"] == 1.0


def test_the_visit_tells_nothing_where_it_gains_less_than_it_costs():
    scenario = sim.load("kuril/2010-visit").at({"moscow.visit_gain": 0.02})
    (outcome,) = private_information(scenario).prediction.outcomes
    assert outcome.kind == "pooling"
    assert outcome.messages["moscow"]["resolute"] == {"stay away": 1.0}
