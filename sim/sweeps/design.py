"""Designs: which points a sweep visits, addressed by their index.

Definition. A design maps an index ``0 <= k < size`` to a point, independently of every other index, so
that a chunk of a sweep is two integers and any worker can generate its points by itself.

Array convention. ``points(start, stop)`` has shape ``(varied, stop - start)``, the batch axis last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.errors import UsageError
from sim.scenario import Scenario

MAX_POINTS = 10**12

Axis = tuple[float, float, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A full grid: every combination of equally spaced values, the last parameter moving fastest.

    Parameters
    ----------
    axes
        Per varied path ``(lo, hi, points)``.

    Examples
    --------
    >>> Grid(axes={"a": (0, 1, 3), "b": (0, 10, 2)}).points(1, 4)
    array([[ 0. ,  0.5,  0.5],
           [10. ,  0. , 10. ]])
    """

    axes: Mapping[str, Axis]

    @property
    def varied(self) -> tuple[str, ...]:
        """Paths of the varied parameters."""
        return tuple(self.axes)

    @property
    def shape(self) -> tuple[int, ...]:
        """Points along every axis."""
        return tuple(points for _, _, points in self.axes.values())

    @property
    def size(self) -> int:
        """Number of points."""
        return prod(self.shape)

    def coordinates(self) -> dict[str, FloatArray]:
        """The values along every axis."""
        return {path: np.linspace(lo, hi, n) for path, (lo, hi, n) in self.axes.items()}

    def points(self, start: int, stop: int) -> FloatArray:
        """The points with indices ``start`` to ``stop - 1``, shape ``(varied, stop - start)``."""
        index = np.unravel_index(np.arange(start, stop), self.shape)
        values = self.coordinates().values()
        return np.stack([axis[k] for axis, k in zip(values, index, strict=True)])

    def to_dict(self) -> dict[str, Any]:
        """The design as plain data for a manifest."""
        return {"kind": "grid", "axes": {path: list(axis) for path, axis in self.axes.items()}}


def grid(scenario: Scenario, vary: Mapping[str, Axis]) -> Grid:
    """A grid over some parameters of a scenario, checked.

    Raises
    ------
    UsageError
        If a path is unknown, ``lo > hi``, a bound is not finite, there are no points, or too many.
    """
    if not vary:
        raise UsageError("nothing is varied; give --vary PATH=LO:HI:N or name a sweep of the file")
    axes: dict[str, Axis] = {}
    for path, (lo, hi, points) in vary.items():
        scenario.require(path)
        if not (np.isfinite(lo) and np.isfinite(hi)):
            raise UsageError(f"{path}: bounds must be finite numbers")
        if lo > hi:
            raise UsageError(f"{path} runs from {lo:g} to {hi:g}; lo <= hi is needed")
        if points < 1 or (points > 1 and lo == hi):
            raise UsageError(f"{path}: {points} points between {lo:g} and {hi:g} make no grid")
        axes[path] = (float(lo), float(hi), int(points))
    design = Grid(axes=axes)
    if design.size > MAX_POINTS:
        raise UsageError(f"the grid has {design.size:,} points, the limit is {MAX_POINTS:,}")
    return design
