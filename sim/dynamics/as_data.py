"""A forecast as plain data: one year, all of it, and a table."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from sim.dynamics.record import Forecast

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles of a chance over the draws that a forecast tells."""


def row_of(found: Forecast, year: int) -> dict[str, Any]:
    """What is known about one year, as plain data."""
    k = found.at(year)
    row = found.told.row("by", k)
    return {
        "mean": found.chance(year),
        "error": found.error(year),
        "quantiles": {
            f"{q:g}": float(x) for q, x in zip(QUANTILES, np.quantile(row, QUANTILES), strict=True)
        },
        "within": float((row * (1 - row)).mean()),
        "between": _number(found.between(year)),
        "static": float(found.means["static"][k]),
        "certified": [float(found.means[name][k]) for name in ("certain", "possible")],
        "outside": _number(found.outside[found.years[k]]),
        "handed_over": float(found.means["kept"][k]),
        "broken": float(found.means["broken"][k]),
    }


def data_of(found: Forecast, wanted: tuple[int, ...]) -> dict[str, Any]:
    """The forecast as plain data for JSON."""
    return {
        "title": found.title,
        "start": found.start,
        "period_years": found.period.years,
        **({"rounds": found.rounds} if found.rounds > 1 else {}),
        "horizon": found.horizon,
        "draws": found.draws,
        "by": {str(year): found.row(year) for year in wanted},
        "window_share": float(found.window.mean()),
        "median_year_given_a_window": found.median_year,
        "windows": [
            {"state": w.state, "share": w.draws, "deal": w.deal, "years": w.years}
            for w in found.windows
        ],
        "obstacles": {
            str(year): {name: float(x[found.at(year)]) for name, x in found.obstacles.items()}
            for year in wanted
        },
        "equilibria": {
            "settled": found.settled,
            "bounded": found.bounded,
            "box_closed": found.closed,
            "several": found.several,
            "tied": found.tied,
            "without_an_answer": found.unanswered,
        },
        "score": None if found.score is None else asdict(found.score),
        "rates": {"sourced": found.sourced, "assumed": found.rates - found.sourced},
        "weights": {"drawn": found.drawn, "assumed": found.assumed, "beliefs": found.beliefs},
    }


def frame_of(found: Forecast) -> Any:
    """One row a year: mean, error, quantiles, static, certified bounds."""
    import pandas as pd

    rows = []
    for year in found.years:
        data = found.row(year)
        low, high = data["certified"]
        quantiles = {f"q{float(q):.2f}": x for q, x in data["quantiles"].items()}
        rows.append(
            {
                "year": year,
                "mean": data["mean"],
                "error": data["error"],
                **quantiles,
                "static": data["static"],
                "certain": low,
                "possible": high,
            }
        )
    return pd.DataFrame(rows).set_index("year")


def _number(value: float) -> float | None:
    return value if np.isfinite(value) else None
