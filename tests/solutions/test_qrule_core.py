"""The core of a q-rule: published cases and domination on a grid."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.errors import UsageError
from sim.games.spatial import SpatialGame
from sim.solutions.spatial.qrule_core import qrule_core

FIVE = [0, 0.2, 0.4, 0.6, 1]
CASES = [
    ("Black (1948), the median", FIVE, 3, [0.4, 0.4]),
    ("[x_(n-q+1), x_(q)]", FIVE, 4, [0.2, 0.6]),
    ("[x_(n-q+1), x_(q)], unanimity", FIVE, 5, [0, 1]),
    ("by hand: two halves of an even body", [0, 1, 2, 3], 3, [1, 2]),
]


@pytest.mark.parametrize(("source", "ideals", "quota", "core"), CASES)
def test_published_cases(source, ideals, quota, core):
    solution = qrule_core(SpatialGame.on_line(ideals), quota=quota)
    assert [e.extra["position"] for e in solution.equilibria] == sorted(set(core))


@settings(deadline=None, max_examples=120)
@given(st.lists(st.integers(-5, 5), min_size=1, max_size=6), st.integers(1, 6))
def test_exactly_the_points_that_no_coalition_leaves(ideals, quota):
    votes = min(quota, len(ideals))
    solution = qrule_core(SpatialGame.on_line(ideals), quota=votes)
    ends = [e.extra["position"] for e in solution.equilibria]
    # ideal points are whole, so a step of 1/4 is small enough to please all on one side
    for x in range(-6, 7):
        steps = (x - 0.25, x + 0.25)
        left = any(sum(abs(y - p) < abs(x - p) for p in ideals) >= votes for y in steps)
        inside = bool(ends) and min(ends) <= x <= max(ends)
        assert inside == (not left)
    assert bool(ends) or "empty" in solution.note


def test_majority_is_the_default_and_bad_quotas_are_refused():
    assert qrule_core(SpatialGame.on_line(FIVE)).parameters["quota"] == 3
    with pytest.raises(UsageError, match="quota"):
        qrule_core(SpatialGame.on_line(FIVE), quota=6)
