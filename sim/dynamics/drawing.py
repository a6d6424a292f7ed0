"""Which numbers a forecast draws, and the model that it solves draw by draw.

Array convention. Points have shape ``(paths, draws)``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from sim._kernels.tolerance import FloatArray, IntArray
from sim.beliefs import Beliefs
from sim.beliefs.drawn_points import drawn_points
from sim.dynamics.period import PeriodCompiler
from sim.dynamics.world import World
from sim.scenario import Scenario

MOST_POINTS = 6_000
"""World states times draws that are solved at once."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drawn:
    """The points of a forecast.

    Parameters
    ----------
    paths
        The parameters that are drawn.
    size
        Number of draws.
    points
        The points of a stretch of draws.
    """

    paths: tuple[str, ...]
    size: int
    points: Callable[[int, int], FloatArray]

    def some(self, draws: IntArray) -> FloatArray:
        """The points of some draws, in ascending order."""
        first, last = int(draws[0]), int(draws[-1]) + 1
        return self.points(first, last)[:, draws - first]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Model:
    """A dispute in time with the points at which it is solved.

    Parameters
    ----------
    world, compiler
        The dispute, compiled for what is drawn.
    start
        The state in which the world starts.
    drawn
        Which points.
    """

    world: World
    compiler: PeriodCompiler
    start: int
    drawn: Drawn

    @property
    def chunk(self) -> int:
        """Draws that are solved at once."""
        return max(1, MOST_POINTS // len(self.world.states))

    def stretches(self) -> Iterator[tuple[int, int]]:
        """The chunks: first draw, and the one after the last."""
        for first in range(0, self.drawn.size, self.chunk):
            yield first, min(first + self.chunk, self.drawn.size)

    def values(self, first: int, last: int) -> dict[str, FloatArray]:
        """Drawn parameters of a stretch of draws."""
        return dict(zip(self.drawn.paths, self.drawn.points(first, last), strict=True))

    def first(self, draws: int, fixed: Mapping[str, float]) -> Model:
        """The same model at its first draws, some of the drawn numbers the same in all of them."""
        rows, values = [self.drawn.paths.index(p) for p in fixed], np.array(list(fixed.values()))

        def points(first: int, last: int) -> FloatArray:
            out = np.array(self.drawn.points(first, last))
            out[rows] = values[:, None]
            return out

        some = Drawn(paths=self.drawn.paths, size=draws, points=points)
        return replace(self, drawn=some)

    def values_of(self, draws: IntArray) -> dict[str, FloatArray]:
        """Drawn parameters of some draws, in ascending order."""
        return dict(zip(self.drawn.paths, self.drawn.some(draws), strict=True))


def model_of(
    world: World,
    start: int,
    draws: int,
    *,
    seed: int = 0,
    beliefs: Beliefs | None = None,
) -> Model:
    """A world with the points that are drawn for it.

    Parameters
    ----------
    world, start
        The dispute in time and the state in which it starts.
    draws, seed
        How many points of a scrambled Sobol sequence, and its seed; with one the file's own values.
    beliefs
        Weights that fit a record: what they drew is drawn from them.
    """
    drawn = draw(world, draws, seed, beliefs)
    return Model(world=world, compiler=PeriodCompiler(world, drawn.paths), start=start, drawn=drawn)


def draw(
    world: World,
    draws: int,
    seed: int,
    beliefs: Beliefs | None,
    *,
    given: Collection[str] = (),
) -> Drawn:
    """The points of a forecast: everything that has a range, is set by nobody and is not ``given``."""
    if draws == 1:
        return Drawn(paths=(), size=draws, points=lambda first, last: np.zeros((0, last - first)))
    held = {*world.dynamics.sets, *given}
    paths, points = drawn_points(world.scenario, held, draws, seed, beliefs)
    return Drawn(paths=paths, size=draws, points=points)


def fitted_words(beliefs: Beliefs | None, scenario: Scenario, world: World) -> str:
    """Which numbers were drawn from weights that fit a record, in words; empty where none were."""
    if beliefs is None:
        return ""
    unlike = beliefs.unlike(scenario)
    left = {*unlike, *world.dynamics.sets, *scenario.overrides}
    count = sum(path not in left for path in beliefs.declared)
    rest = f"; drawn as this file declares them: {', '.join(unlike)}" if unlike else ""
    return f"{count} of them are weights that fit the record of {len(beliefs.episodes)} episodes{rest}."
