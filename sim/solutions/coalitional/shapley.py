"""Shapley value: what each player adds, averaged over all orders of joining.

Definition. ``phi_i = sum over S not holding i of |S|! (n-|S|-1)! / n! * (v(S + i) - v(S))``
(Shapley 1953). On a weighted voting body it is the Shapley-Shubik index: the share of orders in
which the voter is pivotal.

Method. Exact fractions. Voting bodies go by dynamic programming over weights, so that a hundred
voters are instant; other games by one pass over coalitions per player.

Array convention. Coalitions are bitmasks; one game at a time.
"""

from __future__ import annotations

from fractions import Fraction
from math import comb, lcm

import numpy as np

from sim._kernels.tolerance import AnyArray
from sim._kernels.voting_power import order_shares
from sim.games.coalitional import CoalitionalGame, WeightedVoting
from sim.results import Allocation, Solution
from sim.solutions.coalitional._coalition_claims import payoffs, texts


def shapley(game: CoalitionalGame | WeightedVoting) -> Solution:
    """The Shapley value, or the Shapley-Shubik index of a voting body.

    Parameters
    ----------
    game
        A coalitional game, or a voting body of any number of voters.

    Returns
    -------
    Solution
        One member; ``extra["exact"]`` gives it in fractions.

    Notes
    -----
    Source: [shapley1953]_, [shapley1954]_.

    Examples
    --------
    >>> body = WeightedVoting.of({"a": 50, "b": 49, "c": 1}, quota=51)
    >>> shapley(body).equilibria[0].extra["exact"]
    {'a': '2/3', 'b': '1/6', 'c': '1/6'}
    """
    if isinstance(game, WeightedVoting):
        shares = list(order_shares(game.swings_by_size()))
    else:
        shares = shapley_values(game.exact, len(game.players))
    member = Allocation(
        payoffs=payoffs(game.players, shares), extra={"exact": texts(game.players, shares)}
    )
    return Solution(concept="shapley", members=(member,), exhaustive=True)


def shapley_values(values: AnyArray, players: int) -> list[Fraction]:
    """The Shapley value from a table of fractions indexed by bitmask.

    Examples
    --------
    >>> shapley_values(np.array([Fraction(v) for v in (0, 1, 2, 5)]), 2)
    [Fraction(2, 1), Fraction(3, 1)]
    """
    gains = marginal_gains(values, players)
    weights = [Fraction(1, players * comb(players - 1, k)) for k in range(players)]
    return [sum((w * g for w, g in zip(weights, row, strict=True)), Fraction(0)) for row in gains]


def marginal_gains(values: AnyArray, players: int) -> list[list[Fraction]]:
    """Per player and coalition size, the sum of what the player adds to coalitions of that size.

    Examples
    --------
    >>> marginal_gains(np.array([Fraction(v) for v in (0, 1, 2, 5)]), 2)[0]
    [Fraction(1, 1), Fraction(3, 1)]
    """
    scale = lcm(*(Fraction(v).denominator for v in values))
    whole = np.array([int(v * scale) for v in values], dtype=object)
    sizes = np.array([mask.bit_count() for mask in range(1 << (players - 1))])
    order = np.argsort(sizes, kind="stable")
    starts = np.searchsorted(sizes[order], np.arange(players))
    out = []
    for i in range(players):
        table = whole.reshape(-1, 2, 1 << i)
        added = (table[:, 1] - table[:, 0]).ravel()[order]
        out.append([Fraction(int(g), scale) for g in np.add.reduceat(added, starts)])
    return out
