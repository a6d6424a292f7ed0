"""What README and CONTRIBUTING show is executed."""

from __future__ import annotations

import re
import shlex
import sys
import textwrap
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from sim.certified import frontier
from sim.cli import run
from sim.loading import loads
from tests.profiles import write_profiles

ROOT = Path(__file__).parents[1]


def blocks(name: str, language: str) -> list[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    found = re.findall(rf"^( *)```{language}\n(.*?)^\1```", text, flags=re.M | re.S)
    return [textwrap.dedent(body) for _, body in found]


def execute(block: str) -> dict[str, object]:
    """The names that a block defines, run as a module of its own."""
    namespace: dict[str, object] = {"__name__": "example"}
    exec(compile(block, "example", "exec", dont_inherit=True), namespace)
    return namespace


FEWER = {
    "sim forecast kuril/horizon": "--draws 32",
    "sim backcast kuril --forecasts 64": "--forecasts 8",
}
"""Fewer draws than README's own lines take, where these take long: of the same verb on the same file."""
ENDS = {"backcast kuril": 1}
"""How a verb on a file ends that does not end with 0: the model is wrong about two of the Kuril episodes."""


def commands() -> list[str]:
    """The ``sim`` lines of README, without comments and without what follows a redirection.

    The one that needs a cluster of machines is left out, and the one that answers until it is interrupted,
    which has a test of its own.
    """
    lines = re.findall(
        r"^    (?:pip install .*&& )?(sim .*)$", (ROOT / "README.md").read_text(), re.M
    )
    alone = [line for line in lines if "--cluster" not in line and not line.startswith("sim serve")]
    typed = [line.split("  #")[0].split(">")[0].strip() for line in alone]
    return [f"{line} {FEWER.get(line, '')}" for line in typed]


def test_readme_python_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    for block in blocks("README.md", "python"):
        execute(block)
    assert "False tokyo" in capsys.readouterr().out


def test_readme_commands_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order of the page, in a folder with two profiles: the scenarios come with the program."""
    monkeypatch.chdir(tmp_path)
    write_profiles(tmp_path)
    lines = commands()
    assert len(lines) > 6
    for line in lines:
        words = []
        for word in shlex.split(line)[1:]:
            words += sorted(map(str, Path().glob(word))) if "*" in word else [word]
        assert run(words) == ENDS.get(" ".join(words[:2]), 0), line
    assert (tmp_path / "runs/first/landscape.png").stat().st_size > 10_000
    assert (tmp_path / "landscape.png").exists()


def recipe(name: str) -> ModuleType:
    """The new module of a name in CONTRIBUTING's recipes, imported."""
    (block,) = (
        text
        for text in blocks("CONTRIBUTING.md", "python")
        if re.match(rf"# new: \S*/{name}\.py\n", text)
    )
    module = sys.modules[f"recipe_{name}"] = ModuleType(f"recipe_{name}")
    exec(compile(block, name, "exec", dont_inherit=True), module.__dict__)
    return module


def test_contributing_concept_runs() -> None:
    """In a stag hunt leaving the hares costs 3, leaving the stag 1: 9 > 1."""
    from sim.games.strategic import StrategicGame

    hunt = StrategicGame.from_bimatrix([[4, 0], [3, 3]], [[4, 3], [0, 3]])
    (member,) = recipe("risk_dominance").risk_dominance(hunt).equilibria
    assert member.payoffs == {"player 1": 3.0, "player 2": 3.0}


def test_contributing_constraint_runs() -> None:
    kind = recipe("debt_ceiling").DebtCeiling
    ceiling = kind(debt="debt", ceiling=0.6)
    assert float(ceiling.slack({"debt": 0.5})) == pytest.approx(0.1)


DEBT = """
parameters: {rate: {value: 1, range: [0, 2]}, other: {value: 0.5, range: [0, 1]}}
issues: {deal: {none: {}, small: {signed: 1, size: 0.5}, large: {signed: 1, size: 1}}}
outcomes: {treaty: signed}
actors: {x: {role: principal}, y: {role: principal}}
payoffs: {x: {gain: 2*signed}, y: {gain: 3*signed}}
domestic: {x: {debt_ceiling: {type: veto_player, utility: 0}}}
"""


def test_contributing_constraint_is_exact_in_the_frontier() -> None:
    """The slack is 0.6 less rate times size: the small deal is best and stands up to a rate of 1.2."""
    kind = recipe("debt_ceiling").DebtCeiling
    scenario = loads(DEBT)
    mine = {"x": {"debt_ceiling": kind(debt="rate*size", ceiling=0.6)}}
    scenario = replace(scenario, document=scenario.document.model_copy(update={"domestic": mine}))
    line = frontier(scenario, vary={"rate": None})
    (crossing,) = line.crossings
    assert crossing.exact
    assert crossing.at == pytest.approx(1.2, abs=1e-12)
    plane = frontier(scenario, vary={"rate": None, "other": None})
    assert {edge.name for edge in plane.edges} == {"x.debt_ceiling"}
    decided = plane.verdict <= 1
    assert {plane.labels["agreement"][k] for k in plane.agreement[decided]} == {"small"}
    assert {plane.labels["binding"][k] for k in plane.binding[decided]} == {"x.debt_ceiling"}
