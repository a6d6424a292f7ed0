"""Scores against hand-worked numbers, the two-line rule against brute force, weights against Bayes' rule."""

from __future__ import annotations

from itertools import product
from math import log2

import numpy as np
import pytest
import sim
from sim.backcasting import backcast
from sim.backcasting.coded_rule import coded_rule
from sim.backcasting.forecasters import coded_states, scores, weights
from sim.backcasting.scores import ALWAYS_NO, FITTED, FREQUENCIES, OWN, RULE, UNFITTED
from sim.beliefs.scoring import honest, score

TEXT = """
title: Two actors, one treaty
observed: {{outcome: {outcome}{binding}}}
parameters:
  bar: {{value: 0.5, range: [0, 1], source: assumed}}
  hold: {{value: {hold}, source: a poll}}
  mood: {{value: {mood}, source: a poll}}
issues: {{deal: {{no: {{}}, yes: {{signed: 1}}}}}}
outcomes: {{treaty: signed}}
actors: {{moscow: {{role: principal}}, tokyo: {{role: principal}}}}
payoffs:
  moscow: {{cede: (bar - hold) * signed}}
  tokyo: {{win: 0.2 * signed}}
game: {{protocol: ultimatum, proposer: tokyo}}
"""


def episode(hold: float, outcome: str, binding: str = "", mood: float = 0.0) -> sim.Scenario:
    who = f", binding: {binding}" if binding else ""
    return sim.loads(TEXT.format(hold=hold, outcome=outcome, binding=who, mood=mood))


RECORD = {
    "low": episode(0.1, "treaty"),
    "middle": episode(0.45, "treaty", mood=1),
    "high": episode(0.7, "none", "moscow"),
    "top": episode(0.9, "none", "moscow"),
    "last": episode(0.6, "none", "moscow"),
}


def table(found, question="class"):
    return {one.name: one for one in found.tables[question]}


def test_scores_by_hand():
    found = score(
        "x", np.array([[0.8, 0.1, 0.1], [0.2, 0.3, 0.5], [1, 0, 0]]), np.array([0, 2, -1])
    )
    assert found.log_score == pytest.approx(-(log2(0.8) + log2(0.5)) / 2)
    assert found.brier == pytest.approx([0.04 + 0.01 + 0.01, 0.04 + 0.09 + 0.25])


def test_an_honest_forecast_is_a_distribution_and_never_certain():
    shares = np.random.default_rng(1).dirichlet([1, 1, 1], 50)
    p = honest(shares, 0.2)
    assert p.sum(axis=1) == pytest.approx(np.ones(50))
    assert p.min() >= 0.1 - 1e-12
    assert p.max() <= 0.8 + 1e-12


def test_weights_are_those_of_bayes():
    chance = np.random.default_rng(2).random((4, 7))
    slow = [np.prod(column) for column in chance.T]
    assert weights(chance) == pytest.approx(np.array(slow) / sum(slow))
    assert weights(np.full((400, 2), 1e-3)) == pytest.approx([0.5, 0.5])  # no underflow


def test_a_small_record_is_scored_as_by_hand():
    """A treaty is signed where hold is below bar, which is uniform on [0, 1]."""
    found = scores(RECORD, points=2048, seed=1)
    assert (found.weights, found.states, found.dummies) == (1, 2, 1)
    own = table(found)[OWN]
    assert own.log_score == pytest.approx(-log2(0.8))  # all five right, K = 2
    share = np.array([0.9, 0.55, 0.7, 0.9, 0.6])  # of bar at which each comes out as it did
    assert table(found)[UNFITTED].bits == pytest.approx(
        -np.log2(0.8 * share + 0.2 * (1 - share)), abs=5e-3
    )
    always = table(found)[ALWAYS_NO]
    assert always.log_score == pytest.approx(-(2 * log2(0.2) + 3 * log2(0.8)) / 5)
    assert table(found)[FREQUENCIES].bits == pytest.approx(
        -np.log2([2 / 6, 2 / 6, 3 / 6, 3 / 6, 3 / 6])
    )


def test_leaving_one_out_is_bayes_rule_on_the_others():
    found = table(scores(RECORD, points=4096, seed=1))[FITTED]
    bar = (np.arange(20_000) + 0.5) / 20_000
    right = np.array([bar > 0.1, bar > 0.45, bar < 0.7, bar < 0.9, bar < 0.6])
    expected = []
    for k in range(5):
        # moscow is the only blocker where none is signed; elsewhere each actor has the share 1/2
        who = np.where(right[2:], 0.8, 0.5)
        joint = [
            np.where(right[j], 0.8, 0.2) * (who[j - 2] if j > 1 else 1.0)
            for j in range(5)
            if j != k
        ]
        w = np.prod(joint, axis=0)
        share = float((w / w.sum()) @ right[k])
        expected.append(-log2(0.8 * share + 0.2 * (1 - share)))
    assert found.bits == pytest.approx(expected, abs=5e-3)


def test_the_two_line_rule_is_the_best_of_all_trees():
    """Every tree of depth two, tried one by one on random states."""
    rng = np.random.default_rng(5)
    for _ in range(6):
        states, happened = rng.integers(0, 3, (3, 6)).astype(float), rng.integers(0, 2, 6)
        bars = [(i, b) for i in range(3) for b in (0.5, 1.5)] + [(0, 9.0)]
        fewest = 6
        for root, left, right in product(bars, repeat=3):
            end = [
                (states[root[0], k] > root[1], states[q[0], k] > q[1])
                for k in range(6)
                for q in [right if states[root[0], k] > root[1] else left]
            ]
            lost = 0
            for leaf in set(end):
                inside = [happened[k] for k in range(6) if end[k] == leaf]
                lost += min(inside.count(0), inside.count(1))
            fewest = min(fewest, lost)
        said = coded_rule(states, happened, 2, seen=True)
        assert said.sum(axis=1) == pytest.approx(np.ones(6))
        if fewest == 0:
            assert said[np.arange(6), happened] == pytest.approx(np.ones(6))


def test_states_that_differ_are_counted():
    assert coded_states(RECORD, ["bar"]).tolist() == [[0.1, 0.45, 0.7, 0.9, 0.6], [0, 1, 0, 0, 0]]


def test_the_scoreboard_says_what_the_record_supports():
    board = backcast(RECORD, families={"all": tuple(RECORD)}, points=256)
    said = str(board)
    assert "a claim beyond" in said
    assert "free weights" in said
    assert said.index("a claim beyond") < said.index("scores of the class")
    data = board.to_dict()["scores"]["all"]
    assert set(data["supported"]) == {"class", "blocker"}
    assert data["scores"]["class"][RULE]["log"] > 0
    assert scores({"a": RECORD["low"], "b": RECORD["top"]}, points=8, seed=0) is None
