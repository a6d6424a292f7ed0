"""Whether a mixed strategy dominates a pure one, with a certificate.

Definition. Let ``D[k, t] = u(k, t) - u(j, t)`` over an actor's strategies ``k`` and the profiles
``t`` of the others. Strategy ``j`` is strictly dominated when some mix ``x`` has ``x @ D > 0``
everywhere, weakly dominated when ``x @ D >= 0`` everywhere and ``> 0`` somewhere [pearce1984]_.

Floats prove most answers. A mix with a clear gain proves dominance. A belief ``mu`` over ``t`` to
which ``j`` is a best reply, ``D @ mu <= 0``, proves that ``j`` is not strictly dominated, and not
even weakly when ``mu`` leaves out no ``t``. Within a tolerance of 0 the rational program decides.

Dominance compares payoffs against one profile at a time, so every profile has its own unit: the
largest difference that it makes. A payoff that stands for ruin counts there and nowhere else.

Array convention. ``exact`` holds the actor's payoffs as whole numbers, ties made equal, shape
``(moves, profiles)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from sim._kernels.exact_lp import maximum
from sim._kernels.linear_program import SHARP
from sim._kernels.tolerance import RELATIVE, AnyArray, FloatArray

DOUBT = 1e-7
"""Gain, in units of the spread, above which a program in doubles is believed that a mix dominates."""
ROUNDING = 1e-12
"""Loss that may be rounding where nothing is to be lost."""
MOST_PIVOTS = 2_000
"""Pivots of the exact program that decides the rest."""
MOST_CELLS = 20_000
"""Numbers in a table up to which it is decided exactly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DominanceVerdict:
    """Dominated or not, by which mix (where one was computed), and whether that is proven."""

    dominated: bool
    mix: FloatArray | None = None
    proven: bool = True


def strictly(exact: AnyArray, j: int) -> DominanceVerdict:
    """Whether a mix pays more than strategy ``j`` against every profile of the others.

    Examples
    --------
    >>> exact = np.array([[3, 0], [0, 3], [1, 1]], dtype=object)
    >>> [strictly(exact, j).dominated for j in range(3)]
    [False, False, True]
    """
    gains = _gains(exact, j)
    if (gains.max(axis=0) <= 0.0).any():
        return DominanceVerdict(dominated=False)
    for k in np.flatnonzero((gains > 0.0).all(axis=1)):
        return DominanceVerdict(dominated=True, mix=np.eye(len(gains))[k])
    mix, belief = _strict_program(gains)
    if mix is not None and (mix @ gains).min() > DOUBT:
        return DominanceVerdict(dominated=True, mix=mix)
    if belief is not None and (gains @ belief).max() <= RELATIVE:
        return DominanceVerdict(dominated=False)
    return _exactly(gains, exact, j, mix, strict=True)


def weakly(exact: AnyArray, j: int) -> DominanceVerdict:
    """Whether a mix never pays less than strategy ``j`` and somewhere more.

    Examples
    --------
    >>> exact = np.array([[1, 0], [1, 1]], dtype=object)
    >>> [weakly(exact, j).dominated for j in range(2)]
    [True, False]
    """
    gains = _gains(exact, j)
    others = np.delete(gains, j, axis=0)
    if not len(others) or (others.max(axis=0) < 0.0).any():
        return DominanceVerdict(dominated=False)
    for k in np.flatnonzero((gains >= 0.0).all(axis=1) & (gains > 0.0).any(axis=1)):
        return DominanceVerdict(dominated=True, mix=np.eye(len(gains))[k])
    mix, belief = _weak_program(gains)
    if mix is not None and (mix @ gains).min() >= -ROUNDING and (mix @ gains).max() > DOUBT:
        return DominanceVerdict(dominated=True, mix=mix)
    if belief is not None and (gains @ belief).max() <= RELATIVE * belief.min():
        return DominanceVerdict(dominated=False)
    return _exactly(gains, exact, j, mix, strict=False)


def _gains(exact: AnyArray, j: int) -> FloatArray:
    """``D`` with every profile in units of its largest difference; 0 and its signs are exact."""
    differences = exact - exact[j]
    largest = np.abs(differences).max(axis=0)
    largest[largest == 0] = 1
    return np.asarray((differences / largest).astype(np.float64))


def _strict_program(gains: FloatArray) -> tuple[FloatArray | None, FloatArray | None]:
    """The mix that maximises the smallest gain, and the belief that minimises the largest."""
    size, profiles = gains.shape
    mix, losses = _program(
        np.r_[np.zeros(size), -1.0],
        np.hstack([-gains.T, np.ones((profiles, 1))]),
        [(0.0, None)] * size + [(None, None)],
    )
    return _distribution(mix[:size]), _distribution(losses)


def _weak_program(gains: FloatArray) -> tuple[FloatArray | None, FloatArray | None]:
    """The mix with no losses that maximises the sum of gains, and a belief without gaps."""
    size = len(gains)
    mix, losses = _program(-gains.sum(axis=1), -gains.T, [(0.0, None)] * size)
    return _distribution(mix), _distribution(1.0 + losses) if losses.size else None


def _program(
    cost: FloatArray, matrix: FloatArray, bounds: list[tuple[float | None, float | None]]
) -> tuple[FloatArray, FloatArray]:
    """Minimise over distributions (all variables but a free last one); solution and multipliers."""
    from scipy.optimize import linprog

    nothing = np.empty(0)
    answer = linprog(
        cost,
        A_ub=matrix,
        b_ub=np.zeros(len(matrix)),
        A_eq=np.array([[float(low is not None) for low, _ in bounds]]),
        b_eq=[1.0],
        bounds=bounds,
        method="highs",
        options=SHARP,
    )
    if answer.status != 0 or answer.x is None:
        return nothing, nothing
    return np.asarray(answer.x), -np.asarray(answer.ineqlin.marginals)


def _distribution(weights: FloatArray) -> FloatArray | None:
    weights = np.where(weights > ROUNDING, weights, 0.0)
    total = float(weights.sum())
    return np.asarray(weights / total) if total > 0.0 else None


def _exactly(
    gains: FloatArray,
    exact: AnyArray,
    j: int,
    mix: FloatArray | None,
    *,
    strict: bool,
) -> DominanceVerdict:
    """The rational program; unproven, and counted as not dominated, beyond its limits."""
    if gains.size > MOST_CELLS:
        return DominanceVerdict(dominated=False, proven=False)
    rows = [k for k in range(len(gains)) if k != j]
    differences = np.vectorize(Fraction, otypes=[object])((exact - exact[j])[rows].T)
    most = _strict_value(differences) if strict else _weak_value(differences)
    if most is None:
        return DominanceVerdict(dominated=False, proven=False)
    return DominanceVerdict(dominated=most > 0, mix=mix)


def _strict_value(differences: AnyArray) -> Fraction | None:
    """``max v`` with ``v <= x @ D`` everywhere and ``sum(x) <= 1`` (the rest is on ``j``)."""
    profiles, size = differences.shape
    one, zero = Fraction(1), Fraction(0)
    matrix = np.full((profiles + 1, size + 1), zero, dtype=object)
    matrix[:profiles, :size], matrix[:profiles, size] = -differences, one
    matrix[profiles, :size] = one
    bound = np.array([zero] * profiles + [one], dtype=object)
    return maximum(matrix, bound, np.array([zero] * size + [one], dtype=object), MOST_PIVOTS)


def _weak_value(differences: AnyArray) -> Fraction | None:
    """``max sum(x @ D)`` with ``x @ D >= 0`` and ``sum(x) <= 1`` (the rest is on ``j``)."""
    profiles, size = differences.shape
    one, zero = Fraction(1), Fraction(0)
    matrix = np.vstack([-differences, np.full((1, size), one, dtype=object)])
    bound = np.array([zero] * profiles + [one], dtype=object)
    return maximum(matrix, bound, differences.sum(axis=0), MOST_PIVOTS)
