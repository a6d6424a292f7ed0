"""Published trees, and trees that real use found: what they must give."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import permutations

import pytest
import sim
from sim.cli import run
from sim.errors import NotDefinedError
from sim.games.files.tree import tree_game
from sim.games.recall import forgetting
from sim.games.reduced_form import plans_of
from sim.scenario.sections.tree import TreeSection
from sim.solutions.sequential._sequence_form import optimal_behaviour
from sim.solutions.sequential.subgame_perfect import subgame_perfect


def tree_of(actors, nodes):
    return tree_game(TreeSection(actors=actors, nodes=nodes))


# Mas-Colell, Whinston and Green (1995), Example 9.B.3: entry, then both choose at once.
ENTRY = """
title: Entry, then a simultaneous fight
tree:
  actors: [entrant, incumbent]
  nodes:
    entry: {player: entrant, actions: {out: [0, 2], in: after}}
    after: {player: entrant, actions: {fight: e fights, accommodate: e accommodates}}
    e fights: {player: incumbent, information: i, actions: {fight: [-3, -1], accommodate: [1, -2]}}
    e accommodates: {player: incumbent, information: i, actions: {fight: [-2, -1], accommodate: [3, 1]}}
"""

# Worked by hand: the weak type bluffs until the defender, facing a threat, is indifferent:
# p_weak * 3/2 = p_tough / 2 gives 0.7 b = 0.15, b = 3/14; the weak type is indifferent when
# c - (1 - c) / 5 = 0, c = 1/6; war is 0.3 * 5/6.
BLUFF = """
title: A public threat by a challenger that may bluff
tree:
  actors: [challenger, defender]
  nodes:
    type: {chance: {tough: 3/10, weak: 7/10}, actions: {tough: tough, weak: weak}}
    tough: {player: challenger, actions: {silent: [0, 1], threaten: tough threat}}
    weak: {player: challenger, actions: {silent: [0, 1], threaten: weak threat}}
    tough threat: {player: defender, information: threat, actions: {concede: [1, 0], resist: tough resisted}}
    weak threat: {player: defender, information: threat, actions: {concede: [1, 0], resist: weak resisted}}
    tough resisted: {player: challenger, actions: {back down: [-1/5, 1], fight: [1/5, -1/2]}}
    weak resisted: {player: challenger, actions: {back down: [-1/5, 1], fight: [-2/5, -1/2]}}
"""


def only(text, concept="subgame_perfect"):
    (solution,) = sim.solve(sim.loads(text), [concept])
    assert solution.exhaustive
    (member,) = solution.equilibria
    return member


def test_the_threat_to_fight_entry_is_not_credible(tmp_path, capsys):
    member = only(ENTRY)
    assert member.payoffs == {"entrant": 3.0, "incumbent": 1.0}
    assert member.outcome == "in, accommodate, accommodate"
    assert member.strategies == {
        "entrant": {"entry: in; after: accommodate": 1.0},
        "incumbent": {"accommodate": 1.0},
    }
    path = tmp_path / "entry.yaml"
    path.write_text(ENTRY)
    assert run(["solve", str(path), "--concept", "subgame_perfect"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("1 ")] == [
        line for line in lines if "in, accommodate, accommodate" in line
    ]
    assert "#1 incumbent plays i: accommodate" in lines


def test_entry_before_a_choice_at_once_has_one_credible_equilibrium(tmp_path):
    text = (
        'EFG 2 R "" { "entrant" "incumbent" } "" p "" 1 1 "" { "out" "in" } 0 t "" 1 "" { 1, 5 }'
        ' p "" 1 2 "" { "small" "large" } 0 p "" 2 1 "" { "fight" "share" } 0 t "" 2 "" { -1, -1 }'
        ' t "" 3 "" { 2, 2 } p "" 2 1 "" { "fight" "share" } 0 t "" 4 "" { -2, -2 } t "" 5 "" { 1, 1 }'
    )
    path = tmp_path / "entry.efg"
    path.write_text(text)
    (solution,) = sim.solve(sim.load(path), ["subgame_perfect"])
    (member,) = solution.equilibria
    assert (member.outcome, list(member.payoffs.values())) == ("in, small, share", [2.0, 2.0])


def test_a_bluff_is_mixed_at_its_own_information_set():
    member = only(BLUFF)
    told = member.extra["behaviour"]
    assert told["challenger"]["weak"]["threaten"] == pytest.approx(3 / 14, abs=1e-12)
    assert told["challenger"]["tough"] == {"threaten": 1.0}
    assert told["challenger"]["weak resisted"] == {"back down": 1.0}
    assert told["defender"]["threat"]["concede"] == pytest.approx(1 / 6, abs=1e-12)
    war = member.extra["outcomes"]["tough, threaten, resist, fight"]
    assert war == pytest.approx(0.25, abs=1e-12)


def poker(cards):
    """One-card poker: ante 1, one bet of 1; the first may bet or check, the second answers."""
    deals = list(permutations(range(1, cards + 1), 2))
    nodes = {
        "deal": {
            "chance": {f"{a}-{b}": f"1/{len(deals)}" for a, b in deals},
            "actions": {f"{a}-{b}": f"first {a}-{b}" for a, b in deals},
        }
    }
    for a, b in deals:
        win = 1 if a > b else -1
        own = {"player": "P1", "information": f"card {a}"}
        nodes[f"first {a}-{b}"] = {
            **own,
            "actions": {"bet": f"bet {a}-{b}", "check": f"check {a}-{b}"},
        }
        other = {"player": "P2", "information": f"{b} facing a bet"}
        nodes[f"bet {a}-{b}"] = {**other, "actions": {"call": [2 * win, -2 * win], "fold": [1, -1]}}
        other = {"player": "P2", "information": f"{b} after a check"}
        nodes[f"check {a}-{b}"] = {
            **other,
            "actions": {"bet": f"late {a}-{b}", "check": [win, -win]},
        }
        own = {"player": "P1", "information": f"{a} facing a bet"}
        nodes[f"late {a}-{b}"] = {**own, "actions": {"call": [2 * win, -2 * win], "fold": [-1, 1]}}
    return tree_of(("P1", "P2"), nodes)


# Kuhn (1950) for three cards; the others from an independent sequence-form program in fractions.
@pytest.mark.parametrize(
    ("cards", "worth"), [(3, "-1/18"), (4, "-1/24"), (5, "-1/15"), (6, "-11/180")]
)
def test_one_card_poker_is_worth(cards, worth):
    solution = subgame_perfect(poker(cards))
    (member,) = solution.equilibria
    assert member.payoffs["P1"] == float(Fraction(worth))
    assert member.regret == 0
    for own in member.extra["behaviour"].values():
        for mix in own.values():
            assert sum(mix.values()) == pytest.approx(1, abs=1e-12)


def test_matching_pennies_by_the_sequence_form_beside_the_reduced_form():
    tree = tree_of(
        ("a", "b"),
        {
            "a": {"player": "a", "actions": {"h": "b", "t": "c"}},
            "b": {"player": "b", "information": "i", "actions": {"h": [3, -3], "t": [-1, 1]}},
            "c": {"player": "b", "information": "i", "actions": {"h": [-1, 1], "t": [1, -1]}},
        },
    )
    third, two_thirds = Fraction(1, 3), Fraction(2, 3)
    assert optimal_behaviour(tree, (0, 1)) == ((third, two_thirds), (third, two_thirds))
    (member,) = subgame_perfect(tree).equilibria
    assert member.strategies["a"] == pytest.approx({"h": 1 / 3, "t": 2 / 3})


# Piccione and Rubinstein (1997), Example 1: exit at the first 0, at the second 4, never 1.
DRIVER = {
    "first": {"player": "a", "information": "road", "actions": {"exit": [0], "on": "second"}},
    "second": {"player": "a", "information": "road", "actions": {"exit": [4], "on": [1]}},
}


def test_the_absent_minded_driver_goes_on_two_times_out_of_three():
    solution = subgame_perfect(tree_of(("a",), DRIVER))
    (member,) = solution.equilibria
    assert member.extra["behaviour"]["a"]["road"]["on"] == pytest.approx(2 / 3, abs=1e-15)
    assert member.extra["exact"] == {"a": "4/3"}
    assert "'a' has no perfect recall" in solution.note
    assert "'first'" in solution.note
    assert "'second'" in solution.note


def test_who_forgets_what_is_refused_in_a_sentence(tmp_path, capsys):
    nodes = {
        "x": {"player": "a", "actions": {"l": "y", "r": "z"}},
        "y": {"player": "b", "actions": {"u": "late y", "d": [0, 0]}},
        "z": {"player": "b", "actions": {"u": "late z", "d": [1, 1]}},
        "late y": {"player": "a", "information": "late", "actions": {"m": [1, 1], "n": [0, 2]}},
        "late z": {"player": "a", "information": "late", "actions": {"m": [2, 1], "n": [1, 0]}},
    }
    tree = tree_of(("a", "b"), nodes)
    (one,) = forgetting(tree)
    assert (one.actor, one.place, one.nodes, one.absent_minded) == (
        "a",
        "late",
        ("late y", "late z"),
        False,
    )
    assert one.what == "whether it chose 'l' or 'r' at 'x'"
    with pytest.raises(NotDefinedError, match="actor 'a' has no perfect recall: at 'late'"):
        subgame_perfect(tree)
    scenario = sim.loads(json.dumps({"tree": {"actors": ["a", "b"], "nodes": nodes}}))
    (solution,) = sim.solve(scenario, ["mixed_nash"])
    assert "actor 'a' has no perfect recall" in solution.note


def test_plans_of_a_forgetful_actor_leave_out_what_they_never_come_to():
    # a quarter of the plans that name every set: after 'out' nothing else matters (Gambit's reduction)
    nodes = {"n0": {"player": "a", "actions": {"out": [0], "in": "n1"}}}
    for k in range(1, 5):
        nodes[f"n{k}"] = {
            "player": "a",
            "information": "road" if k in (1, 3) else f"s{k}",
            "actions": {"out": [k], "in": f"n{k + 1}" if k < 4 else [9]},
        }
    (plans,) = plans_of(tree_of(("a",), nodes))
    # n0 out; road out; road in: s2 out; s2 in (n3 is road again): s4 out, s4 in
    assert len(plans) == 5


def test_a_tree_of_three_actors_with_ties_everywhere_ends(tmp_path):
    path = tmp_path / "ties.efg"
    menu = '{ "status quo" "i1=q1" "i0=p1" }'
    ends = {}
    lines = ['EFG 2 R "random" { "tok" "mos" "was" }', f'p "" 1 1 "demand" {menu} 0']
    number = 0
    for first in range(3):
        lines.append('p "" 3 1 "stance" { "s0" "s1" } 0')
        for stance in range(2):
            number += 1
            lines.append(f'p "" 2 {number} "after {first} {stance}" {menu} 0')
            for second in range(3):
                agreed = first if first == second else 0
                key = (agreed, stance)
                payoffs = (-6 + (agreed == 2), -1, -7 - 3 * stance - agreed / 2)
                known = ends.setdefault(key, len(ends) + 1)
                lines.append(f't "" {known} "{key}" {{ {" ".join(map(str, payoffs))} }}')
    path.write_text("\n".join(lines))
    (solution,) = sim.solve(sim.load(path), ["subgame_perfect"])
    assert solution.status != "complete"
    assert not solution.exhaustive
    assert {m.outcome for m in solution.equilibria} == {"(0, 0)", "(1, 0)", "(2, 0)"}
    for verb in (["export", str(path), "--to", "efg"], ["export", str(path), "--to", "nfg"]):
        assert run(verb) == 0


def test_payoffs_of_a_tree_are_expressions_of_its_parameters():
    text = """
parameters: {war: {cost: {value: 10, range: [1, 20]}}}
tree:
  actors: [a, b]
  nodes:
    first: {player: a, actions: {yield: b1, stand: b2}}
    b1: {player: b, information: b, actions: {yield: [0, 0], stand: [-1, 1]}}
    b2: {player: b, information: b, actions: {yield: [1, -1], stand: ["-war.cost", "-war.cost"]}}
"""
    for cost in (10, 4, 7.5):
        scenario = sim.loads(text).with_values({"war.cost": cost})
        for concept in ("mixed_nash", "subgame_perfect"):
            (solution,) = sim.solve(scenario, [concept])
            mixed = [m for m in solution.equilibria if len(m.strategies["a"]) == 2]
            assert [m.strategies["a"]["stand"] for m in mixed] == [pytest.approx(1 / cost)]
