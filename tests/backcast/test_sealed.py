"""Sealed episodes: changes of a file are counted, a changed registry is refused."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest
import sim
from sim.backcasting.sealed import asked_hash, model_hash, read_registry
from sim.cli import run
from sim.errors import UsageError

BASE = """
title: Two actors, one treaty
parameters:
  bar: {value: 0.5, range: [0, 1], source: assumed}
  hold: {value: 0.2, source: a poll}
issues: {deal: {no: {}, yes: {signed: 1}}}
outcomes: {treaty: signed}
actors: {moscow: {role: principal}, tokyo: {role: principal}}
payoffs:
  moscow: {cede: (bar - hold) * signed}
  tokyo: {win: 0.2 * signed}
game: {protocol: ultimatum, proposer: tokyo}
"""
SEEN = "extends: base.yaml\nobserved: {outcome: none, source: a book}\nparameters: {hold: 0.8}\n"
OPEN = "extends: base.yaml\nparameters: {hold: 0.6}\n"


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "s"
    place.mkdir()
    for name, text in (("base", BASE), ("seen", SEEN), ("open", OPEN)):
        (place / f"{name}.yaml").write_text(text)
    return place


def held(folder, capsys, code=0):
    """The registry's rows after one more run, by episode."""
    file = folder.parent / "registry.jsonl"
    words = ["backcast", str(folder), "--points", "2", "--sealed", str(file), "--json"]
    assert run(words) == code
    told = capsys.readouterr()
    if code:
        return told.err
    return {one["episode"]: one for one in json.loads(told.out)["sealed"]["episodes"]}


def test_how_often_a_file_changed_after_its_first_run(folder, capsys):
    found = held(folder, capsys)
    assert set(found) == {"base.yaml", "seen.yaml", "open.yaml"}
    seen, later = found["seen.yaml"], found["open.yaml"]
    assert (seen["runs"], seen["open"], seen["changes_after"]) == (1, False, 0)
    assert (later["runs"], later["open"], later["first_run"]) == (0, True, None)
    (folder / "seen.yaml").write_text(SEEN.replace("a book", "another book") + "title: Its name\n")
    assert held(folder, capsys)["seen.yaml"]["changes_after"] == 0  # words are for people
    (folder / "base.yaml").write_text(BASE.replace("0.2 * signed", "0.3 * signed"))
    found = held(folder, capsys)  # what they extend counts as theirs
    assert found["seen.yaml"]["changes_after"] == 1
    assert (found["open.yaml"]["changes_before"], found["open.yaml"]["changes_after"]) == (1, 0)
    (folder / "seen.yaml").write_text(SEEN.replace("none", "treaty"))
    words = held(folder, capsys, code=1)  # wrong now, and what happened was changed
    assert words == ""
    (folder / "seen.yaml").write_text(SEEN)
    found = held(folder, capsys)
    assert (found["seen.yaml"]["changes_after"], found["seen.yaml"]["runs"]) == (3, 5)


def test_to_state_what_happened_is_no_change(folder, capsys):
    held(folder, capsys)
    (folder / "open.yaml").write_text(OPEN + "observed: {outcome: none, source: the news}\n")
    found = held(folder, capsys)["open.yaml"]
    assert (found["open"], found["runs"], found["changes_before"] + found["changes_after"]) == (
        True,
        1,
        0,
    )
    events = [
        json.loads(x)["event"] for x in (folder.parent / "registry.jsonl").read_text().splitlines()
    ]
    assert events[-4:] == ["run", "outcome stated", "run", "run"]


def test_the_table_counts_them(folder, capsys):
    held(folder, capsys)
    (folder / "seen.yaml").write_text(SEEN.replace("0.8", "0.9"))
    board = sim.backcast(folder, points=2, sealed=folder.parent / "registry.jsonl")
    assert "1 of 3 changed after their first run, 1 times in all; 2 were sealed before" in str(
        board
    )
    lines = (folder.parent / "registry.jsonl").read_text().splitlines()
    assert f"head of the registry: {sha256(lines[-1].encode()).hexdigest()}" in str(board)


def test_each_line_holds_the_hash_of_the_line_before(folder, capsys):
    """By the definition alone: SHA-256 of the text of the line before, as it stands in the file."""
    held(folder, capsys)
    before = ""
    for text in (folder.parent / "registry.jsonl").read_text(encoding="utf-8").splitlines():
        assert json.loads(text)["before"] == before
        before = sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    "spoil", ["taken out", "edited", "the end cut", "no JSON", "not UTF-8", "other JSON"]
)
def test_a_registry_that_was_changed_is_refused_and_nothing_is_run(folder, capsys, spoil):
    held(folder, capsys)
    file = folder.parent / "registry.jsonl"
    lines = file.read_text().splitlines(keepends=True)
    text = {
        "taken out": "".join([lines[0], *lines[2:]]),
        "edited": "".join([lines[0].replace("sealed", "run"), *lines[1:]]),
        "the end cut": "".join(lines)[:-20],
        "no JSON": "once upon a time\n",
        "not UTF-8": "",
        "other JSON": '{"a": 1}\n',
    }[spoil]
    content = b"\xff\xfe" if spoil == "not UTF-8" else text.encode()
    file.write_bytes(content)
    words = held(folder, capsys, code=2)
    assert "registry" in words or "changed or taken out" in words
    assert file.read_bytes() == content


def test_a_registry_has_to_be_a_file_that_can_be_written(folder, capsys):
    for place in (folder, folder / "no" / "registry"):
        assert run(["backcast", str(folder), "--points", "2", "--sealed", str(place)]) == 2
        assert str(place) in capsys.readouterr().err


def test_a_folder_without_outcomes_can_be_sealed(folder, capsys):
    (folder / "seen.yaml").unlink()
    assert run(["backcast", str(folder), "--points", "2"]) == 2
    assert "no scenario" in capsys.readouterr().err
    found = held(folder, capsys)
    assert all(one["open"] and not one["runs"] for one in found.values())
    assert read_registry(folder.parent / "none.jsonl").lines == ()


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("0.5, range", "0.50, range", True),
        ("source: assumed", "source: assumed, note: why", True),
        ("Two actors", "Three actors", True),
        ("bar: {value: 0.5", "bar: {value: 0.51", False),
        ("range: [0, 1]", "range: [0, 2]", False),
        ("(bar - hold)", "(hold - bar)", False),
        ("{no: {}, yes: {signed: 1}}", "{yes: {signed: 1}, no: {}}", False),  # another status quo
        ("proposer: tokyo", "proposer: moscow", False),
    ],
)
def test_the_hash_is_of_what_the_answer_follows_from(old, new, same):
    assert old in BASE
    one, two = sim.loads(BASE), sim.loads(BASE.replace(old, new))
    assert (model_hash(one) == model_hash(two)) is same
    assert asked_hash(one) == asked_hash(two)


def test_a_stranger_is_no_registry(tmp_path):
    (tmp_path / "x").write_text("[]\n")
    with pytest.raises(UsageError, match="is not a line of a registry"):
        read_registry(tmp_path / "x")
