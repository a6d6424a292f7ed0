"""Differences of payoffs over lines, read from tables, against what boxes of all parameters give."""

import numpy as np
import pytest
import sim
from sim.certified.bounds.boxes import Boxes
from sim.certified.change.reach import levers_space
from sim.certified.change.single_levers import lines
from sim.certified.games.game_batch import GameBatch
from sim.certified.games.game_payoffs import GamePayoffs
from sim.feasibility import prepare

PATHS = ("tokyo.okinawa_home", "claim.area", "moscow.nationalism", "tokyo.minimum")


@pytest.mark.parametrize("count", [1, 4])
def test_lines_are_bounded_as_boxes_are(count: int) -> None:
    scenario = sim.load("kuril/1956")
    problem = prepare(scenario, PATHS[:count])
    assert problem.game is not None
    payoffs = GamePayoffs(problem.game)
    along = lines(levers_space(scenario, PATHS[:count]))
    wide = np.hstack([along.lo, along.lo]), np.hstack([along.hi, along.hi])
    over = GameBatch(payoffs, along), GameBatch(payoffs, Boxes(*wide))
    rng = np.random.default_rng(5)
    first, second = rng.integers(payoffs.outcomes, size=(2, 400))
    second[:20] = first[:20]
    box = rng.integers(count, size=400)
    for actor in payoffs.payoffs:
        one, other = (batch.differences(actor, first, second, box) for batch in over)
        assert np.allclose(one.lo, other.lo, rtol=0, atol=1e-12)
        assert np.allclose(one.hi, other.hi, rtol=0, atol=1e-12)
        assert (one.lo <= one.hi).all() and not one.hi[:20].any() and not one.lo[:20].any()
        assert ((one.lo == 0) & (one.hi == 0)).sum() == ((other.lo == 0) & (other.hi == 0)).sum()
