"""The recipes of CONTRIBUTING, followed to the letter in a copy of the house."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
RECIPES = {
    "a solution concept": "risk_dominance",
    "a constraint": "debt_ceiling",
    "a figure": "spreads",
}


def steps(recipe):
    """What a recipe says: per code block where it goes and what it is."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    part = text.split(f"## Add {recipe}\n")[1].split("\n## ")[0]
    for block in re.findall(r"^```\w+\n(.*?)^```$", part, flags=re.DOTALL | re.MULTILINE):
        first, _, code = block.partition("\n")
        yield first, code


def follow(recipe, house):
    """Do what a recipe says; gives the files that it touched."""
    touched = set()
    for first, code in steps(recipe):
        if found := re.fullmatch(r"# new: (\S+)", first):
            path = house / found[1]
            assert not path.exists()
            path.write_text(code, encoding="utf-8")
        elif found := re.fullmatch(r"# in (\S+), after: (.*)", first):
            path = house / found[1]
            text = path.read_text(encoding="utf-8")
            lines = [line for line in text.splitlines(keepends=True) if line.strip() == found[2]]
            assert len(lines) == 1, (first, lines)
            path.write_text(text.replace(lines[0], lines[0] + code, 1), encoding="utf-8")
        elif found := re.fullmatch(r"# at the end of (\S+)", first):
            path = house / found[1]
            path.write_text(path.read_text(encoding="utf-8") + "\n" + code, encoding="utf-8")
        else:
            pytest.fail(f"a code block of the recipe does not say where it goes: {first}")
        touched.add(found[1])
    return touched


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A copy of the house with all three recipes followed, and what each touched."""
    folder = tmp_path_factory.mktemp("house")
    hidden = shutil.ignore_patterns("__pycache__", ".mypy_cache")
    shutil.copytree(ROOT / "sim", folder / "sim", ignore=hidden)
    shutil.copytree(ROOT / "tests" / "constraints", folder / "tests" / "constraints", ignore=hidden)
    for name in ("conftest.py", "test_house.py"):
        shutil.copy(ROOT / "tests" / name, folder / "tests" / name)
    for name in ("pyproject.toml", "CONTRIBUTING.md"):
        shutil.copy(ROOT / name, folder / name)
    return folder, {recipe: follow(recipe, folder) for recipe in RECIPES}


def python(folder, *words):
    env = {**os.environ, "PYTHONPATH": str(folder), "MPLBACKEND": "Agg"}
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, env=env, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_recipe_touches_at_most_three_files(house, recipe):
    _, touched = house
    assert 0 < len(touched[recipe]) <= 3
    assert any(Path(name).stem == RECIPES[recipe] for name in touched[recipe])


CHECKS = """
import sim, sim.testing as t
from sim.constraints import CONSTRAINTS
t.check_concept("risk_dominance", count=4)
hunt = sim.loads("strategic: {actors: {a: [stag, hare], b: [stag, hare]}, "
                 "payoffs: [[[9, 9], [0, 8]], [[8, 0], [7, 7]]]}")
(found,) = sim.solve(hunt, "risk_dominance")[0].members
assert found.strategies == {"a": {"hare": 1}, "b": {"hare": 1}}, found
t.check_constraint(CONSTRAINTS["debt_ceiling"](debt="d + size*c", ceiling="2*l", scale=2))
s = sim.loads('''
parameters: {debt: {value: 0.5, range: [0, 1]}, ceiling: {value: 0.9, range: [0.5, 2]}}
issues: {loan: {none: {}, small: {signed: 1, size: 0.5}, large: {signed: 1, size: 1}}}
outcomes: {treaty: signed}
actors: {a: {role: principal}, b: {role: principal}}
payoffs: {a: {use: size}, b: {use: signed - size/4}}
domestic: {a: {law: {type: debt_ceiling, debt: debt + size, ceiling: ceiling}}}
''')
one = sim.frontier(s, vary={"debt": None})
assert one.affine and [c.exact for c in one.crossings] == [True], one
assert abs(one.crossings[0].at - 0.4) < 1e-9, one.crossings
two = sim.frontier(s, vary={"debt": None, "ceiling": None})
assert two.affine and two.edges, two
assert two.shares["undecided"] <= two.tolerance, two.shares
t.check_figure("spreads", sim.explain(s, draws=0))
assert sim.plots.spreads_data(sim.explain(s, draws=0)).actors == ("a", "b")
"""


def test_what_was_added_keeps_the_contracts_and_is_exact_in_the_frontier(house):
    folder, _ = house
    python(folder, "-c", CHECKS)


def test_the_house_still_stands(house):
    folder, _ = house
    python(
        folder, "-m", "pytest", "-n", "0", "-q", "-p", "no:cacheprovider", "tests/test_house.py",
        "tests/constraints", "sim/solutions/strategic/risk_dominance.py", "-k",
        "debt_ceiling or risk_dominance or spreads or folder or bibliography or every_type_has",
    )  # fmt: skip


def test_the_tour_of_the_house_names_files_that_are_there():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    tour = text.split("## A tour of the house\n")[1].split("\n## ")[0]
    named = set(re.findall(r"`([a-z_]+(?:/[a-z_]+)*\.py)`", tour))
    assert len(named) > 15
    assert [name for name in sorted(named) if not (ROOT / "sim" / name).exists()] == []
