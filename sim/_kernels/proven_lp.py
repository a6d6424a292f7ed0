"""Linear programs solved in floats and proven in fractions.

Definition. Minimise ``c @ x`` subject to ``A x <= b`` and ``E x = d``, with ``x`` free, for
rational data. HiGHS names a vertex and its rows' multipliers; both are solved again as fractions
from the rows it names; where right-hand sides differ so much in size that floats hide a row, the
program is solved again around the point found [gleixner2016]_. The pair is optimal exactly when
``x`` satisfies every row, the multipliers ``y >= 0`` of rows that hold with equality and free
multipliers ``z`` satisfy ``A' y + E' z = -c``.

Array convention. ``inequalities`` and ``equalities`` are whole-number matrices with one row per
constraint; right-hand sides are object arrays of fractions. One program at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np

from sim._kernels.tolerance import AnyArray, FloatArray, IntArray

ACTIVE = 1e-7
"""Rows within this of equality (right-hand sides scaled to 1) are tried as active."""

ROUNDS = 3
"""Times that a solution in doubles is refined before the proof in fractions."""
NEAR, FAR = 1e-6, 1e6
"""Where the proof fails the program is solved again around the point found: rows within ``NEAR``
set the new scale and none counts as further than ``FAR`` (iterative refinement)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """Minimise ``cost @ x`` where ``inequalities @ x <= upper`` and ``equalities @ x = level``."""

    cost: IntArray
    inequalities: IntArray
    upper: AnyArray
    equalities: IntArray
    level: AnyArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimum:
    """An optimal vertex with its proof.

    Parameters
    ----------
    point, value
        The optimal ``x`` and ``cost @ x``, fractions.
    multipliers
        Positive multipliers of inequality rows, by row.
    proven
        Whether optimality was verified in fractions; if not, the numbers are HiGHS's floats.
    """

    point: tuple[Fraction, ...]
    value: Fraction
    multipliers: dict[int, Fraction]
    proven: bool


@dataclass(slots=True)
class Echelon:
    """A growing set of linearly independent rational equations ``row @ x = right``.

    Examples
    --------
    >>> system = Echelon(2)
    >>> system.add([1, 1], Fraction(1)), system.add([2, 2], Fraction(2)), system.rank
    (True, False, 1)
    >>> system.add([1, -1], Fraction(0)), system.solution()
    (True, (Fraction(1, 2), Fraction(1, 2)))
    """

    size: int
    rows: dict[int, list[Fraction]] = field(default_factory=dict)

    @property
    def rank(self) -> int:
        """Number of independent equations so far."""
        return len(self.rows)

    def add(self, row: Sequence[Any] | IntArray, right: Fraction) -> bool:
        """Add an equation; whether it was independent of those before (otherwise it is dropped)."""
        new = [*map(Fraction, map(int, row)), right]
        for pivot, known in self.rows.items():
            new = _eliminate(new, known, pivot)
        nonzero = [k for k in range(self.size) if new[k]]
        if not nonzero:
            return False
        pivot = nonzero[0]
        lead = new[pivot]
        new = [entry / lead for entry in new]
        self.rows = {p: _eliminate(known, new, pivot) for p, known in self.rows.items()}
        self.rows[pivot] = new
        return True

    def solution(self) -> tuple[Fraction, ...]:
        """The solution, unknowns without an equation set to 0."""
        zero = [Fraction(0)] * (self.size + 1)
        return tuple(self.rows.get(k, zero)[-1] for k in range(self.size))


def _eliminate(row: list[Fraction], known: list[Fraction], pivot: int) -> list[Fraction]:
    factor = row[pivot]
    return [a - factor * b for a, b in zip(row, known, strict=True)] if factor else row


def solve(program: Program) -> Optimum:
    """The optimum of a feasible and bounded program, proven in fractions where possible.

    Examples
    --------
    >>> triangle = Program(
    ...     cost=np.array([1, 1]), inequalities=np.array([[-2, -1], [-1, -2], [-1, 0], [0, -1]]),
    ...     upper=np.array([Fraction(-1), Fraction(-1), Fraction(0), Fraction(0)]),
    ...     equalities=np.zeros((0, 2), dtype=int), level=np.array([], dtype=object),
    ... )
    >>> best = solve(triangle)
    >>> best.value, best.point, best.multipliers[0], best.proven
    (Fraction(2, 3), (Fraction(1, 3), Fraction(1, 3)), Fraction(1, 3), True)
    """
    origin = np.full(len(program.cost), Fraction(0), dtype=object)
    scale = _largest(program.upper, program.level)
    unproven: list[Optimum] = []
    for _ in range(ROUNDS):
        upper, level = _residual(program, origin)
        try:
            point, duals, slack = _floats(program, np.minimum(upper, FAR * scale), level, scale)
        except ArithmeticError:
            if not unproven:
                raise
            break
        vertex = _vertex(program, duals, slack)
        multipliers = _multipliers(program, duals)
        if _satisfies(program, vertex) and _optimal(program, vertex, multipliers):
            return _optimum(program, vertex, multipliers, True)
        origin = origin + np.array([Fraction(x) for x in point.tolist()], dtype=object)
        weights = {k: Fraction(float(duals[k])) for k in map(int, np.flatnonzero(duals > ACTIVE))}
        unproven.append(_optimum(program, tuple(origin), weights, False))
        upper, level = _residual(program, origin)
        scale = _largest(upper[upper <= NEAR * scale], level)
    return unproven[0]


def _optimum(
    program: Program, point: tuple[Fraction, ...], multipliers: dict[int, Fraction], proven: bool
) -> Optimum:
    value = sum((int(c) * x for c, x in zip(program.cost, point, strict=True)), Fraction(0))
    return Optimum(point=point, value=value, multipliers=multipliers, proven=proven)


def _largest(*parts: AnyArray) -> float:
    """The largest absolute value, or 1 where all are 0."""
    return max(float(np.abs(part).max(initial=0)) for part in parts) or 1.0


def _residual(program: Program, point: AnyArray) -> tuple[FloatArray, FloatArray]:
    """Right-hand sides left when the origin is moved to a point, rounded only at the end."""
    upper = program.upper - program.inequalities.astype(object) @ point
    level = program.level - program.equalities.astype(object) @ point
    return upper.astype(np.float64), level.astype(np.float64)


def _floats(
    program: Program, upper: FloatArray, level: FloatArray, scale: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Point, multipliers and scaled slacks of the inequalities, from HiGHS's dual simplex."""
    from scipy.optimize import linprog

    found: Any = linprog(
        program.cost.astype(np.float64),
        A_ub=program.inequalities.astype(np.float64),
        b_ub=upper / scale,
        A_eq=program.equalities.astype(np.float64) if level.size else None,
        b_eq=level / scale if level.size else None,
        bounds=(None, None),
        method="highs-ds",
    )
    if found.status != 0:
        raise ArithmeticError(f"HiGHS: {found.message}")
    return found.x * scale, -found.ineqlin.marginals, found.ineqlin.residual


def _vertex(program: Program, duals: FloatArray, slack: FloatArray) -> tuple[Fraction, ...]:
    """The point where the active rows meet; rows with a multiplier first."""
    system = Echelon(len(program.cost))
    for row, right in zip(program.equalities, program.level, strict=True):
        system.add(row, right)
    active = np.flatnonzero(slack <= ACTIVE)
    for k in active[np.argsort(-duals[active], kind="stable")]:
        if system.rank == system.size:
            break
        system.add(program.inequalities[k], program.upper[k])
    return system.solution()


def _multipliers(program: Program, duals: FloatArray) -> dict[int, Fraction]:
    """Multipliers of the rows that HiGHS gives one, solved from ``A' y + E' z = -c``."""
    support = np.flatnonzero(duals > ACTIVE)
    matrix = np.vstack([program.inequalities[support], program.equalities]).T
    system = Echelon(matrix.shape[1])
    for row, cost in zip(matrix, program.cost, strict=True):
        system.add(row, Fraction(-int(cost)))
    return dict(zip(map(int, support), system.solution(), strict=False))


def _satisfies(program: Program, point: tuple[Fraction, ...]) -> bool:
    scale = lcm(*(x.denominator for x in point))
    whole = np.array([int(x * scale) for x in point], dtype=object)
    within = program.inequalities.astype(object) @ whole <= program.upper * scale
    equal = program.equalities.astype(object) @ whole == program.level * scale
    return bool(np.all(within) and np.all(equal))


def _optimal(
    program: Program, point: tuple[Fraction, ...], multipliers: dict[int, Fraction]
) -> bool:
    """Whether the multipliers are non-negative, on tight rows, and balance the cost."""
    if any(y < 0 for y in multipliers.values()):
        return False
    x = np.array(point, dtype=object)
    rows = list(multipliers)
    active = program.inequalities[rows].astype(object)
    if not np.all(active @ x == program.upper[rows]):
        return False
    weights = np.array(list(multipliers.values()), dtype=object)
    rest = -program.cost.astype(object) - (weights @ active if rows else 0)
    spanned = Echelon(len(point))
    for row in program.equalities:
        spanned.add(row, Fraction(0))
    scale = lcm(*(Fraction(r).denominator for r in rest))
    return not any(rest) or not spanned.add([int(r * scale) for r in rest], Fraction(0))
