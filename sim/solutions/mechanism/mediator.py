"""A mediator: the best that can be proposed when nobody enforces anything.

Definition. Actors report their types in private; the mediator draws an outcome from its plan and proposes
it in public; it stands if all accept, else the first outcome of the file happens. Every type accepts what
is proposed after a true report, knowing what the proposal says about the others (*obedience*), and none
gains by a lie followed by accepting and refusing as suits it (*truth*) [horner2015]_. In that paper's
conflict a mediator attains what an arbitrator does.

Array convention. As in :mod:`sim._kernels.mechanism_program`.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.mechanism_program import Incentives, Obedience
from sim.errors import NotDefinedError
from sim.games.mechanism import MechanismProblem
from sim.results import Solution
from sim.solutions.mechanism._plans import OBJECTIVE, plans

OPTIONS = (OBJECTIVE,)


def mediator(problem: MechanismProblem, *, objective: str | None = None) -> Solution:
    """The best and the worst plans that a mediator can propose.

    Parameters
    ----------
    problem
        Types, outcomes, and what they are worth.
    objective
        What to make largest; several goals where absent.

    Returns
    -------
    Solution
        A member per goal, as of :func:`~sim.solutions.mechanism.arbitrator.arbitrator`.

    Raises
    ------
    NotDefinedError
        If outcomes are actions that actors take themselves, or payments would have to be enforced.

    Notes
    -----
    Source: [horner2015]_.

    Examples
    --------
    Two sides, each strong with chance 3/10; war halves the prize, and the strong beat the weak:

    >>> import sim
    >>> game = sim.loads('''
    ... parameters: {p: 0.9, theta: 0.8}
    ... mechanism:
    ...   actors:
    ...     one: {types: {hawk: {chance: 3/10, arms: 1}, dove: {chance: 7/10, arms: 0}}}
    ...     two: {types: {hawk: {chance: 3/10, arms: 1}, dove: {chance: 7/10, arms: 0}}}
    ...   outcomes:
    ...     war:
    ...       one: theta*(1/2 + (p - 1/2)*(one.arms - two.arms))
    ...       two: theta*(1/2 + (p - 1/2)*(two.arms - one.arms))
    ...     split:
    ...       along: {share: {from: 0, to: 1, steps: 2, also: [p*theta, 1 - p*theta]}}
    ...       payoffs: {one: share, two: 1 - share}
    ... ''')
    >>> (peace,) = sim.solve(game, "mediator", objective="agreement max")[0].members
    >>> round(peace.extra["value"], 6)
    0.669268
    """
    if problem.actions:
        raise NotDefinedError(
            "a mediator proposes outcomes; these are profiles of actions: ask for communication"
        )
    if problem.transfers:
        raise NotDefinedError(
            "a mediator cannot enforce payments: ask for arbitrator, or make divisions outcomes"
        )
    actors, outcomes = problem.payoffs.shape[:2]
    refused = np.broadcast_to(problem.payoffs[:, None, :1], (actors, 1, *problem.payoffs.shape[1:]))
    obedience = Obedience(told=np.tile(np.arange(outcomes), (actors, 1)), answers=tuple(refused))
    incentives = Incentives(prior=problem.prior, payoffs=problem.payoffs, obedience=obedience)
    return plans(problem, "mediator", incentives, objective)
