"""A 1,000 x 1,000 sweep of the Kuril file against a loop of ``sim.solve`` over single points.

Prints points per second, the ratio, the peak memory of the sweep, and where its time goes, for every engine.
Run it from the top of the repository: ``python tests/benchmarks/sweep_kuril.py [POINTS_PER_AXIS]``.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import resource
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import sim
from sim.feasibility import evaluate_all
from sim.sweeps import make_plan
from sim.sweeps.store import write_chunk
from sim.sweeps.work import solve_chunk

FILE = Path(__file__).parents[2] / "scenarios" / "kuril" / "2018.yaml"
X, Y = "moscow.nationalism", "tokyo.minimum"
SINGLE = 25
REPEATS = 3


def single_points(scenario):
    """Processor seconds per point of a loop over ``sim.solve``."""
    values = np.linspace(0, 1, SINGLE)
    sim.solve(scenario)
    begun = process_time()
    for x, y in zip(values, values[::-1], strict=True):
        sim.solve(scenario.with_values({X: x, Y: y}))
    return (process_time() - begun) / SINGLE


def whole_sweep(scenario, side, engine):
    """Seconds and processor seconds per point of a stored sweep, and what it stored in megabytes."""
    with tempfile.TemporaryDirectory() as folder:
        begun, used = perf_counter(), process_time()
        vary = {X: (0, 1, side), Y: (0, 1, side)}
        run = sim.sweep(scenario, vary=vary, engine=engine, out=Path(folder) / "run")
        wall, cpu = perf_counter() - begun, process_time() - used
        assert run.complete
        size = sum(f.stat().st_size for f in (Path(folder) / "run").iterdir()) / 1e6
    return wall / side**2, cpu / side**2, size


def shares(scenario, engine, points=40_000):
    """Processor microseconds per point by part; bookkeeping is what whole tasks take beyond their parts."""
    side = int(points**0.5)
    plan = make_plan(scenario, vary={X: (0, 1, side), Y: (0, 1, side)}, engine=engine)
    parts(plan, engine)
    runs = [parts(plan, engine) | {"storing and bookkeeping": whole(plan)} for _ in range(REPEATS)]
    spent = {name: min(run[name] for run in runs) / side**2 * 1e6 for name in runs[0]}
    spent["storing and bookkeeping"] -= sum(list(spent.values())[:-1])
    return spent


def parts(plan, engine):
    """Processor seconds of solving, over the same chunks as in a sweep."""
    begun = process_time()
    for task in plan.tasks(chunk=plan.chunk):
        evaluate_all(plan.problem, plan.design.points(task.start, task.stop), engine=engine)
    return {"solving": process_time() - begun}


def whole(plan):
    """Processor seconds of all tasks of a plan: points drawn, solved, made columns and written."""
    with tempfile.TemporaryDirectory() as folder:
        solve_chunk(next(plan.tasks(chunk=plan.chunk)))
        begun = process_time()
        for task in plan.tasks(chunk=plan.chunk):
            write_chunk(Path(folder), task.number, solve_chunk(task).table)
        return process_time() - begun


def spent(scenario, points, **asked):
    """Processor seconds of a compiled sweep."""
    with tempfile.TemporaryDirectory() as folder:
        keep = {} if "reduce" in asked else {"out": Path(folder) / "run"}
        begun = process_time()
        sim.sweep(scenario, engine="compiled", jobs=1, **asked_for(points, asked), **keep)
        return process_time() - begun


def asked_for(points, asked):
    """The options of a sweep of so many points."""
    if "design" in asked:
        return asked | {"points": points}
    side = int(points**0.5)
    return asked | {"vary": {X: (0, 1, side), Y: (0, 1, side)}}


def beside_solving(scenario, points, **asked):
    """Microseconds a point of a compiled sweep and of its solving; what every sweep takes is left out."""
    plan = make_plan(
        scenario, engine="compiled",
        **{k: v for k, v in asked_for(points, asked).items() if k != "reduce"},
    )  # fmt: skip
    theta = plan.design.points(0, min(plan.chunk, plan.design.size))
    evaluate_all(plan.problem, theta, engine="compiled")
    solving = []
    for _ in range(2 * REPEATS):
        begun = process_time()
        evaluate_all(plan.problem, theta, engine="compiled")
        solving.append((process_time() - begun) / theta.shape[1])
    whole, part = (
        min(spent(scenario, n, **asked) for _ in range(2)) for n in (points, points // 4)
    )
    return (whole - part) / (points - points // 4) * 1e6, min(solving) * 1e6


def designs(scenario):
    """What drawing, reducing and storing take of a compiled sweep, by design."""
    print("\n| a compiled sweep | parameters | stored | reduced to shares | aim |")
    print("|---|---:|---:|---:|---|")
    for design in ("grid", "sobol", "latin", "monte_carlo"):
        for count, points in (
            (2, 400_000),
            ("all", 340_000),
        ):  # of all, a quarter is drawn by index too
            if (design, count) == ("grid", "all"):
                continue
            asked = {} if design == "grid" else {"design": design}
            asked |= {"vary": dict.fromkeys((X, Y))} if count == 2 else {}
            cells = []
            for more in ({}, {"reduce": "share"}):
                whole, solving = beside_solving(scenario, points, **asked, **more)
                cells.append(f"{whole:.2f} us, {max(0.0, 1 - solving / whole):.0%}")
            print(f"| {design} | {count} | {' | '.join(cells)} | half at most |", flush=True)


def main():
    side = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    scenario = sim.load(FILE)
    single = single_points(scenario)
    engines = ("numpy", "compiled") if find_spec("llvmlite") else ("numpy",)
    print("| the Kuril file, full ladder and prediction | " + " | ".join(engines) + " | aim |")
    print("|---|" + "---:|" * (len(engines) + 1))
    found, spent = {}, {}
    for engine in engines:
        shares(scenario, engine, 1024)
        found[engine], spent[engine] = whole_sweep(scenario, side, engine), shares(scenario, engine)

    def row(name, cells, aim=""):
        print(f"| {name} | " + " | ".join(cells) + f" | {aim} |", flush=True)

    row("points/s by the clock", [f"{1 / found[e][0]:,.0f}" for e in engines])
    row("points per processor second", [f"{1 / found[e][1]:,.0f}" for e in engines])
    row("times a loop of `sim.solve`", [f"{single / found[e][1]:,.0f}" for e in engines], "200")
    for part in spent["numpy"]:
        cells = [
            f"{spent[e][part]:.1f} us, {spent[e][part] / sum(spent[e].values()):.0%}"
            for e in engines
        ]
        row(part, cells, "half of the compiled at most" if part.startswith("storing") else "")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    row("peak memory of both, MiB", [f"{peak:,.0f}", *[""] * (len(engines) - 1)], "500 at most")
    if "compiled" in engines:
        designs(scenario)


if __name__ == "__main__":
    main()
