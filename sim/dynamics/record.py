"""What a forecast returns: chances by year, windows, obstacles, and how far they are certain.

Array convention. ``by`` and its like have shape ``(periods, draws)``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from sim._kernels import html
from sim._kernels.shown import Part, Shown
from sim._kernels.tolerance import BoolArray, FloatArray
from sim.dynamics.grid import Grid
from sim.dynamics.score import Score, score_of
from sim.dynamics.words import forecast_sentences, parts
from sim.errors import UsageError
from sim.labels import NO_LABELS, Labels
from sim.scenario.sections.dynamics import Came

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles of a chance over the draws that a forecast tells."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Window:
    """A state in which a treaty is signed in some draw.

    Parameters
    ----------
    state
        In words.
    draws
        Share of draws in which it is signed there.
    deal
        What is signed most often.
    years
        Expected years spent there before a treaty, where it is one.
    """

    state: str
    draws: float
    deal: str
    years: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Forecast(Shown):
    """The chance of a treaty by year.

    Parameters
    ----------
    title
        Of the scenario.
    years
        Calendar years by whose end the chances are, ``(periods,)``.
    by, static, certain, possible
        ``(periods, draws)``: in equilibrium; if the static game were played each period; in every and in
        some subgame perfect equilibrium.
    window
        Whether a draw has a window at all, ``(draws,)``.
    windows
        The states in which something is signed, the most frequent first.
    grid
        How often a treaty is signed in every state.
    obstacles
        Per obstacle its share of the mass that has no treaty, ``(periods,)`` each.
    sourced, rates, assumed
        How many of the transition rates rest on a source, how many there are, and how many of the drawn
        numbers are assumed.
    unanswered, settled, closed, several, tied
        Shares of draws: without an answer; in which play settles; in which the box of all equilibria closes;
        in which several pure equilibria were found; in which somebody is indifferent.
    outside_class, outside
        Name of the reference class, and its chance within so many years of the start, by year.
    start
        The state of the world at the start.
    period_years
        Length of a period.
    beliefs
        Which numbers were drawn from weights that fit a record, in words; empty where none were.
    came
        What came, where the start lies in the past.
    bounded
        Whether ``certain`` and ``possible`` were computed; where not they are 0 and 1.
    promised, kept, broken
        Whether treaties promise something for later, and the chances that the first one has been handed
        over, or broken, by the end of each year, ``(periods, draws)``.
    """

    title: str
    labelled: Labels = field(default=NO_LABELS, repr=False)
    years: tuple[int, ...]
    by: FloatArray
    static: FloatArray
    certain: FloatArray
    possible: FloatArray
    window: BoolArray
    windows: tuple[Window, ...]
    grid: Grid
    obstacles: Mapping[str, FloatArray]
    sourced: int
    rates: int
    assumed: int
    drawn: int
    unanswered: float
    settled: float
    closed: float
    several: float
    tied: float
    outside_class: str
    outside: Mapping[int, float]
    start: str
    period_years: float
    came: Came | None
    bounded: bool
    promised: bool
    kept: FloatArray
    broken: FloatArray
    beliefs: str = ""

    @property
    def draws(self) -> int:
        """Number of draws that have an answer."""
        return int(self.by.shape[1])

    def at(self, year: int) -> int:
        """The period that ends with a year.

        Raises
        ------
        UsageError
            If the year is not among those reported.
        """
        fitting = [k for k, end in enumerate(self.years) if end >= year]
        if not fitting or year < self.years[0]:
            raise UsageError(
                f"{year} is not reported: the forecast runs from {self.years[0]} to {self.years[-1]}"
            )
        return fitting[0]

    def chance(self, year: int) -> float:
        """Mean chance of a treaty by the end of a year."""
        return float(self.by[self.at(year)].mean())

    def error(self, year: int) -> float:
        """Standard error of that mean over the draws, as of independent ones."""
        row = self.by[self.at(year)]
        return float(row.std(ddof=1) / np.sqrt(len(row))) if len(row) > 1 else float("nan")

    @property
    def median_year(self) -> int | None:
        """By when half of the chance that a window gives has come, among draws that have a window."""
        if not self.window.any():
            return None
        mean = self.by[:, self.window].mean(axis=1)
        reached = np.flatnonzero(mean >= 0.5)
        return self.years[int(reached[0])] if len(reached) else None

    def between(self, year: int) -> float:
        """Share of the variance of "there is a treaty by then" that is about the numbers, not history."""
        row = self.by[self.at(year)]
        total = row.mean() * (1 - row.mean())
        return float(row.var() / total) if total > 0 else float("nan")

    def pooled(self, year: int, weight: float) -> float:
        """The inside and the outside view in one number: their logarithmic pool.

        Parameters
        ----------
        year
            By when.
        weight
            Of the inside view, in [0, 1]; the outside view has the rest.

        Raises
        ------
        UsageError
            If the weight is not in [0, 1].

        Notes
        -----
        Odds are multiplied, each to the power of its weight. Source: [genest1986]_.
        """
        if not 0 <= weight <= 1:
            raise UsageError(f"a weight of {weight:g} of the inside view; it must lie in [0, 1]")
        inside, outside = self.chance(year), self.outside[self.years[self.at(year)]]
        yes = inside**weight * outside ** (1 - weight)
        no = (1 - inside) ** weight * (1 - outside) ** (1 - weight)
        return yes / (yes + no) if yes + no > 0 else float("nan")

    @property
    def score(self) -> Score | None:
        """How the forecast did, where it is known what came."""
        if self.came is None:
            return None
        inside = {year: self.chance(year) for year in self.years}
        return score_of(self.came, inside, self.outside, self.years[0])

    def row(self, year: int) -> dict[str, Any]:
        """What is known about one year, as plain data."""
        k = self.at(year)
        row = self.by[k]
        return {
            "mean": float(row.mean()),
            "error": self.error(year),
            "quantiles": {
                f"{q:g}": float(x)
                for q, x in zip(QUANTILES, np.quantile(row, QUANTILES), strict=True)
            },
            "within": float((row * (1 - row)).mean()),
            "between": _number(self.between(year)),
            "static": float(self.static[k].mean()),
            "certified": [float(self.certain[k].mean()), float(self.possible[k].mean())],
            "outside": _number(self.outside[self.years[k]]),
            "handed_over": float(self.kept[k].mean()),
            "broken": float(self.broken[k].mean()),
        }

    @property
    def usual_years(self) -> tuple[int, ...]:
        """Ten years, half and the whole of what is reported."""
        first, last = self.years[0], self.years[-1]
        wanted = (first + 9, first + (last - first + 1) // 2 - 1, last)
        return tuple(sorted({y for y in wanted if first <= y <= last}))

    def to_dict(self, years: tuple[int, ...] = ()) -> dict[str, Any]:
        """The forecast as plain data for JSON."""
        wanted = years or self.usual_years
        return {
            "title": self.title,
            "start": self.start,
            "period_years": self.period_years,
            "draws": self.draws,
            "by": {str(year): self.row(year) for year in wanted},
            "window_share": float(self.window.mean()),
            "median_year_given_a_window": self.median_year,
            "windows": [
                {"state": w.state, "share": w.draws, "deal": w.deal, "years": w.years}
                for w in self.windows
            ],
            "obstacles": {
                str(year): {name: float(x[self.at(year)]) for name, x in self.obstacles.items()}
                for year in wanted
            },
            "equilibria": {
                "settled": self.settled,
                "bounded": self.bounded,
                "box_closed": self.closed,
                "several": self.several,
                "tied": self.tied,
                "without_an_answer": self.unanswered,
            },
            "score": None if self.score is None else asdict(self.score),
            "rates": {"sourced": self.sourced, "assumed": self.rates - self.sourced},
            "weights": {"drawn": self.drawn, "assumed": self.assumed, "beliefs": self.beliefs},
        }

    def to_frame(self) -> Any:
        """One row a year: mean, error, quantiles, static, certified bounds."""
        import pandas as pd

        rows = []
        for year in self.years:
            data = self.row(year)
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

    def parts(self) -> Iterator[Part]:
        """What ``sim forecast`` prints."""
        return parts(self)

    def __repr__(self) -> str:
        year = self.years[-1]
        return (
            f"<Forecast of {self.title!r}: {self.chance(year):.3f} by {year}, {self.draws} draws>"
        )

    def _repr_html_(self) -> str:
        """The forecast as sentences and a table for a notebook."""
        return html.heading(self.title) + "".join(map(html.paragraph, forecast_sentences(self)))


def _number(value: float) -> float | None:
    return value if np.isfinite(value) else None
