"""The ``tree`` section: what it may say, and what is refused in whose words."""

from fractions import Fraction

import pytest
import sim
from pydantic import ValidationError
from sim.errors import NotDefinedError, ScenarioError, SimError
from sim.games.files.tree import tree_game
from sim.scenario.sections.tree import TreeSection

GOOD = {
    "one": {"player": "a", "actions": {"l": "two", "r": [0, 0]}},
    "two": {"chance": {"x": "1/3", "y": "2/3"}, "actions": {"x": [1, 2], "y": "three"}},
    "three": {"player": "b", "actions": {"u": "war", "d": [0, "2 * cost"]}},
}


def section(nodes=None, actors=("a", "b"), outcomes=None):
    outcomes = {"war": [-1, "-1/2"]} if outcomes is None else outcomes
    return TreeSection(actors=actors, nodes={**GOOD, **(nodes or {})}, outcomes=outcomes)


def test_decimals_and_fractions_are_exact():
    three = {"player": "b", "actions": {"u": "war", "d": [0.1, 1e-3]}}
    tree = tree_game(section({"three": three}))
    ends = {tree.nodes[k].amounts for k in tree.ends}
    assert (Fraction(1, 10), Fraction(1, 1000)) in ends
    assert tree.exact
    assert tree.nodes[1].amounts == (Fraction(1, 3), Fraction(2, 3))


def test_an_expression_is_exact_where_it_is_rational():
    tree = tree_game(section(), {"cost": 3})
    assert (0, 6) in {tree.nodes[k].amounts for k in tree.ends}
    assert tree.exact
    assert tree.nodes[1].amounts == (Fraction(1, 3), Fraction(2, 3))


def test_another_expression_puts_the_tree_in_doubles():
    two = {"player": "a", "actions": {"x": ["sqrt(cost)", 0], "y": "three"}}
    tree = tree_game(section({"two": two}), {"cost": 2})
    assert not tree.exact
    assert (2**0.5, 0) in {tree.nodes[k].amounts for k in tree.ends}


@pytest.mark.parametrize(
    ("nodes", "words"),
    [
        ({"two": {"player": "c", "actions": {"x": [0, 0], "y": "three"}}}, "unknown actor 'c'"),
        ({"two": {"actions": {"x": [0, 0], "y": "three"}}}, "either 'player' or 'chance'"),
        ({"two": {"player": "a", "actions": {"x": [0], "y": "three"}}}, "2 payoffs are needed"),
        ({"two": {"player": "a", "actions": {"x": "thre", "y": "three"}}}, "did you mean 'three'"),
        ({"two": {"player": "a", "actions": {"x": "three", "y": "three"}}}, "reached already"),
        (
            {"two": {"player": "a", "actions": {"x": "one", "y": "three"}}},
            "reached already: the start",
        ),
        ({"lost": {"player": "a", "actions": {"x": [0, 0]}}}, "no action leads to this node"),
        (
            {
                "p": {"player": "a", "actions": {"x": "q"}},
                "q": {"player": "a", "actions": {"x": "p"}},
            },
            "in a circle",
        ),
        (
            {"two": {"chance": {"x": 1}, "actions": {"x": [0, 0], "y": "three"}}},
            "every action needs",
        ),
        ({"two": {"player": "a", "actions": {}}}, "at least 1"),
        ({"two": {"player": "a", "actions": {"x": 3, "y": "three"}}}, "a list of payoffs"),
        (
            {
                "two": {"player": "b", "information": "i", "actions": {"x": [0, 0], "y": "three"}},
                "three": {"player": "b", "information": "i", "actions": {"x": [0, 0]}},
            },
            "'two' has the same information, so the same actions are needed: x, y",
        ),
    ],
)
def test_what_makes_no_tree_is_refused(nodes, words):
    with pytest.raises(ValidationError) as caught:
        section(nodes)
    assert words in str(caught.value)


def test_names_of_actors_and_outcomes_must_be_their_own():
    with pytest.raises(ValidationError, match="named twice"):
        section(actors=("a", "a"))
    with pytest.raises(ValidationError, match="a node has the same name"):
        section(outcomes={"war": [0, 0], "one": [0, 0]})


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        ({"x": "1/3", "y": "1/3"}, "add up to 1 are needed, found 0.333333, 0.333333"),
        ({"x": "cost", "y": "1 - cost"}, "add up to 1 are needed, found 3, -2"),
        ({"x": "1 / (cost - 3)", "y": "1"}, "is not finite"),
        ({"x": "csot", "y": "1"}, "did you mean 'cost'"),
    ],
)
def test_probabilities_are_checked_at_their_values(chance, words):
    two = {"chance": chance, "actions": {"x": [1, 2], "y": "three"}}
    with pytest.raises(SimError, match=r"tree\.nodes\.two\.chance") as caught:
        tree_game(section({"two": two}), {"cost": 3})
    assert words in str(caught.value)


def test_thirds_in_doubles_are_probabilities():
    two = {"chance": {"x": "cost / 3", "y": "2 * cost / 3"}, "actions": {"x": [1, 2], "y": "three"}}
    tree = tree_game(section({"two": two}), {"cost": 1})
    assert sum(tree.nodes[1].amounts) == 1


YAML = """
parameters: {cost: {value: 1, range: [0, 2]}}
tree:
  actors: [entrant, incumbent]
  nodes:
    entry: {player: entrant, actions: {out: [0, 2], in: reply}}
    reply: {player: incumbent, actions: {fight: [-1, -cost], share: [1, 1]}}
"""


def test_a_file_is_solved_in_both_forms_at_the_values_that_are_set():
    scenario = sim.loads(YAML)
    (solution,) = sim.solve(scenario)
    assert solution.concept == "subgame_perfect"
    assert [m.payoffs for m in solution.equilibria] == [{"entrant": 1.0, "incumbent": 1.0}]
    (nash,) = sim.solve(scenario, ["pure_nash"])
    assert {tuple(m.payoffs.values()) for m in nash.equilibria} == {(0.0, 2.0), (1.0, 1.0)}
    with pytest.raises(NotDefinedError, match="sequential or strategic"):
        sim.solve(scenario, ["core"])


def test_a_wrong_tree_in_a_file_has_a_place():
    with pytest.raises(ScenarioError) as caught:
        sim.loads(YAML.replace("in: reply", "in: replay"), origin="x.yaml")
    assert "x.yaml:" in str(caught.value)
    assert "did you mean 'reply'" in str(caught.value)
