"""Certified thresholds along one parameter of a run, from the scenario that the run stores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sim.certified.regions.frontier import frontier
from sim.errors import SimError
from sim.scenario import Scenario
from sim.sweeps.run import Run


def thresholds_of_run(
    run: Run, stored: Scenario, path: str, held: Mapping[str, float]
) -> tuple[float, ...] | None:
    """Where the verdict flips along a parameter between the ends of a run's grid; ``None`` if not known.

    Parameters
    ----------
    run
        Of a dispute, on a grid.
    stored
        The scenario that it stores, at the file's own values.
    path
        A varied parameter.
    held
        Values of the other varied parameters.
    """
    grid = run.coordinates(path)
    low, high = float(min(grid)), float(max(grid))
    try:
        scenario = replace(stored, overrides={**run.manifest["overrides"], **held})
        found = frontier(scenario, vary={path: (low, high)}, unlabelled=1.0)
    except SimError:
        return None
    if found.at_levels or found.status != "complete":
        return None
    return tuple(crossing.at for crossing in found.crossings)
