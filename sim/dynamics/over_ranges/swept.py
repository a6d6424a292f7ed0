"""The chance of a treaty by a year as a column of a sweep: one dynamic model a point.

Definition. At a point every number has one value: what is varied the point's, all else the file's own. So a
sweep over everything that has a range holds the draws of a forecast, and their mean is its chance.

Array convention. Points have shape ``(varied, points)``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.dynamics.drawing import Drawn, Model
from sim.dynamics.draws import chances
from sim.dynamics.over_ranges.mean_chance import period_of, refuse_set
from sim.dynamics.period import PeriodCompiler
from sim.dynamics.world import world_of
from sim.errors import UsageError
from sim.scenario import Scenario

PREFIX, COLUMN = "forecast:", "forecast"
"""How a year is asked for, and what the column is called."""
ASKED = re.compile(r"forecast:(\d+)(?:\s*>=\s*(0?\.\d+|\d+(?:\.\d*)?))?")
HALF = 0.5
"""The chance that is asked for where none is named."""


@dataclass(slots=True, kw_only=True, eq=False)
class Swept:
    """The chance of a treaty by the end of a year, beside the answers of a sweep.

    Parameters
    ----------
    scenario
        A dispute with dynamics.
    varied
        The parameters that are varied, in the order of the points.
    year
        By the end of which.
    """

    scenario: Scenario
    varied: tuple[str, ...]
    year: int
    units: Mapping[str, str] = field(init=False)
    _compiler: PeriodCompiler | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        world = world_of(self.scenario)
        period_of(world, self.year)
        for path in self.varied:
            refuse_set(world, path)
        self.units = {COLUMN: unit_of(world.dynamics.period.when(self.year))}

    def __getstate__(self) -> tuple[Scenario, tuple[str, ...], int]:
        """What travels: not what was compiled."""
        return self.scenario, self.varied, self.year

    def __setstate__(self, state: tuple[Scenario, tuple[str, ...], int]) -> None:
        self.scenario, self.varied, self.year = state
        self._compiler = None
        self.__post_init__()

    def columns(self, theta: FloatArray) -> dict[str, FloatArray]:
        """The chance at every point, nan where its rates are not probabilities."""
        world = world_of(self.scenario)
        if self._compiler is None:
            self._compiler = PeriodCompiler(world, self.varied)
        drawn = Drawn(paths=self.varied, size=theta.shape[1], points=lambda a, b: theta[:, a:b])
        model = Model(world=world, compiler=self._compiler, start=world.start, drawn=drawn)
        k = period_of(world, self.year)
        parts = [chances(model, *stretch) for stretch in model.stretches()]
        return {COLUMN: np.concatenate([np.where(fine, by[k], np.nan) for by, fine in parts])}


def unit_of(when: str) -> str:
    """What the column is measured in, in words."""
    return f"chance of a treaty by the end of {when}"


def is_by(unit: str, year: int) -> bool:
    """Whether a column is measured in the chance by that year.

    Examples
    --------
    >>> is_by(unit_of("2050"), 2050), is_by(unit_of("period 19"), 9)
    (True, False)
    """
    return unit.rpartition(" ")[2] == str(year)


def is_forecast(of: str | None) -> bool:
    """Whether the chance of a treaty by a year is asked for."""
    return of is not None and of.strip().partition(":")[0] == PREFIX.rstrip(":")


def asked(of: str) -> tuple[int, float]:
    """The year and the chance of ``forecast:YEAR>=CHANCE``; one half where no chance is named.

    Raises
    ------
    UsageError
        If it is something else.

    Examples
    --------
    >>> asked("forecast:2050"), asked("forecast:2050 >= 0.25")
    ((2050, 0.5), (2050, 0.25))
    """
    found = ASKED.fullmatch(of.strip())
    level = float(found[2]) if found and found[2] else HALF
    if found is None or not 0 < level < 1:
        raise UsageError(
            f"--of {of}: forecast:YEAR or forecast:YEAR>=CHANCE is needed, with a chance between 0 and 1"
        )
    return int(found[1]), level


def year_of(of: str) -> int:
    """The year of ``forecast:YEAR``.

    Raises
    ------
    UsageError
        If it is something else.

    Examples
    --------
    >>> year_of("forecast:2050")
    2050
    """
    if not of.startswith(PREFIX) or not of[len(PREFIX) :].isdigit():
        raise UsageError(f"--of {of}: forecast:YEAR is needed")
    return int(of[len(PREFIX) :])


def left_free(scenario: Scenario, options: Mapping[str, Any]) -> dict[str, None] | None:
    """What a random design of a forecast varies where nothing is named: not what levels of the world set."""
    dynamics = scenario.document.dynamics
    named = options["name"] or options["listed"] or options["beliefs"]
    if options["of"] is None or dynamics is None or options["design"] == "grid" or named:
        return None
    return {path: None for path in scenario.movable() if path not in dynamics.sets}
