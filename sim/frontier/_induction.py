"""Backward induction on sets over boxes: which leaves of a stage game certainly and possibly survive.

Definition. As in :mod:`sim.solutions.subgame_perfect`, a leaf survives a stage when its mover gains
nothing by any other choice, against the worst continuation of that choice that survives the later
stages. Over a box a leaf certainly fails when some other choice is better against every possibly
surviving continuation; it certainly survives when it did so far and every other choice has a certain
continuation that is no better (or certainly has one, and none that is possible is better). A
simultaneous stage is solved where every history leads to a leaf that survives it. "Better" means by
more than the tolerance of the point-wise solver.

Subgames with the same table of outcomes are one subgame: choices are compared per pair of an outcome
and a subgame, not per pair of leaves.

Array convention. Masks have shape ``(leaves, boxes)``, leaves in the order of the game's axes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.errors import TooLargeError
from sim.frontier._game_batch import GameBatch, Query
from sim.frontier._game_payoffs import GamePayoffs

MAX_CHOICES = 1 << 25
QUERIES = 1 << 17
AT_ONCE = 1 << 21


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One move, as comparisons of outcomes with subgames.

    Parameters
    ----------
    actor
        Who moves.
    axis
        Number of the move.
    size
        Number of choices.
    step
        By how many leaves neighbouring choices are apart.
    inner
        Number of leaves of the subgame after the stage.
    outcome, subgame
        Of every comparison: an outcome's number, and the first leaf of a subgame.
    pair
        Comparison of every leaf with every choice, shape ``(leaves, choices)``.
    """

    actor: str
    axis: int
    size: int
    step: int
    inner: int
    outcome: IntArray
    subgame: IntArray
    pair: IntArray

    def own(self, leaf: IntArray) -> IntArray:
        """The choice that leads to a leaf."""
        return leaf // self.step % self.size


def steps_of(payoffs: GamePayoffs) -> tuple[tuple[Step, ...], ...]:
    """The comparisons of every stage, in order of play.

    Raises
    ------
    TooLargeError
        If leaves times choices exceed ``MAX_CHOICES``.
    """
    shape = payoffs.game.shape
    most = len(payoffs.leaf) * max(shape)
    if most > MAX_CHOICES:
        raise TooLargeError(
            f"the game has {most:,} pairs of a leaf and a choice, the limit for certified outcomes "
            f"is {MAX_CHOICES:,}; narrow the menu of an offer or demand (menu: EXPRESSION)"
        )
    return tuple(
        tuple(_step(payoffs, k, stage[-1]) for k in stage) for stage in payoffs.game.stages
    )


def _step(payoffs: GamePayoffs, axis: int, last: int) -> Step:
    shape, leaf = payoffs.game.shape, payoffs.leaf
    step, inner = (int(np.prod(shape[k + 1 :], dtype=np.int64)) for k in (axis, last))
    first, name = _subgames(leaf, inner)
    index = np.arange(len(leaf))
    base = index - index // step % shape[axis] * step
    targets = (base[:, None] + np.arange(shape[axis]) * step) // inner
    key = leaf[:, None] * len(first) + name[targets]
    keys, pair = np.unique(key, return_inverse=True)
    return Step(
        actor=payoffs.game.axes[axis].actor,
        axis=axis,
        size=shape[axis],
        step=step,
        inner=inner,
        outcome=keys // len(first),
        subgame=first[keys % len(first)],
        pair=pair.reshape(key.shape).astype(np.int32),
    )


def _subgames(leaf: IntArray, inner: int) -> tuple[IntArray, IntArray]:
    """Different tables of outcomes: the first leaf of each, and which one every subgame has."""
    table = leaf.reshape(-1, inner)
    _, first, name = np.unique(table, axis=0, return_index=True, return_inverse=True)
    return first * inner, name.reshape(-1)


@dataclass(frozen=True, slots=True, eq=False)
class Survivors:
    """Leaves that are certainly and possibly alive after a stage and all later ones."""

    certain: BoolArray
    possible: BoolArray

    def common(self, some: BoolArray) -> Survivors:
        """What holds in all of some boxes, shape ``(leaves, 1)``."""
        return Survivors(
            np.asarray(self.certain[:, some].all(axis=1, keepdims=True)),
            np.asarray(self.possible[:, some].any(axis=1, keepdims=True)),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Induced:
    """What backward induction finds over boxes.

    Parameters
    ----------
    stages
        Survivors of every stage, in order of play; masks have shape ``(leaves, boxes)``.
    solved, solvable
        Where every simultaneous stage certainly, and possibly, has a pure equilibrium, ``(boxes,)``.
    left
        Differences that bounds leave open.
    """

    stages: tuple[Survivors, ...]
    solved: BoolArray
    solvable: BoolArray
    left: list[Query]

    @property
    def reached(self) -> Survivors:
        """Leaves that are certainly and possibly reached by an equilibrium."""
        return self.stages[0]


def induce(
    batch: GameBatch, stages: Sequence[Sequence[Step]], known: Sequence[Survivors] = ()
) -> Induced:
    """Backward induction over a batch of boxes, given what is known of a box around them all."""
    state = _State(batch)
    solved, solvable = np.ones((2, len(batch)), dtype=np.bool_)
    found: list[Survivors] = []
    for number, stage in reversed(list(enumerate(stages))):
        certain, possible = state.certain.copy(), state.possible.copy()
        settled = np.zeros((len(certain), 1), dtype=np.bool_)
        if known:
            settled, possible = known[number].certain, possible & known[number].possible
            certain = (certain | settled) & possible
        for step in stage:
            _Comparisons(state, step).take_out(certain, possible, settled)
        size = stage[0].step * stage[0].size
        some, any_ = (
            np.asarray(m.reshape(-1, size, len(batch)).any(axis=1)) for m in (certain, possible)
        )
        if len(stage) > 1:
            solved, solvable = solved & some.all(axis=0), solvable & any_.all(axis=0)
            state.filled = some
        else:
            state.filled = some | state.filled.reshape(-1, stage[0].size, len(batch)).all(axis=1)
        state.certain, state.possible = certain, possible
        found.insert(0, Survivors(certain, possible))
    return Induced(tuple(found), solved, solvable, state.left)


class _State:
    """Leaves that are alive after the later stages, and what was left open so far.

    ``filled`` says which subgames certainly have an equilibrium, shape ``(subgames, boxes)``.
    """

    def __init__(self, batch: GameBatch) -> None:
        shape = (len(batch.of.leaf), len(batch))
        self.batch = batch
        self.certain, self.possible, self.filled = np.ones((3, *shape), dtype=np.bool_)
        self.left: list[Query] = []
        self._middle: dict[str, FloatArray] = {}

    def middle(self, actor: str) -> FloatArray:
        """About what an actor receives at every leaf in the middle of each box."""
        if actor not in self._middle:
            some, place = np.unique(self.batch.of.leaf, return_inverse=True)
            self._middle[actor] = self.batch.middle(actor, some)[place.reshape(-1)]
        return self._middle[actor]


class _Comparisons:
    """What is known of the comparisons of one move, each made at most once per box."""

    def __init__(self, state: _State, step: Step) -> None:
        self.state, self.step = state, step
        shape = (len(step.outcome), len(state.batch))
        self.beaten, self.held, self.known = (np.zeros(shape, dtype=np.bool_) for _ in range(3))

    def take_out(self, certain: BoolArray, possible: BoolArray, settled: BoolArray) -> None:
        """Take out the leaves from which the mover possibly, or certainly, has a better choice."""
        step = self.step
        leaf, box = np.nonzero(possible & ~settled)
        if not len(leaf):
            return
        best = self._champion()[leaf, box]
        rival = best != step.own(leaf)
        self._make(step.pair[leaf[rival], best[rival]], box[rival])
        lost = self.beaten[step.pair[leaf, best], box] & rival
        certain[leaf[lost], box[lost]] = possible[leaf[lost], box[lost]] = False
        leaf, box = leaf[~lost], box[~lost]
        at_once = max(1, AT_ONCE // max(1, len(leaf)))
        for start in range(0, step.size, at_once):
            choices = np.arange(start, min(start + at_once, step.size))
            where, choice = np.nonzero(step.own(leaf)[:, None] != choices)
            pair, at, place = step.pair[leaf[where], choices[choice]], box[where], leaf[where]
            self._make(pair, at)
            lose, unsure = self.beaten[pair, at], ~self.held[pair, at]
            possible[place[lose], at[lose]] = False
            certain[place[unsure], at[unsure]] = False

    def _champion(self) -> IntArray:
        """Per leaf and box the choice that looks best in the middle of the box."""
        step, state = self.step, self.state
        value = np.where(state.possible, state.middle(step.actor), np.inf)
        worst = value.reshape(-1, step.inner, value.shape[1]).min(axis=1)
        worst[np.isinf(worst)] = -np.inf
        lines = worst.reshape(-1, step.size, step.step // step.inner, worst.shape[1])
        best = np.broadcast_to(lines.argmax(axis=1)[:, None], lines.shape)
        return np.repeat(best.reshape(worst.shape), step.inner, axis=0)

    def _make(self, pair: IntArray, box: IntArray) -> None:
        """Make the comparisons that are asked for and not known yet."""
        key = pair * self.known.shape[1] + box
        key = np.unique(key[~self.known.reshape(-1)[key]])
        self.known.reshape(-1)[key] = True
        pairs, boxes = np.divmod(key, self.known.shape[1])
        for start in range(0, len(pairs), QUERIES):
            some = slice(start, start + QUERIES)
            beats, holds = self._against(pairs[some], boxes[some])
            self.beaten[pairs[some], boxes[some]] = beats
            self.held[pairs[some], boxes[some]] = holds

    def _against(self, pair: IntArray, box: IntArray) -> tuple[BoolArray, BoolArray]:
        """Whether subgames certainly beat outcomes, and whether they certainly do not."""
        step, state = self.step, self.state
        first, count = step.subgame[pair], len(pair)
        leaves = first[:, None] + np.arange(step.inner)
        query, place = np.nonzero(state.possible[leaves, box[:, None]])
        mine, leaf, at = step.outcome[pair[query]], leaves[query, place], box[query]
        second = state.batch.of.leaf[leaf]
        gain = state.batch.differences(step.actor, mine, second, at)
        tolerance = state.batch.of.payoffs[step.actor].tolerance
        better, no_better = gain.lo > tolerance, gain.hi <= tolerance
        beats = np.bincount(query[~better], minlength=count) == 0
        holds = np.bincount(query[state.certain[leaf, at] & no_better], minlength=count) > 0
        none_better = np.bincount(query[~no_better], minlength=count) == 0
        holds |= none_better & state.filled[first // step.inner, box]
        open_ = ~better & ~no_better & ~(beats | holds)[query]
        state.left.append((step.actor, mine[open_], second[open_], at[open_]))
        return beats, holds
