"""Shares of believed draws along ranges, against the posterior in closed form, and what is refused."""

from __future__ import annotations

import json

import numpy as np
import pytest
import sim
from sim.backcasting import fitted_beliefs
from sim.beliefs.over_range import believed_over
from sim.cli import run
from sim.errors import UsageError

TEXT = """
title: Two actors, one treaty
{observed}
parameters:
  bar: {{value: 0.5, range: [0, 1], source: assumed}}
  hold: {{value: {hold}, range: [0, 1], source: a poll}}
  gift: {{value: 0, range: [0, 0.5], source: a poll}}
  mood: {{value: 0, range: [0, 1], source: a poll}}
issues: {{deal: {{no: {{}}, yes: {{signed: 1}}}}}}
outcomes: {{treaty: signed}}
actors: {{moscow: {{role: principal}}, tokyo: {{role: principal}}}}
payoffs:
  moscow: {{cede: (bar + gift - hold + 0*mood) * signed}}
  tokyo: {{win: 0.2 * signed}}
game: {{protocol: ultimatum, proposer: tokyo}}
"""


def text(hold, outcome=""):
    observed = f"observed: {{outcome: {outcome}, source: a book}}" if outcome else ""
    return TEXT.format(hold=hold, observed=observed)


@pytest.fixture(scope="module")
def beliefs():
    """``bar`` is above 0.2 or an outcome is misrecorded: weight 0.8 above, 0.2 below."""
    record = {k: sim.loads(text(0.2, "treaty")) for k in "ab"}
    return fitted_beliefs(record, points=2048, seed=1, states=False)


def test_along_one_parameter_it_is_the_posterior(beliefs):
    """A treaty at ``hold`` where bar > hold: (0.8^2 above 0.2, 0.2^2 below), ``gift`` set to none."""
    scenario = sim.loads(text(0.5)).with_values({"gift": 0})
    found = believed_over(scenario, {"hold": None}, beliefs, draws=2000)
    bar = (np.arange(10_000) + 0.5) / 10_000
    weight = np.where(bar > 0.2, 0.64, 0.04)
    expected = [weight[bar > x].sum() / weight.sum() for x in found.values[0]]
    assert found.share == pytest.approx(np.array(expected), abs=0.02)
    assert found.share[0] == 1
    assert "of 2000 draws that fit the record of 2 episodes" in " ".join(str(found).split())


def test_over_two_parameters_each_axis_is_its_own(beliefs):
    scenario = sim.loads(text(0.5))
    found = believed_over(scenario, {"hold": (0, 1), "gift": (0, 0.5)}, beliefs, draws=400)
    assert found.share.shape == (5, 5)
    assert (np.diff(found.share, axis=0) <= 0).all()  # more to hold
    assert (np.diff(found.share, axis=1) >= 0).all()  # more is given
    assert found.share[2, 4] == pytest.approx(1)  # bar + 0.5 > 0.5


def test_what_cannot_be_asked_is_refused(beliefs):
    scenario = sim.loads(text(0.5))
    with pytest.raises(UsageError, match="one or two parameters, not 3"):
        believed_over(scenario, dict.fromkeys(("hold", "gift", "mood")), beliefs)
    with pytest.raises(UsageError, match="another range for 'bar'"):
        believed_over(
            sim.loads(text(0.5).replace("range: [0, 1], source: assumed", "range: [0, 2]")),
            {"hold": None},
            beliefs,
        )


def test_the_command_tells_it_beside_what_is_certified(tmp_path, capsys):
    folder = tmp_path / "s"
    folder.mkdir()
    for name in "ab":
        (folder / f"{name}.yaml").write_text(text(0.2, "treaty"))
    (tmp_path / "x.yaml").write_text(text(0.5))
    out = str(tmp_path / "b")
    assert run(["calibrate", str(folder), "--points", "256", "--no-states", "--out", out]) == 0
    capsys.readouterr()
    words = ["frontier", str(tmp_path / "x.yaml"), "--vary", "hold"]
    assert run([*words, "--beliefs", out]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert said.index("hold") < said.index("draws that fit the record of 2 episodes")
    assert run([*words, "--beliefs", out, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told["believed"]["share"]) == 11
    for more in (["--of", "predicted:treaty"], ["--robust"], ["--vary", "gift", "--vary", "mood"]):
        assert run([*words, *more, "--beliefs", out]) == 2
        assert "beliefs" in capsys.readouterr().err
