"""The claim that a state of a strategic dispute is stable for every actor, over boxes.

Definition. The stability concepts of the graph model (:mod:`sim.solutions.conflict.gmr` and its neighbours)
read which states an actor prefers to which; over a box a preference is *certain* or *possible*. A state is
certainly stable where every possible improvement of every actor is certainly sanctioned, certainly not
stable where some certain improvement is not even possibly sanctioned. Sanctions of SEQ are credible:
the others' certain improvements reach some states certainly, their possible ones reach more.

Preferences are those of the point-wise solver: payoffs that a chain of steps within the tolerance
connects are equal, and the tolerance is in units of the payoff spread at the point.

Array convention. Masks have shape ``(states, boxes)``, states in the order of the game's axes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray, IntArray
from sim.certified.bounds.boxes import Boxes
from sim.certified.bounds.division import FEASIBLE, INFEASIBLE, UNDECIDED, Further
from sim.certified.bounds.rows import Bounds
from sim.certified.games.game_batch import GameBatch, Query
from sim.certified.games.game_payoffs import GamePayoffs, OnPayoffs
from sim.errors import TooLargeError

MAX_MOVES = 1 << 18
"""Most pairs of a state and a move of a game whose stability is certified."""
MOST_BOXES = 256
"""Boxes that are looked at together."""
WORK = 1 << 19
"""States times moves times boxes that are held at once."""


@dataclass(frozen=True, slots=True, eq=False)
class Better:
    """Which of some second outcomes an actor certainly and possibly prefers to the first."""

    certain: BoolArray
    possible: BoolArray


@dataclass(frozen=True, slots=True, eq=False)
class StabilityClaim(OnPayoffs):
    """The claim that one state is stable for every actor.

    Parameters
    ----------
    payoffs
        Of a game with one simultaneous stage.
    concept
        One of :data:`sim.claims.STABLE`.
    state
        Number of the state.
    """

    payoffs: GamePayoffs
    concept: str
    state: int
    outcomes: IntArray = field(init=False)
    place: IntArray = field(init=False)

    def __post_init__(self) -> None:
        leaf, shape = self.payoffs.leaf, self.payoffs.game.shape
        if len(leaf) * max(shape) > MAX_MOVES:
            raise TooLargeError(
                f"the conflict has {len(leaf) * max(shape):,} pairs of a state and a move, the limit for "
                f"certified stability is {MAX_MOVES:,}; narrow the menu of a demand (menu: EXPRESSION)"
            )
        some, place = np.unique(leaf, return_inverse=True)
        object.__setattr__(self, "outcomes", some)
        object.__setattr__(self, "place", place.reshape(-1))

    def scope(self, whole: Boxes) -> None:
        """Every state is looked at in every box."""

    def answer(self, boxes: Boxes, scope: None) -> StabilityAnswer:
        """The verdicts on some boxes."""
        answer = StabilityAnswer(self, GameBatch(self.payoffs, boxes))
        answer.decide()
        return answer


@dataclass(slots=True, eq=False)
class StabilityAnswer:
    """The stability of one state over some boxes."""

    claim: StabilityClaim
    batch: GameBatch
    verdict: IntArray = field(init=False)
    left: list[Query] = field(default_factory=list)
    _limits: dict[str, Bounds] = field(default_factory=dict)
    _moves: dict[int, Better] = field(default_factory=dict)

    def decide(self) -> None:
        """Find the verdict on each box."""
        stable = [self._of_actor(k) for k in range(len(self.claim.payoffs.game.axes))]
        self.verdict = np.full(len(self.batch), UNDECIDED)
        self.verdict[np.all([certain for certain, _ in stable], axis=0)] = FEASIBLE
        self.verdict[~np.all([possible for _, possible in stable], axis=0)] = INFEASIBLE

    def further(self, cut: BoolArray, floor: FloatArray) -> Further:
        """Cut where the open preferences move most."""
        along = self.batch.where_to_cut(self.left, floor)[cut]
        game = self.claim.payoffs.game
        size = max(1, min(MOST_BOXES, WORK // (game.leaf_agreement.size * max(game.shape))))
        return Further(along, None, size if self.claim.affine else max(1, size // 8))

    def _of_actor(self, axis: int) -> tuple[BoolArray, BoolArray]:
        """Where the state is certainly, and possibly, stable for one actor, shape ``(boxes,)``."""
        game, state = self.claim.payoffs.game, self.claim.state
        index = np.arange(game.leaf_agreement.size).reshape(game.shape)
        better = self._preferred(axis)
        here = np.unravel_index(state, game.shape)
        line = np.moveaxis(index, axis, -1)[(*here[:axis], *here[axis + 1 :])]
        certain, possible = np.ones((2, len(self.batch)), dtype=np.bool_)
        for target in line[line != state].tolist():
            if not better.possible[target].any():
                continue
            surely, maybe = self._deterred(axis, target, better)
            certain &= ~better.possible[target] | surely
            possible &= ~better.certain[target] | maybe
        return certain, possible

    def _deterred(self, axis: int, target: int, better: Better) -> tuple[BoolArray, BoolArray]:
        """Where moving to a state is certainly, and possibly, deterred by the others' answers."""
        if self.claim.concept == "gmcr_nash":
            none = np.zeros(len(self.batch), dtype=np.bool_)
            return none, none
        harm, may_harm = ~better.possible, ~better.certain
        if self.claim.concept == "smr":
            harm, may_harm = self._inescapable(axis, harm), self._inescapable(axis, may_harm)
        reached, may_reach = self._answers(axis, target)
        sure, maybe = (harm & reached).any(axis=0), (may_harm & may_reach).any(axis=0)
        return np.asarray(sure), np.asarray(maybe)

    def _inescapable(self, axis: int, harm: BoolArray) -> BoolArray:
        """States from which no move of the actor leads to one that does not harm it."""
        shape = (*self.claim.payoffs.game.shape, len(self.batch))
        table = harm.reshape(shape).all(axis=axis, keepdims=True)
        return np.broadcast_to(table, shape).reshape(harm.shape)

    def _answers(self, axis: int, target: int) -> tuple[BoolArray, BoolArray]:
        """States that the others certainly, and possibly, reach from one by legal sequences."""
        shape = self.claim.payoffs.game.shape
        others = [k for k in range(len(shape)) if k != axis]
        if self.claim.concept != "seq":
            every = {k: np.ones((len(self.claim.place), shape[k], 1), np.bool_) for k in others}
            reached = _reached(shape, target, every)
            return reached, reached
        edges = {k: self._improving(k) for k in others}
        return (
            _reached(shape, target, {k: e.certain for k, e in edges.items()}),
            _reached(shape, target, {k: e.possible for k, e in edges.items()}),
        )

    def _preferred(self, axis: int) -> Better:
        """Which states the actor of an axis prefers to the one that is asked about."""
        actor, some = self.claim.payoffs.game.axes[axis].actor, self.claim.outcomes
        here = np.full_like(some, some[self.claim.place[self.claim.state]])
        better = self._better(actor, here, some)
        return Better(better.certain[self.claim.place], better.possible[self.claim.place])

    def _improving(self, axis: int) -> Better:
        """Improving moves of an axis from every state, shape ``(states, choices, boxes)``."""
        if axis not in self._moves:
            game, leaf = self.claim.payoffs.game, self.claim.payoffs.leaf
            step = int(np.prod(game.shape[axis + 1 :], dtype=np.int64))
            index, choice = np.arange(len(leaf)), np.arange(game.shape[axis])
            ends = (index - index // step % len(choice) * step)[:, None] + choice * step
            pairs = np.stack([np.repeat(leaf, len(choice)), leaf[ends].reshape(-1)])
            pairs, place = np.unique(pairs, axis=1, return_inverse=True)
            found = self._better(game.axes[axis].actor, *pairs)
            place = place.reshape(ends.shape)
            self._moves[axis] = Better(found.certain[place], found.possible[place])
        return self._moves[axis]

    def _better(self, actor: str, first: IntArray, second: IntArray) -> Better:
        """Which second outcomes an actor prefers to the first, shape ``(pairs, boxes)``."""
        gain = self._gain(actor, first, second)
        least = self._tolerance(actor)
        possible = gain.hi > least.lo
        certain = gain.lo > least.hi * len(self.claim.outcomes)
        close = ~certain & (gain.lo > least.hi)
        for pair, box in np.argwhere(close).tolist():
            between = self._between(actor, first[pair], second[pair], box)
            certain[pair, box] = gain.lo[pair, box] > least.hi[box] * (1 + between)
        which, at = np.nonzero(possible & ~certain)
        self.left.append((actor, first[which], second[which], at))
        return Better(certain, possible)

    def _gain(self, actor: str, first: IntArray, second: IntArray) -> Bounds:
        shape = (len(first), len(self.batch))
        queries = [np.broadcast_to(x[:, None], shape).reshape(-1) for x in (first, second)]
        box = np.broadcast_to(np.arange(len(self.batch)), shape).reshape(-1)
        found = self.batch.differences(actor, queries[0], queries[1], box)
        return Bounds(found.lo.reshape(shape), found.hi.reshape(shape))

    def _tolerance(self, actor: str) -> Bounds:
        """Bounds of the largest payoff difference that counts as equal, shape ``(boxes,)``."""
        if actor not in self._limits:
            some = self.claim.outcomes
            part = self._gain(actor, np.full_like(some, some[0]), some)
            least = np.maximum(0.0, part.lo.max(axis=0) - part.hi.min(axis=0))
            most = part.hi.max(axis=0) - part.lo.min(axis=0)
            self._limits[actor] = Bounds(
                RELATIVE * least * (1 - RELATIVE), RELATIVE * most * (1 + RELATIVE)
            )
        return self._limits[actor]

    def _between(self, actor: str, first: int, second: int, box: int) -> int:
        """How many outcomes may lie strictly between two, for an actor in one box."""
        some = self.claim.outcomes
        at = np.full_like(some, box)
        above = self.batch.differences(actor, np.full_like(some, first), some, at).hi > 0
        below = self.batch.differences(actor, some, np.full_like(some, second), at).hi > 0
        return int((above & below & (some != first) & (some != second)).sum())


def _reached(shape: Sequence[int], start: int, moves: dict[int, BoolArray]) -> BoolArray:
    """States reached from one by sequences in which nobody moves twice in a row.

    ``moves[k]`` has shape ``(states, choices, boxes)``: whether the actor of axis ``k`` makes that move.
    """
    boxes = max((m.shape[2] for m in moves.values()), default=1)
    total = np.zeros((int(np.prod(shape)), boxes), dtype=np.bool_)
    origin = total.copy()
    origin[start] = True
    fresh = {k: _moved(shape, k, origin, moves[k]) for k in moves}
    seen = {k: new.copy() for k, new in fresh.items()}
    while any(new.any() for new in fresh.values()):
        ends = {k: [new for j, new in fresh.items() if j != k] for k in moves}
        fresh = {
            k: _moved(shape, k, np.logical_or.reduce([np.zeros_like(total), *ends[k]]), moves[k])
            & ~seen[k]
            for k in moves
        }
        for k, new in fresh.items():
            seen[k] |= new
    return np.asarray(np.logical_or.reduce([total, *seen.values()]))


def _moved(shape: Sequence[int], axis: int, at: BoolArray, moves: BoolArray) -> BoolArray:
    """States that one actor reaches by one move from some states."""
    size = shape[axis]
    before, after = (int(np.prod(s, dtype=np.int64)) for s in (shape[:axis], shape[axis + 1 :]))
    leave = at.reshape(before, size, after, 1, -1) & moves.reshape(before, size, after, size, -1)
    stays = np.eye(size, dtype=np.bool_)[None, :, None, :, None]
    out = np.asarray((leave & ~stays).any(axis=1))
    return out.swapaxes(1, 2).reshape(at.shape)
