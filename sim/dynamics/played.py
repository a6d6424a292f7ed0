"""What is played in every state of a chunk of draws, whichever form the period game has.

Definition. A game that is one offer with its replies has a path of its own, on arrays of deals
(:mod:`sim.solutions.markov`), and bounds on every subgame perfect equilibrium. Any other game is played stage
by stage (:mod:`sim.dynamics.stage_path`); bounds are then known only where there is a last year.

Array convention. Draws last; ``signs`` and its like ``(proposers, states, draws)``, with the period first
where there is a last year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.dynamics.period import PeriodCompiler, PeriodGame
from sim.dynamics.promises import Promises, check_promises
from sim.dynamics.stage_path import StageWorld, stage_backward, stage_iterate
from sim.dynamics.treaty_values import bargaining_of, undominated
from sim.dynamics.world import World
from sim.games.markov_bargaining import MarkovBargaining
from sim.solutions.markov.equilibrium_box import EquilibriumBox, equilibrium_box
from sim.solutions.markov.perfect import Horizon, backward, iterate, play_period
from sim.solutions.markov.pure_stationary import pure_stationary

COUNTED, MOST_POLICIES = 25, 3_000
"""Draws whose equilibria are counted, and most pure policies that are gone through for each."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Played:
    """What is played.

    Parameters
    ----------
    game
        The bargaining game: recognition, transition, and all treaties.
    values
        Of the principals at the start, ``(principals, states, draws)``.
    signs, static, sure, may
        Chance that a treaty is signed: in equilibrium, in the static game, in every and in some subgame
        perfect equilibrium.
    deal
        Which treaty is signed in each state in the first period, ``(states, draws)``; -1 for none.
    bounded
        Whether ``sure`` and ``may`` say more than nothing.
    settled, closed, tied, several
        As in :class:`sim.dynamics.draws.Chunk`.
    kept, later
        Where treaties promise something for later: the chance that what is signed is handed over, and
        whether it is handed over later and not at once, ``(proposers, states, draws)``.
    """

    game: MarkovBargaining
    values: FloatArray
    signs: FloatArray | BoolArray
    static: FloatArray | BoolArray
    sure: FloatArray | BoolArray
    may: FloatArray | BoolArray
    deal: IntArray
    bounded: bool
    settled: BoolArray
    closed: BoolArray
    tied: BoolArray
    several: IntArray
    kept: FloatArray | None = None
    later: BoolArray | None = None


def play_world(
    compiler: PeriodCompiler,
    period: PeriodGame,
    transition: FloatArray,
    drawn: Mapping[str, FloatArray],
    draws: int,
) -> Played:
    """Play a chunk of draws."""
    world = compiler.world
    check_promises(world, compiler.plain)
    whole = bargaining_of(world, period, transition, drawn)
    if world.dynamics.treaty.hand_over is not None:
        return _by_promises(world, period, whole, drawn)
    if compiler.plain:
        return _by_offers(world, period, whole, drawn)
    zero = np.zeros((whole.principals, 1))
    still = bargaining_of(world, period, transition, drawn, discount=zero)
    ahead = StageWorld(compiler, drawn, draws, period, whole)
    return _by_stages(world, ahead, StageWorld(compiler, drawn, draws, period, still))


def last_period(world: World) -> int | None:
    """Number of periods after which nothing can be signed, if there is a last year."""
    dynamics = world.dynamics
    if dynamics.ends is None:
        return None
    return round((dynamics.ends - dynamics.period.start) / dynamics.period.years) + 1


def _by_offers(
    world: World, period: PeriodGame, whole: MarkovBargaining, drawn: Mapping[str, FloatArray]
) -> Played:
    game, which = undominated(whole)
    draws, last = whole.batch, last_period(world)
    if last is None:
        found = iterate(game)
        values, signs, deal = found.period.values, found.period.signs, found.period.deal
        settled, tied = found.settled, np.asarray(found.period.tied.any(axis=(0, 1)))
        box = equilibrium_box(game)
        sure, may = box.surely, box.possibly
        closed, several = _count(game, box)
    else:
        course, strict = backward(game, last), backward(game, last, favour=False)
        values, deal = course.values[0], course.deal[0]
        signs, sure, may = (_cut(x, world.dynamics.periods) for x in _selections(course, strict))
        settled = np.ones(draws, dtype=np.bool_)
        tied = course.ties > 0
        closed = (course.signs == strict.signs).all(axis=(0, 1, 2))
        several = np.full(draws, -1, dtype=np.int64)
    first = signs if signs.ndim == 3 else signs[0]
    return Played(
        game=whole,
        values=values,
        signs=signs,
        static=_static(world, period, whole, drawn),
        sure=sure,
        may=may,
        deal=_signed(first, deal, which),
        bounded=True,
        settled=settled,
        closed=closed,
        tied=tied,
        several=several,
    )


def _by_promises(
    world: World, period: PeriodGame, whole: MarkovBargaining, drawn: Mapping[str, FloatArray]
) -> Played:
    """Treaties that are handed over later: what they are worth depends on what follows a breach."""
    some = np.asarray(whole.open.any(axis=(1, 2)))
    some[0] |= not some.any()
    found = Promises(world, period, whole, drawn, some).iterate()
    now = found.period
    deals, _ = Promises(world, period, whole, drawn).worth(now.values)
    number = np.flatnonzero(some)[:, None, None]
    every = np.broadcast_to(number, (len(number), whole.states, whole.batch))
    named = np.take_along_axis(found.kept, now.deal, axis=0)
    nothing = np.zeros(now.signs.shape, dtype=np.bool_)
    return Played(
        game=replace(whole, deals=deals),
        values=now.values,
        signs=now.signs,
        static=_static(world, period, whole, drawn),
        sure=nothing,
        may=~nothing,
        deal=_signed(now.signs, now.deal, every),
        bounded=False,
        settled=found.settled,
        closed=np.zeros(whole.batch, dtype=np.bool_),
        tied=np.asarray(now.tied.any(axis=(0, 1))),
        several=np.full(whole.batch, -1, dtype=np.int64),
        kept=named,
        later=found.later[now.deal],
    )


def _signed(signs: BoolArray, deal: IntArray, which: IntArray) -> IntArray:
    """The treaty that is signed in each state by the first proposer that signs one, -1 where none does."""
    named = np.take_along_axis(which, deal, axis=0)
    first = signs.argmax(axis=0)
    chosen = np.take_along_axis(named, first[None], axis=0)[0]
    return np.where(signs.any(axis=0), chosen, -1)


def _static(
    world: World, period: PeriodGame, game: MarkovBargaining, drawn: Mapping[str, FloatArray]
) -> BoolArray:
    """Whether the static game signs a treaty, by proposer, state and draw."""
    zero = np.zeros((game.principals, 1))
    still = bargaining_of(world, period, game.transition, drawn, discount=zero)
    return play_period(still, np.zeros((still.principals, still.states, still.batch))).signs


def _selections(course: Horizon, strict: Horizon) -> tuple[BoolArray, BoolArray, BoolArray]:
    return course.signs, course.signs & strict.signs, course.signs | strict.signs


def _cut(signs: np.ndarray, periods: int) -> np.ndarray:
    """Signatures of the reported periods: none after the last one."""
    if len(signs) >= periods:
        return signs[:periods]
    none = np.zeros((periods - len(signs), *signs.shape[1:]), dtype=signs.dtype)
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


def _by_stages(world: World, stages: StageWorld, still: StageWorld) -> Played:
    """The same for a game of any stages; who proposes is the first principal that is recognised."""
    game, last = stages.bargaining, last_period(world)
    nothing = np.zeros(game.refuse.shape)
    chance = (np.asarray(game.recognition) > 0).astype(float)

    def by_proposer(signs: FloatArray) -> FloatArray:
        return np.broadcast_to(chance * signs, (game.principals, *signs.shape))

    static = by_proposer(still.play(nothing, nothing).signs)
    if last is None:
        now, settled = stage_iterate(stages)
        signs = by_proposer(now.signs)
        sure, may = np.zeros_like(signs), np.ones_like(signs)
        tied = np.asarray(now.several.any(axis=0))
        closed = np.zeros(game.batch, dtype=np.bool_)
    else:
        course, strict = stage_backward(stages, last), stage_backward(stages, last, favour=False)
        now = course[0]
        signs, least = (
            _cut(np.stack([by_proposer(x.signs) for x in c]), world.dynamics.periods)
            for c in (course, strict)
        )
        sure, may = np.minimum(signs, least), np.maximum(signs, least)
        settled = np.asarray(np.stack([x.solved.all(axis=0) for x in course]).all(axis=0))
        tied = np.asarray(np.stack([x.several.any(axis=0) for x in course]).any(axis=0))
        closed = (signs == least).all(axis=(0, 1, 2))
    return Played(
        game=game,
        values=now.values,
        signs=signs,
        static=static,
        sure=sure,
        may=may,
        deal=now.deal,
        bounded=last is not None,
        settled=settled,
        closed=closed,
        tied=tied,
        several=np.full(game.batch, -1, dtype=np.int64),
    )
