"""A dispute with types as figures show it: its prediction, and the same along one parameter."""

from __future__ import annotations

import numpy as np

from sim.errors import UsageError
from sim.feasibility.private.along import PrivateAlong, private_along
from sim.feasibility.private.by_type import PrivateInformation, private_information
from sim.scenario import Scenario

POINTS = 41
"""Values along a parameter."""
INWARDS = 1e-6
"""Share of the range by which its ends are avoided, where a chance may be 0."""


def private_view(scenario: Scenario) -> PrivateInformation:
    """The private information of a dispute whose game leads somewhere.

    Raises
    ------
    UsageError
        If nobody has types, there is no game, or no equilibrium was found.
    """
    found = private_information(scenario)
    if found.prediction is None or not found.prediction.outcomes:
        raise UsageError(f"{scenario.origin}: no game, or no equilibrium of it was found")
    return found


def along_range(scenario: Scenario, path: str, points: int = POINTS) -> PrivateAlong:
    """What a dispute with types leads to over the range of a parameter.

    Raises
    ------
    UsageError
        If nobody has types, there is no game, or the parameter has no range.
    """
    if not scenario.document.private or scenario.document.game is None:
        raise UsageError(f"{scenario.origin}: no game in which actors have types")
    span = scenario.range_of(path)
    if span is None or not span[0] < span[1]:
        raise UsageError(f"{path}: it has no range in the file, so nothing to move along")
    room = INWARDS * (span[1] - span[0])
    values = np.linspace(span[0] + room, span[1] - room, points)
    return private_along(scenario, path, [float(x) for x in values])
