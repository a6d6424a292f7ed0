"""The verdict along every parameter alone, certified over its whole range.

Definition. All other parameters stay where they are. A parameter along whose range bounds of the margin have
one sign cannot flip the verdict alone; otherwise the range is divided until the verdict is certain on both
sides of every threshold (:mod:`sim.certified.bounds.division`), a hair's breadth aside: a millionth of the
range in which something ties, and in which only some points are looked at. A parameter with levels has no
other values: the verdict is that at each level.

Array convention. Points have shape ``(varied,)``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.certified.bounds.division import FEASIBLE, INFEASIBLE, VERDICTS, Divided
from sim.certified.change.levers import ladder_at
from sim.certified.change.lines.divided import NARROW, divided_lines
from sim.certified.change.lines.here import Lines
from sim.certified.change.problem import parts_by
from sim.certified.change.reach import ends_of, levels_of, levers_space, reach_of
from sim.certified.change.single_levers import verdicts_along
from sim.certified.games.supported_treaty import margin_claim
from sim.certified.ladder.best_treaty import verdicts
from sim.certified.ladder.margin_bounds import Levels
from sim.feasibility.blockers import margins_and_lifted
from sim.feasibility.evaluate import prepared
from sim.feasibility.thresholds import Segment, Threshold
from sim.labels import NO_LABELS, Labels
from sim.scenario import Scenario

HAIR = 1e-6
"""Share of a range up to which a stretch is a threshold, and not a stretch."""
BETWEEN = 9
"""Points at which the verdict is looked at between two stretches that have the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strips:
    """The verdict along every parameter that has a range, as ``sim.plots.thresholds`` draws it."""

    title: str
    margin: float | None
    thresholds: tuple[Threshold, ...]
    labelled: Labels = NO_LABELS


@np.errstate(all="ignore")
def strips(scenario: Scenario, *, paths: Sequence[str] | None = None) -> Strips:
    """Certified stretches of one verdict along every parameter alone.

    Parameters
    ----------
    scenario
        A dispute.
    paths
        The parameters; by default all that have a range or levels, but for those that decide which
        agreements exist.

    Raises
    ------
    UsageError
        If the file is a classical game, or a path is unknown, structural or has no range.

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
    >>> [(t.path, [(x.verdict, round(x.hi, 6)) for x in t.stretches]) for t in strips(s).thresholds]
    [('cost', [('feasible', 0.3), ('infeasible', 1.0)]), ('joy', [('infeasible', 0.3)])]
    """
    reach = reach_of(scenario, paths)
    parts, space = parts_by(scenario, reach.scales), levers_space(scenario, reach.scales)
    found, margin = thresholds_of(scenario, paths), None
    if len(parts.treaties):
        margin = float(ladder_at(parts, space.origin[:, None], snapped=True).margin[0])
    return Strips(title=scenario.title, margin=margin, thresholds=found, labelled=scenario.labelled)


@np.errstate(all="ignore")
def thresholds_of(
    scenario: Scenario, paths: Sequence[str] | None = None, *, ends: bool = True
) -> tuple[Threshold, ...]:
    """The verdict along every parameter alone; ``paths`` and errors as for :func:`strips`.

    Without ``ends`` the margin at the ends of ranges is not worked out, and is not a number.
    """
    reach = reach_of(scenario, paths)
    if not len(parts_by(scenario, reach.scales).treaties):
        return ()
    known = {record.path: record for record in _over_ranges(scenario, reach.scales, ends=ends)}
    known |= {path: over_levels(scenario, path) for path in reach.levels}
    order = [path for path in paths or scenario.document.parameters if path in known]
    return tuple(known[path] for path in order)


def _over_ranges(scenario: Scenario, names: tuple[str, ...], *, ends: bool) -> list[Threshold]:
    """The records of parameters that move over their ranges."""
    if not names:
        return []
    space = levers_space(scenario, names)
    low, high = (np.array([ends_of(scenario, path)[side] for path in names]) for side in (0, 1))
    sure = verdicts_along(scenario, names)
    divided = where_they_flip(
        scenario, tuple(path for path, code in zip(names, sure, strict=True) if may_flip(code))
    )
    found = [
        divided.get(path)
        or (Segment(lo=float(low[k]), hi=float(high[k]), verdict=VERDICTS[sure[k]]),)
        for k, path in enumerate(names)
    ]
    hair = HAIR * (high - low)
    sides = (low, high, low + hair, high - hair)
    margins: FloatArray = np.full((len(sides), len(names)), np.nan)
    if ends:
        margins = _margins(scenario, names, space.origin, sides)
    return [
        Threshold(
            path=path,
            value=float(space.origin[k]),
            low=float(low[k]),
            high=float(high[k]),
            at=tuple(s.lo for s in found[k][1:]),
            margin_low=float(margins[0][k]),
            margin_high=float(margins[1][k]),
            margin_inside_low=float(margins[2][k]),
            margin_inside_high=float(margins[3][k]),
            stretches=found[k],
        )
        for k, path in enumerate(names)
    ]


def where_they_flip(
    scenario: Scenario, names: tuple[str, ...], narrowest: float = NARROW
) -> dict[str, tuple[Segment, ...]]:
    """The stretches of parameters whose ranges are divided, all together, to a share of each."""
    if not names:
        return {}
    known = divided_lines(scenario, names, narrowest)
    return {
        path: _stretches(
            known.lines.only(k),
            known.divided[k],
            known.turns.along(k),
            partial(_ties, scenario, path, known.divided[k]),
        )
        for k, path in enumerate(names)
    }


def _ties(scenario: Scenario, path: str, found: Divided) -> FloatArray:
    """Where rows that decide along one parameter are 0, in each gap between two verdicts; else its middle."""
    from sim.certified.regions.crossings import crossings_of

    claim = margin_claim(parts_by(scenario, (path,)))
    assert claim is not None
    return np.array([c.at for c in crossings_of(found, claim.ties(), VERDICTS)])


def may_flip(code: int) -> bool:
    """Whether a bound over a parameter's whole range leaves it open that it flips the verdict."""
    return code not in (FEASIBLE, INFEASIBLE)


def over_levels(scenario: Scenario, path: str) -> Threshold:
    """The record of a parameter with levels: the verdict at each."""
    levels = np.array(levels_of(scenario, path))
    margin = ladder_at(parts_by(scenario, (path,)), levels[None], snapped=True).margin
    names = [VERDICTS[code] for code in verdicts(Levels(margin, margin, margin[None]))]
    value = scenario.values[path]
    return Threshold(
        path=path,
        value=value,
        low=float(levels[0]),
        high=float(levels[-1]),
        at=_turns(levels, names, value),
        margin_low=float(margin[0]),
        margin_high=float(margin[-1]),
        stretches=tuple(
            Segment(lo=x, hi=x, verdict=name)
            for x, name in zip(levels.tolist(), names, strict=True)
        ),
        levels=tuple(levels.tolist()),
    )


def _turns(levels: FloatArray, names: Sequence[str], value: float) -> tuple[float, ...]:
    """The levels whose verdict differs from that of the neighbour towards the present value."""
    here = int(np.abs(levels - value).argmin())
    below = [k for k in range(here) if names[k] != names[k + 1]]
    above = [k for k in range(here + 1, len(levels)) if names[k] != names[k - 1]]
    return tuple(float(levels[k]) for k in (*below, *above))


def _margins(
    scenario: Scenario, names: tuple[str, ...], origin: FloatArray, sides: Sequence[FloatArray]
) -> FloatArray:
    """The margin with each parameter in turn at an end, shape ``(sides, varied)``."""
    own = np.eye(len(origin), dtype=np.bool_)
    points = [np.where(own, ends[:, None], origin[:, None]) for ends in sides]
    margins, _ = margins_and_lifted(prepared(scenario, names), np.concatenate(points, axis=1))
    return margins.reshape(len(sides), len(origin))


def _stretches(
    line: Lines, found: Divided, turns: FloatArray, ties: Callable[[], FloatArray]
) -> tuple[Segment, ...]:
    """Certified stretches of one verdict; flips within a hair's breadth are one threshold.

    Between two stretches of one verdict there is a threshold only where a point that was not decided between
    them is seen to have another: mostly something ties there that does not move the verdict. A threshold is
    where the margin is seen to pass 0, or, where it jumps, where something ties.
    """
    low, high = float(found.boxes.lo.min()), float(found.boxes.hi.max())
    wide: list[Segment] = []
    for part in _in_order(found):
        if part.hi - part.lo <= HAIR * (high - low):
            continue
        if wide and wide[-1].verdict == part.verdict and not _seen(line, wide[-1], part):
            part = Segment(lo=wide.pop().lo, hi=part.hi, verdict=part.verdict)
        wide.append(part)
    inner = [_between(a, b, turns, ties) for a, b in pairwise(wide)]
    ends = [low, *inner, high]
    return tuple(Segment(lo=ends[k], hi=ends[k + 1], verdict=s.verdict) for k, s in enumerate(wide))


def _seen(line: Lines, before: Segment, after: Segment) -> bool:
    """Whether the verdict at some point between two stretches is not that of both."""
    places = np.linspace(before.hi, after.lo, BETWEEN)
    margin = line.over(np.zeros(BETWEEN, dtype=np.int64), places)
    found = verdicts(Levels(margin, margin, margin[None]))
    return any(VERDICTS[code] != before.verdict for code in found)


def _in_order(found: Divided) -> list[Segment]:
    """The parts of a division in order, neighbours of one verdict joined."""
    out: list[Segment] = []
    lo, hi = found.boxes.lo[0], found.boxes.hi[0]
    for k in np.argsort(lo, kind="stable"):
        verdict, start = VERDICTS[found.verdict[k]], float(lo[k])
        if out and out[-1].verdict == verdict:
            start = out.pop().lo
        out.append(Segment(lo=start, hi=float(hi[k]), verdict=verdict))
    return out


def _between(
    before: Segment,
    after: Segment,
    turns: FloatArray,
    ties: Callable[[], FloatArray],
) -> float:
    """The threshold between two stretches: where the verdict is known to turn, if it is."""
    known = turns[(before.hi <= turns) & (turns <= after.lo)]
    if not len(known):
        places = ties()
        known = places[(before.hi <= places) & (places <= after.lo)]
    return float(known[0]) if len(known) else 0.5 * (before.hi + after.lo)
