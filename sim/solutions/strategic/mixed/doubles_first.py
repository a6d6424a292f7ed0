"""Equilibria of a small game without ties: which there are, from doubles; what they are, in whole numbers.

Definition. In a game without ties both actors use equally many strategies. One pair of pure strategies is an
equilibrium when each is the best reply to the other. Two strategies a side: the first actor's mix lies where
two columns cross on the upper envelope over an edge, the second's where these two rows do. Three a side: all
columns pay the same at one point inside, and so do all rows
(:mod:`sim.solutions.strategic.mixed.three_by_three`).

A double is known up to half a unit in its last place, whether it stands for the decimal that it is written
as or for its bits. Two doubles compare as what they stand for. A product of two gaps, less another, between
numbers up to ``S`` in size is off by at most ``DOUBT * S**2``: a larger one has its sign proved. Where one
is not, or two strategies tie as best replies, doubles do not decide. Every vertex of the first actor's
envelope is looked at, so that what is decided is complete; of the second's, those that could go with one.

The weights follow from the payoffs of the strategies in use alone, made whole numbers, and are exact.

Array convention. Payoffs are lists of rows; weights are tuples of integers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import mul
from typing import NamedTuple

from sim.solutions.strategic._exact_payoffs import Whole
from sim.solutions.strategic.mixed.three_by_three import (
    CORNERS,
    EDGES,
    LARGEST,
    Weights,
    in_order,
    inside,
    on_edge,
)

Doubles = Sequence[Sequence[float]]

DOUBT = 1e-14
"""Error of a difference of two products of gaps, beside the square of the largest payoff: 24 times 2**-52."""
SMALLEST, GREATEST = 1e-100, 1e100
"""Sizes of payoffs between which their products neither vanish nor overflow."""


class Found(NamedTuple):
    """An equilibrium: either actor's whole weights, and what either gets."""

    mixes: tuple[Weights, Weights]
    values: tuple[float, float]


class UndecidedError(ArithmeticError):
    """Doubles leave a sign in doubt, or two strategies tie."""


def decided(numbers: Sequence[float], n: int, whole: Whole) -> list[Found] | None:
    """All equilibria of a game of at most three by three; ``None`` where doubles do not decide.

    Parameters
    ----------
    numbers
        The payoffs of the actor of the rows, row by row, and then those of the other.
    n
        Number of columns.
    whole
        What makes some of the numbers whole.

    Examples
    --------
    >>> from sim._kernels.exact_numbers import whole_decimals
    >>> [found.mixes for found in decided([0.5, 0, 0, 1.5, 1.5, 0, 0, 0.5], 2, whole_decimals)]
    [((1, 0), (1, 0)), ((5, 15), (15, 5)), ((0, 1), (0, 1))]
    """
    half = len(numbers) // 2
    own, other = numbers[:half], numbers[half:]
    sizes = _sizes(own, other)
    if sizes is None or opposed(own, other, 4 * DOUBT * sizes[0] * sizes[1]):
        return None
    columns = [own[k::n] for k in range(n)]
    rows = [other[at : at + n] for at in range(0, half, n)]
    try:
        supports = list(_supports(columns, rows, (DOUBT * sizes[0] ** 2, DOUBT * sizes[1] ** 2)))
        found = [_exactly(columns, rows, *both, whole) for both in supports]
    except UndecidedError:
        return None
    if len(found) == 1:
        return found
    values = dict(found)
    return [Found(mixes, values[mixes]) for mixes in in_order(list(values))]


def _supports(
    columns: Doubles, rows: Doubles, doubts: tuple[float, float]
) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """The supports of all equilibria; columns hold the first actor's payoffs, rows the second's."""
    replies, answers = _best(columns), _best(rows)
    for i, j in enumerate(answers):
        if replies[j] == i:
            yield (i,), (j,)
    for i, k, _ in EDGES[len(rows)]:
        if answers[i] != answers[k]:
            low, high = rows[i], rows[k]
            for j, after in _crossing(low, high, answers[i], answers[k], doubts[1]):
                one, two = (j, after) if j < after else (after, j)
                start, end = replies[one], replies[two]
                if start != end:
                    met = _crossing(columns[one], columns[two], start, end, doubts[0])
                    if (i, k) in met or (k, i) in met:
                        yield (i, k), (one, two)
    whole = len(rows) == len(columns) == LARGEST
    if whole and _all_inside(rows, doubts[1]) and _all_inside(columns, doubts[0]):
        yield (0, 1, 2), (0, 1, 2)


def _best(lines: Doubles) -> list[int]:
    """The place of the largest in each."""
    out = []
    for line in lines:
        best = max(line)
        if line.count(best) > 1:
            raise UndecidedError
        out.append(line.index(best))
    return out


def _crossing(
    low: Sequence[float], high: Sequence[float], j: int, k: int, doubt: float
) -> tuple[tuple[int, int], ...]:
    """Which two cross on the envelope, on the way from the best at one end to that at the other."""
    if len(low) == 2:
        return ((j, k),)
    c = 3 - j - k
    above = (low[j] - low[k]) * (high[c] - high[j]) - (high[k] - high[j]) * (low[j] - low[c])
    if above < -doubt:
        return ((j, k),)
    if above > doubt:
        return ((j, c), (c, k))
    raise UndecidedError


def _all_inside(lines: Doubles, doubt: float) -> bool:
    """Whether there is one mix with all weights positive against which three strategies pay the same."""
    (a, d, g), (b, e, h), (c, f, k) = lines
    a, b, c, d, e, f = a - g, b - h, c - k, d - g, e - h, f - k
    x, y, z = b * f - c * e, c * d - a * f, a * e - b * d
    low, high = min(x, y, z), max(x, y, z)
    if low < -doubt and high > doubt:
        return False
    if low > doubt or high < -doubt:
        return True
    raise UndecidedError


def opposed(own: Sequence[float], other: Sequence[float], within: float = 0) -> bool:
    """Whether one's payoffs fall, in proportion, as the other's rise; of doubles, whether that may be.

    Examples
    --------
    >>> opposed([1, 0, 3], [2, 4, -2]), opposed([1, 0, 3], [2, 4, 6]), opposed([1, 1], [2, 2])
    (True, False, False)
    """
    low, high = own[0], other[0]
    a, b = own[-1] - low, other[-1] - high
    if not a:
        k = next((k for k, value in enumerate(own) if value != low), 0)
        a, b = own[k] - low, other[k] - high
    if not b or (a > 0) == (b > 0):
        return False
    return all(
        abs((y - high) * a - (x - low) * b) <= within for x, y in zip(own, other, strict=True)
    )


def may_be_opposed(own: Sequence[float], other: Sequence[float]) -> bool:
    """Whether interests are opposed as far as doubles can tell.

    Examples
    --------
    >>> may_be_opposed([0.1, 0.2, 0.3], [0.3, 0.2, 0.1]), may_be_opposed([1, 1e200], [1, 0])
    (True, True)
    """
    sizes = _sizes(own, other)
    return sizes is None or opposed(own, other, 4 * DOUBT * sizes[0] * sizes[1])


def _sizes(own: Sequence[float], other: Sequence[float]) -> tuple[float, float] | None:
    """The largest payoff of either in size; ``None`` where products might vanish or overflow."""
    sizes = max(max(own), -min(own)), max(max(other), -min(other))
    return sizes if min(sizes) > SMALLEST and max(sizes) < GREATEST else None


def _exactly(
    columns: Doubles, rows: Doubles, used: tuple[int, ...], replies: tuple[int, ...], whole: Whole
) -> Found:
    """The equilibrium on two supports."""
    m, n, size = len(rows), len(columns), len(used)
    if size == 1:
        (i,), (j,) = used, replies
        return Found((CORNERS[m][i], CORNERS[n][j]), (columns[j][i], rows[i][j]))
    both = whole(
        [columns[j][i] for j in replies for i in used] + [rows[i][j] for i in used for j in replies]
    )
    if both is None:
        raise UndecidedError
    numbers, unit = both
    mine, theirs = numbers[: size * size], numbers[size * size :]
    x, y = _weights(theirs, size), _weights(mine, size)
    won = sum(map(mul, mine[::size], y)) / (sum(y) * unit)
    lost = sum(map(mul, theirs[::size], x)) / (sum(x) * unit)
    if size == 2:
        x, y = on_edge(m, *used, *x), on_edge(n, *replies, *y)
    return Found((x, y), (won, lost))


def _weights(block: Sequence[int], size: int) -> Weights:
    """Weights of two or three strategies against which as many others pay the same."""
    if size == 2:
        return abs(block[2] - block[3]), abs(block[0] - block[1])
    weights = inside(block[:3], block[3:6], block[6:])
    assert weights is not None
    return weights
