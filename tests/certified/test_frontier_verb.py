"""``sim frontier`` and the end of ``sim explain``, as a user sees them."""

import json

import numpy as np
import pytest
import sim
from sim import plots
from sim.certified import frontier, open_frontier, thresholds_of_run
from sim.cli import run
from sim.errors import UsageError
from sim.loading import load


@pytest.fixture
def file(tmp_path, ladder):
    path = tmp_path / "ladder.yaml"
    path.write_text(ladder.resolved, encoding="utf-8")
    return str(path)


def test_thresholds(file, capsys):
    assert run(["frontier", file, "--vary", "principle"]) == 0
    out = capsys.readouterr().out
    assert "flips from feasible to infeasible at 0.290322580645" in out
    assert "exactly" in out


def test_regions_are_stored_with_a_picture(file, tmp_path, capsys):
    folder = tmp_path / "out"
    arguments = ["frontier", file, "--vary", "principle", "--vary", "value=0.6:1.4"]
    assert run([*arguments, "--out", str(folder), "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["box"] == {"principle": [0.0, 1.0], "value": [0.6, 1.4]}
    assert sum(data["shares"].values()) == pytest.approx(1)
    assert {e["name"] for e in data["edges"]} == {"tokyo.gain"}
    assert (folder / "frontier.png").stat().st_size > 0
    assert open_frontier(folder).shares == data["shares"]
    assert run(["plot", "frontier", str(folder), "--out", str(tmp_path / "f.svg")]) == 0
    assert run([*arguments, "--out", str(folder)]) == 2
    assert "exists already" in capsys.readouterr().err


def test_limit_is_no_failure(file, capsys):
    arguments = ["frontier", file, "--vary", "principle", "--vary", "value", "--limit", "10"]
    assert run(arguments) == 0
    assert "raise the limit" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("extra", "word"),
    [
        (["--vary", "principel"], "did you mean 'principle'"),
        (["--vary", "principle=1:0"], "lo < hi"),
        (["--vary", "principle=0:1:5"], "PATH=LO:HI"),
        (["--vary", "principle", "--vary", "principle"], "twice"),
        (["--vary", "principle", "--tolerance", "2"], "between 0 and 1"),
        (["--vary", "principle", "--robust", "--tolerance", "0.1"], "--robust takes no"),
        (["--vary", "principle", "--of", "always"], "always:LABEL"),
    ],
)
def test_bad_requests(file, capsys, extra, word):
    assert run(["frontier", file, *extra]) == 2
    assert word in capsys.readouterr().err


def test_explain_ends_with_the_smallest_change(file, capsys):
    assert run(["explain", file]) == 0
    last = " ".join(capsys.readouterr().out.split("\n\n")[-1].split())
    assert "if principle fell from 0.5 to 0.2903, a treaty would be feasible: two" in last
    assert "no smaller change does it" in last
    assert run(["explain", file, "--json"]) == 0
    change = json.loads(capsys.readouterr().out)["smallest_change"]
    assert change["moves"][0]["after"] == pytest.approx(27 / 93)


def test_figure_shows_the_arrow_and_names_the_edge(ladder):
    found = frontier(ladder, vary={"principle": None, "value": None}, tolerance=0.02)
    ax = plots.frontier(found)
    texts = [t.get_text() for t in ax.texts]
    assert "tokyo.gain" in texts
    data = plots.frontier_data(found)
    assert data.own == (0.5, 1.0)
    assert data.turn == pytest.approx((27 / 93, 1.0))
    assert np.allclose(ax.get_xlim(), (0, 1))
    assert np.allclose(ax.get_ylim(), (0.5, 1.5))


def test_figure_does_not_show_what_is_undecided_as_infeasible(ladder):
    """After one box nothing is certain, though the outline is known."""
    found = frontier(ladder, vary={"principle": None, "value": None}, limit=1)
    assert found.edges
    assert found.shares["undecided"] == 1
    legend = [t.get_text() for t in plots.frontier(found).get_legend().get_texts()]
    assert "undecided" in legend


def test_explain_lists_single_parameters_and_pairs(tmp_path, capsys):
    """Gains are (0.3 + aid - cost)/0.2 and (0.1 - tax)/0.1; at 1.2 cost is 0.06 and tax -0.02."""
    path = tmp_path / "levers.yaml"
    path.write_text(LEVERS, encoding="utf-8")
    arguments = ["explain", str(path), "--pairs", "3", "--json"]
    assert run(arguments) == 0
    change = json.loads(capsys.readouterr().out)["smallest_change"]
    assert [m["path"] for m in change["moves"]] == ["cost"]
    assert [(o["moves"][0]["path"], o["cost"]) for o in change["singles"]] == [
        ("cost", pytest.approx(0.2)),
        ("aid", pytest.approx(0.4)),
    ]
    assert run([*arguments, "--lever", "aid", "--lever", "tax"]) == 0
    change = json.loads(capsys.readouterr().out)["smallest_change"]
    assert [(m["path"], m["unit"]) for m in change["moves"]] == [("aid", "payoff")]
    assert run([*arguments, "--cost", "aid=0.1"]) == 0
    change = json.loads(capsys.readouterr().out)["smallest_change"]
    assert change["cost"] == pytest.approx(0.02)
    assert "It costs 0.02" in change["sentence"]
    assert run(["explain", str(path), "--target", "1.2", "--pairs", "3", "--json"]) == 0
    change = json.loads(capsys.readouterr().out)["smallest_change"]
    assert {m["path"] for m in change["moves"]} == {"cost", "tax"}
    assert change["singles"] == []
    assert {m["path"] for m in change["pairs"][0]["moves"]} == {"cost", "tax"}
    assert change["pairs"][0]["cost"] == pytest.approx(0.44 + 0.01) == change["cost"]


LEVERS = """
parameters:
  cost: {value: 0.5, range: [0, 1]}
  aid: {value: 0, range: [0, 0.5], unit: payoff}
  tax: {value: 0, range: [-1, 1]}
issues: {peace: {no: {}, yes: {signed: 1}}}
outcomes: {treaty: signed}
actors: {a: {role: principal}, b: {role: principal}}
payoffs: {a: {gain: (0.3 + aid - cost)*signed}, b: {gain: (0.1 - tax)*signed}}
"""


@pytest.mark.parametrize(
    ("extra", "word"),
    [
        (["--lever", "principel"], "did you mean 'principle'"),
        (["--cost", "principle"], "--cost principle: PATH=VALUE"),
        (["--cost", "principle=-1"], "positive"),
        (["--target", "nan"], "finite"),
        (["--pairs", "-1"], "--pairs"),
    ],
)
def test_bad_requests_for_the_smallest_change(file, capsys, extra, word):
    assert run(["explain", file, *extra]) == 2
    assert word in capsys.readouterr().err


def test_explain_says_what_would_break_a_treaty(file, capsys):
    assert run(["explain", file, "--set", "principle=0.2"]) == 0
    last = " ".join(capsys.readouterr().out.split("\n\n")[-1].split())
    assert "if principle rose from 0.2 to 0.2903, no treaty would be feasible any more" in last
    assert "no smaller change does it" in last


PLATEAU = """
title: A margin of 0 from 0.9 to 0.94
parameters: {x: {value: 0.5, range: [0, 1]}}
issues: {i: {no: {}, yes: {signed: 1}}}
outcomes: {treaty: signed}
actors: {a: {role: principal}, b: {role: principal}}
payoffs: {a: {u: "signed*(max(0.9 - x, 0) + min(0.94 - x, 0))"}, b: {u: signed}}
"""


def test_both_ends_of_a_knife_edge_are_thresholds(tmp_path, capsys):
    (tmp_path / "p.yaml").write_text(PLATEAU)
    assert run(["frontier", str(tmp_path / "p.yaml"), "--vary", "x", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["crossings"]
    assert [(c["at"], c["before"], c["after"]) for c in found] == [
        (pytest.approx(0.9, abs=1e-9), "feasible", "knife-edge"),
        (pytest.approx(0.94, abs=1e-9), "knife-edge", "infeasible"),
    ]
    assert run(["frontier", str(tmp_path / "p.yaml"), "--vary", "x"]) == 0
    assert "knife-edge from 0.9 to 0.94" in capsys.readouterr().out


def test_a_margin_line_of_a_run_marks_the_certified_thresholds(tmp_path):
    """A grid of 41 points would put one threshold at 0.925, in the middle of the knife-edge."""
    (tmp_path / "p.yaml").write_text(PLATEAU)
    scenario = load(tmp_path / "p.yaml")
    made = sim.sweep(scenario, vary={"x": (0, 1, 41)})
    assert thresholds_of_run(made, scenario, "x", {}) == pytest.approx((0.9, 0.94), abs=1e-9)
    moved = sim.sweep(scenario.with_values({"x": 0.2}), vary={"x": (0, 0.5, 5)})
    assert thresholds_of_run(moved, scenario, "x", {}) == ()


@pytest.mark.parametrize(
    ("vary", "word"),
    [
        ("future.delta=0:2", "must be between 0 and 1"),
        ("gain=-1e308:1e308", "wide at most"),
    ],
)
def test_ranges_that_mean_nothing_are_refused(tmp_path, capsys, vary, word):
    (tmp_path / "kept.yaml").write_text("""
parameters:
  future: {delta: {value: 0.2, range: [0, 1]}}
  gain: {value: 1, range: [0, 2]}
issues: {regime: {defect: {}, cooperate: {settled: 1}}}
outcomes: {treaty: settled}
actors: {north: {role: principal}, south: {role: principal}}
payoffs: {north: {stage: 6*settled*gain}, south: {stage: 6*settled}}
abroad:
  north: {keeps: {type: enforcement, temptation: 1, punishment: 6, delta: future.delta}}
""")
    assert run(["frontier", str(tmp_path / "kept.yaml"), "--vary", vary]) == 2
    assert word in capsys.readouterr().err
    with pytest.raises(UsageError, match=word):
        path, _, ends = vary.partition("=")
        lo, hi = map(float, ends.split(":"))
        sim.frontier(load(tmp_path / "kept.yaml"), vary={path: (lo, hi)})


def test_nothing_is_left_of_a_folder_that_could_not_be_written(ladder, tmp_path, monkeypatch):
    """A disk that is full when the manifest is written: the folder can be given again."""
    from sim.certified.regions import store

    found = frontier(ladder, vary={"principle": None})

    def full(folder, manifest):
        raise UsageError(f"{folder}: no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(store, "write_manifest", full)
        with pytest.raises(UsageError, match="no space"):
            store.store_frontier(found, tmp_path / "f")
    assert not (tmp_path / "f").exists()
    store.store_frontier(found, tmp_path / "f")
