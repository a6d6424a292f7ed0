"""Alternating offers: the actors propose agreements in turn until one is accepted.

Definition. In each round one actor offers an agreement and the other accepts or refuses; after a
refusal the other actor offers. A gain over the disagreement point shrinks by the actor's discount
factor with every round (until then the status quo pays). Options: a last round; outside payoffs
that an actor takes by leaving after its refusal; a chance of breakdown after each refusal; least
payoffs that are ratified at home, below which an offer is void. The solution is the subgame
perfect equilibrium in stationary strategies; with a last round, backward induction.

* two actors, a divided surplus, lotteries or transferable payoffs: the proposals are a fixed point on
  the Pareto frontier, unique when it is concave (Rubinstein 1982; options: Binmore, Rubinstein and
  Wolinsky 1986, Muthoo 1999, Tarar 2001);
* two actors, finitely many agreements: all stationary equilibria in pure strategies, by trying every
  pair of plans; ties are resolved towards agreement and all of them are reported;
* more actors: unanimity with transferable payoffs and proposers in turn.

Array convention. One problem: ``utilities`` has shape ``(2, agreements)``, the disagreement point
``(2,)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sim.errors import NotDefinedError, TooLargeError, UsageError
from sim.games.bargaining import BargainingProblem, OfferRules
from sim.results import Solution
from sim.solutions.bargaining import _offer_results as results
from sim.solutions.bargaining._after_refusal import check_patience

NAME = "alternating_offers"
LIMIT = 1024
"""Largest number of agreements whose pairs are all tried."""


def alternating_offers(problem: BargainingProblem, *, rules: OfferRules | None = None) -> Solution:
    """The agreement that perfectly rational actors reach by offering in turn.

    Parameters
    ----------
    problem
        A batch of one.
    rules
        Discount factors, first proposer and options; without it the problem's own.

    Returns
    -------
    Solution
        One member per equilibrium: payoffs at the start of the game, the agreement, and in
        ``extra`` both proposals and the round of agreement. ``regret`` is the largest gain from
        one deviation. Empty, with a note, when no agreement gives everyone what refusal would.

    Raises
    ------
    UsageError
        If there are no rules, or waiting costs nothing and there is no last round.
    NotDefinedError
        With more than two actors, unless payoffs are transferable.
    TooLargeError
        With more than ``LIMIT`` agreements of mode ``discrete``.

    Notes
    -----
    Source: [rubinstein1982]_; breakdown: [binmore1986]_; outside options: [muthoo1999]_;
    ratification: [tarar2001]_.

    Examples
    --------
    >>> problem = BargainingProblem.from_table(
    ...     {"deal": (1, 0)}, disagreement=(0, 0), mode="transferable",
    ...     offers=OfferRules(discount=(0.9, 0.9)),
    ... )
    >>> round(alternating_offers(problem).equilibria[0].payoffs["actor 1"], 9)
    0.526315789
    """
    rules = rules or problem.offers
    if rules is None:
        raise UsageError("alternating_offers needs rules: add `offers:` with discount factors")
    if len(rules.discount) != len(problem.actors):
        raise UsageError(f"one discount factor for each of {len(problem.actors)} actors is needed")
    check_patience(rules)
    asked = _asked(problem, rules)
    if len(problem.actors) > 2:
        return _of_many(problem, rules, asked)
    if problem.mode != "discrete":
        return results.on_frontier(problem, rules, asked)
    if len(problem.agreements) > LIMIT:
        raise TooLargeError(
            f"{len(problem.agreements)} agreements; pairs are tried up to {LIMIT}:"
            " use mode 'lottery', or leave out dominated agreements"
        )
    if rules.horizon is not None:
        return results.by_induction(problem, rules, asked)
    return results.stationary_pairs(problem, rules, asked)


def _of_many(problem: BargainingProblem, rules: OfferRules, asked: Mapping[str, Any]) -> Solution:
    if problem.mode != "transferable":
        raise NotDefinedError(
            "alternating offers of more than two actors are solved for mode 'transferable' only"
        )
    if rules.breakdown or rules.outside or rules.minimum:
        raise NotDefinedError(
            "outside, breakdown and minimum are solved for two actors only;"
            " lower the discount factors to express a chance of breakdown"
        )
    return results.in_rotation(problem, rules, asked)


def _asked(problem: BargainingProblem, rules: OfferRules) -> dict[str, Any]:
    given = {key: value for key, value in asdict(rules).items() if value is not None}
    named = {
        key: dict(zip(problem.actors, value, strict=True)) if isinstance(value, tuple) else value
        for key, value in given.items()
    }
    return {**named, "first": problem.actors[rules.first]}
