"""The most that a mediator could do in a dispute with types: by hand, and against a program written out."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import sim
from scipy.optimize import linprog
from sim.feasibility.private.by_type import private_information
from sim.feasibility.private.mediated import mediated

TRADE = """
parameters: {{cost: 0, worth: 1}}
issues:
  price: {{none: {{}}, {prices}}}
outcomes: {{treaty: signed}}
actors:
  seller:
    role: principal
    types: {{low: {{chance: 0.5, set: {{cost: 0}}}}, high: {{chance: 0.5, set: {{cost: 0.8}}}}}}
  buyer:
    role: principal
    types: {{low: {{chance: 0.5, set: {{worth: 0.2}}}}, high: {{chance: 0.5, set: {{worth: 1}}}}}}
payoffs: {{seller: {{gain: (price - cost)*signed}}, buyer: {{gain: (worth - price)*signed}}}}
"""


def test_bilateral_trade_by_hand():
    """Trade where there are gains would come with 3/4 and bring 0.35 [Myerson and Satterthwaite 1983].

    Prices can be mixed, so that plans with transfers are no better. In terms of virtual costs 0 and 1.6 and
    virtual worths -0.6 and 1 the chances of trade must have -0.6 ll + lh - 2.2 hl - 0.6 hh >= 0: the most is
    lh = 1, ll + hh = 5/3, so a treaty with (1 + 5/3)/4, and gains of (1 + 0.2 * 5/3)/4.
    """
    prices = ", ".join(f"p{k}: {{signed: 1, price: {k / 10}}}" for k in range(11))
    scenario = sim.loads(TRADE.format(prices=prices))
    found = mediated(scenario)
    assert found.treaty.value == pytest.approx(2 / 3, abs=1e-9)
    assert found.treaty.known == pytest.approx(3 / 4, abs=1e-9)
    assert found.gains.known == pytest.approx(0.35, abs=1e-9)
    assert found.gains.value == pytest.approx(1 / 3, abs=1e-9)
    kinds = {(one.kind, one.actor, one.type, one.said) for one in found.treaty.reasons}
    assert ("truth", "seller", "low", "high") in kinds


VOW = """
parameters: {{no_deal: 0, eager: 0, vowed: 0, p: {hard}}}
issues: {{land: {{no agreement: {{}}, half: {{signed: 1}}, all: {{signed: 1, all: 1}}}}}}
outcomes: {{treaty: signed}}
actors:
  x:
    role: principal
    types: {{hard: {{chance: p, set: {{no_deal: {high}}}}}, soft: {{chance: 1 - p, set: {{no_deal: 0.1}}}}}}
  y:
    role: principal
    types: {{eager: {{chance: 0.6, set: {{eager: 1}}}}, calm: {{chance: 0.4}}}}
payoffs:
  x: {{land: 0.5*signed + 0.5*all, alone: no_deal*(1 - signed), vow: "-{shame}*vowed*(signed - all)"}}
  y: {{land: 0.5*signed - {dear}*all + 0.25*eager*signed, alone: 0.1*(1 - vowed)*(1 - signed)}}
domestic: {{x: {{line: {{type: veto_player, utility: 0.6 - no_deal + all}}}}}}
game: [{{signal: x, messages: {{silent: {{}}, vow: {{vowed: 1}}}}}}, {{offer: y}}, {{reply: x}}, ratify]
"""
CASES = [
    {"hard": 0.3, "high": 0.7, "shame": 0.2, "dear": 0.6},
    {"hard": 0.6, "high": 0.8, "shame": 0.4, "dear": 0.9},
    {"hard": 0.5, "high": 0.55, "shame": 0.1, "dear": 0.75},
]


def by_definition(hard, high, shame, dear):
    """The largest chance of a treaty: every condition written out, in units of payoff."""
    own, chance = {"hard": high, "soft": 0.1}, {"hard": hard, "soft": 1 - hard}
    types = [*product(("hard", "soft"), ("eager", "calm"))]
    prior = {t: chance[t[0]] * {"eager": 0.6, "calm": 0.4}[t[1]] for t in types}
    plans = [*product((0, 1), ("no agreement", "half", "all"))]
    column = {key: k for k, key in enumerate(product(plans, types))}

    def worth(who, plan, t):
        vowed, land = plan
        if land == "half" and 0.6 - own[t[0]] < 0:
            land = "no agreement"
        signed, whole = land != "no agreement", land == "all"
        if who == 0:
            return (
                0.5 * signed
                + 0.5 * whole
                + own[t[0]] * (not signed)
                - shame * vowed * (signed - whole)
            )
        return (
            0.5 * signed
            - dear * whole
            + 0.25 * (t[1] == "eager") * signed
            + 0.1 * (1 - vowed) * (not signed)
        )

    def expected(who, real, said):
        row = np.zeros(len(column))
        other = {u[1 - who] for u in types}
        for o in other:
            t, r = ((real, o), (said, o)) if who == 0 else ((o, real), (o, said))
            weight = prior[t] / sum(prior[u] for u in types if u[who] == real)
            for plan in plans:
                row[column[plan, r]] += weight * worth(who, plan, t)
        return row

    rows, upper = [], []
    names = ("hard", "soft"), ("eager", "calm")
    for who in (0, 1):
        for real in names[who]:
            truth = expected(who, real, real)
            refused = (
                own[real] if who == 0 else 0.0
            )  # x may vow or not; y's refusal is met by a vow
            rows.append(-truth)
            upper.append(-refused)
            for said in names[who]:
                rows.append(expected(who, real, said) - truth)
                upper.append(0.0)
    goal = np.zeros(len(column))
    for (plan, t), k in column.items():
        passes = plan[1] == "all" or (plan[1] == "half" and 0.6 - own[t[0]] >= 0)
        goal[k] = prior[t] * passes
    each = [[float(t == u) for _, u in column] for t in types]
    found = linprog(
        -goal, A_ub=rows, b_ub=upper, A_eq=each, b_eq=np.ones(len(types)), bounds=(0, None)
    )
    return -found.fun


@pytest.mark.parametrize("case", CASES)
def test_against_the_program_written_out(case):
    found = private_information(sim.loads(VOW.format(**case)))
    best = found.mediated.treaty
    assert best.value == pytest.approx(by_definition(**case), abs=1e-8)
    assert best.gap <= 1e-8
    assert found.treaty[1] <= best.value + 1e-8


AID = """
parameters: {{strong: 0}}
issues: {{deal: {{none: {{}}, signed: {{signed: 1}}}}}}
outcomes: {{treaty: signed}}
actors:
  a:
    role: principal
    types: {{strong: {{chance: 0.25, set: {{strong: 1}}}}, weak: {{chance: 0.75, set: {{strong: 0}}}}}}
  b: {{role: principal}}
  c: {{role: third party, stances: {{still: {{}}, pay: {{paid: 1}}}}}}
payoffs:
  a: {{deal: "({weak}*(1 - strong) + 0.2*strong)*signed"}}
  b: {{deal: 0.3*signed}}
  c: {{aid: "(2*strong - 1)*paid*signed - 0.1*paid*(1 - signed)"}}
domestic: {{b: {{budget: {{type: veto_player, utility: paid - 0.5}}}}}}
game: [{{offer: b}}, {{reply: a}}, [c.stance], ratify]
"""


@pytest.mark.parametrize(("weak", "most"), [(0.0, 0.5), (0.1, 0.0)])
def test_a_third_party_must_want_what_it_is_told(weak, most):
    """c pays where strong has a chance of 1/2 when it is told to: for all the strong and a third of the weak.

    Where the weak want the deal too they would claim to be strong, and c would pay for 1 in 4.
    """
    found = mediated(sim.loads(AID.format(weak=weak)))
    assert found.treaty.value == pytest.approx(most, abs=1e-9)
    assert {one.actor for one in found.treaty.reasons} <= {"a", "c"}


def test_what_is_said_of_it():
    found = private_information(sim.load("classics/audience-bluff"))
    assert (found.mediated.treaty.value, found.treaty[0]) == pytest.approx((1.0, 0.75))
    told = found.sentences()[-1]
    assert told.endswith(
        "at most 100 %; the game as written gives 75 %, a mediator with types known to all 100 %."
    )
    data = found.to_dict()["mediator"]
    assert data["treaty"]["treaty_by_type"] == pytest.approx({"tough": 1.0, "weak": 1.0})
    costly = private_information(sim.loads(VOW.format(**CASES[1])))
    assert "x, if soft, would claim to be hard (price 0.368)" in costly.sentences()[-1]


def test_what_may_be_reneged_upon_is_left_out():
    game = VOW.replace(", ratify]", ", ratify, {{implement: x, reneging: {{x: 0.1, y: -0.1}}}}]")
    found = mediated(sim.loads(game.format(**CASES[0])))
    assert found.treaty is None
    assert "reneged upon" in found.note
