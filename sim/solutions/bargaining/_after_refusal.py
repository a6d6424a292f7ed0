"""What an actor has when it refuses an offer, shared by the offer games.

Definition. After a refused offer the actor that refused may leave: both then have their outside
payoffs. Otherwise the talks break down with chance ``q`` and both have the breakdown payoffs ``b``
(the disagreement point if none are given); else the next round follows, whose gains over the
disagreement point ``d`` shrink by the actor's discount factor: ``q b + (1-q) (d + delta (w - d))``.
Until an agreement is made each round pays the status quo; that is why gains shrink, not payoffs.

Array convention. Payoffs have shape ``(2, ...)``, the disagreement point broadcasts with them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.errors import UsageError
from sim.games.bargaining import OfferRules


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Refusal:
    """Payoffs after a refused offer, and whether the refusing actor leaves."""

    payoffs: FloatArray
    leaves: BoolArray


def staying(rules: OfferRules, after: FloatArray, disagreement: FloatArray) -> FloatArray:
    """Payoffs of both actors when neither leaves and ``after`` is the value of the next round.

    Examples
    --------
    >>> rules = OfferRules(discount=(0.9, 0.5))
    >>> staying(rules, np.array([10.0, 10.0]), np.array([0.0, 2.0]))
    array([9., 6.])
    """
    shape = (2,) + (1,) * (after.ndim - 1)
    discount = np.array(rules.discount).reshape(shape)
    going_on = disagreement + discount * (after - disagreement)
    if rules.breakdown == 0.0:
        return going_on
    end = disagreement
    if rules.breakdown_payoffs is not None:
        end = np.array(rules.breakdown_payoffs).reshape(shape)
    return rules.breakdown * end + (1.0 - rules.breakdown) * going_on


def refusal(
    rules: OfferRules,
    responder: int,
    after: FloatArray,
    disagreement: FloatArray,
    slack: FloatArray | float = 0.0,
) -> Refusal:
    """Payoffs of both actors when ``responder`` refuses and then leaves or stays, as suits it.

    Examples
    --------
    >>> rules = OfferRules(discount=(0.9, 0.5), outside=(1.0, 7.0))
    >>> refusal(rules, 1, np.array([10.0, 10.0]), np.array([0.0, 2.0])).payoffs
    array([1., 7.])
    """
    stay = staying(rules, after, disagreement)
    if rules.outside is None:
        return Refusal(payoffs=stay, leaves=np.zeros(stay.shape[1:], dtype=np.bool_))
    outside = np.array(rules.outside).reshape((2,) + (1,) * (after.ndim - 1))
    leaves = np.asarray(outside[responder] > stay[responder] + slack)
    return Refusal(payoffs=np.where(leaves, outside, stay), leaves=leaves)


def floor(rules: OfferRules, disagreement: FloatArray) -> FloatArray:
    """The least that each actor can be held to: home ratification, leaving, or never agreeing.

    Examples
    --------
    >>> floor(OfferRules(discount=(0.9, 0.9), minimum=(0.6, -1.0)), np.array([0.0, 0.1]))
    array([0.6, 0.1])
    """
    once = staying(rules, disagreement, disagreement)
    shrink = (1.0 - rules.breakdown) * np.array(rules.discount)
    never = np.where(
        shrink < 1.0,
        (once - shrink * disagreement) / np.where(shrink < 1.0, 1.0 - shrink, 1.0),
        disagreement,
    )
    least = np.maximum(once, never)
    for values in (rules.outside, rules.minimum):
        if values is not None:
            least = np.maximum(least, values)
    return np.asarray(least)


def check_patience(rules: OfferRules) -> None:
    """Refuse an endless game in which waiting costs nobody anything: every division is stationary.

    Examples
    --------
    >>> check_patience(OfferRules(discount=(1.0, 1.0)))
    Traceback (most recent call last):
    sim.errors.UsageError: without a horizon, some discount factor must be below 1 or breakdown ...
    """
    if rules.horizon is None and rules.breakdown == 0.0 and min(rules.discount) == 1.0:
        raise UsageError(
            "without a horizon, some discount factor must be below 1 or breakdown above 0:"
            " if waiting costs nothing, every division is an equilibrium"
        )
