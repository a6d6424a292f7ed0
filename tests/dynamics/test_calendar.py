"""A world without a calendar counts periods, in sentences and on axes; one with a calendar counts years."""

from __future__ import annotations

import json

import pytest
import sim
from sim.cli import run
from sim.dynamics.waiting import waiting_of


@pytest.fixture
def timeless(small):
    return small(**{"period: {start: 2030, years: 1}": "period: {}"})


def test_periods_in_sentences(small, timeless):
    said = str(sim.forecast(timeless, draws=4))
    assert "A treaty by period 19: " in said
    assert " by period 19 (reference class" in " ".join(said.split())
    assert "An offer is made once a period" in said
    assert "periods spent" in said
    assert "period 9 " in said
    assert "year" not in said
    assert "A treaty by 2049: " in str(sim.forecast(small(), draws=4))
    five = sim.forecast(small(**{"{start: 2030, years: 1}": "{years: 5}"}), draws=4)
    assert "A treaty by year 19: " in str(five)
    with pytest.raises(sim.UsageError, match="runs from period 0 to period 19"):
        sim.forecast(timeless, draws=2).at(30)


@pytest.mark.parametrize("kind", ["forecast", "obstacles", "commitment", "paths"])
def test_axes_count_what_the_world_counts(small, timeless, kind):
    for scenario, unit in ((timeless, "period"), (small(), "year")):
        found = sim.forecast(scenario, draws=2)
        data = found.simulate(4) if kind == "paths" else found
        assert getattr(sim.plots, kind)(data).get_xlabel() == unit
    assert waiting_of(found).state


def test_a_figure_of_chances(timeless, tmp_path, capsys):
    file = tmp_path / "small.yaml"
    file.write_text(timeless.resolved)
    assert "chances to move in a period" in sim.plot("chain", file).get_title()
    words = ["frontier", str(file), "--vary", "price=0:1", "--of", "forecast:9", "--draws", "2"]
    assert run(words) == 0
    assert "Chance of a treaty by the end of period 9" in capsys.readouterr().out
    out = str(tmp_path / "run")
    assert (
        run(["sweep", str(file), "--vary", "price=0:1:3", "--of", "forecast:9", "--out", out]) == 0
    )
    assert sim.open_run(out).unit("forecast") == "chance of a treaty by the end of period 9"
    capsys.readouterr()
    assert run(["analyse", out, "--of", "forecast:9", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)


def test_half_in_the_first_period_is_no_late_one():
    """Period 0 is a period: what is signed there at once has come by period 0."""
    said = " ".join(str(sim.forecast(sim.load("classics/promised-transfer"), draws=4)).split())
    assert "half of it has come by period 0" in said
    assert "The world does not move" in said
    assert "No number has a range to draw from, so all 4 draws are the same." in said
    assert "the only one 100 %" in said
