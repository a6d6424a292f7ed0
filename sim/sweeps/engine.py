"""The engine of a sweep: generate, solve, reduce and store, chunk by chunk, by any number of workers.

Nothing is kept of a chunk but its columns, so memory is bounded by the chunks in work and not by the
number of points. Answers do not depend on the number of workers, the size of chunks, or on where an
interrupted sweep was taken up again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from sim.errors import SimError
from sim.feasibility import evaluate_all
from sim.scenario import Scenario
from sim.scenario.axis import Axis
from sim.sweeps.designs import Listed
from sim.sweeps.failures import failures
from sim.sweeps.folder import Folder, open_folder
from sim.sweeps.plan import Plan, make_plan
from sim.sweeps.progress import Progress, Watch
from sim.sweeps.run import Run
from sim.sweeps.work import Answer
from sim.sweeps.workers import answers_of, workers

TRIED, MANY = 32, 0.25
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
    cluster: str | None = None,
    resume: bool = False,
    keep_going: bool = False,
    fail_fast: bool = False,
    chunk: int | None = None,
    engine: str = "auto",
    progress: Watch | None = None,
    command: str = "",
) -> Run:
    """Evaluate a scenario over many parameter values.

    Parameters
    ----------
    scenario, vary, name
        A dispute, and per dotted path a tuple ``(lo, hi, points)`` for a grid; other designs take
        ``(lo, hi)``, or ``None`` to draw from the parameter's own distribution. A list or an array
        means these values. Or a named sweep of the file.
    design, points, seed, correlation
        A name in ``sim.sweeps.DESIGNS``; of a random one number of points, seed, and per pair of paths
        the correlation of their normal scores, instead of the scenario's.
    file, out, resume
        A CSV or Parquet file of points, instead of a design; a new folder for the results (in memory where
        absent), or one to continue.
    jobs, cluster, chunk
        Number of processes, or the address of a Dask scheduler; points per chunk.
    engine
        ``numpy``; ``fast``, compiled (extra ``fast``); ``auto``: the latter where it is installed and the
        sweep is large. Answers do not depend on it.
    keep_going, fail_fast
        Points without an answer are recorded (status ``failed``). A few are tried first: where a quarter of
        them have none the sweep ends, unless ``keep_going``. With ``fail_fast`` the first one ends it.
    progress, command
        Called with a :class:`Progress` after every chunk; what the user typed, for the record.

    Raises
    ------
    SimError
        If the request is wrong, or a point without an answer ends the sweep. A folder that was made for it
        is removed, unless it holds finished chunks.
    """
    plan = make_plan(
        scenario, vary=vary, name=name, design=design, points=points, seed=seed, file=file,
        correlation=correlation, chunk=chunk, command=command, engine=engine,
    )  # fmt: skip
    return execute(
        plan, out=out, jobs=jobs, cluster=cluster, resume=resume, keep_going=keep_going,
        fail_fast=fail_fast, progress=progress,
    )  # fmt: skip


def execute(
    plan: Plan,
    *,
    out: str | Path | None = None,
    jobs: int = 1,
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
        _try(plan, fail_fast=fail_fast)
    manifest = plan.manifest()
    sink: Any = nullcontext()
    if out is not None:
        sink = open_folder(Path(out), manifest, resume=resume)
    with workers(jobs, cluster) as (executor, width), sink as folder:
        chunk = plan.chunk if folder is None else int(folder.manifest["chunk"])
        done = set() if folder is None else set(folder.done)
        tasks = plan.tasks(chunk=chunk, done=done, keep_going=not fail_fast)
        tables: dict[int, Any] = {}
        meter = _Meter(plan.design.size, _points(done, chunk, plan.design.size), progress)
        try:
            if started is not None:
                started()
            for answer in answers_of(tasks, executor, width):
                _keep(plan, answer, folder, tables)
                meter.add(answer)
        except SimError as error:
            raise _after(error, folder) from None
        except KeyboardInterrupt:
            if folder is not None:
                folder.abandon()
            raise
    if folder is not None:
        return Run(manifest=folder.manifest, folder=folder.path)
    return Run(manifest=manifest, table=_joined(tables))


def _try(plan: Plan, *, fail_fast: bool) -> None:
    """Solve a few points; where many have no answer the file or the range is wrong."""
    try:
        evaluate_all(plan.problem, plan.design.probes())
    except SimError as error:
        if fail_fast:
            raise
        size = plan.design.size
        spread = np.linspace(0, size - 1, min(size, TRIED)).astype(np.int64).tolist()
        theta = np.hstack([plan.design.points(k, k + 1) for k in spread])
        failed = len(failures(plan.problem, theta))
        if failed >= MANY * len(spread):
            raise SimError(
                f"{error}; {failed} of {len(spread)} points that were tried have no answer "
                "(--keep-going records such points and goes on)"
            ) from None


def _keep(plan: Plan, answer: Answer, folder: Folder | None, tables: dict[int, Any]) -> None:
    """Store a chunk: its points, drawn again, and its answers."""
    import pyarrow as pa

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


def _after(error: SimError, folder: Folder | None) -> SimError:
    """The error with what became of the folder; one without a finished chunk is removed."""
    if folder is None or folder.abandon():
        return error
    done = len(folder.done)
    kept = "1 finished chunk is" if done == 1 else f"{done} finished chunks are"
    hint = f"{kept} kept in {folder.path}; continue with --resume"
    return type(error)(f"{error}\n{hint}")


def _points(done: set[int], chunk: int, size: int) -> int:
    """How many points some chunks hold."""
    return sum(min(chunk, size - number * chunk) for number in done)


def _joined(tables: Mapping[int, Any]) -> Any:
    import pyarrow as pa

    return pa.concat_tables([tables[number] for number in sorted(tables)])


class _Meter:
    """Counts what is done and tells a watcher."""

    def __init__(self, total: int, before: int, watch: Watch | None) -> None:
        self.total, self.before, self.watch = total, before, watch
        self.begun, self.fresh, self.feasible = perf_counter(), 0, 0

    def add(self, answer: Answer) -> None:
        self.fresh += answer.stop - answer.start
        self.feasible += answer.feasible
        if self.watch is not None:
            self.watch(
                Progress(
                    done=self.before + self.fresh,
                    total=self.total,
                    fresh=self.fresh,
                    seconds=perf_counter() - self.begun,
                    feasible=self.feasible,
                )
            )
