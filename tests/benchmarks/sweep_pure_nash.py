"""Pure equilibria of 4-actor 5x5x3x3 games with 10 affine parameters: games per second on one core.

Compares difference rows with the same search on payoffs written out, batch last and batch first, and with
loops over QuantEcon and pygambit (extra ``peers``), checks that all agree, and says what share of the
machine's multiply-adds, measured in the same run, the difference rows reach. Run it from the top of the
repository: ``python tests/benchmarks/sweep_pure_nash.py [GAMES]``.
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
    return max(1500**3 / timed(np.matmul, a, b)[2] for _ in range(4))


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
    work = sum(len(rows) * (1 + PARAMETERS) for rows in games.rows)
    most = peak()
    print(
        f"share of the peak:   {count * work / cpu / most:12.1%} of {2 * most / 1e9:.0f} GFLOP/s "
        "(12 % is the aim)"
    )
    loops = [
        ("batch first", batch_first, few, 5),
        ("QuantEcon", quantecon_loop, 300, 1000),
        ("pygambit", pygambit_loop, 100, 3000),
    ]
    for name, loop, games_, aim in loops:
        try:
            loop(coefficients, theta[:, :2])
        except ImportError:
            print(f"{name}: not installed")
            continue
        counts, _, spent = timed(loop, coefficients, theta[:, :games_])
        assert (counts == found[:games_]).all(), name
        rate = games_ / spent
        print(
            f"{name + ':':20s} {rate:12,.0f} a processor second: "
            f"ratio {count / cpu / rate:,.1f} ({aim:,} is the aim)"
        )
    print(
        f"counts agree on {agree:,} of {few:,} games; {found.mean():.3f} pure equilibria on average"
    )


if __name__ == "__main__":
    main()
