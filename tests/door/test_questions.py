"""What the command asks by an option and answers by a record of its own, Python asks by the same keyword."""

from __future__ import annotations

import json

import pytest
import sim
from sim.cli import run

GAME = """
title: Chicken
parameters: {crash: {value: -9, range: [-10, 2]}}
strategic:
  actors: {row: [swerve, straight], column: [swerve, straight]}
  payoffs: [[[0, 0], [-1, 1]], [[1, -1], [crash, crash]]]
"""
DISPUTE = """
title: A bridge
parameters: {x: {value: 0, range: [0, 1]}}
issues: {bridge: {none: {}, built: {signed: 1}}}
outcomes: {treaty: signed}
actors: {a: {role: principal}, b: {role: principal}}
payoffs: {a: {gain: (x - 0.6)*signed}, b: {gain: (0.4 - x)*signed}}
"""
CONFLICT = "classics/prisoners-dilemma-gmcr"


@pytest.fixture
def files(tmp_path):
    (tmp_path / "game.yaml").write_text(GAME, encoding="utf-8")
    (tmp_path / "bridge.yaml").write_text(DISPUTE, encoding="utf-8")
    return tmp_path


def test_a_sweep_of_a_concept_says_what_the_command_says(files, capsys):
    """Straight against swerve while a crash costs more than 1; both drive straight where it gains."""
    game = sim.load(files / "game.yaml")
    found = sim.sweep(game, concept="pure_nash", vary={"crash": (-10, 2, 4)})
    rows = zip(found.columns["crash"], found.columns["payoff.row"], strict=True)
    assert list(rows) == [(-10, -1), (-10, 1), (-6, -1), (-6, 1), (-2, -1), (-2, 1), (2, 2)]
    words = ["sweep", str(files / "game.yaml"), "--concept", "pure_nash", "--vary", "crash=-10:2:4"]
    assert run(words) == 0
    assert capsys.readouterr().out.split() == str(found).split()
    quantal = {"vary": {"crash": (-10, 2, 2)}, "concept": "quantal_response"}
    lower, higher = (sim.sweep(game, options={"precision": p}, **quantal) for p in (0, 1))
    assert set(lower.columns["plays.row.swerve"]) == {0.5}
    assert higher.columns["plays.row.swerve"][0] > 0.5
    kept = sim.sweep(game, concept="pure_nash", vary={"crash": (-10, 2, 2)}, out=files / "run")
    assert (files / "run" / "members.parquet").exists()
    assert kept.concept == "pure_nash"


def test_what_a_sweep_of_a_concept_does_not_take_is_refused(files):
    game = sim.load(files / "game.yaml")
    with pytest.raises(sim.UsageError, match="options belong to a concept"):
        sim.sweep(game, options={"precision": 1}, vary={"crash": (-10, 2, 2)})
    with pytest.raises(sim.UsageError, match="--jobs is for verdicts on disputes"):
        sim.sweep(game, concept="pure_nash", jobs=2, vary={"crash": (-10, 2, 2)})
    with pytest.raises(sim.UsageError, match="has no parameters to sweep"):
        sim.sweep(sim.load("classics/chicken"), concept="pure_nash")
    with pytest.raises(
        sim.SimError, match=r"fictitious_play cannot be swept; concepts .*: mixed_nash"
    ):
        sim.sweep(game, concept="fictitious_play", vary={"crash": (-10, 2, 2)})


def test_why_never_and_whether_always_are_questions_of_the_frontier(files, capsys):
    """The gains x - 0.6 and 0.4 - x add up to -0.2 everywhere: one of them is always below 0."""
    bridge = sim.load(files / "bridge.yaml")
    path = str(files / "bridge.yaml")
    found = sim.frontier(bridge, vary={"x": None}, never=["built"])
    (reason,) = found.never
    assert reason.certified
    assert run(["frontier", path, "--vary", "x", "--never", "built"]) == 0
    assert capsys.readouterr().out.split() == str(found).split()
    out = files / "stored"
    assert run(["frontier", path, "--vary", "x", "--never", "built", "--out", str(out)]) == 0
    assert sim.open_frontier(out).never == found.never
    capsys.readouterr()
    held = sim.frontier(bridge, vary={"x": None}, robust=True)
    assert (held.for_every, held.for_some) == (False, False)
    assert run(["frontier", path, "--vary", "x", "--robust"]) == 0
    assert capsys.readouterr().out.split() == str(held).split()
    with pytest.raises(sim.UsageError, match="takes no --never or --tolerance"):
        sim.frontier(bridge, vary={"x": None}, robust=True, tolerance=0.1)  # type: ignore[call-overload]


def test_what_must_change_for_a_state_to_be_stable_is_a_question_of_solve(capsys):
    """In the dilemma cooperation is not Nash: each must cease to prefer defecting alone."""
    found = sim.solve(sim.load(CONFLICT), stabilise="YY")
    assert [c.alternatives for c in found.changes["gmcr_nash"]] == [(("NY",),), (("YN",),)]
    assert all(change.stable for change in found.changes["gmr"])
    assert run(["solve", CONFLICT, "--stabilise", "YY"]) == 0
    assert capsys.readouterr().out.split() == str(found).split()
    assert run(["solve", CONFLICT, "--stabilise", "YY", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == found.to_dict()
    with pytest.raises(sim.UsageError, match="takes no options"):
        sim.solve(sim.load(CONFLICT), stabilise="YY", precision=2)


def test_a_run_is_exported_by_the_function_that_exports_games(files):
    run_ = sim.sweep(sim.load(files / "bridge.yaml"), vary={"x": (0, 1, 3)}, out=files / "points")
    written = sim.export(run_, to="csv", columns=["x", "margin"])
    assert str(written) == f"{files / 'points'}.csv"
    assert written.path is not None
    assert written.path.read_text().splitlines()[0] == "x,margin"
    with pytest.raises(sim.UsageError, match="no folder"):
        sim.export(sim.sweep(sim.load(files / "bridge.yaml"), vary={"x": (0, 1, 3)}), to="csv")
    with pytest.raises(sim.UsageError, match="--columns chooses among those of a run"):
        sim.export(sim.load("classics/chicken"), to="nfg", columns=["x"])
