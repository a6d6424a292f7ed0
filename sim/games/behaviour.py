"""Behaviour strategies on a tree: probabilities at every information set, and what they come to.

Definition. A *behaviour strategy* gives every information set of its actor a probability of each action.
Under perfect recall every mixture of plans is worth the same as one (Kuhn 1953).

Array convention. A behaviour is a tuple with one tuple of probabilities per information set of the tree,
in its order; fractions where the tree is exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import Any

from sim.games.reduced_form import Plan
from sim.games.subgames import spans
from sim.games.tree import CHANCE, END, Amounts, Number, Tree, own_moves

Chances = tuple[Number, ...]
Behaviour = tuple[Chances, ...]


def chances_at(tree: Tree, behaviour: Behaviour, number: int) -> Chances:
    """The probabilities of the actions at a node that is not an end."""
    node = tree.nodes[number]
    return node.amounts if node.mover == CHANCE else behaviour[node.information]


def reach(
    tree: Tree, behaviour: Behaviour, *, start: int = 0, stop: int | None = None, besides: int = -3
) -> list[Number]:
    """The probability with which play from ``start`` comes to each node from there to ``stop``.

    Parameters
    ----------
    besides
        An actor whose own choices count as certain.
    """
    end = len(tree.nodes) if stop is None else stop
    out: list[Number] = [Fraction(0)] * (end - start)
    out[0] = Fraction(1)
    for k in range(start, end):
        node, here = tree.nodes[k], out[k - start]
        if not here or node.mover == END:
            continue
        if node.mover == besides:
            for child in node.children:
                out[child - start] = here
            continue
        for child, p in zip(node.children, chances_at(tree, behaviour, k), strict=True):
            out[child - start] = here * p
    return out


def values(
    tree: Tree, behaviour: Behaviour, *, start: int = 0, stop: int | None = None
) -> list[Amounts]:
    """The expected payoffs of play from each node from ``start`` to ``stop``, a subtree.

    Examples
    --------
    >>> from sim.games.files.tree import tree_game
    >>> from sim.scenario.sections.tree import TreeSection
    >>> tree = tree_game(TreeSection(actors=("a",), nodes={
    ...     "one": {"player": "a", "actions": {"l": [1], "r": [2]}}}))
    >>> values(tree, ((Fraction(1, 2), Fraction(1, 2)),))[0]
    (Fraction(3, 2),)
    """
    end = len(tree.nodes) if stop is None else stop
    out: list[Amounts] = [()] * (end - start)
    for k in reversed(range(start, end)):
        node = tree.nodes[k]
        if node.mover == END:
            out[k - start] = node.amounts
            continue
        chances = chances_at(tree, behaviour, k)
        pairs = zip(node.children, chances, strict=True)
        parts = [(p, out[child - start]) for child, p in pairs if p]
        sure = len(parts) == 1 and parts[0][0] == 1
        out[k - start] = parts[0][1] if sure else _expected(parts)
    return out


def _expected(parts: Sequence[tuple[Number, Amounts]]) -> Amounts:
    actors = range(len(parts[0][1]))
    return tuple(sum((p * row[i] for p, row in parts), Fraction(0)) for i in actors)


def ends_of(tree: Tree, behaviour: Behaviour) -> dict[int, Number]:
    """The ends that play comes to, with the probability of each."""
    reached = reach(tree, behaviour)
    return {k: reached[k] for k in tree.ends if reached[k]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What actors with perfect recall remember, computed once for a tree.

    Parameters
    ----------
    last
        Per node and actor the last own choice, as :func:`sim.games.tree.own_moves` numbers them.
    first
        Per information set the number of its first choice.
    stop
        Per node one more than the largest number below it.
    """

    last: list[tuple[int, ...]]
    first: list[int]
    stop: list[int]


def memory_of(tree: Tree) -> Memory:
    """The memory of a tree's actors."""
    first = accumulate((len(s.actions) for s in tree.sets), initial=0)
    return Memory(last=own_moves(tree), first=list(first), stop=spans(tree))


def best_value(
    tree: Tree, behaviour: Behaviour, actor: int, memory: Memory, *, start: int = 0
) -> Number:
    """The most that an actor with perfect recall can have in a subgame against the others' behaviour.

    Notes
    -----
    Ends are summed by the actor's last own choice before them; a set is then worth its best choice,
    with what the sets that come next after the choice are worth added to it.
    """
    stop = memory.stop[start]
    weight = reach(tree, behaviour, start=start, stop=stop, besides=actor)
    gain: dict[int, Number] = {}
    touched: set[int] = set()
    for k in range(start, stop):
        node, here = tree.nodes[k], weight[k - start]
        if not here:
            continue
        if node.mover == END:
            own = memory.last[k][actor]
            gain[own] = gain.get(own, Fraction(0)) + here * node.amounts[actor]
        elif node.mover == actor:
            touched.add(node.information)
    for h in sorted(touched, reverse=True):
        s, first = tree.sets[h], memory.first[h]
        top = max(gain.get(first + a, Fraction(0)) for a in range(len(s.actions)))
        before = memory.last[s.nodes[0]][actor]
        gain[before] = gain.get(before, Fraction(0)) + top
    return gain.get(memory.last[start][actor], Fraction(0))


def regret_in(
    tree: Tree, behaviour: Behaviour, starts: Sequence[int] = (0,), memory: Memory | None = None
) -> Number:
    """The most that one actor gains by a strategy of its own in one of the subgames."""
    memory = memory or memory_of(tree)
    now = values(tree, behaviour)
    worst: Number = Fraction(0)
    for actor in range(len(tree.actors)):
        for start in starts:
            best = best_value(tree, behaviour, actor, memory, start=start)
            worst = max(worst, best - now[start][actor])
    return worst


def behaviour_of_mix(tree: Tree, plans: Sequence[Plan], mix: Sequence[Any]) -> dict[int, Chances]:
    """An actor's mixture of reduced plans as probabilities at the sets that its own plans come to.

    Examples
    --------
    >>> from sim.games.files.tree import tree_game
    >>> from sim.scenario.sections.tree import TreeSection
    >>> tree = tree_game(TreeSection(actors=("a",), nodes={
    ...     "one": {"player": "a", "actions": {"l": [1], "r": [2]}}}))
    >>> behaviour_of_mix(tree, [((0, 0),), ((0, 1),)], [Fraction(1, 4), Fraction(3, 4)])
    {0: (Fraction(1, 4), Fraction(3, 4))}
    """
    weights: dict[int, list[Number]] = {}
    for plan, p in zip(plans, mix, strict=True):
        if not p:
            continue
        for h, a in plan:
            own = weights.setdefault(h, [Fraction(0)] * len(tree.sets[h].actions))
            own[a] = own[a] + p
    return {h: tuple(w / sum(own) for w in own) for h, own in weights.items()}


def completed(tree: Tree, known: Mapping[int, Chances]) -> Behaviour:
    """A behaviour where some sets have none: there the best action against what the others do.

    Notes
    -----
    Sets are filled from the last on, so that what follows is known. Where the others' behaviour comes
    to no node of a set all its nodes count the same.
    """
    missing = [h for h in reversed(range(len(tree.sets))) if h not in known]
    out = [known.get(h, _pure(len(s.actions), 0)) for h, s in enumerate(tree.sets)]
    stop = spans(tree)
    actors = {tree.sets[h].actor for h in missing}
    weights = {i: reach(tree, tuple(out), besides=i) for i in actors}
    for h in missing:
        s = tree.sets[h]
        if len(s.actions) == 1:
            continue
        at = [weights[s.actor][k] for k in s.nodes]
        at = at if any(at) else [Fraction(1)] * len(at)
        worth: list[Number] = [Fraction(0)] * len(s.actions)
        for w, k in zip(at, s.nodes, strict=True):
            now = values(tree, tuple(out), start=k, stop=stop[k]) if w else []
            for a, child in enumerate(tree.nodes[k].children if w else ()):
                worth[a] += w * now[child - k][s.actor]
        out[h] = _pure(len(worth), max(range(len(worth)), key=worth.__getitem__))
    return tuple(out)


def _pure(size: int, chosen: int) -> Chances:
    return tuple(Fraction(int(a == chosen)) for a in range(size))
