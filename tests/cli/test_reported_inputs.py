"""Inputs that real use found, through the command: what each must give is worked out by hand."""

import pytest
from sim.cli import run

REPEATED = """
title: "A treaty kept by repetition: prisoner's dilemma of the stage (9,9), (1,10), (10,1), (3,3)"
issues: {regime: {defect: {}, cooperate: {settled: 1}}}
outcomes: {treaty: settled}
actors: {north: {role: principal}, south: {role: principal}}
parameters: {future: {delta: {value: 0.2, range: [0, 1]}}}
payoffs: {north: {stage: 3 + 6*settled}, south: {stage: 3 + 6*settled}}
abroad:
  north: {keeps: {type: enforcement, temptation: 10 - 9, punishment: 9 - 3, delta: future.delta}}
  south: {keeps: {type: enforcement, temptation: 10 - 9, punishment: 9 - 3, delta: future.delta}}
game: [{offer: north}, {reply: south}, ratify]
"""
LOGARITHM = """
parameters: {p: {a: {value: 0.715, range: [-0.5, 2.5]}, b: {value: 0.574, range: [-0.5, 2.5]}}}
issues: {i: {no: {}, yes: {signed: 1, x: 1}, big: {signed: 1, x: 2, y: 1}}}
outcomes: {treaty: signed > 0}
actors: {a: {role: principal}, b: {role: principal}}
payoffs: {a: {t0: log(abs(y - 3))*signed}, b: {t0: log(abs(1 + p.a))*signed}}
domestic:
  a: {c: {type: consent, clause: "min(3, p.a) > 0.5", gain: "max(p.b, p.b)*(p.a + p.b)"}}
"""
TIED = """EFG 2 R "random" { "tok" "mos" "was" }
p "" 1 1 "demand" { "quo" "q" "p" } 0
p "" 3 1 "stance" { "s0" "s1" } 0
p "" 2 1 "after quo, s0" { "quo" "q" "p" } 0
t "" 1 "quo; s0" { -6 -1 -6.75 }
t "" 1
t "" 1
p "" 2 2 "after quo, s1" { "quo" "q" "p" } 0
t "" 2 "quo; s1" { -6 -1 -9.75 }
t "" 2
t "" 2
p "" 3 1 0
p "" 2 3 "after q, s0" { "quo" "q" "p" } 0
t "" 1
t "" 3 "q; s0" { -6 -1 -7.875 }
t "" 1
p "" 2 4 "after q, s1" { "quo" "q" "p" } 0
t "" 2
t "" 4 "q; s1" { -6 -1 -10.875 }
t "" 2
p "" 3 1 0
p "" 2 5 "after p, s0" { "quo" "q" "p" } 0
t "" 1
t "" 1
t "" 5 "p; s0" { -5 -1 -7.25 }
p "" 2 6 "after p, s1" { "quo" "q" "p" } 0
t "" 2
t "" 2
t "" 6 "p; s1" { -5 -1 -10.25 }
"""


@pytest.fixture
def told(tmp_path, capsys):
    """What the command prints of a file with some content, nothing on standard error."""

    def call(name, text, *words):
        path = tmp_path / name
        path.write_text(text)
        verb, *rest = words
        assert run([verb, str(path), *rest]) == 0
        out, err = capsys.readouterr()
        assert err == ""
        return out

    return call


def test_cooperation_stands_from_a_seventh_on(told):
    """(1 - d)*1 <= d*6 from d = 1/7 on: T - R = 1, R - P = 6."""
    out = told("repeated.yaml", REPEATED, "frontier", "--vary", "future.delta=0:1")
    assert "flips from infeasible to feasible at 0.142857142857" in out


def test_a_frontier_over_a_logarithm_warns_of_nothing(told):
    ranges = [word for name in "ab" for word in ("--vary", f"p.{name}=-0.5:2.5")]
    out = told("logarithm.yaml", LOGARITHM, "frontier", *ranges, "--limit", "300")
    assert "a treaty is feasible: certainly on" in out


def test_a_tree_full_of_ties_ends(told):
    """s0 is better for was whatever follows; mos is indifferent, so each of three outcomes can be had."""
    out = told("tied.efg", TIED, "solve", "--concept", "subgame_perfect")
    assert "subgame_perfect: 3 found" in out
    assert {row.split("  ")[1].strip() for row in out.splitlines() if "; s" in row[:12]} == {
        "quo; s0", "q; s0", "p; s0"
    }  # fmt: skip


def test_a_tree_that_is_over_before_it_begins(told):
    out = told("end.efg", 'EFG 2 R "t" { "a" "b" }\n""\nt "" 1 "" { 1 2 }\n', "solve")
    assert "subgame_perfect: 1 found" in out
    row = next(line.split() for line in out.splitlines() if line.startswith("1 "))
    assert row[-4:-2] == ["1", "2"]


PLAIN = """
issues: {line: {open: {}, drawn: {signed: 1}}}
outcomes: {treaty: signed}
actors: {north: {role: principal}, south: {role: principal}}
parameters: {north: {gain: 0.1}, south: {gain: 0.2}}
payoffs: {north: {line: north.gain*signed}, south: {line: south.gain*signed}}
game: [{offer: north}, {reply: south}]
"""


@pytest.mark.parametrize("more", [(), ("--pairs", "3")])
def test_plain_numbers_without_ranges_have_a_verdict(told, more):
    """Gains of 0.1 and 0.2 are each the whole spread of what the actor can have."""
    out = " ".join(told("plain.yaml", PLAIN, "explain", *more).split())
    assert "A treaty is feasible: margin +1 of payoff spread" in out
    assert "No parameter has a range" in out or "no parameter has a range" in out
