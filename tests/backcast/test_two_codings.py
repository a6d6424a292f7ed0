"""Two coders: Cohen's kappa by hand, both codings drawn where they differ, and tables that are none."""

from __future__ import annotations

import json

import numpy as np
import pytest
import sim
from sim.backcasting.joint_draws import joint_draws
from sim.backcasting.two_codings import agreement, read_codes
from sim.cli import run
from sim.errors import UsageError

TEXT = """
title: Two actors, one treaty
observed: {{outcome: none, source: a book}}
parameters:
  bar: {{value: 0.5, range: [0, 1], source: assumed}}
  hold: {{value: {hold}, range: {range}, source: a poll}}
  mood: {{value: {mood}, source: a poll}}
issues: {{deal: {{no: {{}}, yes: {{signed: 1}}}}}}
outcomes: {{treaty: signed}}
actors: {{moscow: {{role: principal}}, tokyo: {{role: principal}}}}
payoffs:
  moscow: {{cede: (bar - hold + 0*mood) * signed}}
  tokyo: {{win: 0.2 * signed}}
game: {{protocol: ultimatum, proposer: tokyo}}
"""


def episode(hold=0.5, mood=0.0, span="[0.25, 0.75]"):
    return sim.loads(TEXT.format(hold=hold, mood=mood, range=span))


def test_kappa_by_hand():
    """Twenty-five codes yes-yes, ten yes-no, five no-yes, ten no-no: kappa is 0.35 by the definition."""
    pairs = [(1, 1)] * 25 + [(1, 0)] * 10 + [(0, 1)] * 5 + [(0, 0)] * 10
    files = {f"e{k}": episode(mood=ours) for k, (ours, _) in enumerate(pairs)}
    codes = {f"e{k}": {"mood": float(theirs)} for k, (_, theirs) in enumerate(pairs)}
    found = agreement(files, codes)
    assert (found.codes, found.agree) == (50, 35)
    chance = 0.7 * 0.6 + 0.3 * 0.4
    assert found.kappa == pytest.approx((0.7 - chance) / (1 - chance))
    assert found.error == pytest.approx(np.sqrt(0.7 * 0.3 / 50) / (1 - chance))
    assert len(found.differences) == 15
    assert "35 of 50 codes of states agree, Cohen's kappa 0.35 ± 0.14" in found.sentence()


@pytest.mark.parametrize(
    ("value", "code", "same"),
    [(0.2, 0, True), (0.3, 0, False), (0.25, 0, True), (0.25, 0.5, True), (0.8, 1, True), (0.7, 1, False)],
)  # fmt: skip
def test_codes_agree_with_the_nearest_level(value, code, same):
    found = agreement({"e": episode(mood=value)}, {"e": {"mood": float(code)}})
    assert (found.agree == 1) is same
    assert found.kappa is None or not same  # one code only: chance explains everything


def test_both_codings_are_drawn_where_they_differ():
    files = {"a": episode(hold=0.5, mood=1), "b": episode(hold=0.5)}
    codes = {"a": {"hold": 0.0, "mood": 0.5}, "b": {"hold": 0.5, "mood": 0.0}}
    draws = joint_draws(files, second=agreement(files, codes).drawn())
    _, states = draws.values(draws.prior(0, 1024, size=1024, seed=3))
    hold, mood = states[
        "a"
    ]  # half of the time 0, else even over 0.25 to 0.75; 1, else even over that
    assert np.mean(hold == 0) == pytest.approx(0.5, abs=5e-3)
    assert hold[hold > 0].mean() == pytest.approx(0.5, abs=0.01)
    assert np.mean(mood == 1) == pytest.approx(0.5, abs=5e-3)
    assert mood[mood < 1].min() >= 0.25
    assert mood[mood < 1].max() <= 0.75
    assert list(draws.states["b"]) == ["hold"]  # where they agree all is as in the file
    assert np.std(states["b"][0]) == pytest.approx(0.5 / np.sqrt(12), abs=0.01)
    assert not joint_draws(files, states=False, second=agreement(files, codes).drawn()).states["a"]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("episode,path,code\na.yaml,mood,1\n", "needs the column 'source'"),
        ("episode,path,code,source\na.yaml,mood,0.7,a book\n", ":2: code '0.7' is none of 0, 0.5, 1"),
        ("episode,path,code,source\na.yaml,mood,1,\n", ":2: a code needs a source"),
        ("episode,path,code,source\na.yaml,mood,1,x\na.yaml,mood,0,y\n", ":3: mood of a.yaml is coded again"),
        ("episode,path,code,source\nz.yaml,mood,1,x\n", "no episode 'z.yaml'"),
        ("episode,path,code,source\na.yaml,moode,1,x\n", "no 'moode'; did you mean 'mood'?"),
        ("episode,path,code,source\n", "codes nothing"),
        ("", "needs the column 'episode'"),
    ],
)  # fmt: skip
def test_a_table_that_is_none_is_refused(tmp_path, capsys, table, words):
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(TEXT.format(hold=0.5, mood=1, range="[0.25, 0.75]"))
    (tmp_path / "second-coding.csv").write_text(table)
    code = run(["calibrate", str(tmp_path), "--points", "16"])
    assert (code, words in capsys.readouterr().err) == (2, True)
    assert run(["calibrate", str(tmp_path), "--points", "16", "--second", "none"]) == 0


def test_the_command_tells_and_stores_how_far_they_agree(tmp_path, capsys):
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.yaml").write_text(TEXT.format(hold=0.5, mood=1, range="[0.25, 0.75]"))
    (tmp_path / "second-coding.csv").write_text(
        "episode,path,code,source\na.yaml,mood,0.5,a book\na.yaml,hold,0.5,a book\nb.yaml,mood,1,a book\n"
    )
    assert run(["calibrate", str(tmp_path), "--points", "64", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["coded_twice"]
    assert (told["agree"], told["codes"]) == (2, 3)
    assert told["differences"] == [
        {"episode": "a.yaml", "path": "mood", "first": 1.0, "second": 0.5}
    ]
    assert run(["calibrate", str(tmp_path), "--points", "64"]) == 0
    assert (
        "coded twice: 2 of 3 codes of states agree (Cohen's kappa 0.40)" in capsys.readouterr().out
    )
    run(["backcast", str(tmp_path), "--points", "4", "--json"])
    assert json.loads(capsys.readouterr().out)["scores"]["."]["coded_twice"]["agree"] == 2


def test_a_file_that_cannot_be_read_is_no_table(tmp_path):
    (tmp_path / "x.csv").write_bytes(b"\xff\xfe")
    for file in ("x.csv", "none.csv"):
        with pytest.raises(UsageError, match="cannot be read as a table of codes"):
            read_codes(tmp_path / file)
