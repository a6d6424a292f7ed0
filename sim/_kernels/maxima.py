"""The points that no other point exceeds, by sorting: far fewer comparisons than all pairs.

Definition. A point is *covered* by another one that is at least as large in every coordinate; of different
points the covering one is larger in some. Different points in falling lexicographic order are covered by
earlier ones only. So halves are compared, the earlier as sources with the later as queries, then the halves
of halves, all of one size at once; each such comparison has one coordinate less, and with two left it is a
running maximum along sorted points, which is all that two coordinates need. For ``n`` points of ``d``
coordinates this takes ``n log(n)^(d - 1)`` steps. Source: [kung1975]_.

Array convention. Points have shape ``(coordinates, points)``, whole numbers.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.tolerance import BoolArray, IntArray

LIKELY = 64
"""Points with the largest sums, which most others are compared with first."""


def maxima(points: IntArray) -> BoolArray:
    """Which points no other one exceeds in some coordinate without falling short in another.

    Parameters
    ----------
    points
        Shape ``(coordinates, points)``; equal points do not exceed one another.

    Examples
    --------
    >>> maxima(np.array([[3, 2, 1, 2], [0, 1, 2, 0]]))
    array([ True,  True,  True, False])
    """
    if len(points) == 2:
        return _staircase(*points)
    ranks = [np.unique(row, return_inverse=True)[1].reshape(-1) for row in points]
    different, which = np.unique(ranks, axis=1, return_inverse=True)
    different = different[:, ::-1]
    left = np.arange(different.shape[1])
    likely = np.argsort(-different.sum(axis=0), kind="stable")[:LIKELY]
    for k in likely:
        above = (different[:, [k]] >= different[:, left]).all(axis=0)
        left = left[~above | (left == k)]
    kept = np.zeros(different.shape[1], dtype=np.bool_)
    kept[left[~_covered_by_earlier(different[1:, left])]] = True
    return np.asarray(kept[::-1][which.reshape(-1)])


def _staircase(first: IntArray, second: IntArray) -> BoolArray:
    """The same of two coordinates: from the right, every point higher than all before it."""
    order = np.lexsort((-second, -first))
    one, two = first[order], second[order]
    fresh = np.append(True, (np.diff(one) != 0) | (np.diff(two) != 0))[: len(order)]
    rises = np.append(True, two[1:] > np.maximum.accumulate(two)[:-1])[: len(order)]
    kept = np.zeros(len(order), dtype=np.bool_)
    kept[order] = rises[fresh][np.cumsum(fresh) - 1]
    return kept


def _covered_by_earlier(points: IntArray) -> BoolArray:
    """Which points an earlier one covers."""
    every = np.ones(points.shape[1], dtype=np.bool_)
    return _halves(points, np.zeros(points.shape[1], dtype=np.int64), every, every)


def _halves(points: IntArray, group: IntArray, source: BoolArray, query: BoolArray) -> BoolArray:
    """Which queries a source covers that comes earlier in their group; groups ascend."""
    out = np.zeros(points.shape[1], dtype=np.bool_)
    place = np.arange(len(group)) - np.searchsorted(group, group)
    size = 1
    while size <= place.max(initial=0):
        block, late = place // (2 * size), place // size % 2 == 1
        some = np.flatnonzero((source & ~late) | (query & late & ~out))
        pair = _numbered(group[some] * (len(group) + 1) + block[some])
        asking = late[some]
        out[some] |= _covered(points[:, some], pair, source[some] & ~asking, asking)
        size *= 2
    return out


def _covered(points: IntArray, group: IntArray, source: BoolArray, query: BoolArray) -> BoolArray:
    """Which queries a source of their group covers; groups are numbered in order."""
    if not len(points):
        return np.asarray(query & (np.bincount(group, source)[group] > 0))
    width = int(points[0].max(initial=0)) + 1
    order = np.argsort(((group + 1) * width - 1 - points[0]) * 2 + query, kind="stable")
    out = np.zeros(len(group), dtype=np.bool_)
    if len(points) > 2:
        out[order] = _halves(points[1:, order], group[order], source[order], query[order])
        return out & query
    last = points[1] if len(points) == 2 else np.zeros(len(group), dtype=np.int64)
    height = int(last.max(initial=0)) + 2
    value = group * height + 1 + last
    best = np.maximum.accumulate(np.where(source, value, group * height)[order])
    out[order] = best >= value[order]
    return out & query


def _numbered(ascending: IntArray) -> IntArray:
    """Numbers of equal neighbours, from 0 on."""
    return np.cumsum(np.diff(ascending, prepend=ascending[:1]) != 0)
