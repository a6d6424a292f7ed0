"""Workers: whoever computes, and however work is cut, answers are the same to the last bit."""

import logging
import os
import subprocess
import sys
import time
from concurrent.futures import Future
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest
from sim.errors import SimError, UsageError
from sim.sweeps import make_plan, open_run, sweep
from sim.sweeps.workers import THREADS, _quiet, answers_of, workers

VARY = {"tokyo.principle": (0.0, 1.0, 30), "moscow.mood": (0.0, 1.0, 20)}


@pytest.fixture(scope="module")
def alone(dispute):
    return sweep(dispute, vary=VARY).to_frame()


def test_processes_give_the_same_answers(dispute, alone, tmp_path):
    with workers(2) as (executor, width):
        assert width == 4
        assert {executor.submit(os.getenv, name).result() for name in THREADS} == {"1"}
        for chunk in (37, 200):
            plan = make_plan(dispute, vary=VARY, chunk=chunk)
            answers = sorted(
                answers_of(plan.tasks(chunk=chunk), executor, width), key=lambda a: a.number
            )
            margins = [m for a in answers for m in a.table.column("margin").to_pylist()]
            assert margins == alone["margin"].tolist()
        listed = tmp_path / "points.parquet"
        alone[["tokyo.principle", "moscow.mood"]].to_parquet(listed)
        tasks = make_plan(dispute, file=listed).tasks(chunk=250)
        parts = {
            a.start: a.table.column("margin").to_pylist() for a in answers_of(tasks, executor, 4)
        }
        assert (
            list(chain.from_iterable(parts[k] for k in sorted(parts))) == alone["margin"].tolist()
        )


def test_a_sweep_by_two_processes_is_the_sweep_by_one(dispute, alone, tmp_path, monkeypatch):
    monkeypatch.setenv(THREADS[0], "2")
    monkeypatch.delenv(THREADS[1], raising=False)
    before = dict(os.environ)
    run = sweep(dispute, vary=VARY, jobs=2, chunk=150, out=tmp_path / "run")
    assert run.to_frame().equals(alone)
    assert dict(os.environ) == before


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_compiled_sweep_is_the_same_to_the_byte(dispute, jobs, tmp_path):
    pytest.importorskip("llvmlite")
    for name, engine in (("numpy", "numpy"), ("compiled", "compiled")):
        sweep(dispute, vary=VARY, jobs=jobs, chunk=150, engine=engine, out=tmp_path / name)
    files = {p.name: p.read_bytes() for p in (tmp_path / "numpy").glob("chunk-*")}
    assert files == {p.name: p.read_bytes() for p in (tmp_path / "compiled").glob("chunk-*")}
    assert len(files) == 4


def test_a_compiled_sweep_records_failures_too(fragile, tmp_path):
    pytest.importorskip("llvmlite")
    vary = {"moscow.mood": (0.0, 1.0, 11)}
    runs = [
        sweep(fragile, vary=vary, keep_going=True, engine=engine, jobs=jobs, out=tmp_path / engine)
        for engine, jobs in (("numpy", 1), ("compiled", 2))
    ]
    assert runs[0].to_frame().equals(runs[1].to_frame())
    assert runs[0].failures() == runs[1].failures() != []


def test_an_error_in_a_worker_is_the_error_of_the_sweep(fragile):
    plan = make_plan(fragile, vary={"moscow.mood": (0.0, 1.0, 11)}, chunk=2)
    with workers(2) as (executor, width), pytest.raises(SimError, match=r"moscow\.mood=0\.5"):
        list(answers_of(plan.tasks(chunk=2), executor, width))


def test_only_a_few_chunks_are_given_out_at_a_time(dispute):
    """Back-pressure: tasks are drawn from the plan only as answers are taken."""
    plan = make_plan(dispute, vary=VARY, chunk=10)
    drawn = []

    def counted():
        for task in plan.tasks(chunk=10):
            drawn.append(task.number)
            yield task

    with workers(1) as (executor, _):
        answers = answers_of(counted(), executor, 3)
        for taken in range(1, 20):
            next(answers)
            assert len(drawn) <= taken + 3
        answers.close()


def test_a_worker_that_dies_is_reported(dispute):
    from concurrent.futures.process import BrokenProcessPool

    class Dying:
        def submit(self, *_):
            future = Future()
            future.set_exception(BrokenProcessPool("gone"))
            return future

    with pytest.raises(SimError, match=r"worker process died.*--resume"):
        list(answers_of(make_plan(dispute, vary=VARY).tasks(chunk=100), Dying(), 2))


ORPHANS = """
import sys, time
from sim.sweeps.workers import workers
if __name__ == "__main__":
    with workers(2) as (executor, _):
        pids = {executor.submit(__import__("os").getpid).result() for _ in range(20)}
        print(*pids, flush=True)
        executor.submit(time.sleep, 30)
        time.sleep(60)
"""


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks processes up in /proc")
def test_workers_end_with_the_process_that_started_them(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(ORPHANS)
    parent = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True)
    pids = parent.stdout.readline().split()
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert pids
    deadline = time.monotonic() + 20
    while any(running(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(running(pid) for pid in pids)


def running(pid):
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def test_a_number_of_processes_below_one_is_refused(dispute, tmp_path):
    with pytest.raises(UsageError, match="--jobs 0"):
        sweep(dispute, vary=VARY, jobs=0, out=tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("unit", [1.0, 1e-12])
def test_a_worker_that_draws_other_points_is_noticed(dispute, tmp_path, monkeypatch, unit):
    """Another version of a library there may turn the same seed into other points."""

    def elsewhere(*args):
        for answer in answers_of(*args):
            yield replace(answer, ends=answer.ends + 0.01 * unit)

    monkeypatch.setattr("sim.sweeps.engine.answers_of", elsewhere)
    with pytest.raises(SimError, match="draws other points from the same seed"):
        sweep(dispute, vary={"tokyo.principle": (0.0, unit, 30)}, out=tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("address", ["", "foo", "127.0.0.1", "http://127.0.0.1:8786", "tcp://h:x"])
def test_what_is_no_address_is_refused_at_once(dispute, address, tmp_path):
    pytest.importorskip("distributed")
    begun = time.monotonic()
    with pytest.raises(UsageError, match=r"an address like tcp://HOST:8786 is needed"):
        sweep(dispute, vary=VARY, cluster=address, out=tmp_path / "run")
    assert time.monotonic() - begun < 5
    assert list(tmp_path.iterdir()) == []


def test_the_clients_log_is_silent_and_then_as_before():
    log = logging.getLogger("distributed.client")
    before = log.level
    with _quiet():
        assert not log.isEnabledFor(logging.CRITICAL)
    assert log.level == before


def test_a_cluster_needs_its_extra_or_an_address_that_answers(dispute, monkeypatch):
    try:
        import distributed  # noqa: F401
    except ImportError:
        words = "extra 'cluster'"
    else:
        monkeypatch.setattr("sim.sweeps.workers.TIMEOUT", 0.5)
        words = "no Dask scheduler answers"
    with pytest.raises(UsageError, match=words):
        sweep(dispute, vary=VARY, cluster="tcp://127.0.0.1:1")


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_gives_the_same_answers(dispute, alone, tmp_path):
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None
    ) as cluster:
        run = sweep(
            dispute, vary=VARY, chunk=150, out=tmp_path / "run", cluster=cluster.scheduler_address
        )
    assert open_run(tmp_path / "run").to_frame().equals(alone)
    assert run.complete


@pytest.mark.parametrize("design", ["sobol", "latin", "monte_carlo", "saltelli"])
def test_a_seed_gives_the_same_results_for_any_number_of_workers_and_chunk(dispute, design):
    """To the last bit, whoever computes what: chunks of one point, of a few, of all, and two processes."""
    options = {"design": design, "points": 120, "seed": 5}
    whole = sweep(dispute, **options, chunk=120).to_arrow()
    jobs = [1, 1, 1] + [2] * (design == "sobol")
    for n, chunk in zip(jobs, (1, 7, 64, 11), strict=False):
        found = sweep(dispute, **options, chunk=chunk, jobs=n).to_arrow()
        assert found.to_pylist() == whole.to_pylist()


def test_a_worker_without_memory_is_reported(dispute):
    class Small:
        def submit(self, *_):
            future = Future()
            future.set_exception(MemoryError())
            return future

    with pytest.raises(SimError, match=r"ran out of memory.*--resume"):
        list(answers_of(make_plan(dispute, vary=VARY).tasks(chunk=100), Small(), 2))
