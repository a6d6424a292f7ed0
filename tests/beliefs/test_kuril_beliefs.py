"""The shipped beliefs of the Kuril record, against a sampler written here for the purpose."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import sim
from sim.backcasting.sampling import answers
from sim.beliefs import believed, open_beliefs
from sim.feasibility import evaluate_all, prepare

pytestmark = pytest.mark.xdist_group("kuril beliefs")

KURIL = Path(__file__).parents[2] / "scenarios" / "kuril"
DRAWS, ERROR = 1500, 0.2
FUTURES = ("postwar", "arctic-schism", "nuclear-sharing", "taiwan-crisis")


@pytest.fixture(scope="module")
def shipped():
    return open_beliefs(KURIL / "beliefs")


@pytest.fixture(scope="module")
def sampled(shipped):
    """Uniform draws of the same weights, and how likely each makes the record, its codings drawn too."""
    rng = np.random.default_rng(77)
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
        low, high = np.array([parameters[p].range for p in own]).reshape(-1, 2).T[:, :, None]
        drawn = np.concatenate([weights, rng.uniform(low, high, (len(own), DRAWS))])
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


def test_the_record_is_worth_half_a_bit(shipped):
    worth = shipped.manifest["worth"]
    assert 0.3 < worth["bits"] < 0.8
    assert shipped.episodes == tuple(
        sorted(f.name for f in KURIL.glob("[12]*.yaml") if sim.load(f).document.observed)
    )
