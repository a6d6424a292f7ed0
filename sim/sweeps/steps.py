"""What sweeps do alike, whether they keep points or not: try a few, count what is done, say what is kept."""

from __future__ import annotations

from collections.abc import Iterable
from time import perf_counter
from typing import Protocol

import numpy as np

from sim.errors import SimError
from sim.feasibility import evaluate_all
from sim.sweeps.failures import failures
from sim.sweeps.folder import Folder
from sim.sweeps.plan import Plan
from sim.sweeps.progress import Progress, Watch

TRIED, MANY = 32, 0.25
"""Points that are tried first, and the share of them whose failure stops a sweep."""


class Done(Protocol):
    """A chunk that is done."""

    @property
    def start(self) -> int:
        """Index of its first point."""

    @property
    def stop(self) -> int:
        """Index after its last point."""

    @property
    def feasible(self) -> int:
        """At how many of its points a treaty is feasible."""


def try_few(plan: Plan, *, fail_fast: bool) -> None:
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


def after(error: SimError, folder: Folder | None) -> SimError:
    """The error with what became of the folder; one without a finished chunk is removed."""
    if folder is None or folder.abandon():
        return error
    done = len(folder.done)
    kept = "1 finished chunk is" if done == 1 else f"{done} finished chunks are"
    hint = f"{kept} kept in {folder.path}; continue with --resume"
    return type(error)(f"{error}\n{hint}")


def points_in(done: Iterable[int], chunk: int, size: int) -> int:
    """How many points some chunks hold."""
    return sum(min(chunk, size - number * chunk) for number in done)


class Meter:
    """Counts what is done and tells a watcher."""

    def __init__(self, total: int, before: int, watch: Watch | None) -> None:
        self.total, self.before, self.watch = total, before, watch
        self.begun, self.fresh, self.feasible = perf_counter(), 0, 0

    def add(self, answer: Done) -> None:
        """One more chunk."""
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
