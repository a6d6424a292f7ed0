"""Claims on actors on a line: the status quo is in the core, a point takes its place, one is the median.

Definition. With ideal points ``p_i`` and status quo ``q`` an actor likes ``x`` at least as much as ``q``
where ``(q - x) (q + x - 2 p_i) >= 0``, or where ``x`` lies in the interval that it accepts. A proposal passes
with the consent of every veto player and, where a quota is given or there is no veto player, so many votes
(a majority without a quota) of all actors but the setter. The status quo is in the core where no side of
it holds the ideal points of all veto players and of so many voters.

Array convention. One condition per comparison of points.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

import numpy as np

from sim._kernels.tolerance import BoolArray
from sim.certified.bounds.conditions import Collector, Signs
from sim.certified.forms.form_claim import FormClaim
from sim.certified.forms.logic import All, Sign, Some, Statement, at_least, negated, truth
from sim.claims import Claim
from sim.errors import NotDefinedError, UsageError, suggest
from sim.expressions import Expression, compose, parse
from sim.expressions.exact import exact_value
from sim.scenario import Scenario
from sim.scenario.sections.spatial import SpatialActor, SpatialSection


def spatial_claim(scenario: Scenario, varied: Sequence[str], claim: Claim) -> FormClaim:
    """A claim on a spatial game of one dimension.

    Raises
    ------
    NotDefinedError
        If there are several dimensions, or weights and positions vary together.
    UsageError
        If what the claim needs (a status quo, an ideal point) is missing, or it names no point or actor.
    """
    section = scenario.document.spatial
    assert section is not None
    if section.dimensions > 1:
        raise NotDefinedError(
            f"claims on positions are certified on one dimension, and there are {section.dimensions}"
        )
    made = Collector(varied, scenario.values)
    if claim.kind == "weighted_median":
        return _median(section, made, claim.subject)
    start = section.status_quo
    if not isinstance(start, Expression):
        raise UsageError("this claim needs a status quo: add `status_quo:`")
    if claim.kind == "core":
        statement: Statement = All(
            tuple(negated(_left_for(section, made, start, side)) for side in (1, -1))
        )
    else:
        statement = _passes(section, made, start, _point(claim.subject))
    return FormClaim(made.conditions(), statement)


def _point(text: str) -> Expression:
    try:
        number = Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise UsageError(f"passes:{text}: a number is needed") from None
    return parse(f"({number.numerator}) / {number.denominator}")


def ideal_of(name: str, actor: SpatialActor) -> Expression:
    """The ideal point of an actor, which must have one."""
    if not isinstance(actor.position, Expression):
        raise UsageError(f"this claim needs the ideal point (position) of '{name}'")
    return actor.position


def _rule(section: SpatialSection, voters: Sequence[str]) -> tuple[tuple[str, ...], int]:
    """Whose consent is needed, and how many votes besides (none where consent suffices)."""
    if section.quota is None and section.veto:
        return section.veto, 0
    votes = section.quota or len(voters) // 2 + 1
    if votes > len(voters):
        raise UsageError(f"a quota of {votes} votes exceeds the {len(voters)} voters")
    return section.veto, votes


def _left_for(section: SpatialSection, made: Collector, start: Expression, side: int) -> Statement:
    """The statement that some point on one side of the status quo takes its place."""
    veto, votes = _rule(section, list(section.actors))
    beyond = {}
    for name, actor in section.actors.items():
        if votes or name in veto:
            ideal = ideal_of(name, actor)
            beyond[name] = Sign(made.difference(ideal, start), strict=True, flipped=side < 0)
    consent = tuple(beyond[name] for name in veto)
    return All((*consent, at_least(votes, list(beyond.values())))) if votes else All(consent)


def _passes(
    section: SpatialSection, made: Collector, start: Expression, point: Expression
) -> Statement:
    """The statement that a point takes the place of the status quo."""
    voters = [name for name in section.actors if name != section.setter]
    veto, votes = _rule(section, voters)
    asked = [name for name in section.actors if (votes and name in voters) or name in veto]
    likes = {name: _likes(name, section.actors[name], made, start, point) for name in asked}
    parts: list[Statement] = [likes[name] for name in veto if name != section.setter]
    if votes:
        parts.append(at_least(votes, [likes[name] for name in voters]))
    if section.scale is not None:
        low, high = section.scale
        assert isinstance(low, Expression)
        assert isinstance(high, Expression)
        parts += [Sign(made.difference(point, low)), Sign(made.difference(high, point))]
    return All(tuple(parts))


def _likes(
    name: str, actor: SpatialActor, made: Collector, start: Expression, point: Expression
) -> Statement:
    """The statement that an actor likes a point at least as much as the status quo, or accepts it."""
    if actor.accepts is not None:
        low, high = actor.accepts
        return All((Sign(made.difference(point, low)), Sign(made.difference(high, point))))
    ideal = ideal_of(name, actor)
    below = made.difference(start, point)
    nearer = made.add([(1, start), (1, point), (-2, ideal)])
    return Some(
        tuple(All((Sign(below, flipped=f), Sign(nearer, flipped=f))) for f in (False, True))
    )


def _median(section: SpatialSection, made: Collector, name: str) -> FormClaim:
    """The claim that neither side of an actor's position holds more than half of the weight."""
    if name not in section.actors:
        raise UsageError(f"no actor '{name}'{suggest(name, section.actors)}")
    here = ideal_of(name, section.actors[name])
    rows = [made.difference(here, ideal_of(n, actor)) for n, actor in section.actors.items()]
    weights = [_weight(actor) for actor in section.actors.values()]
    exact = [exact_value(w.tree, made.values) for w in weights]
    if not any(w.names & set(made.varied) for w in weights) and None not in exact:
        return _by_order(made, rows, [w for w in exact if w is not None])
    return _by_weight(made, rows, weights)


def _weight(actor: SpatialActor) -> Expression:
    """Capability times salience, each 1 where the file has none."""
    salience = actor.salience if isinstance(actor.salience, Expression) else parse(1)
    return compose("a * b", a=actor.capability or parse(1), b=salience)


def _by_order(made: Collector, rows: Sequence[int], weights: Sequence[Fraction]) -> FormClaim:
    """Fixed weights: whose positions lie on either side decides."""
    scale = lcm(*(w.denominator for w in weights))
    size = np.array([int(w * scale) for w in weights], dtype=object)[:, None]
    half = int(sum(size[:, 0]))

    def decide(signs: Signs) -> tuple[BoolArray, BoolArray]:
        certain, possible = np.ones((2, len(signs)), dtype=np.bool_)
        for flipped in (False, True):
            found = [truth(Sign(row, strict=True, flipped=flipped), signs) for row in rows]
            least, most = (
                (size * np.array([f[k] for f in found]).astype(object)).sum(axis=0) for k in (0, 1)
            )
            certain &= (2 * most <= half).astype(np.bool_)
            possible &= (2 * least <= half).astype(np.bool_)
        return certain, possible

    return FormClaim(made.conditions(), decide=decide)


def _by_weight(made: Collector, rows: Sequence[int], weights: Sequence[Expression]) -> FormClaim:
    """Fixed positions: two sums of weights decide."""
    known = made.conditions()
    if any(row in known.curved or any(known.rows[row][1:]) for row in rows):
        raise NotDefinedError(
            "a weighted median is certified where positions vary or weights do, not both at once"
        )
    signs = []
    for side in (1, -1):
        terms = [
            (-1 if side * known.rows[row][0] > 0 else 1, w)
            for row, w in zip(rows, weights, strict=True)
        ]
        signs.append(Sign(made.add(terms)))
    return FormClaim(made.conditions(), All(tuple(signs)))
