"""A cloud of points, of which some are of interest.

Definition. A parameter with levels has no order that a box could use: a box keeps some of them. It stands in
the cloud as one row per level, 1 at that level and 0 elsewhere.

Array convention. ``points`` has shape ``(rows, points)``, ``wanted`` ``(points,)``, bounds ``(rows,)``; a row
is a parameter, or one level of a parameter that has levels.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.records.boxes import Box, Limit
from sim.sweeps.analyses._run import RANDOM, levels_met, points_of, some, span
from sim.sweeps.analyses._targets import PLAIN, wanted_of
from sim.sweeps.run import Run

SEARCHED = 20_000
"""Points among which restrictions are sought."""

Bounds = tuple[FloatArray, FloatArray]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cloud:
    """Points, of which some are of interest.

    Parameters
    ----------
    paths, units
        Names and units of the rows of ``points``.
    points, wanted
        The points, and which of them are of interest.
    whole
        A box that holds all points.
    size, cases
        What mass and coverage are shares of: number of points, and of points of interest.
    level
        Of every row the level that it stands for; nan where it is a parameter.
    sampled
        Whether the points are drawn, so that shares have standard errors.
    words
        What the points of interest have in common.
    """

    paths: tuple[str, ...]
    units: Mapping[str, str]
    points: FloatArray
    wanted: BoolArray
    whole: Bounds
    size: int
    cases: int
    level: FloatArray
    sampled: bool = False
    words: str = ""

    @property
    def groups(self) -> IntArray:
        """Of every row the number of its parameter."""
        names = list(dict.fromkeys(self.paths))
        return np.array([names.index(path) for path in self.paths], dtype=np.int64)

    def rows_of(self, path: str) -> IntArray:
        """The rows of a parameter."""
        return np.array([k for k, name in enumerate(self.paths) if name == path], dtype=np.int64)

    def bounds_of(self, limits: Iterable[Limit]) -> Bounds:
        """The bounds of some restrictions on all rows."""
        low, high = self.whole[0].copy(), self.whole[1].copy()
        for limit in limits:
            for k in self.rows_of(limit.path):
                if not limit.levels:
                    low[k], high[k] = limit.low, limit.high
                elif self.level[k] not in limit.levels:
                    high[k] = 0.0
        return low, high

    def inside(self, box: Box) -> BoolArray:
        """Which points lie in a box."""
        held = np.ones(len(self.wanted), dtype=np.bool_)
        low, high = self.bounds_of(box.limits)
        for k in np.flatnonzero((low != self.whole[0]) | (high != self.whole[1])):
            held &= (self.points[k] >= low[k]) & (self.points[k] <= high[k])
        return held

    def part(self, rows: BoolArray | IntArray) -> Cloud:
        """Some of the points; mass and coverage stay shares of all."""
        return replace(self, points=self.points[:, rows], wanted=self.wanted[rows])


def cloud(
    paths: Sequence[str],
    points: FloatArray,
    wanted: BoolArray,
    units: Mapping[str, str] | None = None,
    whole: Bounds | None = None,
    *,
    levels: Mapping[str, Sequence[float]] | None = None,
    sampled: bool = False,
    words: str = "",
) -> Cloud:
    """Points (one at least), of which some are of interest, in their smallest box or a given one.

    Of a parameter with ``levels`` (two at least) every level becomes a row.
    """
    least, most = whole or (points.min(axis=1), points.max(axis=1))
    names, rows, level, ends = list[str](), list[FloatArray](), list[float](), list[list[float]]()
    for k, path in enumerate(paths):
        known = (levels or {}).get(path, ())
        for one in known:
            rows.append((points[k] == one).astype(np.float64))
            ends.append([0.0, 1.0])
        if not known:
            rows.append(points[k])
            ends.append([float(least[k]), float(most[k])])
        level += map(float, known or (np.nan,))
        names += [path] * max(1, len(known))
    return Cloud(
        paths=tuple(names),
        units=units or {},
        points=np.stack(rows) if levels else points,
        wanted=wanted,
        whole=(np.array([e[0] for e in ends]), np.array([e[1] for e in ends])),
        size=len(wanted),
        cases=int(wanted.sum()),
        level=np.array(level),
        sampled=sampled,
        words=words,
    )


def cloud_of_run(run: Run, target: str, rng: np.random.Generator) -> Cloud:
    """The draws of a run that a target names (:mod:`sim.sweeps.analyses._targets`) among the others.

    Raises
    ------
    UsageError
        If the target is unknown, or no point has an answer.
    """
    found = wanted_of(run, target)
    rows = some(found.draw, rng)
    wanted = found.rows[rows]
    points = points_of(run, rows)
    ends = np.array([span(run, path, x) for path, x in zip(run.varied, points, strict=True)])
    units = {path: run.unit(path) for path in run.varied}
    met = {p: levels_met(run, p, x) for p, x in zip(run.varied, points, strict=True)}
    levels = {path: known for path, known in met.items() if known}
    return cloud(
        run.varied, points, wanted, units, (ends[:, 0], ends[:, 1]),
        levels=levels, sampled=run.design in RANDOM, words=found.words,
    )  # fmt: skip


def note_of(held: Cloud, target: str) -> str:
    """What stands in the way of telling points apart, if anything does."""
    if held.cases not in (0, held.size):
        return ""
    every = "every" if held.cases else "no"
    return f"{every} point is {target}" if target in PLAIN else f"at {every} point {held.words}"
