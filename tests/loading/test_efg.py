"""Gambit's extensive-form files: what they mean, what is refused and where, and writing."""

import unicodedata
from fractions import Fraction
from itertools import pairwise

import pytest
import sim
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.errors import ScenarioError
from sim.games.files.tree import tree_game
from sim.games.reduced_form import reduced_form
from sim.loading._efg_nodes import Known, read_nodes
from sim.loading._gambit_text import Words, legal
from sim.loading.efg import read_efg, write_efg
from sim.loading.nfg import read_nfg
from sim.scenario.sections.tree import TreeSection
from sim.solutions.sequential.subgame_perfect import subgame_perfect

# The game with which Gambit's documentation explains the format: a Bayesian game of one stage.
BAYES = """EFG 2 R "General Bayes game, one stage" { "Player 1" "Player 2" }
"a comment"
c "ROOT" 1 "(0,1)" { "1G" 0.500000 "1B" 0.500000 } 0
c "" 2 "(0,2)" { "2g" 0.500000 "2b" 0.500000 } 0
p "" 1 1 "(1,1)" { "H" "L" } 0
p "" 2 1 "(2,1)" { "h" "l" } 0
t "" 1 "Outcome 1" { 10.000000 2.000000 }
t "" 2 "Outcome 2" { 0.000000 10.000000 }
p "" 2 1 "(2,1)" { "h" "l" } 0
t "" 3 "Outcome 3" { 2.000000 4.000000 }
t "" 4 "Outcome 4" { 4.000000 0.000000 }
p "" 1 1 "(1,1)" { "H" "L" } 0
p "" 2 2 "(2,2)" { "h" "l" } 0
t "" 5 "Outcome 5" { 10.000000 2.000000 }
t "" 6 "Outcome 6" { 0.000000 10.000000 }
p "" 2 2 "(2,2)" { "h" "l" } 0
t "" 7 "Outcome 7" { 2.000000 4.000000 }
t "" 8 "Outcome 8" { 4.000000 0.000000 }
c "" 3 "(0,3)" { "2g" 0.500000 "2b" 0.500000 } 0
p "" 1 2 "(1,2)" { "H" "L" } 0
p "" 2 1 0
t "" 9 "Outcome 9" { 4.000000 2.000000 }
t "" 10 "Outcome 10" { 2.000000 10.000000 }
p "" 2 1 0
t "" 11 "Outcome 11" { 0.000000 4.000000 }
t "" 12 "Outcome 12" { 10.000000, 0.000000 }
p "" 1 2 "(1,2)" { "H" "L" } 0
p "" 2 2 0
t "" 13 "Outcome 13" { 4.000000 2.000000 }
t "" 14 "Outcome 14" { 2.000000 10.000000 }
p "" 2 2 0
t "" 15 "Outcome 15" { 0.000000 4.000000 }
t "" 16 "Outcome 16" { 10.000000 0.000000 }
"""


def tree_from(text, file="<text>"):
    data = read_efg(text, file)
    return tree_game(TreeSection.model_validate(data["tree"]), title=data["title"])


def test_the_documented_game():
    tree = tree_from(BAYES)
    assert tree.title == "General Bayes game, one stage"
    assert (len(tree.nodes), len(tree.ends)) == (31, 16)
    assert [(tree.actors[s.actor], s.name, len(s.nodes)) for s in tree.sets] == [
        ("Player 1", "(1,1)", 2),
        ("Player 2", "(2,1)", 4),
        ("Player 2", "(2,2)", 4),
        ("Player 1", "(1,2)", 2),
    ]
    assert not tree.perfect_information
    assert not tree.forgetful()
    game = reduced_form(tree)
    assert game.shape == (4, 4)
    # both always play their first action: the mean of outcomes 1, 5, 9 and 13
    assert game.exact[:, 0, 0].tolist() == [7, 2]


def test_payoffs_along_the_path_add_up():
    text = """EFG 2 R "" { "a" "b" }
    p "" 1 1 "" { "l" "r" } 1 "toll" { -1 1/2 }
    t "" 2 "x" { 3 0 }
    p "" 2 1 "" { "u" } 2
    t "" 0
    """
    tree = tree_from(text)
    ends = [tree.nodes[k] for k in tree.ends]
    assert [end.amounts for end in ends] == [(2, Fraction(1, 2)), (2, Fraction(1, 2))]
    assert [end.name for end in ends] == ["", ""]


def test_sets_are_told_apart_and_so_are_names():
    text = """EFG 2 R "" { "a" "a" }
    p "x" 1 7 "s" { "" "l" "l" } 0
    p "x" 1 8 "s" { "u" } 0
    t "" 1 "x" { 1 2 }
    p "" 2 7 { "v" } 0
    t "" 2 "x" { 3 4 }
    t "" 0
    """
    tree = tree_from(text)
    assert tree.actors == ("a", "a (2)")
    assert [s.name for s in tree.sets] == ["s", "s (2)", "set 7"]
    assert tree.nodes[0].actions == ("action 1", "l", "l (2)")
    assert len({node.name for node in tree.nodes if node.name}) == 5


HEAD = 'EFG 2 R "" { "a" "b" }\n'


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("", "1:1", "EFG is needed here, not the end of the file"),
        ("NFG 1 R", "1:1", "EFG is needed here, not 'NFG'"),
        ('EFG 1 R "t" { "a" }', "1:5", "version 2 is needed here, not '1'"),
        ('EFG 2 R "t" { }', "1:13", "1 to 20 actors are needed, 0 are listed"),
        (HEAD, "2:1", "c, p or t is needed here, not the end of the file"),
        (HEAD + 'x "" 1', "2:1", "a node starts with c, p or t (at 'x')"),
        (HEAD + 'p x 1 1 "" { "l" } 0', "2:3", "the node's name in quotation marks is needed here"),
        (HEAD + 'p "" 3 1 "" { "l" } 0', "2:6", "an actor's number is needed here, at most 2, not '3'"),
        (HEAD + 'p "" 0 1 "" { "l" } 0', "2:6", "actors are numbered from 1 (at '0')"),
        (HEAD + 'p "" 1 1 "" 0', "2:13", "information set 1 has no actions yet"),
        (HEAD + 'p "" 1 1 "" { } 0', "2:13", "at least one action is needed"),
        (HEAD + 'p "" 1 1 "" { "l" 1/2 } 0', "2:19", "an action's label or } is needed here, not '1/2'"),
        (HEAD + 'p "" 1 1 "" { "l" } 5', "2:22", "outcome 5 has no payoffs yet"),
        (HEAD + 'p "" 1 1 "" { "l" } 5 "x" { 1 }', "2:23", "2 payoffs are needed, 1 are given"),
        (HEAD + 'p "" 1 1 "" { "l" } 0 { 1 2 }', "2:23", "outcome 0 has no payoffs"),
        (HEAD + 'p "" 1 1 "" { "l" } 0\n', "3:1", "c, p or t is needed here, not the end"),
        (HEAD + 'p "" 1 1 "" { "l" } 0\nt "" 0\nt "" 0', "4:1", "the tree is complete"),
        (HEAD + 'p "" 1 1 "" { "l" } 0\nt "" 1 "x" { 1 b }', "3:16", "a payoff or } is needed here, not 'b'"),
        (
            HEAD + 'p "" 1 1 "" { "l" "r" } 0\np "" 1 1 "" { "l" } 0\nt "" 0\nt "" 0',
            "3:10",
            "information set 1 was described otherwise before",
        ),
        (
            HEAD + 'p "" 1 1 "" { "l" "r" } 0\nt "" 1 "x" { 1 2 }\nt "" 1 "x" { 1 3 }',
            "4:8",
            "outcome 1 was given other payoffs before",
        ),
        (HEAD + 'c "" 1 "" { "l" 1/2 "r" 1/3 } 0', "2:11", "add up to 1, these add up to 0.833333333333"),
        (HEAD + 'c "" 1 "" { "l" 3/2 "r" -1/2 } 0', "2:17", "between 0 and 1 (at '3/2')"),
        (HEAD + 'c "" 1 "" { "l" "r" 1 } 0', "2:17", 'a probability is needed here, not the text "r"'),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_place(text, place, words):
    with pytest.raises(ScenarioError) as caught:
        read_efg(text, "x.efg")
    assert str(caught.value).startswith(f"x.efg:{place}: ")
    assert words in str(caught.value)


def test_a_long_chain_is_read_and_solved(tmp_path):
    moves = [f'p "" {k % 2 + 1} {k + 1} "" {{ "stop" "go" }} 0\nt "" 0' for k in range(9_000)]
    path = tmp_path / "chain.efg"
    path.write_text(HEAD + "\n".join(moves) + '\nt "" 1 "" { 1 1 }')
    scenario = sim.load(path)
    (solution,) = sim.solve(scenario)
    assert {tuple(m.payoffs.values()) for m in solution.equilibria} <= {(0, 0), (1, 1)}


@pytest.mark.parametrize("piece", ['p "" 1 1 "" { "l" } 0 ', '"a" ', "{ ", "1 ", '"', '\\"'])
def test_long_nonsense_is_refused_at_once(piece):
    with pytest.raises(ScenarioError):
        read_efg(HEAD + piece * (100_000 // len(piece)))


def test_payoffs_of_endless_digits_along_a_path_are_refused():
    primes = [p for p in range(2, 2_000) if all(p % q for q in range(2, int(p**0.5) + 1))]
    moves = [f'p "" 1 {k + 1} "" {{ "on" }} {k + 1} "" {{ 1/{p} 0 }}' for k, p in enumerate(primes)]
    with pytest.raises(ScenarioError, match="too many digits"):
        read_efg(HEAD + "\n".join(moves) + '\nt "" 0')


ANY_NAME = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=6)
NAMES = ANY_NAME.map(legal).filter(lambda name: name not in ("", "Chance"))


@st.composite
def trees(draw):
    """Random trees with information sets across nodes of one depth, and chance."""
    actors = draw(st.lists(NAMES, min_size=2, max_size=3, unique=True))
    menus = draw(
        st.lists(st.lists(NAMES, min_size=1, max_size=2, unique=True), min_size=3, max_size=3)
    )
    movers = [draw(st.sampled_from([*actors, None])) for _ in menus]
    nodes = {}

    def grow(name, depth):
        nodes[name] = None
        below = {}
        for k, label in enumerate(menus[depth]):
            if depth < 2 and draw(st.booleans()):
                below[label] = grow(f"{name}{k}", depth + 1)
            else:
                below[label] = [str(draw(st.fractions(-3, 3, max_denominator=7))) for _ in actors]
        if movers[depth] is None:
            odds = {label: f"1/{len(below)}" for label in below}
            nodes[name] = {"chance": odds, "actions": below}
        else:
            nodes[name] = {"player": movers[depth], "actions": below}
            if draw(st.booleans()):
                nodes[name]["information"] = f"level {depth}"
        return name

    grow("n", 0)
    return tree_game(TreeSection(actors=actors, nodes=nodes), title=draw(NAMES))


def is_legal(label):
    """Gambit's rule for labels, written again."""
    blanks = [c.isspace() for c in label]
    ends = label == "" or not (blanks[0] or blanks[-1])
    control = any(unicodedata.category(c).startswith("C") for c in label)
    return ends and not control and not any(a and b for a, b in pairwise(blanks))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_whatever_a_label_is_the_written_one_is_legal_and_means_one_thing(data):
    names = data.draw(st.lists(ANY_NAME, min_size=2, max_size=4, unique=True))
    actors = data.draw(st.lists(ANY_NAME, min_size=2, max_size=3, unique=True))
    menu = data.draw(st.lists(ANY_NAME, min_size=len(names), max_size=len(names), unique=True))
    nodes = {
        name: {"player": actors[0], "actions": {label: [1] * len(actors) for label in menu}}
        for name in names
    }
    chances = {a: f"1/{len(names)}" for a in menu}
    first = {"chance": chances, "actions": dict(zip(menu, names, strict=True))}
    start = "".join(names) + "!"
    tree = tree_game(TreeSection(actors=actors, nodes={start: first, **nodes}))
    known = Known()
    words = Words(write_efg(tree), "x.efg")
    for _ in range(3):
        words.take(words.peek().kind, "the header")
    assert is_legal(words.text("title"))
    players = words.texts("actors")
    assert len(set(players)) == len(actors) and all(map(is_legal, players))
    read = [node for node in read_nodes(words, len(actors), known) if node.actions]
    labels = [node.name for node in read if node.name]
    assert len(set(labels)) == len(labels) and all(map(is_legal, labels))
    sets = [(actor, label) for (actor, _), (label, _, _) in known.sets.items() if actor >= 0]
    assert len(set(sets)) == len(sets) and all(is_legal(label) for _, label in sets)
    for node in read:
        assert len(set(node.actions)) == len(menu) and all(map(is_legal, node.actions))


def test_an_end_alone_is_read_written_and_solved():
    text = 'EFG 2 R "t" { "a" "b" }\n""\nt "" 1 "" { 1 2 }\n'
    tree = tree_from(text)
    assert (tree.ends, tree.nodes[0].amounts) == ((0,), (1, 2))
    assert tree_from(write_efg(tree)) == tree
    (member,) = subgame_perfect(tree).equilibria
    assert member.payoffs == {"a": 1.0, "b": 2.0}


@settings(max_examples=100, deadline=None)
@given(trees())
def test_a_written_file_read_back_gives_the_same_tree(tree):
    again = tree_from(write_efg(tree))
    assert again == tree


def test_a_file_becomes_a_scenario_that_can_be_stored_and_read_again(tmp_path):
    path = tmp_path / "bayes.efg"
    path.write_text(BAYES)
    scenario = sim.load(path)
    again = sim.loads(scenario.resolved)
    first, second = (tree_game(s.document.tree, title=s.title) for s in (scenario, again))
    assert first == second == tree_from(BAYES)
    assert tree_from(write_efg(first)) == first


@pytest.mark.peers
def test_gambit_reads_what_is_written_and_the_other_way_round(tmp_path):
    gambit = pytest.importorskip("pygambit")
    path = tmp_path / "bayes.efg"
    path.write_text(write_efg(tree_from(BAYES)))
    theirs = gambit.read_efg(str(path))
    back = tree_from(theirs.to_efg())
    ours = tree_from(BAYES)
    assert [(n.mover, n.actions, n.amounts) for n in back.nodes] == [
        (n.mover, n.actions, n.amounts) for n in ours.nodes
    ]
    assert [s.nodes for s in back.sets] == [s.nodes for s in ours.sets]
    normal = read_nfg(theirs.to_nfg())
    game = reduced_form(ours)
    assert sorted(map(str, normal.exact[0].ravel())) == sorted(map(str, game.exact[0].ravel()))
    assert sorted(map(str, normal.exact[1].ravel())) == sorted(map(str, game.exact[1].ravel()))
