"""The take-it-or-leave-it offer to an actor with a continuum of types: perfect Bayesian equilibrium, in
closed form or enclosed.

Definition. The responder, who knows ``c``, picks the answer that is best for it; so answers follow one
another along ``c`` with cuts where two are equally good. The proposer makes the offer with the largest
expected payoff [fearon1995]_. Where a set of types of positive chance is indifferent, it answers as the
proposer prefers: no equilibrium has another answer at a best offer, as an offer a little better for them
would be.

Method. Cuts are affine in the offer. Between offers at which the order of cuts and knots changes the
expected payoff is a quadratic: three of its values give it, and its best point is its vertex or an end. So
all best offers are found, in doubles and without a grid. The regret is what the best of many other offers
would add. For a law with a density (triangular, normal, beta) the best offers are enclosed by subdivision
(:mod:`sim.solutions.screening._certified_offers`): the offer printed is the middle of its interval.

Array convention. As in :mod:`sim.games.private.screening`.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np

from sim._kernels.tolerance import RELATIVE
from sim.games.private.screening import ScreeningGame
from sim.results import Solution, StrategyProfile
from sim.solutions.screening._certified_offers import Piece, candidates

TRIED = 2_001
"""Offers at which the certificate looks for a better one."""
TRIED_SMOOTH = 401
"""The same where the law has a density, and bounds are the certificate."""
INSIDE = np.array([0.25, 0.5, 0.75])
"""Where in a piece its quadratic is read off."""


def screening_offer(game: ScreeningGame) -> Solution:
    """The best offers, what is answered to them, and how likely.

    Parameters
    ----------
    game
        Answers with payoffs affine in the offer and in what the responder alone knows.

    Returns
    -------
    Solution
        A member per best offer; ``extra`` has the ``offer``, the chance of every answer, and ``cuts``: from
        which to which private number each is given. Where the law has a density also ``offer_between`` and
        ``payoff_between``, bounds of the offer and of what it brings.

    Notes
    -----
    Source: [fearon1995]_.

    Examples
    --------
    A demand to an adversary with a cost of war between 0 and 0.2, at odds of 0.6 and an own cost of 0.05:

    >>> import sim
    >>> war = sim.loads('''
    ... screening:
    ...   proposer: a
    ...   responder: b
    ...   offer: {demand: {from: 0, to: 1}}
    ...   private: {cost: {from: 0, to: 0.2}}
    ...   answers:
    ...     accept: {a: demand, b: 1 - demand}
    ...     fight: {a: 0.6 - 0.05, b: 0.4 - cost}
    ... ''')
    >>> (best,) = sim.solve(war)[0].members
    >>> round(best.extra["offer"], 9), round(best.extra["answers"]["fight"], 9)
    (0.675, 0.375)
    """
    if game.number.law is not None:
        return _enclosed(game)
    pieces = [best for span in pairwise(_turns(game)) for best in _best_of(game, span)]
    if not pieces:
        pieces = [(game.span[0], game.span[0])]
    worths = [_worth(game, x, beside) for x, beside in pieces]
    top = max(worths)
    room = RELATIVE * max(1.0, float(np.abs(game.payoffs).max()))
    found: list[tuple[float, float]] = []
    for (x, beside), worth in zip(pieces, worths, strict=True):
        if worth >= top - room and all(abs(x - y) > room for y, _ in found):
            found.append((x, beside))
    tried = _best_tried(game, TRIED)
    members = tuple(_member(game, x, beside, tried) for x, beside in found)
    return Solution(
        concept="screening_offer",
        members=members,
        exhaustive=True,
        note="" if len(members) == 1 else "several offers are equally good",
    )


def _best_tried(game: ScreeningGame, count: int) -> float:
    return max(_worth(game, x, x) for x in np.linspace(*game.span, count))


def _enclosed(game: ScreeningGame) -> Solution:
    """The best offers under a law with a density, each within bounds."""
    spans = list(pairwise(_turns(game))) or [(game.span[0], game.span[0])]
    pieces = [_piece(game, span) for span in spans]
    found, stopped = candidates(game, pieces)
    tried = _best_tried(game, TRIED_SMOOTH)
    members: list[StrategyProfile] = []
    for one in found:
        piece = pieces[one.piece]
        member = _member(game, (one.low + one.high) / 2, (piece.low + piece.high) / 2, tried)
        if members and one.low <= members[-1].extra["offer_between"][1]:
            continue
        between = {
            "offer_between": [one.low, one.high],
            "payoff_between": [one.least, one.most],
        }
        members.append(replace(member, extra={**member.extra, **between}))
    notes = ["bounds do not tell which of these offers is best"] if len(members) > 1 else []
    notes += ["offers near the best are too close to it to be told apart"] if stopped else []
    return Solution(
        concept="screening_offer",
        members=tuple(members),
        exhaustive=True,
        note="; ".join(notes),
    )


def _piece(game: ScreeningGame, span: tuple[float, float]) -> Piece:
    """Answers and cuts between two offers at which their order may change."""
    order = tuple(answer for _, answer, _ in _given(game, (span[0] + span[1]) / 2))
    own = game.payoffs[1]
    cuts = []
    for j, k in pairwise(order):
        constant, offer, private = own[j] - own[k]
        cuts.append((-constant / private, -offer / private))
    return Piece(*span, order, np.array(cuts).reshape(-1, 2))


def _turns(game: ScreeningGame) -> list[float]:
    """Offers at which cuts, knots or answers change their order, with both ends."""
    lines = [(float(knot), 0.0) for knot in game.number.knots]
    ties = []
    for j, k in combinations(range(len(game.answers)), 2):
        constant, offer, private = game.payoffs[1, j] - game.payoffs[1, k]
        if private:
            lines.append((-constant / private, -offer / private))
        elif offer:
            ties.append(-constant / offer)
    for (a, b), (c, d) in combinations(lines, 2):
        if b != d:
            ties.append((c - a) / (b - d))
    low, high = game.span
    return sorted({low, high, *(x for x in ties if low < x < high)})


def _best_of(game: ScreeningGame, span: tuple[float, float]) -> list[tuple[float, float]]:
    """Offers that may be best in a piece, each with one beside it inside the piece."""
    low, high = span
    at = low + (high - low) * INSIDE
    values = [_worth(game, x, x) for x in at]
    middle = float(at[1])
    bend = values[0] - 2 * values[1] + values[2]
    slope = (values[2] - values[0]) / 2
    ends = [(low, middle), (high, middle)]
    if bend >= 0:
        return ends
    vertex = middle - slope / bend * (high - low) / 4
    return [(vertex, middle), *ends] if low < vertex < high else ends


def _given(game: ScreeningGame, beside: float) -> list[tuple[int, int, int]]:
    """Answers along the private number near an offer: each with the answers before and after it."""
    own = game.payoffs[1]
    low, high = float(game.number.knots[0]), float(game.number.knots[-1])
    cuts = {low, high}
    for j, k in combinations(range(len(own)), 2):
        constant, offer, private = own[j] - own[k]
        if private:
            cuts.add(float(np.clip(-(constant + offer * beside) / private, low, high)))
    order: list[int] = []
    for a, b in pairwise(sorted(cuts)):
        point = (a + b) / 2
        values = own @ np.array([1.0, beside, point])
        ties = np.flatnonzero(values >= values.max() - RELATIVE * max(1.0, abs(values.max())))
        first = game.payoffs[0, ties] @ np.array([1.0, beside, point])
        answer = int(ties[first.argmax()])
        if not order or order[-1] != answer:
            order.append(answer)
    return [
        (order[i - 1] if i else -1, answer, order[i + 1] if i + 1 < len(order) else -1)
        for i, answer in enumerate(order)
    ]


def _regions(game: ScreeningGame, x: float, beside: float) -> list[tuple[int, float, float]]:
    """Answers with the private numbers that give them at an offer, in the order that holds beside it."""
    low, high = float(game.number.knots[0]), float(game.number.knots[-1])

    def cut(j: int, k: int) -> float:
        constant, offer, private = game.payoffs[1, j] - game.payoffs[1, k]
        return float(np.clip(-(constant + offer * x) / private, low, high))

    return [
        (
            answer,
            low if before < 0 else cut(before, answer),
            high if after < 0 else cut(answer, after),
        )
        for before, answer, after in _given(game, beside)
    ]


def _worth(game: ScreeningGame, x: float, beside: float, actor: int = 0) -> float:
    """What an actor expects of an offer."""
    total = 0.0
    for answer, low, high in _regions(game, x, beside):
        constant, offer, private = game.payoffs[actor, answer]
        chance, mean = game.number.mass(low, high)
        total += chance * (constant + offer * x) + private * mean
    return total


def _member(game: ScreeningGame, x: float, beside: float, tried: float) -> StrategyProfile:
    worth = _worth(game, x, beside)
    regions = _regions(game, x, beside)
    answers = dict.fromkeys(game.answers, 0.0)
    for answer, low, high in regions:
        answers[game.answers[answer]] += game.number.mass(low, high)[0]
    label = f"{game.offer} {x:.6g}"
    payoffs = dict(zip(game.actors, (worth, _worth(game, x, beside, 1)), strict=True))
    said = ", ".join(f"{name} {p:.4g}" for name, p in answers.items() if p > 0)
    return StrategyProfile(
        payoffs=payoffs,
        strategies={game.actors[0]: {label: 1.0}},
        regret=max(0.0, tried - worth),
        outcome=f"{label}: {said}",
        extra={
            "offer": float(x) + 0.0,
            "answers": answers,
            "cuts": [
                {"answer": game.answers[answer], "from": low, "to": high}
                for answer, low, high in regions
            ],
        },
    )
