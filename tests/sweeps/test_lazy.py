"""Stored runs are read as far as they are asked for, also while they are being computed."""

import numpy as np
import pytest
from sim.sweeps import open_run, store, sweep
from sim.sweeps.lazy import StoredColumn

VARY = {"tokyo.principle": (0.0, 1.0, 20), "moscow.mood": (0.0, 1.0, 10), "limit": (0, 1, 3)}


@pytest.fixture(scope="module")
def run(dispute, tmp_path_factory):
    return sweep(dispute, vary=VARY, out=tmp_path_factory.mktemp("runs") / "run", chunk=7)


@pytest.fixture
def read(monkeypatch):
    """Names of the chunk files that are read."""
    seen, real = [], store.read_chunk

    def counted(file, columns=None):
        seen.append(file.name)
        return real(file, columns)

    monkeypatch.setattr("sim.sweeps.lazy.read_chunk", counted)
    return seen


def test_a_lazy_dataset_holds_the_columns(dispute, run):
    data = open_run(run.folder).to_xarray()
    memory = sweep(dispute, vary=VARY).to_xarray()
    assert data.sizes == memory.sizes
    for name in memory.data_vars:
        assert data[name].dtype == memory[name].dtype, name
        assert data[name].values.astype(str).tolist() == memory[name].values.astype(str).tolist()


def test_opening_reads_no_chunk_and_a_point_reads_one(run, read):
    data = open_run(run.folder).to_xarray()
    assert read == []
    value = float(data["margin"].isel({"tokyo.principle": 3, "moscow.mood": 4, "limit": 1}))
    assert value == run.array("margin")[3, 4, 1]
    assert len(read) == 1


SELECTIONS = [
    (slice(2, 17, 5), 4, slice(None)),
    (np.array([5, 1, 1]), slice(None, None, -1), 2),
    (slice(0, 0), slice(None), slice(None)),
    (3, np.array([0, 9]), np.array([2, 0, 1])),
]


@pytest.mark.parametrize("key", SELECTIONS)
def test_selections_are_those_of_the_whole_array(run, key):
    data = open_run(run.folder).to_xarray()
    chosen = dict(zip(VARY, key, strict=True))
    whole = run.array("margin")
    for axis, k in reversed(list(enumerate(key))):
        whole = whole[(slice(None),) * axis + (k,)]
    assert data["margin"].isel(chosen).values == pytest.approx(whole, abs=0)


def test_what_is_not_finished_is_null(dispute, tmp_path):
    def stop(state):
        if state.done >= 84:
            raise KeyboardInterrupt

    out = tmp_path / "run"
    with pytest.raises(KeyboardInterrupt):
        sweep(dispute, vary=VARY, out=out, chunk=7, progress=stop)
    part = open_run(out)
    data = part.to_xarray()
    margin = data["margin"].values.ravel()
    whole = sweep(dispute, vary=VARY).array("margin").ravel()
    assert margin[:84].tolist() == whole[:84].tolist()
    assert np.isnan(margin[84:]).all()
    assert set(data["binding"].values.ravel()[84:]) == {None}
    assert part.to_dataset().count_rows() == len(part.to_frame()) == 84
    assert part.summary()["points"] == 84


def test_a_random_design_has_lazy_coordinates(dispute, tmp_path, read):
    run = sweep(dispute, design="sobol", points=64, out=tmp_path / "run", chunk=8)
    data = run.to_xarray()
    assert read == []
    assert data["tokyo.principle"].values.tolist() == run.array("tokyo.principle").tolist()


def test_a_hundred_million_points_are_opened_without_being_read(read):
    """The array of a run of 1e8 points exists before any of it does."""
    column = StoredColumn("margin", (10_000, 10_000), np.dtype(np.float64), {}, 65_536)
    assert np.isnan(column._select((5, slice(0, 3)))).all()
    assert read == []
