"""Gambit's ``.efg`` files: games in extensive form, read and written.

The file: ``EFG 2 R "title" { "actor" ... }``, perhaps a quoted comment, then the nodes on a walk
that goes down first, one of

- ``c "name" SET "label" { "action" 1/2 ... } OUTCOME``: chance moves;
- ``p "name" ACTOR SET "label" { "action" ... } OUTCOME``: an actor moves;
- ``t "name" OUTCOME``: an end.

``OUTCOME`` is 0, or a number with ``"name" { payoffs }`` where it is first used; so too are sets
described where they are first used. Payoffs of outcomes along a path add up; here all are moved to
the ends. Every number is kept exactly.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from sim.games.tree import CHANCE, END, Tree
from sim.loading._gambit_text import (
    MAX_ACTORS,
    Words,
    braced,
    distinct,
    plain,
    quoted,
)

MAX_NODES = 200_000

Numbers = tuple[Fraction, ...]


@dataclass(slots=True)
class _Node:
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
class _Known:
    """What was described so far: sets by actor (-1: chance) and number, outcomes by number."""

    sets: dict[tuple[int, int], tuple[str, tuple[str, ...], Numbers]] = field(default_factory=dict)
    outcomes: dict[int, tuple[str, Numbers]] = field(default_factory=dict)


def read_efg(text: str, file: str = "<text>") -> dict[str, Any]:
    """The game of an ``.efg`` file, as the data of a scenario file with a ``tree`` section.

    Parameters
    ----------
    text
        The file's content.
    file
        Its name, for messages.

    Raises
    ------
    ScenarioError
        If the text is malformed: the line, the column and what stands there.

    Notes
    -----
    Source: [savani2025]_.

    Examples
    --------
    >>> data = read_efg('EFG 2 R "" { "a" } p "" 1 1 "" { "l" "r" } 0 t "" 1 "x" { 1/2 } t "" 0')
    >>> data["tree"]["nodes"], data["tree"]["outcomes"]
    ({'node 1': {'player': 'a', 'information': 'set 1', 'actions': {'l': 'x', 'r': [0]}}}, {'x': ['1/2']})
    """
    words = Words(text, file)
    title = _header(words)
    start = words.peek()
    actors = words.texts("an actor's name in quotation marks")
    if not 1 <= len(actors) <= MAX_ACTORS:
        words.refuse(f"1 to {MAX_ACTORS} actors are needed, {len(actors)} are listed", start)
    if words.peek().kind == "text":
        words.text("a comment")
    known = _Known()
    nodes = _nodes(words, len(actors), known)
    if words.peek().kind != "end":
        words.fail("the tree is complete, so the file should end here")
    return {"title": title, "tree": _section(distinct(actors, "actor"), nodes, known)}


def _header(words: Words) -> str:
    for wanted, legal in (("EFG", ("EFG",)), ("version 2", ("2",)), ("R or D", ("R", "D"))):
        if words.peek().value not in legal:
            words.fail(f"{wanted} is needed here")
        words.word(wanted)
    return words.text("the title in quotation marks")


def _nodes(words: Words, actors: int, known: _Known) -> list[_Node]:
    """All nodes in the order of the file; a node waits until all its actions have led somewhere."""
    nodes: list[_Node] = []
    waiting: list[int] = []
    while not nodes or waiting:
        if len(nodes) >= MAX_NODES:
            words.refuse(f"at most {MAX_NODES:,} nodes can be read, there are more")
        start = words.peek()
        node = _node(words, actors, known)
        if node.kind == "t" and not nodes:
            words.refuse("a tree starts with a move", start)
        _add_up(node, nodes[waiting[-1]] if waiting else None, known)
        if waiting:
            nodes[waiting[-1]].children.append(len(nodes))
        nodes.append(node)
        if node.actions:
            waiting.append(len(nodes) - 1)
        while waiting and len(nodes[waiting[-1]].children) == len(nodes[waiting[-1]].actions):
            waiting.pop()
    return nodes


def _add_up(node: _Node, parent: _Node | None, known: _Known) -> None:
    """Payoffs received up to here; a node below payoffs of its path loses the outcome's name."""
    own = known.outcomes[node.outcome][1] if node.outcome else ()
    before = parent.payoffs if parent else ()
    if own and any(before):
        node.outcome = 0
        node.payoffs = tuple(a + b for a, b in zip(own, before, strict=True))
    else:
        node.payoffs = own or before


def _node(words: Words, actors: int, known: _Known) -> _Node:
    start = words.peek()
    kind = words.word("c, p or t")
    if kind not in ("c", "p", "t"):
        words.refuse("a node starts with c, p or t", start)
    node = _Node(kind, words.text("the node's name in quotation marks"))
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


def _set(words: Words, node: _Node, known: _Known) -> tuple[str, tuple[str, ...], Numbers]:
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
        words.refuse(f"probabilities must add up to 1, these add up to {sum(chances)}", start)
    return tuple(distinct(labels, "action")), tuple(chances)


def _chance(words: Words) -> Fraction:
    start = words.peek()
    value = words.number("a probability")
    if not 0 <= value <= 1:
        words.refuse("a probability lies between 0 and 1", start)
    return value


def _outcome(words: Words, actors: int, known: _Known) -> int:
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


def _section(actors: list[str], nodes: list[_Node], known: _Known) -> dict[str, Any]:
    """The ``tree`` section: nodes, sets and outcomes under names that are their own."""
    used = {node.outcome for node in nodes if not node.actions}
    outcomes = [k for k, (name, _) in known.outcomes.items() if name and k in used]
    moves = [k for k, node in enumerate(nodes) if node.actions]
    labels = [known.outcomes[k][0] for k in outcomes] + [nodes[k].name for k in moves]
    numbered = [label or f"node {k - len(outcomes) + 1}" for k, label in enumerate(labels)]
    names = distinct(numbered, "node")
    outcome_names = dict(zip(outcomes, names, strict=False))
    node_names = dict(zip(moves, names[len(outcomes) :], strict=True))
    sets = _set_names(known)

    def target(k: int) -> Any:
        if k in node_names:
            return node_names[k]
        if nodes[k].outcome in outcome_names:
            return outcome_names[nodes[k].outcome]
        return [plain(u) for u in nodes[k].payoffs or (Fraction(0),) * len(actors)]

    return {
        "actors": actors,
        "outcomes": {outcome_names[k]: [plain(u) for u in known.outcomes[k][1]] for k in outcomes},
        "nodes": {
            name: {
                **_mover(nodes[k], actors, sets),
                "actions": dict(zip(nodes[k].actions, map(target, nodes[k].children), strict=True)),
            }
            for k, name in node_names.items()
        },
    }


def _mover(node: _Node, actors: list[str], sets: dict[tuple[int, int], str]) -> dict[str, Any]:
    if node.kind == "c":
        pairs = zip(node.actions, node.chances, strict=True)
        return {"chance": {action: plain(p) for action, p in pairs}}
    return {"player": actors[node.actor], "information": sets[node.actor, node.set]}


def _set_names(known: _Known) -> dict[tuple[int, int], str]:
    """Information sets by label, apart for every actor."""
    out: dict[tuple[int, int], str] = {}
    for actor in {actor for actor, _ in known.sets}:
        own = [key for key in known.sets if key[0] == actor]
        labels = [known.sets[key][0] or f"set {key[1]}" for key in own]
        out |= dict(zip(own, distinct(labels, "set"), strict=True))
    return out


def write_efg(tree: Tree) -> str:
    """A tree as the text of an ``.efg`` file.

    Examples
    --------
    >>> from sim.games.tree_file import tree_game
    >>> from sim.scenario.tree_section import TreeSection
    >>> print(write_efg(tree_game(TreeSection(actors=("a", "b"), nodes={
    ...     "start": {"player": "b", "actions": {"l": [1, "1/3"], "r": [0, 0]}}}))))
    EFG 2 R "" { "a" "b" }
    p "start" 2 1 "start" { "l" "r" } 0
    t "" 1 "" { 1 1/3 }
    t "" 2 "" { 0 0 }
    <BLANKLINE>
    """
    lines = [f"EFG 2 R {quoted(tree.title)} {braced(map(quoted, tree.actors))}"]
    numbers = _set_numbers(tree)
    described: set[int] = set()
    outcomes: dict[Any, int] = {}
    chance = 0
    for k, node in enumerate(tree.nodes):
        if node.mover == END:
            lines.append(_end_line(tree, k, outcomes))
        elif node.mover == CHANCE:
            chance += 1
            pairs = zip(map(quoted, node.actions), node.amounts, strict=True)
            menu = braced(f"{action} {p}" for action, p in pairs)
            lines.append(f'c {quoted(node.name)} {chance} "" {menu} 0')
        else:
            head = f"p {quoted(node.name)} {node.mover + 1} {numbers[node.information]}"
            menu = "" if node.information in described else _menu(tree, node.information)
            described.add(node.information)
            lines.append(f"{head}{menu} 0")
    return "\n".join(lines) + "\n"


def _set_numbers(tree: Tree) -> list[int]:
    """Every information set's number among those of its actor."""
    seen = [0] * len(tree.actors)
    out = []
    for s in tree.sets:
        seen[s.actor] += 1
        out.append(seen[s.actor])
    return out


def _menu(tree: Tree, information: int) -> str:
    s = tree.sets[information]
    return f" {quoted(s.name)} {braced(map(quoted, s.actions))}"


def _end_line(tree: Tree, k: int, outcomes: dict[Any, int]) -> str:
    """An end; outcomes of one name and the same payoffs are described once."""
    node = tree.nodes[k]
    key: Any = (node.name, node.amounts) if node.name else k
    if key in outcomes:
        return f't "" {outcomes[key]}'
    outcomes[key] = len(outcomes) + 1
    payoffs = braced(_amount(tree, u) for u in node.amounts)
    return f't "" {outcomes[key]} {quoted(node.name)} {payoffs}'


def _amount(tree: Tree, value: Fraction) -> str:
    """An exact number as it is; a double with the fewest digits that give it back."""
    if tree.exact or value.denominator == 1:
        return str(value)
    return repr(float(value))
