"""Single-parameter thresholds: where the verdict flips when one parameter moves and the rest stay.

Definition. A threshold of parameter ``p`` is a value in its range at which the margin crosses 0.
The margin is continuous in ``p``, so crossings are bracketed on a grid and each bracket is then
divided into equal parts again and again until it is as narrow as numbers allow. Two crossings
between neighbouring grid points can escape; the grid has ``GRID`` intervals.

Array convention. ``theta`` has shape ``(1, batch)``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.errors import SimError
from sim.feasibility.evaluate import Problem, margins, prepare
from sim.payoffs import structural_parameters
from sim.scenario import Scenario

GRID = 64
PARTS = 32
WIDTH = 1e-13


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """What one parameter alone could do to the verdict.

    Parameters
    ----------
    path, value, low, high
        The parameter, its current value and its range.
    at
        Values in the range at which the margin crosses 0, ascending.
    margin_low, margin_high
        The margin at the ends of the range.
    """

    path: str
    value: float
    low: float
    high: float
    at: tuple[float, ...]
    margin_low: float
    margin_high: float

    @property
    def nearest(self) -> float | None:
        """The crossing nearest to the current value, if there is one."""
        return min(self.at, key=lambda x: abs(x - self.value), default=None)

    @property
    def swing(self) -> float:
        """How far the margin moves from one end of the range to the other."""
        return abs(self.margin_high - self.margin_low)


def thresholds(scenario: Scenario) -> tuple[Threshold, ...]:
    """The thresholds of every parameter that has a range, widest swing of the margin first.

    Parameters that decide which agreements exist are left out: a sweep cannot vary them.
    """
    fixed = structural_parameters(scenario.document)
    paths = [
        path
        for path, p in scenario.document.parameters.items()
        if p.range is not None and p.range[0] < p.range[1] and path not in fixed
    ]
    base = prepare(scenario)
    found = [threshold(scenario, path, like=base) for path in paths]
    return tuple(sorted(found, key=lambda t: -t.swing if np.isfinite(t.swing) else 0.0))


def threshold(
    scenario: Scenario,
    path: str,
    bounds: tuple[float, float] | None = None,
    *,
    like: Problem | None = None,
) -> Threshold:
    """The thresholds of one parameter.

    Parameters
    ----------
    scenario
        The dispute, with everything else at its current value.
    path
        Dotted path.
    bounds
        ``(low, high)``; the parameter's own range by default.
    like
        The scenario compiled already, to save work.

    Raises
    ------
    SimError
        If the parameter has no range and none is given, or is unknown.
    """
    bounds = bounds or scenario.range_of(path)
    if bounds is None:
        raise SimError(f"{path} has no range in the file; give one")
    problem = prepare(scenario, [path], like=like)
    grid = np.linspace(*bounds, GRID + 1)
    margin = margins(problem, grid[None])
    crossings = _refine(problem, grid, margin)
    return Threshold(
        path=path,
        value=scenario.values[path],
        low=bounds[0],
        high=bounds[1],
        at=crossings,
        margin_low=float(margin[0]),
        margin_high=float(margin[-1]),
    )


def _refine(problem: Problem, grid: FloatArray, margin: FloatArray) -> tuple[float, ...]:
    """Every bracketed crossing, narrowed by dividing all brackets at once."""
    feasible = margin >= 0
    at = np.flatnonzero(feasible[:-1] != feasible[1:])
    low, high = grid[at], grid[at + 1]
    rising = feasible[at + 1]
    scale = max(1.0, float(np.abs(grid).max()))
    for _ in range(12):
        if not len(at) or (high - low <= WIDTH * scale).all():
            break
        steps = np.linspace(low, high, PARTS + 1)
        inside = margins(problem, steps.reshape(1, -1)).reshape(steps.shape) >= 0
        changed = inside == rising
        first = np.maximum(changed.argmax(axis=0), 1)
        columns = np.arange(len(at))
        low, high = steps[first - 1, columns], steps[first, columns]
    return tuple(float(x) for x in (low + high) / 2)
