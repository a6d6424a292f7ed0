"""Perfect Bayesian equilibria of cheap talk: the sender says in which of several intervals the state lies.

Definition. In every equilibrium the sender in effect names one of ``n`` intervals, and the receiver chooses
the middle of it; at the end of an interval the sender is indifferent between it and the next, so that each
is longer than the one before by four times the bias [crawford1982]_: with length ``L``, the ``k``-th end
lies at ``k L / n + 2 bias k (k - n)``. There is one equilibrium for every ``n`` with ``2 n (n - 1) |bias| <
L``, and no other outcome; who expects both to gain prefers the largest.

Array convention. One game at a time; ends of intervals in order.
"""

from __future__ import annotations

import numpy as np

from sim.errors import NotDefinedError
from sim.games.private.cheap_talk import CheapTalk
from sim.results import Solution, StrategyProfile

MOST_LISTED = 100
"""Equilibria that are listed, those that tell most first."""


def partitions(game: CheapTalk) -> Solution:
    """All equilibria, the most informative first.

    Parameters
    ----------
    game
        Sender, receiver, states and bias.

    Returns
    -------
    Solution
        A member per number of intervals; ``extra`` has the ends of intervals (``cuts``) and the receiver's
        ``choices``.

    Raises
    ------
    NotDefinedError
        If there is no bias: then everything can be told, in any number of words.

    Notes
    -----
    Source: [crawford1982]_.

    Examples
    --------
    >>> found = partitions(CheapTalk(actors=("envoy", "capital"), low=0, high=1, bias=0.05))
    >>> len(found.members), round(found.members[0].extra["cuts"][1], 6)
    (3, 0.133333)
    """
    if game.bias == 0:
        raise NotDefinedError(
            "without a bias the sender tells everything, in any number of intervals"
        )
    length = game.high - game.low
    most = int(np.floor(0.5 + np.sqrt(0.25 + length / (2 * abs(game.bias)))))
    while most > 1 and 2 * most * (most - 1) * abs(game.bias) >= length:
        most -= 1
    counts = range(most, max(0, most - MOST_LISTED), -1)
    return Solution(
        concept="partitions",
        members=tuple(_member(game, n) for n in counts),
        status="complete" if most <= MOST_LISTED else "limit reached",
        exhaustive=most <= MOST_LISTED,
        note="" if most <= MOST_LISTED else f"the {MOST_LISTED} that tell most, of {most:,}",
    )


def _member(game: CheapTalk, n: int) -> StrategyProfile:
    k = np.arange(n + 1)
    cuts = game.low + k * (game.high - game.low) / n + 2 * game.bias * k * (k - n)
    choices = (cuts[1:] + cuts[:-1]) / 2
    sizes = np.diff(cuts)
    loss = float((sizes**3).sum() / 12 / (game.high - game.low))
    wanted = cuts[1:-1] + game.bias
    missed = (choices[1:] - wanted) ** 2 - (choices[:-1] - wanted) ** 2
    sender, receiver = game.actors
    return StrategyProfile(
        payoffs={sender: -loss - game.bias**2, receiver: -loss},
        regret=float(np.abs(missed).max(initial=0.0)),
        outcome="nothing is told" if n == 1 else f"one of {n} intervals is told",
        extra={"cuts": cuts.tolist(), "choices": choices.tolist()},
    )
