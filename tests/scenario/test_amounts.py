"""Numbers of classical games as expressions in the file's parameters, exact where they are rational."""

from fractions import Fraction

import numpy as np
import pytest
import sim
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.errors import ScenarioError, UsageError
from sim.expressions import parse
from sim.expressions.exact import exact_value
from sim.scenario.amounts import read_amount

CHICKEN = """
parameters: {war: {cost: {value: 10, range: [1, 20]}}}
strategic:
  actors: {a: [yield, stand], b: [yield, stand]}
  payoffs:
    - [[0, 0], [-1, 1]]
    - [[1, -1], ["-war.cost", "-war.cost"]]
"""
CHICKEN_TREE = """
parameters: {war: {cost: {value: 10, range: [1, 20]}}}
tree:
  actors: [a, b]
  nodes:
    first: {player: a, actions: {yield: b1, stand: b2}}
    b1: {player: b, information: b, actions: {yield: [0, 0], stand: [-1, 1]}}
    b2: {player: b, information: b, actions: {yield: [1, -1], stand: ["-war.cost", "-war.cost"]}}
"""


@pytest.mark.parametrize("text", [CHICKEN, CHICKEN_TREE], ids=["table", "tree"])
@pytest.mark.parametrize("cost", [2, 7, 10, 20])
def test_chicken_stands_with_one_over_the_cost_of_war(text, cost):
    """By hand: who stands is paid 1 - (1 + cost) p, who yields -p, where the other stands with p."""
    (solution,) = sim.solve(sim.loads(text).with_values({"war.cost": cost}), "mixed_nash")
    (mixed,) = [m for m in solution.equilibria if len(m.strategies["a"]) == 2]
    for mix in mixed.extra["exact"].values():
        assert Fraction(next(p for label, p in mix.items() if "stand" in label)) == Fraction(
            1, cost
        )


def test_a_payoff_that_is_not_rational_is_a_double():
    scenario = sim.loads(CHICKEN.replace("-war.cost", "-sqrt(war.cost)")).with_values(
        {"war.cost": 9}
    )
    (solution,) = sim.solve(scenario, "mixed_nash")
    mixed = next(m for m in solution.equilibria if len(m.strategies["a"]) == 2)
    assert mixed.strategies["a"]["stand"] == pytest.approx(1 / 3, abs=1e-12)
    assert "exact" not in mixed.extra


def test_a_voting_body_and_a_coalitional_game_with_parameters():
    body = "parameters: {needed: 4}\nvoting: {weights: {a: 3, b: 2, c: 1}, quota: needed}"
    for needed, shares in ((4, [2 / 3, 1 / 6, 1 / 6]), (6, [1 / 3, 1 / 3, 1 / 3])):
        scenario = sim.loads(body).with_values({"needed": needed})
        (found,) = sim.solve(scenario, "shapley")
        assert list(found.equilibria[0].payoffs.values()) == pytest.approx(shares)
    with pytest.raises(UsageError, match="at most the sum of the weights"):
        sim.solve(sim.loads(body).with_values({"needed": 7}), "shapley")
    game = sim.loads(
        'parameters: {v: 40}\ncoalitional: {players: [a, b], values: {a: v, b: 1/3, "a, b": 2 * v}}'
    )
    exact = sim.solve(game, "shapley")[0].equilibria[0].extra["exact"]
    assert Fraction(exact["a"]) == 40 + (Fraction(80) - 40 - Fraction(1, 3)) / 2


CONFLICT = """
parameters: {us: {cost: {value: 0.5, range: [0, 3]}}}
conflict:
  options: {us: [press], them: [yield]}
  payoffs: {us: {NN: 0, YN: 1 - us.cost, NY: 2, YY: 2 - us.cost}}
  preferences: {them: [NN, NY, YY, YN]}
"""


def test_a_conflict_with_payoffs():
    """Pressing pays while it costs less than 1 and the other has not yielded."""
    scenario = sim.loads(CONFLICT)
    cheap = {m.outcome or m.agreement for m in sim.solve(scenario, "gmcr_nash")[0].equilibria}
    dear = sim.solve(scenario.with_values({"us.cost": 2}), "gmcr_nash")[0]
    tie = sim.solve(scenario.with_values({"us.cost": 1}), "gmr")[0]
    assert cheap == set()
    assert [m.outcome or m.agreement for m in dear.equilibria] == ["NN"]
    ranks = next(m.payoffs["us"] for m in tie.equilibria if (m.outcome or m.agreement) == "NN")
    assert ranks == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            CHICKEN.replace('"-war.cost",', '"-war.cots",'),
            "unknown name 'war.cots'; did you mean 'war.cost'",
        ),
        (CHICKEN.replace('"-war.cost",', '"1 +",'), "payoffs[1][1][0]: '1 +'"),
        (
            CHICKEN.replace('"-war.cost",', '"1/0",'),
            "payoffs[1][1][0]: '1/0' is not a finite number",
        ),
        (
            CHICKEN.replace('"-war.cost",', "[1],"),
            "payoffs[1][1][0]: a payoff is needed, found a list",
        ),
        (CONFLICT.replace("NN: 0, ", ""), "us: states left out: NN"),
        (CONFLICT.replace("{them:", "{us: [NN, YN, NY, YY], them:"), "has a ranking and payoffs"),
        (CONFLICT.replace("1 - us.cost", "1 - us.cots"), "unknown name 'us.cots'"),
        ("voting: {weights: {a: many}, quota: 1}", "unknown name 'many'"),
    ],
)
def test_what_is_wrong_is_said(text, words):
    with pytest.raises(ScenarioError) as error:
        sim.loads(text)
    assert words in str(error.value)


def test_a_payoff_that_has_no_value_at_a_point_is_named():
    scenario = sim.loads(CHICKEN.replace('"-war.cost",', '"1/(war.cost - 5)",'))
    with pytest.raises(
        UsageError, match=r"strategic.payoffs\[1\]\[1\]\[0\]: '1/\(war.cost - 5\)' is not"
    ):
        sim.solve(scenario.with_values({"war.cost": 5}), "pure_nash")


EXPRESSIONS = ["a + b", "a - b - 1", "a * b / 3", "-a", "min(a, b)", "max(a, 2)", "abs(a - b)"]
EXPRESSIONS += ["clip(a, 0, 1)", "a ** 2", "a <= b", "(a > b) * 3 + 0.1"]


@settings(deadline=None, max_examples=80)
@given(st.sampled_from(EXPRESSIONS), st.integers(-30, 30), st.integers(1, 30))
def test_exact_values_round_to_the_values(text, a, b):
    values = {"a": a / 10, "b": b / 10}
    found = exact_value(parse(text).tree, values)
    assert float(found) == pytest.approx(float(parse(text).evaluate(values)), abs=1e-12)


def test_decimals_count_as_written():
    assert exact_value(parse("x + 0.2 - 0.3").tree, {"x": 0.1}) == 0
    assert read_amount(0.1) == Fraction(1, 10)
    assert exact_value(parse("log(x)").tree, {"x": 1}) is None


def test_a_batch_of_games_is_the_games_one_by_one():
    from sim.games.files.strategic import strategic_game, strategic_games

    section = sim.loads(CHICKEN).document.strategic
    costs = np.array([1.0, 2.5, 20.0])
    batch = strategic_games(section, {"war.cost": costs})
    for k, cost in enumerate(costs):
        alone = strategic_game(section, {"war.cost": cost})
        assert np.array_equal(batch.payoffs[..., k], alone.payoffs[..., 0])
