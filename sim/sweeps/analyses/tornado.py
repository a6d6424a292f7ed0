"""How far each parameter moves a result when everything else varies too.

Definition. For every parameter the mean of the result over the tenth of the draws with its lowest values
and over the tenth with its highest (all others as the design spreads them); the bar is their difference.
Of a parameter with levels the bar runs from the level with the lowest mean to that with the highest.
Beside it stands the parameter's total Sobol index, where the design gives one. The swing of a sample has a
standard error; it is *within noise* where chance alone would give one of all bars as large a swing with a
probability of ``CHANCE``, or where the total Sobol index says that the parameter moves nothing. (What a
parameter does while all others stay at the file's values is told by a verdict's thresholds and needs no
run.)

Array convention. A parameter and the result have shape ``(draws,)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.errors import UsageError
from sim.records import Bar, Tornado
from sim.sweeps.analyses._run import RANDOM, levels_met, numbers, span, verdicts
from sim.sweeps.analyses.sobol_indices import sobol_indices_of_run
from sim.sweeps.run import Run

TENTH = 0.1
"""Tail of a parameter's values that counts as its low or high end."""
CHANCE = 0.05
"""Probability that any bar whose parameter does nothing counts as more than noise."""
NOTHING = 5e-4
"""Total Sobol index up to which a parameter moves nothing."""


def tornado(x: FloatArray, result: FloatArray) -> tuple[float, float]:
    """The means of a result at the lowest and at the highest tenth of a parameter's values.

    Examples
    --------
    >>> x = np.linspace(0, 1, 11)
    >>> low, high = tornado(x, 3 * x)
    >>> round(low, 2), round(high, 2)
    (0.15, 2.85)
    """
    low, high = _tenths(x)
    return float(result[low].mean()), float(result[high].mean())


def _tenths(x: FloatArray) -> tuple[BoolArray, BoolArray]:
    """The points with the lowest and the highest tenth of a parameter's values."""
    low, high = np.quantile(x, [TENTH, 1 - TENTH])
    return x <= low, x >= high


def _ends(
    x: FloatArray, result: FloatArray, levels: Sequence[float]
) -> tuple[BoolArray, BoolArray]:
    """The two sets of points that a bar compares."""
    met = [x == level for level in levels if (x == level).any()]
    if not met:
        return _tenths(x)
    means = [float(result[some].mean()) for some in met]
    return met[int(np.argmin(means))], met[int(np.argmax(means))]


def _error(result: FloatArray, *sets: BoolArray) -> float:
    """The standard error of a mean, or of the difference of two."""
    variances = (
        result[some].var(ddof=1) / some.sum() if some.sum() > 1 else np.inf for some in sets
    )
    return float(np.sqrt(sum(variances)))


def _noisy(bar: Bar, bars: int) -> bool:
    """Whether chance alone would give one of so many bars as large a swing."""
    from scipy.special import ndtri

    if bar.total is not None and bar.total <= NOTHING:
        return True
    if bar.standard_error is None:
        return False
    limit = -float(ndtri(CHANCE / (2 * bars)))
    return not abs(bar.swing) > limit * bar.standard_error


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
    sampled = run.design in RANDOM
    bars = []
    for path in run.varied:
        x = numbers(run, path)[used]
        known = levels_met(run, path, x)
        low, high = span(run, path, x)
        first, last = _ends(x, result, known)
        bar = Bar(
            path=path,
            low=low,
            high=high,
            at_low=float(result[first].mean()),
            at_high=float(result[last].mean()),
            total=totals.get(path),
            standard_error=_error(result, first, last) if sampled else None,
            levels=known,
        )
        bars.append(replace(bar, within_noise=_noisy(bar, len(run.varied))))
    return Tornado(
        title=run.title,
        column=column,
        mean=float(result.mean()),
        mean_error=_error(result, np.ones(len(result), dtype=np.bool_)) if sampled else None,
        points=len(result),
        bars=tuple(sorted(bars, key=lambda bar: (bar.within_noise, -abs(bar.swing)))),
        labelled=run.labelled,
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
