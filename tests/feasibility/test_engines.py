"""Compiled functions against numpy's: the same answers to the last bit, ties and all."""

import sys
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sim.errors import UsageError
from sim.feasibility import evaluate_all, prepare
from sim.feasibility.engines import WORTH, engine_for, kernels_of
from sim.feasibility.kernels import NUMPY
from sim.loading import load, loads

pytest.importorskip("numba")

GAMES = (
    "",
    "ultimatum",
    "offer_reply",
    "demand",
    "strategic",
    "[washington.stance, {offer: tokyo}, {reply: moscow}, beijing.stance, ratify]",
    "[{offer: tokyo}, {reply: moscow}, {offer: moscow}, {reply: tokyo}]",
    "[{offer: tokyo}, {reply: moscow}, {implement: moscow, reneging: {moscow: 1, tokyo: -3}}]",
    "[{offer: tokyo}, {reply: moscow}, {ratify: {noise: 1.5}}]",
)
RUNGS = (
    (),
    ("home",),
    ("home", "abroad"),
    ("abroad", "enforcement"),
    ("home", "home", "enforcement"),
)
KURIL = Path(__file__).parents[2] / "scenarios" / "kuril" / "2018.yaml"


def arrays(record, prefix=""):
    """Every array of a record of records, by name."""
    for field in fields(record):
        value = getattr(record, field.name)
        if isinstance(value, np.ndarray):
            yield f"{prefix}{field.name}", value
        elif isinstance(value, dict):
            yield from ((f"{prefix}{field.name}.{key}", v) for key, v in value.items())
        elif hasattr(value, "__dataclass_fields__"):
            yield from arrays(value, f"{prefix}{field.name}.")


def assert_same(problem, theta):
    fast = evaluate_all(problem, theta, kernels=kernels_of("fast"))
    plain = evaluate_all(problem, theta, kernels=NUMPY)
    found, expected = dict(arrays(fast)), dict(arrays(plain))
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        assert np.array_equal(found[name], value, equal_nan=value.dtype.kind == "f"), name


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    game=st.sampled_from(GAMES),
    stances=st.sampled_from([(2,), (3,), (2, 2), (3, 2)]),
    rungs=st.sampled_from(RUNGS),
)
@example(seed=3, game="demand", stances=(2, 2), rungs=())
def test_the_same_on_tables_full_of_ties(tables, seed, game, stances, rungs):
    """Few integer values: ties everywhere, third parties and stages without a pure equilibrium."""
    stances = (2, 2) if "beijing" in game else stances
    principals = 2 + (seed % 2 if not game else 0)
    t = tables(seed, principals=principals, stances=stances, rungs=rungs, game=game)
    problem = prepare(loads(t.text()), ["push"])
    pushes = np.concatenate([np.arange(-3, 4), np.linspace(-3, 3, 84)])
    assert_same(problem, pushes[None])


def test_the_same_where_third_parties_move_with_the_parameters(tables):
    """Stances that change from point to point, some without any pure equilibrium."""
    for seed in range(6):
        text = tables(seed, stances=(3, 2), rungs=("home", "abroad"), game="ultimatum").text()
        for actor, stance in (("washington", "s1"), ("beijing", "s0")):
            text = text.replace(
                f"  {actor}:\n    on_p0", f"  {actor}:\n    moved: push*{actor}.{stance}\n    on_p0"
            )
        problem = prepare(loads(text), ["push"])
        assert problem.dispute.payoffs["washington"].matrix[:, 1:].any()
        assert_same(problem, np.linspace(-3, 3, 135)[None])


def test_the_same_on_the_large_file():
    scenario = load(KURIL)
    varied = [
        p for p, q in scenario.document.parameters.items() if q.range and q.range[0] < q.range[1]
    ]
    ranges = np.array([scenario.range_of(path) for path in varied])
    share = np.random.default_rng(0).random((len(varied), 300))
    theta = ranges[:, :1] + share * (ranges[:, 1:] - ranges[:, :1])
    assert_same(prepare(scenario, varied), theta)


def test_engine_by_the_size_of_the_work(tables):
    problem = prepare(loads(tables(0).text()), ["push"])
    assert engine_for("auto", problem, 1000) == "numpy"
    assert engine_for("auto", problem, WORTH) == "auto"
    assert kernels_of("auto").name == "fast"
    assert (engine_for("fast", problem, 1), engine_for("numpy", problem, WORTH)) == (
        "fast",
        "numpy",
    )
    with pytest.raises(UsageError, match="did you mean 'fast'"):
        engine_for("fsat", problem, 1)


def test_what_to_do_without_the_extra(tables, monkeypatch):
    for name in [
        m
        for m in sys.modules
        if m.startswith(("sim._kernels.compiled", "sim.feasibility.compiled"))
    ]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "numba", None)
    problem = prepare(loads(tables(0).text()), ["push"])
    with pytest.raises(UsageError, match="treatysim\\[fast\\]"):
        engine_for("fast", problem, 1)
    assert engine_for("auto", problem, WORTH) == "auto"
    assert kernels_of("auto") is NUMPY
