"""Perfect Bayesian equilibria of costly signals with a continuum of types: cut-offs, and pooling.

Definition. In a *cut-off* equilibrium types above a number send one message and types below it the other;
the type at the cut is indifferent, no type gains by the other message, and the receiver's answers are best
given who sends what [fearon1997]_. After at most one of the messages it mixes two answers. In a *pooling*
equilibrium all types send the same; the other message would be met by an answer that is best against some
type. Left out are answers that are mixed off the path, and equilibria in which types on both sides of an
interval send the same.

Method. With pure answers what the other message would add is straight between finitely many numbers: its
zeros are exact. Where the receiver mixes, the cut makes it indifferent: what one answer adds over another,
summed over the types that send the message, is monotone in the cut between finitely many numbers, a
quadratic there if the law is uniform or straight between points, and solved as such; otherwise it is halved
as long as its sign is certain. The mixture makes the type at the cut indifferent. All conditions are then
checked at all numbers between which they are straight.

Array convention. One game at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, pairwise, permutations

from sim._kernels.tolerance import RELATIVE
from sim.games.private.costly_signal import CostlySignal
from sim.results import Solution, StrategyProfile
from sim.solutions.costly_signal._indifferent_receiver import indifferent_cuts
from sim.solutions.costly_signal._plays import (
    CutPlay,
    could_be_best,
    gain_of_receiver,
    gain_of_sender,
    scale_of,
    sender_value,
    turns_of,
)
from sim.solutions.costly_signal._signal_results import cut_member, pooling_member


def cut_offs(game: CostlySignal) -> Solution:
    """All cut-offs, and all poolings, of a costly signal.

    Parameters
    ----------
    game
        A sender with a private number, two messages, and answers.

    Returns
    -------
    Solution
        A member per equilibrium outcome; ``extra`` has the ``cut``, who sends what, the receiver's
        ``answers`` by message, the chance of every outcome, and under a law with a density
        ``cut_between``, the bounds of a cut at which the receiver mixes.

    Notes
    -----
    Source: [fearon1997]_.

    Examples
    --------
    Vows that cost 0.2 to break; types whom war costs more than that bluff down to -0.55:

    >>> import sim
    >>> crisis = sim.loads('''
    ... costly_signal:
    ...   sender: a
    ...   receiver: b
    ...   private: {war: {from: -1, to: 0.5}}
    ...   messages:
    ...     silent:
    ...       stay: {a: 0, b: 1}
    ...     vow:
    ...       concede: {a: 1, b: 0}
    ...       resist, fight: {a: war, b: -0.5}
    ...       resist, back down: {a: -0.2, b: 1}
    ... ''')
    >>> best = sim.solve(crisis)[0].members[0]
    >>> round(best.extra["cut"], 9), round(best.extra["answers"]["vow"]["concede"], 9)
    (-0.55, 0.166666667)
    """
    found: list[CutPlay] = []
    for low, high in permutations(game.messages):
        for play in (*_pure(game, low, high), *_mixed(game, low, high)):
            if _holds(game, play) and not any(_same(game, play, other) for other in found):
                found.append(play)
    members: list[StrategyProfile] = [cut_member(game, play) for play in found]
    for message, other in permutations(game.messages):
        members += _poolings(game, message, other)
    return Solution(concept="cut_offs", members=tuple(members), exhaustive=False)


def _pure(game: CostlySignal, low: str, high: str) -> Iterator[CutPlay]:
    """Cuts at which the sender is indifferent, for every pair of answers."""
    for s in game.messages[low]:
        for r in game.messages[high]:
            play = CutPlay(low, high, game.number.ends[0], {low: {s: 1.0}, high: {r: 1.0}})
            points = turns_of(game, play)
            gains = [
                sender_value(game, play, high, c) - sender_value(game, play, low, c) for c in points
            ]
            for (a, x), (b, y) in pairwise(zip(points, gains, strict=True)):
                if x < 0 < y:
                    yield replace(play, cut=a - x * (b - a) / (y - x))
            for c, x in zip(points[1:-1], gains[1:-1], strict=True):
                if x == 0:
                    yield replace(play, cut=c)


def _mixed(game: CostlySignal, low: str, high: str) -> Iterator[CutPlay]:
    """Cuts at which the receiver is indifferent between two answers to one of the messages."""
    for mixed, other in permutations((low, high)):
        for r, s in combinations(game.messages[mixed], 2):
            cuts = indifferent_cuts(game, mixed, (r, s), above=mixed == high)
            for cut, between in cuts:
                for answer in game.messages[other]:
                    play = CutPlay(low, high, cut, {other: {answer: 1.0}}, between)
                    target = sender_value(game, play, other, cut)
                    at = [
                        sender_value(game, replace(play, answers={mixed: {one: 1.0}}), mixed, cut)
                        for one in (r, s)
                    ]
                    share = (target - at[1]) / (at[0] - at[1]) if at[0] != at[1] else -1.0
                    if RELATIVE < share < 1 - RELATIVE:
                        answers = {mixed: {r: share, s: 1 - share}, other: {answer: 1.0}}
                        yield replace(play, answers=answers)


def _holds(game: CostlySignal, play: CutPlay) -> bool:
    """Whether no type and not the receiver gains, and both messages are sent."""
    low, high = game.number.ends
    room = RELATIVE * scale_of(game)
    sent = game.number.mass(low, play.cut)[0], game.number.mass(play.cut, high)[0]
    return (
        min(sent) > RELATIVE
        and gain_of_sender(game, play) <= room
        and gain_of_receiver(game, play) <= room
    )


def _same(game: CostlySignal, one: CutPlay, other: CutPlay) -> bool:
    room = RELATIVE * max(1.0, *map(abs, game.number.ends))
    return (
        (one.low, one.high) == (other.low, other.high)
        and abs(one.cut - other.cut) <= room
        and all(one.answers[m].keys() == other.answers[m].keys() for m in game.messages)
    )


def _poolings(game: CostlySignal, message: str, other: str) -> Iterator[StrategyProfile]:
    """All send one message: per answer to it a member, if some answer to the other keeps them there."""
    top = game.number.ends[1]
    room = RELATIVE * scale_of(game)
    for s in game.messages[message]:
        keeps = []
        for r in game.messages[other]:
            play = CutPlay(message, other, top, {message: {s: 1.0}, other: {r: 1.0}})
            if gain_of_sender(game, play) <= room and could_be_best(game, other, r):
                keeps.append(r)
        play = CutPlay(message, other, top, {message: {s: 1.0}})
        if keeps and gain_of_receiver(game, play) <= room:
            yield pooling_member(
                game, replace(play, answers={message: {s: 1.0}, other: {keeps[0]: 1.0}}), keeps
            )
