"""Who computes the chunks: this process, threads, processes, or a cluster. One interface, ``Executor``.

Workers are given a few chunks at a time, so that neither tasks nor answers pile up. Each process of a
pool uses one thread for linear algebra, since the processes already share the cores. Compiled code lets go of
the interpreter's lock, so that threads of this process are as good, and what is compiled is compiled once.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    wait,
)
from contextlib import contextmanager
from typing import Any, TypeVar

from sim.errors import SimError, UsageError
from sim.sweeps.threads import threads
from sim.sweeps.work import Answer, solve_chunk

IN_FLIGHT = 2
"""Chunks per worker that are handed out before their results come."""
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "ARROW_NUM_THREADS")
TIMEOUT = 20.0
"""Seconds within which a scheduler must answer."""
PATIENCE = 60.0
"""Seconds without any worker after which a cluster is given up."""
CLIENT_LOGS = ("distributed", "tornado", "asyncio")
T = TypeVar("T")


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
    jobs: int = 1, cluster: str | None = None, kind: str = "processes"
) -> Iterator[tuple[Executor, int]]:
    """An executor, and how many chunks to give it at a time.

    Parameters
    ----------
    jobs
        Number of workers; 1 computes in this process.
    cluster
        Address of a Dask scheduler, instead.
    kind
        ``processes`` or ``threads``.

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
        with threads(jobs) if kind == "threads" else _processes(jobs) as executor:
            yield executor, IN_FLIGHT * jobs


@contextmanager
def _processes(jobs: int) -> Iterator[Executor]:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import active_children, get_context

    class Pool(ProcessPoolExecutor):
        """Processes that no interrupt reaches while they start; later they ignore it themselves."""

        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            with _interrupts_held():
                return super().submit(fn, *args, **kwargs)

    before = {name: os.environ.get(name) for name in THREADS}
    os.environ.update(dict.fromkeys(THREADS, "1"))
    others = active_children()
    pool = Pool(jobs, mp_context=get_context("spawn"), initializer=_begin)
    try:
        yield pool
    except (
        KeyboardInterrupt
    ):  # what is in flight is dropped: a worker holds nothing worth waiting for
        for process in {*active_children()} - {*others}:
            process.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold interrupts back, where the system can; a process that is started meanwhile never gets any."""
    import signal

    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


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
    _check_address(address)
    with _quiet(), _answering(Client, address) as client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise UsageError(f"the Dask scheduler at {address} has no workers")
        with _watched(client):
            yield client.get_executor(pure=False), IN_FLIGHT * threads


def _check_address(address: str) -> None:
    """Refuse an address that cannot be one; the client would try it until its time is over."""
    from distributed.comm.addressing import get_address_host_port

    if address.startswith("inproc://"):
        return
    try:
        get_address_host_port(address)
    except ValueError as error:
        raise UsageError(
            f"--cluster {address}: an address like tcp://HOST:8786 is needed ({error})"
        ) from None


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the client's log to itself: what goes wrong is said in the sweep's own words."""
    import logging

    names = {*CLIENT_LOGS, *logging.root.manager.loggerDict}
    known = [logging.getLogger(name) for name in names if name.split(".")[0] in CLIENT_LOGS]
    levels = [logger.level for logger in known]
    for logger in known:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(known, levels, strict=True):
            logger.setLevel(level)


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


def answers_of(tasks: Iterable[Any], executor: Executor, width: int) -> Iterator[Answer]:
    """The answers of tasks as they come, with at most ``width`` tasks given out at a time.

    Raises
    ------
    SimError
        The first one that a task raises, or one that says that a worker died.
    """
    return results_of(solve_chunk, tasks, executor, width)


def results_of(
    solve: Callable[[Any], T], tasks: Iterable[Any], executor: Executor, width: int
) -> Iterator[T]:
    """What a function gives for each of some tasks, as :func:`answers_of` does."""
    pending: set[Future[T]] = set()
    try:
        for task in tasks:
            pending.add(executor.submit(solve, task))
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
    except MemoryError:
        raise SimError(
            "a worker ran out of memory: fewer of them need less; what is stored can be continued with "
            "--resume"
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
