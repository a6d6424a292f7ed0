"""The agenda setter: published cases and a search over a grid of proposals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.errors import UsageError
from sim.games.spatial import SpatialGame
from sim.solutions.spatial.agenda_setter import agenda_setter

SOURCE = "Romer and Rosenthal (1978)"
CASES = [
    # source, setter, voter, status quo, outcome
    (SOURCE, 1, 0.3, 0, 0.6),
    (SOURCE, 1, 0.6, 0, 1.0),
    (SOURCE, 1, 0.3, 0.5, 0.5),
    (SOURCE, 0.4, 0.3, 0, 0.4),
]


@pytest.mark.parametrize(("source", "setter", "voter", "start", "outcome"), CASES)
def test_published_cases(source, setter, voter, start, outcome):
    game = SpatialGame.on_line([setter, voter], status_quo=start, setter=0)
    (found,) = agenda_setter(game).equilibria
    assert found.extra["position"] == pytest.approx(outcome, abs=1e-12)
    # the voter does not lose, and the setter does not either
    assert abs(outcome - voter) <= abs(start - voter) + 1e-12
    assert found.payoffs["actor 1"] >= -abs(start - setter) - 1e-12


@settings(deadline=None, max_examples=150)
@given(
    st.integers(-8, 8),
    st.lists(st.integers(-8, 8), min_size=1, max_size=5),
    st.integers(-8, 8),
    st.integers(1, 5),
)
def test_equals_a_search_over_proposals(setter, voters, start, quota):
    votes = min(quota, len(voters))
    game = SpatialGame.on_line([setter, *voters], status_quo=start, setter=0, quota=votes)
    (found,) = agenda_setter(game).equilibria
    proposals = np.arange(-24, 25)
    likes = [sum(abs(x - v) <= abs(start - v) for v in voters) >= votes for x in proposals]
    best = min(abs(x - setter) for x, passes in zip(proposals, likes, strict=True) if passes)
    assert abs(found.extra["position"] - setter) == best


def test_every_veto_player_must_consent():
    """Tsebelis (2002): the setter's best point of the win-set of all veto players, not of a majority."""
    game = replace(SpatialGame.on_line([0, 0.4, 0.6, 0.9], status_quo=1, setter=0), veto=(1, 2, 3))
    (found,) = agenda_setter(game).equilibria
    assert found.extra["position"] == pytest.approx(0.8, abs=1e-12)
    assert agenda_setter(game).parameters["passes"] == [pytest.approx(0.8), 1]


@settings(deadline=None, max_examples=150)
@given(
    st.integers(-8, 8),
    st.lists(st.integers(-8, 8), min_size=2, max_size=5),
    st.integers(-8, 8),
    st.sets(st.integers(1, 5), max_size=3),
    st.one_of(st.none(), st.integers(1, 5)),
)
def test_consent_and_votes_equal_a_search_over_proposals(setter, voters, start, veto, quota):
    veto = tuple(sorted(i for i in veto if i <= len(voters)))
    votes = quota and min(quota, len(voters))
    game = replace(
        SpatialGame.on_line([setter, *voters], status_quo=start, setter=0, quota=votes), veto=veto
    )
    (found,) = agenda_setter(game).equilibria
    needed = votes or (0 if veto else len(voters) // 2 + 1)

    def passes(x):
        yes = [abs(x - v) <= abs(start - v) for v in voters]
        return sum(yes) >= needed and all(yes[i - 1] for i in veto)

    best = min(abs(x - setter) for x in range(-24, 25) if passes(x) or x == start)
    assert abs(found.extra["position"] - setter) == best


def test_bad_input():
    with pytest.raises(UsageError, match="setter"):
        agenda_setter(SpatialGame.on_line([0, 1], status_quo=0))
    with pytest.raises(UsageError, match="status quo"):
        agenda_setter(SpatialGame.on_line([0, 1], setter=0))
    with pytest.raises(UsageError, match="voter"):
        agenda_setter(SpatialGame.on_line([0], status_quo=0, setter=0))
    with pytest.raises(UsageError, match="quota"):
        agenda_setter(SpatialGame.on_line([0, 1], status_quo=0, setter=0, quota=2))
