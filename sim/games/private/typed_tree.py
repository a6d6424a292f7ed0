"""The tree of a dispute with types: chance draws who is who, and what nobody would choose is left out.

Definition. Chance draws a profile of types first. At every later node the mover knows its own type and what
was chosen in earlier stages; nodes that differ in nothing else lie in one information set. Options that are
chosen in no perfect Bayesian equilibrium (:mod:`sim.games.private.never_chosen`) are left out, and so are
nodes with one option. Payoffs that tie, as far as they are known, are made equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim._kernels.tolerance import BoolArray
from sim.errors import TooLargeError
from sim.games.private.never_chosen import kept_options
from sim.games.private.typed_outcomes import TypedOutcomes
from sim.games.tree import CHANCE, END, GameNode, InformationSet, Tree

MOST_NODES = 20_000
"""Nodes and ends that the tree may have."""
NATURE = "types"
"""The name of the node at which chance draws the types."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What an information set is in the dispute.

    Parameters
    ----------
    axis
        The move.
    before
        What was chosen on earlier axes, by position.
    type_of_mover
        The mover's own type; empty where it has none.
    """

    axis: int
    before: tuple[int, ...]
    type_of_mover: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TypedTree:
    """A tree with what its parts are in the dispute.

    Parameters
    ----------
    typed
        What it was made of.
    tree
        The game that is left.
    places
        Per information set what it is.
    leaves
        Per number of an end the leaf and the profile of types.
    profile_of
        Per number of a node at which an actor moves the profile of types.
    kept
        Per axis which options may be chosen.
    """

    typed: TypedOutcomes
    tree: Tree
    places: tuple[Place, ...]
    leaves: dict[int, tuple[tuple[int, ...], int]]
    profile_of: dict[int, int]
    kept: tuple[BoolArray, ...]


def typed_tree(typed: TypedOutcomes, *, title: str = "") -> TypedTree:
    """The tree of a dispute with types at one point.

    Raises
    ------
    TooLargeError
        Beyond ``MOST_NODES``.
    """
    builder = _Builder(typed)
    builder.build()
    nodes = tuple(builder.nodes)
    sets = tuple(
        InformationSet(
            name=builder.name(place),
            actor=typed.actors.index(typed.game.axes[place.axis].actor),
            actions=nodes[numbers[0]].actions,
            nodes=tuple(numbers),
        )
        for place, numbers in builder.sets
    )
    tree = Tree(actors=typed.actors, nodes=nodes, sets=sets, exact=False, title=title)
    places = tuple(place for place, _ in builder.sets)
    return TypedTree(
        typed=typed,
        tree=tree,
        places=places,
        leaves=builder.leaves,
        profile_of=builder.profile_of,
        kept=tuple(builder.kept),
    )


class _Builder:
    """Numbers nodes on a walk that goes down first."""

    def __init__(self, typed: TypedOutcomes) -> None:
        self.typed = typed
        self.kept = kept_options(typed)
        self.axes = typed.game.axes
        self.before = [sum(o.stage < axis.stage for o in self.axes) for axis in self.axes]
        self.nodes: list[GameNode] = []
        self.sets: list[tuple[Place, list[int]]] = []
        self.leaves: dict[int, tuple[tuple[int, ...], int]] = {}
        self.profile_of: dict[int, int] = {}
        self._numbers: dict[tuple[int, tuple[int, ...], int], int] = {}

    def build(self) -> None:
        """All nodes, and then payoffs at the ends."""
        profiles = self.typed.profiles
        if len(profiles) == 1:
            self._below((), 0)
        else:
            self.nodes.append(GameNode(name=NATURE, mover=CHANCE))
            children = tuple(self._below((), t) for t in range(len(profiles)))
            self.nodes[0] = GameNode(
                name=NATURE,
                mover=CHANCE,
                actions=tuple(p.label for p in profiles),
                children=children,
                amounts=tuple(p.chance for p in profiles),
            )
        payoffs = self._payoffs()
        for row, (k, (leaf, _)) in zip(payoffs, self.leaves.items(), strict=True):
            self.nodes[k] = GameNode(name=self._label(leaf, k), mover=END, amounts=tuple(row))

    def _below(self, history: tuple[int, ...], t: int) -> int:
        """The number of the node after a history, which is built with all below it."""
        while len(history) < len(self.axes):
            options = self._options(history, t)
            if len(options) > 1:
                return self._move(history, options, t)
            history = (*history, options[0])
        number = self._new(GameNode(name="", mover=END))
        self.leaves[number] = (history, t)
        return number

    def _options(self, history: tuple[int, ...], t: int) -> list[int]:
        axis = len(history)
        return [int(o) for o in np.flatnonzero(self.kept[axis][history[: self.before[axis]]][:, t])]

    def _move(self, history: tuple[int, ...], options: Sequence[int], t: int) -> int:
        axis = len(history)
        seen = history[: self.before[axis]]
        key = (axis, seen, int(self.typed.own[axis][t]))
        move = self.axes[axis]
        if key not in self._numbers:
            own = self.typed.profiles[t].types.get(move.actor, "")
            self._numbers[key] = len(self.sets)
            self.sets.append((Place(axis=axis, before=seen, type_of_mover=own), []))
        information = self._numbers[key]
        number = self._new(GameNode(name="", mover=0))
        self.sets[information][1].append(number)
        self.profile_of[number] = t
        children = tuple(self._below((*history, o), t) for o in options)
        self.nodes[number] = GameNode(
            name=self._told(history[len(seen) :], axis, t) or f"node {number + 1}",
            mover=self.typed.actors.index(move.actor),
            information=information,
            actions=tuple(move.labels[o] for o in options),
            children=children,
        )
        return number

    def _told(self, hidden: tuple[int, ...], axis: int, t: int) -> str:
        """What the mover cannot tell at a node: who is who, and what is chosen at the same time."""
        axes = self.axes[axis - len(hidden) : axis]
        choices = [f"{a.actor} {a.labels[o]}" for a, o in zip(axes, hidden, strict=True)]
        return ", ".join(filter(None, [self.typed.profiles[t].label, *choices]))

    def _new(self, node: GameNode) -> int:
        if len(self.nodes) >= MOST_NODES:
            raise TooLargeError(
                f"what is left of the game with its types is a tree of more than {MOST_NODES:,} nodes; "
                "narrow the menu of an offer (menu: EXPRESSION), or have the side without types offer"
            )
        self.nodes.append(node)
        return len(self.nodes) - 1

    def name(self, place: Place) -> str:
        """An information set: what is decided, after what, and by which type."""
        move = self.axes[place.axis]
        seen = [(a, a.labels[o]) for a, o in zip(self.axes, place.before, strict=False)]
        told = ", ".join(f"{axis.actor} {axis.kind} {label}" for axis, label in seen)
        whose = f" ({place.type_of_mover})" if place.type_of_mover else ""
        return f"{move.kind}{whose} after {told}" if told else f"{move.kind}{whose}"

    def _label(self, leaf: tuple[int, ...], number: int) -> str:
        game, t = self.typed.game, self.leaves[number][1]
        final = int(self.typed.final[(*leaf, t)])
        rows, columns = game.dispute.shape
        words = [game.dispute.space.label(final % (rows * columns) // columns)]
        if game.dispute.scenario.document.third_parties:
            words.append(game.dispute.profile_label(final % columns))
        return "; ".join([*words, *(["reneged upon"] if final >= rows * columns else [])])

    def _payoffs(self) -> Any:
        """Payoffs at the ends, shape ``(ends, actors)``, equal where they tie."""
        columns = [(*leaf, t) for leaf, t in self.leaves.values()]
        low = np.array([np.moveaxis(self.typed.least, 0, -1)[c] for c in columns])
        high = np.array([np.moveaxis(self.typed.most, 0, -1)[c] for c in columns])
        return np.stack(
            [_tied(low[:, i], high[:, i]) for i in range(low.shape[1])], axis=1
        ).tolist()


def _tied(low: Any, high: Any) -> Any:
    """One number for every payoff; those whose intervals meet, one after the other, have the same."""
    middle = (low + high) / 2
    order = np.argsort(middle, kind="stable")
    gaps = low[order][1:] > high[order][:-1]
    group = np.concatenate([[0], np.cumsum(gaps)])
    first = np.flatnonzero(np.concatenate([[True], gaps]))
    out = np.empty_like(middle)
    out[order] = middle[order][first][group]
    return out
