"""Parameters with levels: values, not a scale. Claims over them are checked level by level."""

from itertools import product

import numpy as np
import pytest
from sim.certified import frontier, open_frontier, robust, smallest_change, store_frontier, strips
from sim.errors import UsageError
from sim.feasibility.ladder import climb
from sim.loading import loads
from sim.payoffs import compile_dispute

STYLES = """
title: A mediator with three styles, of which the one in the middle is vetoed
parameters:
  north: {gain: {value: 0.4, range: [0, 1]}}
  south: {gain: {value: 0.4, range: [0, 1]}}
  idle: {one: {value: 0.5, range: [0, 1]}}
  fixed: 0.1
  mediator: {style: {value: 0, range: [0, 2], levels: [0, 1, 2], note: "a label, no order"}}
issues: {line: {open: {}, drawn: {settled: 1}}}
outcomes: {treaty: settled}
actors: {north: {role: principal}, south: {role: principal}}
payoffs:
  north: {line: "(north.gain - 0.3)*settled", other: "0*idle.one*fixed"}
  south: {line: "(south.gain - 0.3)*settled"}
domestic:
  south: {cabinet: {type: veto_player, utility: "abs(mediator.style - 1) - 0.5"}}
"""


@pytest.fixture
def styles():
    """By hand: style 1 has a slack of -0.5, styles 0 and 2 of 0.5; both gains are 0 at 0.3."""
    return loads(STYLES)


def test_the_smallest_change_is_one_level(styles):
    change = smallest_change(styles.with_values({"mediator.style": 1}))
    (move,) = change.moves
    assert (move.path, move.before) == ("mediator.style", 1)
    assert move.after in (0, 2)
    assert (change.cost, change.bound, change.status) == (0.5, 0.5, "complete")
    assert "That is one level" in change.sentence()
    assert {o.moves[0].after for o in change.singles} == {0, 2}
    other = 2 - move.after
    assert f"mediator.style={other:g} does it" in change.note


def test_a_level_named_as_a_lever_stays_a_level(styles):
    change = smallest_change(styles.with_values({"mediator.style": 1}), levers=["mediator.style"])
    assert change.moves[0].after in (0, 2)
    assert change.over == ("mediator.style",)
    broken = smallest_change(styles, levers=["mediator.style"])
    assert [(m.path, m.after) for m in broken.moves] == [("mediator.style", 1)]


def test_what_a_proof_ranges_over_is_said(styles):
    change = smallest_change(styles.with_values({"mediator.style": 1}), levers=["north.gain"])
    assert change.bound == np.inf
    assert change.held["mediator.style"] == "not among the levers"
    assert "plausible ranges of north.gain" in change.sentence()
    assert "held where they are" in change.sentence()
    everything = smallest_change(styles)
    assert "mediator.style" in everything.over
    assert everything.held == {"fixed": "has no range"}


def test_a_level_that_costs_more_than_a_move_over_a_range_is_passed_over(styles):
    change = smallest_change(styles)
    assert [(m.path, round(m.after, 9)) for m in change.moves] == [("north.gain", 0.3)]
    cheap = smallest_change(
        styles, costs={"mediator.style": 0.01, "north.gain": 1, "south.gain": 1}
    )
    assert [(m.path, m.after) for m in cheap.moves] == [("mediator.style", 1)]


def test_frontiers_and_strips_know_only_the_levels(styles, tmp_path):
    found = frontier(styles, vary={"mediator.style": None})
    assert {x.value: x.verdict for x in found.at_levels} == {
        0: "feasible",
        1: "infeasible",
        2: "feasible",
    }
    assert found.crossings == ()
    assert found.shares["feasible"] == pytest.approx(2 / 3)
    assert found.at({"mediator.style": 1})["verdict"] == "infeasible"
    with pytest.raises(UsageError, match=r"takes the levels 0, 1, 2, not 0\.5"):
        found.at({"mediator.style": 0.5})
    store_frontier(found, tmp_path / "f")
    assert open_frontier(tmp_path / "f").at_levels == found.at_levels
    along = {t.path: t for t in strips(styles).thresholds}["mediator.style"]
    assert [(s.lo, s.hi, s.verdict) for s in along.stretches] == [
        (0, 0, "feasible"),
        (1, 1, "infeasible"),
        (2, 2, "feasible"),
    ]
    assert along.at == (1, 2)
    moved = {t.path: t for t in strips(styles.with_values({"mediator.style": 1})).thresholds}
    assert moved["mediator.style"].at == (0, 2)


def test_a_level_axis_beside_a_range(styles):
    """Feasible on two of three levels from 0.3 on: 7/15 of the box."""
    found = frontier(styles, vary={"mediator.style": None, "north.gain": None}, tolerance=1e-4)
    assert found.shares["feasible"] == pytest.approx(2 / 3 * 0.7, abs=2e-4)
    assert found.edges == ()
    some = found.at({"mediator.style": 2, "north.gain": 0.9})
    assert some["verdict"] == "feasible"


def test_levels_outside_of_a_request(styles):
    assert frontier(styles, vary={"mediator.style": (0.5, 1)}).at_levels[0].value == 1
    with pytest.raises(UsageError, match=r"none lies between 0\.2 and 0\.7"):
        frontier(styles, vary={"mediator.style": (0.2, 0.7)})
    held = robust(styles, vary={"mediator.style": (1.5, 2)})
    assert held.for_every


LEVELS = {"p": (0, 1, 2, 5), "q": (-1, 0, 3), "r": (0, 1)}


def random_levels(seed):
    """A dispute of two treaties over three parameters with levels and one over a range."""
    rng = np.random.default_rng(seed)

    def number():
        return f"{rng.normal(0, 1):.3f}"

    def payoff():
        terms = [number(), *(f"({number()})*abs({x} - {number()})" for x in "pqr"), f"{number()}*t"]
        return "(" + " + ".join(terms) + ")"

    lines = [f"  {x}: {{value: {rng.choice(v)}, levels: {list(v)}}}" for x, v in LEVELS.items()]
    return loads(
        "\n".join(
            [
                "parameters:",
                *lines,
                "  t: {value: 0.5, range: [0, 1]}",
                "issues: {i: {no: {}, one: {signed: 1, x: 1}, two: {signed: 1, x: 2}}}",
                "outcomes: {treaty: signed}",
                "actors: {a: {role: principal}, b: {role: principal}}",
                "payoffs:",
                f'  a: {{u: "signed*({payoff()} + {payoff()}*(x == 2))"}}',
                f'  b: {{u: "signed*({payoff()} + {payoff()}*(x == 2))"}}',
            ]
        )
    )


def margin_on(scenario, levels, t):
    point = scenario.with_values(dict(zip(LEVELS, map(float, levels), strict=True)))
    return climb(compile_dispute(point, ["t"]).at(t[None])).margin


@pytest.mark.parametrize("seed", range(12))
def test_the_smallest_change_over_levels_against_all_of_them(seed):
    """Every combination of levels with a fine grid of the range finds nothing cheaper than the bound."""
    scenario = random_levels(seed)
    change = smallest_change(scenario, limit=200)
    here, t = scenario.values, np.linspace(0, 1, 2001)
    turned = (lambda m: m <= 0) if change.breaking else (lambda m: m >= 0)
    best = np.inf
    for levels in product(*LEVELS.values()):
        steps = zip(LEVELS, levels, strict=True)
        spent = sum(abs(x - here[k]) / (max(LEVELS[k]) - min(LEVELS[k])) for k, x in steps)
        far = np.where(turned(margin_on(scenario, levels, t)), np.abs(t - here["t"]), np.inf)
        best = min(best, spent + far.min())
    assert change.bound <= best + 1e-9
    assert change.cost <= best + 1e-9
    assert all(m.after in LEVELS[m.path] for m in change.moves if m.path in LEVELS)
    if change.found:
        there = scenario.with_values({m.path: m.after for m in change.moves}).values
        levels, point = [there[k] for k in LEVELS], np.array([there["t"]])
        reached = margin_on(scenario, levels, point)[0]
        assert reached <= 1e-9 if change.breaking else reached >= -1e-9


@pytest.mark.parametrize("seed", range(6))
def test_a_frontier_over_levels_against_all_of_them(seed):
    scenario = random_levels(seed)
    found = frontier(scenario, vary=dict.fromkeys(LEVELS), tolerance=1e-9, unlabelled=1.0)
    assert sum(found.shares.values()) == pytest.approx(1)
    yes = 0
    for levels in product(*LEVELS.values()):
        margin = margin_on(scenario, levels, np.array([0.5]))[0]
        said = found.at(dict(zip(LEVELS, map(float, levels), strict=True)))["verdict"]
        assert said == ("feasible" if margin > 0 else "infeasible")
        yes += margin > 0
    assert found.shares["feasible"] == pytest.approx(yes / 24)


def test_one_lever_that_first_falls_and_then_rises():
    """Feasible only where (p - 0.5)^2 < 0.01 or p > 0.9; from 0.2 the nearest is 0.4."""
    s = loads("""
    parameters: {p: {value: 0.2, range: [0, 1]}}
    issues: {i: {no: {}, yes: {signed: 1}}}
    outcomes: {treaty: signed}
    actors: {a: {role: principal}, b: {role: principal}}
    payoffs:
      a: {u: "signed*max(0.01 - (p - 0.5)**2, p - 0.9)"}
      b: {u: signed}
    """)
    change = smallest_change(s)
    assert change.moves[0].after == pytest.approx(0.4, abs=1e-9)
    assert change.status == "complete"
    assert change.bound == pytest.approx(0.2, abs=1e-9)
    late = smallest_change(s.with_values({"p": 0.76}))
    assert late.moves[0].after == pytest.approx(0.9, abs=1e-9)
    middle = smallest_change(s.with_values({"p": 0.75}))  # as near on either side: the lower one
    assert middle.moves[0].after == pytest.approx(0.6, abs=1e-9)


def test_no_parameter_has_a_range():
    s = loads("""
    parameters: {gain: 0.1}
    issues: {i: {no: {}, yes: {signed: 1}}}
    outcomes: {treaty: signed}
    actors: {a: {role: principal}, b: {role: principal}}
    payoffs: {a: {u: gain*signed}, b: {u: 0.2*signed}}
    """)
    change = smallest_change(s, pairs=3)
    assert not change.found
    assert change.sentence() == "No parameter has a range, so no change was sought."
    along = strips(s)
    assert (along.margin, along.thresholds) == (1.0, ())
