"""Pareto sets by sorting against all pairs, ties and equal points among them."""

import numpy as np
import pytest
from sim._kernels import maxima as kernel
from sim._kernels.maxima import maxima
from sim.games import _pareto_efficiency as pareto


def by_pairs(points):
    """The definition: no other point is as large everywhere and larger somewhere."""
    as_large = (points[:, :, None] >= points[:, None, :]).all(axis=0)
    larger = (points[:, :, None] > points[:, None, :]).any(axis=0)
    return ~(as_large & larger).any(axis=0)


@pytest.mark.parametrize("likely", [0, kernel.LIKELY])
def test_maxima_are_those_of_all_pairs(monkeypatch, likely):
    monkeypatch.setattr(kernel, "LIKELY", likely)
    rng = np.random.default_rng(7)
    for _ in range(300):
        coordinates, count, values = rng.integers(1, 6), rng.integers(1, 70), rng.integers(1, 9)
        points = rng.integers(0, values, (coordinates, count))
        assert (maxima(points) == by_pairs(points)).all()


@pytest.mark.parametrize("actors", [1, 2, 3, 4])
def test_a_mask_by_sorting_is_that_by_pairs(monkeypatch, actors):
    rng = np.random.default_rng(actors)
    utilities = rng.integers(0, 40, (actors, 700, 2)) / 8
    among = rng.random((700, 2)) < 0.9
    found = pareto.undominated(utilities, among)
    monkeypatch.setattr(pareto, "PAIRED", 700)
    assert (found == pareto.undominated(utilities, among)).all()


def test_a_frontier_of_200_000_outcomes_is_found():
    """On a line that falls every outcome is efficient, and those shifted below it are none."""
    first = np.arange(100_000.0)
    utilities = np.array([[*first, *first - 0.5], [*-first, *-first - 0.5]])
    mask = pareto.pareto_mask(utilities[..., None])[:, 0]
    assert mask[:100_000].all()
    assert not mask[100_000:].any()
