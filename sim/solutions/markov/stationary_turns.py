"""Stationary equilibria of rounds without a last one, and what is proved of all others.

Definition. A stationary equilibrium does in every turn the same whatever went before. The limit of ever more
rounds is one where it settles; where the box of all subgame perfect values is a point and no tie decides,
every equilibrium has its values and its outcome. Elsewhere every pure policy that the box leaves possible is
tried.

Array convention. As in :mod:`sim.solutions.markov.turns`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray, IntArray
from sim.games.in_time.markov_bargaining import MarkovBargaining
from sim.solutions.markov.equilibrium_box import EquilibriumBox, equilibrium_box
from sim.solutions.markov.perfect import iterate
from sim.solutions.markov.pure_stationary import pure_stationary
from sim.solutions.markov.turns import Turns

MOST_POLICIES = 2_000
"""Most pure policies that are gone through at a point whose equilibrium values are not proved unique."""
LONG, SHORT = 5_000, 500
"""Rounds played towards the limit, where the box of all equilibrium values is a point and where it is not."""
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
    box = equilibrium_box(game)
    limit = _limits(game, box.closed(game.scales))
    return [_at(turns, box, limit, k) for k in range(game.batch)]


@dataclass(frozen=True, slots=True, eq=False)
class _Limits:
    """The limit of ever more rounds at every point, where it settles."""

    closed: BoolArray
    settled: BoolArray
    tied: BoolArray
    values: FloatArray
    signs: BoolArray
    choices: IntArray


def _limits(game: MarkovBargaining, closed: BoolArray) -> _Limits:
    """Iterated for long where the box closes, for a while elsewhere: there play may go round in circles."""
    shape = (game.principals, game.states, game.batch)
    settled, tied = np.zeros(game.batch, np.bool_), np.zeros(game.batch, np.bool_)
    values, signs = np.zeros(shape), np.zeros(shape, np.bool_)
    choices = np.zeros(shape, np.int64)
    proposes = np.asarray(game.recognition > 0)
    for where, most in ((closed, LONG), (~closed, SHORT)):
        some = np.flatnonzero(where)
        if not len(some):
            continue
        part = _some(game, some)
        found = iterate(part, most=most)
        now, signing = found.period, found.period.signs & proposes
        settled[some] = found.settled
        tied[some] = (now.tied & proposes).any(axis=(0, 1))
        values[..., some], signs[..., some] = now.values, signing
        choices[..., some] = np.where(signing, now.deal, game.deals.shape[1] + part.arranged)
    return _Limits(closed, settled, tied, values, signs, choices)


def _some(game: MarkovBargaining, points: IntArray) -> MarkovBargaining:
    """The games at some points."""
    return replace(
        game,
        deals=game.deals[..., points],
        open=game.open[..., points],
        interim=game.interim[..., points],
        interim_open=game.interim_open[..., points],
        discount=game.discount[..., points],
    )


def _at(turns: Turns, box: EquilibriumBox, limit: _Limits, k: int) -> StationaryTurns:
    """The equilibria of one point: the limit first, then what is listed besides."""
    game, sure = turns.bargaining, bool(limit.closed[k] and not limit.tied[k])
    found: list[tuple[FloatArray, BoolArray, IntArray]] = []
    if limit.settled[k]:
        found = [(limit.values[..., k], limit.signs[..., k], limit.choices[..., k])]
    exhaustive = sure and bool(limit.settled[k])
    if not exhaustive:
        listed = pure_stationary(game, k, box, most=MOST_POLICIES)
        exhaustive = listed.exhaustive
        for one in zip(listed.values, listed.signs, listed.choices, strict=True):
            if not any(_alike(one, known, game.scales) for known in found):
                found.append(one)
    return StationaryTurns(
        values=tuple(v for v, _, _ in found),
        signs=tuple(s for _, s, _ in found),
        choices=tuple(c for _, _, c in found),
        unique=sure and not turns.several[k],
        exhaustive=exhaustive and not turns.several[k],
        lower=box.lower[..., k],
        upper=box.upper[..., k],
    )


def _alike(
    one: tuple[FloatArray, BoolArray, IntArray],
    two: tuple[FloatArray, BoolArray, IntArray],
    scales: FloatArray,
) -> bool:
    near = np.abs(one[0] - two[0]) <= NEAR * scales[:, None]
    return bool(near.all() and (one[1] == two[1]).all())


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
