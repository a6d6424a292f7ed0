"""Actors from a table: the same as in YAML, KTAB's turn 0, and one sentence for whatever is wrong."""

import csv

import pytest
import sim
from sim.cli import run
from sim.errors import ScenarioError

# KAPSARC KTAB, examples/smp/doc/20170530_ref-SOE-Pol-Comp.txt: name, capability, position and salience in two
# dimensions, and the printed chance that its position wins at turn 0
KTAB = [
    ("XJ", 100, (30, 20), (24, 48), 0.0618),
    ("LK", 60.2, (45, 65), (44.7, 41.3), 0.0156),
    ("ZG", 35, (30, 15), (28.9, 65.1), 0.0117),
    ("MK", 35, (45, 45), (20.6, 49.4), 0.4340),
    ("LH", 40, (50, 65), (44.7, 47.8), 0.0028),
    ("XS", 20, (15, 10), (32, 32), 0.0000),
    ("NEA", 15, (20, 15), (32, 32), 0.0020),
    ("MLR", 25, (60, 50), (43.9, 50.1), 0.0013),
    ("MEP", 20, (30, 15), (26.4, 17.6), 0.0117),
    ("MOF", 35, (45, 40), (35.9, 46.6), 0.2481),
    ("SHX", 20, (50, 50), (44.7, 47.8), 0.1533),
    ("HLJ", 20, (20, 30), (47.4, 40.6), 0.0689),
    ("WY", 40, (15, 60), (49, 46), 0.0005),
]
SCALE = "spatial:\n  scale: [[0, 100], [0, 100]]\n"


def ktab_chances(scenario):
    (solution,) = sim.solve(scenario, "condorcet_election")
    (found,) = solution.equilibria
    return found.extra["by_actor"]["chance of its position"]


@pytest.fixture
def folder(tmp_path):
    with (tmp_path / "blocs.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(
            [
                "actor",
                "influence",
                "position.reform",
                "position.speed",
                "salience.speed",
                "salience.reform",
            ]
        )
        for name, w, (x, y), (s, t), _ in KTAB:
            table.writerow([name, w, x, y, t, s])
    return tmp_path


@pytest.mark.parametrize("listed", ["", "  dimension: [reform, speed]\n"])
def test_turn_0_from_a_table_as_from_yaml(folder, listed):
    file = folder / "soe.yaml"
    file.write_text(f"{SCALE}{listed}  actors: blocs.csv\n")
    rows = [
        f"    {name}: {{position: {list(x)}, capability: {w}, salience: {list(s)}}}"
        for name, w, x, s, _ in KTAB
    ]
    written = sim.loads("\n".join([SCALE + "  actors:", *rows]))
    read = sim.load(file)
    chances = ktab_chances(read)
    assert chances == ktab_chances(written)
    assert chances == pytest.approx({row[0]: row[-1] for row in KTAB}, abs=6e-5)
    assert read.document.spatial.dimension == ("reform", "speed")


def test_dimensions_in_the_order_of_the_file(folder):
    file = folder / "soe.yaml"
    file.write_text("spatial:\n  dimension: [speed, reform]\n  actors: blocs.csv\n")
    first = sim.load(file).document.spatial.actors["XJ"]
    assert [x.text for x in first.position] == ["20", "30"]
    assert [x.text for x in first.salience] == ["48", "24"]
    file.write_text("spatial:\n  dimension: [speed, price]\n  actors: blocs.csv\n")
    with pytest.raises(ScenarioError, match=r"blocs.csv:1: .*each dimension: speed, price"):
        sim.load(file)


def test_a_table_alone_and_what_is_saved_of_it(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text(
        "\ufeffActor; position; capability; note\n'a'; 4; 1; one, two\n\nb; 1.5e1; 2;\n"
    )
    scenario = sim.load(file)
    actors = scenario.document.spatial.actors
    assert list(actors) == ["'a'", "b"] and actors["'a'"].note == "one, two"
    assert actors["b"].position.text == "15.0"
    assert sim.loads(scenario.resolved).document == scenario.document


BAD = {
    "": "a.csv:1: the table is empty",
    "actor,position\n": "a.csv:1: no actor follows the names of the columns",
    "actor,weight\na,1": "a.csv:1: unknown column 'weight'; legal columns: actor, position",
    "actor,salience\na,1": "a.csv:1: a column 'position' is needed",
    "position\n1": "a.csv:1: a column 'actor' is needed",
    "actor,capability,influence,position\na,1,1,1": "a.csv:1: column 'capability' is there twice",
    "actor,position,position.x\na,1,1": "a.csv:1: name the dimension of every column",
    "actor,position.x,capability.x\na,1,1": "a.csv:1: capability is one column",
    "actor,position.x,position.y,salience.x\na,1,1,1": "a.csv:1: salience has one column, or one",
    "actor,position\na,1\n\na,2": "a.csv:4: actor 'a' is in line 2 already",
    "actor,position\n,1": "a.csv:2: the actor has no name",
    "actor,position\na,": "a.csv:2: actor 'a' has no position",
    "actor,position\na,high": "a.csv:2: position of 'a': 'high' is not a number",
    "actor,position\na,nan": "a.csv:2: position of 'a': 'nan' is not a number",
    "actor,position\na,1e999": "a.csv:2: position of 'a': '1e999' is not a number",
    "actor;position\na;0,5": "a.csv:2: position of 'a': '0,5' is not a number",
    "actor,position.x,position.y\na,1,": "a.csv:2: position.y of 'a': the cell is empty",
    "actor,position\na,1,2": "a.csv:2: 3 cells, but 2 columns are named",
    'actor,position\n"two\nlines",1\nb': "a.csv:4: 1 cells, but 2 columns are named",
    'actor,position\n"a,1\n': "a.csv:2: this row cannot be read",
    "actor,position\n" + "x" * 200_000 + ",1": "a.csv:2: this row cannot be read",
    "actor,position\n" + "".join(f"{k},1\n" for k in range(10_001)): "more than 10,000 actors",
    "actor,position" + ",note" * 100 + "\n": "a.csv:1: more than 100 columns",
    "actor,position\n" + "#" * 1_000_000: "the file is larger than 1,000,000 bytes",
}


@pytest.mark.parametrize(("text", "sentence"), BAD.items(), ids=range(len(BAD)))
def test_one_sentence_with_the_line(text, sentence, tmp_path, capsys):
    file = tmp_path / "a.csv"
    file.write_text(text)
    assert run(["check", str(file)]) == 2
    told = capsys.readouterr().err
    assert sentence in told and len(told.splitlines()) == 1 and len(told) < 500


@pytest.mark.parametrize("name", ["../a.csv", "/etc/a.csv", "..\\a.csv", "a.txt"])
def test_only_tables_beside_the_file_or_below_it(name, tmp_path):
    file = tmp_path / "b.yaml"
    file.write_text(f"spatial: {{actors: '{name}'}}")
    with pytest.raises(ScenarioError, match=r"b.yaml:1:19: spatial.actors: .*(must lie|\.csv)"):
        sim.load(file)
