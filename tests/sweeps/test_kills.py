"""Sweeps that are killed, again and again, and workers that die: the files at the end are the same bytes."""

import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import Future
from multiprocessing import active_children

import pytest
from sim.errors import SimError, UsageError
from sim.sweeps import make_plan, open_run, sweep
from sim.sweeps.workers import answers_of

VARY = {"tokyo.principle": (0.0, 1.0, 20), "moscow.mood": (0.0, 1.0, 10)}
KILLS = 20

KILLED = """
import os, random, signal, sys, time
import pyarrow.parquet
from sim.loading import load
from sim.sweeps import sweep

scenario, out, kills = load(sys.argv[1]), sys.argv[2], int(sys.argv[3])
vary = {"tokyo.principle": (0.0, 1.0, 20), "moscow.mood": (0.0, 1.0, 10)}
sweep(scenario, vary={"tokyo.principle": (0.0, 1.0, 2)}).to_frame()
begun = time.process_time()
sweep(scenario, vary=vary, out=out + "-timed", chunk=1)
span = 0.5 * (time.process_time() - begun)
moments = random.Random(1)

def die_at_a_write(number, before):
    # at the n-th flush or renaming, just before it or just after
    left = [number]
    def deadly(function):
        def call(*args, **options):
            left[0] -= 1
            if not left[0] and before:
                os.kill(os.getpid(), signal.SIGKILL)
            result = function(*args, **options)
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
            return result
        return call
    os.fsync, os.replace = deadly(os.fsync), deadly(os.replace)

for kill in range(kills):
    number, before = moments.randint(1, 24), moments.random() < 0.5
    done = len(os.listdir(out)) if os.path.isdir(out) else 0
    after = moments.uniform(0.0, span * (1 - done / 202))
    child = os.fork()
    if not child:
        if kill % 2:  # after some time of the processor, wherever it is then
            signal.setitimer(signal.ITIMER_PROF, max(after, 1e-4))
        else:
            die_at_a_write(number, before)
        sweep(scenario, vary=vary, out=out, chunk=1, resume=True, command="sweep")
        os._exit(0)
    _, status = os.waitpid(child, 0)
    files = len(os.listdir(out)) if os.path.isdir(out) else 0
    print(os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0, files, flush=True)
"""


def content(folder):
    """The bytes of every file but the lock."""
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.name != ".lock"}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="starts sweeps by fork")
def test_a_sweep_killed_at_twenty_random_moments_ends_with_the_same_bytes(dispute, tmp_path):
    whole, out = tmp_path / "whole", tmp_path / "run"
    sweep(dispute, vary=VARY, out=whole, chunk=1, command="sweep")
    (tmp_path / "two.yaml").write_text(dispute.resolved)
    script = [sys.executable, "-c", KILLED, str(tmp_path / "two.yaml"), str(out), str(KILLS)]
    said = subprocess.run(
        script,
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
    ).stdout.split()
    signals, files = [int(n) for n in said[::2]], [int(n) for n in said[1::2]]
    assert signals[::2] == [signal.SIGKILL] * (KILLS // 2)
    assert (
        signal.SIGPROF in signals[1::2]
    )  # others may have been through sooner than they were measured
    assert len(set(files)) > KILLS // 4
    manifest = (out / "manifest.json").read_text()
    sweep(dispute, vary=VARY, out=out, chunk=1, resume=True, command="sweep")
    assert (out / "manifest.json").read_text() == manifest
    found, expected = content(out), content(whole)
    found.pop("manifest.json"), expected.pop("manifest.json")
    assert found == expected


def test_a_worker_process_that_is_killed_ends_the_sweep_and_resume_completes_it(dispute, tmp_path):
    whole, out = tmp_path / "whole", tmp_path / "run"
    sweep(dispute, vary=VARY, out=whole, chunk=4)

    def kill(state):
        if state.done >= 40 and active_children():
            active_children()[0].kill()

    with pytest.raises(SimError, match=r"worker process died.*--resume"):
        sweep(dispute, vary=VARY, out=out, chunk=4, jobs=2, progress=kill)
    assert not open_run(out).complete
    sweep(dispute, vary=VARY, out=out, resume=True)
    assert content(out) == content(whole)


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_worker_that_is_killed_changes_nothing(dispute, tmp_path):
    distributed = pytest.importorskip("distributed")
    whole, out = tmp_path / "whole", tmp_path / "run"
    sweep(dispute, vary=VARY, out=whole, chunk=4)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        victims = [worker.pid for worker in cluster.workers.values()]
        assert len(victims) == 2

        def kill(state):
            if state.done >= 80 and len(victims) == 2:
                os.kill(victims.pop(), signal.SIGKILL)

        sweep(
            dispute, vary=VARY, out=out, chunk=4, cluster=cluster.scheduler_address, progress=kill
        )
    assert len(victims) == 1
    assert content(out) == content(whole)


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_that_loses_all_workers_is_an_error_and_not_a_wait(
    dispute, tmp_path, monkeypatch
):
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr("sim.sweeps.workers.PATIENCE", 1.0)
    out = tmp_path / "run"
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None
    ) as cluster:

        def leave(state):
            if state.done == 40:
                cluster.scale(0)
                deadline = time.monotonic() + 20
                while cluster.scheduler.workers and time.monotonic() < deadline:
                    time.sleep(0.01)

        with pytest.raises(SimError, match=r"cluster stopped working.*--resume"):
            sweep(
                dispute, vary=VARY, out=out, chunk=4, cluster=cluster.scheduler_address,
                progress=leave,
            )  # fmt: skip
    assert open_run(out).summary()["points"] >= 40
    assert sweep(dispute, vary=VARY, out=out, resume=True).complete


@pytest.fixture
def scheduler():
    """A scheduler with one worker, each a process of its own as on a cluster; and its address."""
    distributed = pytest.importorskip("distributed")
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    module = [sys.executable, "-m", "distributed.cli.dask_"]
    serve = [*module[:2], module[2] + "scheduler", "--host", address, "--no-dashboard"]
    work = [*module[:2], module[2] + "worker", address, "--nthreads", "1", "--no-nanny"]
    served = subprocess.Popen(serve, **quiet)
    worker = subprocess.Popen([*work, "--no-dashboard"], **quiet)
    try:
        with distributed.Client(address, timeout=60, set_as_default=False) as client:
            client.wait_for_workers(1, timeout=60)
        yield served, address
    finally:
        for process in (worker, served):
            process.kill()
            process.wait()


@pytest.mark.filterwarnings("ignore")
def test_a_scheduler_that_is_killed_ends_the_sweep_in_its_words(
    dispute, tmp_path, scheduler, capfd
):
    whole, out = tmp_path / "whole", tmp_path / "run"
    sweep(dispute, vary=VARY, out=whole, chunk=4)
    served, address = scheduler

    def kill(state):
        if state.done == 40:
            served.kill()

    capfd.readouterr()
    with pytest.raises(SimError, match=r"cluster stopped working.*\n\d+ finished chunks.*--resume"):
        sweep(dispute, vary=VARY, out=out, chunk=4, cluster=address, progress=kill)
    assert capfd.readouterr() == ("", "")
    assert not open_run(out).complete
    sweep(dispute, vary=VARY, out=out, resume=True)
    assert content(out) == content(whole)


@pytest.mark.filterwarnings("ignore")
def test_an_address_that_listens_and_never_answers_is_given_up(dispute, tmp_path, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr("sim.sweeps.workers.TIMEOUT", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(
            UsageError, match=rf"no Dask scheduler answers at tcp://127.0.0.1:{port}"
        ):
            sweep(dispute, vary=VARY, out=tmp_path / "run", cluster=f"tcp://127.0.0.1:{port}")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 128 KiB, where the system lets us make one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", str(place)]
    try:
        done = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        done = False
    if not done:
        pytest.skip("cannot mount a file system")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_file_system_keeps_what_is_finished(dispute, small_disk, tmp_path):
    whole, out = tmp_path / "whole", small_disk / "run"
    sweep(dispute, vary=VARY, out=whole, chunk=4)
    with pytest.raises(UsageError, match=r"No space left on device\n\d+ finished chunks.*--resume"):
        sweep(dispute, vary=VARY, out=out, chunk=4)
    kept = content(out)
    assert 1 < len(kept) < len(content(whole))
    assert kept.items() <= content(whole).items()
    subprocess.run(["mount", "-o", "remount,size=16m", str(small_disk)], check=True)
    sweep(dispute, vary=VARY, out=out, resume=True)
    assert content(out) == content(whole)


def test_a_read_only_file_system_is_named(dispute, small_disk):
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(UsageError, match=r"run cannot be written: Read-only file system"):
        sweep(dispute, vary=VARY, out=small_disk / "run")


def test_a_task_that_kills_every_worker_is_reported(dispute):
    killed = pytest.importorskip("distributed.scheduler").KilledWorker("task", None, 3)

    class Deadly:
        def submit(self, *_):
            future = Future()
            future.set_exception(killed)
            return future

    with pytest.raises(SimError, match=r"cluster stopped working.*--resume"):
        list(answers_of(make_plan(dispute, vary=VARY).tasks(chunk=100), Deadly(), 2))
