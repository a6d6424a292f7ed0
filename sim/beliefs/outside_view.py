"""The outside view: how likely an event is within some years, judged by a reference class alone.

Definition. Events of a class come at a constant rate per year, the same for every case. With ``k`` events in
``T`` years and Jeffreys' prior, whose density is proportional to ``rate^(-1/2)`` [jeffreys1946]_, the rate
has a gamma distribution with shape ``k + 1/2`` and inverse scale ``T``. The chance of at least one event
within ``t`` years is then ``1 - (T / (T + t))^(k + 1/2)``; its interval follows from that of the rate. A
class without an event is not an exception: its chance is small, not 0. Of a share, ``k`` of ``n``, Jeffreys'
prior gives a beta distribution with parameters ``k + 1/2`` and ``n - k + 1/2``.

Array convention. None: everything here is a handful of numbers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim._kernels.shown import Heading, Part, Shown, Table
from sim.beliefs.counted_cases import ReferenceClass
from sim.errors import UsageError

HORIZONS = (5.0, 10.0, 25.0, 50.0)
"""Years within which a base rate gives a chance, where none are asked for."""
LEVEL = 0.95
"""Share of the posterior that an interval of a base rate holds."""
PRIORS = {
    "rate": "Jeffreys: gamma with shape 1/2 and inverse scale 0",
    "share": "Jeffreys: beta with parameters 1/2 and 1/2",
    "ratio": "none: the ratio that was found, its interval from resampled claims",
}


@dataclass(frozen=True, slots=True)
class Chance:
    """A mean with its central interval at 95 %."""

    mean: float
    low: float
    high: float

    def to_dict(self) -> dict[str, Any]:
        """The record as plain data."""
        return {"mean": self.mean, "interval95": [self.low, self.high]}


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideView(Shown):
    """What a reference class says.

    Parameters
    ----------
    cases
        The class.
    value
        Its rate per year, its share, or its ratio.
    by
        Of a rate, per horizon in years the chance of an event within it.
    """

    cases: ReferenceClass
    value: Chance
    by: Mapping[float, Chance]

    def to_dict(self) -> dict[str, Any]:
        """The record as plain data."""
        return {
            "class": self.cases.to_dict(),
            "prior": PRIORS[self.cases.kind],
            self.cases.kind: self.value.to_dict(),
            "by": {f"{years:g}": chance.to_dict() for years, chance in self.by.items()},
        }

    def parts(self) -> Iterator[Part]:
        """The class, its rate or share, the chances by horizon, source and caveats."""
        cases, value = self.cases, self.value
        yield Heading(cases.name, f": {cases.what}")
        if cases.kind == "ratio":
            yield f"ratio {value.mean:.3g}, between {value.low:.3g} and {value.high:.3g} at 95 %"
        elif cases.kind == "share":
            yield f"{cases.events:,} of {cases.exposure:,g} {cases.unit}: {_percent(value)}"
        else:
            yield f"{cases.events:,} in {cases.exposure:,g} {cases.unit}: {_percent(value)} a year"
        if self.by:
            rows = [
                (f"{years:g}", f"{c.mean:.1%}", f"{c.low:.1%} to {c.high:.1%}")
                for years, c in self.by.items()
            ]
            yield Table(("within years|r", "chance|r", "95 %|r"), rows)
            yield "At a constant rate, the same for every case of the class."
        yield f"Prior: {PRIORS[cases.kind]}."
        told = {"Source": cases.source, "Terms": cases.terms, "Caveat": cases.caveat}
        yield from (f"{word}: {text}." for word, text in told.items() if text)


def _percent(value: Chance) -> str:
    return f"{value.mean:.2%} ({value.low:.2%} to {value.high:.2%} at 95 %)"


def outside_view(cases: ReferenceClass, *, by: Sequence[float] = ()) -> OutsideView:
    """What a reference class says: its rate with the chances by horizon, its share, or its ratio.

    Parameters
    ----------
    cases
        A class of the package (:func:`reference_class`) or one's own.
    by
        Horizons in years; 5, 10, 25 and 50 where absent.

    Raises
    ------
    UsageError
        If a horizon is not a positive number of years, or is asked of a class that is not a rate.

    Notes
    -----
    Source: [jeffreys1946]_ for the prior.

    Examples
    --------
    >>> quiet = ReferenceClass(name="quiet", what="none was settled", events=0, exposure=30)
    >>> round(outside_view(quiet, by=[10]).by[10].mean, 4)
    0.134
    """
    if cases.kind == "rate":
        return _of_rate(cases, _horizons(by or HORIZONS))
    if by:
        raise UsageError(
            f"reference class '{cases.name}' is a {cases.kind} and says nothing by year; "
            "a class that is a rate does"
        )
    if cases.kind == "share":
        return OutsideView(cases=cases, value=_share(cases.events, cases.exposure), by={})
    ends = cases.interval95 or (math.nan, math.nan)
    value = math.nan if cases.ratio is None else cases.ratio
    return OutsideView(cases=cases, value=Chance(value, *ends), by={})


def _horizons(by: Iterable[float]) -> list[float]:
    for years in by:
        if not 0 < years < math.inf:
            raise UsageError(f"--by {years:g}: a positive number of years is needed")
    return sorted(set(by))


def _of_rate(cases: ReferenceClass, horizons: Sequence[float]) -> OutsideView:
    from scipy.stats import gamma

    shape, years = cases.events + 0.5, cases.exposure
    low, high = (
        float(gamma.ppf(tail, shape) / years) for tail in ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
    )
    by = {
        t: Chance(
            -math.expm1(-shape * math.log1p(t / years)),
            -math.expm1(-low * t),
            -math.expm1(-high * t),
        )
        for t in horizons
    }
    return OutsideView(cases=cases, value=Chance(shape / years, low, high), by=by)


def _share(successes: int, attempts: float) -> Chance:
    from scipy.stats import beta

    a, b = successes + 0.5, attempts - successes + 0.5
    low, high = (float(beta.ppf(tail, a, b)) for tail in ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    return Chance(a / (a + b), low, high)
