"""Win-sets of veto players: published cases and acceptance on a grid."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.errors import UsageError
from sim.games.spatial import SpatialGame
from sim.solutions.spatial.veto_winset import veto_winset

SOURCE = "Tsebelis (2002)"
CASES = [
    (SOURCE, [0.2, 0.8], 0.5, [0.5, 0.5]),
    (SOURCE, [0.2, 0.8], 0.9, [0.7, 0.9]),
    (SOURCE, [0.2, 0.8], 0.1, [0.1, 0.3]),
]


@pytest.mark.parametrize(("source", "ideals", "start", "winset"), CASES)
def test_published_cases(source, ideals, start, winset):
    solution = veto_winset(SpatialGame.on_line(ideals, status_quo=start))
    ends = [e.extra["position"] for e in solution.equilibria]
    assert ends == pytest.approx(sorted(set(winset)), abs=1e-12)
    for end in ends:
        assert all(abs(end - p) <= abs(start - p) + 1e-12 for p in ideals)


@settings(deadline=None, max_examples=80)
@given(st.lists(st.integers(-5, 5), min_size=1, max_size=4), st.integers(-5, 5))
def test_exactly_the_points_that_everybody_accepts(ideals, start):
    solution = veto_winset(SpatialGame.on_line(ideals, status_quo=start))
    low, high = solution.equilibria[0].extra["interval"]
    for x in range(-16, 17):
        assert (low <= x <= high) == all(abs(x - p) <= abs(start - p) for p in ideals)
    assert low <= start <= high


def stated(*intervals):
    size = len(intervals)
    return SpatialGame(
        actors=tuple(f"side {k}" for k in range(size)),
        positions=np.full(size, np.nan),
        status_quo=None,
        weights=np.ones(size),
        accepts=np.array(intervals, dtype=float),
    )


def test_stated_win_sets():
    """Putnam (1988) on one dimension: what two sides would ratify; illustrative shares of an area."""
    apart = veto_winset(stated((0.5, 1), (0, 0.0692)))
    assert apart.equilibria == ()
    assert "do not meet" in apart.note
    share = 346 / 5003
    (point,) = veto_winset(stated((share, 1), (0, share))).equilibria
    assert point.extra["interval"] == [share, share]
    ends = veto_winset(stated((0.2, 0.7), (0.1, 0.5))).equilibria
    assert [e.extra["position"] for e in ends] == [0.2, 0.5]


def test_bad_input():
    with pytest.raises(UsageError, match="status quo"):
        veto_winset(SpatialGame.on_line([0.2, 0.8]))
    with pytest.raises(UsageError, match="interval"):
        stated((1, 0))
