"""The terms of a dispute that are not affine, over boxes: values, middles and slopes.

Array convention. Arrays have shape ``(agreements, profiles, boxes)``; slopes have the levers first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.certified.bounds.boxes import Boxes
from sim.certified.bounds.rest import Rest, total
from sim.certified.bounds.slopes import (
    FIXED_ONE,
    Known,
    Slope,
    Value,
    bounds_at,
    bounds_of,
    slope_at,
    slope_of,
)
from sim.certified.bounds.straight import Bends, along_lines
from sim.expressions import Interval
from sim.payoffs.quantities import Frame, Quantity, Term

V = TypeVar("V")


class _Lazily(dict[str, V]):
    """What a function makes of keys, once each."""

    def __init__(self, value: Callable[[str], V]) -> None:
        super().__init__()
        self.value = value

    def __missing__(self, key: str) -> V:
        self[key] = self.value(key)
        return self[key]


FEW = 8
"""Lines that are bounded one by one though some of them may be equal to a quantity."""
LINE = ""
"""The direction of a box that is a line, whichever parameter it runs along."""


class BoxBatch:
    """A dispute over a batch of boxes; what several rows share is computed once.

    Derivatives are taken along *directions*: every varied parameter, or, where every box is a line, the one
    that it runs along.

    Parameters
    ----------
    frame
        Names and values of a compiled dispute.
    boxes
        The boxes.
    agreements
        The only agreements that will be asked for, where not all are.
    within
        Of some lines of another batch: that batch, and their places in it.
    here
        Of lines: the point that they run through.
    """

    def __init__(
        self,
        frame: Frame,
        boxes: Boxes,
        agreements: IntArray | None = None,
        within: tuple[BoxBatch, IntArray] | None = None,
        here: BoxBatch | None = None,
    ) -> None:
        self.frame, self.boxes, self.agreements = frame, boxes, agreements
        self._within, self._here = within, here
        self.mid, self.radius = boxes.mid, boxes.radius
        self.size = np.maximum(np.abs(boxes.lo), np.abs(boxes.hi))
        self.points = bool((boxes.lo == boxes.hi).all())
        self.directions = frame.varied if boxes.along is None else (LINE,)
        self._rest: dict[int, tuple[Quantity, Rest]] = {}
        self._terms: dict[int, tuple[Term, Rest]] = {}
        self._bends, self._known = Bends(frame), Known() if len(boxes) <= 2 * FEW else None
        self._parts: dict[bytes, BoxBatch] = {}
        self.kept: dict[tuple[int, bytes], tuple[object, FloatArray, FloatArray]] = {}
        self.differences: dict[tuple[int, bytes], tuple[object, Rest]] = {}
        self.tables: dict[tuple[int, int, bytes], tuple[object, Any]] = {}

    @cached_property
    def reach(self) -> FloatArray:
        """Half the width of each box along each direction, shape ``(directions, boxes)``."""
        return self.along(self.radius)

    def along(self, table: FloatArray) -> FloatArray:
        """A table ``(varied, ..., boxes)`` or ``(varied, ..., 1)`` by directions instead of parameters."""
        if self.boxes.along is None:
            return table
        wide = np.broadcast_to(table, (*table.shape[:-1], len(self)))
        return np.asarray(wide[self.boxes.along, ..., np.arange(len(self))].T[None])

    def __len__(self) -> int:
        return len(self.boxes)

    def _some(self, value: FloatArray) -> FloatArray:
        """The agreements asked for, of an array over all of them."""
        if self.agreements is None or value.ndim < 3 or value.shape[-3] == 1:
            return value
        return np.asarray(value[..., self.agreements, :, :])

    def local(self, agreement: IntArray) -> IntArray:
        """Where agreements stand in the arrays of :class:`Rest`."""
        return agreement if self.agreements is None else np.searchsorted(self.agreements, agreement)

    @cached_property
    def _slopes(self) -> Mapping[str, Value]:
        """Every name's bounds and slopes, each found when it is first asked for."""
        varied = {name: k for k, name in enumerate(self.frame.varied)}

        def value(name: str) -> Value:
            if name in varied:
                k = varied[name]
                reach = Interval(lo=self.boxes.lo[k], hi=self.boxes.hi[k])
                return Slope(reach, self._own(k, name))
            if name in self.frame.fixed:
                return self._some(self.frame.fixed[name])
            part, column = self._where_moved(name)
            if column is not None:
                return slope_at(part._slopes[name], column)
            return slope_of(self.frame.document.attributes[name].tree, env, self._known)

        env: _Lazily[Value] = _Lazily(value)
        return env

    def _own(self, k: int, name: str) -> Mapping[str, Interval]:
        """The derivatives of a varied parameter itself."""
        if self.boxes.along is None:
            return {name: FIXED_ONE}
        own = (self.boxes.along == k).astype(np.float64)
        return {LINE: Interval(lo=own, hi=own)} if own.any() else {}

    @cached_property
    def _middle(self) -> Mapping[str, FloatArray | Interval]:
        """Every name's bounds in the middle of the boxes, each found when it is first asked for."""
        varied = {name: k for k, name in enumerate(self.frame.varied)}

        def value(name: str) -> FloatArray | Interval:
            if name in varied:
                mid = self.mid[varied[name]]
                return Interval(lo=mid, hi=mid.copy())
            if name in self.frame.fixed:
                return self._some(self.frame.fixed[name])
            part, column = self._where_moved(name)
            if column is not None:
                return bounds_at(part._middle[name], column)
            inside = bounds_of(self.frame.document.attributes[name].tree, env)
            return inside if self.frame.reads[name] else inside.lo

        env: _Lazily[FloatArray | Interval] = _Lazily(value)
        return env

    def moved_by(self, moving: BoolArray | None) -> tuple[BoxBatch, IntArray | None]:
        """A batch in which boxes that only other parameters tell apart are one, and each box's place in it.

        Only lines are joined: they all pass through one point.
        """
        if self.boxes.along is None or moving is None or len(self) < FEW:
            return self, None
        if self._within is not None:
            whole, places = self._within
            part, column = whole.moved_by(moving)
            if part is self:
                return self, None
            return part, places if column is None else column[places]
        own = moving[self.boxes.along]
        if (~own).sum() < 2:
            return self, None
        chosen = np.concatenate([np.flatnonzero(own), np.flatnonzero(~own)[:1]])
        key = chosen.tobytes()
        if key not in self._parts:
            self._parts[key] = BoxBatch(
                self.frame, self.boxes.pick(chosen), self.agreements, (self, chosen), self._here
            )
        return self._parts[key], np.where(own, np.cumsum(own) - 1, len(chosen) - 1)

    def _where_moved(self, *names: str) -> tuple[BoxBatch, IntArray | None]:
        """The same for what reads some names."""
        if self.boxes.along is None:
            return self, None
        read = frozenset[str]().union(*(self.frame.reads[name] for name in names))
        return self.moved_by(np.array([name in read for name in self.frame.varied], np.bool_))

    def rest(self, quantity: Quantity) -> Rest:
        """The terms of a quantity that are not affine, over all boxes."""
        key = id(quantity)
        if key not in self._rest:
            parts = [self.over(term) for term in quantity.rest]
            self._rest[key] = quantity, parts[0] if len(parts) == 1 else total(parts)
        return self._rest[key][1]

    def over(self, term: Term) -> Rest:
        """A term that is not affine over all boxes; what is asked of a single point is kept."""
        if not self.points or len(self) > 1:
            return self._straight(term) or self._where_it_moves(term)
        if id(term) not in self._terms:
            self._terms[id(term)] = term, self.term(term)
        return self._terms[id(term)][1]

    def _straight(self, term: Term) -> Rest | None:
        """A term along lines, on most of which it is affine, from what it is where they meet."""
        if self._here is None or self.boxes.along is None:
            return None
        bent = self._here._bends.of(term.expression) & self._axes.keys()
        found = along_lines(self._here.over(term), self._here.mid[:, 0], self.boxes)
        if found is None or not bent:
            return found
        some = np.flatnonzero(np.isin(self.boxes.along, [self._axes[name] for name in bent]))
        return found.with_boxes(some, self._only(some).term(term))

    def _only(self, some: IntArray) -> BoxBatch:
        """Some of the boxes; lines of which others are asked for too are bounded together with these."""
        if self._within is not None:
            whole, places = self._within
            return whole._only(places[some])
        key = some.tobytes()
        if key not in self._parts:
            self._parts[key] = BoxBatch(self.frame, self.boxes.pick(some), self.agreements)
        return self._parts[key]

    @cached_property
    def _axes(self) -> Mapping[str, int]:
        """The parameters that lines run along, by name."""
        assert self.boxes.along is not None
        return {self.frame.varied[k]: k for k in dict.fromkeys(self.boxes.along.tolist())}

    def _where_it_moves(self, term: Term) -> Rest:
        """A term over all boxes, those along lines that do not move it bounded as one."""
        part, column = self._where_moved(*term.expression.names)
        if column is None:
            return self.term(term)
        found = part.term(term)
        ends = (getattr(found, name)[..., column] for name in Rest.__slots__[1:])
        return Rest(found.levers, *ends)

    def _with_middle(self, term: Term) -> tuple[Slope, Interval]:
        """Bounds and slopes of a term, and its bounds in the middle: of few boxes in one go."""
        tree, count = term.expression.tree, len(self)
        if self.points or count > FEW:
            wide = slope_of(tree, self._slopes, self._known)
            assert isinstance(wide, Slope)
            return wide, wide.value if self.points else bounds_of(tree, self._middle)
        both = slope_of(tree, self._and_middles._slopes, self._and_middles._known)
        assert isinstance(both, Slope)
        wide = slope_at(both, np.arange(count))
        assert isinstance(wide, Slope)
        middle = bounds_at(both.value, np.arange(count, 2 * count))
        assert isinstance(middle, Interval)
        return wide, middle

    @cached_property
    def _and_middles(self) -> BoxBatch:
        """The boxes, and then a point in the middle of each."""
        along = None if self.boxes.along is None else np.tile(self.boxes.along, 2)
        lo, hi = (np.hstack([end, self.mid]) for end in (self.boxes.lo, self.boxes.hi))
        return BoxBatch(self.frame, Boxes(lo, hi, along=along), self.agreements)

    def term(self, term: Term) -> Rest:
        """One term that is not affine, over all boxes."""
        wide, mid = self._with_middle(term)
        ends = [wide.value.lo, wide.value.hi, mid.lo, mid.hi]
        levers = [k for k, name in enumerate(self.directions) if name in wide.partials]
        partials = [wide.partials[self.directions[k]] for k in levers]
        ends += [end for p in partials for end in (p.lo, p.hi)]
        shape = np.broadcast_shapes((1, 1, len(self)), *(end.shape for end in ends))
        lows, highs = np.zeros((len(levers), *shape)), np.zeros((len(levers), *shape))
        for k, partial in enumerate(partials):
            lows[k], highs[k] = partial.lo, partial.hi
        lo, hi, mid_lo, mid_hi = (np.broadcast_to(end, shape) for end in ends[:4])
        if term.mask is not None:
            keep = self._some(term.mask) != 0
            lo, hi, mid_lo, mid_hi, lows, highs = (
                np.where(keep, end, 0.0) for end in (lo, hi, mid_lo, mid_hi, lows, highs)
            )
        return Rest(np.array(levers, dtype=np.int64), lo, hi, mid_lo, mid_hi, lows, highs)
