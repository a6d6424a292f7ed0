"""Claims on a bargaining problem with agreements by name: which are rational, and which a solution chooses.

Definition. With gains ``g_i = u_i - d_i`` over disagreement an agreement is rational where no gain is below
0. Among the rational ones ``utilitarian`` makes the sum of payoffs largest, ``egalitarian`` the smallest
gain, ``nash_bargaining`` the product of gains (to integer powers where bargaining power is unequal); never
one that another dominates. Where the agreement leaves somebody without a gain, the last two leave such an
actor out of the comparison; that is not certified, and such points are undecided.

Array convention. One condition per comparison of two agreements.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd, lcm

from sim.certified.bounds.conditions import Amount, Collector, as_expression
from sim.certified.forms.form_claim import FormClaim
from sim.certified.forms.logic import All, Sign, Some, Statement, negated, truth
from sim.claims import Claim
from sim.errors import NotDefinedError, TooLargeError, UsageError, suggest
from sim.expressions import compose
from sim.expressions.exact import exact_value
from sim.scenario import Scenario
from sim.scenario.sections.bargaining import BargainingSection

MOST_AGREEMENTS = 200
"""Agreements of which every one is compared with another."""
MOST_POWER = 8
"""Largest whole number that a ratio of bargaining powers may need."""

Gains = dict[str, list[Amount]]
"""Per agreement everybody's gain over disagreement."""


def bargaining_claim(scenario: Scenario, varied: Sequence[str], claim: Claim) -> FormClaim:
    """A claim on the agreements of a bargaining problem.

    Raises
    ------
    NotDefinedError
        If agreements are not named one by one, or powers are in no simple ratio.
    UsageError
        If there is no such agreement.
    TooLargeError
        If there are too many agreements.
    """
    section = scenario.document.bargaining
    assert section is not None
    gains = _gains(section)
    made = Collector(varied, scenario.values)
    if claim.subject and claim.subject not in gains:
        raise UsageError(f"no agreement '{claim.subject}'{suggest(claim.subject, gains)}")
    rational = {name: _at_least_0(made, g) for name, g in gains.items()}
    if claim.kind == "rational":
        some = rational[claim.subject] if claim.subject else Some(tuple(rational.values()))
        return FormClaim(made.conditions(), some)
    if claim.kind == "utilitarian":
        sums = {name: [(1, amount) for amount in g] for name, g in gains.items()}
        mine = sums[claim.subject]
        best = [
            Some((negated(rational[b]), Sign(made.add([*mine, *((-w, x) for w, x in terms)]))))
            for b, terms in sums.items()
            if b != claim.subject
        ]
        return FormClaim(made.conditions(), All((rational[claim.subject], *best)))
    if claim.kind == "egalitarian":
        return _compared(made, gains, rational, claim.subject, _smallest_no_less)
    power = _power(section, scenario, varied)

    def product_no_less(made: Collector, a: list[Amount], b: list[Amount]) -> Statement:
        return Sign(made.difference(_product(a, power), _product(b, power)))

    return _compared(made, gains, rational, claim.subject, product_no_less)


def _gains(section: BargainingSection) -> Gains:
    if not section.agreements or section.mode not in (None, "discrete"):
        raise NotDefinedError(
            "bargaining is certified for agreements by name without chances or side payments "
            "(agreements:, mode: discrete)"
        )
    if len(section.agreements) > MOST_AGREEMENTS:
        raise TooLargeError(
            f"{len(section.agreements)} agreements, the limit for certified bargaining is {MOST_AGREEMENTS}"
        )
    return {
        label: [
            compose("u - d", u=payoffs[actor], d=section.disagreement[actor])
            for actor in section.actors
        ]
        for label, payoffs in section.agreements.items()
    }


def _at_least_0(made: Collector, gains: Sequence[Amount], *, strict: bool = False) -> All:
    return All(tuple(Sign(made.add([(1, gain)]), strict=strict) for gain in gains))


def _compared(
    made: Collector, gains: Gains, rational: dict[str, All], name: str, no_less: object
) -> FormClaim:
    """The claim that an agreement is best among the rational ones, by a comparison of gains."""
    mine = gains[name]
    others = {b: g for b, g in gains.items() if b != name}
    better = {b: no_less(made, mine, g) for b, g in others.items()}  # type: ignore[operator]
    kept = [_not_dominated(made, mine, g) for g in others.values()]
    positive = {b: _at_least_0(made, g, strict=True) for b, g in gains.items()}
    surely = All(
        (positive[name], *kept, *(Some((negated(rational[b]), better[b])) for b in others))
    )
    perhaps = All(
        (rational[name], *kept, *(Some((negated(positive[b]), better[b])) for b in others))
    )
    return FormClaim(
        made.conditions(),
        surely,
        decide=lambda signs: (truth(surely, signs)[0], truth(perhaps, signs)[1]),
    )


def _smallest_no_less(made: Collector, a: Sequence[Amount], b: Sequence[Amount]) -> Statement:
    """The statement that the smallest of some gains is at least that of others."""
    return Some(tuple(All(tuple(Sign(made.difference(mine, other)) for mine in a)) for other in b))


def _not_dominated(made: Collector, a: Sequence[Amount], b: Sequence[Amount]) -> Statement:
    """The statement that gains ``b`` are not at least ``a`` for all and more for somebody."""
    rows = [made.difference(mine, other) for mine, other in zip(a, b, strict=True)]
    somebody_loses = Some(tuple(Sign(row, strict=True) for row in rows))
    return Some((somebody_loses, All(tuple(Sign(row) for row in rows))))


def _power(section: BargainingSection, scenario: Scenario, varied: Sequence[str]) -> list[int]:
    """Bargaining powers as whole numbers in the same ratio."""
    if not section.weights:
        return [1] * len(section.actors)
    if any(section.weights[actor].names & set(varied) for actor in section.actors):
        raise NotDefinedError("nash_bargaining is certified where weights do not vary")
    exact = [exact_value(section.weights[a].tree, scenario.values) for a in section.actors]
    known = [w for w in exact if w is not None and w > 0]
    scale = lcm(*(w.denominator for w in known)) if known else 1
    whole = [int(w * scale) for w in known]
    divisor = gcd(*whole) or 1
    powers = [w // divisor for w in whole]
    if len(powers) < len(section.actors) or max(powers) > MOST_POWER:
        raise NotDefinedError(
            f"nash_bargaining is certified for weights in a ratio of whole numbers up to {MOST_POWER}"
        )
    return powers


def _product(gains: Sequence[Amount], power: Sequence[int]) -> Amount:
    """The product of gains to whole powers."""
    names = [f"g{k}" for k in range(len(gains))]
    template = " * ".join(f"{name}**{n}" for name, n in zip(names, power, strict=True))
    return compose(template, **{n: as_expression(g) for n, g in zip(names, gains, strict=True)})
