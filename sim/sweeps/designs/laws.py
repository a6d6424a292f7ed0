"""From points of the unit cube to parameter values.

Definition. Coordinate ``k`` of a point ``u`` of the unit cube becomes the ``u_k`` quantile of parameter
``k``'s distribution. Correlated parameters go through a Gaussian copula: with ``L L'`` the correlation
matrix, ``u`` is first replaced by ``Phi(L Phi^-1(u))``.

Array convention. Points have shape ``(varied, batch)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.errors import UsageError
from sim.scenario import Parameter, Scenario
from sim.scenario.correlations import correlation_factor
from sim.scenario.distributions import Distribution, Normal, Uniform
from sim.sweeps.designs.grid import check_bounds

EDGE = 2.0**-53
"""Nearest to 0 and 1 that a uniform number may come before it is turned into another law's."""

Correlation = tuple[tuple[str, str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """A parameter's distribution with its bounds, infinite for a normal one without a range.

    Where ``levels`` are given, in ascending order, the values are those, all equally plausible.
    """

    distribution: Distribution
    lo: float
    hi: float
    value: float
    levels: tuple[float, ...] = ()

    def quantile(self, u: FloatArray) -> FloatArray:
        """The values at cumulative probabilities ``u``."""
        if self.levels:
            return np.array(self.levels)[np.floor(u * len(self.levels)).astype(np.int64)]
        return self.distribution.quantile(u, self.lo, self.hi, self.value)

    def to_dict(self) -> dict[str, Any]:
        """The law as plain data; an infinite bound is null."""
        bounds = {"lo": self.lo, "hi": self.hi}
        written: dict[str, Any] = {k: x if np.isfinite(x) else None for k, x in bounds.items()}
        written |= {"levels": list(self.levels)} if self.levels else {}
        return {**self.distribution.model_dump(exclude_none=True), **written, "value": self.value}


def law_of(
    scenario: Scenario, path: str, bounds: Sequence[float] | FloatArray | None = None
) -> Law:
    """How a parameter is drawn: uniform within given bounds, else as its record declares; on its levels.

    Raises
    ------
    UsageError
        If the path is unknown, the bounds make no sense or hold none of its levels, or nothing says where
        it may lie.
    """
    scenario.require(path)
    record, value = scenario.document.parameters[path], scenario.values[path]
    if isinstance(bounds, np.ndarray):
        values = tuple(map(float, bounds))
        return Law(distribution=Uniform(), lo=values[0], hi=values[-1], value=value, levels=values)
    if bounds is not None:
        if len(bounds) < 2:
            raise UsageError(f"{path}: a lowest and a highest value are needed")
        lo, hi = float(bounds[0]), float(bounds[1])
        check_bounds(path, lo, hi)
        return Law(
            distribution=Uniform(), lo=lo, hi=hi, value=value, levels=_levels(path, record, lo, hi)
        )
    if record.levels:
        levels = _levels(path, record, min(record.levels), max(record.levels))
        return Law(
            distribution=Uniform(), lo=levels[0], hi=levels[-1], value=record.value, levels=levels
        )
    if record.range is None and not isinstance(record.distribution, Normal):
        raise UsageError(f"{path} has no range in the file; give --vary {path}=LO:HI")
    lo, hi = record.range or (-np.inf, np.inf)
    return Law(distribution=record.distribution or Uniform(), lo=lo, hi=hi, value=record.value)


def _levels(path: str, record: Parameter, lo: float, hi: float) -> tuple[float, ...]:
    """The levels of a parameter within bounds, in ascending order; none where it has none."""
    found = tuple(sorted(level for level in record.levels or () if lo <= level <= hi))
    if record.levels and not found:
        legal = ", ".join(f"{level:g}" for level in record.levels)
        raise UsageError(f"{path}: none of its levels {legal} lies between {lo:g} and {hi:g}")
    return found


def copula(varied: Sequence[str], correlation: Correlation) -> FloatArray:
    """The factor ``L`` of the correlation matrix, shape ``(varied, varied)``.

    Raises
    ------
    UsageError
        If a pair is not varied, or no distribution has these correlations.
    """
    for a, b, value in correlation:
        for path in (a, b):
            if path not in varied:
                raise UsageError(f"correlation of '{a}' and '{b}': '{path}' is not varied")
        if a == b or not -1 < value < 1:
            raise UsageError(f"correlation of '{a}' and '{b}': {value:g} is not within (-1, 1)")
    factor = correlation_factor(varied, {(a, b): value for a, b, value in correlation})
    if factor is None:
        raise UsageError(
            "no distribution has these correlations together: their matrix is not positive definite"
        )
    return factor


def correlate(u: FloatArray, factor: FloatArray) -> FloatArray:
    """Points of the unit cube with the rank correlations of a Gaussian copula.

    Coordinates that nothing is correlated with stay as they are.
    """
    from scipy.special import ndtr, ndtri

    beside = np.tril(factor, -1) != 0
    tied = np.flatnonzero(beside.any(axis=0) | beside.any(axis=1))
    out, z = np.array(u), dict(zip(tied.tolist(), ndtri(u[tied]), strict=True))
    for k in tied.tolist():
        out[k] = ndtr(sum(factor[k, j] * z[j] for j in z if j <= k and factor[k, j]))
    return out


def transform(u: FloatArray, laws: Mapping[str, Law], correlation: Correlation = ()) -> FloatArray:
    """Parameter values of points of the unit cube."""
    if correlation:
        u = correlate(np.clip(u, EDGE, 1 - EDGE), copula(tuple(laws), correlation))
    out = np.empty_like(u)
    for row, law, x in zip(
        out, laws.values(), u, strict=True
    ):  # a row at a time stays in the cache
        np.clip(x, EDGE, 1 - EDGE, out=row)
        row[:] = law.quantile(row)
    return out
