"""The reduced strategic form of a game in extensive form.

Definition. A *plan* of an actor names an action at each of its information sets. Plans that differ
only where their own earlier choices never let play arrive lead to the same ends whatever the others
do; the reduced strategic form keeps one of each, which leaves those sets out (Kuhn 1953). Payoffs
are expectations over chance. So too where an actor forgets its own choices: a plan leaves out the sets
none of whose nodes its own choices let play come to.

Array convention. ``payoffs`` has shape ``(actors, *moves, 1)``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import reduce
from math import prod

import numpy as np

from sim._kernels.tolerance import AnyArray, IntArray
from sim.errors import TooLargeError
from sim.games.strategic import StrategicGame
from sim.games.tree import CHANCE, END, Amounts, Number, Tree, own_moves

MAX_PROFILES = 200_000
"""Profiles that a reduced form may have."""
MAX_SUMS = 3_000_000
"""Pairs of a profile and an end that are added up."""
NO_MOVE = "no move"

Plan = tuple[tuple[int, int], ...]
"""Pairs of an information set and an action, in the order of the sets."""


def reduced_form(tree: Tree) -> StrategicGame:
    """The reduced strategic form, one strategy per plan that differs in what it can lead to.

    Parameters
    ----------
    tree
        A game in extensive form.

    Returns
    -------
    StrategicGame
        A strategy's label lists its actions, ``set: action; set: action``, or is the action alone
        where the actor has a single information set.

    Raises
    ------
    TooLargeError
        Beyond ``MAX_PROFILES`` profiles.

    Notes
    -----
    Source: [kuhn1953]_.

    Examples
    --------
    >>> from sim.games.files.tree import tree_game
    >>> from sim.scenario.sections.tree import TreeSection
    >>> tree = tree_game(TreeSection(actors=("a", "b"), nodes={
    ...     "one": {"player": "a", "actions": {"out": [2, 2], "in": "two"}},
    ...     "two": {"player": "b", "actions": {"end": [0, 1], "go": "three"}},
    ...     "three": {"player": "a", "actions": {"end": [1, 0], "go": [3, 3]}}}))
    >>> reduced_form(tree).strategies
    (('one: out', 'one: in; three: end', 'one: in; three: go'), ('end', 'go'))
    """
    plans = plans_of(tree)
    exact = _payoffs(tree, plans)
    return StrategicGame(
        actors=tree.actors,
        strategies=tuple(_labels(tree, i, own) for i, own in enumerate(plans)),
        payoffs=exact.astype(np.float64)[..., None],
        exact=exact if tree.exact else None,
        title=tree.title,
    )


def plans_of(tree: Tree) -> tuple[tuple[Plan, ...], ...]:
    """Per actor its plans, without the sets that its own choices never let play come to."""
    forgetful = {s.actor for s in tree.forgetful()}
    after = _sets_after(tree)
    counts = _counts(tree, after, forgetful)
    if prod(counts) > MAX_PROFILES:
        raise _too_large(tree, prod(counts))
    out: list[tuple[Plan, ...]] = []
    for actor in range(len(tree.actors)):
        if actor in forgetful:
            out.append(tuple(map(_sorted, _walked(tree, actor, prod(counts)))))
        else:
            out.append(tuple(map(_sorted, _reduced(tree, after, after[actor, -1]))))
    return tuple(out)


def _sorted(plan: Plan) -> Plan:
    return tuple(sorted(plan))


def _too_large(tree: Tree, profiles: int) -> TooLargeError:
    count = f"{profiles:,}" if profiles < 10**18 else "more than 10^18"
    return TooLargeError(
        f"the reduced strategic form has {count} strategy profiles and the tree "
        f"{len(tree.ends):,} ends; the limits are {MAX_PROFILES:,} profiles and {MAX_SUMS:,} pairs of "
        "a profile and an end that it may lead to; merge actions, or with perfect information ask "
        "for subgame_perfect"
    )


def _sets_after(tree: Tree) -> dict[tuple[int, int], list[int]]:
    """Per actor and own last choice (-1: none yet) the own information sets that can come next."""
    last = own_moves(tree)
    out: dict[tuple[int, int], list[int]] = {(i, -1): [] for i in range(len(tree.actors))}
    for k, s in enumerate(tree.sets):
        out.setdefault((s.actor, last[s.nodes[0]][s.actor]), []).append(k)
    return out


def _first_choices(tree: Tree) -> IntArray:
    return np.cumsum([0, *(len(s.actions) for s in tree.sets)])


def _counts(tree: Tree, after: dict[tuple[int, int], list[int]], forgetful: set[int]) -> list[int]:
    """How many plans every actor has, without listing them; later sets come first."""
    first = _first_choices(tree)
    below = [0] * len(tree.sets)
    for k in reversed(range(len(tree.sets))):
        s = tree.sets[k]
        if s.actor in forgetful:
            continue
        choices = range(int(first[k]), int(first[k + 1]))
        below[k] = sum(prod(below[h] for h in after.get((s.actor, c), ())) for c in choices)
    return [
        1 if i in forgetful else prod(below[k] for k in after[i, -1])
        for i in range(len(tree.actors))
    ]


def _reduced(
    tree: Tree, after: dict[tuple[int, int], list[int]], start: Sequence[int]
) -> list[Plan]:
    """All ways to plan for some sets that come next and for everything that they open."""
    first = _first_choices(tree)
    ready: list[tuple[Plan, tuple[int, ...]]] = [((), tuple(start))]
    done = []
    while ready:
        plan, waiting = ready.pop()
        if not waiting:
            done.append(plan)
            continue
        k, rest = waiting[0], waiting[1:]
        s = tree.sets[k]
        for a in reversed(range(len(s.actions))):
            opened = after.get((s.actor, int(first[k]) + a), ())
            ready.append(((*plan, (k, a)), (*opened, *rest)))
    return done


def _walked(tree: Tree, actor: int, others: int) -> list[Plan]:
    """The plans of an actor that forgets, by walking all the places that its own choices lead to."""
    start: tuple[dict[int, int], tuple[int, ...]] = ({}, (0,))
    ready, done = [start], []
    while ready:
        plan, waiting = ready.pop()
        plan, todo = dict(plan), list(waiting)
        while todo:
            k = todo.pop()
            node = tree.nodes[k]
            if node.mover != actor:
                todo += reversed(node.children)
            elif node.information in plan:
                todo.append(node.children[plan[node.information]])
            else:
                again = (*todo, k)
                choices = reversed(range(len(node.children)))
                ready += [({**plan, node.information: a}, again) for a in choices]
                break
        else:
            done.append(tuple(plan.items()))
            if len(done) * others > MAX_PROFILES:
                raise _too_large(tree, len(done) * others)
    return done


def _labels(tree: Tree, actor: int, plans: Sequence[Plan]) -> tuple[str, ...]:
    alone = sum(s.actor == actor for s in tree.sets) == 1
    return tuple(plan_label(tree, plan, alone=alone) for plan in plans)


def plan_label(tree: Tree, plan: Plan, *, alone: bool) -> str:
    """A plan in words: its actions, with their information sets unless there is one alone."""
    words = [
        tree.sets[k].actions[a] if alone else f"{tree.sets[k].name}: {tree.sets[k].actions[a]}"
        for k, a in plan
    ]
    return "; ".join(words) or NO_MOVE


def _payoffs(tree: Tree, plans: Sequence[Sequence[Plan]]) -> AnyArray:
    """Expected payoffs, exact: every end adds to the profiles that lead to it."""
    shape = tuple(map(len, plans))
    total = np.empty((len(tree.actors), *shape), dtype=object)
    total[...] = Fraction(0)
    naming = _naming(plans)
    sums = 0
    for payoffs, chance, needs in _paths(tree):
        choosing = [
            reduce(np.intersect1d, [naming[pair] for pair in own], np.arange(size))
            for own, size in zip(needs, shape, strict=True)
        ]
        sums += len(payoffs) * prod(map(len, choosing))
        if sums > MAX_SUMS:
            raise _too_large(tree, prod(shape))
        for i, payoff in enumerate(payoffs):
            total[np.ix_(np.array([i]), *choosing)] += payoff * chance
    return total


def _naming(plans: Sequence[Sequence[Plan]]) -> dict[tuple[int, int], IntArray]:
    """Per information set and action the plans that name them."""
    out: dict[tuple[int, int], list[int]] = {}
    for own in plans:
        for k, plan in enumerate(own):
            for pair in plan:
                out.setdefault(pair, []).append(k)
    return {pair: np.array(numbers) for pair, numbers in out.items()}


def _paths(
    tree: Tree,
) -> Iterator[tuple[Amounts, Number, tuple[Plan, ...]]]:
    """Every end that has a chance: payoffs, probability by chance, and the choices it takes."""
    nobody: tuple[Plan, ...] = ((),) * len(tree.actors)
    stack: list[tuple[int, Number, tuple[Plan, ...]]] = [(0, Fraction(1), nobody)]
    while stack:
        number, chance, needs = stack.pop()
        node = tree.nodes[number]
        if node.mover == END:
            yield node.amounts, chance, needs
            continue
        for a, child in enumerate(node.children):
            if node.mover == CHANCE:
                if node.amounts[a]:
                    stack.append((child, chance * node.amounts[a], needs))
                continue
            own = (*needs[node.mover], (node.information, a))
            stack.append((child, chance, (*needs[: node.mover], own, *needs[node.mover + 1 :])))
