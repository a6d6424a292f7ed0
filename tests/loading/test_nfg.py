"""Gambit's strategic-form files: both bodies, what is refused and where, and writing."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import sim
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.errors import ScenarioError
from sim.games.strategic import StrategicGame
from sim.loading._gambit_text import legal
from sim.loading.nfg import read_nfg, write_nfg

# The two bodies of one 3x2 game: Gambit's documentation of the format shows Selten (1975), Figure 2.
PAYOFFS = """NFG 1 R "Selten (IJGT, 75), Figure 2, normal form"
{ "Player 1" "Player 2" } { 3 2 }

1 1 0 2 0 2 1 1 0 3 2 0
"""
OUTCOMES = """NFG 1 R "Selten (IJGT, 75), Figure 2, normal form" { "Player 1" "Player 2" }
{ { "1" "2" "3" } { "1" "2" } }
"a comment \\"quoted\\""
{
{ "" 1, 1 }
{ "" 0, 2 }
{ "deadlock" 0 2 }
{ "" 1, 1 }
{ "" 0, 3, }
{ "" 2, 0 }
}
1 2 3 4 5 6
"""


@pytest.mark.parametrize("text", [PAYOFFS, OUTCOMES, PAYOFFS.replace("1 R", "1 D")])
def test_both_bodies_give_the_game_with_the_first_actor_moving_fastest(text):
    game = read_nfg(text)
    assert game.title == "Selten (IJGT, 75), Figure 2, normal form"
    assert game.actors == ("Player 1", "Player 2")
    assert game.strategies == (("1", "2", "3"), ("1", "2"))
    assert game.exact[0].tolist() == [[1, 1], [0, 0], [0, 2]]
    assert game.exact[1].tolist() == [[1, 1], [2, 3], [2, 0]]


def test_three_actors_in_both_bodies():
    numbers = range(1, 3 * 12 + 1)
    plain = f'NFG 1 R "" {{ "a" "b" "c" }} {{ 2 3 2 }} {" ".join(map(str, numbers))}'
    cells = [f"{{ {3 * k + 1} {3 * k + 2} {3 * k + 3} }}" for k in range(12)]
    by_outcome = (
        f'NFG 1 R "" {{ "a" "b" "c" }} {{ 2 3 2 }} {{ {" ".join(cells)} }} '
        f"{' '.join(map(str, range(1, 13)))}"
    )
    first, second = read_nfg(plain), read_nfg(by_outcome)
    for i, j, k in np.ndindex(2, 3, 2):
        start = 3 * (i + 2 * j + 6 * k)
        assert first.exact[:, i, j, k].tolist() == [start + 1, start + 2, start + 3]
    assert (first.exact == second.exact).all()


def test_numbers_are_exact_and_outcome_0_pays_nothing():
    game = read_nfg('NFG 1 D "" { "a" } { 6 } -1/3 .1 2.50 1e-2 -1.5E+1 +7')
    expected = [Fraction(-1, 3), Fraction(1, 10), Fraction(5, 2), Fraction(1, 100), -15, 7]
    assert game.exact[0].tolist() == expected
    assert read_nfg('NFG 1 R "" { "a" } { 2 } { { "x" 4 } } 0 1').exact[0].tolist() == [0, 4]


def test_repeated_and_empty_names_stay_apart():
    game = read_nfg(
        'NFG 1 R "" { "" "x" "x" } { { "" "s" "s" } { "a" } { "b" } } 1 2 3 4 5 6 7 8 9'
    )
    assert game.actors == ("actor 1", "x", "x (2)")
    assert game.strategies[0] == ("strategy 1", "s", "s (2)")


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("", "1:1", "starts with NFG, not the end of the file"),
        ("EFG 2 R", "1:1", "starts with NFG, not 'EFG'"),
        ("NFG 2 R", "1:5", "version 1 can be read, not '2'"),
        ("NFG 1 Q", "1:7", "R or D is needed here, not 'Q'"),
        ("NFG 1 R title", "1:9", "title in quotation marks is needed here, not 'title'"),
        ('NFG 1 R "t', "1:9", 'not a " that is never closed'),
        ('NFG 1 R "t" {}', "1:13", "1 to 20 actors are needed, 0 are listed"),
        ('NFG 1 R "t" { "a" 3', "1:19", "name in quotation marks or } is needed here, not '3'"),
        ('NFG 1 R "t" { "a" }\n{ 2 2 } 1 2 3 4', "2:1", "strategies of 1 actors are needed"),
        ('NFG 1 R "t" { "a" }\n{ 0 }', "2:1", "every actor needs a strategy"),
        (
            'NFG 1 R "t" { "a" }\n{ -1 }',
            "2:3",
            "a number of strategies or } is needed here, not '-1'",
        ),
        ('NFG 1 R "t" { "a" "b" } { 2000 2000 } 1', "1:25", "at most 2,000,000 strategy profiles"),
        ('NFG 1 R "t" { "a" "b" } { 2000000 2000000 } 1', "1:25", "at most 2,000,000"),
        ('NFG 1 R "t" { "a" } { 2 }\n 1 x', "2:4", "payoff 2 of 2 is needed here, not 'x'"),
        ('NFG 1 R "t" { "a" } { 2 }\n 1 1/0', "2:4", "not '1/0'"),
        ('NFG 1 R "t" { "a" } { 2 }\n 1 nan', "2:4", "not 'nan'"),
        ('NFG 1 R "t" { "a" } { 2 }\n 1 1e999', "2:4", "not '1e999'"),
        ('NFG 1 R "t" { "a" } { 2 }\n 1', "2:3", "payoff 2 of 2 is needed here, not the end"),
        ('NFG 1 R "t" { "a" } { 2 }\n 1 2\n 3', "3:2", "should end here, not '3'"),
        ('NFG 1 R "t" { "a" } { 2 }\n{ { "x" 1 } } 1 2', "2:17", "at most 1, not '2'"),
        ('NFG 1 R "t" { "a" } { 2 }\n{ { "x" 1 2 } } 1 1', "2:11", "} after the payoffs"),
        (
            'NFG 1 R "t" { "a" } { 2 }\n{ { "x" } } 1 1',
            "2:9",
            "payoff 1 of 1 is needed here, not '}'",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_place(text, place, words):
    with pytest.raises(ScenarioError) as caught:
        read_nfg(text, "x.nfg")
    assert str(caught.value).startswith(f"x.nfg:{place}: ")
    assert words in str(caught.value)


@pytest.mark.parametrize("piece", ["} { " + "1 " * 9, '\\"', '"', "{ ", '"a" ', "1 ", "\\"])
def test_long_nonsense_is_refused_at_once(piece):
    with pytest.raises(ScenarioError):
        read_nfg('NFG 1 R "t" { "a" } { 2 } ' + piece * 100_000)
    with pytest.raises(ScenarioError):
        read_nfg('NFG 1 R "t" { "a" } { ' + piece * 100_000)


ANY_NAME = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=8)
NAMES = ANY_NAME.map(legal).filter(lambda name: name not in ("", "Chance"))


@st.composite
def games(draw):
    shape = tuple(draw(st.lists(st.integers(1, 3), min_size=1, max_size=3)))
    actors = draw(st.lists(NAMES, min_size=len(shape), max_size=len(shape), unique=True))
    menus = [draw(st.lists(NAMES, min_size=n, max_size=n, unique=True)) for n in shape]
    size = len(shape) * int(np.prod(shape))
    payoffs = np.empty(size, dtype=object)
    payoffs[:] = draw(
        st.lists(st.fractions(-9, 9, max_denominator=9), min_size=size, max_size=size)
    )
    tables = payoffs.reshape((len(shape), *shape))
    return StrategicGame.from_tables(tables, actors=actors, strategies=menus, title=draw(NAMES))


@settings(max_examples=100, deadline=None)
@given(games())
def test_a_written_file_read_back_gives_the_same_game(game):
    again = read_nfg(write_nfg(game))
    assert (again.title, again.actors) == (game.title, game.actors)
    assert again.strategies == game.strategies
    assert (again.exact == game.exact).all()


def test_labels_are_written_so_that_gambit_takes_them():
    game = StrategicGame.from_tables(
        [[[1], [2], [3]], [[1], [2], [3]]],
        actors=("a ", "a"),
        strategies=((" two\tislands", "two islands", "two  islands"), ("\n",)),
        title=" t\x07",
    )
    again = read_nfg(write_nfg(game))
    assert (again.title, again.actors) == ("t", ("a", "a (2)"))
    menu = ("two islands", "two islands (2)", "two islands (3)")
    assert again.strategies == (menu, ("strategy 1",))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-1e300, 1e300), min_size=4, max_size=4))
def test_doubles_read_back_are_the_same_doubles(values):
    payoffs = np.array(values).reshape(2, 2, 1, 1)
    game = StrategicGame(actors=("a", "b"), strategies=(("x", "y"), ("z",)), payoffs=payoffs)
    assert (read_nfg(write_nfg(game)).payoffs == payoffs).all()


def test_a_file_becomes_a_scenario_that_can_be_stored_and_read_again(tmp_path):
    path = tmp_path / "game.nfg"
    path.write_text(OUTCOMES.replace('{ "" 0, 3, }', '{ "" 1/3, 0.1 }'))
    scenario = sim.load(path)
    again = sim.loads(scenario.resolved)
    for s in (scenario, again):
        assert s.title == "Selten (IJGT, 75), Figure 2, normal form"
        tables = s.document.strategic.tables()
        assert tables[:, 1, 1].tolist() == [Fraction(1, 3), Fraction(1, 10)]


@pytest.mark.peers
def test_gambit_reads_what_is_written(tmp_path):
    gambit = pytest.importorskip("pygambit")
    rng = np.random.default_rng(3)
    for k, shape in enumerate([(2, 3), (2, 2, 3), (4,), (1, 2)]):
        tables = rng.integers(-5, 6, (len(shape), *shape)) / 4
        game = StrategicGame.from_tables(tables.tolist(), title=f'the "{k}" game')
        path = Path(tmp_path) / f"{k}.nfg"
        path.write_text(write_nfg(game))
        theirs = gambit.read_nfg(str(path))
        assert theirs.title == game.title
        assert tuple(getattr(p, "label", p) for p in theirs.players) == game.actors
        for actor, table in enumerate(theirs.to_arrays(dtype=float)):
            assert (np.asarray(table) == tables[actor]).all()
