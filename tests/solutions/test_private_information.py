"""Published and hand-worked numbers of private information, each with its source.

Others of this family stand with their concept: entry, the audience-cost bluff (3/14, 1/6, 1/4) and one-card
poker in ``test_tree_cases``; the horse, beer and quiche, the least separating cost 0.3 and the chain store in
``test_assessments``; bilateral trade and mediation in ``test_mechanisms``; screening offers by other laws in
``test_screening_offer``; turn 0 of the KTAB case and the setter in two dimensions in
``test_condorcet_election``.
"""

from __future__ import annotations

import pytest
import sim
from sim.cli import run


def outcomes(text, concept="perfect_bayesian"):
    (solution,) = sim.solve(sim.loads(text), concept)
    assert solution.exhaustive
    return [member.extra["behaviour"] for member in solution.members], solution


# Kydd (2005), Trust and Mistrust in International Relations, ch. 7, stripped: a fair or foul sender may make
# a concession (at 1/2 or 1) before it is trusted or not. Trust is worth 1 or -2: it needs a fair sender
# with 2/3. A foul sender gains 21/20 by trust, so it is indifferent to a concession where trust has 20/21;
# with t below 2/3 it makes one with chance t / (2 (1 - t)), which leaves fair at 2/3.
REASSURANCE = """
parameters: {{t: {t}}}
tree:
  actors: [s, r]
  nodes:
    type: {{chance: {{fair: t, foul: 1 - t}}, actions: {{fair: fair, foul: foul}}}}
    fair: {{player: s, actions: {{quiet: fq, concede: fc}}}}
    foul: {{player: s, actions: {{quiet: uq, concede: uc}}}}
    fq: {{player: r, information: after quiet, actions: {{trust: [1, 1], guard: [0, 0]}}}}
    uq: {{player: r, information: after quiet, actions: {{trust: [21/20, -2], guard: [0, 0]}}}}
    fc: {{player: r, information: conceded, actions: {{trust: [1/2, 1], guard: [-1/2, 0]}}}}
    uc: {{player: r, information: conceded, actions: {{trust: [1/20, -2], guard: [-1, 0]}}}}
"""


@pytest.mark.parametrize("t", [0.5, 0.25, 0.6])
def test_reassurance_below_two_thirds_is_trusted_twenty_times_in_twenty_one(t):
    _, solution = outcomes(REASSURANCE.format(t=t))
    (divine,) = [m for m in solution.members if "divine" in m.extra["marks"]]
    told = divine.extra["behaviour"]
    assert told["s"]["fair"] == {"concede": 1.0}
    assert told["s"]["foul"]["concede"] == pytest.approx(t / (2 * (1 - t)), abs=1e-9)
    assert told["r"]["conceded"]["trust"] == pytest.approx(20 / 21, abs=1e-9)
    assert told["r"]["after quiet"] == {"guard": 1.0}


@pytest.mark.parametrize(("t", "pools"), [(0.66, False), (0.67, True), (0.9, True)])
def test_both_types_concede_and_are_trusted_above_two_thirds_only(t, pools):
    found, _ = outcomes(REASSURANCE.format(t=t))
    both = [
        b
        for b in found
        if b["s"] == {"fair": {"concede": 1.0}, "foul": {"concede": 1.0}}
        and b["r"]["conceded"] == {"trust": 1.0}
    ]
    assert bool(both) == pools

    # Zagare and Kilgour (1993), Asymmetric Deterrence, and (2000), Perfect Deterrence: unilateral deterrence.


# Challenger: demand met 1, status quo 0, conflict -1/2 (hard) or -2, backing down -1. Defender: status quo 3,
# challenger backs down 2, conflict 1 (hard) or -1, concession 0. A hard challenger demands where it is defied
# with less than 2/3, a soft one with less than 1/2; a soft defender defies below 2/3 of hard challengers.
def deterrence(hard_challenger, hard_defender):
    lines = [f"parameters: {{c: {hard_challenger}, d: {hard_defender}}}", "tree:"]
    lines += ["  actors: [challenger, defender]", "  nodes:", "    types:"]
    lines += ["      chance: {hh: c*d, hs: c*(1 - d), sh: (1 - c)*d, ss: (1 - c)*(1 - d)}"]
    lines += ["      actions: {hh: hh, hs: hs, sh: sh, ss: ss}"]
    for a, b in ("hh", "hs", "sh", "ss"):
        war = f"[{'-1/2' if a == 'h' else -2}, {1 if b == 'h' else -1}]"
        first = (
            f"{{player: challenger, information: {a}, actions: {{wait: [0, 3], demand: {a}{b}1}}}}"
        )
        then = f"{{concede: [1, 0], defy: {a}{b}2}}"
        last = f"{{back down: [-1, 2], fight: {war}}}"
        lines += [
            f"    {a}{b}: {first}",
            f"    {a}{b}1: {{player: defender, information: {b} faced, actions: {then}}}",
            f"    {a}{b}2: {{player: challenger, information: {a} defied, actions: {last}}}",
        ]
    return "\n".join(lines)


def demands(behaviour):
    return tuple(behaviour["challenger"][who].get("demand", 0.0) for who in "hs")


def defies(behaviour):
    return behaviour["defender"]["s faced"].get("defy", 0.0)


def test_deterrence_is_certain_and_the_only_equilibrium_where_defenders_are_hard_enough():
    found, _ = outcomes(deterrence(0.25, 0.75))
    assert [demands(b) for b in found] == [(0, 0)]


@pytest.mark.parametrize(
    ("c", "d", "hard", "soft", "defied"),
    [
        (0.25, 0.6, 1, 0, 0),  # separating
        (0.75, 0.6, 1, 0, 0),
        (0.25, 0.25, 1, 1 / 6, 1 / 3),  # bluff: c / (2 (1 - c)), and d + (1 - d) y = 1/2
        (0.5, 0.2, 1, 1 / 2, 3 / 8),
        (0.75, 0.25, 1, 1, 0),  # attack
    ],
)
def test_beside_deterrence_by_a_threat_of_the_soft_there_is_one_equilibrium(
    c, d, hard, soft, defied
):
    """The other rests on the belief that who demands is soft; Zagare and Kilgour call that implausible."""
    found, _ = outcomes(deterrence(c, d))
    quiet = [b for b in found if demands(b) == (0, 0)]
    (other,) = [b for b in found if demands(b) != (0, 0)]
    assert all(defies(b) > 0 for b in quiet)
    assert demands(other) == pytest.approx((hard, soft), abs=1e-9)
    assert defies(other) == pytest.approx(defied, abs=1e-9)


# Crawford and Sobel (1982), section 4: uniform states, quadratic losses
TALK = "cheap_talk: {{sender: envoy, receiver: capital, state: {{from: {low}, to: {high}}}, bias: {bias}}}"


@pytest.mark.parametrize(
    ("bias", "most", "first"),
    [(0.05, 3, 2 / 15), (0.1, 2, 0.3), (0.3, 1, 1.0), (-0.05, 3, 1 / 3 + 0.2), (0.25, 1, 1.0)],
)
def test_how_much_is_told_at_no_cost(bias, most, first):
    (solution,) = sim.solve(sim.loads(TALK.format(low=0, high=1, bias=bias)))
    assert solution.exhaustive
    assert [len(m.extra["choices"]) for m in solution.members] == list(range(most, 0, -1))
    assert solution.members[0].extra["cuts"][1] == pytest.approx(first, abs=1e-9)


@pytest.mark.parametrize(("low", "high", "bias"), [(0, 1, 0.02), (-1, 3, -0.07)])
def test_no_state_gains_by_naming_another_interval_and_the_receiver_by_no_other_choice(
    low, high, bias
):
    (solution,) = sim.solve(sim.loads(TALK.format(low=low, high=high, bias=bias)))
    states = [low + (high - low) * (k + 0.5) / 4_000 for k in range(4_000)]
    for member in solution.members:
        cuts, choices = member.extra["cuts"], member.extra["choices"]
        losses = []
        for s in states:
            own = next(k for k in range(len(choices)) if s <= cuts[k + 1] or k == len(choices) - 1)
            best = min((y - s - bias) ** 2 for y in choices)
            assert (choices[own] - s - bias) ** 2 <= best + 1e-9
            losses.append((choices[own] - s) ** 2)
        assert member.payoffs["capital"] == pytest.approx(-sum(losses) / len(losses), abs=1e-5)
        assert member.regret <= 1e-12


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"high": 0}, "there is no state"),
        ({"bias": 0}, "tells everything"),
        ({"bias": "bais"}, "unknown name 'bais'"),
    ],
)
def test_talk_that_makes_no_sense_is_refused(tmp_path, capsys, change, words):
    path = tmp_path / "x.yaml"
    path.write_text(TALK.format(**{"low": 0, "high": 1, "bias": 0.1, **change}))
    assert run(["solve", str(path), "--concept", "partitions"]) == 2
    assert words in " ".join(capsys.readouterr().err.split())
