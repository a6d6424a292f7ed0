"""Sums of amounts of a file over boxes of its varied parameters, for claims that read their signs.

Definition. A *condition* is ``sum_j w_j a_j`` with weights ``w`` and amounts ``a`` that a file states, each a
number or an expression in its parameters. Where the sum is affine in the varied parameters its coefficients
are exact fractions: equal amounts cancel, a condition that is 0 everywhere is known to be, and bounds over
a box are exact up to rounding. Any other condition is bounded by interval arithmetic and the mean value
theorem (:mod:`sim.certified.bounds.slopes`).

Array convention. Bounds have shape ``(conditions, boxes)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from sim._kernels.exact_numbers import as_written
from sim._kernels.tolerance import FloatArray
from sim.certified.bounds.boxes import EPS, Boxes
from sim.certified.bounds.rows import Bounds
from sim.certified.bounds.slopes import FIXED_ONE, Slope, Value, bounds_of, slope_of
from sim.expressions import Expression, Interval, compose, parse
from sim.expressions.polynomial import affine_row

Amount = Fraction | Expression
Weighted = Sequence[tuple[Fraction | int, Amount]]
"""A condition: weights and amounts, to be added up."""

LEAST = float(np.finfo(np.float64).tiny)
"""What stands for a value that is above 0, and not known further."""
MOST_EXACT = 4_096
"""Signs that are found in fractions at once."""
MOST_TOLD = 3
"""How many terms without finite bounds are named."""


@dataclass(frozen=True, slots=True, eq=False)
class Conditions:
    """Conditions in the varied parameters of a file.

    Parameters
    ----------
    varied
        Paths of the varied parameters.
    values
        All parameters by path.
    rows
        Coefficients of the affine ones, exact, ``(constant, *slopes)``; those of the others are 0.
    curved
        The others, by number.
    """

    varied: tuple[str, ...]
    values: Mapping[str, float]
    rows: tuple[tuple[Fraction, ...], ...]
    curved: Mapping[int, Expression]

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def affine(self) -> bool:
        """Whether all are affine."""
        return not self.curved

    @property
    def matrix(self) -> FloatArray:
        """The coefficients in double precision, shape ``(conditions, 1 + varied)``."""
        flat = [float(c) for row in self.rows for c in row]
        return np.array(flat).reshape(len(self.rows), 1 + len(self.varied))

    def zero(self, row: int) -> bool:
        """Whether a condition is known to be 0 everywhere."""
        return row not in self.curved and not any(self.rows[row])

    def bounds(self, boxes: Boxes) -> Bounds:
        """Guaranteed bounds of all over some boxes; where rounding hides a sign it is found in fractions."""
        matrix = self.matrix
        mid = matrix[:, :1] + matrix[:, 1:] @ boxes.mid
        reach = np.abs(matrix[:, 1:]) @ boxes.radius
        size = np.abs(matrix[:, 1:]) @ np.maximum(np.abs(boxes.lo), np.abs(boxes.hi))
        moves = np.asarray(matrix[:, 1:].any(axis=1))[:, None]
        lost = 2 * (matrix.shape[1] + 3) * EPS * (np.abs(matrix[:, :1]) + size)
        lost = np.where(moves, lost, 0.0)
        lo, hi = mid - reach - lost, mid + reach + lost
        for row, box in np.argwhere((lo < 0) & (lo + 2 * lost >= 0))[:MOST_EXACT].tolist():
            least = self._extreme(row, boxes, box, 1)
            lo[row, box] = LEAST if least > 0 else 0.0 if least == 0 else lo[row, box]
        for row, box in np.argwhere((hi > 0) & (hi - 2 * lost <= 0))[:MOST_EXACT].tolist():
            most = -self._extreme(row, boxes, box, -1)
            hi[row, box] = -LEAST if most < 0 else 0.0 if most == 0 else hi[row, box]
        for row in self.curved:
            inside = self._inside(row, boxes)
            lo[row], hi[row] = inside.lo, inside.hi
        return Bounds(lo, hi)

    def _extreme(self, row: int, boxes: Boxes, box: int, sign: int) -> Fraction:
        """The least value of an affine condition (of its negative where ``sign`` is -1) over one box."""
        constant, *slopes = (sign * c for c in self.rows[row])
        ends = zip(slopes, boxes.lo[:, box].tolist(), boxes.hi[:, box].tolist(), strict=True)
        parts = (min(c * as_written(lo), c * as_written(hi)) for c, lo, hi in ends if c)
        return constant + sum(parts, Fraction(0))

    def _inside(self, row: int, boxes: Boxes) -> Bounds:
        """Bounds of a condition that is not affine: the tighter of both enclosures."""
        wide = self._slope(row, boxes)
        middle = bounds_of(self.curved[row].tree, self._middle(boxes))
        reach = np.zeros(len(boxes))
        with np.errstate(invalid="ignore", over="ignore"):
            for k, name in enumerate(self.varied):
                if name in wide.partials:
                    steep = np.maximum(
                        np.abs(wide.partials[name].lo), np.abs(wide.partials[name].hi)
                    )
                    reach = reach + np.where(boxes.radius[k] > 0, steep * boxes.radius[k], 0.0)
            reach = reach * (1 + 4 * len(self.varied) * EPS)
            lo = np.fmax(wide.value.lo, middle.lo - reach * (1 + EPS) - EPS * np.abs(middle.lo))
            hi = np.fmin(wide.value.hi, middle.hi + reach * (1 + EPS) + EPS * np.abs(middle.hi))
        return Bounds(
            np.where(np.isnan(lo), -np.inf, lo) + np.zeros(len(boxes)),
            np.where(np.isnan(hi), np.inf, hi) + np.zeros(len(boxes)),
        )

    def _slope(self, row: int, boxes: Boxes) -> Slope:
        env: dict[str, Value] = {name: np.asarray(x) for name, x in self.values.items()}
        for k, name in enumerate(self.varied):
            env[name] = Slope(Interval(lo=boxes.lo[k], hi=boxes.hi[k]), {name: FIXED_ONE})
        found = slope_of(self.curved[row].tree, env)
        assert isinstance(found, Slope)
        return found

    def _middle(self, boxes: Boxes) -> dict[str, FloatArray | Interval]:
        env: dict[str, FloatArray | Interval] = {n: np.asarray(x) for n, x in self.values.items()}
        for name, mid in zip(self.varied, boxes.mid, strict=True):
            env[name] = Interval(lo=mid, hi=mid.copy())
        return env

    def steepness(self, boxes: Boxes) -> FloatArray:
        """How far each parameter moves each condition over a box, ``(varied, conditions, boxes)``."""
        width = boxes.hi - boxes.lo
        out = np.abs(self.matrix[:, 1:]).T[:, :, None] * width[:, None, :]
        for row in self.curved:
            wide = self._slope(row, boxes)
            for k, name in enumerate(self.varied):
                if name in wide.partials:
                    steep = np.maximum(
                        np.abs(wide.partials[name].lo), np.abs(wide.partials[name].hi)
                    )
                    out[k, row] = np.where(np.isfinite(steep), steep, 1.0) * width[k]
        return out

    def roots(self) -> FloatArray:
        """Along one parameter, where affine conditions are 0, ascending; none where one is not affine."""
        if self.curved:
            return np.zeros(0)
        return np.unique([float(-row[0] / row[1]) for row in self.rows if row[1]])

    def always(self, row: int, whole: Boxes, *, strict: bool) -> bool:
        """Whether a condition is at least 0, or above 0, in all of one box: exactly where it is affine."""
        if row in self.curved:
            least = float(self.bounds(whole).lo[row, 0])
            return least > 0 if strict else least >= 0
        lowest = self._extreme(row, whole, 0, 1)
        return lowest > 0 if strict else lowest >= 0

    def unbounded(self, boxes: Boxes) -> list[str]:
        """A sentence per condition without finite bounds over some box, with one such box."""
        out: list[str] = []
        for row, formula in self.curved.items():
            inside = self._inside(row, boxes)
            bad = np.flatnonzero(~np.isfinite(inside.lo) | ~np.isfinite(inside.hi))
            if len(bad) and len(out) < MOST_TOLD:
                ends = zip(self.varied, boxes.lo[:, bad[0]], boxes.hi[:, bad[0]], strict=True)
                where = ", ".join(f"{name} in [{lo:.6g}, {hi:.6g}]" for name, lo, hi in ends)
                out.append(f"'{formula.text}' has no finite bounds for {where}")
        return out

    def signs(self, boxes: Boxes) -> Signs:
        """What is certain of the signs over some boxes."""
        found = self.bounds(boxes)
        return Signs(found.lo, found.hi)


@dataclass(frozen=True, slots=True, eq=False)
class Signs:
    """Bounds of conditions, read for their signs; shape ``(conditions, boxes)``."""

    lo: FloatArray
    hi: FloatArray

    def __len__(self) -> int:
        return int(self.lo.shape[1])


class Collector:
    """Conditions in the making: each is kept once and known by its number.

    Examples
    --------
    >>> from sim.expressions import parse
    >>> made = Collector(("p",), {"p": 0.5, "c": 2.0})
    >>> made.add([(1, parse("c * p")), (-1, Fraction(1, 2))]), made.add([(1, parse("p * p"))])
    (0, 1)
    >>> made.conditions().rows[0]
    (Fraction(-1, 2), Fraction(2, 1))
    """

    def __init__(self, varied: Sequence[str], values: Mapping[str, float]) -> None:
        self.varied, self.values = tuple(varied), dict(values)
        self._known: dict[object, int] = {}
        self._rows: list[tuple[Fraction, ...]] = []
        self._curved: dict[int, Expression] = {}
        self._forms: dict[str, tuple[Fraction, ...] | None] = {}

    def add(self, terms: Weighted) -> int:
        """The number of a condition, made if there is none like it yet."""
        row = self._affine(terms)
        if row is not None:
            return self._kept(row, row)
        whole = _total(terms)
        row = affine_row(whole.tree, self.values, self.varied)
        if row is not None:
            return self._kept(row, row)
        number = self._kept(whole.text, (Fraction(0),) * (1 + len(self.varied)))
        self._curved[number] = whole
        return number

    def difference(self, first: Amount, second: Amount) -> int:
        """The number of the condition ``first - second``."""
        if isinstance(first, Expression) and isinstance(second, Expression) and first == second:
            return self.add([])
        return self.add([(1, first), (-1, second)])

    def conditions(self) -> Conditions:
        """All that were made."""
        return Conditions(self.varied, self.values, tuple(self._rows), dict(self._curved))

    def _kept(self, key: object, row: tuple[Fraction, ...]) -> int:
        if key not in self._known:
            self._known[key] = len(self._rows)
            self._rows.append(row)
        return self._known[key]

    def _affine(self, terms: Weighted) -> tuple[Fraction, ...] | None:
        total = [Fraction(0)] * (1 + len(self.varied))
        for weight, amount in terms:
            row = self._form(amount)
            if row is None:
                return None
            for k, coefficient in enumerate(row):
                if coefficient:
                    total[k] += weight * coefficient
        return tuple(total)

    def _form(self, amount: Amount) -> tuple[Fraction, ...] | None:
        if not isinstance(amount, Expression):
            return (Fraction(amount), *(Fraction(0),) * len(self.varied))
        if amount.text not in self._forms:
            self._forms[amount.text] = affine_row(amount.tree, self.values, self.varied)
        return self._forms[amount.text]


def _total(terms: Weighted) -> Expression:
    """The sum of weighted amounts as one expression."""
    names = [f"part{k}" for k in range(len(terms))]
    weights = [f"({Fraction(w).numerator} / {Fraction(w).denominator})" for w, _ in terms]
    template = " + ".join(f"{w} * {name}" for w, name in zip(weights, names, strict=True))
    return compose(
        template, **{n: as_expression(a) for n, (_, a) in zip(names, terms, strict=True)}
    )


def as_expression(amount: Amount) -> Expression:
    """An amount as an expression."""
    if isinstance(amount, Expression):
        return amount
    if amount.denominator == 1:
        return parse(int(amount))
    return parse(f"{amount.numerator} / {amount.denominator}")
