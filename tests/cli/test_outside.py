"""Values outside of what a file declares: noted once, refused with --strict; nonsense refused always."""

import pytest
from sim.cli import run
from sim.errors import OutsideRange, UsageError
from sim.loading import loads

TEXT = """
parameters:
  delta: {value: 0.2, range: [0, 0.5]}
  gain: {value: 0.1, range: [0, 0.3]}
  style: {value: 0, levels: [0, 1, 2]}
issues: {deal: {none: {}, some: {signed: 1}}}
outcomes: {treaty: signed}
actors: {a: {role: principal}, b: {role: principal}}
payoffs: {a: {x: gain*signed}, b: {y: (1 - 0.1*style)*signed}}
abroad: {a: {keeps: {type: enforcement, temptation: 0.1, punishment: 0.2, delta: delta}}}
game: [{offer: a}, {reply: b}, ratify]
sweeps: {own: {vary: {gain: [0, 1, 3]}}}
"""
GAIN, STYLE = "gain=0.4 is outside its range 0 to 0.3", "style=5 is not one of its levels 0, 1, 2"
ILLEGAL = "abroad.a.keeps.delta: 2 at delta=2 is not legal: it must be between 0 and 1"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text(TEXT)
    return str(path)


def told(capsys, arguments):
    """The exit code and the lines on standard error that are about values."""
    code = run(arguments)
    lines = capsys.readouterr().err.splitlines()
    return code, [line for line in lines if "range" in line or "levels" in line or "legal" in line]


@pytest.mark.parametrize("verb", [["solve"], ["explain"]])
@pytest.mark.parametrize(
    ("settings", "notes"),
    [
        ([], []),
        (["gain=0.3", "style=2"], []),
        (["gain=0.4"], [GAIN]),
        (["gain=0.4", "style=5"], [GAIN, STYLE]),
        (["gain=0.9", "gain=0.4"], [GAIN]),
    ],
)
def test_what_is_set_outside_is_noted_once_or_refused(file, capsys, verb, settings, notes):
    options = [word for text in settings for word in ("--set", text)]
    assert told(capsys, [*verb, file, *options]) == (0, [f"note: {n}" for n in notes])
    strict = [f"{n} (--strict)" for n in notes]
    assert told(capsys, [*verb, file, *options, "--strict"]) == (2 if notes else 0, strict)


@pytest.mark.parametrize(
    ("arguments", "note"),
    [
        (["sweep", "--vary", "gain=0:0.3:3"], ""),
        (["sweep", "--vary", "gain=0:0.4:3"], "gain from 0 to 0.4 leaves its range 0 to 0.3"),
        (["sweep", "--vary", "gain=0:0.4", "--design", "sobol", "--points", "8"],
         "gain from 0 to 0.4 leaves its range 0 to 0.3"),
        (["sweep", "--vary", "style=0:2:3"], ""),
        (["sweep", "--vary", "style=0:2:5"], "style=0.5 is not one of its levels 0, 1, 2"),
        (["sweep", "--name", "own"], ""),
        (["sweep", "--file", "TABLE"], "gain from 0.1 to 0.4 leaves its range 0 to 0.3"),
        (["frontier", "--vary", "gain=0:0.4"], "gain from 0 to 0.4 leaves its range 0 to 0.3"),
    ],
)  # fmt: skip
def test_what_is_varied_outside_is_noted_once_or_refused(file, tmp_path, capsys, arguments, note):
    (tmp_path / "p.csv").write_text("gain\n0.1\n0.4\n")
    verb, *rest = [str(tmp_path / "p.csv") if word == "TABLE" else word for word in arguments]
    assert told(capsys, [verb, file, *rest]) == (0, [f"note: {note}"] if note else [])
    assert told(capsys, [verb, file, *rest, "--quiet"]) == (0, [])
    expected = (2, [f"{note} (--strict)"]) if note else (0, [])
    assert told(capsys, [verb, file, *rest, "--strict"]) == expected


@pytest.mark.parametrize(
    "arguments",
    [
        ["sweep", "--vary", "delta=0:2:3"],
        ["sweep", "--vary", "delta=0:2", "--design", "latin", "--points", "8"],
        ["sweep", "--file", "TABLE"],
        ["frontier", "--vary", "delta=0:2"],
    ],
)
def test_what_no_constraint_can_mean_is_refused_when_varied(file, tmp_path, capsys, arguments):
    (tmp_path / "p.csv").write_text("delta\n0\n2\n")
    verb, *rest = [str(tmp_path / "p.csv") if word == "TABLE" else word for word in arguments]
    assert told(capsys, [verb, file, *rest]) == (2, [f"delta from 0 to 2: {ILLEGAL}"])


def test_python_warns_or_refuses():
    scenario = loads(TEXT)
    with pytest.warns(OutsideRange, match=GAIN):
        assert scenario.with_values({"gain": 0.4}).outside() == (GAIN,)
    with pytest.raises(UsageError, match=GAIN):
        scenario.with_values({"gain": 0.4}, strict=True)
    assert scenario.at({"gain": 0.4}).values["gain"] == 0.4
    assert scenario.with_values({"gain": 0.3}, strict=True).outside() == ()


def test_the_smallest_change_says_that_it_starts_outside(file, capsys):
    """a loses by every treaty where its gain is set below 0, which the file does not think plausible."""
    assert run(["explain", file, "--set", "gain=-0.3"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "of one plausible range (gain=-0.3 is outside its range 0 to 0.3)" in out
    assert run(["explain", file, "--set", "gain=0.2"]) == 0
    assert "outside" not in capsys.readouterr().out
