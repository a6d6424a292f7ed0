"""Threads of this process as workers, and when they are as good as processes.

Compiled code lets go of the interpreter's lock while it runs, and what is compiled is compiled once.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from sim.errors import UsageError, suggest

KINDS = ("auto", "processes", "threads")
COMPILED = ("compiled", "background", "gpu")
"""Engines whose code is compiled."""


def kind_of(kind: str, engine: str) -> str:
    """What workers are: as asked for, or threads where the code that they run is compiled.

    Raises
    ------
    UsageError
        If there is no such kind.

    Examples
    --------
    >>> kind_of("auto", "compiled"), kind_of("auto", "numpy")
    ('threads', 'processes')
    """
    if kind not in KINDS:
        raise UsageError(f"unknown kind of workers '{kind}'{suggest(kind, KINDS)}")
    if kind != "auto":
        return kind
    return "threads" if engine in COMPILED else "processes"


@contextmanager
def threads(jobs: int) -> Iterator[Executor]:
    """Some threads."""
    from concurrent.futures import ThreadPoolExecutor

    pool = ThreadPoolExecutor(jobs, thread_name_prefix="sweep")
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
