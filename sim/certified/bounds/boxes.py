"""Boxes of parameters: where bounds hold, how they are divided, and how much they measure.

Definition. A box is the product of the intervals ``[lo_k, hi_k]`` of the varied parameters. A parameter that
only takes some levels has its least and largest level in the box as ends: nothing lies between two levels,
so a box is cut there, and its share is that of its levels. Volumes are shares of the box that was asked
about, so the volumes of its parts add up to 1.

Array convention. ``lo`` and ``hi`` have shape ``(varied, boxes)``, the boxes last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.errors import UsageError
from sim.scenario import Scenario, require_scenario
from sim.scenario.axis import Axis, read_axis

EPS = float(np.finfo(np.float64).eps)
WIDEST = 1e300
"""Widest range of a parameter: bounds over wider ones would leave the numbers that there are."""


@dataclass(frozen=True, slots=True, eq=False)
class Boxes:
    """Some boxes.

    Parameters
    ----------
    lo, hi
        Ends, shape ``(varied, boxes)``.
    levels
        Per varied parameter its levels, ascending, or ``None`` where every value counts; empty where every
        value of every parameter does.
    along
        Per box the parameter that it runs along, where all are lines through one point.

    Examples
    --------
    >>> halves = Boxes(np.zeros((1, 1)), np.ones((1, 1))).halved(np.array([0]))
    >>> halves.lo, halves.hi
    (array([[0. , 0.5]]), array([[0.5, 1. ]]))
    >>> flag = Boxes(np.zeros((1, 1)), np.ones((1, 1)), (np.array([0.0, 1.0]),))
    >>> flag.halved(np.array([0])).lo, flag.halved(np.array([0])).hi
    (array([[0., 1.]]), array([[0., 1.]]))
    """

    lo: FloatArray
    hi: FloatArray
    levels: tuple[FloatArray | None, ...] = ()
    along: IntArray | None = None

    def __len__(self) -> int:
        return int(self.lo.shape[1])

    @property
    def mid(self) -> FloatArray:
        """A point in the middle of each box."""
        return np.asarray(self.lo + 0.5 * (self.hi - self.lo))

    @property
    def radius(self) -> FloatArray:
        """At least the distance from the middle to either end."""
        mid = self.mid
        return np.asarray(np.maximum(self.hi - mid, mid - self.lo) * (1 + 2 * EPS))

    @property
    def meeting(self) -> FloatArray:
        """A point through which all lines run, shape ``(varied,)``: where they meet."""
        assert self.along is not None
        out, first = self.lo[:, 0].copy(), self.along[0]
        other = np.flatnonzero(self.along != first)
        if len(other):
            out[first] = self.lo[first, other[0]]
        return out

    def volumes(self, whole: Boxes) -> FloatArray:
        """Shares of the one box ``whole``; directions in which it has no width do not count."""
        share = self.widths(whole)
        share[(whole.hi <= whole.lo)[:, 0]] = 1.0
        for k, levels in whole.by_levels:
            share[k] = _count(levels, self.lo[k], self.hi[k]) / max(1, len(levels))
        return np.asarray(np.prod(share, axis=0))

    def widths(self, whole: Boxes) -> FloatArray:
        """Every side as a share of that of ``whole``, 0 where that has no width."""
        width = whole.hi - whole.lo
        return np.asarray((self.hi - self.lo) / np.where(width > 0, width, np.inf))

    @property
    def by_levels(self) -> list[tuple[int, FloatArray]]:
        """The parameters that only take some levels, with these."""
        return [(k, levels) for k, levels in enumerate(self.levels) if levels is not None]

    def narrow(self, share: float) -> FloatArray:
        """The widths up to which sides of parts of this one box are not cut, shape ``(varied, 1)``.

        They are a share of its own, and less than the distance of two levels where only levels count.
        """
        floor = share * (self.hi - self.lo)
        for k, levels in self.by_levels:
            floor[k] = min(floor[k, 0], 0.5 * np.diff(levels).min(initial=np.inf))
        return np.asarray(floor)

    def pick(self, which: BoolArray | IntArray | slice) -> Boxes:
        """Some of the boxes."""
        along = None if self.along is None else self.along[which]
        return Boxes(self.lo[:, which], self.hi[:, which], self.levels, along)

    def halved(self, along: IntArray) -> Boxes:
        """Each box cut in two along its parameter ``along``: all lower halves, then all upper."""
        columns = np.arange(len(self))
        cut = self.mid[along, columns]
        below, above = self.hi.copy(), self.lo.copy()
        below[along, columns] = cut
        above[along, columns] = cut
        for k, levels in self.by_levels:
            mine = np.flatnonzero(along == k)
            first = np.searchsorted(levels, self.lo[k, mine])
            last = np.searchsorted(levels, self.hi[k, mine], side="right") - 1
            below[k, mine] = levels[(first + last) // 2]
            above[k, mine] = levels[np.minimum((first + last) // 2 + 1, last)]
        lines = None if self.along is None else np.tile(self.along, 2)
        return Boxes(np.hstack([self.lo, above]), np.hstack([below, self.hi]), self.levels, lines)


def centre(lo: FloatArray, hi: FloatArray) -> FloatArray:
    """The middle between two bounds; the finite one where the other is infinite, 0 where both are.

    Examples
    --------
    >>> centre(np.array([0.0, -np.inf, -np.inf]), np.array([1.0, 3.0, np.inf]))
    array([0.5, 3. , 0. ])
    """
    low, high = np.isfinite(lo), np.isfinite(hi)
    only = np.where(low, lo, np.where(high, hi, 0.0))
    both = low & high
    return np.where(both, 0.5 * np.where(both, lo, 0.0) + 0.5 * np.where(both, hi, 0.0), only)


def _count(levels: FloatArray, lo: FloatArray, hi: FloatArray) -> IntArray:
    """How many levels lie between two ends, both included."""
    return np.searchsorted(levels, hi, side="right") - np.searchsorted(levels, lo)


def join(parts: Sequence[Boxes], varied: int) -> Boxes:
    """All boxes of several lists in one."""
    empty = [np.zeros((varied, 0))]
    return Boxes(
        np.hstack([*(p.lo for p in parts), *empty]),
        np.hstack([*(p.hi for p in parts), *empty]),
        parts[0].levels if parts else (),
        _lines_of(parts),
    )


def _lines_of(parts: Sequence[Boxes]) -> IntArray | None:
    """What the boxes of several lists run along, where all of them are lines."""
    along = [p.along for p in parts if p.along is not None]
    return np.concatenate(along) if along and len(along) == len(parts) else None


def require_dispute(scenario: Scenario) -> None:
    """Refuse a classical game where the treaty ladder is asked for."""
    if scenario.document.form != "dispute":
        raise UsageError(f"{scenario.origin}: a classical game has no treaty ladder")


def box_of(scenario: Scenario, vary: Mapping[str, Axis]) -> Boxes:
    """The box that a request spans: per path ``(lo, hi)``, or ``None`` for the range in the file.

    Of a parameter with levels it holds the levels within these ends.

    Raises
    ------
    UsageError
        If nothing is varied, a path is unknown, has no range where none is given, the ends are not
        numbers with ``lo < hi``, no level lies between them, or a constraint has no meaning somewhere
        between them.
    """
    require_scenario(scenario, "frontier")
    if not vary:
        raise UsageError("nothing is varied; give --vary PATH=LO:HI")
    asked = {path: _bounds(path, given) for path, given in vary.items()}
    levels = {path: levels_within(scenario, path, given) for path, given in asked.items()}
    ends = [
        _ends(scenario, path, given) if known is None else (known[0], known[-1])
        for (path, given), known in zip(asked.items(), levels.values(), strict=True)
    ]
    for standing in scenario.standings(dict(zip(vary, ends, strict=True))):
        if standing.forbidden:
            raise UsageError(standing.forbidden)
    table = np.array(ends, dtype=np.float64)
    some = any(known is not None for known in levels.values())
    return Boxes(table[:, :1], table[:, 1:], tuple(levels.values()) if some else ())


def _bounds(path: str, given: Axis) -> tuple[float, float] | None:
    """The bounds that were given; a list of values has none."""
    read = read_axis(path, given)
    if read is None:
        return None
    if isinstance(read, np.ndarray) or len(read) != 2:
        raise UsageError(f"{path}: what holds on a whole range takes its bounds, a tuple (lo, hi)")
    return read[0], read[1]


def levels_within(
    scenario: Scenario, path: str, given: Sequence[float] | None
) -> FloatArray | None:
    """The levels of a parameter between two ends, ascending; ``None`` where it has no levels."""
    scenario.require(path)
    levels = scenario.document.parameters[path].levels
    if levels is None:
        return None
    known = np.unique(np.array(levels, dtype=np.float64))
    if given is None:
        return known
    lo, hi = float(given[0]), float(given[1])
    inside = known[(known >= lo) & (known <= hi)]
    if not len(inside):
        legal = ", ".join(f"{level:g}" for level in known)
        raise UsageError(f"{path} takes the levels {legal}; none lies between {lo:g} and {hi:g}")
    return inside


def _ends(scenario: Scenario, path: str, given: Sequence[float] | None) -> tuple[float, float]:
    scenario.require(path)
    ends = scenario.range_of(path) if given is None else given
    if ends is None:
        raise UsageError(f"{path} has no range in the file; give one: {path}=LO:HI")
    lo, hi = float(ends[0]), float(ends[1])
    if not (np.isfinite(lo) and np.isfinite(hi)):
        raise UsageError(f"{path}: bounds must be finite numbers")
    if lo >= hi:
        raise UsageError(f"{path} runs from {lo:g} to {hi:g}; lo < hi is needed")
    if hi / 4 - lo / 4 > WIDEST / 4:
        raise UsageError(
            f"{path} runs from {lo:g} to {hi:g}; ranges may be {WIDEST:g} wide at most"
        )
    return lo, hi
