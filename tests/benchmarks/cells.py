"""What a cell costs: processor time per point, agreement, stance profile and principal, as a dispute grows.

A *cell* is what a principal gains by an agreement under a stance profile, with all that is computed for it:
payoffs, slacks, stances, the game, the best of all. Prints nanoseconds by engine, and how many times the
cheapest row of its table the dearest one costs, beside the aim. There are enough points for what a
call costs as a whole not to count. Run it from the top of the repository:
``python tests/benchmarks/cells.py [agreements|profiles|principals|varied|constraints]...``.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import sys
from time import process_time

import numpy as np
from sim._kernels.memory import keep_memory
from sim.feasibility import evaluate_all, prepare
from sim.feasibility.evaluate import evaluate
from sim.loading import loads

USUAL = {"agreements": 100, "profiles": 4, "principals": 2, "varied": 10, "constraints": 6}
GROWING = {
    "agreements": (10, 100, 1000, 10_000, 20_000),
    "profiles": (1, 4, 16, 64, 200),
    "principals": (2, 3, 5, 8),
    "varied": (1, 10, 40, 119),
    "constraints": (2, 6, 20, 50),
}
CELLS, AIM, REPEATS = 1 << 22, 2, 3


def text(agreements, profiles, principals, varied, constraints):
    """A dispute of a size, all of whose payoffs and slacks depend on agreements, stances and parameters."""
    rng = np.random.default_rng(0)
    lines = ["parameters:"]
    lines += [f"  p{k}: {{value: {rng.random():.3f}, range: [0, 1]}}" for k in range(varied)]
    rows = next(k for k in range(int(agreements**0.5), 0, -1) if agreements % k == 0)
    lines += ["issues:", "  deal:", "    none: {}"]
    lines += [
        f"    a{k}: {{signed: 1, x: {rng.random():.7f}}}" for k in range(1, agreements // rows)
    ]
    lines += ["  terms:", "    b0: {y: 0}"]
    lines += [f"    b{k}: {{y: {rng.random():.7f}}}" for k in range(1, rows)]
    lines += ["rule_out: [y > 0 and not signed]", "outcomes: {treaty: signed}", "actors:"]
    lines += [f"  s{k}: {{role: principal}}" for k in range(principals)]
    stances = ", ".join(f"t{k}: {{push: {k}}}" for k in range(profiles))
    lines += [f"  third: {{role: third party, stances: {{{stances}}}}}"] if profiles > 1 else []
    push = " - 0.01 * push * x" if profiles > 1 else ""
    lines.append("payoffs:")
    for k in range(principals):
        terms = " + ".join(
            f"p{j} * {'xy'[(j // principals) % 2]}" for j in range(k, varied, principals)
        )
        terms = f"{terms or '0'} + 0.3 * x * y + 0.1 * x + 0.2 * y"
        lines += [f"  s{k}:", f"    own: ({terms}){push} - {0.1 * k + 0.2:.2f} * signed"]
    lines += ["  third:", "    near: -(push - 2 * p0 * x) ** 2"] if profiles > 1 else []
    lines.append("domestic:")
    for k in range(principals):
        mine = [c for c in range(constraints) if c % principals == k]
        lines += [f"  s{k}:"] if mine else []
        lines += [
            f"    c{c}: {{type: veto_player, utility: p{c % varied} - {rng.random():.2f} * {'xy'[c % 2]}}}"
            for c in mine
        ]
    lines.append(
        "game: [{offer: s0}, "
        + ", ".join(f"{{reply: s{k}}}" for k in range(1, principals))
        + ", ratify]"
    )
    return "\n".join(lines)


def cost(size):
    """Nanoseconds per cell by engine, the best of some, and why an engine cannot be had."""
    problem = prepare(loads(text(**size)), [f"p{k}" for k in range(size["varied"])])
    cells = size["agreements"] * size["profiles"] * size["principals"]
    points = int(np.clip(CELLS // cells, 128, 16_384)) // 16 * 16
    theta = np.random.default_rng(1).random((size["varied"], points))
    few = theta[:, : min(points, problem.chunk())]
    calls = {"definitions": (lambda: evaluate(problem, few), few.shape[1])}
    if not problem.backends.reason:
        for engine in ("numpy", "compiled"):
            calls[engine] = (lambda e=engine: evaluate_all(problem, theta, engine=e), points)
    found = {}
    for name, (call, count) in calls.items():
        call()
        spent = []
        for _ in range(REPEATS):
            begun = process_time()
            call()
            spent.append(process_time() - begun)
        found[name] = min(spent) / count / cells * 1e9
    return found, problem.backends.reason


def main():
    keep_memory()
    engines = ("definitions", "numpy", "compiled")
    for what in sys.argv[1:] or GROWING:
        print(
            f"\n| {what} | " + " | ".join(engines) + " | |\n|---:|" + "---:|" * 3 + "---|",
            flush=True,
        )
        rows = []
        for size in GROWING[what]:
            found, reason = cost(USUAL | {what: size})
            rows.append(found)
            cells = " | ".join(f"{found[e]:.2f}" if e in found else "" for e in engines)
            print(f"| {size:,} | {cells} | {reason} |", flush=True)
        spread = []
        for engine in engines:
            mine = [row[engine] for row in rows if engine in row]
            spread.append(f"{max(mine) / min(mine):.1f}" if mine else "")
        print(f"| dearest / cheapest | {' | '.join(spread)} | aim {AIM} |", flush=True)


if __name__ == "__main__":
    main()
