"""Which parameters a verdict hinges on."""

from __future__ import annotations

from sim.explaining import flipped
from sim.feasibility import Verdict
from sim.scenario import Scenario


def hinges(verdict: Verdict, scenario: Scenario, count: int = 3) -> tuple[str, ...]:
    """Parameters that a verdict hinges on: nearest flip first, as a share of the range.

    Where no parameter flips it alone, those that move the margin most.
    """
    if verdict.best_agreement is None or verdict.private is not None:
        return ()
    from sim.certified.regions.nearest_flips import nearest_flips

    near = nearest_flips(scenario, count)
    return near or tuple(t.path for t in flipped(verdict, scenario).thresholds[:count])
