"""Full grids.

Definition. Every combination of some values of some parameters, the last one moving fastest. The values are
equally spaced between bounds, or listed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np

from sim._kernels.tolerance import FloatArray, IntArray
from sim.errors import UsageError
from sim.scenario import Scenario
from sim.sweeps.designs.base import MAX_POINTS, PROBES

MOST_AXES = 64 if np.lib.NumpyVersion(np.__version__) >= "2.0.0" else 32  # of an array

Axis = tuple[float, float, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A full grid: every combination of values, the last parameter moving fastest.

    Parameters
    ----------
    axes
        Per varied path ``(lo, hi, points)``.
    values
        Per path whose values are listed, these, ascending; the others are equally spaced.

    Examples
    --------
    >>> Grid(axes={"a": (0, 1, 3), "b": (0, 10, 2)}).points(1, 4)
    array([[ 0. ,  0.5,  0.5],
           [10. ,  0. , 10. ]])
    """

    axes: Mapping[str, Axis]
    values: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

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
        spaced = {path: np.linspace(lo, hi, n) for path, (lo, hi, n) in self.axes.items()}
        return spaced | {path: np.array(values) for path, values in self.values.items()}

    def points(self, start: int, stop: int) -> FloatArray:
        """The points with indices ``start`` to ``stop - 1``, shape ``(varied, stop - start)``."""
        return self.at(np.arange(start, stop))

    def at(self, index: IntArray) -> FloatArray:
        """The points with some indices, shape ``(varied, len(index))``."""
        return self._at(np.unravel_index(index, self.shape))

    def _at(self, index: Sequence[IntArray]) -> FloatArray:
        return np.stack([self._along(path, k) for path, k in zip(self.axes, index, strict=True)])

    def _along(self, path: str, index: IntArray) -> FloatArray:
        if path in self.values:
            return np.array(self.values[path])[index]
        return _along(self.axes[path], index)

    def part(self, start: int, stop: int) -> Grid:
        """The grid itself, which is small."""
        return self

    def probes(self) -> FloatArray:
        """Lines along every axis through the middle, and points spread over the whole grid."""
        middle = [n // 2 for n in self.shape]
        lines = []
        for k, n in enumerate(self.shape):
            along = np.unique(np.linspace(0, n - 1, min(n, PROBES)).astype(np.int64))
            lines.append(
                [along if j == k else np.full_like(along, m) for j, m in enumerate(middle)]
            )
        spread = np.linspace(0, self.size - 1, min(self.size, PROBES)).astype(np.int64)
        lines.append(list(np.unravel_index(spread, self.shape)))
        return np.concatenate([self._at(line) for line in lines], axis=1)

    def to_dict(self) -> dict[str, Any]:
        """The design as plain data for a manifest."""
        data = {"kind": "grid", "axes": {path: list(axis) for path, axis in self.axes.items()}}
        listed = {path: list(values) for path, values in self.values.items()}
        return data | ({"values": listed} if listed else {})


def grid(scenario: Scenario, vary: Mapping[str, Axis | FloatArray]) -> Grid:
    """A grid over some parameters of a scenario, by bounds and points or by values, checked.

    Raises
    ------
    UsageError
        If a path is unknown, ``lo > hi``, a bound is not finite, there are no points, or too many of them
        or of parameters.
    """
    if not vary:
        raise UsageError("nothing is varied; give --vary PATH=LO:HI:N or name a sweep of the file")
    if len(vary) > MOST_AXES:
        raise UsageError(
            f"a grid over {len(vary)} parameters: {MOST_AXES} are the limit; give those with one value by "
            "--set, or sample all with --design sobol"
        )
    axes: dict[str, Axis] = {}
    values = {p: tuple(map(float, v)) for p, v in vary.items() if isinstance(v, np.ndarray)}
    for path, given in vary.items():
        scenario.require(path)
        if path in values:
            axes[path] = (values[path][0], values[path][-1], len(values[path]))
            continue
        lo, hi, points = given
        check_bounds(path, lo, hi)
        if points < 1 or (points > 1 and lo == hi):
            raise UsageError(f"{path}: {points} points between {lo:g} and {hi:g} make no grid")
        axes[path] = (float(lo), float(hi), int(points))
    design = Grid(axes=axes, values=values)
    if design.size > MAX_POINTS:
        raise UsageError(f"the grid has {design.size:,} points, the limit is {MAX_POINTS:,}")
    return design


def stored_grid(design: Mapping[str, Any]) -> Grid:
    """The grid of a manifest's ``design``, as :meth:`Grid.to_dict` writes it.

    Examples
    --------
    >>> made = Grid(axes={"a": (0, 1, 3)})
    >>> stored_grid(made.to_dict()).coordinates()["a"].tolist()
    [0.0, 0.5, 1.0]
    """
    axes = {path: (lo, hi, int(n)) for path, (lo, hi, n) in design["axes"].items()}
    return Grid(axes=axes, values=design.get("values", {}))


def _along(axis: Axis, index: IntArray) -> FloatArray:
    """Values along an axis by index, to the bit those of ``numpy.linspace``, which writes out all."""
    lo, hi, n = axis
    if n == 1:
        return np.full_like(index, lo, dtype=np.float64)
    step = (hi - lo) / (n - 1)
    steps = index * step if step else index / (n - 1) * (hi - lo)
    return np.where(index == n - 1, hi, steps + lo)


def check_bounds(path: str, lo: float, hi: float) -> None:
    """Refuse bounds that are not finite, too far apart, or in the wrong order."""
    if not (np.isfinite(lo) and np.isfinite(hi)):
        raise UsageError(f"{path}: bounds must be finite numbers")
    if not np.isfinite(float(hi) - float(lo)):
        raise UsageError(f"{path}: {lo:g} and {hi:g} are too far apart")
    if lo > hi:
        raise UsageError(f"{path} runs from {lo:g} to {hi:g}; lo <= hi is needed")
