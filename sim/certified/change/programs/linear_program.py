"""Linear programs for the cheapest change that meets a list of demands, with a bound that is proved.

Definition. From a point, a change ``d = u - v`` with ``u, v >= 0`` costs ``sum_k c_k (u_k + v_k)``; a demand
is ``value + rise . u + fall . v >= level``. The dual of the program over all demands bounds the cost from
below whatever the solver's tolerances are.

Array convention. Slopes and changes have shape ``(varied,)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim._kernels.tolerance import ROUNDING, FloatArray
from sim.certified.change.programs.dual_simplex import dual_simplex

NARROW = 1e-9
"""Boxes narrower than this, in units of cost, are not divided further."""


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """From a point inside a box: how far each lever may move up and down, and what that costs.

    Shapes ``(varied,)``; ``start`` is the point, ``offset`` what it costs to be there.
    """

    start: FloatArray
    up: FloatArray
    down: FloatArray
    costs: FloatArray
    offset: float

    @classmethod
    def inside(cls, origin: FloatArray, lo: FloatArray, hi: FloatArray, costs: FloatArray) -> Steps:
        """From the point of a box that is nearest to the origin."""
        start = np.clip(origin, lo, hi)
        offset = float((costs * np.abs(start - origin)).sum())
        return cls(start, hi - start, start - lo, costs, offset)


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """One inequality: ``value + rise . u + fall . v >= level``, shapes ``(varied,)``."""

    value: float
    rise: FloatArray
    fall: FloatArray
    level: float
    name: str = ""

    @property
    def finite(self) -> bool:
        """Whether its value and slopes are bounded."""
        slopes = np.isfinite(self.rise).all() and np.isfinite(self.fall).all()
        return bool(slopes and np.isfinite(self.value))


def shifted(demand: Demand, shift: FloatArray) -> Demand:
    """A demand linearised at a point, as a function of the change from a point further on."""
    value = demand.value + float(demand.rise @ shift)
    return Demand(value, demand.rise, demand.fall, demand.level)


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """Demands that together make a cell feasible, and what the dearest of its alternatives costs."""

    floor: float
    demands: list[Demand]


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """The cheapest change that meets all demands of a linear program.

    Parameters
    ----------
    cost
        Of the change; infinite where there is none.
    bound
        What any change costs at least, from the program's dual: it holds whatever the solver's
        tolerances are.
    change
        Shape ``(varied,)``, from the start.
    prices
        Of the demands in the dual program, in their order.
    """

    cost: float
    bound: float
    change: FloatArray
    prices: FloatArray


def cheapest(demands: Sequence[Demand], steps: Steps) -> Step:
    """The linear program: the least cost at which all demands are met.

    Demands whose slopes are unbounded are left out, so the bound holds in any case.
    """
    size = len(steps.start)
    usable = np.array([d.finite for d in demands], dtype=np.bool_)
    prices = np.zeros(len(demands))
    asked = [d for d, use in zip(demands, usable, strict=True) if use]
    if all(d.value >= d.level for d in asked):
        return Step(steps.offset, steps.offset, np.zeros(size), prices)
    costs = np.tile(steps.costs, 2)
    matrix = np.array([np.concatenate([d.rise, d.fall]) for d in asked]) / costs
    limits = np.concatenate([steps.up, steps.down]) * costs
    useful = (matrix > 0).any(axis=0) & (limits > 0)
    needed = np.array([d.level - d.value for d in asked])
    cost, bound, units, prices[usable] = _solve(matrix[:, useful], needed, limits[useful])
    both = np.zeros(2 * size)
    both[useful] = units
    both /= costs
    return Step(steps.offset + cost, steps.offset + bound, both[:size] - both[size:], prices)


def least_by_prices(demands: Sequence[Demand], steps: Steps, prices: FloatArray) -> float:
    """What meeting some demands costs at least, from prices of the dual program of others like them.

    By weak duality any prices that are not negative give a bound.
    """
    if len(prices) != len(demands):
        return steps.offset
    priced = [(y, d) for y, d in zip(prices, demands, strict=True) if y > 0 and d.finite]
    if not priced:
        return steps.offset
    y = np.array([price for price, _ in priced])
    rise, fall = (y @ np.array([getattr(d, name) for _, d in priced]) for name in ("rise", "fall"))
    excess = np.maximum(rise - steps.costs, 0.0) @ steps.up
    excess += np.maximum(fall - steps.costs, 0.0) @ steps.down
    needed = float(y @ np.array([d.level - d.value for _, d in priced]))
    return steps.offset + max(0.0, needed - float(excess))


def _solve(
    matrix: FloatArray, needed: FloatArray, limits: FloatArray
) -> tuple[float, float, FloatArray, FloatArray]:
    """``min sum x`` with ``matrix @ x >= needed``, ``0 <= x <= limits``: value, dual bound, ``x``, prices."""
    none, free = np.zeros(matrix.shape[1]), np.zeros(len(needed))
    if (np.maximum(matrix, 0) @ limits < needed * (1 - ROUNDING)).any():
        return np.inf, np.inf, none, free
    small = dual_simplex(matrix, needed, limits)
    if small is None:
        return _by_highs(matrix, needed, limits)
    if small.values is None:
        return np.inf, np.inf, none, free
    bound = _bound(matrix, needed, limits, small.prices)
    return float(small.values.sum()), bound, small.values, small.prices


def _by_highs(
    matrix: FloatArray, needed: FloatArray, limits: FloatArray
) -> tuple[float, float, FloatArray, FloatArray]:
    """The same by a solver for large programs."""
    from scipy.optimize import linprog

    none, free = np.zeros(matrix.shape[1]), np.zeros(len(needed))
    bounds = np.stack([np.zeros_like(limits), limits], axis=1)
    found: Any = linprog(
        c=[1.0] * len(limits), A_ub=-matrix, b_ub=-needed, bounds=bounds, method="highs"
    )
    if found.status == 2:
        return np.inf, np.inf, none, free
    if found.status != 0:
        return np.inf, 0.0, none, free
    prices = np.maximum(0.0, -np.asarray(found.ineqlin.marginals))
    bound = _bound(matrix, needed, limits, prices)
    return float(found.fun), bound, np.asarray(found.x), prices


def _bound(matrix: FloatArray, needed: FloatArray, limits: FloatArray, prices: FloatArray) -> float:
    """What meeting all demands costs at least: by any prices, so whatever a solver's tolerances are."""
    excess = np.maximum(0.0, prices @ matrix - 1.0)
    return max(0.0, float(prices @ needed - excess @ limits))


def cheapest_way(
    ways: Sequence[Way], steps: Steps, most: float = np.inf
) -> tuple[Step, Way] | None:
    """The cheapest of several ways; those that cannot beat the best so far or ``most`` are skipped."""
    best: tuple[Step, Way] | None = None
    for way in ways:
        least = most if best is None else min(most, best[0].bound)
        if steps.offset + way.floor >= least:
            continue
        step = cheapest(way.demands, steps)
        if np.isfinite(step.bound) and (best is None or step.bound < best[0].bound):
            best = (step, way)
    return best


def loosest(demands: Sequence[Demand], steps: Steps, change: FloatArray) -> int:
    """The lever whose moves a bound is least sure about; -1 where it is sure of all."""
    width = (steps.up + steps.down) * steps.costs
    doubt, curved = np.zeros(len(change)), np.zeros(len(change), np.bool_)
    for demand in demands:
        with np.errstate(invalid="ignore"):
            spread = np.abs(demand.rise + demand.fall)
            spread = np.where(np.isfinite(spread), spread, 1.0)
        doubt = np.maximum(doubt, spread * np.abs(change))
        curved |= spread > ROUNDING
    doubt, curved = np.where(width > NARROW, doubt, 0.0), curved & (width > NARROW)
    if doubt.max(initial=0.0) > ROUNDING:
        return int(doubt.argmax())
    return int(np.where(curved, width, 0.0).argmax()) if curved.any() else -1
