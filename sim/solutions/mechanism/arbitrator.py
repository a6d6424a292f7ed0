"""An arbitrator: the best that can be enforced once actors have agreed to take part.

Definition. Actors report their types; the outcome that the plan then draws is enforced. No type gains by a
lie (*truth*), and none does better, on average over what others may be, by taking no part, when the first
outcome of the file happens (*participation*). By the revelation principle [myerson1979]_ nothing that is
agreed before or after, however long it is talked about, attains more; bilateral trade [myerson1983]_ is the
classical case.

Array convention. As in :mod:`sim._kernels.mechanism_program`.
"""

from __future__ import annotations

from sim._kernels.mechanism_program import Incentives
from sim.errors import NotDefinedError
from sim.games.mechanism import MechanismProblem
from sim.results import Solution
from sim.solutions.mechanism._plans import OBJECTIVE, plans

OPTIONS = (OBJECTIVE,)


def arbitrator(problem: MechanismProblem, *, objective: str | None = None) -> Solution:
    """The best and the worst plans that an arbitrator can carry out.

    Parameters
    ----------
    problem
        Types, outcomes, and what they are worth.
    objective
        What to make largest; several goals where absent.

    Returns
    -------
    Solution
        A member per goal: chances of outcomes, what each type expects (``by_type``), the value with types
        known to all, and as ``reasons`` the conditions that cost most, with their prices.

    Raises
    ------
    NotDefinedError
        If outcomes are actions that actors take themselves.

    Notes
    -----
    Source: [myerson1979]_, [myerson1983]_.

    Examples
    --------
    >>> import sim
    >>> game = sim.loads('''
    ... mechanism:
    ...   actors:
    ...     seller: {types: {low: {chance: 1/2, cost: 0}, high: {chance: 1/2, cost: 0.8}}}
    ...     buyer: {types: {low: {chance: 1/2, worth: 0.2}, high: {chance: 1/2, worth: 1}}}
    ...   outcomes:
    ...     no trade: {seller: 0, buyer: 0}
    ...     trade: {seller: -seller.cost, buyer: buyer.worth}
    ...   transfers: true
    ... ''')
    >>> (best,) = sim.solve(game, "arbitrator", objective="welfare max")[0].members
    >>> round(best.extra["value"], 9), round(best.extra["with_types_known"], 9)
    (0.333333333, 0.35)
    """
    if problem.actions:
        raise NotDefinedError(
            "an arbitrator enforces outcomes; these are profiles of actions: ask for communication"
        )
    incentives = Incentives(
        prior=problem.prior,
        payoffs=problem.payoffs,
        refusal=problem.payoffs[:, 0],
        transfers=problem.transfers,
    )
    return plans(problem, "arbitrator", incentives, objective)
