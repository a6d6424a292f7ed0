"""Rounds against a walk through the tree, closed forms, the games that they contain, and their limit."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import sim
from sim.feasibility.evaluate import evaluate, prepare
from sim.games.outcomes import outcomes_of
from sim.solutions.markov.rounds import Ends, of_all, play_rounds
from tests.solutions.markov.rounds_slowly import random_small


def ends_of(scenario: sim.Scenario) -> tuple[Any, Ends]:
    """The rounds of a scenario, and what they end in at its values."""
    game = prepare(scenario).rounds
    batch = game.dispute.at(game.dispute.point())
    outcomes = [outcomes_of(kind, batch) for kind in game.kinds]
    names = scenario.document.principals
    factors = of_all(outcomes[0].actors, names, game.factors(batch))
    return game, play_rounds(game.kinds, outcomes, game.order, factors)[0]


def loaded(data: dict[str, Any]) -> sim.Scenario:
    """A scenario from plain data; JSON is YAML."""
    return sim.loads(json.dumps(data))


def compare(seed: int) -> bool:
    """Whether a random dispute has ends at all; they must be those of the definition."""
    small = random_small(seed)
    game, ends = ends_of(loaded(small.text()))
    wanted = small.play()
    if small.unsolved:
        assert not ends.solved[0]
        return False
    columns = game.dispute.shape[1]
    profiles = [tuple(int(k) for k in row) for row in game.dispute.profiles]
    found = set()
    for k in np.flatnonzero(ends.alive[:, 0]):
        agreement, profile = divmod(int(ends.row[k, 0]), columns)
        value = tuple(np.round(ends.value[: len(small.principals), k, 0], 9))
        found.add((agreement, profiles[profile], int(ends.signed[k, 0]), value))
    exact = {(a, s, t, tuple(round(float(x), 9) for x in v)) for a, s, t, v in wanted}
    assert found == exact, f"seed {seed}"
    prediction = evaluate(prepare(loaded(small.text())), np.zeros((0, 1))).prediction
    assert prediction is not None
    assert int(prediction.count[0]) == len({o[:3] for o in wanted})
    assert bool(prediction.treaty[0]) == any(o[0] for o in wanted)
    return True


def test_the_ends_are_those_of_the_definition():
    assert sum(compare(seed) for seed in range(40)) > 30


@pytest.mark.slow
def test_the_ends_are_those_of_the_definition_on_many():
    assert sum(compare(seed) for seed in range(40, 640)) > 400
