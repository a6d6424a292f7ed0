"""Rules of offers made in turn.

Definition. In every round one actor offers an agreement and another accepts or refuses; the rules say
who begins, what waiting costs, and what else ends the talks.

Array convention. Numbers by actor are tuples in the order of the problem's actors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import RELATIVE
from sim.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRules:
    """How the actors make offers to each other, one by one, in rounds.

    Parameters
    ----------
    discount
        Per actor the factor in 0..1 by which a gain over the disagreement point shrinks when it
        comes one round later.
    first
        Index of the actor that makes the first offer.
    horizon
        Number of rounds, after which the disagreement point stays; ``None``: no last round.
    outside
        Per actor what it receives when an offer is refused and the actor that refused it leaves.
    breakdown
        Chance that the talks end after a refused offer.
    breakdown_payoffs
        Per actor what it receives then; without it, the disagreement point.
    minimum
        Per actor the least payoff that is ratified at home; an offer below it is void.
    quota
        Votes, the proposer's included, that pass an offer (``baron_ferejohn``).
    recognition
        Per actor the chance to propose in a round (``baron_ferejohn``); equal without it.

    Raises
    ------
    UsageError
        If a discount factor or a chance is outside 0..1, or a horizon or an index makes no sense.

    Examples
    --------
    >>> OfferRules(discount=(0.9, 0.8)).horizon is None
    True
    """

    discount: tuple[float, ...]
    first: int = 0
    horizon: int | None = None
    outside: tuple[float, ...] | None = None
    breakdown: float = 0.0
    breakdown_payoffs: tuple[float, ...] | None = None
    minimum: tuple[float, ...] | None = None
    quota: int | None = None
    recognition: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        size = len(self.discount)
        if not all(0.0 <= factor <= 1.0 for factor in self.discount):
            raise UsageError(f"discount factors must be between 0 and 1, not {self.discount}")
        if not 0.0 <= self.breakdown <= 1.0:
            raise UsageError(
                f"the chance of breakdown must be between 0 and 1, not {self.breakdown}"
            )
        if not 0 <= self.first < size:
            raise UsageError(f"the first proposer must be one of the {size} actors")
        if self.horizon is not None and self.horizon < 1:
            raise UsageError("the horizon must be at least one round")
        if self.quota is not None and not 1 <= self.quota <= size:
            raise UsageError(f"the quota must be between 1 and {size} votes")
        for name in ("outside", "breakdown_payoffs", "minimum", "recognition"):
            values = getattr(self, name)
            if values is not None and not (len(values) == size and np.isfinite(values).all()):
                raise UsageError(
                    f"{name}: one finite number for each of the {size} actors is needed"
                )
        chances = self.recognition
        if chances is not None and not (
            min(chances) >= 0.0 and abs(sum(chances) - 1.0) <= RELATIVE
        ):
            raise UsageError(
                f"recognition: chances of at least 0 that add to 1 are needed, not {sum(chances):g}"
            )
