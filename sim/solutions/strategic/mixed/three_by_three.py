r"""Extreme equilibria of games up to three by three, from one closed formula for each vertex.

Definition. Against a mix ``x`` of one actor the strategies of the other pay ``x'B_j``; the upper envelope
``max_j x'B_j`` over the simplex of ``x`` is a polyhedron, whose vertices are the vertices of the
best-response polytope other than the origin [avis2010]_. With at most three strategies a side these are:

- the corners of the simplex;
- on an edge, every point strictly inside where two columns cross and no third pays more;
- inside, the point where three columns pay the same, if there is exactly one.

A vertex carries as labels the strategies that ``x`` does not use and the columns that pay most. The extreme
equilibria are the pairs of vertices that together carry all labels.

Method. Payoffs are whole numbers, in one unit for the game, so that every sign below is exact: a tie is seen
as one, and nothing is left to a tolerance. At this size Python's integers cost little more than floats, and
none of the arrays and fractions of :mod:`sim.solutions.strategic.mixed.vertices` is needed, which finds the
same for games of any size.

Array convention. Plain lists and tuples of integers; label sets are integers used as bit masks, the first
actor's strategies first.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cmp_to_key
from itertools import combinations

Weights = tuple[int, ...]
Row = Sequence[int]
Table = Sequence[Row]

LARGEST = 3
"""Strategies of an actor up to which every vertex has a closed formula here."""
OTHERS = tuple(
    tuple((1 << size) - 1 - (1 << k) for k in range(size)) for size in range(LARGEST + 1)
)
"""Per number of strategies, the masks of all but each."""
FEW = 2**26
"""Fractions that differ, with denominators below this, differ as doubles too."""
EDGES = tuple(
    tuple((i, k, (1 << size) - 1 - (1 << i) - (1 << k)) for i, k in combinations(range(size), 2))
    for size in range(LARGEST + 1)
)
"""Per number of strategies, the pairs of them with the masks of the rest."""
PLACES = tuple(tuple(k for k in range(LARGEST) if mask >> k & 1) for mask in range(8))
"""Per mask, the strategies in it."""
ALONE = (1, 2, 4)
"""The masks of one strategy alone."""
CORNERS = tuple(
    tuple(tuple(int(k == i) for k in range(size)) for i in range(size))
    for size in range(LARGEST + 1)
)
"""Per number of strategies, each alone as weights."""


def extreme_pairs(first: Table, second: Table) -> list[tuple[Weights, Weights]]:
    """All extreme equilibria of a game of at most three by three strategies, as weights, sorted.

    Parameters
    ----------
    first, second
        Payoffs of the actor of the rows and of that of the columns, whole numbers.

    Examples
    --------
    >>> extreme_pairs([[1, 1], [0, 2]], [[1, 1], [0, 2]])
    [((1, 0), (1, 0)), ((1, 0), (1, 1)), ((0, 1), (0, 1))]
    """
    m, n = len(first), len(first[0])
    rows, at_rows = envelope(second, 0, m)
    columns, at_columns = envelope(list(zip(*first, strict=True)), m, 0)
    full = (1 << m + n) - 1
    right = list(zip(columns, at_columns, strict=True))
    found = [
        (x, y)
        for x, mask in zip(rows, at_rows, strict=True)
        for y, other in right
        if mask | other == full
    ]
    return in_order(found)


def in_order(pairs: list[tuple[Weights, Weights]]) -> list[tuple[Weights, Weights]]:
    """Pairs of mixes in whole weights, those first that put more on earlier strategies.

    Examples
    --------
    >>> in_order([((1, 2), (1, 0)), ((5, 5), (0, 1)), ((5, 5), (1, 0))])
    [((5, 5), (1, 0)), ((5, 5), (0, 1)), ((1, 2), (1, 0))]
    """
    if len(pairs) < 2:
        return pairs
    shares = []
    for x, y in pairs:
        total, whole = sum(x), sum(y)
        if total >= FEW or whole >= FEW:
            return sorted(pairs, key=BY_SHARES)
        shares.append(([-weight / total for weight in x], [-weight / whole for weight in y]))
    order = sorted(range(len(pairs)), key=shares.__getitem__)
    return [pairs[k] for k in order]


def _later(one: tuple[Weights, Weights], other: tuple[Weights, Weights]) -> int:
    """Positive if ``one`` puts less on the first strategy in which both differ."""
    for mix, rival in zip(one, other, strict=True):
        if mix != rival:
            total, whole = sum(mix), sum(rival)
            for weight, against in zip(mix, rival, strict=True):
                gap = against * total - weight * whole
                if gap:
                    return gap
    return 0


BY_SHARES = cmp_to_key(_later)
"""What sorts pairs by the shares of their mixes."""


def envelope(table: Table, own: int, other: int) -> tuple[list[Weights], list[int]]:
    """Vertices of the largest payoff over a simplex, as weights, and the masks of their labels.

    Parameters
    ----------
    table
        Per strategy of the actor who mixes, what each strategy of the other pays that other.
    own, other
        The first bits of either actor's labels.

    Examples
    --------
    >>> weights, masks = envelope([[2, 0], [0, 1]], 0, 2)
    >>> weights, [f"{mask:04b}" for mask in masks]
    ([(1, 0), (0, 1), (1, 2)], ['0110', '1001', '1100'])
    """
    m, n = len(table), len(table[0])
    if n == LARGEST:
        bests = [
            (a >= b and a >= c) + 2 * (b >= a and b >= c) + 4 * (c >= a and c >= b)
            for a, b, c in table
        ]
    else:
        bests = [_best(row, max(row)) for row in table]
    weights = list(CORNERS[m])
    masks = [rest << own | best << other for rest, best in zip(OTHERS[m], bests, strict=True)]
    for i, k, rest in EDGES[m]:
        if bests[i] == bests[k] in ALONE:
            continue
        low, high = table[i], table[k]
        starts, ends = PLACES[bests[i]], PLACES[bests[k]]
        start = starts[0] if len(starts) == 1 else max(starts, key=high.__getitem__)
        end = ends[0] if len(ends) == 1 else max(ends, key=low.__getitem__)
        if start != end:
            for x, y, mask in _crossings(low, high, start, end):
                weights.append(on_edge(m, i, k, x, y))
                masks.append(rest << own | mask << other)
    if m == n == LARGEST:
        third = inside(*table)
        if third:
            weights.append(third)
            masks.append(7 << other)
    return weights, masks


def _best(row: Row, top: int) -> int:
    """The mask of the places where the largest stands."""
    return (row[0] == top) + 2 * (row[-1] == top) if len(row) == 2 else 1


def on_edge(m: int, i: int, k: int, x: int, y: int) -> Weights:
    """Weights of two strategies, ``i`` before ``k``, among ``m``.

    Examples
    --------
    >>> on_edge(3, 0, 2, 5, 7)
    (5, 0, 7)
    """
    if m == 2:
        return x, y
    if k == 1:
        return x, y, 0
    return (0, x, y) if i else (x, 0, y)


def _crossings(low: Row, high: Row, j: int, k: int) -> list[tuple[int, int, int]]:
    """Where the best column changes on its way from ``j`` to ``k``: weights of both ends, best columns.

    Of several that are best at one end ``j`` or ``k`` is one that is best next to it.
    """
    x, y = high[k] - high[j], low[j] - low[k]
    if len(low) == 2:
        return [(x, y, 3)]
    c = 3 - j - k
    d, e = low[j] - low[c], high[c] - high[j]
    above = y * e - x * d
    if above < 0:
        return [(x, y, 7 - (1 << c))]
    if above == 0:
        return [(x, y, 7)]
    return [(e, d, 7 - (1 << k)), (high[k] - high[c], low[c] - low[k], 7 - (1 << j))]


def inside(one: Row, two: Row, three: Row) -> Weights | None:
    """The one mix of all three strategies against which three columns pay the same, if there is one.

    Examples
    --------
    >>> inside((0, -1, 1), (1, 0, -1), (-1, 1, 0))
    (3, 3, 3)
    """
    (a, d, g), (b, e, h), (c, f, k) = one, two, three
    a, b, c, d, e, f = a - g, b - h, c - k, d - g, e - h, f - k
    x, y, z = b * f - c * e, c * d - a * f, a * e - b * d
    if x > 0 and y > 0 and z > 0:
        return x, y, z
    return (-x, -y, -z) if x < 0 and y < 0 and z < 0 else None
