"""Subgames of a tree: where they start, and the tree that is left when some are replaced by values.

Definition. A node starts a *subgame* when no information set contains both a node of the part that starts
there and a node outside of it (Selten 1975). Since numbers follow a walk that goes down first, what lies
below a node ``k`` are the numbers from ``k`` to ``spans(tree)[k] - 1``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sim.games.tree import END, Amounts, GameNode, InformationSet, Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A subgame with ends in place of some subgames below, and where its nodes and sets come from.

    Parameters
    ----------
    tree
        The part as a tree of its own.
    nodes
        Per node of it the number in the whole tree.
    sets
        Per information set of it the position in the whole tree.
    """

    tree: Tree
    nodes: tuple[int, ...]
    sets: tuple[int, ...]

    def with_values(self, values: Mapping[int, Amounts]) -> Tree:
        """The part with payoffs at the ends that stand for subgames, by number in the whole tree."""
        nodes = list(self.tree.nodes)
        for k, whole in enumerate(self.nodes):
            if whole in values:
                nodes[k] = replace(nodes[k], amounts=values[whole])
        return replace(self.tree, nodes=tuple(nodes))


def spans(tree: Tree) -> list[int]:
    """Per node one more than the largest number below it.

    Examples
    --------
    >>> from sim.games.files.tree import tree_game
    >>> from sim.scenario.sections.tree import TreeSection
    >>> tree = tree_game(TreeSection(actors=("a",), nodes={
    ...     "one": {"player": "a", "actions": {"l": "two", "r": [0]}},
    ...     "two": {"player": "a", "actions": {"l": [1], "r": [2]}}}))
    >>> spans(tree), subgame_roots(tree)
    ([5, 4, 3, 4, 5], (0, 1))
    """
    out = [k + 1 for k in range(len(tree.nodes))]
    for k in reversed(range(len(tree.nodes))):
        if tree.nodes[k].children:
            out[k] = out[tree.nodes[k].children[-1]]
    return out


def subgame_roots(tree: Tree) -> tuple[int, ...]:
    """Numbers of the nodes, ends left out, at which a subgame starts; the first is the root."""
    low, high = list(range(len(tree.nodes))), list(range(len(tree.nodes)))
    span = spans(tree)
    for k in reversed(range(len(tree.nodes))):
        node = tree.nodes[k]
        if node.information >= 0:
            members = tree.sets[node.information].nodes
            low[k], high[k] = min(members), max(members)
        for child in node.children:
            low[k], high[k] = min(low[k], low[child]), max(high[k], high[child])
    return tuple(
        k
        for k, node in enumerate(tree.nodes)
        if node.mover != END and low[k] >= k and high[k] < span[k]
    )


def part_of(tree: Tree, root: int, cut: frozenset[int]) -> Part:
    """The subgame at ``root`` with ends at the nodes in ``cut``.

    Every information set of the subgame must lie wholly in what is left or wholly below ``cut``.

    Examples
    --------
    >>> from sim.games.files.tree import tree_game
    >>> from sim.scenario.sections.tree import TreeSection
    >>> tree = tree_game(TreeSection(actors=("a",), nodes={
    ...     "one": {"player": "a", "actions": {"l": "two", "r": [0]}},
    ...     "two": {"player": "a", "actions": {"l": [1], "r": [2]}}}))
    >>> part = part_of(tree, 0, frozenset({1}))
    >>> part.nodes, part.sets, part.with_values({1: (2,)}).nodes[1].amounts
    ((0, 1, 4), (0,), (2,))
    """
    order: list[int] = []
    waiting = [root]
    while waiting:
        k = waiting.pop()
        order.append(k)
        if k not in cut:
            waiting += reversed(tree.nodes[k].children)
    place = {k: number for number, k in enumerate(order)}
    kept = sorted({tree.nodes[k].information for k in order if k not in cut} - {-1})
    number = {s: position for position, s in enumerate(kept)}
    return Part(
        tree=Tree(
            actors=tree.actors,
            nodes=tuple(_node(tree.nodes[k], place, number, cut=k in cut) for k in order),
            sets=tuple(_set(tree.sets[s], place) for s in kept),
            exact=tree.exact,
            title=tree.title,
        ),
        nodes=tuple(order),
        sets=tuple(kept),
    )


def _node(node: GameNode, place: dict[int, int], number: dict[int, int], *, cut: bool) -> GameNode:
    if cut:
        return GameNode(name=node.name, mover=END)
    children = tuple(place[child] for child in node.children)
    return replace(node, children=children, information=number.get(node.information, -1))


def _set(s: InformationSet, place: dict[int, int]) -> InformationSet:
    return replace(s, nodes=tuple(place[k] for k in s.nodes))
