"""What disputes with types lead to, against the enumeration of the whole game at every information set."""

from __future__ import annotations

import random

import pytest
import sim
from sim.feasibility.private.signalled import signalled
from sim.games.private.typed_outcomes import TypedGame
from tests.private.signalling_slowly import alike, outcomes

AGREEMENTS = 3


def random_dispute(rng):
    """A dispute and its payoffs by type, message and agreement; whole numbers that never tie."""
    places = [(k, m, a) for k in (0, 1) for m in (0, 1) for a in range(AGREEMENTS + 1)]
    size = 4 * len(places)
    tables = [dict(zip(places, rng.sample(range(size), len(places)), strict=True)) for _ in "sr"]
    p = rng.randrange(1, 997) / 997  # no belief at which payoffs tie has this denominator
    positions = ", ".join(f"p{a}: {{signed: 1}}" for a in range(1, AGREEMENTS + 1))
    terms = []
    for table in tables:
        parts = []
        for (k, m, a), value in table.items():
            kind = "kind" if k else "(1 - kind)"
            said = "said" if m else "(1 - said)"
            deal = f"deal.p{a}" if a else "(1 - signed)"
            parts.append(f"{value}*{kind}*{said}*{deal}")
        terms.append(", ".join(f"t{n}: '{' + '.join(parts[4 * n : 4 * n + 4])}'" for n in range(4)))
    text = f"""
parameters: {{p: {p}, kind: 0, said: 0}}
issues: {{deal: {{none: {{}}, {positions}}}}}
outcomes: {{treaty: signed}}
actors:
  sender:
    role: principal
    types: {{zero: {{chance: 1 - p, set: {{kind: 0}}}}, one: {{chance: p, set: {{kind: 1}}}}}}
  receiver: {{role: principal}}
payoffs: {{sender: {{{terms[0]}}}, receiver: {{{terms[1]}}}}}
game:
  - {{signal: sender, messages: {{quiet: {{}}, loud: {{said: 1}}}}}}
  - {{offer: receiver}}
  - {{reply: sender}}
"""
    shaped = [
        [[[t[k, m, a] for a in range(AGREEMENTS + 1)] for m in (0, 1)] for k in (0, 1)]
        for t in tables
    ]
    return text, shaped[0], shaped[1], p


def found_outcomes(text):
    """What the program finds: per outcome the probability of every type, message and agreement."""
    (typed,) = TypedGame(sim.loads(text)).at()
    whole = signalled(typed)
    number = {"zero": 0, "one": 1, "quiet": 0, "loud": 1, "none": 0}
    number |= {f"p{a}": a for a in range(1, AGREEMENTS + 1)}
    out = []
    for one in whole.outcomes:
        chances = {}
        for play in one.plays:
            words = (play.profile, play.messages["sender"], play.agreement)
            chances[tuple(number[word] for word in words)] = play.chance
        out.append(chances)
    return whole.solution, out


@pytest.mark.parametrize("seed", range(50))
def test_outcomes_are_those_of_the_whole_game(seed):
    check(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(50, 550))
def test_outcomes_are_those_of_the_whole_game_many(seed):
    check(seed)


def check(seed):
    text, sender, receiver, p = random_dispute(random.Random(seed))
    expected = outcomes(sender, receiver, p)
    solution, found = found_outcomes(text)
    assert all(any(alike(one, other) for other in expected) for one in found), (found, expected)
    missing = [one for one in expected if not any(alike(one, other) for other in found)]
    assert not missing or not solution.exhaustive, (solution.note, missing)
