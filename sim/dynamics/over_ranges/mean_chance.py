"""The chance of a treaty by a year where some numbers are given and all others are drawn.

Definition. For one draw of everything the equilibrium and the chain of states give a chance ``P_d``. At given
values of some parameters the chance is the mean of ``P_d`` over draws of all others, the same draws at every
value, and its standard error that of a mean of independent draws (those of a Sobol sequence err less).

Array convention. Given values have shape ``(varied, points)``, chances ``(points,)``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.beliefs import Beliefs
from sim.dynamics.drawing import Drawn, Model, draw
from sim.dynamics.draws import chances
from sim.dynamics.period import PeriodCompiler
from sim.dynamics.world import World
from sim.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeanChance:
    """The mean chance of a treaty by the end of a year.

    Parameters
    ----------
    model
        The dispute in time, compiled for what is given and what is drawn.
    varied
        What is given.
    drawn
        The drawn points, the same at every question, ``(paths, draws)``.
    period
        Number of the period with which the year ends.
    """

    model: Model
    drawn: FloatArray
    varied: tuple[str, ...]
    period: int

    @property
    def draws(self) -> int:
        """How many draws of all others."""
        return self.model.drawn.size

    def at(self, given: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The mean chance at every point, and its standard error; nan where no draw has an answer."""
        points, draws = given.shape[1], self.draws
        theta = np.concatenate([np.repeat(given, draws, axis=1), np.tile(self.drawn, points)])
        paths = (*self.varied, *self.model.drawn.paths)
        every = Drawn(paths=paths, size=theta.shape[1], points=lambda a, b: theta[:, a:b])
        model = Model(
            world=self.model.world,
            compiler=self.model.compiler,
            start=self.model.start,
            drawn=every,
        )
        parts = [chances(model, *stretch) for stretch in model.stretches()]
        found = [np.where(fine, by[self.period], np.nan) for by, fine in parts]
        return _mean(np.concatenate(found).reshape(points, draws))


def _mean(found: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Means and their standard errors along the last axis, over what is known."""
    known = np.isfinite(found)
    count = known.sum(axis=1)
    total = np.where(known, found, 0.0).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total / count
        square = np.where(known, (found - mean[:, None]) ** 2, 0.0).sum(axis=1)
        error = np.sqrt(square / np.maximum(count - 1, 1) / count)
    return np.asarray(mean), np.asarray(error)


def mean_chance(
    world: World,
    varied: tuple[str, ...],
    year: int,
    *,
    draws: int,
    seed: int = 0,
    beliefs: Beliefs | None = None,
) -> MeanChance:
    """What is asked at given values of some parameters.

    Raises
    ------
    UsageError
        If the year is not reported, or a level of the world sets one of the parameters.
    """
    period = period_of(world, year)
    for path in varied:
        refuse_set(world, path)
    drawn = draw(world, draws, seed, beliefs, given=varied)
    compiler = PeriodCompiler(world, (*varied, *drawn.paths))
    model = Model(world=world, compiler=compiler, start=world.start, drawn=drawn)
    points = drawn.points(0, draws)
    return MeanChance(model=model, drawn=points, varied=varied, period=period)


def period_of(world: World, year: int) -> int:
    """The period by whose end a year is over.

    Raises
    ------
    UsageError
        If the year is not reported.
    """
    first, length = world.dynamics.period.start, world.dynamics.period.years
    last = int(np.ceil(first + world.dynamics.periods * length)) - 1
    if not first <= year <= last:
        when = world.dynamics.period.when
        raise UsageError(
            f"{year} is not reported: the forecast runs from {when(first)} to {when(last)}"
        )
    return int(np.ceil((year + 1 - first) / length)) - 1


def refuse_set(world: World, path: str) -> None:
    """Refuse to vary what levels of the world set.

    Raises
    ------
    UsageError
        Naming the factor.
    """
    if path in world.dynamics.sets:
        raise UsageError(
            f"{path} is set by the levels of '{world.dynamics.sets[path]}', so a forecast cannot vary it"
        )
