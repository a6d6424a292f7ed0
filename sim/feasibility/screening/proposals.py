"""A game's proposals: offers with their replies, or the demands, one after the other.

Definition. A *proposal* is an offer with the replies to it; demands are one proposal together, in which
everybody names the same agreement or not. What is proposed stands where all accept it; elsewhere, and where
nothing is proposed, the next proposal follows. So the play after a proposal that does not stand is the same
whatever it was, and every leaf is about one agreement at most.

Where demands differ nothing stands, whatever they are, and the same comes about where all demand the status
quo, which nobody can change alone. So of demands only those need be looked at in which all, or all but
some, name one agreement that all may name.

Array convention. A proposal's table has an axis per move: stances, what is done with an agreement, and the
moves of the proposal itself. The axis of the agreement has length 1, since nodes range over it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import pairwise

import numpy as np

from sim._kernels.tolerance import BoolArray, IntArray
from sim.games.stages import StageGame

NAMED = -1
"""The number of an axis that is no single actor's move: the agreement that demands have in common."""
ANSWERS = ("reply", "demand")
"""Moves by which what is proposed may fail: another choice than the first one."""


@dataclass(frozen=True, eq=False)
class Proposal:
    """One proposal of a game, and all moves that matter while it is open or once it stands.

    Parameters
    ----------
    game
        The game.
    moves
        Per axis of the table the number of the game's move.
    along
        The axis of the agreement.
    start
        The game's stage at which play of the proposal starts: the first one's at the first stage.
    """

    game: StageGame
    moves: tuple[int, ...]
    along: int
    start: int

    @property
    def shape(self) -> tuple[int, ...]:
        """Length of every axis; demands are the one agreement or another."""
        return tuple(self._length(k, n) for k, n in enumerate(self.moves))

    def _length(self, axis: int, move: int) -> int:
        if axis == self.along:
            return 1
        own = self.game.axes[move]
        return 2 if own.kind == "demand" else len(own.options)

    @property
    def stages(self) -> tuple[tuple[int, ...], ...]:
        """Axes by stage, from the start."""
        numbers = [self.game.axes[n].stage if n != NAMED else None for n in self.moves]
        later = sorted({n for n in numbers if n is not None and n >= self.start})
        return tuple(tuple(k for k, n in enumerate(numbers) if n == stage) for stage in later)

    @property
    def before(self) -> tuple[int, ...]:
        """The game's moves that are made before it starts."""
        axes = self.game.axes
        return tuple(n for n in self.moves if n != NAMED and axes[n].stage < self.start)

    @cached_property
    def offered(self) -> BoolArray:
        """Which agreements may be proposed, shape ``(agreements,)``."""
        names = [a for n, a in enumerate(self.game.axes) if self._names(n)]
        every = np.arange(self.game.dispute.shape[0])
        return reduce(np.logical_and, (np.isin(every, axis.options) for axis in names))

    def _names(self, move: int) -> bool:
        return move in self.moves and self.game.axes[move].kind in ("offer", "demand")

    def _choice(self, axis: int) -> IntArray:
        """What is chosen on an axis, along it."""
        shape = [n if k == axis else 1 for k, n in enumerate(self.shape)]
        return np.arange(self.shape[axis]).reshape(shape)

    @cached_property
    def stands(self) -> BoolArray:
        """Where the agreement stands; as the table."""
        out = np.ones(self.shape, dtype=np.bool_)
        for axis, move in enumerate(self.moves):
            if axis != self.along and self.game.axes[move].kind in ANSWERS:
                out = out & (self._choice(axis) == 0)
        return out

    @cached_property
    def broken(self) -> BoolArray:
        """Where it is reneged upon; as the table."""
        out = np.zeros(self.shape, dtype=np.bool_)
        for axis, move in enumerate(self.moves):
            if axis != self.along and self.game.axes[move].kind == "implement":
                out = out | (self._choice(axis) == 1)
        return out & self.stands

    @cached_property
    def profile(self) -> IntArray:
        """The stances; as the table."""
        document = self.game.dispute.scenario.document
        out = np.zeros(self.shape, dtype=np.int64)
        for axis, move in enumerate(self.moves):
            if axis != self.along and self.game.axes[move].kind == "stance":
                k = document.third_parties.index(self.game.axes[move].actor)
                unit = int(np.prod(document.stance_counts[k + 1 :], dtype=np.int64))
                out = out + self._choice(axis) * unit
        return out

    def at(self, place: Sequence[int], moves: Sequence[int]) -> tuple[int, ...]:
        """What is chosen on some of the game's moves at a place of the table."""
        return tuple(place[self.moves.index(n)] for n in moves)


def why_no_proposals(game: StageGame) -> str:
    """Why a game is not one proposal after the other; empty where it is."""
    parts = _parts(game)
    for one, other in pairwise(parts):
        if game.axes[one[-1]].stage == game.axes[other[0]].stage:
            return "an offer that is made at the same time as a reply to another"
    return ""


def proposals_of(game: StageGame) -> tuple[Proposal, ...]:
    """The proposals of a game in order.

    Examples
    --------
    >>> import sim
    >>> from sim.games.stages import stage_game
    >>> from sim.payoffs import compile_dispute
    >>> s = sim.loads(
    ...     "{issues: {peace: {no: {}, yes: {signed: 1}}}, outcomes: {treaty: signed},"
    ...     " actors: {a: {role: principal}, b: {role: principal}},"
    ...     " payoffs: {a: {x: signed}, b: {x: signed}},"
    ...     " game: [{offer: a}, {reply: b}, {offer: b}, {reply: a}]}"
    ... )
    >>> first, second = proposals_of(stage_game(compile_dispute(s)))
    >>> first.moves, second.moves, second.shape, second.stands.tolist()
    ((0, 1), (2, 3), (1, 2), [[True, False]])
    """
    others = [n for n, a in enumerate(game.axes) if a.kind not in ("offer", *ANSWERS)]
    out = []
    for number, own in enumerate(_parts(game)):
        moves = sorted([*others, *own])
        start = game.axes[own[0]].stage if number else 0
        first = [n for n in own if game.axes[n].stage == game.axes[own[0]].stage]
        along = moves.index(own[0])
        if sum(game.axes[n].kind == "demand" for n in first) > 1:
            along += 1
            moves.insert(along, NAMED)
        out.append(Proposal(game, tuple(moves), along, start))
    return tuple(out)


def _parts(game: StageGame) -> list[list[int]]:
    """The moves of every proposal."""
    out: list[list[int]] = []
    for n, axis in enumerate(game.axes):
        if axis.kind == "offer" or (axis.kind == "demand" and not out):
            out.append([n])
        elif axis.kind in ANSWERS:
            out[-1].append(n)
    return out
