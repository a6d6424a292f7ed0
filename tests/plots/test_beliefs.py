"""Figures of beliefs and of the record's scores: what is drawn is what was given."""

from __future__ import annotations

from types import SimpleNamespace as Record

import numpy as np
import pytest
import sim.plots
from sim.beliefs.scoring import reliability, score
from sim.cli import run
from sim.errors import UsageError

TEXT = """
observed: {{outcome: {outcome}, source: a book}}
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


def test_shares_and_sides_of_every_dispute_add_up():
    one = Record(share=0.2, error=0.01, unfitted=0.3, blocked={"either": 0.5, "only $m$": 0.3})
    two = Record(share=0.0, error=0.0, unfitted=0.1, blocked={"only $m$": 1.0})
    data = sim.plots.beliefs_data({"a.yaml": one, "b": two})
    assert data.names == ("a", "b")
    assert np.allclose(data.shares.sum(axis=0), 1)
    ax = sim.plots.beliefs({"a.yaml": one, "b": two})
    widths = [bar.get_width() for bar in ax.patches if bar.get_y() > -0.5]
    assert np.allclose(sorted(w for w in widths if w), [0.2, 0.3, 0.5])
    with pytest.raises(UsageError):
        sim.plots.beliefs({})


def test_what_moved_comes_first_and_in_colour():
    rows = [
        Record(name="a", shift=0.5, error=0.4, moved=False),
        Record(name="e.yaml: b", shift=-0.3, error=0.02, moved=True),
    ]
    data = sim.plots.learned_data(rows)
    assert (data.names, data.all_moved, data.drawn) == (("e: b", "a"), 1, 2)
    ax = sim.plots.learned(rows)
    assert ax.get_title() == "The record moves 1 of 2 drawn numbers"
    assert [t.get_text() for t in ax.get_yticklabels()] == ["e: b", "a"]
    labelled = [Record(name="e.yaml: b", shift=1, error=0.1, moved=True, label="e: patience of B")]
    assert sim.plots.learned_data(labelled).names == ("e: patience of B",)


def test_reliability_is_murphys_partition():
    """Against the Brier score of all labels, where every bin holds one value."""
    forecast = np.array([[0.9, 0.1], [0.9, 0.1], [0.5, 0.5], [0.1, 0.9]])
    found = score("x", forecast, np.array([0, 1, 0, 1]))
    r = reliability(found, bins=5)
    hit = np.eye(2)[[0, 1, 0, 1]]
    assert r.reliability - r.resolution + r.uncertainty == pytest.approx(
        ((forecast - hit) ** 2).mean()
    )
    assert r.count == (3, 2, 3)
    data = sim.plots.calibration_data({"x": r})["x"]
    assert (data.low <= data.came).all()
    assert (data.came <= data.high).all()
    assert sim.plots.calibration({"x": r}).get_xlabel() == "how likely a label was called"


def test_from_a_folder_to_the_three_figures(tmp_path, capsys):
    folder = tmp_path / "s"
    folder.mkdir()
    for name, hold, outcome in (("a", 0.2, "treaty"), ("b", 0.3, "treaty"), ("c", 0.6, "none")):
        (folder / f"{name}.yaml").write_text(TEXT.format(hold=hold, outcome=outcome))
    beliefs = str(tmp_path / "b")
    assert run(["calibrate", str(folder), "--points", "256", "--out", beliefs]) == 0
    for words in (
        ["learned", beliefs],
        ["beliefs", str(folder), "--beliefs", beliefs],
        ["calibration", str(folder)],
    ):
        out = tmp_path / f"{words[0]}.png"
        assert run(["plot", *words, "--out", str(out)]) == 0, capsys.readouterr().err
        assert out.stat().st_size > 5000
    assert run(["plot", "beliefs", str(folder), "--out", str(tmp_path / "no.png")]) == 2
    assert "--beliefs DIR" in capsys.readouterr().err
