"""What is played in a chunk of draws, as every form of period game reports it.

Array convention. Draws last; ``signs`` and its like ``(proposers, states, draws)``, with the period first
where there is a last year or chances to move change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.dynamics.period import PeriodGame
from sim.dynamics.treaty_values import bargaining_of
from sim.dynamics.world import Course, World
from sim.games.in_time.markov_bargaining import MarkovBargaining
from sim.solutions.markov.perfect import play_period


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Played:
    """What is played.

    Parameters
    ----------
    game
        The bargaining game: recognition, transition, and all treaties.
    course
        How the world moves, period by period.
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
    course: Course
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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AtDraws:
    """What is played at some draws, as figures and histories ask for it.

    Parameters
    ----------
    course
        How the world moves, period by period.
    signed
        By period the chance that something is signed in a state, ``(states, draws)``; the last entry holds
        from there on.
    deal, values
        As of :class:`Played`.
    game
        Makes the bargaining game with all treaties.
    """

    course: Course
    signed: tuple[FloatArray, ...]
    deal: IntArray
    values: FloatArray
    game: Callable[[], MarkovBargaining]

    def signed_at(self, period: int) -> FloatArray:
        """The chance that something is signed in a period, ``(states, draws)``."""
        return self.signed[min(period, len(self.signed) - 1)]


def at_draws(found: Played) -> AtDraws:
    """What figures and histories ask of what is played."""
    game = found.game
    periods = (found.signs,) if found.signs.ndim == 3 else tuple(found.signs)
    return AtDraws(
        course=found.course,
        signed=tuple(np.asarray((game.recognition * signs).sum(axis=0)) for signs in periods),
        deal=found.deal,
        values=found.values,
        game=lambda: game,
    )


def last_period(world: World) -> int | None:
    """Number of periods after which nothing can be signed, if there is a last year."""
    dynamics = world.dynamics
    if dynamics.ends is None:
        return None
    return round((dynamics.ends - dynamics.period.start) / dynamics.period.years) + 1


def signed_deals(signs: BoolArray, deal: IntArray, which: IntArray) -> IntArray:
    """The treaty that is signed in each state by the first proposer that signs one, -1 where none does."""
    named = np.take_along_axis(which, deal, axis=0)
    first = signs.argmax(axis=0)
    chosen = np.take_along_axis(named, first[None], axis=0)[0]
    return np.where(signs.any(axis=0), chosen, -1)


def ever_open(game: MarkovBargaining) -> BoolArray:
    """Which treaties can be signed in some state at some draw; the first where none can be."""
    some = np.asarray(game.open.any(axis=(1, 2)))
    some[0] |= not some.any()
    return some


def numbers_of(some: BoolArray, game: MarkovBargaining) -> IntArray:
    """The numbers of some treaties, the same in every state and draw, ``(some, states, draws)``."""
    number = np.flatnonzero(some)[:, None, None]
    return np.broadcast_to(number, (len(number), game.states, game.batch))


def static_signs(
    world: World, period: PeriodGame, game: MarkovBargaining, drawn: Mapping[str, FloatArray]
) -> BoolArray:
    """Whether the static game signs a treaty, by proposer, state and draw."""
    zero = np.zeros((game.principals, 1))
    still = bargaining_of(world, period, game.transition, drawn, discount=zero)
    return play_period(still, np.zeros((still.principals, still.states, still.batch))).signs
