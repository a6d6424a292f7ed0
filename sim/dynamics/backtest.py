"""Forecasts from the past against what came: how much chance they had given it, beside the base rate.

Definition. A file whose dynamics start in the past says under ``came`` what is known. Its forecast is scored
by ``-ln`` of the chance that it gave to that: to no treaty in all those years, or to one in that very year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sim._kernels.percent import percent
from sim._kernels.shown import Table
from sim.dynamics.forecast import forecast
from sim.dynamics.record import Forecast
from sim.scenario import Scenario


def backtest(
    scenarios: Mapping[str, Scenario], *, draws: int = 256, seed: int = 0
) -> dict[str, Forecast]:
    """The forecasts of every scenario that says what came, by name.

    Parameters
    ----------
    scenarios
        By name; those without dynamics, or of which nothing is known yet, are passed over.
    draws, seed
        As for :func:`sim.dynamics.forecast`.

    Examples
    --------
    >>> backtest({})
    {}
    """
    known = {
        name: s
        for name, s in scenarios.items()
        if s.document.dynamics is not None and s.document.dynamics.came is not None
    }
    return {name: forecast(s, draws=draws, seed=seed) for name, s in known.items()}


def as_table(found: Mapping[str, Forecast]) -> Table:
    """One row a forecast: what came, what it had been given, and log scores."""
    rows: list[tuple[str, ...]] = []
    for name, one in found.items():
        score, came = one.score, one.came
        assert score is not None
        assert came is not None
        when = one.period.when
        what = (
            f"none by {when(came.until)}"
            if came.treaty is None
            else f"treaty in {when(came.treaty)}"
        )
        chances = (percent(score.given), percent(score.base))
        rows.append((name, what, *chances, f"{score.log:.2f}", f"{score.base_log:.2f}"))
    columns = ("", "what came", "given|r", "base rate|r", "log score|r", "of the base rate|r")
    return Table(columns, rows, heading="Forecasts from the past (log scores: lower is better)")


def as_data(found: Mapping[str, Forecast]) -> dict[str, Any]:
    """The scores as plain data for JSON."""
    return {name: {"draws": f.draws, **asdict(f.score)} for name, f in found.items() if f.score}
