"""What a worker does: draw the points of a chunk again from their indices, solve them, send answers back.

A task is self-contained and small: the compiled scenario as bytes, the design (for a list of points only
its stretch) and two indices. A worker unpacks a scenario once and keeps it for the next task.
"""

from __future__ import annotations

import pickle
import weakref
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from sim._kernels.memory import keep_memory
from sim._kernels.tolerance import FloatArray
from sim.feasibility.evaluate import Problem
from sim.sweeps.beside import with_beside
from sim.sweeps.columns import answers
from sim.sweeps.designs import Design
from sim.sweeps.failures import answered
from sim.sweeps.threads import COMPILED

if TYPE_CHECKING:
    import pyarrow as pa


CELLS = 1 << 24
"""Outcomes times points that a chunk holds."""
SOONER = 4
"""How many times as many of them it holds where code is compiled."""
SMALLEST, LARGEST = 1024, 65_536
"""Fewest and most points of a chunk."""
MOST_FILES = 4096
"""Chunks of a run that are aimed at, one file each."""
_HERE: weakref.WeakValueDictionary[bytes, Problem] = weakref.WeakValueDictionary()
"""The scenarios of this process by what they are packed as."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Task:
    """A chunk to be solved.

    Parameters
    ----------
    number, start, stop
        The chunk and the indices of its points.
    problem
        The compiled scenario, pickled.
    design
        Where the points come from.
    keep_going
        Whether points without an answer are recorded instead of ending the sweep.
    engine
        What computes it, as :func:`sim.feasibility.evaluate.evaluate_all` names it.
    beside
        What is computed beside the answers, packed (:mod:`sim.sweeps.beside`).
    more
        What is kept on request, beside the usual columns.
    """

    number: int
    start: int
    stop: int
    problem: bytes
    design: Design
    keep_going: bool
    engine: str
    beside: bytes = b""
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answer:
    """The answers of a chunk: a table without the points, of which only the first and last travel.

    Parameters
    ----------
    number, start, stop
        As in the task.
    table
        One row per point.
    feasible
        How many points are feasible.
    failed
        Why a point has no answer, by index.
    ends
        The first and the last point as the worker drew them, shape ``(varied, 2)``.
    points
        All of them where the worker is this process; what travels does without.
    """

    number: int
    start: int
    stop: int
    ends: FloatArray
    table: pa.Table
    feasible: int
    failed: dict[int, str]
    points: FloatArray | None = None


def pack(problem: Problem) -> bytes:
    """A compiled scenario as few bytes, since a cluster's scheduler may keep those of every task.

    In this process it stays the object that it is, with what is compiled for it.
    """
    packed = zlib.compress(pickle.dumps(problem, protocol=pickle.HIGHEST_PROTOCOL))
    _HERE[packed] = problem
    return packed


def problem_of(packed: bytes) -> Problem:
    """The compiled scenario of a task, unpacked once in every process."""
    return _HERE.get(packed) or _unpack(packed)


@lru_cache(maxsize=4)
def _unpack(packed: bytes) -> Problem:
    problem: Problem = pickle.loads(zlib.decompress(packed))
    return problem


def solve_chunk(task: Task) -> Answer:
    """The answers of a chunk.

    Raises
    ------
    SimError
        If a point has no answer and failures are not to be recorded.
    """
    keep_memory()
    problem = problem_of(task.problem)
    theta = task.design.points(task.start, task.stop)
    found, failed = answered(problem, theta, engine=task.engine, keep_going=task.keep_going)
    table = answers(problem, theta, found, failed, task.more)
    return Answer(
        number=task.number,
        start=task.start,
        stop=task.stop,
        ends=theta[:, [0, -1]],
        table=with_beside(table, task.beside, theta),
        feasible=sum(part.true_count for part in table.column("feasible").chunks),
        failed={task.start + k: why for k, why in failed.items()},
        points=theta if task.problem in _HERE else None,
    )


def chunk_size(problem: Problem, size: int, engine: str) -> int:
    """Points per chunk: a second of work or so, some chunks to share out, few files if they stay small.

    Of compiled code it is less work: a chunk's own cost, a file first of all, would count sooner than that.
    """
    usual = min(
        max(CELLS * (SOONER if engine in COMPILED else 1) // problem.cells, SMALLEST), LARGEST
    )
    return max(min(size // 16, usual), SMALLEST, min(-(-size // MOST_FILES), LARGEST))
