r"""One exact equilibrium of a two-actor game too large to enumerate.

Definition. From the pair of origins of the best-response polytopes, drop the label ``k`` and follow
the edges whose end points carry all labels but ``k``; the other end of the path carries all labels
and is an equilibrium [lemke1964]_. Ties are broken lexicographically, so no basis repeats and the
path ends; its length can be exponential, so it is limited. All in integers, as in
:mod:`sim.solutions.strategic.mixed.vertices`.
"""

from __future__ import annotations

from fractions import Fraction

from sim._kernels.tolerance import AnyArray
from sim.solutions.strategic.mixed.vertices import (
    leaving_row,
    pivot,
    pivot_cost,
    positive_integers,
    slack_basis,
    solution_of,
)

PATH_LIMIT = 36_000_000
"""Integer operations, weighted by their length, that one path may cost."""


def lemke_howson(
    payoffs: AnyArray, *, label: int = 0
) -> tuple[tuple[tuple[Fraction, ...], tuple[Fraction, ...]], ...]:
    """The equilibrium at the end of one path, or nothing when the path exceeds the work limit.

    Parameters
    ----------
    payoffs
        Fractions or integers, shape ``(2, m, n)``.
    label
        The strategy whose label is dropped: the row actor's first, then the column actor's.

    Examples
    --------
    >>> from sim.games.strategic import as_fractions
    >>> pennies = as_fractions([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])
    >>> [[list(map(str, mix)) for mix in pair] for pair in lemke_howson(pennies)]
    [[['1/2', '1/2'], ['1/2', '1/2']]]
    """
    m, n = payoffs.shape[1:]
    columns = [list(line) for line in zip(*positive_integers(payoffs[1]), strict=True)]
    tableaux = [slack_basis(columns), slack_basis(positive_integers(payoffs[0]))]
    side, current = (0, label) if label < m else (1, label)
    for _ in range(PATH_LIMIT // max(map(pivot_cost, tableaux))):
        shift = 0 if side == 0 else m
        row = leaving_row(tableaux[side], (current - shift) % (m + n))
        leaving = tableaux[side].basis[row]
        tableaux[side] = pivot(tableaux[side], row, (current - shift) % (m + n))
        current = (leaving + shift) % (m + n)
        if current == label:
            x, y = map(solution_of, tableaux)
            return ((tuple(Fraction(v, sum(x)) for v in x), tuple(Fraction(v, sum(y)) for v in y)),)
        side = 1 - side
    return ()
