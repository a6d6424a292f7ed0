"""Which parameters a verdict hinges on.

Definition. Where some parameters alone flip the verdict, those that do so nearest to their value, as a share
of the range; elsewhere those between whose ends the margin differs most.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.backcasting.sampling import points_at_ends
from sim.explaining import widest_first
from sim.feasibility.blockers import margins_and_lifted
from sim.feasibility.evaluate import prepared
from sim.scenario import Scenario


def hinges(scenario: Scenario, count: int = 3, ends: FloatArray | None = None) -> tuple[str, ...]:
    """Parameters that a verdict hinges on, first those that matter most.

    ``ends`` are the margins at :func:`sim.backcasting.sampling.points_at_ends`, where they are known.
    """
    from sim.certified.regions.nearest_flips import nearest_flips

    if near := nearest_flips(scenario, count):
        return near
    swings = _swings(scenario, ends)
    order = [path for path in scenario.document.parameters if path in swings]
    return tuple(sorted(order, key=lambda path: widest_first(swings[path])))[:count]


def _swings(scenario: Scenario, ends: FloatArray | None) -> Mapping[str, float]:
    """By how much the margin differs between the ends of the range of each parameter that may move."""
    names, points = points_at_ends(scenario)
    if not names:
        return {}
    if ends is None:
        ends = margins_and_lifted(prepared(scenario, names), points)[0].reshape(2, -1)
    return dict(zip(names, np.abs(ends[1] - ends[0]).tolist(), strict=True))
