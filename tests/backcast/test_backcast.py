"""Backcasts on a dispute small enough to be worked by hand.

``hold`` is what Moscow loses by ceding, ``gain`` what Tokyo wins. Moscow's payoff of the treaty is
``0.5 - hold`` and Tokyo's ``gain - 0.2``, so that a treaty is feasible exactly when ``hold <= 0.5`` and
``gain >= 0.2``, and Moscow binds when its gain in units of its spread is the lower one.
"""

from __future__ import annotations

import numpy as np
import pytest
import sim
from sim.backcasting import backcast, calibrate, sign_test
from sim.backcasting.baselines import baselines
from sim.backcasting.hinges import hinges
from sim.backcasting.sampling import answers, matches, sample
from sim.backcasting.signs import sign_tests
from sim.scenario import SignTest

TEXT = """
title: Two actors, one treaty
observed: {{outcome: {outcome}, binding: {binding}}}
parameters:
  hold: {{value: {hold}, range: [0, 1], source: assumed}}
  gain: {{value: 0.4, range: [0.2, 0.6], source: assumed}}
issues: {{deal: {{no: {{}}, yes: {{signed: 1}}}}}}
outcomes: {{treaty: signed}}
actors: {{moscow: {{role: principal}}, tokyo: {{role: principal}}}}
payoffs:
  moscow: {{cede: (0.5 - hold) * signed}}
  tokyo: {{win: (gain - 0.2) * signed}}
game: {{protocol: ultimatum, proposer: tokyo}}
sign_tests:
  - {{set: {{hold: 0}}, expect: [up, feasible], predicted: treaty}}
  - {{set: {{hold: 1}}, expect: infeasible, predicted: none}}
"""


def scenario(hold: float = 0.8, outcome: str = "none", binding: str = "moscow") -> sim.Scenario:
    return sim.loads(TEXT.format(hold=hold, outcome=outcome, binding=binding))


def test_a_right_backcast_is_right_for_class_and_actor() -> None:
    board = backcast({"a": scenario()}, points=64)
    row = board.rows[0]
    assert (row.predicted, row.binding, row.right, row.passed) == ("none", "moscow", True, True)
    assert board.failed == ()


@pytest.mark.parametrize(("outcome", "binding"), [("treaty", "moscow"), ("none", "tokyo")])
def test_a_wrong_class_or_a_wrong_actor_fails(outcome: str, binding: str) -> None:
    board = backcast({"a": scenario(outcome=outcome, binding=binding)}, points=64)
    assert board.failed == ("a",)


CONTROL = """
title: Three treaties
observed: {{outcome: treaty, agreement: "{made}"}}
issues: {{deal: {{no: {{}}, tiny: {{m: 0.2, t: 0.2}}, small: {{m: 0.5, t: 0.5}}, big: {{m: 0.9, t: 0.1}}}}}}
outcomes: {{treaty: m > 0}}
actors: {{moscow: {{role: principal}}, tokyo: {{role: principal}}}}
payoffs: {{moscow: {{deal: m}}, tokyo: {{deal: t}}}}
game: {{protocol: ultimatum, proposer: moscow}}
"""


@pytest.mark.parametrize(
    ("made", "right", "best"),
    [("m == 0.5", True, True), ("m == 0.9", True, False), ("m == 0.2", False, False)],
)
def test_a_treaty_that_was_signed_comes_out_best_or_is_predicted(
    made: str, right: bool, best: bool
) -> None:
    """Spreads 0.9 and 0.5, least gains 0.22, 0.56, 0.2: 'small' is best, and Moscow offers 'big'."""
    (row,) = backcast({"a": sim.loads(CONTROL.format(made=made))}, points=1).rows
    assert (row.right, row.best, row.robust_share) == (right, best, float(right))


def test_robust_share_is_the_share_of_the_box() -> None:
    """No treaty with Moscow binding wherever hold > 0.5: half of the box, whatever ``gain`` is."""
    share = backcast({"a": scenario()}, points=1024).rows[0].robust_share
    assert share == pytest.approx(0.5, abs=0.02)


def test_samples_repeat_with_the_seed_and_respect_ranges_and_levels() -> None:
    flagged = sim.loads(
        TEXT.format(hold=1, outcome="none", binding="moscow").replace(
            "range: [0, 1]", "range: [0, 1], levels: [0, 1]"
        )
    )
    first, again = (sample(flagged, ["hold", "gain"], 200, 3) for _ in range(2))
    assert np.array_equal(first, again)
    assert set(np.unique(first[0])) == {0.0, 1.0}
    assert 0.4 < first[0].mean() < 0.6
    assert first[1].min() >= 0.2
    assert first[1].max() <= 0.6


def test_answers_agree_with_single_points() -> None:
    s = scenario()
    theta = sample(s, ["hold", "gain"], 32, 1)
    found = matches(s, answers(s, ["hold", "gain"], theta), s.document.observed)
    for k, (hold, gain) in enumerate(theta.T):
        verdict = sim.explain(s.with_values({"hold": hold, "gain": gain}), with_thresholds=False)
        expected = (
            verdict.predicted["outcome_class"] == "none" and verdict.binding.actor == "moscow"
        )
        assert found[k] == expected


@pytest.mark.parametrize(
    ("expect", "values", "passed"),
    [
        (["up"], {"hold": 0.7}, True),
        (["up"], {"hold": 0.9}, False),
        (["down", "infeasible"], {"hold": 0.9}, True),
        (["same"], {"gain": 0.5}, True),
        (["same"], {"hold": 0.7}, False),
        (["feasible"], {"hold": 0.4}, True),
    ],
)
def test_signs(expect: list[str], values: dict[str, float], passed: bool) -> None:
    assert sign_test(scenario(), SignTest(set=values, expect=expect)).passed is passed


def test_less_than_compares_two_effects() -> None:
    small = SignTest(set={"hold": 0.7}, expect=["up"], less_than={"hold": 0.6})
    large = SignTest(set={"hold": 0.6}, expect=["up"], less_than={"hold": 0.7})
    assert sign_test(scenario(), small).passed
    assert not sign_test(scenario(), large).passed


def test_signs_together_are_those_alone() -> None:
    """Of several tests at once, one sets what decides which agreements exist."""
    text = TEXT.format(outcome="none", binding="moscow", hold=0.4).replace(
        "outcomes:", "rule_out: [signed > cap]\noutcomes:"
    )
    s = sim.loads(text.replace("parameters:", "parameters:\n  cap: {value: 1, source: assumed}"))
    sets = [{"hold": 0.7}, {"cap": 0}, {"gain": 0.1, "hold": 0.2}, {"gain": 0.5}]
    tests = [SignTest(set=values, expect=["infeasible"]) for values in sets]
    found = sign_tests(s, tests)
    assert [one.passed for one in found] == [True, True, True, False]
    assert found == tuple(sign_test(s, test) for test in tests)
    assert found[1].after == -np.inf


def test_hinges_are_the_nearest_flips() -> None:
    """``xxyzzz = 1/4`` from ones: y at 1/4, z at its cube root, x at 1/2; w cannot alone."""
    s = sim.loads("""
    parameters:
      x: {value: 1, range: [0, 2]}
      y: {value: 1, range: [0, 4]}
      z: {value: 1, range: [0, 1.5]}
      w: {value: 1, range: [0.9, 1.1]}
    issues: {deal: {no: {}, yes: {signed: 1}}}
    outcomes: {treaty: signed}
    actors: {a: {role: principal}, b: {role: principal}}
    payoffs: {a: {gain: (x**2*y*z**3*w - 0.25)*signed}, b: {gain: 2*signed}}
    """)
    assert hinges(s) == ("y", "z", "x")  # 0.1875, 0.2467 and 0.25 of their ranges
    assert hinges(s, count=1) == ("y",)


def test_measure_is_read_at_the_predicted_outcome() -> None:
    test = SignTest(set={"hold": 0}, expect=["up"], measure="signed")
    result = sign_test(scenario(), test)
    assert (result.before, result.after, result.passed) == (0.0, 1.0, True)


def test_baselines() -> None:
    found = baselines(["none", "treaty", "treaty", "interim"])
    assert found == {"always no": 0.25, "always the majority class": 0.5}


def test_scenarios_without_an_outcome_are_skipped() -> None:
    game = sim.loads("strategic: {actors: {a: [x], b: [y]}, payoffs: [[[1, 2]]]}")
    assert backcast({"g": game, "a": scenario()}, points=16).skipped == ("g",)


def test_calibration_reports_every_equally_good_point() -> None:
    """Two episodes want hold > 0.5 and one wants hold < 0.5: the best points fit two of three."""
    episodes = {
        "first": scenario(),
        "second": scenario(),
        "odd": scenario(outcome="treaty", binding="moscow"),
    }
    fit = calibrate(episodes, points=128, seed=5)
    hold = fit.points[fit.parameters.index("hold")]
    assert np.array_equal(fit.best, hold > 0.5)
    assert fit.intervals["hold"][0] > 0.5
    assert fit.left_out["odd"] == 0.0
    assert (fit.points[:, 0] == [0.8, 0.4]).all()


def test_calibration_names_only_parameters_that_the_record_narrows() -> None:
    """``hold`` must be above 0.5 for what happened, and ``gain`` may be anything."""
    episodes = {"a": scenario(0.8), "b": scenario(0.8)}
    fit = calibrate(episodes, points=256)
    assert fit.narrowed() == ("hold",)
    assert fit.left_open["hold"] == pytest.approx(0.5, abs=0.02)
    assert fit.left_open["gain"] == pytest.approx(1, abs=0.05)
    assert calibrate(episodes, points=4).narrowed() == ()


PAID = """
actors:
  a: {role: principal}
  b: {role: principal}
  mediator: {role: third party, stances: {aloof: {}, pays: {grant: 1}}}
parameters: {b: {cost: {value: 0.1, range: [0.05, 0.4]}}}
issues: {dam: {open: {}, shared: {agreed: 1}}, bank: {left: {}, right: {side: 1}}}
outcomes: {treaty: agreed}
payoffs:
  a: {water: 0.5*agreed}
  b: {cost: -b.cost*agreed, grant: 0.2*grant*agreed, bank: -0.05*side*agreed}
  mediator: {prize: 0.3*agreed, price: -0.1*grant*agreed}
game: [mediator.stance, {offer: a}, {reply: b}]
"""


@pytest.mark.parametrize(
    ("cost", "among", "kind"),
    [(0.18, None, "feasible"), (0.25, None, "infeasible"), (0.18, "side", "infeasible"),
     (0.1, "side", "feasible")],
)  # fmt: skip
def test_signs_count_what_the_game_commits_third_parties_to(cost, among, kind):
    """The mediator pays 0.2 of the cost before signature; on the right bank b loses 0.05 more."""
    test = SignTest(set={"b.cost": cost}, expect=[kind], among=among)
    assert sign_test(sim.loads(PAID), test).passed
