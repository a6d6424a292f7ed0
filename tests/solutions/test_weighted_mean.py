"""Weighted mean: published cases and what defines an average."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.errors import UsageError
from sim.games.spatial import SpatialGame
from sim.solutions.spatial.weighted_mean import weighted_mean

EC = "Bueno de Mesquita and Stokman (1994), emission standards: capability times salience"
CASES = [
    (
        EC,
        [4, 7, 4, 4, 10, 10, 10, 7, 4, 7],
        [0.064, 0.032, 0.006, 0.128, 0.096, 0.096, 0.144, 0.005, 0.05, 0.056],
        7.389955686853767,
    ),
    ("by hand", [0, 1], [1, 3], 0.75),
]


@pytest.mark.parametrize(("source", "positions", "weights", "expected"), CASES)
def test_published_cases(source, positions, weights, expected):
    (found,) = weighted_mean(SpatialGame.on_line(positions, weights=weights)).equilibria
    assert found.extra["position"] == pytest.approx(expected, abs=1e-9)


@settings(deadline=None, max_examples=80)
@given(st.lists(st.tuples(st.integers(-5, 5), st.integers(0, 4)), min_size=1, max_size=7))
def test_weighted_deviations_sum_to_zero(pairs):
    positions, weights = map(list, zip(*pairs, strict=True))
    if sum(weights) == 0:
        return
    (found,) = weighted_mean(SpatialGame.on_line(positions, weights=weights)).equilibria
    total = sum(w * (p - found.extra["position"]) for p, w in pairs)
    assert total == pytest.approx(0.0, abs=1e-9)


def test_bad_weights_are_refused():
    with pytest.raises(UsageError, match="weights"):
        weighted_mean(SpatialGame.on_line([0, 1], weights=[0, 0]))
    with pytest.raises(UsageError, match="weights"):
        SpatialGame.on_line([0, 1], weights=[1, -1])
