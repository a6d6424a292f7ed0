"""A stranger's package adds a concept, a constraint, a protocol and a figure; what is wrong is left out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sim.solutions import CONCEPTS

ROOT = Path(__file__).parents[2]
GAME = """
title: Chicken
parameters: {crash: {value: -9, range: [-10, -2]}}
strategic:
  actors: {row: [swerve, straight], column: [swerve, straight]}
  payoffs: [[[0, 0], [-1, 1]], [[1, -1], [crash, crash]]]
"""
DISPUTE = """
title: A bridge
parameters: {budget: {value: 1, range: [0.25, 2]}}
issues: {bridge: {none: {}, small: {signed: 1, size: 0.5}, large: {signed: 1, size: 1}}}
outcomes: {treaty: signed}
actors: {a: {role: principal}, b: {role: principal}}
payoffs: {a: {use: size}, b: {use: signed - size/4}}
domestic: {a: {treasury: {type: spending_cap, cost: size, budget: budget}}}
game: open_table
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder with the package as an installer leaves it, and two files of a user of it."""
    folder = tmp_path_factory.mktemp("installed")
    shutil.copytree(Path(__file__).parent / "acme", folder / "site")
    (folder / "chicken.yaml").write_text(GAME, encoding="utf-8")
    (folder / "bridge.yaml").write_text(DISPUTE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def run(installed):
    """Runs Python beside the package; gives exit code, standard output and standard error."""

    def _run(*words):
        places = os.pathsep.join([str(installed / "site"), str(ROOT)])
        done = subprocess.run(
            [sys.executable, *words], cwd=installed, capture_output=True, text=True, timeout=120,
            env={**os.environ, "PYTHONPATH": places, "MPLBACKEND": "Agg"}, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    return _run


def test_a_concept_of_a_package_solves_takes_options_and_is_swept(run):
    code, out, _ = run(
        "-m",
        "sim",
        "solve",
        "chicken.yaml",
        "--concept",
        "maximin",
        "--option",
        "maximin.scale=2",
        "--json",
    )
    (result,) = json.loads(out)["results"]
    assert code == 0
    assert result["equilibria"][0]["payoffs"] == {"row": -2, "column": -2}
    code, out, _ = run(
        "-m",
        "sim",
        "sweep",
        "chicken.yaml",
        "--concept",
        "maximin",
        "--vary",
        "crash=-10:-2:3",
        "--json",
    )
    assert code == 0
    assert json.loads(out)


def test_a_constraint_a_protocol_and_a_figure_of_a_package_work(run):
    code, out, _ = run("-m", "sim", "explain", "bridge.yaml", "--json")
    verdict = json.loads(out)["verdict"]
    assert (code, verdict["best_agreement"]) == (0, "small")
    assert verdict["predicted"]["outcome_class"] == "treaty"
    code, out, _ = run("-m", "sim", "frontier", "bridge.yaml", "--vary", "budget", "--json")
    found = json.loads(out)
    assert (code, found["affine"]) == (0, True)
    (crossing,) = found["crossings"]
    assert crossing["exact"]
    assert sum(found["binding"].values()) > 0.9  # all but beside where the best treaty changes
    assert run("-m", "sim", "plot", "gains", "bridge.yaml", "--out", "gains.svg")[0] == 0


def test_what_is_wrong_is_named_and_left_out_and_refused_where_it_is_asked_for(run):
    code, out, err = run("-m", "sim", "list", "concepts", "--json")
    names = [row["name"] for row in json.loads(out)]
    assert (code, names.count("pure_nash"), "maximin" in names, "wishful" in names) == (
        0,
        1,
        True,
        False,
    )
    for words in (
        "concept 'wishful' of acme-treaties (acme_treaties.broken) is left out: "
        "its module has no record CONCEPT",
        "concept 'absent' of acme-treaties (acme_treaties.nowhere) is left out: ModuleNotFoundError",
        "concept 'pure_nash' of acme-treaties (acme_treaties.maximin) is left out: pure_nash is the name of "
        "treatysim's own",
    ):
        assert words in " ".join(err.split())
    for asked in ("wishful", "absent", "acme-treaties:pure_nash"):
        code, _, err = run("-m", "sim", "solve", "chicken.yaml", "--concept", asked)
        assert (code, f"'{asked.partition(':')[2] or asked}' of acme-treaties" in err) == (
            2,
            True,
        ), err


def test_a_name_that_two_have_is_refused_where_somebody_asks_for_it(run):
    for verb in (["solve"], ["sweep", "--vary", "crash=-10:-2:3"]):
        code, _, err = run("-m", "sim", *verb, "chicken.yaml", "--concept", "pure_nash")
        said = " ".join(err.split())
        assert code == 2
        assert "pure_nash is the name of treatysim's own; treatysim:pure_nash is that" in said
    words = ("-m", "sim", "solve", "chicken.yaml", "--json")
    code, out, _ = run(*words, "--concept", "treatysim:pure_nash")
    assert (code, len(json.loads(out)["results"][0]["equilibria"])) == (0, 2)
    assert run(*words)[0] == 0  # nobody asked for the name: what ships is meant


def test_a_file_that_asks_for_a_broken_type_is_refused(run, installed):
    text = DISPUTE.replace("spending_cap, cost: size, budget: budget", "nameless, amount: 1")
    (installed / "nameless.yaml").write_text(text, encoding="utf-8")
    code, _, err = run("-m", "sim", "check", "nameless.yaml")
    assert (code, "its field 'type' must default to 'nameless'" in err) == (2, True)


def test_the_contracts_hold_of_what_the_package_adds_and_find_what_breaks_them(run):
    code, out, err = run(
        "-W", "ignore", "-c",
        "import sim, sim.testing as t\n"
        "from acme_treaties.rules import SpendingCap\n"
        "t.check_concept('maximin', count=4)\n"
        "t.check_constraint(SpendingCap(cost='size*price', budget='budget'))\n"
        "t.check_figure('gains', sim.explain(sim.load('bridge.yaml'), draws=0))\n"
        "class Other(SpendingCap): pass\n"
        "try: t.check_constraint(Other(cost='size', budget='budget'))\n"
        "except t.ContractError as error: print(error)\n",
    )  # fmt: skip
    assert (code, out) == (0, "'spending_cap' is not in the table of constraints\n"), err


def test_nothing_is_looked_for_before_it_is_asked_for(run):
    code, out, err = run(
        "-W", "error", "-c",
        "import sim\n"
        "from sim.solutions import CONCEPTS\n"
        "print(sim.solve(sim.load('chicken.yaml'))[0].concept, CONCEPTS._added)",
    )  # fmt: skip
    assert (code, out) == (0, "pure_nash None\n"), err


def test_no_package_is_needed():
    assert "maximin" not in CONCEPTS
