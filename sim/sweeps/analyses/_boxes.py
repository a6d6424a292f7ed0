"""Boxes of parameters, and what they hold of a cloud of points.

Definition. Of points of which some are *of interest*, a box has **coverage** (the share of the points of
interest that lie in it), **density** (the share of its points that are of interest) and **mass** (the share
of all points in it). Of each of its restrictions is told the density without it, and its **quasi-p**: the
probability that as many of the box's points would be of interest if the density without the restriction held
inside it, so that a small one says that the restriction is no chance [bryant2010]_.

Array convention. ``points`` has shape ``(varied, points)``, ``wanted`` ``(points,)``, bounds ``(varied,)``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.errors import UsageError
from sim.sweeps.analyses._run import points_of, some, span, verdicts
from sim.sweeps.run import Run

TARGETS = ("feasible", "infeasible")
SEARCHED = 20_000

Bounds = tuple[FloatArray, FloatArray]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One restriction of a box.

    Parameters
    ----------
    path, unit, low, high
        The parameter and the values that it keeps to.
    least, most
        The ends of what the parameter was varied over: the limit restricts where it lies within them.
    density_without
        The box's density when this restriction alone is dropped: how much it matters.
    quasi_p
        Probability that chance alone would do as much.
    """

    path: str
    unit: str
    low: float
    high: float
    least: float
    most: float
    density_without: float
    quasi_p: float

    @property
    def words(self) -> str:
        """The restriction in words.

        Examples
        --------
        >>> ends = {"least": 0.0, "most": 1.0, "density_without": 0.5, "quasi_p": 0.0}
        >>> Limit(path="a.b", unit="share", low=0.25, high=1.0, **ends).words
        'a.b at least 0.25 (share)'
        """
        low, high = f"{self.low:.4g}", f"{self.high:.4g}"
        unit = f" ({self.unit})" if self.unit else ""
        if self.high >= self.most:
            return f"{self.path} at least {low}{unit}"
        if self.low <= self.least:
            return f"{self.path} at most {high}{unit}"
        return f"{self.path} between {low} and {high}{unit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A box: its restrictions, coverage, density and mass."""

    limits: tuple[Limit, ...]
    coverage: float
    density: float
    mass: float

    @property
    def rule(self) -> str:
        """The restrictions in words."""
        return " and ".join(limit.words for limit in self.limits) or "everywhere"

    def to_dict(self) -> dict[str, Any]:
        """The box as plain data."""
        return {**asdict(self), "limits": [asdict(k) for k in self.limits], "rule": self.rule}


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
    """

    paths: tuple[str, ...]
    units: Mapping[str, str]
    points: FloatArray
    wanted: BoolArray
    whole: Bounds
    size: int
    cases: int

    def inside(self, box: Box) -> BoolArray:
        """Which points lie in a box."""
        held = np.ones(len(self.wanted), dtype=np.bool_)
        for limit in box.limits:
            x = self.points[self.paths.index(limit.path)]
            held &= (x >= limit.low) & (x <= limit.high)
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
) -> Cloud:
    """Points (one at least), of which some are of interest, in their smallest box or a given one."""
    return Cloud(
        paths=tuple(paths),
        units=units or {},
        points=points,
        wanted=wanted,
        whole=whole or (points.min(axis=1), points.max(axis=1)),
        size=len(wanted),
        cases=int(wanted.sum()),
    )


def cloud_of_run(run: Run, target: str, rng: np.random.Generator) -> Cloud:
    """The draws of a run at which a treaty is feasible (or is not) among the others.

    Raises
    ------
    UsageError
        If the target is unknown, or no point has an answer.
    """
    if target not in TARGETS:
        raise UsageError(f"unknown target '{target}'; legal: {', '.join(TARGETS)}")
    found = verdicts(run)
    rows = some(found.draw, rng)
    wanted = (found.yes if target == "feasible" else found.no)[rows]
    points = points_of(run, rows)
    ends = np.array([span(run, path, x) for path, x in zip(run.varied, points, strict=True)])
    units = {path: run.unit(path) for path in run.varied}
    return cloud(run.varied, points, wanted, units, (ends[:, 0], ends[:, 1]))


def note_of(held: Cloud, target: str) -> str:
    """What stands in the way of telling points apart, if anything does."""
    if not held.cases:
        return f"no point is {target}"
    return f"every point is {target}" if held.cases == held.size else ""


def measured(held: Cloud, bounds: Bounds) -> Box:
    """A box with its coverage, density and mass."""
    return next(measured_along(held, [bounds]))


def measured_along(held: Cloud, nested: Iterable[Bounds]) -> Iterator[Box]:
    """Boxes that each lie in the one before: a point outside by two parameters is not met again."""
    count = len(held.paths)
    rows = np.arange(len(held.wanted))
    wanted, blame = held.wanted.astype(np.float64), np.zeros(len(rows), dtype=np.int16)
    last = (held.whole[0].copy(), held.whole[1].copy())
    for low, high in nested:
        for k in np.flatnonzero((low != last[0]) | (high != last[1])):
            x = held.points[k][rows]
            out = (x < low[k]) | (x > high[k])
            once = ~out | (blame == 0) | (blame == k + 1)
            blame[out] = k + 1
            rows, wanted, blame = rows[once], wanted[once], blame[once]
        last = (low.copy(), high.copy())
        sizes = np.bincount(blame, minlength=count + 1)
        hits = np.bincount(blame, wanted, minlength=count + 1).astype(np.float64)
        yield _box(held, last, sizes, hits)


def _box(held: Cloud, bounds: Bounds, sizes: IntArray, hits: FloatArray) -> Box:
    """A box from its points (first entries) and those that one restriction alone keeps out."""
    (low, high), (least, most) = bounds, held.whole
    limits = []
    for k in np.flatnonzero((low > least) | (high < most)):
        without = _ratio(hits[0] + hits[k + 1], sizes[0] + sizes[k + 1])
        limits.append(
            Limit(
                path=held.paths[k],
                unit=held.units.get(held.paths[k], ""),
                low=float(low[k]),
                high=float(high[k]),
                least=float(least[k]),
                most=float(most[k]),
                density_without=without,
                quasi_p=_quasi_p(int(hits[0]), int(sizes[0]), without),
            )
        )
    return Box(
        limits=tuple(limits),
        coverage=_ratio(hits[0], held.cases),
        density=_ratio(hits[0], sizes[0]),
        mass=_ratio(sizes[0], held.size),
    )


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole else 0.0


def _quasi_p(hits: int, size: int, density: float) -> float:
    """Probability of at least as many points of interest in the box, at a given density."""
    from scipy.special import bdtrc

    return 1.0 if hits == 0 else float(bdtrc(hits - 1, size, density))
