"""Rounds in files: what is wrong with them in one sentence each, and how they are listed."""

from __future__ import annotations

from pathlib import Path

import pytest
import sim
from sim.cli import run
from sim.games.order import rounds_of

FILE = """\
title: Two
parameters: {wait: {value: 0.9, range: [0.5, 1], source: assumed}}
issues: {peace: {no: {}, yes: {signed: 1}}}
outcomes: {treaty: signed}
actors:
  a: {role: principal}
  b: {role: principal}
  eye: {role: third party, stances: {quiet: {}, loud: {n: 1}}}
payoffs: {a: {x: signed}, b: {x: signed}, eye: {x: -n}}
game:
  rounds: [{offer: a}, {reply: b}, {offer: b}, {reply: a}]
  discount: {a: wait, b: 0.8}
"""
LISTED = "[{offer: a}, {reply: b}, {offer: b}, {reply: a}]"

WRONG = [
    (
        "offer: a}, {reply: b",
        "offer: c}, {reply: b",
        "11:12: game.rounds.0: 'c' is not a principal",
    ),
    (
        LISTED,
        "[{offer: a}, {offer: b}, {reply: a}]",
        "11:24: game.rounds.1: the offer before needs a reply of b",
    ),
    (LISTED, "[{offer: a}]", "11:11: game.rounds: an offer needs a reply of b"),
    (
        LISTED,
        "[{offer: a}, {reply: a}]",
        "game.rounds.1: 'a' has no offer to reply to; it made this one",
    ),
    (LISTED, "[{offer: a}, {reply: eye}]", "game.rounds.1: 'eye' is not a principal"),
    (LISTED, "[eye.stance]", "11:11: game.rounds: nobody makes an offer"),
    (LISTED, "[]", "game.rounds: 'rounds' needs offers with their replies, or 'turns'"),
    (
        LISTED,
        "[eye.stance, {offer: a}, {reply: b}]",
        "'stance' stands after the last reply and is of every round",
    ),
    (
        LISTED,
        "[{offer: a}, {reply: b}, {ratify: {noise: 1}}]",
        "ratified for certain; remove 'noise'",
    ),
    (LISTED, "[a.demand, b.demand]", "'demand' is not played in them"),
    (
        LISTED,
        "[{ofer: a}, {reply: b}]",
        "11:12: game.rounds.0: 'ofer' is not a stage; did you mean 'offer'?",
    ),
    (LISTED, "{turns: [a, eye]}", "game.rounds.turns.1: 'eye' is not a principal"),
    (LISTED, "{turns: [a, b], times: 0}", "game.rounds.times: 0 rounds; 1 to 500 are possible"),
    (
        LISTED,
        "{turns: [a, b], times: 1000}",
        "game.rounds.times: 1,000 rounds; 1 to 500 are possible",
    ),
    (
        LISTED,
        "{turns: [a, b], times: 3, for_ever: true}",
        "give 'times' or 'for_ever: true', not both",
    ),
    (LISTED, "{turn: [a, b]}", "unknown key 'turn'; did you mean 'turns'?"),
    (
        "b: 0.8",
        "b: 1.2",
        "12:26: game.discount.b: 1.2 is not a discount factor of rounds; it lies above 0",
    ),
    ("b: 0.8", "b: 0", "game.discount.b: 0 is not a discount factor of rounds"),
    ("a: wait, ", "", "'discount' needs 'a': what a payoff of it counts that comes a round later"),
    ("b: 0.8", "b: 0.8, eye: 0.5", "game.discount.eye: 'eye' is not a principal"),
    ("a: wait", "a: wat", "game.discount.a: unknown name 'wat'; did you mean 'wait'?"),
    (
        "  rounds",
        "  protocol: ultimatum\n  rounds",
        "give rounds, or a protocol, or stages, not two of them",
    ),
    (
        "  rounds",
        "  proposer: a\n  rounds",
        "game.proposer: 'rounds' say who moves; remove 'proposer'",
    ),
    (
        "b: {role: principal}",
        "b: {role: principal, types: {s: {chance: 1}}}",
        "rounds know no private information",
    ),
    (f"rounds: {LISTED}", "protocol: ultimatum", "game.discount: 'discount' belongs to 'rounds'"),
]


@pytest.mark.parametrize(("old", "new", "words"), WRONG)
def test_what_is_wrong_is_one_sentence_with_its_line(tmp_path: Path, capsys, old, new, words):
    file = tmp_path / "two.yaml"
    assert old in FILE
    file.write_text(FILE.replace(old, new, 1))
    for verb in ("check", "solve"):
        assert run([verb, str(file)]) == 2
        told = capsys.readouterr().err
        lines = [line for line in told.splitlines() if words in line]
        assert lines, told
        assert lines[0].startswith(f"{file}:"), told


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["solve", "--set", "wait=1.5"], "1.5 is not a discount factor of rounds"),
        (["solve", "--concept", "perfect_bayesian"], "is not defined of a game in rounds"),
        (["export", "--to", "efg"], "rounds are not written as a tree"),
        (["frontier", "--vary", "wait=0.5:1", "--of", "predicted:treaty"], "not defined of a game in rounds"),
        (["sweep", "--vary", "wait=0.5:1:3", "--engine", "compiled"], "the game is played in rounds"),
    ],
)  # fmt: skip
def test_what_rounds_do_not_know_is_refused(tmp_path: Path, capsys, words, message):
    file = tmp_path / "two.yaml"
    file.write_text(FILE)
    assert run([words[0], str(file), *words[1:]]) == 2
    assert message in capsys.readouterr().err


def test_rounds_for_ever_need_impatience_and_a_forecast_a_last_round(tmp_path: Path, capsys):
    ever = FILE.replace(LISTED, "{turns: [a, b], for_ever: true}")
    file = tmp_path / "two.yaml"
    file.write_text(ever.replace("b: 0.8", "b: 1"))
    assert run(["check", str(file)]) == 2
    assert "for ever lies below 1: at 1 nothing is lost by waiting" in capsys.readouterr().err
    file.write_text(ever + "dynamics: {report: 5, discount: {a: 0.9, b: 0.9}}\n")
    assert run(["check", str(file)]) == 2
    assert "write 'times: N' for 'for_ever'" in capsys.readouterr().err


def test_points_at_which_a_discount_is_none_have_no_answer(tmp_path: Path):
    (tmp_path / "two.yaml").write_text(FILE)
    run = sim.sweep(
        sim.load(tmp_path / "two.yaml"), vary={"wait": (0.6, 1.1, 6)}, out=tmp_path / "run"
    )
    frame = run.to_frame()
    assert list(frame["status"]) == ["ok"] * 5 + ["failed"]
    assert list(frame["predicted_round"][:5]) == [1] * 5


def test_stages_after_the_last_reply_are_of_every_round():
    listed = LISTED.replace("{reply: a}]", "{reply: a}, eye.stance, ratify]")
    one = rounds_of(sim.loads(FILE.replace(LISTED, listed)))
    two = rounds_of(sim.loads(FILE.replace(LISTED, "{turns: [a, b], times: 5}")))
    assert [[m.kind for stage in kind for m in stage] for kind in one.kinds] == [
        ["offer", "reply", "stance", "ratify"]
    ] * 2
    assert (one.order, two.order) == ((0, 1), (0, 1, 0, 1, 0))
    assert [[m.kind for stage in kind for m in stage] for kind in two.kinds] == [
        ["offer", "reply", "stance"]
    ] * 2


def test_the_river_signs_in_the_second_round_unless_upstream_can_offer_enough():
    """By hand, in the file's header: 60 per cent, a season late; at once where the cabinet may offer it."""
    river = sim.load("classics/offers-in-turn")
    late = sim.explain(river).predicted
    assert late is not None
    assert (late["agreement"], late["round"], late["rounds"]) == ("60 per cent", 2, 3)
    assert late["delay_costs"] == pytest.approx({"upstream": 0.16, "downstream": 0.06})
    soon = sim.explain(river.with_values({"cabinet.most": 0.6})).predicted
    assert soon is not None
    assert (soon["agreement"], soon["round"]) == ("60 per cent", 1)
