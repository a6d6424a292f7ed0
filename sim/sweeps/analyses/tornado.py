"""How far each parameter moves a result when everything else varies too.

Definition. For every parameter the mean of the result over the tenth of the draws with its lowest values
and over the tenth with its highest (all others as the design spreads them); the bar is their difference.
Beside it stands the parameter's total Sobol index, where the design gives one. (What a parameter does while
all others stay at the file's values is told by a verdict's thresholds and needs no run.)

Array convention. A parameter and the result have shape ``(draws,)``.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.errors import UsageError
from sim.sweeps.analyses._run import numbers, span, verdicts
from sim.sweeps.analyses.sobol_indices import sobol_indices_of_run
from sim.sweeps.run import Run

TENTH = 0.1


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
    """

    path: str
    low: float
    high: float
    at_low: float
    at_high: float
    total: float | None = None

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
    mean, points
        Its mean over all draws at which it is finite, and their number.
    bars
        One per parameter.
    """

    title: str
    column: str
    mean: float
    points: int
    bars: tuple[Bar, ...]

    def to_dict(self) -> dict[str, Any]:
        """The record as plain data."""
        bars = [{**asdict(bar), "swing": bar.swing} for bar in self.bars]
        return {"column": self.column, "mean": self.mean, "points": self.points, "bars": bars}


def tornado(x: FloatArray, result: FloatArray) -> tuple[float, float]:
    """The means of a result at the lowest and at the highest tenth of a parameter's values.

    Examples
    --------
    >>> x = np.linspace(0, 1, 11)
    >>> low, high = tornado(x, 3 * x)
    >>> round(low, 2), round(high, 2)
    (0.15, 2.85)
    """
    low, high = np.quantile(x, [TENTH, 1 - TENTH])
    return float(result[x <= low].mean()), float(result[x >= high].mean())


def tornado_of_run(run: Run, column: str = "margin") -> Tornado:
    """The bars of one of a run's columns.

    Raises
    ------
    UsageError
        If the column holds no numbers, or none at a draw.
    """
    result = numbers(run, column)
    used = verdicts(run).draw & np.isfinite(result)
    if not used.any():
        raise UsageError(f"no point of the run has a finite '{column}'")
    result = result[used]
    totals = _totals(run, column)
    bars = []
    for path in run.varied:
        x = numbers(run, path)[used]
        (low, high), (at_low, at_high) = span(run, path, x), tornado(x, result)
        ends = {"low": low, "high": high, "at_low": at_low, "at_high": at_high}
        bars.append(Bar(path=path, total=totals.get(path), **ends))
    return Tornado(
        title=run.title,
        column=column,
        mean=float(result.mean()),
        points=len(result),
        bars=tuple(sorted(bars, key=lambda bar: -abs(bar.swing))),
    )


def _totals(run: Run, column: str) -> dict[str, float]:
    """The total Sobol indices by parameter, where the design gives them."""
    if run.design != "saltelli":
        return {}
    try:
        found = sobol_indices_of_run(run, column)
    except UsageError:
        return {}
    return {i.path: i.total for i in found.indices if np.isfinite(i.total)}
