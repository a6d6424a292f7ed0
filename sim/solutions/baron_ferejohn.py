"""Legislative bargaining under a closed rule (Baron and Ferejohn 1989).

Definition. ``n`` members divide a total ``S`` of gains over the disagreement point. In every round
each is the proposer with equal chance; its proposal passes with ``q`` votes, its own included, and
after a failed vote the next round's gains shrink by a common factor ``delta``. In the symmetric
stationary equilibrium a member's vote costs ``delta S / n``, the proposer buys the ``q - 1`` votes
it needs, chosen with equal chance, and keeps the rest; everybody expects ``S / n``.

Array convention. One problem: payoffs have shape ``(actors,)``.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.errors import NotDefinedError, UsageError
from sim.games.bargaining import BargainingProblem, OfferRules
from sim.results import Solution
from sim.solutions._gains import member, solution

NAME = "baron_ferejohn"


def baron_ferejohn(problem: BargainingProblem, *, rules: OfferRules | None = None) -> Solution:
    """Expected payoffs when a proposer drawn by lot needs a quota of votes.

    Parameters
    ----------
    problem
        A batch of one, mode ``transferable``.
    rules
        ``discount``, equal for all actors, and ``quota`` (a majority without it); without rules the
        problem's own.

    Returns
    -------
    Solution
        The symmetric stationary equilibrium: expected payoffs, and in ``extra`` the gains of the
        proposer and of a coalition partner.

    Raises
    ------
    UsageError
        If there are no rules or the discount factors differ.
    NotDefinedError
        If payoffs are not transferable.

    Notes
    -----
    Source: [baron1989]_.

    Examples
    --------
    >>> problem = BargainingProblem.from_table(
    ...     {"budget": (1, 0, 0)}, disagreement=(0, 0, 0), mode="transferable"
    ... )
    >>> found = baron_ferejohn(problem, rules=OfferRules(discount=(1, 1, 1))).equilibria[0]
    >>> round(found.extra["proposer"], 9), round(found.extra["partner"], 9)
    (0.666666667, 0.333333333)
    """
    rules = rules or problem.offers
    if rules is None or len(set(rules.discount)) != 1:
        raise UsageError("baron_ferejohn needs rules with the same discount factor for all actors")
    if problem.mode != "transferable":
        raise NotDefinedError("baron_ferejohn is defined for mode 'transferable' only")
    utilities, disagreement = problem.one()
    size = len(problem.actors)
    quota = rules.quota or size // 2 + 1
    best = int(utilities.sum(axis=0).argmax())
    surplus = float(utilities[:, best].sum() - disagreement.sum())
    asked = {"discount": rules.discount[0], "quota": quota}
    if surplus < 0.0:
        return solution(NAME, (), problem, asked)
    vote = rules.discount[0] * surplus / size
    proposer = surplus - (quota - 1) * vote
    found = member(
        problem,
        disagreement + np.full(size, surplus / size),
        problem.agreements[best],
        proposer=proposer,
        partner=vote,
    )
    return solution(NAME, [replace(found, regret=max(0.0, vote - proposer))], problem, asked)
