"""A stage game as a tree.

Definition. Stages follow one another: a node of a mover follows every choice made before. Movers of
one stage move in some order without knowing each other's choices, so their nodes after the same
earlier stages form one information set. Payoffs at the ends are those of the outcome, with
ratification and reneging folded in.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import prod
from typing import Any

from sim.errors import TooLargeError
from sim.games.outcomes import Outcomes, outcomes_of
from sim.games.stages import StageGame
from sim.games.tree import END, GameNode, InformationSet, Tree

MAX_NODES = 200_000
"""Nodes and ends that a game of stages may have as a tree."""


@lru_cache(maxsize=2)
def tree_of_stages(game: StageGame) -> Tree:
    """The tree of a stage game at its scenario's current values; of the last games it is kept.

    Parameters
    ----------
    game
        A stage game, as ``sim.games.stages.stage_game`` makes it.

    Raises
    ------
    TooLargeError
        Beyond ``MAX_NODES`` nodes and ends.
    """
    size = sum(prod(game.shape[:k]) for k in range(len(game.axes) + 1))
    if size > MAX_NODES:
        raise TooLargeError(
            f"the game makes a tree of {size:,} nodes and ends, the limit is {MAX_NODES:,}; narrow the "
            "menu of an offer (menu: EXPRESSION)"
        )
    builder = _Builder(game)
    builder.build()
    sets = [
        InformationSet(
            name=name, actor=actor, actions=builder.nodes[nodes[0]].actions, nodes=tuple(nodes)
        )
        for name, actor, nodes in builder.sets
    ]
    return Tree(
        actors=builder.actors,
        nodes=tuple(builder.nodes),
        sets=tuple(sets),
        exact=False,
        title=game.dispute.scenario.title,
    )


class _Builder:
    """Numbers nodes on a walk that goes down first; children are known by counting."""

    def __init__(self, game: StageGame) -> None:
        self.game = game
        movers = {axis.actor for axis in game.axes}
        self.actors = tuple(a for a in game.dispute.scenario.document.actors if a in movers)
        self.outcomes: Outcomes = outcomes_of(game, game.dispute.at(game.dispute.point()))
        self.nodes: list[GameNode] = []
        self.places: dict[tuple[int, tuple[int, ...]], int] = {}
        self.sets: list[tuple[str, int, list[int]]] = []
        self._ends: dict[int, GameNode] = {}
        self._below = [1]
        for length in reversed(game.shape):
            self._below.insert(0, 1 + length * self._below[0])

    def build(self) -> None:
        """All nodes, with histories of choices on a stack."""
        stack: list[tuple[int, ...]] = [()]
        while stack:
            history = stack.pop()
            if len(history) == len(self.game.axes):
                self.nodes.append(self._end(history))
                continue
            self.nodes.append(self._move(history))
            length = self.game.shape[len(history)]
            stack += [(*history, choice) for choice in reversed(range(length))]

    def _move(self, history: tuple[int, ...]) -> GameNode:
        axis, number = len(history), len(self.nodes)
        move = self.game.axes[axis]
        known = sum(other.stage < move.stage for other in self.game.axes)
        key = (axis, history[:known])
        actor = self.actors.index(move.actor)
        if key not in self.places:
            seen = [(a, a.labels[c]) for a, c in zip(self.game.axes, history[:known], strict=False)]
            place = f"{move.kind} after {_told(seen)}" if seen else move.kind
            self.places[key] = len(self.sets)
            self.sets.append((place, actor, []))
        information = self.places[key]
        self.sets[information][2].append(number)
        step = self._below[axis + 1]
        return GameNode(
            name=f"{move.actor} {number + 1}",
            mover=actor,
            information=information,
            actions=move.labels,
            children=tuple(number + 1 + k * step for k in range(len(move.options))),
        )

    def _end(self, leaf: tuple[int, ...]) -> GameNode:
        row = int(self.outcomes.leaf[leaf])
        if row not in self._ends:
            payoffs = tuple(float(self.outcomes.payoffs[actor][row, 0]) for actor in self.actors)
            self._ends[row] = GameNode(name=self._label(leaf), mover=END, amounts=payoffs)
        return self._ends[row]

    def _label(self, leaf: tuple[int, ...]) -> str:
        game: Any = self.game
        words = [game.dispute.space.label(int(game.leaf_agreement[leaf]))]
        if game.dispute.scenario.document.third_parties:
            words.append(game.dispute.profile_label(int(game.leaf_profile[leaf])))
        return "; ".join([*words, *(["reneged upon"] if game.leaf_reneged[leaf] else [])])


def _told(seen: Sequence[tuple[Any, str]]) -> str:
    """Earlier choices in words, with who made them where a choice itself reads like a list."""
    if any("," in label for _, label in seen):
        return "; ".join(f"{axis.actor} {axis.kind} {label}" for axis, label in seen)
    return ", ".join(label for _, label in seen)
