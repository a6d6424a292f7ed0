"""How far each parameter moves a result when everything else varies too.

Definition. For every parameter the mean of the result over the tenth of the points with its lowest values
and over the tenth with its highest (all others as the design spreads them); the bar is their difference.

Array convention. ``points`` has shape ``(varied, points)``, ``result`` ``(points,)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.sweeps.analyses._run import numbers, points_of, representative
from sim.sweeps.run import Run

TENTH = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: the parameter, the ends of its values, the result's means there, and their difference."""

    path: str
    low: float
    high: float
    at_low: float
    at_high: float

    @property
    def swing(self) -> float:
        """The result's change from low to high."""
        return self.at_high - self.at_low


@dataclass(frozen=True, slots=True, kw_only=True)
class Tornado:
    """The bars, the widest first.

    Parameters
    ----------
    column
        The result.
    mean
        Its mean over all points.
    bars
        One per parameter.
    """

    column: str
    mean: float
    bars: tuple[Bar, ...]

    def to_dict(self) -> dict[str, Any]:
        """The record as plain data."""
        bars = [{**asdict(bar), "swing": bar.swing} for bar in self.bars]
        return {"column": self.column, "mean": self.mean, "bars": bars}


def tornado(paths: Sequence[str], points: FloatArray, result: FloatArray) -> tuple[Bar, ...]:
    """The bars of a result, the widest first; points where it is not finite are left out.

    Examples
    --------
    >>> x = np.array([[0.0, 0.5, 1.0, 0.0, 0.5, 1.0], [0.0, 0.0, 0.0, 1.0, 1.0, 1.0]])
    >>> [(bar.path, bar.swing) for bar in tornado(["a", "b"], x, x[0] - 3 * x[1])]
    [('b', -3.0), ('a', 1.0)]
    """
    known = np.isfinite(result)
    bars = [_bar(path, x[known], result[known]) for path, x in zip(paths, points, strict=True)]
    return tuple(sorted(bars, key=lambda bar: -abs(bar.swing)))


def _bar(path: str, x: FloatArray, y: FloatArray) -> Bar:
    if not len(x):
        return Bar(path=path, low=np.nan, high=np.nan, at_low=np.nan, at_high=np.nan)
    low, high = np.quantile(x, [TENTH, 1 - TENTH])
    return Bar(
        path=path,
        low=float(x.min()),
        high=float(x.max()),
        at_low=float(y[x <= low].mean()),
        at_high=float(y[x >= high].mean()),
    )


def tornado_of_run(run: Run, column: str = "margin") -> Tornado:
    """The bars of one of a run's columns."""
    result = numbers(run, column)
    used = representative(run, len(result))
    result, points = result[used], points_of(run)[:, used]
    finite = result[np.isfinite(result)]
    mean = float(finite.mean()) if len(finite) else float("nan")
    return Tornado(column=column, mean=mean, bars=tornado(run.varied, points, result))
