"""Power in bodies that vote by several weights and quotas at once (members and population, say).

Definition. Every rule has its weights and its quota; a coalition wins when it meets the quotas of all
rules that must hold, or of one that suffices alone. Swings are counted as in
:mod:`sim._kernels.voting_power`.

Method. ``c[k, s]``, the number of coalitions of ``k`` voters with the sums ``s`` under each rule, grows
voter by voter; leaving one out again is the recurrence ``d[k, s] = c[k, s] - d[k - 1, s - w]``. A rule
in which all weigh the same is read off ``k``. All counts are exact. Array convention: size first, then
one axis per rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm, prod

import numpy as np

from sim._kernels.tolerance import AnyArray, BoolArray
from sim.errors import TooLargeError

Rule = tuple[tuple[Fraction, ...], Fraction]
"""Weights of the voters, and the quota."""

MOST_CELLS = 8_000_000
"""Largest table of counts by total weight under every rule."""
MOST_VOTERS = 62
"""Voters whose coalitions can be counted in 63 bits."""


def swings_by_several(
    needed: Sequence[Rule], enough: Sequence[Rule]
) -> tuple[tuple[int, ...], ...]:
    """How many coalitions of each size every voter turns from losing to winning.

    Parameters
    ----------
    needed
        Rules that must all hold.
    enough
        Rules of which one suffices without the others.

    Raises
    ------
    TooLargeError
        If the table of counts would have more than ``MOST_CELLS`` cells, or there are too many voters.

    Examples
    --------
    >>> one = Fraction(1)
    >>> heads = ((one,) * 3, 2 * one)
    >>> purse = ((3 * one, one, one), 4 * one)
    >>> swings_by_several([heads, purse], [])
    ((0, 2, 1), (0, 1, 0), (0, 1, 0))
    """
    rules = [_whole(rule) for rule in (*needed, *enough)]
    voters = len(rules[0][0])
    wide = [weights for weights, _ in rules if len(set(weights)) > 1]
    shape = (voters + 1, *(sum(weights) + 1 for weights in wide))
    if voters > MOST_VOTERS or prod(shape) > MOST_CELLS:
        raise TooLargeError(
            f"{voters} voters under {len(rules)} rules need {prod(shape):,} counts, the limits are "
            f"{MOST_VOTERS} voters and {MOST_CELLS:,} counts; write weights with fewer digits"
        )
    wins = _wins(rules, len(needed), shape)
    counts = np.zeros(shape, dtype=np.int64)
    counts[(0,) * len(shape)] = 1
    for i in range(voters):
        counts = _with(counts, tuple(weights[i] for weights in wide))
    known: dict[tuple[int, ...], tuple[int, ...]] = {}
    out = []
    for i in range(voters):
        weight = tuple(weights[i] for weights in wide)
        if weight not in known:
            known[weight] = _swings(_without(counts, weight), wins, weight)
        out.append(known[weight])
    return tuple(out)


def _whole(rule: Rule) -> tuple[tuple[int, ...], int]:
    """The rule with whole weights of greatest common divisor 1."""
    weights, quota = rule
    scale = lcm(*(weight.denominator for weight in weights))
    whole = [int(weight * scale) for weight in weights]
    unit = gcd(*whole) or 1
    return tuple(weight // unit for weight in whole), -(-(quota * scale) // unit)


def _wins(
    rules: Sequence[tuple[tuple[int, ...], int]], needed: int, shape: tuple[int, ...]
) -> BoolArray:
    """Whether a coalition of a size and with these sums wins."""
    axes = np.ogrid[tuple(slice(n) for n in shape)]
    met: list[BoolArray] = []
    axis = 0
    for weights, quota in rules:
        if len(set(weights)) > 1:
            axis += 1
            met.append(axes[axis] >= quota)
        else:
            met.append(axes[0] * weights[0] >= quota)
    won = np.ones(shape, dtype=np.bool_)
    for one in met[:needed]:
        won = won & one
    for one in met[needed:]:
        won = won | one
    return won


def _moved(table: AnyArray, weight: tuple[int, ...]) -> AnyArray:
    """One slice of a size with every sum raised by a voter's weights."""
    out = np.zeros_like(table)
    to = tuple(slice(w, None) for w in weight)
    source = tuple(slice(0, n - w) for n, w in zip(table.shape, weight, strict=True))
    out[to] = table[source]
    return out


def _with(counts: AnyArray, weight: tuple[int, ...]) -> AnyArray:
    out = counts.copy()
    for k in range(1, len(counts)):
        out[k] += _moved(counts[k - 1], weight)
    return out


def _without(counts: AnyArray, weight: tuple[int, ...]) -> AnyArray:
    out = counts.copy()
    for k in range(1, len(counts)):
        out[k] -= _moved(out[k - 1], weight)
    return out


def _swings(others: AnyArray, wins: BoolArray, weight: tuple[int, ...]) -> tuple[int, ...]:
    """Coalitions of the others, by size, that lose without the voter and win with it."""
    at = tuple(slice(w, None) for w in weight)
    found = []
    for k in range(len(others) - 1):
        source = tuple(slice(0, n - w) for n, w in zip(others.shape[1:], weight, strict=True))
        turned = wins[k + 1][at] & ~wins[k][source]
        found.append(int(others[k][source][turned].sum()))
    return tuple(found)
