"""Smooth laws of a number that one actor alone knows: triangular, normal cut off to a range, beta.

Definition. A law on ``[low, high]`` has a density ``f``, its cumulative chances ``F``, and the part ``M(t)``
of the mean above ``low`` that lies up to ``t``: the integral of ``(c - low) f(c)`` from ``low`` to ``t``.
The density rises up to ``turn`` and falls after it (for a beta with both shapes below 1: the other way
round), so its extremes over an interval are at the ends or at the turn.

Array convention. Functions take and return arrays of any shape; what lies outside the range counts as its
nearest end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.errors import UsageError
from sim.scenario.distributions import Beta, Distribution, Normal, Triangular, Uniform

LIBRARY = 1e-12
"""More than the error of any library's distribution function, relative to the terms it is made of."""
FARTHEST = 30.0
"""Standard deviations from the mean beyond which a normal law gives a range too little chance to be used."""
LARGEST = 1e300
"""Stands for an infinite density, at an end of a beta law with a shape below 1."""

Function = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SmoothLaw:
    """A law with a density.

    Parameters
    ----------
    low, high
        Its range.
    turn
        Where the density is highest (or lowest, if it is so at neither end).
    density, cumulative, partial
        ``f``, ``F`` and ``M``, on the range.
    error
        More than the errors of ``F`` and of ``M / (high - low)``.
    """

    low: float
    high: float
    turn: float
    density: Function
    cumulative: Function
    partial: Function
    error: float

    def chance(self, t: FloatArray) -> FloatArray:
        """``F``, for any numbers."""
        return np.clip(self.cumulative(np.clip(t, self.low, self.high)), 0.0, 1.0)

    def mean_up_to(self, t: FloatArray) -> FloatArray:
        """``M``, for any numbers."""
        return np.asarray(self.partial(np.clip(t, self.low, self.high)))

    def densities(self, a: FloatArray, b: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The lowest and the highest density between numbers ``a <= b`` of the range, rounded outward."""
        at_a, at_b = (self.density(np.clip(t, self.low, self.high)) for t in (a, b))
        lo, hi = np.minimum(at_a, at_b), np.maximum(at_a, at_b)
        inside = (a <= self.turn) & (self.turn <= b)
        top = float(np.minimum(self.density(np.array(self.turn)), LARGEST))
        lo = np.where(inside, np.minimum(lo, top), lo)
        hi = np.where(inside, np.maximum(hi, top), hi)
        return lo * (1 - LIBRARY) - self.error, np.minimum(hi * (1 + LIBRARY) + self.error, LARGEST)


def smooth_law(
    distribution: Distribution, low: float, high: float, path: str, value: float | None = None
) -> SmoothLaw | None:
    """The law of a distribution on a range; ``None`` where it is uniform.

    Parameters
    ----------
    distribution
        As parameters have it; a mode or a mean that is not given is ``value``.
    low, high
        The range.
    path
        For messages.
    value
        The middle of the range where absent.

    Raises
    ------
    UsageError
        If the range is empty, its mode lies outside, or the law gives it too little chance.

    Examples
    --------
    >>> law = smooth_law(Triangular(), 0.0, 1.0, "private.cost")
    >>> float(law.chance(np.array(0.25))), float(law.mean_up_to(np.array(1.0)))
    (0.125, 0.5)
    """
    if not low < high:
        raise UsageError(f"{path}: from {low:g} to {high:g} there is no value")
    middle = (low + high) / 2 if value is None else value
    match distribution:
        case Uniform():
            return None
        case Triangular():
            mode = middle if distribution.mode is None else distribution.mode
            if not low <= mode <= high:
                raise UsageError(f"{path}: mode {mode:g} is outside the range [{low:g}, {high:g}]")
            return _triangular(low, high, mode)
        case Normal():
            mean = middle if distribution.mean is None else distribution.mean
            if low > mean + FARTHEST * distribution.sd or high < mean - FARTHEST * distribution.sd:
                raise UsageError(
                    f"{path}: a normal distribution around {mean:g} with sd {distribution.sd:g} gives "
                    f"values from {low:g} to {high:g} next to no chance"
                )
            return _normal(low, high, mean, distribution.sd)
        case Beta():
            return _beta(low, high, distribution.a, distribution.b)


def _triangular(low: float, high: float, mode: float) -> SmoothLaw:
    width, up, down = high - low, mode - low, high - mode
    top = 2 / width

    def density(t: FloatArray) -> FloatArray:
        rising = top * (t - low) / up if up else np.full_like(t, top)
        falling = top * (high - t) / down if down else np.full_like(t, top)
        return np.where(t < mode, rising, falling)

    def cumulative(t: FloatArray) -> FloatArray:
        rising = (t - low) ** 2 / (width * up) if up else np.zeros_like(t)
        falling = 1 - (high - t) ** 2 / (width * down) if down else np.ones_like(t)
        return np.where(t < mode, rising, falling)

    def partial(t: FloatArray) -> FloatArray:
        s = t - low
        rising = 2 * s**3 / (3 * width * up) if up else np.zeros_like(t)
        rest = high - t
        beyond = rest**2 * (width / down - 2 * rest / (3 * down)) / width if down else 0.0
        return np.where(t < mode, rising, (up + width) / 3 - beyond)

    return SmoothLaw(
        low=low,
        high=high,
        turn=mode,
        density=density,
        cumulative=cumulative,
        partial=partial,
        error=LIBRARY,
    )


def _normal(low: float, high: float, mean: float, sd: float) -> SmoothLaw:
    """Cut off to the range; laws far above their mean are mirrored, where chances keep their digits."""
    from scipy.special import ndtr

    sign = -1.0 if low > mean else 1.0
    ends = sorted((sign * (low - mean) / sd, sign * (high - mean) / sd))
    whole = float(ndtr(ends[1]) - ndtr(ends[0]))
    scale = np.sqrt(2 * np.pi) * sd * whole
    loss = float(ndtr(ends[1])) / whole

    def density(t: FloatArray) -> FloatArray:
        return np.asarray(np.exp(-(((t - mean) / sd) ** 2) / 2) / scale)

    def cumulative(t: FloatArray) -> FloatArray:
        z = (t - mean) / sd
        if sign > 0:
            return np.asarray((ndtr(z) - ndtr(ends[0])) / whole)
        return np.asarray((ndtr(ends[1]) - ndtr(-z)) / whole)

    def partial(t: FloatArray) -> FloatArray:
        drop = sd**2 * (density(t) - density(np.array(low)))
        return np.asarray((mean - low) * cumulative(t) - drop)

    peak = float(density(np.array(np.clip(mean, low, high))))
    size = (abs(mean - low) * loss + sd**2 * peak) / (high - low)
    return SmoothLaw(
        low=low,
        high=high,
        turn=float(np.clip(mean, low, high)),
        density=density,
        cumulative=cumulative,
        partial=partial,
        error=LIBRARY * max(1.0, loss, size),
    )


def _beta(low: float, high: float, a: float, b: float) -> SmoothLaw:
    from scipy.special import betainc, betaln

    width = high - low
    scale = float(betaln(a, b))

    def density(t: FloatArray) -> FloatArray:
        s = (t - low) / width
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            up = (a - 1) * np.log(s) if a != 1 else np.zeros_like(s)
            down = (b - 1) * np.log1p(-s) if b != 1 else np.zeros_like(s)
            return np.asarray(np.minimum(np.exp(up + down - scale) / width, LARGEST))

    def cumulative(t: FloatArray) -> FloatArray:
        return np.asarray(betainc(a, b, (t - low) / width))

    def partial(t: FloatArray) -> FloatArray:
        return np.asarray(width * a / (a + b) * betainc(a + 1, b, (t - low) / width))

    if (a - 1) * (b - 1) > 0:
        turn = low + width * (a - 1) / (a + b - 2)
    else:
        turn = high if a > b else low
    return SmoothLaw(
        low=low,
        high=high,
        turn=turn,
        density=density,
        cumulative=cumulative,
        partial=partial,
        error=LIBRARY,
    )
