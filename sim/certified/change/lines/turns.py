"""Where the margin is seen to pass its target along lines, and where to cut them therefore.

A place is looked for between even points whose margins lie on either side of the target. What is seen there
proves nothing: it says where bounds are worth taking.

Array convention. As in :mod:`sim.certified.change.lines.here`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim._kernels.numbering import ascending
from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray, IntArray
from sim.certified.bounds.boxes import Boxes
from sim.certified.change.lines.here import Lines

EVEN, ZOOMS = 33, 12
"""Points along a line at which a change of sign is looked for, and how often between two of them."""
SEEN = 2.0**-44
"""How nearly such a place is sought, as a share of the line."""
JUMP = 1e-11
"""What the margin differs by between two places so near to each other where it jumps."""
BESIDE = 2.0**-20
"""How far from such a place the slope of the margin is measured, as a share of the line."""
AWAY = 2.0 ** -np.array([34.0, 28.0, 16.0])
"""How far from such a place a line is cut at first, as shares of its length."""
INNER = np.linspace(0.0, 1.0, 9)
"""Points of a closer look, as shares of what is between two points."""
STEPS = 2.0 ** -np.arange(4.0, 52.0, 4.0)
"""The same around where a straight line would pass."""


@dataclass(frozen=True, slots=True, eq=False)
class Turns:
    """Where the margin passes its target: the line of each place, the place, and whether it jumps there."""

    line: IntArray
    at: FloatArray
    jumps: BoolArray

    def along(self, line: int) -> FloatArray:
        """The places on one line at which the margin does not jump: there it is the target. Ascending."""
        return np.asarray(self.at[(self.line == line) & ~self.jumps])


def turns_of(lines: Lines) -> Turns:
    """The places at which the margin is seen to pass the target."""
    count = len(lines.axes)
    places = lines.lo[:, None] + np.linspace(0.0, 1.0, EVEN) * lines.width[:, None]
    places[:, -1] = lines.hi
    over = lines.over(np.repeat(np.arange(count), EVEN), places.ravel()).reshape(places.shape)
    line, first = np.nonzero((over[:, :-1] >= 0) != (over[:, 1:] >= 0))
    low, high = places[line, first], places[line, first + 1]
    below, above = over[line, first], over[line, first + 1]
    for _ in range(ZOOMS):
        wide = np.flatnonzero(_wide(low, high, SEEN * lines.width[line]))
        wide = wide[np.isfinite(below[wide]) & np.isfinite(above[wide])]
        if not len(wide):
            break
        ends = _closer(lines, line[wide], low[wide], high[wide], below[wide], above[wide])
        low[wide], high[wide], below[wide], above[wide] = ends
    jumps = ~(np.maximum(np.abs(below), np.abs(above)) <= JUMP)
    return Turns(line, _straight(low, high, below, above), jumps)


def _wide(low: FloatArray, high: FloatArray, close: FloatArray) -> BoolArray:
    """Where two places are further apart than is close, with another number between them."""
    middle = low + 0.5 * (high - low)
    return np.asarray((high - low > close) & (low < middle) & (middle < high))


def _closer(
    lines: Lines,
    line: IntArray,
    low: FloatArray,
    high: FloatArray,
    below: FloatArray,
    above: FloatArray,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """The same stretches narrowed by one look at points between: places and margins at both ends."""
    width = (high - low)[:, None]
    straight = low[:, None] + width * (below / (below - above))[:, None]
    places = np.hstack(
        [low[:, None] + width * INNER, straight - width * STEPS, straight + width * STEPS]
    )
    places = np.sort(np.clip(places, low[:, None], high[:, None]), axis=1)
    over = lines.over(np.repeat(line, places.shape[1]), places.ravel()).reshape(places.shape)
    passes = (over[:, :-1] >= 0) != (over[:, 1:] >= 0)
    rows, first = np.arange(len(line)), passes.argmax(axis=1)
    return (
        places[rows, first],
        places[rows, first + 1],
        over[rows, first],
        over[rows, first + 1],
    )


def _straight(
    low: FloatArray, high: FloatArray, below: FloatArray, above: FloatArray
) -> FloatArray:
    """Where a straight line passes between two places; the middle where none does."""
    with np.errstate(all="ignore"):
        share = below / (below - above)
    share = np.where(np.isfinite(share) & (share >= 0) & (share <= 1), share, 0.5)
    return np.asarray(low + (high - low) * share)


def cut_at(lines: Lines, turns: Turns) -> Boxes:
    """The lines cut closely around some places, and where ties end beside them."""
    width = lines.width
    line, ends = _where_ties_end(lines, turns)
    few = AWAY[:2]
    places = np.concatenate(
        [
            lines.lo,
            lines.hi,
            _around(turns.at, width[turns.line], AWAY),
            _around(ends, width[line], few),
        ]
    )
    every = np.arange(len(lines.axes))
    whose = np.concatenate(
        [every, every, np.repeat(turns.line, 2 * len(AWAY)), np.repeat(line, 2 * len(few))]
    )
    cuts = [
        ascending(np.clip(places[whose == k], lines.lo[k], lines.hi[k])) for k in every.tolist()
    ]
    owner = np.repeat(every, [len(c) - 1 for c in cuts])
    lo, hi = (np.concatenate([c[side] for c in cuts]) for side in (slice(-1), slice(1, None)))
    return lines.stretches(owner, lo, hi)


def _around(at: FloatArray, width: FloatArray, shares: FloatArray) -> FloatArray:
    """Places on either side of others, at some shares of their lines' lengths."""
    away = np.concatenate([-shares, shares])
    return np.asarray((at[:, None] + away * width[:, None]).ravel())


def _where_ties_end(lines: Lines, turns: Turns) -> tuple[IntArray, FloatArray]:
    """Where the margin has gone below the target by what still ties with it, on either side of a turn.

    Equilibria of the game that may play a treaty in a tie end there, and not where the margin is 0.
    """
    line = np.tile(turns.line, 2)
    if not len(line):
        return line, np.zeros(0)
    step = BESIDE * lines.width[turns.line]
    at = np.tile(turns.at, 2)
    places = np.clip(at + np.concatenate([-step, step]), lines.lo[line], lines.hi[line])
    over, away = lines.over(line, places), places - at
    with np.errstate(all="ignore"):
        ends = at - RELATIVE * away / over
    some = (over < -RELATIVE) & (away != 0)
    return line[some], ends[some]
