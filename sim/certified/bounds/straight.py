"""Terms along lines on which they are affine: exact, from what they are where the lines meet.

Definition. Lines run through one point ``p``, each along one parameter. A term is *bent* in a parameter
unless it is made of sums, of products whose factors do not share it, and of quotients by what it does not
move; else, along the line of parameter ``k``,

    f(p + t e_k) = f(p) + t f_k(p)

with value and derivative at the point: both, bounded there once, bound it on all stretches of the line.

Array convention. As in :mod:`sim.certified.bounds.rest`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.certified.bounds.boxes import EPS, Boxes
from sim.certified.bounds.rest import Rest
from sim.expressions import Expression
from sim.expressions.tree import fold
from sim.payoffs.quantities import Frame

NOTHING = frozenset[str]()


class Bend(NamedTuple):
    """The varied parameters that something reads, and those in which it is bent."""

    reads: frozenset[str] = NOTHING
    bent: frozenset[str] = NOTHING


class Bends:
    """In which varied parameters expressions are bent, through derived attributes too.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from sim.expressions import parse
    >>> names = {"x": frozenset({"x"}), "y": frozenset({"y"}), "k": frozenset()}
    >>> frame = SimpleNamespace(varied=("x", "y"), reads=names, document=None)
    >>> bends = Bends(frame)
    >>> [sorted(bends.of(parse(text))) for text in ("k*x*(1 - y)", "x*(x + y)", "max(0, k)*y", "y/x")]
    [[], ['x'], [], ['x']]
    """

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self._names: dict[str, Bend] = {}
        self._texts: dict[str, frozenset[str]] = {}

    def of(self, expression: Expression) -> frozenset[str]:
        """The parameters in which an expression is bent."""
        if expression.text not in self._texts:
            self._texts[expression.text] = self._of(expression).bent
        return self._texts[expression.text]

    def _of(self, expression: Expression) -> Bend:
        return fold(expression.tree, number=lambda _: Bend(), name=self._name, apply=_bend)

    def _name(self, key: str) -> Bend:
        if key not in self._names:
            reads = self.frame.reads[key]
            straight = not reads or key in self.frame.varied
            derived = None if straight else self.frame.document.attributes[key]
            self._names[key] = Bend(reads) if derived is None else self._of(derived)
        return self._names[key]


def _bend(symbol: str, arguments: list[Bend]) -> Bend:
    reads = NOTHING.union(*(a.reads for a in arguments))
    if not reads:
        return Bend()
    bent = NOTHING.union(*(a.bent for a in arguments))
    match symbol, arguments:
        case (("+" | "-" | "neg"), _):
            return Bend(reads, bent)
        case "*", [a, b]:
            return Bend(reads, bent | (a.reads & b.reads))
        case "/", [_, b]:
            return Bend(reads, bent | b.reads)
    return Bend(reads, reads)


def along_lines(at: Rest, here: FloatArray, boxes: Boxes) -> Rest | None:
    """A term over stretches of lines, rounded outward; ``None`` where it has no bounds where they meet.

    Parameters
    ----------
    at
        The term at the point where the lines meet, with its slopes in every parameter that moves it.
    here
        That point, shape ``(varied,)``.
    boxes
        Stretches of the lines.
    """
    assert boxes.along is not None
    ends = (at.lo, at.hi, at.slope_lo, at.slope_hi)
    if not all(np.isfinite(end).all() for end in ends):
        return None
    along, column = boxes.along, np.arange(len(boxes))
    place: IntArray = np.searchsorted(at.levers, along)
    own: BoolArray = np.append(at.levers, -1)[place] == along
    low, high = (_own(slope, place, own) for slope in (at.slope_lo, at.slope_hi))
    away = [side[along, column] - here[along] for side in (boxes.lo, boxes.hi, boxes.mid)]
    moves = [_spanned(low, high, t) for t in away]
    lo, hi = np.minimum(moves[0][0], moves[1][0]), np.maximum(moves[0][1], moves[1][1])
    levers = np.zeros(int(own.any()), dtype=np.int64)
    slopes = (end[None][: len(levers)] for end in (low, high))
    return Rest(levers, *_added(at, lo, hi), *_added(at, *moves[2]), *slopes)


def _own(slope: FloatArray, place: IntArray, own: BoolArray) -> FloatArray:
    """The slope of each line's own parameter, 0 where that does not move the term."""
    out = np.zeros((*slope.shape[1:-1], len(place)))
    out[..., own] = np.moveaxis(slope[place[own], ..., 0], 0, -1)
    return out


def _spanned(low: FloatArray, high: FloatArray, t: FloatArray) -> tuple[FloatArray, FloatArray]:
    """What a slope between two bounds makes of a step."""
    first, second = low * t, high * t
    return np.minimum(first, second), np.maximum(first, second)


def _added(at: Rest, low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The value at the point and a step, rounded outward where it moves."""
    size = np.maximum(np.abs(low), np.abs(high))
    error = np.where(size > 0, 4 * EPS * (np.maximum(np.abs(at.lo), np.abs(at.hi)) + size), 0.0)
    return at.lo + low - error, at.hi + high + error
