"""Backward induction on sets over boxes: which leaves of a stage game certainly and possibly survive.

Definition. As in :mod:`sim.solutions.sequential.subgame_perfect`, a leaf survives a stage when its mover
gains nothing by any other choice, against the worst continuation of that choice that survives the later
stages. Over a box a leaf certainly fails when some other choice is better against every possibly
surviving continuation; it certainly survives when it did so far and every other choice has a certain
continuation that is no better (or certainly has one, and none that is possible is better). A
simultaneous stage is solved where every history leads to a leaf that survives it. "Better" means by
more than the tolerance of the point-wise solver.

A last simultaneous stage also certainly has an equilibrium where some choices of all movers but one
are certainly best whichever of its best replies that one makes: a best reply always exists.

Array convention. Masks have shape ``(leaves, boxes)``, leaves in the order of the game's axes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from sim._kernels.tolerance import BoolArray
from sim.certified.games.better_choices import Comparisons, State
from sim.certified.games.comparisons import Step
from sim.certified.games.game_batch import GameBatch, Query
from sim.rules.arithmetic import Value
from sim.rules.induction import survivors
from sim.rules.intervals import Ends, Interval


@dataclass(frozen=True, slots=True, eq=False)
class Survivors:
    """Leaves that are certainly and possibly alive after a stage and all later ones.

    ``failed`` says per mover at which leaves it certainly has a better choice.
    """

    certain: BoolArray
    possible: BoolArray
    failed: tuple[BoolArray, ...]

    def common(self, some: BoolArray) -> Survivors:
        """What holds in all of some boxes, shape ``(leaves, 1)``.

        Examples
        --------
        >>> mask, both = np.array([[True, False]]), np.array([True, True])
        >>> known = Survivors(mask, mask, (mask,)).common(both)
        >>> known.certain.item(), known.possible.item(), known.failed[0].item()
        (False, True, False)
        """
        return Survivors(
            np.asarray(self.certain[:, some].all(axis=1, keepdims=True)),
            np.asarray(self.possible[:, some].any(axis=1, keepdims=True)),
            tuple(np.asarray(f[:, some].all(axis=1, keepdims=True)) for f in self.failed),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Induced:
    """What backward induction finds over boxes.

    Parameters
    ----------
    stages
        Survivors of every stage, in order of play; masks have shape ``(leaves, boxes)``.
    lapsed
        Leaves that an equilibrium may reach without their agreement entering into force, where
        bounds leave open whether it does, shape ``(leaves, boxes)``.
    solved, solvable
        Where every simultaneous stage certainly, and possibly, has a pure equilibrium, ``(boxes,)``.
    left
        Differences that bounds leave open.
    """

    stages: tuple[Survivors, ...]
    lapsed: BoolArray
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
    on = _OverBoxes(batch, stages, known)
    axes = [[step.axis for step in stage] for stage in stages]
    moves = sum(map(len, axes))
    survivors(on, axes, lambda axis: (axis, axis), on.whole, moves=moves, settle=on.settle)
    found = tuple(stage.survivors for stage in reversed(on.played))
    return Induced(found, on.state.lapsed, on.solved, on.solvable, on.state.left)


def _settled_by_a_reply(
    stage: Sequence[Step], failed: Sequence[BoolArray], held: Sequence[BoolArray]
) -> BoolArray:
    """Histories after which a last stage certainly has an equilibrium, because one mover has a best reply."""
    leaves, boxes = held[0].shape
    size = stage[0].step * stage[0].size
    out = np.zeros((leaves // size, boxes), dtype=np.bool_)
    if stage[0].inner > 1:
        return out
    for k, step in enumerate(stage):
        others = np.logical_and.reduce([h for j, h in enumerate(held) if j != k])
        lines = (others | failed[k]).reshape(-1, step.size, step.step, boxes)
        whole = np.broadcast_to(lines.all(axis=1, keepdims=True), lines.shape)
        out |= whole.reshape(-1, size, boxes).any(axis=1)
    return out


@dataclass(frozen=True, slots=True, eq=False)
class _Stage:
    """Leaves that are alive in a stage as far as its movers were looked at.

    ``settled`` are those of which that is known; per mover ``failed`` and ``held`` say where it certainly has
    a better choice, and where it certainly has none.
    """

    number: int
    certain: BoolArray
    possible: BoolArray
    settled: BoolArray
    failed: tuple[BoolArray, ...] = ()
    held: tuple[BoolArray, ...] = ()

    @property
    def survivors(self) -> Survivors:
        """The leaves after all movers."""
        return Survivors(self.certain, self.possible, self.failed)


class _OverBoxes:
    """The arithmetic of backward induction over boxes.

    A mover's payoffs stand for its move. The worst that it may meet and what it can secure are not bounded
    themselves: whether it has at least that much is asked of every continuation, by differences in which all
    that two outcomes share cancels.
    """

    def __init__(
        self, batch: GameBatch, stages: Sequence[Sequence[Step]], known: Sequence[Survivors]
    ) -> None:
        self.state, self.stages, self.known = State(batch), stages, known
        self.steps = {s.axis: (n, k) for n, st in enumerate(stages) for k, s in enumerate(st)}
        self.played: list[_Stage] = []
        self.solved, self.solvable = np.ones((2, len(batch)), dtype=np.bool_)
        self._filled = self.solved
        everywhere = np.ones((len(batch.of.leaf), 1), dtype=np.bool_)
        self.whole = _Stage(len(stages), self.state.certain, self.state.possible, ~everywhere)

    def barred(self, alive: _Stage) -> None:
        """Leaves that survive the later stages are what a choice may lead to."""
        state, stage = self.state, self.stages[alive.number]
        if len(stage) == 1:
            lines = state.filled.reshape(-1, stage[0].size, len(state.batch))
            state.filled = self.over("any", alive, ()).lo | lines.all(axis=1)
        else:
            state.filled = self._filled
        state.certain, state.possible = alive.certain, alive.possible

    def held(self, table: int, barred: None) -> int:
        """The payoffs stand for themselves."""
        return table

    def over(self, op: str, table: Value, axes: Sequence[int]) -> Value:
        """The histories of a stage after which a leaf survives; payoffs stand for themselves."""
        if op != "any":
            return table
        stage, boxes = self.stages[table.number], len(self.state.batch)
        size = stage[0].step * stage[0].size
        certain, possible = (
            np.asarray(m.reshape(-1, size, boxes).any(axis=1))
            for m in (table.certain, table.possible)
        )
        if len(stage) > 1:
            certain |= _settled_by_a_reply(stage, table.failed, table.held)
        return Interval(certain, possible)

    def apply(self, op: str, *values: Value) -> Value:
        """Leaves at which a mover has at least what it can secure are left where they are asked for."""
        return values[0] if op == "ge" else self._kept(*values)

    def fold(self, op: str, values: Iterable[Value]) -> Value:
        """One operation after the other."""
        return reduce(lambda a, b: self.apply(op, a, b), values)

    def best(self, table: Value, alive: Value, axes: Sequence[int]) -> Value:
        """Payoffs stand for themselves."""
        return table

    def settle(self, some: Ends) -> None:
        """Where a stage of several movers has an equilibrium after every history."""
        self._filled = some.lo
        self.solved &= some.lo.all(axis=0)
        self.solvable &= some.hi.all(axis=0)

    def _kept(self, keep: _Stage, axis: int) -> _Stage:
        """The leaves of a stage at which one more mover has no better choice."""
        number, k = self.steps[axis]
        if keep.number != number:
            keep = self._begun(number)
        certain, possible = keep.certain.copy(), keep.possible.copy()
        comparisons = Comparisons(self.state, self.stages[number][k])
        lost, kept = comparisons.take_out(certain, possible, keep.settled)
        comparisons.take_out_lapsed(possible)
        if self.known:
            lost |= self.known[number].failed[k]
        failed, held = (*keep.failed, lost), (*keep.held, kept | keep.settled)
        after = _Stage(number, certain, possible, keep.settled, failed, held)
        self.played[-1:] = [after] if k else [*self.played[-1:], after]
        return after

    def _begun(self, number: int) -> _Stage:
        """A stage before its movers, with what is known of a box around all boxes."""
        state = self.state
        if not self.known:
            return _Stage(number, state.certain, state.possible, self.whole.settled)
        before = self.known[number]
        possible = state.possible & before.possible
        certain = (state.certain | before.certain) & possible
        return _Stage(number, certain, possible, before.certain)
