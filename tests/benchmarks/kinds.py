"""What kinds of disputes cost: points per second of processor time by engine, and how many an engine decides.

The dispute is that of ``cells.py`` (100 agreements, 4 profiles of stances, 6 constraints, 10 parameters) with
another game, or with a third party to which all its stances are alike while nothing is signed, and principals
to whom they are not, so that there are four status quos. Run it from the top of the repository:
``python tests/benchmarks/kinds.py``.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from time import process_time

import numpy as np
from cells import USUAL, text
from sim._kernels.memory import keep_memory
from sim.feasibility import evaluate_all, prepare
from sim.feasibility.evaluate import evaluate
from sim.loading import loads

OFFER, COUNTER = "{offer: s0}, {reply: s1}", "{offer: s1}, {reply: s0}"
USUAL_TEXT = text(**USUAL)
SEVERAL = USUAL_TEXT.replace("- 2 * p0 * x) ** 2", "- 2 * p0 * x) ** 2 * signed").replace(
    " * push * x", " * push * x - WORSE * push * (1 - signed)"
)
KINDS = {
    "one offer": USUAL_TEXT,
    "two offers": USUAL_TEXT.replace(OFFER, f"{OFFER}, {COUNTER}"),
    "demands": USUAL_TEXT.replace(OFFER, "[{demand: s0}, {demand: s1}]"),
    "an early stance": USUAL_TEXT.replace(OFFER, f"third.stance, {OFFER}"),
    "chance": USUAL_TEXT.replace(", ratify]", ", {ratify: {noise: 0.1}}]"),
    "several status quos": SEVERAL.replace("WORSE", "0.03", 1).replace("WORSE", "(-0.02)"),
}
POINTS, FEW = 4096, 32


def rates(words):
    """Points per second by engine, and the share of points that an engine decides."""
    problem = prepare(loads(words), [f"p{k}" for k in range(USUAL["varied"])])
    theta = np.random.default_rng(1).random((USUAL["varied"], POINTS))
    calls = {"definitions": (lambda: evaluate(problem, theta[:, :FEW]), FEW)}
    for engine in ("numpy", "compiled"):
        calls[engine] = (lambda e=engine: evaluate_all(problem, theta, engine=e), POINTS)
    found = {}
    for name, (call, count) in calls.items():
        call()
        begun = process_time()
        call()
        found[name] = count / (process_time() - begun)
    return found, problem.backends.numpy.run(theta[:, :1024])[1].mean()


def main():
    keep_memory()
    print("| dispute | definitions | numpy | compiled | decided |\n|---|---:|---:|---:|---:|")
    for name, words in KINDS.items():
        found, sure = rates(words)
        cells = " | ".join(f"{found[e]:,.0f}" for e in ("definitions", "numpy", "compiled"))
        print(f"| {name} | {cells} | {sure:.1%} |", flush=True)


if __name__ == "__main__":
    main()
