"""Weighted median: published cases and pairwise votes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.errors import UsageError
from sim.games.spatial import SpatialGame
from sim.solutions.spatial.weighted_median import weighted_median

EC = "Bueno de Mesquita and Stokman (1994), emission standards: capability times salience"
HONDURAS = "Masad, replication of a Bueno de Mesquita model, Honduras and Nicaragua 1957"
CASES = [
    (
        EC,
        [4, 7, 4, 4, 10, 10, 10, 7, 4, 7],
        [0.064, 0.032, 0.006, 0.128, 0.096, 0.096, 0.144, 0.005, 0.05, 0.056],
        [7],
    ),
    (
        HONDURAS,
        [1, 0, 0.5, 0.5, 0.5],
        [0.0001958, 0.0001515, 0.0001189 * 0.3, 0.2550486 * 0.1, 0.0005362 * 0.3],
        [0.5],
    ),
    ("by hand: exact halves", [0, 1, 2, 3], [1, 1, 1, 1], [1, 2]),
    ("by hand: a weight of 0 does not count", [0, 1, 9], [1, 1, 0], [0, 1]),
]


@pytest.mark.parametrize(("source", "positions", "weights", "expected"), CASES)
def test_published_cases(source, positions, weights, expected):
    solution = weighted_median(SpatialGame.on_line(positions, weights=weights))
    assert [e.extra["position"] for e in solution.equilibria] == expected


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.tuples(st.integers(-5, 5), st.integers(0, 4)), min_size=1, max_size=7),
    st.sampled_from([1e-9, 1.0, 1e9]),
)
def test_beats_or_ties_every_point_in_weighted_votes(pairs, factor):
    positions, weights = map(list, zip(*pairs, strict=True))
    if sum(weights) == 0:
        return
    game = SpatialGame.on_line(positions, weights=[w * factor for w in weights])
    ends = [e.extra["position"] for e in weighted_median(game).equilibria]
    for x in range(-6, 7):
        against = [
            sum(w for p, w in pairs if abs(y - p) < abs(x - p))
            - sum(w for p, w in pairs if abs(y - p) > abs(x - p))
            for y in (x - 0.25, x + 0.25)
        ]
        assert (min(ends) <= x <= max(ends)) == (max(against) <= 0)


def test_weights_must_not_vanish():
    with pytest.raises(UsageError, match="weights"):
        weighted_median(SpatialGame.on_line([0, 1], weights=[0, 0]))
