"""Who computes a sweep of the Kuril file: one process, two, or two Dask workers; and its memory.

Prints points per second of each, their ratios, the peak memory of the parent and of a worker at the size
asked for and at a tenth of it, and the slope between the two in bytes per point. Run it from the top of the
repository: ``python tests/benchmarks/sweep_scale.py [POINTS]``. Dask needs the extra ``cluster``.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import subprocess
import sys
import tempfile
from pathlib import Path

FILE = Path(__file__).parents[2] / "scenarios" / "kuril" / "2018.yaml"
VARY = {"moscow.nationalism": (0, 1), "tokyo.minimum": (0, 1)}


def one(how, points):
    """Seconds between the first and the last answer per point, and peak memory, of a fresh process."""
    said = subprocess.run(
        [sys.executable, __file__, "child", how, str(points)],
        capture_output=True,
        text=True,
        check=True,
    )
    rate, parent, worker = map(float, said.stdout.split()[-3:])
    return rate, parent, worker


def child(how, points):
    """Sweep, and print points per second and peak memory in MiB."""
    import resource

    import sim

    chunk, seen = 16_384, []
    options = {"chunk": chunk, "progress": seen.append}

    def run(**where):
        with tempfile.TemporaryDirectory() as folder:
            sim.sweep(
                sim.load(FILE),
                vary=VARY,
                design="sobol",
                points=points,
                out=Path(folder) / "run",
                **options,
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
    first, last = seen[min(2, len(seen) - 2)], seen[-1]
    rate = (last.done - first.done) / (last.seconds - first.seconds)
    peaks = [
        resource.getrusage(who).ru_maxrss / 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    print(rate, *peaks)


def main():
    points = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rates, peaks = {}, {}
    for how in ("1", "2", "dask"):
        try:
            rates[how], *peaks[how] = one(how, points)
        except subprocess.CalledProcessError as error:
            print(f"{how}: left out ({error.stderr.strip().splitlines()[-1]})")
            continue
        name = {"1": "one process", "2": "two processes", "dask": "two Dask workers"}[how]
        print(f"{name:18s} {rates[how]:10,.0f} points/s, peak memory {peaks[how][0]:6,.0f} MiB")
    print(f"two processes against one: {rates['2'] / rates['1']:.2f} (1.7 is the aim)")
    if "dask" in rates:
        print(f"Dask against two processes: {rates['dask'] / rates['2']:.2f} (0.85 is the aim)")
    _, *small = one("2", points // 10)
    for name, low, high in zip(("parent", "worker"), small, peaks["2"], strict=True):
        slope = (high - low) * 2**20 / (points - points // 10)
        at = high + slope * (1e8 - points) / 2**20
        print(
            f"memory of the {name}: {low:,.0f} MiB at {points // 10:,} points, {high:,.0f} at {points:,}:"
            f" {slope:+.2f} bytes a point, {at:,.0f} MiB at 1e8 (1,024 is the limit)"
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["child"]:
        child(sys.argv[2], int(sys.argv[3]))
    else:
        main()
