"""Pure equilibria of 4-actor 5x5x3x3 games with 10 affine parameters: games per second of one process.

Compares difference rows, in numpy and compiled (extra ``fast``), with the same search on payoffs written
out, batch last and batch first, and with loops over QuantEcon and pygambit (extra ``peers``); checks that all
agree; and says what share of the machine's multiply-adds, measured in the same run, the rows reach.
Rates are per processor second, so that other work on the machine disturbs them less; threads' by the clock.
Run it from the top of the repository: ``python tests/benchmarks/sweep_pure_nash.py [GAMES]``.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import sys
from time import perf_counter, process_time

import numpy as np
from sim.solutions.strategic.pure_nash import pure_nash_mask
from sim.sweeps.affine_games import CHUNK, affine_games, count_equilibria

MOVES, PARAMETERS = (5, 5, 3, 3), 10
REPEATS = 5


def written_out(coefficients, theta):
    """Counts from payoffs, a chunk at a time."""
    counts = []
    for start in range(0, theta.shape[1], CHUNK):
        part = theta[:, start : start + CHUNK]
        payoffs = coefficients[..., :1] + coefficients[..., 1:] @ part
        counts.append(pure_nash_mask(payoffs).sum(axis=(0, 1, 2, 3)))
    return np.concatenate(counts)


def batch_first(coefficients, theta):
    """Counts from payoffs with the batch as the first axis."""
    counts = []
    for start in range(0, theta.shape[1], CHUNK):
        point = theta[:, start : start + CHUNK].T
        mask = np.ones((len(point), *MOVES), dtype=bool)
        for actor, part in enumerate(coefficients):
            payoff = part[..., 0] + np.tensordot(point, part[..., 1:], axes=(1, -1))
            mask &= payoff >= payoff.max(axis=actor + 1, keepdims=True)
        counts.append(mask.sum(axis=(1, 2, 3, 4)))
    return np.concatenate(counts)


def quantecon_loop(coefficients, theta):
    """Counts by QuantEcon's pure_nash_brute, a game at a time."""
    from quantecon.game_theory import NormalFormGame, Player, pure_nash_brute

    counts = []
    for point in theta.T:
        payoffs = coefficients[..., 0] + coefficients[..., 1:] @ point
        players = [
            Player(np.ascontiguousarray(np.transpose(u, np.roll(np.arange(4), -k))))
            for k, u in enumerate(payoffs)
        ]
        counts.append(len(pure_nash_brute(NormalFormGame(players))))
    return np.array(counts)


def pygambit_loop(coefficients, theta):
    """Counts by pygambit's enumpure_solve, a game at a time."""
    import pygambit

    counts = []
    for point in theta.T:
        payoffs = coefficients[..., 0] + coefficients[..., 1:] @ point
        game = pygambit.StrategicGame.from_arrays(*payoffs)
        counts.append(len(pygambit.nash.enumpure_solve(game).equilibria))
    return np.array(counts)


def peak():
    """Multiply-adds per processor second of a large matrix product, the best of some."""
    a, b = np.ones((1500, 1500)), np.ones((1500, 1500))
    return max(1500**3 * timed(np.matmul, a, b, repeats=1)[1] for _ in range(4))


def timed(call, *args, repeats=REPEATS, clock=process_time):
    """The result, and runs per second of the fastest of some runs."""
    best = np.inf
    for _ in range(repeats):
        begun = clock()
        result = call(*args)
        best = min(best, clock() - begun)
    return result, 1 / best


def row(name, rate, ratio, aim):
    print(f"| {name} | {rate:,.0f} | {ratio} | {aim} |", flush=True)


def compiled(games, theta, found, numpy_rate):
    """The rows of the compiled deviation gains."""
    try:
        import numba  # noqa: F401
    except ImportError:
        print("| sim, compiled: the extra 'fast' is not installed | | | |")
        return
    count = theta.shape[1]

    def run(jobs):
        return count_equilibria(games, theta, engine="fast", jobs=jobs)[0]

    run(1)
    counts, rate = timed(run, 1)
    assert (counts == found).all()
    row("sim, compiled", count * rate, f"{count * rate / numpy_rate:.1f} times numpy", "3")
    one, two = (timed(run, jobs, clock=perf_counter)[1] for jobs in (1, 2))
    row(
        "sim, compiled, two threads (by the clock)",
        count * two,
        f"{two / one:.2f} times one",
        "1.8",
    )


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rng = np.random.default_rng(0)
    coefficients = rng.normal(size=(4, *MOVES, 1 + PARAMETERS))
    games = affine_games(coefficients, np.ones(4))
    theta = rng.random((PARAMETERS, count))
    print("| pure equilibria, method | games/s | ratio | aim |\n|---|---:|---:|---:|")
    (found, _), rate = timed(count_equilibria, games, theta)
    mine, most = count * rate, peak()
    work = sum(len(rows) * (1 + PARAMETERS) for rows in games.rows)
    share = f"{mine * work / most:.1%} of {2 * most / 1e9:.0f} GFLOP/s"
    row("sim, numpy, difference rows", mine, share, "12 %")
    compiled(games, theta, found, mine)
    others = [
        ("payoffs written out, batch last", written_out, 50_000, ""),
        ("payoffs written out, batch first", batch_first, 50_000, "5"),
        ("QuantEcon, pure_nash_brute, a game at a time", quantecon_loop, 300, "1,000"),
        ("pygambit, enumpure_solve, a game at a time", pygambit_loop, 100, "3,000"),
    ]
    for name, loop, few, aim in others:
        few = min(few, count)
        try:
            loop(coefficients, theta[:, :2])
        except ImportError:
            print(f"| {name}: not installed | | | {aim} |")
            continue
        counts, rate = timed(loop, coefficients, theta[:, :few])
        assert (counts == found[:few]).all(), name
        row(name, few * rate, f"sim is {mine / (few * rate):,.1f} times faster", aim)


if __name__ == "__main__":
    main()
