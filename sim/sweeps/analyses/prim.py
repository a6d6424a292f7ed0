"""In which box of parameters a treaty is feasible: the patient rule induction method.

Definition. From the box of all points, the method peels off again and again the slice of ``PEEL`` of the
remaining points (less where values tie, more where a single value holds more), at the lower or upper end of
one parameter or at one of its levels, whose removal raises the density most per point removed; of slices
that tie, one that restricts no further parameter. The boxes on the way trade coverage for density. From
each of them the restrictions that chance explains are dropped: those with a quasi-p above ``CHANCE``
(small, since the limits were searched for), the least convincing first. Of what remains the best is the box
with the largest harmonic mean of coverage and **gain**, ``(density - share) / (1 - share)`` with the share
of interest among all points: 0 of all points, 1 of a pure box. Further boxes are found in the same way
among the points that earlier ones leave (*covering*). The step that lets the last box grow again
(*pasting*) is left out: the box is chosen on the way, where larger ones are at hand.

Array convention. As in ``_cloud``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.errors import UsageError
from sim.records import Box, Prim
from sim.sweeps.analyses._cloud import SEARCHED, Bounds, Cloud, cloud_of_run, note_of
from sim.sweeps.analyses._measure import measured, measured_along
from sim.sweeps.run import Run

PEEL = 0.05
"""Share of the points in a box that one peel takes away."""
LEAST_MASS = 0.01
"""Least share of all points that a box holds."""
CHANCE = 0.001
"""Quasi-p above which a restriction may be chance."""
MOST_PEELS = 1000
"""Peels at most."""


def prim(
    held: Cloud, *, least_mass: float = LEAST_MASS, rng: np.random.Generator | None = None
) -> tuple[Box, ...]:
    """The boxes that peeling passes through, from all points to the smallest.

    Parameters
    ----------
    held
        The points.
    least_mass
        Share of all points under which no box is peeled.
    rng
        Draws the points that are searched when there are very many; boxes are measured on all.

    Notes
    -----
    Source: [friedman1999]_; for scenario discovery [bryant2010]_.

    Examples
    --------
    >>> from sim.sweeps.analyses._cloud import cloud
    >>> x = np.random.default_rng(0).random((2, 2000))
    >>> box = prim(cloud(["a", "b"], x, x[0] > 0.8))[-1]
    >>> [limit.path for limit in box.limits], box.density
    (['a'], 1.0)
    """
    count, searched = len(held.wanted), held
    if count > SEARCHED:
        rng = rng or np.random.default_rng(0)
        searched = held.part(rng.choice(count, SEARCHED, replace=False))
    least = max(least_mass * held.size * len(searched.wanted) / max(count, 1), 1)
    return tuple(measured_along(held, [held.whole, *_peels(searched, least)]))


def _peels(held: Cloud, least: float) -> Iterator[Bounds]:
    """The bounds after every peel, until the box is pure or small."""
    points, wanted = held.points, held.wanted
    low, high = held.whole[0].copy(), held.whole[1].copy()
    groups = held.groups
    scale = np.isnan(held.level)
    slices = [(k, side) for k in range(len(points)) for side in ((1, 0) if scale[k] else (1,))]
    for _ in range(MOST_PEELS):
        if wanted.all() or not wanted.any():
            return
        bound = groups[(low != held.whole[0]) | (high != held.whole[1])]
        free = ~np.isin(groups, bound)
        found = [_peel(points[k], wanted, side, least) for k, side in slices]
        best = max(range(len(slices)), key=lambda j: (found[j][0], not free[slices[j][0]]))
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
    """The lowest value that remains when the points below the quantile ``PEEL`` go, at least one."""
    k = int(PEEL * (len(x) - 1)) + 1
    if k >= len(x):
        return float(x.max())
    limit = np.partition(x, k)[k]
    above = x[x > x.min()]
    return float(above.min() if limit == x.min() and len(above) else limit)


def best_box(held: Cloud, boxes: Sequence[Box], density: float | None = None) -> Box:
    """Of some boxes, pruned, the one with the largest harmonic mean of coverage and gain.

    Both count here among the points that are held. Where a density is asked for, it is the box
    with the largest coverage that has it, or the densest if none does.
    """
    kept = [pruned(held, box) for box in boxes]
    if density is not None:
        return max(kept, key=lambda b: (min(b.density, density), b.coverage))
    found, count = int(held.wanted.sum()), len(held.wanted)

    def mean(box: Box) -> float:
        coverage = box.coverage * held.cases / max(found, 1)
        gain = max(box.density * count - found, 0.0) / max(count - found, 1)
        return coverage * gain / max(coverage + gain, 1e-300)

    return max(kept, key=mean)


def pruned(held: Cloud, box: Box) -> Box:
    """A box without the restrictions that chance explains."""
    while box.limits:
        worst = max(box.limits, key=lambda limit: limit.quasi_p)
        if worst.quasi_p <= CHANCE:
            return box
        rest = [limit for limit in box.limits if limit is not worst]
        box = measured(held, held.bounds_of(rest))
    return box


def covering(
    held: Cloud, count: int, rng: np.random.Generator, density: float | None = None
) -> Iterator[Box]:
    """The best boxes one after another, each among the points outside the earlier ones.

    It ends where ``count`` are found, no point of interest is left, or no box is denser than all points.
    """
    for _ in range(count):
        if held.wanted.all() or not held.wanted.any():
            return
        box = best_box(held, prim(held, rng=rng), density)
        if not box.limits or box.density <= held.cases / held.size:
            return
        if density is not None and box.density < density:
            return
        yield box
        held = held.part(~held.inside(box))


def prim_of_run(
    run: Run,
    target: str = "feasible",
    *,
    boxes: int = 1,
    density: float | None = None,
    seed: int = 0,
) -> Prim:
    """The boxes in which a treaty is feasible (or is not) in a run.

    Parameters
    ----------
    run
        Any design that spreads its points.
    target
        ``feasible`` or ``infeasible`` (points on the knife-edge are neither), ``class=LABEL``,
        ``blocker=ACTOR.CONSTRAINT`` or ``blocker=ACTOR``, ``rung=LABEL``, ``margin>=NUMBER``.
    boxes
        How many are looked for.
    density
        The density that they are to have; where no box has it, that is said and the box stands that
        the harmonic mean of coverage and gain chooses, as it does by default.
    seed
        Of the choice of points that are searched when there are very many.

    Raises
    ------
    UsageError
        If the target is unknown, an option is out of range, or no point has an answer.
    """
    if boxes < 1:
        raise UsageError(f"{boxes} boxes: at least 1 is needed")
    if density is not None and not 0 < density <= 1:
        raise UsageError(f"a density of {density:g}: above 0, up to 1")
    rng = np.random.default_rng(seed)
    held = cloud_of_run(run, target, rng)
    trajectory = prim(held, rng=rng)
    best = best_box(held, trajectory, density)
    missed = _missed(best, density) if held.cases else ""
    if missed:
        density, best = None, best_box(held, trajectory)
    rest = held.part(~held.inside(best))
    return Prim(
        target=target,
        words=held.words,
        share=held.cases / held.size,
        best=best,
        boxes=trajectory,
        more=tuple(covering(rest, boxes - 1, rng, density)) if best.limits else (),
        note=note_of(held, target),
        missed=missed,
        labelled=run.labelled,
    )


def _missed(densest: Box, density: float | None) -> str:
    """That no box has a density, and which it could be."""
    if density is None or densest.density >= density:
        return ""
    return (
        f"no box has a density of {density:.1%}; the densest that chance does not explain has "
        f"{densest.density:.1%} and holds {densest.coverage:.1%} of the points of interest"
    )
