"""A scenario at its current values as a file of its own.

Definition. The file that is written stands alone: what the scenario extends is merged in. A parameter that
was set has its new value, a note that says what the file it came from had, and no source, since that was of
the old value. A range or levels that do not hold the new value are widened to hold it, which the note says.
"""

from __future__ import annotations

from typing import Any

from sim.errors import printable
from sim.loading.merge import overlay
from sim.loading.quick_text import yaml_text
from sim.loading.yaml_tree import Tree, parse_yaml
from sim.scenario import Scenario
from sim.scenario.parameters import Parameter


def saved(scenario: Scenario) -> str:
    """A scenario with the values that were set, as YAML text.

    Examples
    --------
    >>> from sim.loading import loads
    >>> s = loads("{parameters: {p: {value: 1, range: [0, 2], source: A}}, strategic: {"
    ...           "actors: {a: [x], b: [y]}, payoffs: [[[p, 2]]]}}")
    >>> loads(saved(s.at({"p": 3}))).document.parameters["p"].range
    (0.0, 3.0)
    """
    moved = {path: x for path, x in scenario.overrides.items() if x != scenario.defaults[path]}
    records = {path: _record(scenario.document.parameters[path], x) for path, x in moved.items()}
    top = Tree(data={"parameters": records} if records else {})
    data = overlay(parse_yaml(scenario.resolved, scenario.origin), top).data
    told = " ".join(printable(scenario.origin).split())
    return (
        f"# From {told}, {len(moved)} of its values set by hand.\n"
        "# Gains are in units of an actor's payoff spread at a file's own values: margins may differ in\n"
        f"# size from those of the same values set on that file.\n{yaml_text(data)}"
    )


def _record(old: Parameter, value: float) -> dict[str, Any]:
    """A new value and what is said of it; wider bounds where it leaves the old ones."""
    new: dict[str, Any] = {"value": value, "source": "assumed"}
    note = f"set by hand; it was {old.value:g}"
    if old.source and not old.assumed:
        note += f" ({' '.join(old.source.split())})"
    if old.range is not None and not old.range[0] <= value <= old.range[1]:
        new["range"] = [min(old.range[0], value), max(old.range[1], value)]
        note += f"; its range was {old.range[0]:g} to {old.range[1]:g}"
    if old.levels is not None and value not in old.levels:
        new["levels"] = sorted({*old.levels, value})
        note += f"; its levels were {', '.join(f'{x:g}' for x in old.levels)}"
    return {**new, "note": note}
