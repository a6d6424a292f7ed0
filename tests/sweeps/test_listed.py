"""Points files as people have them: with a column of names, with semicolons, with decimal commas."""

import pytest
from sim.cli import run
from sim.errors import UsageError
from sim.loading import loads
from sim.sweeps import open_run, sweep

TEXT = """
parameters: {north.gain: {value: 0.4, range: [0, 1]}, south.gain: {value: 0.4, range: [0, 1]}}
issues: {line: {open: {}, drawn: {settled: 1}}}
outcomes: {treaty: settled}
actors: {north: {role: principal}, south: {role: principal}}
payoffs: {north: {line: (north.gain - 0.3)*settled}, south: {line: (south.gain - 0.3)*settled}}
"""
# A treaty is feasible where both gain more than 0.3.
POINTS = {"s0": (0.1, 0.8), "s1": (0.7, 0.2), "s2": (0.5, 0.4), "s3": (0.6, 0.7)}
FEASIBLE = [False, False, True, True]


def table(tmp_path, *lines):
    path = tmp_path / "points.csv"
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def rows(separator=","):
    return [separator.join((name, *map(str, point))) for name, point in POINTS.items()]


@pytest.mark.parametrize("name", ["scenario", "id", "who asked"])
@pytest.mark.parametrize("chunk", [1, 3, 100])
def test_names_of_points_are_kept_beside_the_results(tmp_path, name, chunk):
    path = table(tmp_path, f"{name},north.gain,south.gain", *rows())
    for out in (None, tmp_path / "run"):
        found = sweep(loads(TEXT), file=path, chunk=chunk, out=out)
        frame = found.to_frame()
        assert list(frame.columns[:3]) == [name, "north.gain", "south.gain"]
        assert frame[name].tolist() == list(POINTS)
        assert frame["feasible"].tolist() == FEASIBLE
        assert found.array(name).tolist() == list(POINTS)
    assert open_run(tmp_path / "run").to_xarray()[name].values.tolist() == list(POINTS)


def test_numbers_that_name_points_and_columns_that_stand_anywhere(tmp_path):
    path = table(
        tmp_path, "south.gain,id,north.gain,note", "0.8,1,0.1,cold", "0.4,2,0.5,", "0.7,3,0.6,warm"
    )
    frame = sweep(loads(TEXT), file=path).to_frame()
    assert frame["id"].tolist() == ["1", "2", "3"]
    assert frame["note"].tolist() == ["cold", "", "warm"]
    assert frame["feasible"].tolist() == [False, True, True]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["north.gain;south.gain", "0,1;0,8"],
         "its columns are separated by semicolons; separate by commas, decimals by points"),
        (["north.gain\tsouth.gain", "0.1\t0.8"],
         "its columns are separated by tabs; separate by commas, decimals by points"),
        (["north.gain", '"0,1"'],
         "column 'north.gain' holds '0,1', which is not a number; write decimals by points"),
        (["north.gain", "much"], "column 'north.gain' holds 'much', which is not a number"),
        (["id,north.gian", "a,0.1"], "unknown parameter 'north.gian'; did you mean"),
        (["id", "a"], "no points in it"),
        (["margin,north.gain", "low,0.1"],
         "the column 'margin' of the points has the name of a result; rename it"),
    ],
)  # fmt: skip
def test_tables_that_are_no_points_are_refused_in_a_sentence(tmp_path, capsys, lines, words):
    path = table(tmp_path, *lines)
    with pytest.raises(UsageError) as caught:
        sweep(loads(TEXT), file=path)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_names_of_points_are_part_of_a_run(tmp_path, capsys):
    (tmp_path / "x.yaml").write_text(TEXT)
    words = ["sweep", str(tmp_path / "x.yaml"), "--out", str(tmp_path / "run"), "--file"]
    path = table(tmp_path, "id,north.gain", "a,0.1", "b,0.5")
    assert run([*words, str(path)]) == 0
    assert run([*words, str(path), "--resume"]) == 0
    path = table(tmp_path, "id,north.gain", "a,0.1", "c,0.5")
    assert run([*words, str(path), "--resume"]) == 2
    assert "another design" in capsys.readouterr().err
