"""Which parameters a change may move: those with a range or with levels, and why others are held.

A parameter with levels moves from level to level; one without moves over its range. A claim that nothing
smaller does it holds for the parameters that may move, and says which were held where they are.

Array convention. Points have shape ``(varied,)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.certified.bounds.boxes import require_dispute
from sim.certified.change.levers import Levers
from sim.errors import UsageError
from sim.scenario import Scenario
from sim.scenario.structural import structural_parameters

NO_RANGE = "has no range"
ONE_VALUE = "its range is one value"
STRUCTURAL = "decides which agreements exist"
NOT_NAMED = "not among the levers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What may move over a range, what from level to level, and what is held, with the reason."""

    scales: tuple[str, ...]
    levels: Mapping[str, tuple[float, ...]]
    held: Mapping[str, str]

    @property
    def names(self) -> tuple[str, ...]:
        """All that may move."""
        return (*self.scales, *self.levels)


def reach_of(scenario: Scenario, levers: Sequence[str] | None) -> Reach:
    """The levers that were asked for, or all that can move: checked.

    Raises
    ------
    UsageError
        If the file is a classical game, or a lever is unknown, named twice or has nowhere to go.
    """
    require_dispute(scenario)
    document = scenario.document
    fixed = structural_parameters(document)
    held = {path: STRUCTURAL if path in fixed else "" for path in document.parameters}
    held |= {path: why for path in document.parameters if (why := _stuck(scenario, path))}
    if levers is None:
        names = [path for path, why in held.items() if not why]
    else:
        names = list(levers)
        for path in names:
            scenario.require(path)
            if names.count(path) > 1:
                raise UsageError(f"{path} is named twice among the levers")
            if _stuck(scenario, path):
                raise UsageError(f"{path} has no range in the file, so it cannot be a lever")
        held = {path: why or NOT_NAMED for path, why in held.items()}
    flags = {path: levels for path in names if (levels := levels_of(scenario, path))}
    return Reach(
        scales=tuple(path for path in names if path not in flags),
        levels=flags,
        held={path: why for path, why in held.items() if path not in names},
    )


def levels_of(scenario: Scenario, path: str) -> tuple[float, ...]:
    """The levels of a parameter, ascending; empty where every value of its range counts."""
    return tuple(sorted(set(scenario.document.parameters[path].levels or ())))


def ends_of(scenario: Scenario, path: str) -> tuple[float, float]:
    """The range of a parameter, or from its least to its largest level."""
    levels = levels_of(scenario, path)
    known = scenario.range_of(path) or ((levels[0], levels[-1]) if levels else None)
    return known or (scenario.values[path],) * 2


def _stuck(scenario: Scenario, path: str) -> str:
    """Why a parameter has nowhere to go; empty where it has."""
    levels = levels_of(scenario, path)
    if not levels and scenario.range_of(path) is None:
        return NO_RANGE
    lo, hi = (levels[0], levels[-1]) if levels else ends_of(scenario, path)
    return "" if lo < hi else ONE_VALUE


def prices_of(
    scenario: Scenario, names: Sequence[str], costs: Mapping[str, float] | None
) -> dict[str, float]:
    """What a unit of each lever costs: as given, or one for the whole width of its range.

    Raises
    ------
    UsageError
        If a cost is not positive, or not a lever's.
    """
    for path in costs or {}:
        scenario.require(path)
        if path not in names:
            raise UsageError(f"{path} has a cost but is not among the levers")
    out = {}
    for path in names:
        lo, hi = ends_of(scenario, path)
        out[path] = (costs or {}).get(path, 1.0 / (hi - lo))
        if not (np.isfinite(out[path]) and out[path] > 0):
            raise UsageError("costs must be positive numbers")
    return out


def levers_space(
    scenario: Scenario, names: Sequence[str], prices: Mapping[str, float] | None = None
) -> Levers:
    """Present values, ranges and costs of levers that move over their ranges."""
    prices = prices_of(scenario, names, None) if prices is None else prices
    origin = np.array([scenario.values[path] for path in names], dtype=np.float64)
    ends = np.array([ends_of(scenario, path) for path in names], dtype=np.float64).reshape(-1, 2)
    lo, hi = np.minimum(ends[:, 0], origin), np.maximum(ends[:, 1], origin)
    return Levers(origin, lo, hi, np.array([prices[path] for path in names], dtype=np.float64))
