"""Equilibria of random trees against the definitions, written again in plain Python."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from functools import partial
from itertools import product
from math import prod

import numpy as np
import pytest
from sim.games.files.tree import tree_game
from sim.games.subgames import subgame_roots
from sim.games.tree import CHANCE, END
from sim.scenario.sections.tree import TreeSection
from sim.solutions.sequential._beliefs_off_path import setting_of
from sim.solutions.sequential._rational_beliefs import no_signalling_beliefs
from sim.solutions.sequential.perfect_bayesian import perfect_bayesian
from sim.solutions.sequential.sequential import sequential
from sim.solutions.sequential.subgame_perfect import subgame_perfect

CONCEPTS = {
    "weak": partial(perfect_bayesian, beliefs="weak"),
    "perfect": perfect_bayesian,
    "sequential": sequential,
}


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


def beliefs_of(tree, member):
    """A member's beliefs per information set, at simple fractions; certain where there is one node."""
    out = []
    for s in tree.sets:
        told = member.extra["beliefs"].get(s.name)
        if told is None:
            out.append((Fraction(1),))
            continue
        own = [Fraction(told[tree.nodes[k].name]).limit_denominator(10**6) for k in s.nodes]
        out.append(tuple(p / sum(own) for p in own))
    return out


def way_to(tree, target):
    """The choices on the way to a node: pairs of a set (or minus one less the node) and an action."""
    above = {c: (k, a) for k, n in enumerate(tree.nodes) for a, c in enumerate(n.children)}
    out = []
    while target in above:
        target, a = above[target]
        node = tree.nodes[target]
        out.append((node.information if node.mover >= 0 else -1 - target, a))
    return out


def chance_of(tree, behaviour, choice):
    place, a = choice
    return tree.nodes[-1 - place].amounts[a] if place < 0 else behaviour[place][a]


def is_rational(tree, behaviour, beliefs, pures):
    """No actor gains at any information set by any plan of its own, given its beliefs there."""
    for s, own in zip(tree.sets, beliefs, strict=True):
        mine = [other.actor == s.actor for other in tree.sets]

        def worth(profile, nodes=s.nodes, own=own, actor=s.actor):
            pairs = zip(nodes, own, strict=True)
            return sum(p * value(tree, profile, k)[actor] for k, p in pairs if p)

        now = worth(behaviour)
        for pure in pures:
            other = [x if m else y for x, y, m in zip(pure, behaviour, mine, strict=True)]
            if worth(other) > now:
                return False
    return True


def follow_bayes(tree, behaviour, beliefs):
    for s, own in zip(tree.sets, beliefs, strict=True):
        reached = [prod(chance_of(tree, behaviour, c) for c in way_to(tree, k)) for k in s.nodes]
        total = sum(reached)
        if total and [p / total for p in reached] != list(own):
            return False
    return True


def signal_nothing_unknown(tree, behaviour, beliefs):
    """Same deviations: as the other choices are; fewer of the same deviations: the others ruled out."""
    for s, own in zip(tree.sets, beliefs, strict=True):
        ways = [way_to(tree, k) for k in s.nodes]
        never = [{c for c in w if not chance_of(tree, behaviour, c)} for w in ways]
        rest = [
            prod(chance_of(tree, behaviour, c) for c in w if chance_of(tree, behaviour, c))
            for w in ways
        ]
        for i, j in product(range(len(own)), repeat=2):
            if never[i] == never[j] and own[i] * rest[j] != own[j] * rest[i]:
                return False
            if never[i] < never[j] and own[j]:
                return False
    return True


def trembles_exist(tree, behaviour, beliefs):
    """By the definition: completely mixed profiles nearby whose Bayesian beliefs are near.

    Orders of trembles are tried one after another, weights are found in logarithms; then both are put
    into the tree with a small number, and Bayes' rule is asked.
    """
    zero = [(h, a) for h, own in enumerate(behaviour) for a, p in enumerate(own) if not p]
    ways = {k: way_to(tree, k) for s in tree.sets for k in s.nodes}
    for orders in product((1, 2, 3), repeat=len(zero)):
        order = dict(zip(zero, orders, strict=True))
        rows, right, fits = [], [], True
        for s, own in zip(tree.sets, beliefs, strict=True):
            total = [sum(order.get(c, 0) for c in ways[k]) for k in s.nodes]
            fits = fits and all(
                (t == min(total)) == (p > 0) for t, p in zip(total, own, strict=True)
            )
            held = [n for n, p in enumerate(own) if p]
            for n in held[1:]:
                rows.append([0.0] * len(zero))
                log = 0.0
                for sign, node, p in (
                    (1, s.nodes[n], own[n]),
                    (-1, s.nodes[held[0]], own[held[0]]),
                ):
                    log += sign * math.log(p)
                    for c in ways[node]:
                        if c in order:
                            rows[-1][zero.index(c)] += sign
                        else:
                            log -= sign * math.log(chance_of(tree, behaviour, c))
                right.append(log)
        if not fits:
            continue
        logs = np.linalg.lstsq(np.array(rows), np.array(right), rcond=None)[0] if rows else []
        weights = dict(zip(zero, np.exp(logs) if rows else [1.0] * len(zero), strict=True))
        if near(tree, behaviour, beliefs, order, weights, ways):
            return True
    return False


def near(tree, behaviour, beliefs, order, weights, ways, small=Fraction(1, 10**9)):
    mixed = [
        tuple(p or Fraction(weights[h, a]) * small ** order[h, a] for a, p in enumerate(own))
        for h, own in enumerate(behaviour)
    ]
    mixed = [tuple(p / sum(own) for p in own) for own in mixed]
    for s, own in zip(tree.sets, beliefs, strict=True):
        reached = [prod(chance_of(tree, mixed, c) for c in ways[k]) for k in s.nodes]
        total = sum(reached)
        if any(abs(r / total - p) > Fraction(1, 10**5) for r, p in zip(reached, own, strict=True)):
            return False
    return True


def check_assessments(seed):
    tree = random_tree(seed, actors=2 + seed % 2, depth=2 + seed % 2)
    starts, pures = starts_of_subgames(tree), list(pure_behaviours(tree))
    found = {}
    for name, concept in CONCEPTS.items():
        solution = concept(tree)
        found[name] = set()
        for member in solution.equilibria:
            behaviour, beliefs = behaviour_of(tree, member), beliefs_of(tree, member)
            found[name].add(outcome(tree, behaviour))
            if any(p.denominator > 10**4 for own in (*behaviour, *beliefs) for p in own):
                continue  # no fraction of this size is meant
            everybody = range(len(tree.actors))
            assert all(gain_at(tree, behaviour, 0, i, pures) <= 0 for i in everybody)  # Nash
            assert is_rational(tree, behaviour, beliefs, pures), (seed, name)
            assert follow_bayes(tree, behaviour, beliefs), (seed, name)
            if name != "weak":
                assert is_subgame_perfect(tree, behaviour, starts, pures), (seed, name)
                assert signal_nothing_unknown(tree, behaviour, beliefs), (seed, name)
            if name == "sequential":
                assert trembles_exist(tree, behaviour, beliefs), seed
    assert found["sequential"] <= found["perfect"] <= found["weak"], seed
    assert found["sequential"], seed  # one exists (Kreps and Wilson 1982)
    for pure in pures:
        if no_signalling_beliefs(setting_of(tree, pure)) is not None:
            assert outcome(tree, pure) in found["perfect"], seed


@pytest.mark.parametrize("seed", range(25))
def test_assessments_satisfy_their_definitions_and_contain_one_another(seed):
    check_assessments(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(25, 500))
def test_assessments_on_many_trees(seed):
    check_assessments(seed)


@pytest.mark.parametrize("seed", range(40))
def test_what_is_called_subgame_perfect_is_and_no_pure_one_is_missing(seed):
    check_subgame_perfection(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(40, 500))
def test_the_same_on_many_trees(seed):
    check_subgame_perfection(seed)
