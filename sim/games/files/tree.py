"""From the ``tree`` section of a file to a game in extensive form.

Definition. Numbers are exact, and so are expressions in the file's parameters that are rational
(:mod:`sim.expressions.exact`). Others are evaluated in double precision; one of these puts the whole
tree in double precision. Nodes are numbered on a walk from the start that goes down first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from sim.errors import TooLargeError, UsageError
from sim.expressions.exact import exact_value
from sim.games.files.finite import finite
from sim.games.tree import (
    CHANCE,
    END,
    Amounts,
    GameNode,
    InformationSet,
    Number,
    Tree,
    bounded,
    in_doubles,
)
from sim.scenario.sections.tree import TreeSection

MAX_NODES = 200_000
"""Nodes and ends that a tree of a file may have."""
SUM_ERROR = 1e-12
"""What rounded probabilities may miss 1 by."""


def tree_game(
    section: TreeSection, values: Mapping[str, float] | None = None, *, title: str = ""
) -> Tree:
    """The game that a ``tree`` section describes.

    Parameters
    ----------
    section
        The section.
    values
        The file's parameters by dotted path.

    Raises
    ------
    UsageError
        If an expression has no finite value, or probabilities are negative or do not add up to 1;
        the message has the path.
    TooLargeError
        Beyond ``MAX_NODES`` nodes and ends.

    Examples
    --------
    >>> tree = tree_game(TreeSection(actors=("a",), nodes={
    ...     "toss": {"chance": {"heads": "1/2", "tails": "1/2"},
    ...              "actions": {"heads": "guess", "tails": [0]}},
    ...     "guess": {"player": "a", "actions": {"left": [1], "right": ["2 * x"]}}}), {"x": 3})
    >>> [node.name for node in tree.nodes], tree.nodes[3].amounts, tree.exact
    (['toss', 'guess', '', '', ''], (Fraction(6, 1),), True)
    """
    numbers = _Numbers(values or {})
    order, children = _walk(section)
    places: dict[tuple[str, str], int] = {}
    nodes = [_node(section, target, where, numbers, places) for target, where in order]
    nodes = [replace(n, children=tuple(c)) for n, c in zip(nodes, children, strict=True)]
    members: list[list[int]] = [[] for _ in places]
    for k, node in enumerate(nodes):
        if node.information >= 0:
            members[node.information].append(k)
    sets = tuple(
        InformationSet(
            name=name, actor=nodes[m[0]].mover, actions=nodes[m[0]].actions, nodes=tuple(m)
        )
        for (_, name), m in zip(places, members, strict=True)
    )
    tree = Tree(actors=section.actors, nodes=tuple(nodes), sets=sets, title=title)
    return bounded(tree) if numbers.exact else in_doubles(tree)


def _walk(section: TreeSection) -> tuple[list[tuple[Any, str]], list[list[int]]]:
    """What stands at every number, with its path in the file, and the numbers of its children."""
    order: list[tuple[Any, str]] = []
    children: list[list[int]] = []
    stack: list[tuple[Any, int, str]] = [(section.start, -1, "")]
    while stack:
        target, parent, where = stack.pop()
        number = len(order)
        if number >= MAX_NODES:
            raise TooLargeError(
                f"the tree has more than {MAX_NODES:,} nodes and ends, the limit; solve its parts "
                "apart, or merge actions"
            )
        if parent >= 0:
            children[parent].append(number)
        order.append((target, where))
        children.append([])
        if isinstance(target, str) and target in section.nodes:
            actions = section.nodes[target].actions
            for action, below in reversed(tuple(actions.items())):
                stack.append((below, number, f"nodes.{target}.actions.{action}"))
    return order, children


def _node(
    section: TreeSection,
    target: Any,
    where: str,
    numbers: _Numbers,
    places: dict[tuple[str, str], int],
) -> GameNode:
    if not isinstance(target, str):
        return GameNode(name="", mover=END, amounts=numbers.read(target, where))
    if target in section.outcomes:
        payoffs = numbers.read(section.outcomes[target], f"outcomes.{target}")
        return GameNode(name=target, mover=END, amounts=payoffs)
    node = section.nodes[target]
    actions = tuple(node.actions)
    if node.chance is not None:
        chances = [node.chance[action] for action in actions]
        amounts = numbers.probabilities(chances, f"nodes.{target}.chance")
        return GameNode(name=target, mover=CHANCE, actions=actions, amounts=amounts)
    assert node.player is not None
    place = places.setdefault((node.player, node.information or target), len(places))
    mover = section.actors.index(node.player)
    return GameNode(name=target, mover=mover, information=place, actions=actions)


class _Numbers:
    """Evaluates numbers once per path and remembers whether all were exact."""

    def __init__(self, values: Mapping[str, float]) -> None:
        self.values, self.exact = values, True
        self._known: dict[str, Amounts] = {}

    def read(self, amounts: Sequence[Any], path: str) -> Amounts:
        """Exact numbers as they are, expressions at their value."""
        if path not in self._known:
            self._known[path] = tuple(self._one(amount, path) for amount in amounts)
        return self._known[path]

    def _one(self, amount: Any, path: str) -> Number:
        if isinstance(amount, Fraction):
            return amount
        found = exact_value(amount.tree, self.values)
        if found is not None:
            return found
        self.exact = False
        return float(finite(amount, self.values, f"tree.{path}"))

    def probabilities(self, amounts: Sequence[Any], path: str) -> Amounts:
        """Numbers that are not negative and add up to 1; doubles are divided by their sum."""
        out = self.read(amounts, path)
        total: Number = sum(out)
        rounded = not all(isinstance(p, Fraction) for p in out)
        wrong = abs(float(total) - 1) > SUM_ERROR if rounded else total != 1
        if wrong or any(p < 0 for p in out):
            found = ", ".join(f"{float(p):g}" for p in out)
            raise UsageError(
                f"tree.{path}: probabilities that add up to 1 are needed, found {found}"
            )
        return tuple(p / total for p in out)
