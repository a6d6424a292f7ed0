"""Claims on a coalitional game: the core is not empty, or a division lies in it.

Definition. A division ``x`` is in the core where ``x(N) = v(N)`` and ``x(S) >= v(S)`` for all coalitions. The
Shapley value is a weighted sum of the values, so that it lies in the core is one condition per coalition. The
core is not empty where every minimal balanced collection claims no more than ``v(N)``
(:mod:`sim.certified.forms.balanced`).

Array convention. Coalitions are bitmasks, bit ``i`` for player ``i``.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import factorial

from sim.certified.bounds.conditions import Amount, Collector
from sim.certified.forms.balanced import MAX_PLAYERS, balanced_collections
from sim.certified.forms.form_claim import FormClaim
from sim.certified.forms.logic import All, Sign
from sim.claims import Claim
from sim.errors import TooLargeError, UsageError, suggest
from sim.scenario import Scenario
from sim.scenario.sections.coalitional import CoalitionalSection

SHAPLEY = "shapley"
MOST_SHAPLEY = 8
"""Largest number of players whose Shapley value is written out, ``2**n`` weights per coalition."""

Terms = list[tuple[Fraction | int, Amount]]


def coalitional_claim(scenario: Scenario, varied: Sequence[str], claim: Claim) -> FormClaim:
    """The claim that the core is not empty, that a division or the Shapley value lies in it.

    Raises
    ------
    TooLargeError
        If there are too many players to certify that.
    UsageError
        If the division does not give every player a number.
    """
    section = scenario.document.coalitional
    assert section is not None
    values, made = values_of(section), Collector(varied, scenario.values)
    players = section.players
    if not claim.subject:
        return _not_empty(values, players, made)
    if claim.subject == SHAPLEY:
        shares = _shapley(values, players)
    else:
        numbers = division_of(claim.subject, players)
        shares = [[(1, number)] for number in numbers]
    names: dict[int, str] = {}
    signs = []
    for mask in range(1, len(values)):
        inside = [term for i in range(len(players)) if mask >> i & 1 for term in shares[i]]
        row = made.add([*inside, (-1, values[mask])])
        names.setdefault(row, label_of(mask, players))
        signs.append(Sign(row))
        if mask == len(values) - 1 and claim.subject != SHAPLEY:
            signs.append(Sign(row, flipped=True))
    return FormClaim(made.conditions(), All(tuple(dict.fromkeys(signs))), names=names)


def values_of(section: CoalitionalSection) -> list[Amount]:
    """The value of every coalition by bitmask, as the file states it."""
    out: list[Amount] = [section.unlisted if section.unlisted is not None else Fraction(0)] * (
        1 << len(section.players)
    )
    out[0] = Fraction(0)
    for key, value in section.values.items():
        out[sum(1 << section.players.index(name) for name in section.coalition(key))] = value
    return out


def label_of(mask: int, players: Sequence[str]) -> str:
    """The members of a coalition, with commas between."""
    return ", ".join(name for i, name in enumerate(players) if mask >> i & 1)


def _not_empty(values: Sequence[Amount], players: Sequence[str], made: Collector) -> FormClaim:
    if len(players) > MAX_PLAYERS:
        raise TooLargeError(
            f"whether the core is empty is certified for at most {MAX_PLAYERS} players, and there are "
            f"{len(players)}; ask about a division: core:{players[0]}=NUMBER,... or core:{SHAPLEY}"
        )
    names, signs = {}, []
    for weights in balanced_collections(len(players)):
        claims: Terms = [(-y, values[mask]) for mask, y in weights.items()]
        row = made.add([(1, values[-1]), *claims])
        names[row] = " + ".join(f"{{{label_of(mask, players)}}}" for mask in weights)
        signs.append(Sign(row))
    return FormClaim(made.conditions(), All(tuple(signs)), names=names)


def _shapley(values: Sequence[Amount], players: Sequence[str]) -> list[Terms]:
    """Per player its Shapley value as weights of the values of coalitions."""
    n = len(players)
    if n > MOST_SHAPLEY:
        raise TooLargeError(
            f"the Shapley value is written out for at most {MOST_SHAPLEY} players, and there are {n}"
        )
    out = []
    for i in range(n):
        terms: Terms = []
        for mask in range(1, len(values)):
            size = mask.bit_count()
            if mask >> i & 1:
                weight = Fraction(factorial(size - 1) * factorial(n - size), factorial(n))
            else:
                weight = -Fraction(factorial(size) * factorial(n - size - 1), factorial(n))
            terms.append((weight, values[mask]))
        out.append(terms)
    return out


def division_of(text: str, players: Sequence[str]) -> list[Fraction]:
    """What a text gives to each player: ``PLAYER=NUMBER`` for all, with commas between.

    Examples
    --------
    >>> division_of("b=2/3, a=1/3", ["a", "b"])
    [Fraction(1, 3), Fraction(2, 3)]
    """
    found: dict[str, Fraction] = {}
    for part in text.split(","):
        name, _, number = (word.strip() for word in part.partition("="))
        if name not in players:
            raise UsageError(f"core:{text}: no player '{name}'{suggest(name, [*players, SHAPLEY])}")
        try:
            found[name] = Fraction(number)
        except (ValueError, ZeroDivisionError):
            raise UsageError(f"core:{text}: a number for '{name}' is needed") from None
    for name in players:
        if name not in found:
            raise UsageError(f"core:{text}: a number for '{name}' is missing")
    return [found[name] for name in players]
