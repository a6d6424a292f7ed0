"""A period that holds several rounds: offers in turn, and after the last refusal the next period.

Definition. A leaf of a round that ends in an agreement is worth in time what it is in a period of one offer
(:mod:`sim.dynamics.stage_path`). A round that ends without one is worth, in shares that the round's discount
factor sets, a period without an agreement and the next round (:mod:`sim.games.in_time.rounds`): rounds take
none of the time between periods. With discount factor 0 from period to period this is the static game.

Array convention. As in :mod:`sim.dynamics.stage_path`; points last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.feasibility.in_rounds import representative
from sim.feasibility.reached import kinds_of
from sim.games.in_time.rounds import RoundGame
from sim.games.outcomes import Outcomes
from sim.solutions.markov.rounds import of_all, play_rounds


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RoundPeriod:
    """What the rounds of a period end in, at some points.

    Parameters
    ----------
    row
        The outcome that stands for all.
    value, error
        What it is worth to principals, and up to what that is known, ``(principals, points)``.
    treaty
        Whether it is a treaty.
    several
        Whether some equilibrium ends in a treaty and another does not.
    solved
        Whether every simultaneous stage had a pure equilibrium.
    """

    row: IntArray
    value: FloatArray
    error: FloatArray
    treaty: BoolArray
    several: BoolArray
    solved: BoolArray


def play_in_rounds(rounds: RoundGame, worth: Sequence[Outcomes], *, favour: bool) -> RoundPeriod:
    """One period of rounds, payoffs of each of their games being what they are worth in time."""
    principals = rounds.dispute.scenario.document.principals
    first = worth[rounds.order[0]]
    factors = of_all(first.actors, principals, rounds.factors(first.batch))
    ends = play_rounds(rounds.kinds, worth, rounds.order, factors)[0]
    kinds = kinds_of(rounds.kinds[0], len(first.ratification))
    alive, kept = ends.alive & ends.solved, kinds.kept_treaty[ends.row]
    treaty, other = (alive & kept).any(axis=0), (alive & ~kept).any(axis=0)
    chosen = representative(first, kinds, ends, alive if favour else alive & ~(kept & other))
    points = np.arange(len(ends.solved))
    mine = [first.actors.index(actor) for actor in principals]
    row = ends.row[chosen, points]
    found = ends.worth[:, mine][:, :, chosen, points]
    return RoundPeriod(
        row=row,
        value=found[0],
        error=(found[2] - found[1]) / 2,
        treaty=np.asarray(kinds.kept_treaty[row] & ends.solved),
        several=np.asarray(treaty & other),
        solved=ends.solved,
    )
