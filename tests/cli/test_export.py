"""``sim export``: what is written, read back, is the same game."""

import json

import numpy as np
import pytest
import sim
from sim.cli import run
from sim.games.files.tree import tree_game
from sim.games.reduced_form import reduced_form
from sim.games.stages_tree import tree_of_stages
from sim.solving import game_of

DISPUTE = """
title: two islands or four
parameters: {{cost: 0.2}}
issues:
  land: {{none: {{}}, half: {{share: 0.5, signed: 1}}, all: {{share: 1, signed: 1}}}}
outcomes: {{treaty: signed}}
actors:
  a: {{role: principal}}
  b: {{role: principal}}
  c: {{role: third party, stances: {{support: {{}}, oppose: {{against: 1}}}}}}
payoffs:
  a: {{land: share + 0.1}}
  b: {{land: 0.6 * signed - share - cost * against}}
  c: {{land: {third} * against * signed}}
game: {game}
"""
SEQUENTIAL = DISPUTE.format(third=0.1, game="{protocol: ultimatum, proposer: a}")
AT_ONCE = DISPUTE.format(third=0.1, game="strategic")
TWO_STAGES = DISPUTE.format(third=-0.1, game="[c.stance, [a.demand, b.demand]]")
TABLE = """
title: "a \\"quoted\\" title"
strategic: {actors: {row: [x, y], column: [l, r, "m n"]},
            payoffs: [[[1, 2], ["1/3", 0.5], [0, -1e-3]], [[3, 4], [5, 6], [7, 8]]]}
"""
TREE = """
tree:
  actors: [a, b]
  outcomes: {war: [-1, "-1/7"]}
  nodes:
    toss: {chance: {heads: "2/3", tails: "1/3"}, actions: {heads: left, tails: right}}
    left: {player: a, actions: {go: blind, stop: war}}
    right: {player: a, actions: {go: there, stop: [0, 0]}}
    blind: {player: b, information: dark, actions: {u: [1, 2], d: war}}
    there: {player: b, information: dark, actions: {u: [2, 1], d: [0, 0]}}
"""


def exported(tmp_path, text, kind, *options):
    source, target = tmp_path / "game.yaml", tmp_path / f"game.{kind}"
    source.write_text(text)
    assert run(["export", str(source), "--to", kind, "--out", str(target), *options]) == 0
    return sim.load(source), sim.load(target)


def same_game(first, second):
    assert (first.title, first.actors, first.strategies) == (
        second.title,
        second.actors,
        second.strategies,
    )
    assert (first.payoffs == second.payoffs).all()
    if first.exact is not None:
        assert (first.exact == second.exact).all()


@pytest.mark.parametrize("text", [TABLE, AT_ONCE])
def test_tables_and_simultaneous_disputes_come_back_from_nfg(tmp_path, text):
    scenario, again = exported(tmp_path, text, "nfg")
    same_game(game_of(scenario, "strategic"), game_of(again, "strategic"))


def test_a_tree_comes_back_from_efg_and_its_reduced_form_from_nfg(tmp_path):
    scenario, again = exported(tmp_path, TREE, "efg")
    ours, theirs = (tree_game(s.document.tree) for s in (scenario, again))
    assert ours.nodes == theirs.nodes
    assert ours.sets == theirs.sets
    _, table = exported(tmp_path, TREE, "nfg")
    game = game_of(table, "strategic")
    assert (game.exact == reduced_form(ours).exact).all()


@pytest.mark.parametrize("text", [SEQUENTIAL, AT_ONCE, TWO_STAGES])
def test_a_dispute_comes_back_from_efg_as_its_tree(tmp_path, text):
    scenario, again = exported(tmp_path, text, "efg")
    tree = tree_of_stages(game_of(scenario, "sequential"))
    back = tree_game(again.document.tree)
    assert [(n.mover, n.actions, n.children) for n in tree.nodes] == [
        (n.mover, n.actions, n.children) for n in back.nodes
    ]
    for ours, theirs in zip(tree.nodes, back.nodes, strict=True):
        assert list(map(float, ours.amounts)) == list(map(float, theirs.amounts))
    assert [(s.actor, s.actions, s.nodes) for s in tree.sets] == [
        (s.actor, s.actions, s.nodes) for s in back.sets
    ]


def test_moves_made_at_once_are_hidden_from_one_another(tmp_path):
    scenario, _ = exported(tmp_path, TWO_STAGES, "efg")
    tree = tree_of_stages(game_of(scenario, "sequential"))
    assert [len(s.nodes) for s in tree.sets] == [1, 1, 3, 1, 3]
    assert not tree.perfect_information


@pytest.mark.parametrize("proposer", ["a", "b"])
@pytest.mark.parametrize("third", [0.1, -0.1, 0])
def test_the_written_tree_has_the_outcomes_of_the_stage_game(tmp_path, proposer, third):
    text = DISPUTE.format(third=third, game=f"{{protocol: ultimatum, proposer: {proposer}}}")
    scenario, again = exported(tmp_path, text, "efg")
    payoffs = []
    for one in (scenario, again):
        (solution,) = sim.solve(one, ["subgame_perfect"])
        assert solution.exhaustive
        payoffs.append(sorted({tuple(m.payoffs.values()) for m in solution.equilibria}))
    assert len(payoffs[0]) == len(payoffs[1])
    assert np.allclose(payoffs[0], payoffs[1], atol=1e-12)


def test_values_set_on_the_command_line_are_written(tmp_path):
    _, again = exported(tmp_path, SEQUENTIAL, "efg", "--set", "cost=0.7")
    assert "-0.7" in (tmp_path / "game.efg").read_text()
    assert again.document.form == "tree"


def test_without_out_the_file_goes_to_standard_output(tmp_path, capsys):
    path = tmp_path / "game.yaml"
    path.write_text(TABLE)
    assert run(["export", str(path), "--to", "nfg"]) == 0
    assert capsys.readouterr().out.startswith('NFG 1 R "a \\"quoted\\" title"')


BARGAINING = (
    "bargaining: {actors: [a, b], disagreement: {a: 0, b: 0}, agreements: {x: {a: 1, b: 1}}}"
)


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        (BARGAINING, "nfg", "is a bargaining game; .nfg holds strategic games"),
        (BARGAINING, "efg", "is a bargaining game; .efg holds sequential games"),
        (TABLE, "efg", "--to nfg fits"),
    ],
)
def test_a_form_that_does_not_fit_is_refused(tmp_path, capsys, text, kind, words):
    path = tmp_path / "game.yaml"
    path.write_text(text)
    assert run(["export", str(path), "--to", kind, "--out", str(tmp_path / "out")]) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_an_impossible_place_is_refused(tmp_path, capsys):
    path = tmp_path / "game.yaml"
    path.write_text(TABLE)
    assert run(["export", str(path), "--to", "nfg", "--out", str(tmp_path / "no" / "x")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_the_command_solves_what_it_wrote(tmp_path, capsys):
    exported(tmp_path, TREE, "efg")
    assert run(["solve", str(tmp_path / "game.efg"), "--concept", "pure_nash", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert {"a", "b"} == set(report["results"][0]["equilibria"][0]["payoffs"])


@pytest.mark.peers
@pytest.mark.parametrize("text", [SEQUENTIAL, TWO_STAGES, TREE])
def test_gambit_reads_both(tmp_path, text):
    gambit = pytest.importorskip("pygambit")
    exported(tmp_path, text, "efg")
    exported(tmp_path, text, "nfg")
    trees = gambit.read_efg(str(tmp_path / "game.efg"))
    tables = gambit.read_nfg(str(tmp_path / "game.nfg"))
    values = []
    for game in (trees, tables):
        pure = gambit.nash.enumpure_solve(game).equilibria
        values.append({tuple(str(p.payoffs[a]) for a in game.players) for p in pure})
    assert values[0] == values[1]


# Three demands in a row: "p, q" then "p" then "q" reads like "p" then "q" then "p, q".
THREE_DEMANDS = """
issues: {i0: {n: {}, p: {x: 1}}, i1: {n: {}, q: {y: 1}}}
outcomes: {treaty: x or y}
actors:
  a: {role: principal}
  b: {role: principal}
  c: {role: principal}
  w: {role: third party, stances: {s: {}, t: {h: 1}}}
payoffs: {a: {g: x + y}, b: {g: x + y}, c: {g: x + y}, w: {g: h}}
game: [[a.demand, b.demand, c.demand], w.stance]
"""


def test_information_sets_after_three_demands_have_names_of_their_own(tmp_path):
    scenario, again = exported(tmp_path, THREE_DEMANDS, "efg")
    tree = tree_of_stages(game_of(scenario, "sequential"))
    back = tree_game(again.document.tree)
    assert [(s.actor, s.nodes) for s in tree.sets] == [(s.actor, s.nodes) for s in back.sets]
    names = [(s.actor, s.name) for s in back.sets]
    assert len(set(names)) == len(names)
    assert not any("(2)" in name for _, name in names)


@pytest.mark.peers
def test_gambit_reads_three_demands_in_a_row(tmp_path):
    gambit = pytest.importorskip("pygambit")
    exported(tmp_path, THREE_DEMANDS, "efg")
    assert len(gambit.read_efg(str(tmp_path / "game.efg")).players) == 4
