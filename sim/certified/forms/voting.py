"""Claims on a weighted voting body: a coalition wins, a voter has a veto, or a voter's power has a bound.

Definition. Whether a coalition reaches a quota is one condition, ``weight(S) - quota >= 0``. Power is an
index of which coalitions win: over a box every coalition certainly wins, certainly loses or may do either,
and the swings of a voter are counted for both.

Array convention. Coalitions are bitmasks, bit ``i`` for voter ``i``; swings have shape ``(voters, boxes)``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import factorial

import numpy as np

from sim._kernels.tolerance import BoolArray, IntArray
from sim.certified.bounds.boxes import Boxes
from sim.certified.bounds.conditions import Collector, Signs
from sim.certified.forms.form_claim import FormClaim
from sim.certified.forms.logic import All, Sign, Some, Statement, negated, truth
from sim.claims import Claim
from sim.errors import TooLargeError, UsageError, suggest
from sim.scenario import Scenario
from sim.scenario.sections.coalitional import VotingRule, VotingSection

MAX_VOTERS = 12
"""Largest body whose power is certified: ``2**n`` coalitions are looked at in every box."""


def voting_claim(
    scenario: Scenario, varied: Sequence[str], claim: Claim, whole: Boxes
) -> FormClaim:
    """The claim that a coalition wins, a voter has a veto, or a voter's power is within a bound.

    Raises
    ------
    UsageError
        If a voter is unknown, or a weight or quota makes no sense somewhere in the box.
    TooLargeError
        If there are too many voters for that.
    """
    section = scenario.document.voting
    assert section is not None
    _require_sense(section, scenario, varied, whole)
    made, voters = Collector(varied, scenario.values), list(section.weights)
    if claim.kind == "wins":
        names = [name.strip() for name in claim.subject.split(",")]
        mask = sum(1 << _voter(name, voters) for name in dict.fromkeys(names))
        coalition = _wins(section, made, mask)
        return FormClaim(made.conditions(), coalition)
    one = _voter(claim.subject, voters)
    everybody = (1 << len(voters)) - 1
    if claim.kind == "veto":
        statement = negated(_wins(section, made, everybody & ~(1 << one)))
        return FormClaim(made.conditions(), statement)
    if len(voters) > MAX_VOTERS:
        raise TooLargeError(
            f"power is certified for at most {MAX_VOTERS} voters, and there are {len(voters)}; ask about "
            "a coalition: wins:VOTER,..."
        )
    wins = [_wins(section, made, mask) for mask in range(everybody + 1)]

    def decide(signs: Signs) -> tuple[BoolArray, BoolArray]:
        found = [truth(statement, signs) for statement in wins]
        certain, possible = (np.stack([f[k] for f in found]) for k in (0, 1))
        return _within(claim, _power(claim.kind, one, len(voters), certain, possible))

    return FormClaim(made.conditions(), decide=decide)


def _voter(name: str, voters: Sequence[str]) -> int:
    if name not in voters:
        raise UsageError(f"no voter '{name}'{suggest(name, voters)}")
    return voters.index(name)


def _rules(section: VotingSection) -> Iterator[tuple[str, VotingRule]]:
    yield "voting", section
    for path in ("also", "enough"):
        for k, rule in enumerate(getattr(section, path)):
            yield f"voting.{path}.{k}", rule


def _require_sense(
    section: VotingSection, scenario: Scenario, varied: Sequence[str], whole: Boxes
) -> None:
    """Refuse a box in which a weight is negative, or a quota is not above 0 or out of reach."""
    made, asked = Collector(varied, scenario.values), {}
    for path, rule in _rules(section):
        for name, weight in rule.weights.items():
            asked[made.add([(1, weight)]), False] = f"{path}.weights.{name} may be negative"
        total = [(1, weight) for weight in rule.weights.values()]
        asked[made.add([(1, rule.quota)]), True] = f"{path}.quota may be 0 or less"
        words = f"{path}.quota may be more than all votes"
        asked[made.add([*total, (-1, rule.quota)]), False] = words
    known = made.conditions()
    for (row, strict), words in asked.items():
        if not known.always(row, whole, strict=strict):
            raise UsageError(f"{words} in these ranges; narrow them")


def _wins(section: VotingSection, made: Collector, mask: int) -> All | Some:
    """The statement that a coalition wins: all of the first rules hold, or one that suffices."""
    signs: list[Statement] = []
    for _, rule in _rules(section):
        inside = [(1, weight) for i, weight in enumerate(rule.weights.values()) if mask >> i & 1]
        signs.append(Sign(made.add([*inside, (-1, rule.quota)])))
    needed = 1 + len(section.also)
    return Some((All(tuple(signs[:needed])), *signs[needed:]))


def _power(
    kind: str, one: int, voters: int, certain: BoolArray, possible: BoolArray
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Least and most swings of a voter, and of all others together, shape ``(boxes,)`` each."""
    masks = np.arange(1 << voters)
    sizes = np.array([int(mask).bit_count() for mask in masks])
    if kind == "shapley":
        each = [factorial(s) * factorial(voters - 1 - s) for s in range(voters)]
    else:
        each = [1] * voters
    least, most = [], []
    for i in range(voters):
        without = masks[(masks >> i & 1) == 0]
        weight = np.array(each, dtype=np.int64)[sizes[without], None]
        joined = without | 1 << i
        least.append((weight * (certain[joined] & ~possible[without])).sum(axis=0))
        most.append((weight * (possible[joined] & ~certain[without])).sum(axis=0))
    if kind == "shapley":
        # the indices of all voters add up to 1, whoever wins
        rest = np.full(certain.shape[1], factorial(voters), dtype=np.int64)
        return least[one], most[one], rest - least[one], rest - most[one]
    others = [k for k in range(voters) if k != one]
    return (
        least[one],
        most[one],
        np.asarray(sum((most[k] for k in others), np.zeros_like(least[one]))),
        np.asarray(sum((least[k] for k in others), np.zeros_like(least[one]))),
    )


def _within(
    claim: Claim, swings: tuple[IntArray, IntArray, IntArray, IntArray]
) -> tuple[BoolArray, BoolArray]:
    """Where the share of a voter's swings certainly, and possibly, meets the bound of a claim."""
    low, high, low_rest, high_rest = swings
    bound = claim.number
    # share >= p/q is q * mine >= p * (mine + others), in whole numbers
    least = _excess(low, low_rest, bound)
    most = _excess(high, high_rest, bound)
    match claim.sign:
        case ">=":
            return least >= 0, most >= 0
        case ">":
            return least > 0, most > 0
        case "<=":
            return most <= 0, least <= 0
    return most < 0, least < 0


def _excess(
    mine: IntArray, others: IntArray, bound: Fraction
) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    exact = mine.astype(object), others.astype(object)
    return np.asarray(bound.denominator * exact[0] - bound.numerator * (exact[0] + exact[1]))
