"""The solution of a two-actor game of at most three by three, exact throughout.

Definition. Extreme equilibria, sorted, with the component of each. A probability is a whole weight over the
sum of its mix's weights, a payoff a whole number over that sum and the unit of the payoffs; each is rounded
once, to the nearest double, when it is reported. The regret is 0: that every strategy played pays most was
decided without rounding.

Method. Doubles say which equilibria there are where they can
(:mod:`sim.solutions.strategic.mixed.doubles_first`); ties, and all games in whole numbers, are decided in
whole numbers (:mod:`sim.solutions.strategic.mixed.three_by_three`).

Array convention. Plain lists of numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import gcd
from operator import mul
from typing import Any

from sim.games.strategic import StrategicGame
from sim.results import Solution, StrategyProfile
from sim.solutions.strategic._exact_payoffs import Whole, payoff_doubles, whole_payoffs
from sim.solutions.strategic.mixed.components import Component, in_words, joined
from sim.solutions.strategic.mixed.doubles_first import Found, decided, may_be_opposed, opposed
from sim.solutions.strategic.mixed.members import LONGEST_TEXT
from sim.solutions.strategic.mixed.three_by_three import CORNERS, LARGEST, Weights, extreme_pairs
from sim.solutions.strategic.mixed.two_by_two import inner_mixes, pattern_of
from sim.solutions.strategic.mixed.zero_sum import value_words

TOO_LONG = 10**LONGEST_TEXT
"""The least denominator that is not written out."""


def has_closed_form(game: StrategicGame) -> bool:
    """Whether this is one game of two actors with at most three strategies each."""
    menus = game.strategies
    return len(menus) == 2 and len(menus[0]) <= LARGEST and len(menus[1]) <= LARGEST


def closed_solution(game: StrategicGame, parameters: dict[str, Any]) -> Solution:
    """All extreme equilibria of a game that has a closed form, and their components.

    Examples
    --------
    >>> game = StrategicGame.from_bimatrix([[1, 1], [0, 2]], [[1, 1], [0, 2]])
    >>> [(e.strategies["player 2"], e.payoffs["player 2"]) for e in closed_solution(game, {}).members]
    [({'1': 1.0}, 1.0), ({'1': 0.5, '2': 0.5}, 1.0), ({'2': 1.0}, 2.0)]
    """
    found, groups, falling = _found(game)
    places = [(1, 0)] * len(found)
    for number, group in enumerate(groups, 1):
        for k in group.members:
            places[k] = number, group.dimension
    exact = game.decimals or game.exact is not None
    members = [
        _member(game, equilibrium, place, exact)
        for equilibrium, place in zip(found, places, strict=True)
    ]
    note = in_words(len(found), groups)
    if falling:
        note = f"{value_words(members[0].payoffs)}; {note}"
    return Solution(
        concept="mixed_nash",
        members=tuple(members),
        status="complete",
        exhaustive=True,
        parameters=parameters,
        note=note,
    )


Doubles = tuple[list[float], Whole]
"""Payoffs as doubles, and what makes some of them whole."""
Answer = tuple[list[Found], Sequence[Component], bool]
"""Equilibria with their payoffs, their components, and whether the actors' interests are opposed."""


def _found(game: StrategicGame) -> Answer:
    """What there is of a game."""
    n, doubles = len(game.strategies[1]), payoff_doubles(game)
    if n == 2 == len(game.strategies[0]):
        return _by_signs(game, doubles)
    whole = None
    if doubles is not None:
        numbers, make_whole = doubles
        if not all(map(float.is_integer, numbers)):
            found = decided(numbers, n, make_whole)
            if found is not None:
                return found, _components(found), False
        whole = make_whole(numbers)
    cells, unit = whole or whole_payoffs(game)
    half = len(cells) // 2
    rows = [cells[at : at + n] for at in range(0, 2 * half, n)]
    m = len(rows) // 2
    found = _valued(extreme_pairs(rows[:m], rows[m:]), cells, n, unit)
    return found, _components(found), opposed(cells[:half], cells[half:])


def _components(found: Sequence[Found]) -> Sequence[Component]:
    return joined([equilibrium.mixes for equilibrium in found], _dimension)


def _by_signs(game: StrategicGame, doubles: Doubles | None) -> Answer:
    """A game of two by two: signs say which equilibria there are, whole numbers where an inner one is."""
    numbers, unit = (doubles[0], 1) if doubles is not None else whole_payoffs(game)
    (a, b, _, d), (e, f, _, h) = numbers[:4], numbers[4:]
    falling = (a < d) == (e > h) and (a < b) == (e > f)
    if falling and doubles is not None:
        falling = may_be_opposed(numbers[:4], numbers[4:])
    pattern = pattern_of(numbers)
    ends = CORNERS[2]
    if (pattern.mixed or falling) and doubles is not None:
        numbers, unit = doubles[1](numbers) or whole_payoffs(game)
    if pattern.mixed:
        x, y = inner_mixes(list(map(int, numbers)))
        pairs = [((*ends, x)[i], (*ends, y)[j]) for i, j in pattern.places]
    else:
        pairs = [(ends[i], ends[j]) for i, j in pattern.places]
    falling = falling and opposed(numbers[:4], numbers[4:])
    return _valued(pairs, numbers, 2, unit), pattern.groups, falling


def _valued(
    pairs: Sequence[tuple[Weights, Weights]], numbers: Sequence[float], n: int, unit: int
) -> list[Found]:
    """Extreme equilibria with what they pay: numbers are whole, or doubles where all mixes are pure."""
    half = len(numbers) // 2
    found = []
    for x, y in pairs:
        start = _used(x) * n
        own, other = numbers[start : start + n], numbers[half + _used(y) :: n]
        values = (
            sum(map(mul, own, y)) / (sum(y) * unit),
            sum(map(mul, other, x)) / (sum(x) * unit),
        )
        found.append(Found((x, y), values))
    return found


def _used(weights: Weights) -> int:
    """A strategy in use: against the other's weights every such pays the same."""
    return 0 if weights[0] else 1 if weights[1] else 2


def _dimension(xs: Collection[Weights], ys: Collection[Weights]) -> int:
    """Extreme mixes span a point, an edge or a polygon: no three of them are on one line."""
    return min(len(xs), LARGEST) + min(len(ys), LARGEST) - 2


def _member(
    game: StrategicGame, found: Found, place: tuple[int, int], exact: bool
) -> StrategyProfile:
    """An equilibrium with its component's number and dimension, and its exact shares if payoffs are exact."""
    (one, two), (menu, other) = game.actors, game.strategies
    (x, y), (won, lost) = found
    first, words = _shares(menu, x, exact)
    second, more = _shares(other, y, exact)
    extra: dict[str, Any] = {"component": place[0], "dimension": place[1]}
    if words and more:
        extra["exact"] = {one: words, two: more}
    return StrategyProfile(
        strategies={one: first, two: second},
        payoffs={one: won, two: lost},
        regret=0.0,
        extra=extra,
    )


def _shares(
    labels: Sequence[str], weights: Weights, exact: bool
) -> tuple[dict[str, float], dict[str, str]]:
    """Shares of what is used, rounded once, and as fractions in words: none where one is too long to read."""
    total = sum(weights)
    if total in weights:
        label = labels[weights.index(total)]
        return {label: 1.0}, {label: "1"} if exact else {}
    shares, words = {}, {}
    for label, weight in zip(labels, weights, strict=True):
        if weight:
            share = weight / total
            if share:
                shares[label] = share
            if exact:
                unit = gcd(weight, total)
                below = total // unit
                exact = below < TOO_LONG
                words[label] = f"{weight // unit}/{below}"
    return shares, words if exact else {}
