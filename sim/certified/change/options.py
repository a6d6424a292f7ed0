"""Points that were found, as options a reader can choose from: moves in words, cost, margin, treaty.

Array convention. Points have shape ``(varied,)``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypedDict

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.certified.change.levers import Candidate, ladder_at
from sim.certified.change.moves import Move, Option
from sim.certified.change.problem import ChangeProblem
from sim.scenario import Scenario

JUMP = 1e-9
"""Margins that differ by less are one."""
TOLD = 12
"""Decimals of a cost by which options are ordered: what differs by rounding stays in the file's order."""
DUST = 1e-11
"""Moves by less than this share of a range are rounding, and undone."""


class Described(TypedDict):
    """A parameter in words: its name, what the file says of it, and its unit."""

    name: str
    meaning: str
    unit: str
    outside: str


def _option(problem: ChangeProblem, point: FloatArray, margin: float, treaty: int) -> Option:
    """A point as an option."""
    parts, space = problem.parts, problem.levers
    moves = tuple(
        Move(
            path=path,
            before=float(space.origin[k]),
            after=float(point[k]),
            cost=float(abs(point[k] - space.origin[k]) * space.costs[k]),
            **described(problem.scenario, path),
        )
        for k, path in enumerate(problem.names)
        if point[k] != space.origin[k]
    )
    moves = tuple(sorted(moves, key=lambda m: -m.cost))
    label = parts.dispute.space.label(treaty)
    return Option(moves=moves, cost=sum(m.cost for m in moves), margin=margin, agreement=label)


def described(scenario: Scenario, path: str) -> Described:
    """A parameter in words: whose it is, what the file says of it up to the first stop, and its unit."""
    known = scenario.document.parameters[path]
    owner, _, rest = path.replace("_", " ").rpartition(".")
    first, _, inner = owner.partition(".")
    whose = f"{first.capitalize()}'s" if first in scenario.document.actors else first
    name = " ".join(word for word in (whose, inner.replace(".", " "), rest) if word)
    name = scenario.labelled.at(f"parameters.{path}") or name
    meaning = re.split(r"[;:]| \(", known.note)[0].strip()
    outside = "".join(scenario.outside([path]))
    return {"name": name, "meaning": meaning, "unit": known.unit, "outside": outside}


def sorted_options(problem: ChangeProblem, found: Sequence[Candidate]) -> list[Option]:
    """Points as options, cheapest first, their margins evaluated.

    Moves that are only rounding are undone where the margin does not need them.
    """
    if not found:
        return []
    space = problem.levers
    points = np.array([candidate.point for candidate in found])
    still = np.abs(points - space.origin) <= DUST * (space.hi - space.lo)
    swept = np.where(still, space.origin, points)
    ladder = ladder_at(problem.parts, np.concatenate([swept, points]).T)
    margins, treaties = (x.reshape(2, -1) for x in (ladder.margin, ladder.agreement))
    chosen = np.where(np.abs(margins[0] - margins[1]) <= JUMP, 0, 1).tolist()
    options = [
        _option(problem, (swept, points)[k][n], float(margins[k, n]), int(treaties[k, n]))
        for n, k in enumerate(chosen)
    ]
    return sorted(options, key=lambda o: round(o.cost, TOLD))


def per_agreement(options: Sequence[Option]) -> list[Option]:
    """The first option of every treaty."""
    first: dict[str, Option] = {}
    for option in options:
        first.setdefault(option.agreement, option)
    return list(first.values())
