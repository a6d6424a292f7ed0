"""Points of an intersection of balls: the one nearest to a point, or furthest in a direction.

Definition. Balls ``|x - c_k| <= r_k``. The best point lies on the spheres of at most as many balls as
there are dimensions, as near to the goal as these spheres allow; the spheres of several balls meet in
a sphere of a lower dimension, whose nearest point to the goal has a closed form. Every such set of
balls is tried, and what lies in all balls and is best is taken.

Array convention. ``centres`` has shape ``(balls, dimensions)``, ``radii`` ``(balls,)``.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from sim._kernels.tolerance import ROUNDING, FloatArray

INSIDE = 1e-9
"""Slack, in units of the largest distance, within which a point counts as in a ball."""


def nearest(centres: FloatArray, radii: FloatArray, goal: FloatArray) -> FloatArray | None:
    """The point of all balls that is nearest to ``goal``; ``None`` where they do not meet.

    Examples
    --------
    >>> nearest(np.array([[1.0, 1.0]]), np.array([1.0]), np.zeros(2)).round(5)
    array([0.29289, 0.29289])
    """
    unit = _unit(centres, radii, goal)
    if _inside(goal, centres, radii, unit):
        return goal
    found = [
        point
        for chosen in _sets(centres)
        for point in _on_spheres(centres[chosen], radii[chosen], goal, toward=True)
        if _inside(point, centres, radii, unit)
    ]
    return min(found, key=lambda x: float(np.linalg.norm(x - goal))) if found else None


def furthest(centres: FloatArray, radii: FloatArray, direction: FloatArray) -> FloatArray | None:
    """The point of all balls that is furthest in a direction; ``None`` where they do not meet.

    Examples
    --------
    >>> two = np.array([[0.0, 0.0], [1.0, 0.0]])
    >>> furthest(two, np.array([1.0, 1.0]), np.array([0.0, 1.0])).round(4)
    array([0.5  , 0.866])
    """
    unit = _unit(centres, radii, centres[0])
    found = [
        point
        for chosen in _sets(centres)
        for point in _on_spheres(centres[chosen], radii[chosen], direction, toward=False)
        if _inside(point, centres, radii, unit)
    ]
    return max(found, key=lambda x: float(x @ direction)) if found else None


def _unit(centres: FloatArray, radii: FloatArray, goal: FloatArray) -> float:
    far = np.linalg.norm(centres - goal, axis=1)
    return float(max(far.max(), radii.max())) or 1.0


def _inside(point: FloatArray, centres: FloatArray, radii: FloatArray, unit: float) -> bool:
    return bool((np.linalg.norm(centres - point, axis=1) <= radii + INSIDE * unit).all())


def _sets(centres: FloatArray) -> Iterator[list[int]]:
    count, dimensions = centres.shape
    for size in range(1, min(count, dimensions) + 1):
        for chosen in combinations(range(count), size):
            yield list(chosen)


def _on_spheres(
    centres: FloatArray, radii: FloatArray, goal: FloatArray, *, toward: bool
) -> Iterator[FloatArray]:
    """The point where some spheres meet that is nearest to a point, or furthest in a direction."""
    first, rest = centres[0], centres[1:] - centres[0]
    right = 0.5 * ((centres[1:] ** 2).sum(axis=1) - first @ first - radii[1:] ** 2 + radii[0] ** 2)
    if len(rest) and np.linalg.matrix_rank(rest) < len(rest):
        return
    foot = first + np.linalg.pinv(rest) @ (right - rest @ first) if len(rest) else first
    height = radii[0] ** 2 - float((foot - first) @ (foot - first))
    if height < -ROUNDING * max(radii[0] ** 2, 1e-300):
        return
    across = np.eye(len(first)) - (np.linalg.pinv(rest) @ rest if len(rest) else 0.0)
    way = across @ (goal - foot if toward else goal)
    length = float(np.linalg.norm(way))
    ways = [way / length] if length > 0.0 else [*across]
    for one in ways:
        size = float(np.linalg.norm(one))
        if size > 0.0:
            yield foot + np.sqrt(max(height, 0.0)) * one / size
    if height <= 0.0:
        yield foot
