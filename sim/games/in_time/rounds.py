"""A dispute played in rounds: offers in turn, the status quo until one of them is accepted.

Definition. A *round* is a stage game: an offer, its replies, what third parties answer, ratification. An
agreement in force ends the talks. A round that ends without one is worth the status quo for its length, and
then the next round begins: principal ``i``, whose discount factor is ``d_i``, has

    (1 - d_i) U_i(status quo, s) + d_i V_i,

``V_i`` being what the next round is worth to it, and ``U_i(status quo, s)`` where there is none: after the
last refusal the status quo stays (Stahl 1972). An agreement that is accepted and does not come into force
ends the round like a refusal. Third parties look at the round alone, as in the period of a forecast. Without
a last round turns are taken for ever (Rubinstein 1982).

Array convention. Discount factors have shape ``(principals, batch)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.errors import UsageError
from sim.expressions import Expression
from sim.games.order import rounds_of
from sim.games.stages import StageGame, game_of_stages
from sim.payoffs import Batch, Dispute


@dataclass(frozen=True, slots=True, eq=False)
class RoundGame:
    """A scenario's rounds on a compiled dispute.

    Parameters
    ----------
    dispute
        Payoffs and slacks.
    kinds
        The stage game of each round that differs from others.
    order
        Which of them is played in every round; over and over where there is no last one.
    for_ever
        Whether there is none.
    discount
        By principal what a payoff counts that comes a round later.
    """

    dispute: Dispute
    kinds: tuple[StageGame, ...]
    order: tuple[int, ...]
    for_ever: bool
    discount: Mapping[str, Expression]

    @property
    def rounds(self) -> tuple[StageGame, ...]:
        """The game of every round, or of every turn."""
        return tuple(self.kinds[k] for k in self.order)

    @property
    def cells(self) -> int:
        """Leaves of the largest round."""
        return max(game.leaf_agreement.size for game in self.kinds)

    def on(self, dispute: Dispute) -> RoundGame:
        """The same on a dispute that was compiled for other parameters."""
        kinds = tuple(replace(game, dispute=dispute) for game in self.kinds)
        return replace(self, dispute=dispute, kinds=kinds)

    def factors(self, batch: Batch) -> FloatArray:
        """Discount factors at a chunk of points, ``(principals, batch)``.

        Raises
        ------
        UsageError
            If one does not lie in (0, 1], or is 1 without a last round.
        """
        env = self.dispute.frame.env(batch.theta)
        out = np.empty((len(self.discount), batch.size))
        for k, actor in enumerate(self.dispute.scenario.document.principals):
            value = np.broadcast_to(self.discount[actor].evaluate(env), (1, 1, batch.size))
            legal = (value > 0) & ((value < 1) if self.for_ever else (value <= 1))
            if not legal.all():
                most = "below 1, since rounds have no last one" if self.for_ever else "at most 1"
                message = (
                    f"{value[~legal][0]:.6g} is not a discount factor of rounds; it lies above 0 and "
                    f"is {most}"
                )
                raise UsageError(
                    str(self.dispute.scenario.problem(f"game.discount.{actor}", message))
                )
            out[k] = value[0, 0]
        return out


def round_game(dispute: Dispute) -> RoundGame:
    """The rounds of a compiled dispute.

    Raises
    ------
    ScenarioError
        If an offer has no reply, or a discount factor is none at the file's values.
    TooLargeError
        If a round has too many leaves.

    Examples
    --------
    >>> import sim
    >>> from sim.payoffs import compile_dispute
    >>> game = round_game(compile_dispute(sim.load("classics/offers-in-turn")))
    >>> len(game.kinds), len(game.order), game.for_ever
    (2, 3, False)
    """
    found = rounds_of(dispute.scenario)
    game = dispute.scenario.document.game
    assert game is not None
    kinds = tuple(game_of_stages(dispute, stages) for stages in found.kinds)
    return RoundGame(dispute, kinds, found.order, found.for_ever, game.discount)
