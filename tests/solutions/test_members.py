"""What a concept returns is a record of its kind, and every kind answers the same questions."""

from __future__ import annotations

import json

import pytest
import sim
from sim.results import (
    Allocation,
    Division,
    JointPlan,
    Region,
    Solution,
    StableState,
    StrategyProfile,
    StrategySet,
)

DILEMMA = (
    "strategic: {actors: {a: [c, d], b: [c, d]}, payoffs: [[[3, 3], [0, 5]], [[5, 0], [1, 1]]]}"
)
COORDINATION = (
    "strategic: {actors: {a: [c, d], b: [c, d]}, payoffs: [[[2, 1], [0, 0]], [[0, 0], [1, 2]]]}"
)
CONFLICT = (
    "conflict: {options: {row: [c], column: [c]}, "
    "preferences: {row: [NY, YY, NN, YN], column: [YN, YY, NN, NY]}}"
)
GLOVES = "coalitional: {players: [left, right], values: {'left, right': 1}, unlisted: 0}"
LINE = "spatial: {actors: {a: {position: 1}, b: {position: 2}, c: {position: 4}}, status_quo: 3}"
PIE = "bargaining: {actors: [a, b], disagreement: {a: 0, b: 0}, split: {surplus: 1}}"
ITEMS = "division: {actors: [a, b], items: {land: {a: 70, b: 40}, sea: {a: 30, b: 60}}}"
TREE = "tree: {actors: [a], nodes: {in: {player: a, actions: {x: [1], y: [0]}}}}"

KINDS = [
    (DILEMMA, "pure_nash", StrategyProfile),
    (DILEMMA, "correlated", JointPlan),
    (DILEMMA, "rationalizable", StrategyProfile),
    (COORDINATION, "rationalizable", StrategySet),
    (CONFLICT, "seq", StableState),
    (GLOVES, "shapley", Allocation),
    (GLOVES, "core", Region),
    (LINE, "weighted_median", Region),
    (PIE, "nash_bargaining", Division),
    (ITEMS, "adjusted_winner", Division),
    (TREE, "subgame_perfect", StrategyProfile),
]


@pytest.mark.parametrize(("text", "concept", "kind"), KINDS)
def test_a_member_is_a_record_of_its_kind(text: str, concept: str, kind: type) -> None:
    (solution,) = sim.solve(sim.loads(text), concept)
    assert {type(member) for member in solution.members} == {kind}
    assert solution.equilibria == solution.members
    for member in solution.members:
        data = json.loads(json.dumps(member.to_dict()))
        assert {"strategies", "payoffs", "regret", "outcome"} <= set(data)
        assert isinstance(member.words, str)
        assert data.get("agreement") == member.agreement


def test_what_the_kinds_know_besides() -> None:
    states = {m.outcome: m for m in sim.solve(sim.loads(CONFLICT), "seq")[0].members}
    assert set(states) == {"NN", "YY"}
    both = states["YY"]
    assert isinstance(both, StableState)
    assert both.sanctions == {"row": {"NY": "NN"}, "column": {"YN": "NN"}}
    (left,) = sim.solve(sim.loads(COORDINATION), "rationalizable")[0].members
    assert isinstance(left, StrategySet)
    assert left.survivors == {"a": ["c", "d"], "b": ["c", "d"]}


def test_finished_and_exhaustive_are_two_words() -> None:
    stopped = Solution(concept="x", status="limit reached")
    part = Solution(concept="x", status="partial")
    assert (stopped.finished, stopped.exhaustive) == (False, False)
    assert (part.finished, part.exhaustive) == (True, False)
    assert part.to_dict()["status"] == "partial"
