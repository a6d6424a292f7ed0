"""Legislative bargaining under a closed rule (Baron and Ferejohn 1989).

Definition. ``n`` members divide a total ``S`` of gains over the disagreement point. In every round
member ``i`` is the proposer with chance ``p_i``; its proposal passes with ``q`` votes, its own
included, and after a failed vote a gain of the next round is worth ``delta_i`` of one now. In a
stationary equilibrium a vote of ``i`` costs ``w_i = delta_i v_i``, where ``v_i`` is what it expects;
a proposer buys the ``q - 1`` cheapest votes and keeps the rest.

Method. Let ``w`` be the price of the dearest vote that is bought and ``r w`` what a proposer keeps
whose own vote is no cheaper. A member's vote is always bought, bought at times, or never bought,
depending on ``r`` alone, and what the members expect adds up to ``S`` where a falling, piecewise linear
function of ``r`` is 0. So equilibrium payoffs are unique [eraslan2002]_ and found in one step.

Array convention. One problem: numbers by member have shape ``(actors,)``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.errors import NotDefinedError, UsageError
from sim.games.bargaining import BargainingProblem, OfferRules
from sim.results import Division, Solution
from sim.solutions.bargaining._gains_over_disagreement import member, named, solution

SAME = 1e-12
"""Difference of votes' prices and of shares that counts as none."""


NAME = "baron_ferejohn"


def baron_ferejohn(problem: BargainingProblem, *, rules: OfferRules | None = None) -> Solution:
    """Expected payoffs when a proposer drawn by lot needs a quota of votes.

    Parameters
    ----------
    problem
        A batch of one, mode ``transferable``.
    rules
        ``discount``, ``recognition`` (chances to propose; equal without it) and ``quota`` (a
        majority without it); without rules the problem's own.

    Returns
    -------
    Solution
        The stationary equilibrium: expected payoffs, and in ``extra["by_actor"]`` what each member has
        as proposer and as partner, and how often it is one. Where they are the same for all, ``extra``
        holds the gains of the ``proposer`` and of a ``partner``.

    Raises
    ------
    UsageError
        If there are no rules.
    NotDefinedError
        If payoffs are not transferable.

    Notes
    -----
    Source: [baron1989]_; unequal members: [eraslan2002]_.

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
    if rules is None:
        raise UsageError("baron_ferejohn needs rules: add `offers:` with discount factors")
    if problem.mode != "transferable":
        raise NotDefinedError("baron_ferejohn is defined for mode 'transferable' only")
    utilities, disagreement = problem.one()
    size = len(problem.actors)
    quota = rules.quota or size // 2 + 1
    chances = np.array(rules.recognition or (1.0 / size,) * size)
    asked = {
        "discount": named(problem, rules.discount),
        "recognition": named(problem, chances),
        "quota": quota,
    }
    best = int(utilities.sum(axis=0).argmax())
    surplus = float(utilities[:, best].sum() - disagreement.sum())
    if surplus < 0.0:
        return solution(NAME, (), problem, asked)
    terms = stationary_terms(chances, np.array(rules.discount), quota)
    return solution(NAME, [_member(problem, best, surplus, terms)], problem, asked)


def _member(problem: BargainingProblem, best: int, surplus: float, terms: OfferTerms) -> Division:
    disagreement = problem.one()[1]
    found = member(
        problem,
        disagreement + surplus * terms.values,
        problem.agreements[best],
        by_actor={
            "as proposer": named(problem, disagreement + surplus * terms.proposing),
            "as partner": named(problem, disagreement + surplus * terms.votes),
            "chance to be partner": named(problem, terms.bought),
        },
        **_if_equal("proposer", surplus * terms.proposing),
        **_if_equal("partner", surplus * terms.votes),
    )
    regret = surplus * float(np.max(terms.votes - terms.proposing, initial=0.0))
    return replace(found, regret=max(0.0, regret))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OfferTerms:
    """A stationary equilibrium in shares of the surplus, by member.

    Parameters
    ----------
    values
        What each member expects.
    votes
        What its vote costs, which it has as a partner.
    proposing
        What it keeps as the proposer.
    bought
        The chance that its vote is bought by somebody else.
    """

    values: FloatArray
    votes: FloatArray
    proposing: FloatArray
    bought: FloatArray


def stationary_terms(chances: FloatArray, discount: FloatArray, quota: int) -> OfferTerms:
    """The stationary equilibrium of one unit of surplus.

    Parameters
    ----------
    chances
        To propose, adding to 1.
    discount
        Factors in 0..1.
    quota
        Votes that pass a proposal, the proposer's included.

    Examples
    --------
    >>> terms = stationary_terms(np.full(3, 1 / 3), np.array([0.9, 0.99, 0.99]), 2)
    >>> (31 * terms.values).round(9)
    array([11., 10., 10.])
    """
    if quota == 1:
        return _alone(chances, discount)
    if quota == len(chances):
        values = _unanimous(chances, discount)
    else:
        values = _values(chances, discount, quota)
    votes = discount * values
    order = np.sort(votes)
    price = order[quota - 2] if quota == len(chances) else order[quota - 1]
    return _terms(chances, values, votes, max(price, 0.0), quota)


def _terms(
    chances: FloatArray, values: FloatArray, votes: FloatArray, price: float, quota: int
) -> OfferTerms:
    """What proposers keep, and how often each vote is bought, from what everybody expects."""
    size = len(votes)
    proposing = np.empty(size)
    for i in range(size):
        others = np.sort(np.delete(votes, i))
        proposing[i] = 1.0 - others[: quota - 1].sum()
    earned = values - chances * proposing
    always = (votes < price - SAME) | (quota == size)
    bought = np.divide(earned, votes, out=np.zeros(size), where=votes > 0.0)
    bought = np.where(always, 1.0 - chances, bought.clip(0.0, 1.0))
    return OfferTerms(values=values, votes=votes, proposing=proposing, bought=bought)


def _alone(chances: FloatArray, discount: FloatArray) -> OfferTerms:
    """One vote passes a proposal: whoever proposes keeps everything."""
    size = len(chances)
    return OfferTerms(
        values=chances.copy(),
        votes=discount * chances,
        proposing=np.ones(size),
        bought=np.zeros(size),
    )


def _unanimous(chances: FloatArray, discount: FloatArray) -> FloatArray:
    """All votes are needed: shares in proportion to ``p / (1 - delta)``, patience without end first."""
    endless = discount == 1.0
    weights = np.where(endless, chances, 0.0)
    if not weights.sum() > 0.0:
        weights = chances / np.where(endless, 1.0, 1.0 - discount)
    return np.asarray(weights / weights.sum())


def _values(chances: FloatArray, discount: FloatArray, quota: int) -> FloatArray:
    """What everybody expects where some votes are not needed: the root of :func:`_excess`."""
    with np.errstate(divide="ignore", invalid="ignore"):
        first = 1.0 + (1.0 - discount) / (discount * chances)
        second = 1.0 / (discount * chances)
    bends = np.unique(np.concatenate([first, second]))
    bends = np.concatenate([[0.0], bends[np.isfinite(bends)]])
    bends = np.append(bends, 2.0 * bends[-1] + 2.0)
    heights = np.array([_excess(r, chances, discount, quota) for r in bends])
    k = int(np.argmax(heights <= 0.0))
    low, high = bends[max(k - 1, 0)], bends[k]
    above, below = heights[max(k - 1, 0)], heights[k]
    ratio = high if above == below else low + (high - low) * above / (above - below)
    always, never = _classes(ratio, chances, discount)
    parts = np.divide(1.0, discount, out=np.zeros(len(discount)), where=discount > 0.0)
    gain = np.divide(
        chances * (ratio - 1.0), 1.0 - discount, out=np.zeros(len(discount)), where=discount < 1.0
    )
    parts = np.where(always, gain, np.where(never, chances * ratio, parts))
    return np.asarray(parts / parts.sum())


def _classes(
    ratio: float, chances: FloatArray, discount: FloatArray
) -> tuple[BoolArray, BoolArray]:
    """Whose vote is always bought, and whose never."""
    always = discount * chances * (ratio - 1.0) < 1.0 - discount
    return always, discount * chances * ratio > 1.0


def _excess(ratio: float, chances: FloatArray, discount: FloatArray, quota: int) -> float:
    """What members expect less what there is, in units of the dearest vote; falls as the ratio rises."""
    always, never = _classes(ratio, chances, discount)
    parts = np.divide(1.0, discount, out=np.ones(len(discount)), where=discount > 0.0)
    parts = np.where(always, chances * (ratio - 1.0) + 1.0, np.where(never, chances * ratio, parts))
    return float(parts.sum() - (quota - 1) - ratio)


def _if_equal(name: str, shares: FloatArray) -> dict[str, float]:
    """A number that is the same for every member."""
    return {name: float(shares[0])} if np.ptp(shares) <= SAME * np.abs(shares).max() else {}
