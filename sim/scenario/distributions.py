"""Distributions of parameters: how plausible the values in a parameter's range are.

Definition. A distribution is given by its quantile function on ``0 < u < 1``, so that any design on the
unit cube (a pseudo-random, a Latin hypercube, a Sobol sequence) draws from it. All but the normal live on
the parameter's range ``[lo, hi]``; a normal one is cut off there when the parameter has a range.

Array convention. ``u`` and the result have the same shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from sim._kernels.tolerance import FloatArray
from sim.errors import suggest


class _Record(BaseModel):
    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True)


class Uniform(_Record):
    """Every value of the range is equally plausible.

    Parameters
    ----------
    type
        ``uniform``.

    Examples
    --------
    >>> Uniform().quantile(np.array([0.25]), 1.0, 3.0, 2.0)
    array([1.5])
    """

    type: Literal["uniform"] = "uniform"

    def quantile(self, u: FloatArray, lo: float, hi: float, value: float) -> FloatArray:
        """The values at cumulative probabilities ``u``."""
        out = (hi - lo) * u
        out += lo
        return out


class Triangular(_Record):
    """Most plausible at ``mode`` (the parameter's value by default), 0 at both ends of the range.

    Parameters
    ----------
    type
        ``triangular``.
    mode
        The most plausible value; the parameter's own where absent.

    Examples
    --------
    >>> Triangular().quantile(np.array([0.5]), 0.0, 1.0, 0.5)
    array([0.5])
    """

    type: Literal["triangular"] = "triangular"
    mode: float | None = Field(None, allow_inf_nan=False)

    def quantile(self, u: FloatArray, lo: float, hi: float, value: float) -> FloatArray:
        """The values at cumulative probabilities ``u``."""
        mode = value if self.mode is None else self.mode
        if hi == lo:
            return np.full_like(u, lo)
        turn = (mode - lo) / (hi - lo)
        rising = lo + np.sqrt(u * (hi - lo) * (mode - lo))
        falling = hi - np.sqrt((1 - u) * (hi - lo) * (hi - mode))
        return np.where(u < turn, rising, falling)


class Normal(_Record):
    """Normal with standard deviation ``sd`` around ``mean`` (the parameter's value by default).

    Parameters
    ----------
    type
        ``normal``.
    sd
        Standard deviation.
    mean
        Its middle; the parameter's value where absent.

    Examples
    --------
    >>> Normal(type="normal", sd=0.1).quantile(np.array([0.5]), -np.inf, np.inf, 0.3)
    array([0.3])
    """

    type: Literal["normal"]
    sd: float = Field(gt=0, allow_inf_nan=False)
    mean: float | None = Field(None, allow_inf_nan=False)

    def quantile(self, u: FloatArray, lo: float, hi: float, value: float) -> FloatArray:
        """The values at cumulative probabilities ``u``, cut off at the ends of the range."""
        from scipy.special import ndtr, ndtri

        mean = value if self.mean is None else self.mean
        if hi < mean:
            return np.clip(
                mean + self.sd * _tail(u, (lo - mean) / self.sd, (hi - mean) / self.sd), lo, hi
            )
        if lo > mean:
            return -Normal(type="normal", sd=self.sd, mean=-mean).quantile(1 - u, -hi, -lo, -value)
        low, high = ndtr((lo - mean) / self.sd), ndtr((hi - mean) / self.sd)
        return np.asarray(np.clip(mean + self.sd * ndtri(low + (high - low) * u), lo, hi))


def _tail(u: FloatArray, lo: float, hi: float) -> FloatArray:
    """Quantiles of a standard normal cut off to ``lo < hi < 0``, where probabilities may underflow."""
    from scipy.special import log_ndtr, ndtri_exp

    p = np.logaddexp(np.log1p(-u) + log_ndtr(lo), np.log(u) + log_ndtr(hi))
    return np.asarray(ndtri_exp(p))


class Beta(_Record):
    """Beta with shapes ``a`` and ``b``, stretched to the range.

    Parameters
    ----------
    type
        ``beta``.
    a, b
        Shapes; both 1 is uniform.

    Examples
    --------
    >>> Beta(type="beta", a=1, b=1).quantile(np.array([0.25]), 0.0, 2.0, 1.0)
    array([0.5])
    """

    type: Literal["beta"]
    a: float = Field(gt=0, allow_inf_nan=False)
    b: float = Field(gt=0, allow_inf_nan=False)

    def quantile(self, u: FloatArray, lo: float, hi: float, value: float) -> FloatArray:
        """The values at cumulative probabilities ``u``."""
        from scipy.special import betaincinv

        return np.asarray(lo + (hi - lo) * betaincinv(self.a, self.b, u))


KINDS = ("uniform", "triangular", "normal", "beta")


def _word(node: object) -> object:
    if isinstance(node, str):
        node = {"type": node}
    if isinstance(node, Mapping) and node.get("type") not in KINDS:
        near = suggest(str(node.get("type")), KINDS)
        raise PydanticCustomError(
            "distribution",
            f"unknown distribution type '{node.get('type')}'{near}".replace("{", "("),
        )
    return node


Distribution = Uniform | Triangular | Normal | Beta
Written = Annotated[
    Annotated[Distribution, Field(discriminator="type")],
    BeforeValidator(_word),
]
"""A distribution as a file writes it: a record, or only the word ``uniform`` or ``triangular``."""
