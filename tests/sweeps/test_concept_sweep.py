"""Sweeps of a concept: every row is what the concept says at that point alone."""

import json

import numpy as np
import pyarrow.parquet as pq
import pytest
import sim
from sim.cli import run
from sim.errors import NotDefinedError, UsageError
from sim.sweeps import make_design, open_concept_grid
from sim.sweeps.concept_sweep import concept_sweep

CHICKEN = """
parameters: {war: {cost: {value: 10, range: [1, 20], unit: payoff}}}
strategic:
  actors: {a: [yield, stand], b: [yield, stand]}
  payoffs:
    - [[0, 0], [-1, 1]]
    - [[1, -1], ["-war.cost", "-war.cost"]]
"""
FILES = {
    "chicken": (CHICKEN, {"war.cost": (0.5, 20, 14)}),
    "three": (
        "parameters: {p: 1}\nstrategic: {actors: {a: [x, y], b: [x, y], c: [x, y]}, "
        "payoffs: [[[[p, 1, 0], [0, 0, 1]], [[0, 1, 0], [1, 0, 0]]], [[[0, 0, 1], [1, p, 0]], [[2, 0, 0], "
        "[0, 0, p]]]]}",
        {"p": (-1, 2, 4)},
    ),
    "conflict": (
        "parameters: {cost: 1}\nconflict: {options: {us: [press], them: [yield]}, "
        "payoffs: {us: {NN: 0, YN: 1 - cost, NY: 2, YY: 2 - cost}}, preferences: {them: [NN, NY, YY, YN]}}",
        {"cost": (0, 2, 9)},
    ),
    "bargain": (
        "parameters: {s: 2}\nbargaining: {actors: [a, b], disagreement: {a: 0, b: 0}, "
        "agreements: {x: {a: 1, b: s}, y: {a: 2, b: 1}}}",
        {"s": (0, 4, 5)},
    ),
    "tree": (
        "parameters: {cost: 1}\ntree: {actors: [a, b], nodes: {in: {player: a, actions: {out: [0, 2], "
        "enter: r}}, r: {player: b, actions: {fight: [-1, 1 - cost], share: [1, 1]}}}}",
        {"cost": (-1, 1, 5)},
    ),
    "coalition": (
        "parameters: {pie: 100}\ncoalitional: {players: [a, b, c], unlisted: 0, "
        "values: {'a, b': 40, 'a, c': pie / 2, 'a, b, c': pie}}",
        {"pie": (20, 120, 5)},
    ),
    "votes": (
        "parameters: {q: 3}\nvoting: {weights: {a: 3, b: 2, c: 1}, quota: q}",
        {"q": (1, 6, 6)},
    ),
    "line": (
        "parameters: {p: 1}\nspatial: {actors: {a: {position: p, capability: 2}, b: {position: 2}, "
        "c: {position: 5}}, status_quo: 4, setter: a, veto: [a, b], quota: 2}",
        {"p": (0, 6, 7)},
    ),
    "items": (
        "parameters: {x: 30}\ndivision: {actors: [a, b], items: {land: {a: x, b: 40}, "
        "sea: {a: 100 - x, b: 60}}}",
        {"x": (10, 70, 4)},
    ),
    "offers": (
        "parameters: {d: 0.5}\nbargaining: {actors: [a, b], disagreement: {a: 0, b: 0}, "
        "split: {surplus: 1}, offers: {discount: d}}",
        {"d": (0.1, 0.9, 5)},
    ),
}
CASES = [
    ("chicken", "pure_nash"),
    ("chicken", "mixed_nash"),
    ("chicken", "quantal_response"),
    ("three", "pure_nash"),
    ("conflict", "gmcr_nash"),
    ("conflict", "gmr"),
    ("conflict", "smr"),
    ("conflict", "seq"),
    ("three", "quantal_response"),
    ("bargain", "nash_bargaining"),
    ("bargain", "kalai_smorodinsky"),
    ("bargain", "egalitarian"),
    ("bargain", "utilitarian"),
    ("tree", "subgame_perfect"),
    ("coalition", "shapley"),
    ("coalition", "core"),
    ("coalition", "nucleolus"),
    ("votes", "banzhaf"),
    ("line", "weighted_median"),
    ("line", "weighted_mean"),
    ("line", "agenda_setter"),
    ("line", "veto_core"),
    ("items", "adjusted_winner"),
    ("offers", "alternating_offers"),
]


def numbers(member):
    plays = {f"plays.{a}.{s}": p for a, mix in member.strategies.items() for s, p in mix.items()}
    return plays | {f"payoff.{a}": u for a, u in member.payoffs.items()}


@pytest.mark.parametrize(("name", "concept"), CASES)
def test_every_row_is_what_the_concept_says_there(name, concept):
    text, vary = FILES[name]
    scenario = sim.loads(text)
    run_ = concept_sweep(scenario, make_design(scenario, vary=vary), concept)
    table = run_.to_frame()
    (path,) = vary
    for point, value in enumerate(np.linspace(*vary[path])):
        (solution,) = sim.solve(scenario.with_values({path: float(value)}), concept)
        rows = table[table["point"] == point]
        assert (rows[path] == value).all()
        assert rows["member"].max() == len(solution.equilibria)
        for k, member in enumerate(solution.equilibria, start=1):
            (row,) = rows[rows["member"] == k].to_dict("records")
            for column, number in numbers(member).items():
                assert row[column] == pytest.approx(number, abs=1e-9), (column, value)
            label = member.outcome or member.agreement
            if isinstance(label, str):
                assert row["outcome"] == label


def write(tmp_path, text=CHICKEN):
    path = tmp_path / "file.yaml"
    path.write_text(text)
    return str(path)


def test_chicken_from_the_command(tmp_path, capsys):
    """By hand: in the mixed equilibrium both stand with 1 / cost."""
    file, out = write(tmp_path), tmp_path / "run"
    words = [
        "sweep",
        file,
        "--vary",
        "war.cost=1:20:20",
        "--concept",
        "mixed_nash",
        "--out",
        str(out),
    ]
    assert run(words) == 0
    printed = capsys.readouterr().out
    assert "mixed_nash at 20 points over war.cost" in printed
    table = pq.read_table(out / "members.parquet").to_pandas()
    mixed = table[(table["plays.a.stand"] > 0) & (table["plays.a.yield"] > 0)]
    assert mixed["war.cost"].tolist() == list(range(2, 21))
    assert mixed["plays.a.stand"].tolist() == pytest.approx([1 / c for c in range(2, 21)])
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["concept"] == "mixed_nash"
    assert manifest["columns"] == list(table.columns)
    assert run(words) == 2
    assert "exists already" in capsys.readouterr().err


def test_the_usual_concept_and_an_option(tmp_path, capsys):
    file = write(tmp_path)
    assert run(["sweep", file, "--vary", "war.cost=1:20:3", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["concept"] == "pure_nash"
    words = [
        "sweep",
        file,
        "--vary",
        "war.cost=1:20:3",
        "--option",
        "quantal_response.precision=0",
        "--json",
    ]
    assert run(words) == 0
    members = json.loads(capsys.readouterr().out)["members"]
    assert [m["plays.a.stand"] for m in members] == pytest.approx([0.5] * 3)


def test_random_designs_and_files_of_points(tmp_path, capsys):
    file, points = write(tmp_path), tmp_path / "points.csv"
    points.write_text("war.cost\n4\n5\n")
    assert run(["sweep", file, "--file", str(points), "--concept", "mixed_nash", "--json"]) == 0
    members = json.loads(capsys.readouterr().out)["members"]
    assert {m["war.cost"] for m in members} == {4, 5}
    sobol = ["--design", "sobol", "--points", "16", "--vary", "war.cost"]
    assert run(["sweep", file, *sobol, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["summary"]["points"] == 16


@pytest.mark.parametrize("concept", ["quantal_response", "pure_nash", "mixed_nash"])
def test_a_point_without_a_value_is_a_row_that_says_so(concept):
    scenario = sim.loads(CHICKEN.replace('"-war.cost", "-war.cost"', '"1 / (war.cost - 2)", 0'))
    run_ = concept_sweep(scenario, make_design(scenario, vary={"war.cost": (1, 3, 3)}), concept)
    table = run_.to_frame().groupby("war.cost").max()
    assert (table["member"] > 0).tolist() == [True, False, True]
    assert "is not finite" in table["status"][2]
    assert run_.summary()["failed"] == 1


@pytest.mark.parametrize(
    ("text", "more", "words"),
    [
        (CHICKEN, ["--concept", "core"], "core is not defined there; concepts"),
        (CHICKEN, ["--concept", "correlated"], "correlated cannot be swept; concepts"),
        (CHICKEN, ["--concept", "gmr"], "gmr is not defined there; concepts"),
        (CHICKEN, ["--concept", "pure_nahs"], "did you mean 'pure_nash'"),
        (CHICKEN, ["--jobs", "2"], "--jobs is for verdicts on disputes"),
        (CHICKEN, ["--option", "pure_nash.x=1"], "pure_nash has no option 'x'"),
        (
            "strategic: {actors: {a: [x], b: [y]}, payoffs: [[[0, 0]]]}",
            [],
            "has no parameters to sweep: declare them",
        ),
    ],
)  # fmt: skip
def test_what_is_refused(tmp_path, capsys, text, more, words):
    assert run(["sweep", write(tmp_path, text), "--vary", "war.cost=1:2:2", *more]) == 2
    out, err = capsys.readouterr()
    assert words in err
    assert out == ""


def test_a_dispute_needs_no_concept_and_a_plan_needs_a_dispute():
    scenario = sim.loads(CHICKEN)
    with pytest.raises(UsageError, match="name what to solve at every point"):
        sim.sweep(scenario, vary={"war.cost": (1, 2, 2)})
    with pytest.raises(NotDefinedError, match="cannot be swept"):
        concept_sweep(
            scenario, make_design(scenario, vary={"war.cost": (1, 2, 2)}), "rationalizable"
        )


# --- on a grid, for figures ---------------------------------------------------------------------------------


def test_a_grid_names_its_members_by_hand(tmp_path):
    """Both stand where war costs less than 1, exactly one of them where it costs more, all three at 1."""
    scenario = sim.loads(CHICKEN)
    design = make_design(scenario, vary={"war.cost": (0.5, 2, 4)})
    found = concept_sweep(scenario, design, "pure_nash")
    one = "(stand, yield) + (yield, stand)"
    expected = ["(stand, stand)", f"(stand, stand) + {one}", one, one]
    assert found.grid().array("solution").tolist() == expected
    found.write(tmp_path / "run")
    stored = open_concept_grid(tmp_path / "run")
    assert stored.array("solution").tolist() == expected
    assert stored.array("members").tolist() == [1, 3, 2, 2]
    assert (stored.varied, stored.unit("war.cost"), stored.values) == (
        ("war.cost",),
        "payoff",
        {"war.cost": 10},
    )
    np.testing.assert_allclose(stored.coordinates("war.cost"), [0.5, 1, 1.5, 2])


def test_what_makes_no_grid_of_labels(tmp_path):
    scenario = sim.loads(FILES["offers"][0])
    design = make_design(scenario, vary={"d": (0.1, 0.9, 99)})
    with pytest.raises(UsageError, match=r"99 different answers.*sim plot equilibria"):
        concept_sweep(scenario, design, "alternating_offers").grid()
    design = make_design(scenario, vary={"d": (0.1, 0.9)}, design="sobol", points=8)
    with pytest.raises(UsageError, match="needs a grid of points"):
        concept_sweep(scenario, design, "alternating_offers").grid()
    with pytest.raises(UsageError, match="holds no run"):
        open_concept_grid(tmp_path)


# --- whose preferences must change --------------------------------------------------------------------------


def test_what_would_stabilise_a_state(tmp_path, capsys):
    """The dilemma: cooperation is Nash stable for neither until it ceases to prefer defecting alone."""
    file = write(
        tmp_path,
        "conflict: {options: {row: [c], column: [c]}, "
        "preferences: {row: [NY, YY, NN, YN], column: [YN, YY, NN, NY]}}",
    )
    assert (
        run(["solve", file, "--stabilise", "YY", "--concept", "gmcr_nash", "--concept", "seq"]) == 0
    )
    assert capsys.readouterr().out.splitlines() == [
        "gmcr_nash:",
        "  row must cease to prefer to YY: NY",
        "  column must cease to prefer to YY: YN",
        "seq: YY is stable for all",
    ]
    assert run(["solve", file, "--stabilise", "YY", "--json"]) == 0
    first = json.loads(capsys.readouterr().out)["stabilising"][0]
    assert (first["concept"], first["actor"], first["alternatives"]) == (
        "gmcr_nash",
        "row",
        [["NY"]],
    )
    for words, error in (
        ("XY", "unknown state 'XY'"),
        ("YY", "'core' is not a concept of stability"),
    ):
        assert (
            run(
                ["solve", file, "--stabilise", words, "--concept", "core"][
                    : 4 + 2 * (words == "YY")
                ]
            )
            == 2
        )
        assert error in capsys.readouterr().err
