"""Banzhaf value and index: what each player adds, averaged over all coalitions.

Definition. The Banzhaf value is ``beta_i = 2**(1-n) * sum over S not holding i of v(S + i) -
v(S)`` (Banzhaf 1965, Owen 1975). On a weighted voting body the sum counts *swings*, and the
normalised index is a voter's share of all swings.

Array convention. Coalitions are bitmasks; one game at a time. Exact fractions throughout.
"""

from __future__ import annotations

from fractions import Fraction

from sim.games.coalitional import CoalitionalGame, WeightedVoting
from sim.results import Allocation, Solution
from sim.solutions.coalitional._coalition_claims import payoffs, texts
from sim.solutions.coalitional.shapley import marginal_gains


def banzhaf(game: CoalitionalGame | WeightedVoting) -> Solution:
    """The Banzhaf value of a game, or the normalised Banzhaf index of a voting body.

    Parameters
    ----------
    game
        A coalitional game, or a voting body of any number of voters.

    Returns
    -------
    Solution
        One member. For a game its payoffs are the Banzhaf value, and ``extra["normalised"]`` is the
        value scaled to sum to ``v(N)``. For a voting body they are the normalised index,
        ``extra["absolute"]`` is the probability of a swing when all coalitions are equally likely,
        and ``extra["swings"]`` the number of swings. ``extra["exact"]`` gives the payoffs in
        fractions.

    Notes
    -----
    Source: [banzhaf1965]_.

    Examples
    --------
    >>> body = WeightedVoting.of({"a": 3, "b": 2, "c": 1}, quota=4)
    >>> banzhaf(body).equilibria[0].payoffs
    {'a': 0.6, 'b': 0.2, 'c': 0.2}
    >>> banzhaf(body).equilibria[0].extra["swings"]
    {'a': 3, 'b': 1, 'c': 1}
    """
    member = _of_body(game) if isinstance(game, WeightedVoting) else _of_game(game)
    return Solution(concept="banzhaf", members=(member,), exhaustive=True)


def _of_body(body: WeightedVoting) -> Allocation:
    counts = [sum(sizes) for sizes in body.swings_by_size()]
    shares = [Fraction(count, sum(counts)) for count in counts]
    chance = [Fraction(count, 1 << (len(counts) - 1)) for count in counts]
    return Allocation(
        payoffs=payoffs(body.players, shares),
        extra={
            "exact": texts(body.players, shares),
            "absolute": payoffs(body.players, chance),
            "swings": dict(zip(body.players, counts, strict=True)),
        },
    )


def _of_game(game: CoalitionalGame) -> Allocation:
    n = len(game.players)
    worth = [sum(row, Fraction(0)) / (1 << (n - 1)) for row in marginal_gains(game.exact, n)]
    total = sum(worth, Fraction(0))
    extra: dict[str, object] = {"exact": texts(game.players, worth)}
    if total:
        scaled = [share * game.exact[-1] / total for share in worth]
        extra["normalised"] = payoffs(game.players, scaled)
    return Allocation(payoffs=payoffs(game.players, worth), extra=extra)
