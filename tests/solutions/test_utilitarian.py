"""Utilitarian: published cases, exact search, both ends of a continuum."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.games.bargaining import BargainingProblem, Curve
from sim.solutions.bargaining.utilitarian import utilitarian


def problem(table, d, mode="discrete"):
    return BargainingProblem.from_table(table, disagreement=d, mode=mode)


def split(d, second):
    curve = Curve(surplus=1.0, utilities=(lambda x: x, second))
    return BargainingProblem.from_curve(curve, disagreement=d)


POLYGON = {"p": (0, 10), "q": (4, 8), "r": (10, 0)}
NEGMAS = {"a": (4, 1), "b": (1, 4), "c": (2, 2)}

CASES = [
    ("polygon", "by hand", problem(POLYGON, (0, 0), "lottery"), [(4, 8)]),
    (
        "risk aversion",
        "Roth (1979), Muthoo (1999): x + sqrt(1 - x) peaks at 3/4",
        split((0, 0), lambda x: np.sqrt(1 - x)),
        [(0.75, 0.5)],
    ),
    (
        "flat sum: both ends of the individually rational part",
        "by hand",
        split((0.1, 0.2), lambda x: 1 - x),
        [(0.1, 0.9), (0.8, 0.2)],
    ),
    (
        "flat edge of a hull, cut by individual rationality",
        "by hand: between (3, 2) and (2, 3)",
        problem(NEGMAS, (2, 2), "lottery"),
        [(3, 2), (2, 3)],
    ),
    (
        "side payments",
        "by hand: the surplus of 9 to either",
        problem(POLYGON, (1, 2), "transferable"),
        [(10, 2), (1, 11)],
    ),
    ("ties", "by hand", problem(NEGMAS, (0, 0)), [(4, 1), (1, 4)]),
]


@pytest.mark.parametrize(("name", "source", "case", "expected"), CASES, ids=[c[0] for c in CASES])
def test_published_cases(name, source, case, expected):
    found = utilitarian(case)
    assert found.exhaustive
    rows = [tuple(e.payoffs.values()) for e in found.equilibria]
    assert rows == [pytest.approx(row, abs=1e-9) for row in expected]
    utilities, disagreement = case.one()
    for row in rows:
        assert (np.array(row) >= disagreement - 1e-9).all()
        rational = (utilities >= disagreement[:, None]).all(axis=0)
        assert utilities[:, rational].sum(axis=0).max(initial=-99) <= sum(row) + 1e-9


tables = st.integers(2, 3).flatmap(
    lambda n: st.lists(st.tuples(*[st.integers(-2, 4)] * n), min_size=1, max_size=7).map(
        lambda rows: {f"a{k}": row for k, row in enumerate(rows)}
    )
)


@settings(deadline=None, max_examples=100)
@given(tables, st.integers(-1, 1), st.sampled_from([1e-9, 1.0, 1e9]))
def test_equals_exact_search(table, level, factor):
    size = len(next(iter(table.values())))
    rational = {k: sum(row) for k, row in table.items() if min(row) >= level}
    expected = {k for k, total in rational.items() if total == max(rational.values())}
    scaled = {k: tuple(np.array(row) * factor) for k, row in table.items()}
    found = utilitarian(problem(scaled, (level * factor,) * size))
    assert {e.agreement for e in found.equilibria} == expected
    assert bool(found.note) == (not found.equilibria)


@settings(deadline=None, max_examples=50)
@given(tables, st.integers(-1, 1))
def test_lotteries_reach_the_best_sum(table, level):
    from scipy.optimize import linprog

    size = len(next(iter(table.values())))
    utilities = np.array(list(table.values()), dtype=float).T
    best = linprog(
        -utilities.sum(axis=0),
        A_ub=-utilities,
        b_ub=np.full(size, -float(level)),
        A_eq=np.ones((1, len(table))),
        b_eq=[1.0],
    )
    found = utilitarian(problem(table, (level,) * size, "lottery"))
    assert bool(found.equilibria) == (best.status == 0)
    for e in found.equilibria:
        assert sum(e.payoffs.values()) == pytest.approx(-best.fun, abs=1e-9)
        assert min(e.payoffs.values()) >= level - 1e-9
    assert found.exhaustive == (size == 2 or len(found.equilibria) < 2)
