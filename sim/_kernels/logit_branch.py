"""Tracing the principal branch of logit quantal response equilibria, a whole batch at once.

Definition. The logit equilibria ``F(y, lam) = 0`` of :mod:`sim._kernels.logit_map` form curves; the
principal branch is the one through the uniform profile at ``lam = 0`` [mckelvey1995]_. It may turn
back in ``lam``, so it is followed by arclength: predict along the tangent, then correct by Newton
steps in the hyperplane across it [allgower1990]_, [turocy2005]_.

Array convention. ``payoffs`` has shape ``(actors, *moves, batch)``, points ``x = (y, lam)`` shape
``(strategies of all actors + 1, batch)``. Every tick is one Newton step of every live game; each
game has its own step length and accepts, repeats or halves its step on its own. Payoffs are divided
by the largest spread of any actor beforehand, so that ``lam`` has no unit in here.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from sim._kernels.logit_map import deviations, mixes_of, relative_regret, system
from sim._kernels.tolerance import BoolArray, FloatArray, IntArray

FIRST_STEP, SHORTEST, GROWTH = 0.1, 1e-9, 2.0
"""First step along a branch, its shortest, and by how much one step may exceed the last."""
CLOSE, AIM, WIDEST, CONTRACTION, MOST_CORRECTIONS = 1e-10, 0.02, 0.1, 0.5, 6
"""Corrections this small have converged; aim per step; widest; least contraction; how many of them."""
ALIGNED, CROSSING = 0.8, 1e-3
"""Least cosine between tangents that follow one another; longest step over which a turn is a crossing."""
FARTHEST, ROUNDING = 1e11, 1e-6
"""Precision beyond which an endless branch is left; largest correction that may be rounding."""
LEAST_CHANGE = 1e-12
"""Changes below this count as this much where the next step is chosen."""
TICKS = 6000
"""Steps and corrections of a whole batch after which it ends."""


@dataclass(slots=True, kw_only=True)
class Walk:
    """The moving state of the live games: one point, one tangent and one step length for each.

    Parameters
    ----------
    point, tangent
        Last accepted point of the branch and its unit tangent, shape ``(size + 1, batch)``.
    trial, across
        The point being corrected, and the row that closes its Newton system.
    step, target
        Step length, and precision at which to stop (``inf``: the limit), shape ``(batch,)``.
    orientation
        Sign of the determinant of the closed system; it changes only at a bifurcation.
    corrections, first, last
        Newton steps of this trial, and the size of its first and latest correction.
    index
        Position in the original batch.
    """

    payoffs: FloatArray
    point: FloatArray
    tangent: FloatArray
    trial: FloatArray
    across: FloatArray
    step: FloatArray
    target: FloatArray
    orientation: FloatArray
    corrections: IntArray
    first: FloatArray
    last: FloatArray
    exact: BoolArray
    crossed: FloatArray
    index: IntArray

    def keep(self, live: BoolArray) -> None:
        """Drop the games that have ended."""
        for item in fields(self):
            setattr(self, item.name, getattr(self, item.name)[..., live])


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Where the walks ended, which arrived, and where they first passed a bifurcation (or nan)."""

    point: FloatArray
    tangent: FloatArray
    arrived: BoolArray
    crossed: FloatArray


def trace(payoffs: FloatArray, target: FloatArray, goal: float) -> Trace:
    """Follow each game's principal branch to its target precision, or until regret is at the goal.

    Parameters
    ----------
    payoffs
        Shape ``(actors, *moves, batch)``, in units of the largest spread.
    target
        Precision per game, shape ``(batch,)``; ``inf`` asks for the limit.
    goal
        In the limit: regret, in units of each actor's spread, at which to stop.

    Returns
    -------
    Trace
        ``arrived`` is false where the work limit ended the walk.

    Examples
    --------
    >>> matching = np.array([[[[1.0], [0.0]], [[0.0], [1.0]]], [[[0.0], [1.0]], [[1.0], [0.0]]]])
    >>> bool(trace(matching, np.array([3.0]), 1e-8).arrived[0])
    True
    """
    walk = start(payoffs, target)
    point, tangent = walk.point.copy(), walk.tangent.copy()
    arrived = np.zeros(target.size, dtype=np.bool_)
    crossed = np.full(target.size, np.nan)
    live = np.ones(target.size, dtype=np.bool_)
    for _ in range(TICKS):
        done, lost = tick(walk, goal)
        ended = live & (done | lost)
        where = walk.index[ended]
        point[:, where], tangent[:, where] = walk.point[:, ended], walk.tangent[:, ended]
        arrived[where], crossed[where] = done[ended], walk.crossed[ended]
        live &= ~ended
        if not live.any():
            break
        if 2 * np.count_nonzero(live) <= live.size:
            walk.keep(live)
            live = np.ones(walk.index.size, dtype=np.bool_)
    else:
        where = walk.index[live]
        point[:, where], tangent[:, where] = walk.point[:, live], walk.tangent[:, live]
        crossed[where] = walk.crossed[live]
    return Trace(point=point, tangent=tangent, arrived=arrived, crossed=crossed)


def start(payoffs: FloatArray, target: FloatArray) -> Walk:
    """The uniform profile at precision 0, with the branch's tangent there."""
    moves, batch = payoffs.shape[1:-1], payoffs.shape[-1]
    mixes = [np.full((size, batch), 1.0 / size) for size in moves]
    slopes = [value - value.mean(axis=0) for value in deviations(payoffs, mixes)]
    tangent = np.vstack([*slopes, np.ones((1, batch))])
    tangent /= np.linalg.norm(tangent, axis=0)
    point = np.vstack([*map(np.log, mixes), np.zeros((1, batch))])
    walk = Walk(
        payoffs=payoffs,
        point=point,
        tangent=tangent,
        trial=point.copy(),
        across=tangent.copy(),
        step=np.full(batch, FIRST_STEP),
        target=target.astype(np.float64),
        orientation=np.ones(batch),
        corrections=np.zeros(batch, dtype=np.int64),
        first=np.zeros(batch),
        last=np.full(batch, np.inf),
        exact=np.zeros(batch, dtype=np.bool_),
        crossed=np.full(batch, np.nan),
        index=np.arange(batch),
    )
    predict(walk, np.ones(batch, dtype=np.bool_))
    return walk


def tick(walk: Walk, goal: float) -> tuple[BoolArray, BoolArray]:
    """One Newton step of every game; which games have arrived, and which are lost."""
    matrix, change, tangent = newton(walk)
    size = np.max(np.abs(change) / (1.0 + np.abs(walk.trial)), axis=0)
    size[~np.isfinite(size)] = np.inf
    walk.first = np.where(walk.corrections == 0, size, walk.first)
    walk.corrections += 1
    bad = (size > WIDEST) | (walk.corrections > MOST_CORRECTIONS)
    stuck = (size > CONTRACTION * walk.last) & (size > CLOSE)
    rounding = stuck & (size <= ROUNDING)
    bad |= stuck & ~rounding
    converged = ~bad & ((size <= CLOSE) | rounding)
    walk.last = size
    walk.trial = np.where(bad, walk.trial, walk.trial + change)
    bad |= converged & ~walk.exact & (walk.trial[-1] >= walk.target)
    converged &= ~bad
    bad |= ~follows(walk, converged, matrix, tangent)
    converged &= ~bad
    advance(walk, converged, tangent)
    lengthen(walk, converged, bad)
    endless = np.isinf(walk.target)
    settled = endless
    if endless.any():
        regret = relative_regret(walk.payoffs, mixes_of(walk.payoffs, walk.point))
        settled = endless & (regret <= goal)
    done = converged & (walk.exact | settled)
    lost = (walk.step < SHORTEST) | (walk.point[-1] > FARTHEST) & endless
    predict(walk, converged | bad)
    return done, lost & ~done


def newton(walk: Walk) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The closed system, its Newton step, and the curve's tangent on the side of ``across``."""
    residual, matrix = system(walk.payoffs, walk.trial)
    size, batch = residual.shape
    closed = np.empty((batch, size + 1, size + 1))
    closed[:, :size] = np.moveaxis(matrix, -1, 0)
    closed[:, size] = walk.across.T
    right = np.zeros((batch, size + 1, 2))
    right[:, :size, 0] = -residual.T
    right[:, size, 1] = 1.0
    solution = solve(closed, right)
    tangent = solution[..., 1].T
    return closed, solution[..., 0].T, tangent / np.linalg.norm(tangent, axis=0)


def solve(matrices: FloatArray, right: FloatArray) -> FloatArray:
    """Stacked linear systems; a singular one gives nan and does not stop the others."""
    try:
        return np.asarray(np.linalg.solve(matrices, right))
    except np.linalg.LinAlgError:
        if len(matrices) == 1:
            return np.full(right.shape, np.nan)
        half = len(matrices) // 2
        parts = [solve(matrices[:half], right[:half]), solve(matrices[half:], right[half:])]
        return np.concatenate(parts)


def follows(walk: Walk, converged: BoolArray, matrix: FloatArray, tangent: FloatArray) -> BoolArray:
    """Whether a converged trial continues its own branch; true for those still being corrected.

    A sharp bend means that the step was too long. A change of orientation means a jump to another
    branch, or, where it persists however short the step, a bifurcation: it is passed straight on.
    """
    aligned = np.sum(walk.tangent * tangent, axis=0) >= ALIGNED
    smooth: BoolArray = ~converged | (aligned & (walk.trial[-1] >= 0.0))
    sign = walk.orientation.copy()
    sign[converged] = np.linalg.slogdet(matrix[converged])[0]
    flipped = smooth & (sign != walk.orientation)
    crossing = flipped & (walk.step <= CROSSING)
    walk.crossed = np.where(crossing & np.isnan(walk.crossed), walk.trial[-1], walk.crossed)
    walk.orientation = np.where(crossing, sign, walk.orientation)
    smooth &= ~flipped | crossing
    return smooth


def advance(walk: Walk, accepted: BoolArray, tangent: FloatArray) -> None:
    """Make accepted trials the new points of their branches."""
    walk.point = np.where(accepted, walk.trial, walk.point)
    walk.tangent = np.where(accepted, tangent, walk.tangent)


def lengthen(walk: Walk, accepted: BoolArray, bad: BoolArray) -> None:
    """Lengthen the step where the first correction was small, halve it where the trial failed."""
    factor = np.clip(np.sqrt(AIM / np.maximum(walk.first, LEAST_CHANGE)), 0.5, GROWTH)
    walk.step = np.where(accepted, walk.step * factor, np.where(bad, 0.5 * walk.step, walk.step))


def predict(walk: Walk, fresh: BoolArray) -> None:
    """Put new trials on the tangent; where it would reach the target, fix the precision there."""
    slope = walk.tangent[-1]
    room = walk.target - walk.point[-1]
    exact = fresh & (slope > 0.0) & (walk.step * slope >= room)
    reach = np.divide(room, slope, out=walk.step.copy(), where=exact)
    walk.step = np.where(fresh & ~exact, walk.step, np.where(exact, reach, walk.step))
    walk.trial = np.where(fresh, walk.point + walk.step * walk.tangent, walk.trial)
    walk.trial[-1] = np.where(exact, walk.target, walk.trial[-1])
    walk.exact = np.where(fresh, exact, walk.exact)
    closing = np.zeros_like(walk.across)
    closing[-1] = 1.0
    walk.across = np.where(fresh, np.where(exact, closing, walk.tangent), walk.across)
    walk.corrections = np.where(fresh, 0, walk.corrections)
    walk.last = np.where(fresh, np.inf, walk.last)
