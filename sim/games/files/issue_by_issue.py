"""Agreements over many issues, each actor's payoff a sum over the issues: which are efficient.

Definition. An agreement takes one value of every issue, and an actor's payoff is the sum of what these values
are worth to it. An agreement is efficient if no other gives every actor as much and one more. If a part of an
agreement, its values of some issues, is dominated by another part, then so is the whole agreement, by the one
with that part in its place. So efficient parts suffice: those of the first issue are joined with every value
of the next, what is dominated is left out, and so on; a million agreements need a few thousand sums. Of
agreements that give everybody the same one is kept, and counted. Bargaining solutions choose among efficient
agreements only; what is left out changes none of them. Sorting: [kung1975]_.

Sums are exact: worth is counted in whole units of ``PLACES`` decimal places of the largest total, so that
decimals that tie in theory tie here.

Array convention. Worth has shape ``(actors, values)`` for each issue; choices have shape
``(issues, agreements)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, log10, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim._kernels.exact_numbers import as_written
from sim._kernels.maxima import maxima
from sim._kernels.tolerance import FloatArray, IntArray
from sim.errors import TooLargeError

PLACES = 15
"""Decimal places of the largest total that are counted: what a double holds of any number."""

MAX_JOINED = 4_000_000
"""Most combinations of efficient parts with the values of one more issue that are compared."""

MAX_COUNTED = 2**62
"""Most agreements that are counted in machine numbers; more are counted in Python's."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Efficient:
    """Efficient agreements, one for each combination of payoffs.

    Parameters
    ----------
    choices
        The value that each takes of every issue, shape ``(issues, agreements)``.
    counts
        How many agreements give everybody the same as each, itself among them.
    """

    choices: IntArray
    counts: tuple[int, ...]


def efficient(worth: Sequence[FloatArray], issues: Sequence[str]) -> Efficient:
    """The efficient agreements over issues whose worth adds up.

    Parameters
    ----------
    worth
        For each issue what its values are worth, shape ``(actors, values)``.
    issues
        Names, for messages.

    Raises
    ------
    TooLargeError
        If more than ``MAX_JOINED`` combinations would have to be compared at once.

    Examples
    --------
    Two issues that either side cares about: giving each what it wants dominates the opposite trade.

    >>> price = np.array([[3.0, 0.0], [0.0, 1.0]])
    >>> speed = np.array([[1.0, 0.0], [0.0, 3.0]])
    >>> efficient([price, speed], ["price", "speed"]).choices
    array([[0, 0, 1],
           [0, 1, 1]])
    """
    units = _in_units(worth)
    sums = np.zeros((len(worth[0]), 1), dtype=np.int64)
    choices = np.zeros((0, 1), dtype=np.int64)
    size = prod(table.shape[1] for table in units)
    counts = np.ones(1, dtype=np.int64 if size <= MAX_COUNTED else object)
    for name, added in zip(issues, units, strict=True):
        values = added.shape[1]
        if sums.shape[1] * values > MAX_JOINED:
            raise TooLargeError(
                f"{sums.shape[1]:,} efficient combinations of the issues before '{name}' with its {values}"
                f" values are more than {MAX_JOINED:,}: leave out issues or values, or actors"
            )
        joined = (sums[:, :, None] + added[:, None, :]).reshape(len(sums), -1)
        kept, counts = _best(joined, counts)
        sums = joined[:, kept]
        choices = np.vstack([choices[:, kept // values], kept % values])
    return Efficient(choices=choices, counts=tuple(int(n) for n in counts))


def _in_units(worth: Sequence[FloatArray]) -> list[IntArray]:
    """What values are worth in whole units of each actor's own."""
    largest = sum(np.abs(table).max(axis=1) for table in worth)
    units = [Fraction(10) ** (ceil(log10(x)) - PLACES) if x > 0 else Fraction(1) for x in largest]
    return [
        np.array(
            [[round(as_written(x) / unit) for x in row] for row, unit in zip(t, units, strict=True)]
        )
        for t in worth
    ]


def _best(sums: IntArray, counts: NDArray[Any]) -> tuple[IntArray, NDArray[Any]]:
    """The first of those sums that nothing dominates and that are the same; how many agreements each is.

    The ``k``-th of ``counts`` is that of the part which ``sums.shape[1] / len(counts)`` columns extend.
    """
    order = np.lexsort(-sums[::-1])
    ordered = sums[:, order]
    fresh = np.ones(len(order), dtype=np.bool_)
    fresh[1:] = (ordered[:, 1:] != ordered[:, :-1]).any(axis=0)
    starts = np.flatnonzero(fresh)
    values = len(order) // len(counts)
    tally = np.add.reduceat(counts[order // values], starts)
    kept = np.flatnonzero(maxima(ordered[:, starts]))
    kept = kept[np.argsort(order[starts[kept]])]
    return order[starts[kept]], tally[kept]
