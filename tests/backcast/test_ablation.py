"""Parts dropped in turn, on a dispute in which one term decides everything and one nothing."""

from __future__ import annotations

import json
from math import log2

import pytest
import sim
from sim.backcasting.ablation import ablate, futures_of, parts_of, without
from sim.cli import run
from sim.errors import UsageError

BASE = """
title: Two actors, one treaty
parameters:
  bar: {value: 0.5, range: [0.4, 0.6], source: assumed}
  hold: {value: 0.5, source: a poll}
issues: {deal: {no: {}, yes: {signed: 1}}}
outcomes: {treaty: signed}
actors: {moscow: {role: principal}, tokyo: {role: principal}}
payoffs:
  moscow: {cede: -hold * signed, gift: bar * signed, nothing: 0 * signed}
  tokyo: {win: 0.2 * signed}
domestic: {tokyo: {diet: {type: veto_player, utility: 1 - 0*signed}}}
game: {protocol: ultimatum, proposer: tokyo}
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "base.yaml").write_text(BASE)
    for k, (hold, outcome) in enumerate(
        [(0.1, "treaty"), (0.2, "treaty"), (0.8, "none"), (0.9, "none")]
    ):
        text = f"extends: base.yaml\nobserved: {{outcome: {outcome}, source: a book}}\n"
        text += f"parameters: {{hold: {hold}}}\n"
        (tmp_path / f"e{k}.yaml").write_text(text)
    (tmp_path / "later.yaml").write_text("extends: base.yaml\nparameters: {hold: 0.3}\n")
    return tmp_path


def read(folder):
    files = {file.name: sim.load(file) for file in sorted(folder.glob("*.yaml"))}
    return {k: s for k, s in files.items() if s.document.observed}, files


def test_dropping_a_term_costs_what_it_is_worth(folder):
    """With all parts every class is right; without the gift nothing is signed, without what is ceded all."""
    episodes, files = read(folder)
    found = ablate(episodes, futures_of(files, episodes), points=8)
    assert found.bits == pytest.approx(-log2(0.8))
    assert found.futures == {"later.yaml": 1.0}
    told = {one.part: one for one in found.dropped}
    for part, changed, later in (
        ("payoffs.moscow.gift", ("e0.yaml", "e1.yaml"), 0.0),
        ("payoffs.moscow.cede", ("e2.yaml", "e3.yaml"), 1.0),
    ):
        one = told[part]
        assert one.cost == pytest.approx((-log2(0.2) + log2(0.8)) / 2)  # two of four are wrong
        assert (one.changed, one.futures) == (changed, {"later.yaml": later})
        assert not one.supported  # 1 bit, and its error over four episodes is as large
    for part in ("payoffs.moscow.nothing", "domestic.tokyo.diet"):
        assert told[part].cost == pytest.approx(0)
        assert told[part].changed == ()
    assert set(told) == set(parts_of(episodes["e0.yaml"]))


def test_a_part_that_every_episode_needs_is_supported(folder):
    episodes, _ = read(folder)
    two = {name: episodes[name] for name in ("e0.yaml", "e1.yaml")}
    told = {one.part: one for one in ablate(two, {}, points=4).dropped}
    assert told["payoffs.moscow.gift"].supported  # both are lost without it, by the same amount
    assert not told["payoffs.moscow.cede"].supported
    assert told["payoffs.moscow.cede"].cost == 0


def test_a_part_that_is_wrong_is_opposed(folder):
    """A veto that stops every treaty, against a record of treaties."""
    for name in ("e0", "e1"):
        file = folder / f"{name}.yaml"
        file.write_text(file.read_text() + "domestic: {tokyo: {diet: {utility: 0 - signed}}}\n")
    episodes, _ = read(folder)
    two = {name: episodes[name] for name in ("e0.yaml", "e1.yaml")}
    told = {one.part: one for one in ablate(two, {}, points=4).dropped}
    assert told["domestic.tokyo.diet"].opposed
    assert told["domestic.tokyo.diet"].changed == ("e0.yaml", "e1.yaml")


def test_without_leaves_the_rest_as_it_is(folder):
    episodes, _ = read(folder)
    one = episodes["e0.yaml"]
    rest = without(one, "payoffs.moscow.gift")
    assert list(rest.document.payoffs["moscow"]) == ["cede", "nothing"]
    assert list(one.document.payoffs["moscow"]) == ["cede", "gift", "nothing"]
    assert rest.document.payoffs["tokyo"] == one.document.payoffs["tokyo"]


def test_the_command_prints_the_table_for_any_folder(folder, capsys):
    assert run(["calibrate", str(folder), "--ablate", "--points", "4"]) == 0
    said = capsys.readouterr().out
    assert "The record of 4 episodes supports 0 of 5 parts" in said
    assert "payoffs.moscow.gift" in said
    assert "later" in said
    assert run(["calibrate", str(folder), "--ablate", "--points", "4", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {one["part"] for one in told["dropped"]} >= {
        "payoffs.moscow.gift",
        "domestic.tokyo.diet",
    }
    assert run(["calibrate", str(folder), "--ablate", "--out", str(folder / "b")]) == 2
    assert "takes no --out" in capsys.readouterr().err
    for name in ("e1", "e2", "e3"):
        (folder / f"{name}.yaml").unlink()
    assert run(["calibrate", str(folder), "--ablate"]) == 2
    assert "no two episodes" in capsys.readouterr().err


def test_one_episode_tells_nothing_of_parts(folder):
    episodes, _ = read(folder)
    with pytest.raises(UsageError, match="two episodes are needed"):
        ablate({"e0.yaml": episodes["e0.yaml"]}, {})
