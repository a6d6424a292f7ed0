"""Two-actor games of constant sum: their value and optimal strategies, exactly.

Definition. Payoffs ``A`` and ``B`` are of constant sum when ``B = c - a A`` with ``a > 0``: what one
actor gains the other loses, up to the units. Then the equilibria are the pairs of optimal
strategies: ``x`` maximises ``min_j (x'A)_j``, ``y`` minimises ``max_i (A y)_i``, and both come to the
value of the game [neumann1928]_. A linear program finds an optimal pair; it is solved again in
whole numbers on the rows and columns that the program names, and verified in all of them. Where
every unused strategy is strictly worse and the system is regular, the pair is the only equilibrium.

Array convention. ``payoffs`` of one game, fractions, shape ``(2, m, n)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np

from sim._kernels.lifting import independent_rows, solve_exactly
from sim._kernels.linear_program import SHARP
from sim._kernels.tolerance import AnyArray, FloatArray
from sim.games.strategic import StrategicGame
from sim.results import Solution, Status
from sim.solutions.strategic._exact_payoffs import whole_numbers
from sim.solutions.strategic.mixed.members import as_given, exact_texts

TIGHT = 1e-7
"""Slack, in units of the payoff spread, below which a strategy is tried as a best reply."""
ROUGH = 1e-6
"""Rounding below which two rates of gain and loss are compared exactly."""
USED = 1e-9
"""Probability above which a strategy is tried as used."""
MOST_SECONDS = 30.0
"""Time for the linear program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptimalPair:
    """Optimal strategies of a game of constant sum.

    Parameters
    ----------
    first, second
        Probabilities of both actors' strategies.
    low, high
        What the first secures for the actor of the rows, and what the second lets it have: exact.
    unique
        Whether it is proved that there is no other equilibrium.
    """

    first: tuple[Fraction, ...]
    second: tuple[Fraction, ...]
    low: Fraction
    high: Fraction
    unique: bool

    @property
    def proved(self) -> bool:
        """Whether both come to the same: the pair is optimal, and this is the value."""
        return self.low == self.high


def has_constant_sum(payoffs: AnyArray) -> bool:
    """Whether two actors' interests are opposed: one's payoffs fall, in proportion, as the other's rise.

    Examples
    --------
    >>> from sim.games.strategic import as_fractions
    >>> pennies = as_fractions([[[1, -1], [-1, 1]], [["1/2", 1], [1, "1/2"]]])
    >>> has_constant_sum(pennies), has_constant_sum(as_fractions([[[1, 0]], [[1, 0]]]))
    (True, False)

    A game in which nothing is at stake is not called one.
    """
    floats = payoffs.reshape(2, -1).astype(np.float64)
    gaps = floats - floats[:, :1]
    k = int(np.abs(gaps[0]).argmax())
    if not gaps[0, k] or not gaps[1, k] or (gaps[0, k] > 0) == (gaps[1, k] > 0):
        return False
    if (
        np.abs(gaps[1] * gaps[0, k] - gaps[0] * gaps[1, k]) > ROUGH * np.abs(gaps).max() ** 2
    ).any():
        return False
    own, other = (whole_numbers(part).ravel() for part in payoffs)
    own, other = own - own[0], other - other[0]
    return bool((other * own[k] == own * other[k]).all())


def optimal_pair(own: AnyArray) -> OptimalPair | None:
    """Optimal strategies from the payoffs of the actor of the rows; ``None`` if HiGHS finds none.

    Examples
    --------
    >>> from sim.games.strategic import as_fractions
    >>> pair = optimal_pair(as_fractions([[3, -1], [-2, 1]]))
    >>> list(map(str, pair.first)), list(map(str, pair.second)), str(pair.low), pair.unique
    (['3/7', '4/7'], ['2/7', '5/7'], '1/7', True)
    """
    whole, low, scale = _wholes(own)
    table = _floats(whole)
    found = _program(table)
    if found is None:
        return None
    first, second = found
    exact_x = _exact_mix(whole, table, first, second)
    exact_y = _exact_mix(-whole.T, -table.T, second, first)
    x, y = exact_x or _rational(first), exact_y or _rational(second)
    from_x, from_y = _against(whole.T, x), _against(whole, y)
    solved = exact_x is not None and exact_y is not None and min(from_x) == max(from_y)
    return OptimalPair(
        first=x,
        second=y,
        low=(min(from_x) + low) / scale,
        high=(max(from_y) + low) / scale,
        unique=solved and _is_unique(x, y, from_x, from_y),
    )


def _wholes(own: AnyArray) -> tuple[AnyArray, int, int]:
    """Payoffs as integers from 0 up: ``(whole + low) / scale``."""
    cells = list(own.flat)
    scale = lcm(*{v.denominator for v in cells})
    numbers = [v.numerator * (scale // v.denominator) for v in cells]
    low = min(numbers)
    whole = np.array([v - low for v in numbers], dtype=object).reshape(own.shape)
    return whole, low, scale


def _floats(whole: AnyArray) -> FloatArray:
    """The same in units of the largest, without overflow."""
    top = max(whole.flat) or 1
    shift = max(0, int(top).bit_length() - 1000)
    return np.asarray((whole >> shift).astype(np.float64) / float(top >> shift))


def _program(table: FloatArray) -> tuple[FloatArray, FloatArray] | None:
    """Optimal strategies in floats: ``max v`` with ``x'A >= v``, and the multipliers of its rows."""
    from scipy.optimize import linprog

    m, n = table.shape
    answer = linprog(
        np.r_[np.zeros(m), -1.0],
        A_ub=np.hstack([-table.T, np.ones((n, 1))]),
        b_ub=np.zeros(n),
        A_eq=np.r_[np.ones(m), 0.0][None],
        b_eq=[1.0],
        bounds=[(0.0, None)] * m + [(None, None)],
        method="highs-ds",
        options={
            **SHARP,
            "time_limit": MOST_SECONDS,
        },
    )
    if answer.status != 0 or answer.x is None:
        return None
    first, second = answer.x[:m].clip(0.0), (-answer.ineqlin.marginals).clip(0.0)
    return (first / first.sum(), second / second.sum()) if second.sum() > 0.0 else None


def _exact_mix(
    whole: AnyArray, table: FloatArray, mix: FloatArray, reply: FloatArray
) -> tuple[Fraction, ...] | None:
    """The mix that makes the best replies to it equally good, in whole numbers."""
    used = np.flatnonzero(mix > USED)
    values = mix @ table
    tight = np.flatnonzero((values - values.min() <= TIGHT) | (reply > USED))
    tight = tight[np.argsort(-reply[tight], kind="stable")]
    rows = np.hstack([whole[np.ix_(used, tight)].T, np.full((len(tight), 1), -1, dtype=object)])
    ones = np.array([[*[1] * len(used), 0]], dtype=object)
    system = np.vstack([ones, rows])
    kept = independent_rows(system)
    if len(kept) != len(used) + 1:
        return None
    solved = solve_exactly(system[kept], [1, *[0] * len(used)])
    if solved is None or min(solved[0][:-1]) < 0:
        return None
    out = [Fraction(0)] * len(mix)
    for k, value in zip(used, solved[0], strict=False):
        out[int(k)] = Fraction(value, solved[1])
    return tuple(out)


def _rational(mix: FloatArray) -> tuple[Fraction, ...]:
    """The floats themselves as fractions that sum to 1."""
    parts = [Fraction(float(p)) if p > USED else Fraction(0) for p in mix]
    total = sum(parts)
    return tuple(p / total for p in parts)


def _against(whole: AnyArray, mix: Sequence[Fraction]) -> list[Fraction]:
    """The expected payoff of every row against a mix over the columns, exactly."""
    common = lcm(*(p.denominator for p in mix))
    used = [k for k, p in enumerate(mix) if p]
    weights = np.array([int(mix[k] * common) for k in used], dtype=object)
    return [Fraction(int(v), common) for v in whole[:, used] @ weights]


def _is_unique(
    x: Sequence[Fraction],
    y: Sequence[Fraction],
    from_x: Sequence[Fraction],
    from_y: Sequence[Fraction],
) -> bool:
    """Strict complementarity with a regular system: then no other pair is optimal."""
    value = min(from_x)
    rows, columns = sum(p > 0 for p in x), sum(p > 0 for p in y)
    strict = all((p > 0) == (v == value) for p, v in zip(x, from_y, strict=True))
    strict = strict and all((p > 0) == (v == value) for p, v in zip(y, from_x, strict=True))
    return strict and rows == columns


def constant_sum_solution(
    game: StrategicGame, exact: AnyArray, parameters: Mapping[str, Any]
) -> Solution | None:
    """The value and an optimal pair of a two-actor game of constant sum; ``None`` if none was found.

    Parameters
    ----------
    game
        A batch of one.
    exact
        Its payoffs, fractions.
    parameters
        What was asked.
    """
    pair = optimal_pair(exact[0])
    if pair is None:
        return None
    mixes = (pair.first, pair.second)
    payoffs = _payoffs(game, exact, pair)
    texts = exact_texts(game, mixes) if game.exact is not None else {}
    member = as_given(game, mixes, payoffs, regret=_regret(exact, pair), extra=texts)
    status: Status = "complete" if pair.unique else "partial"
    return Solution(
        concept="mixed_nash",
        members=(member,),
        status=status,
        exhaustive=pair.unique,
        parameters=parameters,
        note=_note(payoffs, pair),
    )


def value_words(payoffs: Mapping[str, float]) -> str:
    """What each actor secures in a game of constant sum, in words.

    Examples
    --------
    >>> value_words({"row": 0.5, "column": -0.5})
    'of constant sum: the value is 0.5 for row and -0.5 for column'
    """
    values = " and ".join(f"{value + 0.0:.6g} for {actor}" for actor, value in payoffs.items())
    return f"of constant sum: the value is {values}"


def _note(payoffs: Mapping[str, float], pair: OptimalPair) -> str:
    if not pair.proved:
        return f"of constant sum: the value is between {float(pair.low):.12g} and {float(pair.high):.12g}"
    if pair.unique:
        return f"{value_words(payoffs)}; there is no other equilibrium"
    return f"{value_words(payoffs)}; other pairs of optimal strategies have the same value"


def _payoffs(game: StrategicGame, exact: AnyArray, pair: OptimalPair) -> dict[str, float]:
    """Both actors' values: the second's follows from the first's."""
    own, other = exact[0].ravel(), exact[1].ravel()
    moved = np.flatnonzero(own != own[0])
    rate = (other[moved[0]] - other[0]) / (own[moved[0]] - own[0]) if len(moved) else Fraction(0)
    value = (pair.low + pair.high) / 2
    values = (value, other[0] + rate * (value - own[0]))
    return {actor: float(v) for actor, v in zip(game.actors, values, strict=True)}


def _regret(exact: AnyArray, pair: OptimalPair) -> float:
    """What either could gain at most: nothing where both secure the value."""
    if pair.proved:
        return 0.0
    own, other = exact[0], exact[1]
    rate = (max(other.flat) - min(other.flat)) / (max(own.flat) - min(own.flat))
    return float((pair.high - pair.low) * max(Fraction(1), rate))
