"""``sim sweep`` as it is typed: options, exit codes, what goes to which stream."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sim.cli import run
from sim.cli.shared.progress import ProgressShown
from sim.sweeps import Progress, open_run

GRID = ["--vary", "tokyo.principle=0:1:5", "--vary", "moscow.holding=0.5:2.5:4"]


@pytest.fixture
def file(dispute, tmp_path):
    path = tmp_path / "two.yaml"
    path.write_text(dispute.resolved)
    return str(path)


def test_dry_run_says_what_it_takes_and_writes_nothing(file, tmp_path, capsys):
    out = tmp_path / "run"
    assert run(["sweep", file, *GRID, "--dry-run", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("20 points in 1 chunks, about ")
    assert "MB and" in said
    assert not out.exists()
    assert run(["sweep", file, *GRID, "--dry-run", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["points"], data["chunks"]) == (20, 1)
    assert data["megabytes"] > 0 < data["seconds"]


def test_dry_run_says_which_engine_and_why(file, capsys):
    pytest.importorskip("llvmlite")
    for engine, words in (
        ("auto", "numpy (too few points to compile for)"),
        ("compiled", "compiled (asked for)"),
        ("fast", "compiled (asked for)"),
    ):
        assert run(["sweep", file, *GRID, "--dry-run", "--engine", engine]) == 0
        said = capsys.readouterr()
        assert f"engine: {words}" in said.out
        assert ("is called 'compiled' now" in said.err) == (engine == "fast")
    assert run(["sweep", file, *GRID, "--dry-run", "--engine", "gpu"]) == 2


def test_dry_run_says_what_the_engine_leaves_to_others(tmp_path, capsys):
    """A tie at the middle of a grid, and a power that compiled code does not write."""
    pytest.importorskip("llvmlite")
    path = tmp_path / "left.yaml"
    path.write_text("""
parameters: {x: {value: 0.3, range: [0, 1]}}
issues: {deal: {none: {}, all: {signed: 1}}}
outcomes: {treaty: signed}
actors: {a: {role: principal}, b: {role: principal}}
payoffs: {a: {gain: signed*(x - 0.5)}, b: {gain: signed*exp(x)}}
""")
    words = ["sweep", str(path), "--vary", "x=0:1:101", "--dry-run", "--engine", "compiled"]
    assert run(words) == 0
    said = capsys.readouterr().out
    assert "points that were tried: near a tie" in said
    assert "numpy computes what is written with exp" in said


def test_a_random_design_is_written_and_resumed(file, tmp_path, capsys):
    out = tmp_path / "run"
    words = ["sweep", file, "--design", "sobol", "--points", "50", "--seed", "4", "--out", str(out),
             "--vary", "tokyo.principle=0:0.5", "--vary", "moscow.mood", "--json"]  # fmt: skip
    assert run(words) == 0
    first = json.loads(capsys.readouterr().out)["summary"]
    assert first["points"] == 50
    stored = open_run(out)
    assert stored.array("tokyo.principle").max() <= 0.5
    assert stored.manifest["seed"] == 4
    assert run(words) == 2
    assert "--resume" in capsys.readouterr().err
    assert run([*words, "--resume"]) == 0
    assert json.loads(capsys.readouterr().out)["summary"] == first


BAD = [
    (["--vary", "tokyo.principle=0:1"], "LO:HI:N"),
    (["--vary", "tokyo.principle"], "LO:HI:N"),
    (["--vary", "tokyo.principle=0:1:x"], "'x' is not a number of points"),
    (["--vary", "tokyo.principle=a:1:3"], "'a' is not a number"),
    ([*GRID, "--resume"], "--resume needs --out"),
    ([*GRID, "--jobs", "0"], "--jobs 0: at least 1"),
    ([*GRID, "--jobs", "0", "--dry-run"], "--jobs 0: at least 1"),
    ([*GRID, "--points", "50"], "belong to a random design"),
    ([*GRID, "--out", "s3://bucket/run"], "is an address"),
    ([*GRID, "--keep-going", "--fail-fast"], "exclude one another"),
    ([*GRID, "--cluster", "tcp://x:1", "--jobs", "2"], "exclude one another"),
    ([*GRID, "--name", "map"], "exclude one another"),
    (["--design", "sobol", "--correlate", "a=1"], "A,B=RHO"),
    (["--design", "soboll"], "did you mean 'sobol'"),
    (["--file", "gone.csv"], "gone.csv cannot be read"),
]


@pytest.mark.parametrize(("words", "message"), BAD)
def test_a_wrong_command_is_one_line_and_code_2(file, capsys, words, message):
    assert run(["sweep", file, *words]) == 2
    err = capsys.readouterr().err
    assert message in err
    assert "Traceback" not in err


def failing(scenario, tmp_path, vary):
    (tmp_path / "f.yaml").write_text(scenario.resolved)
    return ["sweep", str(tmp_path / "f.yaml"), "--vary", vary, "--out", str(tmp_path / "run")]


def test_a_point_that_fails_is_recorded_and_the_sweep_goes_on(fragile, tmp_path, capsys):
    words = failing(fragile, tmp_path, "moscow.mood=0:1:11")
    assert run(words) == 0
    said = capsys.readouterr()
    assert "1 of them have no answer; failures.jsonl says why" in said.out
    assert "payoffs.moscow.mood" in said.err
    assert "moscow.mood=0.5; points without an answer are recorded" in said.err
    (line,) = open_run(tmp_path / "run").failures()
    assert line["values"] == {"moscow.mood": 0.5}
    assert "payoffs.moscow.mood" in line["message"]
    frame = open_run(tmp_path / "run").to_frame()
    assert frame["status"].tolist() == ["ok"] * 5 + ["failed"] + ["ok"] * 5


@pytest.mark.parametrize("extra", [[], ["--fail-fast"]])
def test_the_sweep_stops_where_many_points_fail_or_at_the_first_if_asked(
    fragile, tmp_path, capsys, extra
):
    """One point of three fails, or one of eleven."""
    vary = "moscow.mood=0:1:11" if extra else "moscow.mood=0:1:3"
    words = failing(fragile, tmp_path, vary)
    assert run([*words, *extra]) == 2
    err = capsys.readouterr().err
    assert "payoffs.moscow.mood" in err
    assert "moscow.mood=0.5" in err
    assert ("1 of 3 points that were tried have no answer" in err) != bool(extra)
    assert not (tmp_path / "run").exists()
    if not extra:
        assert run([*words, "--keep-going", "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["summary"]["failed"] == 1


def test_an_interrupt_ends_with_130_and_says_how_to_go_on(file, tmp_path):
    out = tmp_path / "run"
    words = ["sweep", file, "--vary", "tokyo.principle=0:1:3000", "--vary", "moscow.mood=0:1:3000"]
    command = [sys.executable, "-m", "sim", *words, "--out", str(out)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not list(out.glob("chunk-*")) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert stdout == ""
    done = len(list(out.glob("chunk-*")))
    assert re.search(
        rf"{done} finished chunks? (is|are) in {out}; the same command with --res", stderr
    )
    assert "Traceback" not in stderr
    assert not open_run(out).complete


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="signals a group of processes")
def test_an_interrupt_of_all_processes_while_workers_start_is_one_line(file, tmp_path):
    """A terminal's Ctrl-C reaches the workers too; nothing was finished, so nothing is left.

    By numpy: workers of compiled code are threads, which may have finished something by then.
    """
    out = tmp_path / "run"
    words = ["sweep", file, "--vary", "tokyo.principle=0:1:3000", "--vary", "moscow.mood=0:1:3000"]
    command = [
        sys.executable,
        "-m",
        "sim",
        *words,
        "--engine",
        "numpy",
        "--jobs",
        "2",
        "--out",
        str(out),
    ]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    assert "9,000,000 points in" in process.stderr.readline()
    time.sleep(0.3)
    os.killpg(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert stderr.split() == ["interrupted"]
    assert not out.exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="writes to a device that is full")
def test_an_output_that_cannot_be_written_is_one_line_and_code_2(file):
    command = [sys.executable, "-m", "sim", "sweep", file, *GRID, "--dry-run"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "the output cannot be read or written: No space left on device\n"


def test_a_grid_too_large_for_a_figure_gets_none(file, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("sim.cli.sweep.MOST_DRAWN", 19)
    assert run(["sweep", file, *GRID, "--out", str(tmp_path / "run")]) == 0
    assert "no picture: more than 19 points are not drawn" in capsys.readouterr().out
    assert not list((tmp_path / "run").glob("*.png"))
    monkeypatch.setattr("sim.cli.sweep.MOST_DRAWN", 20)
    assert run(["sweep", file, *GRID, "--out", str(tmp_path / "other")]) == 0
    assert "no picture" not in capsys.readouterr().out
    assert (tmp_path / "other" / "landscape.png").is_file()


def test_progress_in_a_pipe_is_a_line_per_tenth_on_standard_error(capsys):
    with ProgressShown(quiet=False) as show:
        for done in range(0, 1001, 10):
            show(Progress(done=done, total=1000, fresh=done, seconds=3 + done / 100, feasible=0))
    said = capsys.readouterr()
    assert said.out == ""
    lines = said.err.splitlines()
    assert len(lines) == 10
    assert lines[0].startswith("100 of 1,000 points, ")
    assert "left" in lines[0]
    assert "% feasible" in lines[0]


def test_quiet_and_short_sweeps_say_nothing(capsys):
    states = [Progress(done=5, total=5, fresh=5, seconds=s, feasible=0) for s in (0.1, 100)]
    with ProgressShown(quiet=False) as show:
        show(states[0])
    with ProgressShown(quiet=True) as show:
        show(states[1])
    assert capsys.readouterr() == ("", "")
