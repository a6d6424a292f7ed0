"""The records of alternating offers: members with both proposals and the gain from one deviation.

Definition. ``regret`` is the largest gain that an actor could make by a deviation in one round,
its later plan unchanged: the proposer by another acceptable offer or by waiting, the responder by
refusing. By the one-deviation principle it is 0 exactly in a subgame perfect equilibrium.

Array convention. One problem: ``utilities`` has shape ``(2, agreements)``, payoffs ``(2,)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim._kernels.tolerance import RELATIVE, FloatArray
from sim.games.bargaining import BargainingProblem, OfferRules
from sim.results import Division, Solution
from sim.solutions.bargaining._after_refusal import refusal
from sim.solutions.bargaining._finite_offers import Space, replies, space, stationary
from sim.solutions.bargaining._frontier_offers import (
    OffersFrontier,
    agreement_exists,
    demand,
    frontier_of,
    induced_positions,
    stationary_positions,
)
from sim.solutions.bargaining._gains_over_disagreement import member, named, solution, unit
from sim.solutions.bargaining._rotating_offers import rotating_induction, rotating_proposals

NAME = "alternating_offers"
NO_DEAL = (
    "no agreement gives both actors what each can have without it (status quo, outside payoff,"
    " ratification at home): no agreement is made"
)
NO_PURE = "no stationary equilibrium in pure strategies makes an agreement in the first two rounds"
Asked = Mapping[str, Any]


def on_frontier(problem: BargainingProblem, rules: OfferRules, asked: Asked) -> Solution:
    """Two actors along a continuous frontier."""
    frontier = frontier_of(problem, rules)
    if not agreement_exists(problem, rules, frontier):
        return solution(NAME, (), problem, asked, note=NO_DEAL)
    endless = rules.horizon is None
    pairs = (
        stationary_positions(problem, rules, frontier)
        if endless
        else [induced_positions(problem, rules, frontier)]
    )
    found = [_frontier_member(problem, rules, frontier, pair) for pair in pairs]
    slack = 10.0 * RELATIVE * float(unit(problem.utilities, problem.disagreement).max())
    members = [one for one in found if (one.regret or 0.0) <= slack]
    exhaustive = frontier.concave or not endless
    note = "" if exhaustive else "the frontier is not concave: there may be other equilibria"
    return solution(
        NAME, members, problem, asked, exhaustive=exhaustive, note=note if members else NO_DEAL
    )


def _frontier_member(
    problem: BargainingProblem,
    rules: OfferRules,
    frontier: OffersFrontier,
    pair: tuple[float, float],
) -> Division:
    payoffs = [frontier.payoffs(t) for t in pair]
    last = rules.horizon == 1
    proposers = (0, 1) if rules.horizon is None else (rules.first,)
    after = [problem.one()[1]] * 2 if last else payoffs[::-1]
    regret = max(_gain(problem, rules, frontier, p, payoffs[p], after[p]) for p in proposers)
    proposals = {
        problem.actors[p]: named(problem, payoffs[p])
        for p in (0, 1)
        if not last or p == rules.first
    }
    found = frontier.describe(pair[rules.first])
    return replace(found, regret=regret, extra={**found.extra, "proposals": proposals, "round": 1})


def _gain(
    problem: BargainingProblem,
    rules: OfferRules,
    frontier: OffersFrontier,
    proposer: int,
    offered: FloatArray,
    after: FloatArray,
) -> float:
    responder = 1 - proposer
    refused = refusal(rules, responder, after, problem.one()[1]).payoffs
    level = demand(problem, rules, responder, after)
    best = frontier.payoffs(frontier.locate(responder, level))
    gains = refused - offered
    return float(max(0.0, gains.max(), best[proposer] - offered[proposer]))


def stationary_pairs(problem: BargainingProblem, rules: OfferRules, asked: Asked) -> Solution:
    """Two actors, finitely many agreements, no last round: one member per agreement reached."""
    game = space(problem.utilities, problem.disagreement, rules)
    found = stationary(game)
    pairs, alone, late = found.pairs[..., 0], found.alone[:, 0], found.late[:, 0]
    utilities = problem.one()[0]
    members = []
    for a in np.flatnonzero(pairs.any(axis=1) | alone):
        later = np.flatnonzero(pairs[a])
        after = utilities[:, later[0]] if len(later) else _waited(game, utilities[:, a])
        labels = [problem.agreements[b] for b in later] + ["wait"] * bool(alone[a])
        members.append(_offered(problem, game, rules.first, int(a), after, labels))
    for b in np.flatnonzero(late):
        payoffs = found.late_payoffs[:, b, 0]
        members.append(_late(problem, game, int(b), payoffs))
    return solution(NAME, members, problem, asked, note="" if members else NO_PURE)


def _waited(game: Space, agreed: FloatArray) -> FloatArray:
    second = 1 - game.rules.first
    return game.refuse(1 - second, agreed[:, None, None]).payoffs[:, 0, 0]


def _offered(
    problem: BargainingProblem,
    game: Space,
    proposer: int,
    index: int,
    after: FloatArray,
    answers: list[str],
) -> Division:
    utilities = problem.one()[0]
    other = problem.actors[1 - proposer]
    return replace(
        found := member(problem, utilities[:, index], problem.agreements[index]),
        regret=_deviation(game, proposer, utilities[:, index], after),
        extra={
            **found.extra,
            "proposals": {
                problem.actors[proposer]: [problem.agreements[index]],
                other: answers,
            },
            "round": 1,
        },
    )


def _late(problem: BargainingProblem, game: Space, index: int, payoffs: FloatArray) -> Division:
    label = problem.agreements[index]
    first = game.rules.first
    agreed = problem.one()[0][:, index]
    found = member(problem, payoffs, label)
    proposals = {problem.actors[first]: ["wait"], problem.actors[1 - first]: [label]}
    return replace(
        found,
        regret=_deviation(game, 1 - first, agreed, payoffs),
        extra={**found.extra, "proposals": proposals, "round": 2},
    )


def _deviation(game: Space, proposer: int, agreed: FloatArray, after: FloatArray) -> float:
    responder = 1 - proposer
    refused = game.refuse(responder, after[:, None, None]).payoffs[:, 0, 0]
    utilities = game.utilities[..., 0]
    accepted = game.valid[:, 0] & (utilities[responder] >= refused[responder])
    best = utilities[proposer, accepted].max(initial=-np.inf)
    gains = (refused - agreed).max()
    return float(max(0.0, gains, best - agreed[proposer]))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Value:
    """What a round is worth, what ends the talks, and the largest gain from one deviation since."""

    payoffs: FloatArray
    agreement: int | None
    turn: int
    regret: float = 0.0


def by_induction(problem: BargainingProblem, rules: OfferRules, asked: Asked) -> Solution:
    """Two actors, finitely many agreements, a last round.

    Ties give several values of a round; the value that follows a refusal is the same for every
    refused offer.
    """
    assert rules.horizon is not None
    game = space(problem.utilities, problem.disagreement, rules)
    values = [_Value(payoffs=problem.one()[1], agreement=None, turn=0)]
    for turn in reversed(range(rules.horizon)):
        proposer = (rules.first + turn) % 2
        steps = {
            (value.agreement, value.turn): value
            for after in values
            for value in _round(game, proposer, after, turn + 1)
        }
        values = list(steps.values())
    members = [_induced(problem, value) for value in values if value.agreement is not None]
    return solution(NAME, members, problem, asked, note="" if members else NO_DEAL)


def _round(game: Space, proposer: int, after: _Value, turn: int) -> list[_Value]:
    plans = replies(game, proposer, after.payoffs[:, None, None])
    if not plans.waits[0, 0]:
        return [
            _agreed(game, proposer, int(a), after, turn)
            for a in np.flatnonzero(plans.offers[:, 0, 0])
        ]
    left = bool(plans.refused.leaves[0, 0])
    agreement = None if left else after.agreement
    refused = plans.refused.payoffs[:, 0, 0]
    responder = 1 - proposer
    utilities = game.utilities[..., 0]
    accepted = game.valid[:, 0] & (utilities[responder] >= refused[responder])
    missed = utilities[proposer, accepted].max(initial=-np.inf) - refused[proposer]
    regret = max(after.regret, float(missed), 0.0)
    return [_Value(payoffs=refused, agreement=agreement, turn=after.turn, regret=regret)]


def _agreed(game: Space, proposer: int, index: int, after: _Value, turn: int) -> _Value:
    agreed = game.utilities[:, index, 0]
    regret = max(after.regret, _deviation(game, proposer, agreed, after.payoffs))
    return _Value(payoffs=agreed, agreement=index, turn=turn, regret=regret)


def _induced(problem: BargainingProblem, value: _Value) -> Division:
    assert value.agreement is not None
    found = member(problem, value.payoffs, problem.agreements[value.agreement])
    return replace(found, regret=value.regret, extra={**found.extra, "round": value.turn})


def in_rotation(problem: BargainingProblem, rules: OfferRules, asked: Asked) -> Solution:
    """Any number of actors who divide the largest total payoff, unanimity required."""
    utilities, disagreement = problem.one()
    best = int(utilities.sum(axis=0).argmax())
    surplus = float(utilities[:, best].sum() - disagreement.sum())
    if surplus < 0.0:
        return solution(NAME, (), problem, asked)
    discount = np.array(rules.discount)
    regret = None
    if rules.horizon is None:
        proposals = rotating_proposals(discount, surplus)
        gains = proposals[rules.first]
        waiting = discount * np.roll(proposals, -1, axis=0) - proposals
        regret = float(max(0.0, waiting.max()))
    else:
        gains = rotating_induction(discount, surplus, rules.horizon, rules.first)
    payoffs = disagreement + gains
    moved = named(problem, payoffs - utilities[:, best])
    found = member(problem, payoffs, problem.agreements[best], transfers=moved, round=1)
    return solution(NAME, [replace(found, regret=regret)], problem, asked)
