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
    if not free:
        rows = np.arange(game.interim.shape[1])[:, None, None]
        arrangements = (rows == game.arranged[:, None]) & arrangements[:, None]
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
"""What is surely and possibly signed, and which deals and arrangements remain possible, by proposer."""
Ahead = tuple[FloatArray, FloatArray]
"""The least and the most that tomorrow may be worth, ``(principals, states, batch)`` each."""


def tighten(
    game: MarkovBargaining, lower: FloatArray, upper: FloatArray, free: bool
) -> tuple[FloatArray, FloatArray, Found]:
    """Bounds on values from bounds on tomorrow's, and what is surely and possibly signed under these.

    Where arrangements are the static game's (not ``free``) the last entry has no axis for them: it says
    whether that one may be made.
    """
    ahead = continuation(game, lower), continuation(game, upper)
    low, high = np.zeros_like(lower), np.zeros_like(upper)
    parts = []
    for p in range(game.principals):
        secured, deals = _deals(game, p, ahead, free)
        if free:
            secured, arranged = _any_arrangement(game, p, ahead, secured)
            waits: BoolArray = np.asarray(arranged.any(axis=0))
        else:
            slack = RELATIVE * game.scales[p]
            waits = arranged = np.asarray(game.wait[p, p] + ahead[1][p] >= secured - slack)
        deals &= game.deals[p] >= secured - RELATIVE * game.scales[p]
        for i in range(game.principals):
            now = _range(game.interim[i], arranged) if free else (game.wait[p, i],) * 2
            worst, best = _with_deals(game.deals[i], deals, waits, now, (ahead[0][i], ahead[1][i]))
            if i == p:
                worst = np.maximum(worst, secured)
            low[i] += game.recognition[p] * worst
            high[i] += game.recognition[p] * best
        parts.append((~waits, deals.any(axis=0), deals, arranged))
    surely, possibly, signed, arrangements = (np.stack(x) for x in zip(*parts, strict=True))
    return low, high, (surely, possibly, signed, arrangements)


def _deals(
    game: MarkovBargaining, p: int, ahead: Ahead, free: bool
) -> tuple[FloatArray, BoolArray]:
    """What proposer ``p`` can secure by a deal or by waiting, and which deals others may accept."""
    worst, best = ahead
    sure, may = game.open.copy(), game.open.copy()
    for r in range(game.principals):
        if r != p:
            slack, refuse = RELATIVE * game.scales[r], game.refuse[r]
            sure &= game.deals[r] > refuse + best[r] + slack
            may &= game.deals[r] >= refuse + worst[r] - slack
    secured = (game.refuse[p] if free else game.wait[p, p]) + worst[p]
    signed = np.where(sure, game.deals[p], -np.inf).max(axis=0, initial=-np.inf)
    return np.maximum(secured, signed), may


def _any_arrangement(
    game: MarkovBargaining, p: int, ahead: Ahead, secured: FloatArray
) -> tuple[FloatArray, BoolArray]:
    """What ``p`` can secure by an arrangement too, and which of them some continuation supports."""
    worst, best = ahead
    sure, may = game.interim_open.copy(), game.interim_open.copy()
    for r in range(game.principals):
        if r != p:
            slack, now, refuse = RELATIVE * game.scales[r], game.interim[r], game.refuse[r]
            sure &= now + worst[r] > refuse + best[r] + slack
            may &= now + best[r] >= refuse + worst[r] - slack
    kept = np.where(sure, game.interim[p] + worst[p], -np.inf).max(axis=0)
    secured = np.maximum(secured, kept)
    may[0] = True
    may &= game.interim[p] + best[p] >= secured - RELATIVE * game.scales[p]
    return secured, may


def _range(values: FloatArray, possible: BoolArray) -> Ahead:
    """The least and the most of what is possible, along the first axis."""
    least = np.where(possible, values, np.inf).min(axis=0, initial=np.inf)
    most = np.where(possible, values, -np.inf).max(axis=0, initial=-np.inf)
    return np.asarray(least), np.asarray(most)


def _with_deals(
    values: FloatArray, deals: BoolArray, waits: BoolArray, now: Ahead, ahead: Ahead
) -> Ahead:
    """The least and the most of the deals that are possible, and of a period without one where it is."""
    least, most = _range(values, deals)
    later = np.where(waits, now[0] + ahead[0], np.inf)
    sooner = np.where(waits, now[1] + ahead[1], -np.inf)
    return np.minimum(least, later), np.maximum(most, sooner)
