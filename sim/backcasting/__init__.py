"""Backcasts: the model held against disputes whose outcome is known."""

from sim.backcasting.calibrate import Calibration, calibrate
from sim.backcasting.fitted_beliefs import fitted_beliefs
from sim.backcasting.scoreboard import Row, Scoreboard, backcast
from sim.backcasting.shown import WIDTH
from sim.backcasting.signs import SignResult, sign_test

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
