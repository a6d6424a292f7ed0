"""Stored runs are read as far as they are asked for, also while they are being computed."""

import re
import shutil
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from sim.errors import UsageError
from sim.sweeps import Run, open_run, store, sweep
from sim.sweeps.stored.lazy import StoredColumn

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

    monkeypatch.setattr("sim.sweeps.stored.lazy.read_chunk", counted)
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


@pytest.mark.parametrize("piece", [1, 7, 50])
@pytest.mark.parametrize("key", SELECTIONS)
def test_a_selection_read_in_pieces_is_the_selection(run, key, piece, monkeypatch):
    monkeypatch.setattr("sim.sweeps.stored.lazy.PIECE", piece)
    test_selections_are_those_of_the_whole_array(run, key)


def test_a_whole_column_reads_every_chunk_once(run, read):
    assert run.to_xarray()["margin"].values.shape == run.shape
    assert len(read) == len(set(read)) == len(store.chunk_files(run.folder))


def test_a_stretch_of_a_long_list_is_not_written_out():
    """Ten of 1e10 points take no more memory than ten points."""
    column = StoredColumn("margin", (10**10,), np.dtype(np.float64), {}, 65_536)
    tracemalloc.start()
    values = column._select((slice(5 * 10**9, 5 * 10**9 + 10),))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert values.shape == (10,)
    assert peak < 100_000


def test_a_chunk_that_is_finished_while_a_run_is_opened_is_null_or_right(run, monkeypatch):
    """What is listed at the first look counts: integers of a chunk not yet listed must not read 0."""
    looks, real = [], store.chunk_files

    def growing(folder):
        looks.append(folder)
        files = real(folder)
        return dict(list(files.items())[:-1]) if len(looks) == 1 else files

    monkeypatch.setattr("sim.sweeps.run.chunk_files", growing)
    ties = run.to_xarray()["ties"].values.ravel()
    assert np.isnan(ties[-1])
    assert ties[:-7].tolist() == run.array("ties").ravel()[:-7].tolist()


@pytest.mark.skipif(sys.platform == "win32", reason="limits open files")
def test_a_run_of_more_chunks_than_files_may_be_open_is_opened(run, tmp_path):
    import resource

    shutil.copytree(run.folder, tmp_path / "run")
    _, hard = limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    open_now = len(list(Path("/dev/fd").iterdir()))
    assert len(store.chunk_files(run.folder)) > 60
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (open_now + 40, hard))
        assert open_run(tmp_path / "run").to_xarray()["margin"].values.shape == run.shape
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def test_a_damaged_chunk_is_named_when_a_run_is_opened_lazily(dispute, tmp_path):
    run = sweep(dispute, vary=VARY, out=tmp_path / "run", chunk=200)
    file = store.chunk_files(run.folder)[0]
    file.write_bytes(file.read_bytes()[:50])
    for ask in (run.to_xarray, run.to_dataset, run.summary):
        with pytest.raises(UsageError, match=rf"{file.name} is damaged.*--resume"):
            ask()


def test_a_run_without_a_finished_chunk_says_so(dispute, tmp_path):
    run = sweep(dispute, vary=VARY, out=tmp_path / "run")
    next(iter(store.chunk_files(run.folder).values())).unlink()
    for ask in (run.to_xarray, run.to_dataset, run.to_frame, run.summary):
        with pytest.raises(UsageError, match="no finished chunk yet"):
            ask()


@pytest.mark.parametrize("design", ["grid", "sobol"])
def test_what_a_notebook_shows_reads_no_points(dispute, tmp_path, design, monkeypatch):
    options = {"vary": VARY} if design == "grid" else {"points": 40, "vary": {"moscow.mood": None}}
    run = sweep(dispute, design=design, out=tmp_path / "run", **options)
    monkeypatch.setattr(Run, "array", None)
    shown = re.sub(' (style|class)="[^"]*"', "", run._repr_html_())
    assert "<td>moscow.mood</td><td>0 to 1</td>" in shown


def test_columns_carry_their_units(dispute, tmp_path):
    run = sweep(dispute, vary=VARY, out=tmp_path / "run")
    data = open_run(run.folder).to_xarray()
    assert data["tokyo.principle"].attrs["units"] == "share"
    assert data["margin"].attrs["units"] == "payoff spread"
    assert data["payoffs.tokyo"].attrs["units"] == "payoff"
    assert "units" not in data["binding"].attrs
    numbers = {name for name, column in data.data_vars.items() if column.dtype.kind in "fi"}
    assert numbers <= run.manifest["units"].keys()
