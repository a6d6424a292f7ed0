"""What every verb prints: one JSON object under --json, exit codes, and nothing imported before its time."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import sim as package
from sim.cli import VERBS

ROOT = Path(__file__).parents[2]


def python(*arguments, folder, more=None, **kwargs):
    """Another interpreter, in ``folder``, that knows this package."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", **(more or {})}
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=env, capture_output=True, text=True,
        timeout=120, check=False, **kwargs,
    )  # fmt: skip


# --- JSON ------------------------------------------------------------------------------------------------

EQUILIBRIUM = {"strategies", "payoffs", "regret", "outcome"}
RESULT = {"concept", "status", "complete", "equilibria", "note"}
VERDICT = {"feasible", "margin", "rung", "best_agreement", "binding", "predicted"}


def test_solve_json_of_a_classical_game(sim):
    code, out, err = sim("solve", "chicken.yaml", "--concept", "pure_nash", "--json")
    data = json.loads(out)
    assert (code, err) == (0, "")
    assert {"scenario", "parameters", "results"} <= set(data)
    assert (data["scenario"], data["parameters"]) == ("Chicken", {})
    (result,) = data["results"]
    assert set(result) >= RESULT
    assert (result["concept"], result["status"], result["complete"]) == (
        "pure_nash",
        "complete",
        True,
    )
    assert all(set(member) >= EQUILIBRIUM for member in result["equilibria"])
    assert [
        (m["strategies"], m["payoffs"], m["regret"], m["outcome"]) for m in result["equilibria"]
    ] == [
        ({"row": {"swerve": 1}, "column": {"straight": 1}}, {"row": -1, "column": 1}, 0, None),
        ({"row": {"straight": 1}, "column": {"swerve": 1}}, {"row": 1, "column": -1}, 0, None),
    ]


def test_solve_json_of_a_dispute(sim):
    code, out, err = sim("solve", "dispute.yaml", "--json", "--set", "tokyo.principle=0.1")
    data = json.loads(out)
    assert (code, err) == (0, "")
    assert data["parameters"] == {
        "tokyo.value": 1, "tokyo.principle": 0.1, "moscow.holding": 2, "moscow.mood": 0.3, "limit": 3,
    }  # fmt: skip
    (result,) = data["results"]
    assert result["concept"] == "subgame_perfect"
    assert all(set(member) >= EQUILIBRIUM for member in result["equilibria"])
    verdict = data["verdict"]
    assert set(verdict) >= VERDICT
    assert set(verdict["binding"]) >= {"actor", "constraint", "slack"}
    assert set(verdict["predicted"]) >= {"outcome_class", "agreement", "in_every_equilibrium"}
    assert all(set(step) == {"rung", "actor", "constraint", "slack"} for step in verdict["ladder"])


def test_explain_json(sim):
    code, out, err = sim("explain", "dispute.yaml", "--json")
    data = json.loads(out)
    assert (code, err) == (0, "")
    assert set(data["verdict"]) >= VERDICT | {"thresholds", "terms", "scales", "notes"}
    assert {t["path"] for t in data["verdict"]["thresholds"]} == {
        "tokyo.value", "tokyo.principle", "moscow.holding", "moscow.mood",
    }  # fmt: skip


def test_an_infinite_slack_is_null(sim, folder):
    text = (folder / "dispute.yaml").read_text()
    ban = "  moscow: {ban: {type: legal_ban, bans: area > 2}}\n"
    (folder / "dispute.yaml").write_text(text.replace("game:", f"{ban}game:"))
    data = json.loads(sim("explain", "dispute.yaml", "--json")[1])
    (step,) = [s for s in data["verdict"]["ladder"] if s["constraint"] == "ban"]
    assert step["slack"] is None


def test_a_file_without_treaty_has_no_margin(sim, folder):
    text = (
        (folder / "dispute.yaml")
        .read_text()
        .replace("{treaty: signed == 1}", "{interim: signed == 1}")
    )
    (folder / "dispute.yaml").write_text(text)
    code, out, _ = sim("explain", "dispute.yaml", "--json")
    verdict = json.loads(out)["verdict"]
    assert code == 0
    assert (verdict["feasible"], verdict["margin"], verdict["best_agreement"]) == (
        False,
        None,
        None,
    )
    assert any("no agreement" in note for note in verdict["notes"])
    code, out, _ = sim("explain", "dispute.yaml")
    assert code == 0
    assert "no treaty" in out


def test_sweep_json(sim, folder):
    words = (
        "sweep",
        "dispute.yaml",
        "--vary",
        "tokyo.principle=0:1:5",
        "--out",
        "runs/x",
        "--json",
    )
    code, out, _ = sim(*words)
    data = json.loads(out)
    assert code == 0
    assert data["summary"]["points"] == 5
    assert Path(data["folder"]) == Path("runs/x")
    assert (folder / "runs/x/manifest.json").is_file()


def test_check_json(sim, folder):
    (folder / "bad.yaml").write_text("titel: x\n")
    code, out, err = sim("check", "dispute.yaml", "bad.yaml", "--json")
    data = json.loads(out)
    assert (code, err) == (2, "")
    assert data["dispute.yaml"]["ok"] is True
    assert data["dispute.yaml"]["errors"] == []
    assert data["bad.yaml"]["ok"] is False
    assert data["bad.yaml"]["errors"][0].startswith("bad.yaml:1:1: titel: unknown key 'titel'")


@pytest.mark.parametrize("kind", ["concepts", "constraints", "plots", "protocols"])
def test_list(sim, kind):
    code, out, err = sim("list", kind, "--json")
    assert (code, err) == (0, "")
    rows = json.loads(out)
    assert len(rows) >= 4
    assert all(rows[0].keys() == row.keys() for row in rows)
    code, table, err = sim("list", kind)
    assert (code, err) == (0, "")
    for row in rows:
        assert next(iter(row.values())) in table


def test_list_parameters(sim):
    rows = json.loads(sim("list", "parameters", "dispute.yaml", "--json")[1])
    assert [row["parameter"] for row in rows] == [
        "tokyo.value", "tokyo.principle", "moscow.holding", "moscow.mood", "limit",
    ]  # fmt: skip
    assert [row["source"] for row in rows] == [
        "assumed",
        "worked example",
        "assumed",
        "assumed",
        "assumed",
    ]


def test_the_schema_is_a_json_schema_that_knows_every_section(sim):
    schema = json.loads(sim("schema")[1])
    assert schema["$schema"].endswith("2020-12/schema")
    assert {"extends", "parameters", "issues", "actors", "payoffs", "game"} <= set(
        schema["properties"]
    )
    assert schema["additionalProperties"] is False


# --- words -----------------------------------------------------------------------------------------------


def test_explain_says_what_fails_whose_and_by_how_much(sim):
    code, out, err = sim("explain", "dispute.yaml", "--full")
    assert (code, err) == (0, "")
    # T2 gives Tokyo (0.07 - 0.5*0.93 + 0.2) / K with K = 1.2 + 0.6: -0.195/1.8
    for words in (
        "No treaty is feasible",
        "-0.1083",
        "mutual gain",
        "tokyo",
        "area=two, peace=yes",
        "tokyo.principle",
    ):
        assert words in out, out


def test_check_says_ok_and_quiet_says_nothing(sim):
    code, out, err = sim("check", "chicken.yaml", "dispute.yaml")
    assert (code, err) == (0, "")
    assert [line.partition(":")[0] for line in out.splitlines()] == ["chicken.yaml", "dispute.yaml"]
    assert sim("check", "chicken.yaml", "--quiet") == (0, "", "")


def test_help_lists_every_verb_and_every_verb_has_help(sim):
    code, out, _ = sim("--help")
    assert code == 0
    for verb in VERBS:
        assert f"\n  {verb} " in out
        code, text, _ = sim(verb, "--help")
        assert code == 0
        assert text.startswith(f"Usage: sim {verb}")
    assert sim("-h")[1] == out


def test_version(sim):
    assert sim("--version") == (0, f"sim, version {package.__version__}\n", "")


def test_no_words_at_all_show_the_help(sim):
    code, out, err = sim()
    assert code == 2
    assert "Verbs" in out + err


# --- as a program ----------------------------------------------------------------------------------------


def test_python_dash_m(folder):
    done = python("-m", "sim", "check", "dispute.yaml", folder=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("dispute.yaml: ok")
    done = python("-m", "sim", "check", "none.yaml", folder=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "none.yaml: no such file; sim list scenarios shows the shipped ones\n"


LOADED = """
import sys, io, contextlib
from sim.cli import run
with contextlib.redirect_stdout(io.StringIO()):
    code = run(sys.argv[1:])
print(code, *sorted(name for name in sys.modules))
"""
HEAVY = {
    "numpy",
    "scipy",
    "matplotlib",
    "pydantic",
    "ruamel",
    "rich",
    "pandas",
    "pyarrow",
    "xarray",
    "nashpy",
    "numba",
}


def loaded(folder, *words):
    done = python("-c", LOADED, *words, folder=folder)
    assert done.returncode == 0, done.stderr
    code, *names = done.stdout.split()
    return int(code), set(names)


@pytest.mark.parametrize(
    "words", [["--help"], ["--version"], ["solve", "--help"], ["sweep", "--help"], ["slove"]]
)
def test_help_imports_nothing_heavy(folder, words):
    code, names = loaded(folder, *words)
    assert code == (2 if words == ["slove"] else 0)
    assert {name.partition(".")[0] for name in names} & HEAVY == set()


def test_the_metadata_of_packages_are_read_where_they_are_asked_for(folder):
    program = (
        "import sys; from sim.cli import main; sys.argv = ['sim', 'check', 'dispute.yaml']\n"
        "try: main()\n"
        "finally:\n"
        "    print('email' in sys.modules)\n"
        "    from importlib.metadata import entry_points, version\n"
        "    print(len(version('numpy')) > 0, len(entry_points(group='treatysim.none')))"
    )
    done = python("-c", program, folder=folder)
    assert done.stdout.splitlines()[-2:] == ["False", "True 0"], done.stderr


@pytest.mark.parametrize(
    "words",
    [["solve", "dispute.yaml"], ["solve", "dispute.yaml", "--json"], ["check", "dispute.yaml"]],
)
def test_solving_a_dispute_imports_neither_figures_nor_statistics(folder, words):
    code, names = loaded(folder, *words)
    assert code == 0
    assert "numpy" in names
    tops = {name.partition(".")[0] for name in names}
    assert tops & {"matplotlib", "pandas", "pyarrow", "xarray", "nashpy", "numba"} == set()
    assert not [name for name in names if name.startswith("scipy.stats")]


def test_solving_the_shipped_dispute_imports_neither_figures_nor_statistics(folder):
    code, names = loaded(folder, "solve", str(ROOT / "scenarios/kuril/2018.yaml"))
    assert code == 0
    assert "matplotlib" not in names
    assert not [name for name in names if name.startswith("scipy.stats")]


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
@pytest.mark.parametrize(
    "words", ["list concepts", "explain dispute.yaml", "schema", "solve dispute.yaml --json"]
)
def test_a_reader_that_leaves_is_no_error(folder, words):
    """``sim ... | head -c 1``: no traceback, and the exit code is not that of a failed analysis."""
    code = f"'{sys.executable}' -m sim {words}; echo $? > code.txt"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["sh", "-c", f"({code}) | head -c 1 > /dev/null"], cwd=folder, env=env,
        capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    assert (folder / "code.txt").read_text().strip() in ("0", "141")


def test_an_interruption_is_130(sim, monkeypatch):
    from sim import loading

    def interrupt(path):
        raise KeyboardInterrupt

    monkeypatch.setattr(loading, "load", interrupt)
    code, out, err = sim("explain", "dispute.yaml")
    assert (code, out, err.strip()) == (130, "", "interrupted")


def test_an_error_that_nobody_foresaw_is_two_lines_and_a_file(sim, folder, monkeypatch):
    import tempfile

    from sim import loading

    def fail(path):
        raise ZeroDivisionError("float division by zero")

    monkeypatch.setattr(loading, "load", fail)
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    code, out, err = sim("explain", "dispute.yaml")
    first, second = err.splitlines()
    assert (code, out) == (70, "")
    assert first.endswith("not of your input: ZeroDivisionError: float division by zero")
    (file,) = folder.glob("treatysim-*.txt")
    assert str(file) in second
    record = file.read_text()
    assert record.startswith("command: sim explain dispute.yaml\ntreatysim ")
    assert "Traceback (most recent call last)" in record
    monkeypatch.setattr(tempfile, "tempdir", str(folder / "none"))
    code, out, err = sim("explain", "dispute.yaml")
    assert (code, out, len(err.splitlines())) == (70, "", 2)
    assert "No such file" in err


# --- terminals -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["solve x.yaml", "solve x.yaml --json", "explain d.yaml --json"])
def test_a_terminal_without_the_letters_gets_escapes(folder, words):
    (folder / "x.yaml").write_text(
        f"title: Îles 歯舞\n{(folder / 'chicken.yaml').read_text()[15:]}"
    )
    text = (folder / "dispute.yaml").read_text()
    (folder / "d.yaml").write_text(text.replace("Two islands", "Îles 歯舞"), encoding="utf-8")
    for setting in ({"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}):
        done = python("-m", "sim", *words.split(), folder=folder, more=setting)
        assert (done.returncode, done.stderr) == (0, "")
        if "--json" in words:
            assert json.loads(done.stdout)["scenario"] == "Îles 歯舞"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
@pytest.mark.parametrize(
    "words", ["list concepts", "explain dispute.yaml", "sweep dispute.yaml --out r"]
)
@pytest.mark.parametrize("closed", [">&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_a_closed_output_is_no_error(folder, words, closed):
    code = f"'{sys.executable}' -m sim {words} {closed}; echo $? > code.txt"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run(["sh", "-c", code], cwd=folder, env=env, timeout=120, check=False)
    assert (folder / "code.txt").read_text().strip() == "0"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
@pytest.mark.parametrize("words", ["list concepts", "schema", "explain dispute.yaml"])
def test_an_output_that_is_full_is_said(folder, words):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "sim", *words.split()], cwd=folder, stdout=full,
            env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True,
            timeout=120, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == "the output cannot be read or written: No space left on device\n"


def test_results_and_messages_go_their_ways(sim):
    """Results on standard output, errors on standard error, and never both for one thing."""
    assert sim("explain", "dispute.yaml")[2] == ""
    assert sim("explain", "none.yaml")[1] == ""


# --- in Python -------------------------------------------------------------------------------------------


def test_every_public_name_resolves():
    for name in package.__all__:
        assert getattr(package, name) is not None
    assert set(package.__all__) <= set(dir(package))
    with pytest.raises(AttributeError, match="has no attribute 'slove'"):
        _ = package.slove


def test_the_same_from_python(folder):
    s = package.load("dispute.yaml")
    changed = s.with_values({"tokyo.principle": 0.1})
    assert (s.values["tokyo.principle"], changed.values["tokyo.principle"]) == (0.5, 0.1)
    assert package.explain(s).feasible is False
    (solution,) = package.solve(changed)
    assert solution.concept == "subgame_perfect"
    run = package.sweep(s, vary={"tokyo.principle": (0, 1, 3)})
    assert len(run.to_frame()) == 3


@pytest.mark.parametrize(
    ("words", "made"),
    [
        (
            "explain dispute.yaml",
            lambda s: (package.explain(s), package.smallest_change(s, limit=1).brief()),
        ),
        ("solve chicken.yaml", lambda s: package.solve(s)),
        (
            "frontier dispute.yaml --vary tokyo.principle",
            lambda s: (package.frontier(s, vary={"tokyo.principle": None}),),
        ),
        (
            "sweep dispute.yaml --vary tokyo.principle=0:1:3",
            lambda s: (package.sweep(s, vary={"tokyo.principle": (0, 1, 3)}),),
        ),
    ],
)
def test_str_is_what_the_command_prints_and_repr_is_short(sim, words, made):
    scenario = package.load(words.split()[1])
    records = made(scenario)
    printed = sim(*words.split())[1]
    texts = " ".join(" ".join(map(str, records)).split())
    assert " ".join(printed.split()).endswith(texts)
    if "sweep" not in words:
        assert " ".join(printed.split()) == texts
    for record in (scenario, *(one for one in records if not isinstance(one, str))):
        assert len(repr(record)) < 300
        assert repr(record).startswith(f"<{type(record).__name__}")
    assert str(scenario).startswith(scenario.title)
