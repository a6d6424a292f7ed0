"""Sweeps that keep counts alone: shares are those of stored sweeps, whoever counts and where they stop."""

import json

import numpy as np
import pytest
import sim
from sim import plots
from sim.errors import SimError, UsageError
from sim.sweeps import make_plan, open_run
from sim.sweeps.reduced import raster_of, reduce_plan, state

GRID = {"tokyo.principle": (0, 1, 12), "moscow.holding": (0.5, 2.5, 9)}


def same(counted, stored):
    """Everything that a stored run says of itself."""
    return {name: counted[name] for name in stored} == stored


@pytest.mark.parametrize("design", ["sobol", "latin", "monte_carlo"])
@pytest.mark.parametrize("jobs", [1, 2])
def test_shares_are_those_of_a_stored_sweep_with_the_same_seed(dispute, design, jobs):
    how = {"design": design, "points": 1200, "seed": 5}
    stored = sim.sweep(dispute, **how).summary()
    counted = sim.sweep(dispute, **how, reduce="share", jobs=jobs, workers="threads", chunk=256)
    assert same(counted.summary(), stored)
    p = stored["feasible_share"]
    assert counted.summary()["standard_error"] == pytest.approx(np.sqrt(p * (1 - p) / 1200))


def test_a_grid_is_no_sample(dispute):
    found = sim.sweep(dispute, vary=GRID, reduce="share").summary()
    assert same(found, sim.sweep(dispute, vary=GRID).summary())
    assert found["standard_error"] is None


def test_points_without_an_answer_are_counted(fragile):
    vary = {"moscow.mood": (0, 1, 201), "tokyo.principle": (0, 1, 3)}
    found = sim.sweep(fragile, vary=vary, reduce="share", chunk=50).summary()
    assert found["failed"] == 3
    assert same(found, sim.sweep(fragile, vary=vary).summary())
    with pytest.raises(SimError, match=r"infinite|not a number"):
        sim.sweep(fragile, vary=vary, reduce="share", fail_fast=True)


def test_a_raster_with_a_cell_for_every_point_is_the_grid(dispute):
    grid, found = sim.sweep(dispute, vary=GRID), sim.sweep(dispute, vary=GRID, reduce="raster")
    assert found.shape == grid.shape
    for path in GRID:
        assert np.array_equal(found.coordinates(path), grid.coordinates(path))
    for column in ("margin", "rung", "binding", "predicted_class"):
        assert np.array_equal(found.array(column), grid.array(column)), column
    assert (found.array("points") == 1).all()


def test_a_raster_of_draws_adds_up_to_their_shares(dispute, tmp_path):
    how = {"design": "sobol", "points": 2000, "seed": 1}
    vary = dict.fromkeys(("tokyo.principle", "moscow.holding", "moscow.mood"))
    where = {"x": "moscow.holding", "y": "tokyo.principle", "cells": (7, 4)}
    sim.sweep(dispute, vary=vary, **how, reduce="raster", **where, out=tmp_path / "run")
    run = open_run(tmp_path / "run")
    stored = sim.sweep(dispute, vary=vary, **how)
    assert run.shape == (7, 4)
    assert run.array("points").sum() == 2000
    x, y = (stored.array(where[k]) for k in "xy")
    here = (x >= 0.1 + 2 * 2.9 / 7) & (x < 0.1 + 3 * 2.9 / 7) & (y >= 0.25) & (y < 0.5)
    assert run.array("points")[2, 1] == here.sum()
    assert run.array("margin")[2, 1] == pytest.approx(stored.array("margin")[here].mean())
    share = (stored.array("feasible")[here] == True).mean()  # noqa: E712 (null on the knife-edge)
    assert run.array("feasible_share")[2, 1] == pytest.approx(share)
    assert same(run.summary(), stored.summary())
    assert plots.landscape(run).get_xlabel().startswith("moscow.holding")
    assert run.swept == tuple(vary)


def test_what_was_counted_is_not_counted_again(dispute, tmp_path, monkeypatch):
    """A sweep that was stopped goes on after the chunks that are in its tally."""
    how = {"design": "monte_carlo", "points": 2000, "chunk": 100, "reduce": "share"}
    whole = sim.sweep(dispute, **how).summary()
    done = []

    def stop(progress):
        done.append(progress.done)
        if len(done) == 7:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sim.sweep(dispute, **how, out=tmp_path / "run", progress=stop)
    assert state.read(tmp_path / "run")[0] == 7
    with pytest.raises(UsageError, match="--resume"):
        sim.sweep(dispute, **how, out=tmp_path / "run")
    with pytest.raises(UsageError, match="another design"):
        sim.sweep(dispute, **{**how, "seed": 3}, out=tmp_path / "run", resume=True)
    with pytest.raises(UsageError, match="something else"):
        sim.sweep(dispute, **{**how, "reduce": "none"}, out=tmp_path / "run", resume=True)
    fresh = []
    run = sim.sweep(
        dispute, **how, out=tmp_path / "run", resume=True, progress=lambda p: fresh.append(p.fresh)
    )
    assert fresh[-1] == 1300
    assert run.summary() == whole == open_run(tmp_path / "run").summary()
    assert json.loads((tmp_path / "run" / "manifest.json").read_text())["summary"] == whole


def test_damaged_counts_are_an_error(dispute, tmp_path):
    how = {"design": "monte_carlo", "points": 500, "reduce": "share", "out": tmp_path / "run"}
    sim.sweep(dispute, **how)
    (tmp_path / "run" / "counts.npz").write_bytes(b"no archive")
    with pytest.raises(UsageError, match="is damaged"):
        sim.sweep(dispute, **how, resume=True)


def test_nothing_is_kept_but_counts(dispute, tmp_path):
    run = sim.sweep(dispute, design="sobol", points=1024, reduce="share", out=tmp_path / "run")
    assert sum(f.stat().st_size for f in (tmp_path / "run").iterdir()) < 20_000
    assert run.complete
    for call in (run.to_frame, run.to_xarray, run.to_dataset):
        with pytest.raises(UsageError, match="kept counts and no point"):
            call()


def test_an_answer_does_not_depend_on_when_chunks_come(dispute):
    """Margins are added in the order of the design, so that a raster is the same to the last bit."""
    how = {"design": "monte_carlo", "points": 3000, "chunk": 128}
    found = []
    for jobs in (1, 2):
        plan = make_plan(dispute, **how, engine="compiled")
        raster = raster_of(plan.design, cells=(3, 3))
        found.append(reduce_plan(plan, "raster", raster=raster, jobs=jobs).array("margin"))
    assert np.array_equal(*found)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"reduce": "shrae"}, "unknown reduction 'shrae'; did you mean 'share'"),
        ({"cells": (2, 2)}, "give --reduce raster"),
        ({"reduce": "raster", "cells": (0, 2)}, "a raster of 0 x 2 cells"),
        ({"reduce": "raster", "x": "moscow.hold"}, "'moscow.hold' is not varied; did you mean"),
        ({"reduce": "raster", "x": "moscow.holding", "y": "moscow.holding"}, "over itself"),
        ({"workers": "thread"}, "unknown kind of workers 'thread'; did you mean 'threads'"),
    ],
)
def test_wrong_requests_are_refused(dispute, options, words):
    with pytest.raises(UsageError, match=words):
        sim.sweep(dispute, vary=GRID, **options)


def test_a_raster_needs_two_parameters_with_bounds(dispute):
    with pytest.raises(UsageError, match="needs two varied parameters"):
        sim.sweep(dispute, vary={"moscow.mood": (0, 1, 5)}, reduce="raster")
