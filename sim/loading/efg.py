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

from fractions import Fraction
from typing import Any

from sim.games.tree import CHANCE, END, GameNode, Number, Tree
from sim.loading._efg_nodes import Known, Node, read_nodes
from sim.loading._gambit_text import (
    MAX_ACTORS,
    Words,
    braced,
    distinct,
    legal,
    legal_labels,
    legal_names,
    plain,
    quoted,
)


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
    known = Known()
    nodes = read_nodes(words, len(actors), known)
    if words.peek().kind != "end":
        words.fail("the tree is complete, so the file should end here")
    return {"title": title, "tree": _section(distinct(actors, "actor"), nodes, known)}


def _header(words: Words) -> str:
    for wanted, said in (("EFG", ("EFG",)), ("version 2", ("2",)), ("R or D", ("R", "D"))):
        if words.peek().value not in said:
            words.fail(f"{wanted} is needed here")
        words.word(wanted)
    return words.text("the title in quotation marks")


def _section(actors: list[str], nodes: list[Node], known: Known) -> dict[str, Any]:
    """The ``tree`` section: nodes, sets and outcomes under names that are their own."""
    if not nodes[0].actions:
        payoffs = nodes[0].payoffs or (Fraction(0),) * len(actors)
        name = known.outcomes[nodes[0].outcome][0] if nodes[0].outcome else ""
        return {"actors": actors, "outcomes": {name or "the end": [plain(u) for u in payoffs]}}
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


def _mover(node: Node, actors: list[str], sets: dict[tuple[int, int], str]) -> dict[str, Any]:
    if node.kind == "c":
        pairs = zip(node.actions, node.chances, strict=True)
        return {"chance": {action: plain(p) for action, p in pairs}}
    return {"player": actors[node.actor], "information": sets[node.actor, node.set]}


def _set_names(known: Known) -> dict[tuple[int, int], str]:
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
    >>> from sim.games.files.tree import tree_game
    >>> from sim.scenario.sections.tree import TreeSection
    >>> print(write_efg(tree_game(TreeSection(actors=("a", "b"), nodes={
    ...     "start": {"player": "b", "actions": {"l": [1, "1/3"], "r": [0, 0]}}}))))
    EFG 2 R "" { "a" "b" }
    p "start" 2 1 "start" { "l" "r" } 0
    t "" 1 "" { 1 1/3 }
    t "" 2 "" { 0 0 }
    <BLANKLINE>
    """
    actors = braced(map(quoted, legal_labels(tree.actors, "player")))
    lines = [f"EFG 2 R {quoted(legal(tree.title))} {actors}"]
    names = legal_names([n.name if n.mover != END else "" for n in tree.nodes], "node")
    numbers, menus = _set_numbers(tree), _menus(tree)
    outcomes = _outcomes(tree)
    described: set[Any] = set()
    chance = 0
    for k, node in enumerate(tree.nodes):
        if node.mover == END:
            key = _outcome_key(tree, k)
            number, text = outcomes[key]
            lines.append(f't "" {number}{"" if key in described else text}')
            described.add(key)
        elif node.mover == CHANCE:
            chance += 1
            labels = map(quoted, legal_labels(node.actions, "action"))
            pairs = zip(labels, _chances(node), strict=True)
            menu = braced(f"{action} {p}" for action, p in pairs)
            lines.append(f'c {quoted(names[k])} {chance} "" {menu} 0')
        else:
            head = f"p {quoted(names[k])} {node.mover + 1} {numbers[node.information]}"
            menu = "" if node.information in described else menus[node.information]
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


def _menus(tree: Tree) -> list[str]:
    """Every information set's label, its own among those of its actor, with its actions."""
    labels = [""] * len(tree.sets)
    for actor in range(len(tree.actors)):
        own = [h for h, s in enumerate(tree.sets) if s.actor == actor]
        for h, label in zip(
            own, legal_labels([tree.sets[h].name for h in own], "set"), strict=True
        ):
            labels[h] = label
    return [
        f" {quoted(label)} {braced(map(quoted, legal_labels(s.actions, 'action')))}"
        for s, label in zip(tree.sets, labels, strict=True)
    ]


def _outcome_key(tree: Tree, k: int) -> Any:
    """Ends of one name and the same payoffs have one outcome."""
    node = tree.nodes[k]
    return ("outcome", node.name, node.amounts) if node.name else ("end", k)


def _outcomes(tree: Tree) -> dict[Any, tuple[int, str]]:
    """Number and description of every outcome, in the order of the ends."""
    keys = {_outcome_key(tree, k): tree.nodes[k] for k in tree.ends}
    names = legal_names([node.name for node in keys.values()], "outcome")
    return {
        key: (number, f" {quoted(name)} {braced(map(_amount, node.amounts))}")
        for number, ((key, node), name) in enumerate(zip(keys.items(), names, strict=True), start=1)
    }


def _chances(node: GameNode) -> list[Fraction]:
    """Probabilities that add up to exactly 1, as a reader demands."""
    exact = [Fraction(p) for p in node.amounts]
    return [p / sum(exact) for p in exact]


def _amount(value: Number) -> str:
    """A fraction as it is; a double with the fewest digits that give it back."""
    if isinstance(value, float) and not value.is_integer():
        return repr(value)
    return str(Fraction(value))
