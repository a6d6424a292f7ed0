"""Who computes a sweep of the Kuril file: one worker, two, or two Dask workers; and its memory.

Prints points per second of each (of one worker at a fifth of the size) and their ratios, the peak memory of
the parent and of a worker at the size asked for and at a tenth of it, and the slope between the two in bytes
per point. Run it from the top of the
repository: ``python tests/benchmarks/sweep_scale.py [POINTS]``. Dask needs the extra ``cluster``; the
compiled engine the extra ``fast``.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

FILE = Path(__file__).parents[2] / "scenarios" / "kuril" / "2018.yaml"
VARY = {"moscow.nationalism": (0, 1), "tokyo.minimum": (0, 1)}
CHUNK = 16_384
AIMS = {"2": "1.7", "dask": "0.85"}


def one(how, engine, points):
    """Points per second between the first answers and the last, and peak memory, of a fresh process."""
    said = subprocess.run(
        [sys.executable, __file__, "child", how, engine, str(points)],
        capture_output=True,
        text=True,
        check=True,
    )
    rate, parent, worker = map(float, said.stdout.split()[-3:])
    return rate, parent, worker


def child(how, engine, points):
    """Sweep, and print points per second and peak memory in MiB."""
    import resource

    import sim

    seen = []

    def run(**where):
        with tempfile.TemporaryDirectory() as folder:
            sim.sweep(
                sim.load(FILE),
                vary=VARY,
                design="sobol",
                points=points,
                out=Path(folder) / "run",
                chunk=CHUNK,
                engine=engine,
                progress=seen.append,
                **where,
            )

    if how == "dask":
        import distributed

        with distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None
        ) as cluster:
            run(cluster=cluster.scheduler_address)
    else:
        run(jobs=int(how))
    first, last = seen[min(3, len(seen) - 2)], seen[-1]
    rate = (last.done - first.done) / (last.seconds - first.seconds)
    peaks = [
        resource.getrusage(who).ru_maxrss / 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    print(rate, *peaks)


def rates(points):
    """Points per second and memory by who computes and with which engine, printed as they come."""
    names = {"1": "one worker", "2": "two workers", "dask": "two Dask workers"}
    out = {}
    print("| who computes | engine | points/s | ratio | aim | parent, MiB | worker, MiB |")
    print("|---|---|---:|---:|---:|---:|---:|")
    for engine in ("numpy", "compiled") if find_spec("llvmlite") else ("numpy",):
        for how in names if find_spec("distributed") else ("1", "2"):
            size = points // 5 if how == "1" else points
            out[how, engine] = rate, parent, worker = one(how, engine, size)
            base = {"2": "1", "dask": "2"}.get(how)
            ratio = f"{rate / out[base, engine][0]:.2f} times {names[base]}" if base else ""
            memory = f"{parent:,.0f} | " + (f"{worker:,.0f}" if worker > 1 else "")
            row = (
                f"{names[how]} | {engine} | {rate:,.0f} | {ratio} | {AIMS.get(how, '')} | {memory}"
            )
            print(f"| {row} |", flush=True)
    return out


def main():
    points = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    found = rates(points)
    _, *small = one("2", "numpy", points // 10)
    print("\n| memory, two processes | MiB at a tenth | MiB | bytes a point | MiB at 1e8 | aim |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, low, high in zip(("parent", "worker"), small, found["2", "numpy"][1:], strict=True):
        slope = (high - low) * 2**20 / (points - points // 10)
        at = high + max(0.0, slope) * (1e8 - points) / 2**20
        print(f"| {name} | {low:,.0f} | {high:,.0f} | {slope:+.2f} | {at:,.0f} | 1,024 at most |")


if __name__ == "__main__":
    if sys.argv[1:2] == ["child"]:
        child(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        main()
