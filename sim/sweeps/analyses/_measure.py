"""Boxes measured: what they hold of a cloud, and what each of their restrictions is worth.

Array convention. As in ``_cloud``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from sim._kernels.tolerance import FloatArray, IntArray
from sim.records.boxes import Box, Limit
from sim.sweeps.analyses._cloud import Bounds, Cloud


def measured(held: Cloud, bounds: Bounds) -> Box:
    """A box with its coverage, density and mass."""
    return next(measured_along(held, [bounds]))


def measured_along(held: Cloud, nested: Iterable[Bounds]) -> Iterator[Box]:
    """Boxes that each lie in the one before: a point outside by two parameters is not met again."""
    groups = held.groups
    count = int(groups.max()) + 1
    rows = np.arange(len(held.wanted))
    wanted, blame = held.wanted.astype(np.float64), np.zeros(len(rows), dtype=np.int16)
    last = (held.whole[0].copy(), held.whole[1].copy())
    for low, high in nested:
        for k in np.flatnonzero((low != last[0]) | (high != last[1])):
            x = held.points[k][rows]
            out = (x < low[k]) | (x > high[k])
            once = ~out | (blame == 0) | (blame == groups[k] + 1)
            blame[out] = groups[k] + 1
            rows, wanted, blame = rows[once], wanted[once], blame[once]
        last = (low.copy(), high.copy())
        sizes = np.bincount(blame, minlength=count + 1)
        hits = np.bincount(blame, wanted, minlength=count + 1).astype(np.float64)
        yield _box(held, last, sizes, hits)


def _box(held: Cloud, bounds: Bounds, sizes: IntArray, hits: FloatArray) -> Box:
    """A box from its points (first entries) and those that one restriction alone keeps out."""
    (low, high), (least, most) = bounds, held.whole
    limits = []
    cut, groups = (low > least) | (high < most), held.groups
    for group in np.unique(groups[cut]):
        without = _ratio(hits[0] + hits[group + 1], sizes[0] + sizes[group + 1])
        limits.append(
            Limit(
                **_ends(held, np.flatnonzero(groups == group), bounds),
                density_without=without,
                quasi_p=_quasi_p(int(hits[0]), int(sizes[0]), without),
            )
        )
    box = Box(
        limits=tuple(limits),
        coverage=_ratio(hits[0], held.cases),
        density=_ratio(hits[0], sizes[0]),
        mass=_ratio(sizes[0], held.size),
    )
    if not held.sampled:
        return box
    return replace(
        box,
        coverage_error=_error(box.coverage, held.cases),
        density_error=_error(box.density, int(sizes[0])),
        mass_error=_error(box.mass, held.size),
    )


def _ends(held: Cloud, rows: IntArray, bounds: Bounds) -> dict[str, Any]:
    """What a restriction says of one parameter: its ends, or the levels that it keeps."""
    (low, high), (least, most) = bounds, held.whole
    path, k = held.paths[rows[0]], rows[0]
    told = {"path": path, "unit": held.units.get(path, "")}
    if np.isnan(held.level[k]):
        ends = (low[k], high[k], least[k], most[k])
        return {
            **told,
            **dict(zip(("low", "high", "least", "most"), map(float, ends), strict=True)),
        }
    only = rows[low[rows] > 0]
    kept = tuple(held.level[only if len(only) else rows[high[rows] >= 1]].tolist())
    known = held.level[rows]
    ends = (min(kept, default=np.nan), max(kept, default=np.nan), known.min(), known.max())
    told["levels"] = kept
    return {**told, **dict(zip(("low", "high", "least", "most"), map(float, ends), strict=True))}


def _error(share: float, count: int) -> float:
    """The standard error of a share of so many draws."""
    return float(np.sqrt(share * (1 - share) / max(count - 1, 1)))


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole else 0.0


def _quasi_p(hits: int, size: int, density: float) -> float:
    """Probability of at least as many points of interest in the box, at a given density."""
    from scipy.special import bdtrc

    return 1.0 if hits == 0 else float(bdtrc(hits - 1, size, density))
