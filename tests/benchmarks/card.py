"""The engine on a graphics card: the contract with the definitions, and how fast it is.

Five parts, each of which goes on if another fails: the card's multiply-adds a second in double precision, and
which share of them the kernel of the Kuril file reaches with 2 and with all parameters varied; a grid of 1e9
points and Sobol draws of all parameters, drawn and reduced to shares on the card; smaller chunks where the
card has no room; and labels and numbers beside the definitions' for all shipped disputes and for random ones
full of ties. What is found is printed and written as JSON into a folder. Without a card it says so and ends.

Run it from the top of the repository: ``python tests/benchmarks/card.py FOLDER [DISPUTES [PART ...]]``.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import json
import multiprocessing
import sys
import time
import traceback
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import sim
from sim.engine.cuda.card import Card, missing
from sim.engine.layout import REDUCING
from sim.engine.numpy_run import needed
from sim.feasibility import evaluate_all, prepare
from sim.feasibility.evaluate import evaluate, evaluation_of
from sim.feasibility.on_card import CardScreen
from sim.loading import load, loads
from sim.sweeps.designs.there import points_there
from sim.sweeps.plan import make_plan
from sim.sweeps.reduced.tally import Counting

sys.path.insert(0, str(Path(__file__).parent))
from engines import FILE as KURIL
from engines import TWO, drawn, swept

TESTS = Path(__file__).parents[1]
SCENARIOS = TESTS.parent / "scenarios"
AIM, NUMBERS = 0.45, 1e-12
VARIANTS = [(r, 1) for r in (96, 128, 168, 255)]
"""Registers of a thread, and how often loops over agreements are unrolled: twice was slower."""
SIDE, DRAWS = 31_623, 1 << 27
"""A grid of SIDE x SIDE is a billion points."""
POINTS = {2: 1 << 22, 0: 1 << 20}
FIRST = {2: 24_577, 0: 101_323}
"""What a first kernel for this file took, a multiply-add counted as two: the aims were set by it."""
WORKERS, SECONDS = min(12, os.cpu_count() or 1), 150
PEAK = """extern "C" __global__ void peak(double* out, int n, double a, double b) {
  double x[8];
  for (int i = 0; i < 8; ++i) x[i] = threadIdx.x + i;
  for (int k = 0; k < n; ++k) {
    #pragma unroll
    for (int i = 0; i < 8; ++i) x[i] = fma(x[i], a, b);
  }
  double s = 0;
  for (int i = 0; i < 8; ++i) s += x[i];
  out[blockIdx.x * blockDim.x + threadIdx.x] = s;
}"""


@cache
def of_tests(path):
    """A module of the tests by its path."""
    name = Path(path).stem + "_of_tests"
    spec = spec_from_file_location(name, TESTS / path)
    module = sys.modules[name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def seconds(call, repeats=5):
    """The median time of a call on the card."""
    import cupy

    call()
    spent = []
    for _ in range(repeats):
        begun, ended = cupy.cuda.Event(), cupy.cuda.Event()
        begun.record()
        call()
        ended.record()
        ended.synchronize()
        spent.append(cupy.cuda.get_elapsed_time(begun, ended) / 1e3)
    return float(np.median(spent))


def peak():
    """Multiply-adds a second in double precision, one of which is one."""
    import cupy

    blocks, threads, rounds = 132 * 8, 256, 4096
    kernel, out = cupy.RawKernel(PEAK, "peak"), cupy.zeros(blocks * threads)
    spent = seconds(lambda: kernel((blocks,), (threads,), (out, np.int32(rounds), 0.999, 0.5)))
    return blocks * threads * rounds * 8 / spent


def machine():
    """Which card, and its peak."""
    import cupy

    found = cupy.cuda.runtime.getDeviceProperties(0)
    name = found["name"].decode()
    return {"card": name, "cupy": cupy.__version__, "numpy": np.__version__, "peak": peak()}


def unrolled(kernel, times):
    """A kernel whose loops over agreements are unrolled."""
    loop = "for (int a = 0;"
    return replace(kernel, text=kernel.text.replace(loop, f"\n#pragma unroll {times}\n  {loop}"))


def screen_of(count, registers, times):
    """The Kuril file on the card."""
    scenario = load(KURIL)
    problem = prepare(scenario, TWO if count else swept(scenario))

    class Variant(Card):
        def function(self, kernel):
            return super().function(unrolled(kernel, times))

    card = Variant(registers)
    return CardScreen(problem.backends.screen, problem.dispute, card), problem, scenario


def compiled(asked):
    """Compile a kernel, so that it is in the cache, and what it needs."""
    count, registers, times = asked
    begun = time.perf_counter()
    screen, *_ = screen_of(count, (registers,), times)
    code = screen.device.compiled(unrolled(screen.kernel, times))
    spent = time.perf_counter() - begun
    return {"registers": code.num_regs, "local": code.local_size_bytes, "compiling": spent}


def written(screen):
    """Operations on numbers of the graph at a point, each once, but for those of the best cells alone."""
    graph, cells = screen.graph, screen.cells
    wanted = [*screen.outputs.values(), *(n for best in cells.bests for n in best), cells.tied]
    out = 0
    for n in needed(graph, wanted):
        op = graph[n].op
        if op in ("constant", "theta", "pick", "spread", "and", "or", "not"):
            continue
        node = graph[n].args[0] if op in REDUCING else n
        out += int(np.prod(graph.shape(graph[node].axes)))
    return out


def kernels(found):
    """Points a second and the share of the peak, variant by variant."""
    out, asked = [], [(count, *how) for count in (2, 0) for how in VARIANTS]
    needs = dict(pooled(compiled, asked, SECONDS))
    for count, registers, times in asked:
        screen, problem, scenario = screen_of(count, (registers,), times)
        theta = drawn(scenario, list(problem.dispute.varied), POINTS[count])
        there = screen.device.there(theta)
        spent = seconds(lambda there=there, screen=screen: screen.there(there))
        rate, fused = theta.shape[1] / spent, screen.kernel.operations
        form = written(problem.backends.screen)
        row = {"varied": len(problem.dispute.varied), "registers": registers, "unrolled": times}
        row |= {"points a second": rate, "aim": AIM, "needs": needs.get((count, registers, times))}
        for name, work in {
            "of the kernel": fused,
            "of the graph": form,
            "of a first kernel": FIRST[count],
        }.items():
            row |= {
                f"operations {name}": work,
                f"share by those {name}": rate * work / found["peak"],
            }
        out.append(row)
        print(json.dumps(row), flush=True)
    return out


def shares():
    """A billion points of a grid and draws of all parameters, reduced on the card."""
    out, scenario = {}, load(KURIL)
    asked = {
        "grid": {"vary": dict.fromkeys(TWO, (0.0, 1.0, SIDE))},
        "sobol": {"design": "sobol", "points": DRAWS},
    }
    for name, how in asked.items():
        begun = time.perf_counter()
        run = sim.sweep(scenario, reduce="share", engine="gpu", **how)
        spent = time.perf_counter() - begun
        size = SIDE**2 if name == "grid" else DRAWS
        out[name] = {"points": size, "seconds": spent, "points a second": size / spent}
        out[name]["parts"] = parts_of(scenario, how)
        out[name]["feasible share"] = run.manifest["summary"]["feasible_share"]
        print(name, json.dumps(out[name]), flush=True)
    return out


def parts_of(scenario, how):
    """What drawing, solving and counting a piece takes, in seconds."""
    plan = make_plan(scenario, engine="gpu", **how)
    card, size = plan.problem.backends.card, 1 << 22
    counting = Counting(varied=plan.design.varied, box=plan.manifest()["ranges"])
    theta = points_there(card.device, plan.design, 0, size)
    values, _ = card.there(theta)
    good = np.ones_like(theta[0], dtype=np.bool_)
    return {
        "points": size,
        "drawing": seconds(lambda: points_there(card.device, plan.design, 0, size)),
        "solving": seconds(lambda: card.there(theta)),
        "counting": seconds(
            lambda: counting.of(plan.problem, theta, good, evaluation_of(plan.problem, values))
        ),
    }


def same_counts():
    """The same designs reduced there and here: all counts equal."""
    scenario, out = load(KURIL), {}
    for name, how in {
        "grid": {"vary": dict.fromkeys(TWO, (0.0, 1.0, 100))},
        "sobol": {"design": "sobol", "points": 20_000},
        "monte carlo": {"design": "monte_carlo", "points": 5_000},
    }.items():
        for reduction in ("share", "raster"):
            told = [
                sim.sweep(scenario, reduce=reduction, engine=engine, **how).manifest["summary"]
                for engine in ("numpy", "gpu")
            ]
            out[f"{name}, {reduction}"] = told[0] == told[1]
    print(out, flush=True)
    return out


def little_room():
    """Chunks become smaller where the card has room for a gigabyte only."""
    import cupy

    scenario = load(KURIL)
    problem = prepare(scenario, swept(scenario))
    theta = drawn(scenario, list(problem.dispute.varied), 1 << 21)
    screen = CardScreen(problem.backends.screen, problem.dispute, Card())
    pool, before = cupy.get_default_memory_pool(), screen.size
    pool.free_all_blocks()
    pool.set_limit(size=1 << 30)
    try:
        values, sure = screen.run(theta)
    finally:
        pool.set_limit(size=0)
    expected = evaluate_all(problem, theta[:, :512], engine="numpy").ladder.margin
    near = np.abs(values["margin"][:512] - expected)[sure[:512]].max()
    out = {"points": theta.shape[1], "before": before, "after": screen.size, "furthest": near}
    print(out, flush=True)
    return out


def compared(problem, theta):
    """What differs between the card and the definitions, and how sure the card is."""
    if problem.backends.reason:
        return {"left to the definitions": problem.backends.reason}
    arrays = of_tests("feasibility/test_engines.py").arrays
    expected = dict(arrays(evaluate(problem, theta)))
    found = dict(arrays(evaluate_all(problem, theta, engine="gpu")))
    _, sure = problem.backends.card.run(theta)
    _, certain = problem.backends.numpy.run(theta)
    wrong = {}
    for name, value in expected.items():
        if value.dtype.kind == "f":
            same = np.isclose(found[name], value, rtol=NUMBERS, atol=NUMBERS, equal_nan=True)
        else:
            same = found[name] == value
        if not same.all():
            at = int(np.flatnonzero(~same)[0])
            here = {
                "point": theta[:, at].tolist()[:4],
                "margin": float(expected["ladder.margin"][at]),
            }
            told = [str(found[name][at]), str(value[at])]
            wrong[name] = {"points": int((~same).sum()), "found and expected": told, **here}
    return {"wrong": wrong, "sure": float(sure.mean()), "unlike": int((sure != certain).sum())}


def shipped(asked):
    """A shipped file with so many parameters varied."""
    name, count = asked
    scenario = load(SCENARIOS / name)
    paths = swept(scenario)[:count]
    theta = drawn(scenario, paths, 96) if paths else np.zeros((0, 1))
    return compared(prepare(scenario, paths), theta)


def random_one(seed):
    """A random dispute full of ties."""
    engines, tables = of_tests("feasibility/test_engines.py"), of_tests("conftest.py").random_tables
    rng = np.random.default_rng(seed)
    game, rungs = (some[rng.integers(len(some))] for some in (engines.GAMES, engines.RUNGS))
    shapes = [(2,), (3,), (2, 2), (3, 2)]
    stances = (2, 2) if "beijing" in game else shapes[rng.integers(4)]
    principals = 2 + (seed % 2 if not game else 0)
    t = tables(seed, principals=principals, stances=stances, rungs=rungs, game=game)
    pushes = np.concatenate([np.arange(-3, 4), np.linspace(-3, 3, 84)])
    return compared(prepare(loads(t.text()), ["push"]), pushes[None])


def pooled(work, asked, limit):
    """What some work gives for each of some things, by several processes, as far as time reaches."""
    context, until = multiprocessing.get_context("spawn"), time.monotonic() + limit
    pool = ProcessPoolExecutor(WORKERS, mp_context=context)
    jobs = {pool.submit(work, one): one for one in asked}
    try:
        for job in as_completed(jobs, timeout=max(1.0, until - time.monotonic())):
            try:
                yield jobs[job], job.result()
            except Exception as error:  # one that fails must not hide the others
                yield jobs[job], {"failed": f"{type(error).__name__}: {error}"[:400]}
    except TimeoutError:
        yield None, {"failed": "out of time"}
    finally:
        for process in list((pool._processes or {}).values()):
            process.kill()
        pool.shutdown(wait=False, cancel_futures=True)


def contract(work, asked, limit):
    """What became of every dispute, in short."""
    count, bad, sure, left = Counter(), {}, [], Counter()
    for one, told in pooled(work, asked, limit):
        if "left to the definitions" in told:
            left[told["left to the definitions"]] += 1
            continue
        kind = "failed" if "failed" in told else "wrong" if told["wrong"] else "same"
        count[kind] += 1
        if kind != "same":
            bad[str(one)] = told
        if kind != "failed":
            sure.append(told["sure"])
            count["unlike points"] += told["unlike"]
    out = {"asked": len(asked), "left to the definitions": dict(left), **count}
    out |= {"sure on average": float(np.mean(sure)) if sure else None, "bad": bad}
    print(json.dumps(out)[:3000], flush=True)
    return out


def main():
    reason = missing()
    if reason:
        print(f"nothing to do: {reason}")
        return
    folder, count = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 500
    folder.mkdir(parents=True, exist_ok=True)
    disputes = of_tests("feasibility/test_engines.py").DISPUTES
    names = [(f"{p.parent.name}/{p.name}", n) for p in disputes for n in (2, 1000)]
    found = {}
    parts = {
        "machine": machine,
        "kernels": lambda: kernels(found["machine"]),
        "shares": shares,
        "little room": little_room,
        "same counts": same_counts,
        "shipped files": lambda: contract(shipped, names, 50),
        "random disputes": lambda: contract(random_one, range(count), 90),
    }
    for name, part in parts.items():
        if sys.argv[3:] and name not in sys.argv[3:]:
            continue
        begun = time.perf_counter()
        try:
            found[name] = part()
        except Exception:  # one part that fails must not hide the others
            found[name] = {"failed": traceback.format_exc()[-1500:]}
            print(name, found[name]["failed"], flush=True)
        print(f"[{name}: {time.perf_counter() - begun:.1f} s]", flush=True)
        (folder / "card.json").write_text(json.dumps(found, indent=1, default=str))


if __name__ == "__main__":
    main()
