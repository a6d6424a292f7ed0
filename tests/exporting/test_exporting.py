"""Runs for other programs: what is read back is what the run holds, and no cell is a formula."""

from __future__ import annotations

import xml.etree.ElementTree as ET
import zipfile

import numpy as np
import pandas as pd
import pytest
import sim
import xarray as xr
from sim.cli import run as command
from sim.exporting import TABLES, export_run
from sim.exporting.workbook import MAIN, workbook
from sim.sweeps.store import chunk_files

TEXT = """
title: T
parameters: {cost: {value: 0.5, range: [0, 1]}, other: {value: 1, range: [0, 2]}}
issues: {peace: {no: {}, "=cmd()": {signed: 1}}}
outcomes: {treaty: signed}
actors: {a: {role: principal}, b: {role: principal}}
payoffs: {a: {gain: (0.3 - cost)*signed}, b: {gain: 0.1*signed*other}}
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "r"
    sim.sweep(sim.loads(TEXT), vary={"cost": (0, 1, 5), "other": (0, 2, 3)}, out=folder)
    return sim.open_run(folder)


def sheet_of(path):
    tree = ET.fromstring(zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml"))
    name = f"{{{MAIN}}}"
    rows = []
    for row in tree.iter(f"{name}row"):
        cells = []
        for cell in row:
            assert cell.find(f"{name}f") is None
            text = cell.find(f"{name}is/{name}t")
            value = cell.find(f"{name}v")
            cells.append(
                text.text if text is not None else None if value is None else float(value.text)
            )
        rows.append(cells)
    return rows


def test_every_table_is_read_back(run, tmp_path):
    frame = run.to_frame()
    assert list(TABLES) == ["csv", "xlsx", "parquet", "netcdf"]
    csv = pd.read_csv(export_run(run, to="csv", out=tmp_path / "r.csv"))
    assert list(csv.columns) == list(frame.columns)
    np.testing.assert_array_equal(csv["margin"], frame["margin"])
    parquet = pd.read_parquet(export_run(run, to="parquet", out=tmp_path / "r.parquet"))
    pd.testing.assert_frame_equal(parquet, frame, check_dtype=False)
    head, *rows = sheet_of(export_run(run, to="xlsx", out=tmp_path / "r.xlsx"))
    assert head == list(frame.columns)
    assert [row[head.index("margin")] for row in rows] == frame["margin"].tolist()


def test_a_grid_keeps_its_names(run, tmp_path):
    path = export_run(run, to="netcdf", out=tmp_path / "r.nc", columns=["margin", "best_agreement"])
    with xr.open_dataset(path, engine="scipy") as grid:
        assert set(grid.data_vars) == {"margin", "best_agreement"}
        np.testing.assert_array_equal(grid["margin"], run.to_xarray()["margin"])
        texts = labels_of(grid["best_agreement"])
        assert texts[0, 0] == "=cmd()"
        assert "_cmd_" in grid["best_agreement"].attrs["flag_meanings"].split()
        assert grid.attrs["Conventions"].startswith("CF-")


def labels_of(variable):
    """Codes as the texts that they stand for."""
    lines, codes = variable.attrs["labels"].split("\n"), variable.values
    assert variable.attrs["flag_values"].tolist() == list(range(len(lines)))
    assert len(variable.attrs["flag_meanings"].split()) == len(lines)
    texts = [None if np.isnan(code) else lines[int(code)] for code in codes.ravel()]
    return np.array(texts, dtype=object).reshape(codes.shape)


@pytest.mark.parametrize("lost", [(), (1,), (0, 2)])
def test_a_stored_grid_is_read_back_as_what_it_is(tmp_path, lost):
    """Chunk by chunk, with chunks that are not finished: null is null everywhere."""
    vary = {"cost": (0, 1, 5), "other": (0, 2, 3)}
    stored = sim.sweep(sim.loads(TEXT), vary=vary, out=tmp_path / "run", chunk=4)
    files = chunk_files(tmp_path / "run")
    for number in lost:
        files[number].unlink()
    path = export_run(stored, to="netcdf", out=tmp_path / "r.nc")
    wanted = stored.to_xarray()
    with xr.open_dataset(path, engine="scipy") as grid:
        assert set(grid.variables) == set(wanted.variables)
        for name, column in wanted.data_vars.items():
            if column.dtype.kind in "iuf":
                np.testing.assert_array_equal(grid[name], column)
            else:
                texts = [
                    str(v).lower() if isinstance(v, bool) else v for v in column.values.ravel()
                ]
                found = labels_of(grid[name]).ravel().tolist()
                assert found == [None if v is None or v != v else v for v in texts]


def test_no_cell_is_a_formula(run, tmp_path):
    text = export_run(run, to="csv", out=tmp_path / "r.csv").read_text()
    assert "'=cmd()" in text
    assert ",=cmd()" not in text
    rows = sheet_of(export_run(run, to="xlsx", out=tmp_path / "r.xlsx"))
    assert any("=cmd()" in row for row in rows)


def test_what_excel_cannot_hold_is_said():
    with pytest.raises(sim.SimError, match="holds 1,048,575 and a heading; use --to csv"):
        workbook(["a"], iter(()), 1_048_576)
    with pytest.raises(sim.SimError, match="holds 16,384; use --to csv"):
        workbook(["a"] * 16_385, iter(()), 1)


def test_hostile_texts_are_text_in_a_workbook(tmp_path):
    (tmp_path / "h.xlsx").write_bytes(workbook(["<a>"], [["\x1b[31m"], ["a&b"], [None], [True]], 4))
    assert sheet_of(tmp_path / "h.xlsx") == [["<a>"], [r"\x1b[31m"], ["a&b"], [None], [1.0]]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--to", "csv", "--columns", "margn"], "did you mean 'margin'"),
        (["--to", "csv", "--set", "cost=1"], "it takes no --set"),
        (["--to", "nfg", "--columns", "margin"], "--to nfg writes a game"),
    ],
)
def test_what_cannot_be_exported_is_refused(words, said, run, capsys):
    assert command(["export", str(run.folder), *words]) == 2
    assert said in capsys.readouterr().err


def test_the_command_writes_beside_the_run(run, capsys):
    assert command(["export", str(run.folder), "--to", "csv"]) == 0
    assert capsys.readouterr().out.strip() == f"{run.folder}.csv"


@pytest.mark.parametrize("to", ["csv", "parquet", "xlsx"])
def test_a_run_of_many_chunks_is_written_as_one_of_a_single_chunk(to, tmp_path):
    scenario = sim.loads(TEXT.replace("0.3 - cost", "0.3/other - cost"))  # no answer at 0
    found = {}
    for chunk in (4, 100):
        folder = tmp_path / str(chunk)
        vary = {"cost": (0, 1, 5), "other": (0, 2, 3)}
        run = sim.sweep(scenario, vary=vary, out=folder, chunk=chunk, keep_going=True)
        found[chunk] = export_run(sim.open_run(folder), to=to, out=tmp_path / f"{chunk}.{to}")
        assert run.summary()["failed"] == 5
    if to == "parquet":
        frames = [pd.read_parquet(path) for path in found.values()]
        pd.testing.assert_frame_equal(*frames, check_categorical=False, check_dtype=False)
    elif to == "xlsx":
        assert sheet_of(found[4]) == sheet_of(found[100])
    else:
        assert found[4].read_bytes() == found[100].read_bytes()
