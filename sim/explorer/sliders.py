"""What the page shows of a dispute before anything is asked: its parameters, grouped, with their bounds."""

from __future__ import annotations

from typing import Any

from sim.errors import UsageError
from sim.labels import labels_of
from sim.scenario import Scenario
from sim.scenario.structural import structural_parameters

STEPS = 200
"""Steps of a slider over its range."""


def sliders(scenario: Scenario) -> list[dict[str, Any]]:
    """Every parameter with what its slider needs, in the order of the file.

    Examples
    --------
    >>> import sim
    >>> s = sim.loads(
    ...     "{parameters: {a.p: {value: 1, range: [0, 2]}}, issues: {peace: {no: {}, yes: {signed: 1}}},"
    ...     " outcomes: {treaty: signed}, actors: {a: {role: principal}, b: {role: principal}},"
    ...     " payoffs: {a: {x: a.p*signed}, b: {x: signed}}}"
    ... )
    >>> [(one["path"], one["group"], one["low"], one["high"]) for one in sliders(s)]
    [('a.p', 'a', 0.0, 2.0)]
    """
    fixed = structural_parameters(scenario.document)
    return [_slider(scenario, path, path in fixed) for path in scenario.document.parameters]


def _slider(scenario: Scenario, path: str, structural: bool) -> dict[str, Any]:
    record = scenario.document.parameters[path]
    bounds = bounds_of(scenario, path)
    value = scenario.values[path]
    low, high = (value, value) if bounds is None else bounds
    group, book = path.partition(".")[0] if "." in path else "", labels_of(scenario)
    return {
        "path": path,
        "label": book.at(f"parameters.{path}"),
        "group": group,
        "group_label": book.actor(group),
        "value": value,
        "low": min(low, value),
        "high": max(high, value),
        "moves": bounds is not None and low < high,
        "step": (high - low) / STEPS or None,
        "range": None if record.range is None else list(record.range),
        "levels": None if record.levels is None else sorted(record.levels),
        "unit": record.unit,
        "source": record.source,
        "note": record.note,
        "assumed": record.assumed,
        "structural": structural,
    }


def bounds_of(scenario: Scenario, path: str) -> tuple[float, float] | None:
    """Where a slider ends: the bounds of the file's sweeps, or else the parameter's range or levels."""
    scenario.require(path)
    for sweep in scenario.document.sweeps.values():
        if path in sweep.vary:
            low, high = sweep.vary[path][:2]
            return float(low), float(high)
    record = scenario.document.parameters[path]
    ends = record.range or record.levels
    return None if ends is None else (float(min(ends)), float(max(ends)))


def axes_of(scenario: Scenario, x: str | None = None, y: str | None = None) -> tuple[str, ...]:
    """The two parameters of the landscape: those asked for, those of the file's first sweep, or its first.

    Raises
    ------
    UsageError
        If a path is unknown, has no range, or decides which agreements exist.
    """
    asked = [path for path in (x, y) if path is not None]
    for path in asked:
        require_axis(scenario, path)
    swept = (path for sweep in scenario.document.sweeps.values() for path in sweep.vary)
    ranged = (one["path"] for one in sliders(scenario) if one["moves"] and not one["structural"])
    fixed = structural_parameters(scenario.document)
    known = [path for path in dict.fromkeys([*swept, *ranged]) if path not in fixed]
    rest = iter(path for path in known if path not in asked)
    found = (path or next(rest, None) for path in (x, y))
    return tuple(path for path in found if path is not None)


def require_axis(scenario: Scenario, path: str) -> None:
    """Refuse a parameter that cannot be moved over a range."""
    bounds = bounds_of(scenario, path)
    if path in structural_parameters(scenario.document):
        raise UsageError(f"'{path}' decides which agreements exist: it can be set, not explored")
    if bounds is None or not bounds[0] < bounds[1]:
        raise UsageError(f"'{path}' has no range in the file, so there is nothing to explore")
