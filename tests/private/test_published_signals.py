"""Private information in disputes: published games with closed forms."""

from __future__ import annotations

import pytest
import sim
from sim.feasibility.private.by_type import private_information


def only(scenario):
    found = private_information(scenario)
    (outcome,) = found.prediction.outcomes
    return found, outcome


@pytest.mark.parametrize("tough", [0.1, 0.3, 0.5])
@pytest.mark.parametrize("audience", [0.2, 0.35])
def test_a_bluff_after_fearon(tough, audience):
    """Fearon (1997), Schultz (1998): bluff 3/14, concession a/(1 + a), war t/(1 + a) at t = 0.3, a = 0.2."""
    found, outcome = only(
        sim.load("classics/audience-bluff").at({"tough": tough, "audience": audience})
    )
    bluff = tough / (1 - tough) / 2
    silent, threat = outcome.after
    assert found.prediction.solution.exhaustive
    assert outcome.kind == "semi-separating"
    assert outcome.messages["challenger"]["tough"] == {"threaten": 1.0}
    assert outcome.messages["challenger"]["weak"]["threaten"] == pytest.approx(bluff, abs=1e-9)
    assert threat.beliefs["tough"] == pytest.approx(2 / 3, abs=1e-9)
    assert threat.answers["defender"]["conceded"] == pytest.approx(
        audience / (1 + audience), abs=1e-9
    )
    assert outcome.classes["none"] == pytest.approx(tough / (1 + audience), abs=1e-9)
    assert silent.beliefs == {"weak": pytest.approx(1.0)}
    # with types known the tough are conceded the prize and the weak are silent
    assert found.known_treaty == (1.0, 1.0)
    assert sum(found.loss("challenger")) / 2 * 1.01 == pytest.approx(
        tough - outcome.payoffs["challenger"]
    )


def test_the_bluff_of_the_textbook_number_by_number():
    _, outcome = only(sim.load("classics/audience-bluff"))
    assert outcome.messages["challenger"]["weak"]["threaten"] == pytest.approx(3 / 14, abs=1e-9)
    assert outcome.after[1].answers["defender"]["conceded"] == pytest.approx(1 / 6, abs=1e-9)
    assert outcome.classes["none"] == pytest.approx(1 / 4, abs=1e-9)


ULTIMATUM = """
parameters:
  q: {{value: {q}, range: [0, 1]}}
  cost: {{a: 0.1, tough: 0.1, soft: 0.4, b: 0.4}}
  given: 0.001
issues: {{split: {{war: {{}}, safe: {{peace: 1, safe: 1}}, risky: {{peace: 1, risky: 1}}}}}}
outcomes: {{treaty: peace}}
actors:
  a: {{role: principal}}
  b:
    role: principal
    types:
      tough: {{chance: q, set: {{cost.b: cost.tough}}}}
      soft: {{chance: 1 - q, set: {{cost.b: cost.soft}}}}
attributes: {{demand: 0.5*peace + cost.tough*safe + cost.soft*risky - given*peace}}
payoffs:
  a: {{peace: demand, war: (1 - peace)*(0.5 - cost.a)}}
  b: {{peace: peace - demand, war: (1 - peace)*(0.5 - cost.b)}}
game: [{{offer: a}}, {{reply: b}}]
"""


@pytest.mark.parametrize("q", [0.3, 0.599, 0.603, 0.9])
def test_the_risky_demand_of_fearon(q):
    """Fearon (1995, 390-395): risk below (soft - tough)/(soft + a) = 0.6, a hair more as b is given 0.001."""
    _, outcome = only(sim.loads(ULTIMATUM.format(q=q)))
    risky = q < 0.3 / (0.5 - 0.001)
    assert outcome.classes["none"] == pytest.approx(q if risky else 0.0, abs=1e-12)
    assert outcome.by_type["tough"].get("treaty", 0.0) == (0.0 if risky else 1.0)
    assert outcome.kinds == {}


REASSURANCE = """
parameters: {{p: {p}, good: 0, gave: 0}}
issues: {{trust: {{none: {{}}, trusted: {{signed: 1}}}}}}
outcomes: {{treaty: signed}}
actors:
  a:
    role: principal
    types: {{good: {{chance: p, set: {{good: 1}}}}, bad: {{chance: 1 - p, set: {{good: 0}}}}}}
  b: {{role: principal}}
payoffs:
  a: {{trusted: "(good + 0.42*(1 - good))*signed", gesture: "-0.4*gave"}}
  b: {{trusted: "(good - 2*(1 - good))*signed"}}
game: [{{signal: a, messages: {{nothing: {{}}, gesture: {{gave: 1}}}}}}, {{offer: b}}, {{reply: a}}]
"""


@pytest.mark.parametrize("p", [0.2, 0.5, 0.6])
def test_reassurance_below_the_prior_at_which_trust_pays(p):
    """After Kydd (2005): trust needs a belief of 2/3; the bad imitate, and are trusted with 20/21."""
    found = private_information(sim.loads(REASSURANCE.format(p=p)))
    mixed = [one for one in found.prediction.outcomes if one.kind == "semi-separating"]
    (outcome,) = [one for one in mixed if one.after[1].chance > 0 and one.treaty > 0.01]
    assert outcome.messages["a"]["bad"]["gesture"] == pytest.approx(p / (2 * (1 - p)), abs=1e-9)
    assert outcome.after[1].beliefs["good"] == pytest.approx(2 / 3, abs=1e-9)
    trusted = outcome.after[1].answers["b"]["trusted"]
    assert trusted == pytest.approx(20 / 21, abs=1e-9)


@pytest.mark.parametrize("p", [0.7, 0.9])
def test_reassurance_pools_above_it(p):
    found = private_information(sim.loads(REASSURANCE.format(p=p)))
    gestures = [one for one in found.prediction.outcomes if one.after[1].chance == pytest.approx(1)]
    assert [(one.kind, one.treaty) for one in gestures] == [("pooling", pytest.approx(1.0))]


SPENCE = """
parameters: {{hard: 0, vowed: 0, cost: {cost}}}
issues: {{land: {{kept: {{}}, given: {{signed: 1}}}}}}
outcomes: {{treaty: signed}}
actors:
  s: {{role: principal, types: {{hard: {{chance: 0.4, set: {{hard: 1}}}}, soft: {{chance: 0.6}}}}}}
  r: {{role: principal}}
payoffs:
  s: {{land: "(0.3 + 0.3*hard)*signed", vow: "-cost*vowed"}}
  r: {{land: "(hard - 0.5)*signed"}}
game: [{{signal: s, messages: {{silent: {{}}, vow: {{vowed: 1}}}}}}, {{offer: r}}, {{reply: s}}]
"""


@pytest.mark.parametrize(("cost", "separates"), [(0.29, False), (0.31, True)])
def test_the_least_cost_that_separates(cost, separates):
    """Spence (1973), Fearon (1997): what the soft gain by being believed hard, 0.3."""
    found = private_information(sim.loads(SPENCE.format(cost=cost)))
    assert ("separating" in {one.kind for one in found.prediction.outcomes}) == separates


def test_what_only_some_types_can_show_separates():
    """Evidence: a message that only the hard can send tells, whatever it costs."""
    text = SPENCE.format(cost=0.01).replace("vow: {vowed: 1}", "vow: {by: [hard], vowed: 1}")
    _, outcome = only(sim.loads(text))
    assert outcome.kind == "separating"
    assert outcome.by_type == {"hard": {"treaty": 1.0, "none": 0.0}, "soft": {"none": 1.0}}
