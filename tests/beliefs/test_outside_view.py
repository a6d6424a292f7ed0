"""The outside view: counts as their sources have them, chances against integration and simulation."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from scipy.integrate import quad
from sim.beliefs import ReferenceClass, reference_class, reference_classes
from sim.beliefs.outside_view import outside_view
from sim.cli import run
from sim.errors import UsageError


def rate(events, years):
    return ReferenceClass(name="mine", what="made by hand", events=events, exposure=years)


@pytest.mark.parametrize(
    ("name", "events", "exposure"),
    [
        # Issue Correlates of War 1.1: claims with resolution 3 or 4, and the calendar years they lived
        ("claims", 106, 6052),
        ("claims-since-1946", 23, 1354),
        ("claims-older-than-50", 39, 1535),
        ("claims-older-than-70", 19, 801),
        ("claims-any-end", 171, 6052),
        # bilateral attempts over the issue itself, with a coded outcome
        ("bilateral-attempts", 169, 378),
        # Thompson, Sakuwa and Suhas: spatial rivalries since 1945
        ("strategic-rivalries", 63, 2496),
    ],
)
def test_counts_are_those_of_their_sources(name, events, exposure):
    cases = reference_class(name)
    assert (cases.events, cases.exposure) == (events, exposure)
    assert cases.source
    assert cases.terms
    assert cases.caveat


def test_a_new_leader_tells_nothing():
    found = outside_view(reference_class("new-leader"))
    assert (found.value.mean, found.value.low, found.value.high) == (0.96, 0.63, 1.55)
    assert found.value.low < 1 < found.value.high


@pytest.mark.parametrize(("events", "years"), [(106, 6052), (39, 1535), (1, 7.5), (0, 70)])
@pytest.mark.parametrize("horizon", [1, 5, 25, 400])
def test_the_chance_is_the_integral_over_the_posterior(events, years, horizon):
    """Likelihood of Poisson counts times rate^(-1/2), by quadrature over the root of the rate."""

    def weight(root, chance):
        value = root * root
        log = events * (math.log(value * years) if events else 0.0) - value * years
        return 2 * math.exp(log - peak) * (-math.expm1(-value * horizon) if chance else 1.0)

    peak = events * (math.log(events) if events else 0.0) - events
    top = math.sqrt((events + 12 * math.sqrt(events + 1) + 40) / years)
    area, hit = (
        quad(weight, 0, top, args=(c,), limit=400, epsabs=0, epsrel=1e-10)[0] for c in (False, True)
    )
    found = outside_view(rate(events, years), by=[horizon]).by[horizon]
    assert found.mean == pytest.approx(hit / area, rel=1e-6)


def test_intervals_hold_the_rate_as_often_as_they_say():
    """Rates drawn around those of the classes, counts drawn from them: 95 % of intervals hold theirs."""
    rng = np.random.default_rng(7)
    hits = 0
    for true in rng.uniform(0.005, 0.05, 600):
        found = outside_view(rate(int(rng.poisson(true * 1500)), 1500), by=[25]).by[25]
        hits += found.low <= -math.expm1(-true * 25) <= found.high
    assert 0.92 < hits / 600 < 0.98


def test_no_event_is_a_small_chance_and_not_none():
    found = outside_view(rate(0, 40))
    means = [chance.mean for chance in found.by.values()]
    assert list(found.by) == [5, 10, 25, 50]
    assert means == sorted(means)
    assert 0 < means[0] < 0.1
    assert found.by[50].mean == pytest.approx(1 - math.sqrt(40 / 90))
    assert found.by[5].low < found.by[5].mean < found.by[5].high


def test_more_years_without_an_event_make_it_less_likely():
    chances = [outside_view(rate(0, years), by=[10]).by[10].mean for years in (1, 10, 100, 1000)]
    assert chances == sorted(chances, reverse=True)


def test_a_share_lies_in_its_interval():
    value = outside_view(reference_class("bilateral-attempts")).value
    assert value.mean == pytest.approx(169.5 / 379)
    assert value.low < 169 / 378 < value.high
    # Wald: 1.96 standard errors either side, at this size nearly the same
    assert value.high - value.low == pytest.approx(
        2 * 1.96 * math.sqrt(0.447 * 0.553 / 378), rel=0.02
    )


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"events": -1, "exposure": 10}, "a count of events"),
        ({"events": 1, "exposure": 0}, "some years are needed"),
        ({"events": 1, "exposure": math.inf}, "some years are needed"),
        ({"events": 3, "exposure": 2, "kind": "share"}, "more successes than attempts"),
    ],
)
def test_classes_that_cannot_be_are_refused(wrong, words):
    with pytest.raises(UsageError, match=words):
        ReferenceClass(name="mine", what="", **wrong)


def test_the_command_lists_the_classes_and_tells_one(capsys):
    assert run(["baserate"]) == 0
    listed = capsys.readouterr().out
    assert all(name in listed for name in reference_classes())
    assert run(["baserate", "--class", "claims-older-than-50", "--by", "10", "--by", "3"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "39 in 1,535 claim-years" in said
    assert f"10 {1 - (1535 / 1545) ** 39.5:.1%}" in said
    assert "Jeffreys" in said
    assert "Asia" in said


def test_json_is_one_object(capsys):
    assert run(["baserate", "--class", "claims", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert list(data["by"]) == ["5", "10", "25", "50"]
    assert data["class"]["events"] == 106
    assert data["by"]["10"]["mean"] == pytest.approx(1 - (6052 / 6062) ** 106.5)
    assert data["rate"]["interval95"][0] < 106 / 6052 < data["rate"]["interval95"][1]
    assert run(["baserate", "--json", "--by", "7"]) == 0
    every = json.loads(capsys.readouterr().out)
    assert [entry["class"]["name"] for entry in every] == list(reference_classes())
    assert list(every[0]["by"]) == ["7"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--class", "claim"], "did you mean 'claims'"),
        (["--class", "claims", "--by", "0"], "a positive number of years"),
        (["--by", "nan"], "a positive number of years"),
        (["--class", "new-leader", "--by", "5"], "says nothing by year"),
    ],
)
def test_what_cannot_be_asked_is_one_sentence(words, said, capsys):
    assert run(["baserate", *words]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert len(err.strip().splitlines()) == 1
