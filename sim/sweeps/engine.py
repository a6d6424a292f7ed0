"""The engine of a sweep: generate, solve, reduce and store, chunk by chunk, by any number of workers.

Nothing is kept of a chunk but its columns, so memory is bounded by the chunks in work and not by the
number of points. Answers do not depend on the number of workers, the size of chunks, or on where an
interrupted sweep was taken up again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from sim.errors import SimError, UsageError
from sim.scenario import Scenario
from sim.scenario.axis import Axis
from sim.sweeps.arrow_arrays import array_of
from sim.sweeps.designs import Listed
from sim.sweeps.folder import Folder, open_folder
from sim.sweeps.plan import Plan, make_plan
from sim.sweeps.progress import Watch
from sim.sweeps.reduced import raster_of, reduce_plan, state
from sim.sweeps.run import Run
from sim.sweeps.steps import Meter, after, points_in, try_few
from sim.sweeps.store import COUNTS, chunk_files
from sim.sweeps.threads import kind_of
from sim.sweeps.work import Answer
from sim.sweeps.workers import answers_of
from sim.sweeps.workers import workers as workers_of

if TYPE_CHECKING:
    from sim.sweeps.concept_sweep import ConceptRun

SAME = 1e-9
"""Of a chunk's largest value of a parameter: by how much another machine may draw it differently."""


@overload
def sweep(
    scenario: Scenario,
    *,
    concept: str,
    options: Mapping[str, Any] | None = None,
    vary: Mapping[str, Axis] | None = None,
    name: str | None = None,
    design: str = "grid",
    points: int | None = None,
    seed: int = 0,
    file: str | Path | None = None,
    correlation: Mapping[tuple[str, str], float] | None = None,
    out: str | Path | None = None,
    command: str = "",
) -> ConceptRun: ...
@overload
def sweep(
    scenario: Scenario,
    *,
    concept: None = None,
    options: None = None,
    vary: Mapping[str, Axis] | None = None,
    name: str | None = None,
    design: str = "grid",
    points: int | None = None,
    seed: int = 0,
    file: str | Path | None = None,
    correlation: Mapping[tuple[str, str], float] | None = None,
    out: str | Path | None = None,
    jobs: int = 1,
    workers: str = "auto",
    cluster: str | None = None,
    resume: bool = False,
    keep_going: bool = False,
    fail_fast: bool = False,
    chunk: int | None = None,
    engine: str = "auto",
    reduce: str = "none",
    x: str | None = None,
    y: str | None = None,
    cells: tuple[int, int] | None = None,
    columns: Sequence[str] = (),
    progress: Watch | None = None,
    command: str = "",
) -> Run: ...
def sweep(
    scenario: Scenario,
    *,
    concept: str | None = None,
    options: Mapping[str, Any] | None = None,
    vary: Mapping[str, Axis] | None = None,
    name: str | None = None,
    design: str = "grid",
    points: int | None = None,
    seed: int = 0,
    file: str | Path | None = None,
    correlation: Mapping[tuple[str, str], float] | None = None,
    out: str | Path | None = None,
    jobs: int = 1,
    workers: str = "auto",
    cluster: str | None = None,
    resume: bool = False,
    keep_going: bool = False,
    fail_fast: bool = False,
    chunk: int | None = None,
    engine: str = "auto",
    reduce: str = "none",
    x: str | None = None,
    y: str | None = None,
    cells: tuple[int, int] | None = None,
    columns: Sequence[str] = (),
    progress: Watch | None = None,
    command: str = "",
) -> Run | ConceptRun:
    """Evaluate a scenario over many parameter values.

    Parameters
    ----------
    concept, options
        What to solve at every point in place of the treaty ladder, and its options.
    vary, name, file, design, points, seed, correlation
        Per path ``(lo, hi, points)`` for a grid; other designs (``sim.sweeps.DESIGNS``) take ``(lo, hi)``,
        or ``None`` for the parameter's own law, and correlations by pair. A list means values.
    out, resume
        A new folder for the results (in memory where absent), or one to continue.
    jobs, workers, cluster, chunk, engine, keep_going, fail_fast, reduce, x, y, cells, columns
        As ``sim sweep`` has them; answers do not depend on who computes them.
    progress, command
        Called with a :class:`Progress` after every chunk; what was typed.

    Raises
    ------
    SimError
        If the request is wrong, or a point without an answer ends it.
    """
    asked: Any = {"vary": vary, "name": name, "design": design, "points": points, "seed": seed}
    asked |= {"file": file, "correlation": correlation}
    how: Any = {"jobs": jobs, "workers": workers, "cluster": cluster, "resume": resume}
    kept: Any = {"reduce": reduce, "x": x, "y": y, "cells": cells}
    if concept is not None or options:
        rest = {**how, **kept, "engine": engine, "columns": tuple(columns) or None}
        return _of_concept(scenario, concept, options or {}, asked, rest, out, command)
    asked |= {"chunk": chunk, "engine": engine, "columns": columns, "command": command}
    how |= {"keep_going": keep_going, "fail_fast": fail_fast, "progress": progress}
    return carry_out(make_plan(scenario, **asked), **kept, out=out, **how)


def _of_concept(
    scenario: Scenario,
    concept: str | None,
    options: Mapping[str, Any],
    asked: Mapping[str, Any],
    rest: Mapping[str, Any],
    out: str | Path | None,
    command: str,
) -> ConceptRun:
    """A sweep of a concept, stored where ``out`` is given."""
    from sim.sweeps.concept_sweep import concept_design, concept_sweep, require_unused

    if concept is None:
        raise UsageError("options belong to a concept; name it with concept")
    require_unused(rest)
    run = concept_sweep(scenario, concept_design(scenario, **asked), concept, **options)
    if out is not None:
        run.write(Path(out), command)
    return run


def carry_out(
    plan: Plan,
    reduce: str = "none",
    x: str | None = None,
    y: str | None = None,
    cells: tuple[int, int] | None = None,
    **how: Any,
) -> Run:
    """Compute a plan and keep its points, or counts alone; ``how`` as for :func:`execute`.

    Raises
    ------
    SimError
        As :func:`sweep` does.
    """
    if reduce != "raster" and (x or y or cells):
        raise UsageError("x, y and cells are those of a raster; give --reduce raster")
    if plan.more and reduce != "none":
        raise UsageError("a sweep that keeps no point has no columns of points to add")
    if reduce == "none":
        return execute(plan, **how)
    raster = raster_of(plan.design, x, y, cells) if reduce == "raster" else None
    return reduce_plan(plan, reduce, raster=raster, **how)


def execute(
    plan: Plan,
    *,
    out: str | Path | None = None,
    jobs: int = 1,
    workers: str = "auto",
    cluster: str | None = None,
    resume: bool = False,
    keep_going: bool = False,
    fail_fast: bool = False,
    progress: Watch | None = None,
    started: Callable[[], None] | None = None,
) -> Run:
    """Compute a plan; the options are those of :func:`sweep`.

    A few points spread over the design are tried before anything is written. ``started`` is called
    when nothing stands in the way any more, before the first chunk.
    """
    if not keep_going:
        try_few(plan, fail_fast=fail_fast)
    manifest = plan.manifest()
    sink: Any = nullcontext()
    if out is not None:
        sink = open_folder(Path(out), manifest, resume=resume)
    kind = kind_of(workers, plan.engine.engine)
    with workers_of(jobs, cluster, kind) as (executor, width), sink as folder:
        chunk = plan.chunk if folder is None else int(folder.manifest["chunk"])
        done = set() if folder is None else set(folder.done)
        tasks = plan.tasks(chunk=chunk, done=done, keep_going=not fail_fast)
        tables: dict[int, Any] = {}
        meter = Meter(plan.design.size, points_in(done, chunk, plan.design.size), progress)
        try:
            if started is not None:
                started()
            for answer in answers_of(tasks, executor, width):
                _keep(plan, answer, folder, tables)
                meter.add(answer)
        except SimError as error:
            raise after(error, folder) from None
        except KeyboardInterrupt:
            if folder is not None:
                folder.abandon()
            raise
    if folder is not None:
        return Run(manifest=folder.manifest, folder=folder.path)
    return Run(manifest=manifest, table=_joined(tables))


def finished_chunks(out: Path) -> int:
    """How many chunks of a sweep are in a folder, stored or counted."""
    return len(chunk_files(out)) if not (out / COUNTS).exists() else state.read(out)[0]


def _keep(plan: Plan, answer: Answer, folder: Folder | None, tables: dict[int, Any]) -> None:
    """Store a chunk: its points, drawn again, and its answers."""
    import pyarrow as pa

    theta = answer.points
    if theta is None:
        theta = plan.design.points(answer.start, answer.stop)
    apart = np.abs(theta[:, [0, -1]] - answer.ends)
    if (apart > SAME * np.abs(theta).max(axis=1, keepdims=True)).any():
        raise SimError(
            "a worker draws other points from the same seed; install the same versions of treatysim, "
            "numpy and scipy on every machine"
        )
    drawn = dict(zip(plan.design.varied, map(array_of, theta), strict=True))
    table = pa.table(
        drawn | dict(zip(answer.table.column_names, answer.table.columns, strict=True))
    )
    if isinstance(plan.design, Listed):
        labels = plan.design.labels_of(answer.start, answer.stop)
        for name, texts in reversed(labels.items()):
            table = table.add_column(0, name, pa.array(texts, pa.string()))
    if folder is None:
        tables[answer.number] = table
        return
    failed = [
        {
            "chunk": answer.number,
            "point": index,
            "values": dict(
                zip(plan.design.varied, theta[:, index - answer.start].tolist(), strict=True)
            ),
            "message": message,
        }
        for index, message in answer.failed.items()
    ]
    folder.store(answer.number, table, failed)


def _joined(tables: Mapping[int, Any]) -> Any:
    import pyarrow as pa

    return pa.concat_tables([tables[number] for number in sorted(tables)])
