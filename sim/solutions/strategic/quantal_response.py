"""Logit quantal response equilibria on the principal branch, of games in strategic form.

Definition. At precision ``lam >= 0`` (in units of 1/payoff) a logit quantal response equilibrium is
a profile of mixed strategies with

    p_ij = exp(lam * u_ij(p_-i)) / sum_k exp(lam * u_ik(p_-i))

for every actor ``i`` and strategy ``j``: actors play better responses more often, and the more so
the higher the precision [mckelvey1995]_. At 0 everybody plays uniformly at random. The principal
branch is the curve of equilibria through that profile; in almost every game it leads to one Nash
equilibrium as ``lam`` grows without bound, its limit. Where the branch turns back it passes one
precision several times; the first passage is reported. Where other branches cross it, as they do in
symmetric games, it is followed straight on, and the note says so.

Array convention. ``payoffs`` has shape ``(actors, *moves, batch)``; each mix ``(moves_i, batch)``.
The precision is common to all actors and has the unit 1/payoff: multiplying all payoffs by ``c``
and dividing the precision by ``c`` changes nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim._kernels.logit_branch import Trace, trace
from sim._kernels.logit_map import deviations, mixes_of, relative_regret
from sim._kernels.tolerance import BoolArray, FloatArray, spread
from sim.errors import UsageError
from sim.games.strategic import StrategicGame, expected_payoffs, named, regret
from sim.results import Solution, StrategyProfile
from sim.solutions.options import Option

OPTIONS = (
    Option(
        name="precision",
        kind="number",
        low=0.0,
        unit="1/payoff",
        meaning="How precisely actors respond; the limit, a Nash equilibrium, without it.",
    ),
)

LIMIT_REGRET = 1e-8
"""Regret, in units of the largest spread, at which the branch counts as having reached its limit."""
BESIDE = 1e-8
"""A precision within this share of the one asked for is the one asked for: only a crossing stops there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantalResponses:
    """Logit equilibria of a batch of games.

    Parameters
    ----------
    mixes
        Per actor its probabilities, shape ``(moves_i, batch)``.
    precision
        Where on the branch each game was left, in 1/payoff, shape ``(batch,)``.
    residual
        Largest difference between the two sides of the definition at ``precision``.
    ok
        Whether the precision asked for (or, in the limit, a regret of 1e-8 spreads) was reached.
    bifurcation
        Precision at which the branch was crossed by another one, or nan.
    """

    mixes: tuple[FloatArray, ...]
    precision: FloatArray
    residual: FloatArray
    ok: BoolArray
    bifurcation: FloatArray


def quantal_response(game: StrategicGame, *, precision: float | None = None) -> Solution:
    """The logit quantal response equilibrium on the principal branch, or the limit of that branch.

    Parameters
    ----------
    game
        A batch of one, any number of actors.
    precision
        In units of 1/payoff, not negative; ``None`` asks for the limit, a Nash equilibrium.

    Returns
    -------
    Solution
        One member; ``extra`` holds the precision ``lambda`` reached and the ``residual`` of the
        definition there. ``limit reached`` if the work limit came first: the member is then the
        last point on the branch.

    Raises
    ------
    UsageError
        If the precision is negative or not a number.

    Notes
    -----
    Sources: [mckelvey1995]_, [turocy2005]_.

    Examples
    --------
    >>> dilemma = StrategicGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> solution = quantal_response(dilemma, precision=0.5)
    >>> round(solution.equilibria[0].strategies["player 1"]["2"], 6)
    0.661352
    >>> quantal_response(dilemma).equilibria[0].strategies
    {'player 1': {'2': 1.0}, 'player 2': {'2': 1.0}}
    """
    game.table()
    found = quantal_response_batch(game.payoffs, precision)
    mixes = [mix[:, 0] for mix in found.mixes]
    member = StrategyProfile(
        strategies=named(game, mixes),
        payoffs=dict(zip(game.actors, expected_payoffs(game, mixes).tolist(), strict=True)),
        regret=regret(game, mixes),
        extra={"lambda": float(found.precision[0]), "residual": float(found.residual[0])},
    )
    return Solution(
        concept="quantal_response",
        members=(member,),
        status="complete" if found.ok[0] else "limit reached",
        parameters={"precision": precision},
        note=_note(found, precision),
    )


def quantal_response_batch(
    payoffs: FloatArray, precision: float | FloatArray | None = None
) -> QuantalResponses:
    """Logit equilibria on the principal branch of a whole batch of games.

    Parameters
    ----------
    payoffs
        Shape ``(actors, *moves, batch)``, finite.
    precision
        In units of 1/payoff: one number, or one for each game; ``None`` asks for the limit.

    Returns
    -------
    QuantalResponses
        In the limit, mixes are extrapolated from the last point of the branch to ``lam`` without
        bound wherever that lowers regret.

    Raises
    ------
    UsageError
        If a precision is negative or not a number.

    Examples
    --------
    >>> matching = StrategicGame.from_bimatrix([[1, 0], [0, 1]], [[0, 1], [1, 0]])
    >>> quantal_response_batch(matching.payoffs, 0.0).mixes[0]
    array([[0.5],
           [0.5]])
    """
    batch = payoffs.shape[-1]
    lam = np.broadcast_to(np.asarray(np.inf if precision is None else precision, float), (batch,))
    if np.isnan(lam).any() or (lam < 0.0).any():
        raise UsageError("the precision must be a number of at least 0, in units of 1/payoff")
    width = spread(payoffs).max(axis=0)
    width = np.where(width > 0.0, width, 1.0)
    lowest = payoffs.min(axis=tuple(range(1, payoffs.ndim - 1)), keepdims=True)
    scaled = (payoffs - lowest) / width
    walk = trace(scaled, lam * width, LIMIT_REGRET)
    mixes = mixes_of(scaled, walk.point)
    final = _sharpened(scaled, mixes, walk, np.isinf(lam))
    settled = np.isinf(lam) & (relative_regret(scaled, final) <= LIMIT_REGRET)
    beside = _beside(walk.point[-1], lam * width) & ~walk.arrived
    reached = np.where(beside, lam * width, walk.point[-1])
    return QuantalResponses(
        mixes=tuple(final),
        precision=np.where(beside, lam, reached / width),
        residual=_residual(scaled, mixes, reached),
        ok=walk.arrived | settled | beside,
        bifurcation=np.where(beside, lam, walk.crossed / width),
    )


def _beside(reached: FloatArray, target: FloatArray) -> BoolArray:
    """Where the walk ended a rounding before its target: branches cross there, and it is singular."""
    return np.isfinite(target) & (np.abs(target - reached) <= BESIDE * np.abs(target))


def _residual(payoffs: FloatArray, mixes: list[FloatArray], lam: FloatArray) -> FloatArray:
    worst = np.zeros(lam.size)
    for value, mix in zip(deviations(payoffs, mixes), mixes, strict=True):
        weight = np.exp(lam * (value - value.max(axis=0)))
        worst = np.maximum(worst, np.abs(weight / weight.sum(axis=0) - mix).max(axis=0))
    return worst


def _sharpened(
    payoffs: FloatArray, mixes: list[FloatArray], walk: Trace, limit: BoolArray
) -> list[FloatArray]:
    """Limits, extrapolated in ``1/lam`` wherever that lowers regret."""
    lam, slope = walk.point[-1], walk.tangent[-1]
    usable = limit & (slope > 0.0)
    pace = np.divide(lam, slope, out=np.zeros_like(lam), where=usable)
    cuts = np.cumsum(payoffs.shape[1:-1])[:-1]
    rates = np.split(walk.tangent[:-1], cuts)
    ahead = [np.maximum(mix * (1.0 + pace * r), 0.0) for mix, r in zip(mixes, rates, strict=True)]
    ahead = [mix / mix.sum(axis=0) for mix in ahead]
    better = usable & (relative_regret(payoffs, ahead) <= relative_regret(payoffs, mixes))
    return [np.where(better, new, old) for new, old in zip(ahead, mixes, strict=True)]


def _note(found: QuantalResponses, precision: float | None) -> str:
    parts = []
    if not found.ok[0]:
        asked = "the limit" if precision is None else f"precision {precision:g}"
        parts.append(f"stopped at precision {found.precision[0]:.6g} before {asked}")
    if not math.isnan(found.bifurcation[0]):
        where = f"{found.bifurcation[0]:.6g}"
        parts.append(
            f"other branches leave this one near precision {where}: it is followed straight on"
        )
    return "; ".join(parts)
