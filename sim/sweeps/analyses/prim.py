"""In which box of parameters a treaty is feasible: the patient rule induction method.

Definition. Of points of which some are *of interest*, a box has **coverage** (the share of the points of
interest that lie in it), **density** (the share of its points that are of interest) and **mass** (the
share of all points in it). From the box of all points, the method peels off again and again the slice of
about ``PEEL`` of the remaining points, at the lower or upper end of one parameter, whose removal raises the
density most per point removed. The boxes on the way trade coverage for density. From each of them the
restrictions that chance explains are dropped: those whose **quasi-p** (the probability that as many of the
box's points would be of interest if the density without the restriction held inside it) is above
``CHANCE``, the least convincing first. Of what remains the box with the largest harmonic mean of coverage
and density is the best.

Array convention. ``points`` has shape ``(varied, points)``, ``wanted`` ``(points,)``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.errors import UsageError
from sim.sweeps.analyses._run import feasible, points_of, representative
from sim.sweeps.run import Run

PEEL = 0.05
LEAST_MASS = 0.01
CHANCE = 0.05
SEARCHED = 20_000
MOST_PEELS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One restriction of a box.

    Parameters
    ----------
    path, low, high
        The parameter and the values that it keeps to.
    density_without
        The box's density when this restriction alone is dropped: how much it matters.
    quasi_p
        Probability that chance alone would do as much.
    """

    path: str
    low: float
    high: float
    density_without: float
    quasi_p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A box: its restrictions, coverage, density and mass."""

    limits: tuple[Limit, ...]
    coverage: float
    density: float
    mass: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Prim:
    """What peeling found.

    Parameters
    ----------
    target
        Which points are of interest.
    share
        How many of all points are.
    best
        The pruned box with the largest harmonic mean of coverage and density.
    boxes
        All boxes on the way, from all points to the smallest.
    note
        What stands in the way, if anything does.
    """

    target: str
    share: float
    best: Box
    boxes: tuple[Box, ...]
    note: str

    def to_dict(self) -> dict[str, Any]:
        """The record as plain data."""
        trade = [{"coverage": b.coverage, "density": b.density, "mass": b.mass} for b in self.boxes]
        best = {**asdict(self.best), "limits": [asdict(limit) for limit in self.best.limits]}
        head = {"target": self.target, "share": self.share}
        return {**head, "best": best, "boxes": trade, "note": self.note}


Bounds = tuple[FloatArray, FloatArray]


def prim(
    paths: Sequence[str],
    points: FloatArray,
    wanted: BoolArray,
    *,
    rng: np.random.Generator | None = None,
) -> tuple[Box, ...]:
    """The boxes that peeling passes through, from all points to the smallest.

    Parameters
    ----------
    paths
        Names of the rows of ``points``.
    points, wanted
        Shapes ``(varied, points)`` and ``(points,)``.
    rng
        Draws the points that are searched when there are very many; boxes are measured on all.

    Notes
    -----
    Source: [friedman1999]_; for scenario discovery [bryant2010]_.

    Examples
    --------
    >>> x = np.random.default_rng(0).random((2, 2000))
    >>> box = prim(["a", "b"], x, x[0] > 0.8)[-1]
    >>> [limit.path for limit in box.limits], box.density
    (['a'], 1.0)
    """
    searched, target = points, wanted
    if points.shape[1] > SEARCHED:
        pick = (rng or np.random.default_rng(0)).choice(points.shape[1], SEARCHED, replace=False)
        searched, target = points[:, pick], wanted[pick]
    whole = points.min(axis=1), points.max(axis=1)
    peels = [whole, *_peels(searched, target, whole)]
    return tuple(_measured(paths, points, wanted, whole, bounds) for bounds in peels)


def _peels(points: FloatArray, wanted: BoolArray, whole: Bounds) -> Iterator[Bounds]:
    """The bounds after every peel, until the box is pure or small."""
    low, high = whole[0].copy(), whole[1].copy()
    least = max(LEAST_MASS * len(wanted), 1)
    for _ in range(MOST_PEELS):
        if wanted.all() or not wanted.any():
            return
        slices = [(k, side) for k in range(len(points)) for side in (0, 1)]
        found = [_peel(points[k], wanted, side, least) for k, side in slices]
        best = int(np.argmax([gain for gain, _ in found]))
        (gain, limit), (k, side) = found[best], slices[best]
        if not np.isfinite(gain):
            return
        (low, high)[side][k] = limit
        keep = points[k] >= limit if side == 0 else points[k] <= limit
        points, wanted = points[:, keep], wanted[keep]
        yield low.copy(), high.copy()


def _peel(x: FloatArray, wanted: BoolArray, side: int, least: float) -> tuple[float, float]:
    """The rise in density per point removed at one end of a parameter, and the limit that remains."""
    limit = _limit(x) if side == 0 else -_limit(-x)
    keep = x >= limit if side == 0 else x <= limit
    kept = int(keep.sum())
    if kept == len(x) or kept < least:
        return -np.inf, limit
    return float((wanted[keep].mean() - wanted.mean()) / (len(x) - kept)), limit


def _limit(x: FloatArray) -> float:
    """The lowest value that remains when about ``PEEL`` of the points below it go, at least one."""
    k = max(int(PEEL * len(x)), 1)
    if k >= len(x):
        return float(x.max())
    limit = np.partition(x, k)[k]
    above = x[x > x.min()]
    return float(above.min() if limit == x.min() and len(above) else limit)


def _measured(
    paths: Sequence[str], points: FloatArray, wanted: BoolArray, whole: Bounds, bounds: Bounds
) -> Box:
    """A box with its coverage, density and mass over all points."""
    low, high = bounds
    limited = [k for k in range(len(paths)) if low[k] > whole[0][k] or high[k] < whole[1][k]]
    outside = [(points[k] < low[k]) | (points[k] > high[k]) for k in limited]
    violated = np.sum(outside, axis=0, dtype=np.int64) if outside else np.zeros(len(wanted), int)
    inside = violated == 0
    density = _density(wanted, inside)
    limits = []
    for k, out in zip(limited, outside, strict=True):
        without = _density(wanted, violated - out == 0)
        chance = _quasi_p(wanted, inside, without)
        ends = {"low": float(low[k]), "high": float(high[k])}
        limits.append(Limit(path=paths[k], **ends, density_without=without, quasi_p=chance))
    coverage = float(inside[wanted].mean()) if wanted.any() else 0.0
    return Box(
        limits=tuple(limits), coverage=coverage, density=density, mass=float(inside.mean())
    )  # fmt: skip


def _density(wanted: BoolArray, inside: BoolArray) -> float:
    return float(wanted[inside].mean()) if inside.any() else 0.0


def _quasi_p(wanted: BoolArray, inside: BoolArray, density: float) -> float:
    """Probability of at least as many points of interest in the box, at a given density."""
    from scipy.special import bdtrc

    hits, size = int(wanted[inside].sum()), int(inside.sum())
    return 1.0 if hits == 0 else float(bdtrc(hits - 1, size, density))


def best_box(
    paths: Sequence[str], points: FloatArray, wanted: BoolArray, boxes: Sequence[Box]
) -> Box:
    """Of some boxes, pruned, the one with the largest harmonic mean of coverage and density."""
    kept = [pruned(paths, points, wanted, box) for box in boxes]
    return max(kept, key=lambda b: b.coverage * b.density / max(b.coverage + b.density, 1e-300))


def pruned(paths: Sequence[str], points: FloatArray, wanted: BoolArray, box: Box) -> Box:
    """A box without the restrictions that chance explains."""
    whole = points.min(axis=1), points.max(axis=1)
    while box.limits:
        worst = max(box.limits, key=lambda limit: limit.quasi_p)
        if worst.quasi_p <= CHANCE:
            return box
        low, high = whole[0].copy(), whole[1].copy()
        for limit in box.limits:
            if limit is not worst:
                k = paths.index(limit.path)
                low[k], high[k] = limit.low, limit.high
        box = _measured(paths, points, wanted, whole, (low, high))
    return box


def prim_of_run(run: Run, target: str = "feasible", *, seed: int = 0) -> Prim:
    """The boxes in which a treaty is feasible (or is not) in a run.

    Parameters
    ----------
    run
        Any design that spreads its points.
    target
        ``feasible`` or ``infeasible``.
    seed
        Of the choice of points that are searched when there are very many.
    """
    if target not in ("feasible", "infeasible"):
        raise UsageError(f"unknown target '{target}'; legal: feasible, infeasible")
    yes, answered = feasible(run)
    used = answered & representative(run, len(yes))
    wanted = yes[used] if target == "feasible" else ~yes[used]
    if not len(wanted):
        raise UsageError("no point of the run has an answer")
    points, share = points_of(run)[:, used], float(wanted.mean())
    boxes = prim(run.varied, points, wanted, rng=np.random.default_rng(seed))
    best = best_box(run.varied, points, wanted, boxes)
    note = {0.0: f"no point is {target}", 1.0: f"every point is {target}"}.get(share, "")
    return Prim(target=target, share=share, best=best, boxes=boxes, note=note)
