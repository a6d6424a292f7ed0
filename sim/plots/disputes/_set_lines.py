"""Dotted lines that join the nodes of information sets, each with a lane of its own where two would meet.

Array convention. Places have shape ``(nodes, 2)``: depth, and height in rows of ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from sim._kernels.tolerance import FloatArray

LANE = 0.07
"""Distance between the lanes of information sets, in steps of depth."""


def set_lanes(places: FloatArray, sets: Sequence[Sequence[int]]) -> list[int]:
    """Per information set the lane of its dotted line: 0 straight through its nodes, others beside them.

    A set whose line would pass another node of the same depth, or the line of another set, has a lane
    of its own.
    """
    lanes: list[int] = []
    taken: list[tuple[float, int, float, float]] = []
    for nodes in sets:
        own = places[list(nodes)]
        depth, low, high = own[:, 0].min(), own[:, 1].min(), own[:, 1].max()
        beside = (places[:, 0] == depth) & (places[:, 1] > low) & (places[:, 1] < high)
        inner = set(map(int, np.flatnonzero(beside))) - set(nodes)
        lane = int(bool(inner))
        while any(
            d == depth and other == lane and low <= top and high >= bottom
            for d, other, bottom, top in taken
        ):
            lane += 1
        taken.append((depth, lane, low, high))
        lanes.append(lane)
    return lanes


def set_line(places: FloatArray, lane: int) -> FloatArray:
    """The points of a set's dotted line, shape ``(points, 2)``; beside its nodes in any lane but 0.

    Examples
    --------
    >>> set_line(np.array([[1.0, 0.0], [1.0, -2.0]]), 1).round(9).tolist()
    [[1.0, 0.0], [0.93, -0.2], [0.93, -1.8], [1.0, -2.0]]
    """
    ordered = places[np.argsort(-places[:, 1], kind="stable")]
    if not lane:
        return ordered
    points = [ordered[0]]
    for start, end in pairwise(ordered):
        drop = min(0.2, 0.3 * float(start[1] - end[1]))
        away = np.array([LANE * lane, drop])
        points += [start - away, end + away * np.array([-1.0, 1.0]), end]
    return np.array(points)
