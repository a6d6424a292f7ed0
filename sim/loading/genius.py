"""Domains of GENIUS and NegMAS, XML files, as a bargaining file.

Definition. A utility profile is a file for each actor. It has issues with values; what a value is worth is
its evaluation divided by the largest of its issue, times the weight of the issue, and the worth of issues
adds up. A whole-number issue has a worth that rises evenly, ``offset + slope * (value - lowest)``, cut to 0
to 1. What an actor has without agreement is its reservation value, 0 where none is written. A discount factor
is what waiting for a whole session costs; where one is below 1, a round of offers in turn is such a session.
An actor is called as its file. A file without weights is the domain alone, and only checked against the
profiles. The format and its reading are those of GENIUS 10 [lin2014]_.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim._kernels.exact_numbers import as_written
from sim.errors import UsageError, on_one_line
from sim.loading.load import loads
from sim.loading.quick_text import yaml_text
from sim.loading.xml_tree import Element, read_xml
from sim.loading.yaml_tree import MAX_BYTES

MAX_PROFILES = 50
"""Most profiles of one file."""
MAX_RANGE = 1_000
"""Most values of a whole-number issue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Profile:
    """One file: per issue and value a formula of its worth; none where it is the domain alone."""

    name: str
    title: str
    root: Element
    values: dict[str, tuple[str, ...]]
    worth: dict[str, tuple[str | float, ...]]
    reservation: float
    discount: float


def genius_text(files: Sequence[Path]) -> str:
    """The YAML text of a bargaining file from the profiles of a domain.

    Parameters
    ----------
    files
        A utility profile for each actor, and the domain file if one likes.

    Raises
    ------
    ScenarioError
        If a file cannot be read or is no profile, with its line, or a name cannot stand in a file.
    UsageError
        If there are fewer than two profiles, or the text would be too large to be read.
    """
    if len(files) > MAX_PROFILES:
        raise UsageError(f"--from: {len(files)} files, the limit is {MAX_PROFILES}")
    every = [_profile(path) for path in files]
    profiles = [one for one in every if one.worth]
    names = [one.name for one in profiles]
    if len(profiles) < 2 or len(set(names)) < len(names):
        found = ", ".join(names) or "none"
        raise UsageError(
            f"--from: utility profiles of two actors or more are needed, each of another name; found: {found}"
        )
    for other in every:
        _check_same(every[0], other)
    told = on_one_line(", ".join(str(path) for path in files))
    text = f"# From {told}\n{yaml_text(_data(profiles))}"
    if len(text.encode()) > MAX_BYTES:
        raise UsageError(f"--from: the new file would be larger than {MAX_BYTES:,} bytes")
    loads(text, origin="the file to be written")
    return text


def _data(profiles: Sequence[_Profile]) -> dict[str, Any]:
    """The profiles as the data of a bargaining file."""
    issues = {
        issue: {
            value: {one.name: one.worth[issue][k] for one in profiles}
            for k, value in enumerate(values)
        }
        for issue, values in profiles[0].values.items()
    }
    section: dict[str, Any] = {
        "actors": [one.name for one in profiles],
        "disagreement": {one.name: one.reservation for one in profiles},
        "issues": issues,
    }
    if any(one.discount < 1 for one in profiles):
        section["offers"] = {"discount": {one.name: one.discount for one in profiles}}
    return {"title": profiles[0].title, "bargaining": section}


def _check_same(first: _Profile, other: _Profile) -> None:
    """Refuse a profile whose issues or values are not those of the first."""
    for issue in (*first.values, *other.values):
        found, wanted = other.values.get(issue, ()), first.values.get(issue, ())
        if set(found) != set(wanted):
            raise other.root.wrong(
                f"issue '{issue}' does not have the values that it has in {first.root.file}"
            )


def _profile(path: Path) -> _Profile:
    root = read_xml(path)
    space = next(
        iter([root] if root.name == "utility_space" else root.every("utility_space")), None
    )
    if space is None:
        raise root.wrong("this is not a domain of GENIUS: it has no <utility_space>")
    weights = {_named(w, "index"): _number(w, "value") for w in space.every("weight")}
    values: dict[str, tuple[str, ...]] = {}
    worth: dict[str, tuple[str | float, ...]] = {}
    for issue in space.every("issue"):
        name = _named(issue, "name")
        if name in values:
            raise issue.wrong(f"issue '{name}' is there twice")
        values[name], shares = _issue(issue, evaluated=bool(weights))
        if weights:
            index = _named(issue, "index")
            if index not in weights:
                raise issue.wrong(f"issue '{name}' has no weight (no <weight index=\"{index}\">)")
            worth[name] = tuple(_times(weights[index], *share) for share in shares)
    if not values:
        raise space.wrong("there is no issue")
    objective = next(space.every("objective"), space)
    return _Profile(
        name=on_one_line(path.stem),
        title=objective.attributes.get("name", "") or path.stem,
        root=space,
        values=values,
        worth=worth,
        reservation=_single(space, "reservation", 0.0),
        discount=_discount(space),
    )


def _issue(issue: Element, *, evaluated: bool) -> tuple[tuple[str, ...], list[tuple[float, float]]]:
    """The values of an issue, and what share of its weight each is worth: a number and its divisor."""
    kind = issue.attributes.get("vtype") or issue.attributes.get("type") or "discrete"
    if kind == "integer":
        return _whole_numbers(issue, evaluated=evaluated)
    if kind != "discrete":
        name = _named(issue, "name")
        raise issue.wrong(f"issue '{name}' is {kind}; only discrete and integer issues can be read")
    items = [child for child in issue.children if child.name == "item"]
    names = tuple(_named(item, "value") for item in items)
    twice = next((item for k, item in enumerate(items) if names[k] in names[:k]), None)
    if twice is not None:
        raise twice.wrong(f"value '{twice.attributes['value']}' is there twice")
    if not items:
        raise issue.wrong(f"issue '{_named(issue, 'name')}' has no value")
    if not evaluated:
        return names, []
    marks = [_number(item, "evaluation") for item in items]
    for item, mark in zip(items, marks, strict=True):
        if mark < 0:
            raise item.wrong(f"evaluation: {mark:g} is negative")
    return names, [(mark, max(marks)) for mark in marks]


def _whole_numbers(
    issue: Element, *, evaluated: bool
) -> tuple[tuple[str, ...], list[tuple[float, float]]]:
    inside = next((child for child in issue.children if child.name == "range"), issue)
    low, high = _number(inside, "lowerbound"), _number(inside, "upperbound")
    if low != round(low) or high != round(high) or not 0 <= high - low < MAX_RANGE:
        raise issue.wrong(f"whole bounds are needed, and at most {MAX_RANGE:,} values between them")
    steps = range(int(high - low) + 1)
    names = tuple(str(int(low) + k) for k in steps)
    if not evaluated:
        return names, []
    line = next(issue.every("evaluator"), None)
    if line is None or line.attributes.get("ftype", "linear") != "linear":
        raise issue.wrong("a linear <evaluator> with offset and slope is needed")
    offset, slope = (as_written(_number(line, key)) for key in ("offset", "slope"))
    return names, [(min(max(float(offset + slope * k), 0.0), 1.0), 1.0) for k in steps]


def _times(weight: float, share: float, whole: float) -> str | float:
    """A weight times a share of a whole: a number, or a formula that shows the numbers of the file."""
    if share in (0.0, whole):
        return weight if share else 0
    return f"{_text(weight)} * {_text(share)}" + (f" / {_text(whole)}" if whole != 1 else "")


def _text(number: float) -> str:
    return str(int(number)) if number == int(number) and abs(number) < 1e15 else repr(number)


def _named(element: Element, key: str) -> str:
    """An attribute that may not be empty, on one line."""
    text = " ".join(element.attributes.get(key, "").split())
    if not text:
        raise element.wrong(f"<{element.name}> has no {key}")
    return text


def _number(element: Element, key: str) -> float:
    text = _named(element, key)
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise element.wrong(f"{key}: '{text}' is not a number")
    return number


def _single(space: Element, name: str, otherwise: float) -> float:
    found = next(space.every(name), None)
    return otherwise if found is None else _number(found, "value")


def _discount(space: Element) -> float:
    """What a session costs; 0 and 1 both stand for nothing."""
    found = _single(space, "discount_factor", 1.0)
    if not 0 <= found <= 1:
        raise space.wrong(f"discount_factor: {found:g} is not between 0 and 1")
    return found or 1.0
