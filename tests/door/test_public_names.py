"""One list: the verbs of the command are functions of sim with the same options, for typed scripts too."""

from __future__ import annotations

import ast
import inspect
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest
import sim
from sim.cli import VERBS
from sim.dynamics.forward import brings_forward
from sim.dynamics.world import in_state
from sim.results import Solution

ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).with_name("typed_user.py")
HOW_SHOWN = {
    "all_slacks",
    "dpi",
    "dry_run",
    "font_scale",
    "force",
    "format",
    "full",
    "json",
    "lang",
    "quiet",
    "set",
    "size",
    "strict",
    "style",
    "terms",
    "title",
}
"""Where values come from, where answers go and how they look: in Python, the scenario and the record."""
CALLED = {
    ("new", "from"): "start",
    ("baserate", "class"): "name",
    ("solve", "concept"): "concepts",
    ("solve", "option"): "options",
    ("sweep", "correlate"): "correlation",
    ("sweep", "option"): "options",
    ("compare", "no_thresholds"): "with_thresholds",
}
"""Options that have another name as a keyword, where Python's rules or its plural ask for one."""
ELSEWHERE = {
    ("explain", "lever"): (sim.smallest_change, "levers"),
    ("explain", "cost"): (sim.smallest_change, "costs"),
    ("explain", "target"): (sim.smallest_change, "target"),
    ("explain", "pairs"): (sim.smallest_change, "pairs"),
    ("explain", "limit"): (sim.smallest_change, "limit"),
    ("forecast", "by"): (sim.Forecast.to_dict, "years"),
    ("forecast", "pool"): (sim.Forecast.pooled, "weight"),
    ("explain", "state"): (in_state, "levels"),
    ("forecast", "sensitivity"): (brings_forward, "year"),
    ("frontier", "draws"): (sim.forecast_over, "draws"),
    ("frontier", "seed"): (sim.forecast_over, "seed"),
}
"""Options that are a question of their own in Python: the function that answers it, and its keyword."""
ROOMS = {
    ("sweep", "of"): "sim.dynamics.over_ranges.swept.Swept",
    ("sweep", "beliefs"): "sim.beliefs.open_beliefs",
    ("frontier", "out"): "sim.certified.store_frontier",
    ("frontier", "beliefs"): "sim.beliefs.over_range.believed_over",
    ("calibrate", "ablate"): "sim.backcasting.ablation.ablate",
    ("compare", "out"): "sim.plots.save",
}
"""Options whose answer is another kind of record: the function that returns it, in its room."""


def options(verb):
    """The names of a verb's options, as they are typed."""
    command = import_module(f"sim.cli.{verb}").command
    typed = [p for p in command.params if isinstance(p, click.Option)]
    return [max(p.opts, key=len).lstrip("-").replace("-", "_") for p in typed]


def takes(function, keyword):
    return keyword in inspect.signature(function).parameters


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_a_function_of_the_same_name_with_the_same_options(verb):
    assert verb in sim.__all__
    function = getattr(sim, verb)
    assert inspect.isfunction(function)
    for option in options(verb):
        if option in HOW_SHOWN:
            continue
        if (verb, option) in ELSEWHERE:
            assert takes(*ELSEWHERE[verb, option]), (verb, option)
        elif (verb, option) in ROOMS:
            room, _, name = ROOMS[verb, option].rpartition(".")
            assert callable(getattr(import_module(room), name)), (verb, option)
        else:
            assert takes(function, CALLED.get((verb, option), option)), (verb, option)


@pytest.mark.parametrize("verb", VERBS)
def test_what_follows_the_subject_is_a_keyword(verb):
    parameters = inspect.signature(getattr(sim, verb)).parameters.values()
    loose = [
        p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD and p.default is not p.empty
    ]
    assert set(loose) <= {"name", "source", "disputes"}  # the subject itself may have a default


def test_a_function_wins_whatever_was_imported_before():
    code = (
        "import importlib, inspect, pkgutil, sim, sim.cli\n"
        "for part in pkgutil.walk_packages(sim.__path__, 'sim.'):\n"
        "    if part.name != 'sim.__main__': importlib.import_module(part.name)\n"
        "from sim.cli import VERBS\n"
        "wrong = [v for v in VERBS if not inspect.isfunction(getattr(sim, v))]\n"
        "assert not wrong, wrong"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_the_list_is_one_and_short():
    assert sim.__all__ == sorted(sim.__all__)
    assert set(sim.__all__) == set(sim._HOME)
    assert len(sim.__all__) <= 42
    assert set(sim.__all__) | {"__version__"} == set(dir(sim))
    assert all(inspect.getdoc(getattr(sim, name)) for name in sim.__all__)
    with pytest.raises(AttributeError, match="no attribute 'backcasts'"):
        _ = sim.backcasts


def test_every_room_says_what_is_public_in_it():
    for room in sorted((ROOT / "sim").glob("*/__init__.py")):
        tree = ast.parse(room.read_text(encoding="utf-8"))
        imported = {
            a.asname or a.name for n in tree.body if isinstance(n, ast.ImportFrom) for a in n.names
        }
        listed = any(
            isinstance(n, ast.Assign)
            and isinstance(n.targets[0], ast.Name)
            and n.targets[0].id == "__all__"
            for n in tree.body
        )
        own = {name for name in imported if not name.startswith("_") and name != "annotations"}
        assert listed or not own or room.parent.name == "cli", room


def test_the_records_of_the_verbs_are_what_the_command_prints(capsys, tmp_path):
    from sim.cli import run

    game = sim.load("classics/chicken")
    river = sim.load("classics/indivisible-islands")
    sweep = sim.sweep(river, vary={"p": (0, 1, 5)}, out=tmp_path / "run")
    assert sweep.folder is not None
    pairs = [
        (["solve", "classics/chicken"], "\n".join(map(str, sim.solve(game)))),
        (["check", "classics/chicken"], sim.check("classics/chicken")),
        (["analyse", str(sweep.folder)], sim.analyse(sweep)),
        (["baserate", "--class", "claims", "--by", "25"], sim.baserate("claims", by=[25])),
        (["baserate"], sim.baserate()),
        (["list", "protocols"], sim.list("protocols")),
        (["list", "parameters", "classics/indivisible-islands"], sim.list("parameters", river)),
        (["export", "classics/chicken", "--to", "nfg"], sim.export(game, to="nfg")),
        (["cite", "pure_nash"], sim.cite("pure_nash")),
        (["backcast", "controls", "--points", "16"], sim.backcast("controls", points=16)),
    ]
    capsys.readouterr()
    for words, record in pairs:
        assert run(words) == 0
        assert capsys.readouterr().out.split() == str(record).split(), words
    assert isinstance(sim.solve(game)[0], Solution)


def test_a_typed_script_uses_every_name():
    used = {
        node.attr
        for node in ast.walk(ast.parse(SCRIPT.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "sim"
    }
    assert used == set(sim.__all__)


@pytest.mark.slow  # .ci/run asks mypy itself, which then has the package at hand
def test_a_typed_script_passes_mypy():
    pytest.importorskip("mypy")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", str(SCRIPT)],
        cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, "MYPYPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_the_package_says_that_it_is_typed():
    assert (ROOT / "sim" / "py.typed").exists()
