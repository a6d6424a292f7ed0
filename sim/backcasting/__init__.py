"""Backcasts: the model held against disputes whose outcome is known."""

from sim.backcasting.calibrate import Calibration, calibrate
from sim.backcasting.fitted_beliefs import fitted_beliefs
from sim.backcasting.row import Row
from sim.backcasting.scoreboard import Scoreboard, backcast, with_outcome
from sim.backcasting.sealed import Registry, ran, seal
from sim.backcasting.shown import WIDTH
from sim.backcasting.signs import SignResult, sign_test
from sim.backcasting.two_codings import SECOND_CODING, Agreement, agreement, read_codes

__all__ = [
    "SECOND_CODING",
    "WIDTH",
    "Agreement",
    "Calibration",
    "Registry",
    "Row",
    "Scoreboard",
    "SignResult",
    "agreement",
    "backcast",
    "calibrate",
    "fitted_beliefs",
    "ran",
    "read_codes",
    "seal",
    "sign_test",
    "with_outcome",
]
