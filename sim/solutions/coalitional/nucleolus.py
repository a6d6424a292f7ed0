"""Nucleolus: the imputation whose complaints, ordered from the largest, are least.

Definition. Among imputations, minimise the largest excess ``v(S) - x(S)`` over proper coalitions,
then the second largest, and so on (Schmeidler 1969). It is a single point, lies in the core when
the core is not empty, and exists when ``v(N) >= sum v(i)``.

Method. A sequence of linear programs. Each minimises the largest excess of the coalitions still
free; those with a positive multiplier have that excess at every optimum and are fixed at it, and
every coalition whose membership is a combination of fixed ones is settled with them. Each program
adds at least one independent equation, so there are at most ``n - 1``, however degenerate they
are. Every program is proven optimal in fractions: the multipliers are Kohlberg's balanced
collections.

Array convention. Coalitions are bitmasks; one game at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np

from sim._kernels.proven_lp import Echelon, Optimum, Program, solve
from sim._kernels.tolerance import AnyArray, BoolArray, IntArray
from sim.games.coalitional import CoalitionalGame, WeightedVoting
from sim.results import Allocation, Solution
from sim.solutions.coalitional._coalition_claims import (
    as_coalitional,
    label,
    membership,
    payoffs,
    texts,
    zero_normalised,
)

SPANNED = 1e-9
"""Squared distance from a space up to which a vector of zeros and ones lies in it."""


MAX_PLAYERS = 12
"""Players up to which the programs over all coalitions are solved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One step: the excess, the coalitions fixed at it, and players held at what they get alone."""

    excess: Fraction
    coalitions: tuple[int, ...]
    held: tuple[int, ...]
    point: tuple[Fraction, ...]
    proven: bool


def nucleolus(game: CoalitionalGame | WeightedVoting) -> Solution:
    """The nucleolus of a coalitional game.

    Parameters
    ----------
    game
        With at most ``MAX_PLAYERS`` players.

    Returns
    -------
    Solution
        One member; ``extra["exact"]`` gives it in fractions and ``extra["levels"]`` the excesses
        with the coalitions whose complaint fixes them. Empty, with a note, when no imputation
        exists.

    Raises
    ------
    TooLargeError
        If there are more players.

    Notes
    -----
    Source: [schmeidler1969]_; certificate [kohlberg1971]_.

    Examples
    --------
    >>> estate = CoalitionalGame.from_values(
    ...     ["a", "b", "c"], {"b, c": 100, "a, b, c": 200}, unlisted=0
    ... )
    >>> nucleolus(estate).equilibria[0].payoffs
    {'a': 50.0, 'b': 75.0, 'c': 75.0}
    """
    table = as_coalitional(game, MAX_PLAYERS)
    n = len(table.players)
    values, alone = zero_normalised(table.exact, n)
    if values[-1] < 0:
        note = f"no imputation: together the players get {float(-values[-1]):g} less than alone"
        return Solution(concept="nucleolus", exhaustive=True, note=note)
    try:
        levels = nucleolus_levels(values, n)
    except ArithmeticError as error:
        return Solution(concept="nucleolus", status="limit reached", note=str(error))
    point = [x + a for x, a in zip(_final_point(levels, values), alone, strict=True)]
    proven = all(level.proven for level in levels)
    return Solution(
        concept="nucleolus",
        members=(_member(table, point, levels),),
        exhaustive=proven,
        status="complete" if proven else "partial",
        note="" if proven else "found in floats; the proof in fractions failed",
    )


def _member(
    game: CoalitionalGame, point: Sequence[Fraction], levels: Sequence[Level]
) -> Allocation:
    steps = [
        {"excess": str(level.excess), "coalitions": [label(game, m) for m in level.coalitions]}
        for level in levels
    ]
    return Allocation(
        payoffs=payoffs(game.players, point),
        extra={"exact": texts(game.players, point), "levels": steps},
    )


def nucleolus_levels(values: AnyArray, players: int) -> tuple[Level, ...]:
    """The successive excesses of a zero-normalised game that has imputations.

    Parameters
    ----------
    values
        Fractions, shape ``(2**players,)``, with 0 for single players and the grand coalition >= 0.
    players
        Their number.

    Returns
    -------
    tuple of Level
        The last one's point is the nucleolus.

    Examples
    --------
    >>> majority = np.array([Fraction(int(v)) for v in "00010111"])
    >>> [(str(level.excess), level.coalitions) for level in nucleolus_levels(majority, 3)]
    [('1/3', (3, 5, 6))]
    """
    member = membership(players)
    grand = (1 << players) - 1
    fixed = Echelon(players)
    fixed.add(member[grand], values[grand])
    free = np.ones(1 << players, dtype=np.bool_)
    free[[0, grand]] = False
    levels: list[Level] = []
    while fixed.rank < players:
        free &= ~_spanned(member, fixed)
        rows = np.flatnonzero(free)
        level = _level(solve(_program(member, values, rows, fixed)), rows)
        levels.append(level)
        if not _fix(fixed, level, member, values):
            break
    return tuple(levels)


def _fix(fixed: Echelon, level: Level, member: IntArray, values: AnyArray) -> bool:
    """Add the equations of a level; whether any was new (always, where the level is proven)."""
    before = fixed.rank
    for mask in level.coalitions:
        fixed.add(member[mask], values[mask] - level.excess)
    for player in level.held:
        fixed.add(member[1 << player], Fraction(0))
    return fixed.rank > before


def _program(member: IntArray, values: AnyArray, rows: IntArray, fixed: Echelon) -> Program:
    """Least ``e`` with ``v(S) - x(S) <= e`` for the free coalitions, ``x >= 0``, the rest fixed."""
    n = member.shape[1]
    complaints = np.hstack([-member[rows], -np.ones((len(rows), 1), dtype=np.int64)])
    alone = np.hstack([-np.eye(n, dtype=np.int64), np.zeros((n, 1), dtype=np.int64)])
    equalities, level = _whole_rows(fixed)
    return Program(
        cost=np.array([0] * n + [1]),
        inequalities=np.vstack([complaints, alone]),
        upper=np.concatenate([-values[rows], np.full(n, Fraction(0), dtype=object)]),
        equalities=equalities,
        level=level,
    )


def _whole_rows(fixed: Echelon) -> tuple[IntArray, AnyArray]:
    """The fixed equations with whole coefficients, and a zero column for the excess."""
    rows, level = [], []
    for row in fixed.rows.values():
        scale = lcm(*(entry.denominator for entry in row[:-1]))
        rows.append([int(entry * scale) for entry in row[:-1]] + [0])
        level.append(row[-1] * scale)
    return np.array(rows, dtype=np.int64), np.array(level, dtype=object)


def _level(best: Optimum, rows: IntArray) -> Level:
    tight = [k for k, weight in best.multipliers.items() if weight > 0]
    return Level(
        excess=best.value,
        coalitions=tuple(int(rows[k]) for k in tight if k < len(rows)),
        held=tuple(k - len(rows) for k in tight if k >= len(rows)),
        point=best.point[:-1],
        proven=best.proven,
    )


def _spanned(member: IntArray, fixed: Echelon) -> BoolArray:
    """Which coalitions' memberships are combinations of the fixed equations."""
    rows = np.array([[float(x) for x in row[:-1]] for row in fixed.rows.values()])
    basis = np.linalg.qr(rows.T)[0]
    rest = member - (member @ basis) @ basis.T
    return np.asarray((rest**2).sum(axis=1) < SPANNED)


def _final_point(levels: Sequence[Level], values: AnyArray) -> Sequence[Fraction]:
    return levels[-1].point if levels else [Fraction(values[-1])]
