"""Cuts at which the receiver is indifferent between two answers to those who send a message.

Definition. ``G(t)`` is what one answer adds over another, summed over the types above (or below) ``t``. Its
slope is the density at ``t`` times a difference of lines, so that between knots of the law, ends of
segments and zeros of that difference it is monotone.

Array convention. One game at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import sqrt

from sim.games.private.costly_signal import CostlySignal
from sim.solutions.costly_signal._plays import common_segments, receiver_total, scale_of

HALVINGS = 60
"""How often a stretch is halved at most: as far as doubles go."""

Cut = tuple[float, tuple[float, float] | None]


def indifferent_cuts(
    game: CostlySignal, message: str, pair: tuple[str, str], *, above: bool
) -> list[Cut]:
    """All isolated cuts inside the range, with bounds where the law is not straight between points."""
    low, high = game.number.ends

    def balance(t: float) -> float:
        a, b = (t, high) if above else (low, t)
        one, other = (receiver_total(game, message, answer, a, b) for answer in pair)
        return one - other

    smooth = game.number.law is not None
    error = 4 * scale_of(game) * game.number.error * max(1, len(common_segments(game, message)))
    turns = _turns(game, message, pair)
    values = [balance(t) for t in turns]
    found: list[Cut] = []
    for (a, x), (b, y) in pairwise(zip(turns, values, strict=True)):
        if min(abs(x), abs(y)) > error and x * y < 0:
            if smooth:
                between = _between(balance, a, b, x, error)
                found.append(((between[0] + between[1]) / 2, between))
            else:
                found.append((a + (b - a) * _quadratic(x, balance((a + b) / 2), y), None))
        elif abs(y) <= error and b < high:
            found.append((b, None))
    return found


def _turns(game: CostlySignal, message: str, pair: tuple[str, str]) -> list[float]:
    turns = {float(t) for t in game.number.knots}
    low, high = game.number.ends
    for lines in common_segments(game, message):
        a, b = max(s.low for s in lines.values()), min(s.high for s in lines.values())
        one, other = (lines[answer].receiver for answer in pair)
        turns |= {a, b}
        if one[1] != other[1]:
            zero = (other[0] - one[0]) / (one[1] - other[1])
            turns |= {zero} if a < zero < b else set()
    return sorted(t for t in turns if low <= t <= high)


def _quadratic(first: float, middle: float, last: float) -> float:
    """Where in a stretch a monotone quadratic with these values is 0, as a share of it."""
    bend = 2 * (first - 2 * middle + last)
    rise = last - first - bend
    root = sqrt(max(0.0, rise * rise - 4 * bend * first))
    return -2 * first / (rise + root if rise >= 0 else rise - root)


def _between(
    balance: Callable[[float], float], a: float, b: float, first: float, error: float
) -> tuple[float, float]:
    """Bounds of the zero: as near as the signs of values are certain."""

    def nearest(sure: float, beyond: float, sign: float) -> float:
        for _ in range(HALVINGS):
            middle = (sure + beyond) / 2
            if sign * balance(middle) > error:
                sure = middle
            else:
                beyond = middle
        return sure

    sign = 1.0 if first > 0 else -1.0
    return nearest(a, b, sign), nearest(b, a, -sign)
