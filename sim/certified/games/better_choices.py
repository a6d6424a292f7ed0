"""Whether the mover of a game has a better choice, over boxes: outcomes compared with subgames.

Definition. Another choice is *better* where every continuation that may survive is worth more, beyond what
ties, and no better where one that certainly survives is not, or where one does and none that may is. Only
what is asked for is compared, and the choice that looks best in the middle of a box is tried first.

Array convention. Masks have shape ``(leaves, boxes)``, leaves in the order of the game's axes.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from sim._kernels.numbering import each_once, occurring
from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.certified.games.comparisons import Step
from sim.certified.games.game_batch import GameBatch, Query

QUERIES = 1 << 17
"""Pairs of outcomes that are compared at once."""
AT_ONCE = 1 << 21
"""Leaves times pairs that are held at once."""


class State:
    """Leaves that are alive after the later stages, and what was left open so far.

    ``filled`` says which subgames certainly have an equilibrium, shape ``(subgames, boxes)``.
    """

    def __init__(self, batch: GameBatch) -> None:
        shape = (len(batch.of.leaf), len(batch))
        self.batch = batch
        self.certain, self.possible, self.filled = np.ones((3, *shape), dtype=np.bool_)
        lo, hi = (end[batch.of.leaf] for end in (batch.chance.lo, batch.chance.hi))
        self.never, self.lapsed = np.asarray(hi == 0), np.asarray((lo == 0) & (hi > 0))
        self.left: list[Query] = []
        self._numbered = occurring(batch.of.leaf, int(batch.of.leaf.max(initial=-1)) + 1)
        self._middle: dict[str, FloatArray] = {}

    def middle(self, actor: str) -> FloatArray:
        """About what an actor receives at every leaf in the middle of each box."""
        if actor not in self._middle:
            some, place = self._numbered
            self._middle[actor] = self.batch.middle(actor, some)[place]
        return self._middle[actor]


class Comparisons:
    """What is known of the comparisons of one move, each made at most once per box."""

    def __init__(self, state: State, step: Step) -> None:
        self.state, self.step = state, step
        shape = (len(step.outcome), len(state.batch))
        self.beaten, self.held, self.known = (np.zeros(shape, dtype=np.bool_) for _ in range(3))
        self.slot: IntArray = np.empty(self.known.size, dtype=np.int64)

    def take_out(
        self, certain: BoolArray, possible: BoolArray, settled: BoolArray
    ) -> tuple[BoolArray, BoolArray]:
        """Take out the leaves from which the mover possibly, or certainly, has a better choice.

        Returns where it certainly has one, and where it certainly has none, of the leaves looked at.
        """
        leaf, box = _places(possible & ~settled)
        failed, held = np.zeros_like(possible), np.zeros_like(possible)
        out = self.state.never[leaf, box]
        lost = self._lost_to_the_best(leaf, box, out)
        failed[leaf[lost], box[lost]] = True
        leaf, box, out = leaf[~lost], box[~lost], out[~lost]
        held[leaf, box] = True
        for pair, place, at in self._others(leaf, box, out):
            lose, unsure = self.beaten[pair, at], ~self.held[pair, at]
            failed[place[lose], at[lose]] = True
            held[place[unsure], at[unsure]] = False
        possible &= ~failed
        certain &= held | settled
        return failed, held

    def take_out_lapsed(self, possible: BoolArray) -> None:
        """Take out what no mover would choose if the agreement did not enter into force."""
        lapsed = self.state.lapsed
        lapsed &= possible
        leaf, box = _places(lapsed)
        out = np.ones(len(leaf), dtype=np.bool_)
        lost = self._lost_to_the_best(leaf, box, out)
        lapsed[leaf[lost], box[lost]] = False
        for pair, place, at in self._others(leaf[~lost], box[~lost], out[~lost]):
            lose = self.beaten[pair, at]
            lapsed[place[lose], at[lose]] = False

    def _pair(self, leaf: IntArray, choice: IntArray, out: BoolArray) -> IntArray:
        """Numbers of comparisons; ``out`` says where an agreement does not enter into force."""
        return np.where(out, self.step.without[leaf, choice], self.step.pair[leaf, choice])

    def _lost_to_the_best(self, leaf: IntArray, box: IntArray, out: BoolArray) -> BoolArray:
        """Whether the choice that looks best certainly beats what the mover has at some leaves."""
        if not len(leaf):
            return np.zeros(0, dtype=np.bool_)
        best = self._champion[leaf, box]
        rival = best != self.step.own(leaf)
        pair = self._pair(leaf, best, out)
        self._make(pair[rival], box[rival])
        return np.asarray(self.beaten[pair, box] & rival)

    def _others(
        self, leaf: IntArray, box: IntArray, out: BoolArray
    ) -> Iterator[tuple[IntArray, IntArray, IntArray]]:
        """Comparisons of some leaves with all other choices, made: number, leaf, box."""
        at_once = max(1, AT_ONCE // max(1, len(leaf)))
        for start in range(0, self.step.size if len(leaf) else 0, at_once):
            choices = np.arange(start, min(start + at_once, self.step.size))
            where, choice = _places(self.step.own(leaf)[:, None] != choices)
            place, at = leaf[where], box[where]
            pair = self._pair(place, choices[choice], out[where])
            self._make(pair, at)
            yield pair, place, at

    @cached_property
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
        key = each_once(key[~self.known.reshape(-1)[key]], self.slot)
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
        first, count, boxes = step.subgame[pair], len(pair), self.known.shape[1]
        start = first * boxes + box
        places = (start[:, None] + np.arange(step.inner) * boxes).reshape(-1)
        some = np.flatnonzero(state.possible.reshape(-1).take(places))
        query, place = np.divmod(some, step.inner)
        mine, at, where = step.outcome[pair].take(query), box.take(query), places.take(some)
        second = state.batch.of.leaf.take(first.take(query) + place)
        better, maybe = state.batch.better(step.actor, mine, second, at)
        no_better = ~maybe
        beats = np.bincount(query[~better], minlength=count) == 0
        holds = (
            np.bincount(query[state.certain.reshape(-1).take(where) & no_better], minlength=count)
            > 0
        )
        none_better = np.bincount(query[~no_better], minlength=count) == 0
        holds |= none_better & state.filled[first // step.inner, box]
        open_ = ~better & ~no_better & ~(beats | holds)[query]
        state.left.append((step.actor, mine[open_], second[open_], at[open_]))
        return beats, holds


def _places(mask: BoolArray) -> tuple[IntArray, IntArray]:
    """Rows and columns at which a table is true."""
    return np.divmod(np.flatnonzero(mask), max(1, mask.shape[1]))
