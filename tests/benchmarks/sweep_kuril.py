"""A 1,000 x 1,000 sweep of the Kuril file against a loop of ``sim.solve`` over single points.

Prints points per second of both and their ratio, the peak memory of the sweep, and where its time goes.
Run it from the top of the repository: ``python tests/benchmarks/sweep_kuril.py [POINTS_PER_AXIS]``.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import resource
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import sim
from sim.feasibility import evaluate_all, prepare
from sim.feasibility.ladder import climb
from sim.feasibility.prediction import predict
from sim.sweeps import make_plan
from sim.sweeps.columns import answers
from sim.sweeps.store import write_chunk

FILE = Path(__file__).parents[2] / "scenarios" / "kuril" / "2018.yaml"
X, Y = "moscow.nationalism", "tokyo.minimum"
SINGLE = 25


def single_points(scenario):
    """Seconds per point of a loop over ``sim.solve``."""
    values = np.linspace(0, 1, SINGLE)
    sim.solve(scenario)
    begun = perf_counter()
    for x, y in zip(values, values[::-1], strict=True):
        sim.solve(scenario.with_values({X: x, Y: y}))
    return (perf_counter() - begun) / SINGLE


def whole_sweep(scenario, side):
    """Seconds and processor seconds per point of a stored sweep."""
    with tempfile.TemporaryDirectory() as folder:
        begun, used = perf_counter(), process_time()
        run = sim.sweep(scenario, vary={X: (0, 1, side), Y: (0, 1, side)}, out=Path(folder) / "run")
        wall, cpu = perf_counter() - begun, process_time() - used
        assert run.complete
        size = sum(f.stat().st_size for f in (Path(folder) / "run").iterdir()) / 1e6
    return wall / side**2, cpu / side**2, size


def shares(scenario):
    """Processor seconds per point by part, on one chunk."""
    problem = prepare(scenario, [X, Y])
    theta = make_plan(scenario, vary={X: (0, 1, 100), Y: (0, 1, 100)}).design.points(0, 10_000)
    evaluate_all(problem, theta)
    spent = dict.fromkeys(("payoffs and slacks", "ladder", "solving", "storing"), 0.0)

    def timed(part, call, *args):
        begun = process_time()
        result = call(*args)
        spent[part] += process_time() - begun
        return result

    def values(batch):
        for actor in problem.dispute.payoffs:
            batch.payoff(actor)
        for constraint in problem.dispute.constraints:
            batch.slack(constraint)

    for start in range(0, theta.shape[1], problem.chunk()):
        batch = problem.dispute.at(theta[:, start : start + problem.chunk()])
        timed("payoffs and slacks", values, batch)
        timed("ladder", climb, batch)
        timed("solving", predict, problem.game, batch)
    table = answers(problem, theta)
    with tempfile.TemporaryDirectory() as folder:
        timed("storing", write_chunk, Path(folder), 0, table)
    return spent, theta.shape[1]


def main():
    side = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    scenario = sim.load(FILE)
    single = single_points(scenario)
    print(f"loop of sim.solve: {1 / single:10,.0f} points/s")
    wall, cpu, size = whole_sweep(scenario, side)
    print(
        f"sweep {side} x {side}: {1 / wall:10,.0f} points/s ({1 / cpu:,.0f} per processor second)"
    )
    print(f"ratio per point:   {single / wall:10,.0f} (200 is the aim)")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory:       {peak:10,.0f} MiB (500 is the limit); stored {size:,.1f} MB")
    spent, points = shares(scenario)
    total = sum(spent.values())
    for part, seconds in spent.items():
        print(f"  {part:20s} {seconds / total:6.1%}  {seconds / points * 1e6:6.1f} us/point")


if __name__ == "__main__":
    main()
