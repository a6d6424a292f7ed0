"""Boxes of parameters, and what they hold of a cloud of points.

Definition. Of points of which some are *of interest*, a box has **coverage** (the share of the points of
interest that lie in it), **density** (the share of its points that are of interest) and **mass** (the share
of all points in it). Of each of its restrictions is told the density without it, and its **quasi-p**: the
probability that as many of the box's points would be of interest if the density without the restriction held
inside it, so that a small one says that the restriction is not due to chance [bryant2010]_.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One restriction of a box.

    Parameters
    ----------
    path, unit, low, high
        The parameter and the values that it keeps to.
    least, most
        The ends of what the parameter was varied over: the limit restricts where it lies within them.
    density_without
        The box's density when this restriction alone is dropped: how much it matters.
    quasi_p
        Probability that chance alone would do as much.
    levels
        The levels that are kept, of a parameter that has levels.
    """

    path: str
    unit: str
    low: float
    high: float
    least: float
    most: float
    density_without: float
    quasi_p: float
    levels: tuple[float, ...] = ()

    @property
    def words(self) -> str:
        """The restriction in words.

        Examples
        --------
        >>> ends = {"least": 0.0, "most": 1.0, "density_without": 0.5, "quasi_p": 0.0}
        >>> Limit(path="a.b", unit="share", low=0.25, high=1.0, **ends).words
        'a.b at least 0.25 (share)'
        """
        return self.said(self.path)

    def said(self, name: str) -> str:
        """The restriction in words, of a parameter called so."""
        low, high = f"{self.low:.4g}", f"{self.high:.4g}"
        unit = f" ({self.unit})" if self.unit else ""
        if self.levels:
            kept = ", ".join(f"{level:g}" for level in self.levels)
            return f"{name} in {{{kept}}}{unit}"
        if self.high >= self.most:
            return f"{name} at least {low}{unit}"
        if self.low <= self.least:
            return f"{name} at most {high}{unit}"
        return f"{name} between {low} and {high}{unit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A box: its restrictions, coverage, density and mass, with standard errors where points are a sample.

    The box was searched for, so its density is a little flattered; the errors are those of counting.
    """

    limits: tuple[Limit, ...]
    coverage: float
    density: float
    mass: float
    coverage_error: float | None = None
    density_error: float | None = None
    mass_error: float | None = None

    @property
    def rule(self) -> str:
        """The restrictions in words."""
        return " and ".join(limit.words for limit in self.limits) or "everywhere"

    def to_dict(self) -> dict[str, Any]:
        """The box as plain data."""
        return {
            **asdict(self),
            "limits": [{**asdict(k), "levels": list(k.levels)} for k in self.limits],
            "rule": self.rule,
        }
