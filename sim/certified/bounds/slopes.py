"""Bounds of an expression over boxes together with bounds of its partial derivatives.

Definition. Over a box of the varied parameters an expression ``f`` is enclosed twice: by interval
arithmetic, and by the mean value theorem, ``f(theta) in f(mid) + sum_k G_k [-r_k, r_k]`` with
``G_k`` an interval that holds every partial derivative of ``f`` in the box [moore1966]_. For ``min``,
``max`` and ``abs`` the generalised gradient takes its place; where ``f`` may jump (an undecided
comparison) a derivative is unbounded, and only the first enclosure counts.

Array convention. Values and derivatives broadcast against ``(agreements, profiles, boxes)``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import FloatArray, IntArray
from sim.expressions import Interval
from sim.expressions.evaluate import OPERATIONS
from sim.expressions.intervals import RULES
from sim.expressions.tree import Node, fold

Partials = Mapping[str, Interval]
ONE = np.ones(())
ZERO = np.zeros(())
FIXED_ONE = Interval(lo=ONE, hi=ONE)
FIXED_ZERO = Interval(lo=ZERO, hi=ZERO)
FIXED_MINUS_ONE = Interval(lo=-ONE, hi=-ONE)


@dataclass(frozen=True, slots=True, eq=False)
class Slope:
    """Bounds of a value and of its derivative in every varied parameter that it depends on."""

    value: Interval
    partials: Partials


Value = FloatArray | Slope


class Known(dict[object, tuple[list[Value], Value]]):
    """What operations made of operands, for expressions that have parts in common."""

    def apply(self, symbol: str, arguments: list[Value]) -> Value:
        """An operation, worked out once for the same operands."""
        key = (symbol, *map(id, arguments))
        if key not in self:  # operands are kept, so that no other thing takes their place
            self[key] = arguments, _apply(symbol, arguments)
        return self[key][1]

    def number(self, value: float) -> Value:
        """A number, always as the same operand."""
        if value not in self:
            self[value] = [], np.asarray(value)
        return self[value][1]


def slope_of(tree: Node, env: Mapping[str, Value], known: Known | None = None) -> Value:
    """Bounds of a tree and of its derivatives; a plain array where nothing in it varies.

    Parameters
    ----------
    tree
        The expression's tree.
    env
        Per name its array, or its :class:`Slope` where it varies.
    known
        What was found of other trees in the same names, and is kept; nothing by default.

    Examples
    --------
    >>> from sim.expressions import parse
    >>> x = Interval(lo=np.array([1.0]), hi=np.array([2.0]))
    >>> square = slope_of(parse("x*x").tree, {"x": Slope(x, {"x": FIXED_ONE})})
    >>> square.partials["x"].lo.round(9), square.partials["x"].hi.round(9)
    (array([2.]), array([4.]))
    """
    with np.errstate(all="ignore"):
        if known is None:
            return fold(tree, number=np.asarray, name=env.__getitem__, apply=_apply)
        return fold(tree, number=known.number, name=env.__getitem__, apply=known.apply)


def bounds_of(tree: Node, env: Mapping[str, FloatArray | Interval]) -> Interval:
    """Interval bounds of a tree, rounded outward also where an interval is a single point."""
    from sim.expressions.intervals import interval_bounds

    return interval_bounds(tree, env)


def slope_at(value: Value, column: IntArray) -> Value:
    """What was found over some boxes, at places among them; what is the same for all boxes stays as it is."""
    if not isinstance(value, Slope):
        return _picked(value, column)
    partials = {name: _at_boxes(p, column) for name, p in value.partials.items()}
    return Slope(_at_boxes(value.value, column), partials)


def bounds_at(value: FloatArray | Interval, column: IntArray) -> FloatArray | Interval:
    """The same for bounds without derivatives."""
    return _at_boxes(value, column) if isinstance(value, Interval) else _picked(value, column)


def _at_boxes(value: Interval, column: IntArray) -> Interval:
    lo = _picked(value.lo, column)
    return Interval(lo=lo, hi=lo if value.hi is value.lo else _picked(value.hi, column))


def _picked(array: FloatArray, column: IntArray) -> FloatArray:
    return array if array.shape[-1:] in ((), (1,)) else np.asarray(array[..., column])


def _apply(symbol: str, arguments: list[Value]) -> Value:
    if not any(isinstance(a, Slope) for a in arguments):
        return OPERATIONS[symbol](*arguments)
    slopes = [a if isinstance(a, Slope) else _fixed(a) for a in arguments]
    if symbol == "clip":
        return _apply("min", [_apply("max", [slopes[0], slopes[1]]), slopes[2]])
    value = RULES[symbol](*(s.value for s in slopes))
    rule = DERIVATIVES.get(symbol)
    if rule is not None:
        return Slope(value, _chain(rule(value, *(s.value for s in slopes)), slopes))
    if symbol in ("min", "max"):
        return Slope(value, _of_extreme(symbol, slopes))
    if symbol == "where":
        return Slope(value, _of_choice(slopes))
    return Slope(value, _of_jump(value, slopes))


def _fixed(array: FloatArray) -> Slope:
    array = np.asarray(array, dtype=np.float64)
    if np.count_nonzero(bad := array != array):
        return Slope(
            Interval(lo=np.where(bad, -np.inf, array), hi=np.where(bad, np.inf, array)), {}
        )
    return Slope(Interval(lo=array, hi=array), {})


def _names(slopes: Sequence[Slope]) -> list[str]:
    return list(dict.fromkeys(name for s in slopes for name in s.partials))


def _chain(weights: Sequence[Interval | None], slopes: Sequence[Slope]) -> Partials:
    """The chain rule: the sum of weights times partials; a weight ``None`` is 1."""
    out: dict[str, Interval] = {}
    for weight, slope in zip(weights, slopes, strict=True):
        for name, partial in slope.partials.items():
            part = _times(weight, partial)
            out[name] = RULES["+"](out[name], part) if name in out else part
    return out


def _times(weight: Interval | None, partial: Interval) -> Interval:
    """A weight times a partial; exact, and nothing to be done, where either is 1 or -1."""
    if weight is None or weight is FIXED_ONE:
        return partial
    if weight is FIXED_MINUS_ONE:
        return RULES["neg"](partial)
    return weight if partial is FIXED_ONE else RULES["*"](weight, partial)


def _of_extreme(symbol: str, slopes: Sequence[Slope]) -> Partials:
    """``min`` or ``max``: the hull of the gradients of all arguments that may attain it."""
    if symbol == "max":
        bar = np.maximum.reduce(np.broadcast_arrays(*(s.value.lo for s in slopes)))
        may = [s.value.hi >= bar for s in slopes]
    else:
        bar = np.minimum.reduce(np.broadcast_arrays(*(s.value.hi for s in slopes)))
        may = [s.value.lo <= bar for s in slopes]
    out = {}
    for name in _names(slopes):
        parts = [s.partials.get(name, FIXED_ZERO) for s in slopes]
        lows = [np.where(m, p.lo, np.inf) for m, p in zip(may, parts, strict=True)]
        highs = [np.where(m, p.hi, -np.inf) for m, p in zip(may, parts, strict=True)]
        lo = np.minimum.reduce(np.broadcast_arrays(*lows))
        hi = np.maximum.reduce(np.broadcast_arrays(*highs))
        out[name] = Interval(lo=lo, hi=hi)
    return out


def _of_choice(slopes: Sequence[Slope]) -> Partials:
    condition, yes, no = slopes
    surely, never = condition.value.lo > 0.0, condition.value.hi <= 0.0
    out = {}
    for name in _names(slopes):
        a, b = (s.partials.get(name, FIXED_ZERO) for s in (yes, no))
        lo = np.where(surely, a.lo, np.where(never, b.lo, -np.inf))
        hi = np.where(surely, a.hi, np.where(never, b.hi, np.inf))
        out[name] = Interval(lo=lo, hi=hi)
    return out


def _of_jump(value: Interval, slopes: Sequence[Slope]) -> Partials:
    """Comparisons and logic: flat where decided, unbounded where not."""
    reach = np.where(value.lo == value.hi, 0.0, np.inf)
    return {name: Interval(lo=-reach, hi=reach) for name in _names(slopes)}


def _sign(a: Interval) -> Interval:
    return Interval(lo=np.where(a.lo >= 0.0, 1.0, -1.0), hi=np.where(a.hi <= 0.0, -1.0, 1.0))


def _power_weights(value: Interval, a: Interval, b: Interval) -> list[Interval | None]:
    less = RULES["-"](b, FIXED_ONE)
    if b.lo is b.hi:
        less = Interval(lo=less.lo, hi=less.lo)
    return [RULES["*"](b, RULES["**"](a, less)), RULES["*"](value, RULES["log"](a))]


def _quotient_weights(value: Interval, _: Interval, b: Interval) -> list[Interval | None]:
    inverse = RULES["/"](FIXED_ONE, b)
    return [inverse, RULES["neg"](RULES["*"](value, inverse))]


def _root_weights(value: Interval, _: Interval) -> list[Interval | None]:
    return [RULES["/"](FIXED_ONE, RULES["+"](value, value))]


Weights = Callable[..., list[Interval | None]]

DERIVATIVES: Mapping[str, Weights] = {
    "+": lambda value, a, b: [None, None],
    "-": lambda value, a, b: [None, FIXED_MINUS_ONE],
    "neg": lambda value, a: [FIXED_MINUS_ONE],
    "*": lambda value, a, b: [b, a],
    "/": _quotient_weights,
    "**": _power_weights,
    "abs": lambda value, a: [_sign(a)],
    "exp": lambda value, a: [value],
    "log": lambda value, a: [RULES["/"](FIXED_ONE, a)],
    "sqrt": _root_weights,
    "logistic": lambda value, a: [RULES["*"](value, RULES["-"](FIXED_ONE, value))],
}
"""What each smooth operation multiplies its arguments' derivatives with."""
