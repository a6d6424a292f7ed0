"""How two scenarios differ: numbers with their sources, formulas, constraints, and all the rest.

Definition. Both files are taken with everything that they extend, at their current values. A part is every
single text or number of a file by its dotted path, so nothing that is read can differ unseen; what is
only said for people (titles, notes, labels) is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sim.comparing.difference import Changed, Difference
from sim.scenario import Scenario, require_scenario

FORMULAS = ("payoffs", "attributes", "outcomes", "rule_out")
CONSTRAINTS = ("domestic", "abroad")
SAID = (
    "title",
    "description",
    "source",
    "note",
    "label",
    "short",
    "labels",
    "observed",
    "sign_tests",
    "sweeps",
)
"""Parts for people, and questions asked of a scenario: no part of what it says."""


def diff(first: Scenario, second: Scenario, *, names: tuple[str, str] | None = None) -> Difference:
    """How two scenarios differ.

    Parameters
    ----------
    first, second
        Scenarios, as :func:`sim.load` gives them.
    names
        What to call them; their files' names where absent.

    Examples
    --------
    >>> from sim.loading import loads
    >>> s = loads("{parameters: {p: 1}, strategic: {actors: {a: [x], b: [y]}, payoffs: [[[p, 2]]]}}")
    >>> print(diff(s, s.with_values({"p": 3}), names=("now", "then")))
    From now to then
    <BLANKLINE>
    Parameters (1)
    parameter  now  then  source of the second
    p            1     3
    """
    for given in (first, second):
        require_scenario(given, "diff")
    parameters = tuple(_parameters(first, second))
    parts = [*_changed(_flat(first), _flat(second))]
    formulas = tuple(c for c in parts if _section(c) in FORMULAS)
    constraints = tuple(c for c in parts if _section(c) in CONSTRAINTS)
    others = tuple(c for c in parts if _section(c) not in (*FORMULAS, *CONSTRAINTS))
    return Difference(
        names=names or (first.origin, second.origin),
        parameters=parameters,
        formulas=formulas,
        constraints=constraints,
        others=others,
    )


def _section(changed: Changed) -> str:
    return changed.path.partition(".")[0]


def _parameters(first: Scenario, second: Scenario) -> Iterator[Changed]:
    told = _told(first), _told(second)
    for path in dict.fromkeys((*told[0], *told[1])):
        before, after = (side.get(path, ("", "")) for side in told)
        if before[0] != after[0]:
            yield Changed(
                path=path,
                before=before[0],
                after=after[0],
                source_before=before[1],
                source_after=after[1],
            )


def _told(scenario: Scenario) -> dict[str, tuple[str, str]]:
    """Value with range or levels, and source, by dotted path; a value that was set has no source."""
    out = {}
    for path, p in scenario.document.parameters.items():
        value = scenario.values[path]
        span = "" if p.range is None else f" [{p.range[0]:g}, {p.range[1]:g}]"
        levels = "" if p.levels is None else f" {{{', '.join(f'{x:g}' for x in p.levels)}}}"
        source = "" if path in scenario.overrides else p.source
        out[path] = (f"{value:g}{levels or span}", source)
    return out


def _flat(scenario: Scenario) -> dict[str, str]:
    """Every text and number of what is read, parameters apart, by dotted path."""
    data = scenario.document.model_dump(
        mode="python", exclude={"parameters", *SAID}, exclude_defaults=True
    )
    return dict(_leaves(data, ""))


def _leaves(node: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, Mapping):
        if not node and path:
            yield path, "{}"
        for key, inner in node.items():
            if key not in SAID:
                yield from _leaves(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(node, list | tuple):
        for k, inner in enumerate(node):
            yield from _leaves(inner, f"{path}.{k}")
    else:
        yield path, str(getattr(node, "text", node))


def _changed(first: Mapping[str, str], second: Mapping[str, str]) -> Iterator[Changed]:
    for path in dict.fromkeys((*first, *second)):
        before, after = first.get(path, ""), second.get(path, "")
        if before != after:
            yield Changed(path=path, before=before, after=after)
