"""Options of concepts: declared once, and the same from the command, from Python and from a file."""

import inspect
import json

import pytest
import sim
from sim.cli import run
from sim.errors import NotDefinedError, ScenarioError, UsageError
from sim.solutions import CONCEPTS, get, options_of
from sim.solutions.options import Option

CHICKEN = """
strategic:
  actors: {row: [yield, stand], column: [yield, stand]}
  payoffs:
    - [[3, 3], [1, 4]]
    - [[4, 1], [0, 0]]
"""
FILE_GIVEN = {"rules", "problem"}


@pytest.mark.parametrize("name", CONCEPTS)
def test_options_are_the_keywords_of_the_function(name):
    keywords = {
        p.name: p.default
        for p in inspect.signature(get(name)).parameters.values()
        if p.kind is p.KEYWORD_ONLY and p.name not in FILE_GIVEN
    }
    assert {option.name: option.default for option in options_of(name)} == keywords
    for option in options_of(name):
        assert option.meaning.endswith(".")


def dilemma(tmp_path, more=""):
    path = tmp_path / "dilemma.yaml"
    payoffs = "payoffs: [[[3, 3], [0, 5]], [[5, 0], [1, 1]]]"
    path.write_text(f"strategic: {{actors: {{a: [c, d], b: [c, d]}}, {payoffs}}}\n{more}")
    return path


def test_a_precision_from_everywhere(tmp_path, capsys):
    """Against the closed form: at rate 0.5 the logit choice solves p = 1 / (1 + exp(-0.5 (1 + (1-p))))."""
    path = dilemma(tmp_path)
    argument = ["solve", str(path), "--option", "quantal_response.precision=0.5", "--json"]
    assert run(argument) == 0
    *usual, by_command = json.loads(capsys.readouterr().out)["results"]
    assert [result["concept"] for result in usual] == ["pure_nash", "mixed_nash"]
    (by_python,) = sim.solve(sim.load(path), "quantal_response", precision=0.5)
    given = dilemma(tmp_path, "options: {quantal_response: {precision: 0.5}}\n")
    by_file = sim.solve(sim.load(given))[-1]
    assert by_python.to_dict() == by_file.to_dict()
    assert json.loads(json.dumps(by_python.to_dict())) == by_command
    defect = by_python.equilibria[0].strategies["a"]["d"]
    from math import exp

    assert defect == pytest.approx(1 / (1 + exp(-0.5 * (2 - defect))), abs=1e-9)
    (over,) = sim.solve(sim.load(given), "quantal_response", precision=0)
    assert over.equilibria[0].strategies["a"]["d"] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "quantal_response.precison=2",
            "no option 'precison'; legal: precision, a number of at least 0",
        ),
        ("quantal_response.precision=-1", "'-1' is not a number of at least 0 (1/payoff)"),
        ("quantal_response.precision=nan", "'nan' is not a number"),
        ("fictitious_play.iterations=2.5", "'2.5' is not a whole number from 1 to 1,000,000"),
        ("mixed_nash.check=perhaps", "'perhaps' is not true or false"),
        ("replicator.start=1,x", "'1,x' is not numbers separated by commas, one group for each"),
        ("pure_nash.lambda=2", "pure_nash has no option 'lambda'; it takes none"),
        ("pure_nahs.lambda=2", "unknown concept 'pure_nahs'; did you mean 'pure_nash'?"),
        ("quantal_response=2", "CONCEPT.KEY=VALUE is needed"),
    ],
)
def test_what_an_option_may_not_be(tmp_path, capsys, text, words):
    assert run(["solve", str(dilemma(tmp_path)), "--option", text]) == 2
    out, err = capsys.readouterr()
    assert words in err
    assert (out, len(err.splitlines())) == ("", 1)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            "{quantal_response: {precision: -2}}",
            "options.quantal_response.precision: quantal_response.pre",
        ),
        ("{quantal_response: {lambda: 2}}", "no option 'lambda'; legal: precision"),
        ("{quantal: {}}", "options.quantal: unknown concept 'quantal'"),
    ],
)
def test_what_a_file_may_not_say(tmp_path, given, words):
    with pytest.raises(ScenarioError) as error:
        sim.load(dilemma(tmp_path, f"options: {given}\n"))
    assert words in str(error.value)
    assert "dilemma.yaml:2:" in str(error.value)


def test_options_in_python_reach_the_concepts_that_have_them(tmp_path):
    scenario = sim.load(dilemma(tmp_path))
    pure, quantal = sim.solve(scenario, ["pure_nash", "quantal_response"], precision=0)
    assert (pure.exhaustive, quantal.parameters["precision"]) == (True, 0)
    with pytest.raises(UsageError, match="pure_nash has no option 'precision'"):
        sim.solve(scenario, "pure_nash", precision=2)


def test_mixes_numbers_and_flags_are_read():
    start = Option(name="start", kind="mixes", meaning="Shares.")
    assert start.read("0.5,0.5; 0.2,0.8", "x") == [[0.5, 0.5], [0.2, 0.8]]
    assert start.read([[1, 0], [0, 1]], "x") == [[1, 0], [0, 1]]
    weights = Option(name="weights", kind="numbers", meaning="Power.")
    assert weights.read("1,2", "x") == weights.read([1, 2], "x") == [1, 2]
    assert Option(name="check", kind="flag", meaning="Check.").read("yes", "x") is True


# --- one concept that refuses ----------------------------------------------------------------------------


def test_a_concept_that_refuses_leaves_the_others(tmp_path, capsys):
    """A named one is an error after the others were printed; a usual one is a line among them."""
    path = dilemma(tmp_path)
    assert run(["solve", str(path), "--concept", "core", "--concept", "pure_nash", "--json"]) == 2
    out, err = capsys.readouterr()
    core, pure = json.loads(out)["results"]
    assert (core["status"], core["finished"], core["exhaustive"]) == ("refused", False, False)
    assert "core is defined on coalitional games" in core["note"]
    assert len(pure["equilibria"]) == 1
    assert "core is defined on coalitional games" in err
    assert run(["solve", str(path), "--concept", "core"]) == 2
    assert capsys.readouterr().out == ""
    with pytest.raises(NotDefinedError, match="core is defined"):
        sim.solve(sim.load(path), "core")


def test_a_usual_concept_that_refuses_is_said_among_the_answers(tmp_path, capsys):
    path = tmp_path / "line.yaml"
    path.write_text(
        "spatial: {actors: {a: {position: 0}, b: {position: 1}}, status_quo: 0.5, setter: a, quota: 3}"
    )
    assert run(["solve", str(path)]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "weighted_median: 2 found" in out
    assert "agenda_setter: not defined here (a quota of 3 votes exceeds the 1 voters)" in out


def test_finished_and_exhaustive_are_two_words(tmp_path, capsys):
    path = dilemma(tmp_path)
    run(["solve", str(path), "--concept", "pure_nash", "--concept", "quantal_response"])
    out = capsys.readouterr().out
    assert "pure_nash: 1 found, proved to be all" in out
    assert "quantal_response: 1 found, finished" in out
