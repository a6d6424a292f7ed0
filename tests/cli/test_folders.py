"""A folder in which some files cannot be read: all of it is said, the rest is computed, exit code 2."""

import pytest
from sim.cli import run

EPISODE = """
title: {name}
observed: {{outcome: none, binding: a}}
parameters:
  hold: {{value: {hold}, range: [0, 1], source: a poll}}
  weight: {{value: 0.2, range: [0.1, 0.3], source: assumed}}
issues: {{deal: {{no: {{}}, yes: {{signed: 1}}}}}}
outcomes: {{treaty: signed}}
actors: {{a: {{role: principal}}, b: {{role: principal}}}}
payoffs: {{a: {{cede: (0.5 - hold)*signed}}, b: {{win: weight*signed}}}}
game: {{protocol: ultimatum, proposer: b}}
"""


@pytest.fixture
def folder(tmp_path):
    for name, hold in {"one": 0.7, "two": 0.8}.items():
        (tmp_path / f"{name}.yaml").write_text(EPISODE.format(name=name, hold=hold))
    return tmp_path


@pytest.mark.parametrize("verb", ["backcast", "calibrate"])
def test_every_error_of_every_file_is_said_and_the_rest_computed(folder, capsys, verb):
    arguments = [verb, str(folder), "--points", "16"]
    assert run(arguments) == 0
    out = capsys.readouterr().out
    (folder / "bad.yaml").write_text("titel: x\nx: 1")
    (folder / "worse.yaml").write_text("title: [")
    assert run(arguments) == 2
    told = capsys.readouterr()
    assert told.out == out
    for words in (
        "unknown key 'titel'",
        "unknown key 'x'",
        "worse.yaml:1:9: ",
        "bad.yaml, worse.yaml",
    ):
        assert words in told.err


def test_a_folder_without_a_readable_file_is_refused(tmp_path, capsys):
    (tmp_path / "bad.yaml").write_text("titel: x")
    assert run(["backcast", str(tmp_path)]) == 2
    assert "no file below" in capsys.readouterr().err
