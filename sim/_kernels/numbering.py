"""Numbers for things that are equal: small codes, numbers, rows of tables.

Array convention. Codes have shape ``(things,)``, tables ``(rows, columns)``.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from sim._kernels.tolerance import FloatArray, IntArray

Values = TypeVar("Values", FloatArray, IntArray)

LARGEST_KEY = 1 << 62
"""Largest key that is made of several codes before they are numbered anew."""


def occurring(codes: IntArray, size: int) -> tuple[IntArray, IntArray]:
    """Which of the numbers below ``size`` occur, ascending, and the place of every code among them.

    The same as ``numpy.unique`` with the inverse, without sorting.

    Examples
    --------
    >>> occurring(np.array([5, 2, 5]), 7)
    (array([2, 5]), array([1, 0, 1]))
    """
    seen = np.zeros(size, dtype=np.bool_)
    seen[codes] = True
    some = seen.nonzero()[0]
    place = np.empty(size, dtype=np.int64)
    place[some] = np.arange(len(some))
    return some, place[codes]


def each_once(codes: IntArray, slot: IntArray) -> IntArray:
    """Each code once, where it stands last; ``slot`` has room for a number per code and may be kept.

    Examples
    --------
    >>> each_once(np.array([5, 2, 5]), np.empty(7, dtype=np.int64))
    array([2, 5])
    """
    number = np.arange(len(codes))
    slot[codes] = number
    return np.asarray(codes[slot[codes] == number])


def ascending(values: Values) -> Values:
    """Each number once, ascending.

    As ``numpy.unique``, which loads masked arrays to see that there are none.

    Examples
    --------
    >>> ascending(np.array([2.0, 1.0, 2.0]))
    array([1., 2.])
    """
    ordered = np.sort(values, axis=None)
    new = np.ones(len(ordered), dtype=np.bool_)
    new[1:] = ordered[1:] != ordered[:-1]
    return ordered[new]


def different_rows(table: FloatArray) -> tuple[IntArray, IntArray]:
    """The first of every kind of equal rows, kinds in ascending order, and the kind of every row.

    Examples
    --------
    >>> different_rows(np.array([[1.0, 2.0], [0.0, 3.0], [1.0, 2.0]]))
    (array([1, 0]), array([1, 0, 1]))
    """
    rows = len(table)
    if not table.shape[1]:
        return np.zeros(min(rows, 1), dtype=np.int64), np.zeros(rows, dtype=np.int64)
    order = np.lexsort(table.T[::-1])
    ordered = table[order]
    new = np.ones(rows, dtype=np.bool_)
    new[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    kind = np.empty(rows, dtype=np.int64)
    kind[order] = np.cumsum(new) - 1
    return order[new], kind


def first_equal(table: IntArray) -> IntArray:
    """Per column of a table of codes, none of them negative, the first one that equals it.

    Examples
    --------
    >>> first_equal(np.array([[3, 1, 3, 3], [0, 0, 0, 2]]))
    array([0, 1, 0, 3])
    """
    key, most = np.zeros(table.shape[1], dtype=np.int64), 1
    for row in table:
        size = int(row.max(initial=0)) + 1
        if most > LARGEST_KEY // size:
            _, key = np.unique(key, return_inverse=True)
            most = len(key)
        key, most = key * size + row, most * size
    _, first, which = np.unique(key, return_index=True, return_inverse=True)
    return np.asarray(first[which])
