"""Which numbers are drawn, and one chunk of draws solved: the work of a forecast.

Array convention. A chunk holds draws on the last axis.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.dynamics.obstacles import obstacle_labels, obstacles
from sim.dynamics.period import PeriodCompiler, PeriodGame
from sim.dynamics.treaty_values import bargaining_of, undominated
from sim.dynamics.world import World
from sim.games.markov_bargaining import MarkovBargaining
from sim.solutions.markov.equilibrium_box import EquilibriumBox, equilibrium_box
from sim.solutions.markov.perfect import Horizon, backward, chance_signed, iterate, play_period
from sim.solutions.markov.pure_stationary import pure_stationary

COUNTED, MOST_POLICIES = 25, 3_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chunk:
    """What a chunk of draws gives; draws last.

    Parameters
    ----------
    by, static, certain, possible
        Chance of a treaty by the end of each period, ``(periods, draws)``: in equilibrium; when the static
        game is played each period; in every and in some subgame perfect equilibrium.
    window
        Chance to sign in a state, ``(states, draws)``.
    deal
        The treaty that the recognised principals sign there, an index among the treaties, or -1.
    spent
        Expected periods in each state before a treaty, ``(states, draws)``.
    blocked
        Per period the weight of each obstacle, ``(periods, obstacles)``, summed over draws.
    answered, settled, closed, tied
        Per draw: whether its rates are chances; whether play repeats; whether the box of all equilibria
        closes; whether somebody is indifferent.
    several
        Per draw the number of pure Markov perfect equilibria where the box stays open, -1 where not counted.
    """

    by: FloatArray
    static: FloatArray
    certain: FloatArray
    possible: FloatArray
    window: FloatArray
    deal: IntArray
    spent: FloatArray
    blocked: FloatArray
    answered: BoolArray
    settled: BoolArray
    closed: BoolArray
    tied: BoolArray
    several: IntArray


def solve_chunk(
    compiler: PeriodCompiler, world: World, drawn: Mapping[str, FloatArray], draws: int, start: int
) -> Chunk:
    """Solve one chunk of draws, the world starting in state ``start``."""
    dynamics = world.dynamics
    transition, legal = world.transition(drawn, draws)
    period = compiler.at(drawn, draws)
    whole = bargaining_of(world, period, transition, drawn)
    game, which = undominated(whole)
    static = _static(world, period, transition, drawn)
    periods = dynamics.periods
    if dynamics.ends is None:
        found = iterate(game)
        values, signs, deal = found.period.values, found.period.signs, found.period.deal
        settled, tied = found.settled, np.asarray(found.period.tied.any(axis=(0, 1)))
        box = equilibrium_box(game)
        sure, may = box.surely, box.possibly
        closed, several = _count(game, box)
    else:
        last = round((dynamics.ends - dynamics.period.start) / dynamics.period.years) + 1
        course, strict = backward(game, last), backward(game, last, favour=False)
        values, deal = course.values[0], course.deal[0]
        signs, sure, may = (_cut(x, periods) for x in _selections(course, strict))
        settled = np.ones(draws, dtype=np.bool_)
        tied = course.ties > 0
        closed = (course.signs == strict.signs).all(axis=(0, 1, 2))
        several = np.full(draws, -1, dtype=np.int64)
    by, before = chance_signed(game, signs, start, periods)
    first = signs if signs.ndim == 3 else signs[0]
    labels = obstacle_labels(world, period.dispute)
    codes = obstacles(world, period, whole, values, first, static)
    return Chunk(
        by=by,
        static=chance_signed(game, static, start, periods)[0],
        certain=chance_signed(game, sure, start, periods)[0],
        possible=chance_signed(game, may, start, periods)[0],
        window=np.asarray((game.recognition * first).sum(axis=0)),
        deal=_signed(first, deal, which),
        spent=before.sum(axis=0),
        blocked=_weights(game, codes, before, len(labels), legal),
        answered=legal & period.answered,
        settled=settled,
        closed=closed,
        tied=tied,
        several=several,
    )


def _signed(signs: BoolArray, deal: IntArray, which: IntArray) -> IntArray:
    """The treaty that is signed in each state by the first proposer that signs one, -1 where none does."""
    named = np.take_along_axis(which, deal, axis=0)
    first = signs.argmax(axis=0)
    chosen = np.take_along_axis(named, first[None], axis=0)[0]
    return np.where(signs.any(axis=0), chosen, -1)


def _static(
    world: World, period: PeriodGame, transition: FloatArray, drawn: Mapping[str, FloatArray]
) -> BoolArray:
    """Whether the static game signs a treaty, by proposer, state and draw."""
    zero = np.zeros((len(world.scenario.document.principals), 1))
    still = bargaining_of(world, period, transition, drawn, discount=zero)
    return play_period(still, np.zeros((still.principals, still.states, still.batch))).signs


def _selections(course: Horizon, strict: Horizon) -> tuple[BoolArray, BoolArray, BoolArray]:
    return course.signs, course.signs & strict.signs, course.signs | strict.signs


def _cut(signs: BoolArray, periods: int) -> BoolArray:
    """Signatures of the reported periods: none after the last one."""
    if len(signs) >= periods:
        return signs[:periods]
    none = np.zeros((periods - len(signs), *signs.shape[1:]), dtype=np.bool_)
    return np.concatenate([signs, none])


def _count(game: MarkovBargaining, box: EquilibriumBox) -> tuple[BoolArray, IntArray]:
    """Where the box closes, and how many pure equilibria the first open draws have."""
    closed = box.closed(game.scales)
    several = np.full(game.batch, -1, dtype=np.int64)
    for draw in np.flatnonzero(~closed)[:COUNTED]:
        found = pure_stationary(game, int(draw), box, most=MOST_POLICIES)
        if found.exhaustive:
            several[draw] = len(found.values)
    return closed, several


def _weights(
    game: MarkovBargaining, codes: IntArray, before: FloatArray, labels: int, legal: BoolArray
) -> FloatArray:
    """Per period how much of the mass without a treaty meets each obstacle, ``(periods, labels)``."""
    out = np.zeros((len(before), labels))
    chance = np.broadcast_to(game.recognition, codes.shape)
    for k in range(labels):
        share = (chance * (codes == k)).sum(axis=0)
        out[:, k] = ((before * share).sum(axis=1) * legal).sum(axis=1)
    return out
