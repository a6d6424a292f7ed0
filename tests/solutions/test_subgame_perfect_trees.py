"""Subgame perfection of trees: published games, and every play found by brute force on random trees."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
import sim
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.games.files.tree import tree_game
from sim.games.reduced_form import reduced_form
from sim.games.strategic import expected_payoffs, regret
from sim.games.tree import CHANCE, END, ends_reached
from sim.loading.efg import write_efg
from sim.scenario.sections.tree import TreeSection
from sim.solutions.sequential._tree_induction import equilibrium_plays, tree_equilibria
from sim.solutions.sequential.subgame_perfect import subgame_perfect
from sim.solutions.strategic.mixed_nash import mixed_nash


def tree_of(actors, nodes, outcomes=None):
    return tree_game(TreeSection(actors=actors, nodes=nodes, outcomes=outcomes or {}))


def choices(tree, member):
    """Per node the action of a member's full plan."""
    out = [-1] * len(tree.nodes)
    for s in tree.sets:
        for k in s.nodes:
            out[k] = s.actions.index(member.extra["plan"][tree.actors[s.actor]][s.name])
    return out


# Selten (1978), The Chain Store Paradox: with n entrants backward induction yields entry and
# sharing in every market; payoffs of one market: out (chain 5, entrant 1), share (2, 2), fight (0, 0).
def chain_store(markets):
    nodes = {}

    def add(history):
        if len(history) == markets:
            chain = sum({"o": 5, "s": 2, "f": 0}[h] for h in history)
            return [chain, *({"o": 1, "s": 2, "f": 0}[h] for h in history)]
        name = "m" + "".join(history)
        nodes[name] = None
        nodes[name] = {
            "player": f"entrant {len(history) + 1}",
            "actions": {"out": add((*history, "o")), "in": name + "?"},
        }
        nodes[name + "?"] = {
            "player": "chain",
            "actions": {"share": add((*history, "s")), "fight": add((*history, "f"))},
        }
        return name

    add(())
    return tree_of(("chain", *(f"entrant {k + 1}" for k in range(markets))), nodes)


@pytest.mark.parametrize("markets", [1, 2, 3])
def test_the_chain_store_always_shares(markets):
    (member,) = subgame_perfect(chain_store(markets)).equilibria
    assert list(member.payoffs.values()) == [2 * markets] + [2] * markets
    assert set(member.extra["plan"]["chain"].values()) == {"share"}


def test_the_centipede_ends_at_once():
    # the game of Rosenthal (1981): who stops gets more than by letting the other stop next
    nodes = {
        "1": {"player": "a", "actions": {"stop": [1, 0], "go": "2"}},
        "2": {"player": "b", "actions": {"stop": [0, 2], "go": "3"}},
        "3": {"player": "a", "actions": {"stop": [3, 1], "go": "4"}},
        "4": {"player": "b", "actions": {"stop": [2, 4], "go": [5, 3]}},
    }
    (member,) = subgame_perfect(tree_of(("a", "b"), nodes)).equilibria
    assert member.payoffs == {"a": 1.0, "b": 0.0}
    assert set(member.extra["plan"]["a"].values()) == {"stop"}


def test_an_exact_tie_under_chance_keeps_both_plays():
    nodes = {
        "offer": {"player": "a", "actions": {"safe": ["1/3", 0], "risk": "weather"}},
        "weather": {
            "chance": {"fair": "1/3", "foul": "2/3"},
            "actions": {"fair": [1, 1], "foul": "b"},
        },
        "b": {"player": "b", "actions": {"yes": [0, "1/7"], "no": [0, "1/7"]}},
    }
    solution = subgame_perfect(tree_of(("a", "b"), nodes))
    assert len(solution.equilibria) == 3
    assert solution.exhaustive
    assert all(member.regret == 0 for member in solution.equilibria)


@st.composite
def trees(draw, *, chance=True, low=-1, high=1):
    """Random trees of perfect information whose small payoffs tie often."""
    actors = ("a", "b", "c")[: draw(st.integers(1, 3))]
    nodes = {}
    payoff = st.one_of(st.integers(low, high), st.sampled_from(["1/3", "-2/3"]))

    def grow(name, depth, budget):
        size = draw(st.integers(1, 3))
        kind = draw(st.integers(0, 3)) if chance else 1
        actions = {}
        nodes[name] = None
        for k in range(size):
            deeper = depth > 0 and len(nodes) < budget and draw(st.booleans())
            below = f"{name}{k}"
            actions[str(k)] = (
                grow(below, depth - 1, budget) if deeper else [draw(payoff) for _ in actors]
            )
        if kind == 0:
            weights = [draw(st.integers(1, 3)) for _ in range(size)]
            odds = {str(k): f"{w}/{sum(weights)}" for k, w in enumerate(weights)}
            nodes[name] = {"chance": odds, "actions": actions}
        else:
            nodes[name] = {"player": draw(st.sampled_from(actors)), "actions": actions}
        return name

    grow("n", 3, 6)
    return tree_of(actors, nodes)


def profiles(tree):
    menus = [range(len(n.actions)) if n.mover >= 0 else (-1,) for n in tree.nodes]
    return product(*menus)


def value(tree, profile, k):
    node = tree.nodes[k]
    if node.mover == END:
        return node.amounts
    if node.mover == CHANCE:
        rows = [value(tree, profile, child) for child in node.children]
        return tuple(
            sum(p * row[i] for p, row in zip(node.amounts, rows, strict=True))
            for i in range(len(tree.actors))
        )
    return value(tree, profile, node.children[profile[k]])


def is_subgame_perfect(tree, profile, everything):
    """By the definition: no actor gains in any subgame by any other pure strategy of its own."""
    for k in range(len(tree.nodes)):
        here = value(tree, profile, k)
        for other in everything:
            movers = {tree.nodes[j].mover for j in range(len(other)) if other[j] != profile[j]}
            if len(movers) == 1 and value(tree, other, k)[i := movers.pop()] > here[i]:
                return False
    return True


@settings(max_examples=60, deadline=None)
@given(trees())
def test_all_plays_and_only_those_of_subgame_perfect_profiles(tree):
    everything = list(profiles(tree))
    if len(everything) > 200:
        return
    wanted = {
        tuple(ends_reached(tree, profile).items())
        for profile in everything
        if is_subgame_perfect(tree, profile, everything)
    }
    solution = tree_equilibria(tree)
    found = [choices(tree, member) for member in solution.equilibria]
    assert solution.exhaustive
    assert all(is_subgame_perfect(tree, profile, everything) for profile in found)
    plays = [tuple(ends_reached(tree, profile).items()) for profile in found]
    assert set(plays) == wanted
    assert len(plays) == len(wanted)
    assert all(member.regret == 0 for member in solution.equilibria)


@settings(max_examples=40, deadline=None)
@given(trees())
def test_with_a_limit_every_play_that_is_left_is_an_equilibrium(tree):
    everything = list(profiles(tree))
    if len(everything) > 100:
        return
    solution = tree_equilibria(tree, play_limit=1)
    full = tree_equilibria(tree)
    assert solution.equilibria
    assert solution.status == ("complete" if solution.exhaustive else "limit reached")
    if solution.exhaustive:
        assert len(solution.equilibria) == len(full.equilibria)
    for member in solution.equilibria:
        assert is_subgame_perfect(tree, choices(tree, member), everything)


def scaled(tree, factor, shift):
    """The same tree with payoffs ``factor * u + shift``, as doubles: what reads ``exp`` is not exact."""
    nodes = {}
    for k, node in enumerate(tree.nodes):
        if node.mover == END:
            continue
        targets = [
            [f"exp(0) * ({factor!r}) * ({float(u)!r}) + ({shift!r})" for u in tree.nodes[c].amounts]
            if tree.nodes[c].mover == END
            else f"k{c}"
            for c in node.children
        ]
        actions = dict(zip(node.actions, targets, strict=True))
        if node.mover == CHANCE:
            odds = dict(zip(node.actions, map(str, node.amounts), strict=True))
            nodes[f"k{k}"] = {"chance": odds, "actions": actions}
        else:
            nodes[f"k{k}"] = {"player": tree.actors[node.mover], "actions": actions}
    return tree_of(tree.actors, nodes)


@settings(max_examples=40, deadline=None)
@given(trees(), st.sampled_from([1e9, 1e-9, 3.7]), st.sampled_from([0.0, 0.1]))
def test_rescaled_payoffs_in_doubles_give_the_same_plays(tree, factor, shift):
    ours = [choices(tree, m) for m in tree_equilibria(tree).equilibria]
    other = scaled(tree, factor, shift * factor)
    assert not other.exact
    theirs = [choices(other, m) for m in tree_equilibria(other).equilibria]
    assert {tuple(ends_reached(tree, c)) for c in ours} == {
        tuple(ends_reached(other, c)) for c in theirs
    }


def test_a_tree_with_more_ties_than_the_limit_says_so():
    nodes = {"start": {"chance": {str(k): "1/12" for k in range(12)}, "actions": {}}}
    for k in range(12):
        nodes["start"]["actions"][str(k)] = f"n{k}"
        nodes[f"n{k}"] = {"player": "a", "actions": {"x": [k], "y": [k]}}
    solution = tree_equilibria(tree_of(("a",), nodes))
    assert (solution.status, solution.exhaustive) == ("limit reached", False)
    assert "ties" in solution.note or "tie" in solution.note
    assert {m.payoffs["a"] for m in solution.equilibria} == {5.5}


def test_a_long_tree_is_no_problem():
    nodes = {
        f"n{k}": {"player": "ab"[k % 2], "actions": {"stop": [k, -k], "go": f"n{k + 1}"}}
        for k in range(3_000)
    }
    nodes["n3000"] = {"player": "a", "actions": {"stop": [0, 0]}}
    (member,) = subgame_perfect(tree_of(("a", "b"), nodes)).equilibria
    # at the end b goes on rather than lose k, so a stops before, and so on back to b's first move
    assert member.payoffs == {"a": 1.0, "b": -1.0}


def test_chance_upon_chance_is_no_problem():
    """Exact expectations would need thousands of digits, so doubles take over."""
    nodes = {
        f"n{k}": {
            "chance": {"end": "1/3", "on": "2/3"},
            "actions": {"end": [1, 0], "on": f"n{k + 1}"},
        }
        for k in range(3_000)
    }
    nodes["n3000"] = {"player": "a", "actions": {"x": [1, 5], "y": [1, 3]}}
    tree = tree_of(("a", "b"), nodes)
    assert not tree.exact
    solution = subgame_perfect(tree)
    assert len(solution.equilibria) == 2
    for member in solution.equilibria:
        assert member.payoffs == pytest.approx({"a": 1, "b": 0}, abs=1e-9)
        assert member.regret <= 1e-9


def test_a_threat_off_the_path_is_in_the_plan():
    nodes = {
        "entry": {"player": "e", "actions": {"out": [0, 2], "in": "reply"}},
        "reply": {"player": "i", "actions": {"fight": [-1, 3], "share": [1, 1]}},
    }
    (member,) = subgame_perfect(tree_of(("e", "i"), nodes)).equilibria
    assert member.strategies == {"e": {"out": 1.0}, "i": {"fight": 1.0}}
    assert member.outcome == "out"


MATCHING = {
    "a": {"player": "a", "actions": {"h": "h", "t": "t"}},
    "h": {"player": "b", "information": "guess", "actions": {"h": [1, -1], "t": [-1, 1]}},
    "t": {"player": "b", "information": "guess", "actions": {"h": [-1, 1], "t": [1, -1]}},
}


def test_without_proper_subgames_the_equilibria_are_those_of_nash():
    solution = subgame_perfect(tree_of(("a", "b"), MATCHING))
    assert (solution.status, solution.exhaustive) == ("complete", True)
    (member,) = solution.equilibria
    assert member.strategies == {"a": {"h": 0.5, "t": 0.5}, "b": {"h": 0.5, "t": 0.5}}
    assert member.extra["behaviour"]["b"] == {"guess": {"h": 0.5, "t": 0.5}}


@settings(max_examples=30, deadline=None)
@given(trees())
def test_every_subgame_perfect_profile_is_a_nash_equilibrium_of_the_reduced_form(tree):
    game = reduced_form(tree)
    for member in tree_equilibria(tree).equilibria:
        plan = member.extra["plan"]
        payoffs = [member.payoffs[actor] for actor in game.actors]
        mixes = []
        for actor, labels in zip(game.actors, game.strategies, strict=True):
            sets = [s.name for s in tree.sets if tree.actors[s.actor] == actor]
            words = {
                label: [p if len(sets) == 1 else tuple(p.split(": ")) for p in label.split("; ")]
                for label in labels
            }
            follows = [
                not sets
                or all(
                    p == plan[actor][sets[0]] if isinstance(p, str) else plan[actor][p[0]] == p[1]
                    for p in own
                )
                for own in words.values()
            ]
            assert sum(follows) == 1
            mixes.append(np.array(follows, dtype=np.float64))
        assert regret(game, mixes) < 1e-12
        assert expected_payoffs(game, mixes) == pytest.approx(payoffs)


@pytest.mark.peers
@settings(max_examples=25, deadline=None)
@given(trees(chance=True))
def test_gambit_finds_the_same_pure_equilibria_of_the_written_tree(tmp_path_factory, tree):
    gambit = pytest.importorskip("pygambit")
    path = tmp_path_factory.mktemp("efg") / "tree.efg"
    path.write_text(write_efg(tree))
    theirs = gambit.read_efg(str(path))
    pure = gambit.nash.enumpure_solve(theirs).equilibria
    payoffs = {tuple(Fraction(str(p.payoffs[a])) for a in tree.actors) for p in pure}
    for member in tree_equilibria(tree).equilibria:
        exact = value(tree, choices(tree, member), 0)
        assert exact in payoffs


def test_the_command_reads_a_tree_and_an_efg_file_alike(tmp_path):
    text = write_efg(tree_of(("a", "b"), MATCHING))
    path = tmp_path / "matching.efg"
    path.write_text(text)
    by_file = sim.solve(sim.load(path), ["mixed_nash"])[0]
    direct = mixed_nash(reduced_form(tree_of(("a", "b"), MATCHING)))
    assert by_file.equilibria[0].strategies == direct.equilibria[0].strategies


def test_plays_at_the_root_are_distinct():
    nodes = {"x": {"player": "a", "actions": {"l": [1], "r": [1]}}}
    plays, cut = equilibrium_plays(tree_of(("a",), nodes), 10)
    assert [p.action for p in plays] == [0, 1]
    assert not cut
