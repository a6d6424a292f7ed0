"""A box that holds the values of every subgame perfect equilibrium of bargaining in a Markov world.

Definition. Let every continuation value of every subgame perfect equilibrium, Markov or not, lie in
``[lower, upper]``. A principal then *surely* accepts a deal that beats the best it could have after a
refusal, and *possibly* accepts one that is no worse than the worst. The proposer can secure the best deal
that is surely accepted, so only offers that give it at least that can be made in any equilibrium. What
remains possible gives new, tighter bounds; repeating this keeps every equilibrium inside (after Abreu, Pearce
and Stacchetti 1990, with intervals for sets). Where the box closes to a point, the equilibrium is unique in
payoffs and what is signed is *certified*.

What is arranged for a period without a deal is the static game's unless ``free``: then promises about later
periods may buy other arrangements, every one that some continuation supports is possible, and the box is
wider (repeated arrangements alone sustain many payoffs).

Array convention. As in :mod:`sim.games.in_time.markov_bargaining`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray
from sim.games.in_time.markov_bargaining import MarkovBargaining
from sim.solutions.markov.perfect import continuation, without_deals

STILL = 1e-13
"""Narrowing of the box in a round, in units of payoff, that counts as none."""


MOST_ROUNDS = 2_000
"""Rounds of narrowing after which the box is taken as it is."""
CLOSED = 1e-9
"""Width of a box, in units of payoff, that counts as a point."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EquilibriumBox:
    """Bounds on what any subgame perfect equilibrium gives.

    Parameters
    ----------
    lower, upper
        Values of the principals, ``(principals, states, batch)``.
    surely, possibly
        Whether a deal is signed in every, in some equilibrium, by proposer, ``(proposers, states, batch)``;
        ``possibly`` may be too generous, never too narrow.
    deals, arrangements
        Which deals and arrangements remain possible, ``(proposers, deals or arrangements, states, batch)``.
    rounds
        Rounds of tightening that were played.
    """

    lower: FloatArray
    upper: FloatArray
    surely: BoolArray
    possibly: BoolArray
    deals: BoolArray
    arrangements: BoolArray
    rounds: int

    def closed(self, scales: FloatArray) -> BoolArray:
        """Where the box is a point, within ``CLOSED`` of the payoff units, ``(batch,)``."""
        width = (self.upper - self.lower) / scales[:, None, None]
        return np.asarray((width <= CLOSED).all(axis=(0, 1)))


def equilibrium_box(
    game: MarkovBargaining, *, free: bool = False, most: int = MOST_ROUNDS
) -> EquilibriumBox:
    """Tighten bounds on equilibrium values until they repeat, or ``most`` rounds were played.

    Parameters
    ----------
    game
        A batch of games.
    free
        Whether arrangements may depend on what went before.
    most
        A limit on the work.

    Examples
    --------
    A single state and one deal that both want: it is signed in every equilibrium.

    >>> game = MarkovBargaining.of(deals=[[1.0], [1.0]], recognition=[0.5, 0.5], discount=[0.9, 0.9])
    >>> box = equilibrium_box(game)
    >>> box.surely.all(), box.lower[:, 0, 0], bool(box.closed(game.scales)[0])
    (np.True_, array([1., 1.]), True)

    Notes
    -----
    Source: [abreu1990]_.
    """
    lower, upper = _first(game)
    unit = STILL * game.scales[:, None, None]
    rounds = 0
    while rounds < most:
        rounds += 1
        low, high, found = tighten(game, lower, upper, free)
        low, high = np.maximum(low, lower), np.minimum(high, upper)
        still = ((low - lower <= unit) & (upper - high <= unit)).all()
        lower, upper = low, high
        if still:
            break
    surely, possibly, deals, arrangements = found
    return EquilibriumBox(
        lower=lower,
        upper=upper,
        surely=surely,
        possibly=possibly,
        deals=deals,
        arrangements=arrangements,
        rounds=rounds,
    )


def _first(game: MarkovBargaining) -> tuple[FloatArray, FloatArray]:
    """Bounds on anything that can happen: the worst and the best deal or arrangement for ever."""
    steady = game.interim / (1 - game.discount[:, None, None, :])
    worst = np.minimum(
        np.where(game.open, game.deals, np.inf).min(axis=(1, 2), initial=np.inf),
        steady.min(axis=(1, 2)),
    )
    best = np.maximum(
        np.where(game.open, game.deals, -np.inf).max(axis=(1, 2), initial=-np.inf),
        steady.max(axis=(1, 2)),
    )
    shape = without_deals(game).shape
    return (
        np.broadcast_to(worst[:, None], shape).copy(),
        np.broadcast_to(best[:, None], shape).copy(),
    )


Found = tuple[BoolArray, BoolArray, BoolArray, BoolArray]


def tighten(
    game: MarkovBargaining, lower: FloatArray, upper: FloatArray, free: bool
) -> tuple[FloatArray, FloatArray, Found]:
    """Bounds on values from bounds on tomorrow's, and what is surely and possibly signed under these."""
    ahead = continuation(game, lower), continuation(game, upper)
    low, high = np.zeros_like(lower), np.zeros_like(upper)
    parts = []
    for p in range(game.principals):
        secured, deals, arrangements = _possible(game, p, ahead, free)
        for i in range(game.principals):
            worst, best = _range(game, i, deals, arrangements, ahead)
            if i == p:
                worst = np.maximum(worst, secured)
            low[i] += game.recognition[p] * worst
            high[i] += game.recognition[p] * best
        parts.append((~arrangements.any(axis=0), deals.any(axis=0), deals, arrangements))
    surely, possibly, signed, arranged = (np.stack(x) for x in zip(*parts, strict=True))
    return low, high, (surely, possibly, signed, arranged)


def _possible(
    game: MarkovBargaining, p: int, ahead: tuple[FloatArray, FloatArray], free: bool
) -> tuple[FloatArray, BoolArray, BoolArray]:
    """What proposer ``p`` can secure, and which deals and arrangements some equilibrium may hold."""
    worst, best = ahead
    sure, may = game.open.copy(), game.open.copy()
    sure_now = game.interim_open.copy() if free else _arranged(game, p)
    may_now = sure_now.copy()
    for r in range(game.principals):
        if r == p:
            continue
        slack = RELATIVE * game.scales[r]
        now, refuse = game.interim[r], game.refuse[r]
        sure &= game.deals[r] > refuse + best[r] + slack
        may &= game.deals[r] >= refuse + worst[r] - slack
        if free:
            sure_now &= now + worst[r] > refuse + best[r] + slack
            may_now &= now + best[r] >= refuse + worst[r] - slack
    slack = RELATIVE * game.scales[p]
    secured = (game.refuse[p] if free else game.wait[p, p]) + worst[p]
    secured = np.maximum(
        secured, np.where(sure, game.deals[p], -np.inf).max(axis=0, initial=-np.inf)
    )
    kept = np.where(sure_now, game.interim[p] + worst[p], -np.inf).max(axis=0)
    secured = np.maximum(secured, kept)
    may &= game.deals[p] >= secured - slack
    if free:
        may_now[0] = True
    may_now &= game.interim[p] + best[p] >= secured - slack
    return secured, may, may_now


def _arranged(game: MarkovBargaining, p: int) -> BoolArray:
    """The arrangement of the static game alone."""
    rows = np.arange(game.interim.shape[1])[:, None, None]
    return np.asarray(rows == game.arranged[p])


def _range(
    game: MarkovBargaining,
    i: int,
    deals: BoolArray,
    arrangements: BoolArray,
    ahead: tuple[FloatArray, FloatArray],
) -> tuple[FloatArray, FloatArray]:
    """The least and the most that ``i`` can get from what is possible, ``(states, batch)``."""
    values, now = game.deals[i], game.interim[i]
    least = np.where(deals, values, np.inf).min(axis=0, initial=np.inf)
    most = np.where(deals, values, -np.inf).max(axis=0, initial=-np.inf)
    later = np.where(arrangements, now, np.inf).min(axis=0) + ahead[0][i]
    sooner = np.where(arrangements, now, -np.inf).max(axis=0) + ahead[1][i]
    return np.minimum(least, later), np.maximum(most, sooner)
