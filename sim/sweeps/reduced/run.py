"""Computing a sweep of which only counts are kept, by any number of workers, chunk by chunk."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Any

from sim.errors import SimError, UsageError, suggest
from sim.sweeps.folder import Folder, open_folder
from sim.sweeps.plan import Plan
from sim.sweeps.progress import Watch
from sim.sweeps.reduced import state
from sim.sweeps.reduced.on_card import on_card
from sim.sweeps.reduced.raster import Raster, columns_of, table_of
from sim.sweeps.reduced.summary import summary_of
from sim.sweeps.reduced.tally import YES, Counting, Tally, added, labels_counted
from sim.sweeps.run import REDUCED, SUMMARY, Run
from sim.sweeps.steps import Meter, after, points_in, try_few
from sim.sweeps.store import write_manifest
from sim.sweeps.threads import kind_of
from sim.sweeps.work import Task, problem_of
from sim.sweeps.workers import results_of
from sim.sweeps.workers import workers as workers_of

REDUCTIONS = ("none", "share", "raster")
SAVED = 5.0
"""Seconds between two times that what is counted so far is stored."""
ON_CARD = 1 << 26
"""Points that a card is asked for at a time, where there are more: a quarter of a second or so."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Counted:
    """The tally of a chunk; ``start``, ``stop`` and ``feasible`` as in other answers."""

    number: int
    start: int
    stop: int
    feasible: int
    tally: Tally


def reduce_plan(
    plan: Plan,
    reduction: str,
    *,
    raster: Raster | None = None,
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
    """Compute a plan and keep counts alone.

    Parameters
    ----------
    plan
        What to compute.
    reduction
        ``share``, or ``raster`` with the cells to count by.
    raster
        These cells.
    out, jobs, workers, cluster, resume, keep_going, fail_fast, progress, started
        As for :func:`sim.sweeps.engine.execute`.

    Raises
    ------
    SimError
        If the request is wrong, or a point without an answer ends the sweep.
    """
    if reduction not in REDUCTIONS[1:]:
        raise UsageError(f"unknown reduction '{reduction}'{suggest(reduction, REDUCTIONS)}")
    if not keep_going:
        try_few(plan, fail_fast=fail_fast)
    if plan.engine.engine == "gpu" and plan.design.size > ON_CARD:
        plan = replace(plan, chunk=max(plan.chunk, ON_CARD))
    manifest = _manifest(plan, reduction, raster)
    counting = Counting(varied=plan.design.varied, box=manifest["of"]["ranges"], raster=raster)
    sink: Any = nullcontext() if out is None else open_folder(Path(out), manifest, resume=resume)
    kind = kind_of(workers, plan.engine.engine)
    with workers_of(jobs, cluster, kind) as (executor, width), sink as folder:
        total = _Total(folder, raster, labels_counted(plan.problem))
        chunk = plan.chunk if folder is None else int(folder.manifest["of"]["chunk"])
        before = points_in(range(total.done), chunk, plan.design.size)
        meter = Meter(plan.design.size, before, progress)
        tasks = plan.tasks(chunk=chunk, done=range(total.done), keep_going=not fail_fast)
        asked = ((task, counting) for task in tasks)
        if started is not None:
            started()
        _count(total, meter, results_of(count_chunk, asked, executor, width))
        total.finish()
    return _run(manifest, total)


def _count(total: _Total, meter: Meter, answers: Iterable[Counted]) -> None:
    """Add the chunks as they come; what is counted is stored whatever ends it."""
    try:
        for answer in answers:
            total.add(answer)
            meter.add(answer)
    except SimError as error:
        total.save()
        raise after(error, total.folder) from None
    except KeyboardInterrupt:
        total.save()
        if total.folder is not None:
            total.folder.abandon()
        raise


def count_chunk(asked: tuple[Task, Counting]) -> Counted:
    """The tally of a chunk.

    Raises
    ------
    SimError
        If a point has no answer and such points are not to be counted.
    """
    task, counting = asked
    problem, stretch = problem_of(task.problem), (task.start, task.stop)
    if task.engine == "gpu":
        tally = on_card(problem, task.design, stretch, counting, keep_going=task.keep_going)
    else:
        theta = task.design.points(*stretch)
        tally = counting.solved(problem, theta, task.engine, keep_going=task.keep_going)
    feasible = int(tally["feasible"][YES])
    return Counted(
        number=task.number, start=task.start, stop=task.stop, feasible=feasible, tally=tally
    )


@dataclass(eq=False)
class _Total:
    """What is counted so far: chunks in the order of the design, those that came early waiting."""

    folder: Folder | None
    raster: Raster | None
    labels: dict[str, tuple[str, ...]]

    def __post_init__(self) -> None:
        self.done, self.tally = (0, {}) if self.folder is None else state.read(self.folder.path)
        self._early: dict[int, Tally] = {}
        self._stored, self._saved = self.done, monotonic()

    def add(self, answer: Counted) -> None:
        """One more chunk."""
        self._early[answer.number] = answer.tally
        while self.done in self._early:
            self.tally = added(self.tally, self._early.pop(self.done))
            self.done += 1
        if monotonic() - self._saved > SAVED:
            self.save()

    def save(self) -> None:
        """Store what is counted, if there is anything new."""
        if self.folder is not None and self.done > self._stored:
            state.save(self.folder.path, self.done, self.tally)
            self._stored = self.done
        self._saved = monotonic()

    def finish(self) -> None:
        """Store everything, a raster as the rows of a run as well."""
        self.save()
        if self.folder is not None and self.raster is not None and not self.folder.done:
            self.folder.store(0, table_of(self.raster, self.tally, self.labels), [])


def _manifest(plan: Plan, reduction: str, raster: Raster | None) -> dict[str, Any]:
    """The manifest: what was computed, and of a raster the run that it is read as."""
    out = plan.manifest()
    of = {key: out[key] for key in ("design", "points", "chunk", "ranges")}
    out |= {REDUCED: reduction, "of": of, "columns": []}
    if raster is None:
        return out
    grid, size = raster.grid(), raster.size
    dropped = {*plan.design.varied} - {*grid.varied}
    for key in ("values", "units", "ranges", "levels"):
        out[key] = {name: value for name, value in out[key].items() if name not in dropped}
    out["columns"] = [*grid.varied, *columns_of(labels_counted(plan.problem))]
    return out | {"design": grid.to_dict(), "points": size, "chunk": size}


def _run(manifest: dict[str, Any], total: _Total) -> Run:
    """What was counted as a run: a raster with its cells as rows."""
    design = manifest["of"]["design"]["kind"]
    drawn = design not in ("grid", "listed")
    found = summary_of(total.tally, total.labels, manifest["of"]["ranges"], drawn=drawn)
    folder, raster = total.folder, total.raster
    manifest = {**(manifest if folder is None else folder.manifest), SUMMARY: found}
    if folder is not None:
        write_manifest(folder.path, manifest)
        return Run(manifest=manifest, folder=folder.path)
    if raster is None:
        return Run(manifest=manifest)
    return Run(manifest=manifest, table=table_of(raster, total.tally, total.labels))
