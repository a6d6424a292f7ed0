"""A parameter that one actor alone knows, as the private number of a file: the same answers, and refusals."""

from __future__ import annotations

import pytest
import sim
from sim.cli import run

WAR = """
parameters:
  p: 0.6
  cost: {value: 0.1, range: [0, 0.2], private: b}
screening:
  proposer: a
  responder: b
  offer: {demand: {from: 0, to: 1}}
  answers:
    accept: {a: demand, b: 1 - demand}
    fight: {a: p - 0.05, b: 1 - p - cost}
"""
VOW = """
parameters:
  war: {value: -0.25, range: [-1, 0.5], private: a}
costly_signal:
  sender: a
  receiver: b
  messages:
    silent: {stay: {a: 0, b: 1}}
    vow:
      concede: {a: 1, b: 0}
      resist, fight: {a: war, b: -0.5}
      resist, back down: {a: -0.2, b: 1}
"""


def solved(text, **values):
    (solution,) = sim.solve(sim.loads(text).with_values(values))
    return solution.members[0]


def test_one_line_is_the_private_number():
    """Fearon (1995): 0.6 + (0.2 - 0.05) / 2; and bluffs down to -0.55, half as many as those who fight."""
    assert solved(WAR).extra["offer"] == pytest.approx(0.675, abs=1e-12)
    assert solved(VOW).extra["cut"] == pytest.approx(-0.55, abs=1e-9)


def test_its_value_is_the_mode_where_the_law_has_none():
    """Triangular around 0.1: k = 1/15; around 0: k = 1/30, both by hand as (k + 0.05) P(cost > k)."""
    text = WAR.replace("private: b", "distribution: triangular, private: b")
    assert solved(text).extra["offer"] == pytest.approx(0.6 + 1 / 15, abs=1e-9)
    assert solved(text, cost=0.0).extra["offer"] == pytest.approx(0.6 + 1 / 30, abs=1e-9)


BAD = [
    (", private: b", "", "name the number that b alone knows"),
    ("private: b", "private: a", "'a' does not know it alone in this file; legal: b"),
    ("range: [0, 0.2], ", "", "a private parameter needs a range"),
    ("range: [0, 0.2]", "levels: [0.1, 0.2]", "levels are no continuum"),
    ("p: 0.6", "p: {value: 0.6, range: [0, 1], private: b}", "b knows one number in this file"),
    ("  offer:", "  private: {c: {from: 0, to: 1}}\n  offer:", "there is another"),
]


@pytest.mark.parametrize(("old", "new", "words"), BAD)
def test_what_is_wrong_is_said(tmp_path, capsys, old, new, words):
    path = tmp_path / "x.yaml"
    path.write_text(WAR.replace(old, new))
    assert run(["solve", str(path)]) == 2
    assert words in " ".join(capsys.readouterr().err.split())


def test_a_dispute_is_told_to_use_types(tmp_path, capsys):
    path = tmp_path / "x.yaml"
    path.write_text(
        "parameters: {cost: {value: 0.1, range: [0, 1], private: b}}\n"
        "issues: {land: {none: {}, all: {share: 1}}}\n"
        "actors: {a: {role: principal}, b: {role: principal}}\n"
        "payoffs: {a: {x: share}, b: {x: cost - share}}\n"
    )
    assert run(["solve", str(path)]) == 2
    assert "in a dispute give 'b' types" in " ".join(capsys.readouterr().err.split())
