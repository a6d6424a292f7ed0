"""Columns on request: stances and slacks of the best treaty of every point, as a verdict has them there."""

from __future__ import annotations

import numpy as np
import pytest
from sim import explain, open_run
from sim.cli import run as command
from sim.errors import UsageError
from sim.loading import load, loads
from sim.sweeps import sweep

BRIDGE = """
{title: Bridge, parameters: {a: {toll: {value: 0.4, range: [0, 1]}}, m: {cost: 0.1}},
 issues: {bridge: {no: {}, low: {signed: 1, toll: 0.2}, high: {signed: 1, toll: 0.7}}},
 outcomes: {treaty: signed},
 actors: {a: {role: principal}, b: {role: principal},
          m: {role: third party, stances: {aloof: {}, pays: {grant: 1}}}},
 payoffs: {a: {x: toll - a.toll*signed + 0.1*grant*signed}, b: {x: 0.8*signed - toll},
           m: {x: (0.3 - m.cost)*grant*signed}},
 domestic: {b: {house: {type: veto_player, utility: 0.6 - toll},
                ban: {type: legal_ban, bans: toll > 0.5, hard: true}}},
 game: [{offer: a}, {reply: b}, m.stance]}
"""


def test_they_are_those_of_the_verdict_at_every_point(tmp_path):
    scenario = loads(BRIDGE)
    out = tmp_path / "run"
    done = sweep(scenario, vary={"a.toll": (0, 1, 6)}, columns=["slacks", "stances"], out=out)
    rows = open_run(out).to_frame().to_dict("records")
    assert len(rows) == 6
    for row in rows:
        verdict = explain(scenario.with_values({"a.toll": row["a.toll"]}), draws=0)
        assert row["stances.m"] == verdict.stances.partition("=")[2]
        for step in verdict.steps:
            name = f"{step.actor}.{step.constraint}"
            gain = step.constraint == "gain"
            found = row[f"gains.{step.actor}" if gain else f"slacks.{name}"]
            if np.isfinite(step.slack):
                assert found == pytest.approx(step.slack, abs=1e-12)
            else:
                assert np.isnan(found)
    assert done.unit("gains.a") == "payoff spread"


def test_without_a_request_nothing_is_added():
    plain = sweep(loads(BRIDGE), vary={"a.toll": (0, 1, 3)})
    assert not [
        name for name in plain.columns if name.startswith(("stances.", "slacks.", "gains."))
    ]


def test_engines_and_chunks_give_the_same(tmp_path):
    scenario = load("classics/indivisible-islands")
    given = {"vary": {"p": (0, 1, 41)}, "columns": ["slacks"]}
    one = sweep(scenario, **given, engine="numpy").to_arrow()
    assert one.equals(sweep(scenario, **given, engine="auto", chunk=7).to_arrow())


def test_the_command_takes_them_and_refuses_others(tmp_path, capsys):
    (tmp_path / "b.yaml").write_text(BRIDGE)
    words = ["sweep", str(tmp_path / "b.yaml"), "--vary", "a.toll=0:1:3", "--out"]
    assert command([*words, str(tmp_path / "x"), "--columns", "stances,slacks"]) == 0
    assert "slacks.b.house" in open_run(tmp_path / "x").columns
    assert command([*words, str(tmp_path / "y"), "--columns", "stance"]) == 2
    assert "did you mean 'stances'" in capsys.readouterr().err
    with pytest.raises(UsageError, match="keeps no point"):
        sweep(loads(BRIDGE), vary={"a.toll": (0, 1, 3)}, columns=["slacks"], reduce="share")
