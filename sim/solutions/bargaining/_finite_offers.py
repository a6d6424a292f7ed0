"""Alternating offers of two actors over finitely many agreements, for a whole batch.

Definition. A stationary pure equilibrium is a pair of plans, one per proposer: an agreement to
offer, or to wait. Each proposer offers an agreement that is best for it among those that the
responder accepts and that are ratified at home, and waits when refusal suits it better; the
responder accepts what gives it at least as much as refusing. An indifferent responder accepts; an
indifferent proposer offers rather than waits. All pairs are tried; ties give several equilibria,
and a finite set can have several without ties, one for each agreement on which both sides can
insist.

Array convention. ``utilities`` has shape ``(2, agreements, batch)``; a table of replies to every
possible later agreement has shape ``(agreements, later agreements, batch)``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray
from sim.games.bargaining import OfferRules
from sim.solutions.bargaining._after_refusal import Refusal, refusal
from sim.solutions.bargaining._gains_over_disagreement import rational_mask, unit


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Space:
    """What offers are made about: utilities, disagreement point, ratified agreements, tolerance.

    Shapes ``(2, agreements, batch)``, ``(2, 1, batch)``, ``(agreements, batch)`` and ``(2,
    batch)``.
    """

    utilities: FloatArray
    disagreement: FloatArray
    valid: BoolArray
    slack: FloatArray
    rules: OfferRules

    def refuse(self, responder: int, after: FloatArray) -> Refusal:
        """What refusal by ``responder`` gives, per value ``after`` of the round that follows."""
        return refusal(self.rules, responder, after, self.disagreement, self.slack[responder])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Replies:
    """Best plans of a proposer against every later value.

    Parameters
    ----------
    offers
        Which agreements are best to offer, shape ``(agreements, later, batch)``.
    waits
        Where waiting is better than every acceptable offer, shape ``(later, batch)``.
    refused
        What refusal gives, shape ``(2, later, batch)``.
    """

    offers: BoolArray
    waits: BoolArray
    refused: Refusal


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StationaryOffers:
    """All stationary pure equilibria.

    Parameters
    ----------
    pairs
        First proposer's offer by second proposer's, shape ``(agreements, agreements, batch)``.
    alone
        Offers that the first proposer makes while the second waits, shape ``(agreements, batch)``.
    late
        Offers that the second proposer makes after the first waited, shape ``(agreements, batch)``.
    late_payoffs
        What such a late agreement is worth at the start, shape ``(2, agreements, batch)``.
    """

    pairs: BoolArray
    alone: BoolArray
    late: BoolArray
    late_payoffs: FloatArray


def space(utilities: FloatArray, disagreement: FloatArray, rules: OfferRules) -> Space:
    """The agreement space of the offers."""
    slack = RELATIVE * unit(utilities, disagreement, rational_mask(utilities, disagreement))
    valid = np.ones(utilities.shape[1:], dtype=np.bool_)
    if rules.minimum is not None:
        least = np.array(rules.minimum)[:, None, None]
        valid = np.asarray((utilities >= least - slack[:, None]).all(axis=0))
    return Space(
        utilities=utilities,
        disagreement=disagreement[:, None],
        valid=valid,
        slack=slack,
        rules=rules,
    )


def replies(game: Space, proposer: int, after: FloatArray) -> Replies:
    """The proposer's best plans for every value ``after`` of the round that follows refusal."""
    responder = 1 - proposer
    refused = game.refuse(responder, after)
    own, other = game.utilities[proposer][:, None], game.utilities[responder][:, None]
    accepted = game.valid[:, None] & (other >= refused.payoffs[responder] - game.slack[responder])
    value = np.where(accepted, own, -np.inf)
    best = value.max(axis=0)
    waits = np.asarray(best < refused.payoffs[proposer] - game.slack[proposer])
    offers = np.asarray(accepted & (value >= best - game.slack[proposer]) & ~waits)
    return Replies(offers=offers, waits=waits, refused=refused)


def stationary(game: Space) -> StationaryOffers:
    """All stationary pure equilibria in which an agreement is made in the first two rounds.

    Examples
    --------
    >>> points = np.array([[10.0, 1.0], [1.0, 10.0]])[..., None]
    >>> game = space(points, np.zeros((2, 1)), OfferRules(discount=(0.99, 0.99)))
    >>> stationary(game).pairs[..., 0]
    array([[ True, False],
           [False,  True]])
    """
    first, second = game.rules.first, 1 - game.rules.first
    opening = replies(game, first, game.utilities)
    answering = replies(game, second, game.utilities)
    held = replies(game, first, answering.refused.payoffs)
    rejoined = replies(game, second, opening.refused.payoffs)
    stays = ~opening.refused.leaves
    return StationaryOffers(
        pairs=opening.offers & answering.offers.swapaxes(0, 1),
        alone=np.einsum("aab->ab", held.offers) & answering.waits,
        late=np.einsum("aab->ab", rejoined.offers) & opening.waits & stays,
        late_payoffs=opening.refused.payoffs,
    )
