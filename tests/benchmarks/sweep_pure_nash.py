"""Pure equilibria of 4-actor 5x5x3x3 games with 10 affine parameters: games per second on one core.

Compares difference rows with the same search on payoffs written out, chunk by chunk, and checks that both
agree. Run it from the top of the repository: ``python tests/benchmarks/sweep_pure_nash.py [GAMES]``.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import sys
from time import perf_counter, process_time

import numpy as np
from sim.solutions.pure_nash import pure_nash_mask
from sim.sweeps.affine_games import CHUNK, affine_games, count_equilibria

MOVES, PARAMETERS = (5, 5, 3, 3), 10


def written_out(coefficients, theta):
    """Counts from payoffs, a chunk at a time."""
    counts = []
    for start in range(0, theta.shape[1], CHUNK):
        part = theta[:, start : start + CHUNK]
        payoffs = coefficients[..., :1] + coefficients[..., 1:] @ part
        counts.append(pure_nash_mask(payoffs).sum(axis=(0, 1, 2, 3)))
    return np.concatenate(counts)


def timed(call, *args):
    """The result, seconds, processor seconds."""
    begun, used = perf_counter(), process_time()
    result = call(*args)
    return result, perf_counter() - begun, process_time() - used


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rng = np.random.default_rng(0)
    coefficients = rng.normal(size=(4, *MOVES, 1 + PARAMETERS))
    games = affine_games(coefficients, np.ones(4))
    theta = rng.random((PARAMETERS, count))
    count_equilibria(games, theta[:, :10_000])
    (found, _), wall, cpu = timed(count_equilibria, games, theta)
    few = min(count, 50_000)
    expected, slow, slow_cpu = timed(written_out, coefficients, theta[:, :few])
    agree = int((found[:few] == expected).sum())
    print(
        f"difference rows:     {count / wall:12,.0f} games/s ({count / cpu:,.0f} a processor second)"
    )
    print(
        f"payoffs written out: {few / slow:12,.0f} games/s ({few / slow_cpu:,.0f} a processor second)"
    )
    print(
        f"counts agree on {agree:,} of {few:,} games; {found.mean():.3f} pure equilibria on average"
    )


if __name__ == "__main__":
    main()
