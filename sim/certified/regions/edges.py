"""Where a verdict changes: crossings along one parameter, levels, and edges in a plane."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """Where the verdict flips along one parameter.

    Ties count as within the tolerance, so where payoffs tie exactly the flip of a claim on equilibria may
    lie a tolerance (1e-9 payoff spreads) beside ``at``.

    Parameters
    ----------
    lo, hi
        An interval that is proved to hold it.
    at
        The crossing itself: exact where the payoffs are affine, else the middle.
    before, after
        Verdicts on either side.
    exact
        Whether ``at`` solves a linear equation, and is not just the middle.
    """

    lo: float
    hi: float
    at: float
    before: str
    after: str
    exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AtLevel:
    """One level of a parameter with its verdict."""

    value: float
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A piece of the outline of the feasible region: its name, its treaty and its ends."""

    name: str
    agreement: str
    start: tuple[float, float]
    end: tuple[float, float]
