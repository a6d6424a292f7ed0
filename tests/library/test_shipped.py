"""The scenarios that come with the program: one source, the same names wherever it is installed."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
import sim
from sim.cli import run
from sim.library import STARTS, described, shipped_file, shipped_folder, shipped_names, start_text
from sim.loading import loads
from tests.profiles import write_profiles

ROOT = Path(__file__).parents[2]
SCENARIOS = ROOT / "scenarios"
FILES = sorted(
    p.relative_to(SCENARIOS).with_suffix("").as_posix() for p in SCENARIOS.rglob("*.yaml")
)


def test_names_are_the_paths_of_the_files():
    assert list(shipped_names()) == FILES
    for name in FILES:
        found = shipped_file(name)
        assert found is not None
        assert found.read_bytes() == (SCENARIOS / f"{name}.yaml").read_bytes()


@pytest.mark.parametrize(
    "name",
    ["../pyproject", "kuril/../kuril/2018", "/kuril/2018", "kuril", "kuril/2018.yml", "", "."],
)
def test_nothing_else_is_a_shipped_file(name):
    assert shipped_file(name) is None


@pytest.mark.parametrize("name", ["..", ".", "", "/", "kuril/2018", "kuril/..", "nowhere"])
def test_nothing_else_is_a_shipped_folder(name):
    assert shipped_folder(name) is None


def test_the_list_says_what_loading_says():
    """Titles and forms are read off the top of a file; reading the whole file must say the same."""
    for one in described():
        if one.name.split("/")[0] not in ("classics", "starts", "controls"):
            continue
        scenario = sim.load(one.name)
        assert one.title == scenario.title
        form = "forecast" if scenario.document.dynamics else scenario.document.form
        assert one.form == form, one.name


def test_a_shipped_name_is_taken_by_commands_and_by_load(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert sim.load("starts/blank").title == "A dispute to start from"
    assert sim.load("starts/blank.yaml").title == "A dispute to start from"
    assert run(["check", "classics/chicken", "kuril/2018"]) == 0
    assert run(["list", "parameters", "starts/mediator"]) == 0
    assert "mediator.quiet" in capsys.readouterr().out


def test_a_file_of_ones_own_comes_first(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "starts").mkdir()
    text = start_text("blank").replace("A dispute to start from", "mine")
    (tmp_path / "starts" / "blank.yaml").write_text(text)
    assert sim.load("starts/blank.yaml").title == "mine"


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("kuril/2081", "'kuril/2018'"),
        ("camp-dvid", "'classics/camp-david'"),
        ("zzz", "sim list scenarios"),
    ],
)
def test_a_wrong_name_ends_with_near_ones(name, near, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["explain", name]) == 2
    said = capsys.readouterr().err
    assert "no such file" in said
    assert near in said
    assert "sim list scenarios" in said
    assert len(said.splitlines()) == 1


def test_a_wrong_folder_names_the_shipped_ones(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["backcast", "kurl"]) == 2
    assert "kuril" in capsys.readouterr().err


def test_an_own_file_extends_a_shipped_one(tmp_path):
    (tmp_path / "mine.yaml").write_text("{title: mine, extends: kuril/2018}")
    scenario = sim.load(tmp_path / "mine.yaml")
    assert scenario.title == "mine"
    assert scenario.values == sim.load("kuril/2018").values
    (tmp_path / "bad.yaml").write_text("{title: bad, extends: kuril/2081}")
    with pytest.raises(sim.SimError, match="'kuril/2018' and"):
        sim.load(tmp_path / "bad.yaml")


@pytest.mark.parametrize(
    "start", [*STARTS, "kuril/2018", "kuril/horizon", "controls/russia-norway-2010"]
)
def test_new_writes_a_file_that_passes_and_answers(start, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["new", "my.yaml", "--from", start]) == 0
    said = capsys.readouterr()
    assert said.out == "my.yaml\n"
    assert (tmp_path / "my.yaml").read_text().startswith("#")
    assert run(["check", "my.yaml"]) == 0
    notes = [line for line in capsys.readouterr().err.splitlines() if " note: " in line]
    if start == "kuril/horizon":  # it extends a file that codes China in another way
        assert len(notes) == 3 and all("the world starts at china=aligned" in n for n in notes)
    else:
        assert notes == []
    verb = "solve" if start == "bluff" else "explain"
    assert f"sim {verb} my.yaml" in said.err
    assert run([verb, "my.yaml"]) == 0


def test_new_never_overwrites(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my.yaml").write_text("precious")
    assert run(["new", "my.yaml"]) == 2
    assert "exists already" in capsys.readouterr().err
    assert (tmp_path / "my.yaml").read_text() == "precious"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["my.txt"], "ends in .yaml"),
        (["no/folder/my.yaml"], "there is no folder"),
        (["my.yaml", "--from", "blink"], "did you mean 'blank'?"),
        (["my.yaml", "--from", "kuril/2081"], "did you mean 'kuril/2018'"),
        (["my.yaml", "--from", "../pyproject"], "no such start"),
    ],
)
def test_new_refuses_in_a_sentence(words, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["new", *words]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert len(told.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_the_bluff_is_the_published_one():
    """Fearon (1997): the weak bluff so often that the defender is indifferent, 0.5*0.3 = (0.7*b) (1 - 0)."""
    from sim.solving import answers

    found = answers(loads(start_text("bluff")), ("perfect_bayesian",), {})
    plan = str(found[0].solution)
    assert f"threaten {3 / 14:.4f}".rstrip("0") in plan
    assert "0.1667" in plan


def test_the_wheel_is_built_from_the_one_folder():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["force-include"] == {"scenarios": "sim/scenarios"}
    assert not (ROOT / "sim" / "scenarios").exists()


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The folder of a fresh environment that holds the built wheel and nothing else of ours."""
    root = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "-q", "--no-deps", "-w", root, ROOT], check=True)
    (wheel,) = root.glob("treatysim-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    shipped = {n for n in names if n.startswith("sim/scenarios/") and n.endswith(".yaml")}
    assert shipped == {f"sim/scenarios/{name}.yaml" for name in FILES}
    venv.create(root / "env", with_pip=True)
    subprocess.run([root / "env/bin/python", "-m", "pip", "install", "-q", wheel], check=True)
    return root


def as_installed(root, empty):
    """The command of the installed program and how it is run, in an empty folder."""
    here = root / "env" / "bin"
    env = {"PATH": str(here), "MPLBACKEND": "Agg", "HOME": str(root)}
    return here / "sim", {"cwd": empty, "env": env, "text": True}


@pytest.mark.slow
@pytest.mark.xdist_group("wheel")
def test_an_installed_wheel_does_what_readme_says(installed, tmp_path):
    """README's own lines from *Ask*, in its order; those of hours and of a cluster are left out."""
    command, how = as_installed(installed, tmp_path)
    write_profiles(Path(how["cwd"]))
    wanted = ("list", "new", "check", "explain", "compare", "diff", "sweep my", "sweep kuril",
              "plot", "export", "analyse", "cite", "schema", "baserate")  # fmt: skip
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = [found.split("  #")[0].strip() for found in re.findall(r"^    sim (.*)$", text, re.M)]
    lines = [line for line in lines if line.startswith(wanted) and "--cluster" not in line]
    kinds = {line.split()[0] for line in lines}
    assert {"list", "new", "explain", "compare", "export", "cite"} <= kinds
    lines += [f"export runs/x --to {kind} --out x.{kind}" for kind in ("xlsx", "netcdf", "parquet")]
    said = {}
    for line in [*lines, "backcast controls", "doctor"]:
        words = shlex.split(line.split(">")[0])
        done = subprocess.run([command, *words], capture_output=True, check=False, **how)
        assert done.returncode == 0, line + done.stdout + done.stderr
        said[line] = done.stdout
    assert "kuril/2018" in said["list scenarios"]
    assert "No treaty is feasible" in said["explain kuril/2018"]
    assert "right: 3 of 3" in said["backcast controls"]
    assert "@article{nash1950" in said["cite nash_bargaining"]
    assert "shipped scenarios" in said["doctor"]
    for name in (
        "my.yaml",
        "talks.efg",
        "x.csv",
        "x.xlsx",
        "x.netcdf",
        "x.parquet",
        "compared.png",
    ):
        assert (tmp_path / name).stat().st_size, name


@pytest.mark.slow
@pytest.mark.xdist_group("wheel")
def test_an_installed_wheel_serves_its_page(installed, tmp_path):
    command, how = as_installed(installed, tmp_path)
    words = [command, "serve", "kuril/2018", "--no-open"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **how) as process:
        url = process.stdout.readline().strip()
        for name in ("", "explorer.css", "explorer.js", "start.js"):
            with urlopen(url + name, timeout=60) as page:
                assert page.read()
        body = json.dumps({"ask": "verdict", "values": {}}).encode()
        asked = Request(url + "ask", body, {"Content-Type": "application/json"})
        with urlopen(asked, timeout=60) as answer:
            assert json.load(answer)["feasible"] is False
        process.terminate()
