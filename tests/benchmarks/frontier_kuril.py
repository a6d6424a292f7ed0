"""The certified frontier and the smallest change of a large file, against a grid of the same resolution.

Run as ``python tests/benchmarks/frontier_kuril.py [FILE]``. A frontier that leaves the share
``tolerance`` of the area undecided has boxes along its outline of about ``tolerance / length`` of the width,
with ``length`` the outline's length in widths; a grid that tells as much needs points as close as that.
"""

from __future__ import annotations

import sys
from time import process_time

import numpy as np
from sim.certified import frontier, smallest_change
from sim.certified.games import game_payoffs
from sim.feasibility import climb
from sim.feasibility.evaluate import evaluate_all, prepare
from sim.loading import load

VARY = {"moscow.nationalism": (0.0, 1.0), "tokyo.minimum": (0.0, 1.0)}
TOLERANCE = 1e-3
SAMPLE = 20_000


def margins(problem, theta, size=256):
    """The ladder's margin at many points, some at a time."""
    for k in range(0, theta.shape[1], size):
        climb(problem.dispute.at(theta[:, k : k + size]))


def seconds(work, *, times: int = 3) -> float:
    """Processor time of the shortest of a few runs."""
    best = np.inf
    for _ in range(times):
        start = process_time()
        work()
        best = min(best, process_time() - start)
    return best


def by_engine(scenario, **asked) -> tuple[float, float, int]:
    """Processor time of a frontier with comparisons by numpy and by compiled code, in turns, and boxes."""
    pays, best = game_payoffs.PAYS, {}
    for name, count in 2 * [("numpy", np.inf), ("compiled", pays)]:
        game_payoffs.PAYS = count
        start = process_time()
        boxes = frontier(scenario, **asked).examined
        best[name] = min(best.get(name, np.inf), process_time() - start)
    game_payoffs.PAYS = pays
    return best["numpy"], best["compiled"], boxes


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
    margin = seconds(lambda: margins(problem, theta), times=1) / SAMPLE
    change = seconds(lambda: smallest_change(scenario, singles=False, limit=1))
    print(f"{file}: undecided {found.shares['undecided']:.2g}, {found.examined:,} boxes")
    print(f"frontier, verdicts: {verdicts:.3f} s; with labels: {labelled:.3f} s")
    print(f"grid of the same resolution: {side:,} x {side:,} points")
    claim = "predicted:treaty"
    predicted = seconds(
        lambda: frontier(scenario, vary=VARY, of=claim, tolerance=TOLERANCE), times=1
    )
    print(f"{claim}: {predicted:.2f} s")
    print(f"smallest change over all parameters: {change:.2f} s\n")
    print("| frontier and smallest change, Kuril file, processor time | ratio | aim |")
    print("|---|---:|---:|")
    for name, ratio, aim in (
        ("full sweep of a grid of the same resolution / frontier", swept * side**2 / verdicts, 20),
        ("the same / frontier with labels", swept * side**2 / labelled, 20),
        ("margins on that grid / frontier", margin * side**2 / verdicts, 20),
        (f"full sweep of that grid / frontier of {claim}", swept * side**2 / predicted, 20),
        ("full sweep of 100 x 100 points / smallest change", swept * 1e4 / change, 1),
    ):
        print(f"| {name} | {ratio:,.2f} | {aim} |")
    print("\n| comparisons over boxes, processor time | boxes | numpy | compiled | ratio |")
    print("|---|---:|---:|---:|---:|")
    for tolerance in (TOLERANCE, TOLERANCE / 5):
        numpys, printed, boxes = by_engine(scenario, vary=VARY, of=claim, tolerance=tolerance)
        ratio = numpys / printed
        row = f"{numpys:.2f} s | {printed:.2f} s | {ratio:.1f} |"
        print(f"| {claim} to {tolerance:.2%} of the area | {boxes:,} | {row}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "scenarios/kuril/2018.yaml")
