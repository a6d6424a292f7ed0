"""Random damage to good files: every one loads or is refused with its errors, and nothing else happens."""

import random
import re

import pytest
from sim.cli import run

GOOD = """\
title: Two islands
parameters:
  tokyo: {value: {value: 1.0, range: [0.5, 1.5], unit: payoff}, principle: 0.5}
  moscow: {holding: 2.0}
issues:
  islands: {none: {}, two: {area: 0.07}, four: {area: 1}}
  peace: {no: {}, yes: {signed: 1}}
attributes: {share: area * signed}
outcomes: {treaty: signed == 1}
rule_out: [area > 0 and signed == 0]
actors:
  tokyo: {role: principal}
  moscow: {role: principal}
  washington: {role: third party, stances: {support: {}, oppose: {hostile: 1}}}
payoffs:
  tokyo: {land: tokyo.value * area, peace: 0.2 * signed - 0.3 * hostile}
  moscow: {land: -moscow.holding * area, peace: 0.3 * signed}
  washington: {bases: hostile * tokyo.principle}
domestic:
  tokyo: {diet: {type: veto_player, utility: area - 0.05}}
  moscow: {duma: {type: ratification, quota: 0.5, blocs: {a: {seats: 1, utility: share}}}}
game: [{offer: tokyo}, {reply: moscow}, {ratify: {noise: 0.5}}]
sweeps: {map: {vary: {tokyo.principle: [0, 1, 5]}}}
observed: {outcome: none, binding: tokyo}
"""
PIECES = [
    *("", " ", "\n", "\t", ":", ": ", ",", "{", "}", "[", "]", "&a ", "*a", "!x ", "'", '"', "#"),
    *("|", ">", "-", "- ", "?", "%", "0", "-1", "1e400", ".nan", "null", "true", "é", "\u2028"),
    *("\x85", "\ufeff", "(", ")", "**", "/0", "<<: ", "role: ", "value: ", "type: consent"),
    *("tokyo.", "None", "{}", "[[]]", "a.b.c: 1\n", "99999999999999999999"),
]


def damaged(rng):
    text = GOOD
    for _ in range(rng.choice([1, 1, 1, 2, 4])):
        at, size = rng.randrange(len(text)), rng.choice([0, 0, 1, 2, 5, 20])
        other = rng.randrange(len(text))
        piece = rng.choice([*PIECES, text[other : other + rng.randrange(30)]])
        text = text[:at] + piece + text[at + size :]
    return text


@pytest.mark.parametrize("seed", range(8))
def test_damaged_files_are_solved_or_refused(seed, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rng = random.Random(seed)
    for number in range(60):
        text = damaged(rng)
        (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
        code = run(["check", "x.yaml"])
        out, err = capsys.readouterr()
        assert code in (0, 2), (seed, number, text)
        assert out.startswith("x.yaml: ok") if code == 0 else out == ""
        assert code == 0 or err
        for line in err.splitlines():
            assert re.match(r"x\.yaml(:\d+:\d+)?: ", line), (line, text)
        assert [p.name for p in tmp_path.iterdir()] == ["x.yaml"]


def test_damaged_numbers_never_end_in_a_traceback(tmp_path, capsys, monkeypatch):
    """Files that are well formed with numbers that are not reasonable: explained or refused."""
    monkeypatch.chdir(tmp_path)
    rng = random.Random(7)
    numbers = ["0", "-1", "1e-300", "1e300", "-1e300", "1e16", "5e-324", "3"]
    for _ in range(40):
        words = re.split(r"(\b\d+\.?\d*\b)", GOOD)
        for k in range(1, len(words), 2):
            if rng.random() < 0.15:
                words[k] = rng.choice(numbers)
        (tmp_path / "x.yaml").write_text("".join(words))
        assert run(["explain", "x.yaml", "--json"]) in (0, 2), "".join(words)
        capsys.readouterr()
