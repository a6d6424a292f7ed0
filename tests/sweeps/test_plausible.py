"""The share of the plausible box: the declared ranges cut out of a grid, by hand and cell by cell."""

from __future__ import annotations

import json

import numpy as np
import pytest
from sim._kernels.cells import share_inside
from sim.cli import run as command
from sim.loading import loads
from sim.sweeps import open_run, sweep
from sim.sweeps.plausible import plausible_share

LINE = """
title: Feasible where x + y is below 1
parameters: {x: {value: 0.3, range: [0.2, 0.4]}, y: {value: 0.5, range: [0.5, 1]}, z: 3}
issues: {peace: {no: {}, yes: {signed: 1}}}
outcomes: {treaty: signed}
actors: {a: {role: principal}, b: {role: principal}}
payoffs: {a: {gain: (1 - x - y)*signed}, b: {gain: 0.1*z*signed}}
"""


@pytest.fixture(name="line", scope="module")
def _line():
    return loads(LINE)


def by_hand(run, ranges):
    """Area of the feasible cells in the box over that of the cells in it, cell by cell."""
    x, y = (run.coordinates(path) for path in ("x", "y"))
    yes, edge, total = 0.0, 0.0, 0.0
    for u in x:
        for v in y:
            area = 1.0
            for value, axis, (low, high) in ((u, x, ranges[0]), (v, y, ranges[1])):
                half = (axis[1] - axis[0]) / 2
                area *= max(0.0, min(value + half, high) - max(value - half, low))
            total += area
            yes += area * (1 - u - v > 1e-9)
            edge += area * (abs(1 - u - v) <= 1e-9)
    return yes / total, edge / total


@pytest.mark.parametrize("count", [5, 11, 40])
def test_it_is_the_area_of_the_feasible_cells_in_the_box(line, count):
    run = sweep(line, vary={"x": (0, 1, count), "y": (0, 1, count)})
    found = plausible_share(run)
    yes, edge = by_hand(run, ((0.2, 0.4), (0.5, 1)))
    assert found.feasible == pytest.approx(yes)
    assert found.knife_edge == pytest.approx(edge)
    assert found.covered == pytest.approx(1)


def test_a_fine_grid_comes_near_the_area(line):
    run = sweep(line, vary={"x": (0, 1, 201), "y": (0, 1, 201)})
    # over x from 0.2 to 0.4 the line leaves y from 0.5 to 1 - x: 0.04 of 0.1
    assert plausible_share(run).feasible == pytest.approx(0.4, abs=0.02)


def test_what_the_grid_does_not_cover_is_said(line):
    found = plausible_share(sweep(line, vary={"x": (0, 1, 11), "y": (0, 0.75, 16)}))
    assert found.covered == pytest.approx((0.75 + 0.025 - 0.5) / 0.5)


def test_there_is_none_without_ranges_or_without_a_grid(line):
    assert plausible_share(sweep(line, vary={"x": (0, 1, 5), "z": (0, 1, 5)})) is None
    assert plausible_share(sweep(line, design="sobol", points=64)) is None
    assert plausible_share(sweep(line, vary={"x": (0.8, 1, 5), "y": (0, 1, 5)})) is None


def test_a_stored_run_says_the_same_and_the_command_prints_it(tmp_path, capsys):
    file, out = tmp_path / "line.yaml", tmp_path / "run"
    file.write_text(LINE)
    words = ["sweep", str(file), "--vary", "x=0:1:11", "--vary", "y=0:1:11"]
    assert command([*words, "--out", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["summary"]["plausible"]
    found = plausible_share(open_run(out))
    assert told == {
        "feasible": found.feasible,
        "knife_edge": found.knife_edge,
        "covered": found.covered,
    }
    assert command(words) == 0
    said = " ".join(capsys.readouterr().out.split())
    box = "over the plausible values alone (the parameters' ranges in the file): feasible at"
    assert f"{box} {found.feasible:.1%}" in said


def test_shares_of_an_interval_add_up():
    rng = np.random.default_rng(1)
    for _ in range(100):
        axis = np.sort(rng.random(6))
        low, high = np.sort(rng.uniform(axis[0], axis[-1], 2))
        assert share_inside(axis, low, high).sum() == pytest.approx(1)
        assert share_inside(axis[::-1], low, high)[::-1] == pytest.approx(
            share_inside(axis, low, high)
        )
