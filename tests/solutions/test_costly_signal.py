"""Cut-offs of costly signals: closed forms, and types one by one in plain Python on random games."""

from __future__ import annotations

import json
from random import Random

import pytest
import sim
from sim.cli import run

VOW = """
parameters: {{audience: 0.2}}
costly_signal:
  sender: a
  receiver: b
  private: {{war: {law}}}
  messages:
    silent:
      stay: {{a: 0, b: 1}}
    vow:
      concede: {{a: 1, b: 0}}
      resist, fight: {{a: war, b: -0.5}}
      resist, back down: {{a: -audience, b: 1}}
"""
MEAN = """
costly_signal:
  sender: a
  receiver: b
  private: {{c: {law}}}
  messages:
    silent: {{stay: {{a: 0, b: 0}}}}
    vow:
      concede: {{a: 0.8, b: 0}}
      resist: {{a: c - 1, b: 0.7 - c}}
"""


def solved(text):
    (solution,) = sim.solve(sim.loads(text))
    return solution.members


# Bluffers back down and make the defender indifferent: their chance is half that of types above -0.2, who
# fight. It concedes so that a bluff is worth nothing: q = 0.2 (1 - q). Uniform on [-1, 1/2]: bluffers are
# 0.35 long. Two steps, 1.4 a unit below -1/2 and 0.3 above: fighters 0.21, bluffers 0.09 + 0.015, the
# latter below -1/2. Beta (1, 1) is uniform.
BLUFFS = [
    ("{from: -1, to: 0.5}", -0.55, 0.7 / 1.5),
    ("{cumulative: [[-1, 0], [-0.5, 0.7], [0.5, 1]]}", -0.5 - 0.015 / 1.4, 0.21),
    ("{from: -1, to: 0.5, distribution: {type: beta, a: 1, b: 1}}", -0.55, 0.7 / 1.5),
]


@pytest.mark.parametrize(("law", "cut", "fight"), BLUFFS)
def test_a_vow_that_may_be_a_bluff(law, cut, fight):
    (one,) = solved(VOW.format(law=law))
    assert one.extra["cut"] == pytest.approx(cut, abs=1e-9)
    assert one.extra["answers"]["vow"]["concede"] == pytest.approx(1 / 6, abs=1e-9)
    assert one.extra["chances"]["vow: resist, fight"] == pytest.approx(fight * 5 / 6, abs=1e-9)


# Types above the cut have a mean of 0.7, where the receiver is indifferent. Uniform: (1 + t) / 2 = 0.7.
# Density 2 c: (2 / 3) (1 - t^3) / (1 - t^2) = 0.7 gives t^2 - t / 20 - 1 / 20 = 0, t = 1 / 4. Density 1/2
# below 1/2 and 3/2 above: (t <= 1/2) (1/4 (1/4 - t^2) + 9/16) / ((1/2 - t) / 2 + 3/4) = 0.7.
MEANS = [
    ("{from: 0, to: 1}", 0.4),
    ("{from: 0, to: 1, distribution: {type: beta, a: 2, b: 1}}", 0.25),
    ("{cumulative: [[0, 0], [1/2, 1/4], [1, 1]]}", 0.7 - (0.49 - 0.3) ** 0.5),
]


@pytest.mark.parametrize(("law", "cut"), MEANS)
def test_the_cut_gives_the_mean_that_leaves_the_receiver_indifferent(law, cut):
    """At the cut 0.8 q = (1 - q) (1 - cut); all are silent where the least resolved are resisted."""
    separate, pool = solved(MEAN.format(law=law))
    assert separate.extra["cut"] == pytest.approx(cut, abs=1e-9)
    share = (1 - cut) / (1.8 - cut)
    assert separate.extra["answers"]["vow"]["concede"] == pytest.approx(share, abs=1e-9)
    assert pool.extra["off_path"] == {"vow": ["resist"]}
    if "distribution" in law:
        low, high = separate.extra["cut_between"]
        assert low <= cut <= high
        assert high - low < 1e-9


def test_a_cost_that_is_sunk_by_hand():
    """Pure answers: a vow costs 0.3 and is believed, c is what the prize is worth: types above 0.3 vow."""
    text = """
    costly_signal:
      sender: a
      receiver: b
      private: {c: {from: 0, to: 1}}
      messages:
        silent: {refuse: {a: 0, b: 0.5}, concede: {a: c, b: 0}}
        vow: {refuse: {a: -0.3, b: 0.5 - c}, concede: {a: c - 0.3, b: 0}}
    """
    cut = next(m for m in solved(text) if "cut" in m.extra)
    assert cut.extra["cut"] == pytest.approx(0.3, abs=1e-12)
    assert cut.extra["answers"] == {"silent": {"refuse": 1.0}, "vow": {"concede": 1.0}}
    assert cut.payoffs == pytest.approx({"a": 0.7**2 / 2, "b": 0.5 * 0.3}, abs=1e-12)


COUNT = 2_000


def drawn(seed):
    """Payoffs as numbers ``[constant, slope]`` by message, answer, last choice and actor."""
    rng = Random(seed)

    def line():
        return [round(rng.uniform(-1, 1), 2), round(rng.choice([0, 1]) * rng.uniform(-1, 1), 2)]

    return {
        m: {
            r: {k: {who: line() for who in "ab"} for k in range(1 + (rng.random() < 0.4))}
            for r in ("x", "y")[: rng.choice([1, 2, 2])]
        }
        for m in ("silent", "vow")
    }


def section_of(game, law):
    def written(pair):
        return f"{pair[0]} + {pair[1]}*c"

    messages = {
        m: {
            f"{r}, {k}": {who: written(pair) for who, pair in lines.items()}
            for r, choices in answers.items()
            for k, lines in choices.items()
        }
        for m, answers in game.items()
    }
    players = {"sender": "a", "receiver": "b"}
    return {"costly_signal": {**players, "private": {"c": law}, "messages": messages}}


def reached(game, m, r, c):
    """Payoffs of both after a message and an answer, the sender choosing last."""
    values = [[p[0] + p[1] * c for p in (k["a"], k["b"])] for k in game[m][r].values()]
    return max(values, key=lambda v: v[0])


LAWS = [
    {"from": 0, "to": 1},
    {"from": 0, "to": 1, "distribution": {"type": "beta", "a": 1, "b": 2}},
]


SEEDS = (0, 1, 6, 10, 11, 18, 25, 34, 43, 44, 45, 133, 146)
"""The first two, and others whose games have cuts; in five of them the receiver mixes."""


@pytest.mark.parametrize("seed", SEEDS)
def test_no_type_and_no_receiver_gains(seed):
    """Types at equally likely quantiles, one by one; with pure answers every cut of the grid that holds is
    found."""
    game = drawn(seed)
    law = LAWS[seed % 2]
    members = solved(json.dumps(section_of(game, law)))
    shares = [(k + 0.5) / COUNT for k in range(COUNT)]
    types = [u if seed % 2 == 0 else 1 - (1 - u) ** 0.5 for u in shares]
    table = {(m, r): [reached(game, m, r, c) for c in types] for m in game for r in game[m]}
    for member in members:
        answers = dict(member.extra["answers"])
        for m, kept in member.extra.get("off_path", {}).items():
            answers[m] = {kept[0]: 1.0}
        values = {
            m: [sum(p * table[m, r][k][0] for r, p in mix.items()) for k in range(COUNT)]
            for m, mix in answers.items()
        }
        for m, (low, high) in member.extra["sends"].items():
            (other,) = set(game) - {m}
            inside = [k for k, c in enumerate(types) if low < c < high]
            assert all(values[m][k] >= values[other][k] - 1e-8 for k in inside)
            totals = {r: sum(table[m, r][k][1] for k in inside) / COUNT for r in game[m]}
            now = sum(p * totals[r] for r, p in answers[m].items())
            assert now >= max(totals.values()) - 3e-3
    cuts = [m.extra["cut"] for m in members if "cut" in m.extra]
    for r in game["silent"]:
        for s in game["vow"]:
            more = [v[0] - w[0] for v, w in zip(table["vow", s], table["silent", r], strict=True)]
            turns = [k for k in range(1, COUNT) if (more[k - 1] > 0) != (more[k] > 0)]
            if len(turns) == 1 and clearly_best(game, table, more, {"silent": r, "vow": s}):
                assert any(abs(types[turns[0]] - cut) < 3e-3 for cut in cuts)


def clearly_best(game, table, more, answers):
    """Whether answers are best against those who send what, with room for the grid."""
    for m, answer in answers.items():
        inside = [k for k, gain in enumerate(more) if (gain > 0) == (m == "vow")]
        totals = {r: sum(table[m, r][k][1] for k in inside) / COUNT for r in game[m]}
        if any(totals[answer] < total + 4e-3 for r, total in totals.items() if r != answer):
            return False
    return True


BAD = [
    ("-audience", "war*war", "is not affine in war, a sum of multiples"),
    ("-audience", "-audeince", "unknown name 'audeince'; did you mean 'audience'?"),
    ("concede: {a: 1, b: 0}", "concede: {a: 1}", "payoffs of exactly a and b are needed"),
    ("sender: a", "sender: b", "sender and receiver are two actors"),
    ("{from: -1, to: 0.5}", "{from: 1, to: 0.5}", "values must rise"),
]


@pytest.mark.parametrize(("old", "new", "words"), BAD)
def test_what_is_wrong_is_said(tmp_path, capsys, old, new, words):
    path = tmp_path / "x.yaml"
    path.write_text(VOW.format(law="{from: -1, to: 0.5}").replace(old, new))
    assert run(["solve", str(path)]) == 2
    assert words in " ".join(capsys.readouterr().err.split())
