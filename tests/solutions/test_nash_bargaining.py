"""The Nash solution: published cases, brute force on tied sets, certificates, axioms."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sim.errors import UsageError
from sim.games.bargaining import BargainingProblem, Curve
from sim.solutions.bargaining.nash_bargaining import nash_bargaining

NEGMAS = {"a": (4, 1), "b": (1, 4), "c": (2, 2)}
POLYGON = {"p": (0, 10), "q": (4, 8), "r": (10, 0)}
KALAI = {"p": (0, 1), "q": (0.75, 0.75), "r": (1, 0)}


def problem(table, d, mode="discrete", weights=()):
    return BargainingProblem.from_table(table, disagreement=d, mode=mode, weights=weights)


def split(d, second=lambda x: 1 - x, weights=()):
    curve = Curve(surplus=1.0, utilities=(lambda x: x, second))
    return BargainingProblem.from_curve(curve, disagreement=d, weights=weights)


CASES = [
    # name, source, problem, expected payoffs
    (
        "frontier with three corners",
        "Kalai and Smorodinsky (1975), set S",
        problem(KALAI, (0, 0), "lottery"),
        [(0.75, 0.75)],
    ),
    (
        "larger set that gives the second actor less",
        "Kalai and Smorodinsky (1975), monotonicity: u1 (1 - 0.3 u1) rises up to u1 = 1",
        problem({"p": (0, 1), "q": (1, 0.7), "r": (1, 0)}, (0, 0), "lottery"),
        [(1.0, 0.7)],
    ),
    (
        "polygon",
        "by hand: on the edge 8 - 4/3 (u1 - 4) the product u1 u2 peaks at u1 = 5",
        problem(POLYGON, (0, 0), "lottery"),
        [(5, 20 / 3)],
    ),
    (
        "linear split, equal power",
        "x1 = d1 + (1 - d1 - d2) / 2",
        split((0.1, 0.2)),
        [(0.45, 0.55)],
    ),
    ("linear split, power 0.7", "x1 = 0.7", split((0, 0), weights=(0.7, 0.3)), [(0.7, 0.3)]),
    (
        "the same split as side payments",
        "x1 = 0.7",
        problem({"all": (1, 0)}, (0, 0), "transferable", (7, 3)),
        [(0.7, 0.3)],
    ),
    (
        "the same split as lotteries",
        "x1 = 0.7",
        problem({"all": (1, 0), "nothing": (0, 1)}, (0, 0), "lottery", (7, 3)),
        [(0.7, 0.3)],
    ),
    (
        "risk aversion",
        "Roth (1979), Muthoo (1999): x sqrt(1 - x) peaks at 2/3",
        split((0, 0), lambda x: np.sqrt(1 - x)),
        [(2 / 3, math.sqrt(1 / 3))],
    ),
    ("mixture, agreements", "NegMAS, _mixture_scenario", problem(NEGMAS, (1, 1)), [(2, 2)]),
    (
        "mixture, lotteries",
        "NegMAS, _mixture_scenario",
        problem(NEGMAS, (1, 1), "lottery"),
        [(2.5, 2.5)],
    ),
]


@pytest.mark.parametrize(("name", "source", "case", "expected"), CASES, ids=[c[0] for c in CASES])
def test_published_cases(name, source, case, expected):
    solution = nash_bargaining(case)
    assert solution.exhaustive
    assert [tuple(e.payoffs.values()) for e in solution.equilibria] == [
        pytest.approx(row, abs=1e-9) for row in expected
    ]
    utilities, disagreement = case.one()
    power = np.array(case.weights or np.ones(2))
    for found in solution.equilibria:
        gains = np.array(list(found.payoffs.values())) - disagreement
        assert (gains >= -1e-12).all()
        reached = np.prod(gains ** (power / power.sum()))
        others = np.maximum(utilities - disagreement[:, None], 0.0).T ** (power / power.sum())
        if case.mode != "transferable":
            assert others.prod(axis=1).max() <= reached + 1e-9
        if case.mode == "lottery":  # the supporting line of the product touches the hull
            rates = power / power.sum() / gains
            assert (rates @ (utilities - disagreement[:, None])).max() <= 1 + 1e-9


def dominates(one, other):
    return one != other and all(x >= y for x, y in zip(one, other, strict=True))


def chosen_by_definition(table, d):
    """Exact search: rational agreements, product over actors that can gain, undominated ties."""
    gains = {
        k: [Fraction(u) - Fraction(e) for u, e in zip(row, d, strict=True)]
        for k, row in table.items()
    }
    rational = {k: g for k, g in gains.items() if min(g) >= 0}
    able = [i for i in range(len(d)) if any(g[i] > 0 for g in rational.values())]
    scores = {k: math.prod((g[i] for i in able), start=Fraction(1)) for k, g in rational.items()}
    best = [k for k, s in scores.items() if s == max(scores.values())]
    return {k for k in best if not any(dominates(gains[o], gains[k]) for o in best)}


tables = st.integers(2, 3).flatmap(
    lambda n: st.lists(st.tuples(*[st.integers(-2, 4)] * n), min_size=1, max_size=7).map(
        lambda rows: {f"a{k}": row for k, row in enumerate(rows)}
    )
)


@settings(deadline=None, max_examples=150)
@given(tables, st.integers(-1, 1))
def test_equals_exact_search_on_tied_sets(table, level):
    size = len(next(iter(table.values())))
    found = nash_bargaining(problem(table, (level,) * size))
    assert {e.agreement for e in found.equilibria} == chosen_by_definition(table, (level,) * size)
    assert bool(found.note) == (not found.equilibria)


@settings(deadline=None, max_examples=60)
@given(tables, st.lists(st.sampled_from([1e-9, 0.3, 1.0, 7.0, 1e9]), min_size=3, max_size=3))
def test_rescaling_an_actor_changes_nothing(table, factors):
    size = len(next(iter(table.values())))
    scale, shift = np.array(factors[:size]), 5.0 * np.array(factors[:size])
    moved = {k: tuple(np.array(row) * scale + shift) for k, row in table.items()}
    for mode in ("discrete", "lottery"):
        before = nash_bargaining(problem(table, (0,) * size, mode))
        after = nash_bargaining(problem(moved, tuple(shift), mode))
        assert len(before.equilibria) == len(after.equilibria)
        for one, two in zip(before.equilibria, after.equilibria, strict=True):
            back = (np.array(list(two.payoffs.values())) - shift) / scale
            assert back == pytest.approx(list(one.payoffs.values()), abs=1e-6)
            if mode == "discrete":
                assert one.agreement == two.agreement


@settings(deadline=None, max_examples=40)
@given(tables, st.integers(0, 6))
def test_dropping_an_agreement_not_chosen_changes_nothing(table, index):
    """Independence of irrelevant alternatives, where everybody keeps a way to gain."""
    size = len(next(iter(table.values())))
    chosen = {e.agreement for e in nash_bargaining(problem(table, (0,) * size)).equilibria}
    dropped = f"a{index}"
    if dropped not in table or dropped in chosen or len(table) == 1:
        return
    if not all(min(table[k]) > 0 for k in chosen) or not chosen:
        return
    rest = {k: v for k, v in table.items() if k != dropped}
    again = {e.agreement for e in nash_bargaining(problem(rest, (0,) * size)).equilibria}
    assert again == chosen


def best_on_edges(points, weights):
    """Two actors: the best product on each segment between two points, in closed form."""
    best = (0.0, None)
    w = np.array(weights) / np.sum(weights)
    for a, b in itertools.combinations_with_replacement(points, 2):
        a, b = np.array(a, float), np.array(b, float)
        step = b - a
        candidates = [0.0, 1.0]
        if step.all():  # d/dt: w0 s0 / (a0 + t s0) + w1 s1 / (a1 + t s1) = 0
            bottom = step[0] * step[1] * w.sum()
            candidates.append(-(w[0] * step[0] * a[1] + w[1] * step[1] * a[0]) / bottom)
        for t in np.clip(candidates, 0, 1):
            here = a + t * step
            if here.min() >= 0 and np.prod(here**w) > best[0]:
                best = (np.prod(here**w), here)
    return best


@settings(deadline=None, max_examples=60)
@example([(1, 3), (-1, 7)], (2, 3))  # the product is stationary exactly at a corner
@given(
    st.lists(st.tuples(st.integers(-3, 9), st.integers(-3, 9)), min_size=1, max_size=7),
    st.tuples(st.integers(1, 5), st.integers(1, 5)),
)
def test_lotteries_of_two_actors_equal_the_best_segment(points, weights):
    table = {f"a{k}": row for k, row in enumerate(points)}
    found = nash_bargaining(problem(table, (0, 0), "lottery", weights))
    product, point = best_on_edges(points, weights)
    if point is not None and product > 1e-9:
        assert found.status == "complete"
        assert list(found.equilibria[0].payoffs.values()) == pytest.approx(point, abs=1e-9)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.integers(2, 5), st.integers(2, 8))
def test_lotteries_carry_a_certificate(seed, size, count):
    rng = np.random.default_rng(seed)
    table = {f"a{k}": tuple(rng.normal(size=size)) for k in range(count)}
    table["sure"] = tuple(rng.uniform(0.01, 0.2, size=size))
    weights = tuple(rng.uniform(0.2, 1.0, size=size))
    found = nash_bargaining(problem(table, (0,) * size, "lottery", weights))
    assert found.status == "complete"
    member = found.equilibria[0]
    utilities = np.array(list(table.values())).T
    mix = np.array([member.agreement.get(label, 0.0) for label in table])
    assert mix.sum() == pytest.approx(1.0)
    gains = np.array(list(member.payoffs.values()))
    assert gains == pytest.approx(utilities @ mix, abs=1e-12)
    assert gains.min() > 0.0
    shares = np.array(weights) / sum(weights)
    # no lottery that leaves everybody at least 0 is worth more at the supporting prices
    from scipy.optimize import linprog

    best = linprog(
        -(shares / gains) @ utilities,
        A_ub=-utilities,
        b_ub=np.zeros(size),
        A_eq=np.ones((1, utilities.shape[1])),
        b_eq=[1.0],
    )
    assert -best.fun <= 1.0 + 1e-8


def test_symmetric_problem_gives_equal_payoffs():
    for mode in ("lottery", "transferable"):
        found = nash_bargaining(problem({"a": (5, 1), "b": (1, 5), "c": (2, 2)}, (0, 0), mode))
        first, second = found.equilibria[0].payoffs.values()
        assert first == pytest.approx(second, abs=1e-12)


def test_actor_that_cannot_gain_is_held_at_its_disagreement_payoff():
    table = {"a": (3, 1, 0), "b": (2, 2, 0), "c": (1, 3, 0), "d": (9, 9, -1)}
    assert [e.agreement for e in nash_bargaining(problem(table, (0, 0, 0))).equilibria] == ["b"]
    found = nash_bargaining(problem(table, (0, 0, 0), "lottery")).equilibria[0]
    assert list(found.payoffs.values()) == pytest.approx([2, 2, 0], abs=1e-9)


def test_weights_must_be_positive_and_complete():
    for weights in ((1,), (1, 0), (1, -1), (1, float("nan"))):
        with pytest.raises(UsageError, match="weights"):
            nash_bargaining(problem(NEGMAS, (1, 1)), weights=weights)
