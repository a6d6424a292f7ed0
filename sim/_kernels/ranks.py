"""Ranks of payoffs: which are equal to within rounding, and which is more.

Definition. Sorted payoffs of an actor share a rank with their neighbour where the two tie
(:func:`sim._kernels.tolerance.tie_tolerance`): only the magnitudes of the two count. Where nobody
says what a payoff was added up from, its magnitude is its absolute value, and at least a millionth
of the actor's spread, which allows for terms that cancelled.

Array convention. Payoffs have shape ``(actors, *outcomes, batch)``.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.tolerance import FloatArray, IntArray, spread, tie_tolerance

CANCELLED = 1e-6
"""Share of the spread that a payoff of unknown origin counts for at least."""


def magnitudes_or(payoffs: FloatArray, magnitudes: FloatArray | None) -> FloatArray:
    """The magnitudes given, or those that the payoffs alone suggest.

    Examples
    --------
    >>> magnitudes_or(np.array([[[0.0], [-2.0]]]), None)[0, :, 0]
    array([2.e-06, 2.e+00])
    """
    if magnitudes is not None:
        return magnitudes
    width = spread(payoffs).reshape(len(payoffs), *[1] * (payoffs.ndim - 2), payoffs.shape[-1])
    return np.maximum(np.abs(payoffs), CANCELLED * width)


def ranks_of(payoffs: FloatArray, magnitudes: FloatArray | None = None) -> IntArray:
    """Each actor's ranking of outcomes, 0 the worst; ties share a rank.

    Parameters
    ----------
    payoffs
        Shape ``(actors, outcomes, batch)``.
    magnitudes
        What they were added up from, same shape.

    Examples
    --------
    >>> ranks_of(np.array([[[0.5], [-1e9], [0.0], [0.5 + 1e-12]]]))[0, :, 0]
    array([2, 0, 1, 2])
    """
    order = np.argsort(payoffs, axis=1, kind="stable")
    ordered = np.take_along_axis(payoffs, order, axis=1)
    sizes = np.take_along_axis(magnitudes_or(payoffs, magnitudes), order, axis=1)
    steps = np.diff(ordered, axis=1) > tie_tolerance(sizes[:, 1:], sizes[:, :-1])
    ranks = np.zeros(payoffs.shape, dtype=np.int64)
    np.cumsum(steps, axis=1, out=ranks[:, 1:])
    out = np.empty_like(ranks)
    np.put_along_axis(out, order, ranks, axis=1)
    return out
