"""The ranges of several parameters, each alone, divided together by whether the margin is enough.

Array convention. As in :mod:`sim.certified.change.lines.here`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.certified.bounds.boxes import Boxes
from sim.certified.bounds.division import Divided, divide
from sim.certified.change.lines.here import Lines
from sim.certified.change.lines.turns import Turns, cut_at, turns_of
from sim.certified.change.problem import parts_by
from sim.certified.change.reach import ends_of
from sim.certified.games.supported_treaty import margin_claim
from sim.certified.ladder.best_treaty import BestTreaty
from sim.scenario import Scenario

NARROW = 2.0**-32
"""Share of a range to which a threshold is narrowed: 2.3e-10."""
LIMIT = 4_000
"""Boxes that may be bounded along one line."""
HALVINGS = 3
"""How often what is undecided along a line is halved at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class DividedLines:
    """Some lines, how each is divided, and where the margin is seen to pass the target."""

    lines: Lines
    divided: tuple[Divided, ...]
    turns: Turns


def divided(
    lines: Lines, *, narrowest: float, first: Boxes | None = None, halvings: int = HALVINGS
) -> DividedLines:
    """Lines divided by the verdict, each to parts that are decided or narrower than a share of it.

    ``first`` are parts of them to begin with; by default they are cut where the margin is seen to turn.
    """
    claim = margin_claim(lines.parts, lines.target)
    none = Turns(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0, dtype=np.bool_))
    turns = turns_of(lines) if first is None else none
    found = divide(
        BestTreaty(lines.parts, target=lines.target) if claim is None else claim,
        lines.whole,
        first=cut_at(lines, turns) if first is None else first,
        narrowest=narrowest,
        limit=LIMIT * len(lines.axes),
        halvings=halvings,
    )
    return DividedLines(lines, tuple(_along(found, axis) for axis in lines.axes.tolist()), turns)


def _along(found: Divided, axis: int) -> Divided:
    """The parts of one line, as boxes of its parameter alone."""
    assert found.boxes.along is not None
    mine = found.boxes.along == axis
    lo, hi = (end[axis][None, mine] for end in (found.boxes.lo, found.boxes.hi))
    return Divided(Boxes(lo, hi), found.verdict[mine], found.examined, found.finished)


def divided_lines(
    scenario: Scenario,
    names: tuple[str, ...],
    narrowest: float = NARROW,
    halvings: int = HALVINGS,
) -> DividedLines:
    """The ranges of some parameters, each alone, divided by the verdict, to a share of each range.

    The last few are kept: thresholds and the smallest change ask for the same.
    """
    return _divided(scenario, names, narrowest, halvings)


@lru_cache(maxsize=8)
def _divided(
    scenario: Scenario, names: tuple[str, ...], narrowest: float, halvings: int
) -> DividedLines:
    ends: FloatArray = np.array([ends_of(scenario, path) for path in names])
    origin = np.array([scenario.values[path] for path in names], dtype=np.float64)
    axes = np.arange(len(names))
    lines = Lines(parts_by(scenario, names), origin, axes, ends[:, 0], ends[:, 1])
    return divided(lines, narrowest=narrowest, halvings=halvings)
