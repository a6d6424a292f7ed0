"""Which parameters flip a verdict nearest to their values, certified no further than that needs.

Definition. As :mod:`sim.certified.regions.strips`, of which this tells the flips that are nearest, as shares
of ranges. Ranges are divided to less than a hair's breadth, which is a threshold and no stretch; further only
where two flips are so near to each other that their order rests on it.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from sim.certified.change.lines.divided import NARROW
from sim.certified.change.reach import ends_of, reach_of
from sim.certified.change.single_levers import verdicts_along
from sim.certified.regions.strips import HAIR, may_flip, over_levels, where_they_flip
from sim.scenario import Scenario

FINE = 2.0**-20
"""Share of a range to which what is undecided is divided: less than a hair's breadth."""
Near = list[tuple[float, str]]


@np.errstate(all="ignore")
def nearest_flips(scenario: Scenario, count: int) -> tuple[str, ...]:
    """At most so many parameters whose flip is nearest to their value as a share of the range, in order.

    Examples
    --------
    >>> from sim.loading import loads
    >>> s = loads('''
    ... parameters: {cost: {value: 0.5, range: [0, 1]}, joy: {value: 0.2, range: [0.1, 0.3]}}
    ... issues: {peace: {no: {}, yes: {signed: 1}}}
    ... outcomes: {treaty: signed}
    ... actors: {a: {role: principal}, b: {role: principal}}
    ... payoffs: {a: {gain: (0.3 - cost)*signed}, b: {gain: joy*signed}}
    ... ''')
    >>> nearest_flips(s, 3)
    ('cost',)
    """
    reach = reach_of(scenario, None)
    levels = [over_levels(scenario, path) for path in reach.levels]
    known = [
        (abs(t.nearest - t.value) / (t.high - t.low), t.path)
        for t in levels
        if t.nearest is not None
    ]
    sure = verdicts_along(scenario, reach.scales) if reach.scales else ()
    names = tuple(p for p, code in zip(reach.scales, sure, strict=True) if may_flip(code))
    found = sorted([*known, *_nearest(scenario, names, FINE)])
    doubtful = _too_close(found[: count + 1])
    if again := tuple(path for path in names if path in doubtful):
        rest = [(share, path) for share, path in found if path not in again]
        found = sorted([*rest, *_nearest(scenario, again)])
    return tuple(path for _, path in found[:count])


def _nearest(scenario: Scenario, names: tuple[str, ...], narrowest: float = NARROW) -> Near:
    """The nearest flip of every parameter that flips the verdict alone, as a share of its range."""
    found = []
    for path, stretches in where_they_flip(scenario, names, narrowest).items():
        (low, high), here = ends_of(scenario, path), scenario.values[path]
        shares = [abs(stretch.lo - here) / (high - low) for stretch in stretches[1:]]
        found += [(min(shares), path)] if shares else []
    return found


def _too_close(found: Near) -> set[str]:
    """The parameters whose flips are so near to another one's that their order may be an error."""
    pairs = ((a, b) for a, b in pairwise(found) if b[0] - a[0] <= 2 * HAIR)
    return {path for pair in pairs for _, path in pair}
