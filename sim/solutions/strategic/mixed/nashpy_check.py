r"""A second opinion on two-actor games: vertex enumeration in floating point by nashpy.

nashpy loses equilibria, or reports profiles that are none, when payoffs are far from 1 or a game has
ties; with each actor's payoffs mapped to ``[1, 2]`` and its profiles filtered it is a fair check on
small games. The answer is shown and changes nothing.

Array convention. ``bimatrix`` holds exact payoffs, shape ``(2, m, n)``.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from sim._kernels.tolerance import AnyArray, FloatArray

LARGEST = 6
"""Strategies per actor up to which the check is made."""
NEAR = 1e-6
"""Distance up to which two profiles of doubles are one."""


def second_opinion(
    bimatrix: AnyArray, pairs: Sequence[tuple[Sequence[Fraction], Sequence[Fraction]]]
) -> str:
    """What nashpy's vertex enumeration makes of the extreme equilibria ``pairs``.

    Examples
    --------
    >>> pennies = np.array([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]], dtype=object)
    >>> half = (Fraction(1, 2), Fraction(1, 2))
    >>> second_opinion(pennies, [(half, half)])
    "nashpy's vertex enumeration finds 1 of 1 and 0 others"
    """
    sizes = bimatrix.shape[1:]
    if min(sizes) < 2 or max(sizes) > LARGEST:
        return f"no check by nashpy, which is made from 2x2 to {LARGEST}x{LARGEST}"
    ours = np.array([[float(p) for mix in pair for p in mix] for pair in pairs])
    found, others = set(), 0
    for profile in _profiles(bimatrix):
        gaps = np.abs(ours - profile).max(axis=1)
        if gaps.min() <= NEAR:
            found.add(int(gaps.argmin()))
        else:
            others += 1
    return f"nashpy's vertex enumeration finds {len(found)} of {len(pairs)} and {others} others"


def _profiles(bimatrix: AnyArray) -> list[FloatArray]:
    """Nashpy's profiles that are pairs of probability vectors."""
    import nashpy
    from scipy.spatial import QhullError

    mapped = [_between_one_and_two(own) for own in bimatrix]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            raw = list(nashpy.Game(*mapped).vertex_enumeration())
        except QhullError:
            return []
    profiles = [np.concatenate(pair) for pair in raw]
    return [p for p in profiles if np.isfinite(p).all() and abs(p.sum() - 2.0) <= NEAR]


def _between_one_and_two(own: AnyArray) -> FloatArray:
    low, spread = own.min(), own.max() - own.min()
    return np.array([[1.0 + float((v - low) / (spread or 1)) for v in line] for line in own])
