"""The ideal point and the opposition: closed forms, and the definition over every agreement."""

from math import dist, sqrt
from random import Random

import pytest
import sim


def solved(table, disagreement=(0, 0), concept="kalai_smorodinsky"):
    rows = [f"    g{k}: {{a: {u}, b: {v}}}" for k, (u, v) in enumerate(table)]
    a, b = disagreement
    head = f"bargaining:\n  actors: [a, b]\n  disagreement: {{a: {a}, b: {b}}}\n  agreements:"
    (solution,) = sim.solve(sim.loads("\n".join([head, *rows])), concept)
    return solution


@pytest.mark.parametrize(
    ("table", "opposition"),
    [
        ([(1, 0), (0, 1), (0.5, 0.5)], sqrt(0.5)),  # a cake
        ([(1, 0), (0, 1)], 1),  # all or nothing
        ([(3, 5), (1, 2)], 0),  # one agreement is everybody's best
        ([(1, 0), (0, 1), (0.8, 0.4)], sqrt(0.04 + 0.36)),
        ([(0, 0), (0, 4), (0, 1)], 0),  # a cannot gain, and leaves the distance
    ],
)
def test_closed_forms_in_any_units(table, opposition):
    for scale, shift in ((1, 0), (10, 3), (0.01, -7)):
        moved = [(u * scale + shift, v) for u, v in table]
        found = solved(moved, (shift, 0)).parameters
        assert found["opposition"] == pytest.approx(opposition)
        best = max(u for u, _ in moved), max(v for _, v in moved)
        assert tuple(found["ideal"].values()) == pytest.approx(best)


@pytest.mark.parametrize("concept", ["nash_bargaining", "egalitarian", "utilitarian"])
def test_every_solution_has_them_by_the_definition(concept):
    random = Random(3)
    for _ in range(20):
        table = [(random.randint(0, 9), random.randint(0, 9)) for _ in range(8)]
        rational = [pair for pair in table if min(pair) >= 2]
        found = solved(table, (2, 2), concept).parameters
        if not rational:
            assert "ideal" not in found and "opposition" not in found
            continue
        best = [max(pair[i] for pair in rational) for i in (0, 1)]
        able = [i for i in (0, 1) if best[i] > 2]
        shares = [[(pair[i] - 2) / (best[i] - 2) for i in able] for pair in rational]
        assert list(found["ideal"].values()) == pytest.approx(best)
        assert found["opposition"] == pytest.approx(min(dist(s, [1] * len(able)) for s in shares))


def test_kalai_smorodinsky_shows_them():
    text = repr(list(solved([(4, 1), (1, 4), (2, 2)], (1, 1)).parts()))
    assert (
        "opposition 0.943" in text and "ideal" in text
    )  # sqrt(8) / 3: both have a third of their best
