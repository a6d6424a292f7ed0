"""Equilibria of random trees against the definitions, written again in plain Python."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product

import pytest
from sim.games.subgames import subgame_roots
from sim.games.tree import CHANCE, END
from sim.games.tree_file import tree_game
from sim.scenario.tree_section import TreeSection
from sim.solutions.subgame_perfect import subgame_perfect


def random_tree(seed, *, actors=2, depth=3):
    """A small tree with chance, information sets within a depth, perfect recall, payoffs that tie."""
    rng = random.Random(seed)
    while True:
        tree = _drawn(rng, "abc"[:actors], depth)
        if not tree.forgetful() and len(tree.sets) <= 5:
            return tree


def _drawn(rng, names, depth):
    nodes, pools = {}, {}

    def grow(name, left, past):
        nodes[name] = None
        kind = rng.choice([*names, *names, "chance"]) if name != "n" else rng.choice(names)
        menu = ["l", "r"] if rng.random() < 0.85 else ["l", "m", "r"]
        below = {}
        for label in menu:
            own = (*past, (kind, label)) if kind != "chance" else past
            if left and rng.random() < 0.6 and len(nodes) < 7:
                below[label] = grow(name + label, left - 1, own)
            else:
                below[label] = [rng.randint(-1, 2) for _ in names]
        if kind == "chance":
            odds = [rng.randint(1, 3) for _ in menu]
            chances = {m: f"{w}/{sum(odds)}" for m, w in zip(menu, odds, strict=True)}
            nodes[name] = {"chance": chances, "actions": below}
            return name
        own_past = tuple(label for who, label in past if who == kind)
        place = pools.setdefault((kind, left, tuple(menu), own_past), [])
        known = place[-1] if place and rng.random() < 0.75 else name
        place.append(known)
        nodes[name] = {"player": kind, "information": known, "actions": below}
        return name

    grow("n", depth, ())
    return tree_game(TreeSection(actors=tuple(names), nodes=nodes))


def behaviour_of(tree, member):
    """A member's probabilities per information set, at simple fractions."""
    out = []
    for s in tree.sets:
        mix = member.extra["behaviour"][tree.actors[s.actor]][s.name]
        own = [Fraction(mix.get(a, 0.0)).limit_denominator(10**6) for a in s.actions]
        out.append(tuple(p / sum(own) for p in own))
    return tuple(out)


def value(tree, behaviour, k):
    node = tree.nodes[k]
    if node.mover == END:
        return node.amounts
    chances = node.amounts if node.mover == CHANCE else behaviour[node.information]
    rows = [value(tree, behaviour, child) for child in node.children]
    return tuple(
        sum(p * row[i] for p, row in zip(chances, rows, strict=True))
        for i in range(len(tree.actors))
    )


def pure_behaviours(tree):
    menus = [range(len(s.actions)) for s in tree.sets]
    for chosen in product(*menus):
        yield tuple(
            tuple(Fraction(int(a == c)) for a in range(len(s.actions)))
            for c, s in zip(chosen, tree.sets, strict=True)
        )


def gain_at(tree, behaviour, k, actor, pures):
    """The most that an actor gains by any plan of its own in what follows a node."""
    now = value(tree, behaviour, k)[actor]
    own = [s.actor == actor for s in tree.sets]
    mixed = (
        tuple(p if mine else b for p, b, mine in zip(pure, behaviour, own, strict=True))
        for pure in pures
    )
    return max(value(tree, other, k)[actor] for other in mixed) - now


def below(tree, k):
    return {k}.union(*(below(tree, child) for child in tree.nodes[k].children))


def starts_of_subgames(tree):
    out = []
    for k, node in enumerate(tree.nodes):
        inside = below(tree, k)
        cut = any(set(s.nodes) & inside and set(s.nodes) - inside for s in tree.sets)
        if node.mover != END and not cut:
            out.append(k)
    return out


def is_subgame_perfect(tree, behaviour, starts, pures):
    return all(
        gain_at(tree, behaviour, k, actor, pures) <= 0
        for k in starts
        for actor in range(len(tree.actors))
    )


def outcome(tree, behaviour):
    out, waiting = {}, [(0, Fraction(1))]
    while waiting:
        k, p = waiting.pop()
        node = tree.nodes[k]
        if not p:
            continue
        if node.mover == END:
            out[k] = p
            continue
        chances = node.amounts if node.mover == CHANCE else behaviour[node.information]
        waiting += [(c, p * q) for c, q in zip(node.children, chances, strict=True)]
    return tuple(sorted(out.items()))


def check_subgame_perfection(seed):
    tree = random_tree(seed, actors=2 + seed % 2, depth=2 + seed % 2)
    starts = starts_of_subgames(tree)
    assert list(subgame_roots(tree)) == starts
    pures = list(pure_behaviours(tree))
    solution = subgame_perfect(tree)
    found = set()
    for member in solution.equilibria:
        if "behaviour" not in member.extra:
            return False  # perfect information has tests of its own
        behaviour = behaviour_of(tree, member)
        if all(p.denominator < 10**5 for own in behaviour for p in own):
            assert is_subgame_perfect(tree, behaviour, starts, pures), seed
        assert member.regret <= 1e-9
        found.add(outcome(tree, behaviour))
    if solution.status != "limit reached":
        perfect = {outcome(tree, b) for b in pures if is_subgame_perfect(tree, b, starts, pures)}
        assert perfect <= found, seed
    return True


@pytest.mark.parametrize("seed", range(40))
def test_what_is_called_subgame_perfect_is_and_no_pure_one_is_missing(seed):
    check_subgame_perfection(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(40, 500))
def test_the_same_on_many_trees(seed):
    check_subgame_perfection(seed)
