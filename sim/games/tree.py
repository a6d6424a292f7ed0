"""Games in extensive form: trees with chance, information sets and payoffs at the ends.

Definition. The play starts at the root. At a node an actor, or chance, chooses one of its actions
and play moves to a child; at an end every actor receives a payoff. Nodes of one actor among which
it cannot tell lie in one *information set* and have the same actions. *Perfect information*: every
information set is a single node. *Perfect recall*: all nodes of an information set come after the
same own choices of its actor (Kuhn 1953).

Nodes are numbered in the order of a walk that goes down first, so a child's number is larger than
its parent's, the root is 0, and a loop over numbers replaces recursion. Payoffs and probabilities
are fractions where ``exact`` is true, doubles otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import accumulate
from math import lcm

CHANCE, END = -1, -2
"""In place of an actor: chance moves; nobody does."""

MAX_BITS = 4_000
"""Binary digits of the common denominator up to which a tree's numbers stay whole."""

Number = Fraction | float
Amounts = tuple[Number, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GameNode:
    """One node of a tree.

    Parameters
    ----------
    name
        Of a node; of the outcome at an end, where it has one.
    mover
        Position of the actor that moves, ``CHANCE`` or ``END``.
    information
        Position of its information set in ``Tree.sets``; -1 at chance and ends.
    actions
        Labels of the actions.
    children
        Numbers of the nodes that they lead to.
    amounts
        Probabilities at chance, payoffs at an end.
    """

    name: str
    mover: int
    information: int = -1
    actions: tuple[str, ...] = ()
    children: tuple[int, ...] = ()
    amounts: Amounts = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationSet:
    """Nodes of one actor among which it cannot tell, with the actions that they share."""

    name: str
    actor: int
    actions: tuple[str, ...]
    nodes: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A game in extensive form.

    Parameters
    ----------
    actors
        Names, in order.
    nodes
        Every child after its parent; the first is the root.
    sets
        Information sets in the order of their first nodes.
    exact
        Whether the numbers are fractions.
    title
        For messages and exports.

    Examples
    --------
    >>> ends = [GameNode(name="", mover=END, amounts=(Fraction(u),)) for u in (1, 2)]
    >>> start = GameNode(name="start", mover=0, information=0, actions=("l", "r"), children=(1, 2))
    >>> only = InformationSet(name="start", actor=0, actions=("l", "r"), nodes=(0,))
    >>> tree = Tree(actors=("a",), nodes=(start, *ends), sets=(only,))
    >>> tree.ends, tree.perfect_information, tree.forgetful()
    ((1, 2), True, ())
    """

    actors: tuple[str, ...]
    nodes: tuple[GameNode, ...]
    sets: tuple[InformationSet, ...]
    exact: bool = True
    title: str = ""

    @property
    def perfect_information(self) -> bool:
        """Whether every actor knows all that was chosen before it moves."""
        return all(len(s.nodes) == 1 for s in self.sets)

    @property
    def ends(self) -> tuple[int, ...]:
        """Numbers of the nodes at which play ends."""
        return tuple(k for k, node in enumerate(self.nodes) if node.mover == END)

    def forgetful(self) -> tuple[InformationSet, ...]:
        """Information sets at which an actor has forgotten a choice of its own; none: perfect recall."""
        last = own_moves(self)
        return tuple(s for s in self.sets if len({last[k][s.actor] for k in s.nodes}) > 1)


def own_moves(tree: Tree) -> list[tuple[int, ...]]:
    """Per node and actor the last own choice before it: a number per (information set, action), or -1.

    If all nodes of every set agree on the last own choice of its actor, they agree on the whole
    history of own choices, because that choice was itself made at a set.
    """
    first = list(accumulate((len(s.actions) for s in tree.sets), initial=0))
    last: list[tuple[int, ...]] = [()] * len(tree.nodes)
    last[0] = (-1,) * len(tree.actors)
    for k, node in enumerate(tree.nodes):
        for a, child in enumerate(node.children):
            moves = last[k]
            if node.mover >= 0:
                choice = first[node.information] + a
                moves = (*moves[: node.mover], choice, *moves[node.mover + 1 :])
            last[child] = moves
    return last


def in_doubles(tree: Tree) -> Tree:
    """The tree with every number in double precision."""
    nodes = (replace(node, amounts=tuple(map(float, node.amounts))) for node in tree.nodes)
    return replace(tree, nodes=tuple(nodes), exact=False)


def bounded(tree: Tree) -> Tree:
    """The tree itself, or in doubles where exact expectations could have very many digits.

    A common denominator of all expectations in a subgame is that of its children's, multiplied at
    chance by the probabilities'; ``MAX_BITS`` limits it.
    """
    common = [1] * len(tree.nodes)
    for k in reversed(range(len(tree.nodes))):
        node = tree.nodes[k]
        own = [Fraction(amount).denominator for amount in node.amounts]
        if node.mover == CHANCE:
            own = [p * common[child] for p, child in zip(own, node.children, strict=True)]
        common[k] = lcm(*own, *(common[child] for child in node.children))
        if common[k].bit_length() > MAX_BITS:
            return in_doubles(tree)
    return tree


def ends_reached(tree: Tree, choices: Sequence[int]) -> dict[int, Number]:
    """The ends that pure choices lead to, with the probability of each.

    Parameters
    ----------
    choices
        Per node the position of the chosen action; chance and ends are not read.
    """
    out: dict[int, Number] = {}
    stack: list[tuple[int, Number]] = [(0, Fraction(1))]
    while stack:
        k, probability = stack.pop()
        node = tree.nodes[k]
        if node.mover == END:
            out[k] = probability
        elif node.mover == CHANCE:
            pairs = zip(node.children, node.amounts, strict=True)
            stack += [(child, probability * chance) for child, chance in pairs if chance]
        else:
            stack.append((node.children[choices[k]], probability))
    return dict(sorted(out.items()))
