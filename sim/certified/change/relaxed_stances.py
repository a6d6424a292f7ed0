"""The ladder under any stances at all: more than what commitments of third parties can bring about.

Definition. Whatever an equilibrium of the game commits third parties to, a treaty stands under some stances,
and every principal compares it with the status quo under some. Parts that ask no stance to be an equilibrium,
and let every principal compare with stances of its own, therefore allow all that the ladder allows; what a
change costs there at least, it costs at least in the ladder.

Where no third party takes its stance before the agreement is signed, and all take it at once, what answers a
refusal is an equilibrium of the status quo.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from math import prod

import numpy as np

from sim.certified.bounds.boxes import Boxes
from sim.certified.bounds.shared_batch import shared_batch
from sim.certified.ladder.margin_bounds import stances_over
from sim.certified.ladder.parts import Parts
from sim.games.stages import StageGame

MOST_CHOICES = 64
"""How many combinations of what principals compare with are looked at."""


def relaxed_stances(parts: Parts, whole: Boxes) -> Parts | None:
    """The parts of a ladder under any stances; ``None`` where principals can compare with too much."""
    game = parts.game
    assert game is not None
    bases = list(range(parts.columns))
    if _answered_at_once(game):
        batch = shared_batch(parts.dispute.frame, whole)
        possible = stances_over(parts, batch, np.array([0])).possible[0].any(axis=-1)
        bases = np.flatnonzero(possible).tolist()
    own = [parts.gains_against(bases, k) for k in range(len(parts.gains[0]))]
    if prod(len(some) for some in own) > MOST_CHOICES:
        return None
    gains = dict(enumerate(product(*own)))
    none = replace(parts.regrets, rows=(), whole=())
    return replace(parts, gains=gains, regrets=none)


def _answered_at_once(game: StageGame) -> bool:
    """Whether all stances are taken at once, after everything that decides what is signed."""
    stances = {stage for kind, _, stage in game.moves if kind == "stance"}
    deciding = [stage for kind, _, stage in game.moves if kind in ("offer", "reply", "demand")]
    return len(stances) == 1 and min(stances) > max(deciding, default=-1)
