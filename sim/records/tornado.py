"""How far each parameter alone moves a result: a record of bars."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from sim.labels import NO_LABELS, Labels


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar.

    Parameters
    ----------
    path, low, high
        The parameter and the ends of what it was varied over.
    at_low, at_high
        The result's means over the tenths of the draws at both ends.
    total
        Its total Sobol index; ``None`` where the design gives none.
    standard_error
        Of the swing; ``None`` where the points are not a sample.
    within_noise
        Whether chance alone would do as much.
    levels
        The parameter's levels, where it has some: then the ends are those with the lowest and highest mean.
    """

    path: str
    low: float
    high: float
    at_low: float
    at_high: float
    total: float | None = None
    standard_error: float | None = None
    within_noise: bool = False
    levels: tuple[float, ...] = ()

    @property
    def swing(self) -> float:
        """The result's change from low to high."""
        return self.at_high - self.at_low


@dataclass(frozen=True, slots=True, kw_only=True)
class Tornado:
    """The bars, the widest first.

    Parameters
    ----------
    title
        The scenario's title.
    column
        The result.
    mean, mean_error, points
        Its mean over all draws at which it is finite, its standard error (``None`` where the points are no
        sample), and their number.
    bars
        One per parameter.
    labelled
        What people read in place of names.
    """

    title: str
    column: str
    mean: float
    points: int
    bars: tuple[Bar, ...]
    mean_error: float | None = None
    labelled: Labels = field(default=NO_LABELS, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """The record as plain data."""
        bars = [
            {**asdict(bar), "levels": list(bar.levels), "swing": bar.swing} for bar in self.bars
        ]
        head = {"column": self.column, "mean": self.mean, "mean_error": self.mean_error}
        return {**head, "points": self.points, "bars": bars}
