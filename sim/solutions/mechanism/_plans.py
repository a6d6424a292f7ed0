"""Plans that are best and worst for what may be wanted of a mechanism, as members of a solution.

Goals. *agreement max* (or *min*): the chance that the outcome is not the first, which is what happens if
somebody refuses; *welfare max* (or *min*): the sum of payoffs; an actor's name: what it expects before it
learns its type.

Array convention. As in :mod:`sim._kernels.mechanism_program`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from sim._kernels.mechanism_program import (
    NEGLIGIBLE,
    BestPlan,
    Incentives,
    Price,
    best_plan,
    best_when_known,
)
from sim._kernels.tolerance import FloatArray
from sim.errors import TooLargeError, UsageError, suggest
from sim.games.mechanism import MechanismProblem
from sim.results import JointPlan, Solution
from sim.solutions.options import Option

OBJECTIVE = Option(
    name="objective",
    kind="text",
    meaning="'agreement max' or 'min', 'welfare max' or 'min', or an actor; several without it.",
)
AGREEMENT, WELFARE = "agreement", "welfare"
MOST_ENTRIES = 20_000_000
"""Numbers in the conditions of a program that is solved."""
MOST_PROFILES = 100
"""Profiles of types up to which a member shows the plan of each."""
REASONS = 6
"""Conditions that are named, the dearest first."""
SECONDS = 60.0
"""For one linear program."""


def plans(
    problem: MechanismProblem, concept: str, incentives: Incentives, objective: str | None
) -> Solution:
    """The best plans for the goals asked for.

    Raises
    ------
    UsageError
        If there is no such goal.
    TooLargeError
        If the conditions are too many.
    """
    goals = _goals(problem, objective)
    _bounded(problem, incentives, concept)
    found = [(goal, *_best(problem, incentives, goal)) for goal in goals]
    members = tuple(
        _member(problem, g, plan, known) for g, plan, known in found if plan is not None
    )
    failed = [goal for goal, plan, _ in found if plan is None]
    note = "no mechanism that keeps to these conditions does better; others may do as well"
    if failed:
        note = (
            f"the linear program was not solved within {SECONDS:g} seconds for {', '.join(failed)}"
        )
    return Solution(
        concept=concept,
        members=members,
        status="limit reached" if failed else "complete",
        parameters={"objective": objective},
        note=note,
    )


def _goals(problem: MechanismProblem, objective: str | None) -> Sequence[str]:
    agreed = [] if problem.actions else [f"{AGREEMENT} max", f"{AGREEMENT} min"]
    legal = (*agreed, f"{WELFARE} max", f"{WELFARE} min", *problem.actors)
    if objective is None:
        return [goal for goal in legal if goal != f"{AGREEMENT} min"]
    if objective not in legal:
        raise UsageError(f"unknown objective '{objective}'{suggest(objective, legal)}")
    return (objective,)


def _bounded(problem: MechanismProblem, incentives: Incentives, concept: str) -> None:
    told = 1 if incentives.obedience is None else 1 + len(problem.outcomes)
    size = sum(n * n for n in map(len, problem.types)) * told
    size *= problem.prior.size * len(problem.outcomes) // max(1, min(map(len, problem.types)))
    if size > MOST_ENTRIES:
        raise TooLargeError(
            f"{concept}: {len(problem.outcomes):,} outcomes at {problem.prior.size:,} profiles of types make "
            f"conditions of about {size:,} numbers, the limit is {MOST_ENTRIES:,}; take fewer types or steps"
        )


def _best(
    problem: MechanismProblem, incentives: Incentives, goal: str
) -> tuple[BestPlan | None, float | None]:
    """The plan, and what could be attained if types were known to all."""
    counts, paid, sign = _weights(problem, goal)
    plan = best_plan(incentives, sign * counts, paid=sign * paid, seconds=SECONDS)
    known = best_when_known(incentives, sign * counts, paid=sign * paid, seconds=SECONDS)
    return plan, None if known is None else sign * known + 0.0


def _weights(problem: MechanismProblem, goal: str) -> tuple[FloatArray, FloatArray, float]:
    """What outcomes and payments count, and whether most or least is wanted."""
    paid = np.zeros(len(problem.actors))
    if goal in problem.actors:
        actor = problem.actors.index(goal)
        paid[actor] = 1.0
        return problem.payoffs[actor], paid, 1.0
    word, _, end = goal.partition(" ")
    sign = 1.0 if end == "max" else -1.0
    if word == WELFARE:
        return problem.payoffs.sum(axis=0), paid, sign
    counts = np.ones(problem.payoffs.shape[1:])
    counts[0] = 0.0
    return counts, paid, sign


def _member(problem: MechanismProblem, goal: str, best: BestPlan, known: float | None) -> JointPlan:
    sign = _weights(problem, goal)[2]
    chances = (best.plan * problem.prior).reshape(len(problem.outcomes), -1).sum(axis=1)
    named = [price for price in best.prices if _drawn(problem, best, price)][:REASONS]
    extra: dict[str, Any] = {
        "objective": goal,
        "value": sign * best.value + 0.0,
        "with_types_known": known,
        "gap": best.gap,
        "by_type": dict(_worths(problem, best)),
        "reasons": [words(problem, price) for price in named],
        "prices": [price.price for price in named],
    }
    if problem.prior.size <= MOST_PROFILES:
        extra["by_profile"] = _by_profile(problem, best.plan)
        if problem.transfers:
            extra["payments"] = _payments(problem, best.payments)
    payoffs = ((problem.payoffs * best.plan).sum(axis=1) + best.payments) * problem.prior
    sums = payoffs.reshape(len(problem.actors), -1).sum(axis=1) + 0.0
    return JointPlan(
        payoffs=dict(zip(problem.actors, map(float, sums), strict=True)),
        agreement=_named(problem.outcomes, chances),
        regret=best.regret,
        extra=extra,
    )


def _drawn(problem: MechanismProblem, best: BestPlan, price: Price) -> bool:
    """Whether a condition is about something that the plan does; what is never told is no reason."""
    if price.told < 0:
        return True
    plan = best.plan * problem.prior
    if problem.actions:
        told = np.indices(tuple(map(len, problem.actions)))[price.actor].ravel()
        plan = plan[told == price.told]
    else:
        plan = plan[[price.told]]
    return float(np.moveaxis(plan, price.actor + 1, 0)[price.own].sum()) > NEGLIGIBLE


def _worths(problem: MechanismProblem, best: BestPlan) -> Iterator[tuple[str, dict[str, float]]]:
    for actor, types, worth in zip(problem.actors, problem.types, best.worth, strict=True):
        yield actor, dict(zip(types, map(float, worth + 0.0), strict=True))


def _named(names: Sequence[str], chances: FloatArray) -> dict[str, float]:
    return {n: float(p) for n, p in zip(names, chances, strict=True) if p > NEGLIGIBLE}


def _by_profile(problem: MechanismProblem, plan: FloatArray) -> dict[str, dict[str, float]]:
    flat = plan.reshape(len(problem.outcomes), -1)
    names = problem.profile_names()
    return {name: _named(problem.outcomes, flat[:, k]) for k, name in enumerate(names)}


def _payments(problem: MechanismProblem, payments: FloatArray) -> dict[str, dict[str, float]]:
    flat = payments.reshape(len(problem.actors), -1) + 0.0
    names = problem.profile_names()
    return {
        name: dict(zip(problem.actors, map(float, flat[:, k]), strict=True))
        for k, name in enumerate(names)
    }


def words(problem: MechanismProblem, price: Price) -> str:
    """A condition that binds, with its price.

    Examples
    --------
    >>> problem = MechanismProblem(
    ...     actors=("a",), types=(("soft", "hard"),), prior=np.array([0.5, 0.5]), outcomes=("no", "yes"),
    ...     payoffs=np.zeros((1, 2, 2)))
    >>> words(problem, Price(kind="truth", actor=0, own=0, said=1, price=0.25))
    'a, soft, must not gain by saying hard (price 0.25)'
    """
    types = problem.types[price.actor]
    who = f"{problem.actors[price.actor]}, {types[price.own]},"
    if price.kind == "truth":
        text = f"{who} must not gain by saying {types[price.said]}"
    elif price.kind == "participation":
        text = f"{who} must not do better by refusing to take part"
    elif problem.actions:
        action = problem.actions[price.actor][price.told]
        text = f"{who} told to play {action}, must not gain by anything else"
    else:
        text = f"{who} must accept '{problem.outcomes[price.told]}' when it is proposed"
    return f"{text} (price {price.price:.4g})"
