"""Backcasts: the model held against disputes whose outcome is known."""

from sim.backcast.calibrate import Calibration, calibrate
from sim.backcast.fitted_beliefs import fitted_beliefs
from sim.backcast.scoreboard import Row, Scoreboard, backcast
from sim.backcast.shown import WIDTH
from sim.backcast.signs import SignResult, sign_test

__all__ = [
    "WIDTH",
    "Calibration",
    "Row",
    "Scoreboard",
    "SignResult",
    "backcast",
    "calibrate",
    "fitted_beliefs",
    "sign_test",
]
