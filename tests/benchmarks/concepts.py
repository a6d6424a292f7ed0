"""Solution concepts beside nashpy, QuantEcon and pygambit: speed, and how right each is.

Prints one table for pure equilibria, mixed equilibria of two actors and of more, and quantal response. A
game counts as *complete* when exactly the reference set is reported, *partial* when some of it is missing,
*wrong* when something reported is not an equilibrium (regret above 1e-6 of the spread), *stopped* when the
time limit of one game came first, *left* when our batch left the game to exact enumeration, or when more
than two actors have a continuum of equilibria. The reference for mixed equilibria of two actors is Gambit's
rational enumeration of extreme equilibria (or our own, which is said), of more actors everything that
anybody found, for pure ones the definition, for quantal response the definition's residual. "By the walk"
is how games above three by three are solved, and how all were before. Building the game is part of the
time, which is processor time. A peer that is not installed is skipped. Run from the top of the repository::

    python tests/benchmarks/concepts.py [SWEEP] [PEER_GAMES]
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import importlib.util
import platform
import signal
import sys
import warnings
from collections import Counter
from fractions import Fraction
from time import process_time

import numpy as np
from sim.games.strategic import StrategicGame
from sim.solutions.strategic import mixed_nash as one_at_a_time
from sim.solutions.strategic.mixed_nash import mixed_nash, mixed_nash_batch
from sim.solutions.strategic.pure_nash import pure_nash_mask
from sim.solutions.strategic.quantal_response import quantal_response_batch

PURE = (5, 5, 3, 3)
MIXED = ((2, 2), (3, 3), (5, 5))
STRIDE, SECONDS_A_GAME, LAMBDA = 64, 2.0, 5.0
MANY = (((2, 2, 2), 60), ((2, 2, 2, 2), 24), ((3, 3, 3), 8), ((4, 4, 4), 8))
KINDS = ("complete", "partial", "wrong", "stopped", "left")


class StoppedError(Exception):
    """The time limit of one game."""


def limited(call, *args):
    """A call's result, ``None`` at the limit; only Python code can be interrupted so."""

    def stop(*_):
        raise StoppedError

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS_A_GAME)
    try:
        return call(*args)
    except StoppedError:
        return None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def one_by_one(solve, payoffs):
    """Results game by game and the games per second."""
    begun = process_time()
    results = [limited(solve, payoffs[..., k]) for k in range(payoffs.shape[-1])]
    return results, payoffs.shape[-1] / (process_time() - begun)


def installed(name):
    return importlib.util.find_spec(name) is not None


def shown_rate(rate):
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:.2g}"


def row(concept, games, who, rate, verdicts):
    counts = Counter(verdicts)
    shown = " | ".join(f"{counts[kind]:,}" for kind in KINDS)
    print(f"| {concept} | {games} | {who} | {shown_rate(rate)} | {shown} |", flush=True)


def rounded(mixes):
    return tuple(np.concatenate([np.asarray(mix, dtype=float) for mix in mixes]).round(6) + 0.0)


def judged(found, expected, payoffs):
    """How a reported set of profiles compares with the reference."""
    if found is None:
        return "stopped"
    width = np.ptp(payoffs.reshape(2, -1), axis=1).max() or 1.0
    for x, y in found:
        rows, columns = payoffs[0] @ y, x @ payoffs[1]
        if not (np.isfinite(x).all() and np.isfinite(y).all()):
            return "wrong"
        if max(rows.max() - x @ rows, columns.max() - columns @ y) > 1e-6 * width:
            return "wrong"
    return "complete" if {rounded(pair) for pair in found} >= expected else "partial"


# --- pure equilibria -------------------------------------------------------------------------


def pure_by_definition(payoffs):
    """Profiles from which no actor gains by moving alone, one comparison at a time."""
    found = set()
    for profile in np.ndindex(*payoffs.shape[1:]):
        moves = [
            (actor, (*profile[:actor], other, *profile[actor + 1 :]))
            for actor in range(len(payoffs))
            for other in range(payoffs.shape[actor + 1])
        ]
        if all(payoffs[a][to] <= payoffs[a][profile] for a, to in moves):
            found.add(profile)
    return found


def pure_quantecon(payoffs):
    from quantecon.game_theory import NormalFormGame, pure_nash_brute

    return set(pure_nash_brute(NormalFormGame(np.moveaxis(payoffs, 0, -1).copy())))


def pure_gambit(payoffs):
    import pygambit

    game = pygambit.StrategicGame.from_arrays(*payoffs)
    menus = [(player, list(game.get_strategies(player))) for player in game.players]
    return {
        tuple([member[player][s] for s in menu].index(1) for player, menu in menus)
        for member in pygambit.nash.enumpure_solve(game).equilibria
    }


def pure(count, peers):
    payoffs = np.random.default_rng(1).integers(-2, 3, (4, *PURE, count)).astype(float)
    few = payoffs[..., :peers]
    expected = [pure_by_definition(few[..., k]) for k in range(peers)]
    begun = process_time()
    masks = [pure_nash_mask(payoffs[..., at : at + 2048]) for at in range(0, count, 2048)]
    rate = count / (process_time() - begun)
    mask = np.concatenate(masks, axis=-1)[..., :peers]
    ours = [set(map(tuple, np.argwhere(mask[..., k]).tolist())) for k in range(peers)]
    solvers = [("QuantEcon", "quantecon", pure_quantecon), ("pygambit", "pygambit", pure_gambit)]
    results = [("sim, batch", ours, rate)]
    for who, module, solve in solvers:
        if installed(module):
            solve(few[..., 0])
            results.append((who, *one_by_one(solve, few)))
    for who, found, speed in results:
        verdicts = [pure_verdict(f, e) for f, e in zip(found, expected, strict=True)]
        row("pure", "5x5x3x3, integers -2..2", who, speed, verdicts)


def pure_verdict(found, expected):
    if found is None:
        return "stopped"
    return "complete" if found == expected else "partial" if found < expected else "wrong"


# --- mixed equilibria of two actors ----------------------------------------------------------


def profiles(game, solution):
    return [
        tuple(
            np.array([e.strategies[actor].get(label, 0.0) for label in menu])
            for actor, menu in zip(game.actors, game.strategies, strict=True)
        )
        for e in solution.equilibria
    ]


def exact_ours(payoffs):
    game = StrategicGame.from_tables(payoffs.tolist())
    return profiles(game, mixed_nash(game))


def walked(payoffs):
    """By the walk over all vertices, as games above three by three are solved."""
    game = StrategicGame.from_tables(payoffs.tolist())
    options = {"vertex_limit": 20_000, "cell_limit": 400_000, "check": False}
    return profiles(game, one_at_a_time._searched(game, options))


def gambit_exact(payoffs):
    import pygambit

    exact = np.vectorize(Fraction, otypes=[object])(payoffs)
    game = pygambit.StrategicGame.from_arrays(*exact)
    found = pygambit.nash.enummixed_solve(game, rational=True).equilibria
    return [
        tuple(np.array([float(eq[p][s]) for s in game.get_strategies(p)]) for p in game.players)
        for eq in found
    ]


def nashpy_support(payoffs):
    import nashpy

    return list(nashpy.Game(*payoffs).support_enumeration())


def nashpy_vertex(payoffs):
    import nashpy

    return list(nashpy.Game(*payoffs).vertex_enumeration())


def _quantecon(payoffs):
    from quantecon.game_theory import NormalFormGame, Player

    return NormalFormGame([Player(payoffs[0]), Player(payoffs[1].T.copy())])


def quantecon_support(payoffs):
    from quantecon.game_theory import support_enumeration

    return support_enumeration(_quantecon(payoffs))


def quantecon_vertex(payoffs):
    from quantecon.game_theory import vertex_enumeration

    try:
        return vertex_enumeration(_quantecon(payoffs))
    except (RuntimeError, ValueError):
        return []


PEERS = [
    ("nashpy, supports", "nashpy", nashpy_support),
    ("nashpy, vertices", "nashpy", nashpy_vertex),
    ("QuantEcon, supports", "quantecon", quantecon_support),
    ("QuantEcon, vertices", "quantecon", quantecon_vertex),
    ("pygambit, enummixed", "pygambit", gambit_exact),
]


def batch_results(payoffs, stride):
    """Our batch and its games per second."""
    begun = process_time()
    found = mixed_nash_batch(payoffs, stride=stride)
    return found, payoffs.shape[-1] / (process_time() - begun)


def batch_verdict(found, k, expected, payoffs):
    if found.status[k] == "unsettled":
        return "left"
    mine = np.flatnonzero(found.game == k)
    profiles = [(found.rows[:, e], found.columns[:, e]) for e in mine]
    return judged(profiles, expected, payoffs)


def mixed(shape, label, payoffs, picked, stride):
    """One block of the table: our batch on every game, everything else on the picked ones."""
    few = payoffs[..., picked]
    truth, _ = one_by_one(gambit_exact if installed("pygambit") else exact_ours, few)
    expected = [{rounded(pair) for pair in found or []} for found in truth]
    found, rate = batch_results(payoffs, stride)
    games = f"{shape[0]}x{shape[1]}, {label}"
    verdicts = [
        batch_verdict(found, k, e, payoffs[..., k]) for k, e in zip(picked, expected, strict=True)
    ]
    row("mixed", games, f"sim, batch of {payoffs.shape[-1]:,}", rate, verdicts)
    ours = [("sim, one at a time", "sim", exact_ours)]
    if max(shape) <= 3:
        ours.append(("sim, by the walk", "sim", walked))
    for who, module, solve in [*ours, *PEERS]:
        if not installed(module):
            continue
        solve(few[..., 0])
        results, rate = one_by_one(solve, few)
        verdicts = [
            judged(r, e, few[..., k])
            for k, (r, e) in enumerate(zip(results, expected, strict=True))
        ]
        row("mixed", games, who, rate, verdicts)


def line(shape, count):
    ends = np.random.default_rng(shape).random((2, 2, *shape, 1))
    return ends[0] + (ends[1] - ends[0]) * np.linspace(0, 1, count)


# --- mixed equilibria of more actors ---------------------------------------------------------


def enumpoly(payoffs):
    import pygambit

    game = pygambit.StrategicGame.from_arrays(*payoffs)
    return [
        tuple(np.array([float(eq[p][s]) for s in game.get_strategies(p)]) for p in game.players)
        for eq in pygambit.nash.enumpoly_solve(game).equilibria
    ]


def gain(payoffs, profile):
    """The largest gain from a deviation, in units of the spread of all payoffs."""
    worst = 0.0
    for actor, own in enumerate(payoffs):
        value = own
        for other in reversed(range(len(profile))):
            if other != actor:
                value = np.tensordot(value, profile[other], axes=([other], [0]))
        worst = max(worst, value.max() - value @ profile[actor])
    return worst / np.ptp(payoffs)


def covers(found, others):
    """Whether every profile of the others is among those found."""
    flat = [np.concatenate(profile) for profile in found]
    return all(
        any(np.abs(np.concatenate(other) - one).max() < 1e-5 for one in flat) for other in others
    )


def many(shape, label, games):
    """Our complete search beside Gambit's enumpoly, the same games in turns."""
    solvers = [("sim", "sim", exact_ours), ("pygambit, enumpoly", "pygambit", enumpoly)]
    solvers = [solver for solver in solvers if installed(solver[1])]
    spent, found = Counter(), {who: [] for who, _, _ in solvers}
    continuum = []
    for payoffs in games:
        for who, _, solve in solvers:
            begun = process_time()
            found[who].append(solve(payoffs))
            spent[who] += process_time() - begun
        continuum.append(not mixed_nash(StrategicGame.from_tables(payoffs.tolist())).exhaustive)
    for who, _, _ in solvers:
        verdicts = []
        for k, payoffs in enumerate(games):
            good = [p for each in found.values() for p in each[k] if gain(payoffs, p) < 1e-6]
            wrong = any(gain(payoffs, p) > 1e-6 for p in found[who][k])
            whole = "complete" if covers(found[who][k], good) else "partial"
            verdicts.append("wrong" if wrong else "left" if continuum[k] else whole)
        row(
            "mixed", f"{'x'.join(map(str, shape))}, {label}", who, len(games) / spent[who], verdicts
        )


# --- quantal response ------------------------------------------------------------------------


def residual(payoffs, mixes):
    """How far mixes are from the logit response to themselves."""
    worst = 0.0
    for actor, own in enumerate(payoffs):
        value = own
        for other in reversed(range(len(mixes))):
            if other != actor:
                value = np.tensordot(value, mixes[other], axes=([other], [0]))
        weights = np.exp(LAMBDA * (value - value.max()))
        worst = max(worst, np.abs(weights / weights.sum() - mixes[actor]).max())
    return worst


def qre_gambit(payoffs):
    import pygambit

    game = pygambit.StrategicGame.from_arrays(*payoffs)
    found = pygambit.qre.logit_solve_lambda(game, [LAMBDA], use_strategic=True)[0].profile
    return [np.array([float(found[p][s]) for s in game.get_strategies(p)]) for p in game.players]


def qre(shape, count, peers):
    payoffs = np.random.default_rng(shape).random((len(shape), *shape, count))
    few = payoffs[..., :peers]
    quantal_response_batch(few[..., :10], LAMBDA)
    begun = process_time()
    found = quantal_response_batch(payoffs, LAMBDA)
    rate = count / (process_time() - begun)
    results = [("sim, batch", [[mix[:, k] for mix in found.mixes] for k in range(peers)], rate)]
    if installed("pygambit"):
        results.append(("pygambit, logit", *one_by_one(qre_gambit, few)))
    for who, mixes, speed in results:
        verdicts = [
            "stopped" if m is None else "complete" if residual(few[..., k], m) < 1e-6 else "wrong"
            for k, m in enumerate(mixes)
        ]
        row(
            "quantal response",
            f"{'x'.join(map(str, shape))}, lambda {LAMBDA:g}",
            who,
            speed,
            verdicts,
        )


def main():
    sweep = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    peers = int(sys.argv[2]) if len(sys.argv) > 2 else 50
    warnings.simplefilter("ignore")
    print(f"{platform.machine()}, Python {platform.python_version()}, one core")
    if not installed("pygambit"):
        print("pygambit is not installed: our own exact enumeration is the reference")
    print(f"| concept | games | solver | games per CPU second | {' | '.join(KINDS)} |")
    print("|---|---|---|" + "---:|" * (1 + len(KINDS)))
    pure(min(sweep, 20_000), peers)
    for shape in MIXED:
        every = np.unique(np.linspace(0, sweep - 1, peers).astype(int))
        mixed(shape, "along a line", line(shape, sweep), every, STRIDE)
        tied = np.random.default_rng(9).integers(-2, 3, (2, *shape, peers)).astype(float)
        mixed(shape, "integers -2..2", tied, np.arange(peers), 1)
    for shape, count in MANY:
        rng = np.random.default_rng(shape)
        many(shape, "random", list(rng.random((count, len(shape), *shape))))
        whole = rng.integers(-9, 10, (count, len(shape), *shape)).astype(float)
        many(shape, "integers -9..9", list(whole))
    for shape in ((3, 3), (2, 2, 2)):
        qre(shape, min(sweep, 10_000), peers)


if __name__ == "__main__":
    main()
