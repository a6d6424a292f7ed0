"""A stored forecast opened again: what its chunks tell, without solving anything anew.

A folder keeps the text of its scenario and, draw by draw, chances by period, what is signed in every state
and the principals' values there. From these all sums are taken again. What histories and the worth of waiting
need beside them (how the world moves, what treaties are worth) is evaluated at the numbers that were drawn,
which are drawn again from the seed; no equilibrium is looked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from sim._kernels.numbering import ascending
from sim._kernels.tolerance import FloatArray, IntArray
from sim.dynamics.drawing import Drawn, Model, draw
from sim.dynamics.forecast import beside
from sim.dynamics.outcome import AtDraws, last_period
from sim.dynamics.period import PeriodCompiler
from sim.dynamics.played import game_played
from sim.dynamics.record import Forecast
from sim.dynamics.stored import KIND, finished_chunk, finished_chunks
from sim.dynamics.world import World, world_of
from sim.errors import UsageError
from sim.loading import loads
from sim.scenario import Scenario
from sim.sweeps.store import read_manifest


def open_forecast(folder: str | Path, *, lang: str = "") -> Forecast:
    """A stored forecast.

    Parameters
    ----------
    folder
        What ``sim forecast FILE --out DIR`` made.
    lang
        The language of labels.

    Raises
    ------
    UsageError
        If the folder holds no forecast, or one that is not finished.
    """
    path = Path(folder)
    manifest = _manifest(path)
    world = world_of(_scenario(manifest, lang))
    drawn = Drawn(
        paths=tuple(manifest["drawn"]),
        size=manifest["draws"],
        points=_Again(path, manifest, world).points,
    )
    model = Model(
        world=world,
        compiler=PeriodCompiler(world, drawn.paths),
        start=world.labels.index(manifest["start"]),
        drawn=drawn,
    )
    found = beside(model, manifest, finished_chunks(path, manifest), path)
    return replace(found, played=Kept(path, manifest, model).at)


def scenario_of(folder: str | Path, *, lang: str = "") -> Scenario:
    """The scenario of a stored forecast, with what was set.

    Raises
    ------
    UsageError
        If the folder holds no forecast.
    """
    return _scenario(_manifest(Path(folder)), lang)


def _manifest(folder: Path) -> dict[str, Any]:
    manifest = read_manifest(folder)
    kind = manifest.get("kind", "sweep")
    if kind != KIND:
        raise UsageError(
            f"{folder} holds a {kind}, not a forecast: sim forecast FILE --out DIR makes one"
        )
    return manifest


def _scenario(manifest: Mapping[str, Any], lang: str) -> Scenario:
    told = manifest["scenario"]
    return loads(told["text"], origin=told["origin"]).speaking(lang).at(manifest["overrides"])


@dataclass(frozen=True, eq=False)
class _Again:
    """The points of a stored forecast, drawn again when they are asked for."""

    folder: Path
    manifest: Mapping[str, Any]
    world: World

    @cached_property
    def drawn(self) -> Drawn:
        """As the forecast drew them.

        Raises
        ------
        UsageError
            If they came from beliefs, which are not in the folder.
        """
        if self.manifest["beliefs"]:
            raise UsageError(
                f"{self.folder} keeps neither the numbers that were drawn nor the beliefs they came from, so "
                "what this figure shows must be computed: sim.forecast(..., beliefs=...)"
            )
        return draw(self.world, self.manifest["draws"], self.manifest["seed"], None)

    def points(self, first: int, last: int) -> FloatArray:
        """The points of a stretch of draws."""
        return self.drawn.points(first, last)


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """What is played at some draws, as the chunks of a folder keep it."""

    folder: Path
    manifest: Mapping[str, Any]
    model: Model

    def at(self, draws: IntArray) -> AtDraws:
        """What is played at some draws, in ascending order.

        Raises
        ------
        UsageError
            If it changes from period to period, of which the folder keeps the first alone.
        """
        world, count = self.model.world, len(draws)
        drawn = self.model.values_of(draws)
        course = world.course(drawn, count)
        if not course.steady or last_period(world) is not None:
            raise UsageError(
                f"{self.folder} keeps what is signed in each state in the first period alone, and here that "
                f"changes from period to period: draw this figure from {self.manifest['scenario']['origin']}"
            )
        window, deal, values = (
            np.concatenate(parts, axis=-1) for parts in zip(*self._kept(draws), strict=True)
        )
        compiler = self.model.compiler
        return AtDraws(
            course=course,
            signed=(window,),
            deal=deal,
            values=values,
            game=lambda: game_played(compiler, compiler.at(drawn, count), course, drawn, values),
        )

    def _kept(self, draws: IntArray) -> Iterator[tuple[FloatArray, IntArray, FloatArray]]:
        """Chances to sign, deals and values at some draws, chunk by chunk."""
        step = self.manifest["chunk"]
        for number in ascending(draws // step).tolist():
            chunk = finished_chunk(self.folder, number)
            here = draws[draws // step == number] - number * step
            yield chunk.window[:, here], chunk.deal[:, here], chunk.values[..., here]
