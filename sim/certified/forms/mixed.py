"""The claim that some equilibrium of two actors mixes exactly given moves.

Definition. Two actors with payoff tables ``A`` and ``B``; the first mixes the rows ``S`` only, the second the
columns ``T`` only, as many of each. The second's mix ``y`` must leave the first indifferent among ``S``: by
Cramer's rule ``y_t = D_t / D`` with determinants of payoff differences, so ``y > 0`` where every ``D_t`` has
the sign of ``D = sum_t D_t``; a row ``r`` outside is not better where ``sum_t D_t (A[s,t] - A[r,t])`` has
that sign or is 0. The same holds for the other side. Determinants are polynomials in the payoffs. Where
``D`` is 0 such mixes are none or a continuum; the claim counts as failing there.

Array convention. Determinants are expressions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import permutations

from sim.certified.bounds.conditions import Amount, Collector, as_expression
from sim.certified.forms.form_claim import FormClaim
from sim.certified.forms.logic import All, Sign, Some, Statement
from sim.errors import NotDefinedError, UsageError, suggest
from sim.expressions import Expression, compose
from sim.scenario.sections.strategic import StrategicSection

MOST_MIXED = 3
"""Largest number of moves in a mix whose determinants are written out."""

Payoff = Callable[[int, int], Amount]


def mixed_claim(section: StrategicSection, made: Collector, text: str) -> FormClaim:
    """The claim that some equilibrium mixes exactly the moves that a text names.

    Raises
    ------
    NotDefinedError
        If there are not two actors, the supports differ in size, or they are larger than ``MOST_MIXED``.
    UsageError
        If the text names no moves.
    """
    if len(section.actors) != 2:
        raise NotDefinedError(
            f"mixed equilibria are certified for two actors, and there are {len(section.actors)}; "
            "ask about pure ones: predicted:PROFILE"
        )
    rows, columns = supports_of(section, text)
    if len(rows) != len(columns) or len(rows) > MOST_MIXED:
        raise NotDefinedError(
            f"mixed:{text}: certified are mixes of as many moves of one actor as of the other, at most "
            f"{MOST_MIXED} each (mixes of unequal numbers need ties)"
        )
    cells = section.payoffs
    first, second = section.actors.items()
    names: dict[int, str] = {}
    sides = [
        _side(made, lambda r, c: cells[r][c][0], rows, columns, (first, second), names),
        _side(made, lambda c, r: cells[r][c][1], columns, rows, (second, first), names),
    ]
    return FormClaim(made.conditions(), All(tuple(sides)), names=names)


def supports_of(section: StrategicSection, text: str) -> tuple[tuple[int, ...], ...]:
    """The moves that a text names: per actor some with plus signs between, commas between actors.

    Examples
    --------
    >>> game = StrategicSection(actors={"a": ["x", "y"], "b": ["z"]}, payoffs=[[[1, 2]], [[3, 4]]])
    >>> supports_of(game, "x+y, z")
    ((0, 1), (0,))
    """
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != len(section.actors):
        raise UsageError(
            f"mixed:{text}: the moves of {len(section.actors)} actors are needed, with commas between"
        )
    found = []
    for part, (actor, menu) in zip(parts, section.actors.items(), strict=True):
        labels = [label.strip() for label in part.split("+")]
        for label in labels:
            if label not in menu:
                raise UsageError(
                    f"mixed:{text}: {actor} has no move '{label}'{suggest(label, menu)}"
                )
        if len(set(labels)) < len(labels):
            raise UsageError(f"mixed:{text}: a move of {actor} is named twice")
        found.append(tuple(sorted(menu.index(label) for label in labels)))
    return tuple(found)


def _side(
    made: Collector,
    payoff: Payoff,
    mine: Sequence[int],
    theirs: Sequence[int],
    menus: tuple[tuple[str, Sequence[str]], tuple[str, Sequence[str]]],
    names: dict[int, str],
) -> Statement:
    """What makes some mix of the other side leave one actor indifferent among its moves, and at its best."""
    (actor, menu), (other, theirs_all) = menus
    weights = [_weight(payoff, mine, theirs, k) for k in range(len(theirs))]
    unused = [r for r in range(len(menu)) if r not in mine]
    positive = [made.add([(1, w)]) for w in weights]
    at_best = [made.add([(1, _advantage(payoff, mine[0], r, theirs, weights))]) for r in unused]
    names |= {
        row: f"{other}: never {theirs_all[t]}" for row, t in zip(positive, theirs, strict=True)
    }
    names |= {row: f"{actor}: to {menu[r]}" for row, r in zip(at_best, unused, strict=True)}
    return Some(
        tuple(
            All(
                (
                    *(Sign(row, strict=True, flipped=flipped) for row in positive),
                    *(Sign(row, flipped=flipped) for row in at_best),
                )
            )
            for flipped in (False, True)
        )
    )


def _weight(payoff: Payoff, mine: Sequence[int], theirs: Sequence[int], k: int) -> Amount:
    """The determinant that the weight of the ``k``-th move of the other side is proportional to."""
    size = len(mine)
    kept = [theirs[j] for j in range(size) if j != k]
    rows = [[_less(payoff(mine[0], t), payoff(mine[i], t)) for t in kept] for i in range(1, size)]
    return _scaled(_determinant(rows), -1 if k % 2 else 1)


def _determinant(rows: Sequence[Sequence[Amount]]) -> Amount:
    """The determinant of a small matrix of amounts, as the sum over permutations."""
    size = len(rows)
    total: Amount = Fraction(0)
    for order in permutations(range(size)):
        term: Amount = Fraction(1)
        for i, j in enumerate(order):
            term = _times(term, rows[i][j])
        odd = sum(order[a] > order[b] for a in range(size) for b in range(a + 1, size)) % 2
        total = _plus(total, _scaled(term, -1 if odd else 1))
    return total


def _advantage(
    payoff: Payoff, inside: int, outside: int, theirs: Sequence[int], weights: Sequence[Amount]
) -> Amount:
    total: Amount = Fraction(0)
    for t, weight in zip(theirs, weights, strict=True):
        total = _plus(total, _times(weight, _less(payoff(inside, t), payoff(outside, t))))
    return total


def _both(a: Amount, b: Amount) -> tuple[Expression, Expression]:
    return as_expression(a), as_expression(b)


def _plus(a: Amount, b: Amount) -> Amount:
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return a + b
    if not isinstance(a, Expression) and a == 0:
        return b
    first, second = _both(a, b)
    return compose("a + b", a=first, b=second)


def _less(a: Amount, b: Amount) -> Amount:
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return a - b
    first, second = _both(a, b)
    return compose("a - b", a=first, b=second)


def _times(a: Amount, b: Amount) -> Amount:
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return a * b
    if not isinstance(a, Expression) and a == 1:
        return b
    first, second = _both(a, b)
    return compose("a * b", a=first, b=second)


def _scaled(a: Amount, sign: int) -> Amount:
    if sign > 0:
        return a
    return -a if isinstance(a, Fraction) else compose("-a", a=as_expression(a))
