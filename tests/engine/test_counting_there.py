"""Sweeps drawn, solved and counted on a card which this machine plays: the counts are those of numpy."""

import numpy as np
import pytest
import sim
from pandas.testing import assert_frame_equal
from sim.engine.cuda import card as cards
from sim.errors import SimError

TEXT = """
parameters:
  x: {value: 1, range: [-1, 2], distribution: triangular}
  y: {value: 0.3, range: [0, 1]}
issues: {deal: {none: {}, some: {signed: 1}, all: {signed: 1, more: 1}}}
outcomes: {treaty: signed}
actors:
  a: {role: principal}
  b: {role: principal}
  c: {role: third party, stances: {loud: {noise: 1}, calm: {}}}
payoffs:
  a: {gain: x*signed - more}
  b: {gain: y*signed - 0.5*noise + more*x}
  c: {noise: (y - x)*noise*signed}
game: [{offer: a}, {reply: b}, c.stance]
"""
HOLE = TEXT.replace("x*signed - more", "signed/x - 0.1")
DESIGNS = {
    "grid": {"vary": {"x": (-1.0, 2.0, 7), "y": (0.0, 1.0, 6)}},
    "listed": {"vary": {"x": np.array([-1.0, 0.5, 2.0]), "y": (0.0, 1.0, 5)}},
    "sobol": {"design": "sobol", "points": 300},
    "monte carlo": {"design": "monte_carlo", "points": 100},
}


def counted(text, how):
    """What is counted by numpy and on the card."""
    scenario = sim.loads(text)
    return [
        sim.sweep(scenario, engine=engine, chunk=128, **how).manifest["summary"]
        for engine in ("numpy", "gpu")
    ]


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("reduction", ["share", "raster"])
def test_counts_are_those_of_numpy(cupy, name, reduction):
    cupy()
    here, there = counted(TEXT, DESIGNS[name] | {"reduce": reduction})
    assert here == there
    assert 0 < here["feasible_share"] < 1


def test_points_without_an_answer_are_counted_as_well(cupy):
    cupy()
    how = {"vary": {"x": (-1.0, 1.0, 5), "y": (0.0, 1.0, 3)}, "reduce": "share"}
    here, there = counted(HOLE, how)
    assert here == there
    with pytest.raises(SimError, match=r"payoffs\.a\.gain"):
        sim.sweep(sim.loads(HOLE), engine="gpu", fail_fast=True, **how)


def test_without_room_fewer_points_are_counted_at_a_time(cupy, monkeypatch):
    monkeypatch.setattr(cards, "LEAST", 8)
    cupy(room=18 * 50)
    here, there = counted(TEXT, DESIGNS["grid"] | {"reduce": "share"})
    assert here == there


def test_what_a_sweep_keeps_is_that_of_numpy(cupy):
    cupy()
    rows = [
        sim.sweep(sim.loads(TEXT), engine=engine, **DESIGNS["grid"]).to_frame()
        for engine in ("numpy", "gpu")
    ]
    assert_frame_equal(*rows, rtol=1e-12)
