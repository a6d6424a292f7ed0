"""Who computes the chunks: this process, threads, processes, or a cluster. One interface, ``Executor``.

Workers are given a few chunks at a time, so that neither tasks nor answers pile up. Each worker of a pool
uses one thread for linear algebra, since the workers already share the cores.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    wait,
)
from contextlib import contextmanager
from typing import Any

from sim.errors import SimError, UsageError
from sim.sweeps.work import Answer, Task, solve_chunk

IN_FLIGHT = 2
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "ARROW_NUM_THREADS")
TIMEOUT = 20.0
PATIENCE = 60.0


class InProcess(Executor):
    """The executor that computes at once, in this process.

    Examples
    --------
    >>> InProcess().submit(abs, -3).result()
    3
    """

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The finished future of a call."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


@contextmanager
def workers(
    jobs: int = 1, cluster: str | None = None, *, threads: bool = False
) -> Iterator[tuple[Executor, int]]:
    """An executor, and how many chunks to give it at a time.

    Parameters
    ----------
    jobs
        Number of workers; 1 computes in this process.
    cluster
        Address of a Dask scheduler, instead.
    threads
        Whether threads serve as workers, not processes: for functions that release the interpreter's lock.

    Raises
    ------
    UsageError
        If there is no such cluster, or the extra ``cluster`` is not installed.
    """
    if jobs < 1:
        raise UsageError(f"--jobs {jobs}: at least 1 is needed")
    if cluster is not None:
        with _dask(cluster) as pair:
            yield pair
    elif jobs == 1:
        yield InProcess(), 1
    else:
        with _threads(jobs) if threads else _processes(jobs) as executor:
            yield executor, IN_FLIGHT * jobs


@contextmanager
def _threads(jobs: int) -> Iterator[Executor]:
    from concurrent.futures import ThreadPoolExecutor

    from threadpoolctl import threadpool_limits

    pool = ThreadPoolExecutor(jobs)
    with threadpool_limits(1):
        try:
            yield pool
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _processes(jobs: int) -> Iterator[Executor]:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    before = {name: os.environ.get(name) for name in THREADS}
    os.environ.update(dict.fromkeys(THREADS, "1"))
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_begin)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _begin() -> None:
    """Leave interrupts to the parent, and end when it is gone."""
    import signal
    from multiprocessing import parent_process
    from threading import Thread

    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        parent = parent_process()
        if parent is not None:
            parent.join()
        os._exit(1)

    Thread(target=watch, daemon=True).start()


@contextmanager
def _dask(address: str) -> Iterator[tuple[Executor, int]]:
    try:
        from distributed import Client
    except ImportError:
        raise UsageError(
            "--cluster needs the extra 'cluster': pip install 'treatysim[cluster]'"
        ) from None
    with _answering(Client, address) as client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise UsageError(f"the Dask scheduler at {address} has no workers")
        with _watched(client):
            yield client.get_executor(pure=False), IN_FLIGHT * threads


def _answering(make: Any, address: str) -> Any:
    """A client of a scheduler that answers in time; one that listens and is silent is given up too."""
    from threading import Thread

    made: list[Any] = []

    def connect() -> None:
        try:
            made.append(make(address, timeout=TIMEOUT, set_as_default=False))
        except (OSError, ValueError) as error:
            made.append(error)

    thread = Thread(target=connect, daemon=True)
    thread.start()
    thread.join(2 * TIMEOUT)
    found = made[0] if made else f"nothing came back in {2 * TIMEOUT:g} seconds"
    if isinstance(found, str | Exception):
        raise UsageError(f"no Dask scheduler answers at {address}: {found}")
    return found


@contextmanager
def _watched(client: Any) -> Iterator[None]:
    """End the client when its cluster has had no worker for ``PATIENCE`` seconds; its futures then fail."""
    from threading import Event, Thread

    over = Event()

    def watch() -> None:
        alone = 0.0
        while not over.wait(PATIENCE / 10):
            try:
                busy = bool(client.nthreads())
            except Exception:
                busy = False
            alone = 0.0 if busy else alone + PATIENCE / 10
            if alone >= PATIENCE:
                client.close(timeout=1)
                return

    Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        over.set()


def answers_of(tasks: Iterable[Task], executor: Executor, width: int) -> Iterator[Answer]:
    """The answers of tasks as they come, with at most ``width`` tasks given out at a time.

    Raises
    ------
    SimError
        The first one that a task raises, or one that says that a worker died.
    """
    pending: set[Future[Answer]] = set()
    try:
        for task in tasks:
            pending.add(executor.submit(solve_chunk, task))
            if len(pending) >= width:
                done, pending = wait(pending, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
        while pending:
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)
    except BrokenExecutor:
        raise SimError(
            "a worker process died (out of memory, or a script without "
            "`if __name__ == '__main__':`); what is stored can be continued with --resume"
        ) from None
    except Exception as error:
        lost = isinstance(error, CancelledError) or type(error).__module__.startswith("distributed")
        if not lost:
            raise
        raise SimError(
            "the cluster stopped working: its scheduler went away, its workers died again and again, "
            "or none was left; what is stored can be continued with --resume"
        ) from None
    finally:
        for future in pending:
            future.cancel()
