"""Mutants of the shipped scenarios and of Gambit files: checked and solved, or refused.

Never a crash, never a hang. The seeded small number runs in every gate, the full one with ``-m slow``.
"""

import random
import shutil
import signal
from contextlib import contextmanager
from pathlib import Path

import pytest
from sim.cli import run

SHIPPED = Path(__file__).parents[2] / "scenarios"
SCENARIOS = sorted(p for p in SHIPPED.rglob("*.yaml") if p.parent.name != "kuril")
EPISODES = sorted(p for p in SHIPPED.rglob("*.yaml") if p.parent.name == "kuril")
SECONDS = 120
PIECES = [
    *("", " ", "\n", "\t", ":", ": ", ",", "{", "}", "[", "]", "&a ", "*a", "!x ", "'", '"', "#", "\\"),
    *("|", ">", "-", "- ", "?", "%", "0", "-1", "1e400", ".nan", "null", "true", "\u00e9", "\u2028"),
    *("\x85", "\ufeff", "\0", "(", ")", "**", "/0", "<<: ", "value: ", "99999999999999999999", "1/0", "30%"),
]  # fmt: skip
NFG = [
    'NFG 1 R "g" { "a" "b" } { 2 3 } 1 1 0 2 0 2 1 1 0 3 2 0\n',
    'NFG 1 D "g" { "a" "b" } { { "x" "y" } { "l" "r" } } "a comment"\n0.5 1 -2 1/3 0 0 4 4\n',
    'NFG 1 R "g" { "a" "b" "c" }\n{ { "x" "y" } { "l" "r" } { "u" "v" } }\n'
    '{ { "one" 1, 2, 3 } { "two" 0 0 1 } }\n'
    "1 2 0 1 1 2 2 0\n",
]
EFG = [
    'EFG 2 R "entry" { "entrant" "incumbent" }\n\np "" 1 1 "" { "in" "out" } 0\n'
    'p "" 2 1 "" { "fight" "share" } 0\nt "" 1 "" { -1 0 }\nt "" 2 "" { 1 1 }\nt "" 3 "" { 0 2 }\n',
    'EFG 2 R "cards" { "a" "b" } "with chance"\nc "" 1 "deal" { "high" 1/2 "low" 1/2 } 0\n'
    'p "" 1 1 "h" { "bet" "fold" } 0\np "" 2 1 "b" { "call" "pass" } 0\nt "" 1 "" { 2 -2 }\n'
    't "" 2 "" { 1 -1 }\n'
    't "" 3 "" { -1 1 }\np "" 1 2 "l" { "bet" "fold" } 0\np "" 2 1 "b" { "call" "pass" } 0\n'
    't "" 4 "" { -2 2 }\n'
    't "" 2 "" { 1 -1 }\nt "" 3 "" { -1 1 }\n',
]


def mutant(text, rng):
    """The text with a few small damages: inserted signs, moved, doubled or deleted stretches."""
    for _ in range(rng.choice([1, 1, 1, 2, 4])):
        at, size = rng.randrange(len(text) + 1), rng.choice([0, 0, 1, 2, 5, 20, 200])
        other = rng.randrange(len(text) + 1)
        piece = rng.choice([*PIECES, text[other : other + rng.randrange(40)]])
        text = text[:at] + piece + text[at + size :]
        if rng.random() < 0.2 and text.strip():
            lines = text.split("\n")
            k = rng.randrange(len(lines))
            lines[k:k] = [lines[rng.randrange(len(lines))]]
            text = "\n".join(lines)
    return text


@contextmanager
def limit(what):
    """An error that names the mutant where it takes too long."""

    def stop(*_):
        raise TimeoutError(f"more than {SECONDS} s: {what!r}")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def survives(path, text, capsys, *, solved):
    """Whether a damaged file is checked, and where it is legal solved, with nothing but an exit code."""
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with limit(text):
        code = run(["check", path.name])
        out, err = capsys.readouterr()
        assert code in (0, 2), (code, err, text)
        assert bool(err) or code == 0, text
        assert len(err.splitlines()) <= 40, text
        if code == 0 and solved:
            again = run(["solve", path.name, "--json"])
            told = capsys.readouterr()
            assert again in (0, 2), (again, told.err, text)
    assert "Traceback" not in err + out


def scenarios(count, seed, tmp_path, capsys):
    rng = random.Random(seed)
    shutil.copytree(SHIPPED / "kuril", tmp_path, dirs_exist_ok=True)
    for _ in range(count):
        source = rng.choice(EPISODES if rng.random() < 0.1 else SCENARIOS)
        text = mutant(source.read_text(encoding="utf-8"), rng)
        survives(tmp_path / "x.yaml", text, capsys, solved=rng.random() < 0.25)


def gambit(count, seed, tmp_path, capsys):
    rng = random.Random(seed)
    for _ in range(count):
        kind = rng.choice(["nfg", "efg"])
        text = mutant(rng.choice(NFG if kind == "nfg" else EFG), rng)
        survives(tmp_path / f"x.{kind}", text, capsys, solved=True)


@pytest.mark.parametrize("seed", range(2))
def test_mutants_of_shipped_scenarios(seed, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    scenarios(40, seed, tmp_path, capsys)


@pytest.mark.parametrize("seed", range(2))
def test_mutants_of_gambit_files(seed, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    gambit(100, seed, tmp_path, capsys)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 110))
def test_three_thousand_mutants_of_shipped_scenarios(seed, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    scenarios(300, seed, tmp_path, capsys)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 110))
def test_two_thousand_mutants_of_gambit_files(seed, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    gambit(200, seed, tmp_path, capsys)
