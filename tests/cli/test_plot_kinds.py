"""``sim plot``: every figure that a file or a folder can give, and what is said when one cannot be drawn."""

from __future__ import annotations

from pathlib import Path

import pytest
from sim.cli import run

SCENARIOS = Path(__file__).parents[2] / "scenarios"
RIVER = """
title: Two states and a river
parameters: {power: {value: 0.3, range: [0.1, 0.9]}}
issues: {flow: {none: {}, half: {flow: 0.5}, most: {flow: 0.8}}, peace: {no: {}, yes: {signed: 1}}}
outcomes: {treaty: signed}
rule_out: [flow > 0 and not signed]
actors: {up: {role: principal}, down: {role: principal}}
payoffs: {up: {power: -power*flow, quiet: 0.2*signed}, down: {harvest: flow, face: -0.1*signed}}
game: [offer: up, reply: down]
observed: {outcome: treaty}
"""


WORLD = """
dynamics:
  report: 5
  discount: {up: 0.9, down: 0.9}
  proposer: up
  world:
    dam:
      now: planned
      levels: {planned: {power: 0.9}, built: {power: 0.2}}
      moves: {planned: {built: 0.1}}
"""


@pytest.fixture
def river(tmp_path: Path) -> Path:
    file = tmp_path / "disputes" / "river.yaml"
    file.parent.mkdir()
    file.write_text(RIVER)
    return file


@pytest.mark.parametrize(
    "kind", ["ladder", "terms", "tornado", "thresholds", "win_sets", "utility_space"]
)
def test_figures_of_a_dispute(kind: str, river: Path, tmp_path: Path) -> None:
    out = tmp_path / f"{kind}.svg"
    assert run(["plot", kind, str(river), "--set", "power=0.2", "--out", str(out)]) == 0
    assert out.stat().st_size > 1000


@pytest.mark.parametrize("kind", ["forecast", "obstacles", "windows", "chain"])
def test_figures_of_a_world_that_moves(
    kind: str, river: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    river.write_text(RIVER + WORLD)
    out = tmp_path / f"{kind}.svg"
    draws = [] if kind == "chain" else ["--draws", "2"]
    assert run(["plot", kind, str(river), *draws, "--out", str(out)]) == 0
    assert out.stat().st_size > 1000
    assert run(["plot", kind, str(river), "--x", "power"]) == 2
    assert f"figure '{kind}' has no --x" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["backcast", "timeline"])
def test_figures_of_a_folder(kind: str, river: Path, tmp_path: Path) -> None:
    out = tmp_path / f"{kind}.png"
    assert run(["plot", kind, str(river.parent), "--out", str(out)]) == 0
    assert out.stat().st_size > 1000


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("conflict_graph", "elmira"),
        ("game_tree", "two-types"),
        ("utility_space", "kalai-smorodinsky-1975"),
    ],
)
def test_figures_of_classical_games(kind: str, file: str, tmp_path: Path) -> None:
    out = tmp_path / f"{kind}.png"
    assert run(["plot", kind, str(SCENARIOS / "classics" / f"{file}.yaml"), "--out", str(out)]) == 0
    assert out.stat().st_size > 1000


def test_equilibria_along_a_parameter(
    river: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "equilibria.png"
    assert run(["plot", "equilibria", str(river), "--x", "power", "--out", str(out)]) == 0
    assert out.stat().st_size > 1000
    assert run(["plot", "equilibria", str(river)]) == 2
    assert "--x PATH" in capsys.readouterr().err


CLASSICAL = {
    "strategic": "{actors: {a: [x, y], b: [x, y]}, payoffs: [[[0, 0], [-1, q]], [[1, -1], [-p, -p]]]}",
    "conflict": "{options: {us: [press], them: [yield]}, "
    "payoffs: {us: {NN: 0, YN: q - p, NY: 2, YY: 2 - p}}, preferences: {them: [NN, NY, YY, YN]}}",
    "bargaining": "{actors: [a, b], disagreement: {a: 0, b: 0}, "
    "agreements: {x: {a: q, b: p}, y: {a: 2, b: 1}}}",
    "tree": "{actors: [a, b], nodes: {in: {player: a, actions: {out: [0, 2], enter: r}}, "
    "r: {player: b, actions: {fight: [-1, q - p], share: [1, 1]}}}}",
    "coalitional": "{players: [a, b], values: {a: p, b: q, 'a, b': 5}}",
    "voting": "{weights: {a: p, b: q, c: 1}, quota: 1}",
    "spatial": "{actors: {a: {position: p}, b: {position: q}, c: {position: 3}}, status_quo: 4}",
    "division": "{actors: [a, b], items: {land: {a: 50 + p, b: 40}, sea: {a: 50 - p, b: 60 * q / q}}}",
}


@pytest.mark.parametrize("form", CLASSICAL)
def test_classical_files_with_parameters_are_drawn_along_one_and_over_two(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "file.yaml", tmp_path / "figure.png"
    file.write_text(
        "parameters: {p: {value: 1, range: [0, 3]}, q: {value: 1, range: [1, 2]}}\n"
        f"{form}: {CLASSICAL[form]}\n"
    )
    assert run(["plot", "equilibria", str(file), "--x", "p", "--out", str(out)]) == 0
    assert out.stat().st_size > 1000
    grid = ["--vary", "p=0:3:4", "--vary", "q=1:2:3", "--out", str(tmp_path / "run")]
    assert run(["sweep", str(file), *grid]) == 0
    assert run(["plot", "landscape", str(tmp_path / "run"), "--out", str(out)]) == 0
    assert run(["plot", "margin", str(tmp_path / "run")]) == 2
    assert "needs column 'margin'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["equilibria", "{file}", "--x", "power", "--concept", "shapley"], "shapley is defined on"),
        (["ladder", "{file}", "--concept", "shapley"], "no --concept"),
        (["ladder", "{file}", "--x", "power"], "no --x"),
        (["timeline", "{folder}", "--set", "power=1"], "takes no --set"),
        (["timeline", "{file}"], "is not a folder"),
        (["conflict_graph", "{file}"], "is not a conflict"),
        (["forecast", "{file}"], "no 'dynamics' section"),
        (["chain", "{file}"], "no 'dynamics' section"),
        (["ladder", "{file}", "--draws", "9"], "no --draws"),
        (["game_tree", "{file}"], "is not a game in extensive form"),
        (["win_set", "{file}"], "did you mean 'win_sets'"),
        (["equilibria", "{file}", "--x", "pwer"], "did you mean 'power'"),
    ],
)
def test_what_cannot_be_drawn_is_said(
    words: list[str], said: str, river: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled = [word.format(file=river, folder=river.parent) for word in words]
    assert run(["plot", *filled]) == 2
    assert said in capsys.readouterr().err
