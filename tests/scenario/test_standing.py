"""How values stand to their ranges, levels and to what constraints can mean, worked out by hand."""

import numpy as np
import pytest
from sim.errors import ScenarioError, UsageError
from sim.loading import loads

TEXT = """
parameters:
  delta: {value: 0.2, range: [0, 0.5]}
  gap: {value: 0.1, range: [0, 0.3]}
  style: {value: 0, levels: [0, 1, 2]}
  free: 7
  opposed: {value: 0.4, range: [0, 1]}
issues: {deal: {none: {}, some: {signed: 1, share: 0.3}, all: {signed: 1, share: 1}}}
outcomes: {treaty: signed}
attributes: {patience: delta + gap, twice: 2*patience}
actors: {a: {role: principal}, b: {role: principal}}
payoffs: {a: {x: share}, b: {y: 1 - share}}
abroad:
  a:
    keeps: {type: enforcement, temptation: 0.1, punishment: 0.2, delta: twice/2}
domestic:
  b:
    poll: {type: public_opinion, support: 1 - opposed*share, threshold: 0.5}
    ban: {type: legal_ban, bans: share > 0.5, hard: style}
"""
DOMAIN = "is not legal: it must be between 0 and 1"


@pytest.fixture(scope="module")
def scenario():
    return loads(TEXT)


@pytest.mark.parametrize(
    ("path", "asked", "outside"),
    [
        ("delta", 0.5, ""),
        ("delta", 0.6, "delta=0.6 is outside its range 0 to 0.5"),
        ("delta", -1, "delta=-1 is outside its range 0 to 0.5"),
        ("delta", (0.1, 0.5), ""),
        ("delta", (0.1, 0.7), "delta from 0.1 to 0.7 leaves its range 0 to 0.5"),
        ("delta", [0.1, 0.7], "delta from 0.1 to 0.7 leaves its range 0 to 0.5"),
        ("style", 2, ""),
        ("style", 1.5, "style=1.5 is not one of its levels 0, 1, 2"),
        ("style", np.array([0, 1, 3]), "style=3 is not one of its levels 0, 1, 2"),
        ("style", (0, 2), ""),
        ("style", (0, 4), "style from 0 to 4 leaves its range 0 to 2"),
        ("free", 1e9, ""),
    ],
)
def test_what_is_outside(scenario, path, asked, outside):
    found = scenario.standing(path, asked)
    assert (found.path, found.outside, found.inside) == (path, outside, not outside)


@pytest.mark.parametrize(
    ("asked", "forbidden"),
    [
        ({"delta": 0.9}, [""]),
        ({"delta": 0.95}, [f"delta=0.95: abroad.a.keeps.delta: 1.05 {DOMAIN}"]),
        ({"delta": 0.95, "gap": 0}, ["", ""]),
        ({"delta": (0, 2)}, [f"delta from 0 to 2: abroad.a.keeps.delta: 2.1 at delta=2 {DOMAIN}"]),
        ({"delta": [0, 0.95]}, [f"delta from 0 to 0.95: abroad.a.keeps.delta: 1.05 at delta=0.95 {DOMAIN}"]),
        ({"delta": (0, 2), "gap": (-1, 0)}, ["", ""]),
        ({"delta": (0, 2), "gap": (-0.5, 0)},
         [f"delta from 0 to 2: abroad.a.keeps.delta: 1.5 at delta=2 {DOMAIN}", ""]),
        ({"style": -3}, ["style=-3: domestic.b.ban.hard: -3 is not legal: it must be at least 0"]),
        ({"opposed": 1.5}, [""]),
    ],
)  # fmt: skip
def test_what_no_constraint_can_mean(scenario, asked, forbidden):
    assert [s.forbidden for s in scenario.standings(asked)] == forbidden


def test_setting_refuses_what_no_constraint_can_mean(scenario):
    with pytest.raises(UsageError, match=r"^delta=3: abroad\.a\.keeps\.delta: 3\.1 is not legal"):
        scenario.with_values({"delta": 3})
    assert scenario.with_values({"delta": 0.6}).values["delta"] == 0.6


def test_an_unknown_path_is_named(scenario):
    with pytest.raises(UsageError, match="unknown parameter 'delt'; did you mean 'delta'"):
        scenario.standing("delt", 1)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("hard: style", "hard: -3", "domestic.b.ban.hard: -3 is not legal: it must be at least 0"),
        ("1 - opposed*share", "77", f"domestic.b.poll.support: 77 {DOMAIN}"),
        ("1 - opposed*share", "free", f"domestic.b.poll.support: 7 {DOMAIN}"),
        ("twice/2", "style", f"abroad.a.keeps.delta: 2 at style=2 {DOMAIN}"),
        ("gap: {value: 0.1, range: [0, 0.3]}", "gap: {value: 0.1, range: [0, 1]}",
         f"abroad.a.keeps.delta: 1.2 at gap=1 {DOMAIN}"),
    ],
)  # fmt: skip
def test_a_file_with_an_illegal_value_is_refused(old, new, message):
    with pytest.raises(ScenarioError) as caught:
        loads(TEXT.replace(old, new))
    (problem,) = caught.value.problems
    assert f"{problem.path}: {problem.message}" == message


@pytest.mark.parametrize(
    ("extra", "path"),
    [
        ("sweeps: {wide: {vary: {delta: [0, 2, 5]}}}", "sweeps.wide.vary.delta"),
        ("sign_tests: [{set: {delta: 2}, expect: up}]", "sign_tests.0.set.delta"),
        (
            "sign_tests: [{set: {gap: 0}, expect: up, less_than: {delta: 2}}]",
            "sign_tests.0.less_than.delta",
        ),
    ],
)
def test_sweeps_and_sign_tests_ask_for_nothing_illegal(extra, path):
    with pytest.raises(ScenarioError) as caught:
        loads(TEXT + extra)
    (problem,) = caught.value.problems
    assert problem.path == path
    assert "abroad.a.keeps.delta: 2.1" in problem.message
