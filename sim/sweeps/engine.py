"""The engine of a sweep: generate, solve, reduce and store, chunk by chunk.

Nothing is kept of a chunk but its columns, so memory is bounded by the chunk and not by the number of
points. A stored chunk (``CHUNK`` points, one file) is solved in smaller pieces that fit the cache.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.errors import SimError
from sim.feasibility.evaluate import Problem, evaluate_all, prepare
from sim.scenario import Scenario
from sim.sweeps.columns import columns_of, labels_of, to_table
from sim.sweeps.designs import Axis, Grid, grid
from sim.sweeps.run import Run
from sim.sweeps.store import FORMAT, new_folder, write_chunk, write_manifest

CHUNK = 65_536

Progress = Callable[[int, int], None]


def sweep(
    scenario: Scenario,
    *,
    vary: Mapping[str, Sequence[float]] | None = None,
    name: str | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
    command: str = "",
) -> Run:
    """Evaluate a scenario over a grid of parameter values.

    Parameters
    ----------
    scenario
        A dispute.
    vary
        Per dotted path ``(lo, hi, points)``.
    name
        A named sweep of the file, instead of ``vary``; the file's first by default.
    out
        A new folder for the results; in memory where absent.
    progress
        Called with the points done and the points in all, after every chunk.
    command
        What the user typed, for the record.

    Returns
    -------
    Run

    Raises
    ------
    SimError
        If the request is wrong, or a payoff has no finite value somewhere on the grid. Then nothing is
        left in ``out``.
    """
    axes = _axes(scenario, vary, name)
    design = grid(scenario, axes)
    problem = prepare(scenario, design.varied)
    manifest = _manifest(scenario, problem, design, command)
    if out is None:
        return Run(manifest=manifest, table=_in_memory(problem, design, progress))
    folder = Path(out)
    new_folder(folder)
    try:
        write_manifest(folder, manifest)
        for number, table in _tables(problem, design, progress):
            write_chunk(folder, number, table)
    except SimError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Run(manifest=manifest, folder=folder)


def _axes(
    scenario: Scenario, vary: Mapping[str, Sequence[float]] | None, name: str | None
) -> dict[str, Axis]:
    from sim.errors import UsageError, suggest

    if vary:
        return {path: (float(a[0]), float(a[1]), int(a[2])) for path, a in vary.items()}
    sweeps = scenario.document.sweeps
    if name is None and sweeps:
        name = next(iter(sweeps))
    if name is None:
        raise UsageError(f"{scenario.origin} names no sweep; give --vary PATH=LO:HI:N")
    if name not in sweeps:
        raise UsageError(f"unknown sweep '{name}'{suggest(name, sweeps)}")
    return dict(sweeps[name].vary)


def _manifest(scenario: Scenario, problem: Problem, design: Grid, command: str) -> dict[str, Any]:
    from sim import __version__

    parameters = scenario.document.parameters
    names = [*design.varied, *_column_names(problem)]
    return {
        "format": FORMAT,
        "version": __version__,
        "command": command,
        "seed": None,
        "scenario": {
            "title": scenario.title,
            "origin": scenario.origin,
            "sha256": scenario.digest,
            "text": scenario.resolved,
        },
        "overrides": dict(scenario.overrides),
        "values": {path: scenario.values[path] for path in design.varied},
        "scales": dict(problem.dispute.scales),
        "units": {path: p.unit for path, p in parameters.items() if path in design.varied},
        "assumed": [path for path, p in parameters.items() if p.assumed],
        "classes": list(scenario.document.classes),
        "design": design.to_dict(),
        "points": design.size,
        "chunk": CHUNK,
        "columns": names,
    }


def _column_names(problem: Problem) -> list[str]:
    names = [
        "feasible",
        "margin",
        "margin_in_every",
        "rung",
        "best_agreement",
        "binding",
        "binding_slack",
        "ties",
    ]
    if problem.game is not None:
        names += ["predicted_class", "predicted_agreement", "in_every_equilibrium", "equilibria"]
        names += [f"payoffs.{actor}" for actor in problem.dispute.payoffs]
    return names


def _tables(problem: Problem, design: Grid, progress: Progress | None) -> Any:
    labels = labels_of(problem)
    for number, start in enumerate(range(0, design.size, CHUNK)):
        stop = min(start + CHUNK, design.size)
        theta = design.points(start, stop)
        yield number, to_table(columns_of(problem, theta, evaluate_all(problem, theta), labels))
        if progress is not None:
            progress(stop, design.size)


def _in_memory(problem: Problem, design: Grid, progress: Progress | None) -> Any:
    import pyarrow as pa

    return pa.concat_tables([table for _, table in _tables(problem, design, progress)])
