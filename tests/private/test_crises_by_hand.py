"""Three crises of a vow or a pledge, held against equilibria that are derived by hand.

A challenger is resolved (a clash is worth 0.3 to it) or blusters (-0.4); autonomy is worth 1, lifting the
blockade 0, less 0.2 after a vow. The defender loses 0.6 by autonomy and 1 by a clash, so it concedes where
it believes *resolved* with 0.6. Below that prior blusterers vow so often that a vow is believed with 0.6,
and the defender concedes so often that r - 0.2 (1 - r) = 0: r = 1/6.
"""

from __future__ import annotations

import pytest
import sim
from sim._kernels.percent import percent
from sim.certified import separation
from sim.errors import OutsideRange, UsageError
from sim.feasibility.private.by_type import private_information

CHALLENGER = """challenger:
    role: principal
    types:
      resolved: {chance: resolved, set: {clash.challenger: 0.3}}
      bluster: {chance: 1 - resolved, set: {clash.challenger: -0.4}}"""
CRISIS = f"""
parameters:
  resolved: {{value: 0.3, range: [0.05, 0.95]}}
  pliant: {{value: 0.5, range: [0.05, 0.95]}}
  clash: {{challenger: 0, defender: -1}}
  vowed: 0
issues: {{strait: {{clash: {{}}, lifted: {{signed: 1}}, autonomy: {{signed: 1, conceded: 1}}}}}}
outcomes: {{treaty: signed}}
actors:
  {CHALLENGER}
  defender: {{role: principal}}
payoffs:
  challenger: {{own: conceded + clash.challenger*(1 - signed), vow: -0.2*vowed*(signed - conceded)}}
  defender: {{own: -0.6*conceded + clash.defender*(1 - signed)}}
game:
  - {{signal: challenger, messages: {{silent: {{}}, vow: {{vowed: 1}}}}}}
  - {{offer: defender}}
  - {{reply: challenger}}
"""
TYPED = """defender:
    role: principal
    types:
      pliant: {chance: pliant, set: {clash.defender: -1}}
      stubborn: {chance: 1 - pliant, set: {clash.defender: -0.5}}"""
BOTH = CRISIS.replace("defender: {role: principal}", TYPED)
GUARANTOR = """
parameters: {reliable: {value: 0.4, range: [0.05, 0.95]}, comes: 0, cost: 0.2, deployed: 0}
issues: {arms: {kept: {}, given_up: {signed: 1}}}
outcomes: {treaty: signed}
actors:
  strong: {role: principal}
  weak: {role: principal}
  guarantor:
    role: third party
    types:
      reliable: {chance: reliable, set: {comes: 1, cost: 0.1}}
      fickle: {chance: 1 - reliable, set: {comes: 0, cost: 0.2}}
payoffs:
  strong: {peace: 0.5*signed}
  weak: {safety: (0.4*comes - 0.6*(1 - comes))*signed}
  guarantor: {order: 0.5*signed, troops: -cost*deployed}
game: [{signal: guarantor, messages: {home: {}, deploy: {deployed: 1}}}, {offer: strong}, {reply: weak}]
"""


def test_a_vow_is_believed_as_far_as_blusterers_leave_it():
    found = private_information(sim.loads(CRISIS))
    some, none = found.prediction.outcomes
    assert some.messages["challenger"]["bluster"]["vow"] == pytest.approx(2 / 7)
    vow = some.after[1]
    assert vow.beliefs["resolved"] == pytest.approx(0.6)
    assert vow.answers["defender"]["autonomy"] == pytest.approx(1 / 6)
    assert vow.accepted["defender"] == pytest.approx({"lifted": 0.4, "autonomy": 1.0})
    assert some.treaty == pytest.approx(0.75)
    assert (none.kind, none.treaty) == ("pooling", pytest.approx(0.7))
    assert none.after[1].believable["resolved"] == pytest.approx([0, 0.6])
    told = "\n".join(found.sentences())
    assert "(or anything with resolved 0 % to 60 %)" in told
    assert "lifted 83 % (accepted 40 %) or autonomy 17 %" in told
    assert "1 (#2 of sim solve)" in told


def test_who_saw_the_same_believes_the_same():
    """That all vow would need a clash after silence for blusterers, and no concession for the resolved.

    Only a stubborn defender that is sure of *resolved* clashes; a pliant one, as sure, would concede, and
    the resolved would rather be silent. Up to 1/7 of pliant ones blusterers vow alone: p - 0.4 (1 - p) for
    being taken for resolved by silence, against -0.2.
    """
    for pliant, vows in ((0.5, False), (0.15, False), (0.14, True)):
        scenario = sim.loads(BOTH).with_values({"pliant": pliant})
        sent = [
            one.messages["challenger"] for one in private_information(scenario).prediction.outcomes
        ]
        assert not any(all(row.get("vow", 0) == 1 for row in own.values()) for own in sent)
        assert any(own["bluster"].get("vow", 0) == 1 for own in sent) is vows


def test_two_typed_principals():
    """Only the pliant concede: 1/3 of them is 1/6 of all; those who pool say what no refinement says."""
    found = private_information(sim.loads(BOTH))
    some, none = found.prediction.outcomes
    assert some.by_type["challenger resolved, defender pliant"]["treaty"] == pytest.approx(1 / 3)
    assert some.by_type["challenger resolved, defender stubborn"]["none"] == pytest.approx(1)
    assert none.treaty == pytest.approx(0.7)
    assert found.known_treaty == pytest.approx((0.85, 0.85))
    told = "\n".join(found.sentences())
    assert "After 'silent' (100 %)" in told
    assert "asked of one sender and one receiver only" in told


@pytest.mark.parametrize("reliable", [0.4, 0.4134567, 0.5812])
def test_a_guarantor_is_found_out_at_every_prior(reliable):
    """weak signs at 0.6; 0.5 r = 0.2 for the fickle. No number here need be a round one."""
    scenario = sim.loads(GUARANTOR).with_values({"reliable": reliable})
    some, none = private_information(scenario).prediction.outcomes
    share = reliable * 0.4 / (0.6 * (1 - reliable))
    assert some.messages["guarantor"]["fickle"]["deploy"] == pytest.approx(share)
    assert some.after[1].accepted["strong"]["given_up"] == pytest.approx(0.4)
    assert none.treaty == 0.0


def test_what_every_type_sets_is_not_asked_for_silently():
    scenario = sim.loads(CRISIS)
    with pytest.warns(OutsideRange, match="every type of challenger sets clash.challenger"):
        scenario.with_values({"clash.challenger": 0.5})
    with pytest.raises(UsageError, match="from 0 to 1 is read of no type"):
        separation(scenario, "clash.challenger", (0, 1))
    assert scenario.standing("clash.defender", -2.0).inside


def test_chances_that_add_up_to_all_but_rounding_are_all():
    assert percent(1 - 1e-15) == "100 %"
    assert percent(1 - 1e-9) == "> 99.9 %"
