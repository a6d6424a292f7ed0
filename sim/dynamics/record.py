"""What a forecast returns: chances by year, windows, obstacles, and how far they are certain.

Array convention. ``by`` and its like have shape ``(periods, draws)``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim._kernels import html
from sim._kernels.shown import Part, Shown
from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.dynamics.as_data import data_of, frame_of, row_of
from sim.dynamics.drawing import Model
from sim.dynamics.histories import Histories, simulate
from sim.dynamics.outcome import AtDraws
from sim.dynamics.over_draws.by_draw import ByDraw
from sim.dynamics.over_draws.grid import Grid
from sim.dynamics.over_draws.windows import Window
from sim.dynamics.score import Score, score_of
from sim.dynamics.words import forecast_sentences, parts
from sim.errors import UsageError
from sim.labels import NO_LABELS, Labels
from sim.scenario.sections.dynamics import Came, Period


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Forecast(Shown):
    """The chance of a treaty by year.

    Parameters
    ----------
    title
        Of the scenario.
    years
        Calendar years by whose end the chances are, ``(periods,)``.
    told
        Chances by period and draw, in memory or in the folder of the forecast: ``by``, ``static`` and so on.
    means
        Their means over the draws, ``(periods,)`` each.
    given_window
        Mean chance by period over the draws that have a window, nan where none has.
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
    period, rounds
        The unit of time, and how many rounds of offers a period holds.
    beliefs
        Which numbers were drawn from weights that fit a record, in words; empty where none were.
    came
        What came, where the start lies in the past.
    bounded
        Whether ``certain`` and ``possible`` were computed; where not they are 0 and 1.
    horizon
        Whose years discount factors weigh: of the ``state``, or of its ``leader``.
    model, answered
        The world with the points that were drawn, and the numbers of the draws that have an answer.
    played
        What is played at some of the draws, in ascending order.
    promised
        Whether treaties promise something for later.
    """

    title: str
    labelled: Labels = field(default=NO_LABELS, repr=False)
    years: tuple[int, ...]
    told: ByDraw
    means: Mapping[str, FloatArray]
    given_window: FloatArray
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
    period: Period
    rounds: int
    came: Came | None
    bounded: bool
    promised: bool
    beliefs: str = ""
    horizon: str = "state"
    model: Model | None = None
    answered: IntArray | None = None
    played: Callable[[IntArray], AtDraws] | None = None

    def simulate(self, histories: int = 1, *, rng: np.random.Generator | int = 0) -> Histories:
        """Histories of the world drawn by chance, each of one of the draws.

        Parameters
        ----------
        histories
            How many.
        rng
            Where chance comes from, or its seed.
        """
        if self.model is None or self.answered is None or self.played is None:
            raise UsageError("a forecast without its model cannot be simulated; make it again")
        return simulate(
            self.model,
            self.played,
            self.answered,
            self.years,
            histories,
            np.random.default_rng(rng),
        )

    @property
    def by(self) -> FloatArray:
        """Chance of a treaty by the end of each period, in equilibrium, ``(periods, draws)``.

        Of a forecast in a folder it is read from there anew, here and in what follows.
        """
        return self.told.whole("by")

    @property
    def static(self) -> FloatArray:
        """The same if the static game were played each period."""
        return self.told.whole("static")

    @property
    def certain(self) -> FloatArray:
        """The same in every subgame perfect equilibrium."""
        return self.told.whole("certain")

    @property
    def possible(self) -> FloatArray:
        """The same in some subgame perfect equilibrium."""
        return self.told.whole("possible")

    @property
    def kept(self) -> FloatArray:
        """Chance that the first treaty has been handed over by the end of each period."""
        return self.told.whole("kept")

    @property
    def broken(self) -> FloatArray:
        """Chance that it has been broken."""
        return self.told.whole("broken")

    @property
    def period_years(self) -> float:
        """How long a period lasts."""
        return self.period.years

    @property
    def unit(self) -> str:
        """What the axes of its figures count: years, or periods."""
        return self.period.unit

    @property
    def draws(self) -> int:
        """Number of draws that have an answer."""
        return self.told.draws

    def at(self, year: int) -> int:
        """The period that ends with a year.

        Raises
        ------
        UsageError
            If the year is not among those reported.
        """
        fitting = [k for k, end in enumerate(self.years) if end >= year]
        if not fitting or year < self.years[0]:
            first, last = self.period.when(self.years[0]), self.period.when(self.years[-1])
            raise UsageError(f"{year} is not reported: the forecast runs from {first} to {last}")
        return fitting[0]

    def chance(self, year: int) -> float:
        """Mean chance of a treaty by the end of a year."""
        return float(self.means["by"][self.at(year)])

    def error(self, year: int) -> float:
        """Standard error of that mean over the draws, as of independent ones."""
        row = self.told.row("by", self.at(year))
        return float(row.std(ddof=1) / np.sqrt(len(row))) if len(row) > 1 else float("nan")

    @property
    def median_year(self) -> int | None:
        """By when half of the chance that a window gives has come, among draws that have a window."""
        reached = np.flatnonzero(self.given_window >= 0.5)
        return self.years[int(reached[0])] if len(reached) else None

    def between(self, year: int) -> float:
        """Share of the variance of "there is a treaty by then" that is about the numbers, not history."""
        row = self.told.row("by", self.at(year))
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
        return row_of(self, year)

    @property
    def usual_years(self) -> tuple[int, ...]:
        """Ten years, half and the whole of what is reported."""
        first, last = self.years[0], self.years[-1]
        wanted = (first + 9, first + (last - first + 1) // 2 - 1, last)
        return tuple(sorted({y for y in wanted if first <= y <= last}))

    def to_dict(self, years: tuple[int, ...] = ()) -> dict[str, Any]:
        """The forecast as plain data for JSON."""
        return data_of(self, years or self.usual_years)

    def to_frame(self) -> Any:
        """One row a year: mean, error, quantiles, static, certified bounds."""
        return frame_of(self)

    def parts(self) -> Iterator[Part]:
        """What ``sim forecast`` prints."""
        return parts(self)

    def __repr__(self) -> str:
        last = self.years[-1]
        return (
            f"<Forecast of {self.title!r}: {self.chance(last):.3f} by {self.period.when(last)}, "
            f"{self.draws} draws>"
        )

    def _repr_html_(self) -> str:
        """The forecast as sentences and a table for a notebook."""
        return html.heading(self.title) + "".join(map(html.paragraph, forecast_sentences(self)))
