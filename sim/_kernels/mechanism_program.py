r"""The best that any mechanism can do with private information, as a linear program.

Definition. Chance draws a type for each actor from a prior ``P``; each learns its own. By the revelation
principle (Myerson 1979) a mechanism is a *plan*: for every profile ``t`` of reported types a lottery
``mu(x | t)`` over outcomes, and, where there are *transfers*, payments that add up to 0. A plan is asked to
satisfy

- *truth*: no type gains, on average over the others' types, by reporting another type;
- *participation*: no type does better, on average, by what it has when it refuses (``refusal``);
- *obedience* (instead of participation, where nobody enforces the outcome): told the part ``k`` of the
  recommendation that it sees, no type gains by another of its answers, whatever it reported before.

All are linear in ``mu``. With obedience a lie is followed by the best answer to every recommendation; what
that is worth is a variable above each answer's worth. The multipliers of the conditions are their *prices*:
how much the best value rises per unit of payoff by which that one condition is relaxed.

Array convention. ``T = (T_1, ..., T_n)`` are the numbers of types; the prior has shape ``T``, payoffs
``(actors, outcomes, *T)``. One program at a time, in doubles (HiGHS [huangfu2018]_).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim._kernels.linear_program import SHARP
from sim._kernels.mechanism_rows import Incentives, Kind, Obedience, Rows
from sim._kernels.tolerance import FloatArray

__all__ = ["BestPlan", "Incentives", "Obedience", "Price", "best_plan", "best_when_known"]

PRICED = 1e-7
"""A price below this is none."""
NEGLIGIBLE = 1e-12
"""A probability below this is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What one condition costs: actors, types and recommendations by number; -1 where it has none."""

    kind: Kind
    actor: int
    own: int
    said: int = -1
    told: int = -1
    price: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BestPlan:
    """The plan that is best for a goal.

    Parameters
    ----------
    value
        What it attains.
    plan
        Shape ``(outcomes, *T)``.
    payments
        What every actor receives, shape ``(actors, *T)``.
    worth
        Per actor what each of its types expects.
    regret
        The most by which the plan misses one of its conditions.
    gap
        How far the value of the dual program is away: 0 up to rounding where the plan is proved best.
    prices
        Of the conditions that bind, the dearest first.
    """

    value: float
    plan: FloatArray
    payments: FloatArray
    worth: tuple[FloatArray, ...]
    regret: float
    gap: float
    prices: tuple[Price, ...]


def best_plan(
    incentives: Incentives,
    goal: FloatArray,
    *,
    paid: FloatArray | None = None,
    seconds: float = 60.0,
) -> BestPlan | None:
    """The plan with the largest expected goal; ``None`` where no plan is feasible or time is short.

    Parameters
    ----------
    incentives
        The conditions.
    goal
        What every outcome counts at every profile of types, shape ``(outcomes, *T)``.
    paid
        What a unit received by every actor counts, shape ``(actors,)``; nothing where absent.
    seconds
        Of the linear program.

    Examples
    --------
    A seller with cost 0 or 0.8 and a buyer with worth 0.2 or 1, each with chance 1/2. Trade in all cases with
    gains would be worth 0.35; no mechanism that both enter attains more than 1/3:

    >>> cost, worth = np.array([[0.0, 0.0], [0.8, 0.8]]), np.array([[0.2, 1.0], [0.2, 1.0]])
    >>> payoffs = np.stack([np.stack([0 * cost, -cost]), np.stack([0 * worth, worth])])
    >>> trade = Incentives(
    ...     prior=np.full((2, 2), 0.25), payoffs=payoffs, refusal=np.zeros((2, 2, 2)), transfers=True)
    >>> round(best_plan(trade, payoffs.sum(axis=0)).value, 9)
    0.333333333
    """
    rows = Rows(incentives)
    rows.build()
    cost = rows.objective(goal, paid)
    found = _solved(rows, cost, seconds)
    if found is None:
        return None
    _, upper, _, level = rows.matrices()
    duals = -found.ineqlin.marginals
    dual = float(upper @ duals - level @ found.eqlin.marginals)
    return _read(incentives, rows, found.x, cost, duals, dual)


def best_when_known(
    incentives: Incentives,
    goal: FloatArray,
    *,
    paid: FloatArray | None = None,
    seconds: float = 60.0,
) -> float | None:
    """The largest expected goal if every profile of types were known to all; ``None`` as above.

    Then nobody can lie, and taking part and obeying are asked for at every profile of types.

    Examples
    --------
    >>> payoffs = np.array([[[0.0, 0.0], [1.0, -1.0]]])
    >>> free = Incentives(prior=np.array([0.5, 0.5]), payoffs=payoffs, refusal=np.zeros((1, 2)))
    >>> best_when_known(free, payoffs[0])
    0.5
    """
    rows = Rows(incentives)
    rows.build_known()
    found = _solved(rows, rows.objective(goal, paid), seconds)
    return None if found is None else float(-found.fun)


def _solved(rows: Rows, cost: FloatArray, seconds: float) -> Any:
    """What HiGHS finds; ``None`` where it finds no optimum."""
    from scipy.optimize import linprog

    matrix, upper, equal, level = rows.matrices()
    lower = np.where(np.arange(len(cost)) < rows.plan_size, 0.0, -np.inf)
    found = linprog(
        -cost,
        A_ub=matrix,
        b_ub=upper,
        A_eq=equal,
        b_eq=level,
        bounds=np.stack([lower, np.full(len(cost), np.inf)], axis=1),
        method="highs",
        options={"time_limit": seconds, **SHARP},
    )
    return found if found.status == 0 else None


def _read(
    incentives: Incentives,
    rows: Rows,
    x: FloatArray,
    cost: FloatArray,
    duals: FloatArray,
    dual: float,
) -> BestPlan:
    """The solver's point as a plan whose probabilities add up to 1."""
    shape = incentives.prior.shape
    plan = x[: rows.plan_size].reshape(-1, incentives.prior.size)
    plan = np.where(plan > NEGLIGIBLE, plan, 0.0)
    plan = (plan / plan.sum(axis=0)).reshape(-1, *shape)
    payments = rows.payments(x).reshape(-1, *shape)
    solved = np.concatenate([plan.ravel(), x[rows.plan_size :]])
    matrix, upper, _, _ = rows.matrices()
    missed = matrix @ solved - upper if matrix.shape[0] else np.zeros(1)
    own = (incentives.payoffs * plan).sum(axis=1) + payments
    value = float(cost @ solved)
    prices = [
        Price(kind=k, actor=i, own=a, said=s, told=t, price=float(p))
        for (k, i, a, s, t), p in zip(rows.names, duals, strict=True)
        if k is not None and p > PRICED
    ]
    return BestPlan(
        value=value + 0.0,
        plan=plan,
        payments=payments,
        worth=tuple(_interim(incentives.prior, u, i) for i, u in enumerate(own)),
        regret=max(0.0, float(missed.max())),
        gap=abs(dual - value),
        prices=tuple(sorted(prices, key=lambda one: -one.price)),
    )


def _interim(prior: FloatArray, own: FloatArray, actor: int) -> FloatArray:
    """The mean over the others' types, given each own type."""
    others = tuple(k for k in range(prior.ndim) if k != actor)
    chance = prior.sum(axis=others)
    mean = (prior * own).sum(axis=others)
    return np.asarray(np.divide(mean, chance, out=np.zeros_like(mean), where=chance > 0))
