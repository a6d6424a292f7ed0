"""Markov perfect equilibria of bargaining in a Markov world, by backward induction and by iteration.

Definition. A strategy is *Markov* when it reads the current state only; a profile of Markov strategies is
*Markov perfect* when nobody gains by deviating in any state (Maskin and Tirole 2001). With a last period
the equilibrium follows by backward induction; without one the same recursion is iterated from a given
continuation until values repeat. A principal accepts when it is indifferent and a proposer signs when it
is indifferent (``favour=True``: ties favour a signature), or the other way round; where both selections
agree no tie mattered.

Array convention. As in :mod:`sim.games.in_time.markov_bargaining`; values have shape ``(principals, states,
batch)``, choices ``(proposers, states, batch)``, a period axis first where there are several.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray, IntArray
from sim.games.in_time.markov_bargaining import MarkovBargaining

MOST_ROUNDS = 5_000
"""Periods played backwards after which values that still move have not settled."""
SETTLED = 1e-12
"""Change of a value from one period to the next, in units of payoff, that counts as none."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PeriodPlay:
    """What is played in one period.

    Parameters
    ----------
    values
        Each principal's value at the start of the period, ``(principals, states, batch)``.
    signs
        Whether a deal is signed when the principal of the first axis proposes.
    deal
        Which deal its best acceptable one is (meaningful where ``signs``).
    tied
        Whether the proposer, or a principal that answers the chosen deal, was indifferent.
    """

    values: FloatArray
    signs: BoolArray
    deal: IntArray
    tied: BoolArray


def play_period(game: MarkovBargaining, later: FloatArray, *, favour: bool = True) -> PeriodPlay:
    """One period when tomorrow's values are ``later``, ``(principals, states, batch)``.

    Examples
    --------
    With nothing to wait for, the proposer takes all that the other accepts.

    >>> from sim.games.in_time.markov_bargaining import MarkovBargaining
    >>> game = MarkovBargaining.of(
    ...     deals=[[0.0, 1.0, 2.0], [2.0, 1.0, 0.0]], recognition=[1, 0], discount=[0.9, 0.9])
    >>> play_period(game, np.zeros((2, 1, 1))).values[:, 0, 0]
    array([2., 0.])
    """
    ahead = continuation(game, later)
    shape = (game.principals, game.states, game.batch)
    values = np.zeros(shape)
    signs, tied = np.zeros(shape, np.bool_), np.zeros(shape, np.bool_)
    deals = np.zeros(shape, np.int64)
    for p in range(game.principals):
        signed, deal, close = _proposal(game, ahead, p, favour)
        signs[p], deals[p], tied[p] = signed, deal, close
        for i in range(game.principals):
            agreed = np.take_along_axis(game.deals[i], deal[None], axis=0)[0]
            values[i] += game.recognition[p] * np.where(signed, agreed, game.wait[p, i] + ahead[i])
    return PeriodPlay(values=values, signs=signs, deal=deals, tied=tied)


def continuation(game: MarkovBargaining, later: FloatArray) -> FloatArray:
    """Discounted expected value of tomorrow, ``(principals, states, batch)``."""
    if game.transition.shape[2] == 1:
        mean = np.einsum("st,itb->isb", game.transition[..., 0], later)
    else:
        moves = np.moveaxis(game.transition, 2, 0)
        mean = (moves @ later.transpose(2, 1, 0)).transpose(2, 1, 0)
    return np.asarray(game.discount[:, None, :] * mean)


def _proposal(
    game: MarkovBargaining, ahead: FloatArray, p: int, favour: bool
) -> tuple[BoolArray, IntArray, BoolArray]:
    """Whether ``p`` signs, its best acceptable deal, and whether a tie decided that."""
    slack = RELATIVE * game.scales
    accepted, close = game.open.copy(), np.zeros(game.open.shape, np.bool_)
    for r in range(game.principals):
        if r != p:
            gain = game.deals[r] - (game.refuse[r] + ahead[r])
            accepted &= gain >= -slack[r] if favour else gain > slack[r]
            close |= np.abs(gain) <= slack[r]
    value = np.where(accepted, game.deals[p], -np.inf)
    deal = value.argmax(axis=0)
    top = np.take_along_axis(value, deal[None], axis=0)[0]
    without = game.wait[p, p] + ahead[p]
    with np.errstate(invalid="ignore"):
        gain = top - without
    signed = gain >= -slack[p] if favour else gain > slack[p]
    tied = np.abs(gain) <= slack[p]
    tied |= signed & np.take_along_axis(close, deal[None], axis=0)[0]
    return signed, deal, tied


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Horizon:
    """Backward induction over a number of periods.

    Parameters
    ----------
    values
        ``(periods + 1, principals, states, batch)``; the last entry is what follows the last period.
    signs, deal
        ``(periods, proposers, states, batch)``.
    ties
        Number of proposals at which somebody was indifferent, per game, ``(batch,)``.
    """

    values: FloatArray
    signs: BoolArray
    deal: IntArray
    ties: IntArray


def backward(
    game: MarkovBargaining, periods: int, end: FloatArray | None = None, *, favour: bool = True
) -> Horizon:
    """Backward induction; ``end`` is the value of what follows the last period (no deal ever by default).

    Notes
    -----
    Source: [stahl1972]_, [merlo1995]_.
    """
    values = [without_deals(game) if end is None else end]
    signs, deals = [], []
    ties = np.zeros(game.batch, dtype=np.int64)
    for _ in range(periods):
        now = play_period(game, values[-1], favour=favour)
        values.append(now.values)
        signs.append(now.signs)
        deals.append(now.deal)
        ties += now.tied.sum(axis=(0, 1))
    order = slice(None, None, -1)
    return Horizon(
        values=np.stack(values[order]),
        signs=np.stack(signs[order]),
        deal=np.stack(deals[order]),
        ties=ties,
    )


def without_deals(game: MarkovBargaining) -> FloatArray:
    """Values when nothing is ever signed: ``(I - discount * transition)^-1`` times the periods' worth."""
    flow = np.einsum(
        "psb,pisb->isb", np.broadcast_to(game.recognition, game.refuse.shape), game.wait
    )
    return discounted(game, flow)


def discounted(game: MarkovBargaining, flow: FloatArray) -> FloatArray:
    """Expected discounted sum of amounts ``(principals, states, batch)`` over the states to come."""
    return discounted_sums(flow[:, None], game.transition, game.discount)[:, 0]


def discounted_sums(flow: FloatArray, transition: FloatArray, factors: FloatArray) -> FloatArray:
    """Expected discounted sums of several amounts at once, over the states to come.

    Parameters
    ----------
    flow
        Shape ``(principals, amounts, states, batch)``.
    transition
        Shape ``(states, states, batch or 1)``.
    factors
        Discount factors, shape ``(principals, batch or 1)``.

    Examples
    --------
    >>> discounted_sums(np.ones((1, 1, 1, 1)), np.ones((1, 1, 1)), np.array([[0.75]]))
    array([[[[4.]]]])
    """
    moves = np.moveaxis(transition, 2, 0)
    one = len(moves) == 1 and factors.shape[1] == 1
    spread = np.broadcast_to(factors, (len(flow), 1 if one else flow.shape[-1]))
    out = np.empty_like(flow)
    for i, factor in enumerate(spread):
        system = np.eye(moves.shape[1]) - factor[:, None, None] * moves
        if one:
            out[i] = np.einsum("st,atd->asd", np.linalg.inv(system[0]), flow[i])
        else:
            out[i] = np.linalg.solve(system, flow[i].transpose(2, 1, 0)).transpose(2, 1, 0)
    return out


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stationary:
    """Where iteration ends, per game.

    Parameters
    ----------
    period
        Values and choices of the last round.
    settled
        Whether values repeat to ``SETTLED`` of the payoff unit, ``(batch,)``: a Markov perfect equilibrium.
    rounds
        Rounds that were played.
    """

    period: PeriodPlay
    settled: BoolArray
    rounds: int


def iterate(
    game: MarkovBargaining,
    start: FloatArray | None = None,
    *,
    favour: bool = True,
    most: int = MOST_ROUNDS,
) -> Stationary:
    """The limit of ever longer horizons, from values ``start`` (no deal ever by default).

    Examples
    --------
    Rubinstein's division with shares of a thousandth: the mean of proposing and answering is one half.

    >>> from sim.games.in_time.markov_bargaining import MarkovBargaining
    >>> x = np.linspace(0, 1, 1001)
    >>> game = MarkovBargaining.of(
    ...     deals=[x, 1 - x], recognition=[0.5, 0.5], discount=[0.9, 0.9])
    >>> found = iterate(game)
    >>> bool(found.settled[0]), found.period.values[:, 0, 0].round(3)
    (True, array([0.5, 0.5]))

    Notes
    -----
    Source: [rubinstein1982]_, [merlo1995]_.
    """
    values = without_deals(game) if start is None else start
    unit = SETTLED * game.scales[:, None, None]
    rounds = 0
    while rounds < most:
        rounds += 1
        now = play_period(game, values, favour=favour)
        settled = np.asarray((np.abs(now.values - values) <= unit).all(axis=(0, 1)))
        values = now.values
        if settled.all():
            break
    return Stationary(period=now, settled=settled, rounds=rounds)
