"""What is found of the chance of a treaty by a year over one or two parameters, and how it says itself.

It is also drawn as a run on a grid is: its column ``forecast`` is the mean chance.

Array convention. ``chance`` has one axis per parameter, in their order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.percent import percent
from sim._kernels.shown import Heading, Part, Shown, Table
from sim._kernels.tolerance import BoolArray, FloatArray
from sim.dynamics.over_ranges.lattice import cells_of, mixed
from sim.dynamics.over_ranges.swept import COLUMN, unit_of
from sim.errors import UsageError
from sim.labels import NO_LABELS, Labels

if TYPE_CHECKING:
    import pandas as pd

STANDARD_ERRORS = 2
"""Standard errors within which other draws might say otherwise."""
ROWS = 9
"""Rows of the table along one parameter, and rows and columns of that of two."""
SAMPLED = "sampled, not proved: what is signed jumps, so nothing is known between the points that were asked"
"""What is said of every such result."""


@dataclass(frozen=True, kw_only=True, eq=False)
class ForecastOver(Shown):
    """The mean chance of a treaty by the end of a year over one or two parameters.

    Parameters
    ----------
    title, labelled
        Of the scenario.
    axes
        Per parameter the values of the finest lattice.
    values, units, ranges
        Per parameter the file's own value, its unit, and its range where it has one.
    year, level
        What was asked.
    when
        The year as it is written.
    chance, error
        The mean over draws and its standard error; interpolated where it was not asked.
    asked
        Where it was.
    draws, seed
        How many draws of all other numbers.
    fitted
        Number of episodes that the draws fit; 0 where they are the file's own.
    """

    title: str
    axes: Mapping[str, FloatArray]
    values: Mapping[str, float]
    units: Mapping[str, str]
    ranges: Mapping[str, tuple[float, float]]
    year: int
    when: str
    level: float
    chance: FloatArray
    error: FloatArray
    asked: BoolArray
    draws: int
    seed: int
    fitted: int = 0
    labelled: Labels = field(default=NO_LABELS, repr=False)

    @property
    def varied(self) -> tuple[str, ...]:
        """Dotted paths of the parameters."""
        return tuple(self.axes)

    @property
    def of(self) -> str:
        """What was asked, as it is written."""
        return f"forecast:{self.year}>={self.level:g}"

    @cached_property
    def shares(self) -> dict[str, float]:
        """Share of the ranges by cell: ``above``, ``below``, ``crossed``, ``unanswered``; they add up to 1.

        Beside them ``within_error``: where other draws might say otherwise.
        """
        counts = dict.fromkeys(("above", "below", "crossed", "unanswered", "within_error"), 0)
        cells = list(cells_of(self.chance.shape, 1))
        for cell in cells:
            corners, error = self.chance[cell], self.error[cell]
            counts[self._kind(corners)] += 1
            near = np.abs(corners - self.level) <= STANDARD_ERRORS * error
            counts["within_error"] += bool(near.any() or mixed(corners, self.level))
        return {name: count / len(cells) for name, count in counts.items()}

    def _kind(self, corners: FloatArray) -> str:
        if not np.isfinite(corners).all():
            return "unanswered"
        if mixed(corners, self.level):
            return "crossed"
        return "above" if (corners >= self.level).all() else "below"

    @property
    def crossings(self) -> tuple[tuple[float, float], ...]:
        """Along one parameter the stretches between two points on both sides of the level.

        Raises
        ------
        UsageError
            If two were varied.
        """
        if len(self.axes) != 1:
            raise UsageError("two parameters were varied; crossings need one")
        (values,) = self.axes.values()
        known = np.isfinite(self.chance)
        above = self.chance >= self.level
        flips = np.flatnonzero((above[1:] != above[:-1]) & known[1:] & known[:-1])
        return tuple((float(values[k]), float(values[k + 1])) for k in flips)

    def parts(self) -> Iterator[Part]:
        """What ``sim frontier`` prints of it."""
        yield Heading(self.title)
        drawn = f"{self.draws} draws of all other numbers"
        if self.fitted:
            drawn += f", what is believed from those that fit the record of {self.fitted} episodes"
        yield f"Chance of a treaty by the end of {self.when}, the mean of {drawn}"
        box = ", ".join(
            f"{self.labelled.with_path(path)} from {x[0]:.4g} to {x[-1]:.4g}"
            for path, x in self.axes.items()
        )
        yield f"over {box}"
        yield self._table()
        shares, told = self.shares, percent(self.level)
        yield (
            f"at least {told} over {percent(shares['above'])} of it, less over "
            f"{percent(shares['below'])}; crossed in cells that make up {percent(shares['crossed'])}"
        )
        if shares["unanswered"]:
            yield f"without an answer: {percent(shares['unanswered'])}"
        if len(self.axes) == 1:
            yield from self._crossed()
        yield (
            f"within {STANDARD_ERRORS} standard errors of {told}, where other draws might say otherwise: "
            f"{percent(shares['within_error'])}"
        )
        yield f"{SAMPLED} ({int(self.asked.sum()):,} points)"

    def _crossed(self) -> Iterator[str]:
        (path,) = self.axes
        for lo, hi in self.crossings:
            yield f"crosses {percent(self.level)} between {path} = {lo:.6g} and {hi:.6g}"

    def _table(self) -> Table:
        """The chances at some points that were asked for, even steps apart."""
        steps = [slice(None, None, (n - 1) // (ROWS - 1)) for n in self.chance.shape]
        some, error = self.chance[tuple(steps)], self.error[tuple(steps)]
        first, *rest = (x[step] for x, step in zip(self.axes.values(), steps, strict=True))
        if not rest:
            rows = [
                (f"{x:.4g}", f"{percent(float(c))} ± {100 * STANDARD_ERRORS * float(e):.1f}")
                for x, c, e in zip(first, some, error, strict=True)
            ]
            return Table((f"{self.varied[0]}|r", f"chance by {self.when}|r"), rows)
        heads = (f"{self.varied[0]}|r", *(f"{self.varied[1]}={y:.4g}|r" for y in rest[0]))
        cells = zip(first, some, strict=True)
        return Table(heads, [(f"{x:.4g}", *(percent(float(c)) for c in row)) for x, row in cells])

    def to_dict(self) -> dict[str, Any]:
        """What was found as plain data for JSON; with the chances at the points that were asked for."""
        crossings = [list(k) for k in self.crossings] if len(self.axes) == 1 else []
        points = np.argwhere(self.asked)
        named = zip(self.axes.items(), points.T, strict=True)
        return {
            "title": self.title,
            "of": self.of,
            "box": {path: [float(x[0]), float(x[-1])] for path, x in self.axes.items()},
            "values": dict(self.values),
            "proved": False,
            "note": SAMPLED,
            "draws": self.draws,
            "seed": self.seed,
            "fitted": self.fitted,
            "shares": self.shares,
            "crossings": crossings,
            "points": {path: x[k].tolist() for (path, x), k in named}
            | {"chance": _plain(self.chance[self.asked]), "error": _plain(self.error[self.asked])},
        }

    def to_frame(self) -> pd.DataFrame:
        """The points that were asked for as a pandas data frame: the parameters, ``chance``, ``error``."""
        import pandas as pd

        return pd.DataFrame(self.to_dict()["points"])

    @property
    def shape(self) -> tuple[int, ...]:
        """Points along every axis of the finest lattice."""
        return self.chance.shape

    @property
    def columns(self) -> tuple[str, ...]:
        """What there is at every point."""
        return (COLUMN,)

    @property
    def manifest(self) -> Mapping[str, Any]:
        """What a figure needs to know beside."""
        asked = {"level": self.level, "draws": self.draws, "fitted": self.fitted}
        return {"ranges": {p: list(ends) for p, ends in self.ranges.items()}, "sampled": asked}

    def unit(self, path: str) -> str:
        """Unit of a parameter, or of the column."""
        return unit_of(self.when) if path == COLUMN else self.units.get(path, "")

    def coordinates(self, path: str) -> FloatArray:
        """Lattice values of a parameter."""
        return self.axes[path]

    def array(self, column: str) -> FloatArray:
        """The mean chance on the lattice."""
        if column != COLUMN:
            raise UsageError(f"there is no column '{column}'; there is {COLUMN}")
        return self.chance


def _plain(values: FloatArray) -> list[float | None]:
    return [float(x) if np.isfinite(x) else None for x in values]
