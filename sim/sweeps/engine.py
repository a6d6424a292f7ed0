"""The engine of a sweep: generate, solve, reduce and store, chunk by chunk, by any number of workers.

Nothing is kept of a chunk but its columns, so memory is bounded by the chunks in work and not by the
number of points. Answers do not depend on the number of workers, the size of chunks, or on where an
interrupted sweep was taken up again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import SimError, UsageError
from sim.scenario import Scenario
from sim.scenario.axis import Axis
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

SAME = 1e-9
"""Of a chunk's largest value of a parameter: by how much another machine may draw it differently."""


def sweep(
    scenario: Scenario,
    *,
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
    progress: Watch | None = None,
    command: str = "",
) -> Run:
    """Evaluate a scenario over many parameter values.

    Parameters
    ----------
    scenario, vary, name, file
        A dispute; per path ``(lo, hi, points)`` for a grid; other designs take ``(lo, hi)``, or ``None`` for
        the parameter's own law. A list means values. Or a named sweep, or a table of points.
    design, points, seed, correlation
        A name in ``sim.sweeps.DESIGNS``; of a random one points, seed, and correlations by pair of paths.
    out, resume
        A new folder for the results (in memory where absent), or one to continue.
    jobs, workers, cluster, chunk, engine
        As ``sim sweep`` has them; answers depend on none.
    reduce, x, y, cells
        ``share`` keeps counts and no point, ``raster`` counts by cell of two parameters (the first two).
    keep_going, fail_fast
        Points without an answer are recorded. A sweep ends where a quarter of the first tried have none,
        unless ``keep_going``, and at the first one with ``fail_fast``.
    progress, command
        Called with a :class:`Progress` after every chunk; what was typed.

    Raises
    ------
    SimError
        If the request is wrong, or a point without an answer ends it.
    """
    plan = make_plan(
        scenario, vary=vary, name=name, design=design, points=points, seed=seed, file=file,
        correlation=correlation, chunk=chunk, command=command, engine=engine,
    )  # fmt: skip
    return carry_out(
        plan, reduce, x, y, cells, out=out, jobs=jobs, workers=workers, cluster=cluster,
        resume=resume, keep_going=keep_going, fail_fast=fail_fast, progress=progress,
    )  # fmt: skip


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
    table = answer.table
    for k, (path, values) in enumerate(zip(plan.design.varied, theta, strict=True)):
        table = table.add_column(k, path, pa.array(values))
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
