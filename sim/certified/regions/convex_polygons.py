"""Convex polygons: a box cut by half-planes that carry names.

Array convention. Corners have shape ``(2, corners)``, counter-clockwise; edge ``k`` runs from corner ``k`` to
the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.certified.bounds.boxes import Boxes

SMALL = 1e-12
"""Areas and edges below this share of the box are what rounding leaves of none."""
BORDER = "range of "


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Polygon:
    """A convex region on which one treaty is feasible, or one equilibrium has one outcome.

    Parameters
    ----------
    agreement, stances
        The treaty and what third parties do there, or the outcome and the moves that lead to it.
    corners
        Shape ``(2, corners)``, counter-clockwise.
    edges
        Per edge what is 0 along it: ``actor.gain``, ``actor.constraint``, ``range of PATH``, or
        ``actor: move to other move`` for a deviation.
    """

    agreement: str
    stances: str
    corners: FloatArray
    edges: tuple[str, ...]

    @property
    def area(self) -> float:
        """In the product of the parameters' units."""
        x, y = self.corners
        return float(0.5 * np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """Points with ``row[0] + row[1] x + row[2] y >= 0``."""

    row: FloatArray
    name: str


def cut(
    whole: Boxes, varied: Sequence[str], planes: Sequence[Plane]
) -> tuple[FloatArray, list[str]] | None:
    """The box cut by half-planes: corners and edge names, ``None`` where nothing is left."""
    (x0, y0), (x1, y1) = whole.lo[:, 0], whole.hi[:, 0]
    corners = np.array([[x0, x1, x1, x0], [y0, y0, y1, y1]])
    names = [f"{BORDER}{varied[k]}" for k in (1, 0, 1, 0)]
    for plane in planes:
        result = _clip(corners, names, plane)
        if result is None:
            return None
        corners, names = result
    x, y = corners
    area = 0.5 * np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y)
    if area <= SMALL * (x1 - x0) * (y1 - y0):
        return None
    long = np.hypot((np.roll(x, -1) - x) / (x1 - x0), (np.roll(y, -1) - y) / (y1 - y0)) > SMALL
    return corners[:, long], [name for name, kept in zip(names, long, strict=True) if kept]


def _clip(
    corners: FloatArray, names: list[str], plane: Plane
) -> tuple[FloatArray, list[str]] | None:
    """One cut of a convex polygon by a half-plane [sutherland1974]_."""
    value = plane.row[0] + plane.row[1] * corners[0] + plane.row[2] * corners[1]
    inside = value >= 0
    if inside.all():
        return corners, names
    if not inside.any():
        return None
    points, kept = [], []
    for k in range(len(names)):
        after = (k + 1) % len(names)
        if inside[k]:
            points.append(corners[:, k])
            kept.append(names[k])
        if inside[k] != inside[after]:
            share = value[k] / (value[k] - value[after])
            points.append(corners[:, k] + share * (corners[:, after] - corners[:, k]))
            kept.append(plane.name if inside[k] else names[k])
    return np.array(points).T, kept
