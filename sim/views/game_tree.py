"""A game in extensive form with the actions that its first subgame perfect equilibrium takes.

Array convention. Everything about nodes is a tuple in the order of the tree: a child after its parent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.errors import SimError, UsageError
from sim.games.tree import CHANCE, END, Tree
from sim.scenario import Scenario
from sim.solving import game_of, solve


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeView:
    """A tree as it is drawn.

    Parameters
    ----------
    title, actors
        Names.
    names
        Of the nodes.
    movers
        The actor that moves, ``chance``, or an empty text at an end.
    parents
        Number of each node's parent; -1 at the root.
    actions
        The action that leads to each node, with its probability where chance takes it.
    payoffs
        At ends, per actor; empty elsewhere.
    chosen
        Whether the equilibrium takes the action that leads to a node, at the nodes that its strategies name.
    sets
        Nodes of an information set, where there are several.
    equilibria
        How many there are; the choices are those of the first.
    """

    title: str
    actors: tuple[str, ...]
    names: tuple[str, ...]
    movers: tuple[str, ...]
    parents: tuple[int, ...]
    actions: tuple[str, ...]
    payoffs: tuple[tuple[float, ...], ...]
    chosen: tuple[bool, ...]
    sets: tuple[tuple[int, ...], ...]
    equilibria: int


def game_tree(scenario: Scenario) -> TreeView:
    """The tree of a game in extensive form, with the choices of its first subgame perfect equilibrium.

    Raises
    ------
    UsageError
        If the scenario is no game in extensive form.

    Examples
    --------
    >>> import sim
    >>> s = sim.loads(
    ...     "tree: {actors: [a, b], nodes: {"
    ...     " entry: {player: a, actions: {out: [0, 2], in: reply}},"
    ...     " reply: {player: b, actions: {fight: [-1, -1], share: [1, 1]}}}}"
    ... )
    >>> game_tree(s).chosen
    (False, False, True, False, True)
    """
    if scenario.document.tree is None:
        raise UsageError(f"{scenario.origin} is no game in extensive form")
    tree: Tree = game_of(scenario, "sequential")
    parents, actions = _edges(tree)
    plans, count = _plans(scenario)
    return TreeView(
        title=scenario.title,
        actors=tree.actors,
        names=tuple(node.name for node in tree.nodes),
        movers=tuple(_mover(tree, node.mover) for node in tree.nodes),
        parents=parents,
        actions=actions,
        payoffs=tuple(
            tuple(map(float, node.amounts)) if node.mover == END else () for node in tree.nodes
        ),
        chosen=_chosen(tree, parents, plans),
        sets=tuple(s.nodes for s in tree.sets if len(s.nodes) > 1),
        equilibria=count,
    )


def _mover(tree: Tree, mover: int) -> str:
    return "chance" if mover == CHANCE else "" if mover == END else tree.actors[mover]


def _edges(tree: Tree) -> tuple[tuple[int, ...], tuple[str, ...]]:
    parents, actions = [-1] * len(tree.nodes), [""] * len(tree.nodes)
    for k, node in enumerate(tree.nodes):
        for j, (child, action) in enumerate(zip(node.children, node.actions, strict=True)):
            chance = f" {float(node.amounts[j]):.3g}" if node.mover == CHANCE else ""
            parents[child], actions[child] = k, f"{action}{chance}"
    return tuple(parents), tuple(actions)


def _plans(scenario: Scenario) -> tuple[Mapping[str, frozenset[str]], int]:
    """Per actor what its plan says, information set by information set; and how many equilibria."""
    try:
        (solution,) = solve(scenario, ["subgame_perfect"])
    except SimError:
        return {}, 0
    count = len(solution.equilibria)
    if not count:
        return {}, 0
    found = {}
    for actor, mix in solution.equilibria[0].strategies.items():
        if len(mix) != 1:
            return {}, count
        found[actor] = frozenset(next(iter(mix)).split("; "))
    return found, count


def _chosen(
    tree: Tree, parents: tuple[int, ...], plans: Mapping[str, frozenset[str]]
) -> tuple[bool, ...]:
    out = []
    for k, parent in enumerate(parents):
        node = tree.nodes[parent] if parent >= 0 else None
        if node is None or node.mover < 0:
            out.append(False)
            continue
        action = node.actions[node.children.index(k)]
        told = plans.get(tree.actors[node.mover], frozenset())
        alone = len(told) == 1 and sum(s.actor == node.mover for s in tree.sets) == 1
        place = tree.sets[node.information].name
        out.append(f"{place}: {action}" in told or (alone and action in told))
    return tuple(out)
