"""What analyses read of a run."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.errors import UsageError, suggest
from sim.sweeps.run import Run

RANDOM = ("monte_carlo", "sobol", "latin", "saltelli")


def points_of(run: Run) -> FloatArray:
    """The varied parameters at every stored point, shape ``(varied, points)``."""
    table = run.to_arrow(list(run.varied))
    return np.stack([table.column(path).to_numpy() for path in run.varied])


def numbers(run: Run, column: str) -> FloatArray:
    """A numeric column, nan where it is null, shape ``(points,)``."""
    if column not in run.columns:
        raise UsageError(f"this run has no column '{column}'{suggest(column, run.columns)}")
    values: Any = run.to_frame([column])[column]
    try:
        return np.asarray(values.to_numpy(dtype=np.float64, na_value=np.nan))
    except (TypeError, ValueError):
        raise UsageError(f"column '{column}' holds labels, a column of numbers is needed") from None


def feasible(run: Run) -> tuple[BoolArray, BoolArray]:
    """Which points are feasible, and which have an answer at all; knife-edges count as not feasible."""
    frame = run.to_frame(["feasible", "status"])
    return (
        frame["feasible"].eq(True).to_numpy(dtype=np.bool_),
        frame["status"].eq("ok").to_numpy(dtype=np.bool_),
    )


def representative(run: Run, size: int) -> BoolArray:
    """Which points are single draws: of a Saltelli design the first two of every block."""
    if run.design != "saltelli":
        return np.ones(size, dtype=np.bool_)
    return np.asarray(np.arange(size) % (len(run.varied) + 2) < 2)


def standard_error(share: float, count: int) -> float:
    """Of a share of independent draws."""
    return float(np.sqrt(share * (1 - share) / max(count - 1, 1)))
