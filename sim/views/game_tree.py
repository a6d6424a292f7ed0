"""A game in extensive form with the actions that its first equilibrium takes, and the beliefs behind them.

Where an actor cannot tell nodes apart the equilibrium is the first perfect Bayesian one, else the first
subgame perfect one. Nothing is marked where none was found.

Array convention. Everything about nodes is a tuple in the order of the tree: a child after its parent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

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
        Whether the equilibrium takes the action that leads to a node with positive probability, on its path
        and off it.
    sets
        Nodes of an information set, where there are several.
    equilibria
        How many there are; the choices are those of the first.
    beliefs
        Per node how likely its actor holds it to be, among those that it cannot tell apart; ``None``
        elsewhere.
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
    beliefs: tuple[float | None, ...] = ()


def game_tree(scenario: Scenario) -> TreeView:
    """The tree of a game in extensive form, with the choices and beliefs of its first equilibrium.

    Of a dispute with types it is what is left of its game, with its first perfect Bayesian equilibrium.

    Raises
    ------
    UsageError
        If the scenario is not a game in extensive form.

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
    document = scenario.document
    if document.tree is None and not (document.private and document.game):
        raise UsageError(f"{scenario.origin} is not a game in extensive form")
    tree: Tree = game_of(scenario, "sequential")
    behaviour, beliefs, count = _behaviour(scenario, tree)
    taken = _taken(tree, behaviour)
    parents, actions = _edges(tree, taken)
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
        chosen=tuple(p > 0 for p in taken),
        sets=tuple(s.nodes for s in tree.sets if len(s.nodes) > 1),
        equilibria=count,
        beliefs=tuple(_held(tree, beliefs)),
    )


def _mover(tree: Tree, mover: int) -> str:
    return "chance" if mover == CHANCE else "" if mover == END else tree.actors[mover]


def _edges(tree: Tree, taken: list[float]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Parents, and actions with their probability where chance takes them or an actor mixes."""
    parents, actions = [-1] * len(tree.nodes), [""] * len(tree.nodes)
    for k, node in enumerate(tree.nodes):
        for j, (child, action) in enumerate(zip(node.children, node.actions, strict=True)):
            p = float(node.amounts[j]) if node.mover == CHANCE else taken[child]
            shown = node.mover == CHANCE or 0 < p < 1
            parents[child], actions[child] = k, f"{action} {p:.3g}" if shown else action
    return tuple(parents), tuple(actions)


Choices = Mapping[str, Mapping[str, Any]]
"""By actor and information set what is done there; of beliefs, by information set and node."""


def _behaviour(scenario: Scenario, tree: Tree) -> tuple[Choices, Choices, int]:
    """What the first equilibrium does and believes; and how many there are."""
    concepts = ["subgame_perfect"] if not scenario.document.private else []
    if not tree.perfect_information:
        concepts.insert(0, "perfect_bayesian")
    for concept in concepts or ["perfect_bayesian"]:
        try:
            (solution,) = solve(scenario, [concept])
        except SimError:
            continue
        if solution.equilibria:
            extra = solution.equilibria[0].extra
            plan = extra.get("behaviour") or extra.get("plan", {})
            return plan, extra.get("beliefs", {}), len(solution.equilibria)
    return {}, {}, 0


def _held(tree: Tree, beliefs: Choices) -> Iterator[float | None]:
    """Per node the belief that its actor has in it."""
    for node in tree.nodes:
        own = node.information >= 0 and len(tree.sets[node.information].nodes) > 1
        held = beliefs.get(tree.sets[node.information].name, {}) if own else {}
        yield float(held[node.name]) if node.name in held else None


def _taken(tree: Tree, behaviour: Mapping[str, Mapping[str, Any]]) -> list[float]:
    """Per node the probability that the actor before it takes the action that leads to it."""
    out = [0.0] * len(tree.nodes)
    for s in tree.sets:
        mix = behaviour.get(tree.actors[s.actor], {}).get(s.name, {})
        chances = {mix: 1.0} if isinstance(mix, str) else mix
        for k in s.nodes:
            for action, child in zip(s.actions, tree.nodes[k].children, strict=True):
                out[child] = chances.get(action, 0.0)
    return out
