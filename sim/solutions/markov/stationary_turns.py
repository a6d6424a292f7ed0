"""Stationary equilibria of rounds without a last one, and what is proved of all others.

Definition. A stationary equilibrium does in every turn the same whatever went before. The limit of ever more
rounds is one where it settles; where the box of all subgame perfect values is a point and no tie decides,
every equilibrium has its values and its outcome. Elsewhere every pure policy that the box leaves possible is
tried.

Array convention. As in :mod:`sim.solutions.markov.turns`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray, IntArray
from sim.games.in_time.markov_bargaining import MarkovBargaining
from sim.solutions.markov.equilibrium_box import equilibrium_box
from sim.solutions.markov.perfect import iterate
from sim.solutions.markov.pure_stationary import pure_stationary
from sim.solutions.markov.turns import Turns

MOST_POLICIES = 2_000
"""Most pure policies that are gone through at a point whose equilibrium values are not proved unique."""
NEAR = 1e-8
"""Difference of values, in units of payoff spread, of equilibria that are taken to be one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StationaryTurns:
    """Pure stationary equilibria of rounds for ever at one point.

    Parameters
    ----------
    values, signs, choices
        Per equilibrium, as in :mod:`sim.solutions.markov.pure_stationary`; the limit of ever more rounds
        first.
    unique
        Whether every subgame perfect equilibrium is proved to have the values of the first.
    exhaustive
        Whether these are all pure stationary ones.
    lower, upper
        Bounds on the values of every subgame perfect equilibrium, ``(principals, turns)``.
    """

    values: tuple[FloatArray, ...]
    signs: tuple[BoolArray, ...]
    choices: tuple[IntArray, ...]
    unique: bool
    exhaustive: bool
    lower: FloatArray
    upper: FloatArray

    def each(self) -> Iterator[tuple[FloatArray, BoolArray, IntArray]]:
        """Values, signatures and choices of every equilibrium."""
        return zip(self.values, self.signs, self.choices, strict=True)


def stationary_at(turns: Turns) -> list[StationaryTurns]:
    """The pure stationary equilibria of every point of a chunk."""
    game = turns.bargaining
    found, box = iterate(game), equilibrium_box(game)
    closed, now = box.closed(game.scales), found.period
    proposes = np.asarray(game.recognition[..., 0] > 0)
    signing = now.signs & proposes[..., None]
    tied = np.asarray((now.tied & proposes[..., None]).any(axis=(0, 1)))
    choice = np.where(signing, now.deal, game.deals.shape[1] + game.arranged)
    out = []
    for k in range(game.batch):
        values: list[FloatArray] = []
        signs: list[BoolArray] = []
        choices: list[IntArray] = []
        if found.settled[k]:
            values, signs, choices = [now.values[..., k]], [signing[..., k]], [choice[..., k]]
        exhaustive = bool(closed[k] and found.settled[k] and not tied[k])
        if not exhaustive:
            listed = pure_stationary(game, k, box, most=MOST_POLICIES)
            exhaustive = listed.exhaustive
            for v, s, c in zip(listed.values, listed.signs, listed.choices, strict=True):
                known = zip(values, signs, strict=True)
                if not any(_alike(v, old, s, sign, game.scales) for old, sign in known):
                    values, signs, choices = [*values, v], [*signs, s], [*choices, c]
        out.append(
            StationaryTurns(
                values=tuple(values),
                signs=tuple(signs),
                choices=tuple(choices),
                unique=bool(closed[k]) and not (turns.several[k] or tied[k]),
                exhaustive=exhaustive and not turns.several[k],
                lower=box.lower[..., k],
                upper=box.upper[..., k],
            )
        )
    return out


def _alike(
    one: FloatArray, two: FloatArray, a: BoolArray, b: BoolArray, scales: FloatArray
) -> bool:
    near = np.abs(one - two) <= NEAR * scales[:, None]
    return bool(near.all() and (a == b).all())


def one_shot_regret(
    game: MarkovBargaining, point: int, choices: IntArray, values: FloatArray
) -> float:
    """The most that anybody gains by one other offer or reply in some turn of a stationary policy."""
    deals, worst = game.deals.shape[1], 0.0
    ahead = game.discount[:, min(point, game.discount.shape[1] - 1), None] * np.roll(values, -1, 1)
    for turn in range(game.states):
        proposer = int(game.recognition[:, turn, 0].argmax())
        arranged = game.interim[:, :, turn, point] + ahead[:, turn, None]
        worth = np.concatenate([game.deals[:, :, turn, point], arranged], axis=1)
        open_now = np.concatenate([game.open[:, turn, point], game.interim_open[:, turn, point]])
        gain = worth - worth[:, deals : deals + 1]
        others = np.arange(game.principals) != proposer
        slack = RELATIVE * game.scales[others, None]
        surely = open_now & (gain[others] > slack).all(axis=0)
        surely[deals] = True
        own = int(choices[proposer, turn])
        best = worth[proposer, surely].max() - worth[proposer, own]
        worst = max(worst, float(best), float(-gain[others, own].min()))
    return worst
