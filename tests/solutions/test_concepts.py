"""The table of concepts says what is true of each of them."""

import numpy as np
import pytest
from sim.games.strategic import StrategicGame
from sim.solutions import CONCEPTS, get, module_of
from sim.solutions.conflict._stable_states import stable_states
from sim.testing import check_concept

BATCH_CALLS = {
    "mixed_nash": "mixed_nash_batch",
    "pure_nash": "pure_nash_mask",
    "quantal_response": "quantal_response_batch",
    "subgame_perfect": "backward_induction",
}


def batch_call(name):
    """The function of a concept's module that takes a whole batch, if it has one."""
    return getattr(module_of(name), BATCH_CALLS.get(name, f"{name}_mask"), None)


@pytest.mark.parametrize("name", ["gmcr_nash", "gmr", "seq", "smr"])
def test_stabilities_take_a_batch_of_preferences(name):
    moves = np.array([[[0, 1], [0, 0]], [[0, 0], [1, 0]]], dtype=bool)
    ranks = np.random.default_rng(1).integers(0, 2, (2, 2, 7))
    assert stable_states(name, moves, ranks).shape[-1] == 7


@pytest.mark.parametrize(
    "name", ["nash_bargaining", "kalai_smorodinsky", "egalitarian", "utilitarian"]
)
def test_bargaining_concepts_take_a_batch_of_problems(name):
    utilities = np.random.default_rng(2).random((2, 5, 7))
    assert batch_call(name)(utilities, np.zeros((2, 7))).shape == (5, 7)


@pytest.mark.parametrize("name", CONCEPTS)
def test_every_concept_keeps_the_contract(name):
    check_concept(name, count=3)


def test_batched_strategic_concepts_agree_on_one_batch():
    payoffs = np.random.default_rng(3).random((2, 3, 3, 6))
    pure = batch_call("pure_nash")(payoffs).sum(axis=(0, 1))
    mixed = batch_call("mixed_nash")(payoffs)
    corners = np.bincount(mixed.game[(mixed.rows == 1).any(axis=0)], minlength=6)
    assert corners.tolist() == pure.tolist()
    limit = batch_call("quantal_response")(payoffs)
    for k in np.flatnonzero(limit.ok):
        ours = np.concatenate([mix[:, k] for mix in limit.mixes])
        members = np.concatenate([mixed.rows, mixed.columns])[:, mixed.game == k]
        assert np.abs(members - ours[:, None]).max(axis=0).min() < 1e-4
        game = StrategicGame.from_bimatrix(payoffs[0, ..., k], payoffs[1, ..., k])
        assert len(get("pure_nash")(game).equilibria) == pure[k]
