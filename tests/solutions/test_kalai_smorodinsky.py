"""Kalai-Smorodinsky: published cases, exact max-min on tied sets, ideal lines, axioms."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.games.bargaining import BargainingProblem, Curve
from sim.solutions.bargaining.kalai_smorodinsky import kalai_smorodinsky

GOLDEN = (math.sqrt(5) - 1) / 2


def problem(table, d, mode="discrete"):
    return BargainingProblem.from_table(table, disagreement=d, mode=mode)


def split(d, second):
    curve = Curve(surplus=1.0, utilities=(lambda x: x, second))
    return BargainingProblem.from_curve(curve, disagreement=d)


POLYGON = {"p": (0, 10), "q": (4, 8), "r": (10, 0)}
KALAI = {"p": (0, 1), "q": (0.75, 0.75), "r": (1, 0)}
LARGER = {"p": (0, 1), "q": (1, 0.7), "r": (1, 0)}
NEGMAS = {"a": (4, 1), "b": (1, 4), "c": (2, 2)}

CASES = [
    # name, source, problem, payoffs, ideal gains
    (
        "frontier with three corners",
        "Kalai and Smorodinsky (1975), set S",
        problem(KALAI, (0, 0), "lottery"),
        (0.75, 0.75),
        (1, 1),
    ),
    (
        "a larger set gives both more",
        "Kalai and Smorodinsky (1975), monotonicity: u = 1 - 0.3 u",
        problem(LARGER, (0, 0), "lottery"),
        (1 / 1.3, 1 / 1.3),
        (1, 1),
    ),
    (
        "polygon",
        "by hand: u = 8 - 4/3 (u - 4)",
        problem(POLYGON, (0, 0), "lottery"),
        (40 / 7, 40 / 7),
        (10, 10),
    ),
    (
        "risk aversion",
        "Roth (1979), Muthoo (1999): x = sqrt(1 - x)",
        split((0, 0), lambda x: np.sqrt(1 - x)),
        (GOLDEN, GOLDEN),
        (1, 1),
    ),
    (
        "mixture, lotteries",
        "NegMAS, _mixture_scenario",
        problem(NEGMAS, (1, 1), "lottery"),
        (2.5, 2.5),
        (3, 3),
    ),
    (
        "side payments",
        "by hand: a surplus of 12 - 3 in equal parts",
        problem(POLYGON, (1, 2), "transferable"),
        (5.5, 6.5),
        (9, 9),
    ),
]


@pytest.mark.parametrize(
    ("name", "source", "case", "expected", "ideal"), CASES, ids=[c[0] for c in CASES]
)
def test_published_cases(name, source, case, expected, ideal):
    (found,) = kalai_smorodinsky(case).equilibria
    payoffs = np.array(list(found.payoffs.values()))
    assert payoffs == pytest.approx(expected, abs=1e-9)
    first, second = (payoffs - case.one()[1]) / np.array(ideal)
    assert first == pytest.approx(second, abs=1e-9)


def dominates(one, other):
    return one != other and all(x >= y for x, y in zip(one, other, strict=True))


def chosen_by_definition(table, d):
    gains = {
        k: [Fraction(u) - Fraction(e) for u, e in zip(row, d, strict=True)]
        for k, row in table.items()
    }
    rational = {k: g for k, g in gains.items() if min(g) >= 0}
    ideal = [max((g[i] for g in rational.values()), default=Fraction(0)) for i in range(len(d))]
    able = [i for i, a in enumerate(ideal) if a > 0]
    scores = {
        k: min((g[i] / ideal[i] for i in able), default=Fraction(0)) for k, g in rational.items()
    }
    best = [k for k, s in scores.items() if s == max(scores.values())]
    return {k for k in best if not any(dominates(gains[o], gains[k]) for o in best)}


tables = st.integers(2, 3).flatmap(
    lambda n: st.lists(st.tuples(*[st.integers(-2, 4)] * n), min_size=1, max_size=7).map(
        lambda rows: {f"a{k}": row for k, row in enumerate(rows)}
    )
)


@settings(deadline=None, max_examples=150)
@given(tables, st.integers(-1, 1), st.sampled_from([1e-9, 1.0, 1e9]))
def test_equals_exact_search_in_any_units(table, level, factor):
    size = len(next(iter(table.values())))
    expected = chosen_by_definition(table, (level,) * size)
    scale = np.array([factor, 1.0, 3.0][:size])
    moved = {k: tuple(np.array(row) * scale) for k, row in table.items()}
    found = kalai_smorodinsky(problem(moved, tuple(level * scale)))
    assert {e.agreement for e in found.equilibria} == expected
    assert bool(found.note) == (not found.equilibria)


def frontier_on_line(points, ideal):
    """Two actors: the farthest point of the hull on the line from 0 to the ideal point."""
    best = 0.0
    for a, b in itertools.combinations_with_replacement(points, 2):
        u, v = np.array(a) / ideal, np.array(b) / ideal
        lead, trail = u[0] - u[1], v[0] - v[1]
        if lead == trail:
            parts = [0.0, 1.0] if lead == 0 else []
        else:
            parts = [lead / (lead - trail)]
        for t in parts:
            if 0 <= t <= 1:
                best = max(best, (u + t * (v - u))[0])
    return best


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=7))
def test_lotteries_of_two_actors_meet_the_ideal_line(points):
    ideal = np.array(points).max(axis=0)
    if ideal.min() == 0:
        return
    table = {f"a{k}": row for k, row in enumerate(points)}
    (found,) = kalai_smorodinsky(problem(table, (0, 0), "lottery")).equilibria
    share = np.array(list(found.payoffs.values())) / ideal
    # the corners that are best for each actor are on the hull, so the line meets its frontier
    corners = [*points, (0, 0)]
    assert share.min() == pytest.approx(frontier_on_line(corners, ideal), abs=1e-9)
    assert share[0] == pytest.approx(share[1], abs=1e-9) or len(set(points)) == 1


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.integers(2, 4), st.integers(1, 7))
def test_lotteries_are_efficient_and_no_smallest_share_is_larger(seed, size, count):
    from scipy.optimize import linprog

    rng = np.random.default_rng(seed)
    table = {f"a{k}": tuple(rng.uniform(0, 1, size=size)) for k in range(count)}
    (found,) = kalai_smorodinsky(problem(table, (0,) * size, "lottery")).equilibria
    payoffs = np.array(list(found.payoffs.values()))
    utilities = np.array(list(table.values())).T
    ideal = utilities.max(axis=1)
    one = np.ones((1, count))
    gain = linprog(
        -utilities.sum(axis=0), A_ub=-utilities, b_ub=-payoffs + 1e-12, A_eq=one, b_eq=[1]
    )
    assert -gain.fun - payoffs.sum() <= 1e-8
    # dual bound: max-min equals min over price vectors (summing to 1) of the best agreement
    prices = linprog(
        np.append(np.zeros(size), 1.0),
        A_ub=np.hstack([(utilities / ideal[:, None]).T, -np.ones((count, 1))]),
        b_ub=np.zeros(count),
        A_eq=[[*np.ones(size), 0.0]],
        b_eq=[1.0],
    )
    assert (payoffs / ideal).min() == pytest.approx(prices.fun, abs=1e-8)


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=6),
    st.integers(0, 5),
)
def test_individual_monotonicity(points, index):
    """More for actor two at every payoff of actor one, ideal points unchanged: not less for two."""
    top = [(0, 9), (9, 0)]
    table = {f"a{k}": row for k, row in enumerate([*top, *points])}
    smaller = {k: v for k, v in table.items() if k != f"a{2 + index}"}
    (before,) = kalai_smorodinsky(problem(smaller, (0, 0), "lottery")).equilibria
    (after,) = kalai_smorodinsky(problem(table, (0, 0), "lottery")).equilibria
    for actor in before.payoffs:
        assert after.payoffs[actor] >= before.payoffs[actor] - 1e-9


def test_curve_on_which_only_one_actor_can_gain():
    case = split((0.0, 1.0), lambda x: 1 - x)
    (found,) = kalai_smorodinsky(case).equilibria
    assert list(found.payoffs.values()) == pytest.approx([0.0, 1.0], abs=1e-12)
