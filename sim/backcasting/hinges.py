"""Which parameters a verdict hinges on.

Definition. Where some parameters alone flip the verdict, those that do so nearest to their value, as a share
of the range; elsewhere those between whose ends the margin differs most.
"""

from __future__ import annotations

import numpy as np

from sim.certified.change.reach import ends_of, reach_of
from sim.explaining import widest_first
from sim.feasibility.blockers import margins_and_lifted
from sim.feasibility.evaluate import prepared
from sim.scenario import Scenario


def hinges(scenario: Scenario, count: int = 3) -> tuple[str, ...]:
    """Parameters that a verdict hinges on, first those that matter most."""
    from sim.certified.regions.nearest_flips import nearest_flips

    return nearest_flips(scenario, count) or _widest_swings(scenario)[:count]


def _widest_swings(scenario: Scenario) -> tuple[str, ...]:
    """All parameters that may move, those first between whose ends the margin differs most."""
    names = reach_of(scenario, None).names
    if not names:
        return ()
    own = np.array([scenario.values[path] for path in names])[:, None]
    ends = np.array([ends_of(scenario, path) for path in names]).reshape(-1, 2)
    alone = np.eye(len(names), dtype=np.bool_)
    points = [np.where(alone, end[:, None], own) for end in ends.T]
    margins, _ = margins_and_lifted(prepared(scenario, names), np.concatenate(points, axis=1))
    low, high = margins.reshape(2, -1)
    swings = dict(zip(names, np.abs(high - low), strict=True))
    order = [path for path in scenario.document.parameters if path in swings]
    return tuple(sorted(order, key=lambda path: widest_first(swings[path])))
