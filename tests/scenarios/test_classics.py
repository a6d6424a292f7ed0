"""The classical files of crisis bargaining and two-by-two games give the published numbers.

Closed forms are those of Fearon (1995), Rationalist Explanations for War, International Organization
49(3), 379-414, and Powell (1999), In the Shadow of Power, restated beside each table.
"""

from pathlib import Path

import numpy as np
import pytest
import sim
from sim.certified import strips
from sim.feasibility.bridges.bargaining import bargaining_of
from sim.solving import game_of

CLASSICS = Path(__file__).parents[2] / "scenarios" / "classics"
EXACT = 1e-9


def load(name, **values):
    scenario = sim.load(CLASSICS / f"{name}.yaml")
    return scenario.with_values({path.replace("__", "."): v for path, v in values.items()})


# Fearon: settlements x (a's share) with p - cost_a <= x <= p + cost_b
RANGES = [
    (0.5, 0.2, 0.1, 0.3, 0.6),
    (0.7, 0.1, 0.2, 0.6, 0.9),
    (0.5, 0.0, 0.0, 0.5, 0.5),
]


@pytest.mark.parametrize(("p", "cost_a", "cost_b", "low", "high"), RANGES)
def test_fearon_range(p, cost_a, cost_b, low, high):
    scenario = load("fearon-crisis", p=p, cost__a=cost_a, cost__b=cost_b)
    crossings = strips(scenario, paths=["share"]).thresholds[0].at
    assert (crossings[0], crossings[-1]) == pytest.approx((low, high), abs=EXACT)
    inside = scenario.with_values({"share": (low + high) / 2})
    assert sim.explain(inside).feasible is (True if low < high else None)
    for outside in (low - 1e-6, high + 1e-6):
        assert sim.explain(scenario.with_values({"share": outside})).feasible is False


@pytest.mark.parametrize(("p", "cost_a", "cost_b", "low", "high"), RANGES)
def test_who_makes_the_final_offer_takes_the_surplus(p, cost_a, cost_b, low, high):
    text = (CLASSICS / "fearon-ultimatum.yaml").read_text()
    for proposer, share in (("a", high), ("b", low)):
        scenario = sim.loads(text.replace("proposer: a}", f"proposer: {proposer}}}"))
        scenario = scenario.with_values({"p": p, "cost.a": cost_a, "cost.b": cost_b})
        (solution,) = sim.solve(scenario)
        best = max(solution.equilibria, key=lambda m: m.payoffs[proposer])
        expected = {"a": share, "b": 1 - share}
        assert solution.exhaustive
        assert best.payoffs == pytest.approx(expected, abs=EXACT)
        assert all(m.regret <= EXACT for m in solution.equilibria)


@pytest.mark.parametrize(("p", "cost_a", "cost_b", "low", "high"), RANGES)
def test_the_grid_of_offers_holds_both_ends_of_the_range(p, cost_a, cost_b, low, high):
    problem = bargaining_of(load("fearon-ultimatum", p=p, cost__a=cost_a, cost__b=cost_b))
    gains = problem.utilities[..., 0] - problem.disagreement
    shares = problem.utilities[0, 1:, 0][(gains[:, 1:] >= -EXACT).all(axis=0)]
    assert (shares.min(), shares.max()) == pytest.approx((low, high), abs=EXACT)


# Cost of war to b uniform on [0, cost_max]: demand p + (cost_max - cost_a) / 2 and probability of war
# (1 - cost_a / cost_max) / 2; at a corner where cost_a > cost_max
UNKNOWN = [
    (0.5, 0.1, 0.5, 0.7, 0.4),
    (0.5, 0.1, 0.3, 0.6, 1 / 3),
    (0.5, 0.3, 0.2, 0.5, 0.0),
    (0.6, 0.05, 0.2, 0.675, 0.375),
]


@pytest.mark.parametrize(("p", "cost_a", "cost_max", "demand", "war"), UNKNOWN)
def test_a_demand_to_an_adversary_of_unknown_resolve(p, cost_a, cost_max, demand, war):
    scenario = load("take-it-or-leave-it-unknown-cost", p=p, cost_a=cost_a, cost_max=cost_max)
    (solution,) = sim.solve(scenario)
    (best,) = solution.equilibria
    assert solution.exhaustive
    assert best.extra["offer"] == pytest.approx(demand, abs=EXACT)
    assert best.extra["answers"]["fight"] == pytest.approx(war, abs=EXACT)
    assert best.payoffs["a"] == pytest.approx((1 - war) * demand + war * (p - cost_a), abs=EXACT)
    assert best.regret <= EXACT


def probability_of_war(member):
    """From the chances of outcomes by name; a single outcome has all the chance."""
    outcomes = member.extra.get("outcomes") or {member.outcome: 1.0}
    return sum(chance for name, chance in outcomes.items() if name.startswith("war"))


def test_a_game_that_stands_for_a_continuum_says_how_far_it_may_be_off():
    scenario = sim.loads(
        "parameters: {step: 0.25}\n"
        "discretised: {of: the share, error: {the share: step/2}}\n"
        "strategic: {actors: {a: [l, r]}, payoffs: [[1], [2]]}"
    )
    (solution,) = sim.solve(scenario, "pure_nash")
    assert not solution.exhaustive
    assert "a continuum in steps (the share): the share to within 0.125" in solution.note


# Two types: safe demand p + cost.tough, risky demand p + cost.soft; the risk is taken exactly when
# q < (cost.soft - cost.tough) / (cost.soft + cost.a)
def demands(scenario):
    """Per demand the most that a gets when types that are indifferent accept."""
    game = game_of(scenario, "strategic")
    accept = next(
        k
        for k, label in enumerate(game.strategies[1])
        if all(
            f"{node}: accept" in label
            for node in ("tough at safe", "soft at safe", "soft at risky")
        )
        and "tough at risky: fight" in label
    )
    return dict(zip(game.strategies[0], game.payoffs[0, :, accept, 0], strict=True))


@pytest.mark.parametrize(
    ("q", "safe", "risky", "chosen"),
    [(0.5, 0.6, 0.65, {"risky"}), (0.6, 0.6, 0.6, {"safe", "risky"}), (0.7, 0.6, 0.55, {"safe"})],
)
def test_a_demand_to_one_of_two_types(q, safe, risky, chosen):
    scenario = load("two-types", q=q)
    assert demands(scenario) == pytest.approx({"safe": safe, "risky": risky}, abs=EXACT)
    (solution,) = sim.solve(scenario)
    top = max(m.payoffs["a"] for m in solution.equilibria)
    best = [m for m in solution.equilibria if m.payoffs["a"] > top - EXACT]
    assert solution.exhaustive
    assert {next(iter(m.strategies["a"])) for m in best} == chosen
    expected = {"safe": 0.0, "risky": q}
    for member in best:
        assert probability_of_war(member) == pytest.approx(
            expected[next(iter(member.strategies["a"]))]
        )


def test_the_risk_is_taken_up_to_the_published_probability():
    low, high = 0.0, 1.0
    while high - low > 1e-11:
        middle = (low + high) / 2
        of = demands(load("two-types", q=middle))
        low, high = (middle, high) if of["risky"] > of["safe"] else (low, middle)
    assert high == pytest.approx((0.4 - 0.1) / (0.4 + 0.1), abs=EXACT)


# Fearon: b attacks if discount * tomorrow - today > cost_b * (1 - discount)^2
@pytest.mark.parametrize(
    ("today", "tomorrow", "discount", "cost", "peace"),
    [(0.3, 0.6, 0.9, 0.5, False), (0.3, 0.32, 0.9, 0.5, True), (0.3, 0.7, 0.5, 0.2, None)],
)
def test_preventive_war(today, tomorrow, discount, cost, peace):
    values = {"strength__today": today, "discount": discount, "cost__b": cost}
    scenario = load("preventive-war", strength__tomorrow=tomorrow, **values)
    verdict = sim.explain(scenario)
    assert verdict.feasible is peace
    # far below, where a itself is in decline, it is a that would rather fight today
    flip = strips(scenario, paths=["strength.tomorrow"]).thresholds[0].at[-1]
    assert flip == pytest.approx((today + cost * (1 - discount) ** 2) / discount, abs=EXACT)
    gain = today - discount * tomorrow + cost * (1 - discount) ** 2
    terms = verdict.terms["b"]
    assert sum(new - old for old, new in terms.values()) == pytest.approx(gain, abs=EXACT)
    if peace is False:
        (solution,) = sim.solve(scenario)
        assert [m.outcome for m in solution.equilibria] == ["war"]


# The range of Fearon against bundles of whole islands by area: 346, 1836, 2501.5 and 5003 of 5003 km2
BUNDLES = {
    "none": 0.0,
    "habomai and shikotan": 346 / 5003,
    "habomai, shikotan and kunashiri": 1836 / 5003,
    "half of the area": 0.5,
    "all four": 1.0,
}


@pytest.mark.parametrize(
    ("p", "japan", "russia", "feasible"),
    [
        (0.5, 0.1, 0.1, ["half of the area"]),
        (0.2, 0.1, 0.1, []),
        (0.05, 0.05, 0.05, ["none", "habomai and shikotan"]),
        (0.3, 0.05, 0.1, ["habomai, shikotan and kunashiri"]),
    ],
)
def test_indivisible_islands(p, japan, russia, feasible):
    scenario = load("indivisible-islands", p=p, cost__japan=japan, cost__russia=russia)
    problem = bargaining_of(scenario)
    gains = problem.utilities[..., 0] - problem.disagreement
    better = (gains >= -EXACT).all(axis=0)
    found = [a for a, ok in zip(problem.agreements, better, strict=True) if ok]
    assert [label for label in found if label != "conflict"] == feasible
    shares = dict(zip(problem.agreements, problem.utilities[0, :, 0], strict=True))
    assert {label: shares[label] for label in BUNDLES} == pytest.approx(BUNDLES, abs=EXACT)
    assert [
        b for b, x in BUNDLES.items() if p - japan - EXACT <= x <= p + russia + EXACT
    ] == feasible
    assert sim.explain(scenario).feasible is bool(feasible)


# Osborne & Rubinstein (1994), examples 15.3, 16.2, 16.3; Osborne (2004), section 2.5
SMALL = {
    "prisoners-dilemma": [((0, 1), (0, 1))],
    "chicken": [((1, 0), (0, 1)), ((1 / 2, 1 / 2), (1 / 2, 1 / 2)), ((0, 1), (1, 0))],
    "stag-hunt": [((1, 0), (1, 0)), ((1 / 2, 1 / 2), (1 / 2, 1 / 2)), ((0, 1), (0, 1))],
    "battle-of-the-sexes": [((1, 0), (1, 0)), ((2 / 3, 1 / 3), (1 / 3, 2 / 3)), ((0, 1), (0, 1))],
}


@pytest.mark.parametrize("name", SMALL)
def test_small_games(name):
    scenario = load(name)
    game = game_of(scenario, "strategic")
    (solution,) = sim.solve(scenario, ["mixed_nash"])
    found = [
        [[m.strategies[a].get(label, 0.0) for label in labels] for a, labels in menus]
        for menus in [list(zip(game.actors, game.strategies, strict=True))]
        for m in solution.equilibria
    ]
    assert solution.exhaustive
    assert np.allclose(sorted(found), sorted(map(list, SMALL[name])), atol=EXACT, rtol=0)
    assert all(m.regret <= EXACT for m in solution.equilibria)


def test_arming_is_the_only_rationalizable_strategy_of_the_dilemma():
    (solution,) = sim.solve(load("prisoners-dilemma"), ["rationalizable"])
    assert all(set(mix) == {"arm"} for m in solution.equilibria for mix in m.strategies.values())
