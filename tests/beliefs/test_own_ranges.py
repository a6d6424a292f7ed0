"""The share over a file's own ranges: closed forms, what is set, what has no answer, where it is shown."""

from __future__ import annotations

import json
from math import asin, pi

import pytest
import sim
from sim.beliefs.own_ranges import own_ranges
from sim.cli import run
from sim.reporting import report
from sim.sweeps.analyses.feasible_share import feasible_share_of_run

FILE = """\
title: Two gains
parameters: {PARAMETERS}
issues: {peace: {no: {}, yes: {signed: 1}}}
outcomes: {treaty: signed}
actors: {a: {role: principal}, b: {role: principal}}
payoffs: {a: {x: "GAIN*signed"}, b: {x: signed}}
"""
P = "p: {value: 1, range: [0, 2]}"


def two(parameters: str = P, gain: str = "(p - 0.5)", more: str = "") -> sim.Scenario:
    return sim.loads(FILE.replace("PARAMETERS", parameters).replace("GAIN", gain) + more)


def near(share, expected):
    return share.value == pytest.approx(expected, abs=4 * share.error)


def test_the_share_of_a_uniform_law_is_a_length():
    share = own_ranges(two(), margin=1.0)
    assert (share.draws, share.knife_edge, share.drawn) == (2000, 0, 1)
    assert near(share, 0.75)
    assert share.error == pytest.approx((0.75 * 0.25 / 2000) ** 0.5, rel=0.05)


def test_levels_are_drawn_as_levels_and_knife_edges_counted_apart():
    levels = "p: {value: 1, levels: [0, 0.5, 1, 2]}"
    share = own_ranges(two(levels), margin=1.0)
    assert near(share, 0.5)
    assert share.knife_edge / share.draws == pytest.approx(0.25, abs=0.04)
    assert "of them lie on the knife-edge" in share.sentence()


def test_declared_correlations_count():
    """Both of two uniforms are above their median with probability 1/4 + asin(rho)/(2 pi)."""
    both = "p: {value: 1, range: [0, 2]}, q: {value: 1, range: [0, 2]}"
    more = "correlations: {pair: {between: [p, q], value: 0.8, source: a survey}}\n"
    gain = "min(p - 1, q - 1)"
    assert near(own_ranges(two(both, gain), margin=0.0), 0.25)
    assert near(own_ranges(two(both, gain, more), margin=0.0), 0.25 + asin(0.8) / (2 * pi))


def test_what_is_set_stays_where_it_is():
    both = "p: {value: 1, range: [0, 2]}, q: {value: 0, range: [-1, 1]}"
    share = own_ranges(two(both, "(p - 0.5 + q)").at({"q": -0.5}), margin=0.0)
    assert (share.drawn, share.held) == (1, ("q",))
    assert near(share, 0.5)
    whole = own_ranges(two().at({"p": 0.1}), margin=-1.0)
    assert whole.value is None
    assert whole.sentence().startswith("Every parameter with a range is set")


def test_no_range_and_no_answer_are_said():
    none = own_ranges(two("p: 1"), margin=1.0)
    assert (none.value, none.error) == (None, None)
    assert none.sentence().startswith("No parameter has a range")
    assert sim.explain(two("p: 1")).to_dict()["share"]["own_ranges"] is None
    some = own_ranges(two(gain="log(p - 0.9)"), margin=1.0)  # no value below 0.9
    assert some.unanswered + some.draws == 2000
    assert some.unanswered / 2000 == pytest.approx(0.45, abs=0.05)
    assert near(some, (2 - 1.9) / (2 - 0.9))  # positive above 1.9
    assert "draws more have no answer" in some.sentence()


def test_all_or_nothing_has_a_bound_and_no_error_of_zero_in_words():
    never = own_ranges(two(gain="(p - 3)"), margin=-1.0)
    assert (never.value, never.error) == (0.0, 0.0)
    assert never.bound == pytest.approx(1 - 0.05 ** (1 / 2000))
    assert "In none of 2,000 draws" in never.sentence()
    assert "±" not in never.sentence()
    assert "In all of 2,000 draws" in own_ranges(two(gain="(p + 1)"), margin=1.0).sentence()


def test_it_is_the_measure_of_a_sweep():
    scenario = sim.load("scenarios/classics/fearon-crisis.yaml")
    share = own_ranges(scenario, margin=0.0, draws=500, seed=3)
    swept = feasible_share_of_run(sim.sweep(scenario, design="monte_carlo", points=500, seed=3))
    assert (share.value, share.error) == pytest.approx((swept.share, swept.standard_error))


def test_own_values_are_ranked_among_the_draws():
    verdict = sim.explain(two().at({"p": 1.0}), with_thresholds=False)
    assert verdict.share.value is None  # its only parameter is set
    verdict = sim.explain(two(), with_thresholds=False)
    assert verdict.share.below / verdict.share.draws == pytest.approx(0.5, abs=0.05)
    assert sim.explain(two(), draws=0).share is None


def test_draws_that_differ_by_rounding_alone_are_not_below():
    text = FILE.replace("PARAMETERS", "q: {value: 0.3, range: [0.1, 0.9]}")
    still = sim.loads(text.replace("GAIN", "(0.1 + 0.7*q + 0.2 - 0.7*q - 0.25)"))
    share = sim.explain(still, with_thresholds=False).share
    assert (share.below, share.feasible) == (0, share.draws)


@pytest.mark.parametrize("verb", ["explain", "solve"])
def test_the_share_stands_in_the_first_three_lines_of_a_verdict(verb, tmp_path, capsys):
    (tmp_path / "x.yaml").write_text(FILE.replace("PARAMETERS", P).replace("GAIN", "(p - 0.5)"))
    assert run([verb, str(tmp_path / "x.yaml")]) == 0
    lines = capsys.readouterr().out.splitlines()
    first = lines.index("Two gains")
    assert "of 2,000 draws over the file's own ranges" in lines[first + 1]
    assert "at the file's own values, better than" in " ".join(lines[first + 2 : first + 4])
    assert run([verb, str(tmp_path / "x.yaml"), "--json"]) == 0
    share = json.loads(capsys.readouterr().out)["verdict"]["share"]
    assert share["own_ranges"] == pytest.approx(0.75, abs=0.05)
    assert share["beliefs"] is None
    assert 0 < share["error"] < 0.02


def test_the_report_begins_with_the_share():
    page = report(two())
    assert page.index("draws over the file&#39;s own ranges") < page.index("A treaty is feasible")
    assert "0, of the 2,000 draws" in page.replace("<wbr>", "")
