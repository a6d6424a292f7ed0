r"""Exact payoffs for the solution concepts that compute in fractions.

Definition. Payoffs from tables and Gambit files are exact. Payoffs known only as floats are taken at
their exact binary value, except that values of one actor that differ by less than ``ROUNDING`` of
what they were added up from count as one: such gaps are what the rounding of equal terms leaves
behind, and taking them at their word would break ties. Only the magnitudes of the two values count.

Array convention. One game; the result has shape ``(actors, *moves)`` and holds fractions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import lcm

import numpy as np

from sim._kernels.exact_numbers import whole_bits, whole_decimals
from sim._kernels.ranks import magnitudes_or
from sim._kernels.tolerance import AnyArray, FloatArray
from sim.games.strategic import StrategicGame

ROUNDING = 1e-12
"""Largest gap, in units of the magnitudes of both, between floats that count as one value."""


_from_bits = np.frompyfunc(Fraction, 1, 1)
"""Numbers that were computed, as the fractions that their bits say."""


def exact_payoffs(game: StrategicGame) -> AnyArray:
    """The payoffs of one game as fractions, floats that differ by rounding made equal.

    Examples
    --------
    >>> noisy = StrategicGame(
    ...     actors=("a",), strategies=(("x", "y", "z"),), payoffs=np.array([[[0.3], [0.1 + 0.2], [1]]])
    ... )
    >>> len(set(exact_payoffs(noisy)[0]))
    2
    """
    if game.exact is not None:
        return game.exact
    table = game.table()
    sizes = magnitudes_or(game.payoffs, game.magnitudes)[..., 0]
    rows = [merged(own, size) for own, size in zip(table, sizes, strict=True)]
    return np.asarray(_from_bits(np.stack(rows)))


def merged(own: FloatArray, size: FloatArray) -> FloatArray:
    """One actor's payoffs with each run of values that rounding cannot tell apart set to its smallest.

    Parameters
    ----------
    own, size
        Payoffs and their magnitudes, same shape.

    Examples
    --------
    >>> merged(np.array([0.1 + 0.2 - 0.3, 0.0]), np.array([0.6, 0.0]))
    array([0., 0.])
    """
    order = np.argsort(own, axis=None, kind="stable")
    values, sizes = own.ravel()[order], size.ravel()[order]
    near = np.diff(values) <= ROUNDING * (sizes[1:] + sizes[:-1])
    first = np.maximum.accumulate(np.where(np.r_[False, near], 0, np.arange(values.size)))
    out = np.empty(own.size)
    out[order] = values[first]
    return out.reshape(own.shape)


Whole = Callable[[Sequence[float]], tuple[list[int], int] | None]
"""What makes doubles whole numbers, and says how many of their unit make 1."""


def payoff_doubles(game: StrategicGame) -> tuple[list[float], Whole] | None:
    """The payoffs of one game, actor by actor, as doubles, and what makes some of them whole numbers.

    ``None`` where payoffs are known as fractions that need not be doubles.

    Examples
    --------
    >>> numbers, whole = payoff_doubles(StrategicGame.from_bimatrix([[0.5, 2]], [[1, 0.25]]))
    >>> numbers, whole(numbers[:2])
    ([0.5, 2.0, 1.0, 0.25], ([5, 20], 10))
    """
    if game.decimals:
        return game.payoffs.ravel().tolist(), whole_decimals
    if game.exact is not None:
        return None
    sizes = magnitudes_or(game.payoffs, game.magnitudes)
    rows = [merged(own, size).ravel() for own, size in zip(game.payoffs, sizes, strict=True)]
    return np.concatenate(rows).tolist(), whole_bits


def whole_payoffs(game: StrategicGame) -> tuple[list[int], int]:
    """The exact payoffs of one game as whole numbers, actor by actor, and how many of their unit make 1.

    Examples
    --------
    >>> whole_payoffs(StrategicGame.from_tables([[["1/2", 2]], [[1, 0.3]]]))
    ([5, 20, 10, 3], 10)
    """
    cells = exact_payoffs(game).ravel().tolist()
    unit = lcm(*{value.denominator for value in cells})
    return [value.numerator * (unit // value.denominator) for value in cells], unit


def whole_array(game: StrategicGame) -> AnyArray:
    """The exact payoffs of one game in one unit in which all are whole, shape ``(actors, *moves)``.

    Examples
    --------
    >>> whole_array(StrategicGame.from_bimatrix([[0.5, 2]], [[1, 0.25]])).tolist()
    [[[50, 200]], [[100, 25]]]
    """
    doubles = payoff_doubles(game)
    found = doubles[1](doubles[0]) if doubles is not None else None
    numbers, _ = found or whole_payoffs(game)
    out = np.empty(len(numbers), dtype=object)
    out[:] = numbers
    return out.reshape(game.payoffs.shape[:-1])


def whole_numbers(own: AnyArray) -> AnyArray:
    """One actor's payoffs, fractions, in the unit in which all are whole: integers, same shape.

    Examples
    --------
    >>> from fractions import Fraction
    >>> whole_numbers(np.array([Fraction(1, 2), Fraction(2, 3)]))
    array([3, 4], dtype=object)
    """
    unit = lcm(*{value.denominator for value in own.flat})
    cells = [value.numerator * (unit // value.denominator) for value in own.flat]
    return np.array(cells, dtype=object).reshape(own.shape)
