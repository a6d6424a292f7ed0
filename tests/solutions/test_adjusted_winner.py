"""Adjusted winner: Camp David, and efficiency, equity and envy-freeness on random problems."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.games.division import DivisionProblem
from sim.solutions.division.adjusted_winner import adjusted_winner

CASES = [
    # name, source, points of both actors, total of each, share of the first actor of split items
    (
        "Camp David",
        "Brams and Togman (1996), Brams and Taylor (1996)",
        {
            "sinai": (35, 55),
            "diplomatic recognition": (10, 5),
            "west bank": (20, 10),
            "gaza": (10, 5),
            "palestinian rights": (5, 20),
            "jerusalem": (20, 5),
        },
        60 + 35 / 6,
        {"sinai": 1 / 6},
    ),
    (
        "two items",
        "by hand: 70 s = 60 + 40 (1 - s)",
        {"land": (70, 40), "water": (30, 60)},
        70 * 10 / 11,
        {"land": 10 / 11},
    ),
    ("one item", "by hand: halves", {"land": (100, 100)}, 50, {"land": 0.5}),
    ("no conflict", "by hand", {"a": (100, 0), "b": (0, 100)}, 100, {}),
]


@pytest.mark.parametrize(
    ("name", "source", "table", "total", "split"), CASES, ids=[c[0] for c in CASES]
)
def test_published_cases(name, source, table, total, split):
    (found,) = adjusted_winner(DivisionProblem.from_table(table)).equilibria
    assert list(found.payoffs.values()) == pytest.approx([total, total], abs=1e-9)
    assert {k: found.agreement[k] for k in found.extra["split"]} == pytest.approx(split)


def test_camp_david_winners():
    table = CASES[0][2]
    problem = DivisionProblem.from_table(table, actors=("israel", "egypt"))
    (found,) = adjusted_winner(problem).equilibria
    assert set(found.extra["wins"]["israel"]) == {
        "diplomatic recognition",
        "west bank",
        "gaza",
        "jerusalem",
    }
    assert found.extra["wins"]["egypt"] == ["palestinian rights"]


@settings(deadline=None, max_examples=150)
@given(
    st.integers(1, 6).flatmap(
        lambda n: st.tuples(*[st.lists(st.integers(0, 4), min_size=n, max_size=n)] * 2)
    ),
    st.sampled_from([1e-9, 1.0, 1e9]),
)
def test_efficient_equitable_envy_free(rows, factor):
    from scipy.optimize import linprog

    first, second = np.array(rows, dtype=float)
    if first.sum() == 0 or second.sum() == 0:
        return
    points = np.stack([first / first.sum(), second / second.sum()]) * factor
    table = {str(k): tuple(column) for k, column in enumerate(points.T)}
    (found,) = adjusted_winner(DivisionProblem.from_table(table)).equilibria
    shares = np.array(list(found.agreement.values()))
    assert ((shares >= 0) & (shares <= 1)).all()
    assert len(found.extra["split"]) <= 1
    one, two = np.array(list(found.payoffs.values())) / factor
    assert one == pytest.approx(two, abs=1e-9)
    assert one >= 0.5 - 1e-9
    # efficient: no division gives the second as much and the first more
    unit = points / factor
    best = linprog(-unit[0], A_ub=[unit[1]], b_ub=[unit[1].sum() - two + 1e-12], bounds=(0, 1))
    assert -best.fun <= one + 1e-8
