"""Scenarios side by side, and in what two differ; every number is known from the files."""

from __future__ import annotations

import json

import pytest
import sim
from sim.cli import run

NOW = """
title: Now
parameters:
  cost: {value: 0.5, range: [0, 1], source: a poll}
  other: {value: 2, range: [1, 3]}
issues: {peace: {no: {}, yes: {signed: 1, label: a treaty}}}
outcomes: {treaty: signed}
actors: {a: {role: principal, label: Athens}, b: {role: principal}}
payoffs:
  a: {gain: {formula: (0.3 - cost)*signed, label: glory}}
  b: {gain: 0.1*signed, idle: 0*signed}
domestic: {a: {house: {type: veto_player, utility: signed - 0.4}}}
"""
THEN = """
title: Then
extends: now.yaml
parameters: {cost: {value: 0.1, source: an archive}, new: 1}
payoffs: {b: {gain: 0.2*signed}}
domestic: {a: {house: {utility: signed - 0.5}}}
game: [{offer: a}, {reply: b}]
"""


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "now.yaml").write_text(NOW)
    (tmp_path / "then.yaml").write_text(THEN)
    return tmp_path


def test_sides_say_what_explain_says(files):
    """Margins by hand: gains -0.2/K and 0.1/K; K_a = 0.2 and K_b = 0.1 at the file's own values."""
    both = [sim.load("now.yaml"), sim.load("then.yaml")]
    found = sim.compare(both)
    assert [side.name for side in found.sides] == ["now", "then"]
    for side, scenario in zip(found.sides, both, strict=True):
        alone = sim.explain(scenario)
        assert side.verdict.to_dict() == alone.to_dict()
    now, then = found.sides
    assert now.slacks == pytest.approx({"a.gain": -1, "b.gain": 1, "a.house": 0.6})
    assert then.slacks == pytest.approx({"a.gain": 1, "b.gain": 1, "a.house": 0.5})
    assert now.terms == pytest.approx({"a.gain": -0.2, "b.gain": 0.1, "b.idle": 0})
    assert now.flips == {"cost": pytest.approx((0.3,))}
    assert then.flips == {"cost": pytest.approx((0.3,))}


def test_the_command_prints_the_record_and_draws_it(files, capsys):
    assert run(["compare", "now.yaml", "then.yaml", "--out", "c.png"]) == 0
    out = capsys.readouterr().out
    assert out.strip() == str(sim.compare([sim.load("now.yaml"), sim.load("then.yaml")]))
    assert "Athens: glory" in out
    assert "a treaty" in out
    assert "1 other terms change nowhere" in out
    assert (files / "c.png").stat().st_size > 5000


def test_json_has_every_side(files, capsys):
    assert run(["compare", "now.yaml", "then.yaml", "--json", "--draws", "0"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert [side["name"] for side in data["sides"]] == ["now", "then"]
    assert data["sides"][0]["verdict"]["share"] is None
    assert data["sides"][0]["terms"]["a.gain"] == pytest.approx(-0.2)


def test_forecasts_stand_side_by_side(files):
    text = "starts/forecast"
    found = sim.compare(
        {"a": sim.load(text), "b": sim.load("now.yaml")}, forecast_draws=8, draws=64
    )
    first, second = found.sides
    assert second.forecast is None
    alone = sim.forecast(sim.load(text), draws=8)
    assert first.forecast.chance(2075) == alone.chance(2075)
    assert "by 2075" in str(found)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["now.yaml"], "takes two files or more"),
        (["now.yaml", "now.yaml"], "the same file twice"),
        (["now.yaml", "classics/chicken"], "classical game"),
        (["now.yaml", "nowhere.yaml"], "no such file"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_a_sentence(words, said, files, capsys):
    assert run(["compare", *words]) == 2
    assert said in capsys.readouterr().err


def test_a_comparison_needs_scenarios():
    with pytest.raises(sim.SimError, match="two scenarios or more"):
        sim.compare([])
    with pytest.raises(sim.SimError, match="takes a scenario"):
        sim.compare(["a.yaml", "b.yaml"])


def test_every_part_that_differs_is_told(files):
    found = sim.diff(sim.load("now.yaml"), sim.load("then.yaml"))
    cost, new = found.parameters
    assert (cost.path, cost.before, cost.after) == ("cost", "0.5 [0, 1]", "0.1 [0, 1]")
    assert (cost.source_before, cost.source_after) == ("a poll", "an archive")
    assert (new.path, new.before, new.after) == ("new", "", "1")
    assert [(c.path, c.before, c.after) for c in found.formulas] == [
        ("payoffs.b.gain", "0.1*signed", "0.2*signed")
    ]
    assert [c.path for c in found.constraints] == ["domestic.a.house.utility"]
    assert {c.path.split(".")[0] for c in found.others} == {"game"}


def test_a_file_does_not_differ_from_itself(files, capsys):
    assert not sim.diff(sim.load("now.yaml"), sim.load("now.yaml"))
    assert run(["diff", "now.yaml", "now.yaml"]) == 0
    assert "the same" in capsys.readouterr().out


def test_labels_titles_and_notes_are_no_difference(files):
    other = sim.loads(NOW.replace("Athens", "Sparta").replace("title: Now", "title: Later"))
    assert not sim.diff(sim.load("now.yaml"), other)


def test_what_is_set_differs_and_has_no_source(files, capsys):
    assert run(["diff", "now.yaml", "now.yaml", "--set", "cost=0.2", "--json"]) == 0
    (changed,) = json.loads(capsys.readouterr().out)["parameters"]
    assert (changed["after"], changed["source_after"]) == ("0.2 [0, 1]", "")


def test_shipped_episodes_differ_in_numbers_alone():
    found = sim.diff(sim.load("kuril/2016"), sim.load("kuril/2018"))
    assert found.parameters
    assert not (found.formulas or found.constraints or found.others)


def test_a_notebook_shows_both_as_tables():
    """What two files say is shown as a table, and no text of theirs is markup."""
    early = sim.loads(NOW.replace("glory", "<b>glory</b>"))
    late = early.with_values({"cost": 0.9})
    together = sim.compare({"<i>one": early, "two": late}, draws=0, with_thresholds=False)
    for record in (together, sim.diff(early, late)):
        shown = record._repr_html_()
        assert "<table>" in shown
        assert "<i>" not in shown
        assert "<b>" not in shown
