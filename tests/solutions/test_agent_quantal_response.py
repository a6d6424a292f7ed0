"""Agent quantal responses: the definition on random trees, closed forms, and Gambit's logit."""

from __future__ import annotations

import math
import random
from ast import literal_eval

import pytest
from sim.errors import NotDefinedError, UsageError
from sim.games.files.tree import tree_game
from sim.loading.efg import write_efg
from sim.scenario.sections.tree import TreeSection
from sim.solutions.sequential.agent_quantal_response import agent_quantal_response

BLUFF = {
    "type": {"chance": {"tough": "3/10", "weak": "7/10"}, "actions": {"tough": "t", "weak": "w"}},
    "t": {"player": "a", "actions": {"silent": [0, 1], "threaten": "tt"}},
    "w": {"player": "a", "actions": {"silent": [0, 1], "threaten": "wt"}},
    "tt": {"player": "b", "information": "i", "actions": {"concede": [1, 0], "resist": "tr"}},
    "wt": {"player": "b", "information": "i", "actions": {"concede": [1, 0], "resist": "wr"}},
    "tr": {"player": "a", "actions": {"back": ["-1/5", 1], "fight": ["1/5", "-1/2"]}},
    "wr": {"player": "a", "actions": {"back": ["-1/5", 1], "fight": ["-2/5", "-1/2"]}},
}


def tree_of(nodes, actors=("a", "b")):
    return tree_game(TreeSection(actors=actors, nodes=nodes))


def told(member):
    return member.extra["behaviour"]


@pytest.mark.parametrize("precision", [0.0, 0.5, 3.0])
def test_a_choice_after_a_choice_is_worth_what_noise_leaves_of_it(precision):
    nodes = {
        "one": {"player": "a", "actions": {"out": [1, 0], "in": "two"}},
        "two": {"player": "b", "actions": {"l": [0, 2], "r": [3, 1]}},
    }
    (member,) = agent_quantal_response(tree_of(nodes), precision=precision).equilibria
    left = 1 / (1 + math.exp(-precision))
    into = 1 / (1 + math.exp(-precision * (3 * (1 - left) - 1)))
    assert told(member)["b"]["two"]["l"] == pytest.approx(left, abs=1e-12)
    assert told(member)["a"]["one"]["in"] == pytest.approx(into, abs=1e-12)


def test_the_definition_holds_at_every_information_set_of_the_bluff():
    lam = 4.0
    (member,) = agent_quantal_response(tree_of(BLUFF), precision=lam).equilibria
    a, b = told(member)["a"], told(member)["b"]["i"]
    assert a["tr"]["fight"] == pytest.approx(1 / (1 + math.exp(-lam * 0.4)), abs=1e-12)
    belief = 0.3 * a["t"]["threaten"], 0.7 * a["w"]["threaten"]
    backs = a["tr"]["back"], a["wr"]["back"]
    resist = sum(
        w * (back - 0.5 * (1 - back)) for w, back in zip(belief, backs, strict=True)
    ) / sum(belief)
    assert b["resist"] == pytest.approx(1 / (1 + math.exp(-lam * resist)), abs=1e-12)
    assert member.extra["residual"] < 1e-12


def test_the_limit_of_the_bluff_is_its_sequential_equilibrium():
    solution = agent_quantal_response(tree_of(BLUFF))
    (member,) = solution.equilibria
    assert solution.status == "complete"
    assert told(member)["a"]["w"]["threaten"] == pytest.approx(3 / 14, abs=1e-12)
    assert told(member)["b"]["i"]["concede"] == pytest.approx(1 / 6, abs=1e-12)
    assert member.extra["beliefs"] == {"i": pytest.approx({"tt": 2 / 3, "wt": 1 / 3})}
    assert member.regret == 0


def test_a_set_may_lead_to_an_end_from_one_node_and_on_from_another():
    nodes = {
        "a": {"player": "a", "actions": {"l": "x", "r": "y"}},
        "x": {"player": "b", "information": "i", "actions": {"s": [1, 1], "t": [0, 0]}},
        "y": {"player": "b", "information": "i", "actions": {"s": "z", "t": [0, 2]}},
        "z": {"player": "a", "actions": {"u": [3, 1], "d": [0, 0]}},
    }
    lam = 1.0
    (member,) = agent_quantal_response(tree_of(nodes), precision=lam).equilibria
    up, left = told(member)["a"]["z"]["u"], told(member)["a"]["a"]["l"]
    gain = left * 1 + (1 - left) * (up * 1 - 2)
    stop = told(member)["b"]["i"]["s"]
    assert up == pytest.approx(1 / (1 + math.exp(-3 * lam)), abs=1e-12)
    assert stop == pytest.approx(1 / (1 + math.exp(-lam * gain)), abs=1e-12)
    assert left == pytest.approx(1 / (1 + math.exp(-lam * stop * (1 - 3 * up))), abs=1e-12)


def test_what_is_out_of_bounds_or_forgetful_is_refused():
    with pytest.raises(UsageError, match="at least 0"):
        agent_quantal_response(tree_of(BLUFF), precision=-1)
    driver = {
        "first": {"player": "a", "information": "road", "actions": {"exit": [0], "on": "second"}},
        "second": {"player": "a", "information": "road", "actions": {"exit": [4], "on": [1]}},
    }
    with pytest.raises(NotDefinedError, match="actor 'a' has no perfect recall"):
        agent_quantal_response(tree_of(driver, ("a",)), precision=1)


def random_tree(seed):
    """Chance draws one of two types; two rounds, the second actor without knowing the type."""
    rng = random.Random(seed)
    pay = lambda: [rng.randint(-3, 3), rng.randint(-3, 3)]  # noqa: E731
    nodes = {"c": {"chance": {"x": "1/3", "y": "2/3"}, "actions": {"x": "x", "y": "y"}}}
    for t in "xy":
        nodes[t] = {"player": "a", "actions": {"l": f"{t}l", "r": f"{t}r", "o": pay()}}
        for m in "lr":
            nodes[t + m] = {
                "player": "b",
                "information": m,
                "actions": {"u": pay(), "d": f"{t}{m}d"},
            }
            nodes[f"{t}{m}d"] = {"player": "a", "actions": {"s": pay(), "k": pay()}}
    return tree_of(nodes)


@pytest.mark.peers
@pytest.mark.parametrize("seed", range(6))
def test_gambit_finds_the_same_probabilities(tmp_path, seed):
    gambit = pytest.importorskip("pygambit")
    tree = random_tree(seed)
    path = tmp_path / "tree.efg"
    path.write_text(write_efg(tree))
    peer = gambit.read_efg(str(path))
    for lam in (0.3, 1.5):
        (member,) = agent_quantal_response(tree, precision=lam).equilibria
        (point,) = gambit.qre.logit_solve_lambda(peer, [lam], use_strategic=False)
        theirs = literal_eval(str(point.profile))
        for actor, sets in told(member).items():
            for ours, other in zip(sets.values(), theirs[actor], strict=True):
                assert ours == pytest.approx(other, abs=1e-7)
