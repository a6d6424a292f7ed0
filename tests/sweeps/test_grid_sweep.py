"""Sweeps over grids: every point is the one that was asked for, and carries its own answer."""

import itertools

import numpy as np
import pytest
from sim.errors import SimError, UsageError
from sim.feasibility.evaluate import RUNG_NAMES, evaluate, prepare
from sim.sweeps import open_run, sweep
from sim.sweeps.designs import Grid
from sim.sweeps.designs.grid import MOST_AXES

VARY = {"tokyo.principle": (0.0, 1.0, 6), "moscow.holding": (0.5, 2.5, 5), "moscow.mood": (0, 1, 4)}


def test_grid_points_by_index_are_the_cartesian_product():
    design = Grid(axes=VARY)
    axes = [np.linspace(lo, hi, n) for lo, hi, n in VARY.values()]
    expected = np.array(list(itertools.product(*axes))).T
    assert design.size == 120
    assert np.array_equal(design.points(0, 120), expected)
    for start, stop in ((0, 1), (7, 31), (119, 120)):
        assert np.array_equal(design.points(start, stop), expected[:, start:stop])


def test_every_point_differs_and_carries_its_values(dispute):
    run = sweep(dispute, vary=VARY)
    frame = run.to_frame()
    rows = frame[list(VARY)].to_numpy()
    assert len(np.unique(rows, axis=0)) == len(rows) == 120
    assert np.array_equal(rows.T, Grid(axes=VARY).points(0, 120))


def test_columns_equal_a_loop_over_single_points(dispute):
    """Each row is what the scenario says when its parameters are set to that row, one at a time."""
    run = sweep(dispute, vary=VARY)
    frame = run.to_frame()
    for k in range(0, 120, 7):
        row = frame.iloc[k]
        problem = prepare(dispute.with_values({path: row[path] for path in VARY}))
        one = evaluate(problem, np.zeros((0, 1)))
        ladder, p, space = one.ladder, one.prediction, problem.dispute.space
        assert row["margin"] == pytest.approx(ladder.margin[0], abs=1e-12)
        assert row["margin_in_every"] == pytest.approx(ladder.margin_in_every[0], abs=1e-12)
        assert bool(row["feasible"]) == (ladder.margin[0] > 0)
        assert row["rung"] == RUNG_NAMES[one.rung[0]]
        assert row["best_agreement"] == space.label(int(ladder.agreement[0]))
        assert row["binding"] == ladder.labels[ladder.binding[0]]
        assert row["binding_slack"] == pytest.approx(ladder.binding_slack[0], abs=1e-12)
        assert row["ties"] == ladder.ties[0]
        assert row["predicted_class"] == dispute.document.classes[p.outcome_class[0]]
        assert row["predicted_agreement"] == space.label(int(p.agreement[0]))
        assert row["in_every_equilibrium"] == p.in_every[0]
        assert row["equilibria"] == p.count[0]
        for actor, value in p.payoffs.items():
            assert row[f"payoffs.{actor}"] == pytest.approx(value[0], abs=1e-12)


def test_knife_edge_is_null_and_not_rounded(dispute):
    """At ``principle = 0.2`` and no other treaty in reach, Tokyo gains exactly nothing from T0."""
    frame = sweep(dispute, vary={"tokyo.principle": (0.0, 0.5, 51)}).to_frame()
    knife = frame["margin"].abs() < 1e-9
    assert frame["feasible"].isna().equals(knife)


@pytest.mark.parametrize("chunk", [1, 7, 64, 1000])
def test_chunking_changes_nothing(dispute, chunk):
    whole = sweep(dispute, vary=VARY).to_frame()
    assert sweep(dispute, vary=VARY, chunk=chunk).to_frame().equals(whole)


def test_a_stored_run_is_the_run_in_memory(dispute, tmp_path):
    here = sweep(dispute, vary=VARY)
    there = sweep(dispute, vary=VARY, out=tmp_path / "run", command="sim sweep x")
    opened = open_run(tmp_path / "run")
    assert opened.to_frame().equals(here.to_frame())
    assert there.to_frame(["margin"]).equals(here.to_frame(["margin"]))
    assert opened.varied == tuple(VARY)
    assert opened.shape == (6, 5, 4)
    assert opened.columns == tuple(here.to_frame().columns)
    assert opened.title == "Two islands"
    assert opened.unit("tokyo.value") == ""
    assert opened.unit("tokyo.principle") == "share"
    assert opened.manifest["command"] == "sim sweep x"
    assert opened.manifest["scenario"]["text"] == dispute.resolved
    assert not list((tmp_path / "run").glob("*.tmp"))


def test_to_xarray_labels_the_grid_by_dotted_paths(dispute):
    run = sweep(dispute, vary=VARY)
    data = run.to_xarray()
    assert data["margin"].dims == tuple(VARY)
    point = data.sel(
        {"tokyo.principle": 0.4, "moscow.holding": 1.5, "moscow.mood": 1}, method="nearest"
    )
    one = sweep(
        dispute.with_values({"tokyo.principle": 0.4, "moscow.mood": 1}),
        vary={"moscow.holding": (1.5, 1.5, 1)},
    )
    assert float(point["margin"]) == pytest.approx(one.array("margin")[0], abs=1e-12)
    assert data["tokyo.principle"].attrs["units"] == "share"


def test_summary_shares_are_counted(dispute):
    run = sweep(dispute, vary=VARY)
    frame, summary = run.to_frame(), run.summary()
    assert summary["points"] == 120
    assert summary["feasible_share"] == sum(frame["feasible"].eq(True)) / 120
    assert sum(summary["binding"].values()) == pytest.approx(1)


def test_the_files_own_sweep_is_the_default(dispute):
    assert sweep(dispute).shape == sweep(dispute, name="map").shape == (5, 3)


def test_progress_reaches_the_end(dispute):
    seen = []
    run = sweep(dispute, vary=VARY, chunk=50, progress=seen.append)
    assert [(state.done, state.total) for state in seen] == [(50, 120), (100, 120), (120, 120)]
    assert seen[-1].feasible == run.to_frame()["feasible"].eq(True).sum()
    assert seen[-1].left == 0


BAD = [
    ({"tokyo.principl": (0, 1, 3)}, "did you mean 'tokyo.principle'"),
    ({"tokyo.principle": (1, 0, 3)}, "lo <= hi"),
    ({"tokyo.principle": (0, float("inf"), 3)}, "finite"),
    ({"tokyo.principle": (-1e308, 1e308, 3)}, "too far apart"),
    ({"tokyo.principle": (0, 1, 0)}, "tokyo.principle"),
    ({"tokyo.principle": (0, 1, 10**7), "moscow.mood": (0, 1, 10**7)}, "limit"),
]


def test_a_grid_has_as_many_parameters_as_an_array_has_axes(dispute):
    many = {f"p{k}": (0, 1, 1) for k in range(MOST_AXES + 1)}
    with pytest.raises(
        UsageError, match=f"over {MOST_AXES + 1} parameters: {MOST_AXES} are the limit"
    ):
        sweep(dispute, vary=many)
    most = Grid(axes={f"p{k}": (0.0, 1.0, 2 if k < 5 else 1) for k in range(MOST_AXES)})
    assert most.points(0, 32).shape == (MOST_AXES, 32)
    assert most.probes().shape[0] == MOST_AXES


@pytest.mark.parametrize(("vary", "words"), BAD)
def test_a_wrong_request_says_what_is_wrong_and_writes_nothing(dispute, tmp_path, vary, words):
    with pytest.raises(UsageError, match=words):
        sweep(dispute, vary=vary, out=tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_an_unknown_sweep_is_named(dispute):
    with pytest.raises(UsageError, match="did you mean 'map'"):
        sweep(dispute, name="mapp")


def test_a_structural_parameter_cannot_be_varied(structural, tmp_path):
    with pytest.raises(UsageError, match=r"limit: decides which agreements exist"):
        sweep(structural, vary={"limit": (0, 1, 3)}, out=tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_division_by_zero_at_a_swept_point_names_term_and_point(fragile, tmp_path):
    with pytest.raises(SimError, match=r"payoffs\.moscow\.mood.*moscow\.mood=0\.5"):
        sweep(fragile, vary={"moscow.mood": (0, 1, 11)}, out=tmp_path / "run", fail_fast=True)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_in_it_is_refused(dispute, tmp_path):
    (tmp_path / "note").write_text("mine")
    with pytest.raises(UsageError, match="exists already"):
        sweep(dispute, vary=VARY, out=tmp_path)
    assert (tmp_path / "note").read_text() == "mine"
    assert [p.name for p in tmp_path.iterdir()] == ["note"]


def test_a_folder_that_cannot_be_written_is_refused(dispute, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be written"):
        sweep(dispute, vary=VARY, out=tmp_path / "file" / "run")


def test_a_folder_without_a_run_is_refused(tmp_path):
    with pytest.raises(UsageError, match="holds no run"):
        open_run(tmp_path)


def test_a_column_that_is_not_there_is_refused(dispute):
    run = sweep(dispute, vary=VARY)
    with pytest.raises(UsageError, match="did you mean 'margin'"):
        run.to_arrow(["margn"])
    with pytest.raises(UsageError, match="was not varied"):
        run.coordinates("limit")
