"""The leaves of a stage game: what comes about at every choice on every axis.

Definition. As in :mod:`sim.games.stages`. Arrays over all leaves are made when somebody asks for them first:
a game of several offers, each answered before the next is made, has very many leaves, and is solved offer
by offer without them (:mod:`sim.games.in_time.offer_by_offer`).

Array convention. Arrays have the shape of the axes, ``(*moves,)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import prod

import numpy as np

from sim._kernels.tolerance import BoolArray, IntArray
from sim.errors import TooLargeError
from sim.scenario import Document

MAX_LEAVES = 400_000
"""Leaves of a game of stages, or of one of its offers, of which arrays are made."""


@dataclass(frozen=True, slots=True, eq=False)
class Axis:
    """One move: who makes it, in which stage, and what can be chosen.

    ``options`` are agreement indices for offers and demands, stance indices for stances, message indices for
    signals, and 0 or 1 (accept, reject; comply, renege) otherwise.
    """

    kind: str
    actor: str
    stage: int
    labels: tuple[str, ...]
    options: IntArray


@dataclass(frozen=True, eq=False)
class EveryLeaf:
    """What comes about at every leaf of a game with some axes."""

    axes: tuple[Axis, ...]
    document: Document

    @property
    def shape(self) -> tuple[int, ...]:
        """Length of every axis."""
        return tuple(len(axis.options) for axis in self.axes)

    @property
    def count(self) -> int:
        """How many there are."""
        return prod(self.shape)

    @cached_property
    def by_offers(self) -> tuple[EveryLeaf, ...]:
        """The leaves of each offer by itself, where several follow one another; none elsewhere."""
        parts = alone(self.axes, self.document) if is_offer_by_offer(self.axes) else []
        return tuple(parts) if len(parts) > 1 else ()

    def check(self) -> None:
        """Refuse too many.

        Raises
        ------
        TooLargeError
            If arrays over all leaves would be too large.
        """
        if self.count > MAX_LEAVES:
            raise TooLargeError(
                f"the game has {self.count:,} leaves, the limit is {MAX_LEAVES:,}; narrow the menu of an "
                "offer (menu: EXPRESSION) or rule out agreements that nobody would propose"
            )

    def _choices(self) -> list[IntArray]:
        """Per axis what is chosen, along it."""
        self.check()
        count = len(self.axes)
        return [
            axis.options.reshape([-1 if k == j else 1 for j in range(count)])
            for k, axis in enumerate(self.axes)
        ]

    @cached_property
    def agreement(self) -> IntArray:
        """The agreement that stands, 0 for none."""
        return _signed(self.axes, self._choices(), self.shape)

    @cached_property
    def profile(self) -> IntArray:
        """The stance profile."""
        third, sizes = self.document.third_parties, self.document.stance_counts
        out = np.zeros(self.shape, dtype=np.int64)
        for axis, chosen in zip(self.axes, self._choices(), strict=True):
            if axis.kind == "stance":
                k = third.index(axis.actor)
                out = out + chosen * int(np.prod(sizes[k + 1 :], dtype=np.int64))
        return out

    @cached_property
    def reneged(self) -> BoolArray:
        """Whether the agreement is reneged upon."""
        out = np.zeros(self.shape, dtype=np.bool_)
        for axis, chosen in zip(self.axes, self._choices(), strict=True):
            if axis.kind == "implement":
                out = out | ((chosen == 1) & (self.agreement != 0))
        return out


AFTER = ("stance", "implement")
"""Moves that may come after the last answer."""


def is_offer_by_offer(axes: Sequence[Axis]) -> bool:
    """Whether each offer is answered before the next, and all else comes after the last answer.

    Examples
    --------
    >>> def axis(kind, stage):
    ...     return Axis(kind, "a", stage, ("x",), np.zeros(1, dtype=np.int64))
    >>> is_offer_by_offer([axis("offer", 0), axis("reply", 1), axis("offer", 2), axis("reply", 3)])
    True
    >>> is_offer_by_offer([axis("stance", 0), axis("offer", 1), axis("reply", 2)])
    False
    """
    parts = _offers(axes)
    if not parts or any(axis.kind not in ("offer", "reply", *AFTER) for axis in axes):
        return False
    ends = [[axes[n].stage for n in part] for part in parts]
    after = all(axis.stage > max(ends[-1]) for axis in axes if axis.kind in AFTER)
    return after and all(max(one) < min(other) for one, other in pairwise(ends))


def _offers(axes: Sequence[Axis]) -> list[list[int]]:
    """The axes of every offer with the replies to it."""
    out: list[list[int]] = []
    for n, axis in enumerate(axes):
        if axis.kind == "offer":
            out.append([n])
        elif axis.kind == "reply" and out:
            out[-1].append(n)
    return out


def alone(axes: Sequence[Axis], document: Document) -> list[EveryLeaf]:
    """The leaves of each offer by itself: it, its replies, and what comes after the last answer of all."""
    rest = [n for n, axis in enumerate(axes) if axis.kind in AFTER]
    parts = [tuple(axes[n] for n in sorted([*part, *rest])) for part in _offers(axes)]
    return [EveryLeaf(part, document) for part in parts]


def _signed(axes: Sequence[Axis], choice: Sequence[IntArray], shape: tuple[int, ...]) -> IntArray:
    """The agreement that stands: first accepted offer, or the common demand; 0 for none."""
    standing = np.zeros(shape, dtype=np.int64)
    offered = np.zeros(shape, dtype=np.int64)
    accepted = np.ones(shape, dtype=np.bool_)
    for axis, chosen in zip(axes, choice, strict=True):
        if axis.kind == "offer":
            standing = np.where((standing == 0) & accepted, offered, standing)
            offered, accepted = np.broadcast_to(chosen, shape), np.ones(shape, dtype=np.bool_)
        elif axis.kind == "reply":
            accepted = accepted & (chosen == 0)
    demands = [c for a, c in zip(axes, choice, strict=True) if a.kind == "demand"]
    if demands:
        same = np.ones(shape, dtype=np.bool_)
        for other in demands[1:]:
            same = same & (other == demands[0])
        return np.where(same, np.broadcast_to(demands[0], shape), 0)
    return np.where((standing == 0) & accepted, offered, standing)
