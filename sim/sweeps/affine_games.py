"""Pure Nash equilibria of strategic games whose payoffs are affine in parameters, at many points.

Definition. Payoffs are ``u_i(s) = c_i0(s) + sum_k c_ik(s) theta_k``. A profile is an equilibrium when no
actor gains more than its tolerance by another strategy, and that reads only differences between an actor's
own payoffs. With ``d_i(t, s_-i) = u_i(t, s_-i) - u_i(first, s_-i)``, itself affine, profile ``s`` is one when
``d_i(s_i, s_-i) >= max(0, max over t of d_i(t, s_-i)) - tolerance`` for every actor. The *difference rows*
of the first strategies are 0 and left out, and where two strategies never differ a tie is exactly 0. A
chunk of points is one matrix product per actor. Payoffs themselves are never computed.

Array convention. ``coefficients`` has shape ``(actors, *moves, 1 + parameters)``, ``theta`` has shape
``(parameters, batch)``; masks have shape ``(*moves, batch)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sim._kernels.memory import keep_memory
from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray, IntArray
from sim.errors import UsageError
from sim.feasibility import prepare
from sim.scenario import Scenario

CHUNK = 256
"""Points that are solved at once."""


@dataclass(frozen=True, slots=True, eq=False)
class AffineGames:
    """A family of strategic games of one shape; made by :func:`affine_games`.

    Parameters
    ----------
    moves
        Number of strategies of every actor.
    rows
        Per actor its difference rows, shape ``((strategies - 1) * others, 1 + parameters)``, its own
        strategy moving slowest.
    slack
        Per actor the largest payoff difference that counts as equal.
    """

    moves: tuple[int, ...]
    rows: tuple[FloatArray, ...]
    slack: FloatArray


def affine_games(coefficients: FloatArray, scales: FloatArray) -> AffineGames:
    """A family of games from the coefficients of its payoffs.

    Parameters
    ----------
    coefficients
        Shape ``(actors, *moves, 1 + parameters)``, the constant first.
    scales
        Each actor's payoff unit (its spread at some fixed point), shape ``(actors,)``; payoffs closer
        than ``RELATIVE`` of it count as equal.

    Raises
    ------
    UsageError
        If the shapes do not fit together or a coefficient is not finite.
    """
    moves = coefficients.shape[1:-1]
    if coefficients.ndim != len(coefficients) + 2 or len(scales) != len(coefficients):
        raise UsageError("coefficients of shape (actors, *moves, 1 + parameters) are needed")
    if not np.isfinite(coefficients).all():
        raise UsageError("a coefficient is not finite")
    rows = []
    for actor, payoff in enumerate(coefficients):
        own = np.moveaxis(payoff, actor, 0)
        rows.append(np.ascontiguousarray(own[1:] - own[:1]).reshape(-1, payoff.shape[-1]))
    return AffineGames(moves, tuple(rows), RELATIVE * np.asarray(scales, dtype=np.float64))


def affine_games_of(scenario: Scenario, varied: Sequence[str]) -> AffineGames:
    """The strategic game of a dispute as a family over some of its parameters.

    Parameters
    ----------
    scenario
        A dispute whose moves are all made at once (``game: strategic``), without ratification and reneging.
    varied
        Dotted paths of parameters in which every mover's payoff is affine, in the order of the points.

    Raises
    ------
    UsageError
        If a path is unknown, or the scenario is no such game.

    Examples
    --------
    >>> import sim
    >>> s = sim.loads('''
    ... parameters: {prize: {value: 1, range: [-1, 2]}}
    ... issues: {peace: {no: {}, yes: {signed: 1}}}
    ... actors: {a: {role: principal}, b: {role: principal}}
    ... payoffs: {a: {t: prize*signed}, b: {t: signed}}
    ... game: [[a.demand, b.demand]]
    ... ''')
    >>> count_equilibria(affine_games_of(s, ["prize"]), np.array([[-1.0, 0.5]]))
    (array([2, 2]), array([0, 0]))
    """
    problem = prepare(scenario, varied)
    game, dispute = problem.game, problem.dispute
    if game is None or not game.simultaneous or game.ratified or game.reneging:
        raise UsageError(
            f"{scenario.origin}: a game whose moves are all made at once is needed, "
            "without ratification and reneging"
        )
    actors = [axis.actor for axis in game.axes]
    bent = [actor for actor in actors if dispute.payoffs[actor].rest]
    if bent or len(set(actors)) < len(actors):
        what = (
            f"payoffs of {bent[0]} are not affine in the parameters"
            if bent
            else "an actor moves twice"
        )
        raise UsageError(f"{scenario.origin}: {what}")
    rows, columns = dispute.shape
    cells = (game.leaf_agreement, game.leaf_profile)
    coefficients = []
    for actor in actors:
        quantity = dispute.payoffs[actor]
        whole = np.broadcast_to(
            quantity.matrix.reshape(*quantity.shape, -1), (rows, columns, 1 + len(varied))
        )
        coefficients.append(whole[cells])
    scales = np.array([dispute.scales[actor] for actor in actors])
    return affine_games(np.stack(coefficients), scales)


def equilibria_at(games: AffineGames, theta: FloatArray) -> BoolArray:
    """Which profiles are pure equilibria at a chunk of points, shape ``(*moves, batch)``.

    Examples
    --------
    A coordination game whose second actor is paid ``theta`` for its second strategy:

    >>> c = np.zeros((2, 2, 2, 2))
    >>> c[0, :, :, 0] = c[1, :, :, 0] = np.eye(2)
    >>> c[1, :, 1, 1] = 1
    >>> games = affine_games(c, np.ones(2))
    >>> np.argwhere(equilibria_at(games, np.array([[0.5, 2.0]]))).tolist()
    [[0, 0, 0], [1, 1, 0], [1, 1, 1]]
    """
    batch = theta.shape[1]
    point = np.concatenate([np.ones((1, batch)), theta])
    mask = np.ones((*games.moves, batch), dtype=np.bool_)
    for actor, (rows, slack) in enumerate(zip(games.rows, games.slack, strict=True)):
        own = np.moveaxis(mask, actor, 0)
        gain = (rows @ point).reshape(-1, *own.shape[1:])
        best = gain.max(axis=0, initial=0.0)
        best -= slack
        own[0] &= best <= 0.0
        own[1:] &= gain >= best
    return mask


def count_equilibria(
    games: AffineGames, theta: FloatArray, *, engine: str = "numpy", jobs: int = 1
) -> tuple[IntArray, IntArray]:
    """The number of pure equilibria at every point, and the first of them.

    Parameters
    ----------
    games
        A family of games.
    theta
        Shape ``(parameters, points)``: any number of points.
    engine, jobs
        ``numpy``, or ``fast`` (compiled, extra ``fast``) on a number of threads.

    Returns
    -------
    count, first
        Shape ``(points,)``; ``first`` is an index into the flattened profiles, -1 where there is none.

    Examples
    --------
    >>> dilemma = np.array([[[3.0, 0], [5, 1]], [[3, 5], [0, 1]]])[..., None]
    >>> count_equilibria(affine_games(dilemma, np.ones(2)), np.zeros((0, 2)))
    (array([1, 1]), array([3, 3]))
    """
    if engine not in ("numpy", "fast") or jobs < 1:
        raise UsageError(
            f"engine '{engine}' on {jobs} threads: numpy or fast, on 1 at least, is needed"
        )
    size = theta.shape[1]
    count, first = np.zeros(size, dtype=np.int64), np.full(size, -1, dtype=np.int64)
    if engine == "fast":
        _count_compiled(games, theta, count, first, jobs)
        return count, first
    keep_memory()
    for start in range(0, size, CHUNK):
        mask = equilibria_at(games, theta[:, start : start + CHUNK])
        batch = mask.shape[-1]
        profile, point = np.divmod(np.flatnonzero(mask), batch)
        count[start : start + batch] = np.bincount(point, minlength=batch)
        first[start + point[::-1]] = profile[::-1]
    return count, first


def _count_compiled(
    games: AffineGames, theta: FloatArray, count: IntArray, first: IntArray, jobs: int
) -> None:
    """Counts from compiled deviation gains, by threads that share out the points."""
    from concurrent.futures import ThreadPoolExecutor

    from sim._kernels.compiled.deviations import count_range, lost

    rows = _whole_rows(games)
    game = (rows, np.array(games.moves), games.slack, lost(rows, games.slack, theta))
    ends = np.linspace(0, len(count), jobs + 1).astype(np.int64)
    with ThreadPoolExecutor(jobs) as pool:
        parts = [
            pool.submit(count_range, game, theta, int(a), int(b), count, first)
            for a, b in pairwise(ends)
        ]
        for part in parts:
            part.result()


def _whole_rows(games: AffineGames) -> FloatArray:
    """All actors' rows, shape ``(actors, profiles, terms)``: as the compiled function wants them."""
    terms = games.rows[0].shape[1]
    others = [int(np.prod(games.moves)) // n for n in games.moves]
    rows = [np.vstack([np.zeros((k, terms)), r]) for k, r in zip(others, games.rows, strict=True)]
    return np.pad(np.stack(rows), ((0, 0), (0, 0), (0, -terms % 4)))
