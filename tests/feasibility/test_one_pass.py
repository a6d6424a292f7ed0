"""Ladder, prediction and what blocks, asked for in one pass: the same as one after the other."""

import importlib.util

import numpy as np
import pytest
import sim
from sim.feasibility.blockers import evaluated_and_lifted, lifted_all
from sim.feasibility.evaluate import evaluate_all, prepare
from sim.sweeps import designs

COMPILED = pytest.param(
    "compiled",
    marks=pytest.mark.skipif(importlib.util.find_spec("llvmlite") is None, reason="no LLVM"),
)


@pytest.mark.parametrize("engine", ["auto", "numpy", COMPILED, "definitions"])
@pytest.mark.parametrize("name", ["kuril/2018", "controls/russia-norway-2010", "starts/blank"])
def test_one_pass_says_what_two_say(name, engine):
    scenario = sim.load(name)
    paths = scenario.movable()[:4]
    if engine == "compiled" and name.startswith("kuril"):
        pytest.skip("compiling it takes seconds; sweeps of it are compiled elsewhere")
    sample = designs.sample(scenario, "sobol", dict.fromkeys(paths), points=70, seed=1)
    theta = sample.points(0, 70)
    theta[:, 3] = [scenario.values[path] for path in paths]
    theta[:, 5] = np.round(theta[:, 5])  # whole numbers: some of it ties
    problem = prepare(scenario, paths)
    found, told = evaluated_and_lifted(problem, theta, engine=engine)
    expected = evaluate_all(prepare(scenario, paths), theta, engine="definitions")
    other = lifted_all(prepare(scenario, paths), theta)
    for one, two in ((found, expected), (found.ladder, expected.ladder), (told, other)):
        for field in one.__dataclass_fields__:
            value = getattr(one, field)
            if isinstance(value, np.ndarray):
                assert np.array_equal(value, getattr(two, field)), field
    assert (found.prediction is None) == (expected.prediction is None)
    if found.prediction is not None:
        assert np.array_equal(found.prediction.outcome_class, expected.prediction.outcome_class)
