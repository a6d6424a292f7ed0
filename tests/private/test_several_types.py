"""Several actors with types, third parties among them: what is left out of the tree changes no outcome."""

from __future__ import annotations

import random

import numpy as np
import pytest
import sim
from sim.feasibility.private import signalled as room
from sim.feasibility.private.by_type import private_information
from sim.games.private import typed_tree
from sim.games.private.typed_outcomes import TypedGame


def dispute(rng, game, types):
    """Payoffs are whole numbers by agreement, message and who is which; every one of them counts."""
    names = ["deal.one", "deal.two", "(1 - signed)"]
    states = ["1", "kind", "other", "said", "kind*said", "other*said"]

    def payoff():
        terms = [f"{rng.randint(-9, 9)}*{s}*{d}" for s in states for d in names]
        return ", ".join(f"t{n}: '{' + '.join(terms[6 * n : 6 * n + 6])}'" for n in range(3))

    return f"""
parameters: {{kind: 0, other: 0, said: 0}}
issues: {{deal: {{none: {{}}, one: {{signed: 1}}, two: {{signed: 1}}}}}}
outcomes: {{treaty: signed}}
actors: {{{types}}}
payoffs: {{a: {{{payoff()}}}, b: {{{payoff()}}}, c: {{calm: "-0.5*c.stir", stir: "0.25*c.stir"}}}}
game: [{game}]
"""


A = "a: {role: principal, types: {x: {chance: 0.3, set: {kind: 1}}, y: {chance: 0.7}}}"
B = "b: {role: principal, types: {u: {chance: 0.6, set: {other: 1}}, v: {chance: 0.4}}}"
C = "c: {role: third party, stances: {still: {}, stir: {}}}"
SAYS = "{signal: a, messages: {quiet: {}, loud: {said: 1}}}"
CASES = {
    "the sender has types": (
        f"{SAYS}, {{offer: b}}, {{reply: a}}",
        f"{A}, b: {{role: principal}}, {C}",
    ),
    "both have types": ("{offer: b}, {reply: a}", f"{A}, {B}, {C}"),
    "the receiver has types": (
        f"{SAYS}, {{offer: b}}, {{reply: a}}",
        f"a: {{role: principal}}, {B}, {C}",
    ),
}


def outcomes(text, monkeypatch, *, whole):
    if whole:
        monkeypatch.setattr(typed_tree, "kept_options", everything)
    (typed,) = TypedGame(sim.loads(text)).at()
    found = room.signalled(typed)
    monkeypatch.undo()
    keyed = [
        {(p.profile, *p.messages.values(), p.agreement): p.chance for p in one.plays}
        for one in found.outcomes
    ]
    return found.solution, keyed


def everything(typed):
    """All options of all types, as if nothing were ever left out."""
    kept = []
    for axis, allowed in enumerate(typed.allowed):
        before = [len(a.options) for a in typed.game.axes if a.stage < typed.game.axes[axis].stage]
        kept.append(np.broadcast_to(allowed, (*before, *allowed.shape)))
    return kept


def alike(one, other):
    return all(abs(one.get(k, 0) - other.get(k, 0)) < 1e-7 for k in {*one, *other})


@pytest.mark.parametrize("case", CASES)
def test_what_is_left_out_changes_no_outcome(case, monkeypatch):
    check(case, 3, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("seed", range(12))
def test_what_is_left_out_changes_no_outcome_many(case, seed, monkeypatch):
    check(case, seed, monkeypatch)


def check(case, seed, monkeypatch):
    text = dispute(random.Random(f"{case} {seed}"), *CASES[case])
    small, found = outcomes(text, monkeypatch, whole=False)
    large, all_of_them = outcomes(text, monkeypatch, whole=True)
    if large.exhaustive:
        assert all(any(alike(one, other) for other in all_of_them) for one in found)
    if small.exhaustive:
        assert all(any(alike(one, other) for other in found) for one in all_of_them)


CORRELATED = """
parameters: {strong: 0, rich: 0, p: 0.25}
issues: {deal: {none: {}, small: {signed: 1}, big: {signed: 1, big: 1}}}
outcomes: {treaty: signed}
actors:
  a: {role: principal, types: {strong: {set: {strong: 1}}, weak: {}}}
  b: {role: principal}
  c: {role: third party, stances: {still: {}, pay: {paid: 1}}, types: {rich: {set: {rich: 1}}, poor: {}}}
prior:
  - {a: strong, c: rich, chance: p}
  - {a: weak, c: poor, chance: 1 - p}
payoffs:
  a: {deal: (0.2 + 0.8*big)*signed, alone: 0.6*strong*(1 - signed), aid: 0.1*paid}
  b: {deal: signed - 0.5*big}
  c: {aid: (2*rich - 1)*paid*0.1}
game: [[c.stance], {offer: b}, {reply: a}]
"""


def test_a_third_party_with_correlated_types_gives_the_other_away():
    """c pays where it is rich, and only then is a strong: b offers the big deal exactly then."""
    found = private_information(sim.loads(CORRELATED))
    (outcome,) = found.prediction.outcomes
    assert outcome.agreements == {
        "a strong, c rich": {"big": pytest.approx(1.0)},
        "a weak, c poor": {"small": pytest.approx(1.0)},
    }
    assert outcome.offers["b"] == {"big": pytest.approx(0.25), "small": pytest.approx(0.75)}
    assert found.known_treaty == (1.0, 1.0)
