"""What a mediator could do at best in a dispute with types who learns nothing but what is told.

Definition. A plan is as :mod:`sim.feasibility.private.plan_outcomes` has it: no type gains by saying that it
is another, and none of a principal's does better, on average over the others' types, by refusing. The best
plan for a goal is a linear program; by the revelation principle [myerson1979]_ nothing that is talked about
before or after attains more. The *price* of a condition is what the goal would rise by for each unit of
payoff spread by which that condition alone were relaxed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim._kernels.mechanism_program import BestPlan, Price, best_plan, best_when_known
from sim._kernels.tolerance import FloatArray
from sim.errors import NotDefinedError, TooLargeError
from sim.feasibility.private.plan_outcomes import PlanOutcomes, plan_outcomes
from sim.games.private.typed_outcomes import TypedGame
from sim.scenario.private.profiles import Profile, profiles_of

if TYPE_CHECKING:
    from sim.scenario import Scenario

SECONDS = 10.0
"""For one linear program."""
ALL = 1e-9
"""What is missed by less, of the most that there is at all, costs nothing."""
NOT_SOLVED = f"the linear program was not solved within {SECONDS:g} seconds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A condition that costs something.

    Parameters
    ----------
    kind
        ``truth`` (it would claim to be another type), ``participation`` (it would rather refuse) or
        ``obedience`` (a third party would rather take another stance).
    actor, type
        Whose it is; no type where the actor has none.
    said
        Of truth the type that it would claim to be.
    price
        What the goal would rise by for each unit of payoff spread.
    """

    kind: str
    actor: str
    type: str
    said: str
    price: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BestMediation:
    """The most of a goal.

    Parameters
    ----------
    value
        Where types are private; ``known`` where everybody knows them, ``None`` if that was not solved.
    by_type
        Per profile of types the chance of a treaty under the best plan.
    reasons
        The dearest first; none where lies and refusals keep nobody from the most that there is.
    gap
        How far the dual program's value is away.
    """

    value: float
    known: float | None
    by_type: Mapping[str, float]
    reasons: tuple[Reason, ...]
    gap: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Mediated:
    """What a mediator could do at best.

    Parameters
    ----------
    treaty
        For the chance of a treaty in force.
    gains
        For what the principals gain together over refusing, in units of their payoff spreads.
    note
        Why one is ``None``.
    """

    treaty: BestMediation | None
    gains: BestMediation | None
    note: str = ""


def mediated(scenario: Scenario, game: TypedGame | None = None) -> Mediated | None:
    """What a mediator could do at best; ``None`` where nothing is private.

    Parameters
    ----------
    scenario
        A dispute with types.
    game
        Its game, if that is compiled already.

    Examples
    --------
    A buyer worth 0.2 or 1 and a seller with cost 0 or 0.8 who can only trade at 0.5: the buyer of 0.2 and
    the seller of 0.8 would rather not.

    >>> from sim.loading import loads
    >>> trade = loads('''
    ... parameters: {cost: 0, worth: 1}
    ... issues: {price: {none: {}, half: {signed: 1}}}
    ... outcomes: {treaty: signed}
    ... actors:
    ...   seller:
    ...     role: principal
    ...     types: {low: {chance: 0.5, set: {cost: 0}}, high: {chance: 0.5, set: {cost: 0.8}}}
    ...   buyer:
    ...     role: principal
    ...     types: {low: {chance: 0.5, set: {worth: 0.2}}, high: {chance: 0.5, set: {worth: 1}}}
    ... payoffs: {seller: {gain: (0.5 - cost)*signed}, buyer: {gain: (worth - 0.5)*signed}}
    ... ''')
    >>> found = mediated(trade)
    >>> round(found.treaty.value, 9), round(found.treaty.known, 9)
    (0.25, 0.25)
    """
    profiles = profiles_of(scenario)
    if len(profiles) < 2:
        return None
    try:
        problem = plan_outcomes(scenario, game)
    except (NotDefinedError, TooLargeError) as error:
        return Mediated(treaty=None, gains=None, note=str(error))
    treaty = _best(problem, profiles, problem.treaty)
    gains = _best(problem, profiles, problem.gains)
    failed = treaty is None or gains is None
    return Mediated(treaty=treaty, gains=gains, note=NOT_SOLVED if failed else "")


def _best(
    problem: PlanOutcomes, profiles: tuple[Profile, ...], goal: FloatArray
) -> BestMediation | None:
    found = best_plan(problem.private, goal, seconds=SECONDS)
    if found is None:
        return None
    free = float((problem.private.prior * goal.max(axis=0)).sum())
    return BestMediation(
        value=found.value,
        known=best_when_known(problem.known, goal, seconds=SECONDS),
        by_type=dict(_by_type(problem, profiles, found)),
        reasons=() if found.value >= free - ALL else tuple(_reasons(problem, found.prices)),
        gap=found.gap,
    )


def _by_type(
    problem: PlanOutcomes, profiles: tuple[Profile, ...], found: BestPlan
) -> Iterator[tuple[str, float]]:
    chances = (found.plan * problem.treaty).sum(axis=0).ravel()
    for profile, place in zip(profiles, problem.where, strict=True):
        yield profile.label, float(chances[place])


def _reasons(problem: PlanOutcomes, prices: tuple[Price, ...]) -> Iterator[Reason]:
    """Prices by condition; those of what a third party is told, of all that it is told, together."""
    whole: dict[tuple[str, int, int, int], float] = {}
    for one in prices:
        key = one.kind, one.actor, one.own, one.said
        whole[key] = whole.get(key, 0.0) + one.price
    for (kind, actor, own, said), price in sorted(whole.items(), key=lambda pair: -pair[1]):
        names = problem.types[actor]
        yield Reason(
            kind=kind,
            actor=problem.actors[actor],
            type=names[own],
            said=names[said] if said >= 0 else "",
            price=price,
        )
