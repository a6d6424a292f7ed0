"""Replicator dynamics of two populations, one for each actor.

Definition. Within each actor's population the share of a strategy grows at the rate by which its
payoff exceeds the population's average [taylor1978]_:

    d p_ij / dt = p_ij * (u_ij(p_-i) - sum_k p_ik u_ik(p_-i)).

Payoffs are taken in units of each actor's spread, so time has the unit of one over it and positive
affine rescaling changes nothing. Strict equilibria attract; other equilibria need not.

Array convention. Payoffs ``(2, rows, columns, batch)``, a batch of one. The equations are solved by
nashpy [knight2018]_ in pieces; between them shares are put back on the simplex, and none falls
below 1e-12, so that no strategy dies of rounding.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np

from sim._kernels.tolerance import RELATIVE, FloatArray
from sim.errors import UsageError
from sim.games.strategic import StrategicGame
from sim.results import Solution, Status
from sim.solutions.options import Option
from sim.solutions.strategic._learning_dynamics import at_least, in_spreads, outcome, two_actors

LONGEST = 20_000.0
"""Time that may be asked for."""
OPTIONS = (
    Option(
        name="duration",
        kind="number",
        default=200.0,
        low=0.0,
        high=LONGEST,
        unit="time",
        meaning="Time, in units of one over each actor's payoff spread.",
    ),
    Option(
        name="start",
        kind="mixes",
        meaning="Both actors' initial shares; drawn uniformly without it.",
    ),
    Option(
        name="rng", kind="integer", default=0, low=0, high=2**32 - 1, meaning="Seed of that draw."
    ),
)

NOTE = "a dynamic, not a solution: shares at the end; regret tells how far from Nash"
PIECE = 2.0
"""Time solved at once, after which shares are put right."""
RAREST = 1e-12
"""Share that a strategy which started with any keeps, so that it can come back."""
GONE = 1e-9
"""Share at the end that counts as none."""


def replicator(
    game: StrategicGame,
    *,
    duration: float = 200.0,
    start: Sequence[Sequence[float]] | None = None,
    rng: int = 0,
) -> Solution:
    """The shares of strategies after a time of replicator dynamics.

    Parameters
    ----------
    game
        A batch of one, two actors.
    duration
        Time, in units of one over each actor's payoff spread; 0 to 20,000.
    start
        Both actors' initial shares; ``None`` draws them uniformly from the simplex.
    rng
        Seed of that draw.

    Returns
    -------
    Solution
        One member, never exhaustive: status ``partial``, or ``limit reached`` where the solver of the
        equations gave up; the member is then the last state before.

    Raises
    ------
    NotDefinedError
        If the game does not have two actors.
    UsageError
        If the duration is out of range or ``start`` does not fit the game.

    Notes
    -----
    Sources: [taylor1978]_, [knight2018]_.

    Examples
    --------
    >>> dilemma = StrategicGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> replicator(dilemma).equilibria[0].strategies
    {'player 1': {'2': 1.0}, 'player 2': {'2': 1.0}}
    """
    two_actors(game, "replicator")
    at_least(duration, 0.0, "duration")
    if duration > LONGEST:
        raise UsageError(f"duration must be at most {LONGEST:g}, not {duration:g}")
    shares = _start(game, start, rng)
    elapsed = 0.0
    status: Status = "partial"
    while elapsed < duration and status == "partial":
        step = min(PIECE, duration - elapsed)
        shares, status = _piece(game, shares, step)
        elapsed += step if status == "partial" else 0.0
    note = NOTE if status == "partial" else f"{NOTE}; the equations were solved up to {elapsed:g}"
    given = None if start is None else [list(map(float, mix)) for mix in start]
    parameters = {"duration": duration, "start": given, "rng": rng}
    final = (_without_rare(shares[0]), _without_rare(shares[1]))
    return outcome(game, "replicator", final, parameters, status=status, note=note)


def _start(
    game: StrategicGame, start: Sequence[Sequence[float]] | None, rng: int
) -> tuple[FloatArray, FloatArray]:
    if start is None:
        draw = np.random.default_rng(rng)
        first, second = (draw.dirichlet(np.ones(size)) for size in game.shape)
        return first, second
    given = [np.asarray(mix, dtype=np.float64) for mix in start]
    fits = tuple(mix.shape for mix in given) == tuple((size,) for size in game.shape)
    if not fits or any((mix < 0.0).any() or abs(mix.sum() - 1.0) > RELATIVE for mix in given):
        raise UsageError(f"start must be two lists of shares with sum 1, of sizes {game.shape}")
    return given[0], given[1]


def _piece(
    game: StrategicGame, shares: tuple[FloatArray, FloatArray], step: float
) -> tuple[tuple[FloatArray, FloatArray], Status]:
    """One piece of the path; the state is unchanged where the solver gave up."""
    import nashpy
    from scipy.integrate import ODEintWarning

    times = np.linspace(0.0, step, 5)
    with warnings.catch_warnings():
        warnings.simplefilter("error", ODEintWarning)
        try:
            paths = nashpy.Game(*in_spreads(game)).asymmetric_replicator_dynamics(
                x0=shares[0], y0=shares[1], timepoints=times
            )
        except ODEintWarning:
            return shares, "limit reached"
    first, second = (_on_simplex(path[-1], old) for path, old in zip(paths, shares, strict=True))
    return (first, second), "partial"


def _on_simplex(state: FloatArray, old: FloatArray) -> FloatArray:
    """Shares that add to 1; strategies that were there at all stay at least rare."""
    state = np.where(old > 0.0, np.maximum(state, RAREST), 0.0)
    return np.asarray(state / state.sum())


def _without_rare(state: FloatArray) -> FloatArray:
    state = np.where(state < GONE, 0.0, state)
    return np.asarray(state / state.sum())
