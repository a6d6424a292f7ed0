"""Beliefs: a posterior that is known in closed form, stored and read again, refused where files changed."""

from __future__ import annotations

import json

import numpy as np
import pytest
import sim
from sim.backcasting import fitted_beliefs
from sim.beliefs import open_beliefs
from sim.beliefs.believed import believed
from sim.cli import run
from sim.errors import UsageError

TEXT = """
title: Two actors, one treaty
{observed}
parameters:
  bar: {{value: 0.5, range: [0, 1], source: assumed}}
  hold: {{value: {hold}, source: a poll}}
issues: {{deal: {{no: {{}}, yes: {{signed: 1}}}}}}
outcomes: {{treaty: signed}}
actors: {{moscow: {{role: principal}}, tokyo: {{role: principal}}}}
payoffs:
  moscow: {{cede: (bar - hold) * signed}}
  tokyo: {{win: 0.2 * signed}}
game: {{protocol: ultimatum, proposer: tokyo}}
"""


def text(hold: float, outcome: str = "") -> str:
    observed = f"observed: {{outcome: {outcome}, source: a book}}" if outcome else ""
    return TEXT.format(hold=hold, observed=observed)


EPISODES = {"a": (0.2, "treaty"), "b": (0.3, "treaty"), "c": (0.6, "none")}


@pytest.fixture
def record():
    return {name: sim.loads(text(*given)) for name, given in EPISODES.items()}


def test_the_believed_share_is_bayes_rule(record):
    """A treaty is signed where ``bar`` is above ``hold``; ``bar`` is uniform on [0, 1]."""
    beliefs = fitted_beliefs(record, points=8192, seed=3, error=0.2)
    bar = (np.arange(10_000) + 0.5) / 10_000
    right = [bar > 0.2, bar > 0.3, bar < 0.6]
    w = np.prod([np.where(r, 0.8, 0.2) for r in right], axis=0)
    found = believed(beliefs, sim.loads(text(0.45)))
    share, error = found.share, found.error
    assert share == pytest.approx(float(w[bar > 0.45].sum() / w.sum()), abs=3e-3)
    assert 0 < error < 0.01
    assert beliefs.effective == pytest.approx(8192 * w.mean() ** 2 / (w**2).mean(), rel=0.01)
    assert beliefs.reproduce_all == pytest.approx(0.3, abs=0.01)
    assert beliefs.unexplained == {}


def test_a_large_error_rate_learns_nothing_and_an_impossible_record_is_named(record):
    assert fitted_beliefs(record, points=256, error=0.5).bits == pytest.approx(0)
    record["never"] = sim.loads(text(2, "treaty"))
    found = fitted_beliefs(record, points=64)
    assert found.unexplained == {"never": 0.0}
    assert "no draw explains never: the nearest gives it 0 %, at --set bar=" in " ".join(
        str(found).split()
    )
    assert found.to_dict()["nearest"]["never"].keys() == {"bar"}
    assert found.nearest("a")["bar"] > 0.2  # where 'a' comes out as it did
    with pytest.raises(UsageError, match="between 0 and 1"):
        fitted_beliefs(record, error=1.0)


def test_explain_leads_with_the_believed_share(record, tmp_path):
    fitted_beliefs(record, points=512, out=tmp_path / "b")
    beliefs = open_beliefs(tmp_path / "b")
    verdict = sim.explain(sim.loads(text(0.45)), beliefs=beliefs)
    first, second, *rest = list(verdict.headline())[1:]
    assert "of the weights that fit the record of 3 episodes" in first.text
    assert "treaty is feasible: margin" in second
    assert any("Against it stand, in those draws: only moscow" in sentence for sentence in rest)
    assert verdict.to_dict()["share"]["beliefs"] == believed(beliefs, sim.loads(text(0.45))).share
    few = fitted_beliefs(record, points=16)
    assert "draws count" in believed(few, sim.loads(text(0.45))).sentence()


def test_beliefs_of_other_ranges_are_refused(record):
    beliefs = fitted_beliefs(record, points=16)
    other = sim.loads(text(0.45).replace("range: [0, 1]", "range: [0, 2]"))
    with pytest.raises(UsageError, match="declares another range for 'bar'"):
        believed(beliefs, other)


def test_the_command_stores_reads_and_refuses_what_changed(tmp_path, capsys):
    folder = tmp_path / "s"
    folder.mkdir()
    for name, given in EPISODES.items():
        (folder / f"{name}.yaml").write_text(text(*given))
    out = str(tmp_path / "b")
    assert run(["calibrate", str(folder), "--points", "256", "--out", out]) == 0
    assert "moves them by" in capsys.readouterr().out
    assert run(["calibrate", str(folder), "--out", out]) == 2  # never written over
    (tmp_path / "x.yaml").write_text(text(0.45))
    ask = ["explain", str(tmp_path / "x.yaml"), "--beliefs", out, "--json"]
    capsys.readouterr()
    assert run(ask) == 0
    share = json.loads(capsys.readouterr().out)["verdict"]["share"]
    assert 0 < share["beliefs"] < 1
    (folder / "a.yaml").write_text(text(0.25, "treaty"))
    assert run(ask) == 2
    assert "a.yaml" in capsys.readouterr().err
    assert run([*ask, "--force"]) == 0
    assert run(["explain", str(tmp_path / "x.yaml"), "--beliefs", str(folder)]) == 2


def test_a_sweep_of_beliefs_is_of_equally_weighted_draws(record):
    beliefs = fitted_beliefs(record, points=8192, seed=3)
    scenario = sim.loads(text(0.45))
    run_of = sim.sweep(scenario, design=beliefs.design(scenario, 4000))
    share = float((run_of.to_frame()["margin"] > 0).mean())
    assert share == pytest.approx(believed(beliefs, scenario).share, abs=0.01)
    with pytest.raises(UsageError, match="shares no parameter"):
        beliefs.design(scenario.with_values({"bar": 0.5}), 10)


def test_a_forecast_draws_weights_that_fit(record):
    """The treaty is signed in every year where ``bar > hold``, at once."""
    world = "{k: {now: one, levels: {one: {idle: 0}, two: {idle: 1}}, moves: {one: {two: 0.1}}}}"
    more = text(0.45).replace("parameters:", "parameters:\n  idle: 0")
    flows = f"report: 5, discount: {{moscow: 0.5, tokyo: 0.5}}, proposer: tokyo, world: {world}"
    scenario = sim.loads(f"{more}dynamics: {{{flows}}}\n")
    beliefs = fitted_beliefs(record, points=8192, seed=3)
    found = sim.forecast(scenario, draws=2048, beliefs=beliefs)
    assert found.chance(found.years[0]) == pytest.approx(
        believed(beliefs, scenario).share, abs=0.02
    )
    assert found.beliefs == "1 of them are weights that fit the record of 3 episodes."
    held = sim.forecast(scenario.with_values({"bar": 0.46}), draws=16)  # what is set is not drawn
    assert held.chance(held.years[0]) == 1
