"""Egalitarian: published cases, exact max-min on tied sets, equal gains, efficiency."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.games.bargaining import BargainingProblem, Curve
from sim.solutions.bargaining.egalitarian import egalitarian

GOLDEN = (math.sqrt(5) - 1) / 2


def problem(table, d, mode="discrete"):
    return BargainingProblem.from_table(table, disagreement=d, mode=mode)


def split(d, second):
    curve = Curve(surplus=1.0, utilities=(lambda x: x, second))
    return BargainingProblem.from_curve(curve, disagreement=d)


KALAI = {"p": (0, 1), "q": (0.75, 0.75), "r": (1, 0)}
POLYGON = {"p": (0, 10), "q": (4, 8), "r": (10, 0)}

CASES = [
    (
        "frontier with three corners",
        "Kalai and Smorodinsky (1975), set S",
        problem(KALAI, (0, 0), "lottery"),
        (0.75, 0.75),
    ),
    ("polygon", "by hand: u = 8 - 4/3 (u - 4)", problem(POLYGON, (0, 0), "lottery"), (40 / 7,) * 2),
    (
        "risk aversion",
        "Roth (1979), Muthoo (1999): x = sqrt(1 - x)",
        split((0, 0), lambda x: np.sqrt(1 - x)),
        (GOLDEN, GOLDEN),
    ),
    (
        "equal gains over unequal disagreement",
        "by hand: x - 0.1 = 1 - x - 0.2",
        split((0.1, 0.2), lambda x: 1 - x),
        (0.45, 0.55),
    ),
    (
        "side payments",
        "by hand: a surplus of 12 - 3 in equal parts",
        problem(POLYGON, (1, 2), "transferable"),
        (5.5, 6.5),
    ),
]


@pytest.mark.parametrize(("name", "source", "case", "expected"), CASES, ids=[c[0] for c in CASES])
def test_published_cases(name, source, case, expected):
    (found,) = egalitarian(case).equilibria
    payoffs = np.array(list(found.payoffs.values()))
    assert payoffs == pytest.approx(expected, abs=1e-9)
    first, second = payoffs - case.one()[1]
    assert first == pytest.approx(second, abs=1e-9)


def dominates(one, other):
    return one != other and all(x >= y for x, y in zip(one, other, strict=True))


def chosen_by_definition(table, d):
    gains = {
        k: [Fraction(u) - Fraction(e) for u, e in zip(row, d, strict=True)]
        for k, row in table.items()
    }
    rational = {k: g for k, g in gains.items() if min(g) >= 0}
    able = [i for i in range(len(d)) if any(g[i] > 0 for g in rational.values())]
    scores = {k: min((g[i] for i in able), default=Fraction(0)) for k, g in rational.items()}
    best = [k for k, s in scores.items() if s == max(scores.values())]
    return {k for k in best if not any(dominates(gains[o], gains[k]) for o in best)}


tables = st.integers(2, 3).flatmap(
    lambda n: st.lists(st.tuples(*[st.integers(-2, 4)] * n), min_size=1, max_size=7).map(
        lambda rows: {f"a{k}": row for k, row in enumerate(rows)}
    )
)


@settings(deadline=None, max_examples=150)
@given(tables, st.integers(-1, 1), st.sampled_from([1e-9, 1.0, 1e9]))
def test_equals_exact_search(table, level, factor):
    """A common factor and a constant per actor change nothing."""
    size = len(next(iter(table.values())))
    shift = np.array([5.0, 0.0, -3.0][:size]) * factor
    moved = {k: tuple(np.array(row) * factor + shift) for k, row in table.items()}
    found = egalitarian(problem(moved, tuple(level * factor + shift)))
    assert {e.agreement for e in found.equilibria} == chosen_by_definition(table, (level,) * size)
    assert bool(found.note) == (not found.equilibria)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.integers(2, 4), st.integers(1, 7))
def test_lotteries_are_lexicographically_best(seed, size, count):
    """No gain can be raised without lowering one that is no larger: linear programs say so."""
    from scipy.optimize import linprog

    rng = np.random.default_rng(seed)
    table = {f"a{k}": tuple(rng.integers(0, 5, size=size)) for k in range(count)}
    (found,) = egalitarian(problem(table, (0,) * size, "lottery")).equilibria
    payoffs = np.array(list(found.payoffs.values()))
    utilities = np.array(list(table.values()), dtype=float).T
    one = np.ones((1, count))
    for actor in range(size):
        # hold everybody at or below this actor's gain: can this actor be raised alone?
        held = [i for i in range(size) if payoffs[i] <= payoffs[actor] + 1e-7 and i != actor]
        best = linprog(
            -utilities[actor],
            A_ub=-utilities[held] if held else None,
            b_ub=-payoffs[held] + 1e-11 if held else None,
            A_eq=one,
            b_eq=[1.0],
        )
        others = [i for i in range(size) if i not in held and i != actor]
        raised = -best.fun > payoffs[actor] + 1e-7
        # raising it may only be possible by pushing somebody richer below this actor's level
        if raised:
            floor = np.full(size, payoffs[actor] + 1e-6)
            floor[held] = payoffs[held]
            assert others
            check = linprog(
                np.zeros(count), A_ub=-utilities, b_ub=-floor + 1e-11, A_eq=one, b_eq=[1.0]
            )
            assert check.status == 2


def test_efficient_where_equal_gains_would_waste():
    """Equal gains of (1, 1) are dominated by the only agreement."""
    for mode in ("discrete", "lottery"):
        (found,) = egalitarian(problem({"a": (2, 1)}, (0, 0), mode)).equilibria
        assert list(found.payoffs.values()) == pytest.approx([2, 1])
