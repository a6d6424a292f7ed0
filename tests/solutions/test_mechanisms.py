"""Mechanisms with private information: published cases, the conditions checked by hand, naive programs."""

from __future__ import annotations

import itertools
import json
import random
from fractions import Fraction

import numpy as np
import pytest
import sim
from scipy.optimize import linprog
from sim.cli import run
from sim.errors import NotDefinedError, ScenarioError, UsageError
from sim.games.mechanism import MechanismProblem
from sim.games.strategic import StrategicGame
from sim.solutions.mechanism.arbitrator import arbitrator
from sim.solutions.mechanism.communication import communication
from sim.solutions.mechanism.mediator import mediator
from sim.solutions.strategic.correlated import correlated


def grid_trade(n):
    return sim.loads(
        json.dumps(
            {
                "mechanism": {
                    "actors": {
                        "seller": {"grid": {"cost": {"from": 0, "to": 1, "count": n}}},
                        "buyer": {"grid": {"worth": {"from": 0, "to": 1, "count": n}}},
                    },
                    "outcomes": {
                        "no": {"seller": 0, "buyer": 0},
                        "sale": {"seller": "-seller.cost", "buyer": "buyer.worth"},
                    },
                    "transfers": True,
                }
            }
        )
    )


def value(scenario, concept, goal):
    (solution,) = sim.solve(scenario, concept, objective=goal)
    (member,) = solution.members
    assert member.regret < 1e-9
    assert member.extra["gap"] < 1e-9
    return member.extra["value"]


def by_virtual_values(n):
    """Myerson and Satterthwaite (1983): trade by virtual values; the dual's best point, in fractions.

    Rents of neighbouring types make a buyer of worth ``v_k`` count ``v_k - (n - 1 - k) / n`` and a seller of
    cost ``c_j`` count ``c_j + j / n``; trade must pay for the rents on average.
    """
    middles = [Fraction(2 * k + 1, 2 * n) for k in range(n)]
    cells = [
        (v - c, v - Fraction(n - 1 - k, n) - c - Fraction(j, n))
        for k, v in enumerate(middles)
        for j, c in enumerate(middles)
    ]
    kinks = {0, *(-gain / rent for gain, rent in cells if gain > 0 > rent)}
    return min(sum(max(0, gain + x * rent) for gain, rent in cells) for x in kinks) / n**2


@pytest.mark.parametrize("n", [2, 5, 10])
def test_sales_between_types_on_a_grid_are_those_of_virtual_values(n):
    assert value(grid_trade(n), "arbitrator", "welfare max") == pytest.approx(
        float(by_virtual_values(n)), abs=1e-9
    )


def test_on_finer_grids_gains_fall_towards_nine_sixty_fourths():
    """Of 1/6 that would be efficient; the limit is that of Myerson and Satterthwaite (1983), section 3."""
    gains = [value(grid_trade(n), "arbitrator", "welfare max") for n in (5, 10, 20)]
    assert 9 / 64 < gains[2] < gains[1] < gains[0]
    assert gains[2] - 9 / 64 < 0.65 * (gains[1] - 9 / 64)


def test_two_types_sell_in_five_cases_of_six_where_little_is_at_stake():
    """Worked by hand: rents of 0.4 per chance leave 1/4 + 5/6 * 1/10 = 1/3 of 0.35."""
    scenario = sim.load("classics/bilateral-trade")
    (solution,) = sim.solve(scenario, "arbitrator", objective="welfare max")
    (best,) = solution.members
    assert best.extra["value"] == pytest.approx(1 / 3, abs=1e-9)
    assert best.extra["with_types_known"] == pytest.approx(0.35, abs=1e-9)
    plan = best.extra["by_profile"]
    assert plan["seller eager, buyer eager"] == pytest.approx({"sale": 1})
    assert plan["seller reluctant, buyer reluctant"] == pytest.approx({"no sale": 1})
    little = [
        plan[f"seller {a}, buyer {b}"]["sale"]
        for a, b in (("eager", "reluctant"), ("reluctant", "eager"))
    ]
    assert sum(little) == pytest.approx(5 / 3)
    assert any(
        "seller, eager, must not gain by saying reluctant" in r for r in best.extra["reasons"]
    )


def symmetric_peace(q, p, theta):
    """The arbitrator's program: a chance of peace for each pair of types, and the strong's expected share."""
    even, strong, weak = theta / 2, theta * p, theta * (1 - p)
    # hawks, mixed, mixed * share of the hawk, doves
    cost = -np.array([q * q, 2 * q * (1 - q), 0, (1 - q) ** 2])
    hawk = np.array([q * (0.5 - even), -(1 - q) * strong, 1 - q, 0])
    dove = np.array([0, q * (1 - weak), -q, (1 - q) * (0.5 - even)])
    as_hawk = np.array([q * (0.5 - weak), -(1 - q) * even, 1 - q, 0])
    as_dove = np.array([0, q * (1 - even), -q, (1 - q) * (0.5 - strong)])
    share = np.array([0, -1, 1, 0])
    rows = np.array([-hawk, -dove, as_hawk - dove, as_dove - hawk, share])
    found = linprog(cost, A_ub=rows, b_ub=np.zeros(5), bounds=[(0, 1)] * 4, method="highs")
    return -found.fun


@pytest.mark.parametrize(
    ("strong", "p", "theta", "published"),
    [(0.3, 0.8, 0.7, 1), (0.5, 0.8, 0.7, 1), (0.3, 0.9, 0.8, 0.669268)],
)
def test_a_mediator_keeps_the_peace_as_often_as_an_arbitrator(strong, p, theta, published):
    """Hoerner, Morelli and Squintani (2015)."""
    scenario = sim.load("classics/mediation-and-peace")
    scenario = scenario.with_values({"strong": strong, "p": p, "theta": theta})
    for concept in ("arbitrator", "mediator"):
        found = value(scenario, concept, "agreement max")
        assert found == pytest.approx(published, abs=5e-7)
        assert found == pytest.approx(symmetric_peace(strong, p, theta), abs=1e-9)


# --- the definitions, slowly ---


def drawn(seed, *, actors=2, types=2, outcomes=3, actions=()):
    rng = np.random.default_rng(seed)
    shape = (types,) * actors
    prior = rng.integers(1, 4, shape).astype(float)
    sizes = actions or (outcomes,)
    return MechanismProblem(
        actors=tuple("abc"[:actors]),
        types=tuple(tuple(f"t{k}" for k in range(types)) for _ in range(actors)),
        prior=prior / prior.sum(),
        outcomes=tuple(map(str, range(int(np.prod(sizes))))),
        payoffs=rng.integers(-3, 4, (actors, int(np.prod(sizes)), *shape)).astype(float),
        actions=tuple(tuple(map(str, range(n))) for n in actions),
    )


def expected(problem, plan, actor, own, said, payoffs):
    """What a type expects when it says another, others telling the truth, given its own type."""
    total = weight = 0.0
    for place in np.ndindex(*problem.prior.shape):
        if place[actor] != own:
            continue
        told = (*place[:actor], said, *place[actor + 1 :])
        weight += problem.prior[place]
        total += problem.prior[place] * sum(
            plan[told][x] * payoffs[x][place] for x in range(len(problem.outcomes))
        )
    return total / weight


def plan_of(problem, member):
    names = iter(problem.profile_names())
    return {
        place: [member.extra["by_profile"][name].get(x, 0.0) for x in problem.outcomes]
        for place, name in zip(np.ndindex(*problem.prior.shape), names, strict=True)
    }


@pytest.mark.parametrize("seed", range(6))
def test_an_arbitrators_plans_are_truthful_and_voluntary(seed):
    problem = drawn(seed, actors=2 + seed % 2)
    for member in arbitrator(problem).members:
        plan = plan_of(problem, member)
        for actor, own in itertools.product(range(len(problem.actors)), range(2)):
            payoffs = problem.payoffs[actor]
            truth = expected(problem, plan, actor, own, own, payoffs)
            assert truth >= expected(problem, plan, actor, own, 1 - own, payoffs) - 1e-9
            refused = np.broadcast_to(payoffs[:1], payoffs.shape)
            assert truth >= expected(problem, plan, actor, own, own, refused) - 1e-9


def best_after_any_lie(problem, plan, actor, own, told, answers):
    """The best report with the best answer to everything told."""
    best = -np.inf
    for said in range(len(problem.types[actor])):
        total = 0.0
        for k in sorted(set(told)):
            kept = {
                t: [p if told[x] == k else 0.0 for x, p in enumerate(row)]
                for t, row in plan.items()
            }
            total += max(expected(problem, kept, actor, own, said, answer) for answer in answers)
        best = max(best, total)
    return best


@pytest.mark.parametrize("seed", range(6))
def test_nobody_gains_by_lying_and_disobeying(seed):
    played = seed % 2 == 1
    problem = drawn(seed, actions=(2, 2) if played else ())
    for member in (communication if played else mediator)(problem).members:
        plan = plan_of(problem, member)
        for actor, own in itertools.product(range(2), range(2)):
            payoffs = problem.payoffs[actor]
            if played:
                told = [(x // 2, x % 2)[actor] for x in range(4)]
                answers = [
                    np.stack(
                        [
                            payoffs[2 * k + x % 2 if actor == 0 else 2 * (x // 2) + k]
                            for x in range(4)
                        ]
                    )
                    for k in range(2)
                ]
            else:
                told = list(range(len(problem.outcomes)))
                answers = [payoffs, np.broadcast_to(payoffs[:1], payoffs.shape)]
            truth = expected(problem, plan, actor, own, own, payoffs)
            best = best_after_any_lie(problem, plan, actor, own, told, answers)
            assert truth >= best - 1e-9


@pytest.mark.parametrize("seed", range(4))
def test_a_naive_program_of_all_conditions_attains_the_same(seed):
    problem = drawn(seed, types=3)
    places = list(np.ndindex(*problem.prior.shape))
    column = {(x, t): k for k, (x, t) in enumerate(itertools.product(range(3), places))}
    rows = []
    for actor, own, said in itertools.product(range(2), range(3), range(3)):
        row = np.zeros(len(column))
        for t in (t for t in places if t[actor] == own):
            other = (*t[:actor], said, *t[actor + 1 :])
            for x in range(3):
                u = problem.payoffs[actor][x][t]
                row[column[x, t]] -= problem.prior[t] * (
                    u - (own == said) * problem.payoffs[actor][0][t]
                )
                row[column[x, other]] += problem.prior[t] * u * (own != said)
        rows.append(row)
    sums = np.array([[float(k[1] == t) for k in column] for t in places])
    goal = [problem.prior[t] * problem.payoffs[:, x][(slice(None), *t)].sum() for x, t in column]
    for sign, name in ((1, "welfare max"), (-1, "welfare min")):
        naive = linprog(
            -sign * np.array(goal), A_ub=np.array(rows), b_ub=np.zeros(len(rows)), A_eq=sums,
            b_eq=np.ones(len(places)), method="highs",
        )  # fmt: skip
        (member,) = arbitrator(problem, objective=name).members
        assert member.extra["value"] == pytest.approx(-sign * naive.fun, abs=1e-7)


@pytest.mark.parametrize("seed", range(4))
def test_with_one_type_each_communication_is_correlated_play(seed):
    rng = random.Random(seed)
    table = np.array([[[rng.randint(0, 5) for _ in range(3)] for _ in range(2)] for _ in range(2)])
    problem = MechanismProblem(
        actors=("row", "column"),
        types=(("only",), ("only",)),
        prior=np.ones((1, 1)),
        outcomes=tuple(map(str, range(6))),
        payoffs=table.reshape(2, 6, 1, 1).astype(float),
        actions=(("u", "d"), ("l", "m", "r")),
    )
    game = StrategicGame.from_bimatrix(table[0], table[1])
    for goal in ("welfare max", "welfare min"):
        (ours,) = communication(problem, objective=goal).members
        (theirs,) = correlated(game, objective=goal).members
        assert ours.extra["value"] == pytest.approx(theirs.extra["value"], abs=1e-9)


def test_every_pure_bayesian_equilibrium_is_a_communication_equilibrium():
    problem = drawn(3, actions=(2, 2))
    (best,) = communication(problem, objective="a").members
    (worst,) = communication(problem, objective="welfare min").members
    for plays in itertools.product(itertools.product(range(2), repeat=2), repeat=2):
        plan = {
            t: [float((x // 2, x % 2) == (plays[0][t[0]], plays[1][t[1]])) for x in range(4)]
            for t in np.ndindex(2, 2)
        }
        if not all(
            problem_worth(problem, plan, i, own)
            >= problem_worth(problem, deviate(plays, i, own), i, own) - 1e-12
            for i, own in itertools.product(range(2), range(2))
        ):
            continue
        values = [
            sum(problem.prior[t] * problem.payoffs[i][row.index(1.0)][t] for t, row in plan.items())
            for i in range(2)
        ]
        assert values[0] <= best.extra["value"] + 1e-9
        assert sum(values) >= worst.extra["value"] - 1e-9


def problem_worth(problem, plan, actor, own):
    return expected(problem, plan, actor, own, own, problem.payoffs[actor])


def deviate(plays, actor, own):
    """The plan in which one type of an actor plays its other action."""
    changed = [list(p) for p in plays]
    changed[actor][own] = 1 - changed[actor][own]
    return {
        t: [float((x // 2, x % 2) == (changed[0][t[0]], changed[1][t[1]])) for x in range(4)]
        for t in np.ndindex(2, 2)
    }


def test_correlated_types_and_steps_are_read_from_a_file():
    scenario = sim.loads(
        """
parameters: {p: 0.25}
mechanism:
  actors:
    a: {types: {lo: {chance: 1/2, c: 0}, hi: {chance: 1/2, c: 1}}}
    b: {types: {lo: {chance: 1/2, c: 0}, hi: {chance: 1/2, c: 1}}}
  weight: 1 + 2*a.c*b.c
  outcomes:
    no: {a: 0, b: 0}
    split: {along: {x: {from: 0, to: 1, steps: 2, also: [p]}}, payoffs: {a: x - a.c, b: 1 - x}}
"""
    )
    problem = sim.solving.game_of(scenario, "mechanism")
    assert problem.prior.tolist() == [[1 / 6, 1 / 6], [1 / 6, 1 / 2]]
    assert problem.outcomes == ("no", "split 0", "split 0.25", "split 0.5", "split 1")
    assert problem.payoffs[0, 2, 1].tolist() == [-0.75, -0.75]


BAD = [
    (
        "{types: {x: {chance: 1/2}}}",
        "{no: {a: 0}}",
        "",
        "chances of types must not be negative and add up to 1",
    ),
    ("{types: {x: {cost: 1}}}", "{no: {a: 0}}", "", "actors.a: types.x: a type needs a 'chance'"),
    ("{}", "{no: {a: 0}}", "", "either 'types' or a 'grid'"),
    ("{types: {x: {chance: 1}}}", "{no: {b: 0}}", "", "payoffs of exactly a are needed"),
    ("{types: {x: {chance: 1}}}", "{no: {a: a.cots}}", "", "unknown name 'a.cots'"),
    (
        "{types: {x: {chance: 1}}}",
        "{l: {a: 0}}",
        "actions: {a: [l, r]}",
        "the profile 'r' has no payoffs",
    ),
    ("{types: {x: {chance: 1}}}", "{no: {a: 1/0}}", "", "is not finite"),
]


@pytest.mark.parametrize(("actor", "outcomes", "more", "words"), BAD)
def test_what_is_wrong_is_said(tmp_path, capsys, actor, outcomes, more, words):
    path = tmp_path / "x.yaml"
    path.write_text(f"mechanism:\n  actors: {{a: {actor}}}\n  outcomes: {outcomes}\n  {more}\n")
    assert run(["solve", str(path)]) == 2
    assert words in " ".join(capsys.readouterr().err.split())


def test_what_a_concept_is_not_asked_of_is_refused():
    trade, game = sim.load("classics/bilateral-trade"), drawn(0, actions=(2, 2))
    with pytest.raises(NotDefinedError, match="cannot enforce payments"):
        sim.solve(trade, "mediator")
    with pytest.raises(NotDefinedError, match="games with 'actions'"):
        sim.solve(trade, "communication")
    with pytest.raises(NotDefinedError, match="ask for communication"):
        arbitrator(game)
    with pytest.raises(UsageError, match="did you mean 'welfare max'"):
        arbitrator(drawn(0), objective="welfare mxa")
    with pytest.raises(ScenarioError, match="neither transfers"):
        sim.loads(
            "mechanism: {actors: {a: {types: {x: {chance: 1}}}}, actions: {a: [l]}, transfers: true, "
            "outcomes: {l: {a: 0}}}"
        )
