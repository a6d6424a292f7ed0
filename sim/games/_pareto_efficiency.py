"""Pareto efficiency among agreements and among their lotteries.

Definition. An agreement is Pareto efficient when no other gives every actor as much and one actor
more; it is efficient among lotteries when no chance mixture of agreements does. Two utilities of an
actor that the program's tolerance cannot tell apart share a rank, and ranks are compared, so that
efficiency is transitive and does not move when an actor's utilities are rescaled.

Array convention. ``utilities`` has shape ``(actors, agreements, batch)``; masks have shape
``(agreements, batch)``. Functions on lotteries take one problem: ``(actors, agreements)``.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.maxima import maxima
from sim._kernels.ranks import ranks_of
from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray, IntArray

PAIRED = 512
"""Agreements up to which all pairs are compared, for a whole batch at once."""


def undominated(utilities: FloatArray, among: BoolArray) -> BoolArray:
    """The agreements of ``among`` that no other agreement of ``among`` Pareto dominates.

    Parameters
    ----------
    utilities
        Shape ``(actors, agreements, batch)``.
    among
        Shape ``(agreements, batch)``.

    Returns
    -------
    ndarray of bool
        Shape ``(agreements, batch)``.

    Examples
    --------
    >>> points = np.array([[1.0, 2.0, 0.0], [1.0, 1.0, 3.0]])[..., None]
    >>> undominated(points, np.array([[True], [False], [True]]))[:, 0]
    array([ True, False,  True])
    """
    kept = among.copy()
    if not (among.sum(axis=0) > 1).any():
        return kept
    rows = np.flatnonzero(among.any(axis=1))
    ranks = ranks_of(utilities)[:, rows]
    if len(rows) > PAIRED:
        for k in range(among.shape[1]):
            some = among[rows, k]
            kept[rows[some], k] = maxima(ranks[:, some, k])
        return kept
    for here, row in enumerate(rows):
        rival = ranks[:, here, None]
        dominated = (rival >= ranks).all(axis=0) & (rival > ranks).any(axis=0)
        kept[rows] &= ~(dominated & among[row])
    return kept


def pareto_mask(utilities: FloatArray) -> BoolArray:
    """Which agreements are Pareto efficient, for a whole batch.

    Parameters
    ----------
    utilities
        Shape ``(actors, agreements, batch)``.

    Returns
    -------
    ndarray of bool
        Shape ``(agreements, batch)``.

    Examples
    --------
    >>> pareto_mask(np.array([[0.0, 0.6, 1.0, 0.5], [1.0, 0.3, 0.0, 0.3]])[..., None])[:, 0]
    array([ True,  True,  True, False])
    """
    return undominated(utilities, np.ones(utilities.shape[1:], dtype=np.bool_))


def lottery_pareto_mask(utilities: FloatArray) -> BoolArray:
    """Which agreements no lottery over agreements Pareto dominates.

    Parameters
    ----------
    utilities
        One problem, shape ``(actors, agreements)``.

    Returns
    -------
    ndarray of bool
        Shape ``(agreements,)``.

    Notes
    -----
    One linear program per efficient agreement: the largest total by which a lottery can exceed it,
    every actor receiving at least as much. Utilities are in units of each actor's spread.

    Examples
    --------
    >>> lottery_pareto_mask(np.array([[0.0, 0.6, 1.0], [1.0, 0.3, 0.0]]))
    array([ True, False,  True])
    """
    mask = pareto_mask(utilities[..., None])[:, 0]
    efficient = np.flatnonzero(mask)
    left = utilities[:, efficient]
    low = left.min(axis=1, keepdims=True)
    span = np.ptp(left, axis=1, keepdims=True)
    scaled = (left - low) / np.where(span > 0.0, span, 1.0)
    mask[efficient] = [_excess(scaled, point) <= RELATIVE for point in scaled.T]
    return mask


def _excess(scaled: FloatArray, point: FloatArray) -> float:
    from scipy.optimize import linprog

    result = linprog(
        -scaled.sum(axis=0),
        A_ub=-scaled,
        b_ub=-point,
        A_eq=np.ones((1, scaled.shape[1])),
        b_eq=[1.0],
        method="highs",
    )
    return -float(result.fun or 0.0) - float(point.sum()) if result.status == 0 else 0.0


def frontier_vertices(utilities: FloatArray) -> IntArray:
    """Corners of two actors' Pareto frontier among lotteries, from the second actor's best on.

    Parameters
    ----------
    utilities
        One problem of two actors, shape ``(2, agreements)``.

    Returns
    -------
    ndarray of int
        Indices of agreements; along them the first actor's utility rises and the second's falls.

    Examples
    --------
    >>> frontier_vertices(np.array([[0.0, 0.6, 1.0, 0.7], [1.0, 0.3, 0.0, 0.9]]))
    array([0, 3, 2])
    """
    efficient = np.flatnonzero(pareto_mask(utilities[..., None])[:, 0])
    order = efficient[np.lexsort((efficient, utilities[0, efficient]))]
    span = np.ptp(utilities[:, efficient], axis=1)
    slack = RELATIVE * float(span[0] * span[1])
    chain: list[int] = []
    for index in order:
        if chain and utilities[0, index] - utilities[0, chain[-1]] <= RELATIVE * span[0]:
            continue
        while len(chain) > 1 and not _turns(utilities[:, [*chain[-2:], int(index)]], slack):
            chain.pop()
        chain.append(int(index))
    return np.array(chain, dtype=np.int64)


def _turns(corner: FloatArray, slack: float) -> bool:
    (ax, bx, cx), (ay, by, cy) = corner
    return bool((bx - ax) * (cy - ay) - (by - ay) * (cx - ax) < -slack)
