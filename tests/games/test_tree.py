"""Trees: recall, and the reduced strategic form against all plans by brute force."""

import re
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.errors import TooLargeError
from sim.games.files.tree import tree_game
from sim.games.reduced_form import plans_of, reduced_form
from sim.games.tree import Tree, ends_reached
from sim.scenario.sections.tree import TreeSection


def tree_of(nodes, actors=("a", "b")):
    return tree_game(TreeSection(actors=actors, nodes=nodes))


def test_perfect_recall_is_told_from_forgetting_and_absence_of_mind():
    remembers = {
        "x": {"player": "a", "actions": {"l": "y", "r": "z"}},
        "y": {"player": "b", "information": "i", "actions": {"u": [0, 0], "d": "y2"}},
        "z": {"player": "b", "information": "i", "actions": {"u": [0, 0], "d": "z2"}},
        "y2": {"player": "a", "actions": {"m": [1, 1]}},
        "z2": {"player": "a", "actions": {"m": [1, 1]}},
    }
    assert tree_of(remembers).forgetful() == ()
    forgets = {
        **remembers,
        "y2": {"player": "a", "information": "late", "actions": {"m": [1, 1]}},
        "z2": {"player": "a", "information": "late", "actions": {"m": [1, 1]}},
    }
    assert [s.name for s in tree_of(forgets).forgetful()] == ["late"]
    # Piccione and Rubinstein (1997): the absent-minded driver
    driver = {
        "first": {"player": "a", "information": "road", "actions": {"exit": [0], "on": "second"}},
        "second": {"player": "a", "information": "road", "actions": {"exit": [4], "on": [1]}},
    }
    tree = tree_of(driver, ("a",))
    assert [s.name for s in tree.forgetful()] == ["road"]
    game = reduced_form(tree)
    assert dict(zip(game.strategies[0], game.exact[0], strict=True)) == {"exit": 0, "on": 1}


@st.composite
def trees(draw):
    """Random trees, with information sets across levels and perhaps imperfect recall."""
    nodes = {}

    def grow(name, depth):
        nodes[name] = None
        kind = draw(st.sampled_from(["a", "b", "chance"]))
        menu = ["l", "r"] if draw(st.booleans()) else ["m"]
        below = {
            label: grow(name + label, depth - 1)
            if depth and draw(st.booleans())
            else [draw(st.integers(-3, 3)) for _ in "ab"]
            for label in menu
        }
        if kind == "chance":
            nodes[name] = {"chance": {k: f"1/{len(menu)}" for k in menu}, "actions": below}
        else:
            nodes[name] = {"player": kind, "actions": below}
            if draw(st.booleans()):
                nodes[name]["information"] = f"{'-'.join(menu)} at {depth}"
        return name

    grow("n", 3)
    return tree_of(nodes)


def payoffs_of(tree: Tree, plan):
    """Expected payoffs when every information set has an action, by walking the tree."""
    choices = [plan[n.information] if n.mover >= 0 else -1 for n in tree.nodes]
    reached = ends_reached(tree, choices)
    return [sum(p * tree.nodes[k].amounts[i] for k, p in reached.items()) for i in range(2)]


@settings(max_examples=100, deadline=None)
@given(trees())
def test_every_plan_has_its_strategy_in_the_reduced_form(tree):
    menus = [range(len(s.actions)) for s in tree.sets]
    if np.prod([len(m) for m in menus] or [1]) > 500:
        return
    game, plans = reduced_form(tree), plans_of(tree)
    for plan in product(*menus):
        place = []
        for own in plans:
            fitting = [k for k, pairs in enumerate(own) if all(plan[h] == a for h, a in pairs)]
            assert len(fitting) == 1
            place += fitting
        assert game.exact[(slice(None), *place)].tolist() == payoffs_of(tree, plan)


@settings(max_examples=60, deadline=None)
@given(trees())
def test_strategies_of_an_actor_that_remembers_differ_in_where_they_may_lead(tree):
    forgetful = {s.actor for s in tree.forgetful()}
    for actor, own in enumerate(plans_of(tree)):
        if actor in forgetful:
            continue
        reachable = set()
        for plan in own:
            chosen = dict(plan)
            seen, stack = set(), [0]
            while stack:
                k = stack.pop()
                node = tree.nodes[k]
                seen.add(k)
                if node.mover == actor:
                    stack.append(node.children[chosen[node.information]])
                else:
                    stack += node.children
            reachable.add(frozenset(seen))
        assert len(reachable) == len(own)


@pytest.mark.parametrize(
    ("size", "words"), [(40, "1,099,511,627,776"), (15_000, "more than 10^18")]
)
def test_a_reduced_form_that_is_too_large_is_refused_before_it_is_made(size, words):
    nodes = {"start": {"chance": {str(k): f"1/{size}" for k in range(size)}, "actions": {}}}
    for k in range(size):
        nodes["start"]["actions"][str(k)] = f"n{k}"
        nodes[f"n{k}"] = {"player": "a", "actions": {"x": [k, 0], "y": [0, k]}}
    with pytest.raises(TooLargeError, match=re.escape(f"{words} strategy profiles")):
        reduced_form(tree_of(nodes))
