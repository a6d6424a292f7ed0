"""Equilibria of trees as records: grouped by outcome, with probabilities at every information set.

Definition. The *outcome* of a strategy profile is the probability of every end. An end is named by its
outcome in the file, or by the actions that lead to it; ends of one name and the same payoffs count as one.

Array convention. Behaviours are tuples with one tuple of probabilities per information set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.games.behaviour import Behaviour, ends_of, values
from sim.games.reduced_form import NO_MOVE, Plan, plan_label
from sim.games.tree import Amounts, Number, Tree
from sim.results import StrategyProfile

Outcome = tuple[tuple[Any, Number], ...]
"""Pairs of an end's key and its probability, sorted by the key."""

LONGEST = 20
"""Actions written out on the way to an end without a name."""
MOST_ENDS = 200
"""Outcomes with more ends are not written out."""


def end_key(tree: Tree, number: int) -> Any:
    """What an end counts as: its name and payoffs where it has a name, its number otherwise."""
    node = tree.nodes[number]
    return (node.name, *map(str, node.amounts)) if node.name else number


def outcome_of(tree: Tree, behaviour: Behaviour) -> Outcome:
    """The probability of every end that is reached."""
    return gathered((end_key(tree, k), p) for k, p in ends_of(tree, behaviour).items())


def gathered(pairs: Any) -> Outcome:
    """Probabilities added up by key."""
    total: dict[Any, Number] = {}
    for key, p in pairs:
        total[key] = total[key] + p if key in total else p
    return tuple(sorted(total.items(), key=lambda pair: (isinstance(pair[0], tuple), pair[0])))


class EndNames:
    """Names of ends by number: an end's own, or the actions that lead to it.

    Examples
    --------
    >>> from sim.games.files.tree import tree_game
    >>> from sim.scenario.sections.tree import TreeSection
    >>> tree = tree_game(TreeSection(actors=("a",), outcomes={"peace": [0]}, nodes={
    ...     "one": {"player": "a", "actions": {"l": "two", "r": "peace"}},
    ...     "two": {"player": "a", "actions": {"l": [1], "r": [2]}}}))
    >>> names = EndNames(tree)
    >>> names[2], names[4]
    ('l, l', 'peace')
    """

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._before: dict[int, tuple[int, str]] = {}
        for k, node in enumerate(tree.nodes):
            for action, child in zip(node.actions, node.children, strict=True):
                self._before[child] = (k, action)

    def __getitem__(self, number: int) -> str:
        """The name of an end."""
        if self._tree.nodes[number].name:
            return self._tree.nodes[number].name
        words: list[str] = []
        while number in self._before:
            number, action = self._before[number]
            words.append(action)
        words.reverse()
        if len(words) > LONGEST:
            words = [*words[: LONGEST - 2], "...", words[-1]]
        return ", ".join(words) or "the end"


def member_of(
    tree: Tree,
    behaviour: Behaviour,
    *,
    regret: Number,
    labels: EndNames,
    extra: Mapping[str, Any],
) -> StrategyProfile:
    """One equilibrium: the whole strategies, its outcome, and what a concept adds."""
    chances: dict[str, float] = {}
    for k, p in ends_of(tree, behaviour).items():
        chances[labels[k]] = chances.get(labels[k], 0.0) + float(p)
    several = {"outcomes": chances} if 1 < len(chances) <= MOST_ENDS else {}
    payoffs: Amounts = values(tree, behaviour)[0]
    pure = all(max(own) == 1 for own in behaviour)
    plan = {"plan": plan_words(tree, behaviour)} if pure else {}
    return StrategyProfile(
        strategies=strategies_of(tree, behaviour),
        payoffs={a: float(u) for a, u in zip(tree.actors, payoffs, strict=True)},
        regret=float(regret),
        outcome=next(iter(chances)) if len(chances) == 1 else None,
        extra={**several, **plan, "behaviour": behaviour_words(tree, behaviour), **extra},
    )


def strategies_of(tree: Tree, behaviour: Behaviour) -> dict[str, dict[str, float]]:
    """Per actor its whole plan where it is pure, else probabilities at every information set.

    Notes
    -----
    A plan is one label, ``set: action; set: action``, or the action alone where there is one set. Where
    an actor mixes, every label is ``set: action`` with its probability there.
    """
    out: dict[str, dict[str, float]] = {}
    for i, actor in enumerate(tree.actors):
        own = [h for h, s in enumerate(tree.sets) if s.actor == i]
        alone = len(own) == 1
        if all(max(behaviour[h]) == 1 for h in own):
            plan: Plan = tuple((h, behaviour[h].index(max(behaviour[h]))) for h in own)
            out[actor] = {plan_label(tree, plan, alone=alone): 1.0} if own else {NO_MOVE: 1.0}
            continue
        out[actor] = {
            plan_label(tree, ((h, a),), alone=alone): float(p)
            for h in own
            for a, p in enumerate(behaviour[h])
            if p
        }
    return out


def plan_words(tree: Tree, behaviour: Behaviour) -> dict[str, dict[str, str]]:
    """The chosen action at every information set, by actor, of a pure behaviour."""
    out: dict[str, dict[str, str]] = {actor: {} for actor in tree.actors}
    for s, own in zip(tree.sets, behaviour, strict=True):
        out[tree.actors[s.actor]][s.name] = s.actions[own.index(max(own))]
    return out


def behaviour_words(tree: Tree, behaviour: Behaviour) -> dict[str, dict[str, dict[str, float]]]:
    """The probability of every action that has one, by actor and information set."""
    out: dict[str, dict[str, dict[str, float]]] = {actor: {} for actor in tree.actors}
    for s, own in zip(tree.sets, behaviour, strict=True):
        mix = {a: float(p) for a, p in zip(s.actions, own, strict=True) if p}
        out[tree.actors[s.actor]][s.name] = mix
    return out


def belief_words(
    tree: Tree, beliefs: Mapping[int, Sequence[Number]]
) -> dict[str, dict[str, float]]:
    """Beliefs at information sets with several nodes: the probability of each node by name."""
    return {
        tree.sets[h].name: {
            tree.nodes[k].name or f"node {k + 1}": float(p)
            for k, p in zip(tree.sets[h].nodes, own, strict=True)
        }
        for h, own in beliefs.items()
        if len(tree.sets[h].nodes) > 1
    }
