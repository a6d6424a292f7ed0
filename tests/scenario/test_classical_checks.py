"""Files of classical games: unknown names with their place, no words about disputes, exact tables."""

from fractions import Fraction

import pytest
import sim
from sim.errors import ScenarioError

TREE = """\
parameters: {cost: 0.5}
tree:
  actors: [a, b]
  outcomes: {war: [-1, 1 - cots]}
  nodes:
    start: {chance: {l: cst, r: 1/2}, actions: {l: war, r: [1, cos]}}
"""
BARGAINING = """\
parameters: {cost: 0.5}
bargaining:
  actors: [a, b]
  disagreement: {a: 0, b: cots}
  split: {surplus: 1 + cost, utilities: {a: x, b: sqrt(surplus - y)}}
  offers: {discount: {a: 0.9, b: dleta}, breakdown: {probability: q}}
"""
SPATIAL = """\
spatial:
  actors: {a: {position: p}, b: {position: 3, accepts: [1, q]}}
"""
DIVISION = """\
parameters: {cost: 0.5}
division: {actors: [a, b], items: {land: {a: 100, b: 2*cots}}}
"""


def problems(text):
    with pytest.raises(ScenarioError) as caught:
        sim.loads(text, origin="x.yaml")
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            TREE,
            [
                "x.yaml:4:28: tree.outcomes.war.1: unknown name 'cots'; did you mean 'cost'?",
                "x.yaml:6:25: tree.nodes.start.chance.l: unknown name 'cst'; did you mean 'cost'?",
                "x.yaml:6:64: tree.nodes.start.actions.r.1: "
                "unknown name 'cos'; did you mean 'cost'?",
            ],
        ),
        (
            BARGAINING,
            [
                "x.yaml:4:27: bargaining.disagreement.b: unknown name 'cots'; did you mean 'cost'?",
                "x.yaml:5:66: bargaining.split.utilities.b: "
                "unknown name 'y'; legal: cost, surplus, x",
                "x.yaml:6:34: bargaining.offers.discount.b: unknown name 'dleta'; legal: cost",
                "x.yaml:6:67: bargaining.offers.breakdown.probability: "
                "unknown name 'q'; legal: cost",
            ],
        ),
        (
            SPATIAL,
            [
                "x.yaml:2:26: spatial.actors.a.position: unknown name 'p'",
                "x.yaml:2:60: spatial.actors.b.accepts.1: unknown name 'q'",
            ],
        ),
        (
            DIVISION,
            ["x.yaml:2:56: division.items.land.b: unknown name 'cots'; did you mean 'cost'?"],
        ),
    ],
    ids=["tree", "bargaining", "spatial", "division"],
)
def test_unknown_names_have_their_place(text, expected):
    assert problems(text) == expected


@pytest.mark.parametrize(
    "text", [TREE, BARGAINING, DIVISION], ids=["tree", "bargaining", "division"]
)
def test_names_that_are_declared_are_accepted(text):
    declared = "{cost: 0.5, cots: 0.5, cst: 0.5, cos: 1, y: 0.1, dleta: 0.8, q: 0.1}"
    sim.loads(text.replace("{cost: 0.5}", declared))


def test_x_is_a_name_only_where_a_surplus_is_split():
    text = "bargaining: {actors: [a, b], disagreement: {a: 0, b: 0}, split: {surplus: x}}"
    assert problems(text) == ["x.yaml:1:75: bargaining.split.surplus: unknown name 'x'"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "strategic: {actors: {a: [x], b: [y]}, payofs: [[[1, 2]]]}",
            [
                "x.yaml:1:39: strategic.payofs: unknown key 'payofs'; did you mean 'payoffs'?",
            ],
        ),
        (
            "division: {actors: [a, b], itms: {land: {a: 1, b: 1}}}",
            [
                "x.yaml:1:28: division.itms: unknown key 'itms'; did you mean 'items'?",
            ],
        ),
        (
            "spatial: {actors: {a: {position: 1, salence: 2}}}",
            [
                "x.yaml:1:37: spatial.actors.a.salence: unknown key 'salence'; did you mean 'salience'?"
            ],
        ),
    ],
    ids=["strategic", "division", "spatial"],
)
def test_a_broken_classical_game_is_not_taken_for_a_dispute(text, expected):
    assert problems(text) == expected


def test_a_strategy_listed_twice_is_refused():
    text = "strategic: {actors: {a: [x, x], b: [y]}, payoffs: [[[1, 2]], [[0, 3]]]}"
    assert problems(text) == ["x.yaml:1:12: strategic: actors.a: 'x' is listed 2 times"]


def test_decimals_in_payoff_tables_are_exact():
    text = "strategic: {actors: {a: [x, y], b: [z]}, payoffs: [[[0.1, 1/3]], [[1e-3, -2]]]}"
    tables = sim.loads(text).document.strategic.tables()
    expected = [[Fraction(1, 10), Fraction(1, 1000)], [Fraction(1, 3), Fraction(-2)]]
    assert tables[..., 0].tolist() == expected
