"""The treaty ladder on an example small enough to be solved by hand, to 1e-12.

Two principals, no third party, four agreements (area, signed): the status quo (0, 0), T0 (0, 1),
T2 (0.07, 1) and T4 (1, 1).

    U_tokyo  = value*area + 0.2*signed - principle*(1 - area)*signed      value 1, principle 0.5
    U_moscow = -holding*area + 0.3*signed                                 holding 2

At these values Tokyo's payoffs are 0, -0.3, -0.195, 1.2 and Moscow's 0, 0.3, 0.16, -1.7, so that the
units are K_tokyo = 1.5 and K_moscow = 2. T2 gives Tokyo (0.27 - 0.93*principle) / 1.5, which crosses 0 at
principle = 27/93; T0 would need principle <= 0.2.
"""

import pytest
from sim.certified import strips
from sim.explaining import explain
from sim.loading import loads

EXACT = 1e-12
FILE = """
parameters:
  value: {value: 1, range: [0, 2]}
  principle: {value: 0.5, range: [0, 1]}
  holding: {value: 2, range: [0, 3]}
issues:
  deal:
    status_quo: {}
    T0: {signed: 1}
    T2: {signed: 1, area: 0.07}
    T4: {signed: 1, area: 1}
outcomes: {treaty: signed == 1}
actors: {tokyo: {role: principal}, moscow: {role: principal}}
payoffs:
  tokyo: {land: value*area, peace: 0.2*signed, principle: -principle*(1-area)*signed}
  moscow: {land: -holding*area, peace: 0.3*signed}
"""
GAINS = [("T0", -0.2, 0.15), ("T2", -0.13, 0.08), ("T4", 0.8, -0.85)]


def with_diet(needed):
    diet = f"domestic: {{tokyo: {{diet: {{type: veto_player, utility: area - {needed}}}}}}}\n"
    return loads(FILE + diet).with_values({"principle": 0.25})


def verdict(scenario):
    return explain(scenario, with_thresholds=False)


def test_units_are_the_spreads_of_the_payoffs():
    scales = verdict(loads(FILE)).scales
    assert scales == pytest.approx({"tokyo": 1.5, "moscow": 2.0}, abs=EXACT)


@pytest.mark.parametrize(("treaty", "tokyo", "moscow"), GAINS)
def test_gains_of_every_treaty(treaty, tokyo, moscow):
    others = [name for name, _, _ in GAINS if name != treaty]
    alone = "rule_out: [" + ", ".join(f"deal.{name} == 1" for name in others) + "]\n"
    gains = {
        name: (step["tokyo"], step["moscow"])
        for name, step in [(treaty, _steps(loads(FILE + alone), {"tokyo": 1.5, "moscow": 2.0}))]
    }
    assert gains[treaty] == pytest.approx((tokyo, moscow), abs=EXACT)


def _steps(scenario, scales):
    """Gains of the only treaty left, in the units of the whole example."""
    found = verdict(scenario)
    return {
        step.actor: step.slack * found.scales[step.actor] / scales[step.actor]
        for step in found.steps
    }


def test_verdict_at_the_files_own_values():
    found = verdict(loads(FILE))
    assert found.margin == pytest.approx(-0.13, abs=EXACT)
    assert found.feasible is False
    assert found.rung == "mutual gain"
    assert (found.best_agreement, found.ties) == ("T2", ())
    assert (found.binding.actor, found.binding.constraint) == ("tokyo", "gain")
    assert found.binding.slack == pytest.approx(-0.13, abs=EXACT)


def test_payoff_terms_of_the_best_agreement():
    terms = verdict(loads(FILE)).terms
    assert terms["tokyo"]["land"] == pytest.approx((0, 0.07), abs=EXACT)
    assert terms["tokyo"]["principle"] == pytest.approx((0, -0.465), abs=EXACT)
    assert terms["moscow"]["land"] == pytest.approx((0, -0.14), abs=EXACT)
    assert terms["moscow"]["peace"] == pytest.approx((0, 0.3), abs=EXACT)


@pytest.mark.parametrize(
    ("path", "at"),
    [
        ("principle", 27 / 93),
        # T4 at principle 0.5: Moscow needs -holding + 0.3 >= 0, Tokyo gains 1.2; T2 never: Tokyo loses.
        ("holding", 0.3),
    ],
)
def test_thresholds(path, at):
    found = strips(loads(FILE), paths=[path]).thresholds[0]
    assert found.at == pytest.approx((at,), abs=EXACT)
    assert found.nearest == pytest.approx(at, abs=EXACT)


def test_value_alone_cannot_flip_the_verdict():
    """T2 needs 0.07*value >= 0.265, beyond the range; T4 costs Moscow 1.7 whatever Tokyo values."""
    assert strips(loads(FILE), paths=["value"]).thresholds[0].at == ()


def test_explain_lists_every_parameter_with_its_threshold():
    found = {t.path: t.at for t in explain(loads(FILE)).thresholds}
    assert found["principle"] == pytest.approx((27 / 93,), abs=EXACT)
    assert found["holding"] == pytest.approx((0.3,), abs=EXACT)
    assert found["value"] == ()


@pytest.mark.parametrize(("step", "feasible"), [(-1e-6, True), (0.0, None), (1e-6, False)])
def test_either_side_of_the_threshold_and_the_knife_edge(step, feasible):
    found = verdict(loads(FILE).with_values({"principle": 27 / 93 + step}))
    assert found.feasible is feasible
    assert found.margin == pytest.approx(-0.93 * step / 1.5, abs=EXACT)


def test_a_diet_that_binds():
    """At principle 0.25 T2 gives Tokyo 0.025, Moscow 0.08 and the diet 0.07 - 0.05."""
    found = verdict(with_diet(0.05))
    assert found.margin == pytest.approx(0.02, abs=EXACT)
    assert found.feasible is True
    assert found.best_agreement == "T2"
    assert (found.binding.actor, found.binding.constraint) == ("tokyo", "diet")
    assert found.rung == "feasible"


def test_a_diet_that_blocks():
    """T2 fails the diet by 0.01; T4 passes it but costs Moscow 0.85 of its unit."""
    found = verdict(with_diet(0.08))
    assert found.feasible is False
    assert found.rung == "ratifiable at home"
    assert found.margin == pytest.approx(-0.01, abs=EXACT)
    assert found.best_agreement == "T2"
    assert (found.binding.actor, found.binding.constraint) == ("tokyo", "diet")
    assert found.best_by_rung["mutual gain"] == (pytest.approx(0.025, abs=EXACT), "T2")
    assert found.best_by_rung["ratifiable at home"] == (pytest.approx(-0.01, abs=EXACT), "T2")
