"""The rung that explain names, the certified claim of each rung, and a slow reading of the definition.

Disputes have several stance equilibria of the status quo, since payoffs are few integers; pushes are
halves, so that on a box around each the verdict does not change.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.certified.bounds.boxes import Boxes
from sim.certified.bounds.division import FEASIBLE, INFEASIBLE
from sim.certified.regions.claims import claim_on, compiled
from sim.feasibility import RUNGS, evaluate, prepare
from sim.feasibility.verdict import verdict_of
from sim.loading import loads

PUSHES = np.array([-1.5, -0.5, 0.5, 1.5])
RUNG_SETS = (
    ("home",),
    ("home", "home"),
    ("home", "abroad"),
    ("abroad", "enforcement"),
    ("home", "abroad", "enforcement"),
)


def dispute(tables, seed, rungs):
    """A dispute whose status quo has more than one stance equilibrium, and a generator for what follows."""
    rng = np.random.default_rng(seed)
    stances = ((2,), (3,), (2, 2))[rng.integers(3)]
    t = tables(
        seed,
        principals=2 + seed % 2,
        stances=stances,
        agreements=int(rng.integers(2, 5)),
        rungs=rungs,
    )
    flat = {actor: dict(t.payoffs[actor]) for actor in t.stances}
    for actor, table in flat.items():
        for s in t.profiles:
            table[0, s] = int(rng.integers(2)) if actor == "beijing" else 0
    return t.with_(payoffs={**t.payoffs, **flat}), rng


def certified(text, rung):
    """The verdict of a rung's claim on a box around each push."""
    scenario, whole = loads(text), Boxes(np.array([[-3.0]]), np.array([[3.0]]))
    claim = compiled(scenario, ["push"], claim_on(scenario, rung), whole)
    boxes = Boxes(PUSHES[None] - 0.25, PUSHES[None] + 0.25)
    return claim.answer(boxes, claim.scope(whole)).verdict


def check(tables, slow_reading, seed, rungs):
    t, rng = dispute(tables, seed, rungs)
    text = t.text()
    slow = [slow_reading(t, push) for push in PUSHES]
    tops = np.array([[float(x) for x in reading.climb()[0]] for reading in slow])
    failing = [next((k for k, x in enumerate(row) if x < 0), len(RUNGS)) for row in tops]
    rung = evaluate(prepare(loads(text), ["push"]), PUSHES[None]).ladder.rung
    assert rung.tolist() == failing
    for k, name in enumerate(RUNGS):
        verdict = certified(text, name)
        assert ((verdict == FEASIBLE) == (tops[:, k] > 0)).all()
        assert ((verdict == INFEASIBLE) == (tops[:, k] < 0)).all()
    at = int(rng.integers(len(PUSHES)))
    said = verdict_of(loads(text).with_values({"push": PUSHES[at]})).rung  # what explain prints
    assert said == (*RUNGS, "feasible")[failing[at]]
    key = list(t.constraints)[rng.integers(len(t.constraints))]
    less = {cell: v - int(rng.integers(0, 6)) for cell, v in t.constraints[key].items()}
    tighter = t.with_(constraints={**t.constraints, key: less})
    after = evaluate(prepare(loads(tighter.text()), ["push"]), PUSHES[None]).ladder
    assert (after.rung <= rung).all()
    return t


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), rungs=st.sampled_from(RUNG_SETS))
def test_three_readings_agree(tables, slow_reading, seed, rungs):
    check(tables, slow_reading, seed, rungs)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(40))
def test_three_readings_agree_on_many(tables, slow_reading, block):
    for seed in range(50 * block, 50 * block + 50):
        check(tables, slow_reading, seed, RUNG_SETS[seed % len(RUNG_SETS)])


def test_a_constraint_that_is_tightened_by_five_does_not_raise_the_rung(tables, slow_reading):
    """A pair that was seen: of several stances at the status quo each rung has a best one of its own."""
    loose = tables(1366, stances=(2, 2), agreements=3, rungs=("home", "abroad", "enforcement"))
    key = next(key for key in loose.constraints if key[2] == "home")
    less = {cell: v - 5 for cell, v in loose.constraints[key].items()}
    pair = (loose, loose.with_(constraints={**loose.constraints, key: less}))
    rungs = []
    for t in pair:
        tops, rung, *_ = slow_reading(t, 2).climb()
        rungs.append(rung)
        scenario = loads(t.text()).with_values({"push": 2})
        assert verdict_of(scenario).rung == (*RUNGS, "feasible")[rung]
        around = Boxes(np.array([[1.9]]), np.array([[2.1]]))
        claim = compiled(scenario, ["push"], claim_on(scenario, RUNGS[0]), around)
        assert claim.answer(around, claim.scope(around)).verdict.tolist() == [
            FEASIBLE if tops[0] > 0 else INFEASIBLE
        ]
    assert rungs[1] <= rungs[0] < len(RUNGS)
