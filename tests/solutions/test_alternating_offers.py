"""Alternating offers: published cases in three forms of one pie, brute force on finite sets."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.errors import NotDefinedError, TooLargeError, UsageError
from sim.games.bargaining import BargainingProblem, Curve, OfferRules
from sim.solutions.bargaining.alternating_offers import (
    LIMIT,
    alternating_offers,
)
from sim.solutions.bargaining.nash_bargaining import nash_bargaining

FORMS = ("split", "lottery", "transferable")


def pie(form, rules=None, d=(0.0, 0.0)):
    """One unit to divide, as a curve, as chances of winning it, or as side payments."""
    if form == "split":
        curve = Curve(surplus=1.0, utilities=(lambda x: x, lambda x: 1 - x))
        return BargainingProblem.from_curve(curve, disagreement=d, offers=rules)
    table = {"all": (1, 0), "nothing": (0, 1)} if form == "lottery" else {"all": (1, 0)}
    return BargainingProblem.from_table(table, disagreement=d, mode=form, offers=rules)


RUBINSTEIN = "Rubinstein (1982): x = (1 - d2) / (1 - d1 d2)"
STAHL = "Stahl (1972): offers in turn with a last round"
OUTSIDE = "Binmore, Shaked and Sutton (1989), Muthoo (1999, ch. 5): outside option principle"
BRW = "Binmore, Rubinstein and Wolinsky (1986): b1 + (1 - b1 - b2) / (2 - q)"
TARAR = "by hand, in agreement with Tarar (2001): a high constraint helps the constrained side"

CASES = [
    # source, rules, first actor's share
    (RUBINSTEIN, {"discount": (0.9, 0.9)}, 10 / 19),
    (RUBINSTEIN, {"discount": (0.8, 0.6)}, 0.4 / 0.52),
    (RUBINSTEIN, {"discount": (0.5, 0.5)}, 2 / 3),
    (RUBINSTEIN, {"discount": (0.9, 0.95)}, 0.05 / 0.145),
    (RUBINSTEIN, {"discount": (0.99, 0.99)}, 1 / 1.99),
    (RUBINSTEIN, {"discount": (0.9, 0.9), "first": 1}, 9 / 19),
    (STAHL, {"discount": (0.9, 0.9), "horizon": 1}, 1.0),
    (STAHL, {"discount": (0.9, 0.9), "horizon": 2}, 0.1),
    (STAHL, {"discount": (0.9, 0.9), "horizon": 3}, 0.91),
    (STAHL, {"discount": (0.9, 0.9), "horizon": 4}, 0.181),
    (STAHL, {"discount": (0.9, 0.9), "horizon": 50}, 0.5236032762066736),
    (OUTSIDE, {"discount": (0.9, 0.9), "outside": (0, 0)}, 10 / 19),
    (OUTSIDE, {"discount": (0.9, 0.9), "outside": (0, 0.3)}, 10 / 19),
    (OUTSIDE, {"discount": (0.9, 0.9), "outside": (0, 0.6)}, 0.4),
    (BRW, {"discount": (1, 1), "breakdown": 0.1, "breakdown_payoffs": (0.2, 0.1)}, 1.08 / 1.9),
    (
        BRW,
        {"discount": (1, 1), "breakdown": 1e-4, "breakdown_payoffs": (0.2, 0.1)},
        0.2 + 0.7 / 1.9999,
    ),
    (TARAR, {"discount": (0.9, 0.9), "minimum": (0, 0)}, 10 / 19),
    (TARAR, {"discount": (0.9, 0.9), "minimum": (0.4, 0)}, 10 / 19),
    (TARAR, {"discount": (0.9, 0.9), "minimum": (0.6, 0)}, 0.64),
    (TARAR, {"discount": (0.9, 0.9), "minimum": (0, 0.6)}, 0.4),
    (TARAR, {"discount": (0.9, 0.9), "minimum": (0.5, 0.5)}, 0.5),
    (TARAR, {"discount": (0.9, 0.9), "minimum": (0.6, 0.4)}, 0.6),
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("source", "options", "share"), CASES)
def test_published_cases(source, options, share, form):
    rules = OfferRules(**options)
    solution = alternating_offers(pie(form, rules))
    assert solution.exhaustive
    (found,) = solution.equilibria
    first, second = found.payoffs.values()
    assert first == pytest.approx(share, abs=1e-9)
    assert second == pytest.approx(1 - share, abs=1e-9)
    assert found.regret == pytest.approx(0.0, abs=1e-9)
    if rules.horizon is None:
        stationary_and_indifferent(rules, found)


def stationary_and_indifferent(rules, found):
    """Each proposal leaves the responder the larger of waiting, leaving and ratification."""
    proposals = [list(row.values()) for row in found.extra["proposals"].values()]
    for proposer, responder in ((0, 1), (1, 0)):
        wait = rules.discount[responder] * proposals[responder][responder]
        if rules.breakdown:
            end = rules.breakdown_payoffs[responder]
            wait = rules.breakdown * end + (1 - rules.breakdown) * wait
        least = max(wait, *(v[responder] for v in (rules.outside, rules.minimum) if v), 0.0)
        assert proposals[proposer][responder] == pytest.approx(least, abs=1e-9)
        assert sum(proposals[proposer]) == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "options", [{"minimum": (0.6, 0.5)}, {"outside": (0.5, 0.6)}, {"outside": (0, 1.2)}]
)
def test_demands_that_exceed_the_pie_end_in_no_agreement(form, options):
    for horizon in (None, 3):
        rules = OfferRules(discount=(0.9, 0.9), horizon=horizon, **options)
        solution = alternating_offers(pie(form, rules))
        assert solution.equilibria == ()
        assert "no agreement" in solution.note


@pytest.mark.parametrize("form", FORMS)
def test_the_limit_of_short_rounds_is_the_nash_solution(form):
    """Rates r1 = 0.05 and r2 = 0.1 give bargaining power r2 / (r1 + r2) = 2/3 (Rubinstein 1982).

    By Binmore, Rubinstein and Wolinsky (1986) that is the asymmetric Nash solution.
    """
    length = 1e-6
    rules = OfferRules(discount=(math.exp(-0.05 * length), math.exp(-0.1 * length)))
    (limit,) = alternating_offers(pie(form, rules)).equilibria
    assert list(limit.payoffs.values()) == pytest.approx([2 / 3, 1 / 3], abs=1e-7)
    for d in ((0.0, 0.0), (0.1, 0.2)):
        (found,) = alternating_offers(pie(form, rules, d)).equilibria
        (nash,) = nash_bargaining(pie(form, d=d), weights=(2, 1)).equilibria
        assert list(found.payoffs.values()) == pytest.approx(list(nash.payoffs.values()), abs=1e-6)


def test_breakdown_payoffs_act_as_the_disagreement_point_when_breakdown_is_rare():
    rules = OfferRules(discount=(1, 1), breakdown=1e-7, breakdown_payoffs=(0.2, 0.1))
    (found,) = alternating_offers(pie("split", rules)).equilibria
    assert found.payoffs["actor 1"] == pytest.approx(0.55, abs=1e-6)


@settings(deadline=None, max_examples=30)
@given(
    st.floats(0.05, 0.98),
    st.floats(0.05, 0.98),
    st.floats(0.3, 1.0),
    st.floats(0.3, 1.0),
    st.sampled_from([0.0, 0.05, 0.4]),
    st.sampled_from([0.0, 0.05, 0.4]),
)
def test_concave_utilities_reach_a_fixed_point(delta1, delta2, power1, power2, low, high):
    curve = Curve(surplus=2.0, utilities=(lambda x: x**power1, lambda x: (2 - x) ** power2))
    rules = OfferRules(discount=(delta1, delta2))
    case = BargainingProblem.from_curve(curve, disagreement=(low, high), offers=rules)
    (found,) = alternating_offers(case).equilibria
    assert found.regret == pytest.approx(0.0, abs=1e-9)
    one, two = (list(row.values()) for row in found.extra["proposals"].values())
    for pair in (one, two):  # both on the curve
        assert curve.at(pair[0] ** (1 / power1))[1] == pytest.approx(pair[1], abs=1e-8)
    waits = (low + delta1 * (one[0] - low), high + delta2 * (two[1] - high))
    assert two[0] == pytest.approx(max(waits[0], 0.0), abs=1e-9)
    assert one[1] == pytest.approx(max(waits[1], 0.0), abs=1e-9)


def test_finite_horizon_converges_to_the_endless_game():
    gaps = []
    for horizon in (5, 20, 200):
        (found,) = alternating_offers(
            pie("split", OfferRules(discount=(0.9, 0.8), horizon=horizon))
        ).equilibria
        gaps.append(abs(found.payoffs["actor 1"] - 0.2 / 0.28))
    assert gaps[0] > gaps[1] > gaps[2]
    assert gaps[2] < 1e-9


# --- finitely many agreements ---------------------------------------------------------------------


def refused(rules, responder, after, d):
    stay = [
        rules.breakdown * (rules.breakdown_payoffs or d)[i]
        + (1 - rules.breakdown) * (d[i] + rules.discount[i] * (after[i] - d[i]))
        for i in (0, 1)
    ]
    if rules.outside and rules.outside[responder] > stay[responder] + 1e-9:
        return list(rules.outside), True
    return stay, False


def is_best(rows, rules, proposer, plan, after, d):
    """Whether ``plan`` (an index, or None to wait) is optimal against the value ``after``."""
    responder = 1 - proposer
    value, _ = refused(rules, responder, after, d)
    legal = [
        k
        for k, row in enumerate(rows)
        if row[responder] >= value[responder] - 1e-9
        and all(u >= m - 1e-9 for u, m in zip(row, rules.minimum or row, strict=True))
    ]
    best = max((rows[k][proposer] for k in legal), default=-math.inf)
    if plan is None:
        return best < value[proposer] - 1e-9
    return plan in legal and rows[plan][proposer] >= max(best, value[proposer]) - 1e-9


def reached_by_definition(rows, rules, d):
    """Try every pair of stationary plans, one value recursion per pair."""
    first, second = rules.first, 1 - rules.first
    out = set()
    plans = [*range(len(rows)), None]
    for a, b in itertools.product(plans, plans):
        if a is None and b is None:
            continue
        left = False
        if a is None:
            at_second = rows[b]
            at_first, left = refused(rules, second, at_second, d)
        elif b is None:
            at_first = rows[a]
            at_second, _ = refused(rules, first, at_first, d)
        else:
            at_first, at_second = rows[a], rows[b]
        if is_best(rows, rules, first, a, at_second, d) and is_best(
            rows, rules, second, b, at_first, d
        ):
            if a is not None:
                out.add((a, 1))
            elif not left:
                out.add((b, 2))
    return out


pairs = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=6)
options = st.fixed_dictionaries(
    {
        "discount": st.tuples(*[st.sampled_from([0.0, 0.25, 0.5, 0.9])] * 2),
        "first": st.integers(0, 1),
        "outside": st.sampled_from([None, (1, 2), (3, 0)]),
        "minimum": st.sampled_from([None, (2, 0), (1, 1)]),
        "breakdown": st.sampled_from([0.0, 0.25]),
        "breakdown_payoffs": st.sampled_from([None, (1.0, 0.0)]),
    }
)


@settings(deadline=None, max_examples=250)
@given(pairs, options, st.sampled_from([(0, 0), (1, 1), (2, 0)]))
def test_finite_sets_equal_a_search_over_all_plans(rows, given_options, d):
    rules = OfferRules(**given_options)
    table = {str(k): row for k, row in enumerate(rows)}
    solution = alternating_offers(BargainingProblem.from_table(table, disagreement=d), rules=rules)
    found = {(int(e.agreement), e.extra["round"]) for e in solution.equilibria}
    assert found == reached_by_definition([list(map(float, row)) for row in rows], rules, d)
    assert bool(solution.note) == (not found)
    for e in solution.equilibria:
        assert e.regret <= 1e-8


def test_small_random_games_by_definition():
    rng = np.random.default_rng(8)
    rules = OfferRules(discount=(0.8, 0.6), minimum=(1, 0))
    counts = []
    for _ in range(80):
        rows, d = rng.integers(0, 7, size=(5, 2)).astype(float), rng.integers(0, 3, size=2)
        case = BargainingProblem.from_table(
            {str(k): row for k, row in enumerate(rows.tolist())}, disagreement=d.astype(float)
        )
        expected = {str(k) for k, _ in reached_by_definition(rows.tolist(), rules, d)}
        assert {e.agreement for e in alternating_offers(case, rules=rules).equilibria} == expected
        counts.append(len(expected))
    assert min(counts) == 0
    assert max(counts) > 1


def test_each_side_can_insist_when_both_are_patient():
    table = {"mine": (10, 1), "yours": (1, 10)}
    case = BargainingProblem.from_table(table, disagreement=(0, 0))
    patient = alternating_offers(case, rules=OfferRules(discount=(0.99, 0.99)))
    assert [e.agreement for e in patient.equilibria] == ["mine", "yours"]
    hasty = alternating_offers(case, rules=OfferRules(discount=(0.05, 0.05)))
    assert [e.agreement for e in hasty.equilibria] == ["mine"]


def test_finite_sets_with_a_last_round_by_hand():
    """Last round: the second takes B. Before, the first must leave 0.7 * 10 = 7: only B does."""
    table = {"A": (10, 1), "M": (6, 6), "B": (1, 10)}
    case = BargainingProblem.from_table(table, disagreement=(0, 0))
    expected = {1: "A", 2: "B", 3: "A"}
    for horizon, label in expected.items():
        rules = OfferRules(discount=(0.7, 0.7), horizon=horizon)
        assert [e.agreement for e in alternating_offers(case, rules=rules).equilibria] == [label]
    rules = OfferRules(discount=(0.5, 0.5), horizon=2)
    assert [e.agreement for e in alternating_offers(case, rules=rules).equilibria] == ["M"]


def induced_by_definition(rows, rules, d):
    """Backward induction where no actor is indifferent: the value of every round is one vector."""
    value, end = list(map(float, d)), None
    for turn in reversed(range(rules.horizon)):
        proposer = (rules.first + turn) % 2
        responder = 1 - proposer
        wait, left = refused(rules, responder, value, d)
        legal = [
            k
            for k, row in enumerate(rows)
            if row[responder] >= wait[responder]
            and all(u >= m for u, m in zip(row, rules.minimum or row, strict=True))
        ]
        best = max(legal, key=lambda k, p=proposer: rows[k][p], default=None)
        if best is not None and rows[best][proposer] >= wait[proposer]:
            value, end = list(rows[best]), (best, turn + 1)
        else:
            value, end = wait, None if left else end
    return end


@settings(deadline=None, max_examples=100)
@given(st.integers(0, 10**6), st.integers(1, 6), options, st.integers(1, 5))
def test_a_last_round_equals_backward_induction(seed, count, given_options, horizon):
    rows = np.random.default_rng(seed).uniform(0, 6, size=(count, 2)).tolist()
    rules = OfferRules(**given_options, horizon=horizon)
    table = {str(k): row for k, row in enumerate(rows)}
    case = BargainingProblem.from_table(table, disagreement=(0.5, 0.25))
    solution = alternating_offers(case, rules=rules)
    expected = induced_by_definition(rows, rules, (0.5, 0.25))
    found = [(int(e.agreement), e.extra["round"]) for e in solution.equilibria]
    assert found == ([] if expected is None else [expected])
    assert all(e.regret <= 1e-9 for e in solution.equilibria)


def test_a_fine_grid_of_divisions_is_close_to_the_continuous_game():
    table = {str(k): (k / 200, 1 - k / 200) for k in range(201)}
    case = BargainingProblem.from_table(table, disagreement=(0, 0))
    rules = OfferRules(discount=(0.6, 0.6))
    shares = [e.payoffs["actor 1"] for e in alternating_offers(case, rules=rules).equilibria]
    assert min(shares) <= 1 / 1.6 <= max(shares)
    assert max(shares) - min(shares) < 0.03


# --- more actors, bad input -----------------------------------------------------------------------


def many(size, **rules):
    return BargainingProblem.from_table(
        {"all": (1, *[0] * (size - 1))},
        disagreement=(0,) * size,
        mode="transferable",
        offers=OfferRules(**rules),
    )


@pytest.mark.parametrize("size", [2, 3, 5])
def test_unanimity_with_proposers_in_turn(size):
    """The proposer keeps 1 / (1 + d + ... + d^(n-1)), the next one d times that, and so on."""
    delta = 0.9
    (found,) = alternating_offers(many(size, discount=(delta,) * size)).equilibria
    kept = 1 / sum(delta**k for k in range(size))
    expected = [kept * delta**k for k in range(size)]
    assert list(found.payoffs.values()) == pytest.approx(expected, abs=1e-12)
    assert found.regret == pytest.approx(0.0, abs=1e-9)


def test_unanimity_with_a_last_round_converges():
    discount = (0.9, 0.8, 0.7)
    (endless,) = alternating_offers(many(3, discount=discount)).equilibria
    (last,) = alternating_offers(many(3, discount=discount, horizon=300)).equilibria
    assert list(last.payoffs.values()) == pytest.approx(list(endless.payoffs.values()), abs=1e-9)
    (single,) = alternating_offers(many(3, discount=discount, horizon=1, first=2)).equilibria
    assert list(single.payoffs.values()) == [0, 0, 1]


def test_bad_input_says_what_to_do():
    with pytest.raises(UsageError, match="offers"):
        alternating_offers(pie("split"))
    with pytest.raises(UsageError, match="discount factor"):
        alternating_offers(pie("split"), rules=OfferRules(discount=(1, 1)))
    with pytest.raises(UsageError, match="2 actors"):
        alternating_offers(pie("split"), rules=OfferRules(discount=(0.9,) * 3))
    three = BargainingProblem.from_table({"a": (1, 1, 1)}, disagreement=(0, 0, 0))
    with pytest.raises(NotDefinedError, match="transferable"):
        alternating_offers(three, rules=OfferRules(discount=(0.9,) * 3))
    with pytest.raises(NotDefinedError, match="two actors"):
        alternating_offers(many(3, discount=(0.9,) * 3, outside=(0, 0, 0)))
    table = {str(k): (k, -k) for k in range(LIMIT + 1)}
    large = BargainingProblem.from_table(table, disagreement=(0, 0))
    with pytest.raises(TooLargeError, match=str(LIMIT)):
        alternating_offers(large, rules=OfferRules(discount=(0.9, 0.9)))
    for wrong in (
        {"discount": (1.1, 0.5)},
        {"discount": (0.5, 0.5), "horizon": 0},
        {"discount": (0.5, 0.5), "first": 2},
        {"discount": (0.5, 0.5), "breakdown": -0.1},
        {"discount": (0.5, 0.5), "outside": (0.1,)},
        {"discount": (0.5, 0.5), "quota": 3},
    ):
        with pytest.raises(UsageError):
            OfferRules(**wrong)


def test_a_steep_curve_still_gives_the_responder_its_due():
    """Next to its end sqrt(2 - x) jumps by 2e-8; at d = 0, 2 - x = (2 - x / 2) / 4, so x = 12/7."""
    curve = Curve(surplus=2.0, utilities=(lambda x: x, lambda x: np.sqrt(2 - x)))
    for high in (0.0, 5e-9, 1e-7):
        case = BargainingProblem.from_curve(
            curve, disagreement=(0.0, high), offers=OfferRules(discount=(0.5, 0.5))
        )
        (found,) = alternating_offers(case).equilibria
        assert found.payoffs["actor 2"] == pytest.approx(math.sqrt(2 / 7), abs=1e-6)
        assert found.regret == pytest.approx(0.0, abs=1e-9)
