"""Polytopes of joint distributions that a mediator can propose, and their extreme welfare.

Definition. A mediator draws a profile from a joint distribution ``pi``. Each solution concept of
this kind is a set of linear conditions ``rows @ pi <= 0`` on top of ``pi >= 0, sum(pi) = 1``: no
deviation of a stated kind may gain. A row is a sum of deviation gains

    D_i[k, s] = u_i(k, s_-i) - u_i(s),

the gain of actor ``i`` from playing ``k`` in profile ``s``. Objectives are linear, so the best and
the worst proposals are linear programs, solved by HiGHS [huangfu2018]_.

Array convention. One game: payoffs ``(actors, *moves)``; ``pi`` is flat over profiles, the last
actor's strategy moving fastest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

import numpy as np

from sim._kernels.linear_program import SHARP
from sim._kernels.ranks import magnitudes_or, ranks_of
from sim._kernels.tolerance import FloatArray
from sim.errors import TooLargeError, UsageError, suggest
from sim.games.strategic import StrategicGame, profiles
from sim.results import JointPlan, Solution
from sim.solutions.options import Option

OBJECTIVE = Option(
    name="objective",
    kind="text",
    meaning="'welfare max', 'welfare min' or an actor; each of them without it.",
)

MOST_PROFILES = 100_000
"""Profiles of a game over which a distribution is sought."""
MOST_ITERATIONS = 500_000
"""Iterations of one linear program."""
NEGLIGIBLE = 1e-13
"""Probability that counts as none."""
MOST_SECONDS = 60.0
"""Time for the linear programs of one game together."""
WELFARE_MAX, WELFARE_MIN = "welfare max", "welfare min"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mediation:
    """What distinguishes one polytope from another.

    Parameters
    ----------
    concept
        Its name.
    rows
        From one actor's gains ``D_i``, shape ``(moves_i, *moves)``, and the actor's position, the
        sparse conditions on ``pi``, shape ``(conditions, profiles)``.
    gain
        From ``D_i`` weighted by ``pi`` and the actor's position, the best deviation's gain.
    """

    concept: str
    rows: Callable[[FloatArray, int], Any]
    gain: Callable[[FloatArray, int], float]


def extremes(game: StrategicGame, mediation: Mediation, objective: str | None) -> Solution:
    """The distributions that are best for the objective asked for, or for each of them.

    Raises
    ------
    UsageError
        If the objective is neither ``welfare max``, ``welfare min`` nor an actor.
    TooLargeError
        If the game has more profiles than the limit.
    """
    asked = _objectives(game, objective)
    table = game.table()
    if table[0].size > MOST_PROFILES:
        raise TooLargeError(
            f"{mediation.concept}: {table[0].size} profiles, the limit is {MOST_PROFILES}; "
            "ask for pure_nash, or merge strategies"
        )
    rows, units = _conditions(game, mediation)
    end = monotonic() + MOST_SECONDS
    found = [(goal, _optimum(rows, units, _coefficients(game, goal, units), end)) for goal in asked]
    members = tuple(_member(game, mediation, goal, pi) for goal, pi in found if pi is not None)
    stopped = [goal for goal, pi in found if pi is None]
    note = "extreme points of a polytope; other distributions may attain the same value"
    if stopped:
        note = (
            f"the linear program was not solved for {', '.join(stopped)}: {table[0].size} profiles, "
            f"limits of {MOST_ITERATIONS:,} iterations and {MOST_SECONDS:g} seconds in all; ask for "
            "pure_nash, or merge strategies"
        )
    return Solution(
        concept=mediation.concept,
        members=members,
        status="limit reached" if stopped else "complete",
        parameters={"objective": objective},
        note=note,
    )


def gains(table: FloatArray, actor: int) -> FloatArray:
    """``D_i``: what the actor gains by playing ``k`` instead, shape ``(moves_i, *moves)``.

    Examples
    --------
    >>> gains(np.array([[[3.0, 0.0], [5.0, 1.0]]]), 0)[1]
    array([[2., 1.],
           [0., 0.]])
    """
    own = table[actor]
    swaps = [np.take(own, [k], axis=actor) - own for k in range(own.shape[actor])]
    return np.array(swaps)


def regret_of(game: StrategicGame, mediation: Mediation, pi: FloatArray) -> float:
    """The largest expected gain of any one actor from a deviation of the concept's kind."""
    table = game.table()
    joint = pi.reshape(game.shape)
    worst = [mediation.gain(gains(table, i) * joint, i) for i in range(len(game.actors))]
    return max(0.0, *worst)


def _objectives(game: StrategicGame, objective: str | None) -> Sequence[str]:
    legal = (WELFARE_MAX, WELFARE_MIN, *game.actors)
    if objective is None:
        return legal
    if objective not in legal:
        raise UsageError(f"unknown objective '{objective}'{suggest(objective, legal)}")
    return (objective,)


def _conditions(game: StrategicGame, mediation: Mediation) -> tuple[Any, FloatArray]:
    """All conditions with ties set to 0, in balanced units, and the unit of every profile's share.

    Rows are taken in units of their smallest entry, then profiles in units of their largest: a payoff
    that stands for ruin is large in the profiles that it belongs to and hides no other.
    """
    from scipy.sparse import diags_array, vstack

    table = game.table()
    ranks = _ranks(game)
    blocks = []
    for actor in range(len(table)):
        gain = gains(table, actor)
        gain[gains(ranks, actor) == 0] = 0.0
        blocks.append(mediation.rows(gain, actor))
    rows = vstack(blocks, format="csr")
    if not rows.shape[0]:
        return rows, np.ones(rows.shape[1])
    least = [np.abs(part).min() if part.size else 1.0 for part in _rows_of(rows)]
    rows = diags_array(1.0 / np.array(least)) @ rows
    units = 1.0 / np.maximum(abs(rows).max(axis=0).toarray().ravel(), 1.0)
    rows = rows @ diags_array(units)
    largest = abs(rows).max(axis=1).toarray().ravel()
    return diags_array(1.0 / np.where(largest > 0.0, largest, 1.0)) @ rows, units


def _rows_of(rows: Any) -> Iterator[FloatArray]:
    """The entries other than 0 of every row of a sparse matrix."""
    for data in np.split(rows.data, rows.indptr[1:-1]):
        yield data[data != 0.0]


def _ranks(game: StrategicGame) -> FloatArray:
    """Each actor's payoffs by rank, ties equal: exact where payoffs are."""
    flat = game.payoffs.reshape(len(game.actors), -1, 1)
    if game.exact is None:
        sizes = magnitudes_or(game.payoffs, game.magnitudes).reshape(flat.shape)
        return ranks_of(flat, sizes).reshape(game.payoffs.shape[:-1]).astype(np.float64)
    places = [np.unique(own, return_inverse=True)[1] for own in game.exact]
    return np.array([p.reshape(game.shape) for p in places], dtype=np.float64)


def _coefficients(game: StrategicGame, goal: str, units: FloatArray) -> FloatArray:
    """What to minimise, flat over profiles, in the units of their shares, the largest 1."""
    table = game.table().reshape(len(game.actors), -1)
    value = table.sum(axis=0) if goal not in game.actors else table[game.actors.index(goal)]
    value = value - value.min() if goal == WELFARE_MIN else value.max() - value
    value = value * units
    width = value.max()
    return np.asarray(value / (width if width > 0.0 else 1.0))


def _optimum(rows: Any, units: FloatArray, cost: FloatArray, end: float) -> FloatArray | None:
    """The best distribution, or ``None`` where the limits or the clock's ``end`` came first."""
    from scipy.optimize import linprog

    for presolve in (True, False):
        left = end - monotonic()
        if left <= 0:
            return None
        answer = linprog(
            cost,
            A_ub=rows,
            b_ub=np.zeros(rows.shape[0]),
            A_eq=units[None],
            b_eq=[1.0],
            method="highs",
            options={
                "presolve": presolve,
                "maxiter": MOST_ITERATIONS,
                "time_limit": left,
                **SHARP,
            },
        )
        if answer.status == 0 and answer.x is not None:
            pi = answer.x * units
            pi = np.where(pi > NEGLIGIBLE, pi, 0.0)
            return np.asarray(pi / pi.sum())
    return None


def _member(game: StrategicGame, mediation: Mediation, goal: str, pi: FloatArray) -> JointPlan:
    payoffs = game.table().reshape(len(game.actors), -1) @ pi + 0.0
    value = payoffs[game.actors.index(goal)] if goal in game.actors else payoffs.sum()
    named = {
        f"({', '.join(m[k] for m, k in zip(game.strategies, profile, strict=True))})": float(p)
        for profile, p in zip(profiles(game.shape), pi, strict=True)
        if p > 0.0
    }
    return JointPlan(
        payoffs=dict(zip(game.actors, payoffs.tolist(), strict=True)),
        regret=regret_of(game, mediation, pi),
        agreement=named,
        extra={"objective": goal, "value": float(value) + 0.0},
    )
