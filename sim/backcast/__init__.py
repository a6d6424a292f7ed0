"""Backcasts: the model held against disputes whose outcome is known."""

from sim.backcast.calibrate import Calibration, calibrate
from sim.backcast.scoreboard import Row, Scoreboard, backcast
from sim.backcast.signs import SignResult, sign_test

__all__ = ["Calibration", "Row", "Scoreboard", "SignResult", "backcast", "calibrate", "sign_test"]
