"""Core: the divisions that no coalition can improve upon on its own.

Definition. The payoff vectors ``x`` with ``x(N) = v(N)`` and ``x(S) >= v(S)`` for all coalitions.
It is non-empty exactly when no balanced collection (weights ``y_S >= 0`` on coalitions, covering
every player exactly once in sum) has ``sum y_S v(S) > v(N)`` (Bondareva 1963, Shapley 1967).

Method. The least total that satisfies every coalition is a linear program whose multipliers are a
balanced collection; both are proven in fractions, so that emptiness is a proof and not a rounding.
A non-empty core gets each player's least and largest payoff, a point in its middle, and for up to
``MAX_EXTREME`` players all its extreme points.

Array convention. Coalitions are bitmasks; one game at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, islice
from math import lcm

import numpy as np

from sim._kernels.proven_lp import Echelon, Optimum, Program, solve
from sim._kernels.tolerance import RELATIVE, AnyArray, IntArray
from sim.games.coalitional import CoalitionalGame, WeightedVoting
from sim.results import Region, Solution
from sim.solutions.coalitional._coalition_claims import (
    as_coalitional,
    label,
    membership,
    payoffs,
    texts,
    zero_normalised,
)

MAX_PLAYERS = 12
"""Players up to which all coalitions' claims are put into one program."""
MAX_EXTREME = 5
"""Players up to which the extreme points are listed."""

Point = tuple[Fraction, ...]


def core(game: CoalitionalGame | WeightedVoting) -> Solution:
    """The core of a coalitional game: whether it is empty, a point in it, and its bounds.

    Parameters
    ----------
    game
        With at most ``MAX_PLAYERS`` players; weighted voting bodies of any size.

    Returns
    -------
    Solution
        One member in the middle of the core, with ``extra["bounds"]`` per player and
        ``extra["extreme_points"]`` where they were listed; or none, when the core is empty: then
        the note names a balanced collection that claims too much, and ``parameters`` hold its
        weights and the least-core excess. ``exhaustive`` when the core is described in full.

    Raises
    ------
    TooLargeError
        If a game that is not a voting body has more players.

    Notes
    -----
    Source: [shapley1967]_.

    Examples
    --------
    >>> glove = CoalitionalGame.from_values(
    ...     ["left", "right 1", "right 2"],
    ...     {"left, right 1": 1, "left, right 2": 1, "left, right 1, right 2": 1}, unlisted=0,
    ... )
    >>> core(glove).equilibria[0].payoffs
    {'left': 1.0, 'right 1': 0.0, 'right 2': 0.0}
    """
    if isinstance(game, WeightedVoting):
        return _voting_core(game)
    table = as_coalitional(game, MAX_PLAYERS)
    n = len(table.players)
    values, alone = zero_normalised(table.exact, n)
    try:
        least = solve(_least_total(values, n))
        if least.value > values[-1]:
            return _empty(table, values, least)
        return _described(table, values, alone, least.proven)
    except ArithmeticError as error:
        return Solution(concept="core", status="limit reached", note=str(error))


def _claims(values: AnyArray, players: int) -> tuple[IntArray, AnyArray]:
    """Rows ``-x(S) <= -v(S)`` of all proper coalitions."""
    proper = slice(1, max(2, (1 << players) - 1))
    return -membership(players)[proper], -values[proper]


def _least_total(values: AnyArray, players: int) -> Program:
    rows, upper = _claims(values, players)
    return Program(
        cost=np.ones(players, dtype=np.int64),
        inequalities=rows,
        upper=upper,
        equalities=np.zeros((0, players), dtype=np.int64),
        level=np.array([], dtype=object),
    )


def _within(values: AnyArray, players: int, cost: IntArray) -> Program:
    """A linear function over the core."""
    rows, upper = _claims(values, players)
    whole = np.ones((1, players), dtype=np.int64)
    return Program(cost=cost, inequalities=rows, upper=upper, equalities=whole, level=values[-1:])


def _empty(game: CoalitionalGame, values: AnyArray, least: Optimum) -> Solution:
    weights = {label(game, k + 1): y for k, y in least.multipliers.items() if y > 0}
    least_core = _least_core_excess(values, len(game.players))
    gap = least.value - values[-1]
    claims = " + ".join(f"{y} of {{{name}}}" for name, y in islice(weights.items(), 4))
    more = f" + {len(weights) - 4} more" if len(weights) > 4 else ""
    return Solution(
        concept="core",
        exhaustive=least.proven,
        status="complete" if least.proven else "partial",
        parameters={
            "balanced_collection": {name: str(y) for name, y in weights.items()},
            "shortfall": str(gap),
            "least_core_excess": str(least_core),
        },
        note=f"the core is empty: the balanced collection {claims}{more} claims {float(gap):.6g} "
        f"more than the grand coalition has; the least-core excess is {float(least_core):.6g}"
        + ("" if least.proven else " (found in floats; the proof in fractions failed)"),
    )


def _least_core_excess(values: AnyArray, players: int) -> Fraction:
    """The least ``e`` with which some efficient ``x`` has ``x(S) >= v(S) - e`` throughout."""
    rows, upper = _claims(values, players)
    program = Program(
        cost=np.array([0] * players + [1]),
        inequalities=np.hstack([rows, -np.ones((len(rows), 1), dtype=np.int64)]),
        upper=upper,
        equalities=np.array([[1] * players + [0]]),
        level=values[-1:],
    )
    return solve(program).value


def _described(
    game: CoalitionalGame, values: AnyArray, alone: Sequence[Fraction], proven: bool
) -> Solution:
    n = len(game.players)
    corners = [
        solve(_within(values, n, sign * np.eye(n, dtype=np.int64)[i]))
        for i in range(n)
        for sign in (1, -1)
    ]
    shifted = [_shift(best.point, alone) for best in corners]
    middle = tuple(sum(column, Fraction(0)) / len(shifted) for column in zip(*shifted, strict=True))
    bounds = {p: (shifted[2 * i][i], shifted[2 * i + 1][i]) for i, p in enumerate(game.players)}
    proven = proven and all(best.proven for best in corners)
    extreme = _extreme_points(values, n) if n <= MAX_EXTREME else ()
    extra: dict[str, object] = {
        "exact": texts(game.players, middle),
        "bounds": {p: [float(low), float(high)] for p, (low, high) in bounds.items()},
    }
    if extreme:
        extra["extreme_points"] = [texts(game.players, _shift(x, alone)) for x in extreme]
    full = bool(extreme) or all(low == high for low, high in bounds.values())
    return Solution(
        concept="core",
        members=(Region(payoffs=payoffs(game.players, middle), extra=extra),),
        exhaustive=proven and full,
        status="complete" if proven else "partial",
        note=_remark(proven, full),
    )


def _remark(proven: bool, full: bool) -> str:
    if not proven:
        return "found in floats; the proof in fractions failed"
    return "" if full else f"extreme points are listed for up to {MAX_EXTREME} players"


def _shift(point: Sequence[Fraction], alone: Sequence[Fraction]) -> Point:
    return tuple(x + a for x, a in zip(point, alone, strict=True))


def _extreme_points(values: AnyArray, players: int) -> tuple[Point, ...]:
    """All vertices of the core of a zero-normalised game, in order."""
    found: set[Point] = set()
    member = membership(players)
    for rows in _promising(values, players):
        system = Echelon(players)
        for mask in (*rows, -1):
            system.add(member[mask], values[mask])
        point = system.solution()
        claims = member.astype(object) @ np.array(point, dtype=object)
        if np.all(claims >= values):
            found.add(point)
    return tuple(sorted(found))


def _promising(values: AnyArray, players: int) -> Iterator[tuple[int, ...]]:
    """Sets of ``n - 1`` coalitions that, held to their values, meet in the core (to rounding)."""
    member = membership(players).astype(np.float64)
    floats = (values / (abs(values).max() or 1)).astype(np.float64)
    proper = range(1, (1 << players) - 1)
    sets = np.array(list(combinations(proper, players - 1)), dtype=np.int64)
    sets = np.hstack([sets, np.full((len(sets), 1), (1 << players) - 1)])
    sets = sets[np.abs(np.linalg.det(member[sets])) > 0.5]
    points = np.linalg.solve(member[sets], floats[sets][..., None])[..., 0]
    inside = (points @ member.T >= floats - RELATIVE).all(axis=1)
    first = np.arange(inside.sum())
    if _well_separated(values):
        _, first = np.unique(points[inside].round(12) + 0.0, axis=0, return_index=True)
    yield from (tuple(int(k) for k in row[:-1]) for row in sets[inside][first])


def _well_separated(values: AnyArray) -> bool:
    """Whether two vertices cannot agree to 12 digits: few digits, and determinants of at most 5."""
    scale = lcm(*(value.denominator for value in values))
    return bool(abs(values).max() * scale < 10**9)


def _voting_core(body: WeightedVoting) -> Solution:
    """The core of a voting body: the veto players share everything, in any way."""
    veto = body.veto_players()
    if not veto:
        note = "the core is empty: no voter has a veto, so every division is outvoted"
        return Solution(concept="core", exhaustive=True, note=note)
    share = [Fraction(int(player in veto), len(veto)) for player in body.players]
    extreme: list[Mapping[str, str]] = [
        texts(body.players, [Fraction(int(p == player)) for p in body.players]) for player in veto
    ]
    top = 0.0 if len(veto) > 1 else 1.0
    extra = {
        "exact": texts(body.players, share),
        "bounds": {p: [top, 1.0] if p in veto else [0.0, 0.0] for p in body.players},
        "extreme_points": extreme,
    }
    member = Region(payoffs=payoffs(body.players, share), extra=extra)
    return Solution(concept="core", members=(member,), exhaustive=True)
