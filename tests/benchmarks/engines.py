"""Both engines on the Kuril file beside the definitions, points per second of processor time.

Prints a table for 2 parameters and for all of them, with the time that it takes to compile. With the path of
another checkout of the package as argument its numpy engine is measured in the same run, by the same points.
Run it from the top of the repository: ``python tests/benchmarks/engines.py [CHECKOUT]``.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import json
import platform
import subprocess
import sys
from pathlib import Path
from threading import Thread
from time import perf_counter, process_time

import numpy as np
import sim
from sim._kernels.memory import keep_memory
from sim.feasibility import evaluate_all, prepare
from sim.feasibility.evaluate import evaluate
from sim.scenario.structural import structural_parameters

FILE = Path(__file__).parents[2] / "scenarios" / "kuril" / "2018.yaml"
TWO = ["moscow.nationalism", "tokyo.minimum"]
POINTS, MANY = 4096, 32_768
AIMS = {("numpy", 2): 4, ("numpy", 0): 4, ("compiled", 2): 60, ("compiled", 0): 40}
ELSEWHERE = """
import json, sys, numpy as np
from time import process_time
from sim.feasibility import evaluate_all, prepare
from sim.loading import load
from sim._kernels.memory import keep_memory
keep_memory()
points = np.load(sys.argv[2])
problem = prepare(load(sys.argv[1]), json.loads(sys.argv[3]))
spent = []
for _ in range(3):
    begun = process_time()
    evaluate_all(problem, points)
    spent.append(process_time() - begun)
print(points.shape[1] / min(spent))
"""


def swept(scenario):
    """Every parameter that has a range."""
    fixed = structural_parameters(scenario.document)
    return [
        path
        for path, p in scenario.document.parameters.items()
        if p.range and p.range[0] < p.range[1] and path not in fixed
    ]


def drawn(scenario, varied, count):
    """Random points within the declared ranges, within [0, 1] for two parameters."""
    low, high = np.array([(0, 1) if varied == TWO else scenario.range_of(p) for p in varied]).T
    share = np.random.default_rng(0).random((len(varied), count))
    return low[:, None] + (high - low)[:, None] * share


def rate(call, points, repeats=5):
    """Points per second of processor time, the best of some runs."""
    spent = []
    for _ in range(repeats):
        begun = process_time()
        call()
        spent.append(process_time() - begun)
    return points / min(spent)


def other(checkout, varied, points, folder):
    """The numpy engine of another checkout on the same points."""
    path = Path(folder) / "points.npy"
    np.save(path, points)
    file = Path(checkout) / "scenarios" / "kuril" / "2018.yaml"
    words = [sys.executable, "-c", ELSEWHERE, str(file), str(path), json.dumps(varied)]
    env = os.environ | {"PYTHONPATH": str(checkout)}
    told = subprocess.run(words, env=env, cwd=checkout, check=True, capture_output=True, text=True)
    return float(told.stdout)


def threads(machine, points):
    """How much sooner two threads are done than one, by the clock."""
    half = points.shape[1] // 2
    begun = perf_counter()
    machine.run(points)
    alone = perf_counter() - begun
    parts = [Thread(target=machine.run, args=(p,)) for p in (points[:, :half], points[:, half:])]
    begun = perf_counter()
    for part in parts:
        part.start()
    for part in parts:
        part.join()
    return alone / (perf_counter() - begun)


def measured(scenario, varied, checkout, folder):
    """Points per second by engine."""
    problem = prepare(scenario, varied)
    few, many = drawn(scenario, varied, POINTS), drawn(scenario, varied, MANY)
    chunk = problem.chunk()
    pieces = [few[:, k : k + chunk] for k in range(0, 1024, chunk)]
    begun = process_time()
    machine = problem.backends.machine(wait=True)
    compiling = process_time() - begun
    found = {
        "definitions": rate(lambda: [evaluate(problem, p) for p in pieces], 1024, 2),
        "numpy": rate(lambda: evaluate_all(problem, few, engine="numpy"), POINTS),
        "compiled": rate(lambda: evaluate_all(problem, many, engine="compiled"), MANY),
    }
    if checkout:
        found["the other checkout"] = other(checkout, varied, few, folder)
    sure = machine.run(few)[1].mean()
    return found, compiling, sure, threads(machine, many)


def main():
    import tempfile

    keep_memory()
    checkout = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else None
    scenario = sim.load(FILE)
    print(f"{platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}\n")
    print("| who computes | parameters | points per CPU second | ratio | aim |")
    print("|---|---:|---:|---:|---:|")
    for varied in (TWO, swept(scenario)):
        with tempfile.TemporaryDirectory() as folder:
            found, compiling, sure, two = measured(scenario, varied, checkout, folder)
        base = found["the other checkout" if checkout else "definitions"]
        for name, value in found.items():
            aim = AIMS.get((name, 2 if varied == TWO else 0), "")
            print(
                f"| {name} | {len(varied)} | {value:,.0f} | {value / base:.1f} | {aim} |",
                flush=True,
            )
        print(
            f"| compiled, two threads by the clock | {len(varied)} | | {two:.2f} times one | 1.8 |"
        )
        print(
            f"| compiling {compiling:.1f} s, sure of {sure:.2%} | {len(varied)} | | | |", flush=True
        )


if __name__ == "__main__":
    main()
