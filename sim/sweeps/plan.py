"""The plan of a sweep: what will be computed, before anything is.

A plan joins a scenario, a design and a chunk size. It writes the manifest, lists the tasks, and can be
estimated (points, chunks, disk space, time) by solving a few of its points.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.errors import SimError, UsageError, suggest
from sim.feasibility import evaluate_all, prepare
from sim.feasibility.engines import Chosen, engine_for, left
from sim.feasibility.evaluate import Problem
from sim.scenario import Parameter, Scenario, require_scenario
from sim.scenario.axis import Axis as Vary
from sim.scenario.axis import Bounds, read_axis
from sim.scenario.provenance import provenance
from sim.sweeps.beside import Beside, packed
from sim.sweeps.columns import answers, asked_kinds, column_names, column_units
from sim.sweeps.designs import DESIGNS, Axis, Design, Grid, grid, listed, sample
from sim.sweeps.designs.asked import asked_of, labels_of
from sim.sweeps.estimate import Estimate, estimate
from sim.sweeps.failures import answered
from sim.sweeps.store import FORMAT
from sim.sweeps.work import Task, chunk_size, pack

NUMPY = Chosen("numpy", "asked for")
DRAWN = 10_000
"""Points of a random design where the user says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plan:
    """What a sweep will compute.

    Parameters
    ----------
    scenario, problem
        The dispute, as loaded and as compiled for the varied parameters.
    design
        Which points.
    chunk
        Points per chunk: one task and one file.
    command
        What the user typed.
    engine
        What computes it, and why. Answers do not depend on it.
    beside, more
        What else is computed, if anything, and which columns are kept on request.
    """

    scenario: Scenario
    problem: Problem
    design: Design
    chunk: int
    command: str = ""
    engine: Chosen = NUMPY
    beside: Beside | None = None
    more: tuple[str, ...] = ()

    @property
    def chunks(self) -> int:
        """Number of chunks."""
        return -(-self.design.size // self.chunk)

    def tasks(
        self, *, chunk: int, done: Container[int] = (), keep_going: bool = False
    ) -> Iterator[Task]:
        """The chunks that are not done yet."""
        shared, beside = pack(self.problem), packed(self.beside)
        for number, start in enumerate(range(0, self.design.size, chunk)):
            if number in done:
                continue
            stop = min(start + chunk, self.design.size)
            yield Task(
                number=number,
                start=start,
                stop=stop,
                problem=shared,
                design=self.design.part(start, stop),
                keep_going=keep_going,
                engine=self.engine.engine,
                beside=beside,
                more=self.more,
            )

    def manifest(self) -> dict[str, Any]:
        """Everything that is needed to compute every row again, as plain data."""
        scenario, design = self.scenario, self.design.to_dict()
        parameters = scenario.document.parameters
        asked, beside = self.more, dict(self.beside.units if self.beside else {})
        units = column_units(self.problem, asked) | beside
        names = [*column_names(self.problem, asked), *beside]
        return {
            "format": FORMAT,
            **provenance(scenario, self.command),
            "seed": design.get("seed"),
            "values": {path: scenario.values[path] for path in self.design.varied},
            "scales": dict(self.problem.dispute.scales),
            "units": {path: parameters[path].unit for path in self.design.varied} | units,
            "ranges": {
                path: list(r) for path in self.design.varied if (r := declared(parameters[path]))
            },
            "levels": {
                path: sorted(set(levels))
                for path in self.design.varied
                if (levels := parameters[path].levels)
            },
            "assumed": [path for path, p in parameters.items() if p.assumed],
            "classes": list(scenario.document.classes),
            "design": design,
            "points": self.design.size,
            "chunk": self.chunk,
            "columns": [*labels_of(self.design), *self.design.varied, *names],
        }

    def trouble(self) -> str:
        """Why one of the points that are tried first has no answer; empty where all have one."""
        try:
            evaluate_all(self.problem, self.design.probes())
        except SimError as error:
            return str(error)
        return ""

    def estimate(self) -> Estimate:
        """What the sweep will take, from solving a few of its points."""
        solve = partial(_answers, self.problem, engine=self.engine.engine)
        found = estimate(self.design, self.chunk, solve)
        return replace(found, left=left(self.engine, self.problem, self.design.probes()))


def declared(parameter: Parameter) -> tuple[float, float] | None:
    """From where to where the file says that a parameter may lie; none where it says nothing."""
    if parameter.levels:
        return min(parameter.levels), max(parameter.levels)
    return parameter.range


def _answers(problem: Problem, theta: FloatArray, *, engine: str) -> Any:
    """The answers at some points, of which some may have none."""
    found, failed = answered(problem, theta, engine=engine, keep_going=True)
    return answers(problem, theta, found, failed)


def make_plan(
    scenario: Scenario,
    *,
    vary: Mapping[str, Vary] | None = None,
    name: str | None = None,
    design: str | Design = "grid",
    points: int | None = None,
    seed: int = 0,
    file: str | Path | None = None,
    correlation: Mapping[tuple[str, str], float] | None = None,
    chunk: int | None = None,
    command: str = "",
    engine: str = "auto",
    columns: Sequence[str] = (),
) -> Plan:
    """The plan of a sweep, checked; see :func:`sim.sweeps.sweep` for the options.

    Raises
    ------
    SimError
        If the request is wrong.
    """
    require_scenario(scenario, "sweep")
    if scenario.document.form != "dispute":
        raise UsageError(
            f"{scenario.origin} is a classical game: name what to solve at every point (--concept)"
        )
    made = make_design(
        scenario, vary=vary, name=name, design=design, points=points, seed=seed, file=file,
        correlation=correlation,
    )  # fmt: skip
    problem = prepare(scenario, made.varied)
    _check_labels(made, problem)
    chosen = engine_for(engine, problem, made.size)
    size = chunk_size(problem, made.size, chosen.engine) if chunk is None else chunk
    if size < 1:
        raise UsageError(f"a chunk of {size} points: at least 1 is needed")
    return Plan(
        scenario=scenario, problem=problem, design=made, chunk=size, command=command,
        engine=chosen, more=asked_kinds(columns),
    )  # fmt: skip


def make_design(
    scenario: Scenario,
    *,
    vary: Mapping[str, Vary] | None = None,
    name: str | None = None,
    design: str | Design = "grid",
    points: int | None = None,
    seed: int = 0,
    file: str | Path | None = None,
    correlation: Mapping[tuple[str, str], float] | None = None,
) -> Design:
    """The points of a sweep, checked; see :func:`sim.sweeps.sweep` for the options.

    Raises
    ------
    SimError
        If the request is wrong.
    """
    require_scenario(scenario, "sweep")
    if not isinstance(design, str):
        if vary or name or file or correlation:
            raise UsageError("a design that is given says all: no other points or parameters")
        return design
    if design not in DESIGNS:
        raise UsageError(f"unknown design '{design}'{suggest(design, DESIGNS)}")
    fixed = file is not None or design in ("grid", "listed")
    if fixed and (points is not None or correlation):
        raise UsageError(
            "a number of points and correlations belong to a random design; give --design sobol, say"
        )
    made: Design
    read = {path: read_axis(path, given) for path, given in (vary or {}).items()}
    if file is not None or design == "listed":
        made = _listed(scenario, design, file, read or name)
    elif design == "grid":
        made = grid(scenario, _axes(scenario, read, name))
    else:
        bounds = _named(scenario, name) if name is not None else read or None
        count = DRAWN if points is None else points
        made = sample(
            scenario, design, bounds, points=count, seed=seed, correlation=correlation
        )  # fmt: skip
    if refused := [s.forbidden for s in scenario.standings(asked_of(made)) if s.forbidden]:
        raise UsageError(refused[0])
    return made


def _check_labels(design: Design, problem: Problem) -> None:
    """Refuse labels of points that have the name of a result."""
    if taken := set(labels_of(design)) & set(column_names(problem)):
        raise UsageError(
            f"the column '{min(taken)}' of the points has the name of a result; rename it"
        )


def _listed(scenario: Scenario, design: str, file: str | Path | None, other: object) -> Design:
    if file is None:
        raise UsageError("the design 'listed' needs a file of points")
    if other or design not in ("grid", "listed"):
        raise UsageError("a file of points says all: no other design, sweep or varied parameter")
    return listed(scenario, file)


def _axes(
    scenario: Scenario, vary: Mapping[str, Bounds | FloatArray | None], name: str | None
) -> Mapping[str, Axis | FloatArray]:
    if not vary:
        return _named(scenario, name)
    out: dict[str, Axis | FloatArray] = {}
    for path, axis in vary.items():
        if isinstance(axis, np.ndarray):
            out[path] = axis
        elif axis is None or len(axis) != 3:
            raise UsageError(f"{path}: a grid needs LO:HI:N, its bounds and its number of points")
        else:
            out[path] = (axis[0], axis[1], int(axis[2]))
    return out


def _named(scenario: Scenario, name: str | None) -> Mapping[str, Axis]:
    sweeps = scenario.document.sweeps
    if name is None and not sweeps:
        raise UsageError(f"{scenario.origin} names no sweep; give --vary PATH=LO:HI:N")
    name = next(iter(sweeps)) if name is None else name
    if name not in sweeps:
        raise UsageError(f"unknown sweep '{name}'{suggest(name, sweeps)}")
    return dict(sweeps[name].vary)


__all__ = ["Estimate", "Grid", "Plan", "make_plan"]
