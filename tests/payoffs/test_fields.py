"""Fields of constraints judged at every agreement: what a discount factor, a share, a temptation may be."""

import numpy as np
import pytest
from sim.errors import ScenarioError, SimError
from sim.explaining import explain
from sim.loading import loads
from sim.sweeps import sweep

TEXT = """
parameters:
  base: {value: 0.6, range: [0.5, 0.8]}
  stake: {value: 0.3, range: [0.1, 0.5]}
issues: {deal: {none: {odd: 5}, some: {signed: 1, trust: 0.2}, all: {signed: 1, kept: 1, far: 77}}}
outcomes: {treaty: signed}
actors:
  a: {role: principal}
  b: {role: principal}
  c: {role: third party, stances: {calm: {}, loud: {noise: 0.3}}}
payoffs: {a: {x: signed}, b: {y: signed}, c: {z: 1}}
abroad:
  a:
    keeps: {type: enforcement, temptation: stake*kept, punishment: 0.5, delta: base + trust}
domestic:
  b:
    poll: {type: public_opinion, support: 0.4 + 0.7*signed, threshold: 0.5}
    ban: {type: legal_ban, bans: kept, hard: 1}
    house: {type: ratification, quota: 0.5, blocs: {l: {seats: 60, utility: 1}, r: {seats: 9, utility: 0}}}
"""
DELTA, SHARE = "delta: base + trust", "support: 0.4 + 0.7*signed"
UNIT = "is not legal: it must be between 0 and 1"
SIGN = "'temptation' is what breaking the treaty gains at once (T - R), and here it lies between"


def test_the_file_as_it_stands_is_refused_for_its_share_only():
    """Support is 1.1 at every treaty: an estimate may pass 1 at some agreements, not at all of them."""
    assert problems(TEXT) == [
        "domestic.b.poll.support: 1.1 at agreement 'some' is not legal: it must be between 0 and 1"
    ]
    assert problems(mended()) == []


def mended(*changes):
    text = TEXT.replace(SHARE, "support: 0.4 + 0.7*kept")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


def problems(text):
    try:
        loads(text)
    except ScenarioError as error:
        return [f"{p.path}: {p.message}" for p in error.problems]
    return []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (DELTA, "delta: far",
         f"abroad.a.keeps.delta: 77 at agreement 'all' {UNIT}"),
        (DELTA, "delta: odd", ""),  # the constraint is about treaties, and 'none' is not a treaty
        (DELTA, "delta: odd, applies_to: [treaty, none]",
         f"abroad.a.keeps.delta: 5 at agreement 'none' {UNIT}"),
        (DELTA, "delta: far, clause: trust", ""),  # nothing to keep where there is no clause
        (DELTA, "delta: base + 2*trust",
         f"abroad.a.keeps.delta: 1.2 at agreement 'some', base=0.8 {UNIT}"),
        (DELTA, "delta: base + noise",
         f"abroad.a.keeps.delta: 1.1 at c=loud, base=0.8 {UNIT}"),
        ("support: 0.4 + 0.7*kept", "support: far",
         f"domestic.b.poll.support: 77 at agreement 'all' {UNIT}"),
        ("hard: 1", "hard: 1 - far",
         "domestic.b.ban.hard: -76 at agreement 'all' is not legal: it must be at least 0"),
        ("hard: 1", "hard: 0, cost: -far",
         "domestic.b.ban.cost: -77 at agreement 'all' is not legal: it must be at least 0"),
        ("quota: 0.5", "quota: trust",
         "domestic.b.house.quota: 0 at agreement 'all' is not legal: it must be above 0 and at most 1"),
        ("seats: 60", "seats: 60 - far",
         "domestic.b.house.blocs.l.seats: -17 at agreement 'all' is not legal: it must be at least 0"),
    ],
)  # fmt: skip
def test_fields_that_read_an_agreement_or_a_stance(old, new, message):
    assert problems(mended((old, new))) == ([message] if message else [])


@pytest.mark.parametrize(
    ("temptation", "ends"),
    [
        ("stake*kept", None),
        ("kept - 0.5", None),  # at some agreements there is nothing to gain at once
        ("0", None),
        ("-stake*kept", "-0.3 and 0"),
        ("-0.2", "-0.2 and -0.2"),
        ("stake - 0.4", None),  # positive from 0.4 on, within its range
        ("stake - 0.6", "-0.3 and -0.1"),
    ],
)
def test_a_temptation_of_the_other_sign_is_refused(temptation, ends):
    (found,) = problems(mended(("stake*kept", temptation))) or [""]
    assert found == (
        f"abroad.a.keeps.temptation: {SIGN} {ends}, nowhere above 0; turn its sign" if ends else ""
    )


def test_points_at_which_a_field_is_illegal_have_no_answer():
    """The discount factor is base + 0.2 where trust is asked for: above 1 from base = 0.8 on."""
    scenario = loads(mended())
    run = sweep(scenario, vary={"base": (0.6, 0.84, 7)})
    assert run.array("status").tolist() == ["ok"] * 6 + ["failed"]
    with pytest.raises(SimError, match=r"delta must be between 0 and 1: its slack is not a number"):
        explain(scenario.at({"base": 0.9}))
    assert np.isfinite(run.array("margin")).tolist() == [True] * 6 + [False]
