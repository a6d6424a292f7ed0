"""Whatever is wrong in a file of time: one clear sentence, and exit code 2."""

from __future__ import annotations

import pytest
from sim.cli import run

WORLD = "  world:\n"
CASES = {
    "a rate above 1": ("hostile: {cool: calm}", "hostile: {cool: 1.2}", "must lie in [0, 1]"),
    "a rate below 0": ("hostile: {cool: calm}", "hostile: {cool: -0.1}", "must lie in [0, 1]"),
    "a row above 1": ("hostile: {cool: calm}", "hostile: {cool: 0.6, warm: 0.6}", "more than 1"),
    "an unknown level": ("hostile: {cool: calm}", "hostile: {cold: calm}", "did you mean 'cool'?"),
    "a factor without now": ("      now: hostile\n", "", "mood.now"),
    "a structural parameter": (
        "outcomes: {treaty: signed}",
        "outcomes: {treaty: signed and mood < 3}",
        "mood",
    ),
    "two factors": ("over: {gain: 1.2}", "over: {gain: 1.2, mood: 0}", "is set by the factors"),
    "a state nobody reaches": ("moves: {on: {over: 0.2}}", "moves: {}", "can never be reached"),
    "a discount factor of 1": ("{a: 0.9, b: 0.9}", "{a: 1, b: 0.9}", "it must lie in [0, 1)"),
    "no game": ("game: [{offer: a}, {reply: b}, ratify]\n", "", "needs a 'game'"),
    "no treaty class": ("outcomes: {treaty: signed}", "outcomes: {deal: signed}", "class 'treaty'"),
    "an unknown issue": (
        WORLD,
        "  treaty: {hand_over: {after: 2, until_then_without: [land]}}\n" + WORLD,
        "unknown issue 'land'",
    ),
    "an end before the start": ("report: 20", "report: 20\n  ends: 2020", "is before the first"),
    "a period of no length": ("years: 1}", "years: 0}", "greater than 0"),
    "an unknown name": ("hostile: {cool: calm}", "hostile: {cool: calmm}", "did you mean 'calm'?"),
    "yearly rates in another period": (
        "source: counted}",
        "source: counted, unit: per year}\n  span: 5",
        "'calm' is a rate per year, and a period lasts 5 years",
    ),
    "time as a parameter": ("parameters:\n", "parameters:\n  year: 3\n", "means time"),
    "who proposes": ("proposer: {a: 0.5, b: 0.5}", "proposer: {a: 0.5, b: 0.6}", "not to 1"),
    "leaders without exits": ("report: 20", "report: 20\n  horizon: leader", "say under 'leaves'"),
    "an unknown horizon": ("report: 20", "report: 20\n  horizon: party", "legal: leader, state"),
}


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_one_sentence_and_exit_code_2(case, tmp_path, capsys):
    from importlib.util import module_from_spec, spec_from_file_location
    from pathlib import Path

    spec = spec_from_file_location("small", Path(__file__).with_name("conftest.py"))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    old, new, words = case
    text = module.TEXT.format(d=0.9, calm=0.15)
    assert old in text
    file = tmp_path / "world.yaml"
    text = text.replace(old, new)
    file.write_text(text.replace("years: 1}", "years: 5}") if "span: 5" in new else text)
    assert run(["forecast", str(file), "--draws", "2", "--quiet"]) == 2
    told = capsys.readouterr()
    assert not told.out
    assert words in told.err
    assert "Traceback" not in told.err


OPTIONS = {
    "one draw": (["--draws", "1"], "central values alone"),
    "a year outside": (["--by", "2060", "--draws", "2"], "runs from 2030 to 2049"),
    "no year": (["--by", "soon"], "years separated by commas"),
    "a state": (["--state", "mood"], "FACTOR=LEVEL"),
    "an unknown class": (["--outside", "clams", "--draws", "2"], "clams"),
}


@pytest.mark.parametrize("option", OPTIONS.values(), ids=list(OPTIONS))
def test_options(option, small, tmp_path, capsys):
    words, told = option
    file = tmp_path / "world.yaml"
    file.write_text(small().resolved)
    assert run(["forecast", str(file), "--quiet", *words]) == 2
    assert told in capsys.readouterr().err
