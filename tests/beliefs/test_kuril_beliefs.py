"""The shipped beliefs of the Kuril record, against a sampler written here for the purpose."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import sim
from sim.backcasting.sampling import answers
from sim.backcasting.sealed import model_hash
from sim.backcasting.two_codings import agreement
from sim.beliefs import open_beliefs
from sim.beliefs.believed import believed
from sim.feasibility import evaluate_all, prepare

pytestmark = pytest.mark.xdist_group("kuril beliefs")

KURIL = Path(__file__).parents[2] / "scenarios" / "kuril"
DRAWS, ERROR = 1500, 0.2
FUTURES = ("postwar", "arctic-schism", "nuclear-sharing", "taiwan-crisis")


@pytest.fixture(scope="module")
def shipped():
    return open_beliefs(KURIL / "beliefs")


def second_codes():
    """The second coding as it stands in its file, by episode and state."""
    found = {}
    with (KURIL / "second-coding.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            found.setdefault(row["episode"], {})[row["path"]] = float(row["code"])
    return found


def disagree(value, code):
    """Whether a value in the file is nearer to another level than to the second code."""
    return abs(value - code) > min(abs(value - level) for level in (0, 0.5, 1)) + 1e-12


@pytest.fixture(scope="module")
def sampled(shipped):
    """Uniform draws of the same weights, and how likely each makes the record, its codings drawn too."""
    rng = np.random.default_rng(77)
    second = second_codes()
    ends = np.array([[min(known), max(known)] for known in shipped.declared.values()])
    weights = rng.uniform(ends[:, :1], ends[:, 1:], (len(ends), DRAWS))
    likelihood = np.ones(DRAWS)
    for name in shipped.episodes:
        scenario = sim.load(KURIL / name)
        parameters = scenario.document.parameters
        own = [
            p
            for p in scenario.own
            if p not in shipped.declared
            and parameters[p].range
            and len(set(parameters[p].range)) > 1
        ]
        twice = {p: x for p, x in second[name].items() if disagree(parameters[p].value, x)}
        own += [p for p in twice if p not in own]
        low, high = np.array([parameters[p].range for p in own]).reshape(-1, 2).T[:, :, None]
        states = rng.uniform(low, high, (len(own), DRAWS))
        for p, code in twice.items():  # either coder is right half of the time
            other = rng.uniform(*{0: (0, 0), 0.5: (0.25, 0.75), 1: (0.75, 1)}[code], DRAWS)
            states[own.index(p)] = np.where(rng.random(DRAWS) < 0.5, states[own.index(p)], other)
        drawn = np.concatenate([weights, states])
        found, seen = (
            answers(scenario, [*shipped.declared, *own], drawn),
            scenario.document.observed,
        )
        classes = scenario.document.classes
        right = found.outcome_class == classes.index(seen.outcome)
        likelihood *= np.where(right, 1 - ERROR, ERROR / (shipped.labels["class"] - 1))
        if seen.binding is not None:
            said = found.single.astype(float)
            said[:, said.sum(axis=0) == 0] = 1
            share = (said / said.sum(axis=0))[found.actors.index(seen.binding)]
            rest = shipped.labels["blocker"] - 1
            likelihood *= (1 - ERROR) * share + ERROR * (1 - share) / rest
    return weights, likelihood / likelihood.sum()


@pytest.mark.parametrize("name", FUTURES)
def test_shares_of_the_futures_are_those_of_an_independent_sampler(shipped, sampled, name):
    theta, weights = sampled
    scenario = sim.load(KURIL / f"future-{name}.yaml")
    yes = evaluate_all(prepare(scenario, list(shipped.declared)), theta).ladder.margin > 0
    p = float(weights @ yes)
    error = float(np.sqrt(weights**2 @ (yes - p) ** 2))
    found = believed(shipped, scenario)
    assert abs(found.share - p) < 3 * np.hypot(found.error, error)
    assert found.effective == pytest.approx(1000)


def test_the_shipped_beliefs_are_those_of_the_shipped_files(shipped):
    """Rebuilt by: sim calibrate scenarios/kuril --points 16384 --keep 1000 --out DIR."""
    worth = shipped.manifest["worth"]
    assert 1.5 < worth["bits"] < 2.3
    assert worth["reproduce_all"] < 0.005  # two classes are wrong as the states are coded
    episodes = {f.name: s for f in KURIL.glob("[12]*.yaml") if (s := sim.load(f)).document.observed}
    assert shipped.manifest["models"] == {k: model_hash(s) for k, s in sorted(episodes.items())}
    assert shipped.episodes == tuple(sorted(episodes))
    told = shipped.manifest["coded_twice"]
    assert told["codes"] == sum(map(len, second_codes().values()))
    assert told == json.loads(json.dumps(agreement(episodes, second_codes()).to_dict()))
