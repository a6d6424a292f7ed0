"""The nodes of an ``.efg`` file: the walk that goes down first, sets and outcomes said once.

A node waits until all its actions have led somewhere; no recursion, so depth has no limit but the
number of nodes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from sim.loading._gambit_text import Token, Words, distinct

MAX_NODES = 200_000
"""Most nodes that are read."""
MAX_BITS = 1_000
"""Longest denominator of a payoff, in bits."""

Numbers = tuple[Fraction, ...]


@dataclass(slots=True)
class Node:
    """A node as the file says it; ``children`` are filled while the walk goes on."""

    kind: str
    name: str
    actor: int = -1
    set: int = 0
    actions: tuple[str, ...] = ()
    chances: Numbers = ()
    outcome: int = 0
    payoffs: Numbers = ()
    children: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Known:
    """What was described so far: sets by actor (-1: chance) and number, outcomes by number."""

    sets: dict[tuple[int, int], tuple[str, tuple[str, ...], Numbers]] = field(default_factory=dict)
    outcomes: dict[int, tuple[str, Numbers]] = field(default_factory=dict)


def read_nodes(words: Words, actors: int, known: Known) -> list[Node]:
    """All nodes in the order of the file; a node waits until all its actions have led somewhere."""
    nodes: list[Node] = []
    waiting: list[int] = []
    while not nodes or waiting:
        if len(nodes) >= MAX_NODES:
            words.refuse(f"at most {MAX_NODES:,} nodes can be read, there are more")
        start = words.peek()
        node = _node(words, actors, known)
        _add_up(words, start, node, nodes[waiting[-1]] if waiting else None, known)
        if waiting:
            nodes[waiting[-1]].children.append(len(nodes))
        nodes.append(node)
        if node.actions:
            waiting.append(len(nodes) - 1)
        while waiting and len(nodes[waiting[-1]].children) == len(nodes[waiting[-1]].actions):
            waiting.pop()
    return nodes


def _add_up(words: Words, start: Token, node: Node, parent: Node | None, known: Known) -> None:
    """Payoffs received up to here; a node below payoffs of its path loses the outcome's name."""
    own = known.outcomes[node.outcome][1] if node.outcome else ()
    before = parent.payoffs if parent else ()
    if own and any(before):
        node.outcome = 0
        node.payoffs = tuple(a + b for a, b in zip(own, before, strict=True))
        if any(u.denominator.bit_length() > MAX_BITS for u in node.payoffs):
            words.refuse("payoffs along this path add up to a number of too many digits", start)
    else:
        node.payoffs = own or before


def _node(words: Words, actors: int, known: Known) -> Node:
    start = words.peek()
    kind = words.word("c, p or t")
    if kind not in ("c", "p", "t"):
        words.refuse("a node starts with c, p or t", start)
    node = Node(kind, words.text("the node's name in quotation marks"))
    if kind != "t":
        if kind == "p":
            start = words.peek()
            node.actor = words.count("an actor's number", actors) - 1
            if node.actor < 0:
                words.refuse("actors are numbered from 1", start)
        node.set = words.count("the information set's number", 10**9)
        _, node.actions, node.chances = _set(words, node, known)
    node.outcome = _outcome(words, actors, known)
    return node


def _set(words: Words, node: Node, known: Known) -> tuple[str, tuple[str, ...], Numbers]:
    """The information set of a node, described here or before; what is said twice must agree."""
    start = words.peek()
    label = words.text("a label") if start.kind == "text" else ""
    key = (node.actor, node.set)
    if words.peek().kind != "{":
        if key not in known.sets:
            words.fail(f"information set {node.set} has no actions yet, so {{ is needed here")
        return known.sets[key]
    actions, chances = _actions(words, with_chances=node.kind == "c")
    if key in known.sets and known.sets[key][1:] != (actions, chances):
        words.refuse(f"information set {node.set} was described otherwise before", start)
    return known.sets.setdefault(key, (label, actions, chances))


def _actions(words: Words, *, with_chances: bool) -> tuple[tuple[str, ...], Numbers]:
    start = words.peek()
    words.take("{", "{ with the actions")
    labels, chances = [], []
    while not words.skip("}"):
        labels.append(words.text("an action's label or }"))
        if with_chances:
            chances.append(_chance(words))
        words.skip(",")
    if not labels:
        words.refuse("at least one action is needed", start)
    if with_chances and sum(chances) != 1:
        words.refuse(
            f"probabilities must add up to 1, these add up to {float(sum(chances)):.12g}", start
        )
    return tuple(distinct(labels, "action")), tuple(chances)


def _chance(words: Words) -> Fraction:
    start = words.peek()
    value = words.number("a probability")
    if not 0 <= value <= 1:
        words.refuse("a probability lies between 0 and 1", start)
    return value


def _outcome(words: Words, actors: int, known: Known) -> int:
    """The number of a node's outcome, 0 for none; described here or before."""
    number = words.count("an outcome's number", 10**9)
    start = words.peek()
    name = words.text("a name") if number and start.kind == "text" else ""
    if words.peek().kind != "{":
        if number and number not in known.outcomes:
            words.fail(f"outcome {number} has no payoffs yet, so {{ is needed here")
        return number
    if not number:
        words.refuse("outcome 0 has no payoffs")
    payoffs = tuple(words.numbers("a payoff"))
    if len(payoffs) != actors:
        words.refuse(f"{actors} payoffs are needed, {len(payoffs)} are given", start)
    if number in known.outcomes and known.outcomes[number][1] != payoffs:
        words.refuse(f"outcome {number} was given other payoffs before", start)
    known.outcomes.setdefault(number, (name, payoffs))
    return number
