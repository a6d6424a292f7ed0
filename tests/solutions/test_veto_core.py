"""The core under unanimity: published cases and domination on a grid."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.errors import UsageError
from sim.games.spatial import SpatialGame
from sim.solutions.spatial.veto_core import veto_core

SOURCE = "Tsebelis (2002): from the lowest to the highest ideal point"
CASES = [
    # source, ideal points, status quo, core, status quo inside
    (SOURCE, [0.2, 0.8], 0.5, [0.2, 0.8], True),
    (SOURCE, [0.2, 0.8], 0.9, [0.2, 0.8], False),
    (SOURCE, [0.2, 0.8], 0.1, [0.2, 0.8], False),
    ("by hand: agreement of all", [0.4, 0.4], 0.4, [0.4, 0.4], True),
]


@pytest.mark.parametrize(("source", "ideals", "start", "core", "inside"), CASES)
def test_published_cases(source, ideals, start, core, inside):
    solution = veto_core(SpatialGame.on_line(ideals, status_quo=start))
    assert solution.exhaustive
    for found in solution.equilibria:
        assert found.extra["interval"] == core
    assert [e.extra["position"] for e in solution.equilibria] == sorted(set(core))
    assert ("inside" in solution.note) == inside


@settings(deadline=None, max_examples=80)
@given(st.lists(st.integers(-5, 5), min_size=1, max_size=5))
def test_exactly_the_points_that_no_other_point_beats_for_all(ideals):
    low, high = veto_core(SpatialGame.on_line(ideals)).equilibria[0].extra["interval"]
    grid = range(-7, 8)
    for x in grid:
        beaten = any(all(abs(y - p) < abs(x - p) for p in ideals) for y in grid)
        assert (low <= x <= high) == (not beaten)


def test_only_veto_players_count_and_each_needs_an_ideal_point():
    game = SpatialGame.on_line([0.0, 0.4, 1.0])
    named = {f: getattr(game, f) for f in ("actors", "positions", "weights", "accepts")}
    some = SpatialGame(**named, status_quo=None, veto=(1, 2))
    assert veto_core(some).equilibria[0].extra["interval"] == [0.4, 1.0]
    named["positions"] = named["positions"].copy()
    named["positions"][2] = float("nan")
    with pytest.raises(UsageError, match="position"):
        veto_core(SpatialGame(**named, status_quo=None))
