"""The outline of the feasible region: the edges of a union of convex polygons, each with its name.

Array convention. Half-planes are rows ``c + a x + b y <= 0`` with unit normals, shape ``(edges, 3)``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim._kernels.tolerance import RELATIVE, FloatArray
from sim.certified.regions.convex_polygons import BORDER, Polygon
from sim.certified.regions.edges import Edge

BESIDE = 1e-7
"""Share of the figure by which a point beside an edge stands off it, to see which side is covered."""
SEEN = 1e-6
"""Share of an edge below which a gap between two polygons is rounding."""


def outline(found: Sequence[Polygon]) -> tuple[Edge, ...]:
    """The edges of the union of polygons: those pieces beyond which no treaty is feasible.

    Pieces on the border of the box that was asked about are left out.
    """
    if not found:
        return ()
    size = max(float(np.ptp(p.corners)) for p in found)
    planes = [_outward(p) for p in found]
    pieces: dict[str, list[tuple[str, FloatArray]]] = {}
    for polygon in found:
        for k, name in enumerate(polygon.edges):
            if name.startswith(BORDER):
                continue
            a = polygon.corners[:, k]
            b = polygon.corners[:, (k + 1) % len(polygon.edges)]
            for ends in _free(a, b, planes, size):
                pieces.setdefault(name, []).append((polygon.agreement, np.stack(ends)))
    return tuple(
        Edge(
            name=name,
            agreement=agreement,
            start=(float(ends[0, 0]), float(ends[0, 1])),
            end=(float(ends[1, 0]), float(ends[1, 1])),
        )
        for name, some in pieces.items()
        for agreement, ends in _merged(some, BESIDE * size)
    )


def _merged(pieces: Sequence[tuple[str, FloatArray]], near: float) -> list[tuple[str, FloatArray]]:
    """Pieces of one name, those that overlap on one line in one."""
    out: list[tuple[str, FloatArray]] = []
    for agreement, ends in sorted(pieces, key=lambda p: -float(np.hypot(*(p[1][1] - p[1][0])))):
        for k, (treaty, longer) in enumerate(out):
            along = longer[1] - longer[0]
            length = float(np.hypot(*along))
            beside = (ends - longer[0]) @ np.array([-along[1], along[0]]) / length
            share = (ends - longer[0]) @ along / length**2
            if np.abs(beside).max() <= near and share.min() < 1 and share.max() > 0:
                ends_of_both = np.array([min(0.0, share.min()), max(1.0, share.max())])
                out[k] = (treaty, longer[0] + ends_of_both[:, None] * along)
                break
        else:
            out.append((agreement, ends))
    return out


def _outward(polygon: Polygon) -> FloatArray:
    """Half-planes of a polygon as rows ``c + a x + b y <= 0`` with unit normals, shape ``(edges, 3)``."""
    x, y = polygon.corners
    dx, dy = np.roll(x, -1) - x, np.roll(y, -1) - y
    length = np.hypot(dx, dy)
    keep = length > 0
    a, b = dy[keep] / length[keep], -dx[keep] / length[keep]
    return np.stack([-(a * x[keep] + b * y[keep]), a, b], axis=1)


def _free(
    a: FloatArray, b: FloatArray, planes: Sequence[FloatArray], size: float
) -> list[tuple[FloatArray, FloatArray]]:
    """The pieces of a segment whose outer side lies in no polygon."""
    along = b - a
    length = float(np.hypot(*along))
    if length <= RELATIVE * size:
        return []
    step = BESIDE * size
    outside = a + step * np.array([along[1], -along[0]]) / length
    covered: list[tuple[float, float]] = []
    for rows in planes:
        at = rows[:, 0] + rows[:, 1:] @ outside
        change = rows[:, 1:] @ along
        covered += _inside(at, change)
    return _gaps(a, along, sorted(covered))


def _inside(at: FloatArray, change: FloatArray) -> list[tuple[float, float]]:
    """The shares of a segment that satisfy ``at + t * change <= 0`` in every row."""
    if (at[change == 0] > 0).any():
        return []
    with np.errstate(divide="ignore", invalid="ignore"):
        root = -at / change
    lo = max(0.0, float(root[change < 0].max(initial=0.0)))
    hi = min(1.0, float(root[change > 0].min(initial=1.0)))
    return [(lo, hi)] if lo < hi else []


def _gaps(
    a: FloatArray, along: FloatArray, covered: Sequence[tuple[float, float]]
) -> list[tuple[FloatArray, FloatArray]]:
    out, reached = [], 0.0
    for lo, hi in [*covered, (1.0, 1.0)]:
        if lo - reached > SEEN:
            out.append((a + reached * along, a + lo * along))
        reached = max(reached, hi)
    return out
