"""The certified frontier and the smallest change of a large file, against a grid of the same resolution.

Run as ``python tests/benchmarks/frontier_kuril.py [FILE]``. A frontier that leaves the share
``tolerance`` of the area undecided has boxes along its outline of about ``tolerance / length`` of the width,
with ``length`` the outline's length in widths; a grid that tells as much needs points as close as that.
"""

from __future__ import annotations

import sys
from time import perf_counter

import numpy as np
from sim.feasibility.evaluate import evaluate_all, prepare
from sim.feasibility.prediction import predict
from sim.feasibility.thresholds import margins
from sim.frontier import frontier, smallest_change
from sim.loading import load

VARY = {"moscow.nationalism": (0.0, 1.0), "tokyo.minimum": (0.0, 1.0)}
TOLERANCE = 1e-3
SAMPLE = 20_000


def seconds(work, *, times: int = 3) -> float:
    """The shortest of a few runs."""
    best = np.inf
    for _ in range(times):
        start = perf_counter()
        work()
        best = min(best, perf_counter() - start)
    return best


def main(file: str) -> None:
    scenario = load(file)
    found = frontier(scenario, vary=VARY, tolerance=TOLERANCE, unlabelled=1.0)
    length = sum(np.hypot(*np.subtract(e.end, e.start)) for e in found.edges) or 2.0
    side = int(np.ceil(length / TOLERANCE))
    verdicts = seconds(lambda: frontier(scenario, vary=VARY, tolerance=TOLERANCE, unlabelled=1.0))
    labelled = seconds(lambda: frontier(scenario, vary=VARY, tolerance=TOLERANCE), times=1)
    problem = prepare(scenario, list(VARY))
    theta = np.random.default_rng(0).random((2, SAMPLE))
    swept = seconds(lambda: evaluate_all(problem, theta), times=1) / SAMPLE
    margin = seconds(lambda: margins(problem.dispute, theta), times=1) / SAMPLE
    change = seconds(lambda: smallest_change(scenario, singles=False, limit=1))
    print(f"{file}: undecided {found.shares['undecided']:.2g}, {found.examined:,} boxes")
    print(f"frontier, verdicts: {verdicts:.3f} s; with labels: {labelled:.3f} s")
    print(f"grid of the same resolution: {side:,} x {side:,} points")
    print(
        f"  full sweep {swept * side**2:.0f} s, {swept * side**2 / verdicts:.0f} times the frontier"
    )
    print(
        f"  margin only {margin * side**2:.0f} s, {margin * side**2 / verdicts:.0f} times the frontier"
    )
    print(f"  and {swept * side**2 / labelled:.0f} times the frontier with labels")
    claim = "predicted:treaty"
    predicted = seconds(
        lambda: frontier(scenario, vary=VARY, of=claim, tolerance=TOLERANCE), times=1
    )
    chunks = np.array_split(theta, SAMPLE // problem.chunk, axis=1)
    assert problem.game is not None
    at_points = seconds(
        lambda: [predict(problem.game, problem.dispute.at(c)) for c in chunks], times=1
    )
    grid = at_points / SAMPLE * side**2
    print(f"{claim}: {predicted:.2f} s; a grid {grid:.0f} s, {grid / predicted:.0f} times that")
    print(f"smallest change over all parameters: {change:.2f} s")
    print(f"  100 x 100 sweep {swept * 1e4:.2f} s, {swept * 1e4 / change:.2f} times that")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "scenarios/kuril/2018.yaml")
