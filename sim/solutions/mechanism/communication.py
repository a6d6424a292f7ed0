"""Communication equilibria: what actors with private types can reach when a mediator speaks to each.

Definition. Actors report their types in private; the mediator draws a profile of actions from its plan and
tells each actor its own action; actors then act as they like. A plan is a communication equilibrium when no
type gains by any report followed by any answer to what it is told [forges1986]_. With one type each these
are the correlated equilibria; every Bayesian Nash equilibrium is one of them.

Array convention. As in :mod:`sim._kernels.mechanism_program`; outcomes are profiles of actions, the last
actor's moving fastest.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.mechanism_program import Incentives, Obedience
from sim.errors import NotDefinedError
from sim.games.mechanism import MechanismProblem
from sim.results import Solution
from sim.solutions.mechanism._plans import OBJECTIVE, plans

OPTIONS = (OBJECTIVE,)


def communication(problem: MechanismProblem, *, objective: str | None = None) -> Solution:
    """The communication equilibria that are best and worst.

    Parameters
    ----------
    problem
        Types, actions, and what profiles of actions are worth.
    objective
        What to make largest; several goals where absent.

    Returns
    -------
    Solution
        A member per goal: chances of profiles, what each type expects (``by_type``), and as ``reasons`` the
        conditions that cost most, with their prices.

    Raises
    ------
    NotDefinedError
        If the file gives no actions.

    Notes
    -----
    Source: [forges1986]_.

    Examples
    --------
    >>> import sim
    >>> game = sim.loads('''
    ... mechanism:
    ...   actors: {row: {types: {only: {chance: 1}}}, column: {types: {only: {chance: 1}}}}
    ...   actions: {row: [dare, yield], column: [dare, yield]}
    ...   outcomes:
    ...     dare, dare: {row: 0, column: 0}
    ...     dare, yield: {row: 7, column: 2}
    ...     yield, dare: {row: 2, column: 7}
    ...     yield, yield: {row: 6, column: 6}
    ... ''')
    >>> (best,) = sim.solve(game, "communication", objective="welfare max")[0].members
    >>> round(best.extra["value"], 9)
    10.5
    """
    if not problem.actions:
        raise NotDefinedError(
            "communication equilibria are of games with 'actions'; ask for arbitrator or mediator"
        )
    incentives = Incentives(
        prior=problem.prior, payoffs=problem.payoffs, obedience=_own_actions(problem)
    )
    return plans(problem, "communication", incentives, objective)


def _own_actions(problem: MechanismProblem) -> Obedience:
    """Every actor is told its own action and may play any other."""
    sizes = tuple(map(len, problem.actions))
    rest = problem.payoffs.shape[2:]
    told, answers = [], []
    for actor, size in enumerate(sizes):
        own = problem.payoffs[actor].reshape(*sizes, *rest)
        others = [
            np.broadcast_to(np.take(own, [k], axis=actor), own.shape).reshape(-1, *rest)
            for k in range(size)
        ]
        answers.append(np.stack(others))
        told.append(np.indices(sizes)[actor].ravel())
    return Obedience(told=np.array(told), answers=tuple(answers))
