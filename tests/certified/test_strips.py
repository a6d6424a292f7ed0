"""The verdict along every parameter: thresholds by hand, certainty against points, and its figure."""

import numpy as np
import pytest
import sim
from sim import plots
from sim.certified import strips
from sim.certified.regions.nearest_flips import nearest_flips
from sim.errors import UsageError
from sim.feasibility import evaluate, prepare
from sim.feasibility.ladder import climb
from sim.loading import loads
from sim.payoffs import compile_dispute


def test_ladder_solved_by_hand(ladder):
    """Principle flips the verdict at 27/93; value and holding cannot make up for principle = 0.5."""
    found = {t.path: t for t in strips(ladder).thresholds}
    assert found["principle"].at == (pytest.approx(27 / 93, abs=1e-15),)
    assert [s.verdict for s in found["principle"].stretches] == ["feasible", "infeasible"]
    for path in ("value", "holding"):
        (stretch,) = found[path].stretches
        assert (stretch.lo, stretch.hi, stretch.verdict) == (
            found[path].low,
            found[path].high,
            "infeasible",
        )


@pytest.mark.parametrize("curved", [False, True])
@pytest.mark.parametrize("seed", [0, 1, 4, 9])
def test_no_point_contradicts_a_stretch(random_dispute, seed, curved):
    scenario = random_dispute(seed, curved=curved)
    rng = np.random.default_rng(seed)
    for t in strips(scenario).thresholds:
        assert [s.hi for s in t.stretches[:-1]] == [s.lo for s in t.stretches[1:]] == [*t.at]
        assert (t.stretches[0].lo, t.stretches[-1].hi) == (t.low, t.high)
        dispute = compile_dispute(scenario, [t.path])
        for s in t.stretches:
            inner = s.lo + (s.hi - s.lo) * np.clip(rng.random((1, 200)), 1e-5, 1 - 1e-5)
            margin = climb(dispute.at(inner)).margin
            assert s.verdict != "feasible" or (margin >= 0).all()
            assert s.verdict != "infeasible" or (margin <= 0).all()


def test_figure_says_that_it_is_certified(ladder):
    data = plots.thresholds_data(strips(ladder))
    assert data.certified
    assert data.strips[0].verdicts == ("feasible", "infeasible")
    assert "certified along every range" in plots.thresholds(strips(ladder)).get_title()


def test_plateau_is_drawn_as_neither():
    """The margin is min(0.5 - opposed, 0): 0 up to a half, negative above."""
    scenario = loads("""
parameters: {opposed: {value: 0.6, range: [0.4, 0.8]}}
issues: {deal: {no: {}, yes: {signed: 1}}}
outcomes: {treaty: signed}
actors: {a: {role: principal}, b: {role: principal}}
payoffs: {a: {x: signed}, b: {x: signed}}
domestic: {a: {public: {type: veto_player, utility: "min(0, 0.5 - opposed)"}}}
""")
    (found,) = plots.thresholds_data(strips(scenario)).strips
    assert found.verdicts == ("knife-edge", "infeasible")
    assert found.bounds == pytest.approx([0.4, 0.5, 0.8], abs=1e-6)
    legend = plots.thresholds(strips(scenario)).get_legend()
    assert "neither is certain" in [text.get_text() for text in legend.get_texts()]


def test_bad_requests(ladder):
    with pytest.raises(UsageError, match="did you mean 'principle'"):
        strips(ladder, paths=["principel"])
    with pytest.raises(UsageError, match="classical"):
        strips(loads("strategic: {actors: {a: [x], b: [y]}, payoffs: [[[1, 2]]]}"))


def test_a_verdict_is_said_to_flip_only_where_the_margin_changes_sign():
    """In 1956 something ties in the game along four ranges in which no treaty is feasible on either side."""
    scenario = sim.load("kuril/1956")
    found = {t.path: t for t in strips(scenario).thresholds if t.at}
    assert nearest_flips(scenario, 9) == tuple(found) == ("tokyo.okinawa_home",)
    for path, threshold in found.items():
        problem, step = prepare(scenario, [path]), 1e-4 * (threshold.high - threshold.low)
        for at in threshold.at:
            margin = evaluate(problem, np.array([[at - step, at + step]])).ladder.margin
            assert margin.min() < 0 < margin.max()


@pytest.mark.parametrize("more", [1e-8, -1e-8])
def test_flips_that_are_nearly_as_near_are_in_order(more):
    """``a`` flips at the root of 0.3, ``b`` 1e-8 further away or nearer; ``c`` far from both."""
    scenario = loads(f"""
parameters:
  a: {{value: 0, range: [0, 1]}}
  b: {{value: 0, range: [0, 1]}}
  c: {{value: 0, range: [0, 1]}}
issues: {{deal: {{no: {{}}, yes: {{signed: 1}}}}}}
outcomes: {{treaty: signed}}
actors: {{x: {{role: principal}}, y: {{role: principal}}}}
payoffs:
  x: {{gain: (0.3 - a**2)*signed, loss: -c**2*signed/3}}
  y: {{gain: (0.3 - (b - {more})**2)*signed}}
""")
    first, second = ("a", "b") if more > 0 else ("b", "a")
    assert nearest_flips(scenario, 3) == (first, second, "c")
    assert nearest_flips(scenario, 1) == (first,)
