"""The chance of a treaty by a year over one or two parameters, against closed forms and single forecasts."""

from __future__ import annotations

import json
from math import log

import numpy as np
import pytest
import sim
from sim.cli import run
from sim.dynamics.over_ranges.lattice import refined
from sim.errors import UsageError

HAZARD = """
title: A constant hazard
parameters:
  mood: 0
  calm: {value: 0.1, range: [0.02, 0.3], source: counted}
  gain: {value: 0.1, range: [-1, 1], source: assumed}
issues: {peace: {no: {}, yes: {signed: 1}}}
outcomes: {treaty: signed}
actors: {a: {role: principal}, b: {role: principal}}
payoffs: {a: {x: signed}, b: {x: (mood + gain)*signed}}
game: [{offer: a}, {reply: b}]
dynamics:
  period: {start: 2030}
  report: 10
  discount: {a: 0.5, b: 0.5}
  proposer: a
  world:
    b: {now: hostile, levels: {hostile: {mood: -9}, calm: {mood: 0}}, moves: {hostile: {calm: calm}}}
"""
"""Calm stays, and then b signs where it gains: by the end of year n the chance is 1 - (1 - calm)**(n - 1)."""


@pytest.fixture(scope="module")
def hazard():
    return sim.loads(HAZARD)


def test_the_mean_is_that_of_forecasts_with_the_number_held(small):
    world = small()
    found = sim.forecast_over(world, vary={"price": (0, 0.4)}, of="forecast:2040", draws=16, seed=3)
    for k in np.flatnonzero(found.asked)[::6]:
        price = float(found.axes["price"][k])
        alone = sim.forecast(world.with_values({"price": price}), draws=16, seed=3)
        assert found.chance[k] == pytest.approx(alone.chance(2040), abs=1e-12)
        spread = alone.by[10].std(ddof=1) / 4
        assert found.error[k] == pytest.approx(spread, abs=1e-12)


def test_a_constant_hazard_crosses_one_half_where_it_must(hazard):
    held = hazard.with_values({"gain": 1.0})
    found = sim.forecast_over(held, vary={"calm": None}, of="forecast:2039", draws=2)
    ((lo, hi),) = found.crossings
    assert lo <= 1 - 0.5 ** (1 / 9) <= hi
    assert hi - lo <= 0.28 / 500
    assert found.error.max() == 0
    assert found.shares["within_error"] == found.shares["crossed"]


def test_over_two_the_share_above_is_the_area_above(hazard):
    asked = {"calm": None, "gain": (-1, 1)}
    found = sim.forecast_over(hazard, vary=asked, of="forecast:2039>=0.75", draws=2)
    above = (0.3 - (1 - 0.25 ** (1 / 9))) / 0.28 / 2  # gain above 0 is half of its range
    shares = found.shares
    assert shares["above"] <= above <= shares["above"] + shares["crossed"]
    assert shares["crossed"] < 0.08
    assert sum(shares[k] for k in ("above", "below", "crossed", "unanswered")) == pytest.approx(1)
    calm, gain = np.meshgrid(*found.axes.values(), indexing="ij")
    true = np.where(gain >= 0, 1 - (1 - calm) ** 9, 0.0)
    assert np.abs(found.chance - true)[found.asked].max() < 1e-12
    assert found.asked.sum() < found.chance.size / 3


def test_where_rates_are_no_chances_there_is_no_answer(hazard):
    held = hazard.with_values({"gain": 1.0})
    found = sim.forecast_over(held, vary={"calm": (0.5, 1.5)}, of="forecast:2039", draws=2)
    assert found.shares["unanswered"] == pytest.approx(0.5, abs=1 / 100)
    assert "without an answer" in str(found)


def test_a_lattice_is_refined_beside_a_circle():
    def disc(at):
        x, y = at / 64 - 0.5
        return 0.3**2 - x**2 - y**2, np.zeros(at.shape[1])

    found = refined(disc, 2, cells=8, halvings=3, level=0.0)
    x, y = np.meshgrid(*[np.arange(65) / 64 - 0.5] * 2, indexing="ij")
    wrong = (found.value >= 0) != (x**2 + y**2 <= 0.3**2)
    assert not wrong.any()
    assert found.asked.sum() < 65**2 / 4


def test_who_asks_for_a_proof_is_told_where_it_is_sampled(hazard):
    with pytest.raises(sim.SimError, match=r"sampled and not proved: in Python sim\.forecast_over"):
        sim.frontier(hazard, vary={"calm": None}, of="forecast:2039>=0.75")


class TestCommand:
    def test_it_says_what_is_not_proved(self, tmp_path, capsys):
        file = tmp_path / "hazard.yaml"
        file.write_text(HAZARD)
        words = [
            "frontier",
            str(file),
            "--vary",
            "calm",
            "--vary",
            "gain",
            "--draws",
            "2",
            "--quiet",
        ]
        out = tmp_path / "kept"
        assert run([*words, "--of", "forecast:2039", "--out", str(out), "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["proved"] is False
        assert (out / "chance_map.png").stat().st_size > 1000
        stored = json.loads((out / "forecast.json").read_text())
        assert stored["shares"] == told["shares"]
        table = np.genfromtxt(out / "points.csv", delimiter=",", names=True)
        assert len(table) == len(told["points"]["chance"])
        assert run([*words, "--of", "forecast:2039"]) == 0
        assert "sampled, not proved" in capsys.readouterr().out
        assert run(["plot", "landscape", str(out), "--out", str(tmp_path / "x.png")]) == 2
        assert "drawn anew from the file: sim plot landscape FILE" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (["--of", "forecast:2080"], "runs from 2030 to 2039"),
            (["--of", "forecast:2035>=2"], "a chance between 0 and 1"),
            (["--of", "forecast:2035<=0.5"], "forecast:YEAR>=CHANCE is needed"),
            (["--of", "forecast:2035", "--robust"], "takes no --never and no --robust"),
            (["--of", "forecast:2035", "--vary", "mood=0:1"], "set by the levels of 'b'"),
            (["--of", "forecast:2035", "--vary", "gain", "--vary", "x=0:1"], "one or two"),
            (["--draws", "9"], "only --of forecast:YEAR draws anything"),
        ],
    )
    def test_bad_options(self, words, told, tmp_path, capsys):
        file = tmp_path / "hazard.yaml"
        file.write_text(HAZARD)
        assert run(["frontier", str(file), "--vary", "calm", "--quiet", *words]) == 2
        assert told in capsys.readouterr().err

    def test_a_run_is_analysed_and_drawn_by_it(self, tmp_path, capsys):
        file, out = tmp_path / "hazard.yaml", tmp_path / "run"
        file.write_text(HAZARD)
        grid = ["--vary", "calm=0.02:0.3:8", "--vary", "gain=-1:1:4", "--out", str(out)]
        assert run(["sweep", str(file), *grid, "--of", "forecast:2039", "--quiet"]) == 0
        capsys.readouterr()
        assert run(["analyse", str(out), "--of", "forecast:2039>=0.75", "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["tornado"]["column"] == "forecast"
        assert told["prim"]["target"] == "forecast>=0.75"
        assert run(["analyse", str(out), "--of", "forecast:2038"]) == 2
        assert "swept for another year" in capsys.readouterr().err
        png = tmp_path / "map.png"
        assert run(["plot", "landscape", str(out), "--of", "forecast:2039", "--out", str(png)]) == 0
        assert png.stat().st_size > 1000
        assert run(["plot", "ladder", str(out), "--of", "forecast:2039"]) == 2


def test_the_map_shows_what_was_found(hazard):
    found = sim.forecast_over(
        hazard, vary={"calm": None, "gain": None}, of="forecast:2039", draws=2
    )
    ax = sim.plots.chance_map(found, x="gain", y="calm")
    data = sim.plots.chance_map_data(found, x="gain", y="calm")
    assert data.chance.shape == (33, 33)
    assert np.array_equal(data.chance, found.chance)
    title = ax.get_title()
    assert "by the end of 2039: sampled, not proved" in title
    assert "mean of 2 draws" in title
    line = next(c for c in ax.collections if c.get_zorder() == 4)
    heights = np.concatenate([p.vertices[:, 1] for p in line.get_paths()])
    crossing = 1 - np.exp(log(0.5) / 9)
    assert np.abs(heights[np.isfinite(heights)] - crossing).min() < 0.003


def test_python_refuses_what_the_command_refuses(hazard):
    with pytest.raises(UsageError, match="at least 2"):
        sim.forecast_over(hazard, vary={"calm": None}, of="forecast:2035", draws=1)
    plain = sim.loads(HAZARD.replace("{value: 0.1, range: [-1, 1], source: assumed}", "0.1"))
    with pytest.raises(UsageError, match="has no range in the file"):
        sim.forecast_over(plain, vary={"gain": None}, of="forecast:2035", draws=2)
